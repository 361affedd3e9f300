"""The figures of one event: whose they are, which repeats which, what the report adopts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sijill.reading.actors import ActorReader, Cast
from sijill.reading.events import Event
from sijill.reading.scene import Scene, Unit
from sijill.reading.tolls import Toll
from sijill.records import Casualty, Field, Outcome, Rival


@dataclass(slots=True)
class _Figure:
    toll: Toll
    code: str
    field: Field
    sentence: int
    low: int | None
    high: int | None


class Figures:
    """Reads the casualties of an event from the figures of its clauses."""

    def __init__(self, actors: ActorReader) -> None:
        self._actors = actors

    def read(self, event: Event, cast_: Cast, scenes: Mapping[Field, Scene], hit: list[str], actors: list[str]
             ) -> tuple[list[Casualty], list[Rival]]:  # fmt: skip
        """Casualties as the report adopts them, and figures that stand against them."""
        figures: list[_Figure] = []
        rivals: list[Rival] = []
        clauses = sorted(event.clauses, key=lambda c: c.field == "title")
        for clause in clauses:
            list_start = len(figures)
            for toll in clause.tolls:
                if toll.whole:
                    continue
                code = self._coded(toll, clause.field, figures, event, cast_, scenes, hit, actors, clause)
                figure = _Figure(toll, code, clause.field, clause.sentence, toll.group.low, toll.group.high)
                if toll.earlier or "earlier_toll" in clause.cues and figures:
                    rivals.append(_rival(figure))
                else:
                    _add(figures, figure, list_start, rivals)
        figures = _without_totals(figures)
        casualties = [_casualty(f) for f in figures]
        return [c for c in casualties if c.low is not None or c.high is not None or not _beside_counted(c, casualties)], rivals

    def _coded(self, toll: Toll, field: Field, figures: list[_Figure], event: Event, cast_: Cast,
               scenes: Mapping[Field, Scene], hit: list[str], actors: list[str], clause: object) -> str:  # fmt: skip
        code = self.code(toll, field, cast_, scenes, event)
        if code:
            return code
        hint = toll.group.hint
        before = [f for f in figures if not f.toll.part and f.toll.outcome != "displaced"]
        if hint.startswith("MEMBER"):
            return self._member(hint, before, hit, actors, cast_)
        if toll.part and before and hint != "PERSONS":
            return before[-1].code
        if toll.group.bare and before and hint != "PERSONS":
            codes = {f.code.split("/")[0] for f in before}
            if len(codes) == 1:
                return before[0].code.split("/")[0] if before[0].code.startswith("CIV") else before[0].code
        side = self._loser(clause, cast_)
        if side:
            return side
        busy = _activity(event)
        if busy and hint in ("PERSONS", ""):
            return busy
        forces = {h for h in hit if not h.startswith(("CIV", "PERSONS", "INFRA", "PROPERTY"))}
        if toll.group.bare and len(forces) == 1 and len(hit) == 1:
            return forces.pop()
        return "PERSONS"

    def _loser(self, clause: object, cast_: Cast) -> str | None:
        """'the regime's forces suffered 14 dead': those who suffered them."""
        units: list[Unit] = getattr(clause, "units", [])
        for at, unit in enumerate(units):
            if "victims_side" in unit.cues:
                for nxt in units[at + 1 : at + 4]:
                    if nxt.letter == "A":
                        return self._actors.code(nxt, cast_)
        return None

    def _member(self, hint: str, before: list[_Figure], hit: list[str], actors: list[str], cast_: Cast) -> str:
        """Whose fighter, soldier or policeman it is."""
        if hint != "MEMBER/TERRORIST":
            tops = {a.split("/")[0] for a in actors}
            for code in [*hit, *(f.code for f in before)]:
                if not code.startswith(("CIV", "PERSONS", "INFRA", "PROPERTY")) and code.split("/")[0] not in tops:
                    return code
        force = self._actors.force(hint, cast_.country, cast_.published)
        if force:
            return force
        return "PERSONS"

    def code(self, toll: Toll, field: Field | None, cast_: Cast, scenes: Mapping[Field, Scene], event: Event) -> str | None:
        """The code that the words of a figure name themselves."""
        code = toll.group.code
        if code is None or not code.startswith("@"):
            return code
        start = int(code[1:])
        for clause in event.clauses:
            if field is not None and clause.field != field or toll not in clause.tolls:
                continue
            for sentence in scenes[clause.field].sentences:
                if sentence.first <= start < sentence.last:
                    unit = next((u for u in sentence.units if u.start == start), None)
                    return self._actors.code(unit, cast_) if unit else None
        return None


def _activity(event: Event) -> str | None:
    """Who people were by what they were doing, where the report says it."""
    for clause in event.clauses:
        for unit in clause.units:
            if "activity" in unit.cues:
                return unit.role("activity")
    return None


def _add(figures: list[_Figure], new: _Figure, list_start: int, rivals: list[Rival]) -> None:
    """Put a figure among the others: once, revised, summed within one list, or as a rival."""
    top = new.code.split("/")[0]
    if new.field == "title" and any(f.field == "text" and f.toll.outcome == new.toll.outcome for f in figures):
        for old in figures:
            if old.toll.outcome == new.toll.outcome and old.low == new.low and old.code == "PERSONS":
                old.code = new.code
        return
    for at, old in enumerate(figures):
        if old.toll.outcome != new.toll.outcome or old.toll.part != new.toll.part:
            continue
        same_group = old.code == new.code
        related = old.code.split("/")[0] == top or "PERSONS" in (old.code, new.code)
        if not related:
            continue
        same_list = at >= list_start and old.toll.trigger == new.toll.trigger
        if same_list and same_group and not new.toll.part and old.low is not None and new.low is not None:
            old.low = old.low + new.low
            old.high = None if old.high is None or new.high is None else old.high + new.high
            return
        if same_list and not (new.toll.part and same_group and old.low == new.low):
            continue
        if new.low == old.low and new.high == old.high or new.low is None and new.high is None:
            if old.code == "PERSONS" and new.code != "PERSONS" and not new.toll.part:
                old.code = new.code
            return
        if old.low is None and old.high is None and (same_group or old.code == "PERSONS"):
            figures[at] = new
            return
        if new.toll.part or not same_group and not (new.code == "PERSONS"):
            if not (old.code == "PERSONS" and not new.toll.part and new.toll.revised):
                continue
        if new.toll.revised and new.sentence != old.sentence:
            rivals.append(_rival(old))
            if new.code == "PERSONS":
                new.code = old.code
            figures[at] = new
            return
        if new.field == "title" or not new.toll.group.approx or True:
            if new.field != "title":
                rivals.append(_rival(new))
            return
    figures.append(new)


def _without_totals(figures: list[_Figure]) -> list[_Figure]:
    """A total that its own named groups add up to is left out."""
    out = []
    for figure in figures:
        others = [f for f in figures if f is not figure and f.toll.outcome == figure.toll.outcome and not f.toll.part]
        named = [f for f in others if f.code != "PERSONS" and f.low is not None]
        total = figure.code == "PERSONS" and len(named) > 1 and figure.low == sum(f.low or 0 for f in named)
        if not (total and not figure.toll.part):
            out.append(figure)
    return out


def _beside_counted(casualty: Casualty, casualties: list[Casualty]) -> bool:
    """A bare plural beside an exact figure of the same outcome says nothing more."""
    if casualty.part_of:
        return False
    return any(c is not casualty and c.outcome == casualty.outcome and c.low is not None and casualty.group in (c.group, "PERSONS") for c in casualties)  # fmt: skip


def _casualty(figure: _Figure) -> Casualty:
    return Casualty(
        outcome=cast(Outcome, figure.toll.outcome), group=figure.code, low=figure.low, high=figure.high,
        approx=figure.toll.group.approx, part_of=figure.toll.part,
    )  # fmt: skip


def _rival(figure: _Figure) -> Rival:
    return Rival(source=None, outcome=cast(Outcome, figure.toll.outcome), group=figure.code, low=figure.low, high=figure.high)
