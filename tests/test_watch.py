"""Surges: against published worked examples, statsmodels, and series with known truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from click.testing import CliRunner
from scipy.stats import nbinom, poisson

from sijill.cli.main import cli
from sijill.errors import UsageError
from sijill.incidents import Incident, Toll
from sijill.records import Place
from sijill.tally import backtest, cusum, delay, farrington
from sijill.tally.table import Table
from sijill.tally.watch import Settings, discoveries, onsets, signals, watch
from sijill.tally.watch_table import watch_table


def test_outlier_weights_of_the_example_in_surveillance() -> None:
    """Ten residuals, half 0 and half 2, threshold 0: weights 1.6 and 0.4 (R package surveillance)."""
    residuals = np.array([0.0] * 5 + [2.0] * 5)
    assert farrington.outlier_weights(residuals, 0).tolist() == pytest.approx([1.6] * 5 + [0.4] * 5)
    assert farrington.outlier_weights(np.zeros(10), 2.58).tolist() == [1.0] * 10


@pytest.mark.parametrize(("phi", "upper", "p"), [(1.5, 10, 0.03763657), (1.0, 9, 0.01369527)])
def test_plug_in_thresholds_of_the_examples_in_surveillance(phi: float, upper: int, p: float) -> None:
    """Mean 5, alpha 0.05, a count of 11 (method of Noufaily et al. 2013, R package surveillance)."""
    assert farrington.threshold(5, phi, 0.05) == upper
    expected = farrington.Expected(np.array([[5.0]]), np.array([[phi]]))
    assert farrington.p_value(np.array([[11]]), expected)[0, 0] == pytest.approx(p, abs=1e-7)


def _noise(mean: float, size: float, shape: tuple[int, ...], seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).negative_binomial(size, size / (size + mean), shape)


def test_the_expectation_is_that_of_two_fits_by_statsmodels() -> None:
    counts, week, rules = _noise(9, 3, (1, 420)), 400, farrington.Settings()
    lags = np.arange(rules.gap + 1, 52 * rules.years + rules.half + 1)
    past, design = counts[0][week - lags], farrington._seasonal(lags, rules)
    assert np.bincount(design[:, 2:].argmax(1) * (design[:, 2:].sum(1) > 0)).size == 9
    first = sm.GLM(past, design, family=sm.families.Poisson()).fit(scale="X2")
    leverage = first.get_hat_matrix_diag()
    anscombe = 1.5 * (past ** (2 / 3) * first.mu ** (-1 / 6) - first.mu**0.5)
    residuals = anscombe / np.sqrt(max(first.scale, 1) * (1 - leverage))
    weights = farrington.outlier_weights(residuals, 2.58)
    assert (weights < 0.9).any()
    second = sm.GLM(past, design, family=sm.families.Poisson(), freq_weights=weights).fit()
    phi = (weights * (past - second.mu) ** 2 / second.mu).sum() / (len(past) - design.shape[1])
    found = farrington.expect(counts, rules)
    assert found.mean[0, week] == pytest.approx(np.exp(second.params[0]), rel=1e-5)
    assert found.dispersion[0, week] == pytest.approx(max(phi, 1), rel=1e-5)


def test_too_short_a_past_expects_nothing_and_an_empty_one_half_a_case() -> None:
    found = farrington.expect(np.zeros((1, 300), dtype=int))
    assert np.isnan(found.mean[0, :78]).all() and not np.isnan(found.mean[0, 78:]).any()
    assert found.mean[0, 290] == pytest.approx(0.5 / (263 - 26))


def test_p_values_are_not_too_small_where_nothing_changes() -> None:
    counts = _noise(6, 2, (40, 320))
    p = farrington.p_value(counts, farrington.expect(counts))[:, 290:]
    assert np.mean(p < 0.05) < 0.07 and np.mean(p < 0.005) < 0.012


def test_the_step_up_of_benjamini_and_hochberg_in_their_own_example() -> None:
    """The fifteen p-values of their 1995 paper: four discoveries at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
         0.6528, 0.7590, 1.0]  # fmt: skip
    column = np.array(p[::-1])[:, None]
    assert discoveries(column, 0.05)[:, 0].tolist() == [False] * 11 + [True] * 4
    with_gap = np.vstack([column, [[np.nan]]])
    assert discoveries(with_gap, 0.05)[:, 0].tolist() == [False] * 11 + [True] * 4 + [False]
    assert not discoveries(np.full((3, 2), np.nan), 0.05).any()


def test_increments_are_log_likelihood_ratios() -> None:
    x, mean, alpha = np.arange(30), 4.0, 0.5
    size = 1 / alpha
    ratio = nbinom.logpmf(x, size, size / (size + 2 * mean)) - nbinom.logpmf(x, size, size / (size + mean))
    assert cusum.increments(x, mean, alpha, 2.0).tolist() == pytest.approx(ratio.tolist())
    ratio = poisson.logpmf(x, 2 * mean) - poisson.logpmf(x, mean)
    assert cusum.increments(x, mean, 0.0, 2.0).tolist() == pytest.approx(ratio.tolist())


def _run_length(mean: float, alpha: float, kappa: float, limit: float, cells: int = 400) -> float:
    """The mean run length by the Markov chain of Brook & Evans 1972 (Biometrika 59)."""
    size, x = 1 / alpha, np.arange(2000)
    chances = nbinom.pmf(x, size, size / (size + mean))
    steps = cusum.increments(x, 10.0, alpha, kappa)
    width = limit / cells
    heights = np.concatenate(([0.0], (np.arange(cells) + 0.5) * width))
    moves = np.zeros((cells + 1, cells + 1))
    for place, height in enumerate(heights):
        to = height + steps
        cell = np.where(to <= 0, 0, 1 + np.minimum(to / width, cells).astype(int))
        stays = to <= limit
        np.add.at(moves[place], np.minimum(cell[stays], cells), chances[stays])
    return float(np.linalg.solve(np.eye(cells + 1) - moves, np.ones(cells + 1))[0])


def test_the_chart_signals_as_seldom_and_as_soon_as_its_run_length_says() -> None:
    """In control at mean 10, alpha 1/2, kappa 2: the case in the documentation of surveillance."""
    seldom, soon = _run_length(10, 0.5, 2.0, 5.0), _run_length(20, 0.5, 2.0, 5.0)
    assert seldom > np.exp(5)  # Lorden's bound
    for mean, length in ((10, seldom), (20, soon)):
        steps = cusum.increments(_noise(mean, 2, (400, 8000), seed=4), 10.0, 0.5, 2.0)
        rate = cusum.chart(steps, 5.0)[1].mean()
        assert 1 / rate == pytest.approx(length, rel=0.06)


def test_signals_close_together_are_one_surge() -> None:
    flags = np.zeros((2, 60), dtype=bool)
    flags[0, [3, 8, 16, 40]] = True
    assert onsets(flags, 8) == [[(3, 16), (40, 40)], []]


def _starts(weeks: int) -> list[str]:
    return [str(np.datetime64("2020-01-06") + 7 * step) for step in range(weeks)]


def _steady(shape: tuple[int, ...]) -> np.ndarray:
    """Weeks of three to five."""
    return 3 + np.arange(np.prod(shape)).reshape(shape) * 7 % 3


def test_a_regime_that_lasts_half_a_year_is_told_once_at_its_onset() -> None:
    counts = _steady((3, 200))
    counts[1, 120:146] += 25
    found = watch(counts, [(name, "incidents") for name in "abc"], _starts(200))
    weeks = [surge.week for surge in found.surges if surge.where == "b" and surge.week >= _starts(200)[110]]
    assert weeks == [_starts(200)[120]]


def test_one_case_after_nothing_is_no_surge_and_five_are() -> None:
    counts = np.zeros((2, 150), dtype=int)
    counts[0, 140], counts[1, 140] = 3, 6
    found = watch(counts, [("few", "incidents"), ("more", "incidents")], _starts(150))
    assert [(one.where, one.week) for one in found.surges] == [("more", _starts(150)[140])]
    assert found.surges[0].expected is not None and found.surges[0].expected > 0


def test_false_surges_stay_few_where_nothing_changes() -> None:
    counts = _noise(5, 2, (30, 260), seed=9)
    found = watch(counts, [(str(n), "incidents") for n in range(30)], _starts(260))
    assert len(found.surges) / found.years < 0.25


def test_a_week_of_which_little_is_known_is_not_judged_and_a_thin_one_expects_less() -> None:
    counts = _noise(10, 5, (1, 160))
    known = np.ones(160)
    known[158:] = 0.7, 0.2
    found = signals(counts, known=known)
    assert found.judged[0, 158] and not found.judged[0, 159]
    whole = signals(counts)
    assert found.expected[0, 158] == pytest.approx(0.7 * whole.expected[0, 158])
    assert not found.any[0, 159]


def test_a_register_tells_its_own_delay() -> None:
    def one(number: int) -> Incident:
        late = "2024-01-11" if number % 4 == 0 else "2024-01-10"
        return Incident(id=f"i-{number}", action="clash", start="2024-01-10", end="2024-01-10",
                        first_published=late, last_published="2024-06-01")  # fmt: skip

    found = delay.estimate(Table.of(map(one, range(200))), now="2024-06-01")
    assert found is not None and found.known[:2] == (0.75, 1.0) and found.of == 200
    assert found.completeness("2024-01-08", "2024-01-14") == pytest.approx((6 * 1.0 + 0.75) / 7)
    assert found.completeness("2024-01-08", "2024-01-10") == pytest.approx((2 * 1.0 + 0.75) / 7)
    assert delay.estimate(Table.of(map(one, range(20)))) is None
    assert delay.parse("0.5,1").known == (0.5, 1.0)
    with pytest.raises(UsageError, match="growing shares"):
        delay.parse("0.9,0.5")


def _incident(number: int, day: str, admin1: str, killed: int) -> Incident:
    toll = Toll(outcome="killed", group="CIV", low=killed, best=killed, high=killed)
    return Incident(id=f"i-{number}", action="shelling", start=day, end=day, tolls=[toll],
                    place=Place(name="x", admin1=admin1, country="SY"), first_published=day,
                    last_published=day)  # fmt: skip


def _register() -> list[Incident]:
    """A year of one incident a week in two places; in the last month one of them burns."""
    days = [str(np.datetime64("2023-01-02") + 7 * week) for week in range(52)]
    found = [_incident(n, day, place, 1) for n, day in enumerate(days) for place in ("SY01", "SY02")]
    found = [msg if i % 2 else _incident(1000 + i, msg.start or "", "SY02", 1) for i, msg in enumerate(found)]
    burning = [str(np.datetime64(days[-4]) + step) for step in range(28)]
    return [*found, *(_incident(5000 + n, day, "SY01", 3) for n, day in enumerate(burning))]


def test_a_watch_of_a_register_names_the_incidents_behind_a_surge() -> None:
    found = watch_table(Table.of(_register()))
    assert {one.where for one in found.surges} == {"SY01"}
    first = min(found.surges, key=lambda one: one.week)
    assert first.week == "2023-12-04" and len(first.ids) == 7
    with pytest.raises(UsageError, match="weeks are too few"):
        watch_table(Table.of(_register()[-20:]))


def test_the_command_watches_a_file(tmp_path: Path) -> None:
    import msgspec

    file = tmp_path / "incidents.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in _register()))
    shown = CliRunner().invoke(cli, ["watch", "--incidents", str(file), "--format", "json"])
    answer = json.loads(shown.output)
    assert answer["rows"][-1]["where"] == "SY01" and answer["rows"][-1]["week"] == "2023-12-04"
    assert "minimum" in answer["note"]["en"] and answer["said"][0]["ar"]
    quiet = CliRunner().invoke(cli, ["watch", "--incidents", str(file), "--since", "2024"])
    assert "No surge" in quiet.output


def _panel() -> tuple[backtest.Panel, list[backtest.Episode]]:
    counts = _steady((2, 3, 200))
    counts[:, 0, 150:170] += 30
    counts[:, 2, 100] += 60
    panel = backtest.Panel(("A", "B", "C"), tuple(_starts(200)), counts)
    return panel, [backtest.Episode("A", "long", 150, 170), backtest.Episode("C", "spike", 100, 103)]


def test_a_backtest_finds_what_was_planted_and_counts_the_rest_as_false() -> None:
    panel, episodes = _panel()
    settings = Settings()
    flags, judged = backtest.watched(panel, settings)
    found = backtest.score("watch", panel, episodes, flags, judged, quiet=8)
    assert [(one.verdict, one.delay) for one in found.found] == [("found", 0), ("found", 0)]
    assert found.false_alarms == found.alarms - 2 and found.hits == 2
    plain = backtest.baseline(panel, backtest.twice_mean, 2.0, 12, settings)
    assert backtest.score("2 x mean", panel, episodes, plain, judged, quiet=8).hits == 2
    noisy = backtest.Panel(panel.places, panel.starts, panel.counts + _noise(3, 1, (2, 3, 200)))
    equal, factor = backtest.matched("equal", noisy, episodes, backtest.twice_mean, 12, judged, 0.2, settings)
    assert equal.rate <= 0.2 and factor > 2


def test_verdicts_of_a_backtest() -> None:
    panel = backtest.Panel(("A",), tuple(_starts(60)), np.zeros((1, 1, 60), dtype=int))
    judged = np.ones((1, 60), dtype=bool)
    for week, verdict, false in ((30, "found", 0), (33, "found", 0), (34, "late", 0), (29, "missed", 1)):
        flags = np.zeros((1, 60), dtype=bool)
        flags[0, week] = True
        found = backtest.score("x", panel, [backtest.Episode("A", "e", 30, 40)], flags, judged, quiet=8)
        assert (found.found[0].verdict, found.false_alarms) == (verdict, false)
    flags[0, 31] = True
    assert backtest.score("x", panel, [backtest.Episode("A", "e", 30, 40)], flags, judged,
                          quiet=8).found[0].verdict == "already"  # fmt: skip


def test_the_command_scores_files(tmp_path: Path) -> None:
    panel, _ = _panel()
    rows = ["admin1_pcode,week_start,events,fatalities_best"]
    for place, name in enumerate(panel.places):
        for week, start in enumerate(panel.starts):
            rows.append(f"{name},{start},{panel.counts[0, place, week]},{panel.counts[1, place, week]}")
    counts, episodes, onsets = (tmp_path / name for name in ("counts.csv", "episodes.csv", "onsets.yaml"))
    counts.write_text("\n".join(rows), encoding="utf-8")
    episodes.write_text("admin1_pcode,episode,end\nA,long,2023-03\n", encoding="utf-8")
    week = panel.starts[150]
    label = f'- {{admin1: A, episode: long, onset: "{week}", reason: planted, clear: true}}'
    onsets.write_text(f"found_within_weeks: 3\nepisodes:\n{label}\n", encoding="utf-8")
    call = ["backtest", str(counts), str(episodes), "--onsets", str(onsets)]
    answer = json.loads(CliRunner().invoke(cli, [*call, "--format", "json"]).output)
    assert answer["rows"][0]["watch"] == "found +0w" and answer["detectors"][0]["found"] == 1
    shown = CliRunner().invoke(cli, [*call, "--sensitivity"]).output
    assert "CUSUM alone" in shown and "false a place year" in shown
    counts.write_text("\n".join(rows[:100] + rows[101:200]), encoding="utf-8")
    error = CliRunner().invoke(cli, call).exception
    assert error is not None and "no week follows" in str(error)
