"""An EDTF date as first and last day, counted from the first day of year 1."""

from __future__ import annotations

import re
from datetime import MAXYEAR, date
from functools import lru_cache

Days = tuple[int, int]
"""First and last day, both inside, as `date.toordinal` counts them."""

EVER: Days = (1, date(MAXYEAR, 12, 31).toordinal())
"""Every day: what nothing dates."""

_SIDE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}
"""First and last month; winter ends in month 14, the February of the next year."""


@lru_cache(maxsize=65536)
def days(edtf: str | None) -> Days | None:
    """The days that a date covers; None where it tells none.

    >>> [date.fromordinal(day).isoformat() for day in days("2024-02~") or ()]
    ['2024-02-01', '2024-02-29']
    """
    if not edtf:
        return None
    first, _, last = edtf.partition("/")
    start, end = _edge(first, last=False), _edge(last or first, last=True)
    return None if start is None or end is None or start > end else (start, end)


def _edge(written: str, *, last: bool) -> int | None:
    """The first or the last day of one side of an interval; an open side reaches to the end of time."""
    plain = written.strip().rstrip("~?%")
    if plain in ("", ".."):
        return EVER[last]
    found = _SIDE.fullmatch(plain)
    if not found:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    try:
        if day:
            return date(year, month, day).toordinal()
        if month in _SEASONS:
            month = _SEASONS[month][last]
        month = month or (12 if last else 1)
        if not last:
            return date(year, month, 1).toordinal()
        return date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
    except ValueError:
        return None


def is_loose(edtf: str | None) -> bool:
    """Is a date only about right (`2024-04-19~`)?"""
    return bool(edtf) and any(mark in str(edtf) for mark in "~?%")


def iso(day: int) -> str | None:
    """The ISO date of a day; None for the ends of time."""
    return None if day in EVER else date.fromordinal(day).isoformat()
