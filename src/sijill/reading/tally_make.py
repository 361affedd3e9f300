"""Makes the records of tallies: number, side, doer, place, period, sources and the words they rest on."""

from __future__ import annotations

from typing import cast

from sijill.reading.actors import Cast
from sijill.reading.tally_figures import EVENTS, SHARE, STOCK, Figure
from sijill.reading.tally_periods import Period
from sijill.reading.tally_reading import Reading
from sijill.reading.tally_records import holder
from sijill.reading.tally_sides import Sides, Told, top
from sijill.records import Comparison, Evidence, Measure, Place, Span, Tally


class Maker:
    """Makes the tallies of one report."""

    def __init__(self, sides: Sides, cast: Cast) -> None:
        self._sides, self._cast = sides, cast

    def tally(
        self, at: Reading, figure: Figure, period: Period | None, edtf: str | None, told: Told
    ) -> Tally:
        """The tally of a figure, its period as worked out in `edtf`."""
        by = self._sides.by(figure, at.sentence, at.marks, self._cast, told)
        sources = self._sides.sources(at.sentence, at.marks, self._cast, told)
        measure, group = figure.measure, figure.code
        if figure.kind == SHARE:
            unit = holder(at.sentence.units, figure.start, at.marks)
            group, by = self._sides.actor(unit, at.sentence, self._cast) if unit else None, None
        if (
            measure in ("incidents", "operations")
            and figure.head >= 0
            and at.marks.at(figure.head, "operation_noun")
        ):
            measure, by = self._operations(measure, by, sources)
        if figure.kind == STOCK:
            by = None
        if by is None and (measure == "trained" or self._own_deeds(at)):
            by = next((c for c in sources if top(c) in self._sides.operating and top(c) != top(group)), None)
        place = self._sides.place(figure, at.sentence, at.scene, at.chains, self._cast, told)
        evidence = self._evidence(at, figure.start, figure.end, period if edtf else None)
        return Tally(
            id="", measure=cast(Measure, measure), low=figure.low, high=figure.high, approx=figure.approx,
            group=None if figure.kind == EVENTS else group, by=by, place=place, period=edtf, sources=sources,
            evidence=evidence,
        )  # fmt: skip

    @staticmethod
    def _own_deeds(at: Reading) -> bool:
        """'its operations': the deeds of whoever is speaking."""
        return any(at.marks.on(u, "own_deeds") for u in at.sentence.units)

    def _operations(self, measure: str, by: str | None, sources: list[str]) -> tuple[str, str | None]:
        """A count of 'operations' by the forces of a state is of operations, by others of attacks."""
        if measure == "operations" and top(by) not in self._sides.operating:
            by = next((s for s in sources if top(s) in self._sides.operating), None)
            return measure, by
        if by is None:  # forces that speak of operations speak of their own
            by = next((s for s in sources if top(s) in self._sides.operating), None)
        if by is None:
            return measure, by
        return ("operations" if top(by) in self._sides.operating else "incidents"), by

    def _evidence(self, at: Reading, start: int, end: int, period: Period | None) -> Evidence:
        text, name = at.scene.text, at.scene.field
        evidence = {
            "": [Span(name, *text.span(at.sentence.first, at.sentence.last))],
            "/low": [Span(name, *text.span(start, end))],
        }
        if period is not None:
            evidence["/period"] = [Span(name, *text.span(period.start, period.end))]
        return evidence


def with_id(tally: Tally, name: str) -> Tally:
    """The same tally under an id."""
    return _copy(tally, id=name)


def _copy(tally: Tally, **changes: object) -> Tally:
    values = {name: getattr(tally, name) for name in tally.__struct_fields__}
    return Tally(**{**values, **changes})


def revised(tally: Tally, period: str | None, group: str | None, comparison: Comparison | None) -> Tally:
    """The same count with another period, side and comparison."""
    return _copy(tally, period=period, group=group, comparison=comparison)


def compared(tally: Tally, comparison: Comparison) -> Tally:
    """The same count with a comparison, if it has none yet."""
    return tally if tally.comparison else _copy(tally, comparison=comparison)


def same(a: Tally, b: Tally) -> bool:
    """Whether two counts say the same: number, measure, period and side do not differ."""
    if (a.measure, a.low, a.high) != (b.measure, b.low, b.high):
        return False
    sides = {_side(a.group), _side(b.group)} - {"", "PERSONS"}
    places = {_spot(a.place), _spot(b.place)} - {None}
    return len(sides) < 2 and len({a.period, b.period} - {None}) < 2 and len(places) < 2


def _side(code: str | None) -> str:
    """Children are not women; an army is its state."""
    return code or "" if (code or "").startswith("CIV/") else top(code)


def _spot(place: Place | None) -> str | None:
    return place.admin1 if place else None
