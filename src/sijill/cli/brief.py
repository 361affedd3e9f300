"""`sijill brief`: what happened in a month or week, as observatories publish it."""

from __future__ import annotations

from pathlib import Path

import click

from sijill import filters
from sijill.cli import material as inputs
from sijill.cli import options
from sijill.cli.main import LEFT_OUT, OK
from sijill.cli.out import Output, protect
from sijill.cli.progress import Progress
from sijill.publish.agreement import Digits
from sijill.publish.phrases import counted
from sijill.publish.profile import profile
from sijill.publish.setting import SETTERS
from sijill.publish.summary import Summary
from sijill.publishing import Languages, briefs, form_of

_EPILOG = """\b
The form is what the suffix of --out says: .html (one file), .pdf or .docx; --out may be given
again for several. The public profile is the default.

\b
Examples:
  sijill brief --period 2024-03 --out march.html
  sijill brief --period 2024-W10 --lang both --out week.pdf --out week.docx
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
    lang: Languages,
    profile_name: str,
    grain: str,
    digits: Digits,
    asked: str,
    as_of: str | None,
    outs: tuple[Path, ...],
    db: str,
    **given: Path | None,
) -> int:
    """Write a brief of a period: numbers, map, deadliest incidents, revised tolls, caveats."""
    progress = Progress()
    forms = [form_of(path) for path in outs]
    chosen = profile(profile_name, grain=grain, also_named=options.also_named())
    protect([path for path in given.values() if path is not None], outs)
    with inputs.opened(progress, db=db, **given) as source:
        made, summary = briefs(
            source.material, asked_period, lang=lang, kept=chosen,
            asked=filters.parse(asked), as_of=as_of, digits=digits,
        )  # fmt: skip
        with Output(outs) as output:
            for form, stream in zip(forms, output.streams, strict=True):
                stream.write(SETTERS[form](made))
        progress.say(f"{_sum(summary)} -> {', '.join(map(str, outs))}")
        return LEFT_OUT if source.left_out else OK


def _sum(summary: Summary) -> str:
    """What the brief is about, in a line."""
    told = counted(summary.total.incidents, "incident")
    if summary.undated:
        told += f"; {summary.undated:,} without a day in the period"
    return told
