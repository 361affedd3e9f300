"""`sijill doctor`: what is the matter, and what to do."""

from __future__ import annotations

import click

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, OK
from sijill.ledger.doors import examine


@click.command()
@options.db
def command(db: str) -> int:
    """Look at the database, its form, the disk, the indexes and the backups; change nothing."""
    wrong = 0
    for finding in examine(db):
        wrong += not finding.ok
        remedy = f"; {finding.remedy}" if not finding.ok and finding.remedy else ""
        click.echo(f"{'ok  ' if finding.ok else 'LOOK'}  {finding.what}{remedy}")
    click.echo("sijill verify checks every hash." if not wrong else f"{wrong} to look at")
    return LEFT_OUT if wrong else OK
