"""`sijill status`: what a register holds, and its head."""

from __future__ import annotations

import json

import click

from sijill.cli import options
from sijill.cli.main import OK
from sijill.ledger.register import Register

_ROWS = (
    ("document", "documents"), ("report", "reports"), ("reading", "readings"), ("mention", "records read"),
    ("incident", "incidents"),
    ("judgement", "judgements"), ("decision", "decisions"), ("log", "entries of the log"),
)  # fmt: skip


@click.command()
@options.db
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(db: str, as_json: bool) -> int:
    """Show what the register holds, and the head of its log."""
    with Register.open(db) as register:
        counts, (entry, digest) = register.counts(), register.head()
        where = register.where
    if as_json:
        click.echo(json.dumps({"register": where, "counts": counts, "head": f"{entry}:{digest}"}))
        return OK
    click.echo(where)
    for table, name in _ROWS:
        click.echo(f"{counts[table]:>12,}  {name}")
    click.echo(f"head {entry}:{digest}")
    click.echo("Keep the head elsewhere: sijill verify --head tells whether the log still holds it.")
    return OK
