"""What the past leads to expect of a week: the flexible Farrington algorithm.

Farrington, Andrews, Beale & Catchpole 1996, 'A statistical algorithm for the early detection of
outbreaks of infectious disease', J. R. Stat. Soc. A 159: a quasi-Poisson log-linear model of the base
weeks, in which past outbreaks weigh less. Noufaily, Enki, Farrington, Garthwaite, Andrews & Charlett
2013, 'An improved algorithm for outbreak detection in multiple surveillance systems', Stat. Med. 32:
all weeks of the base years with a ten-level season, a trend always, the last 26 weeks left out, weights
only above 2.58, and a negative binomial threshold. `Settings` holds the values of the 2013 paper.

The base has one shape for every week, so that all weeks of all series are fitted at once; each fit is
that of statsmodels' GLM (a test compares them).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sijill.tally.results import need_stats

Floats = NDArray[np.float64]
YEAR = 52
_RIDGE = 1e-7
_STEPS = 25


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of Noufaily et al. 2013.

    `years` back at most; `half` window: the weeks around the same week of earlier years that are one
    level of the season; `levels` of the season; `gap`: latest weeks left out of the base; `outlier`:
    Anscombe residuals above it weigh less; `least` base weeks below which nothing is expected (our own:
    one year); `full` years from which on season and trend are fitted, and a mere mean before (for the
    trend as in the 1996 paper; for the season our own).
    """

    years: int = 5
    half: int = 3
    levels: int = 10
    gap: int = 26
    outlier: float = 2.58
    least: int = 52
    full: int = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of each week: mean and dispersion; NaN where the base is too short.

    Shape (lines, weeks).
    """

    mean: Floats
    dispersion: Floats


def expect(
    counts: NDArray[np.integer] | Floats, settings: Settings | None = None, first: int = 0
) -> Expected:
    """The expectation for every week from `first` on, from the weeks before it. `counts` has the shape
    (lines, weeks).

    One thread: the products are small, and threads that wait for each other cost more than they save.
    """
    need_stats()
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return _expect(counts, settings or Settings(), first)


def _expect(counts: NDArray[np.integer] | Floats, rules: Settings, first: int) -> Expected:
    y = np.asarray(counts, dtype=np.float64)
    mean, dispersion = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    lags = np.arange(rules.gap + 1, YEAR * rules.years + rules.half + 1)
    weeks = np.arange(y.shape[1])
    base = weeks - rules.gap
    long = base >= YEAR * rules.full
    for chosen, design in (((base >= rules.least) & ~long, _flat(lags)), (long, _seasonal(lags, rules))):
        rows = np.flatnonzero(chosen & (weeks >= first))
        if not rows.size:
            continue
        at = rows[:, None] - lags[None, :]
        there = at >= 0
        for line in range(y.shape[0]):
            past = np.where(there, y[line][np.maximum(at, 0)], 0.0)
            found = _predict(past, there.astype(float), design, rules)
            mean[line, rows] = np.maximum(found[0], 0.5 / there.sum(1))  # an empty base is half a case
            dispersion[line, rows] = found[1]
    return Expected(mean, dispersion)


def p_value(counts: NDArray[np.integer] | Floats, expected: Expected) -> Floats:
    """The probability of that many or more, under a negative binomial with that mean and dispersion."""
    need_stats()
    from scipy.stats import nbinom, poisson

    mean, phi = np.maximum(expected.mean, 1e-9), expected.dispersion
    with np.errstate(invalid="ignore", divide="ignore"):
        wide = nbinom.sf(counts - 1, mean / np.maximum(phi - 1, 1e-12), 1 / phi)
        found = np.where(phi > 1.000001, wide, poisson.sf(counts - 1, mean))
    return np.asarray(np.where(np.isnan(expected.mean), np.nan, found))


def threshold(mean: float, dispersion: float, alpha: float) -> int:
    """The count that is exceeded with a probability of at most `alpha`."""
    need_stats()
    from scipy.stats import nbinom, poisson

    if dispersion <= 1:
        return int(poisson.ppf(1 - alpha, mean))
    return int(nbinom.ppf(1 - alpha, mean / (dispersion - 1), 1 / dispersion))


def outlier_weights(residuals: Floats, above: float, there: Floats | None = None) -> Floats:
    """Weights that fall with the square of a residual above a threshold, and add up to their number."""
    there = np.ones_like(residuals) if there is None else there
    falling = np.where(residuals > above, np.maximum(residuals, 1e-12) ** -2.0, 1.0) * there
    total = np.maximum(falling.sum(axis=-1, keepdims=True), 1e-12)
    return np.asarray(falling * there.sum(axis=-1, keepdims=True) / total)


def _flat(lags: NDArray[np.int64]) -> Floats:
    """A mean alone. Shape (lags, 1)."""
    return np.ones((len(lags), 1))


def _seasonal(lags: NDArray[np.int64], rules: Settings) -> Floats:
    """Mean, trend in years, and the levels of the season but for the present one. Shape (lags, 11)."""
    place = lags % YEAR
    near = (place <= rules.half) | (place >= YEAR - rules.half)
    width = (YEAR - 2 * rules.half - 1) / (rules.levels - 1)
    level = np.where(near, 0, 1 + ((place - rules.half - 1) / width).astype(int))
    season = (level[:, None] == np.arange(1, rules.levels)[None, :]).astype(float)
    return np.column_stack([np.ones(len(lags)), -lags / YEAR, season])


def _predict(y: Floats, there: Floats, design: Floats, rules: Settings) -> tuple[Floats, Floats]:
    """Mean and dispersion at lag 0. `y` and `there` have the shape (weeks, lags)."""
    coefficients, phi = _robust(y, there, design, rules)
    if design.shape[1] == 1:
        return np.exp(coefficients[:, 0]), phi
    mean = np.exp(np.clip(coefficients[:, 0], -20, 20))
    wild = mean > np.max(y * there, axis=1)  # a trend must not lead beyond all that was seen
    if wild.any():
        level = np.delete(design, 1, axis=1)
        again, phi[wild] = _robust(y[wild], there[wild], level, rules)
        mean[wild] = np.exp(np.clip(again[:, 0], -20, 20))
    return mean, phi


def _robust(y: Floats, there: Floats, design: Floats, rules: Settings) -> tuple[Floats, Floats]:
    """A fit, and a second in which outliers of the first weigh less."""
    coefficients, phi, mu, inverse = fit(y, there, design)
    pairs = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    leverage = np.clip(mu * there * (inverse.reshape(len(y), -1) @ pairs.T), 0, 0.999)
    anscombe = 1.5 * (y ** (2 / 3) * mu ** (-1 / 6) - np.sqrt(mu)) / np.sqrt(phi[:, None] * (1 - leverage))
    weights = outlier_weights(anscombe, rules.outlier, there)
    coefficients, phi, _, _ = fit(y, weights, design, there)
    return coefficients, phi


def fit(
    y: Floats, weights: Floats, design: Floats, there: Floats | None = None
) -> tuple[Floats, Floats, Floats, Floats]:
    """Quasi-Poisson log-linear fits of many rows with one design.

    `y`, `weights`: shape (rows, n); `design`: (n, p). Returns coefficients (rows, p), dispersion of at
    least 1 (rows,), means (rows, n) and the inverse information (rows, p, p).
    """
    there = (weights > 0).astype(float) if there is None else there
    size = design.shape[1]
    pairs = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    beta = np.zeros((len(y), size))
    beta[:, 0] = np.log(np.maximum((y * weights).sum(1) / np.maximum(weights.sum(1), 1e-12), 1e-3))
    ridge = _RIDGE * np.eye(size)
    for _ in range(_STEPS):
        mu = np.exp(np.clip(beta @ design.T, -20, 20))
        information = ((weights * mu) @ pairs).reshape(-1, size, size) + ridge
        step = np.linalg.solve(information, ((weights * (y - mu)) @ design)[..., None])[..., 0]
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-6:
            break
    mu = np.exp(np.clip(beta @ design.T, -20, 20))
    inverse = np.linalg.inv(((weights * mu) @ pairs).reshape(-1, size, size) + ridge)
    freedom = np.maximum(there.sum(1) - size, 1)
    phi = np.maximum(1.0, (weights * (y - mu) ** 2 / mu).sum(1) / freedom)
    return beta, np.asarray(phi), np.asarray(mu), np.asarray(inverse)
