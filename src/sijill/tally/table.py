"""Incidents held in columns, so that a million of them are counted in a fraction of a second.

table = Table.of(incidents)            # built once
mask = table.select(parse("place=SY09 actor=IS"))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.incidents import Incident, Toll

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]

NEVER = int(np.iinfo(np.int32).min)
"""The day of what has none."""
UNTOLD = -1
"""A figure that nobody told."""

_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: str | None) -> int:
    """Days since 1970-01-01 of an ISO day; NEVER of None."""
    return date.fromisoformat(day[:10]).toordinal() - _EPOCH if day else NEVER


def iso(number: int) -> str:
    """The ISO day of a day number."""
    return date.fromordinal(int(number) + _EPOCH).isoformat()


def top(code: str) -> str:
    """The group that a code is a part of: `SY-GOV/NDF` gives `SY-GOV`."""
    return code.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Coded:
    """One word an incident: numbers into `words`; -1 where there is none. Shape (n,)."""

    codes: Ints
    words: list[str]

    def among(self, wanted: Collection[str]) -> Mask:
        """Which incidents have one of the wanted words."""
        return _known(self.words, lambda word: word in wanted)[self.codes]


@dataclass(frozen=True, slots=True)
class Listed:
    """Any number of words an incident: those of incident i are `codes[offsets[i]:offsets[i + 1]]`."""

    offsets: NDArray[np.int64]
    codes: Ints
    words: list[str]

    def among(self, wanted: Collection[str], *, groups: bool = False) -> Mask:
        """Which incidents have one of the wanted words; a part counts for its group where asked."""
        fits = _known(self.words, lambda word: word in wanted or (groups and top(word) in wanted))
        hits = np.concatenate(([0], np.cumsum(fits[self.codes])))
        return np.asarray(hits[self.offsets[1:]] > hits[self.offsets[:-1]])


@dataclass(frozen=True, slots=True)
class Tolls:
    """One row a toll: the incident's number, outcome, group, low, best, high (UNTOLD: not told), part."""

    incident: Ints
    outcome: Ints
    group: Ints
    low: Ints
    best: Ints
    high: Ints
    part: Mask
    outcomes: list[str]
    groups: list[str]


def _known(words: list[str], fits: Callable[[str], bool]) -> Mask:
    """For each word whether it fits, and at the end False for 'none', which is number -1."""
    return np.array([*map(fits, words), False], dtype=bool)


_SINGLE: tuple[tuple[str, Callable[[Incident], str | None]], ...] = (
    ("action", lambda incident: incident.action),
    ("status", lambda incident: incident.status),
    ("standing", lambda incident: incident.standing),
    ("admin1", lambda incident: incident.place.admin1 if incident.place else None),
    ("admin2", lambda incident: incident.place.admin2 if incident.place else None),
    ("country", lambda incident: incident.place.country if incident.place else None),
    ("place", lambda incident: incident.place.name if incident.place else None),
    ("place_id", lambda incident: incident.place.id if incident.place else None),
    ("precision", lambda incident: incident.place.precision if incident.place else None),
)
_MANY: tuple[tuple[str, Callable[[Incident], Iterable[str]]], ...] = (
    ("actors", lambda incident: incident.actors),
    ("targets", lambda incident: incident.targets),
    ("weapons", lambda incident: incident.weapons),
    ("sources", lambda incident: incident.sources),
    ("outlets", lambda incident: incident.outlets),
)
_DAYS: tuple[tuple[str, Callable[[Incident], str | None]], ...] = (
    ("start", lambda incident: incident.start),
    ("end", lambda incident: incident.end),
    ("published", lambda incident: incident.first_published),
    ("last_published", lambda incident: incident.last_published),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Incidents in columns. `one` and `many` hold words as numbers, `days` day numbers."""

    ids: Sequence[str]
    one: dict[str, Coded]
    many: dict[str, Listed]
    days: dict[str, Ints]
    tolls: Tolls
    reviewed: Mask
    bloodless: Mask
    _sums: dict[tuple[str, tuple[str, ...]], Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, incidents: Iterable[Incident]) -> Table:
        """The columns of incidents, in their order."""
        maker = _Maker()
        for incident in incidents:
            maker.add(incident)
        return maker.table()

    def ids_of(self, rows: Mask) -> list[str]:
        """The ids of the incidents of a mask."""
        return [self.ids[row] for row in np.flatnonzero(rows).tolist()]

    def select(self, asked: Filter) -> Mask:
        """Which incidents a filter takes: the same as `asked.fits` of each. Shape (n,)."""
        mask = np.ones(len(self), dtype=bool)
        if asked.since or asked.until:
            mask &= self.in_time(asked.since, asked.until)
        if asked.reviewed is not None:
            mask &= self.reviewed == asked.reviewed
        for name, wanted in (
            ("action", asked.action),
            ("status", asked.status),
            ("standing", asked.standing),
        ):
            if wanted:
                mask &= self.one[name].among(wanted)
        for name, wanted in (("actors", asked.actor), ("targets", asked.target)):
            if wanted:
                mask &= self.many[name].among(wanted, groups=True)
        if asked.weapon:
            mask &= self.many["weapons"].among(asked.weapon)
        if asked.source:
            mask &= self.many["sources"].among(asked.source) | self.many["outlets"].among(asked.source)
        if asked.place:
            mask &= self.placed_in(asked.place)
        if asked.outcome:
            mask &= self._with_outcome(asked.outcome)
        return mask

    def in_time(self, since: str | None, until: str | None) -> Mask:
        """Which incidents' days overlap a window, both ends inclusive."""
        start, end = self.days["start"], self.days["end"]
        mask = np.asarray((start != NEVER) & (end != NEVER))
        if since:
            mask &= end >= day_number(since)
        if until:
            mask &= start <= day_number(until)
        return mask

    def within(self, since: str | None, until: str | None) -> Mask:
        """Which incidents' days lie wholly in a window, both ends inclusive."""
        start, end = self.days["start"], self.days["end"]
        mask = np.asarray((start != NEVER) & (end != NEVER))
        if since:
            mask &= start >= day_number(since)
        if until:
            mask &= end <= day_number(until)
        return mask

    def placed_in(self, wanted: Collection[str]) -> Mask:
        """Which incidents' place has one of the wanted names or codes, at any level."""
        mask = np.zeros(len(self), dtype=bool)
        for name in ("place", "place_id", "admin1", "admin2", "country"):
            mask |= self.one[name].among(wanted)
        return mask

    def place_words(self) -> set[str]:
        """Every name and code by which a place of the table may be asked for."""
        names = ("place", "place_id", "admin1", "admin2", "country")
        return {word for name in names for word in self.one[name].words}

    def _with_outcome(self, wanted: Collection[str]) -> Mask:
        mask = np.zeros(len(self), dtype=bool)
        rows = _known(self.tolls.outcomes, lambda word: word in wanted)[self.tolls.outcome]
        mask[self.tolls.incident[rows]] = True
        return mask


class _Words:
    """Numbers for words, in the order of their first coming."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.codes: list[int] = []

    def add(self, word: str | None) -> None:
        """Puts the number of a word at the end; -1 for none."""
        self.codes.append(-1 if word is None else self.numbers.setdefault(word, len(self.numbers)))

    def array(self) -> Ints:
        """The numbers."""
        return np.array(self.codes, dtype=np.int32)

    def words(self) -> list[str]:
        """The words by number."""
        return list(self.numbers)


class _Maker:
    """Collects columns, incident by incident."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.one = {name: _Words() for name, _ in _SINGLE}
        self.many = {name: (_Words(), [0]) for name, _ in _MANY}
        self.days: dict[str, list[int]] = {name: [] for name, _ in _DAYS}
        self.outcomes, self.groups = _Words(), _Words()
        self.figures: list[tuple[int, int, int, int, bool]] = []
        self.flags: list[tuple[bool, bool]] = []
        self._known_days: dict[str | None, int] = {None: NEVER}

    def add(self, incident: Incident) -> None:
        """Takes in one incident."""
        number = len(self.ids)
        self.ids.append(incident.id)
        for name, get in _SINGLE:
            self.one[name].add(get(incident))
        for name, get_many in _MANY:
            words, offsets = self.many[name]
            for word in dict.fromkeys(get_many(incident)):
                words.add(word)
            offsets.append(len(words.codes))
        for name, get in _DAYS:
            self.days[name].append(self._day(get(incident)))
        for toll in incident.tolls:
            self._toll(number, toll)
        self.flags.append((incident.reviewed, incident.no_casualties))

    def _day(self, day: str | None) -> int:
        found = self._known_days.get(day)
        if found is None:
            try:
                found = self._known_days[day] = day_number(day)
            except ValueError:
                told = f"incident {self.ids[-1]}: {day!r} is no day"
                raise UsageError(f"{told}; write days as 2024-03-24") from None
        return found

    def _toll(self, number: int, toll: Toll) -> None:
        self.outcomes.add(toll.outcome)
        self.groups.add(toll.group)
        best = toll.best if toll.best is not None else toll.low
        figures = [UNTOLD if value is None else value for value in (toll.low, best, toll.high)]
        self.figures.append((number, figures[0], figures[1], figures[2], toll.part_of))

    def table(self) -> Table:
        """The columns."""
        cells = np.array(self.figures, dtype=np.int32).reshape(-1, 5)
        flags = np.array(self.flags, dtype=bool).reshape(-1, 2)
        tolls = Tolls(
            incident=cells[:, 0].copy(), outcome=self.outcomes.array(), group=self.groups.array(),
            low=cells[:, 1].copy(), best=cells[:, 2].copy(), high=cells[:, 3].copy(),
            part=cells[:, 4].astype(bool), outcomes=self.outcomes.words(), groups=self.groups.words(),
        )  # fmt: skip
        return Table(
            ids=self.ids,
            one={name: Coded(words.array(), words.words()) for name, words in self.one.items()},
            many={
                name: Listed(np.array(offsets, dtype=np.int64), words.array(), words.words())
                for name, (words, offsets) in self.many.items()
            },
            days={name: np.array(days, dtype=np.int32) for name, days in self.days.items()},
            tolls=tolls,
            reviewed=flags[:, 0].copy(),
            bloodless=flags[:, 1].copy(),
        )
