"""`sijill recode`: every report read again, beside the old readings."""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli import options
from sijill.cli.add import left_out
from sijill.cli.main import LEFT_OUT, OK
from sijill.cli.progress import Progress
from sijill.keep import Keeper
from sijill.ledger.recode import RecodeResult


@click.command()
@options.db
@options.lexicon
@options.reader
@options.jobs
@options.who
@click.option("--why", metavar="TEXT", help="The reason, for the log.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and store nothing.")
def command(
    db: str, lexicon: Path | None, reader: str, jobs: int, who: str | None, why: str | None, dry_run: bool
) -> int:
    """Read every report again; a reading that differs is kept beside the old one, and holds."""
    progress = Progress()
    with Keeper.open(db, write=True, who=who) as register:
        result = register.recode(
            reader=reader, lexicon=lexicon, jobs=jobs, dry_run=dry_run, why=why,
            notice=lambda done: progress.tick(8 * done.reports),
        )  # fmt: skip
    progress.clear()
    for line in left_out(result.left_out):
        progress.say(line)
    click.echo("\n".join(lines(result)))
    return LEFT_OUT if result.left_out else OK


def lines(result: RecodeResult) -> list[str]:
    """What changed."""
    would = "would get" if result.dry_run else "got"
    told = [
        f"{result.reports:,} reports read again: {result.changed:,} {would} a new reading, "
        f"{result.same:,} read as before"
    ]
    if result.changed:
        told.append(f"records: {result.kept:,} stay, {result.new:,} new, {result.gone:,} gone")
    if result.fields:
        told.append("of incidents that stay, these fields differ:")
        told += [f"{count:>8,}  {name}" for name, count in result.fields.items()]
    return told
