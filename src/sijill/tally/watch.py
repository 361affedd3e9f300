"""The watch: weeks in which more happens than the past leads to expect, each surge told once at its onset.

Two detectors look at each series (docs/adr/surges.md says why): the flexible Farrington algorithm for a
week that stands out, and a negative binomial CUSUM for a rise that lasts. Over all series of one week,
the first is held to a false discovery rate by Benjamini & Hochberg (1995, J. R. Stat. Soc. B 57); the
second to its own run length. Neither speaks where fewer than five cases were counted in four weeks
(Farrington et al. 1996), so that a base near zero does not turn one case into a surge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sijill.tally import cusum, farrington
from sijill.tally.results import Cell, Rows

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the watch goes by; every value is one of the papers' or stated to be our own.

    `alpha`: the probability below which a week stands out for Farrington's algorithm (Noufaily et al.),
    `fdr`: the share of false ones among the weeks so called out, both of which must hold; `cases` in `weeks`
    below which nothing is called out; `quiet`: weeks without a signal after which a surge is over (our
    own: two months); `known`: the share of a week that must be known for it to be judged (our own).
    """

    farrington: farrington.Settings = field(default_factory=farrington.Settings)
    cusum: cusum.Settings = field(default_factory=cusum.Settings)
    detectors: tuple[str, ...] = ("farrington", "cusum")
    alpha: float = 0.005
    fdr: float = 0.05
    cases: int = 5
    weeks: int = 4
    quiet: int = 8
    known: float = 0.5


@dataclass(frozen=True, slots=True)
class Signals:
    """What the detectors say of every week of every series. Shape (series, weeks) each.

    `expected` is NaN and `judged` False where the past is too short or the week is not known enough.
    """

    expected: Floats
    p: Floats
    height: Floats
    farrington: Flags
    cusum: Flags
    judged: Flags

    @property
    def any(self) -> Flags:
        """Where either detector signals."""
        return self.farrington | self.cusum


@dataclass(frozen=True, slots=True)
class Surge:
    """A surge: where, of what, its first week and the last with a signal, and what called it out."""

    where: str
    measure: str
    week: str
    last: str
    count: int
    expected: float | None
    detectors: tuple[str, ...]
    weeks_before: int
    p: float | None = None
    ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Watched(Rows):
    """The surges of a watch, and how much was watched: `years` are the series-years that were judged."""

    surges: list[Surge]
    years: float
    unjudged: dict[str, int] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def columns(self) -> list[str]:
        """What is told of a surge."""
        return ["where", "measure", "week", "count", "expected", "last_signal", "by", "p"]

    def rows(self) -> list[list[Cell]]:
        """One row a surge, the latest first."""
        return [
            [one.where, one.measure, one.week, one.count,
             None if one.expected is None else round(one.expected, 2), one.last, " + ".join(one.detectors),
             None if one.p is None else float(f"{one.p:.2g}")]
            for one in sorted(self.surges, key=lambda one: (one.week, one.where), reverse=True)
        ]  # fmt: skip


def signals(
    counts: NDArray[np.integer],
    *,
    settings: Settings | None = None,
    known: Floats | None = None,
    first: int = 0,
) -> Signals:
    """What both detectors say. `counts` has the shape (series, weeks), `known` (weeks,).

    `known` is the share of each week's incidents that should be in the register by now: what is
    expected is lowered by it, and a week of which too little is known is not judged. Farrington's
    algorithm looks at the weeks from `first` on.
    """
    rules = settings or Settings()
    share = np.ones(counts.shape[1]) if known is None else known
    enough = share >= rules.known
    base = farrington.expect(counts, rules.farrington, first)
    thinned = farrington.Expected(base.mean * share, 1 + (base.dispersion - 1) * share)
    p = farrington.p_value(counts, thinned)
    mean, alpha = cusum.base_of(counts, rules.cusum)
    steps = cusum.increments(counts, mean * share, alpha, rules.cusum.kappa)
    height, crossed = cusum.chart(np.where(enough, steps, np.nan), rules.cusum.limit)
    sums = np.cumsum(np.pad(counts, ((0, 0), (rules.weeks, 0))), axis=1)
    cases = sums[:, rules.weeks :] - sums[:, : -rules.weeks] >= rules.cases
    off = np.zeros(counts.shape, dtype=bool)
    tested = np.where(cases, p, np.where(np.isnan(p), np.nan, 1.0))  # too few cases: tested, never found
    by_farrington = discoveries(np.where(enough, tested, np.nan), rules.fdr) & (tested <= rules.alpha)
    by_cusum = crossed & cases & enough
    judged = (~np.isnan(p) | ~np.isnan(mean)) & enough
    return Signals(
        expected=np.where(np.isnan(thinned.mean), mean * share, thinned.mean), p=p, height=height,
        farrington=by_farrington if "farrington" in rules.detectors else off,
        cusum=by_cusum if "cusum" in rules.detectors else off, judged=judged,
    )  # fmt: skip


def discoveries(p: Floats, rate: float) -> Flags:
    """Which p-values of each week are discoveries at a false discovery rate. Shape (series, weeks).

    NaN is no test. Benjamini & Hochberg's step-up: the largest k with p(k) <= k / m * rate, and all below.
    """
    order = np.argsort(np.where(np.isnan(p), 2.0, p), axis=0)
    ranked = np.take_along_axis(np.where(np.isnan(p), 2.0, p), order, axis=0)
    tests = (~np.isnan(p)).sum(axis=0)
    limits = np.arange(1, len(p) + 1)[:, None] / np.maximum(tests, 1) * rate
    passed = ranked <= limits
    last = np.where(passed.any(0), len(p) - np.argmax(passed[::-1], axis=0), 0)
    found = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(found, order, np.arange(len(p))[:, None] < last[None, :], axis=0)
    return found


def onsets(flags: Flags, quiet: int) -> list[list[tuple[int, int]]]:
    """For each series its runs of signals, `(first, last)` week; `quiet` weeks without one end a run."""
    found: list[list[tuple[int, int]]] = []
    for row in flags:
        runs: list[tuple[int, int]] = []
        for week in np.flatnonzero(row).tolist():
            if runs and week - runs[-1][1] <= quiet:
                runs[-1] = (runs[-1][0], week)
            else:
                runs.append((week, week))
        found.append(runs)
    return found


def watch(
    counts: NDArray[np.integer], names: Sequence[tuple[str, str]], starts: Sequence[str], *,
    settings: Settings | None = None, known: Floats | None = None, since: str | None = None,
    lately: bool = False,
) -> Watched:  # fmt: skip
    """Surges in weekly series. `counts`: (series, weeks); `names`: where and measure of each series.

    `starts` are the weeks' Mondays; only surges that begin on or after `since` are told. With `lately`
    no week is judged that cannot bear on them, which is much faster; the surges are the same.
    """
    rules = settings or Settings()
    first = sum(start < since for start in starts) - rules.quiet if lately and since else 0
    found = signals(counts, settings=rules, known=known, first=max(first, 0))
    surges = []
    for line, runs in enumerate(onsets(found.any, rules.quiet)):
        for first, last in runs:
            if since and starts[first] < since:
                continue
            by = tuple(d for d, flags in (("farrington", found.farrington), ("cusum", found.cusum))
                       if flags[line, first])  # fmt: skip
            mean, p = float(found.expected[line, first]), float(found.p[line, first])
            surges.append(
                Surge(*names[line], week=starts[first], last=starts[last], count=int(counts[line, first]),
                      expected=None if np.isnan(mean) else mean, detectors=by, weeks_before=first,
                      p=None if np.isnan(p) else p)
            )  # fmt: skip
    unjudged = {starts[week]: int((~found.judged[:, week]).sum()) for week in range(counts.shape[1])}
    return Watched(
        surges, float(found.judged.sum()) / 52.18, {week: n for week, n in unjudged.items() if n}, rules
    )
