"""Whether `confidence` means what it says: of the records said at 0.9, how many are right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sijill.evaluation.compare import Compared
from sijill.evaluation.likeness import whole

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Bins of confidence, each with its lower edge; the last holds 1 as well."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one record said: its confidence, whether gold has it, whether it is all right."""

    confidence: float | None
    matched: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Records said with about the same confidence; `name` tells which."""

    name: str
    fates: tuple[Fate, ...]

    def said(self) -> float | None:
        """The mean confidence."""
        given = [fate.confidence for fate in self.fates if fate.confidence is not None]
        return sum(given) / len(given) if given else None

    def matched(self) -> float:
        """The share that gold has."""
        return sum(fate.matched for fate in self.fates) / len(self.fates)

    def whole(self) -> float:
        """The share that is right as a whole."""
        return sum(fate.whole for fate in self.fates) / len(self.fates)


def fates(compared: Iterable[Compared]) -> Iterator[Fate]:
    """What became of every incident said."""
    for one in compared:
        for gold, said in one.matched():
            yield Fate(_confidence(said.get("confidence")), True, whole(gold, said))
        for said in one.surplus("incidents"):
            yield Fate(_confidence(said.get("confidence")), False, False)


def _confidence(value: object) -> float | None:
    """A confidence between 0 and 1; None where none is given."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return min(1.0, max(0.0, float(value))) if number else None  # type: ignore[arg-type]


def bins(found: Iterable[Fate]) -> list[Bin]:
    """The records by confidence, surest last; those without any in a bin of their own. No bin is empty."""
    all_fates = tuple(found)
    made = [
        Bin(f"{low:.1f}-{high:.1f}", tuple(fate for fate in all_fates if _inside(fate, low, high)))
        for low, high in pairwise(EDGES)
    ]
    made.append(Bin("no confidence given", tuple(fate for fate in all_fates if fate.confidence is None)))
    return [one for one in made if one.fates]


def _inside(fate: Fate, low: float, high: float) -> bool:
    """Whether a confidence lies from `low` up to, but not at, `high`; 1 lies in the last bin."""
    if fate.confidence is None:
        return False
    return low <= fate.confidence < high or fate.confidence == high == EDGES[-1]


def gap(table: Sequence[Bin]) -> float | None:
    """How far what was said lies from what was right, over all records that give a confidence.

    The mean over records of the distance between the confidence and the share of whole records of their bin.
    """
    weights = [(len(one.fates), abs(said - one.whole())) for one in table if (said := one.said()) is not None]
    records = sum(number for number, _ in weights)
    return sum(number * distance for number, distance in weights) / records if records else None


def markdown(table: Sequence[Bin]) -> Iterator[str]:
    """The reliability table."""
    yield "| confidence | records | mean said | matched | whole |"
    yield "| --- | --- | --- | --- | --- |"
    for one in table:
        said = one.said()
        mean = "-" if said is None else f"{said:.2f}"
        yield f"| {one.name} | {len(one.fates)} | {mean} | {one.matched():.2f} | {one.whole():.2f} |"
    yield ""
    distance = gap(table)
    if distance is None:
        yield "no confidence given"
    else:
        yield f"Mean distance between what was said and the share of whole records: {distance:.2f}."
