"""What a report tells of: clauses with their places, and events made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from sijill.arabic.dates import DateRef
from sijill.reading.clauses import Clause
from sijill.reading.tolls import Toll
from sijill.records import Place


@dataclass(slots=True)
class Located:
    """A place that a clause names, how likely it is the event's, and which chain gave it."""

    place: Place
    good: int
    start: int
    end: int
    also: int = 0  # further names joined to it
    context: bool = False  # named before the deed, in a clause without one
    rank: int = 0  # how coarse what was named is: 0 a site or settlement ... 4 a country


_ANNOUNCED = 9  # units between a verb of saying and its date


@dataclass(slots=True)
class Told:
    """A clause with its places resolved."""

    clause: Clause
    places: list[Located]
    _spot: tuple[list[Located], int, Located | None] | None = field(default=None, compare=False, repr=False)
    _day: tuple[list[DateRef], int, DateRef | None] | None = field(default=None, compare=False, repr=False)

    @property
    def spot(self) -> Located | None:
        """The place that most likely is the event's; worked out again where places came to it."""
        rows, known = self.places, self._spot
        if known is None or known[0] is not rows or known[1] != len(rows):
            likely = [p for p in rows if p.good > 0 and p.place.precision != "country"]
            best = [p for p in likely if p.good == 2]
            self._spot = known = (rows, len(rows), next(iter(best or likely), None))
        return known[2]

    @property
    def day(self) -> DateRef | None:
        """The date that the clause gives its event; worked out again where dates came to it."""
        rows, known = self.clause.dates, self._day
        if known is None or known[0] is not rows or known[1] != len(rows):
            own = own_dates(self.clause)
            self._day = known = (rows, len(rows), own[0] if own else None)
        return known[2]


def own_dates(clause: Clause) -> list[DateRef]:
    """The dates of a clause, the day of an announcement last."""
    rows = [d for d in clause.dates if d.edtf and d.low and (not d.since or d.lasting)]
    if len(rows) < 2:
        return rows
    return sorted(rows, key=lambda d: (announced(clause, d), d.rule != "days after the event"))


def announced(clause: Clause, ref: DateRef) -> bool:
    """Whether a date stands right after a verb of saying: 'announced on Friday that ...'."""
    at = next((i for i, u in enumerate(clause.units) if u.date is ref), None)
    if at is None:
        return True
    before = clause.units[max(0, at - _ANNOUNCED) : at]
    return any(u.cues & {"says", "claimed"} for u in before) and not any(
        u.letter in "EeKT" for u in before if "says" not in u.cues
    )


@dataclass(slots=True)
class Event:
    """The clauses that tell of one event; `kin` is the one that 'the second' or 'another' follows.

    `like` is the last one before it of the same kind whose doer is told, `prior` the one told right
    before it. `lead` is the sum or the head of a list that it is an item of.
    """

    told: list[Told] = field(default_factory=list)
    kin: Event | None = None
    lead: Event | None = None
    like: Event | None = None  # told before, of the same sort of deed, with its doer
    prior: Event | None = None  # told right before

    @property
    def sums(self) -> bool:
        """Whether it is the sum of several events rather than one."""
        return any(t.clause.sums for t in self.told)

    @property
    def vague(self) -> bool:
        """Whether it is mere talk of attacks: no toll, no day, no place finer than a province."""
        if self.tolls() or self.days() or any(p.rank < 2 for p in self.spots()):
            return False
        return all(d.plural or d.definite or d.weak for c in self.clauses for d in c.deeds)

    @property
    def many(self) -> bool:
        """Whether its own words tell of several deeds: 'attacks that X launched'."""
        first = next((t.clause for t in self.told if t.clause.strong), None)
        return first is not None and all(d.plural for d in first.strong)

    @property
    def clauses(self) -> list[Clause]:
        """Its clauses in the order of the report, the title first."""
        return [t.clause for t in self.told]

    def spots(self) -> list[Located]:
        """Every likely place; where a fine one is known the coarse ones are left out."""
        rows = [p for t in self.told for p in [t.spot] if p]
        fine = [p for p in rows if p.rank == 0]
        return fine or rows

    def days(self) -> list[DateRef]:
        """Every date."""
        return [d for t in self.told for d in [t.day] if d]

    def tolls(self) -> list[Toll]:
        """Every figure."""
        return [x for t in self.told for x in t.clause.tolls]

    def actions(self) -> list[str]:
        """Strong actions first, in order."""
        text = [t for t in self.told if t.clause.field == "text"] or self.told
        strong = [d.action for t in text for d in t.clause.deeds if not d.weak]
        return strong or [d.action for t in self.told for d in t.clause.deeds]

    def agents(self) -> set[str]:
        """Top codes of those who did it."""
        return {c.split("/")[0] for t in self.told for c, _, _ in t.clause.agents}

    def targets(self) -> set[str]:
        """Top codes of those whom it hit."""
        return {c.split("/")[0] for t in self.told for c, _, _ in t.clause.targets}
