"""Who did it and to whom: the actors and targets of an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sijill.reading.actors import ActorReader
from sijill.reading.clauses import Clause
from sijill.reading.events import Event
from sijill.reading.figures import Figures
from sijill.reading.frame import Frame
from sijill.reading.scene import Unit

_OWN = ("MEMBER", "MEMBER/LEADER", "MEMBER/ARMY", "MEMBER/ARMY/OFFICER", "MEMBER/POLICE")  # left to the text

_OWN_DOERS = frozenset(
    {"protest", "displacement", "withdrawal", "arrest", "weapons_seizure", "sweep", "other"}
)
"""Actions whose doer is not taken over from the head of a list."""


class Parties:
    """Finds the doers of an event and what the words say was hit."""

    def __init__(self, actors: ActorReader, actions: Mapping[str, Any], figures: Figures) -> None:
        self._actors, self._actions, self._figures = actors, actions, figures

    def doers(self, event: Event, action: str, report: Frame) -> list[str]:
        """Codes of those who did it, at most three: told, claimed, announced, accused or taken over."""
        if action == "clash":
            return self._both_sides(event, report)
        rows: list[str] = []
        for clause in event.clauses:
            if "pursuit" in clause.cues and not clause.tolls and not clause.strong:
                continue
            for code, unit, rule in clause.agents:
                if rule == "carries out" and any(t.rule == "bodies" for t in clause.tolls):
                    continue  # who found the bodies
                if unit.letter == "a" and rows and clause.field == "text":
                    continue
                rows.append(code)
        if not set(rows) - {"UNKNOWN"}:
            rows = [c.claimant for c in event.clauses if c.claimant] or rows
        if not rows and action in ("arrest", "sweep", "weapons_seizure", "capture_territory", "withdrawal"):
            rows = [code for c in event.clauses for code, _ in c.speakers][:1]
        if not rows:
            rows = self._announcer(event, report)
        if not rows:
            accused = distinct([code for c in event.clauses for code, _ in c.accused])
            rows = accused if len(accused) == 1 else []
        if not rows and event.kin and self._inherits(event):
            rows = [code for c in event.kin.clauses for code, _, _ in c.agents][:1]
        if (
            not rows
            and event.lead
            and action not in _OWN_DOERS
            and not event.clauses[0].head & {"background"}
        ):
            rows = [code for c in event.lead.clauses for code, _, _ in c.agents][:1]
        if not rows and action == "sweep":  # an operation 'with the participation of' those who did it
            rows = [code for c in event.clauses for code, _, _ in c.backers]
        helped = rows and action != "clash" and not any("foiled" in c.cues for c in event.clauses)
        backers = [code for c in event.clauses for code, _, _ in c.backers] if helped else []
        if action == "protest" or (action == "arson_looting" and not rows and _crowd(event)):
            return ["CIV"]
        if action == "weapons_seizure":
            rows = rows[:1]
        known = [r for r in rows if r != "UNKNOWN"]
        return distinct([*(known or rows)[:6], *backers])[:3]

    @staticmethod
    def _inherits(event: Event) -> bool:
        """'while the second hit ...', 'another attack': a deed of the same kind as the one it follows."""
        here = {d.action for c in event.clauses for d in c.deeds if not d.weak}
        known = {d.action for c in event.kin.clauses for d in c.deeds} if event.kin else set()
        return not here or (bool(here & known) and not any(c.agents for c in event.clauses))

    def _announcer(self, event: Event, report: Frame) -> list[str]:
        """A force that announces the killing or capture of its enemies did it itself."""
        speakers = [code for c in event.clauses for code, _ in c.speakers]
        if not speakers:
            return []
        hit = [
            self._figures.code(t, None, report.cast, report.scenes, event) or t.group.hint
            for t in event.tolls()
        ]
        hit += [code for c in event.clauses for code, _, _ in c.targets]
        top = speakers[0].split("/")[0]
        enemies = [h for h in hit if h and not h.startswith(("CIV", "PERSONS")) and h.split("/")[0] != top]
        own = [h for h in hit if h and (h.split("/")[0] == top or h in _OWN)]
        return speakers[:1] if enemies and not own else []

    def _both_sides(self, event: Event, report: Frame) -> list[str]:
        rows = []
        for clause in event.clauses:
            if not any(d.action == "clash" for d in clause.deeds):
                continue
            victims = {t.group.actor for t in clause.tolls if t.group.actor >= 0}
            for at, unit in enumerate(clause.units):
                if unit.letter == "A" and clause.first + at not in victims:
                    code = self._actors.code(unit, report.cast)
                    if code and not any(code == c for c, u in clause.speakers if u is unit):
                        rows.append(code)
        rows = [r for r in rows if r != "UNKNOWN"] if len(set(rows)) > 2 else rows
        if len(set(rows)) == 1 and event.kin:
            rows = [*(code for c in event.kin.clauses for code, _, _ in c.agents), *rows]
        for toll in event.tolls():
            code = self._figures.code(toll, None, report.cast, report.scenes, event)
            if code and not code.startswith(("CIV", "PERSONS")):
                rows.append(code)
        return distinct(rows)[:3]

    def hit(self, event: Event, action: str, actors: list[str], report: Frame) -> list[str]:
        """Whom and what the deed was aimed at, as the words say."""
        if action == "clash":
            return []
        rows: list[str] = []
        tops = {a.split("/")[0] for a in actors}
        civil = action not in ("capture_territory", "withdrawal", "arrest", "sweep", "weapons_seizure")
        for clause in event.clauses:
            for code, _, _ in clause.targets:
                if code.split("/")[0] not in tops:
                    rows.append(code)
            for side, unit in clause.objects:
                if action == "arson_looting" and side in ("CIV", "PROPERTY", "NONE"):
                    rows.append("PROPERTY")
                elif civil and side in ("CIV", "INFRA", "PROPERTY") and _is_hit(clause, unit):
                    rows.append({"PROPERTY": "PROPERTY" if action == "arson_looting" else ""}.get(side, side))
        rows += [code for c in event.clauses if c.deeds and civil for code in _carried(c)]
        told = any(t.group.hint == "PERSONS" or t.group.code for t in event.tolls())
        if not rows and not told and action in ("capture_territory", "sweep", "arrest"):
            rows = self.enemy(actors, report)
        return distinct([r for r in rows if r])

    def enemy(self, actors: list[str], report: Frame) -> list[str]:
        """Whom a force takes places from where none is named: its one enemy in the report."""
        tops = dict.fromkeys(a.split("/")[0] for a in actors)
        foes = [f for top in tops for f in self._actions["enemies"].get(top, ())]
        named = {c.split("/")[0] for c in report.cast.groups}
        return [f for f in foes if f in named][:1]


def _carried(clause: Clause) -> list[str]:
    """Civilians whom a vehicle carried: 'a bus that carried pilgrims'."""
    out = []
    for at, unit in enumerate(clause.units):
        person = unit.get("victim")
        before = clause.units[max(0, at - 3) : at]
        if person and person.code.startswith("CIV") and any(u.cues & {"carries"} for u in before):
            out.append(person.code)
    return out


def _crowd(event: Event) -> bool:
    """Protesters did it: people of a protest stand beside the verb."""
    return any("crowd" in u.cues for c in event.clauses for u in c.units)


def _is_hit(clause: Clause, unit: Unit) -> bool:
    """Whether a thing is what the deed hit, not where somebody stood or went."""
    at = next(i for i, u in enumerate(clause.units) if u is unit)
    for back in range(at - 1, max(-1, at - 4), -1):
        before = clause.units[back]
        if before.letter in "i" or before.cues & {"side_word"} or before.letter == "f":
            return False
        if before.cues & {"target"} or before.letter in "uEe":
            return True
    plain = at and clause.units[at - 1].letter in "A,xD" and not unit.form.preposition
    verb = any(d.verb and d.unit in clause.units[:at] for d in clause.deeds)
    return bool(plain and verb and clause.agents)


def distinct(codes: list[str]) -> list[str]:
    """Each code once; a part of a group already named more broadly, or the other way, is one."""
    out: list[str] = []
    for code in codes:
        top = code.split("/")[0]
        same = next((o for o in out if o.split("/")[0] == top), None)
        if same is None:
            out.append(code)
        elif same == top and code != top and code.split("/")[0] != "CIV":
            out[out.index(same)] = code
    return out


__all__ = ["Parties", "distinct"]
