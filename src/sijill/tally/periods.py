"""Days, weeks, months, quarters and years as numbers in a row, and their names.

A week begins on Monday and is named by that day: `2019-04-29`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, get_args

import numpy as np

from sijill.errors import UsageError
from sijill.filters import first_day, last_day
from sijill.tally.table import NEVER, Ints, day_number, iso

Unit = Literal["day", "week", "month", "quarter", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)


def number(days: Ints, unit: Unit) -> Ints:
    """The periods that days lie in, as numbers that grow by one a period; NEVER stays NEVER."""
    known = days != NEVER
    plain = np.where(known, days, 0).astype("int64")
    if unit == "day":
        found = plain
    elif unit == "week":
        found = (plain + 3) // 7
    else:
        months = plain.astype("datetime64[D]").astype("datetime64[M]").astype("int64")
        found = months // {"month": 1, "quarter": 3, "year": 12}[unit]
    return np.where(known, found, NEVER).astype(np.int32)


def number_of(day: str, unit: Unit) -> int:
    """The number of the period that an ISO day lies in."""
    return int(number(np.array([day_number(day)], dtype=np.int32), unit)[0])


def first(period: int, unit: Unit) -> str:
    """The first ISO day of a period."""
    if unit == "day":
        return iso(period)
    if unit == "week":
        return iso(period * 7 - 3)
    months = period * {"month": 1, "quarter": 3, "year": 12}[unit]
    return date(1970 + months // 12, months % 12 + 1, 1).isoformat()


def last(period: int, unit: Unit) -> str:
    """The last ISO day of a period."""
    return iso(day_number(first(period + 1, unit)) - 1)


def length(period: int, unit: Unit) -> int:
    """How many days a period has."""
    return day_number(last(period, unit)) - day_number(first(period, unit)) + 1


def name(period: int, unit: Unit) -> str:
    """What a period is called: 2024-03-24, 2024-03-18 (a week's Monday), 2024-03, 2024-Q1, 2024."""
    begin = first(period, unit)
    if unit == "year":
        return begin[:4]
    if unit == "month":
        return begin[:7]
    if unit == "quarter":
        return f"{begin[:4]}-Q{(int(begin[5:7]) + 2) // 3}"
    return begin


def window(text: str, option: str) -> tuple[str, str]:
    """The first and last day of a period in words: 2024, 2024-03, 2024-Q1, 2024-03-24, or A/B of them.

    Raises UsageError, with what can be asked, where it is no period or ends before it starts.
    """
    begin, slash, end = text.partition("/")
    try:
        first_of, last_of = _ends(begin)[0], _ends(end if slash else begin)[1]
    except UsageError:
        raise UsageError(
            f"{option}: {text!r} is no period; write 2024, 2024-Q1, 2024-03, 2024-03-24 or 2024-01/2024-02"
        ) from None
    if last_of < first_of:
        raise UsageError(f"{option}: {text} ends before it starts; did you mean {end}/{begin}?")
    return first_of, last_of


_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


def _ends(text: str) -> tuple[str, str]:
    quarter = _QUARTER.fullmatch(text)
    if quarter:
        year, month = quarter[1], int(quarter[2]) * 3
        return first_day(f"{year}-{month - 2:02}"), last_day(f"{year}-{month:02}")
    return first_day(text), last_day(text)


def days_in(since: str, until: str) -> int:
    """How many days a window has, both ends inclusive."""
    return day_number(until) - day_number(since) + 1
