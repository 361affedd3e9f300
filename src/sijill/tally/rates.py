"""Ratios of two rates with their intervals.

Given the sum of two Poisson counts, one of them is binomial: that makes the exact interval
(Przyborowski & Wilenski 1940, Biometrika 31; Clopper & Pearson 1934, Biometrika 26). Half of the
probability of what was observed makes the mid-p interval (Lancaster 1961, JASA 56; Berry & Armitage
1995, The Statistician 44), which is shorter and covers 95 % on average. Deaths come in clusters, so
that their counts scatter more than Poisson counts; the quasi-Poisson interval (McCullagh & Nelder
1989, Generalized Linear Models, ch. 6) divides counts by the dispersion before it asks the exact
question. A Wald interval under a negative binomial law was tried and left out: in simulation it
covered 91 % where 95 % was said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from sijill.tally.results import need_stats

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval for a rate ratio, and how it was made; `high` may be infinite."""

    kind: str
    low: float
    high: float


def ratio(xa: float, da: float, xb: float, db: float) -> float | None:
    """The rate of b over the rate of a, rates being `x / d`; None where both counts are zero."""
    if not xa and not xb:
        return None
    return inf if not xa else (xb / db) / (xa / da)


def exact(xa: float, da: float, xb: float, db: float, level: float = 0.95) -> Interval:
    """The conditional exact interval of the ratio of b to a.

    `x` are counts, `d` the days they were counted in. Counts need not be whole: see `quasi`.
    """
    need_stats()
    from scipy.stats import beta

    tail = (1 - level) / 2
    low = 0.0 if xb == 0 else float(beta.ppf(tail, xb, xa + 1))
    high = 1.0 if xa == 0 else float(beta.ppf(1 - tail, xb + 1, xa))
    return Interval("exact", _to_ratio(low, da, db), _to_ratio(high, da, db))


def mid_p(xa: int, da: float, xb: int, db: float, level: float = 0.95) -> Interval:
    """The conditional mid-p interval of the ratio of b to a."""
    need_stats()
    from scipy.optimize import brentq
    from scipy.stats import binom

    tail, n = (1 - level) / 2, xa + xb

    def solve(function: Callable[[float], float]) -> float:
        return float(brentq(function, 1e-12, 1 - 1e-12, xtol=1e-13))

    def above(p: float) -> float:
        return float(binom.sf(xb, n, p) + binom.pmf(xb, n, p) / 2) - tail

    def below(p: float) -> float:
        return float(binom.cdf(xb, n, p) - binom.pmf(xb, n, p) / 2) - tail

    low = 0.0 if xb == 0 else solve(above)
    high = 1.0 if xa == 0 else solve(below)
    return Interval("mid_p", _to_ratio(low, da, db), _to_ratio(high, da, db))


def _to_ratio(p: float, da: float, db: float) -> float:
    """The ratio of rates that makes a share `p` of both counts fall to b."""
    return inf if p >= 1 else p / (1 - p) * da / db


def dispersion(a: Floats, b: Floats) -> tuple[float, float]:
    """How much more daily counts scatter than Poisson counts, and its degrees of freedom; at least 1.

    The larger of Pearson's dispersion over both windows, and of the one that gives the log ratio its
    variance when each window has its own (degrees of freedom by Satterthwaite 1946, Biometrics 2):
    clusters often grow with the rate, and the shorter window then decides.
    """
    freedom = len(a) + len(b) - 2
    chi = sum(_chi(x) for x in (a, b))
    pooled = max(1.0, chi / freedom), float(freedom)
    if min(len(a), len(b)) < 2 or not (a.sum() and b.sum()):
        return pooled
    parts = [max(1.0, _chi(x) / (len(x) - 1)) / float(x.sum()) for x in (a, b)]
    own = sum(parts) / (1 / float(a.sum()) + 1 / float(b.sum()))
    freedom_own = sum(parts) ** 2 / sum(v**2 / (len(x) - 1) for v, x in zip(parts, (a, b), strict=True))
    return max(pooled, (own, freedom_own))


def _chi(x: Floats) -> float:
    """Pearson's chi-square of daily counts about their mean."""
    return float(((x - x.mean()) ** 2).sum() / x.mean()) if len(x) and x.sum() > 0 else 0.0


def quasi(a: Floats, b: Floats, level: float = 0.95) -> Interval | None:
    """The interval of the ratio of b to a from daily counts, allowing for clustering.

    The exact interval of counts divided by the dispersion, which is raised by (t/z)^2 for being
    estimated. None where there are fewer than ten days to estimate it from.
    """
    if len(a) + len(b) < 10:
        return None
    need_stats()
    from scipy.stats import norm, t

    tail = (1 + level) / 2
    phi, freedom = dispersion(a, b)
    phi *= (t.ppf(tail, freedom) / norm.ppf(tail)) ** 2
    found = exact(float(a.sum()) / phi, len(a), float(b.sum()) / phi, len(b), level)
    return Interval("quasi", found.low, found.high)
