"""`sijill evaluate`: how good the reader is, in figures and in errors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

import click

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.cli.progress import Progress
from sijill.errors import UsageError
from sijill.evaluation.bootstrap import DRAWS
from sijill.evaluation.figures import SIZES
from sijill.evaluation.linked import b_cubed, linked_incidents
from sijill.evaluation.result import Judged, Result, judge, result
from sijill.evaluation.sets import GoldSet, gold_set
from sijill.evaluation.slips import Slip, slips, tallied, words_of

T = TypeVar("T")
Errors = list[tuple[Slip, str]]
"""Each error with the words it is about."""

_EPILOG = """\b
GOLD is a file of coded reports, or a folder with gold.jsonl; several are pooled. The reports are
those of reports.jsonl beside it, the second coder's those of second.jsonl, where there is one.

\b
Examples:
  sijill evaluate evaluation/gold/examples
  sijill evaluate round-3 round-4 --show
  sijill evaluate gold.jsonl --predicted coded.jsonl --json
"""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog=_EPILOG)
@click.argument(
    "golds", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="GOLD..."
)
@click.option(
    "--reports",
    "report_files",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help="The reports to code now, one file for each GOLD.  [default: reports.jsonl beside it]",
)
@click.option(
    "--predicted",
    "said_files",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help="Coded reports to score instead of coding now, one file for each GOLD.",
)
@click.option(
    "--second",
    "second_files",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help="What a second coder made of some reports: how far two people agree.",
)
@click.option("--incidents", type=_FILE, metavar="FILE", help="Linked incidents to score, one a line.")
@click.option("--show", is_flag=True, help="Show every error with the words it is about.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--bootstrap",
    type=click.IntRange(min=0),
    default=DRAWS,
    show_default=True,
    metavar="N",
    help="Draws for the 95 % intervals; 0 leaves them out.",
)
@options.lexicon
@options.reader
@options.jobs
def command(
    golds: tuple[Path, ...],
    report_files: tuple[Path, ...],
    said_files: tuple[Path, ...],
    second_files: tuple[Path, ...],
    incidents: Path | None,
    show: bool,
    as_json: bool,
    bootstrap: int,
    lexicon: Path | None,
    reader: str,
    jobs: int,
) -> int:
    """Score the reader, or coded reports, against gold, with the errors by phenomenon."""
    sets = _sets(golds, report_files, second_files)
    answers = _one_each(said_files, golds, "--predicted")
    judged = [
        judge(gold, predicted=predicted, reader=reader, lexicon=lexicon, jobs=jobs)
        for gold, predicted in zip(sets, answers, strict=True)
    ]
    progress = Progress()
    faults = [fault for one in judged for fault in one.answers.faults]
    for fault in faults:
        progress.say(fault)
    found = result([compared for one in judged for compared in one.compared], draws=bootstrap)
    if not found.compared:
        raise UsageError("the gold holds no report; give one with at least a line")
    shared = [compared for one in judged for compared in one.second]
    second = result(shared, draws=bootstrap) if shared else None
    linked = b_cubed(linked_incidents(incidents), found.compared) if incidents else None
    errors = list(_errors(judged))
    if as_json:
        click.echo(_json(found, second, linked, errors, show=show))
    else:
        click.echo("\n".join(_page(found, second, linked, errors, show=show)))
    if not any(one.answers.coded for one in judged):
        return NOTHING
    return LEFT_OUT if faults else OK


def _sets(golds: Sequence[Path], reports: Sequence[Path], seconds: Sequence[Path]) -> list[GoldSet]:
    """The sets, with the files that were named in place of those beside the gold."""
    report_files = _one_each(reports, golds, "--reports")
    second_files = _one_each(seconds, golds, "--second")
    sets = []
    for path, report_file, second_file in zip(golds, report_files, second_files, strict=True):
        beside = gold_set(path)
        sets.append(
            replace(beside, reports=report_file or beside.reports, second=second_file or beside.second)
        )
    return sets


def _one_each(given: Sequence[T], golds: Sequence[Path], option: str) -> Sequence[T | None]:
    """One file for each gold, or none at all."""
    if given and len(given) != len(golds):
        raise UsageError(f"{option}: {len(given)} for {len(golds)} GOLD; give one for each, in their order")
    return given or [None] * len(golds)


def _errors(judged: Sequence[Judged]) -> Iterator[tuple[Slip, str]]:
    """Every error in every set, with its words."""
    for one in judged:
        for compared in one.compared:
            for slip in slips(compared):
                yield slip, words_of(slip, one.report(compared.id))


def _json(
    found: Result, second: Result | None, linked: Mapping[str, float] | None, errors: Errors, *, show: bool
) -> str:
    """Everything as one object; `figures` has the keys and values of the funder's scorer."""
    content: dict[str, object] = {
        "figures": found.figures, "intervals": found.intervals,
        "errors": tallied(slip for slip, _ in errors),
    }  # fmt: skip
    if linked is not None:
        content["figures"] = {**found.figures, "link_b_cubed": linked}
    if second is not None:
        content["agreement"] = {"figures": second.figures, "intervals": second.intervals}
    if show:
        content["slips"] = [{**asdict(slip), "words": words} for slip, words in errors]
    return json.dumps(content, ensure_ascii=False)


def _page(
    found: Result, second: Result | None, linked: Mapping[str, float] | None, errors: Errors, *, show: bool
) -> Iterator[str]:
    """Everything for eyes."""
    yield from _figures(found, second)
    if linked is not None:
        yield from ("", "linked incidents (B-cubed)")
        yield from (f"{name:28}{_number(value)}" for name, value in linked.items())
    counts = tallied(slip for slip, _ in errors)
    yield from ("", f"{sum(counts.values())} errors, by phenomenon")
    for phenomenon, often in counts.items():
        yield f"{often:6}  {phenomenon}"
        if show:
            yield from (line for slip, words in errors if slip.phenomenon == phenomenon
                        for line in _shown(slip, words))  # fmt: skip


def _figures(found: Result, second: Result | None) -> Iterator[str]:
    """The table of figures."""
    head = f"{'figure':28}{'value':9}" + (f"{'95 %':17}" if found.intervals else "")
    yield (head + (f"two coders, {len(second.compared)} reports" if second else "")).rstrip()
    for name, value in found.figures.items():
        row = f"{name:28}{_number(value):9}"
        if found.intervals:
            row += f"{_interval(found, name):17}"
        if second:
            row += f"{_number(second.figures[name]):9}{_interval(second, name)}"
        yield row.rstrip()


def _number(value: float | None) -> str:
    """A figure as it is told; a hyphen where there was nothing to measure."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _interval(found: Result, name: str) -> str:
    """The interval of a figure."""
    ends = found.intervals.get(name)
    return "" if ends is None or name in SIZES else f"{ends[0]:.3f}-{ends[1]:.3f}"


def _shown(slip: Slip, words: str) -> Iterator[str]:
    """One error on a few lines."""
    yield f"        {slip.report} {slip.record}".rstrip()
    for name, text in (("gold", slip.gold), ("said", slip.said), ("words", words)):
        if text:
            yield f"          {name:6} {text}"
