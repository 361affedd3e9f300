"""How good the watch is on labelled episodes: onsets found, delay, false alarms, beside two baselines.

An alarm is the onset of a surge in a governorate, in incidents or deaths, whichever comes first. An
episode is found by an alarm from its onset week up to `within` weeks later; an alarm later in its window
is late, and no false one; every other alarm is false, though many mark real fighting that nobody listed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sijill.tally.results import Cell, Rows
from sijill.tally.watch import Flags, Settings, onsets, signals

WEEKS_A_YEAR = 52.18


@dataclass(frozen=True, slots=True)
class Episode:
    """A named episode: where, the numbers of its onset week and of the last week of its window, and the
    Monday of the onset."""

    where: str
    name: str
    onset: int
    end: int
    week: str = ""
    clear: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """Weekly counts of several measures by place: `counts` has the shape (measures, places, weeks)."""

    places: tuple[str, ...]
    starts: tuple[str, ...]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """What became of an episode: weeks from onset to alarm, None where missed; and why, in a word.

    `verdict`: found, late, missed, or already (a surge that began before the onset was still on).
    """

    episode: Episode
    delay: int | None
    verdict: str
    alarm: str | None


@dataclass(frozen=True, slots=True)
class Score(Rows):
    """How a detector did: episodes, alarms, false alarms, and place-years watched."""

    detector: str
    found: list[Found]
    alarms: int
    false_alarms: int
    years: float

    @property
    def hits(self) -> int:
        """Episodes found in time."""
        return sum(one.verdict == "found" for one in self.found)

    @property
    def rate(self) -> float:
        """False alarms a place-year."""
        return self.false_alarms / self.years if self.years else 0.0

    @property
    def mean_delay(self) -> float | None:
        """Weeks from onset to alarm of the episodes found."""
        delays = [one.delay for one in self.found if one.verdict == "found" and one.delay is not None]
        return sum(delays) / len(delays) if delays else None

    def columns(self) -> list[str]:
        """What is told of an episode."""
        return ["where", "episode", "verdict", "delay_weeks", "alarm"]

    def rows(self) -> list[list[Cell]]:
        """One row an episode."""
        return [
            [one.episode.where, one.episode.name, one.verdict, one.delay, one.alarm] for one in self.found
        ]


def watched(panel: Panel, settings: Settings) -> tuple[Flags, Flags]:
    """Where the watch signals and where it judges, in any measure. Shape (places, weeks) each."""
    measures, places, weeks = panel.counts.shape
    found = signals(panel.counts.reshape(-1, weeks), settings=settings)
    shape = (measures, places, weeks)
    signal, judged = found.any.reshape(shape), found.judged.reshape(shape)
    return np.asarray(signal.any(axis=0)), np.asarray(judged.any(axis=0))


def trailing(counts: NDArray[np.int64], width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of the `width` weeks before each; NaN where there are fewer."""
    mean, spread = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    if counts.shape[-1] > width:
        past = np.lib.stride_tricks.sliding_window_view(counts, width, axis=-1)[..., :-1, :]
        mean[..., width:], spread[..., width:] = past.mean(-1), past.std(-1, ddof=1)
    return mean, spread


def twice_mean(counts: NDArray[np.int64], factor: float, width: int) -> Flags:
    """The first baseline: more than `factor` (2) times the mean of the weeks before."""
    mean, _ = trailing(counts, width)
    with np.errstate(invalid="ignore"):
        return np.asarray(counts > factor * mean)


def z_score(counts: NDArray[np.int64], factor: float, width: int) -> Flags:
    """The second baseline: more than `factor` (2) standard deviations above the mean of the weeks before."""
    mean, spread = trailing(counts, width)
    with np.errstate(invalid="ignore"):
        return np.asarray(counts > mean + factor * spread)


def baseline(
    panel: Panel, rule: Callable[[NDArray[np.int64], float, int], Flags], factor: float, width: int,
    settings: Settings,
) -> Flags:  # fmt: skip
    """Where a baseline signals, under the same least number of cases as the watch. Shape (places, weeks)."""
    sums = np.cumsum(np.pad(panel.counts, ((0, 0), (0, 0), (settings.weeks, 0))), axis=2)
    cases = sums[..., settings.weeks :] - sums[..., : -settings.weeks] >= settings.cases
    return np.asarray((rule(panel.counts, factor, width) & cases).any(axis=0))


def score(
    detector: str, panel: Panel, episodes: Sequence[Episode], flags: Flags, judged: Flags, *,
    quiet: int, within: int = 3,
) -> Score:  # fmt: skip
    """What became of each episode, and how many alarms were false.

    Only weeks in `judged` count, so that all detectors are scored on the same place-years.
    """
    runs = dict(zip(panel.places, onsets(flags & judged, quiet), strict=True))
    found = [_became(episode, runs[episode.where], panel.starts, within) for episode in episodes]
    alarms = [(place, first) for place, own in runs.items() for first, _ in own]
    false = sum(
        not any(e.where == place and e.onset <= first <= e.end for e in episodes) for place, first in alarms
    )
    return Score(detector, found, len(alarms), false, float(judged.sum()) / WEEKS_A_YEAR)


def _became(episode: Episode, runs: list[tuple[int, int]], starts: Sequence[str], within: int) -> Found:
    inside = [first for first, _ in runs if episode.onset <= first <= episode.end]
    if inside:
        delay = inside[0] - episode.onset
        return Found(episode, delay, "found" if delay <= within else "late", starts[inside[0]])
    before = [first for first, last in runs if first < episode.onset <= last]
    if before:
        return Found(episode, before[0] - episode.onset, "already", starts[before[0]])
    return Found(episode, None, "missed", None)


def matched(
    name: str, panel: Panel, episodes: Sequence[Episode],
    rule: Callable[[NDArray[np.int64], float, int], Flags], width: int, judged: Flags, most: float,
    settings: Settings, within: int = 3,
) -> tuple[Score, float]:  # fmt: skip
    """A baseline at the most sensitive factor with at most `most` false alarms a place-year; that factor."""
    best: tuple[Score, float] | None = None
    for factor in np.geomspace(1.0, 100.0, 400):
        flags = baseline(panel, rule, float(factor), width, settings)
        found = score(name, panel, episodes, flags, judged, quiet=settings.quiet, within=within)
        if found.rate <= most and (best is None or found.hits > best[0].hits):
            best = found, float(factor)
    assert best is not None, "a factor of a hundred silences any baseline"
    return best


def variants(settings: Settings) -> dict[str, Settings]:
    """The settings that the sensitivity is shown for, one changed at a time."""
    far, cus = settings.farrington, settings.cusum
    return {
        "as set": settings,
        "Farrington alone": replace(settings, detectors=("farrington",)),
        "CUSUM alone": replace(settings, detectors=("cusum",)),
        "fdr 0.01": replace(settings, fdr=0.01),
        "fdr 0.10": replace(settings, fdr=0.10),
        "gap 13 weeks": replace(settings, farrington=replace(far, gap=13)),
        "gap 4 weeks": replace(settings, farrington=replace(far, gap=4)),
        "3 years back": replace(settings, farrington=replace(far, years=3)),
        "outliers above 1": replace(settings, farrington=replace(far, outlier=1.0)),
        "limit 4": replace(settings, cusum=replace(cus, limit=4.0)),
        "limit 6": replace(settings, cusum=replace(cus, limit=6.0)),
        "kappa 1.5": replace(settings, cusum=replace(cus, kappa=1.5)),
        "kappa 3": replace(settings, cusum=replace(cus, kappa=3.0)),
        "base 26 weeks": replace(settings, cusum=replace(cus, base=26)),
        "base 104 weeks": replace(settings, cusum=replace(cus, base=104)),
        "quiet 4 weeks": replace(settings, quiet=4),
        "quiet 13 weeks": replace(settings, quiet=13),
        "no least cases": replace(settings, cases=0),
    }
