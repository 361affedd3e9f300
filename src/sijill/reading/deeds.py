"""What was done: the action of an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sijill.reading.clauses import Deed
from sijill.reading.events import Event

_AIRCRAFT = (
    "\u0637\u0627\u064a\u0631",
    "\u0637\u064a\u0631\u0627\u0646",
    "\u0645\u0642\u0627\u062a\u0644\u0627\u062a",
)
_FOUND = frozenset({"weapons_seizure", "abduction"})
"""What the words around a body that was found may be read as."""


class Deeds:
    """Chooses the action that an event is filed under, by the lists of `data/actions.yaml`."""

    def __init__(self, actions: Mapping[str, Any]) -> None:
        self._actions = actions
        self._order = {a: n for n, a in enumerate(actions["order"])}

    def action(self, event: Event) -> tuple[str, bool]:
        """The action, and whether a word for a deed stands for it."""
        text = [c for c in event.clauses if c.field == "text"] or event.clauses
        strong = [d for c in event.clauses for d in c.deeds if not d.weak]
        weak = [d for c in event.clauses for d in c.deeds if d.weak]
        fresh = [d for d in strong if d.verb or not d.definite]
        if event.kin and not fresh and (weak or strong):
            action, certain = self.action(event.kin)
            if certain:
                return action, True
        taken = any(
            "taken_before" in c.cues or any("taken_before" in u.cues for u in c.units) for c in event.clauses
        )
        if any(t.rule == "bodies" for t in event.tolls()) and (
            taken or all(d.action in _FOUND for d in [*strong, *weak])
        ):
            return "execution", True
        if strong:
            lead = next((c for c in text if any(d.verb or not d.definite for d in c.strong)), None) or next(
                (c for c in text if c.strong), None
            )
            told = lead.strong if lead else []
            first = [d.action for d in told if d.verb or not d.definite] or [d.action for d in told]
            late = [d.action for d in fresh if d.action in self._actions["late"]]
            names = first + late if first else [d.action for d in strong]
            if told and all(_entering(d) for d in told):
                others = [d.action for d in fresh if not _entering(d) and d.action != "withdrawal"]
                dead = any(t.outcome == "killed" for t in event.tolls())
                names = others or (["armed_assault"] if dead else names)
            if _opened_by_bomb(strong):
                return "armed_assault", True
            action = self._choose(names, [d.action for d in weak])
            shot = any(d.weapons for d in weak) and any(
                t.outcome in ("killed", "wounded") for t in event.tolls()
            )
            shot |= "armed_assault" in names and bool(event.tolls())
            if action == "sweep" and _blown_up(event):
                return "ied", True
            return ("armed_assault" if action == "protest" and shot else action), True
        if event.kin and not any(d.action != "armed_assault" for c in event.clauses for d in c.deeds):
            action, certain = self.action(event.kin)
            if certain and weak:
                return action, True
        if weak:
            action = self._choose([d.action for d in weak], [])
            worn = action == "suicide_bombing" and all("suicide_vest" in d.weapons for d in weak)
            if worn and event.agents() - {"IS", "UNKNOWN"}:
                action = "armed_assault"  # who wore vests was killed before he could use them
            if action == "weapons_seizure" and any(t.outcome == "killed" for t in event.tolls()):
                return "armed_assault", True  # somebody found dead
            return action, any("weapons" in w or True for d in weak for w in d.weapons) or any(
                d.verb for d in weak
            )
        for toll in event.tolls():
            by = self._actions["by_outcome"].get(toll.outcome)
            if by:
                return str(by), True
        return "armed_assault", False

    def _choose(self, names: list[str], weak: list[str]) -> str:
        """The most telling of the actions named; plain words give way to plainer ones."""
        generic = set(self._actions["generic"])
        plain = [n for n in names if n not in generic]
        if "armed_assault" in names and names[0] != "arson_looting":
            plain = [n for n in plain if n != "arson_looting"]
        if not plain:
            if "ied" in names or "ied" in weak:
                return "ied"
            return "armed_assault" if "armed_assault" in names else names[0]
        if "clash" in plain and "armed_assault" in names and len(set(plain)) == 1:
            return "armed_assault"
        return min(plain[:4], key=lambda n: self._order.get(n, 99))

    def refined(self, action: str, event: Event, casualties: list[Any], actors: list[str]) -> str:
        """A bomb with a vehicle is a vehicle bomb; a chosen victim makes an assassination."""
        if action in ("shelling", "armed_assault") and _flown(event):
            return "air_strike"
        outcomes = {c.outcome for c in casualties}
        if action == "arrest" and "killed" in outcomes and "arrested" not in outcomes:
            return "armed_assault"  # a raid that took nobody
        named = [d.action for c in event.clauses for d in c.deeds]
        if action == "abduction" and "killed" in outcomes and "armed_assault" in named:
            return "armed_assault"
        if action == "arrest" and actors and set(actors) <= set(self._actions["abductors"]):
            return "abduction"
        weapons = {w for c in event.clauses for d in c.deeds for w in d.weapons}
        weapons |= {w for c in event.clauses for w, _ in c.weapons} if action == "other" else set()
        if action in ("shelling", "armed_assault") and any(a.endswith("/AIR") for a in actors):
            return "air_strike"
        if action in ("ied", "other") and "vehicle" in weapons:
            return "vehicle_bomb"
        if action == "other" and weapons & {"ied", "mine"}:
            return "ied"
        if action == "other" and any(d.action == "suicide_bombing" for c in event.clauses for d in c.deeds):
            return "suicide_bombing"
        chosen = set(self._actions["chosen"])
        killed = [c for c in casualties if c.outcome in ("killed", "wounded")]
        if action == "armed_assault" and killed and killed[0].group in chosen and (killed[0].low or 0) == 1:
            return "assassination"
        return action


def _opened_by_bomb(strong: list[Deed]) -> bool:
    """An assault that a car bomb opens and fighting follows."""
    kinds = [d.action for d in strong if not d.definite]
    assault = any(d.action == "armed_assault" and d.verb for d in strong)
    return assault and "clash" in kinds and bool({"vehicle_bomb", "suicide_bombing"} & set(kinds))


def _flown(event: Event) -> bool:
    """Aircraft did it: 'Israeli warplanes', 'the American air force'."""
    for clause in event.clauses:
        for _, unit, _ in clause.agents:
            at = next((i for i, u in enumerate(clause.units) if u is unit), 0)
            named = [unit, *(clause.units[at - 1 : at] if unit.letter == "a" else [])]
            if any(u.form.stem.startswith(_AIRCRAFT) for u in named):
                return True
    return False


def _blown_up(event: Event) -> bool:
    """A bomb or mine hurt those who searched."""
    return any(
        any(d.action == "ied" and not d.definite for d in c.deeds)
        and any(t.outcome in ("killed", "wounded") for t in c.tolls)
        for c in event.clauses
    )


def _entering(deed: Deed) -> bool:
    """Going into a place: a capture only where nothing else was done there."""
    verb = deed.unit.get("act_verb")
    return deed.action == "capture_territory" and verb is not None and "weak" in verb.role


__all__ = ["Deeds"]
