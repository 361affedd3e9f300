"""The periods of a sentence: 'since ...', 'in July', 'in three days', 'in the same period'.

A figure takes the period of its own stretch between commas, else the one before it, else the
one after it. A day is a rival to a period: what happened on a day is no count over a period.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sijill.arabic.dates import DateRef
from sijill.arabic.fold import fold_words
from sijill.arabic.numbers import Numbers
from sijill.lexicon.entries import Compiled
from sijill.reading.scene import Scene, Sentence, Unit
from sijill.reading.tally_words import Marks

SINCE, SPAN, VAGUE, SAME, DAY = "since", "span", "vague", "same", "day"
PREVIOUS = "previous"  # the month before the one that is counted
_FULL_DAY = re.compile(r"\d{4}-\d\d-\d\d~?$")
_ARTICLE = "\u0627\u0644"
_DUAL = ("\u064a\u0646", "\u0627\u0646")
_REACH = 7  # words between 'since the start of ...' and its date


@dataclass(frozen=True, slots=True)
class Period:
    """A period and the words that tell it; `within` where 'in the course of' stands before it."""

    kind: str
    edtf: str | None
    start: int
    end: int
    within: bool = False
    against: bool = False  # what another count is compared with
    record: bool = False  # what a record is measured against
    hours: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is a period at all, not a day."""
        return self.kind != DAY


@dataclass(slots=True)
class Story:
    """What the report has told so far that periods point back to."""

    published: date | None
    last_date: str | None = None
    beginning: str | None = None


def open_start(edtf: str) -> str:
    """'since': the start of a date or interval, with an open end.

    >>> open_start("2024-03")
    '2024-03/..'
    """
    return edtf.split("/")[0].rstrip("~") + "/.."


class PeriodReader:
    """Finds the periods of sentences."""

    def __init__(self, lexicon: Compiled, numbers: Numbers) -> None:
        self._numbers = numbers
        self._units = _unit_words(lexicon.tables["dates"])
        self._plurals = {fold_words(str(w)) for w in lexicon.tables["dates"]["plurals"]}

    def read(self, scene: Scene, sentence: Sentence, marks: Marks, story: Story) -> list[Period]:
        """Every period and day of a sentence, in order."""
        words = scene.text.words
        found: list[Period] = []
        taken: set[int] = set()
        for unit in sentence.units:
            if unit.letter == "D" and unit.date and unit.date.edtf and not marks.at(unit.start, "no_date"):
                period = self._dated(unit, sentence, marks, words)
                found.append(period)
                taken.update(range(period.start, period.end))
        for period in self._pointing(sentence, marks, story, list(found)):
            if not taken & set(range(period.start, period.end)):
                found.append(period)
                taken.update(range(period.start, period.end))
        for start, end in marks.each("within"):
            told = self._distance(words, start, end, sentence, story.published)
            if told and not taken & set(range(end, told.end)):
                found.append(told)
                taken.update(range(told.start, told.end))
        self._remember(sentence, marks, found, story)
        return sorted(found, key=lambda p: p.start)

    def _dated(self, unit: Unit, sentence: Sentence, marks: Marks, words: list[str]) -> Period:
        ref = unit.date
        assert ref is not None and ref.edtf is not None
        if marks.within(unit.start, unit.end, "same_named"):
            return Period(SAME, None, unit.start, unit.end, True)
        start, since = unit.start, ref.since or marks.at(unit.end, "until_now")
        if not since:
            start = _since_before(sentence, marks, unit.start)
            since = start < unit.start
        if since and _lasting(marks, start - 1 if marks.at(start, "since") else start - 2):
            return Period(DAY, ref.edtf, start, unit.end)
        if since:
            return Period(SINCE, open_start(ref.edtf), start, unit.end)
        if _FULL_DAY.match(ref.edtf):
            return Period(DAY, ref.edtf, start, unit.end)
        hours = marks.within(unit.start, unit.end, "hours")
        within = marks.within(start - 3, start, "within")
        edtf = ref.edtf
        if edtf.endswith("/..") or not _inverted(ref):
            return Period(SPAN, edtf, start, unit.end, within, hours=hours)
        return Period(DAY, edtf, start, unit.end)

    def _pointing(self, sentence: Sentence, marks: Marks, story: Story, dated: list[Period]) -> list[Period]:
        """'since that date', 'in the same period', 'in past years', 'since the war broke out'."""
        found = []
        for start, end in marks.each("since_then"):
            before = [p.edtf for p in dated if p.edtf and p.end <= start]
            last = before[-1] if before else story.last_date
            found.append(Period(SINCE, open_start(last) if last else None, start, end))
        for start, end in marks.each("same_period"):
            found.append(Period(SAME, None, start, end, True))
        for start, end in marks.each("month_before"):
            found.append(Period(SPAN, PREVIOUS, start, end, True))
        for start, end in marks.each("vague_period", "relative_period"):
            found.append(Period(VAGUE, None, start, end, marks.within(start - 3, start, "within")))
        for start, end in marks.each("since"):
            for key, length in (("year_start", 4), ("month_start", 7)):
                if marks.at(end, key) and story.published:
                    first = open_start(story.published.isoformat()[:length])
                    found.append(Period(SINCE, first, start, marks.end(end, key)))
            if marks.at(end, "beginning") and end < sentence.last and not _lasting(marks, start - 1):
                edtf = open_start(story.beginning) if story.beginning else None
                found.append(Period(SINCE, edtf, start, marks.end(end, "beginning")))
        return found

    def _distance(
        self, words: list[str], start: int, end: int, sentence: Sentence, published: date | None
    ) -> Period | None:
        """'in three days', 'within a week', 'in less than a month': a period that ends with the report."""
        for at in range(end, min(end + 4, sentence.last)):
            count = self._numbers.read(words, at)
            unit = self._unit(words[at])
            if unit:
                number = self._lone(words[at], unit) if at == end else 1
                return self._until(published, number, unit, start, at + 1) if number else None
            if count and count.low and count.end < sentence.last:
                unit = self._unit(words[count.end])
                if unit:
                    return self._until(published, count.low, unit, start, count.end + 1)
        return None

    def _lone(self, word: str, unit: str) -> int:
        """How many a unit without a number is: a dual is two; 'months' are none that is told."""
        if word[-2:] in _DUAL:
            return 2
        return 0 if word in self._plurals and unit != "hour" else 1

    @staticmethod
    def _until(published: date | None, number: int, unit: str, start: int, end: int) -> Period:
        edtf = _back(published, number, unit) if published else None
        return Period(SPAN if edtf else VAGUE, edtf, start, end, True, hours=unit == "hour")

    def _unit(self, word: str) -> str | None:
        bare = self._units.get(word.removeprefix(_ARTICLE))
        return bare if bare == "hour" else self._units.get(word)

    @staticmethod
    def _remember(sentence: Sentence, marks: Marks, found: list[Period], story: Story) -> None:
        for period in found:
            if not period.edtf or period.edtf == PREVIOUS:
                continue
            story.last_date = period.edtf
            if period.kind != DAY:
                continue
            if marks.within(max(sentence.first, period.start - 5), period.start, "beginning"):
                story.beginning = story.beginning or period.edtf


def _unit_words(dates: Mapping[str, Any]) -> dict[str, str]:
    """Words for units of time, with the unit."""
    rows = {fold_words(str(w)): str(unit) for unit, words in dates["units"].items() for w in words}
    for unit, key in (("day", "day_word"), ("month", "month_word"), ("year", "year_word")):
        rows.update({fold_words(str(w)): unit for w in dates[key]})
    return rows


def _inverted(ref: DateRef) -> bool:
    return ref.low is None or ref.high is None or ref.low > ref.high


def _lasting(marks: Marks, word: int) -> bool:
    return marks.within(word - 1, word + 1, "lasting", "dated_other")


def _since_before(sentence: Sentence, marks: Marks, start: int) -> int:
    """Where 'since' stands before 'the start of the campaign on 18 February'; the start itself if nowhere."""
    for unit in reversed([u for u in sentence.units if u.end <= start and u.start >= start - _REACH]):
        if unit.letter in ",DN":
            return start
        if marks.at(unit.start, "since"):
            return unit.start
    return start


def _back(published: date, number: int, unit: str) -> str | None:
    """A period of so many days, weeks, months or years up to the report's day."""
    if unit == "hour":
        return f"{published - timedelta(max(1, number // 24))}/{published}"
    if unit == "day":
        return f"{published - timedelta(max(0, min(number, 3000) - 1))}/{published}"
    if unit == "week":
        return f"{published - timedelta(7 * min(number, 500))}/{published}"
    months = number * (12 if unit == "year" else 1)
    if months > 1200:
        return None
    total = published.year * 12 + published.month - 1 - months
    return f"{total // 12:04d}-{total % 12 + 1:02d}/{published.isoformat()}"


def stretch(sentence: Sentence, word: int) -> tuple[int, int]:
    """The words between the commas around a word."""
    first, last = sentence.first, sentence.last
    for unit in sentence.units:
        if unit.letter == ",":
            if unit.end <= word:
                first = unit.end
            elif unit.start >= word:
                return first, unit.start
    return first, last


def governing(sentence: Sentence, periods: list[Period], word: int, events: set[int]) -> Period | None:
    """The period, or the day, of a figure at a word; `events` are the words of deeds."""
    plain = [p for p in periods if not p.record]
    zone = [p for p in plain if p.against and p.start <= word]
    if zone:
        later = [p for p in plain if not p.against and zone[-1].end <= p.start]
        if not later or word < later[0].start:
            return zone[-1]
    plain = [p for p in plain if not p.against]
    first, last = stretch(sentence, word)
    own = [p for p in plain if first <= p.start < last]
    if own:
        return _choose(own, word)
    left = [p for p in plain if p.end <= word]
    for period in reversed(left):
        if period.counts:
            return period
        a, b = stretch(sentence, period.start)
        if any(a <= e < b for e in events):
            return period
    for period in [p for p in plain if p.start > word]:
        if period.kind == DAY or _open_to_left(sentence, period):
            return period
        break
    return left[-1] if left else None


def _open_to_left(sentence: Sentence, period: Period) -> bool:
    """Whether a period counts what stands before its comma: not if its own stretch has a figure.

    'three soldiers, so that the toll since May rises to 40' counts only the 40; '100 dead, and 603
    wounded in July' is one row.
    """
    first, last = stretch(sentence, period.start)
    units = [u for u in sentence.units if first <= u.start < last]
    counted = [u for u in units if u.letter == "N"]
    return not counted or (units[0] is counted[0] and counted[0].joined)


def _choose(own: list[Period], word: int) -> Period:
    """A period outranks a day in one stretch, the nearest outranks the rest."""
    counting = [p for p in own if p.counts] or own
    return min(counting, key=lambda p: min(abs(p.start - word), abs(p.end - word)))
