"""UCDP GED as CSV: each event becomes a report of one incident.

Deaths by side become casualties of the side's group; the range from `low` to `high`, where it says more
than the best estimate, stands in `rivals`. Rows whose figures contradict each other are read and named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sijill.errors import InputError
from sijill.records import Casualty, Mention, Place, Report, Rival, Span, When
from sijill.sources.meanings import Meanings
from sijill.sources.rows import Unknown, degrees, in_words

DEATHS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
_KIND = re.compile(r"\s+(?:village|town|city|neighbourhood|neighborhood|camp|area)$", re.I)


def incident(
    row: Mapping[str, str],
    number: int,
    where: str,
    tables: Mapping[str, Any],
    meanings: Meanings,
    unknown: Unknown,
) -> tuple[Report, Mention]:
    """The report and the incident of a row; InputError where it cannot be used at all."""
    start = _day(row["date_start"], where)
    text = in_words(row)
    report = Report(
        id=f"GED:{row['id']}", text=text, source=tables["source"], title=row.get("source_headline") or None,
        published=None,
    )  # fmt: skip
    side_a, side_b = (
        _codes(row[side], start.isoformat(), meanings, unknown) for side in ("side_a", "side_b")
    )
    action = tables["actions"].get(row["type_of_violence"])
    if action is None:
        raise InputError(where, f"has type_of_violence {row['type_of_violence']!r}", "it is 1, 2 or 3")
    one_sided = action == "armed_assault"
    casualties, rivals = figures(row, number, where, _group(side_a), _group(side_b), unknown)
    mention = Mention(
        id="i1", action=action, date=_when(row, where, start), place=_place(row, tables, meanings, unknown),
        actors=side_a if one_sided else list(dict.fromkeys([*side_a, *side_b])),
        targets=(side_b or ["CIV"]) if one_sided else [], casualties=casualties, rivals=rivals,
        sources=_offices(row), evidence={"": [Span("text", 0, len(text))]},
    )  # fmt: skip
    return report, mention


def _day(cell: str, where: str) -> date:
    """The day of a cell such as `2016-01-01` or `2016-01-01 00:00:00.000`."""
    try:
        return date.fromisoformat(cell[:10])
    except ValueError:
        raise InputError(where, f"{cell[:40]!r} is no date", "get the table again") from None


def _codes(names: str, day: str, meanings: Meanings, unknown: Unknown) -> list[str]:
    """The codes of a side, which may be several groups with commas between."""
    codes: list[str] = []
    for name in filter(None, (part.strip() for part in names.split(", "))):
        code = meanings.actor(name, day)
        if code is None:
            unknown.word("actor", name)
        elif code not in codes:
            codes.append(code)
    return codes


def _group(codes: list[str]) -> str:
    """Whose deaths those of a side are: its group, where it is one."""
    return codes[0] if len(codes) == 1 else "PERSONS"


def figures(
    row: Mapping[str, str], number: int, where: str, side_a: str, side_b: str, unknown: Unknown
) -> tuple[list[Casualty], list[Rival]]:
    """Deaths by group, and the range of the whole where it is wider than the best estimate."""
    try:
        parts = {name: int(row[name] or 0) for name in DEATHS}
        low, best, high = (int(row[name] or 0) for name in ("low", "best", "high"))
    except ValueError:
        raise InputError(where, "has a figure that is no whole number", "get the table again") from None
    if min(*parts.values(), low, best, high) < 0:
        raise InputError(where, "has a figure below zero", "get the table again")
    if low > best:
        unknown.row("have low above best", number)
    if best > high:
        unknown.row("have best above high", number)
    if sum(parts.values()) != best:
        unknown.row("have parts that do not add up to best", number)
    groups: dict[str, int] = {}
    for group, count in zip((side_a, side_b, "CIV", "PERSONS"), parts.values(), strict=True):
        groups[group] = groups.get(group, 0) + count
    found = [
        Casualty(outcome="killed", group=group, low=count, high=count, source="UCDP")
        for group, count in groups.items()
        if count
    ]
    least, most = min(low, best, high), max(low, best, high)
    rivals = [Rival(source="UCDP", outcome="killed", group="PERSONS", low=least, high=most)]
    return found, rivals if (least, most) != (best, best) else []


def _when(row: Mapping[str, str], where: str, start: date) -> When:
    """The day, or the days from and to; a whole month or year by its name."""
    end = _day(row["date_end"] or row["date_start"], where)
    if end < start:
        raise InputError(where, f"ends ({end}) before it begins ({start})", "get the table again")
    return When(edtf=span(start, end), text=f"{row['date_start'][:10]} {row['date_end'][:10]}".strip())


def span(start: date, end: date) -> str:
    """The EDTF of the days from and to.

    >>> span(date(2016, 2, 1), date(2016, 2, 29))
    '2016-02'
    """
    if start == end:
        return start.isoformat()
    after = end + timedelta(days=1)
    if start.day == 1 and after.day == 1:
        if (start.year, start.month) == (end.year, end.month):
            return start.isoformat()[:7]
        if start.month == 1 and end.month == 12 and start.year == end.year:
            return str(start.year)
    return f"{start.isoformat()}/{end.isoformat()}"


def _place(
    row: Mapping[str, str], tables: Mapping[str, Any], meanings: Meanings, unknown: Unknown
) -> Place | None:
    """The place with GED's own point; the governorate by its p-code or name."""
    prec = row["where_prec"]
    precision = tables["precisions"].get(prec, "country")
    admin1 = governorate(row.get("admin1_pcode", ""), row.get("adm_1", ""), meanings, unknown)
    country = meanings.country(row.get("country_id", "")) or meanings.country(row.get("country", ""))
    if precision == "region" and admin1 and prec == "5":
        precision = "admin1"  # by our codebook a part of a governorate
    exact = prec in tables["points"]
    name = row.get("where_coordinates", "") or row.get("adm_1", "") or row.get("country", "")
    return Place(
        name=_KIND.sub("", name), admin1=admin1, admin2=row.get("adm_2") or None, country=country,
        lat=degrees(row.get("latitude"), 90) if exact else None,
        lon=degrees(row.get("longitude"), 180) if exact else None, precision=precision,
    )  # fmt: skip


def governorate(pcode: str, name: str, meanings: Meanings, unknown: Unknown) -> str | None:
    """The p-code of a governorate; a name that is not known is noted."""
    found = meanings.admin1(pcode) if pcode else None
    if found is None and name:
        found = meanings.admin1(name)
        if found is None:
            unknown.word("admin1", name)
    return found


def _offices(row: Mapping[str, str]) -> list[str]:
    """Who is quoted: the original source, else the office; SOHR under its code."""
    names = [row.get("source_original", ""), row.get("source_office", "")]
    return [name for name in dict.fromkeys(part.strip() for part in names) if name][:1]
