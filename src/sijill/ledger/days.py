"""Days of EDTF dates, and the months and years that a stretch of days touches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sijill.errors import UsageError
from sijill.filters import first_day, last_day

MANY = 36
"""Months up to which a stretch of days is sought month by month; a longer one year by year."""

FIRST, LAST = 1980, 2060
"""Years between which a stretch without a beginning or end is sought."""


def days(edtf: str) -> tuple[str | None, str | None]:
    """The first and last day of an EDTF date; None for an open or unreadable end.

    >>> days("2024-02/2024-03-05")
    ('2024-02-01', '2024-03-05')
    """
    first, _, last = edtf.partition("/")
    return _day(first, first_day), _day(last or first, last_day)


def _day(part: str, of: Callable[[str], str]) -> str | None:
    """One end of an EDTF date."""
    try:
        return of(part.strip("~?%"))
    except UsageError:
        return None


def told(first: str, last: str) -> Iterator[str]:
    """The months and years of a stretch of days, as they are indexed; of a long one the years alone."""
    yield from years(first, last)
    if count(first, last) <= MANY:
        yield from months(first, last)


def asked(first: str | None, last: str | None) -> list[str]:
    """The months, or where these are many the years, of which one must be told."""
    first, last = first or f"{FIRST}-01-01", last or f"{LAST}-12-31"
    return list(months(first, last)) if count(first, last) <= MANY else list(years(first, last))


def count(first: str, last: str) -> int:
    """How many months a stretch touches."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1


def months(first: str, last: str) -> Iterator[str]:
    """The months of a stretch, as 2024-03."""
    start = int(first[:4]) * 12 + int(first[5:7]) - 1
    for number in range(start, start + max(count(first, last), 1)):
        yield f"{number // 12:04}-{number % 12 + 1:02}"


def years(first: str, last: str) -> Iterator[str]:
    """The years of a stretch, as 2024."""
    for year in range(int(first[:4]), min(int(last[:4]), int(first[:4]) + 100) + 1):
        yield f"{year:04}"
