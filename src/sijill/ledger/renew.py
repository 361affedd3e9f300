"""Rows that come again under their own id: the new one takes the place of the former, which stays.

The former report keeps its text and readings, but is read out no more; its records' ids go over to
those of the new one that tell the same, so that judgements and decisions hold on.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, select, update

from sijill.ledger import chain, words
from sijill.ledger.ink import Ink, Rows
from sijill.ledger.prepare import Prepared, terms
from sijill.ledger.recode import Former, inherited
from sijill.ledger.schema import mention, note, reading, report
from sijill.records import Report, decode

KIND = "supersede"
_ASK = 500


def superseded(connection: Connection) -> dict[str, str]:
    """The reports that others took the place of, and these."""
    held: dict[str, str | None] = {}
    wanted = select(note.c.key, note.c.body).where(note.c.kind == KIND).order_by(note.c.entry, note.c.n)
    for key, body in connection.execute(wanted):
        held[key] = msgspec.json.decode(body)["by"]
    return {old: by for old, by in held.items() if by is not None}


class Predecessors:
    """Finds, for the rows of a batch, the report that holds under the same id."""

    def __init__(self, connection: Connection, own_ids: Iterable[str]) -> None:
        self._held: dict[tuple[str | None, str], str] = {}
        every = sorted(set(own_ids))
        if not every:
            return
        wanted = select(report.c.id, report.c.source, report.c.own_id).join(
            reading, reading.c.report == report.c.id
        )
        for at in range(0, len(every), _ASK):
            part = wanted.where(reading.c.current, report.c.own_id.in_(every[at : at + _ASK]))
            for own, source, key in connection.execute(part.order_by(report.c.entry)):
                self._held[source, key] = own

    def of(self, prepared: Prepared) -> str | None:
        """The report whose place this one takes; it holds from now on."""
        if prepared.own_id is None:
            return None
        key = (prepared.source, prepared.own_id)
        former = self._held.get(key)
        self._held[key] = prepared.id
        return former if former != prepared.id else None


def former(connection: Connection, own: str) -> Former:
    """A report with its latest reading."""
    wanted = (
        select(report, reading.c.body, reading.c.ids)
        .join(reading, reading.c.report == report.c.id)
        .where(report.c.id == own)
        .order_by(reading.c.entry.desc())
    )
    row = connection.execute(wanted).first()
    assert row is not None
    body = chain.unpack(bytes(row.body))
    told = Report(id=own, text=row.text, title=row.title)
    return Former(own, row.entry, told, decode(body), body, msgspec.json.decode(row.ids))


def retire(ink: Ink, old: Former, prepared: Prepared) -> tuple[Prepared, Rows]:
    """Takes a former report out of what is read; the new one with its ids, and the rows for its entry."""
    ids = inherited(old, decode(chain.unpack(prepared.body)), prepared.ids)
    connection = ink.connection
    connection.execute(update(reading).where(reading.c.report == old.id).values(current=False))
    connection.execute(update(mention).where(mention.c.report == old.id).values(current=False))
    words.remove(connection, old.entry, words.body(old.report.title, old.report.text, terms(old.coded)))
    return msgspec.structs.replace(prepared, ids=ids), [(note, _row(old.id, prepared.id))]


def give(ink: Ink, own: str, ids: dict[str, list[str]]) -> None:
    """Makes records those of a report, whosever they were before."""
    ink.flush()
    connection = ink.connection
    every = [key for found in ids.values() for key in found]
    held = {key for (key,) in connection.execute(select(mention.c.id).where(mention.c.id.in_(every)))}
    if held:
        mine = update(mention).where(mention.c.id.in_(sorted(held)))
        connection.execute(mine.values(report=own, current=True))
    for kind, found in ids.items():
        for key in found:
            if key not in held:
                ink.row(mention, {"id": key, "report": own, "kind": kind, "current": True})


def revive(ink: Ink, old: str, own: str) -> int:
    """Lets a report hold again in place of the one that took its place; the number of the entry."""
    gone, back = former(ink.connection, old), former(ink.connection, own)
    told = Prepared(
        id=own, own_id=None, source=None, url=None, title=None, published=None, text="", sha256="",
        fold_digest=b"", index="", reader="", version="", lexicon="", body=chain.pack(back.body),
        body_sha256="", ids=back.ids,
    )  # fmt: skip
    _, rows = retire(ink, gone, told)
    latest = select(reading.c.entry).where(reading.c.report == own).order_by(reading.c.entry.desc()).limit(1)
    entry = ink.connection.execute(latest).scalar_one()
    ink.connection.execute(update(reading).where(reading.c.entry == entry).values(current=True))
    number = ink.entry("supersede", [*rows, (note, _row(own, None))], key=own)
    give(ink, own, back.ids)
    ink.flush()
    body = words.body(back.report.title, back.report.text, terms(back.coded))
    words.add(ink.connection, [(back.entry, body)])
    return number


def _row(old: str, by: str | None) -> dict[str, object]:
    """The note that tells what took whose place."""
    return {"kind": KIND, "key": old, "body": msgspec.json.encode({"by": by}).decode()}
