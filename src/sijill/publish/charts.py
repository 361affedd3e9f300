"""Charts from one specification: `ChartSpec` says what is shown, and what draws it says how.

`draw(spec, path)` draws SVG without any library, and PNG or PDF with the extra `charts`; the desk
draws the JSON form (`to_json`) in the browser. Right-to-left charts run from the right.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from sijill.errors import UsageError
from sijill.publish.agreement import Digits
from sijill.publish.names import Label

Kind = Literal["bar", "line", "toll-history", "map", "timeline"]
Direction = Literal["rtl", "ltr"]


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One row of numbers, as many as the chart has categories. None is not told, and no zero."""

    label: Label
    values: list[float | None]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a toll's history, or one event of a timeline."""

    day: str
    label: Label
    low: float | None = None
    best: float | None = None
    high: float | None = None


class ChartSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a chart shows.

    `bar` and `line`: `categories` with one or more `series`. `map`: `categories` are p-codes of
    governorates (their names in `names`), the first series colours them. `toll-history` and
    `timeline`: `steps` in order of their days. `unit` names what is counted.
    """

    kind: Kind
    title: Label
    unit: Label
    categories: list[str] = []
    names: list[Label] = []
    series: list[Series] = []
    steps: list[Step] = []
    direction: Direction = "rtl"
    digits: Digits = "latin"
    note: Label | None = None

    @property
    def lang(self) -> Literal["ar", "en"]:
        """The language that goes with the direction."""
        return "ar" if self.direction == "rtl" else "en"


def check(spec: ChartSpec) -> None:
    """UsageError where the parts of a specification do not fit together."""
    for series in spec.series:
        if len(series.values) != len(spec.categories):
            raise UsageError(
                f"the series {series.label.en!r} has {len(series.values)} values for "
                f"{len(spec.categories)} categories; give one for each, None where nothing is told"
            )
    if spec.names and len(spec.names) != len(spec.categories):
        raise UsageError(f"{len(spec.names)} names for {len(spec.categories)} categories; give one for each")
    if spec.kind in ("bar", "line", "map") and not spec.series:
        raise UsageError(f"a chart of kind {spec.kind} needs a series")
    if spec.kind in ("toll-history", "timeline") and not spec.steps:
        raise UsageError(f"a chart of kind {spec.kind} needs steps")


def to_json(spec: ChartSpec) -> bytes:
    """The specification as JSON, which the desk draws."""
    return msgspec.json.encode(spec)


def from_json(text: bytes | str) -> ChartSpec:
    """The specification that JSON holds; `msgspec.ValidationError` where it holds none."""
    return msgspec.json.decode(text, type=ChartSpec)


def svg(spec: ChartSpec, *, width: int = 720) -> str:
    """The chart as SVG, `width` pixels wide; text stays text."""
    from sijill.publish.drawing import drawn

    check(spec)
    return drawn(spec, width)


def draw(spec: ChartSpec, path: str | Path, *, width: int = 720) -> None:
    """Draws a chart into a file; its suffix says how: .svg, .png, .pdf, or .json for the desk."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".json":
        check(spec)
        target.write_bytes(to_json(spec))
    elif suffix == ".svg":
        target.write_text(svg(spec, width=width), encoding="utf-8")
    elif suffix in (".png", ".pdf"):
        from sijill.publish.typeset import picture

        target.write_bytes(picture(svg(spec, width=width), "png" if suffix == ".png" else "pdf"))
    else:
        raise UsageError(f"{target.name}: a chart is drawn as .svg, .png, .pdf or .json; name it so")
