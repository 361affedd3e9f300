"""Records in a few words, as lists of errors show them. Faulty records are shown as far as they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sijill.evaluation.likeness import Record, relation
from sijill.publish.phrases import figure


def brief(incident: Record, key: str | None = None) -> str:
    """An incident, or one of its fields, in a few words.

    >>> brief({"action": "ied", "casualties": [{"outcome": "killed", "group": "CIV", "low": 2, "high": 2}]})
    'ied | - | - | ->- | killed 2 CIV'
    """
    if key is not None:
        return _FIELDS[key](incident.get(key))
    action, status = _plain(incident.get("action")), incident.get("status") or "reported"
    sides = f"{_codes(incident.get('actors'))}>{_codes(incident.get('targets'))}"
    tolls = "; ".join(map(brief_toll, incident.get("casualties") or [])) or "-"
    told = (action if status == "reported" else f"{action} ({status})",
            _date(incident.get("date")), brief_place(incident.get("place")), sides, tolls)  # fmt: skip
    return " | ".join(told)


def brief_toll(entry: Record) -> str:
    """One casualty entry: `killed 2 CIV`; a part of another in brackets."""
    number = figure(entry.get("low"), entry.get("high"), bool(entry.get("approx")))
    said = f"{_plain(entry.get('outcome'))} {number} {_plain(entry.get('group'))}"
    return f"({said})" if entry.get("part_of") else said


def brief_place(place: object) -> str:
    """Name, governorate or country, and how fine."""
    if not isinstance(place, dict) or not place:
        return "-"
    larger = place.get("admin1") or place.get("country") or "-"
    return f"{_plain(place.get('name'))} ({larger}, {_plain(place.get('precision'))})"


def brief_tally(tally: Record) -> str:
    """A tally in a few words."""
    number = figure(tally.get("low"), tally.get("high"), bool(tally.get("approx")))
    told = [_plain(tally.get("measure")), number, _plain(tally.get("group")), f"by {_plain(tally.get('by'))}",
            _date(tally.get("period")), brief_place(tally.get("place"))]  # fmt: skip
    return " | ".join([*told, str(relation(tally))] if relation(tally) else told)


def brief_control(control: Record) -> str:
    """Who gained or lost what."""
    told = (_plain(control.get("actor")), _plain(control.get("change")), brief_place(control.get("place")))
    return " | ".join(told)


def brief_assessment(assessment: Record) -> str:
    """Who says so, and in which stance."""
    return f"{_plain(assessment.get('stance'))} | {_plain(assessment.get('speaker'))}"


def _plain(value: object) -> str:
    """A value as it is; a hyphen where there is none."""
    return "-" if value in (None, "") else str(value)


def _codes(codes: object) -> str:
    """A list of codes."""
    return ",".join(map(str, codes)) or "-" if isinstance(codes, list) else _plain(codes)


def _date(date: object) -> str:
    """The EDTF of a date."""
    return _plain(date.get("edtf") if isinstance(date, dict) else date)


_FIELDS: dict[str, Callable[[Any], str]] = {
    "action": _plain,
    "status": lambda status: status or "reported",
    "date": _date,
    "place": brief_place,
    "actors": _codes,
    "targets": _codes,
    "claimed_by": _plain,
}
