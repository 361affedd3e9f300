"""`sijill backup` and `sijill restore`: everything in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, OK
from sijill.ledger.doors import restore
from sijill.ledger.register import Register


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@options.db
@options.who
def command(file: Path, db: str, who: str | None) -> int:
    """Write the whole register into one new SQLite file, whatever database it lies on."""
    with Register.open(db, write=True, who=who) as register:
        made = register.backup(file)
    click.echo(f"{made.file}: {made.size / 1e6:,.1f} MB, sha256 {made.sha256}")
    click.echo(f"head {made.head[0]}:{made.head[1]}")
    click.echo("Keep head and file apart: sijill verify --head tells whether the register still holds it.")
    return OK


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@options.db
@options.who
@click.option("--anyway", is_flag=True, help="Restore a damaged backup as it is.")
def restore_command(file: Path, db: str, who: str | None, anyway: bool) -> int:
    """Put a backup into an empty place, after everything in it was verified."""
    found = restore(file, db, who=who, anyway=anyway)
    click.echo(f"restored {found.entries:,} entries; head {found.head[0]}:{found.head[1]}")
    return OK if found.ok else LEFT_OUT
