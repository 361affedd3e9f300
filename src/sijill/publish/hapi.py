"""Conflict events in the layout of HDX HAPI: events and fatalities by district, month and kind.

Columns and kinds after https://hdx-hapi.readthedocs.io (conflict events). Small cells are left
empty, with a warning that says so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date

from sijill.incidents import Incident
from sijill.publish.about import Request
from sijill.publish.acled import mapping, sub_event
from sijill.publish.columns import Kind, day, sums
from sijill.publish.names import Names
from sijill.publish.phrases import counted
from sijill.publish.sides import country, is_civilian
from sijill.publish.table import Field, Row, Table

COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("location_code", "code", "#country+code"), ("has_hrp", "code", "#meta+has_hrp"),
    ("in_gho", "code", "#meta+in_gho"), ("provider_admin1_name", "text", "#adm1+name+provider"),
    ("provider_admin2_name", "text", "#adm2+name+provider"), ("admin1_code", "code", "#adm1+code"),
    ("admin1_name", "text", "#adm1+name"), ("admin2_code", "code", "#adm2+code"),
    ("admin2_name", "text", "#adm2+name"), ("admin_level", "whole", "#geo+admin_level"),
    ("event_type", "code", "#event+type"), ("events", "whole", "#event+num"),
    ("fatalities", "whole", "#affected+killed"), ("reference_period_start", "day", "#date+start"),
    ("reference_period_end", "day", "#date+end"), ("dataset_hdx_id", "code", "#meta+dataset_id"),
    ("resource_hdx_id", "code", "#meta+resource_id"), ("warning", "text", "#meta+warning"),
    ("error", "text", "#meta+error"),
)  # fmt: skip

Key = tuple[str, str, str, str, str]
"""Country, governorate, district, month, kind."""


class Cell:
    """What is counted of one key."""

    __slots__ = ("events", "killed", "reviewed")

    def __init__(self) -> None:
        self.events = self.reviewed = 0
        self.killed: int | None = None


def kinds(incident: Incident) -> list[str]:
    """The HAPI event types that an incident counts for."""
    sub = sub_event(incident)
    if sub is None:
        return []
    disorder = mapping().sub_events[sub].disorder
    out = []
    if "Political violence" in disorder:
        out.append("political_violence")
        if incident.targets and all(map(is_civilian, incident.targets)):
            out.append("civilian_targeting")
    if "Demonstrations" in disorder:
        out.append("demonstration")
    return out


def layout(incidents: Iterable[Incident], names: Names, request: Request) -> Table:
    """Counts by district and month, sorted; memory grows with the cells, not the incidents."""
    fields = tuple(Field(name, kind, hxl=hxl) for name, kind, hxl in COLUMNS)
    table = Table("hapi", fields, iter(()))

    def rows() -> Iterator[Row]:
        cells: dict[Key, Cell] = {}
        left = sum(not _count(incident, cells) for incident in incidents)
        if left:
            table.notes.append(f"not counted: {counted(left, 'incident')} without a month or country")
        for key in sorted(cells):
            yield _row(key, cells[key], names, request.profile.small_cell)

    table.rows = rows()
    return table


def _count(incident: Incident, cells: dict[Key, Cell]) -> bool:
    """Counts an incident; False where its month or country is not told."""
    place, month = incident.place, (incident.start or "")[:7]
    if place is None or not place.country or not month or (incident.end or "")[:7] != month:
        return not kinds(incident)
    killed = sums(incident.tolls)[0].get("killed")
    for kind in kinds(incident):
        key = (place.country, place.admin1 or "", place.admin2 or "", month, kind)
        cell = cells.setdefault(key, Cell())
        cell.events += 1
        cell.reviewed += incident.reviewed
        if killed and killed[1] is not None:
            cell.killed = (cell.killed or 0) + killed[1]
    return True


def _row(key: Key, cell: Cell, names: Names, least: int) -> Row:
    """One row of counts."""
    code, admin1, admin2, month, kind = key
    known = country(code)
    first = day(f"{month}-01")
    assert first is not None, "a month was told"
    last = date(first.year, first.month, monthrange(first.year, first.month)[1])
    small = cell.events < least
    few = cell.killed is not None and 0 < cell.killed < least
    checked = "not told how many reviewed" if small else f"{cell.reviewed} of {cell.events} events reviewed"
    warnings = [checked]
    if small or few:
        warnings.append(f"counts below {least} are left empty")
    return [
        known.iso3 if known else code, _yes(known.hrp) if known else None, _yes(known.gho) if known else None,
        names.unit(admin1) or None, names.unit(admin2) or None, admin1 or None, names.unit(admin1) or None,
        admin2 or None, names.unit(admin2) or None, 2 if admin2 else 1 if admin1 else 0, kind,
        None if small else cell.events, None if small or few else cell.killed, first, last, None, None,
        "; ".join(warnings), None,
    ]  # fmt: skip


def _yes(fact: bool) -> str:
    """Yes or no, as HAPI writes it."""
    return "Y" if fact else "N"
