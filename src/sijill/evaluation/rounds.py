"""The block of `evaluation/rounds.md` for a blind round: size, figures, agreement, hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sijill.evaluation.bootstrap import DRAWS
from sijill.evaluation.result import Judged, Result, result
from sijill.evaluation.sets import digest
from sijill.publish.phrases import counted

GOALS = {
    "incident_f1": 0.82, "whole_record_f1": 0.50, "toll_f1": 0.82, "matched_admin1": 0.92,
    "matched_date": 0.90, "matched_actors": 0.88, "matched_targets": 0.80, "tallies_f1": 0.60,
    "quiet_reports_kept_quiet": 0.93,
}  # fmt: skip
"""What the last two rounds, pooled, must reach at first look."""


def block(judged: Sequence[Judged], *, title: str, date: str, draws: int = DRAWS) -> Iterator[str]:
    """The markdown of one round, or of several pooled ones."""
    found = result([compared for one in judged for compared in one.compared], draws=draws)
    shared = [compared for one in judged for compared in one.second]
    second = result(shared, draws=draws) if shared else None
    yield from (f"## {title}, {date}", "")
    yield f"{_size(found)}."
    if second:
        yield f"A second coder, by the codebook alone, coded {_size(second)}."
    else:
        yield "No second coder."
    readers = sorted({reader for one in judged for reader in one.answers.readers})
    if readers:
        yield f"Reader: {'; '.join(readers)}."
    faults = sum(len(one.answers.faults) for one in judged)
    if faults:
        yield f"{counted(faults, 'report')} could not be read."
    yield ""
    yield from _table(found, second)
    yield ""
    yield from _hashes(judged)


def _size(found: Result) -> str:
    """How much was measured."""
    incidents, tallies = (int(found.figures[name] or 0) for name in ("gold_incidents", "tallies_gold"))
    reports = f"{counted(len(found.compared), 'report')} ({found.quiet()} without an incident)"
    return f"{reports}, {counted(incidents, 'incident')}, {counted(tallies, 'tally')}"


def _table(found: Result, second: Result | None) -> Iterator[str]:
    """Every score with its interval, and what is asked of it."""
    heads = ["figure", "first look", "95 %", *(("two coders", "95 %") if second else ()), "asked"]
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join(['---'] * len(heads))} |"
    for name in found.scores():
        cells = [name, *_cells(found, name), *(_cells(second, name) if second else ())]
        goal = f"{GOALS[name]:.2f}" if name in GOALS else ""
        yield f"| {' | '.join([*cells, goal])} |".replace("|  |", "| |")


def _cells(found: Result, name: str) -> tuple[str, str]:
    """A score and its interval."""
    value, ends = found.figures[name], found.intervals.get(name)
    return ("-" if value is None else f"{value:.3f}", f"{ends[0]:.3f}-{ends[1]:.3f}" if ends else "")


def _hashes(judged: Sequence[Judged]) -> Iterator[str]:
    """The hash of each file of each round."""
    yield from ("| round | file | SHA-256 |", "| --- | --- | --- |")
    for one in judged:
        for path in one.set.files():
            yield f"| {one.set.name} | {path.name} | {digest(path)} |"
