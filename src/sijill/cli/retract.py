"""`sijill retract`: a report that must not be relied on."""

from __future__ import annotations

import click

from sijill.cli import options
from sijill.cli.main import OK
from sijill.ledger.register import Register


@click.command()
@click.argument("report", metavar="REPORT")
@options.db
@options.who
@click.option("--why", required=True, metavar="TEXT", help="The reason, for the log.")
@click.option("--undo", is_flag=True, help="The report may be relied on again.")
def command(report: str, db: str, who: str | None, why: str, undo: bool) -> int:
    """Mark a report as not to be relied on; it stays in the register, with the reason."""
    with Register.open(db, write=True, who=who) as register:
        entry = register.retract(report, why, undo=undo)
    click.echo(f"{report} is {'no longer ' if undo else ''}retracted (entry {entry})")
    return OK
