"""ACLED as CSV: each event becomes a report of one incident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sijill.errors import InputError
from sijill.records import Casualty, Mention, Place, Report, Span, When
from sijill.sources.ged import governorate, span
from sijill.sources.meanings import Meanings
from sijill.sources.rows import Unknown, day_of, degrees, in_words, month_names


def incident(
    row: Mapping[str, str],
    number: int,
    where: str,
    tables: Mapping[str, Any],
    meanings: Meanings,
    unknown: Unknown,
) -> tuple[Report, Mention]:
    """The report and the incident of a row; InputError where it cannot be used at all."""
    day = _day(row["event_date"], where, meanings)
    text = in_words(row)
    report = Report(id=f"ACLED:{row['event_id_cnty']}", text=text, source=tables["source"])
    first = _codes([row["actor1"], row.get("assoc_actor_1", "")], day, meanings, unknown)
    second = _codes([row.get("actor2", ""), row.get("assoc_actor_2", "")], day, meanings, unknown)
    action = _action(row, tables, unknown)
    both = action in tables["both_sides"]
    mention = Mention(
        id="i1", action=action, date=_when(row, day, tables), place=_place(row, tables, meanings, unknown),
        actors=list(dict.fromkeys([*first, *second])) if both else first, targets=[] if both else second,
        weapons=tables["weapons"].get(row["sub_event_type"], []), casualties=_deaths(row, where),
        sources=[part.strip() for part in row.get("source", "").split(";") if part.strip()],
        evidence={"": [Span("text", 0, len(text))]},
    )  # fmt: skip
    return report, mention


def _day(cell: str, where: str, meanings: Meanings) -> date:
    """The day of a cell such as `19 April 2024` or `2024-04-19`."""
    found = day_of(cell, "dmy", month_names(meanings.lexicon.tables["dates"]))
    if found is None or len(found) < 10:
        raise InputError(where, f"{cell[:40]!r} is no date", "get the table again")
    return date.fromisoformat(found)


def _codes(cells: list[str], day: date, meanings: Meanings, unknown: Unknown) -> list[str]:
    """The codes of an actor; its associates only where it is itself not known."""
    for cell in cells:
        codes: list[str] = []
        for name in filter(None, (part.strip() for part in cell.split(";"))):
            code = meanings.actor(name, day.isoformat())
            if code is None:
                unknown.word("actor", name)
            elif code not in codes:
                codes.append(code)
        if codes:
            return codes
    return []


def _action(row: Mapping[str, str], tables: Mapping[str, Any], unknown: Unknown) -> Any:
    """The action by the sub-type, else by the type."""
    action = tables["sub_types"].get(row["sub_event_type"]) or tables["types"].get(row["event_type"])
    if action is None:
        unknown.word("event type", f"{row['event_type']}: {row['sub_event_type']}")
    return action or "other"


def _when(row: Mapping[str, str], day: date, tables: Mapping[str, Any]) -> When:
    """The day, the week that begins with it, or its month."""
    told = row.get("time_precision", "1")
    if told in tables["days"]:
        edtf = day.isoformat()
    elif told in tables["weeks"]:
        edtf = span(day, day + timedelta(days=6))
    else:
        edtf = day.isoformat()[:7]
    return When(edtf=edtf, text=row["event_date"])


def _place(row: Mapping[str, str], tables: Mapping[str, Any], meanings: Meanings, unknown: Unknown) -> Place:
    """The place with ACLED's own point."""
    country = meanings.country(row.get("iso", "")) or meanings.country(row["country"])
    admin1 = governorate("", row["admin1"], meanings, unknown) if country in ("SY", "IQ") else None
    exact = row["geo_precision"] in tables["points"]
    return Place(
        name=row["location"] or row["admin1"] or row["country"], admin1=admin1,
        admin2=row.get("admin2") or None, country=country,
        precision=tables["precisions"].get(row["geo_precision"], "admin1"),
        lat=degrees(row["latitude"], 90) if exact else None,
        lon=degrees(row["longitude"], 180) if exact else None,
    )  # fmt: skip


def _deaths(row: Mapping[str, str], where: str) -> list[Casualty]:
    """The deaths of a row; 0 may mean that nobody counted, and gives nothing."""
    try:
        count = int(row["fatalities"] or 0)
    except ValueError:
        raise InputError(where, "has fatalities that are no whole number", "get the table again") from None
    if count < 0:
        raise InputError(where, "has fatalities below zero", "get the table again")
    return (
        [Casualty(outcome="killed", group="PERSONS", low=count, high=count, source="ACLED")] if count else []
    )
