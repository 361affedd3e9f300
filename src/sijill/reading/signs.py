"""The signs that a clause and an event tell of the same, or of different things.

Every sign gives 0 (absent) to 1 (plain); the weights are in `data/linking.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sijill.arabic.dates import DateRef
from sijill.reading.clauses import Clause
from sijill.reading.events import Event, Located, Told, announced
from sijill.reading.places import PlaceReader
from sijill.reading.tolls import Toll
from sijill.records import Place

_FAR = 7  # days: what lies further off is no other way to tell the same day


class Known:
    """What is known of an event, gathered once for all the signs of a pairing."""

    __slots__ = ("actions", "agents", "clauses", "days", "spots", "told", "tolls")

    def __init__(self, event: Event) -> None:
        self.told: list[Told] = event.told
        self.clauses: list[Clause] = event.clauses
        self.spots: list[Located] = event.spots()
        self.days: list[DateRef] = event.days()
        self.tolls: list[Toll] = event.tolls()
        self.actions: set[str] = set(event.actions())
        self.agents: set[str] = event.agents()


class Signs:
    """Weighs what speaks for and against a clause telling of an event."""

    def __init__(
        self, weights: Mapping[str, float], actions: Mapping[str, object], places: PlaceReader
    ) -> None:
        self.weights = weights
        self._places = places
        families = actions["families"]
        together = actions["together"]
        assert isinstance(families, dict)
        assert isinstance(together, dict)
        self._family = {a: f for f, members in families.items() for a in members}
        self._together = {frozenset((a, b)) for a, others in together.items() for b in others}
        self.apart = frozenset(map(str, actions["apart"]))  # type: ignore[call-overload]
        self._except = {a: set(others) for a, others in actions["except"].items()}  # type: ignore[attr-defined]
        self._generic = frozenset(map(str, actions["generic"]))  # type: ignore[call-overload]
        self._signs: list[tuple[str, Callable[[Told, Known], float]]] = [
            ("separate", self._separate),
            ("other_place", self._other_place),
            ("other_day", self._other_day),
            ("other_toll", self._other_toll),
            ("other_action", self._other_action),
            ("other_agent", self._other_agent),
            ("same_place", self._same_place),
            ("same_toll", self._same_toll),
            ("same_action", self._same_action),
            ("pointing_back", self._pointing_back),
            ("result", self._result),
            ("same_agent", self._same_agent),
            ("same_day", self._same_day),
            ("revised", self._revised),
            ("apart", self._stands_apart),
            ("planned", self._planned),
        ]

    def judge(self, told: Told, event: Event) -> tuple[float, float]:
        """How much speaks against, and how much for, the clause telling of the event."""
        against = for_it = 0.0
        known = Known(event)
        headline = all(c.field == "title" for c in event.clauses) and told.clause.field == "text"
        for name, sign in self._signs:
            weight = self.weights[name] * sign(told, known)
            if weight > 0:
                against += weight * (self.weights["headline"] if headline and name != "separate" else 1.0)
            else:
                for_it -= weight
        return against, for_it

    # --- signs; each gives 0 (absent) to 1 (plain)

    @staticmethod
    def _separate(told: Told, event: Known) -> float:
        clause = told.clause
        if "claimed" in clause.cues and not clause.tolls and told.spot is None:
            return 0.0  # 'it later claimed the attack'
        if any(d.further for d in clause.deeds) and told.clause.field == "text":
            return 1.0
        if "separate" not in clause.head:
            own = told.spot or clause.strong
            return (
                (0.3 if own else 0.0)
                if "again" in clause.head
                else 0.6
                if "retaliates" in clause.head and own
                else 0.0
            )
        return 1.0 if told.spot or clause.tolls or clause.strong else 0.5

    def _other_place(self, told: Told, event: Known) -> float:
        spot, known = told.spot, event.spots
        if spot is None or not known:
            return 0.0
        if all(c.field == "title" for c in event.clauses) and any(
            k.place.admin1 and k.place.admin1 == spot.place.admin1 for k in known
        ):
            return 0.0
        finest = min(k.rank for k in known)
        if spot.rank < 2:
            known = [k for k in known if k.rank < 2 or k.rank == finest]
        return 0.0 if any(self._related(spot.place, k.place) for k in known) else 1.0

    def _same_place(self, told: Told, event: Known) -> float:
        spot, known = told.spot, event.spots
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
            wide = ("district", "admin1", "region", "country")
            return (a.precision in wide and a.id in self._places.line(b.id)) or (
                b.precision in wide and b.id in self._places.line(a.id)
            )
        if "admin1" in (a.precision, b.precision) or "region" in (a.precision, b.precision):
            return a.admin1 == b.admin1 or a.admin1 is None or b.admin1 is None
        return False

    @staticmethod
    def _other_day(told: Told, event: Known) -> float:
        day, known = told.day, event.days
        if day is None or not known or day.low is None or day.high is None:
            return 0.0
        overlap = any(k.low and k.high and k.low <= day.high and day.low <= k.high for k in known)
        far = min((abs((day.low - k.low).days) for k in known if k.low), default=0) > _FAR
        if far and not overlap:
            return 1.0
        loose = announced(told.clause, day) or all(
            announced(t.clause, k) for t in event.told for k in [t.day] if k
        )
        return 0.0 if overlap else 0.4 if loose else 1.0

    @staticmethod
    def _same_day(told: Told, event: Known) -> float:
        day, known = told.day, event.days
        return 1.0 if day and any(k.edtf == day.edtf for k in known) else 0.0

    @staticmethod
    def _other_toll(told: Told, event: Known) -> float:
        for toll in told.clause.tolls:
            rows = [
                t
                for c in event.clauses
                for t in c.tolls
                if t.outcome == toll.outcome
                and not t.part
                and not t.earlier
                and not (
                    c.sentence == told.clause.sentence and c.field == told.clause.field and t.other_side(toll)
                )
            ]
            if toll.part or toll.earlier or toll.group.low is None or not rows or toll.revised:
                continue
            if all(t.group.low is not None and t.group.low != toll.group.low for t in rows):
                return 1.0
        return 0.0

    @staticmethod
    def _same_toll(told: Told, event: Known) -> float:
        known = {(t.outcome, t.group.low) for t in event.tolls if t.group.low is not None}
        here = {(t.outcome, t.group.low) for t in told.clause.tolls if t.group.low is not None}
        shared = known & here
        if not shared:
            return 0.0
        return 1.0 if any(n and n > 2 for _, n in shared) else 0.4

    def _other_action(self, told: Told, event: Known) -> float:
        here, known = {d.action for d in told.clause.strong}, event.actions
        if not here or not known or here & known:
            return 0.0
        return 0.0 if any(self._fit(a, b) for a in here for b in known) else 1.0

    def _stands_apart(self, told: Told, event: Known) -> float:
        """Displacement, protests and withdrawals are never part of an attack."""
        here = own_action(told.clause)
        if here is None and (told.day or told.spot):
            here = next((d.action for d in told.clause.strong), None)
        known = {a for c in event.clauses if c.field == "text" for a in [own_action(c)] if a} or set(
            event.actions
        )
        if here is None or not known or here in known:
            return 0.0
        if here in self.apart:
            return 0.0 if self._except.get(here, set()) & known else 1.0
        lone = known & self.apart
        return (
            1.0
            if lone and lone == known and not any(self._except.get(k, set()) & {here} for k in lone)
            else 0.0
        )

    def _fit(self, a: str, b: str) -> bool:
        return (
            a == b or self._family.get(a, a) == self._family.get(b, b) or frozenset((a, b)) in self._together
        )

    def _same_action(self, told: Told, event: Known) -> float:
        here, known = {d.action for d in told.clause.deeds}, event.actions
        if not here or not known:
            return 0.0
        if here & known:
            return 1.0
        return 0.5 if any(self._fit(a, b) for a in here for b in known) else 0.0

    @staticmethod
    def _other_agent(told: Told, event: Known) -> float:
        here = {c.split("/")[0] for c, _, _ in told.clause.agents} - {"UNKNOWN"}
        known = event.agents - {"UNKNOWN"}
        if not here or not known or here & known:
            return 0.0
        return 1.0

    @staticmethod
    def _same_agent(told: Told, event: Known) -> float:
        here = {c.split("/")[0] for c, _, _ in told.clause.agents}
        return 1.0 if here & event.agents else 0.0

    def _pointing_back(self, told: Told, event: Known) -> float:
        clause = told.clause
        if "claimed" in clause.cues:
            return 1.0
        known = event.actions
        definite = [d for d in clause.deeds if d.definite and not d.verb]
        violent = not known or any(
            self._family.get(k) in ("armed", "bomb", "remote", "captive", "execution") for k in known
        )
        plain = any(d.action in ("armed_assault", "other") for d in definite)
        fresh = [d for d in clause.strong if not d.definite]
        counted = any(t.group.low is not None for t in clause.tolls)
        if definite and told.spot and fresh and (counted or not clause.strong[0].definite):
            return 0.3
        if (plain and violent) or any(self._fit(d.action, k) for d in definite for k in known):
            return 1.0
        if definite:
            return 0.3
        if _same_things(clause, event):
            return 0.6
        return 0.6 if "anaphora" in clause.cues else 0.0

    def _result(self, told: Told, event: Known) -> float:
        clause = told.clause
        same_sentence = any(c.sentence == clause.sentence and c.field == clause.field for c in event.clauses)
        first = frozenset().union(*(u.cues for u in clause.units[:2]))
        lead = clause.units[0]
        if same_sentence and (
            clause.head & {"leads_to", "caused", "took"}
            or (lead.letter == "e" and not lead.joined and not clause.strong)
        ):
            return 1.0
        if same_sentence and "relative" in first:
            other = clause.strong and not any(
                self._fit(d.action, k) for d in clause.strong for k in event.actions
            )
            return 0.4 if other else 1.0
        return 0.0

    @staticmethod
    def _planned(told: Told, event: Known) -> float:
        """What is announced for later is no part of what happened."""
        ahead = "planned" in told.clause.cues and bool(told.clause.strong) and not told.clause.tolls
        return 1.0 if ahead and not any("planned" in c.cues for c in event.clauses) else 0.0

    @staticmethod
    def _revised(told: Told, event: Known) -> float:
        return 1.0 if any(t.revised for t in told.clause.tolls) and event.tolls else 0.0


def _same_things(clause: Clause, event: Known) -> bool:
    """'the buses' after 'three buses': a thing of the event named again."""
    here = {u.form.stem for u in clause.units if u.letter in "OW" and u.form.article}
    known = {u.form.stem for c in event.clauses for u in c.units if u.letter in "OW" and not u.form.article}
    return bool(here & known)


def own_action(clause: Clause) -> str | None:
    """The action that a clause is about: its first strong deed that points to nothing before."""
    fresh = [d.action for d in clause.strong if d.verb or not d.definite]
    if any(t.outcome == "displaced" for t in clause.tolls):
        return "displacement"
    return fresh[0] if fresh else None


def _same_name(a: Place, b: Place) -> bool:
    return a.name == b.name or (a.id is not None and a.id == b.id)


__all__ = ["Signs", "own_action"]
