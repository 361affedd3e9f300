"""'against 41 in June', 'down from ...', 'up on ...': counts that another count is measured against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sijill.reading.scene import Sentence
from sijill.reading.tally_figures import EVENTS, PEOPLE, Figure
from sijill.reading.tally_periods import DAY, PREVIOUS, Period
from sijill.reading.tally_words import Marks
from sijill.records import Comparison, Relation, Tally

_NEAR = 10  # words between 'against' and its period
_MONTH = re.compile(r"(\d{4})-(\d\d)$")


def mark_against(sentence: Sentence, marks: Marks, periods: list[Period]) -> list[Period]:
    """The periods with those marked that another count is compared with; their zone begins at the cue."""
    out = list(periods)
    for start, end in _cues(sentence, marks):
        for at, period in enumerate(out):
            if period.record or period.kind == DAY or not end <= period.start <= end + _NEAR:
                continue
            main = next((p for p in out if p.counts and p is not period and not p.against), None)
            edtf = earlier(period.edtf, main.edtf if main else None)
            out[at] = replace(period, against=True, start=start, edtf=edtf)
            break
    return out


def _cues(sentence: Sentence, marks: Marks) -> Iterator[tuple[int, int]]:
    yield from marks.each("against")
    for _, end in marks.each("increase", "decrease"):
        for word in range(end, min(end + 6, sentence.last)):
            if marks.at(word, "compared_with"):
                yield word, word + 1
                break


def earlier(edtf: str | None, main: str | None) -> str | None:
    """'the month before', read from the report's day, is the month before the one that is counted."""
    match = _MONTH.match(main or "")
    if edtf == PREVIOUS and match is None:
        return None
    if match is None or edtf not in (main, PREVIOUS):
        return edtf
    year, month = int(match[1]), int(match[2])
    return f"{year - (month == 1):04d}-{(month - 2) % 12 + 1:02d}"


def attach(
    sentence: Sentence,
    marks: Marks,
    periods: list[Period],
    found: list[tuple[Figure, int]],
    tallies: list[Tally],
) -> Iterator[tuple[int, Comparison]]:
    """Which tally is compared with which period, and how it stands to it."""
    for period in periods:
        if not period.against:
            continue
        rows = [(f, i) for f, i in found if f.kind in (PEOPLE, EVENTS)]
        main = [(f, i) for f, i in rows if f.end <= period.start and not f.part]
        earlier = [(f, i) for f, i in rows if f.start >= period.start]
        if not main:
            continue
        figure, index = next(
            ((f, i) for f, i in main if earlier and f.measure == earlier[0][0].measure), main[0]
        )
        relation = _relation(sentence, marks, period) or _by_number(figure, earlier)
        if relation:
            yield index, Comparison(relation=relation, against=period.edtf)


def _relation(sentence: Sentence, marks: Marks, period: Period) -> Relation | None:
    """The nearest word of rising or falling before the comparison."""
    found: Relation | None = None
    for start, _ in marks.each("increase", "decrease"):
        if start <= period.start:
            found = "increase" if marks.at(start, "increase") else "decrease"
    return found


def _by_number(figure: Figure, earlier: list[tuple[Figure, int]]) -> Relation | None:
    other = next((f for f, _ in earlier if f.measure == figure.measure), None)
    if other is None or figure.low is None or other.low is None or figure.low == other.low:
        return None
    return "increase" if figure.low > other.low else "decrease"
