"""The 49 columns of UCDP GED (version 25.1), after its codebook: Sundberg and Melander 2013,
"Introducing the UCDP Georeferenced Event Dataset", and the UCDP GED Codebook 25.1.

A GED event has at least one death; incidents without one are left out, and the notes say how many.
UCDP's own numbers of conflicts and dyads are left empty; those of known sides are given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sijill.incidents import Incident
from sijill.publish.about import Request
from sijill.publish.columns import JOIN, Kind, day, sums
from sijill.publish.names import Names
from sijill.publish.phrases import counted
from sijill.publish.sides import country, is_civilian, named, side, sort, two_sides
from sijill.publish.table import Field, Row, Table

COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("id", "code"), ("relid", "code"), ("year", "whole"), ("active_year", "flag"), ("code_status", "code"),
    ("type_of_violence", "whole"), ("conflict_dset_id", "code"), ("conflict_new_id", "code"),
    ("conflict_name", "text"), ("dyad_dset_id", "code"), ("dyad_new_id", "code"), ("dyad_name", "text"),
    ("side_a_dset_id", "code"), ("side_a_new_id", "whole"), ("side_a", "text"), ("side_b_dset_id", "code"),
    ("side_b_new_id", "whole"), ("side_b", "text"), ("number_of_sources", "whole"),
    ("source_article", "text"), ("source_office", "list"), ("source_date", "code"),
    ("source_headline", "text"), ("source_original", "list"), ("where_prec", "whole"),
    ("where_coordinates", "text"), ("where_description", "text"), ("adm_1", "text"), ("adm_2", "text"),
    ("latitude", "real"), ("longitude", "real"), ("geom_wkt", "code"), ("priogrid_gid", "whole"),
    ("country", "code"), ("country_id", "whole"), ("region", "code"), ("event_clarity", "whole"),
    ("date_prec", "whole"), ("date_start", "day"), ("date_end", "day"), ("deaths_a", "whole"),
    ("deaths_b", "whole"), ("deaths_civilians", "whole"), ("deaths_unknown", "whole"), ("best", "whole"),
    ("high", "whole"), ("low", "whole"), ("gwnoa", "whole"), ("gwnob", "whole"),
)  # fmt: skip
"""The columns in GED's order, with their types."""

STATE, NON_STATE, ONE_SIDED = 1, 2, 3
"""type_of_violence: between states or with one; between groups; against civilians."""

WHERE = {"site": 1, "settlement": 1, "district": 3, "admin1": 4, "region": 5, "country": 6}
"""where_prec: 1 exact, 2 near, 3 second and 4 first order unit, 5 an area, 6 the country, 7 at sea."""

DAYS = ((1, 1), (6, 2), (7, 3), (31, 4), (366, 5))
"""date_prec by days: 1 the day, 2 two to six days, 3 the week, 4 up to a month, 5 up to a year."""


def date_prec(first: date, last: date) -> int | None:
    """How well a date is known, 1 (the day) to 5 (within a year); None where it spans more."""
    span = (last - first).days + 1
    return next((code for most, code in DAYS if span <= most), None)


def priogrid(lat: float, lon: float) -> int:
    """The number of the PRIO-GRID cell (0.5 degrees; Tollefsen and others 2012).

    >>> priogrid(35.688342, 36.449962)
    181153
    """
    return int((lat + 90) * 2) * 720 + int((lon + 180) * 2) + 1


def layout(incidents: Iterable[Incident], names: Names, request: Request) -> Table:
    """The incidents as GED events."""
    fields = tuple(Field(name, kind) for name, kind in COLUMNS)
    left: Counter[str] = Counter()
    table = Table("ged", fields, iter(()), key="id")

    def rows() -> Iterator[Row]:
        for incident in incidents:
            why = _unfit(incident)
            if why:
                left[why] += 1
            else:
                yield _row(incident, names)
        table.notes += [f"no GED events: {counted(count, 'incident')} {why}" for why, count in left.items()]

    table.rows = rows()
    return table


def _unfit(incident: Incident) -> str | None:
    """Why an incident is no GED event, if it is none."""
    if incident.status != "reported" or incident.standing in ("denied", "retracted"):
        return "denied, planned or foiled"
    first, last = day(incident.start), day(incident.end)
    if first is None or last is None or date_prec(first, last) is None:
        return "without a date within a year"
    killed = sums(incident.tolls)[0].get("killed")
    return None if killed and any(killed) else "without a death"


def violence(first: Sequence[str], second: Sequence[str], where: str | None) -> int:
    """type_of_violence of an incident between two sides."""
    kinds = [[sort(code, where) for code in codes] for codes in (first, second)]
    if second and all(map(is_civilian, second)):
        return ONE_SIDED
    return STATE if any(kind == "state" for some in kinds for kind in some) else NON_STATE


def deaths(incident: Incident, first: Sequence[str], second: Sequence[str]) -> tuple[int, int, int, int]:
    """Killed of side a, of side b, civilians, and of untold side; best figures, parts left out."""
    out = [0, 0, 0, 0]
    for toll in incident.tolls:
        if toll.outcome != "killed" or toll.part_of:
            continue
        number = toll.best if toll.best is not None else toll.low or 0
        if toll.group.startswith("CIV"):
            at = 2
        elif _among(toll.group, first):
            at = 0
        elif _among(toll.group, second) and toll.group != "PERSONS":
            at = 1
        else:
            at = 3
        out[at] += number
    return out[0], out[1], out[2], out[3]


def _among(group: str, codes: Sequence[str]) -> bool:
    """Is a group one of a side, or a part of one?"""
    return any(group == code or group.split("/")[0] == code.split("/")[0] for code in codes)


def _row(incident: Incident, names: Names) -> Row:
    """One event."""
    place = incident.place
    where = place.country if place else None
    known = country(where)
    first, second = _ordered(*two_sides(incident.actors, incident.targets), where)
    a, b = (named(codes[0], "ged", where, names) if codes else None for codes in (first, second))
    start, end = day(incident.start), day(incident.end)
    assert start is not None and end is not None, "told by _unfit"
    low, best, high = sums(incident.tolls)[0]["killed"]
    parts = deaths(incident, first, second)
    dyad = f"{a or 'Unknown'} - {b or 'Unknown'}"
    lat, lon = (place.lat, place.lon) if place else (None, None)
    said = incident.sources or incident.outlets
    offices = JOIN.join(incident.outlets or incident.sources) or None
    point = lat is not None and lon is not None
    return [
        incident.id, incident.id, start.year, None, "Clear" if incident.reviewed else "Check: not reviewed",
        violence(first, second, where), None, None, dyad, None, None, dyad, None, _number(first), a, None,
        _number(second), b, len(said), None, offices, incident.first_published, None,
        JOIN.join(names.source(one, "en") for one in said) or None, _where(incident),
        place.name if place else None, None, names.unit(place.admin1 if place else None) or None,
        names.unit(place.admin2 if place else None) or None, lat, lon,
        f"POINT ({lon} {lat})" if point else None,
        priogrid(lat, lon) if lat is not None and lon is not None else None,
        known.name if known else where, known.gw if known else None, known.ged_region if known else None,
        1 if len(incident.tolls) and start == end else 2, date_prec(start, end), start, end, *parts,
        sum(parts), max(high or 0, best or 0, sum(parts)), min(low or 0, sum(parts)),
        _gw(first, where), _gw(second, where),
    ]  # fmt: skip


def _ordered(first: list[str], second: list[str], where: str | None) -> tuple[list[str], list[str]]:
    """The sides as GED orders them: a state is side a; civilians are side b."""
    kinds = [sort(codes[0], where) if codes else None for codes in (first, second)]
    if (kinds[1] == "state" and kinds[0] != "state") or (kinds[0] == "civilians" and second):
        return second, first
    return first, second


def _where(incident: Incident) -> int:
    """where_prec of an incident."""
    place = incident.place
    if place is None:
        return 6
    return 2 if place.inferred and place.precision in ("site", "settlement") else WHERE[place.precision]


def _number(codes: Sequence[str]) -> int | None:
    """UCDP's number of a side, where it is known."""
    found = side(codes[0]) if codes else None
    return found.ged_id if found else None


def _gw(codes: Sequence[str], where: str | None) -> int | None:
    """The state number of a side that is a state."""
    found = side(codes[0]) if codes else None
    known = country(found.home) if found and found.kind == "state" else None
    return known.gw if known else None
