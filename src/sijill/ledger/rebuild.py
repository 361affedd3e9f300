"""Everything that is worked out, made anew from what is recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator

import msgspec
from sqlalchemy import delete, func, select, update

from sijill.ledger import backup, derived, engine, words
from sijill.ledger.ink import Ink
from sijill.ledger.renew import superseded
from sijill.ledger.schema import mention, reading, report

CHUNK = 1000


def rebuild(ink: Ink) -> int:
    """Makes current readings, record ids, digests, the index of words and that of incidents anew."""
    connection = ink.connection
    latest = select(func.max(reading.c.entry)).group_by(reading.c.report)
    connection.execute(update(reading).values(current=reading.c.entry.in_(latest)))
    for part in _parts(superseded(connection)):
        connection.execute(update(reading).where(reading.c.report.in_(part)).values(current=False))
    connection.execute(delete(mention))
    count = 0
    for row in _mentions(ink):
        ink.row(mention, row)
        count += 1
    ink.flush()
    _digests(ink)
    words.clear(connection)
    backup.index(connection)
    derived.index_anew(ink)
    return count


def _mentions(ink: Ink) -> Iterator[dict[str, object]]:
    """A row for each id that a record ever had; the current reading's are current."""
    seen: set[str] = set()
    wanted = select(reading.c.report, reading.c.ids, reading.c.current)
    for row in engine.flow(ink.connection, wanted.order_by(reading.c.current.desc(), reading.c.entry.desc())):
        for kind, ids in msgspec.json.decode(row.ids).items():
            for own in ids:
                if own not in seen:
                    seen.add(own)
                    yield {"id": own, "report": row.report, "kind": kind, "current": row.current}


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    """The values in lists that one question can hold."""
    every = sorted(values)
    return (every[at : at + 500] for at in range(0, len(every), 500))


def _digests(ink: Ink) -> None:
    """The digest of each report's folded words."""
    last = 0
    while True:
        part = select(report.c.entry, report.c.text, report.c.fold_digest).where(report.c.entry > last)
        rows = ink.connection.execute(part.order_by(report.c.entry).limit(CHUNK)).all()
        if not rows:
            return
        for row in rows:
            made = None
            if row.text is not None:
                made = hashlib.sha256(" ".join(words.split(row.text)).encode()).digest()[:16]
            if made != (None if row.fold_digest is None else bytes(row.fold_digest)):
                where = report.c.entry == row.entry
                ink.connection.execute(update(report).where(where).values(fold_digest=made))
        last = rows[-1].entry
