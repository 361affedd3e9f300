"""From a mention's values to the words that gave them, as JSON pointers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sijill.arabic.dates import DateRef
from sijill.reading.clauses import Clause
from sijill.reading.events import Event, Located
from sijill.reading.frame import Frame
from sijill.reading.scene import Unit
from sijill.records import Evidence, Field, Span


@dataclass(frozen=True, slots=True)
class Words:
    """The units `[first, last)` of a sentence that gave a figure."""

    field: Field
    sentence: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Values:
    """What an event was filed as; `figures` holds the words of each casualty, in their order."""

    action: str
    actors: Sequence[str]
    targets: Sequence[str]
    groups: Sequence[str]
    figures: Sequence[Words]


def evidence(
    event: Event, report: Frame, values: Values, ref: tuple[Field, DateRef] | None, located: Located | None
) -> Evidence:
    """The words of the record, of its day and place, its action, its sides and each of its figures."""
    own = [(c.field, c.units[0].start, c.units[-1].end) for c in event.clauses if c.tells]
    rows: Evidence = {"": [_span(report, *where) for where in _merged(own)]}
    if ref:
        rows["/date"] = [_span(report, ref[0], ref[1].start, ref[1].end)]
    if located:
        told = [*event.told, *(event.kin.told if event.kin else ())]
        where: Field = next((t.clause.field for t in told if located in t.places), "text")
        rows["/place"] = [_span(report, where, located.start, located.end)]
    figures = [_figure(report, words) for words in values.figures]
    for number, figure in enumerate(figures):
        rows[f"/casualties/{number}"] = [figure]
    text_first = sorted(event.clauses, key=lambda c: c.field == "title")
    deed = next(
        (_unit(report, c, d.unit) for c in text_first for d in c.deeds if d.action == values.action), None
    )
    if deed:
        rows["/action"] = [deed]
    for number, code in enumerate(values.actors):
        found = next((_unit(report, c, u) for c in text_first for u in _doers(c, code)), None)
        if found:
            rows[f"/actors/{number}"] = [found]
    for number, code in enumerate(values.targets):
        named = next((_unit(report, c, u) for c in text_first for u in _struck(c, code)), None)
        counted = (s for s, g in zip(figures, values.groups, strict=True) if _same_side(g, code))
        words = named or next(counted, None)
        if words:
            rows[f"/targets/{number}"] = [words]
    return rows


def _doers(clause: Clause, code: str) -> Iterator[Unit]:
    """The units that name a side as the doer, the surest first."""
    sides = [(c, u) for c, u, _ in clause.agents]
    sides += [*((c, u) for c, u, _ in clause.backers), *clause.accused, *clause.speakers]
    yield from (unit for named, unit in sides if _same_side(named, code))
    if clause.claimant and _same_side(clause.claimant, code):
        yield from (unit for unit in clause.units if unit.letter == "A")


def _struck(clause: Clause, code: str) -> Iterator[Unit]:
    """The units that name a side or thing as what was hit."""
    sides = [*((c, u) for c, u, _ in clause.targets), *clause.objects]
    yield from (unit for named, unit in sides if _same_side(named, code))


def _same_side(one: str, other: str) -> bool:
    return one.split("/")[0] == other.split("/")[0]


def _figure(report: Frame, words: Words) -> Span:
    units = report.scenes[words.field].sentences[words.sentence].units[words.first : words.last]
    return _span(report, words.field, units[0].start, units[-1].end)


def _unit(report: Frame, clause: Clause, unit: Unit) -> Span:
    return _span(report, clause.field, unit.start, unit.end)


def _span(report: Frame, where: Field, start: int, end: int) -> Span:
    return Span(where, *report.scenes[where].text.span(start, end))


def _merged(parts: list[tuple[Field, int, int]]) -> list[tuple[Field, int, int]]:
    """Word ranges in order; those with at most a comma between them are one."""
    out: list[tuple[Field, int, int]] = []
    for name, start, end in sorted(parts):
        if out and out[-1][0] == name and start <= out[-1][2] + 1:
            out[-1] = (name, out[-1][1], max(end, out[-1][2]))
        else:
            out.append((name, start, end))
    return out
