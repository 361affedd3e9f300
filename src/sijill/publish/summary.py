"""What a brief counts: one walk over the incidents of a period and of the one before it."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sijill.incidents import Figure, Incident
from sijill.publish.columns import UNTOLD, day, sums
from sijill.publish.period import Period

T = TypeVar("T")

DEADLIEST = 10
"""How many of the deadliest incidents a brief tells of, and at most how many revised tolls."""

NOWHERE = ""
"""The governorate of what has none."""


@dataclass(slots=True)
class Count:
    """What was counted. `killed` and its kin are best figures; None where nothing is told."""

    incidents: int = 0
    killed: int | None = None
    civilians: int | None = None
    wounded: int | None = None
    reviewed: int = 0

    def add(self, incident: Incident) -> None:
        """Counts an incident."""
        tolls, civilians = sums(incident.tolls)
        self.incidents += 1
        self.reviewed += incident.reviewed
        self.killed = plus(self.killed, best(tolls.get("killed", UNTOLD)))
        self.civilians = plus(self.civilians, best(civilians))
        self.wounded = plus(self.wounded, best(tolls.get("wounded", UNTOLD)))


def best(three: Sequence[int | None]) -> int | None:
    """The best figure, else the lowest; None where nothing is told."""
    return three[1] if three[1] is not None else three[0]


def plus(one: int | None, other: int | None) -> int | None:
    """The sum of what is told."""
    return one if other is None else (one or 0) + other


@dataclass(slots=True)
class Revision:
    """A toll that later reports changed: the first figure, the best one, and all in between."""

    incident: Incident
    first: int
    best: int
    figures: list[Figure]


@dataclass(slots=True)
class Summary:
    """Everything that a brief tells in numbers."""

    period: Period
    total: Count = field(default_factory=Count)
    earlier: Count = field(default_factory=Count)
    places: dict[str, Count] = field(default_factory=dict)
    places_before: dict[str, Count] = field(default_factory=dict)
    groups: dict[str, Count] = field(default_factory=dict)
    days: Counter[date] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    deadliest: list[Incident] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    undated: int = 0


def happened(incident: Incident) -> bool:
    """Did it happen, as far as anybody still says so?"""
    return incident.status == "reported" and incident.standing not in ("denied", "retracted")


class Summer:
    """Sums up a period, incident by incident. Memory grows with governorates and groups, not with
    incidents."""

    def __init__(self, period: Period) -> None:
        self.out, self.before = Summary(period), period.before()
        self._deadly: list[tuple[int, str, Incident]] = []
        self._revised: list[tuple[int, str, Revision]] = []

    def add(self, incident: Incident) -> None:
        """Takes an incident into account: one of the period, of the one before, or of neither."""
        if not happened(incident):
            return
        out, period, before = self.out, self.out.period, self.before
        first, last = day(incident.start), day(incident.end)
        if first is None or last is None:
            out.undated += 1
        elif period.first <= first and last <= period.last:
            self._inside(incident, first, last)
        elif before.first <= first and last <= before.last:
            out.earlier.add(incident)
            out.places_before.setdefault(_governorate(incident), Count()).add(incident)
        elif first <= period.last and last >= period.first:
            out.undated += 1

    def _inside(self, incident: Incident, first: date, last: date) -> None:
        """Counts an incident of the period."""
        _count(self.out, incident, first, last)
        killed = best(sums(incident.tolls)[0].get("killed", UNTOLD)) or 0
        if killed:
            _keep(self._deadly, (killed, incident.id, incident))
        change = revision(incident)
        if change:
            _keep(self._revised, (abs(change.best - change.first), incident.id, change))

    def done(self) -> Summary:
        """The summary of all that was added."""
        out = self.out
        out.deadliest = [one for _, _, one in sorted(self._deadly, key=lambda row: (-row[0], row[1]))]
        out.revisions = [one for _, _, one in sorted(self._revised, key=lambda row: (-row[0], row[1]))]
        return out


def summarise(incidents: Iterable[Incident], period: Period) -> Summary:
    """The counts of a period."""
    summer = Summer(period)
    for incident in incidents:
        summer.add(incident)
    return summer.done()


def _keep(heap: list[tuple[int, str, T]], row: tuple[int, str, T]) -> None:
    """Keeps the largest rows; ids are unique, so that nothing but number and id is compared."""
    if len(heap) < DEADLIEST:
        heapq.heappush(heap, row)
    else:
        heapq.heappushpop(heap, row)


def _count(out: Summary, incident: Incident, first: date, last: date) -> None:
    """Counts an incident of the period."""
    out.total.add(incident)
    out.places.setdefault(_governorate(incident), Count()).add(incident)
    for code in dict.fromkeys(code.split("/")[0] for code in incident.actors):
        out.groups.setdefault(code, Count()).add(incident)
    if incident.actors:
        out.sources.update(incident.sources or incident.outlets)
    if first == last:
        out.days[first] += 1


def _governorate(incident: Incident) -> str:
    """The governorate of an incident, its country where there is none."""
    place = incident.place
    return (place.admin1 or place.country or NOWHERE) if place else NOWHERE


def revision(incident: Incident) -> Revision | None:
    """How the toll of killed changed, where a later figure superseded an earlier one."""
    figures = [
        figure
        for toll in incident.tolls
        if toll.outcome == "killed" and not toll.part_of
        for figure in toll.figures
        if figure.low is not None or figure.high is not None
    ]
    if not any(figure.superseded for figure in figures):
        return None
    figures.sort(key=lambda figure: (figure.published or "", figure.received or ""))
    first, now = figures[0], best(sums(incident.tolls)[0].get("killed", UNTOLD))
    start = first.low if first.low is not None else first.high
    if start is None or now is None or start == now:
        return None
    return Revision(incident, start, now, figures)
