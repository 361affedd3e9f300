"""What each incident adds to a measure: low, best and high, and whether anything was told at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from sijill.errors import UsageError
from sijill.records import Outcome
from sijill.tally.table import UNTOLD, Ints, Mask, Table, top

MEASURES: tuple[str, ...] = ("incidents", *get_args(Outcome))

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of each of n incidents (or rows): low, best, high; `told`: any figure; `open`: no upper end told.

    A figure that nobody told adds nothing to a sum and is not taken for zero: `told` keeps them apart.
    """

    low: Numbers
    best: Numbers
    high: Numbers
    told: Mask
    open: Mask

    def at(self, rows: NDArray[np.integer] | Mask) -> Figures:
        """The figures of some rows."""
        return Figures(self.low[rows], self.best[rows], self.high[rows], self.told[rows], self.open[rows])


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum over incidents: a documented minimum. `high` is None where some figure has no upper end.

    `told` says how many of the incidents told any figure at all.
    """

    low: int
    best: int
    high: int | None
    told: int


def total(figures: Figures) -> Sum:
    """The sum of all rows."""
    return Sum(
        low=int(figures.low.sum()), best=int(figures.best.sum()),
        high=None if figures.open.any() else int(figures.high.sum()), told=int(figures.told.sum()),
    )  # fmt: skip


def check_measure(measure: str) -> None:
    """UsageError for a measure that is none."""
    if measure not in MEASURES:
        raise UsageError(f"{measure!r} is no measure; choose one of {', '.join(MEASURES)}")


def figures(table: Table, measure: str, groups: Collection[str] = ()) -> Figures:
    """What each incident of the table adds to a measure, kept for the next time it is asked.

    `groups` counts only tolls of those groups; a part (`SY-GOV/NDF`) counts for its group.
    """
    check_measure(measure)
    key = (measure, tuple(sorted(groups)))
    found = table._sums.get(key)
    if found is None:
        found = table._sums[key] = _figures(table, measure, groups)
    assert isinstance(found, Figures)
    return found


def _figures(table: Table, measure: str, groups: Collection[str]) -> Figures:
    size = len(table)
    if measure == "incidents":
        ones, none = np.ones(size, dtype=np.int64), np.zeros(size, dtype=bool)
        return Figures(ones, ones, ones, ~none, none)
    rows = toll_rows(table, measure, groups)
    found = gather(table, rows, table.tolls.incident[rows], size)
    if not groups:  # 'no casualties' is a figure: nobody
        found = Figures(found.low, found.best, found.high, found.told | table.bloodless, found.open)
    return found


def toll_rows(table: Table, outcome: str, groups: Collection[str] = ()) -> NDArray[np.int64]:
    """The rows of tolls that count for an outcome.

    Parts are left out, since their whole is there; unless a part of a group is what is asked for.
    """
    tolls = table.tolls
    wanted = np.array([word == outcome for word in tolls.outcomes] + [False])
    mask = wanted[tolls.outcome]
    if not groups:
        return np.flatnonzero(mask & ~tolls.part)
    whole = np.array([word in groups or top(word) in groups for word in tolls.groups] + [False])
    parts = np.array([word in groups and "/" in word for word in tolls.groups] + [False])
    mask &= (whole[tolls.group] & ~tolls.part) | parts[tolls.group]
    return np.flatnonzero(mask)


def gather(table: Table, rows: NDArray[np.int64], into: Ints | NDArray[np.int64], size: int) -> Figures:
    """Tolls `rows` added up into `size` places, the place of each told by `into`."""
    tolls = table.tolls
    low, best, high = tolls.low[rows], tolls.best[rows], tolls.high[rows]

    def add(values: NDArray[np.generic]) -> Numbers:
        return np.bincount(into, weights=values, minlength=size).astype(np.int64)

    told = (low != UNTOLD) | (best != UNTOLD) | (high != UNTOLD)
    return Figures(
        low=add(np.maximum(low, 0)), best=add(np.maximum(best, 0)), high=add(np.maximum(high, 0)),
        told=add(told) > 0, open=add(high == UNTOLD) > 0,
    )  # fmt: skip
