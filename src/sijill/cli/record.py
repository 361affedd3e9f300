"""`sijill record`: is it the highest since?"""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli import asking
from sijill.cli.main import OK
from sijill.tally.periods import UNITS, Unit
from sijill.tally.record import record

_EPILOG = """\b
Examples:
  sijill record --db war.db --measure killed --period 2024-03 --since 2017
  sijill record --db war.db --measure incidents --period 2024-03-18 --unit week --where place=SY09
"""


@click.command(epilog=_EPILOG)
@click.option("--period", required=True, metavar="PERIOD", help="2024, 2024-Q1, 2024-03 or 2024-03-24.")
@click.option("--since", metavar="DATE", help="Compared with periods since.  [default: the register's first]")
@click.option(
    "--unit", type=click.Choice(UNITS), help="Where PERIOD is a day: the week it lies in, and so on."
)
@click.option("--measure", default="killed", show_default=True, help="What is counted.")
@click.option("--where", default="", metavar="FILTER", help="Which incidents: key=value words.")
@asking.sources
@asking.output
def command(
    period: str, since: str | None, unit: Unit | None, measure: str, where: str, db: str,
    files: tuple[Path, ...], as_of: str | None, form: str | None, out: Path | None,
) -> int:  # fmt: skip
    """Whether a period has the highest count since, with the runner-up."""
    found = record(asking.table_of(db, files, as_of), period, since=since, measure=measure, unit=unit,
                   asked=asking.filter_of(where, None, None))  # fmt: skip
    content = {"measure": measure, "period": found.period, "since": found.since, "verdict": found.verdict,
               "certain": found.certain, "count": found.count, "low": found.low, "rank": found.rank,
               "rival": found.rival, "rival_count": found.rival_count, "last": found.last,
               "ids": found.ids}  # fmt: skip
    asking.write(found, form=form, out=out, content=content, said=found.said)
    return OK
