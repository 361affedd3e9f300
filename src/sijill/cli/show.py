"""`sijill show`: a report, mention or incident with everything it rests on."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import msgspec

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, OK
from sijill.incidents import HeldMention, Incident
from sijill.ledger.held import HeldReport
from sijill.ledger.register import Register
from sijill.publish import phrases


@click.command()
@click.argument("id", metavar="REPORT|INCIDENT|MENTION")
@options.db
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--bytes", "raw", is_flag=True, help="Of a report: write the bytes as received.")
def command(id: str, db: str, as_json: bool, raw: bool) -> int:
    """Show a report, an incident or a mention, down to the words and bytes it rests on."""
    with Register.open(db) as register:
        found = _found(register, id)
        if found is None:
            click.echo(f"{id}: the register holds none of that id; sijill search finds reports", err=True)
            return LEFT_OUT
        if raw and isinstance(found, HeldReport):
            return _bytes(register, found)
        if as_json:
            click.echo(msgspec.json.encode(found).decode())
        else:
            click.echo("\n".join(_lines(register, found)))
    return OK


def _bytes(register: Register, found: HeldReport) -> int:
    """Writes the bytes that a report was drawn from; the exit code."""
    data = register.data(found.document)
    if data is None:
        click.echo(f"{found.id}: its bytes were erased; sijill show {found.id} tells why", err=True)
        return LEFT_OUT
    sys.stdout.buffer.write(data)
    return OK


def _found(register: Register, own: str) -> HeldReport | HeldMention | Incident | None:
    """What an id stands for."""
    if own.startswith("i-"):
        return register.incident(own)
    if own.startswith("m-"):
        return next(iter(register.mentions(ids=[own])), None)
    return register.report(own)


def _lines(register: Register, found: HeldReport | HeldMention | Incident) -> Iterator[str]:
    """Everything for eyes."""
    if isinstance(found, HeldReport):
        yield from _report(register, found)
    elif isinstance(found, HeldMention):
        yield from _mention(found)
        yield from _decided(register, found.id)
    else:
        yield from _incident(register, found)


def _report(register: Register, found: HeldReport) -> Iterator[str]:
    """A report: head, custody, words, readings."""
    yield found.id + (f"  RETRACTED: {found.retracted}" if found.retracted is not None else "")
    about = (
        ("title", found.title), ("source", found.source), ("url", found.url),
        ("published", found.published), ("received", found.received), ("own id", found.own_id),
        ("document", f"sha256 {found.document}, {found.size:,} bytes, {found.media_type}"),
        ("text", f"sha256 {found.sha256}" if found.sha256 else "erased"),
        ("copy of", found.copy_of), ("copies", ", ".join(found.copies)),
    )  # fmt: skip
    yield from (f"  {name:10}{value}" for name, value in about if value)
    for receipt in found.receipts:
        when = f", {receipt.retrieved}" if receipt.retrieved else ""
        yield f"  came from {receipt.origin or 'unknown'}{when} (entry {receipt.entry}, {receipt.tool})"
    for entry in register.log_of(found.id):
        why = f": {entry.why}" if entry.why else ""
        yield f"  entry {entry.n}  {entry.at}  {entry.who}  {entry.what}{why}"
    if found.text is not None:
        yield from ("", found.text, "")
    for one in found.readings:
        name = " ".join(part for part in (one.reader, one.version) if part) or "reader unknown"
        yield f"  read by {name} (entry {one.entry}){', current' if one.current else ''}"
        if one.current and one.coded is not None:
            for own, mention in zip(one.ids["incidents"], one.coded.incidents, strict=True):
                day, place = phrases.when(mention.date), phrases.place(mention.place)
                told = (own, phrases.action(mention), day, place, phrases.casualties(mention.casualties))
                yield "    " + "  ".join(part for part in told if part)


def _mention(found: HeldMention) -> Iterator[str]:
    """A mention on a few lines."""
    mention = found.mention
    told = (
        ("report", found.report), ("outlet", found.outlet), ("published", found.published),
        ("action", phrases.action(mention)), ("date", phrases.when(mention.date)),
        ("place", phrases.place(mention.place)), ("actors", ", ".join(mention.actors)),
        ("targets", ", ".join(mention.targets)), ("toll", phrases.casualties(mention.casualties)),
        ("copy of", found.copy_of), ("words", found.words),
    )  # fmt: skip
    marks = [name for name in ("reviewed", "retracted") if getattr(found, name)]
    yield "  ".join([found.id, *marks])
    yield from (f"  {name:10}{value}" for name, value in told if value)


def _incident(register: Register, found: Incident) -> Iterator[str]:
    """An incident, its tolls, and every mention that tells of it."""
    marks = ["reviewed"] if found.reviewed else []
    yield "  ".join([found.id, found.action, found.status, found.standing, *marks])
    told = (
        ("date", found.date), ("place", phrases.place(found.place)), ("actors", ", ".join(found.actors)),
        ("targets", ", ".join(found.targets)), ("sources", ", ".join(found.sources)),
        ("formerly", ", ".join(found.formerly)),
    )  # fmt: skip
    yield from (f"  {name:10}{value}" for name, value in told if value)
    for toll in found.tolls:
        span = "-".join("?" if n is None else str(n) for n in (toll.low, toll.best, toll.high))
        yield f"  {toll.outcome} {toll.group}: {span} {toll.why_en}".rstrip()
    yield from _decided(register, found.id)
    for held in register.mentions(ids=found.mentions):
        yield ""
        yield from _mention(held)


def _decided(register: Register, own: str) -> Iterator[str]:
    """What persons decided."""
    for one in register.decisions(own):
        why = f": {one.why}" if one.why else ""
        value = "given back to the machine" if one.undone else msgspec.json.encode(one.value).decode()
        yield f"  decided   {one.pointer} = {value} by {one.by}, {one.at}{why}"
