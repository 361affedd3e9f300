"""The 31 columns of ACLED's CSV, by the mapping of `data/publish/acled.yaml`.

An ACLED event has happened on a day that is known at least to the month: what is denied, planned or
undated is left out, and the notes of the table say how often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

import msgspec

from sijill.incidents import Incident
from sijill.publish.about import Request
from sijill.publish.columns import JOIN, Kind, day, sums
from sijill.publish.names import PUBLISH, Names, read_yaml
from sijill.publish.phrases import counted
from sijill.publish.sides import country, is_civilian, named, sort, two_sides
from sijill.publish.table import Field, Row, Table

COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("event_id_cnty", "code"), ("event_date", "day"), ("year", "whole"), ("time_precision", "whole"),
    ("disorder_type", "code"), ("event_type", "code"), ("sub_event_type", "code"), ("actor1", "text"),
    ("assoc_actor_1", "text"), ("inter1", "code"), ("actor2", "text"), ("assoc_actor_2", "text"),
    ("inter2", "code"), ("interaction", "code"), ("civilian_targeting", "code"), ("iso", "whole"),
    ("region", "code"), ("country", "code"), ("admin1", "text"), ("admin2", "text"), ("admin3", "text"),
    ("location", "text"), ("latitude", "real"), ("longitude", "real"), ("geo_precision", "whole"),
    ("source", "list"), ("source_scale", "code"), ("notes", "text"), ("fatalities", "whole"),
    ("tags", "text"), ("timestamp", "whole"),
)  # fmt: skip
"""The columns in ACLED's order, with their types."""


class Sub(msgspec.Struct, frozen=True):
    """Where a sub-event type belongs."""

    event: str
    disorder: str


class Action(msgspec.Struct, frozen=True):
    """What sub-event type an action is, and under which circumstances another."""

    sub: str
    civilians: str | None = None
    state: str | None = None
    killed: str | None = None
    wounded: str | None = None
    civilians_killed: str | None = None


class Inter(msgspec.Struct, frozen=True):
    """An actor type."""

    number: int
    label: str


class Mapping(msgspec.Struct, frozen=True):
    """The table of `data/publish/acled.yaml`."""

    sub_events: dict[str, Sub]
    actions: dict[str, Action]
    weapons: dict[str, str]
    foiled: list[str]
    inters: dict[str, Inter]
    geo_precision: dict[str, int]
    time_precision: dict[int, int]


@lru_cache(maxsize=1)
def mapping() -> Mapping:
    """The table, read once."""
    return msgspec.convert(read_yaml(PUBLISH / "acled.yaml"), Mapping)


def sub_event(incident: Incident) -> str | None:
    """The sub-event type of an incident; None where it is no ACLED event."""
    table = mapping()
    if incident.status == "foiled":
        return "Disrupted weapons use" if incident.action in table.foiled else None
    if incident.status != "reported" or incident.standing in ("denied", "retracted"):
        return None
    for weapon in incident.weapons:
        if weapon in table.weapons:
            return table.weapons[weapon]
    row = table.actions[incident.action]
    tolls, civilians = sums(incident.tolls)
    killed = (tolls.get("killed") or (None, None))[1]
    wounded = (tolls.get("wounded") or (None, None))[1]
    if row.killed and killed:
        return row.killed
    if row.wounded and wounded:
        return row.wounded
    if row.civilians_killed and civilians[1]:
        return row.civilians_killed
    if row.civilians and incident.targets and all(map(is_civilian, incident.targets)):
        return row.civilians
    where = incident.place.country if incident.place else None
    if row.state and any(sort(code, where) == "state" for code in incident.actors):
        return row.state
    return row.sub


def time_precision(incident: Incident) -> tuple[date | None, int | None]:
    """The event's day (the first it may be) and how well it is known; None where it is not."""
    first, last = day(incident.start), day(incident.end)
    if first is None or last is None:
        return None, None
    span = (last - first).days + 1
    for most, code in mapping().time_precision.items():
        if span <= most:
            return first, 2 if code == 1 and incident.date and "~" in incident.date else code
    return None, None


def interaction(first: str, second: str) -> str:
    """The words of an interaction: `State forces-Rebel group`, `Rebel group only`."""
    if first and second:
        return f"{first}-{second}"
    return f"{first or second} only" if first or second else ""


def layout(incidents: Iterable[Incident], names: Names, request: Request) -> Table:
    """The incidents as ACLED events."""
    fields = tuple(Field(name, kind) for name, kind in COLUMNS)
    left: Counter[str] = Counter()
    table = Table("acled", fields, iter(()), key="event_id_cnty")

    def rows() -> Iterator[Row]:
        for incident in incidents:
            sub = sub_event(incident)
            when, precision = time_precision(incident)
            if sub is None or when is None or precision is None:
                left["denied, planned or foiled" if sub is None else "without a day or month"] += 1
                continue
            yield _row(incident, sub, when, precision, names)
        table.notes += [f"no ACLED events: {counted(count, 'incident')} {why}" for why, count in left.items()]

    table.rows = rows()
    return table


def _row(incident: Incident, sub: str, when: date, precision: int, names: Names) -> Row:
    """One event."""
    table, place = mapping(), incident.place
    where = place.country if place else None
    known = country(where)
    first, second = two_sides(incident.actors, incident.targets)
    kind = table.sub_events[sub]
    inter1 = _inter(first, where, kind.event)
    inter2 = _inter(second, where, "")
    against = bool(second) and all(map(is_civilian, second))
    killed = sums(incident.tolls)[0].get("killed", (None, None, None))
    said = [names.source(one, "en") for one in incident.sources or incident.outlets]
    district = place.admin2 if place else None
    return [
        f"{known.iso3 if known else where or ''}{incident.id}", when, when.year, precision, kind.disorder,
        kind.event, sub, _name(first, where, names), _others(first, where, names), inter1 or None,
        _name(second, where, names), _others(second, where, names), inter2 or None,
        interaction(inter1, inter2) or None,
        "Civilian targeting" if against or sub in ("Attack", "Excessive force against protesters") else None,
        known.number if known else None, known.region if known else None,
        known.name if known else where, _unit(place.admin1 if place else None, names),
        _unit(district, names), None, place.name if place else None, place.lat if place else None,
        place.lon if place else None, table.geo_precision[place.precision] if place else None,
        JOIN.join(said) or None, None, None, killed[1] if killed[1] is not None else killed[0],
        "reviewed=" + ("yes" if incident.reviewed else "no"), _stamp(incident.last_published),
    ]  # fmt: skip


def _unit(pcode: str | None, names: Names) -> str | None:
    """The English name of a unit."""
    return names.unit(pcode) or None


def _inter(side: list[str], where: str | None, event: str) -> str:
    """The words of the actor type of a side's first group."""
    if event == "Protests":
        return mapping().inters["protesters"].label
    found = sort(side[0], where) if side else None
    return mapping().inters[found].label if found else ""


def _name(side: list[str], where: str | None, names: Names) -> str | None:
    """The name of a side's first group."""
    return named(side[0], "acled", where, names) if side else None


def _others(side: list[str], where: str | None, names: Names) -> str | None:
    """The names of the groups beside the first."""
    return JOIN.join(named(code, "acled", where, names) for code in side[1:]) or None


def _stamp(published: str | None) -> int | None:
    """The last report's day as seconds since 1970."""
    when = day(published)
    return int(datetime(when.year, when.month, when.day, tzinfo=UTC).timestamp()) if when else None
