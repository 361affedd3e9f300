"""The blocks that a brief is made of; every form of it sets the same ones."""

from __future__ import annotations

import msgspec

from sijill.publish.charts import ChartSpec
from sijill.publish.names import Lang


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading, level 1 or 2."""

    text: str
    level: int = 2


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Sentences."""

    text: str
    small: bool = False


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    """A list."""

    items: list[str]


class Numbers(msgspec.Struct, frozen=True, tag="numbers"):
    """Headline numbers: (number, what it counts, the number before)."""

    items: list[tuple[str, str, str]]


class Grid(msgspec.Struct, frozen=True, tag="grid"):
    """A table with a head; its first column holds names, the others numbers."""

    head: list[str]
    rows: list[list[str]]


class Chart(msgspec.Struct, frozen=True, tag="chart"):
    """A chart."""

    spec: ChartSpec


Block = Heading | Paragraph | Bullets | Numbers | Grid | Chart


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """A brief in one language, ready to be set."""

    lang: Lang
    title: str
    blocks: list[Block]

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return "rtl" if self.lang == "ar" else "ltr"
