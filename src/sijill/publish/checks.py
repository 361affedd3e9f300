"""Published figures beside the register's own under the same scope, as `sijill check` judges them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sijill.publish.period import Period
from sijill.records import Tally
from sijill.tally.check import check
from sijill.tally.scope import of_tally
from sijill.tally.table import Table

MOST = 20
"""So many figures are told in a brief."""


@dataclass(frozen=True, slots=True)
class Check:
    """A published figure, its first and last day, and what the register has."""

    tally: Tally
    since: str | None
    until: str
    own: int
    result: Literal["agrees", "fewer", "more"]


def checks(table: Table, tallies: Iterable[Tally], period: Period) -> list[Check]:
    """The figures that end in a period and can be compared, the largest first."""
    wanted = []
    for tally in tallies:
        if tally.low is None and tally.high is None:
            continue
        figure = of_tally(tally, id=tally.id)
        if figure.until and period.first.isoformat() <= figure.until <= period.last.isoformat():
            wanted.append((tally, figure))
    found = []
    for (tally, figure), verdict in zip(
        wanted, check(table, [figure for _, figure in wanted]).verdicts, strict=True
    ):
        if verdict.sum is not None and verdict.result != "incomparable" and figure.until:
            found.append(Check(tally, figure.since, figure.until, verdict.sum.best, verdict.result))
    found.sort(key=lambda one: (-(one.tally.low or one.tally.high or 0), one.tally.id))
    return found[:MOST]
