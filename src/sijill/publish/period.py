"""The period of a brief: a month, a week or days, the one before it, and how each is written."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

import msgspec

from sijill.errors import UsageError

_MONTH = re.compile(r"(\d{4})-(\d\d)")
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")


class Period(msgspec.Struct, frozen=True):
    """First and last day, both inclusive, and what the days are: a month, a week, or some days."""

    first: date
    last: date
    kind: Literal["month", "week", "days"]

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """The period of the same kind and length before it."""
        end = self.first - timedelta(days=1)
        if self.kind == "month":
            return Period(end.replace(day=1), end, "month")
        return Period(end - timedelta(days=self.days - 1), end, self.kind)


def parse(text: str) -> Period:
    """The period that `2024-03`, `2024-W10` or `2024-03-04/2024-03-10` names.

    >>> parse("2024-W10").first
    datetime.date(2024, 3, 4)
    """
    try:
        if found := _MONTH.fullmatch(text):
            year, month = int(found[1]), int(found[2])
            return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")
        if found := _WEEK.fullmatch(text):
            first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return Period(first, first + timedelta(days=6), "week")
        if found := _DAYS.fullmatch(text):
            first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
            if first <= last:
                return Period(first, last, "days")
    except ValueError:
        pass
    raise UsageError(f"{text!r} is no period; write 2024-03, 2024-W10 or 2024-03-04/2024-03-10")
