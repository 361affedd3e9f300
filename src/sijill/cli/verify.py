"""`sijill verify`: every hash computed again."""

from __future__ import annotations

import json
import re

import click
import msgspec

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, OK
from sijill.ledger.register import Register
from sijill.ledger.verify import MOST, VerifyResult

_HEAD = re.compile(r"(\d+):([0-9a-f]{64})")


def _head(ctx: click.Context, param: click.Parameter, given: str | None) -> tuple[int, str] | None:
    """A head as `status` prints it."""
    if given is None:
        return None
    match = _HEAD.fullmatch(given.strip())
    if not match:
        raise click.BadParameter("a head is written as status prints it: NUMBER:HASH")
    return int(match[1]), match[2]


@click.command()
@options.db
@click.option("--head", callback=_head, metavar="NUMBER:HASH", help="A head that was kept elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(db: str, head: tuple[int, str] | None, as_json: bool) -> int:
    """Check every document, text, record and entry of the log against its hash."""
    with Register.open(db) as register:
        result = register.verify(head)
    if as_json:
        click.echo(json.dumps({"ok": result.ok, **msgspec.to_builtins(result)}, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(result)))
    return OK if result.ok else LEFT_OUT


def _lines(result: VerifyResult) -> list[str]:
    """What was found."""
    lines = []
    if result.ok:
        lines.append(f"all holds: {result.entries:,} entries, {result.rows:,} rows")
    else:
        lines.append(f"BROKEN, first here: {result.breaks[0]}")
        lines += [f"  also: {sentence}" for sentence in result.breaks[1:]]
        if result.broken > MOST:
            lines.append(f"  ... and {result.broken - MOST:,} more")
        lines.append("Nothing was changed. A backup from before may hold what was lost: sijill restore.")
    lines.append(f"head {result.head[0]}:{result.head[1]}")
    if result.stale_backups:
        lines.append("These backups were made before words were erased, and still hold them:")
        lines += [f"  {backup}" for backup in result.stale_backups]
    return lines
