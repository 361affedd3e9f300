"""Storing reports: what is new becomes an entry of the log, what is known is recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, select

from sijill.errors import InputError
from sijill.ledger import chain, engine, renew, words
from sijill.ledger.copying import Leaders, parts
from sijill.ledger.ink import Ink, Row, Rows
from sijill.ledger.prepare import Comparer, Prepared
from sijill.ledger.schema import band, document, mention, reading, receipt, report, signature


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a report came from, with the document's bytes already packed.

    `by_id` marks a row of a table: another row of the same id takes its place.
    """

    sha256: str
    size: int
    media_type: str
    packed: bytes
    origin: str | None = None
    source: str | None = None
    url: str | None = None
    retrieved: str | None = None
    by_id: bool = False


class AddResult(msgspec.Struct, kw_only=True):
    """What an `add` came to. `left_out` names every item that could not be read, and why."""

    added: int = 0
    known: int = 0
    seen_elsewhere: int = 0
    renewed: int = 0
    copies: int = 0
    incidents: int = 0
    tallies: int = 0
    others: int = 0
    left_out: list[InputError] = []
    first_entry: int | None = None
    last_entry: int | None = None
    head: tuple[int, str] | None = None
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """0 all right, 1 something left out, 3 nothing could be done."""
        if not self.left_out:
            return 0
        return 1 if self.added or self.known or self.seen_elsewhere else 3


def origin(
    data: bytes, media_type: str, *, place: str | None = None, source: str | None = None,
    url: str | None = None, retrieved: str | None = None, by_id: bool = False,
) -> Origin:  # fmt: skip
    """The origin of a report, from the bytes as received."""
    return Origin(
        sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type,
        packed=chain.pack(data), origin=place, source=source, url=url, retrieved=retrieved,
        by_id=by_id,
    )  # fmt: skip


def known_reports(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Which of these reports the register holds."""
    return {row[0] for part in parts(ids) for row in connection.execute(
        select(report.c.id).where(report.c.id.in_(part)))}  # fmt: skip


def known_receipts(connection: Connection, ids: Iterable[str]) -> set[tuple[str, str, str | None]]:
    """Report, document and origin of each time that these reports came in."""
    wanted = select(receipt.c.report, receipt.c.document, receipt.c.origin)
    return {(row[0], row[1], row[2]) for part in parts(ids) for row in connection.execute(
        wanted.where(receipt.c.report.in_(part)))}  # fmt: skip


def store(
    ink: Ink,
    items: Sequence[tuple[Origin, Prepared]],
    result: AddResult,
    tool: str,
    comparer: Comparer | None = None,
) -> None:
    """Stores a batch of read reports, each once; counts in `result` what became of each.

    `comparer` tells whether two texts are one; without it only the same words are copies.
    """
    known = known_reports(ink.connection, (prepared.id for _, prepared in items))
    receipts = known_receipts(ink.connection, known)
    held = held_documents(ink.connection, {origin.sha256 for origin, _ in items})
    leaders = Leaders(ink.connection, [prepared for _, prepared in items], comparer)
    rows = renew.Predecessors(
        ink.connection, (prepared.own_id for source, prepared in items if source.by_id and prepared.own_id)
    )
    bodies: list[tuple[int, str]] = []
    bands: list[tuple[int, int]] = []
    for source, prepared in items:
        if prepared.id in known:
            receive(ink, source, prepared.id, receipts, held, result, tool)
            continue
        old = rows.of(prepared) if source.by_id else None
        copy_of = None if source.by_id else leaders.leader(prepared)
        entry = _put(ink, source, prepared, copy_of, held, tool, old)
        result.renewed += old is not None
        bodies.append((entry, prepared.index))
        if prepared.signature:
            ink.row(signature, {"entry": entry, "body": prepared.signature})
            bands += leaders.rows(prepared, entry) if copy_of is None else []
        known.add(prepared.id)
        receipts.add((prepared.id, source.sha256, source.origin))
        _count(result, prepared, entry, copy_of)
    ink.flush()
    words.add(ink.connection, bodies)
    engine.bulk(ink.connection, band, bands)


def _put(
    ink: Ink, source: Origin, prepared: Prepared, copy_of: str | None, held: set[str], tool: str,
    old: str | None,
) -> int:  # fmt: skip
    """Stores a new report, in place of a former one where there is one; the number of its entry."""
    if old is None:
        for kind, ids in prepared.ids.items():
            for own in ids:
                ink.row(mention, {"id": own, "report": prepared.id, "kind": kind, "current": True})
        return ink.entry("add", _rows(ink, source, prepared, copy_of, held, tool), key=prepared.id)
    ink.flush()
    prepared, more = renew.retire(ink, renew.former(ink.connection, old), prepared)
    rows = [*_rows(ink, source, prepared, copy_of, held, tool), *more]
    entry = ink.entry("add", rows, key=prepared.id)
    renew.give(ink, prepared.id, prepared.ids)
    return entry


def receive(
    ink: Ink, source: Origin, own: str, receipts: set[tuple[str, str, str | None]],
    held: set[str], result: AddResult, tool: str,
) -> None:  # fmt: skip
    """Records that a known report came in again from elsewhere; nothing where it is the same place."""
    key = (own, source.sha256, source.origin)
    if key in receipts:
        result.known += 1
        return
    receipts.add(key)
    rows = [*_document_rows(source, held), (receipt, _receipt(source, own, tool))]
    result.last_entry = ink.entry("receive", rows, key=own)
    result.first_entry = result.first_entry or result.last_entry
    result.seen_elsewhere += 1


def _rows(
    ink: Ink, source: Origin, prepared: Prepared, copy_of: str | None, held: set[str], tool: str
) -> Rows:
    """The rows of a new report."""
    told: Row = {
        "id": prepared.id, "document": source.sha256, "own_id": prepared.own_id,
        "source": prepared.source or source.source, "url": prepared.url or source.url,
        "title": prepared.title, "published": prepared.published, "text": prepared.text,
        "sha256": prepared.sha256, "copy_of": copy_of, "sensitivity": "public",
        "received": source.retrieved or ink.now(), "fold_digest": prepared.fold_digest,
    }  # fmt: skip
    return [
        *_document_rows(source, held),
        (report, told),
        (receipt, _receipt(source, prepared.id, tool)),
        (reading, reading_row(prepared)),
    ]


def reading_row(prepared: Prepared) -> Row:
    """The row of a reading, with its content made ready for hashing."""
    ids = msgspec.json.encode(prepared.ids).decode()
    return {
        "report": prepared.id, "reader": prepared.reader, "version": prepared.version,
        "lexicon": prepared.lexicon, "body": prepared.body, "ids": ids, "current": True,
        "content": [
            "reading", prepared.id, prepared.reader, prepared.version, prepared.lexicon,
            prepared.body_sha256, ids,
        ],
    }  # fmt: skip


def _document_rows(source: Origin, held: set[str]) -> Rows:
    """The row of the document, where the register does not hold its bytes yet."""
    if source.sha256 in held:
        return []
    held.add(source.sha256)
    told = [source.sha256, source.size, source.media_type]
    return [(document, {
        "sha256": source.sha256, "size": source.size, "media_type": source.media_type,
        "data": source.packed, "content": ["document", *told, source.sha256],
    })]  # fmt: skip


def _receipt(source: Origin, own: str, tool: str) -> Row:
    """The row that tells from where a report came."""
    return {
        "report": own, "document": source.sha256, "origin": source.origin, "source": source.source,
        "url": source.url, "retrieved": source.retrieved, "tool": tool,
    }  # fmt: skip


def held_documents(connection: Connection, digests: Iterable[str]) -> set[str]:
    """Which of these documents the register holds, erased ones included."""
    return {row[0] for part in parts(digests) for row in connection.execute(
        select(document.c.sha256).where(document.c.sha256.in_(part)))}  # fmt: skip


def _count(result: AddResult, prepared: Prepared, entry: int, copy_of: str | None) -> None:
    """Counts a stored report."""
    result.added += 1
    result.copies += copy_of is not None
    result.incidents += len(prepared.ids["incidents"])
    result.tallies += len(prepared.ids["tallies"])
    result.others += len(prepared.ids["control"]) + len(prepared.ids["assessments"])
    result.first_entry = result.first_entry or entry
    result.last_entry = entry
