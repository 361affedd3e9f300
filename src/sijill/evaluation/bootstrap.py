"""How far a score could be chance: the scores of many sets drawn from the same reports, with return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sijill.evaluation.figures import SIZES, figures

DRAWS = 1000
_SEED = 20240419
_LOW, _HIGH = 0.025, 0.975
"""What lies between is told: 95 draws in a hundred."""

Interval = tuple[float, float]


def intervals(counted: Sequence[Mapping[str, int]], *, draws: int = DRAWS) -> dict[str, Interval]:
    """The 95 % interval of each score; the same counts always give the same intervals.

    `counted` holds the counts of each report. A score that no draw could measure has no interval.
    """
    if not counted or not draws:
        return {}
    names = list(counted[0])
    table = np.array([[counts[name] for name in names] for counts in counted], dtype=np.int64)
    chance = np.random.default_rng(_SEED)
    often = chance.multinomial(len(counted), np.full(len(counted), 1 / len(counted)), size=draws)
    drawn = [figures(dict(zip(names, row, strict=True))) for row in (often @ table).tolist()]
    found: dict[str, Interval] = {}
    for name in figures(dict(zip(names, table.sum(axis=0).tolist(), strict=True))):
        scores = [score for one in drawn if (score := one[name]) is not None]
        if scores and name not in SIZES:
            low, high = np.quantile(scores, (_LOW, _HIGH))
            found[name] = (float(low), float(high))
    return found
