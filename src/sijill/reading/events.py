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
    context: bool = False  # named before the deed, in a clause without one
    rank: int = 0  # how coarse what was named is: 0 a site or settlement ... 4 a country


_FAR = 7  # days: what lies further off is no other way to tell the same day
_ANNOUNCED = 9  # units between a verb of saying and its date


@dataclass(slots=True)
class Told:
    """A clause with its places resolved."""

    clause: Clause
    places: list[Located]

    @property
    def spot(self) -> Located | None:
        """The place that most likely is the event's."""
        rows = [p for p in self.places if p.good > 0 and p.place.precision != "country"]
        best = [p for p in rows if p.good == 2]
        return (best or rows or [None])[0]

    @property
    def day(self) -> DateRef | None:
        """The date that the clause gives its event."""
        rows = own_dates(self.clause)
        return rows[0] if rows else None


def own_dates(clause: Clause) -> list[DateRef]:
    """The dates of a clause, the day of an announcement last."""
    rows = [d for d in clause.dates if d.edtf and d.low and not d.since]
    return sorted(rows, key=lambda d: (announced(clause, d), d.rule != "days after the event"))


def announced(clause: Clause, ref: DateRef) -> bool:
    """Whether a date stands right after a verb of saying: 'announced on Friday that ...'."""
    at = next((i for i, u in enumerate(clause.units) if u.date is ref), None)
    if at is None:
        return True
    before = clause.units[max(0, at - _ANNOUNCED) : at]
    return any(u.cues & {"says", "claimed"} for u in before) and not any(u.letter in "EeKT" for u in before if "says" not in u.cues)


@dataclass(slots=True)
class Event:
    """The clauses that tell of one event; `kin` is the one that 'the second' or 'another' follows.

    `lead` is the sum or the head of a list that it is an item of.
    """

    told: list[Told] = field(default_factory=list)
    kin: Event | None = None
    lead: Event | None = None

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
        self._apart = frozenset(map(str, actions["apart"]))  # type: ignore[call-overload]
        self._except = {a: set(others) for a, others in actions["except"].items()}  # type: ignore[attr-defined]
        self._generic = frozenset(map(str, actions["generic"]))  # type: ignore[call-overload]
        self._signs: list[tuple[str, Callable[[Told, Event], float]]] = [
            ("separate", self._separate), ("other_place", self._other_place), ("other_day", self._other_day),
            ("other_toll", self._other_toll), ("other_action", self._other_action), ("other_agent", self._other_agent),
            ("same_place", self._same_place), ("same_toll", self._same_toll), ("same_action", self._same_action),
            ("pointing_back", self._pointing_back), ("result", self._result), ("same_agent", self._same_agent),
            ("same_day", self._same_day), ("revised", self._revised), ("apart", self._stands_apart),
            ("planned", self._planned),
        ]  # fmt: skip

    def judge(self, told: Told, event: Event) -> tuple[float, float]:
        """How much speaks against, and how much for, the clause telling of the event."""
        against = for_it = 0.0
        headline = all(c.field == "title" for c in event.clauses) and told.clause.field == "text"
        for name, sign in self._signs:
            weight = self._weights[name] * sign(told, event)
            if weight > 0:
                against += weight * (self._weights["headline"] if headline and name != "separate" else 1.0)
            else:
                for_it -= weight
        return against, for_it

    def events(self, sentences: list[list[Told]]) -> list[Event]:
        """The events of a report; each inner list holds the clauses of one sentence.

        Clauses of a sentence are gathered first, so that an event is compared with earlier ones
        by all that its sentence says of it.
        """
        events: list[Event] = []
        header: Event | None = None
        for sentence in sentences:
            previous: Event | None = None
            known = len(events)
            for local in self._local(sentence):
                previous = self._settle(local, events, previous)
            for event in events[known:]:
                event.lead = header
            if sentence and sentence[-1].clause.units[-1].letter == ":" and events and events[-1].agents():
                header = events[-1]
        return _without_sums(_without_headlines(events))

    def _local(self, sentence: list[Told]) -> list[Event]:
        """The events that one sentence tells of."""
        local: list[Event] = []
        waiting: list[Told] = []
        for told in sentence:
            if told.clause.habitual:
                continue
            if not told.clause.tells:
                if local and not told.clause.head & {"separate"}:
                    local[-1].told.append(told)
                else:
                    waiting.append(told)
                continue
            joined = _with_context(told, waiting)
            waiting = []
            if local and _only_figures(joined):
                local[-1].told.append(joined)
                continue
            if local:
                against, for_it = self.judge(joined, local[-1])
                if against - for_it < self._weights["new_in_sentence"]:
                    local[-1].told.append(joined)
                    continue
            local.append(Event([joined], local[-1] if local else None))
        return local

    def _settle(self, local: Event, events: list[Event], previous: Event | None) -> Event:
        """Join what a sentence tells to the event it fits best, or let it stand as a new one."""
        w = self._weights
        whole = _merged(local)
        best: tuple[float, Event] | None = None
        for event in events:
            if event is previous or event.sums and whole.clause.strong or event.vague and not Event([whole]).vague:
                continue
            against, for_it = self.judge(whole, event)
            net = for_it - against
            if -net < w["new_across"] and for_it >= w["needed_link"] and (best is None or net > best[0]):
                best = (net, event)
        if best is None and previous is None and events and (self._is_detail(whole) or _only_figures(whole) or _only_recalls(whole)):
            best = (0.0, events[-1])
        if best:
            best[1].told.extend(local.told)
            return best[1]
        if events and local.kin is None and any(d.further or d.action in self._apart for c in local.clauses for d in c.deeds):
            local.kin = events[-1]
        events.append(local)
        return local

    def _is_detail(self, told: Told) -> bool:
        """Neither place nor day nor figure of its own: a detail of what was told last."""
        clause = told.clause
        lone = _own_action(clause) in self._apart and bool(clause.strong)
        return not lone and told.spot is None and told.day is None and not clause.tolls and not clause.cues & {"separate", "foiled", "denied", "planned"}

    # --- signs; each gives 0 (absent) to 1 (plain)

    @staticmethod
    def _separate(told: Told, event: Event) -> float:
        clause = told.clause
        if any(d.further for d in clause.deeds) and told.clause.field == "text":
            return 1.0
        if "separate" not in clause.head:
            own = told.spot or clause.strong
            return (0.3 if own else 0.0) if "again" in clause.head else 0.6 if "retaliates" in clause.head and own else 0.0
        return 1.0 if told.spot or clause.tolls or clause.strong else 0.5

    def _other_place(self, told: Told, event: Event) -> float:
        spot, known = told.spot, event.spots()
        if spot is None or not known:
            return 0.0
        if all(c.field == "title" for c in event.clauses) and any(k.place.admin1 and k.place.admin1 == spot.place.admin1 for k in known):
            return 0.0
        finest = min(k.rank for k in known)
        if spot.rank < 2:
            known = [k for k in known if k.rank < 2 or k.rank == finest]
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
            wide = ("district", "admin1", "region", "country")
            return (a.precision in wide and a.id in self._places.line(b.id)) or (b.precision in wide and b.id in self._places.line(a.id))
        if "admin1" in (a.precision, b.precision) or "region" in (a.precision, b.precision):
            return a.admin1 == b.admin1 or a.admin1 is None or b.admin1 is None
        return False

    @staticmethod
    def _other_day(told: Told, event: Event) -> float:
        day, known = told.day, event.days()
        if day is None or not known or day.low is None or day.high is None:
            return 0.0
        overlap = any(k.low and k.high and k.low <= day.high and day.low <= k.high for k in known)
        far = min((abs((day.low - k.low).days) for k in known if k.low), default=0) > _FAR
        if far and not overlap:
            return 1.0
        loose = announced(told.clause, day) or all(announced(t.clause, k) for t in event.told for k in [t.day] if k)
        return 0.0 if overlap else 0.4 if loose else 1.0

    @staticmethod
    def _same_day(told: Told, event: Event) -> float:
        day, known = told.day, event.days()
        return 1.0 if day and any(k.edtf == day.edtf for k in known) else 0.0

    @staticmethod
    def _other_toll(told: Told, event: Event) -> float:
        for toll in told.clause.tolls:
            rows = [
                t for c in event.clauses for t in c.tolls if t.outcome == toll.outcome and not t.part and not t.earlier
                and not (c.sentence == told.clause.sentence and c.field == told.clause.field and t.other_side(toll))
            ]  # fmt: skip
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

    def _stands_apart(self, told: Told, event: Event) -> float:
        """Displacement, protests and withdrawals are never part of an attack."""
        here = _own_action(told.clause)
        if here is None and (told.day or told.spot):
            here = next((d.action for d in told.clause.strong), None)
        known = {a for c in event.clauses if c.field == "text" for a in [_own_action(c)] if a} or set(event.actions())
        if here is None or not known or here in known:
            return 0.0
        if here in self._apart:
            return 0.0 if self._except.get(here, set()) & known else 1.0
        lone = known & self._apart
        return 1.0 if lone and lone == known and not any(self._except.get(k, set()) & {here} for k in lone) else 0.0

    def _fit(self, a: str, b: str) -> bool:
        return a == b or self._family.get(a, a) == self._family.get(b, b) or frozenset((a, b)) in self._together

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

    def _pointing_back(self, told: Told, event: Event) -> float:
        clause = told.clause
        if "claimed" in clause.cues:
            return 1.0
        known = set(event.actions())
        definite = [d for d in clause.deeds if d.definite and not d.verb]
        violent = not known or any(self._family.get(k) in ("armed", "bomb", "remote", "captive", "execution") for k in known)
        plain = any(d.action in ("armed_assault", "other") for d in definite)
        if definite and told.spot and clause.strong and not clause.strong[0].definite:
            return 0.3
        if plain and violent or any(self._fit(d.action, k) for d in definite for k in known):
            return 1.0
        if definite:
            return 0.3
        if _same_things(clause, event):
            return 0.6
        return 0.6 if "anaphora" in clause.cues else 0.0

    def _result(self, told: Told, event: Event) -> float:
        clause = told.clause
        same_sentence = any(c.sentence == clause.sentence and c.field == clause.field for c in event.clauses)
        first = frozenset().union(*(u.cues for u in clause.units[:2]))
        lead = clause.units[0]
        if same_sentence and (clause.head & {"leads_to", "caused", "took"} or lead.letter == "e" and not lead.joined and not clause.strong):
            return 1.0
        if same_sentence and "relative" in first:
            other = clause.strong and not any(self._fit(d.action, k) for d in clause.strong for k in event.actions())
            return 0.4 if other else 1.0
        return 0.0

    @staticmethod
    def _planned(told: Told, event: Event) -> float:
        """What is announced for later is no part of what happened."""
        ahead = "planned" in told.clause.cues and bool(told.clause.strong) and not told.clause.tolls
        return 1.0 if ahead and not any("planned" in c.cues for c in event.clauses) else 0.0

    @staticmethod
    def _revised(told: Told, event: Event) -> float:
        return 1.0 if any(t.revised for t in told.clause.tolls) and event.tolls() else 0.0


def _only_figures(told: Told) -> bool:
    """A figure by another source, with no deed, place or day of its own, is of what was told before."""
    clause = told.clause
    bare = not clause.deeds and told.spot is None and told.day is None and not clause.head & {"separate", "again"}
    listed = clause.units[0].letter == "-"
    return bare and bool(clause.tolls) and (listed or bool(clause.cues & {"total", "says", "caused", "according"}))


def _only_recalls(told: Told) -> bool:
    """Only deeds spoken of as known ('the strikes'), with no figure, and not both a day and a place."""
    clause = told.clause
    fresh = any(d.verb or not d.definite for d in clause.deeds)
    return bool(clause.deeds) and not fresh and not clause.tolls and not (told.day and told.spot)


def _same_things(clause: Clause, event: Event) -> bool:
    """'the buses' after 'three buses': a thing of the event named again."""
    here = {u.form.stem for u in clause.units if u.letter in "OW" and u.form.article}
    known = {u.form.stem for c in event.clauses for u in c.units if u.letter in "OW" and not u.form.article}
    return bool(here & known)


def _own_action(clause: Clause) -> str | None:
    """The action that a clause is about: its first strong deed that points to nothing before."""
    fresh = [d.action for d in clause.strong if d.verb or not d.definite]
    if any(t.outcome == "displaced" for t in clause.tolls):
        return "displacement"
    return fresh[0] if fresh else None


def _same_name(a: Place, b: Place) -> bool:
    return a.name == b.name or a.id is not None and a.id == b.id


def _with_context(told: Told, waiting: list[Told]) -> Told:
    """'In Kirkuk, yesterday, ...': what stood before without a deed belongs to the deed."""
    clause = told.clause
    for before in reversed(waiting):
        clause.dates = [*clause.dates, *before.clause.dates]
        clause.cues |= before.clause.cues & {"separate", "background", "topic"}
        clause.head |= before.clause.head & {"separate", "background"}
        clause.speakers = [*before.clause.speakers, *clause.speakers]
        clause.agents = [*before.clause.agents, *clause.agents]
        clause.weapons = [*before.clause.weapons, *clause.weapons]
        for located in before.places:
            located.context = True
        if told.spot is None:
            told.places = [*before.places, *told.places]
        else:
            told.places = [*told.places, *before.places]
    return told


def _merged(event: Event) -> Told:
    """All that one sentence says of an event, as one clause."""
    first = event.told[0].clause
    clause = Clause(first.field, first.sentence, first.first, event.told[-1].clause.last, first.units, first.head, first.cues)
    for told in event.told:
        other = told.clause
        clause.cues |= other.cues
        for name in ("deeds", "tolls", "chains", "dates", "agents", "targets", "backers", "speakers", "accused", "objects", "weapons"):
            getattr(clause, name).extend(getattr(other, name))
        clause.claimant = clause.claimant or other.claimant
    return Told(clause, [p for t in event.told for p in t.places])


def _without_sums(events: list[Event]) -> list[Event]:
    """A sum over several events is dropped where two of them are told; it gives them its day."""
    sums = [e for e in events if e.sums or _adds_up(e, events)]
    single = [e for e in events if e not in sums]
    kept = [e for e in sums if sum(_inside(s, e) for s in single) < 2]
    gone = [e for e in sums if e not in kept]
    for event in single:
        event.lead = event.lead or next((e for e in gone if e.agents()), None)
        days = [t.day for e in gone for t in e.told if t.day and t.clause.field == event.told[0].clause.field]
        if days and not event.days() and not event.told[0].clause.head & {"background"}:
            event.told[0].clause.dates.append(days[0])
    return [e for e in events if e not in gone]


def _adds_up(event: Event, events: list[Event]) -> bool:
    """Whether several deeds told as one have the toll of the others together."""
    dead = [t.group.low for t in event.tolls() if t.outcome == "killed" and not t.part and t.group.low]
    rest = [
        t.group.low for e in events if e is not event
        for t in e.tolls() if t.outcome == "killed" and not t.part and t.group.low
    ]  # fmt: skip
    return (event.many or event is events[0]) and len(rest) >= 2 and bool(dead) and dead[0] == sum(rest)


def _inside(event: Event, whole: Event) -> bool:
    """Whether an event lies in the governorate that a sum speaks of; a sum without place holds all."""
    here, there = event.spots(), whole.spots()
    if not there:
        return True
    return any(a.place.admin1 == b.place.admin1 and a.place.name != b.place.name for a in here for b in there)


def _without_headlines(events: list[Event]) -> list[Event]:
    """A title that no sentence took up is dropped where the text tells events of its own."""
    told = [e for e in events if any(c.field == "text" for c in e.clauses)]
    return told or events


__all__ = ["Counter", "Event", "Linker", "Located", "Told"]
