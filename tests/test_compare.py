"""Rates beside each other: against published examples and simulation with known truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from statsmodels.stats.rates import test_poisson_2indep as poisson_test

from sijill.errors import UsageError
from sijill.filters import parse
from sijill.incidents import Incident, Toll
from sijill.tally import rates
from sijill.tally.compare import compare, compare_figures
from sijill.tally.table import Table


def test_exact_interval_of_the_example_in_r() -> None:
    """`poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))` of R's documentation."""
    found = rates.exact(21, 1083 + 1050 + 878, 11, 800)
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), rel=1e-6)
    assert rates.ratio(21, 3011, 11, 800) == pytest.approx(1.971488, rel=1e-6)


def test_mid_p_interval_of_breast_cancer_after_fluoroscopy() -> None:
    """Boice & Monson 1977, as in Rothman & Greenland: 41 cases in 28,010 years, 15 in 19,017; 1.04-3.45."""
    found = rates.mid_p(15, 19_017, 41, 28_010)
    assert (round(found.low, 2), round(found.high, 2)) == (1.04, 3.45)


@pytest.mark.parametrize(("xa", "da", "xb", "db"), [(20, 60, 50, 14), (3, 30, 1, 30), (7, 365, 9, 28)])
@pytest.mark.parametrize(("kind", "method"), [("exact", "exact-cond"), ("mid_p", "cond-midp")])
def test_ends_are_where_the_test_of_statsmodels_says_so(
    xa: int, da: int, xb: int, db: int, kind: str, method: str
) -> None:
    found = getattr(rates, kind)(xa, da, xb, db)
    for end, side in ((found.low, "larger"), (found.high, "smaller")):
        p = poisson_test(xb, db, xa, da, value=end, method=method, alternative=side).pvalue
        assert p == pytest.approx(0.025, abs=1e-6)


def test_nothing_in_a_window_has_no_upper_end() -> None:
    assert rates.exact(0, 30, 4, 30).high == rates.mid_p(0, 30, 4, 30).high == float("inf")
    assert rates.exact(4, 30, 0, 30).low == 0
    assert rates.ratio(0, 1, 0, 1) is None


def _clusters(rate: float, days: int, chance: np.random.Generator) -> np.ndarray:
    return np.array([chance.geometric(0.3, n).sum() for n in chance.poisson(rate, days)], dtype=float)


def _negative_binomial(mean: float, days: int, chance: np.random.Generator) -> np.ndarray:
    return chance.poisson(chance.gamma(1.0, mean, days)).astype(float)


@pytest.mark.parametrize(
    ("draw", "a", "b"),
    [
        (_clusters, (0.3, 60), (1.5, 14)), (_clusters, (0.3, 365), (0.3, 30)),
        (_clusters, (0.5, 14), (1.0, 14)), (_negative_binomial, (1.0, 60), (2.0, 14)),
        (_negative_binomial, (5.0, 30), (10.0, 30)),
    ],
)  # fmt: skip
def test_the_interval_for_clustered_deaths_covers_the_truth(
    draw: Callable[..., np.ndarray], a: tuple[float, int], b: tuple[float, int]
) -> None:
    chance, covered, runs, truth = np.random.default_rng(3), 0, 400, b[0] / a[0]
    for _ in range(runs):
        found = rates.quasi(draw(*a, chance), draw(*b, chance))
        covered += found is not None and found.low <= truth <= found.high
    assert covered / runs >= 0.93


@pytest.mark.parametrize(("ma", "da", "mb", "db"), [(0.33, 60, 3.6, 14), (0.05, 60, 0.1, 30), (2, 10, 2, 10)])
def test_exact_and_mid_p_cover_poisson_counts(ma: float, da: int, mb: float, db: int) -> None:
    chance, runs = np.random.default_rng(5), 500
    covered = {"exact": 0, "mid_p": 0}
    for _ in range(runs):
        xa, xb = int(chance.poisson(ma * da)), int(chance.poisson(mb * db))
        for kind in covered:
            found = getattr(rates, kind)(xa, da, xb, db) if xa + xb else rates.Interval(kind, 0, np.inf)
            covered[kind] += found.low <= mb / ma <= found.high
    assert min(covered.values()) / runs >= 0.93


def test_the_question_of_the_second_seed_report() -> None:
    """About 20 in January and February, about 50 in the last two weeks."""
    found = compare_figures(20, "2024-01/2024-02", 50, "2024-03-05/2024-03-18")
    assert (found.a.days, found.b.days, found.verdict) == (60, 14, "rose")
    assert found.ratio == pytest.approx(50 / 14 / (20 / 60))
    text = " ".join(one.en for one in found.said)
    assert "rose" in text and "Not supported: that it is exactly 10.71 times" in text
    assert "every case for a separate one" in text
    assert all(one.ar and one.ar != one.en for one in found.said)


def _register() -> Table:
    def one(number: int, day: str, killed: int, end: str | None = None) -> Incident:
        toll = Toll(outcome="killed", group="CIV", low=killed, best=killed, high=killed)
        return Incident(id=f"i-{number}", action="shelling", start=day, end=end or day, tolls=[toll])

    return Table.of(
        [one(1, "2024-01-05", 3), one(2, "2024-01-31", 1, "2024-02-01"), one(3, "2024-01-10", 60),
         one(4, "2024-02-10", 2), one(5, "2024-02-11", 2), one(6, "2024-02-29", 2)]
    )  # fmt: skip


def test_one_large_incident_does_not_make_a_fall() -> None:
    found = compare(_register(), "2024-01", "2024-02", measure="killed")
    by_kind = {one.kind: one for one in found.intervals}
    assert by_kind["exact"].high < 1 < by_kind["quasi"].high
    assert (found.verdict, found.straddling, found.a.ids) == ("unclear", 2, ["i-1", "i-3"])
    assert "do not tell" in found.said[2].en


def test_periods_that_cannot_be_compared_are_refused_with_what_can() -> None:
    table = _register()
    with pytest.raises(UsageError, match="compare 2024-01 2024-02-01/2024-02-29"):
        compare(table, "2024-01", "2024-01-15/2024-02")
    with pytest.raises(UsageError, match="sijill compare 2024-01 2024-02"):
        compare(table, "2024-02", "2024-01")
    with pytest.raises(UsageError, match="run from 2024-01-05 to 2024-02-29"):
        compare(table, "2024-01", "2024-05")
    with pytest.raises(UsageError, match="no incident has actor=IS"):
        compare(table, "2024-01", "2024-02", asked=parse("actor=IS"))


def test_no_base_gives_no_ratio() -> None:
    found = compare_figures(0, "2024-01", 9, "2024-02")
    assert found.ratio == float("inf") and found.verdict == "rose"
    assert "no ratio can be given" in found.said[1].en
    assert compare_figures(0, "2024-01", 0, "2024-02").ratio is None
