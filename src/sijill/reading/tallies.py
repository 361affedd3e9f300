"""Counts over more than one incident or over a period, as somebody reported them.

A figure is a tally where a period governs it ('since the start of the year', 'in July'), or where
it belongs to a list or a breakdown of such a count, which hands on its period, its doer and its
source. Records ('the deadliest since ...'), ordinals ('the seventh of its kind since ...'), shares
of land and numbers of prisoners are tallies by their own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date

from sijill.lexicon.entries import Compiled
from sijill.reading.actors import ActorReader, Cast
from sijill.reading.groups import GroupParser
from sijill.reading.places import Chain, PlaceReader
from sijill.reading.scene import Scene, Sentence
from sijill.reading.tally_compare import attach, earlier, mark_against
from sijill.reading.tally_figures import EVENTS, OUTCOMES, PEOPLE, SHARE, STOCK, Figure, FigureReader
from sijill.reading.tally_make import Maker, compared, revised, same, with_id
from sijill.reading.tally_periods import DAY, PREVIOUS, SAME, SINCE, SPAN, Period, PeriodReader, Story
from sijill.reading.tally_reading import (
    Carry,
    Reading,
    ends_open,
    governed,
    inherits,
    of_deed,
    of_speech,
    told_before,
)  # fmt: skip
from sijill.reading.tally_records import Record, RecordReader, share
from sijill.reading.tally_sides import Sides, Told
from sijill.reading.tally_totals import lead_totals, told_in_turn
from sijill.reading.tally_view import Inherited
from sijill.reading.tally_words import NO_PERIOD, TallyWords
from sijill.reading.tolls import Toll
from sijill.records import Comparison, Field, Relation, Tally

_LASTING = 2  # days: what began so shortly before is one event that goes on
Where = tuple[Field, int]
Tolls = Mapping[Where, list[Toll]]
Chains = Mapping[Where, list[Chain]]


@dataclass(frozen=True, slots=True)
class Tallied:
    """The tallies of a report, and what they used up.

    `tolls` holds (field, number of the sentence, first unit of the toll); `sentences` those
    sentences whose every figure is a tally.
    """

    tallies: list[Tally]
    tolls: frozenset[tuple[Field, int, int]]
    sentences: frozenset[Where]


class TallyReader:
    """Reads the tallies of reports. Holds no state between reports."""

    def __init__(self, lexicon: Compiled, actors: ActorReader, places: PlaceReader) -> None:
        self._words = TallyWords(lexicon)
        self._figures = FigureReader(lexicon, GroupParser())
        self._periods = PeriodReader(lexicon, self._words.numbers)
        self._records = RecordReader(self._words, self._figures.counted)
        self._sides = Sides(lexicon, actors, places)

    def read(
        self, scenes: list[Scene], tolls: Tolls, chains: Chains, cast: Cast, skip: Set[Where] = frozenset()
    ) -> Tallied:
        """Every tally of a report; sentences of `skip` (links around the text) are left out."""
        run = _Run(self, scenes, tolls, chains, cast)
        for scene in sorted(scenes, key=lambda s: s.field == "title"):
            run.field(scene, skip)
        run.totals(scenes)
        return run.result()


class _Run:
    """The reading of one report."""

    def __init__(
        self, reader: TallyReader, scenes: list[Scene], tolls: Tolls, chains: Chains, cast: Cast
    ) -> None:
        self._words, self._figures = reader._words, reader._figures
        self._periods, self._records, self._sides = reader._periods, reader._records, reader._sides
        self._tolls, self._chains, self._cast = tolls, chains, cast
        self._tallies: list[Tally] = []
        self._used: set[tuple[Field, int, int]] = set()
        self._whole: set[Where] = set()
        self._maker = Maker(reader._sides, cast)
        self._event_day: str | None = None
        self._first_day: str | None = None
        self._lost = reader._sides.losers(scenes, tolls, cast)

    def result(self) -> Tallied:
        """The tallies with their ids, in the order of the text."""
        self._used |= self._headlines()
        rows = [with_id(t, f"t{n}") for n, t in enumerate(self._tallies, 1)]
        return Tallied(rows, frozenset(self._used), frozenset(self._whole))

    def _headlines(self) -> set[tuple[Field, int, int]]:
        """Figures of the headline that the text tells as tallies and as nothing else."""
        counted = {(str(t.measure), t.low, t.high) for t in self._tallies if t.low is not None}
        rows = [(where, t) for where, tolls in self._tolls.items() for t in tolls]
        other = {
            (t.outcome, t.group.low, t.group.high)
            for (name, n), t in rows
            if name == "text" and (name, n, t.first) not in self._used
        }
        return {
            (name, n, t.first)
            for (name, n), t in rows
            if name == "title" and (t.outcome, t.group.low, t.group.high) in counted - other
        }

    def field(self, scene: Scene, skip: Set[Where]) -> None:
        """Read the sentences of one field in order."""
        carry, story = Carry(), Story(self._cast.published)
        for number, sentence in enumerate(scene.sentences):
            if (scene.field, number) in skip or not sentence.units:
                continue
            if not carry.alive and not self._words.tells(scene, sentence):
                carry.rows = ends_open(sentence) or (carry.rows and sentence.units[0].letter == "N")
                continue
            reading = self._look(scene, number, sentence, story)
            self._remember(reading)
            before = len(self._tallies)
            if carry.alive or _may_count(reading):
                self._sentence(reading, carry)
            if number == 0 and len(self._tallies) > before:
                days = [p for p in reading.periods if p.kind == DAY and of_deed(reading, p)]
                carry.statistical = (scene.field, number) in self._whole and not days
            carry.rows = ends_open(sentence) or (carry.rows and sentence.units[0].letter == "N")

    def _remember(self, at: Reading) -> None:
        """Keep the day of the report's event and the earliest day that it tells."""
        days = [p.edtf for p in at.periods if p.kind == DAY and p.edtf and "/" not in p.edtf]
        if self._event_day is None and days:
            self._event_day = days[-1]
        self._first_day = min([d for d in [self._first_day, *days] if d], default=None)

    def _look(self, scene: Scene, number: int, sentence: Sentence, story: Story) -> Reading:
        where = (scene.field, number)
        marks = self._words.marks(scene, sentence)
        periods = self._periods.read(scene, sentence, marks, story)
        periods = [p for p in periods if not of_speech(sentence, p)]
        listed = self._words.in_list(scene, sentence)
        deeds = {u.start for u in sentence.units if u.letter in "EeKT"}
        tolls, chains = self._tolls.get(where, []), self._chains.get(where, [])
        return Reading(scene, number, sentence, marks, periods, listed, tolls, chains, deeds)

    # --- one sentence

    def _sentence(self, at: Reading, carry: Carry) -> None:
        records = [
            *self._records.records(at.scene, at.sentence, at.marks, at.periods),
            *self._records.ordinals(at.scene, at.sentence, at.marks, at.periods),
        ]
        used = {r.period for r in records}
        at.periods = [replace(p, record=True) if p in used else p for p in at.periods]
        at.periods = mark_against(at.sentence, at.marks, at.periods)
        at.goes_on = inherits(at, carry)
        handed = Inherited(True, carry.fate, carry.deed) if at.goes_on else Inherited()
        figures = self._figures.read(at.scene, at.sentence, at.marks, at.tolls, handed)
        numbered = {r.start for r in records if r.number}
        figures = [f for f in figures if not numbered & set(range(f.start, max(f.end, f.head + 1)))]
        figures.extend(self._shares(at))
        told = carry.told if at.goes_on else Told()
        rows = governed(at, figures)
        figures = [f for f, _ in rows]
        self._sides.groups(figures, at.sentence, at.marks, self._cast, told)
        found = self._counted(at, rows, carry, told)
        self._compare(at, found, records, carry)
        self._hand_on(at, [f for f, _ in found], carry)

    def _shares(self, at: Reading) -> list[Figure]:
        rows: list[Figure] = []
        if not at.marks.has("percent"):
            return rows
        for word in range(at.sentence.first, at.sentence.last):
            figure = share(at.scene, at.sentence, at.marks, word, self._words)
            if figure:
                rows.append(figure)
        return rows

    def _counted(
        self, at: Reading, rows: list[tuple[Figure, Period | None]], carry: Carry, told: Told
    ) -> list[tuple[Figure, int]]:
        """The tallies of figures and their periods, each with its place among the report's."""
        found: list[tuple[Figure, int]] = []
        for figure, period in rows:
            if figure.kind == PEOPLE and period is not None and self._recent(period):
                continue  # 'killed in clashes since Sunday morning': one event that lasts
            own = [
                p.edtf
                for p in at.periods
                if p.kind in (SINCE, SPAN) and p.end <= figure.start and not p.against
            ]
            edtf = self._edtf(period, figure, carry, at.goes_on, own[-1] if own else None)
            if figure.kind == STOCK and at.marks.has("at_the_time"):
                edtf = self._first_day
            tally = self._maker.tally(at, figure, period, edtf, told)
            found.append((figure, self._add(tally, once=not at.listed)))
            if figure.toll is not None:
                self._used.add((at.scene.field, at.number, figure.toll.first))
        tolls = {(at.scene.field, at.number, t.first) for t in at.tolls}
        if found and tolls <= self._used:
            self._whole.add((at.scene.field, at.number))
        return found

    def _recent(self, period: Period) -> bool:
        """'since this morning': a day right before publication."""
        day, published = (period.edtf or "").removesuffix("/.."), self._cast.published
        if period.kind != SINCE or published is None or len(day) != len("2024-04-19"):
            return False
        return 0 <= (published - date.fromisoformat(day)).days <= _LASTING

    @staticmethod
    def _edtf(
        period: Period | None, figure: Figure, carry: Carry, goes_on: bool, own: str | None
    ) -> str | None:
        if figure.kind == SHARE or (figure.kind == STOCK and figure.measure != "trained"):
            return None
        if period is not None and period.edtf == PREVIOUS:
            return earlier(PREVIOUS, carry.period)
        if period is not None and period.kind == SAME and own:
            return own
        if period is None or period.kind in (SAME, DAY):
            return carry.period if goes_on or (period is not None and period.kind == SAME) else None
        return period.edtf

    def _hand_on(self, at: Reading, figures: list[Figure], carry: Carry) -> None:
        """Keep what the next sentences may take over."""
        if at.listed and at.goes_on:
            return
        if not figures:
            carry.alive = carry.alive and (at.marks.has("continues") or carry.statistical)
            if carry.alive and at.marks.has("continues"):
                self._headed(at, carry)
            return
        first = next((f for f in figures if f.kind in (PEOPLE, EVENTS)), None)
        if first is None:
            return
        tally = self._tallies[-1]
        carry.alive = True
        mine = [t for t in self._tallies if t.evidence[""][0] == tally.evidence[""][0]]
        carry.period = next((t.period for t in mine if t.period), carry.period)
        carry.fate = next(
            (f.measure for f in reversed(figures) if f.kind == PEOPLE and not f.part), carry.fate
        )
        carry.deed = next((f.measure for f in figures if f.kind == EVENTS), carry.deed)
        codes = {f.code for f in figures if f.kind == PEOPLE and not f.part}
        group = codes.pop() if len(codes) == 1 else None
        sources = next((t.sources for t in mine if t.sources), carry.told.sources)
        by = next((t.by for t in mine if t.by), carry.told.by)
        place = next((t.place for t in mine if t.place), carry.told.place)
        carry.told = Told(by, place, sources, group if group and group.startswith("CIV") else None)

    def _headed(self, at: Reading, carry: Carry) -> None:
        """The measure that the head of a list names: 'as for the operations, they were spread ...'."""
        for word in range(at.sentence.first, at.sentence.last):
            noun = self._figures.counted.read(at.scene.text.words, word)
            if noun and noun[0] in ("operations", "air_strikes"):
                carry.deed = noun[0] if carry.deed is None else carry.deed
        fate = next((e.code for u in at.sentence.units if (e := u.get("affected", "masdar"))), None)
        carry.fate = fate if fate in OUTCOMES else carry.fate

    def _add(self, tally: Tally, *, once: bool = True) -> int:
        """Put a tally among the others; `once` where it may say again what stands there."""
        for index, old in enumerate(self._tallies if once else []):
            if same(old, tally):
                return index
        self._tallies.append(tally)
        return len(self._tallies) - 1

    # --- comparisons, records, ordinals

    def _compare(
        self,
        at: Reading,
        found: list[tuple[Figure, int]],
        records: list[Record],
        carry: Carry,
    ) -> None:
        for index, comparison in attach(at.sentence, at.marks, at.periods, found, self._tallies):
            self._tallies[index] = compared(self._tallies[index], comparison)
        for record in records:
            if record.kind in ("ordinal", "first"):
                self._ordinal(at, record)
                continue
            relation: Relation = "lowest" if record.kind == "record_lowest" else "highest"
            comparison = Comparison(relation=relation, against=self._against(at, record.period))
            if record.weak and not (at.deeds or carry.alive or told_before(at)):
                continue
            measured = [(f, i) for f, i in found if f.end <= record.start and f.kind in (PEOPLE, EVENTS)]
            if record.kind not in ("record_count", "record_lowest"):
                measured = [(f, i) for f, i in measured if f.measure == record.measure]
            if measured:
                index = measured[-1][1]
                self._tallies[index] = compared(self._tallies[index], comparison)
            else:
                self._record(at, record, comparison, carry)

    def _against(self, at: Reading, period: Period) -> str | None:
        if period.edtf is None:
            return at.scene.text.quote(period.start, period.end)
        return period.edtf

    def _record(self, at: Reading, record: Record, comparison: Comparison, carry: Carry) -> None:
        """A record without a count: low and high are null, the period is that of the event."""
        told = carry.told if at.goes_on else Told()
        figure = Figure(EVENTS, record.measure, None, None, False, record.start, record.end, 0)
        period = self._own_period(at, record, carry)
        tally = self._maker.tally(at, figure, None, None, told)
        group = None
        if record.measure == "killed":
            group = self._sides.in_ranks(at.sentence, at.marks, record.end, self._cast) or self._lost
        tally = revised(tally, period, group, comparison)
        if not any(same(old, tally) and old.comparison for old in self._tallies):
            self._tallies.append(tally)

    def _own_period(self, at: Reading, record: Record, carry: Carry) -> str | None:
        """The month that set the record, else the day of the event."""
        before = [p for p in at.periods if p.end <= record.start and not p.record and not p.against]
        spans = [p for p in before if p.kind not in (DAY, SINCE, SAME) and p.edtf]
        if spans:
            return spans[-1].edtf
        days = [p for p in before if p.kind == DAY]
        if days:
            return days[-1].edtf
        if carry.statistical and carry.period:
            return carry.period
        published = self._cast.published
        return self._event_day or (published.isoformat() if published else None)

    def _ordinal(self, at: Reading, record: Record) -> None:
        figure = Figure(
            EVENTS, record.measure, record.number, record.number, False, record.start, record.end, 0
        )
        first = record.kind == "first"
        period = self._own_period(at, record, Carry()) if first else record.period.edtf
        tally = self._maker.tally(at, figure, record.period, period, Told())
        if first:
            tally = revised(
                tally, period, None, Comparison(relation="first", against=self._against(at, record.period))
            )
        self._add(tally)

    def totals(self, scenes: list[Scene]) -> None:
        """Totals of headline and lead over several incidents that the text tells one by one."""
        for total in lead_totals(scenes, self._tolls, self._used):
            scene = next(s for s in scenes if s.field == total.field)
            self._total(scene, total.number, [total.toll], None)
            self._used.add((total.field, total.number, total.toll.first))
        text = next((s for s in scenes if s.field == "text" and s.sentences), None)
        if text is not None and not self._tallies:
            days = told_in_turn(text, self._words)
            if days:
                self._total(text, 0, [], f"{days[0]}/{days[-1]}" if len(days) > 1 else days[0])

    def _total(self, scene: Scene, number: int, tolls: list[Toll], period: str | None) -> None:
        """Put the figures of a lead among the tallies: its tolls, or where there are none its deeds."""
        at = self._look(scene, number, scene.sentences[number], Story(self._cast.published))
        days = [p.edtf for p in at.periods if p.kind == DAY]
        published = self._cast.published
        day = days[0] if days else published.isoformat() if published else None
        figures = self._figures.read(scene, at.sentence, at.marks, tolls, Inherited())
        wanted = [f for f in figures if (f.toll in tolls if tolls else f.kind == EVENTS and (f.low or 0) > 1)]
        self._sides.groups(wanted, at.sentence, at.marks, self._cast, Told())
        for figure in wanted:
            tally = self._maker.tally(at, figure, None, None, Told())
            self._add(revised(tally, period or day, figure.code, None))


def _may_count(at: Reading) -> bool:
    """Whether a sentence can hold a tally that no sentence before it leads to."""
    return at.marks.has(*NO_PERIOD) or any(p.counts for p in at.periods)


__all__ = ["Tallied", "TallyReader"]
