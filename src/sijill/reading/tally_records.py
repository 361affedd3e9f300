"""Records and ordinals: 'the deadliest since ...', 'the seventh of its kind since ...', shares of land."""

from __future__ import annotations

from dataclasses import dataclass

from sijill.reading.scene import Scene, Sentence, Unit
from sijill.reading.tally_figures import SHARE, Figure
from sijill.reading.tally_periods import SAME, SINCE, Period
from sijill.reading.tally_view import Counted
from sijill.reading.tally_words import Marks, TallyWords

_OWN = ("\u0647", "\u0647\u0627", "\u0647\u0645")  # his, her, their
_REACH = 16  # words between a record and the period that it is measured against
_RECORDS = ("record_killed", "record_incidents", "record_count", "record_lowest")


@dataclass(frozen=True, slots=True)
class Record:
    """'the deadliest', 'the seventh', 'the first': its words, and the period after it."""

    kind: str
    start: int
    end: int
    period: Period
    number: int | None = None
    measure: str = "incidents"

    @property
    def weak(self) -> bool:
        """Whether the words could be about anything: 'the largest', 'the highest'."""
        return self.kind != "record_killed"


class RecordReader:
    """Finds records and ordinals in sentences."""

    def __init__(self, words: TallyWords, counted: Counted) -> None:
        self._words = words
        self._counted = counted

    def records(self, scene: Scene, sentence: Sentence, marks: Marks, periods: list[Period]) -> list[Record]:
        """Every record of a sentence that is measured against something."""
        found: list[Record] = []
        words = scene.text.words
        if not periods:
            return found
        for start, end in marks.each(*_RECORDS):
            if (found and start < found[-1].end) or marks.at(start, "against"):
                continue
            period = _after(periods, end, sentence)
            if (
                period is None
                or self._among(marks, start)
                or (start > 0 and marks.at(start - 1, "not_counted"))
            ):
                continue
            kind = next(name for name in _RECORDS if marks.end(start, name) == end)
            found.append(
                Record(kind, start, end, period, measure=self._measure(words, marks, kind, start, end))
            )
        return found

    @staticmethod
    def _among(marks: Marks, start: int) -> bool:
        """'among the deadliest' is no record."""
        return marks.within(start - 1, start, "among") or marks.at(start, "among")

    def _measure(self, words: list[str], marks: Marks, kind: str, start: int, end: int) -> str:
        if kind == "record_killed":
            return "killed"
        if kind in ("record_count", "record_lowest") and marks.within(start - 6, end + 4, "toll_word"):
            return "killed"
        return "incidents"

    def ordinals(self, scene: Scene, sentence: Sentence, marks: Marks, periods: list[Period]) -> list[Record]:
        """'the third attack in three days', 'the seventh of its kind since ...', 'the first since ...'."""
        words = scene.text.words
        found: list[Record] = []
        if not periods:
            return found
        dated = {i for p in periods for i in range(p.start, p.end)}
        for at in range(sentence.first, sentence.last):
            number = None if at in dated else self._words.numbers.ordinal(words[at])
            noun = self._noun(words, marks, at, sentence) if number else None
            if number is None or noun is None:
                continue
            period = _after(periods, at + 1, sentence)
            if period is None or (number == 1 and period.kind != SINCE) or not period.counts:
                continue
            kind = "first" if number == 1 else "ordinal"
            found.append(Record(kind, at, at + 1, period, number, noun))
        return found

    def _noun(self, words: list[str], marks: Marks, at: int, sentence: Sentence) -> str | None:
        """The measure of what an ordinal numbers: an event beside it, 'of its kind', 'time'."""
        for word in (at + 1, at - 1):
            if not sentence.first <= word < sentence.last:
                continue
            if marks.at(word, "kind_of"):
                return self._kind(words, at, sentence)
            noun = self._counted.read(words, word)
            if noun and noun[0] in ("incidents", "operations", "air_strikes"):
                return "incidents" if noun[0] == "operations" else noun[0]
            if marks.at(word, "time_word") or (word == at - 1 and marks.at(word, "time_word")):
                return "incidents" if self._deeds(sentence) else None
        unit = next((u for u in sentence.units if u.start <= at - 1 < u.end), None)
        if unit is not None and unit.letter == "E" and unit.form.article:
            return "incidents"
        nxt = next((u for u in sentence.units if u.start == at + 1), None)
        if nxt is not None and nxt.letter == "E" and not nxt.form.article:
            return "incidents"
        if at + 1 < len(words) and marks.at(at + 1, "within", "since") and self._deeds(sentence):
            return "incidents"
        return None

    def _kind(self, words: list[str], at: int, sentence: Sentence) -> str:
        for word in range(at - 1, max(sentence.first, at - 8) - 1, -1):
            noun = self._counted.read(words, word)
            if noun:
                return "air_strikes" if noun[0] == "air_strikes" else "incidents"
        return "incidents"

    @staticmethod
    def _deeds(sentence: Sentence) -> bool:
        return any(u.letter in "Ee" for u in sentence.units)


def _after(periods: list[Period], end: int, sentence: Sentence) -> Period | None:
    """The period that a record is measured against: the first one after it that is near."""
    for period in periods:
        if period.start >= end and period.start - end <= _REACH and period.kind != SAME and period.counts:
            return period
    return None


def share(scene: Scene, sentence: Sentence, marks: Marks, at: int, words: TallyWords) -> Figure | None:
    """'controls some 4% of the country's area': the share that a number at a word is."""
    text = scene.text.words
    end = next((e for s, e in marks.each("percent") if s > at and s - at <= 2), None)
    if end is None or (not text[at][:1].isdecimal() and words.numbers.read(text, at) is None):
        return None
    if not any(s - end <= 3 for s, e in marks.each("area") if s >= end):
        return None
    value = text[at].replace(",", ".")
    if not value.replace(".", "", 1).isdecimal():
        return None
    number = round(float(value))
    start, low, high, approx = _hedged(text, words, at, sentence.first)
    figure = Figure(SHARE, "area_share", number, number, approx, start, end, 0)
    if low:
        figure.high = None
    elif high:
        figure.low = None
    return figure


def _hedged(text: list[str], words: TallyWords, at: int, first: int) -> tuple[int, bool, bool, bool]:
    """Where a share begins, and whether it is 'more than', 'up to' or 'about' so much."""
    for back in (3, 2, 1):
        if at - back < first:
            continue
        count = words.numbers.read([*text[at - back : at], "7"], 0)
        if count and count.end == back + 1:
            return at - back, count.high is None, count.low is None, count.approx
    return at, False, False, False


def holder(units: list[Unit], start: int, marks: Marks) -> Unit | None:
    """The actor who holds a share: the last one named before it, if a word of holding stands between."""
    verb = next((u for u in reversed(units) if u.end <= start and marks.on(u, "controls")), None)
    if verb is None:
        return None
    around = [u for u in units if u.end <= start and u.letter == "A" and not u.form.stem.endswith(_OWN)]
    return around[-1] if around else None
