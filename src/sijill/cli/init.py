"""`sijill init`: makes a register."""

from __future__ import annotations

import click

from sijill.cli import options
from sijill.cli.main import OK
from sijill.ledger import engine
from sijill.ledger.register import Register


@click.command()
@click.argument("place", required=False, metavar="[FILE|URL]")
@options.db
def command(place: str | None, db: str) -> int:
    """Make an empty register in a file, or in an empty PostgreSQL database."""
    where = place or db
    with Register.open(where, write=True, create=True) as register:
        entry, _ = register.head()
    shown = engine.shown(engine.address(where))
    if entry:
        click.echo(f"{shown} holds a register already, with {entry:,} entries; nothing was changed")
    else:
        click.echo(f"{shown} is ready; fill it with: sijill add PATH... --db {shown}")
    return OK
