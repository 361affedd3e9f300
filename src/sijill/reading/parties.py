"""Who did it and to whom: the actors and targets of an event."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sijill.reading.actors import ActorReader
from sijill.reading.antecedents import FEMININE
from sijill.reading.clauses import Clause
from sijill.reading.events import Event
from sijill.reading.figures import Figures, carried
from sijill.reading.frame import Frame
from sijill.reading.scene import Unit

_OWN = ("MEMBER", "MEMBER/LEADER", "MEMBER/ARMY", "MEMBER/ARMY/OFFICER", "MEMBER/POLICE")  # left to the text

_BOTH, _BY = 2, "\u0628"
_SHE = "\u062a"  # ends a verb of a feminine subject
_ON = "\u0639\u0644"

_FROM_AFAR = frozenset({"air_strike", "drone_strike", "shelling"})

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
        clauses = _of_deed(event, action)
        sure = any(rule != "speaks of itself" for c in clauses for _, _, rule in c.agents)
        for clause in clauses:
            if "pursuit" in clause.cues and not clause.tolls and not clause.strong:
                continue
            for code, unit, rule in clause.agents:
                if rule == "carries out" and any(t.rule == "bodies" for t in clause.tolls):
                    continue  # who found the bodies
                if unit.letter == "a" and rows and clause.field == "text":
                    continue
                if sure and rule == "speaks of itself":
                    continue  # another side's claim
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
        if not rows and event.like and action in _FROM_AFAR and _known_deed(event):
            hurt = [self._figures.code(t, None, report.cast, report.scenes, event) for t in event.tolls()]
            tops = event.targets() | {(code or "").split("/")[0] for code in hurt}
            rows = [code for c in event.like.clauses for code, _, _ in c.agents][:1]
            rows = [code for code in rows if code.split("/")[0] not in tops]
        if not rows and event.prior and (verb := _bare_verb(event)):
            rows = [c for c, unit in _subjects(event.prior) if _gender(unit) == verb]
            rows = [code for code in rows if code.split("/")[0] not in event.targets()][:1]
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
        sided = any(not h.startswith("MEMBER") for h in enemies)
        own = [h for h in hit if h and (h.split("/")[0] == top or (h in _OWN and not sided))]
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
        sides = distinct(rows)
        if len(sides) == 1:
            sides = self._sides_before(event, sides, report) or sides
        return sides[:3]

    def _sides_before(self, event: Event, known: list[str], report: Frame) -> list[str]:
        """'X accused Y of entering the town, which led to clashes': the two sides of the sentence."""
        first = event.clauses[-1]
        sentence = report.scenes[first.field].sentences[first.sentence]
        codes = [self._actors.code(u, report.cast) for u in sentence.units if u.letter == "A"]
        sides = distinct([c for c in [*known, *codes] if c and c != "UNKNOWN"])
        return sides if len(sides) == _BOTH else []

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
        rows += [code for c in event.clauses if c.deeds and civil for code in carried(c)]
        force = any(not code.startswith(("CIV", "INFRA", "PROPERTY")) for code in rows)
        hurt = [self._figures.code(t, None, report.cast, report.scenes, event) for t in event.tolls()]
        if civil and not force and all(h is None or h.startswith("CIV") for h in hurt) and self._works(event):
            rows.append("INFRA")
        told = any(t.group.hint == "PERSONS" or t.group.code for t in event.tolls())
        if not rows and not told and action in ("capture_territory", "sweep", "arrest"):
            rows = self.enemy(actors, report)
        return distinct([r for r in rows if r])

    def _works(self, event: Event) -> bool:
        """'an attack on the refinery of X': whether a site of oil, gas or power was aimed at by its name."""
        for told in event.told:
            sites = {p.start for p in told.places if p.place.kind in self._actions["works"]}
            units = [u for u in told.clause.units if u.letter != "D"] if told.clause.deeds else []
            for at, (before, unit) in enumerate(pairwise(units)):
                aimed = before.letter == "e" or (before.letter == "u" and before.form.stem.startswith(_ON))
                struck = before.letter in "EWa" and any(u.letter == "e" for u in units[max(0, at - 3) : at])
                if (aimed or struck) and any(unit.start <= start < unit.end for start in sites):
                    return True
        return False

    def enemy(self, actors: list[str], report: Frame) -> list[str]:
        """Whom a force takes places from where none is named: its one enemy in the report."""
        tops = dict.fromkeys(a.split("/")[0] for a in actors)
        foes = [f for top in tops for f in self._actions["enemies"].get(top, ())]
        named = {c.split("/")[0] for c in report.cast.groups}
        return [f for f in foes if f in named][:1]


def _bare_verb(event: Event) -> str:
    """'and had attacked the camp before': whether the verb with no subject is feminine, or ''."""
    for clause in event.clauses[:1]:
        for deed in clause.deeds:
            if not deed.verb or deed.weak or deed.explosion or clause.field == "title":
                continue
            entry = deed.unit.get("act_verb")
            at = next((i for i, u in enumerate(clause.units) if u is deed.unit), 0)
            nxt = next((u for u in clause.units[at + 1 :] if u.letter not in "Dc,"), None)
            if entry is None or entry.role or nxt is None or nxt.joined:
                continue
            if nxt.letter == "u" or (nxt.letter in "PO" and not nxt.form.preposition):
                return "f" if deed.unit.form.stem.endswith(_SHE) else "m"
    return ""


def _subjects(event: Event) -> list[tuple[str, Unit]]:
    return [(code, unit) for c in event.clauses for code, unit, _ in c.agents if code != "UNKNOWN"]


def _gender(unit: Unit) -> str:
    return "f" if unit.form.stem.endswith(FEMININE) else "m"


def _of_deed(event: Event, action: str) -> list[Clause]:
    """The clauses that tell who did it: of a withdrawal, those that tell who left."""
    if action != "withdrawal":
        return event.clauses
    left = [c for c in event.clauses if c.agents and any(d.action == action for d in c.deeds)]
    return left or event.clauses


def _known_deed(event: Event) -> bool:
    """Whether its deed is spoken of as known, or as one more: 'the raids hit ...', 'a similar raid'."""
    deeds = [d for c in event.clauses for d in c.deeds if not d.weak and not d.verb]
    return bool(deeds) and any(d.definite or d.further for d in deeds)


def _crowd(event: Event) -> bool:
    """Protesters did it: people of a protest stand beside the verb."""
    return any("crowd" in u.cues for c in event.clauses for u in c.units)


def _is_hit(clause: Clause, unit: Unit) -> bool:
    """Whether a thing is what the deed hit, not where somebody stood or went."""
    at = next(i for i, u in enumerate(clause.units) if u is unit)
    for back in range(at - 1, max(-1, at - 4), -1):
        before = clause.units[back]
        if before.letter in "i" or before.cues & {"side_word", "near_word"} or before.letter == "f":
            return before.letter == "u" and before.form.stem.startswith(_ON)
        if before.letter == "E" and before.form.preposition == _BY and before.form.article:
            continue  # 'by shooting, before his house'
        if before.cues & {"target"} or before.letter in "Ee":
            return True
        if before.letter == "u":  # on a house; 'they were taken to a hospital' is no hit
            return before.form.stem.startswith(_ON) or (back > 0 and clause.units[back - 1].letter in "EWa")
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
