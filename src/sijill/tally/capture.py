"""How many incidents did no source tell? Log-linear capture-recapture.

Each source is a list of incidents; how the lists overlap says how many are on none. Fienberg 1972,
'The multiple recapture census for closed populations and incomplete 2^k contingency tables',
Biometrika 59; Bishop, Fienberg & Holland 1975, Discrete Multivariate Analysis, ch. 6: Poisson log-linear
models of the cells of overlap, with interactions for lists that depend on each other. Standard errors of
one model after Cormack 1989, Biometrics 45. All models with interactions of two lists are averaged by
their AIC weights (Burnham & Anderson 2002, Model Selection and Multimodel Inference), and the interval
holds 95 % of the average of their log-normal laws (Chao 1987, Biometrics 43, for one model; Turek &
Fletcher 2012, Comput. Stat. Data Anal. 56, for tails averaged over models). BIC weights (Hook & Regal
1997, Am. J. Epidemiol. 145) were tried first: in simulation they left out dependence that was there, and
their intervals covered 88 % where 95 % was said.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from sijill.tally.results import need_stats

Floats = NDArray[np.float64]

LEAST_LISTS, MOST_LISTS = 3, 5
LEAST_ON_LIST = 15
"""Incidents below which a list is too thin to tell by its overlaps; our own."""
LEAST_SHARED = 10
"""Incidents on two lists or more below which nothing ties the lists together; our own."""
INSIDE = 0.95
"""A list of which so much lies in another may be quoting it."""
WILD = 10.0
"""An estimate of so many unseen for one seen is an extrapolation and not given."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: its pairs of dependent lists, the unseen it estimates with standard error, and weight."""

    pairs: tuple[tuple[str, str], ...]
    unseen: float
    error: float
    aic: float
    bic: float
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The model average: incidents seen and unseen, with the 95 % interval of all of them."""

    lists: tuple[str, ...]
    seen: int
    unseen: float
    low: float
    high: float
    models: list[Model]

    @property
    def total(self) -> float:
        """All incidents, seen or not."""
        return self.seen + self.unseen


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no estimate is given; `code` names the reason."""

    code: str
    why: str


def estimate(
    lists: Mapping[str, Sequence[bool] | NDArray[np.bool_]], *, quotes: Sequence[tuple[str, str]] = ()
) -> Estimate | Refusal:
    """The estimate from lists, each telling of every incident whether it is on it; or why there is none.

    `quotes` names pairs of lists of which one is known to quote the other.
    """
    names = tuple(lists)
    seen = np.array([np.asarray(lists[name], dtype=bool) for name in names])
    seen = seen[:, seen.any(axis=0)] if len(names) else seen
    refusal = _refusal(names, seen, quotes)
    if refusal is not None:
        return refusal
    cells = overlaps(seen)
    models = _weighed([found for pairs in _choices(len(names)) if (found := fit(names, cells, pairs))])
    if not models:
        return Refusal("no_model", "no model of the overlaps converged")
    unseen = sum(model.weight * model.unseen for model in models)
    size = int(seen.shape[1])
    if unseen > WILD * size:
        why = (
            f"the lists overlap so little that {unseen:,.0f} unseen for {size} seen would be an extrapolation"
        )
        return Refusal("wild", why)
    low, high = _interval(models)
    return Estimate(names, size, unseen, size + low, size + high, models)


def _interval(models: list[Model], level: float = 0.95) -> tuple[float, float]:
    """The ends that leave equal tails of the models' weighed log-normal laws of the unseen."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    weights = np.array([model.weight for model in models])
    spread = np.array([sqrt(log(1 + (model.error / model.unseen) ** 2)) for model in models])
    centre = np.log([model.unseen for model in models])
    ends = (float((centre - 8 * spread).min()), float((centre + 8 * spread).max()))

    def end(tail: float) -> float:
        return exp(brentq(lambda x: float(weights @ norm.cdf((x - centre) / spread)) - tail, *ends))

    return end((1 - level) / 2), end((1 + level) / 2)


def _refusal(
    names: tuple[str, ...], seen: NDArray[np.bool_], quotes: Sequence[tuple[str, str]]
) -> Refusal | None:
    """Why these lists allow no estimate, if they do not."""
    if len(names) < LEAST_LISTS:
        told = ", ".join(names) or "none"
        return Refusal("few", f"at least {LEAST_LISTS} independent sources are needed; there are {told}")
    if len(names) > MOST_LISTS:
        return Refusal("many", f"{len(names)} lists leave cells empty; choose at most {MOST_LISTS}")
    for one, other in quotes:
        if one in names and other in names:
            return Refusal("quotes", f"{one} quotes {other}, so that they are no two sources; leave one out")
    thin = [name for name, row in zip(names, seen, strict=True) if row.sum() < LEAST_ON_LIST]
    if thin:
        return Refusal("thin", f"{', '.join(thin)} told of fewer than {LEAST_ON_LIST} of these incidents")
    for (a, row), (b, other_row) in product(zip(names, seen, strict=True), repeat=2):
        if a != b and (row & other_row).sum() >= INSIDE * row.sum():
            return Refusal("inside", f"all but a few incidents of {a} are {b}'s too: it may be quoting {b}")
    shared = int((seen.sum(axis=0) >= 2).sum())
    if shared < LEAST_SHARED:
        return Refusal("apart", f"only {shared} incidents are on two lists; {LEAST_SHARED} are the least")
    apart = [f"{names[i]} and {names[j]}" for i, j in combinations(range(len(names)), 2)
             if not (seen[i] & seen[j]).any()]  # fmt: skip
    if apart:
        return Refusal("apart", f"{'; '.join(apart)} share no incident")
    return None


def overlaps(seen: NDArray[np.bool_]) -> dict[tuple[int, ...], int]:
    """How many incidents are on exactly which lists. `seen` has the shape (lists, incidents)."""
    cells = dict.fromkeys((cell for cell in product((0, 1), repeat=len(seen)) if any(cell)), 0)
    for column in seen.T.astype(int).tolist():
        cells[tuple(column)] += 1
    return cells


def _choices(size: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Every set of dependent pairs that leaves a degree of freedom or saturates three lists."""
    pairs = list(combinations(range(size), 2))
    for count in range(len(pairs) + 1):
        yield from combinations(pairs, count)


def fit(
    names: Sequence[str], cells: Mapping[tuple[int, ...], int], pairs: tuple[tuple[int, int], ...]
) -> Model | None:
    """The model with these dependent pairs; None where it does not converge.

    BIC counts the incidents seen as observations.
    """
    need_stats()
    import statsmodels.api as sm

    rows = [[1.0, *map(float, cell), *(float(cell[i] * cell[j]) for i, j in pairs)] for cell in cells]
    counts = np.array(list(cells.values()), dtype=np.float64)
    design = np.array(rows)
    if np.linalg.matrix_rank(design[counts > 0]) < design.shape[1]:
        return None  # an interaction with nothing to estimate it from
    try:
        with warnings.catch_warnings():  # a saturated model fits perfectly, as it must
            warnings.simplefilter("ignore")
            found = sm.GLM(counts, design, family=sm.families.Poisson()).fit(maxiter=100)
            spread = float(found.cov_params()[0, 0])
    except (np.linalg.LinAlgError, ValueError):
        return None
    unseen = float(np.exp(np.clip(found.params[0], -30, 30)))
    error = sqrt(unseen + unseen**2 * spread)
    if not found.converged or not np.isfinite(error):
        return None
    misfit, size = -2 * float(found.llf), design.shape[1]
    between = tuple((names[i], names[j]) for i, j in pairs)
    return Model(between, unseen, error, misfit + 2 * size, misfit + size * log(counts.sum()))


def _weighed(models: list[Model]) -> list[Model]:
    """The models with their AIC weights, the heaviest first."""
    if not models:
        return []
    least = min(model.aic for model in models)
    raw = [exp(-(model.aic - least) / 2) for model in models]
    weighed = [replace(m, weight=r / sum(raw)) for m, r in zip(models, raw, strict=True)]
    return sorted(weighed, key=lambda model: -model.weight)
