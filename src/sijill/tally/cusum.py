"""A small rise that lasts: the negative binomial CUSUM.

Höhle & Paul 2008, 'Count data regression charts for the monitoring of surveillance time series',
Comput. Stat. Data Anal. 52: log likelihood ratios of 'the mean is kappa times as high' against 'it is as
expected', under a negative binomial law, are added up and never fall below zero; the chart signals above
a threshold. That is 5, as in the authors' program; by Lorden (1971, Ann. Math. Stat. 42) a chart with
threshold c signals falsely at most once in e^c weeks on average, which is 148.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """`kappa`: the rise to be found soonest, a doubling; `limit`: where the chart signals.

    In control is what the `base` weeks before the last `gap` weeks were; fewer than `least` of them are
    too few. `base` is a year, `gap` the four weeks in which five cases are asked for; both our own,
    since the paper's base is a regression over years that a changing war does not have.
    """

    kappa: float = 2.0
    limit: float = 5.0
    base: int = 52
    gap: int = 4
    least: int = 12


def base_of(counts: NDArray[np.integer] | Floats, rules: Settings) -> tuple[Floats, Floats]:
    """Mean and alpha (Var = m + alpha m^2) of each week's base, by moments; NaN where it is too short.

    Half a case is added to the base, so that an empty one does not make the first case a surge.
    Shape (lines, weeks) each.
    """
    y = np.asarray(counts, dtype=np.float64)
    weeks = np.arange(y.shape[1])
    end = np.maximum(weeks - rules.gap, 0)
    begin = np.maximum(end - rules.base, 0)
    size = (end - begin).astype(np.float64)
    sums, squares = (np.cumsum(np.pad(x, ((0, 0), (1, 0))), axis=1) for x in (y, y**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        total = sums[:, end] - sums[:, begin]
        mean = (total + 0.5) / size
        plain = total / size
        variance = ((squares[:, end] - squares[:, begin]) - size * plain**2) / (size - 1)
        alpha = np.maximum(variance - plain, 0) / np.maximum(plain, 1e-12) ** 2
    short = size < rules.least
    mean[:, short], alpha[:, short] = np.nan, np.nan
    return mean, np.where(np.isnan(mean), np.nan, np.where(total > 0, alpha, 0.0))


def increments(
    counts: NDArray[np.integer] | Floats, mean: Floats | float, alpha: Floats | float, kappa: float
) -> Floats:
    """The log likelihood ratio of each count; the Poisson one where alpha is zero."""
    x, m, a = np.asarray(counts, dtype=np.float64), np.asarray(mean), np.asarray(alpha)
    poisson = x * np.log(kappa) - (kappa - 1) * m
    safe = np.maximum(a, 1e-9)
    wide = x * np.log(kappa) - (x + 1 / safe) * np.log((1 + safe * kappa * m) / (1 + safe * m))
    return np.asarray(np.where(a > 1e-6, wide, poisson))


def chart(steps: Floats, limit: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The chart's height in each week, and where it signals; it starts anew after a signal.

    `steps` has the shape (lines, weeks); a NaN leaves the chart where it is.
    """
    heights, signals = np.zeros(steps.shape), np.zeros(steps.shape, dtype=bool)
    height = np.zeros(steps.shape[0])
    for week in range(steps.shape[1]):
        height = np.maximum(0.0, height + np.nan_to_num(steps[:, week]))
        heights[:, week] = height
        signals[:, week] = height > limit
        height = np.where(signals[:, week], 0.0, height)
    return heights, signals
