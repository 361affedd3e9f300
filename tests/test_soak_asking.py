"""Longer trials of the statistics, by `make soak`: intervals over many settings, quiet series."""

from __future__ import annotations

import os

import numpy as np
import pytest

from sijill.tally import rates
from sijill.tally.capture import Estimate, estimate
from sijill.tally.watch import onsets, signals

pytestmark = pytest.mark.skipif(not os.environ.get("SIJILL_SOAK"), reason="make soak runs it")


@pytest.mark.parametrize("size", [150, 400, 1500])
@pytest.mark.parametrize("chances", [(0.5, 0.4, 0.3), (0.3, 0.25, 0.2)])
@pytest.mark.parametrize("copied", [0.0, 0.2, 0.4])
def test_soak_capture_recapture_covers(size: int, chances: tuple[float, ...], copied: float) -> None:
    covered = given = 0
    for seed in range(300):
        chance = np.random.default_rng(seed)
        lists = [chance.random(size) < share for share in chances]
        lists[1] |= lists[0] & (chance.random(size) < copied)
        found = estimate(dict(zip("abc", lists, strict=True)))
        if isinstance(found, Estimate):
            given += 1
            covered += found.low <= size <= found.high
    assert given > 250 and covered / given >= 0.92  # 95 % less two points and a draw of 300


@pytest.mark.parametrize("days", [(60, 14), (365, 30), (30, 30), (14, 14)])
@pytest.mark.parametrize("ratio", [1.0, 2.0, 5.0])
def test_soak_rate_ratios_of_clustered_deaths_cover(days: tuple[int, int], ratio: float) -> None:
    chance, covered, runs = np.random.default_rng(11), 0, 2000
    for _ in range(runs):
        a, b = (
            np.array([chance.geometric(0.3, n).sum() for n in chance.poisson(rate, many)], dtype=float)
            for rate, many in ((0.4, days[0]), (0.4 * ratio, days[1]))
        )
        found = rates.quasi(a, b)
        covered += found is not None and found.low <= ratio <= found.high
    assert covered / runs >= 0.93


@pytest.mark.parametrize(("mean", "size"), [(0.3, 1), (1, 1), (4, 2), (4, 40), (20, 2), (50, 0.5)])
def test_soak_quiet_series_stay_quiet(mean: float, size: float) -> None:
    counts = np.random.default_rng(5).negative_binomial(size, size / (size + mean), (300, 260))
    found = signals(counts)
    surges = sum(map(len, onsets(found.any, 8)))
    assert surges / (found.judged.sum() / 52.18) < 0.25
