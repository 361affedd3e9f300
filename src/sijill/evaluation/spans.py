"""Dates in EDTF as first and last day, and how near two of them are."""

from __future__ import annotations

import re
from datetime import date, timedelta

Days = tuple[date, date]
"""First and last day, both inside."""

_DIGITS = re.compile(r"\d+")
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}
"""First and last month; winter ends in month 14, the February of the next year."""

_UNTOLD = 0.3
"""One of two records tells the thing and the other does not: less than a match, more than a clash."""

_OVERLAP, _NEXT_DAY = 0.6, 0.5


def days(value: object) -> Days | None:
    """The days that a date or its EDTF covers; None where it tells none.

    >>> days({"edtf": "2024-02~"})
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    >>> days("2023-24")[1]
    datetime.date(2024, 2, 29)
    """
    edtf = value.get("edtf") if isinstance(value, dict) else value
    if not isinstance(edtf, str) or not edtf:
        return None
    sides = edtf.split("/")
    first, last = _edge(sides[0], last=False), _edge(sides[-1], last=True)
    return None if first is None or last is None else (first, last)


def _edge(written: str, *, last: bool) -> date | None:
    """The first or the last day of one side of an interval; an open side reaches to the end of time."""
    plain = written.strip().rstrip("~?%")
    if plain in ("", ".."):
        return date.max if last else date.min
    if "X" in plain.upper():
        return None
    try:
        numbers = [int(digits) for digits in _DIGITS.findall(plain)[:3]]
        if len(numbers) == 2 and numbers[1] in _SEASONS:
            numbers[1] = _SEASONS[numbers[1]][last]
        return _last_day(numbers) if last else _first_day(numbers)
    except (ValueError, OverflowError):
        return None


def _first_day(numbers: list[int]) -> date | None:
    """The first day of a year, a month or a day."""
    if not numbers:
        return None
    year, month, day = [*numbers, 1, 1][:3]
    return date(year, month, day)


def _last_day(numbers: list[int]) -> date | None:
    """The last day of a year, a month or a day."""
    match numbers:
        case [year]:
            return date(year, 12, 31)
        case [year, month]:
            return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        case [year, month, day]:
            return date(year, month, day)
    return None


def same_days(one: object, other: object) -> bool:
    """Whether two dates cover the same days, or neither tells any."""
    return days(one) == days(other)


def date_likeness(one: object, other: object) -> float:
    """From 0, days apart, to 1, the same days."""
    ours, theirs = days(one), days(other)
    if ours == theirs:
        return 1.0
    if ours is None or theirs is None:
        return _UNTOLD
    if ours[0] <= theirs[1] and theirs[0] <= ours[1]:
        return _OVERLAP
    gap = min(abs((ours[0] - theirs[1]).days), abs((theirs[0] - ours[1]).days))
    return _NEXT_DAY if gap <= 1 else 0.0
