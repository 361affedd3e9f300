"""`sijill redact`: erases a document or a person's name, for good."""

from __future__ import annotations

import click

from sijill.ask import forget_columns
from sijill.cli import options
from sijill.cli.main import OK
from sijill.errors import UsageError
from sijill.ledger.register import Register
from sijill.linking import link
from sijill.publish.phrases import counted

_EPILOG = """\b
Hash and reason stay, and `sijill verify` still passes. Backups made before still hold the words:
they are named, and must be destroyed by hand.
"""


@click.command(epilog=_EPILOG)
@click.argument("report", required=False, metavar="[REPORT]")
@click.option("--name", "names", multiple=True, metavar="NAME", help="A person's full name; may be repeated.")
@click.option("--why", required=True, metavar="TEXT", help="The reason, for the log; without the name.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.db
@options.who
def command(report: str | None, names: tuple[str, ...], why: str, yes: bool, db: str, who: str | None) -> int:
    """Erase a report's document and words, or a person's name wherever it stands, for good."""
    if (report is None) == (not names):
        raise UsageError("give a report to erase, or a person's --name")
    what = report or " and ".join(names)
    if not yes:
        click.confirm(f"Erase {what} for good? This cannot be undone", abort=True)
    with Register.open(db, write=True, who=who) as register:
        result = register.redact(report, names=names, why=why)
        if result.mentions:
            link(register)
    forget_columns()
    click.echo(
        f"erased: {counted(result.documents, 'document')}, {counted(result.reports, 'report')}, "
        f"{result.rows:,} rows rewritten (entry {result.entry})"
    )
    if result.mentions:
        click.echo(f"{len(result.mentions):,} records went with the words; incidents were worked out anew")
    if result.stale_backups:
        click.echo("These backups still hold the words; destroy them:")
        click.echo("\n".join(f"  {backup}" for backup in result.stale_backups))
    return OK
