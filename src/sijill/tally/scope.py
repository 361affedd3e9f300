"""What a published figure is about, and the ways in which its words can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import msgspec
import numpy as np

from sijill.errors import UsageError
from sijill.filters import Filter, first_day, last_day
from sijill.records import Tally
from sijill.tally.figures import Sum, figures, total
from sijill.tally.table import Mask, Table, day_number, top
from sijill.tally.wanted import counted_rows

Victims = Literal["as told", "all", "not the doer's own"]
Side = Literal["doer", "either side"]
Area = Literal["as told", "governorate", "anywhere"]
Window = Literal["begins in it", "lies in it", "touches it"]

COUNTABLE = {"air_strikes": "incidents"}
"""Measures of published figures that incidents add up to under another name."""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that somebody published, with its scope; empty is 'not told'.

    `low` and `high` as in a tally; `group`: whose casualties; `by`: who did it; `between`: parties that
    all take part; `wider`: the governorate of a place that is smaller; `since` and `until`: ISO days,
    both inclusive; `relation` and `against`: a statement of record, as in a tally, about the period from
    `since` to `until`.
    """

    id: str
    measure: str = "killed"
    low: int | None = None
    high: int | None = None
    approx: bool = False
    group: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    source: str | None = None
    text: str = ""
    relation: str | None = None
    against: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a scope.

    `victims`: the groups told, everybody, or everybody but the doer's own; `side`: the doer as the one
    who acted, or on either side; `area`: the place told, its governorate, or any; `window`: how an
    incident's days must lie to it; `last_day`: whether the day of publication counts.
    """

    victims: Victims = "as told"
    side: Side = "doer"
    area: Area = "as told"
    window: Window = "begins in it"
    last_day: bool = True

    def changes(self, usual: Reading) -> list[str]:
        """In words, what is read otherwise than usual."""
        found = []
        if self.victims != usual.victims:
            found.append({"all": "casualties of every side", "as told": "the groups told",
                          "not the doer's own": "all but the doer's own"}[self.victims])  # fmt: skip
        if self.side != usual.side:
            found.append("incidents with the doer on either side")
        if self.area != usual.area:
            found.append({"as told": "the place itself", "governorate": "the whole governorate",
                          "anywhere": "the whole country"}[self.area])  # fmt: skip
        if self.window != usual.window:
            found.append({"lies in it": "only incidents that also end in the period",
                          "touches it": "incidents that reach into the period",
                          "begins in it": "incidents that begin in the period"}[self.window])  # fmt: skip
        if self.last_day != usual.last_day:
            found.append("without the last day")
        return found


def usual(figure: Published, table: Table | None = None) -> Reading:
    """How a figure is read unless another reading is asked for.

    A name that a town shares with its governorate is read as the governorate where the table has no
    incident in the town.
    """
    area: Area = "as told"
    if table is not None and figure.wider and not table.placed_in(figure.place).any():
        area = "governorate"
    return Reading("as told" if figure.group or not figure.by else "not the doer's own", area=area)


def readings(figure: Published, first: Reading) -> Iterator[Reading]:
    """The usual reading, and every other one that its scope leaves open."""
    victims: list[Victims] = [first.victims]
    if figure.by:
        victims.append("all")
    sides: list[Side] = ["doer", "either side"] if figure.by else ["doer"]
    areas: list[Area] = ["as told", "anywhere"] if figure.place else ["as told"]
    if figure.wider:
        areas.insert(1, "governorate")
    windows: list[Window] = ["begins in it", "lies in it", "touches it"]
    for who, side, area, window, last in product(victims, sides, areas, windows, (True, False)):
        yield replace(first, victims=who, side=side, area=area, window=window, last_day=last)


def rows_of(table: Table, figure: Published, reading: Reading) -> Mask:
    """The incidents that a reading of a figure takes. Shape (n,)."""
    mask = counted_rows(table, Filter(action=_actions(figure)))[0]
    mask &= in_window(table, figure, reading)
    if figure.by:
        own = table.many["actors"].among(figure.by, groups=True)
        if reading.side == "either side":
            own = own | table.many["targets"].among(figure.by, groups=True)
        mask &= own
    for party in figure.between:
        mask &= table.many["actors"].among((party,), groups=True) | table.many["targets"].among(
            (party,), groups=True
        )
    return mask & placed(table, figure, reading)


def placed(table: Table, figure: Published, reading: Reading) -> Mask:
    """The incidents in a figure's place as a reading has it."""
    if not figure.place or reading.area == "anywhere":
        return np.ones(len(table), dtype=bool)
    wide = figure.wider if reading.area == "governorate" else ()
    return table.placed_in((*figure.place, *wide))


def _actions(figure: Published) -> tuple[str, ...]:
    return ("air_strike",) if figure.measure == "air_strikes" else figure.action


def in_window(table: Table, figure: Published, reading: Reading) -> Mask:
    """The incidents whose days lie to a figure's period as a reading has it."""
    until = figure.until
    if until and not reading.last_day:
        until = str(np.datetime64(until) - 1)
    if reading.window == "lies in it":
        return table.within(figure.since, until)
    if reading.window == "touches it":
        return table.in_time(figure.since, until)
    start = table.days["start"]
    mask = table.in_time(None, None)
    if figure.since:
        mask &= start >= day_number(figure.since)
    if until:
        mask &= start <= day_number(until)
    return mask


def groups_of(table: Table, figure: Published, reading: Reading) -> tuple[str, ...]:
    """The groups whose casualties a reading counts; empty for everybody."""
    if reading.victims == "all":
        return ()
    if reading.victims == "as told":
        return figure.group
    return tuple(sorted({top(word) for word in table.tolls.groups} - {top(code) for code in figure.by}))


def sum_of(table: Table, figure: Published, reading: Reading, mask: Mask) -> Sum:
    """What a reading adds up to."""
    measure = COUNTABLE.get(figure.measure, figure.measure)
    groups = () if measure == "incidents" else groups_of(table, figure, reading)
    if measure == "killed_or_wounded":
        parts = [total(figures(table, name, groups).at(mask)) for name in ("killed", "wounded", measure)]
        highs = [part.high for part in parts]
        high = None if None in highs else sum(part or 0 for part in highs)
        return Sum(sum(p.low for p in parts), sum(p.best for p in parts), high, max(p.told for p in parts))
    return total(figures(table, measure, groups).at(mask))


def of_tally(tally: Tally, *, id: str, published: str | None = None, text: str = "") -> Published:
    """The scope of a tally that a report tells; a period without an end runs to the day of publication."""
    since, until = _period(tally.period, published)
    place = tally.place
    names = () if place is None else tuple(
        name for name in (place.id, place.admin1 if place.precision == "admin1" else None, place.name,
                          place.country if place.precision == "country" else None) if name
    )  # fmt: skip
    smaller = place is not None and place.precision not in ("admin1", "region", "country")
    wider = (place.admin1,) if place is not None and place.admin1 and smaller else ()
    return Published(
        id=id, measure=tally.measure, low=tally.low, high=tally.high, approx=tally.approx,
        group=(tally.group,) if tally.group and tally.group != "PERSONS" else (),
        by=(tally.by,) if tally.by else (), place=names, wider=wider, since=since, until=until,
        source=tally.sources[0] if tally.sources else None, text=text,
        relation=tally.comparison.relation if tally.comparison else None,
        against=tally.comparison.against if tally.comparison else None,
    )  # fmt: skip


def _period(edtf: str | None, published: str | None) -> tuple[str | None, str | None]:
    """First and last day of an EDTF period; None where it is not told or cannot be read."""
    if not edtf:
        return None, None
    begin, slash, end = edtf.replace("~", "").replace("?", "").partition("/")
    if not slash:
        end = begin
    try:
        since = None if begin in ("", "..") else first_day(begin)
        until = published if end in ("", "..") else last_day(end)
    except UsageError:
        return None, None
    return since, until
