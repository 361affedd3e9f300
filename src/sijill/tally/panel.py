"""A whole back-test: its inputs from files, the watch and its baselines, and what the answer looks like."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from sijill.errors import InputError, UsageError
from sijill.filters import last_day
from sijill.lexicon.compile import load_yaml
from sijill.tally.backtest import (
    Episode,
    Found,
    Panel,
    Score,
    baseline,
    matched,
    score,
    twice_mean,
    variants,
    watched,
    z_score,
)
from sijill.tally.results import Cell, Rows
from sijill.tally.watch import Settings


@dataclass(frozen=True, slots=True)
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


def _fate(one: Found) -> str:
    delay = "" if one.delay is None else f" {one.delay:+d}w"
    return f"{one.verdict}{delay}"


def run(panel: Panel, labels: Sequence[Episode], within: int, width: int, *, sensitivity: bool) -> Backtest:
    """The watch, the baselines at their usual factor, and at as many false alarms as the watch makes."""
    settings = Settings()
    flags, judged = watched(panel, settings)
    own = score("watch", panel, labels, flags, judged, quiet=settings.quiet, within=within)
    scores = [(own, "as set")]
    for name, rule in (("2 x mean", twice_mean), ("z > 2", z_score)):
        plain = baseline(panel, rule, 2.0, width, settings)
        found = score(name, panel, labels, plain, judged, quiet=settings.quiet, within=within)
        equal, factor = matched(
            f"{name}, equal", panel, labels, rule, width, judged, own.rate, settings, within
        )
        scores += [(found, "factor 2"), (equal, f"factor {factor:.2f}")]
    changed = []
    for name, other in (variants(settings) if sensitivity else {}).items():
        flags, seen = watched(panel, other)
        changed.append(score(name, panel, labels, flags, seen, quiet=other.quiet, within=within))
    return Backtest(scores, changed)


def summary(score: Score, extra: str) -> dict[str, object]:
    """A detector's figures, by name."""
    return {
        "detector": score.detector, "set": extra, "found": score.hits, "of": len(score.found),
        "mean_delay_weeks": score.mean_delay, "alarms": score.alarms, "false_alarms": score.false_alarms,
        "place_years": round(score.years, 2), "false_alarms_a_place_year": round(score.rate, 3),
    }  # fmt: skip


def backtest(
    counts: str | Path,
    episodes: str | Path,
    onsets: str | Path,
    *,
    width: int = 12,
    sensitivity: bool = False,
) -> Backtest:
    """The watch on labelled episodes, beside two baselines that look back `width` weeks.

    `counts` and `episodes` are CSV files, `onsets` the YAML file of labels (docs/asking.md).
    """
    panel = read_panel(Path(counts))
    labels, within = read_episodes(Path(episodes), Path(onsets), panel)
    return run(panel, labels, within, width, sensitivity=sensitivity)


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
    labels = load_yaml(onsets)
    by_key = {(row["admin1"], row["episode"]): row for row in labels["episodes"]}
    within = int(labels["found_within_weeks"])
    found = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            label = by_key.get((row["admin1_pcode"], row["episode"]))
            if label is None:
                raise UsageError(f"{onsets}: no onset for {row['admin1_pcode']} {row['episode']}; add one")
            end = [n for n, start in enumerate(panel.starts) if start <= last_day(row["end"])][-1]
            onset = panel.starts.index(str(label["onset"]))
            found.append(Episode(row["admin1_pcode"], row["episode"], onset, max(end, onset + within),
                                 str(label["onset"]), bool(label["clear"])))  # fmt: skip
    return found, within
