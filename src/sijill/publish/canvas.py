"""A sheet of SVG to draw on: lines, shapes and text, mirrored for right-to-left charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Literal

import msgspec

from sijill.publish.names import PUBLISH, Label, read_yaml

Anchor = Literal["start", "middle", "end"]
_FLIP: dict[Anchor, Anchor] = {"start": "end", "middle": "middle", "end": "start"}


class Style(msgspec.Struct, frozen=True):
    """Colours and fonts of `data/publish/charts.yaml`."""

    palette: list[str]
    scale: list[str]
    ink: str
    muted: str
    grid: str
    empty: str
    font: str
    none_told: Label


@lru_cache(maxsize=1)
def style() -> Style:
    """The style, read once."""
    return msgspec.convert(read_yaml(PUBLISH / "charts.yaml"), Style)


class Canvas:
    """Draws in the coordinates of a left-to-right chart; `mirror` turns them for the other direction.

    Text is never mirrored; only where it stands and which of its ends is held.
    """

    def __init__(self, width: int, height: int, *, mirror: bool) -> None:
        self.width, self.height, self.mirror = width, height, mirror
        self._parts: list[str] = []

    def x(self, at: float) -> float:
        """Where a point lies on the sheet."""
        return round(self.width - at if self.mirror else at, 1)

    def text(
        self, x: float, y: float, said: str, *, anchor: Anchor = "start", size: int = 13, bold: bool = False,
        colour: str | None = None,
    ) -> None:  # fmt: skip
        """Words, held at their start, middle or end."""
        held = _FLIP[anchor] if self.mirror else anchor
        weight = ' font-weight="bold"' if bold else ""
        self._parts.append(
            f'<text x="{self.x(x)}" y="{round(y, 1)}" font-size="{size}" text-anchor="{held}"'
            f' fill="{colour or style().ink}"{weight}>{self._run(escape(said))}</text>'
        )

    def _run(self, said: str) -> str:
        """Words in the direction of the chart, marked so where it is not that of the sheet."""
        return f"\u2067{said}\u2069" if self.mirror else said

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1) -> None:
        """A straight line."""
        self._parts.append(
            f'<line x1="{self.x(x1)}" y1="{round(y1, 1)}" x2="{self.x(x2)}" y2="{round(y2, 1)}"'
            f' stroke="{colour}" stroke-width="{width}"/>'
        )

    def box(self, x: float, y: float, width: float, height: float, colour: str, title: str = "") -> None:
        """A filled box."""
        left = self.x(x + width) if self.mirror else self.x(x)
        hint = f"<title>{escape(title)}</title>" if title else ""
        self._parts.append(
            f'<rect x="{left}" y="{round(y, 1)}" width="{round(width, 1)}" height="{round(height, 1)}"'
            f' fill="{colour}">{hint}</rect>'
        )

    def path(self, points: Sequence[tuple[float, float]], colour: str, width: float = 2) -> None:
        """A line through points."""
        drawn = " ".join(f"{self.x(x)},{round(y, 1)}" for x, y in points)
        self._parts.append(
            f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="{width}"'
            ' stroke-linejoin="round"/>'
        )

    def shape(self, rings: Sequence[Sequence[tuple[float, float]]], colour: str, title: str) -> None:
        """A filled shape of rings; never mirrored, for it is a piece of a map."""
        drawn = " ".join("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + " Z" for ring in rings)
        self._parts.append(
            f'<path d="{drawn}" fill="{colour}" fill-rule="evenodd" stroke="#FFFFFF" stroke-width="0.8">'
            f"<title>{escape(title)}</title></path>"
        )

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle."""
        self._parts.append(f'<circle cx="{self.x(x)}" cy="{round(y, 1)}" r="{radius}" fill="{colour}"/>')

    def svg(self, title: str) -> str:
        """The sheet. Its text runs left to right at the root, wherever it is set, so that it looks
        the same in a right-to-left page as by itself."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
            f' width="{self.width}" height="{self.height}" direction="ltr" role="img"'
            f' font-family="{style().font}"><title>{escape(title)}</title>'
            f'<rect width="{self.width}" height="{self.height}" fill="#FFFFFF"/>{"".join(self._parts)}</svg>'
        )


def ticks(most: float, count: int = 4) -> list[float]:
    """Round numbers from 0 to at least `most`.

    >>> ticks(23)
    [0, 10, 20, 30]
    """
    if most <= 0:
        return [0, 1]
    step = 10 ** math.floor(math.log10(most / count))
    for factor in (1, 2, 5, 10):
        if most / (step * factor) <= count:
            step *= factor
            break
    step = max(step, 1)
    return [step * number for number in range(math.ceil(most / step) + 1)]
