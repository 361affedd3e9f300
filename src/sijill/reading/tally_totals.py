"""Totals of a headline or lead over several incidents that the text tells one by one (ruling 18)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from sijill.reading.scene import Scene
from sijill.reading.tally_words import TallyWords
from sijill.reading.tolls import Toll
from sijill.records import Field

_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
_WA = "\u0648"
_COUNTED = ("killed", "wounded", "killed_or_wounded", "arrested", "captured")


@dataclass(frozen=True, slots=True)
class Total:
    """A toll that sums up others, and where it stands."""

    field: Field
    number: int
    toll: Toll


def lead_totals(
    scenes: list[Scene], tolls: Mapping[tuple[Field, int], list[Toll]], used: Set[tuple[Field, int, int]]
) -> Iterator[Total]:
    """Tolls of headline and lead that two or more tolls further down add up to."""
    rows = [
        Total(scene.field, n, toll)
        for scene in scenes
        for n in range(len(scene.sentences))
        for toll in tolls.get((scene.field, n), [])
        if not toll.part and not toll.earlier and (scene.field, n, toll.first) not in used
    ]
    seen: set[tuple[str, int | None]] = set()
    for row in rows:
        key = (row.toll.outcome, row.toll.group.low)
        if (
            row.toll.outcome not in _COUNTED
            or row.number > 0
            or key in seen
            or row.toll.whole
            or row.toll.revised
        ):
            continue
        if _sums_up(row, rows):
            seen.add(key)
            yield row


def _sums_up(row: Total, rows: list[Total]) -> bool:
    below = [
        r
        for r in rows
        if r.field == "text" and r.toll.outcome == row.toll.outcome and r.toll.rule != "breakdown"
    ]
    if row.field == "text":
        below = [r for r in below if r.number > row.number]
    total = row.toll.group.low
    numbers = [r.toll.group.low for r in below]
    if not total or len(numbers) < 2 or None in numbers or total in numbers:
        return False
    sentences = {r.number for r in below}
    return sum(n or 0 for n in numbers) == total and (len(sentences) > 1 or row.field == "text")


def told_in_turn(scene: Scene, words: TallyWords) -> list[str]:
    """The days of deeds that the text tells in turn after their count: 'the first ..., the second ...'."""
    nouns: dict[int, str] = {}
    for sentence in scene.sentences[1:]:
        for at in range(sentence.first, sentence.last):
            number = words.numbers.ordinal(scene.text.words[at])
            if number in (1, 2) and scene.text.words[at][:1] != _WA:
                nouns.setdefault(number, scene.text.words[at])
        if len(nouns) == 2:
            units = [u for s in scene.sentences[1:] for u in s.units if u.letter == "D" and u.date]
            days = {u.date.edtf for u in units if u.date and u.date.edtf and _DAY.match(u.date.edtf)}
            return sorted(days)
    return []
