"""Clauses -> events: which clauses of a report tell of one event, and which of another.

Every pairing of a clause with an event is judged by a small table of signs, each with a weight:
signs that they differ (another place, another day, 'in a separate incident') against signs that
they belong together ('the attack', the same place, the same figures). The weights are in
`data/linking.yaml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sijill.arabic.dates import DateRef
from sijill.reading.clauses import Clause
from sijill.reading.places import PlaceReader
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
    whole: bool = False


@dataclass(slots=True)
class Told:
    """A clause with its places resolved."""

    clause: Clause
    places: list[Located]

    @property
    def spot(self) -> Located | None:
        """The place that most likely is the event's."""
        rows = [p for p in self.places if p.good and p.place.precision != "country"]
        best = [p for p in rows if p.good == 2]
        return (best or rows or [None])[0]

    @property
    def day(self) -> DateRef | None:
        """The date that the clause gives its event."""
        rows = [d for d in self.clause.dates if d.edtf and not d.since]
        return rows[0] if rows else None


@dataclass(slots=True)
class Event:
    """The clauses that tell of one event."""

    told: list[Told] = field(default_factory=list)

    @property
    def clauses(self) -> list[Clause]:
        """Its clauses in the order of the report, the title first."""
        return [t.clause for t in self.told]

    def spots(self) -> list[Located]:
        """Every likely place."""
        return [p for t in self.told for p in [t.spot] if p]

    def days(self) -> list[DateRef]:
        """Every date."""
        return [d for t in self.told for d in [t.day] if d]

    def tolls(self) -> list[Toll]:
        """Every figure."""
        return [x for t in self.told for x in t.clause.tolls]

    def actions(self) -> list[str]:
        """Strong actions first, in order."""
        strong = [d.action for t in self.told for d in t.clause.deeds if not d.weak]
        return strong or [d.action for t in self.told for d in t.clause.deeds]

    def agents(self) -> set[str]:
        """Top codes of those who did it."""
        return {c.split("/")[0] for t in self.told for c, _, _ in t.clause.agents}

    def targets(self) -> set[str]:
        """Top codes of those whom it hit."""
        return {c.split("/")[0] for t in self.told for c, _, _ in t.clause.targets}


class Linker:
    """Decides which clauses belong to which event."""

    def __init__(self, weights: Mapping[str, float], actions: Mapping[str, object], places: PlaceReader) -> None:
        self._weights = weights
        self._places = places
        families = actions["families"]
        together = actions["together"]
        assert isinstance(families, dict)
        assert isinstance(together, dict)
        self._family = {a: f for f, members in families.items() for a in members}
        self._together = {frozenset((a, b)) for a, others in together.items() for b in others}
        self._generic = frozenset(map(str, actions["generic"]))  # type: ignore[call-overload]
        self._signs: list[tuple[str, Callable[[Told, Event], float]]] = [
            ("separate", self._separate), ("other_place", self._other_place), ("other_day", self._other_day),
            ("other_toll", self._other_toll), ("other_action", self._other_action), ("other_agent", self._other_agent),
            ("same_place", self._same_place), ("same_toll", self._same_toll), ("same_action", self._same_action),
            ("pointing_back", self._pointing_back), ("result", self._result), ("same_agent", self._same_agent),
            ("same_day", self._same_day), ("revised", self._revised),
        ]  # fmt: skip

    def judge(self, told: Told, event: Event) -> tuple[float, float]:
        """How much speaks against, and how much for, the clause telling of the event."""
        against = for_it = 0.0
        for name, sign in self._signs:
            weight = self._weights[name] * sign(told, event)
            if weight > 0:
                against += weight
            else:
                for_it -= weight
        return against, for_it

    def events(self, sentences: list[list[Told]]) -> list[Event]:
        """The events of a report; each inner list holds the clauses of one sentence."""
        events: list[Event] = []
        for sentence in sentences:
            current: Event | None = None
            waiting: list[Told] = []
            for told in sentence:
                if not told.clause.tells:
                    if current is None or told.clause.head & {"separate"}:
                        waiting.append(told)
                    else:
                        current.told.append(told)
                    continue
                joined = _with_context(told, waiting)
                waiting = []
                current = self._place_in(joined, current, events)
        return events

    def _place_in(self, told: Told, current: Event | None, events: list[Event]) -> Event:
        w = self._weights
        if current is not None:
            against, for_it = self.judge(told, current)
            if against - for_it < w["new_in_sentence"]:
                current.told.append(told)
                return current
        best: tuple[float, Event] | None = None
        for event in events:
            if event is current:
                continue
            against, for_it = self.judge(told, event)
            net = for_it - against
            if against - for_it < w["new_across"] and for_it >= w["needed_link"] and (best is None or net >= best[0]):
                best = (net, event)
        if best:
            best[1].told.append(told)
            return best[1]
        if current is None and events and self._is_detail(told):
            events[-1].told.append(told)
            return events[-1]
        event = Event([told])
        events.append(event)
        return event

    @staticmethod
    def _is_detail(told: Told) -> bool:
        """Neither place nor day nor figure of its own: a detail of what was told last."""
        clause = told.clause
        return told.spot is None and told.day is None and not clause.tolls and not clause.cues & {"separate", "foiled", "denied"}

    # --- signs; each gives 0 (absent) to 1 (plain)

    @staticmethod
    def _separate(told: Told, event: Event) -> float:
        clause = told.clause
        if "separate" not in clause.head:
            return 0.0
        return 1.0 if told.spot or clause.tolls or clause.strong else 0.5

    def _other_place(self, told: Told, event: Event) -> float:
        spot, known = told.spot, event.spots()
        if spot is None or not known:
            return 0.0
        return 0.0 if any(self._related(spot.place, k.place) for k in known) else 1.0

    def _same_place(self, told: Told, event: Event) -> float:
        spot, known = told.spot, event.spots()
        if spot is None or not known:
            return 0.0
        if any(_same_name(spot.place, k.place) for k in known):
            return 1.0
        return 0.5 if any(self._related(spot.place, k.place) for k in known) else 0.0

    def _related(self, a: Place, b: Place) -> bool:
        """One lies in the other, or they share a name."""
        if _same_name(a, b):
            return True
        if a.id and b.id:
            return a.id in self._places.line(b.id) or b.id in self._places.line(a.id)
        if "admin1" in (a.precision, b.precision) or "region" in (a.precision, b.precision):
            return a.admin1 == b.admin1 or a.admin1 is None or b.admin1 is None
        return False

    @staticmethod
    def _other_day(told: Told, event: Event) -> float:
        day, known = told.day, event.days()
        if day is None or not known or day.low is None or day.high is None:
            return 0.0
        overlap = any(k.low and k.high and k.low <= day.high and day.low <= k.high for k in known)
        return 0.0 if overlap else 1.0

    @staticmethod
    def _same_day(told: Told, event: Event) -> float:
        day, known = told.day, event.days()
        return 1.0 if day and any(k.edtf == day.edtf for k in known) else 0.0

    @staticmethod
    def _other_toll(told: Told, event: Event) -> float:
        for toll in told.clause.tolls:
            rows = [t for t in event.tolls() if t.outcome == toll.outcome and not t.part and not t.earlier]
            if toll.part or toll.earlier or toll.group.low is None or not rows or toll.revised:
                continue
            if all(t.group.low is not None and t.group.low != toll.group.low for t in rows):
                return 1.0
        return 0.0

    @staticmethod
    def _same_toll(told: Told, event: Event) -> float:
        known = {(t.outcome, t.group.low) for t in event.tolls() if t.group.low is not None}
        here = {(t.outcome, t.group.low) for t in told.clause.tolls if t.group.low is not None}
        shared = known & here
        if not shared:
            return 0.0
        return 1.0 if any(n and n > 2 for _, n in shared) else 0.4

    def _other_action(self, told: Told, event: Event) -> float:
        here, known = {d.action for d in told.clause.strong}, set(event.actions())
        if not here or not known or here & known:
            return 0.0
        return 0.0 if any(self._fit(a, b) for a in here for b in known) else 1.0

    def _fit(self, a: str, b: str) -> bool:
        return self._family.get(a, a) == self._family.get(b, b) or frozenset((a, b)) in self._together

    def _same_action(self, told: Told, event: Event) -> float:
        here, known = {d.action for d in told.clause.deeds}, set(event.actions())
        if not here or not known:
            return 0.0
        if here & known:
            return 1.0
        return 0.5 if any(self._fit(a, b) for a in here for b in known) else 0.0

    @staticmethod
    def _other_agent(told: Told, event: Event) -> float:
        here = {c.split("/")[0] for c, _, _ in told.clause.agents} - {"UNKNOWN"}
        known = event.agents() - {"UNKNOWN"}
        if not here or not known or here & known:
            return 0.0
        return 1.0

    @staticmethod
    def _same_agent(told: Told, event: Event) -> float:
        here = {c.split("/")[0] for c, _, _ in told.clause.agents}
        return 1.0 if here & event.agents() else 0.0

    @staticmethod
    def _pointing_back(told: Told, event: Event) -> float:
        clause = told.clause
        if any(d.definite and not d.verb for d in clause.deeds) or "claimed" in clause.cues:
            return 1.0
        return 0.6 if "anaphora" in clause.cues else 0.0

    @staticmethod
    def _result(told: Told, event: Event) -> float:
        clause = told.clause
        same_sentence = any(c.sentence == clause.sentence and c.field == clause.field for c in event.clauses)
        if same_sentence and clause.head & {"leads_to", "caused", "took", "relative"}:
            return 1.0
        return 0.0

    @staticmethod
    def _revised(told: Told, event: Event) -> float:
        return 1.0 if any(t.revised for t in told.clause.tolls) and event.tolls() else 0.0


def _same_name(a: Place, b: Place) -> bool:
    return a.name == b.name or a.id is not None and a.id == b.id


def _with_context(told: Told, waiting: list[Told]) -> Told:
    """'In Kirkuk, yesterday, ...': what stood before without a deed belongs to the deed."""
    clause = told.clause
    for before in reversed(waiting):
        clause.dates = [*before.clause.dates, *clause.dates]
        clause.cues |= before.clause.cues
        clause.head |= before.clause.head
        clause.speakers = [*before.clause.speakers, *clause.speakers]
        clause.agents = [*before.clause.agents, *clause.agents]
        clause.weapons = [*before.clause.weapons, *clause.weapons]
        told.places = [*before.places, *told.places] if told.spot is None or _points(before) else told.places
    return told


def _points(before: Told) -> bool:
    """A leading clause that names a place as where the event was, with none in the clause itself."""
    return False if before.spot is None else before.spot.good == 2 and before.spot.place.precision in ("admin1", "region") and False


__all__ = ["Counter", "Event", "Linker", "Located", "Told"]
