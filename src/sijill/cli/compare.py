"""`sijill compare A B`: did it change, by how much, and what do the data bear out?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from sijill.cli import asking
from sijill.cli.main import NOTHING, OK
from sijill.errors import UsageError
from sijill.tally.compare import Compared, compare, compare_figures
from sijill.tally.words import number

_EPILOG = """\b
A and B are 2024, 2024-Q1, 2024-03, 2024-03-24, or two of these joined by / (both ends included);
A is the earlier one.

\b
Examples:
  sijill compare 2024-01/2024-02 2024-03 --db war.db --measure killed --where place=SY09
  sijill compare 2024-01/2024-02 2024-03-05/2024-03-18 --figures 20,50
"""


@click.command(epilog=_EPILOG)
@click.argument("a")
@click.argument("b")
@click.option("--measure", default="incidents", show_default=True, help="What is counted.")
@click.option(
    "--figures", metavar="XA,XB", help="Compare two published figures instead of asking a register."
)
@click.option("--where", default="", metavar="FILTER", help="Which incidents: key=value words.")
@asking.sources
@asking.output
def command(
    a: str, b: str, measure: str, figures: str | None, where: str, db: str, files: tuple[Path, ...],
    as_of: str | None, form: str | None, out: Path | None,
) -> int:  # fmt: skip
    """Compare the rates of two periods, with intervals and the sentence that the data bear out."""
    if figures is not None:
        xa, xb = _two(figures)
        found = compare_figures(xa, a, xb, b, measure=measure)
    else:
        table = asking.table_of(db, files, as_of)
        found = compare(table, a, b, measure=measure, asked=asking.filter_of(where, None, None))
    content = {
        "measure": measure, "ratio": found.ratio, "verdict": found.verdict, "dispersion": found.dispersion,
        "intervals": [asdict(one) for one in found.intervals], "straddling": found.straddling,
        "left_out": found.left_out, "ids": {"a": found.a.ids, "b": found.b.ids},
    }  # fmt: skip
    asking.write(found, form=form, out=out, content=content, said=found.said, after=_after(found))
    return OK if found.ratio is not None else NOTHING


def _two(text: str) -> tuple[int, int]:
    parts = text.split(",")
    if len(parts) != 2 or not all(part.strip().isdecimal() for part in parts):
        raise UsageError(f"--figures {text!r}: give two whole numbers, as 20,50")
    return int(parts[0]), int(parts[1])


def _after(found: Compared) -> list[str]:
    """The intervals, and what stands in neither sum."""
    lines = [f"95 % interval, {one.kind}: {number(one.low)} to {number(one.high)}" for one in found.intervals]
    if found.dispersion is not None:
        lines.append(f"daily counts scatter {number(found.dispersion)} times as much as Poisson counts")
    if found.straddling:
        lines.append(f"in neither sum: {found.straddling:,} incidents dated no closer than across an end")
    return lines
