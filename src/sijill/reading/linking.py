"""Clauses -> events: which clauses of a report tell of one event, and which of another.

Every pairing of a clause with an event is judged by a small table of signs, each with a weight:
signs that they differ (another place, another day, 'in a separate incident') against signs that
they belong together ('the attack', the same place, the same figures).
"""

from __future__ import annotations

from collections.abc import Mapping

from sijill.reading.clauses import Clause
from sijill.reading.events import Event, Told
from sijill.reading.places import PlaceReader
from sijill.reading.signs import Signs, own_action

_AFTER = "\u0628\u0639\u062f"  # after


class Linker:
    """Decides which clauses belong to which event."""

    def __init__(
        self, weights: Mapping[str, float], actions: Mapping[str, object], places: PlaceReader
    ) -> None:
        self._signs = Signs(weights, actions, places)

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
            if len(events) == known and previous is None and events:
                _hear(sentence, events[-1])
            for event in events[known:]:
                event.lead = header
            if sentence and sentence[-1].clause.units[-1].letter == ":" and events and events[-1].agents():
                header = events[-1]
        events = _without_sums(_without_headlines(events))
        _liken(events)
        return events

    def _local(self, sentence: list[Told]) -> list[Event]:
        """The events that one sentence tells of."""
        local: list[Event] = []
        waiting: list[Told] = []
        for told in sentence:
            if told.clause.habitual:
                continue
            if not told.clause.tells:
                if local and ("claimed" in told.clause.cues or not told.clause.head & {"separate"}):
                    local[-1].told.append(told)
                else:
                    waiting.append(told)
                continue
            joined = _with_context(told, waiting)
            waiting = []
            if local and (_only_figures(joined) or _how(joined, local[-1]) or _of_others(joined, local[-1])):
                local[-1].told.append(joined)
                continue
            if local:
                against, for_it = self._signs.judge(joined, local[-1])
                if against - for_it < self._signs.weights["new_in_sentence"]:
                    local[-1].told.append(joined)
                    continue
            local.append(Event([joined], local[-1] if local else None))
        return local

    def _settle(self, local: Event, events: list[Event], previous: Event | None) -> Event:
        """Join what a sentence tells to the event it fits best, or let it stand as a new one."""
        w = self._signs.weights
        whole = _merged(local)
        best: tuple[float, Event] | None = None
        for event in events:
            if (
                event is previous
                or (event.sums and whole.clause.strong)
                or (event.vague and not Event([whole]).vague)
            ):
                continue
            against, for_it = self._signs.judge(whole, event)
            net = for_it - against
            if -net < w["new_across"] and for_it >= w["needed_link"] and (best is None or net > best[0]):
                best = (net, event)
        if (
            best is None
            and previous is None
            and events
            and (
                self._is_detail(whole)
                or _only_figures(whole)
                or _only_recalls(whole)
                or _fills(whole, events[-1])
            )
        ):
            counted = [e for e in events if e.tolls()] if _only_figures(whole) else []
            best = (0.0, (counted or events)[-1])
        if best:
            best[1].told.extend(local.told)
            return best[1]
        if (
            events
            and local.kin is None
            and any(d.further or d.action in self._signs.apart for c in local.clauses for d in c.deeds)
        ):
            local.kin = events[-1]
        events.append(local)
        return local

    def _is_detail(self, told: Told) -> bool:
        """Neither place nor day nor figure of its own: a detail of what was told last."""
        clause = told.clause
        if clause.sums and clause.agents:
            return False  # 'warplanes of another side flew 15 raids'
        lone = own_action(clause) in self._signs.apart and bool(clause.strong)
        return (
            not lone
            and told.spot is None
            and told.day is None
            and not clause.tolls
            and not clause.cues & {"separate", "foiled", "denied", "planned"}
        )


def _only_figures(told: Told) -> bool:
    """A figure by another source, with no deed, place or day of its own, is of what was told before."""
    clause = told.clause
    bare = (
        not clause.deeds
        and told.spot is None
        and told.day is None
        and not clause.head & {"separate", "again"}
    )
    listed = clause.units[0].letter == "-"
    return (
        bare
        and bool(clause.tolls)
        and (listed or bool(clause.cues & {"total", "says", "caused", "according"}))
    )


def _of_others(told: Told, event: Event) -> bool:
    """'and arrested another': more of those counted just before, with no place or day of its own."""
    clause = told.clause
    lone = told.spot is None and told.day is None and clause.units[0].joined and bool(clause.tolls)
    return lone and bool(event.tolls()) and all(t.group.bare and not t.group.code for t in clause.tolls)


def _how(told: Told, event: Event) -> bool:
    """'a man was killed, after gunmen opened fire on him': how it came about."""
    if any(c.deeds for c in event.clauses) or not event.tolls() or told.clause.tolls:
        return False
    first = told.clause.units[0]
    after = first.letter != "D" and (first.form.stem.startswith(_AFTER) or bool(first.cues & {"when"}))
    return after and bool(told.clause.deeds) and not (told.day and event.days())


def _fills(told: Told, event: Event) -> bool:
    """Figures with nothing of their own right after an attack that has none yet are its toll."""
    clause = told.clause
    bare = not clause.deeds and told.spot is None and told.day is None and not clause.head & {"separate"}
    known = {t.outcome for t in event.tolls()}
    fresh = {t.outcome for t in clause.tolls}.isdisjoint(known)
    return bare and bool(clause.tolls) and fresh and any(c.strong for c in event.clauses)


def _liken(events: list[Event]) -> None:
    """Point each event to the last before it of the same kind whose doer is told."""
    for at, event in enumerate(events):
        event.prior = events[at - 1] if at else None
        kinds = set(event.actions())
        event.like = next((e for e in reversed(events[:at]) if e.agents() and kinds & set(e.actions())), None)


def _hear(sentence: list[Told], event: Event) -> None:
    """A sentence that tells only who claimed the last event, or who is blamed for it."""
    blamed = [t for t in sentence if t.clause.claimant or t.clause.accused or _attributed(t.clause)]
    placed = any(t.day or t.spot or t.clause.tolls or t.clause.strong for t in sentence)
    if blamed and not placed:
        event.told.extend(blamed)


def _attributed(clause: Clause) -> bool:
    return any(rule == "attributed to" for _, _, rule in clause.agents)


def _only_recalls(told: Told) -> bool:
    """Only deeds spoken of as known ('the strikes'), with no figure, and not both a day and a place."""
    clause = told.clause
    fresh = any(d.verb or not d.definite for d in clause.deeds)
    return bool(clause.deeds) and not fresh and not clause.tolls and not (told.day and told.spot)


def _with_context(told: Told, waiting: list[Told]) -> Told:
    """'In Kirkuk, yesterday, ...': what stood before without a deed belongs to the deed."""
    clause = told.clause
    for before in reversed(waiting):
        clause.dates = [*clause.dates, *before.clause.dates]
        clause.claimant = clause.claimant or before.clause.claimant
        clause.cues |= before.clause.cues & {"separate", "background", "topic", "claimed"}
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
    clause = Clause(
        first.field,
        first.sentence,
        first.first,
        event.told[-1].clause.last,
        first.units,
        first.head,
        first.cues,
    )
    for told in event.told:
        other = told.clause
        clause.cues |= other.cues
        for name in (
            "deeds",
            "tolls",
            "chains",
            "dates",
            "agents",
            "targets",
            "backers",
            "speakers",
            "accused",
            "objects",
            "weapons",
        ):
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
        t.group.low
        for e in events
        if e is not event
        for t in e.tolls()
        if t.outcome == "killed" and not t.part and t.group.low
    ]
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


__all__ = ["Linker"]
