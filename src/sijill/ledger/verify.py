"""Checking everything again: every row against its leaf, every entry against its rows and its
predecessor. The first break is named; every further one is counted."""

from __future__ import annotations

import hashlib
import heapq
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, select

from sijill.ledger import chain, engine
from sijill.ledger.renew import superseded
from sijill.ledger.schema import RECORDED, incident, log, mention, note, reading, redaction, report

MOST = 20
"""So many breaks are told in full."""


class VerifyResult(msgspec.Struct, kw_only=True):
    """What `verify` found. `breaks` are sentences, the first break first; `stale_backups` were made
    before words were erased and still hold them."""

    entries: int = 0
    rows: int = 0
    head: tuple[int, str] = (0, "")
    breaks: list[str] = []
    broken: int = 0
    stale_backups: list[str] = []

    @property
    def ok(self) -> bool:
        """Does everything hold?"""
        return not self.broken

    def tell(self, sentence: str) -> None:
        """Adds a break."""
        self.broken += 1
        if len(self.breaks) < MOST:
            self.breaks.append(sentence)


def verify(connection: Connection, kept: tuple[int, str] | None = None) -> VerifyResult:
    """Checks the whole register, and that it still holds the head that was `kept` elsewhere."""
    result = VerifyResult()
    erased = {
        (row.target, row.target_n): bytes(row.new_leaf)
        for row in connection.execute(select(redaction).order_by(redaction.c.entry, redaction.c.n))
    }
    rows = heapq.merge(*(_rows(connection, table) for table in RECORDED), key=lambda found: found[:2])
    waiting = next(rows, None)
    prev, number = chain.START, 0
    for entry in engine.flow(connection, select(log).order_by(log.c.n)):
        number += 1
        leaves: list[bytes] = []
        while waiting is not None and waiting[0] <= entry.n:
            result.rows += 1
            _row(waiting, len(leaves), entry.n, erased, result)
            leaves.append(bytes(waiting[3].leaf))
            waiting = next(rows, None)
        _entry(entry, number, prev, leaves, erased, result)
        number, prev = entry.n, bytes(entry.hash)
        result.entries += 1
        if kept and kept[0] == entry.n and kept[1] != prev.hex():
            result.tell(
                f"entry {entry.n} has another hash than the head that was kept: history was rewritten"
            )
    while waiting is not None:
        result.tell(
            f"{waiting[2].name} of entry {waiting[0]}: the log ends at {number}; an entry was removed"
        )
        waiting = next(rows, None)
    if kept and kept[0] > number:
        result.tell(f"the log ends at entry {number}, but the head that was kept is {kept[0]}: "
                    "its end was removed")  # fmt: skip
    result.head = (number, prev.hex())
    _derived(connection, result)
    result.stale_backups = list(stale_backups(connection))
    return result


Found = tuple[int, int, Table, Row[Any]]


def _rows(connection: Connection, table: Table) -> Iterator[Found]:
    """The rows of a table in the order of the log."""
    wanted = select(table).order_by(table.c.entry, table.c.n)
    for row in engine.flow(connection, wanted):
        yield row.entry, row.n, table, row


def _row(
    found: Found, place: int, entry: int, erased: dict[tuple[int, int], bytes], result: VerifyResult
) -> None:
    """Checks a row against its leaf, or against the leaf that it got when words were erased."""
    number, n, table, row = found
    name = f"{table.name} of entry {number}" + (f" ({row.id})" if table is report else "")
    if number != entry:
        result.tell(f"{name}: no such entry in the log; it was removed")
    elif n != place:
        result.tell(f"{name}: a row of this entry is missing or was added")
    try:
        made = chain.leaf_of(table, row._mapping)
    except (zlib.error, ValueError, TypeError) as error:
        result.tell(f"{name}: is damaged ({error})")
        return
    if made != erased.get((number, n), bytes(row.leaf)):
        result.tell(f"{name}: was changed; it is not what was recorded")
    elif table is report and row.text is not None and _digest(row.text) != row.sha256:
        result.tell(f"{name}: the text is not the one recorded")


def _digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _entry(
    entry: Row[Any], number: int, prev: bytes, leaves: list[bytes],
    erased: dict[tuple[int, int], bytes], result: VerifyResult,
) -> None:  # fmt: skip
    """Checks an entry of the log: its place, its rows, its reason, its hash, its predecessor."""
    name = f"log entry {entry.n} ({entry.what})"
    if entry.n != number:
        result.tell(f"{name}: follows entry {number - 1}; an entry was removed or put elsewhere")
    if len(leaves) != entry.leaves or chain.root(leaves) != bytes(entry.root):
        result.tell(f"{name}: its rows are not those that were recorded")
    if (entry.why is None) != (entry.why_salt is None):
        result.tell(f"{name}: its reason was removed or added")
    elif entry.why_salt is not None:
        wanted = erased.get((entry.n, -1), bytes(entry.why_leaf or b""))
        if chain.leaf(bytes(entry.why_salt), ["why", entry.why]) != wanted:
            result.tell(f"{name}: its reason was changed")
    elif entry.why_leaf is not None:
        result.tell(f"{name}: its reason was removed")
    if bytes(entry.prev) != prev:
        result.tell(f"{name}: does not follow its predecessor; an entry was changed, removed or moved")
    if chain.entry_hash(entry._mapping) != bytes(entry.hash):
        result.tell(f"{name}: was changed; its hash is not its content's")


def _derived(connection: Connection, result: VerifyResult) -> None:
    """Checks what is worked out and can be made anew: record ids, current readings, incidents."""
    held: dict[str, str] = {}
    current: dict[str, int] = {}
    marked: set[int] = set()
    rows = select(reading.c.report, reading.c.entry, reading.c.ids, reading.c.current)
    for row in engine.flow(connection, rows.order_by(reading.c.current, reading.c.entry)):
        current[row.report] = max(row.entry, current.get(row.report, 0))
        if row.current:
            marked.add(row.entry)
        for ids in _ids(row.ids):
            held[ids] = row.report
    former = superseded(connection)
    if marked != {entry for own, entry in current.items() if own not in former}:
        result.tell(
            "reading: another reading is marked as current than the latest; `sijill rebuild` mends it"
        )
    for row in engine.flow(connection, select(mention)):
        if held.pop(row.id, None) != row.report:
            result.tell(f"mention {row.id}: no reading tells it; `sijill rebuild` mends it")
    if held:
        result.tell(f"mention {min(held)}: is missing; `sijill rebuild` mends it")
    wanted = select(incident.c.id, incident.c.since, incident.c.body, incident.c.sha256)
    for row in engine.flow(connection, wanted):
        try:
            intact = hashlib.sha256(chain.unpack(bytes(row.body))).digest() == bytes(row.sha256)
        except zlib.error:
            intact = False
        if not intact:
            result.tell(f"incident {row.id} of entry {row.since}: is damaged; `sijill rebuild` makes it anew")


def _ids(packed: str) -> Iterable[str]:
    """The ids of a reading's records."""
    try:
        found = msgspec.json.decode(packed, type=dict[str, list[str]])
    except msgspec.DecodeError:
        return []
    return [own for ids in found.values() for own in ids]


def stale_backups(connection: Connection) -> Iterator[str]:
    """The backups that were made before the last erasing, with what is to be done."""
    last = connection.execute(select(redaction.c.entry).order_by(redaction.c.entry.desc()).limit(1)).scalar()
    if last is None:
        return
    made = select(note).where(note.c.kind == "backup", note.c.entry < last).order_by(note.c.entry)
    for row in connection.execute(made):
        told = msgspec.json.decode(row.body)
        yield f"{row.key} (made {told['at']}, entry {row.entry})"
