"""`sijill upgrade`: carries an older register forward."""

from __future__ import annotations

import click

from sijill.cli import options
from sijill.cli.main import OK
from sijill.ledger.doors import carry_forward


@click.command()
@options.db
@click.option("--dry-run", is_flag=True, help="Show the steps, and change nothing.")
def command(db: str, dry_run: bool) -> int:
    """Carry a register of an older version forward, with all it holds, in one transaction."""
    taken = carry_forward(db, dry_run=dry_run)
    if not taken.steps:
        click.echo(f"already of the newest form, {taken.after}")
        return OK
    click.echo(f"{'would carry' if dry_run else 'carried'} it from {taken.before} to {taken.after}:")
    click.echo("\n".join(f"  {step}" for step in taken.steps))
    return OK
