"""Whose figures they are, who did it, where, and who says so: what a tally holds beside its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sijill.lexicon.entries import Compiled
from sijill.reading.actors import ActorReader, Cast
from sijill.reading.groups import Group
from sijill.reading.places import Chain, PlaceReader
from sijill.reading.scene import Scene, Sentence, Unit
from sijill.reading.tally_figures import EVENTS, PEOPLE, Figure
from sijill.reading.tally_periods import stretch
from sijill.reading.tally_words import Marks
from sijill.reading.tolls import Toll
from sijill.records import Field, Place

_LI = "\u0644"
_OWN = ("\u0647", "\u0647\u0627", "\u0647\u0645")  # his, her, their


@dataclass(slots=True)
class Told:
    """What a sentence says beside its figures; lists and breakdowns take it over."""

    by: str | None = None
    place: Place | None = None
    sources: list[str] = field(default_factory=list)
    group: str | None = None


def top(code: str | None) -> str:
    """The code before its first '/'."""
    return (code or "").split("/")[0]


class Sides:
    """Reads groups, doers, places and sources of the figures of one report."""

    def __init__(self, lexicon: Compiled, actors: ActorReader, places: PlaceReader) -> None:
        self._actors = actors
        self._places = places
        rows = lexicon.tables.get("tallies", {})
        self.operating = frozenset(rows.get("operating", ()))

    def actor(self, unit: Unit, sentence: Sentence, cast: Cast) -> str | None:
        """The code that a unit names; words that point back take the nearest that fits."""
        entry = unit.get("anaphor")
        if entry is None or unit.get("actor", "unknown"):
            return self._actors.code(unit, cast)
        named = {top(c) for c in cast.groups}
        options = [o for o in entry.code.split("|") if top(o) in named]
        if unit.form.stem.endswith(_OWN):
            for other in reversed([u for u in sentence.units if u.start < unit.start and u.letter == "A"]):
                code = None if other.get("anaphor") else self._actors.code(other, cast)
                if code:
                    return code
        return options[0] if options else self._actors.code(unit, cast)

    def losers(self, scenes: list[Scene], tolls: Mapping[tuple[Field, int], list[Toll]], cast: Cast) -> str:
        """The side of the dead that the report opens with, if it is one; else PERSONS."""
        for scene in sorted(scenes, key=lambda s: s.field == "title"):
            for number, sentence in enumerate(scene.sentences[:4]):
                rows = [
                    t for t in tolls.get((scene.field, number), []) if t.outcome == "killed" and not t.whole
                ]
                codes = {top(self._loser(t.group, sentence, cast)) for t in rows if not t.part}
                if rows:
                    code = codes.pop() if len(codes) == 1 else None
                    return code or "PERSONS"
        return "PERSONS"

    def _loser(self, group: Group, sentence: Sentence, cast: Cast) -> str:
        figure = Figure(PEOPLE, "killed", group.low, group.high, False, 0, 0, group.first, group)
        return self._code(figure, [], sentence, Marks({}), cast, Told())

    # --- whose figure it is

    def groups(self, figures: list[Figure], sentence: Sentence, marks: Marks, cast: Cast, told: Told) -> None:
        """Give every figure of people its code, in order: a bare count takes the one before it."""
        for at, figure in enumerate(figures):
            if figure.kind == EVENTS:
                figure.code = None
            elif figure.code is None:
                figure.code = self._code(figure, figures[:at], sentence, marks, cast, told)
        for at, figure in enumerate(figures):
            if figure.group is not None and figure.group.hint.startswith("MEMBER") and not figure.part:
                parts = _parts_of(figures, at)
                sides = {top(p.code) for p in parts if p.code and p.code != "PERSONS"}
                if sides and top(figure.code) not in sides and not figure.group.code:
                    figure.code = "PERSONS"

    def _code(
        self, figure: Figure, before: list[Figure], sentence: Sentence, marks: Marks, cast: Cast, told: Told
    ) -> str:
        group = figure.group
        if group is None:
            return "PERSONS"
        named = self.named(group, sentence, cast)
        if named:
            return named
        if figure.measure == "fighters":
            before_it = [u for u in sentence.units if u.end <= figure.start and u.letter == "A"]
            return self.actor(before_it[0], sentence, cast) or "PERSONS" if before_it else "PERSONS"
        if group.hint.startswith("MEMBER"):
            return self._member(group, sentence, marks, cast, told, before)
        if group.hint == "PERSONS":
            return "PERSONS"
        rows = [f for f in before if f.kind == PEOPLE and f.code and f.part == figure.part]
        rows = rows or [f for f in before if f.kind == PEOPLE and f.code]
        civil = bool(rows) and all(str(f.code).startswith("CIV") for f in rows)
        if rows and (figure.part or civil or figure.start - rows[-1].end <= 12):
            return (
                str(rows[-1].code).split("/")[0]
                if str(rows[-1].code).startswith("CIV")
                else str(rows[-1].code)
            )
        return told.group or "PERSONS"

    def named(self, group: Group, sentence: Sentence, cast: Cast) -> str | None:
        """The code that the words of a group name themselves."""
        code = group.code
        if code is not None and code.startswith("@"):
            at = next((i for i, u in enumerate(sentence.units) if u.start == int(code[1:])), None)
            return self._side(sentence, at, cast) if at is not None else None
        if code is None and group.last < len(sentence.units) and group.bare:
            unit = sentence.units[group.last]
            return self.actor(unit, sentence, cast) if unit.letter in "A" and not unit.joined else None
        return code

    def _side(self, sentence: Sentence, at: int, cast: Cast) -> str | None:
        """The side named at a unit; of 'gunmen of the Bedouin' it is the latter."""
        code = self.actor(sentence.units[at], sentence, cast)
        if code == "UNKNOWN":
            for unit in sentence.units[at + 1 : at + 3]:
                if unit.letter == "A":
                    return self.actor(unit, sentence, cast) or code
                if unit.letter not in "fx":
                    break
        return code

    def _member(
        self, group: Group, sentence: Sentence, marks: Marks, cast: Cast, told: Told, before: list[Figure]
    ) -> str:
        """Whose fighter or soldier it is: the army of the country, or the side told of before."""
        if group.hint != "MEMBER":
            force = self._actors.force(group.hint, cast.country, cast.published)
            if force:
                return force
        units = sentence.units[group.first : group.last]
        if any(marks.on(u, "soldier") for u in units):
            return self._actors.force("MEMBER/ARMY", cast.country, cast.published) or "PERSONS"
        sides = [
            f.code
            for f in before
            if f.kind == PEOPLE and f.code and not f.code.startswith(("CIV", "PERSONS"))
        ]
        return sides[-1] if sides and sides[-1] else told.group or "PERSONS"

    def in_ranks(self, sentence: Sentence, marks: Marks, start: int, cast: Cast) -> str | None:
        """'the highest in the ranks of X': the side named soon after a word."""
        for at, unit in enumerate(sentence.units):
            if start <= unit.start <= start + 2 and marks.on(unit, "ranks"):
                rest = sentence.units[at + 1 : at + 4]
                return next((self.actor(u, sentence, cast) for u in rest if u.letter == "A"), None)
        return None

    # --- who did it

    def by(self, figure: Figure, sentence: Sentence, marks: Marks, cast: Cast, told: Told) -> str | None:
        """Who did what is counted: named beside the deed or its verb; never the counted themselves."""
        first, last = stretch(sentence, figure.start)
        near = [i for i, u in enumerate(sentence.units) if first <= u.start < last]
        wide = [i for i, u in enumerate(sentence.units) if u.start < figure.start or _alone(sentence, u)]
        for rows in (near, wide):
            for at in rows:
                code = self._doer(sentence, marks, at, cast)
                other = code not in (None, "UNKNOWN") and top(code) != top(figure.code)
                if other and not _inside(figure, sentence.units[at]):
                    return code
        return told.by if top(told.by) != top(figure.code) else None

    def _doer(self, sentence: Sentence, marks: Marks, at: int, cast: Cast) -> str | None:
        """The code of the actor at a unit if it is who did it."""
        units = sentence.units
        return self.actor(units[at], sentence, cast) if _does(units, at, marks) else None

    # --- who says so

    def sources(self, sentence: Sentence, marks: Marks, cast: Cast, told: Told) -> list[str]:
        """Codes of those who are quoted in a sentence."""
        found: dict[str, None] = {}
        for at, unit in enumerate(sentence.units):
            entry = unit.get("source")
            if entry and unit.letter in "S":
                found[entry.code] = None
            before = sentence.units[at - 1] if at else None
            if unit.letter == "A" and before is not None and before.cues & {"says", "according"}:
                code = self.actor(unit, sentence, cast)
                if code and not before.get("act_verb"):
                    found[code] = None
        return list(found) or told.sources

    # --- where

    def place(
        self, figure: Figure, sentence: Sentence, scene: Scene, chains: list[Chain], cast: Cast, told: Told
    ) -> Place | None:
        """The place of a figure: in its own stretch, else in its sentence, else that of its list."""
        first, last = stretch(sentence, figure.start)
        good = [c for c in chains if c.good > 0]
        own = [c for c in good if first <= c.head.start < last]
        before = [c for c in good if c.head.start < figure.start]
        for chain in [*own, *reversed(before)] + ([] if told.place else good):
            found = self._places.resolve(chain, scene, cast.places)
            if found and found.country:
                return found
        return told.place


def _does(units: list[Unit], at: int, marks: Marks) -> bool:
    """Whether the actor at a unit is who did it: beside the deed, after 'by', before or after its verb."""
    unit = units[at]
    if unit.letter not in "Aa":
        return False
    head = _head(units, at, marks)
    if head is None:
        return any(
            u.letter == "e" or "agent" in u.cues or marks.on(u, "does") for u in units[at + 1 : at + 4]
        )
    if head.cues & {"says", "according"} and not head.get("act_verb", "outcome_verb"):
        return False
    deed = head.letter == "E" or head.get("act", "counted") is not None or marks.on(head, "plural_events")
    before = units[at - 1]
    if unit.letter == "a":
        return deed or (before.letter in "xP" and at > 1 and units[at - 2].letter == "E")
    if "agent" in head.cues:
        return True
    if marks.on(head, "suffers"):
        return False
    if deed and unit.form.preposition in ("", _LI):
        return True
    if not unit.form.preposition and (head.letter == "e" or marks.on(head, "does")):
        return True
    verb = any(_is_doing(u, marks) for u in units[at + 1 : at + 3])
    return verb and not unit.form.preposition and before.letter in "x,c("


def _is_doing(unit: Unit, marks: Marks) -> bool:
    return unit.letter == "e" or "agent" in unit.cues or marks.on(unit, "does")


def _head(units: list[Unit], at: int, marks: Marks) -> Unit | None:
    """What governs an actor: 'cells', 'fighters' and 'organisation' before its name are passed over."""
    for back in range(at - 1, max(-1, at - 5), -1):
        unit = units[back]
        passed = unit.letter in "VM" or (unit.letter == "x" and back > at - 3)
        if not passed or unit.joined or marks.on(unit, "with"):
            return unit
    return None


def _alone(sentence: Sentence, unit: Unit) -> bool:
    """Whether an actor's stretch has no count of its own."""
    first, last = stretch(sentence, unit.start)
    return not any(u.letter == "N" and first <= u.start < last for u in sentence.units)


def _inside(figure: Figure, unit: Unit) -> bool:
    return figure.start <= unit.start < figure.end


def _parts_of(figures: list[Figure], at: int) -> list[Figure]:
    out = []
    for figure in figures[at + 1 :]:
        if not figure.part:
            break
        out.append(figure)
    return out
