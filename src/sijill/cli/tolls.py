"""`sijill tolls`: every figure of an incident with its source and day, and what they come to."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import msgspec

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.cli.tables import cell
from sijill.filters import last_day
from sijill.incidents import Figure, HeldMention, Toll
from sijill.ledger.register import Register
from sijill.publish import phrases
from sijill.tolls import policy, tolls

_EPILOG = """\b
Examples:
  sijill tolls i-03f1c2a4b5d6e7f8
  sijill tolls i-03f1c2a4b5d6e7f8 --as-of 2024-04-19 --policy conservative
"""

WIDE = 30
"""Marks of the longest bar."""


@click.command(epilog=_EPILOG)
@click.argument("incident")
@click.option("--as-of", "day", metavar="DATE", help="Only what was published up to that day.")
@options.toll_policy
@options.db
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of tolls with their figures.")
def command(incident: str, day: str | None, toll_policy: str | None, db: str, as_json: bool) -> int:
    """Show how an incident's toll was told: each figure, its source and day, and low, best and high."""
    rule = policy(toll_policy)
    with Register.open(db) as register:
        found = register.incident(incident)
        if found is None:
            click.echo(f"{incident}: no incident of that id; sijill search finds reports", err=True)
            return LEFT_OUT
        held = list(register.mentions(ids=found.mentions))
    told = [one for one in held if day is None or known_by(one, last_day(day))]
    rows = tolls(told, rule)
    if as_json:
        click.echo(msgspec.json.encode(rows).decode())
        return OK if rows else NOTHING
    note = f", as of {day}" if day else ""
    click.echo(f"{found.id}  {phrases.counted(len(told), 'mention')}, policy {rule.name}{note}")
    if not rows:
        click.echo("no figure is told")
        return NOTHING
    for toll in rows:
        for line in _lines(toll):
            click.echo(line)
    click.echo("\nFigures are documented minimums; what nobody tells is not zero.")
    return OK


def known_by(held: HeldMention, day: str) -> bool:
    """Was a mention known on a day? By its day of publication, else by when it came in."""
    when = held.published or (held.received or "")[:10]
    return bool(when) and when <= day


def _lines(toll: Toll) -> Iterator[str]:
    """One toll: the head, the sentences, and a row with a bar for each figure."""
    ends = [("low", toll.low), ("best", toll.best), ("high", toll.high)]
    head = ", ".join(f"{name} {'?' if value is None else value}" for name, value in ends)
    part = " (part of another figure)" if toll.part_of else ""
    yield f"\n{toll.outcome} {toll.group}{part}: {head}"
    yield f"  {toll.why_en}"
    yield f"  {_plain(toll.why_ar)}"
    most = max((figure.high or figure.low or 0 for figure in toll.figures), default=0) or 1
    for figure in sorted(toll.figures, key=lambda one: (one.published or "~", one.source, one.mention)):
        said = phrases.figure(figure.low, figure.high, figure.approx)
        value = figure.low if figure.low is not None else figure.high or 0
        bar = "█" * max(1, round(WIDE * value / most)) if value else ""
        row = f"  {figure.published or 'undated':10}  {said:>12}  {bar:{WIDE}}  {_marks(figure, toll):22}  "
        yield (row + _plain(_source(figure))).rstrip()


def _marks(figure: Figure, toll: Toll) -> str:
    """What sets a figure apart."""
    marks = [figure.group] if figure.group != toll.group else []
    marks += ["replaced later"] if figure.superseded else []
    marks += ["part"] if figure.part_of and not toll.part_of else []
    return ", ".join(marks)


def _source(figure: Figure) -> str:
    """The independent source, and the outlet that tells it."""
    outlet = figure.outlet or ""
    return figure.source if not outlet or outlet in figure.source else f"{figure.source} ({outlet})"


def _plain(text: str) -> str:
    """A text with Arabic in it, kept together on a terminal."""
    return cell(text, isolate=sys.stdout.isatty()).plain
