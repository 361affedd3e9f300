"""Two periods beside each other: rates, their ratio with intervals, and the sentence that the data bear.

compare(table, "2024-01/2024-02", "2024-03-05/2024-03-18", measure="killed")
compare_figures(20, "2024-01/2024-02", 50, "2024-03-05/2024-03-18")    # of figures somebody published
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isinf

import msgspec
import numpy as np

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.tally import periods, rates
from sijill.tally.figures import Sum, figures, total
from sijill.tally.rates import Floats, Interval
from sijill.tally.results import Cell, Rows
from sijill.tally.table import Mask, Table, day_number
from sijill.tally.wanted import check_filter, counted_rows
from sijill.tally.words import Said, measure_name, number, say


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two periods: its days, what it adds up to, and the ids of its incidents."""

    period: str
    since: str
    until: str
    days: int
    sum: Sum
    ids: list[str] = field(default_factory=list)

    @property
    def per_day(self) -> float:
        """The rate a day, of the best figures."""
        return self.sum.best / self.days


@dataclass(frozen=True, slots=True)
class Compared(Rows):
    """An answer to 'did it change': both sides, the ratio of the second's rate to the first's, intervals.

    `verdict`: rose, fell or unclear, by the interval that allows for clustering where there is one.
    `straddling`: incidents whose days reach beyond a period; they are in neither sum.
    """

    measure: str
    a: Side
    b: Side
    ratio: float | None
    intervals: list[Interval]
    dispersion: float | None
    verdict: str
    said: list[Said]
    straddling: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def columns(self) -> list[str]:
        """What is told of each period."""
        return ["period", "since", "until", "days", "low", "best", "high", "told", "per_day"]

    def rows(self) -> list[list[Cell]]:
        """One row a period."""
        return [
            [one.period, one.since, one.until, one.days, one.sum.low, one.sum.best, one.sum.high,
             one.sum.told, round(one.per_day, 4)]
            for one in (self.a, self.b)
        ]  # fmt: skip


def compare(
    table: Table, a: str, b: str, *, measure: str = "incidents", asked: Filter | None = None
) -> Compared:
    """How the rate of `measure` in period `b` stands to that in period `a`.

    Periods are 2024, 2024-Q1, 2024-03, 2024-03-24 or two of them joined by `/`, both ends inclusive.
    """
    windows = [periods.window(text, name) for text, name in ((a, "A"), (b, "B"))]
    _apart(windows, (a, b))
    asked = asked or Filter()
    check_filter(table, asked)
    chosen, left_out = counted_rows(table, asked)
    sides, daily, straddling = [], [], 0
    for text, (since, until) in zip((a, b), windows, strict=True):
        check_filter(table, msgspec.structs.replace(asked, since=since, until=until))
        inside = chosen & table.within(since, until)
        straddling += int((chosen & table.in_time(since, until) & ~inside).sum())
        found = figures(table, measure).at(inside)
        ids = table.ids_of(inside)
        sides.append(Side(text, since, until, periods.days_in(since, until), total(found), ids))
        daily.append(_daily(table, inside, measure, since, sides[-1].days))
    return _compared(measure, sides[0], sides[1], daily, straddling, left_out)


def compare_figures(xa: int, a: str, xb: int, b: str, *, measure: str = "killed") -> Compared:
    """The same of two published figures, of which only the sums are known: exact intervals alone."""
    windows = [periods.window(text, name) for text, name in ((a, "A"), (b, "B"))]
    _apart(windows, (a, b))
    sides = [
        Side(text, since, until, periods.days_in(since, until), Sum(x, x, x, 0))
        for text, (since, until), x in zip((a, b), windows, (xa, xb), strict=True)
    ]
    return _compared(measure, sides[0], sides[1], [], 0, {})


def _apart(windows: list[tuple[str, str]], texts: tuple[str, str]) -> None:
    """UsageError where the periods overlap or the second comes first."""
    (a_since, a_until), (b_since, b_until) = windows
    if a_since <= b_until and b_since <= a_until:
        begin = periods.first(periods.number_of(a_until, "day") + 1, "day")
        near = f"; compare {texts[0]} {begin}/{b_until}" if b_until >= begin else ""
        raise UsageError(f"{texts[0]} and {texts[1]} overlap, so their difference is blurred{near}")
    if b_until < a_since:
        raise UsageError(f"give the earlier period first: sijill compare {texts[1]} {texts[0]}")


def _daily(table: Table, inside: Mask, measure: str, since: str, days: int) -> Floats:
    """The best figures by first day. Shape (days,)."""
    place = table.days["start"][inside] - day_number(since)
    weights = figures(table, measure).best[inside].astype(np.float64)
    return np.bincount(place, weights=weights, minlength=days).astype(np.float64)


def _compared(
    measure: str, a: Side, b: Side, daily: list[Floats], straddling: int, left_out: dict[str, int]
) -> Compared:
    xa, xb = a.sum.best, b.sum.best
    ratio = rates.ratio(xa, a.days, xb, b.days)
    intervals, phi = [], None
    if ratio is not None:
        intervals = [rates.exact(xa, a.days, xb, b.days), rates.mid_p(xa, a.days, xb, b.days)]
        wide = rates.quasi(daily[0], daily[1]) if daily else None
        if wide is not None:
            phi = rates.dispersion(daily[0], daily[1])[0]
            intervals.append(wide)
    main = _main(intervals)
    verdict = "unclear"
    if main is not None and main.low > 1:
        verdict = "rose"
    elif main is not None and main.high < 1:
        verdict = "fell"
    said = _said(measure, a, b, ratio, main, verdict)
    return Compared(measure, a, b, ratio, intervals, phi, verdict, said, straddling, left_out)


def _main(intervals: list[Interval]) -> Interval | None:
    """The interval that decides: the one that allows for clustering, else the exact one."""
    by_kind = {one.kind: one for one in intervals}
    return by_kind.get("quasi") or by_kind.get("exact")


def _said(
    measure: str, a: Side, b: Side, ratio: float | None, main: Interval | None, verdict: str
) -> list[Said]:
    """What the data support, and what they do not."""
    lines = [
        say("compare.rates", measure=measure_name(measure), a=a.period, b=b.period, xa=a.sum.best,
            xb=b.sum.best, da=a.days, db=b.days, ra=number(a.per_day), rb=number(b.per_day))
    ]  # fmt: skip
    if main is None:
        return [*lines, say("compare.nothing")]
    values = {"ratio": number(ratio), "low": number(main.low), "high": number(main.high)}
    shown = {"a": a.period, "b": b.period, "kind": say(f"compare.kinds.{main.kind}"), **values}
    unclear = verdict == "unclear"
    no_ratio = ratio is not None and isinf(ratio)
    lines.append(say("compare.no_base" if no_ratio else "compare.ratio", **shown))
    lines.append(say(f"compare.{verdict}"))
    if unclear:
        lines.append(say("compare.not_change"))
    else:
        lines.append(
            say("compare.not_exactly" if verdict == "rose" else "compare.not_exactly_fell", **values)
        )
    if main.kind == "exact":
        lines.append(say("compare.only_exact"))
    return [*lines, say("compare.not_cause")]
