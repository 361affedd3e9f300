"""What finishing an event needs to know of its report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sijill.reading.actors import Cast
from sijill.reading.scene import Scene
from sijill.records import Field


@dataclass(slots=True)
class Frame:
    """The fields of a report, the sides it names, and its day."""

    scenes: dict[Field, Scene]
    cast: Cast
    published: date | None


__all__ = ["Frame"]
