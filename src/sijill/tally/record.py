"""Is it a record? 'The deadliest month since 2017', 'the highest toll in five months'.

record(table, "2024-03", since="2017", measure="killed").verdict      # highest, tie, not_highest
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from sijill.errors import UsageError
from sijill.filters import Filter, first_day
from sijill.tally import periods
from sijill.tally.figures import figures
from sijill.tally.periods import Unit
from sijill.tally.results import Cell, Rows
from sijill.tally.series import narrowed, series
from sijill.tally.table import Mask, Table
from sijill.tally.wanted import check_filter, counted_rows
from sijill.tally.words import Said, measure_name, say


@dataclass(frozen=True, slots=True)
class Record(Rows):
    """An answer to 'is it the highest since': highest, tie or not_highest, with every period.

    `count` is the period's best figure, `low` what it has at least; `rival` the highest of the others
    and `rival_high` what that may have, were every doubtful figure and date in its favour. `certain`
    is False where such doubts could turn the verdict. `last` is the latest earlier period that was as high.
    """

    measure: str
    unit: Unit
    period: str
    since: str
    verdict: str
    certain: bool
    count: int
    low: int
    rank: int
    rival: str | None
    rival_count: int
    rival_high: int
    last: str | None
    periods: list[str]
    counts: list[int]
    ids: list[str]
    said: list[Said]

    def columns(self) -> list[str]:
        """The periods in order of their counts."""
        return ["rank", "period", "count"]

    def rows(self) -> list[list[Cell]]:
        """The ten highest, and the one asked for."""
        order = sorted(zip(self.counts, self.periods, strict=True), key=lambda pair: (-pair[0], pair[1]))
        ranked = [(1 + sum(c > count for c in self.counts), name, count) for count, name in order]
        return [[*row] for place, row in enumerate(ranked) if place < 10 or row[1] == self.period]


def unit_of(period: str) -> Unit:
    """The unit that a period's name stands for: 2024, 2024-Q1, 2024-03, 2024-03-24."""
    for pattern, unit in ((r"\d{4}", "year"), (r"\d{4}-Q[1-4]", "quarter"), (r"\d{4}-\d\d", "month"),
                          (r"\d{4}-\d\d-\d\d", "day")):  # fmt: skip
        if re.fullmatch(pattern, period):
            return unit  # type: ignore[return-value]
    raise UsageError(f"--period {period!r}: write 2024, 2024-Q1, 2024-03 or 2024-03-24")


def record(
    table: Table, period: str, *, since: str | None = None, measure: str = "killed",
    asked: Filter | None = None, unit: Unit | None = None,
) -> Record:  # fmt: skip
    """Whether `period` has the highest count of `measure` since `since` (or since the register begins).

    `unit` may say that a day stands for its week. Raises UsageError where there is no earlier period.
    """
    unit = unit or unit_of(period)
    asked = asked or Filter()
    begin, _ = periods.window(period, "--period")
    number = periods.number_of(begin, unit)
    first_of, last_of = periods.first(number, unit), periods.last(number, unit)
    check_filter(table, narrowed(asked, first_of, last_of))
    counted, _ = counted_rows(table, asked)
    start = _start(table, counted, since, unit)
    if start >= number:
        raise UsageError(
            f"nothing before {periods.name(number, unit)} to compare with since "
            f"{periods.first(start, unit)}; give an earlier --since or a later --period"
        )
    found = series(table, unit=unit, measure=measure,
                   asked=narrowed(asked, periods.first(start, unit), last_of))  # fmt: skip
    judged = _judged(table, asked, measure, found.periods, found.counts[0].tolist(), found.low[0].tolist(),
                     unit, start, number)  # fmt: skip
    if since and periods.number_of(first_day(since), unit) < start:
        judged.said.append(say("record.begins", first=judged.since, since=since))
    return judged


def _start(table: Table, counted: Mask, since: str | None, unit: Unit) -> int:
    """The number of the first period; the register's first where nobody says."""
    days = table.days["start"][counted & (table.days["start"] > 0)]
    earliest = int(periods.number(days[days == days.min()][:1], unit)[0]) if days.size else 0
    return max(earliest, periods.number_of(first_day(since), unit)) if since else earliest


def _judged(
    table: Table, asked: Filter, measure: str, names: list[str], counts: list[int], lows: list[int],
    unit: Unit, start: int, number: int,
) -> Record:  # fmt: skip
    count, others = counts[-1], counts[:-1]
    rival_count = max(others)
    rival = len(others) - 1 - others[::-1].index(rival_count)
    highs = [_most(table, asked, measure, start + place, unit) for place in range(len(others))]
    doubtful = max(range(len(highs)), key=lambda place: highs[place])
    verdict = "highest" if count > rival_count else "tie" if count == rival_count else "not_highest"
    own_high = _most(table, asked, measure, number, unit)
    certain = lows[-1] > highs[doubtful] if verdict == "highest" else own_high <= rival_count
    earlier = [place for place, other in enumerate(others) if other >= count]
    last = names[earlier[-1]] if earlier else None
    values = {"measure": measure_name(measure), "period": names[-1], "count": count, "since": names[0],
              "rival": names[rival], "rival_count": rival_count,
              "rank": 1 + sum(other > count for other in others), "of": len(counts)}  # fmt: skip
    said = [say(f"record.{verdict}", **values)]
    if verdict == "not_highest" and last is not None and earlier[-1] < len(others) - 1:
        said.append(say("record.longest", last=last, count=others[earlier[-1]]))
    if not certain and verdict != "not_highest":
        said.append(say("record.doubtful", period=names[-1], low=lows[-1], rival=names[doubtful],
                        high=highs[doubtful]))  # fmt: skip
    inside = counted_rows(table, asked)[0] & table.within(
        periods.first(number, unit), periods.last(number, unit)
    )
    return Record(
        measure=measure, unit=unit, period=names[-1], since=names[0], verdict=verdict, certain=certain,
        count=count, low=lows[-1], rank=1 + sum(other > count for other in others), rival=names[rival],
        rival_count=rival_count, rival_high=highs[doubtful], last=last, periods=names, counts=counts,
        ids=table.ids_of(inside), said=said,
    )  # fmt: skip


def _most(table: Table, asked: Filter, measure: str, number: int, unit: Unit) -> int:
    """What a period may have: the upper figures of all incidents that may lie in it."""
    window = narrowed(asked, periods.first(number, unit), periods.last(number, unit))
    found = figures(table, measure).at(counted_rows(table, window)[0])
    return int(np.maximum(found.high, found.best).sum())
