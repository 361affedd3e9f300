"""`sijill backtest`: how good the watch is on labelled episodes, beside two baselines, with sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sijill.cli import asking
from sijill.cli.main import OK
from sijill.tally.backtest import Score
from sijill.tally.panel import backtest, summary
from sijill.tally.results import Cell, Rows

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
    result = backtest(counts, episodes, onsets, width=width, sensitivity=sensitivity)
    content = {
        "detectors": [summary(score, extra) for score, extra in result.scores],
        "sensitivity": [summary(score, "") for score in result.sensitivity],
    }  # fmt: skip
    more: list[tuple[str, Rows]] = [("", Summaries(result.scores))]
    if sensitivity:
        changed = Summaries([(score, "") for score in result.sensitivity])
        more.append(("the watch with one setting changed at a time", changed))
    asking.write(result, form=form, out=out, content=content, after=_LEGEND, more=more)
    return OK


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
