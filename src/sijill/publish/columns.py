"""Columns: what a row of an export holds, with its type. Titles, descriptions and HXL tags of the
columns stand in `data/publish/columns.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Generic, Literal, TypeVar

import msgspec

from sijill.incidents import HeldMention, Incident, Toll
from sijill.publish.names import PUBLISH, Names, read_yaml
from sijill.records import Control, Place, Tally

Kind = Literal["text", "code", "list", "whole", "real", "day", "flag"]
"""`text` and `list` may hold words from outside and are guarded where a spreadsheet could run them."""

Cell = str | int | float | bool | None
T = TypeVar("T")

JOIN = "; "


class Column(msgspec.Struct, Generic[T], frozen=True):
    """A column: its name, its type, and what gives its cell."""

    name: str
    kind: Kind
    get: Callable[[T], Any]


class Described(msgspec.Struct, frozen=True):
    """What people and machines are told of a column."""

    en: str
    ar: str
    hxl: str = ""


@lru_cache(maxsize=1)
def descriptions() -> dict[str, Described]:
    """The descriptions of all columns, by name."""
    return msgspec.convert(read_yaml(PUBLISH / "columns.yaml"), dict[str, Described])


class View:
    """An incident with what several of its cells need, worked out once."""

    __slots__ = ("civilians", "figures", "incident", "names", "place", "tolls")

    def __init__(self, incident: Incident, names: Names) -> None:
        self.incident, self.names = incident, names
        self.place: Place = incident.place or NOWHERE
        self.tolls: dict[str, Three]
        self.civilians: Three
        self.tolls, self.civilians = sums(incident.tolls)


NOWHERE = Place(name="", precision="country")
UNTOLD: tuple[None, None, None] = (None, None, None)
Three = tuple[int | None, int | None, int | None]


def sums(tolls: Iterable[Toll]) -> tuple[dict[str, Three], Three]:
    """(low, best, high) of every outcome over all groups, and of civilians killed; parts left out.

    `high` is None where one of its parts is open upwards, as in `Incident.toll`.
    """
    rows: dict[str, list[Toll]] = {}
    for toll in tolls:
        if not toll.part_of:
            rows.setdefault(toll.outcome, []).append(toll)
    civilians = [toll for toll in rows.get("killed", ()) if toll.group.startswith("CIV")]
    return {outcome: _sum(some) for outcome, some in rows.items()}, _sum(civilians)


def _sum(rows: Sequence[Toll]) -> Three:
    """(low, best, high) of some tolls."""
    if len(rows) == 1:
        return rows[0].low, rows[0].best, rows[0].high
    low = [toll.low for toll in rows if toll.low is not None]
    best = [toll.best for toll in rows if toll.best is not None]
    high = [toll.high for toll in rows if toll.high is not None]
    whole = bool(high) and len(high) == len(rows)
    return sum(low) if low else None, sum(best) if best else None, sum(high) if whole else None


def _toll(outcome: str, at: int) -> Callable[[View], Cell]:
    """A getter for one bound of an outcome."""
    return lambda view: view.tolls.get(outcome, UNTOLD)[at]


def _three(outcome: str) -> Iterator[Column[View]]:
    """Low, best and high of an outcome."""
    for at, bound in enumerate(("low", "best", "high")):
        yield Column(f"{outcome}_{bound}", "whole", _toll(outcome, at))


def join(values: Iterable[str]) -> str | None:
    """Several values in one cell; None for none."""
    if isinstance(values, list) and len(values) < 2:
        return values[0] if values else None
    return JOIN.join(values) or None


@lru_cache(maxsize=50_000)
def day(told: str | None) -> date | None:
    """The day of an ISO date; None for what is none."""
    try:
        return date.fromisoformat(told[:10]) if told else None
    except ValueError:
        return None


def _actors(lang: Literal["ar", "en"], field: str) -> Callable[[View], Cell]:
    """A getter for the names of actors or targets."""
    return lambda view: view.names.actors_of(getattr(view.incident, field), lang, JOIN)


WHO: tuple[Column[View], ...] = (
    Column("actors", "list", lambda v: join(v.incident.actors)),
    Column("actors_en", "list", _actors("en", "actors")),
    Column("actors_ar", "list", _actors("ar", "actors")),
    Column("said_by", "list", lambda v: join(v.incident.sources or v.incident.outlets)),
    Column("targets", "list", lambda v: join(v.incident.targets)),
)
WHERE: tuple[Column[View], ...] = (
    Column("place", "text", lambda v: v.place.name or None),
    Column("place_id", "text", lambda v: v.place.id),
    Column("place_kind", "text", lambda v: v.place.kind),
    Column("precision", "code", lambda v: v.incident.place and v.place.precision),
    Column("admin2", "code", lambda v: v.place.admin2),
    Column("admin2_name", "text", lambda v: v.names.unit(v.place.admin2) or None),
    Column("admin1", "code", lambda v: v.place.admin1),
    Column("admin1_name", "text", lambda v: v.names.unit(v.place.admin1) or None),
    Column("admin1_name_ar", "text", lambda v: v.names.unit(v.place.admin1, "ar") or None),
    Column("country", "code", lambda v: v.place.country),
    Column("lat", "real", lambda v: v.place.lat),
    Column("lon", "real", lambda v: v.place.lon),
)
WHEN: tuple[Column[View], ...] = (
    Column("date", "code", lambda v: v.incident.date),
    Column("date_start", "day", lambda v: day(v.incident.start)),
    Column("date_end", "day", lambda v: day(v.incident.end)),
)
STATE: tuple[Column[View], ...] = (
    Column("reviewed", "flag", lambda v: v.incident.reviewed),
    Column("standing", "code", lambda v: v.incident.standing),
)
_HEAD: tuple[Column[View], ...] = (
    Column("incident", "code", lambda v: v.incident.id),
    *WHEN,
    Column("action", "code", lambda v: v.incident.action),
    Column("status", "code", lambda v: v.incident.status),
    *STATE,
)
INCIDENTS: tuple[Column[View], ...] = (
    *_HEAD,
    *WHERE,
    *WHO,
    Column("weapons", "list", lambda v: join(v.incident.weapons)),
    *_three("killed"),
    Column("civilians_killed_best", "whole", lambda v: v.civilians[1]),
    *_three("wounded"),
    Column("killed_or_wounded_best", "whole", _toll("killed_or_wounded", 1)),
    Column("missing_best", "whole", _toll("missing", 1)),
    Column("captured_best", "whole", _toll("captured", 1)),
    Column("arrested_best", "whole", _toll("arrested", 1)),
    Column("abducted_best", "whole", _toll("abducted", 1)),
    Column("displaced_best", "whole", _toll("displaced", 1)),
    Column("no_casualties", "flag", lambda v: v.incident.no_casualties),
    Column("claimed_by", "code", lambda v: v.incident.claimed_by),
    Column("disputed", "flag", lambda v: v.incident.disputed),
    Column("sources", "list", lambda v: join(v.incident.sources)),
    Column("sources_count", "whole", lambda v: len(v.incident.sources)),
    Column("outlets", "list", lambda v: join(v.incident.outlets)),
    Column("reports_count", "whole", lambda v: len(v.incident.mentions)),
    Column("first_published", "day", lambda v: day(v.incident.first_published)),
    Column("last_published", "day", lambda v: day(v.incident.last_published)),
    Column("sensitivity", "code", lambda v: v.incident.sensitivity),
    Column("formerly", "list", lambda v: join(v.incident.formerly)),
)
"""The wide form: one row an incident."""

TollRow = tuple[View, Toll]


def _of_view(column: Column[View]) -> Column[TollRow]:
    """A column of the incident, in a row of its toll."""
    get = column.get
    return Column(column.name, column.kind, lambda row: get(row[0]))


TOLLS: tuple[Column[TollRow], ...] = (
    *map(_of_view, _HEAD),
    *(_of_view(column) for column in WHERE if column.name in ("place", "admin2", "admin1", "country")),
    *map(_of_view, WHO),
    Column("outcome", "code", lambda row: row[1].outcome),
    Column("group", "code", lambda row: row[1].group),
    Column("group_en", "text", lambda row: row[0].names.actor(row[1].group, "en")),
    Column("group_ar", "text", lambda row: row[0].names.actor(row[1].group, "ar")),
    Column("low", "whole", lambda row: row[1].low),
    Column("best", "whole", lambda row: row[1].best),
    Column("high", "whole", lambda row: row[1].high),
    Column("part_of", "flag", lambda row: row[1].part_of),
    Column("policy", "code", lambda row: row[1].policy or None),
    Column("figures_count", "whole", lambda row: len(row[1].figures)),
    Column("figures_by", "list", lambda row: join(dict.fromkeys(one.source for one in row[1].figures))),
    Column("why_en", "text", lambda row: row[1].why_en or None),
    Column("why_ar", "text", lambda row: row[1].why_ar or None),
)
"""The long form: one row for each outcome and group of an incident."""


def _place(name: str) -> Callable[[HeldMention], Any]:
    """A getter for one thing about a mention's place."""
    return lambda held: getattr(held.mention.place, name) if held.mention.place else None


def _casualties(held: HeldMention) -> str | None:
    """The figures of a mention: `killed 5 SY-GOV; wounded 2- CIV`."""
    return join(
        f"{entry.outcome} {'' if entry.low is None else entry.low}"
        f"{'' if entry.low == entry.high else f'-{entry.high or str()}'} {entry.group}"
        for entry in held.mention.casualties
        if not entry.part_of
    )


MENTIONS: tuple[Column[HeldMention], ...] = (
    Column("mention", "code", lambda h: h.id),
    Column("report", "text", lambda h: h.report),
    Column("outlet", "text", lambda h: h.outlet),
    Column("url", "text", lambda h: h.url),
    Column("published", "day", lambda h: day(h.published)),
    Column("received", "text", lambda h: h.received),
    Column("copy_of", "text", lambda h: h.copy_of),
    Column("reviewed", "flag", lambda h: h.reviewed),
    Column("retracted", "flag", lambda h: h.retracted),
    Column("date", "code", lambda h: h.mention.date.edtf if h.mention.date else None),
    Column("time", "text", lambda h: h.mention.time),
    Column("action", "code", lambda h: h.mention.action),
    Column("status", "code", lambda h: h.mention.status),
    Column("place", "text", _place("name")),
    Column("place_id", "text", _place("id")),
    Column("precision", "code", _place("precision")),
    Column("admin2", "code", _place("admin2")),
    Column("admin1", "code", _place("admin1")),
    Column("country", "code", _place("country")),
    Column("lat", "real", _place("lat")),
    Column("lon", "real", _place("lon")),
    Column("actors", "list", lambda h: join(h.mention.actors)),
    Column("said_by", "list", lambda h: join(h.mention.sources) or h.outlet),
    Column("targets", "list", lambda h: join(h.mention.targets)),
    Column("weapons", "list", lambda h: join(h.mention.weapons)),
    Column("casualties", "text", _casualties),
    Column("claimed_by", "code", lambda h: h.mention.claimed_by),
    Column("disputed", "flag", lambda h: h.mention.disputed),
    Column("confidence", "real", lambda h: h.mention.confidence),
    Column("words", "text", lambda h: h.words or None),
)

TALLIES: tuple[Column[Tally], ...] = (
    Column("tally", "text", lambda t: t.id),
    Column("period", "code", lambda t: t.period),
    Column("measure", "code", lambda t: t.measure),
    Column("group", "code", lambda t: t.group),
    Column("by", "code", lambda t: t.by),
    Column("low", "whole", lambda t: t.low),
    Column("high", "whole", lambda t: t.high),
    Column("approx", "flag", lambda t: t.approx),
    Column("place", "text", lambda t: t.place.name if t.place else None),
    Column("admin1", "code", lambda t: t.place.admin1 if t.place else None),
    Column("sources", "list", lambda t: join(t.sources)),
)
CONTROL: tuple[Column[Control], ...] = (
    Column("control", "text", lambda c: c.id),
    Column("date", "code", lambda c: c.date.edtf if c.date else None),
    Column("place", "text", lambda c: c.place.name),
    Column("admin2", "code", lambda c: c.place.admin2),
    Column("admin1", "code", lambda c: c.place.admin1),
    Column("country", "code", lambda c: c.place.country),
    Column("group", "code", lambda c: c.actor),
    Column("change", "code", lambda c: c.change),
)
