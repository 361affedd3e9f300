"""One sentence as tallies are read from it, and the decisions: what is a tally, what goes on with one."""

from __future__ import annotations

from dataclasses import dataclass, field

from sijill.reading.places import Chain
from sijill.reading.scene import Scene, Sentence
from sijill.reading.tally_figures import EVENTS, PEOPLE, SHARE, STOCK, Figure
from sijill.reading.tally_periods import DAY, SAME, SINCE, Period, governing, stretch
from sijill.reading.tally_sides import Told
from sijill.reading.tally_words import Marks
from sijill.reading.tolls import Toll


@dataclass(slots=True)
class Carry:
    """What a list or breakdown takes over from the count before it."""

    period: str | None = None
    fate: str | None = None
    deed: str | None = None
    told: Told = field(default_factory=Told)
    alive: bool = False
    rows: bool = False  # rows without bullets follow: 'they are:' and a line each
    statistical: bool = False  # the report opens with a count: it is about counts


@dataclass(slots=True)
class Reading:
    """One sentence as it is read."""

    scene: Scene
    number: int
    sentence: Sentence
    marks: Marks
    periods: list[Period]
    listed: bool
    tolls: list[Toll]
    chains: list[Chain]
    deeds: set[int]
    goes_on: bool = False  # it goes on with the count before it


_LATELY = ("weekday or near day with time of day", "time of day")
"""Date rules whose days lie in the week before the report."""
_OPENING = 3  # words in which an item of a list names its day


def governed(at: Reading, figures: list[Figure]) -> list[tuple[Figure, Period | None]]:
    """The figures that are tallies, with their periods; a part follows its whole."""
    rows: list[tuple[Figure, Period | None]] = []
    whole: Period | None = None
    kept = False
    for figure in figures:
        if not (figure.part and figure.kind == PEOPLE) or figure is figures[0]:
            whole = governing(at.sentence, at.periods, figure.start, at.deeds)
            kept = _is_tally(at, figure, whole)
        if kept:
            rows.append((figure, whole))
    return rows


def _is_tally(at: Reading, figure: Figure, period: Period | None) -> bool:
    if figure.kind in (SHARE, STOCK):
        return True
    if figure.whole and figure.low is None:
        return False
    if period is None or (period.kind == DAY and at.listed):
        return at.goes_on
    if period.kind == DAY:
        return False
    if period.kind == SINCE and figure.measure == "displaced" and _lately(at, period):
        return False
    if period.kind in (SINCE, SAME) or period.against:
        return True
    counted = at.marks.has("counts", "plural_events")
    if figure.kind == EVENTS:
        return (figure.low or 0) > 1 or at.goes_on
    if any(p.record for p in at.periods) and figure.kind == PEOPLE:
        return True
    single = any(_is_single(at, u.start) for u in at.sentence.units if u.letter == "E")
    if period.hours:
        return at.marks.has("counts") and not single
    if single:
        return (at.goes_on and not at.marks.has("single_event")) or (
            counted and period.within and at.marks.has("plural_events")
        )
    return counted or period.within or at.goes_on


def _lately(at: Reading, period: Period) -> bool:
    """Whether 'since ...' begins some days before the report: a flight that goes on is one incident."""
    unit = next((u for u in at.sentence.units if period.start <= u.start < period.end and u.date), None)
    return unit is not None and unit.date is not None and unit.date.rule in _LATELY


def inherits(at: Reading, carry: Carry) -> bool:
    """Whether the sentence goes on with the count before it."""
    if not carry.alive or _is_dated_item(at):
        return False
    if at.listed or (carry.rows and at.sentence.units[0].letter == "N"):
        return True
    days = any(p.kind == DAY for p in at.periods)
    if any(p.kind == SAME for p in at.periods):
        return True
    if days or any(_is_single(at, u.start) for u in at.sentence.units if u.letter == "E"):
        return False
    return at.marks.has("continues") or carry.statistical


def _is_dated_item(at: Reading) -> bool:
    """Whether an item of a list opens with its own day and tells a deed at a place: an incident."""
    opening = at.sentence.first + _OPENING
    dated = any(p.kind == DAY and p.start <= opening for p in at.periods)
    return at.listed and dated and bool(at.chains) and bool(at.deeds)


def of_deed(at: Reading, period: Period) -> bool:
    """Whether a day is that of a deed, not of the speech that tells the count."""
    first, last = stretch(at.sentence, period.start)
    return any(first <= word < last for word in at.deeds)


def told_before(at: Reading) -> bool:
    """Whether the sentence before tells of deeds or tolls: a record may be about them."""
    before = at.scene.sentences[at.number - 1].units if at.number else []
    return any(u.letter in "EeKT" for u in before)


def of_speech(sentence: Sentence, period: Period) -> bool:
    """Whether a day is that of a statement: 'said on Monday that ...'."""
    if period.kind != DAY:
        return False
    before = [u for u in sentence.units if u.end <= period.start]
    says = next((i for i, u in reversed(list(enumerate(before))) if "says" in u.cues), None)
    if says is None:
        return False
    between = before[says + 1 :]
    return len(between) < 9 and not any(u.letter in "EeKTN" for u in between)


def ends_open(sentence: Sentence) -> bool:
    """Whether a sentence ends with a colon."""
    return bool(sentence.units) and sentence.units[-1].letter == ":"


def _is_single(at: Reading, word: int) -> bool:
    """Whether the deed at a word is one event: its toll is that of an incident."""
    unit = next((u for u in at.sentence.units if u.start == word), None)
    act = unit.get("act") if unit else None
    if not act or not unit or act.number != "one" or unit.form.article:
        return False
    index = at.sentence.units.index(unit)
    counted = index > 0 and at.sentence.units[index - 1].letter == "N"
    return at.marks.at(word, "single_event") and not counted
