"""`sijill search`: reports by their words and by what they tell."""

from __future__ import annotations

import json

import click
import msgspec

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, OK
from sijill.errors import UsageError
from sijill.filters import Filter, first_day, last_day
from sijill.ledger.register import Register
from sijill.ledger.search import Hit

_EPILOG = """\b
Words are found in every spelling and with particles attached; "words in quotes" one after the other.

\b
Examples:
  sijill search WORDS --from 2024-02 --to 2024-03
  sijill search --place SY09 --actor IS --kind ambush
"""


@click.command(epilog=_EPILOG)
@click.argument("words", nargs=-1, metavar="[WORDS...]")
@click.option("--from", "since", metavar="DATE", help="First day: 2024, 2024-03 or 2024-03-24.")
@click.option("--to", "until", metavar="DATE", help="Last day.")
@click.option("--place", multiple=True, metavar="NAME|CODE", help="A p-code, country, place id or name.")
@click.option("--actor", multiple=True, metavar="CODE", help="An armed group or force.")
@click.option("--kind", multiple=True, metavar="ACTION", help="What was done, as ambush.")
@click.option("--most", type=click.IntRange(min=1), default=20, show_default=True, help="So many hits.")
@options.db
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a hit.")
def command(
    words: tuple[str, ...],
    since: str | None,
    until: str | None,
    place: tuple[str, ...],
    actor: tuple[str, ...],
    kind: tuple[str, ...],
    most: int,
    db: str,
    as_json: bool,
) -> int:
    """Find reports by their words, newest first, and by what they tell."""
    wanted = Filter(
        since=first_day(since) if since else None, until=last_day(until) if until else None,
        place=place, actor=actor, action=kind,
    )  # fmt: skip
    asked = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    if not asked and wanted == Filter():
        raise UsageError("nothing is asked for; give words, or one of --from, --to, --place, --actor, --kind")
    with Register.open(db) as register:
        found = register.search(asked, wanted, most)
    for hit in found.hits:
        click.echo(json.dumps(msgspec.to_builtins(hit), ensure_ascii=False) if as_json else _shown(hit))
    if not found.hits:
        click.echo("nothing found", err=True)
        return LEFT_OUT
    if found.more:
        click.echo(f"there are more; --most {2 * most} shows them", err=True)
    return OK


def _shown(hit: Hit) -> str:
    """A hit on three lines."""
    told = [hit.report, hit.published or "no date", hit.outlet or "no source"]
    if hit.incidents or hit.mentions:
        told.append(" ".join(hit.incidents or hit.mentions))
    if hit.retracted:
        told.append("RETRACTED")
    lines = ["  ".join(told)]
    if hit.title:
        lines.append(f"    {hit.title}")
    return "\n".join([*lines, f"    … {hit.snippet} …"])
