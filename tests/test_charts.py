"""Charts: one specification, drawn without a browser, from the right where it is Arabic."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sijill.errors import UsageError
from sijill.publish import charts
from sijill.publish.canvas import style, ticks
from sijill.publish.charts import ChartSpec, Series, Step
from sijill.publish.drawing import governorates
from sijill.publish.names import Label

SVG = "{http://www.w3.org/2000/svg}"


def label(en: str, ar: str = "عنوان") -> Label:
    return Label(en, ar)


def spec(kind: str, direction: str = "rtl", **more: object) -> ChartSpec:
    given: dict[str, object] = {
        "kind": kind, "title": label("Killed", "القتلى"), "unit": label("killed", "قتيل"),
        "direction": direction,
    }  # fmt: skip
    if kind in ("bar", "line", "map"):
        given |= {
            "categories": ["SY04", "SY09", "SY07"],
            "names": [label("Homs", "حمص"), label("Dayr", "دير"), label("I", "إ")],
            "series": [Series(label=label("killed"), values=[12, 3, None])],
        }  # fmt: skip
    else:
        days = ("2024-03-01", "2024-03-05", "2024-03-20")
        given["steps"] = [
            Step(day=day, label=label("SOHR", "المرصد"), low=n, best=n, high=n + 2)
            for n, day in enumerate(days, 1)
        ]
    return ChartSpec(**(given | more))  # type: ignore[arg-type]


KINDS = ["bar", "line", "toll-history", "map", "timeline"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("direction", ["rtl", "ltr"])
def test_every_kind_is_drawn_in_both_directions(kind: str, direction: str, tmp_path: Path) -> None:
    chart = spec(kind, direction)
    root = ElementTree.fromstring(charts.svg(chart))
    words = [node.text or "" for node in root.iter(f"{SVG}text")]
    assert any("القتلى" in word for word in words) is (direction == "rtl")
    wide = float(root.attrib["width"])
    for node in root.iter(f"{SVG}text"):
        assert 0 <= float(node.attrib["x"]) <= wide
    path = tmp_path / "c.png"
    charts.draw(chart, path, width=500)
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", data[16:20])[0] > 500


def test_right_to_left_starts_at_the_right() -> None:
    def first(direction: str) -> tuple[float, str]:
        root = ElementTree.fromstring(charts.svg(spec("bar", direction)))
        title = next(root.iter(f"{SVG}text"))
        return float(title.attrib["x"]), title.attrib["text-anchor"]

    assert first("ltr") == (16, "start")
    assert first("rtl") == (720 - 16, "end")


def test_bars_are_as_long_as_their_numbers() -> None:
    root = ElementTree.fromstring(charts.svg(spec("bar", "ltr")))
    bars = [float(node.attrib["width"]) for node in root.iter(f"{SVG}rect")][1:]
    assert bars[0] / bars[1] == pytest.approx(4, rel=0.01)
    assert len(bars) == 2, "what is not told has no bar"
    assert "not told" in charts.svg(spec("bar", "ltr"))


def test_a_map_is_not_mirrored_and_grey_where_nothing_is_told() -> None:
    rtl, ltr = (
        re.findall(r'<path d="([^"]+)" fill="([^"]+)"', charts.svg(spec("map", d))) for d in ("rtl", "ltr")
    )
    assert rtl == ltr
    assert len(rtl) == 14
    assert sum(colour == style().empty for _, colour in rtl) == 12
    assert sum(colour == style().scale[-1] for _, colour in rtl) == 1


def test_every_governorate_has_a_shape() -> None:
    codes = {f"SY{n:02}" for n in range(1, 15)} | {f"IQG{n:02}" for n in range(1, 19)}
    assert set(governorates()) == codes


def test_the_specification_survives_json(tmp_path: Path) -> None:
    for kind in KINDS:
        charts.draw(spec(kind), tmp_path / "c.json")
        assert charts.from_json((tmp_path / "c.json").read_bytes()) == spec(kind)


def test_digits_by_preference() -> None:
    assert "١٢" in charts.svg(spec("bar", digits="arabic"))
    assert "12" in charts.svg(spec("bar"))


def test_what_does_not_fit_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has 1 values for 3 categories"):
        charts.svg(spec("bar", series=[Series(label=label("x"), values=[1])]))
    with pytest.raises(UsageError, match=r"drawn as \.svg"):
        charts.draw(spec("bar"), tmp_path / "c.gif")
    with pytest.raises(UsageError, match="needs steps"):
        charts.svg(spec("timeline", steps=[]))


def test_markup_in_a_name_stays_text() -> None:
    drawn = charts.svg(spec("bar", "ltr", title=label("<script>alert(1)</script>")))
    assert "<script>" not in drawn
    ElementTree.fromstring(drawn)


@pytest.mark.parametrize(
    ("most", "last"), [(0, 1), (1, 1), (3, 3), (7, 8), (23, 30), (480, 600), (1000, 1000)]
)
def test_ticks_are_round(most: float, last: float) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] == last


def contrast(one: str, other: str) -> float:
    """Of two colours, after WCAG 2."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_colours_can_be_told_apart_and_read() -> None:
    assert style().palette[:3] == ["#0072B2", "#D55E00", "#009E73"], "Okabe and Ito"
    assert contrast(style().ink, "#FFFFFF") > 7
    assert contrast(style().muted, "#FFFFFF") > 4.5
    lights = [contrast(colour, "#FFFFFF") for colour in style().scale]
    assert lights == sorted(lights), "the scale runs from light to dark, in grey too"
