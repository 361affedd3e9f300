"""Counts in a row, with zero where nothing happened: the input of pictures and of the watch.

found = series(table, unit="week", by="governorate", measure="killed")
found.counts        # shape (lines, periods)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.tally import periods
from sijill.tally.count import UNDATED, VAGUE_DATE, Counted, count
from sijill.tally.periods import Unit
from sijill.tally.results import Cell, Rows
from sijill.tally.table import Table

LONGEST = 20_000
"""Periods in a row; more are a slip in the dates."""
BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Series(Rows):
    """Counts by line (one, or one a governorate, actor ...) and period, zero-filled. A documented minimum.

    `periods` are their names, `starts` their first ISO days; `counts`, `low` and `high` have the
    shape (lines, periods), `high` being at least `counts`. `apart` counts incidents that
    no period could take, by reason.
    """

    measure: str
    unit: Unit
    by: str | None
    lines: list[str]
    periods: list[str]
    starts: list[str]
    counts: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    apart: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    rolling: int = 0

    def means(self) -> NDArray[np.float64]:
        """The mean of each period and those before it, `rolling` in all; NaN where there are fewer."""
        return rolling_mean(self.counts, max(self.rolling, 1))

    def columns(self) -> list[str]:
        """Period, line, count with its ends, and the rolling mean where one is asked for."""
        own = [self.by] if self.by else []
        return ["period", *own, "low", "count", "high", *([f"mean_{self.rolling}"] if self.rolling else [])]

    def rows(self) -> list[list[Cell]]:
        """One row a line and period."""
        means = self.means()
        table: list[list[Cell]] = []
        for line, name in enumerate(self.lines):
            for place, period in enumerate(self.periods):
                row: list[Cell] = [period, *([name] if self.by else [])]
                row += [int(cells[line, place]) for cells in (self.low, self.counts, self.high)]
                if self.rolling:
                    mean = float(means[line, place])
                    row.append(None if np.isnan(mean) else round(mean, 3))
                table.append(row)
        return table


def rolling_mean(counts: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    """Trailing means along the last axis; NaN for the first `width - 1`.

    >>> rolling_mean(np.array([[1, 2, 6]]), 2).tolist()
    [[nan, 1.5, 4.0]]
    """
    sums = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1, dtype=np.float64)
    means = np.full(counts.shape, np.nan)
    if width <= counts.shape[1]:
        means[:, width - 1 :] = (sums[:, width:] - sums[:, :-width]) / width
    return means


def series(
    table: Table, *, unit: Unit = "month", by: str | None = None, measure: str = "incidents",
    asked: Filter | None = None, rolling: int = 0,
) -> Series:  # fmt: skip
    """Counts by period, zero-filled from the first to the last that is asked for (or that there is).

    Raises UsageError where no incident that is asked for has a date that one period can take.
    """
    asked = asked or Filter()
    if unit not in periods.UNITS:
        raise UsageError(f"--unit {unit!r}: choose from {', '.join(periods.UNITS)}")
    if by in periods.UNITS:
        raise UsageError(f"--by {by}: the lines of a series are places, sides or actions; give --unit {by}")
    counted = count(table, by=[unit, *([by] if by else [])], measures=[measure], asked=asked)
    apart = {name: _sum_of(counted, name) for name in (VAGUE_DATE, UNDATED)}
    names, starts = _periods(counted, unit, asked)
    lines = sorted({key[1] for key in counted.keys}) if by else ["all"]
    column = {name: place for place, name in enumerate(names)}
    row = {name: place for place, name in enumerate(lines)}
    cells = np.zeros((3, len(lines), len(names)), dtype=np.int64)
    for place, key in enumerate(counted.keys):
        if key[0] not in column:
            continue
        at = (row[key[1]] if by else 0, column[key[0]])
        if measure == "incidents":
            cells[:, at[0], at[1]] = counted.incidents[place]
        else:
            found = counted.sums[measure][place]
            high = found.best if found.high is None else found.high
            cells[:, at[0], at[1]] = found.low, found.best, max(high, found.best)
    return Series(
        measure=measure, unit=unit, by=by, lines=lines, periods=names, starts=starts, counts=cells[1],
        low=cells[0], high=cells[2], apart={name: often for name, often in apart.items() if often},
        left_out=counted.left_out, rolling=rolling,
    )  # fmt: skip


def _sum_of(counted: Counted, name: str) -> int:
    """How many incidents stand in the rows of one name."""
    return len(
        {identity for key in counted.keys if key[0] == name for identity in counted.why("/".join(key))}
    )


def _periods(counted: Counted, unit: Unit, asked: Filter) -> tuple[list[str], list[str]]:
    """The names and first days of the periods in a row."""
    known = [key[0] for key in counted.keys if key[0] not in (VAGUE_DATE, UNDATED)]
    if not known and not (asked.since and asked.until):
        raise UsageError(
            "no incident that fits has a date that one period can take; ask for a longer one (--unit year), "
            "or for other incidents"
        )
    begin = asked.since or periods.window(min(known), "period")[0]
    end = asked.until or periods.window(max(known), "period")[0]
    first, last = periods.number_of(begin, unit), periods.number_of(end, unit)
    if last - first >= LONGEST:
        raise UsageError(f"{last - first + 1:,} periods are too many to show; ask for a longer --unit")
    numbers = range(first, last + 1)
    return [periods.name(n, unit) for n in numbers], [periods.first(n, unit) for n in numbers]


def sparkline(counts: NDArray[np.int64]) -> str:
    """One line as bars, the highest count as the full bar; a dot is zero.

    >>> sparkline(np.array([0, 1, 4, 8]))
    '·▁▄█'
    """
    most = int(counts.max()) if counts.size else 0
    return "".join("·" if not value else BARS[-(-int(value) * 8 // most) - 1] for value in counts)


def narrowed(asked: Filter, since: str, until: str) -> Filter:
    """The same filter for another window."""
    return msgspec.structs.replace(asked, since=since, until=until)
