"""`sijill brief`: what happened in a month or week, as observatories publish it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sijill import filters
from sijill.cli import material as inputs
from sijill.cli import options
from sijill.cli.export import today
from sijill.cli.main import LEFT_OUT, OK
from sijill.cli.out import Output, protect
from sijill.cli.progress import Progress
from sijill.errors import UsageError
from sijill.publish import period as periods
from sijill.publish.brief import Marks, compose
from sijill.publish.names import Lang, names
from sijill.publish.phrases import counted
from sijill.publish.profile import Safety, profile
from sijill.publish.setting import SETTERS
from sijill.publish.summary import Summary, summarise

_EPILOG = """\b
The form is what the suffix of --out says: .html (one file), .pdf or .docx; --out may be given
again for several. The public profile is the default.

\b
Examples:
  sijill brief --incidents incidents.jsonl --period 2024-03 --out march.html
  sijill brief --incidents incidents.jsonl --period 2024-W10 --lang both --out week.pdf --out week.docx
"""


@click.command(epilog=_EPILOG)
@inputs.options
@click.option(
    "--period", "asked_period", required=True, metavar="PERIOD",
    help="2024-03, 2024-W10 or 2024-03-04/2024-03-10.",
)  # fmt: skip
@click.option("--lang", type=click.Choice(["ar", "en", "both"]), default="ar", show_default=True)
@options.profile
@options.grain
@options.digits
@click.option("--filter", "asked", default="", metavar="WORDS", help="Which incidents, as key=value words.")
@options.as_of
@click.option(
    "--out", "outs", type=click.Path(path_type=Path, dir_okay=False), multiple=True, required=True,
    metavar="FILE", help="Where to write: .html, .pdf or .docx; may be given again.",
)  # fmt: skip
def command(
    asked_period: str,
    lang: str,
    profile_name: str,
    grain: str,
    digits: str,
    asked: str,
    as_of: str | None,
    outs: tuple[Path, ...],
    **given: Path | None,
) -> int:
    """Write a brief of a period: numbers, map, deadliest incidents, revised tolls, caveats."""
    progress = Progress()
    forms = [_form(path) for path in outs]
    period = periods.parse(asked_period)
    chosen = profile(profile_name, grain=grain, also_named=options.also_named())
    protect([path for path in given.values() if path is not None], outs)
    with inputs.opened(progress, **given) as source:
        safety = Safety(chosen, as_of or today())
        shown = (safety.incident(one) for one in source.material.incidents(filters.parse(asked), as_of))
        told = map(safety.tally, source.material.tallies())
        summary = summarise((one for one in shown if one is not None), period, told)
        marks = Marks(
            profile=chosen, today=as_of or today(), head=source.material.head(),
            digits="arabic" if digits == "arabic" else "latin",
        )  # fmt: skip
        langs: Sequence[Lang] = ("ar", "en") if lang == "both" else ("en",) if lang == "en" else ("ar",)
        briefs = [compose(summary, names(), marks, each) for each in langs]
        with Output(outs) as output:
            for form, stream in zip(forms, output.streams, strict=True):
                stream.write(SETTERS[form](briefs))
        progress.say(f"{_sum(summary)} -> {', '.join(map(str, outs))}")
        return LEFT_OUT if source.left_out else OK


def _form(path: Path) -> str:
    """The form that a file's suffix asks for."""
    form = path.suffix.lower().lstrip(".")
    if form not in SETTERS:
        raise UsageError(f"--out {path}: a brief is .html, .pdf or .docx; name the file so")
    if not path.parent.is_dir():
        raise UsageError(f"--out: the folder {path.parent} does not exist; make it first")
    return form


def _sum(summary: Summary) -> str:
    """What the brief is about, in a line."""
    told = counted(summary.total.incidents, "incident")
    if summary.undated:
        told += f"; {summary.undated:,} without a day in the period"
    return told
