"""`sijill backtest`: how good the watch is on labelled episodes, beside two baselines, with sensitivity."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import click
import numpy as np
import yaml

from sijill.cli import asking
from sijill.cli.main import OK
from sijill.errors import InputError, UsageError
from sijill.filters import last_day
from sijill.tally import backtest
from sijill.tally.backtest import Episode, Panel, Score
from sijill.tally.results import Cell, Rows
from sijill.tally.watch import Settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_EPILOG = """\b
COUNTS is a CSV with admin1_pcode, week_start, events and fatalities_best, one row a place and week;
EPISODES one with admin1_pcode, episode and end (a month). The onset weeks stand in a YAML file of
their own, written before any detector was run.

\b
Example:
  sijill backtest ged_weekly_admin1_syria.csv surge_episodes_syria.csv --sensitivity
"""


@click.command(epilog=_EPILOG)
@click.argument("counts", type=_FILE)
@click.argument("episodes", type=_FILE)
@click.option(
    "--onsets", type=_FILE, default=Path("evaluation/surge_onsets.yaml"), show_default=True,
    help="The onset week of each episode.",
)  # fmt: skip
@click.option(
    "--width",
    type=click.IntRange(2, 104),
    default=12,
    show_default=True,
    help="Weeks that the baselines look back.",
)
@click.option("--sensitivity", is_flag=True, help="Also with every setting changed in turn.")
@asking.output
def command(
    counts: Path, episodes: Path, onsets: Path, width: int, sensitivity: bool, form: str | None,
    out: Path | None,
) -> int:  # fmt: skip
    """Score the watch on labelled episodes, beside two baselines at equal false alarms."""
    panel = read_panel(counts)
    labels, within = read_episodes(episodes, onsets, panel)
    result = run(panel, labels, within, width, sensitivity=sensitivity)
    content = {
        "detectors": [_summary(score, extra) for score, extra in result.scores],
        "sensitivity": [_summary(score, "") for score in result.sensitivity],
    }  # fmt: skip
    more: list[tuple[str, Rows]] = [("", Summaries(result.scores))]
    if sensitivity:
        changed = Summaries([(score, "") for score in result.sensitivity])
        more.append(("the watch with one setting changed at a time", changed))
    asking.write(result, form=form, out=out, content=content, after=_LEGEND, more=more)
    return OK


@dataclass(frozen=True)
class Backtest(Rows):
    """Everything a backtest gives: the watch first, then the baselines with what was set for them."""

    scores: list[tuple[Score, str]]
    sensitivity: list[Score]

    def columns(self) -> list[str]:
        """An episode, and its fate under each detector."""
        return ["where", "episode", "onset_week", *(score.detector for score, _ in self.scores)]

    def rows(self) -> list[list[Cell]]:
        """One row an episode."""
        table: list[list[Cell]] = []
        for place, one in enumerate(self.scores[0][0].found):
            fates = [score.found[place] for score, _ in self.scores]
            onset = one.episode
            table.append([onset.where, onset.name, onset.week, *map(_fate, fates)])
        return table


def _fate(one: backtest.Found) -> str:
    delay = "" if one.delay is None else f" {one.delay:+d}w"
    return f"{one.verdict}{delay}"


def run(panel: Panel, labels: Sequence[Episode], within: int, width: int, *, sensitivity: bool) -> Backtest:
    """The watch, the baselines at their usual factor, and at as many false alarms as the watch makes."""
    settings = Settings()
    flags, judged = backtest.watched(panel, settings)
    own = backtest.score("watch", panel, labels, flags, judged, quiet=settings.quiet, within=within)
    scores = [(own, "as set")]
    for name, rule in (("2 x mean", backtest.twice_mean), ("z > 2", backtest.z_score)):
        plain = backtest.baseline(panel, rule, 2.0, width, settings)
        found = backtest.score(name, panel, labels, plain, judged, quiet=settings.quiet, within=within)
        equal, factor = backtest.matched(
            f"{name}, equal", panel, labels, rule, width, judged, own.rate, settings, within
        )
        scores += [(found, "factor 2"), (equal, f"factor {factor:.2f}")]
    changed = []
    for name, other in (backtest.variants(settings) if sensitivity else {}).items():
        flags, seen = backtest.watched(panel, other)
        changed.append(backtest.score(name, panel, labels, flags, seen, quiet=other.quiet, within=within))
    return Backtest(scores, changed)


def _summary(score: Score, extra: str) -> dict[str, object]:
    return {
        "detector": score.detector, "set": extra, "found": score.hits, "of": len(score.found),
        "mean_delay_weeks": score.mean_delay, "alarms": score.alarms, "false_alarms": score.false_alarms,
        "place_years": round(score.years, 2), "false_alarms_a_place_year": round(score.rate, 3),
    }  # fmt: skip


_LEGEND = (
    "found: an alarm from the onset week to three weeks later; late: later in the window;",
    "already: a surge that began before the onset was still on; delay: mean weeks of those found;",
    "false: every alarm outside the windows, although many mark real fighting that the list does not name",
)


class Summaries(Rows):
    """How detectors did, one row each."""

    def __init__(self, scores: Sequence[tuple[Score, str]]) -> None:
        self.scores = scores

    def columns(self) -> list[str]:
        """Found, delay, alarms."""
        return ["detector", "set", "found", "of", "delay", "alarms", "false", "false_a_place_year"]

    def rows(self) -> list[list[Cell]]:
        """One row a detector."""
        return [
            [score.detector, extra, score.hits, len(score.found),
             None if score.mean_delay is None else round(score.mean_delay, 1), score.alarms,
             score.false_alarms, round(score.rate, 2)]
            for score, extra in self.scores
        ]  # fmt: skip


def read_panel(path: Path) -> Panel:
    """Weekly incidents and deaths by place from a CSV; a place called UNKNOWN is left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["admin1_pcode"] != "UNKNOWN"]
        weeks = sorted({row["week_start"] for row in rows})
        places = sorted({row["admin1_pcode"] for row in rows})
        counts = np.zeros((2, len(places), len(weeks)), dtype=np.int64)
        for row in rows:
            at = places.index(row["admin1_pcode"]), weeks.index(row["week_start"])
            counts[0][at], counts[1][at] = int(row["events"]), int(row["fatalities_best"])
    except (KeyError, ValueError, TypeError, UnicodeDecodeError) as error:
        raise InputError(
            str(path), f"no table of weekly counts ({error})",
            "give a CSV with admin1_pcode, week_start, events, fatalities_best",
        ) from None  # fmt: skip
    _check_weeks(path, weeks)
    return Panel(tuple(places), tuple(weeks), counts)


def _check_weeks(path: Path, weeks: list[str]) -> None:
    """InputError where the weeks are not one after the other."""
    for before, after in pairwise(weeks):
        if date.fromisoformat(before) + timedelta(days=7) != date.fromisoformat(after):
            raise InputError(str(path), f"no week follows {before}", "give every week, zeros too")


def read_episodes(path: Path, onsets: Path, panel: Panel) -> tuple[list[Episode], int]:
    """The episodes with their labelled onsets, and within how many weeks one must be found."""
    labels = yaml.safe_load(onsets.read_text(encoding="utf-8"))
    by_key = {(row["admin1"], row["episode"]): row for row in labels["episodes"]}
    within = int(labels["found_within_weeks"])
    found = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            label = by_key.get((row["admin1_pcode"], row["episode"]))
            if label is None:
                raise UsageError(f"{onsets}: no onset for {row['admin1_pcode']} {row['episode']}; add one")
            end = [n for n, start in enumerate(panel.starts) if start <= last_day(row["end"])][-1]
            onset = panel.starts.index(label["onset"])
            found.append(Episode(row["admin1_pcode"], row["episode"], onset, max(end, onset + within),
                                 label["onset"], bool(label["clear"])))  # fmt: skip
    return found, within
