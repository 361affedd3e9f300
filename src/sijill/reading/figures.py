"""The figures of one event: whose they are, which repeats which, what the report adopts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

from sijill.reading.actors import ActorReader, Cast
from sijill.reading.clauses import Clause
from sijill.reading.events import Event
from sijill.reading.evidence import Words
from sijill.reading.scene import Scene
from sijill.reading.toll_lists import Toll
from sijill.records import Casualty, Field, Outcome, Rival

_SHADOWS = frozenset(
    {"IS", "UNKNOWN", "AQAP", "COALITION", "US", "IL", "RU", "TR"}
)  # whose men are rarely meant by 'a fighter' alone
_REMNANTS = "/REMNANTS"  # fighters of a government that fell
_NO_FORCE = ("CIV", "PERSONS", "INFRA", "PROPERTY", "UNKNOWN")


@dataclass(slots=True)
class _Figure:
    toll: Toll
    code: str
    field: Field
    sentence: int
    low: int | None
    high: int | None
    list: int  # which list of one clause it stands in

    @property
    def outcome(self) -> str:
        return self.toll.outcome

    @property
    def vague(self) -> bool:
        """No number at all."""
        return self.low is None and self.high is None

    @property
    def tens(self) -> bool:
        """'Tens', without a number."""
        return self.toll.group.approx and self.high is None


@dataclass(frozen=True, slots=True)
class Sides:
    """What an event says of its sides: whom it hit and who did it."""

    hit: list[str]
    actors: list[str]
    cast: Cast
    scenes: Mapping[Field, Scene]


class Figures:
    """Reads the casualties of an event from the figures of its clauses."""

    def __init__(
        self, actors: ActorReader, enemies: Mapping[str, Sequence[str]], regular: Sequence[str] = ()
    ) -> None:
        self._actors = actors
        self._enemies = enemies
        self._regular = frozenset(regular)

    def read(self, event: Event, cast_: Cast, scenes: Mapping[Field, Scene], hit: list[str], actors: list[str]
             ) -> tuple[list[Casualty], list[Rival], list[Words]]:  # fmt: skip
        """Casualties as the report adopts them, figures that stand against them, and the words of each."""
        sides = Sides(hit, actors, cast_, scenes)
        figures: list[_Figure] = []
        rivals: list[Rival] = []
        for late in (False, True):  # what was known earlier counts only where nothing else is told
            for number, clause in enumerate(sorted(event.clauses, key=lambda c: c.field == "title")):
                for toll in clause.tolls:
                    if toll.every:
                        _all_were(figures, toll.group.code or "PERSONS")
                    if toll.whole or toll.earlier != late:
                        continue
                    figure = self._figure(toll, clause, number, figures, event, sides)
                    if late and any(not f.toll.earlier for f in figures):
                        rivals.append(_rival(figure))
                    else:
                        _add(figures, figure, rivals)
        figures = _without_totals(_without_joint(figures))
        casualties = [_casualty(f) for f in figures]
        rows = [
            (c, Words(f.field, f.sentence, f.toll.first, f.toll.last))
            for c, f in zip(casualties, figures, strict=True)
            if c.low is not None or c.high is not None or not _beside_counted(c, casualties)
        ]
        return [c for c, _ in rows], rivals, [w for _, w in rows]

    def _figure(
        self, toll: Toll, clause: Clause, number: int, before: list[_Figure], event: Event, sides: Sides
    ) -> _Figure:
        code = self._coded(toll, clause, before, event, sides)
        group = toll.group
        return _Figure(
            toll, code, clause.field, clause.sentence, group.low, group.high, number * 1000 + toll.trigger
        )

    # --- whose they are

    def _coded(self, toll: Toll, clause: Clause, figures: list[_Figure], event: Event, sides: Sides) -> str:
        code = self.code(toll, clause.field, sides.cast, sides.scenes, event)
        if code:
            return code
        hint = toll.group.hint
        before = [f for f in figures if not f.toll.part and f.outcome != "displaced"]
        whole = next((f for f in reversed(before) if f.outcome == toll.outcome), None) if toll.part else None
        if whole is not None and _shares(hint, whole.code):
            return whole.code
        if hint.startswith("MEMBER"):
            return self._member(hint, before, sides)
        if toll.group.bare and (code := _inherited(toll, before)):
            return code
        side = self._loser(clause, sides.cast)
        if side:
            return side
        busy = _activity(event)
        if busy and hint in ("PERSONS", ""):
            return busy
        struck = _people_struck(event) if toll.group.bare else None
        if struck is None and toll.group.bare:
            struck = next((code for c in event.clauses for code in carried(c)), None)
        if struck:
            return struck
        forces = {h for h in sides.hit if not h.startswith(_NO_FORCE)}
        if toll.group.bare and len(forces) == 1 and len(sides.hit) == 1 and _force_struck(event):
            return forces.pop()
        return "PERSONS"

    def _loser(self, clause: Clause, cast_: Cast) -> str | None:
        """'the regime's forces suffered 14 dead': those who suffered them."""
        units = clause.units
        for at, unit in enumerate(units):
            if "victims_side" in unit.cues:
                for nxt in units[at + 1 : at + 4]:
                    if nxt.letter == "A":
                        return self._actors.code(nxt, cast_)
        return None

    def _member(self, hint: str, before: list[_Figure], sides: Sides) -> str:
        """Whose fighter, soldier or policeman it is."""
        if hint == "MEMBER/ATTACKER":
            return next((a for a in sides.actors if a != "UNKNOWN"), "PERSONS")
        tops = {a.split("/")[0] for a in sides.actors}
        if hint == "MEMBER/GUNMEN":
            told = [*sides.actors, *sides.hit, *(f.code for f in before)]
            told += [c for c, _ in sides.cast.groups.most_common()]
            return next((c for c in told if self._irregular(c)), "PERSONS")
        if hint != "MEMBER/TERRORIST":
            for code in [*sides.hit, *(f.code for f in before)]:
                if not code.startswith(_NO_FORCE) and code.split("/")[0] not in tops:
                    return code
        force = self._actors.force(hint, sides.cast.country, sides.cast.published)
        if force:
            return force
        if hint.startswith("MEMBER") and hint != "MEMBER/TERRORIST":
            forces = {c for c in sides.cast.groups if c.split("/")[0] not in tops | _SHADOWS}
            if len({c.split("/")[0] for c in forces}) == 1:
                return min(forces, key=lambda c: (len(c), c))
        if hint in ("MEMBER", "MEMBER/LEADER"):
            named = {c.split("/")[0] for c in sides.cast.groups}
            foes = [f for top in sorted(tops) for f in self._enemies.get(top, ()) if f in named - tops]
            if foes:
                return foes[0]
        return "PERSONS"

    def _irregular(self, code: str) -> bool:
        """Whether a group may be 'the gunmen' of a report."""
        return code.endswith(_REMNANTS) or code.split("/")[0] not in self._regular

    def code(
        self, toll: Toll, field: Field | None, cast_: Cast, scenes: Mapping[Field, Scene], event: Event
    ) -> str | None:
        """The code that the words of a figure name themselves."""
        code = toll.group.code
        if code is None or not code.startswith("@"):
            return code
        start = int(code[1:])
        for clause in event.clauses:
            if (field is not None and clause.field != field) or toll not in clause.tolls:
                continue
            for sentence in scenes[clause.field].sentences:
                if sentence.first <= start < sentence.last:
                    unit = next((u for u in sentence.units if u.start == start), None)
                    return self._actors.code(unit, cast_) if unit else None
        return None


def _shares(hint: str, whole: str) -> bool:
    """Whether a part is of its whole's group: officers of a force, persons among civilians."""
    return whole == "CIV" if hint == "PERSONS" else not hint or not whole.startswith(_NO_FORCE)


def _inherited(toll: Toll, before: list[_Figure]) -> str | None:
    """'and 13 others were wounded': the group of the first figure, where there is one."""
    codes = {f.code.split("/")[0] for f in before}
    if len(codes) != 1 or toll.group.hint == "PERSONS":
        return None
    code = before[0].code
    named = toll.rule in ("counted dead and wounded", "total", "a dead or wounded", "bare plural")
    if code.startswith("CIV"):
        return None if named else "CIV"
    return code


def _activity(event: Event) -> str | None:
    """Who people were by what they were doing, where the report says it."""
    for clause in event.clauses:
        for unit in clause.units:
            if "activity" in unit.cues:
                return unit.role("activity")
    return None


def _people_struck(event: Event) -> str | None:
    """Civilians at whom the words aim the deed itself: 'an attack on truffle hunters'."""
    for clause in event.clauses:
        units = clause.units
        for before, unit in pairwise(units):
            victim = unit.get("victim")
            aimed = before.cues & {"target"} or (before.letter == "u" and unit.form.article)
            if (
                victim
                and unit.letter == "V"
                and victim.number == "many"
                and victim.code.startswith("CIV")
                and aimed
            ):
                return victim.code
    return None


def carried(clause: Clause) -> list[str]:
    """Civilians whom a vehicle carried: 'a bus that carried pilgrims'."""
    out = []
    for at, unit in enumerate(clause.units):
        person = unit.get("victim")
        before = clause.units[max(0, at - 3) : at]
        if person and person.code.startswith("CIV") and any(u.cues & {"carries"} for u in before):
            out.append(person.code)
    return out


def _force_struck(event: Event) -> bool:
    """Whether the words aim the deed at a force itself, not at a place where it was."""
    for clause in event.clauses:
        if any(side == "FORCE" for side, _ in clause.objects):
            return True
        for _, unit, _ in clause.targets:
            at = next((i for i, u in enumerate(clause.units) if u is unit), 0) - 1
            while at > 0 and (
                clause.units[at].letter in "MVf"
                or clause.units[at].cues & {"belongs", "carries", "background"}
            ):
                at -= 1
            if at >= 0 and (clause.units[at].letter in "uO" or clause.units[at].cues & {"target"}):
                return True
    return False


def _all_were(figures: list[_Figure], code: str) -> None:
    """'all the victims are tourists'."""
    for figure in figures:
        if figure.code == "PERSONS":
            figure.code = code


# --- which repeats which


def _add(figures: list[_Figure], new: _Figure, rivals: list[Rival]) -> None:
    """Put a figure among the others: once, revised, summed within one list, or as a rival."""
    olds = [f for f in figures if f.outcome == new.outcome and f.toll.part == new.toll.part]
    if new.toll.part:
        if not new.toll.rival:
            _add_part(figures, olds, new)
        return
    listed = [f for f in olds if f.list == new.list and f.field == new.field]
    if listed:
        _add_listed(figures, listed, new)
        return
    if new.field == "title" and any(f.field == "text" for f in olds):
        _name_from_title(olds, new)
        return
    if not any(_settled(figures, old, new, olds, rivals) for old in olds):
        figures.append(new)


def _add_part(figures: list[_Figure], olds: list[_Figure], new: _Figure) -> None:
    same = next((f for f in olds if f.code == new.code and (f.low == new.low or f.vague or new.vague)), None)
    if same is None:
        figures.append(new)
    elif same.vague and not new.vague:
        figures[figures.index(same)] = new


def _add_listed(figures: list[_Figure], listed: list[_Figure], new: _Figure) -> None:
    """In one list figures of one group are summed."""
    same = next((f for f in listed if f.code == new.code and f.low is not None), None)
    if same is None or new.low is None or same.low is None:
        figures.append(new)
        return
    same.low += new.low
    same.high = None if same.high is None or new.high is None else same.high + new.high


def _name_from_title(olds: list[_Figure], new: _Figure) -> None:
    """The body's figures win; the title's group may fill."""
    for old in olds:
        if old.low == new.low and old.code == "PERSONS":
            old.code = new.code


def _related(old: _Figure, new: _Figure) -> bool:
    return old.code.split("/")[0] == new.code.split("/")[0] or "PERSONS" in (old.code, new.code)


def _settled(
    figures: list[_Figure], old: _Figure, new: _Figure, olds: list[_Figure], rivals: list[Rival]
) -> bool:
    """Whether an old figure settles what becomes of a new one."""
    lows = [f.low for f in olds]
    if (
        new.low is not None
        and len(lows) > 1
        and None not in lows
        and new.low == sum(low or 0 for low in lows)
    ):
        return True  # the total of what was told one by one
    if not _related(old, new):
        return False
    if (new.low == old.low and new.high == old.high) or new.vague:
        if old.code == "PERSONS" or new.code.startswith(old.code + "/"):
            old.code = new.code
        return True
    if old.vague or (old.tens and not new.tens and not new.toll.group.approx):
        new.code = old.code if new.code == "PERSONS" else new.code
        figures[figures.index(old)] = new
        return True
    if new.code != old.code and new.code != "PERSONS" and not (old.code == "PERSONS" and new.toll.revised):
        return False
    grown = not old.toll.revised and (new.low or 0) > (old.low or 0)
    if new.toll.rival and new.field != "title":
        rivals.append(_rival(new))
    elif new.toll.revised and (new.sentence != old.sentence or grown):
        rivals.append(_rival(old))
        new.code = old.code if new.code == "PERSONS" else new.code
        figures[figures.index(old)] = new
    elif new.field != "title":
        rivals.append(_rival(new))
    return True


def _without_totals(figures: list[_Figure]) -> list[_Figure]:
    """A total that its own named groups add up to is left out."""
    out = []
    for figure in figures:
        others = [f for f in figures if f is not figure and f.outcome == figure.outcome and not f.toll.part]
        named = [f for f in others if f.code != "PERSONS" and f.low is not None]
        total = figure.code == "PERSONS" and len(named) > 1 and figure.low == sum(f.low or 0 for f in named)
        if not (total and not figure.toll.part):
            out.append(figure)
    return out


def _without_joint(figures: list[_Figure]) -> list[_Figure]:
    """'Tens killed and wounded' beside an exact figure: the wounded are not counted."""
    joint = [f for f in figures if f.outcome == "killed_or_wounded" and (f.tens or f.vague)]
    exact = {f.outcome for f in figures if f.low is not None and f.outcome in ("killed", "wounded")}
    if not joint or not exact:
        return figures
    left = [f for f in figures if f not in joint]
    if exact == {"killed"}:
        vague = joint[0]
        toll = replace(vague.toll, outcome="wounded", group=replace(vague.toll.group, approx=False))
        left.append(replace(vague, toll=toll, low=None, high=None))
    return left


def _beside_counted(casualty: Casualty, casualties: list[Casualty]) -> bool:
    """A bare plural beside an exact figure of the same outcome says nothing more."""
    if casualty.part_of:
        return False
    counted = [
        c for c in casualties if c is not casualty and c.outcome == casualty.outcome and c.low is not None
    ]
    return any(casualty.group in (c.group, "PERSONS") for c in counted)


def _casualty(figure: _Figure) -> Casualty:
    return Casualty(
        outcome=cast(Outcome, figure.outcome), group=figure.code, low=figure.low, high=figure.high,
        approx=figure.toll.group.approx, part_of=figure.toll.part,
    )  # fmt: skip


def _rival(figure: _Figure) -> Rival:
    return Rival(
        source=None,
        outcome=cast(Outcome, figure.outcome),
        group=figure.code,
        low=figure.low,
        high=figure.high,
    )
