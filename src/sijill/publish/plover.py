"""The columns of POLECAT, the data set in the PLOVER ontology, by `data/publish/plover.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from sijill.incidents import Incident
from sijill.publish.about import Request
from sijill.publish.columns import JOIN, Kind, day
from sijill.publish.names import PUBLISH, Names, read_yaml
from sijill.publish.phrases import counted
from sijill.publish.sides import country, side, two_sides
from sijill.publish.table import Field, Row, Table

COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("Event ID", "code"), ("Event Date", "day"), ("Event Type", "code"), ("Event Mode", "code"),
    ("Intensity", "real"), ("Quad Code", "whole"), ("Contexts", "list"), ("Actor Name", "list"),
    ("Actor Country", "code"), ("Actor COW", "whole"), ("Primary Actor Sector", "code"),
    ("Actor Sectors", "list"), ("Actor Title", "text"), ("Actor Name Raw", "text"),
    ("Wikipedia Actor ID", "code"), ("Recipient Name", "list"), ("Recipient Country", "code"),
    ("Recipient COW", "whole"), ("Primary Recipient Sector", "code"), ("Recipient Sectors", "list"),
    ("Recipient Title", "text"), ("Recipient Name Raw", "text"), ("Wikipedia Recipient ID", "code"),
    ("Placename", "text"), ("City", "text"), ("District", "text"), ("Province", "text"),
    ("Country", "code"), ("Latitude", "real"), ("Longitude", "real"), ("GeoNames ID", "code"),
    ("Raw Placename", "text"), ("Feature Type", "code"), ("Source", "list"), ("Publication Date", "day"),
    ("Story People", "text"), ("Story Organizations", "text"), ("Story Locations", "text"),
    ("Language", "code"), ("Version", "code"),
)  # fmt: skip
"""The columns in POLECAT's order, with their types."""


class Event(msgspec.Struct, frozen=True):
    """What an action is in PLOVER."""

    type: str
    mode: str


class Mapping(msgspec.Struct, frozen=True):
    """The table of `data/publish/plover.yaml`."""

    events: dict[str, Event]
    weapons: dict[str, str]
    quads: dict[str, int]


@lru_cache(maxsize=1)
def mapping() -> Mapping:
    """The table, read once."""
    return msgspec.convert(read_yaml(PUBLISH / "plover.yaml"), Mapping)


def layout(incidents: Iterable[Incident], names: Names, request: Request) -> Table:
    """The incidents as PLOVER events; those of untold kind or that did not happen are left out."""
    fields = tuple(Field(name, kind) for name, kind in COLUMNS)
    table = Table("plover", fields, iter(()), key="Event ID")

    def rows() -> Iterator[Row]:
        left = 0
        for incident in incidents:
            event = mapping().events.get(incident.action)
            if event is None or incident.status != "reported" or incident.standing in ("denied", "retracted"):
                left += 1
            else:
                yield _row(incident, event, names)
        if left:
            told = counted(left, "incident")
            table.notes.append(f"no PLOVER events: {told} of untold kind, or that did not happen")

    table.rows = rows()
    return table


def _row(incident: Incident, event: Event, names: Names) -> Row:
    """One event."""
    place, table = incident.place, mapping()
    known = country(place.country if place else None)
    mode = next((table.weapons[w] for w in incident.weapons if w in table.weapons), event.mode)
    first, second = two_sides(incident.actors, incident.targets)
    settled = place is not None and place.precision in ("site", "settlement")
    said = JOIN.join(names.source(one, "en") for one in incident.sources or incident.outlets)
    return [
        incident.id, day(incident.start), event.type, mode, None, table.quads[event.type], "military",
        *_party(first, names), *_party(second, names), place.name if place else None,
        place.name if place and settled else None, names.unit(place.admin2 if place else None) or None,
        names.unit(place.admin1 if place else None) or None, known.iso3 if known else None,
        place.lat if place else None, place.lon if place else None, None, None, None, said or None,
        day(incident.first_published), None, None, None, "ara",
        "sijill; " + ("reviewed" if incident.reviewed else "not reviewed"),
    ]  # fmt: skip


def _party(codes: Sequence[str], names: Names) -> Row:
    """The eight cells of an actor or a recipient."""
    found = [one for one in map(side, codes) if one is not None]
    home = country(found[0].home) if found else None
    sectors = dict.fromkeys(one.plover for one in found)
    return [
        JOIN.join(names.actor(code, "en") for code in codes) or None, home.iso3 if home else None,
        home.gw if home else None, found[0].plover if found else None, JOIN.join(sectors) or None,
        None, None, None,
    ]  # fmt: skip
