"""`sijill rebuild`: what is worked out, made anew."""

from __future__ import annotations

import click

from sijill.cli import options
from sijill.cli.main import OK
from sijill.keep import Keeper
from sijill.linking import link


@click.command()
@options.db
@options.who
def command(db: str, who: str | None) -> int:
    """Make everything that is worked out anew from what is recorded: the same, byte for byte."""
    with Keeper.open(db, write=True, who=who) as register:
        count = register.rebuild()
        linked = link(register, whole=True)
    click.echo(
        f"rebuilt: {count:,} records, the indexes, and {linked.incidents:,} incidents, "
        f"of which {linked.changed:,} differ from before"
    )
    return OK
