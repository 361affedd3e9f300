"""Reading out what is recorded: reports with their custody, mentions, tallies, controls."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, select

from sijill.incidents import HeldMention, Sensitivity
from sijill.ledger import chain, engine
from sijill.ledger.decisions import Overlay
from sijill.ledger.prepare import quoted
from sijill.ledger.schema import document, mention, reading, receipt, report
from sijill.records import CodedReport, decode

T = TypeVar("T")


class Held(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A tally, control or assessment with what the register knows of its report."""

    id: str
    report: str
    record: T
    outlet: str | None = None
    url: str | None = None
    published: str | None = None
    received: str | None = None
    copy_of: str | None = None
    words: str = ""
    sensitivity: Sensitivity = "public"
    reviewed: bool = False
    retracted: bool = False


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """One time a report came in."""

    entry: int
    document: str
    origin: str | None
    source: str | None
    url: str | None
    retrieved: str | None
    tool: str


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of a report; `ids` are the register's ids of its records, list by list."""

    entry: int
    reader: str
    version: str
    lexicon: str
    current: bool
    coded: CodedReport | None
    ids: dict[str, list[str]]


class HeldReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report as the register holds it, from the bytes to the readings.

    `text` is None where it was erased; `document` is the SHA-256 of the bytes it was drawn from.
    """

    id: str
    entry: int
    document: str
    media_type: str
    size: int
    own_id: str | None
    source: str | None
    url: str | None
    title: str | None
    published: str | None
    received: str
    text: str | None
    sha256: str | None
    copy_of: str | None
    copies: list[str]
    sensitivity: Sensitivity
    retracted: str | None
    receipts: list[Receipt]
    readings: list[Reading]


_HEADS = (
    report.c.id, report.c.entry, report.c.source, report.c.url, report.c.title, report.c.published,
    report.c.received, report.c.copy_of, report.c.sensitivity, report.c.text,
)  # fmt: skip


def readings(
    connection: Connection, *, only: Collection[str] | None = None, since: int | None = None
) -> Iterator[tuple[Any, CodedReport, dict[str, list[str]]]]:
    """The current reading of each report, in the order in which the reports came."""
    wanted = (
        select(*_HEADS, reading.c.body, reading.c.ids, reading.c.entry.label("read"))
        .join(reading, reading.c.report == report.c.id)
        .where(reading.c.current, reading.c.body.is_not(None))
        .order_by(report.c.entry)
    )
    if since is not None:
        wanted = wanted.where(reading.c.entry > since)
    if only is not None:
        wanted = wanted.where(report.c.id.in_(sorted(only)))
    result = engine.flow(connection, wanted)
    for row in result:
        yield row, decode(chain.unpack(bytes(row.body))), msgspec.json.decode(row.ids)


def leaders(connection: Connection) -> set[str]:
    """Reports that others are copies of."""
    return {row[0] for row in connection.execute(
        select(report.c.copy_of).where(report.c.copy_of.is_not(None)).distinct())}  # fmt: skip


def mentions(
    connection: Connection,
    overlay: Overlay,
    *,
    ids: Collection[str] | None = None,
    since: int | None = None,
) -> Iterator[HeldMention]:
    """Every mention of the current readings, or those named, with persons' decisions laid over."""
    copied = leaders(connection)
    only = None if ids is None else reports_of(connection, ids)
    for row, coded, own in readings(connection, only=only, since=since):
        for key, told in zip(own["incidents"], coded.incidents, strict=True):
            if ids is not None and key not in ids:
                continue
            held = HeldMention(
                mention=told, id=key, **_envelope(row, copied, overlay, told.evidence)
            )  # fmt: skip
            yield overlay.mention(held)


def others(
    connection: Connection, overlay: Overlay, kind: str, *, since: int | None = None
) -> Iterator[Held[Any]]:
    """Every tally, control or assessment of the current readings."""
    copied = leaders(connection)
    for row, coded, own in readings(connection, since=since):
        for key, told in zip(own[kind], getattr(coded, kind), strict=True):
            yield Held(id=key, record=told, **_envelope(row, copied, overlay, told.evidence))


def _envelope(row: Any, copied: set[str], overlay: Overlay, evidence: Any) -> dict[str, Any]:
    """What every record of a report carries."""
    return {
        "report": row.id, "outlet": row.source, "url": row.url, "published": row.published,
        "received": row.received, "copy_of": row.copy_of or (row.id if row.id in copied else None),
        "words": quoted(evidence.get("", []), row.text or "", row.title),
        "sensitivity": overlay.sensitivity(row.id, row.sensitivity), "retracted": row.id in overlay.retracted,
    }  # fmt: skip


def reports_of(connection: Connection, ids: Collection[str]) -> set[str]:
    """The reports that tell these mentions."""
    found: set[str] = set()
    every = sorted(ids)
    for at in range(0, len(every), 500):
        part = select(mention.c.report).where(mention.c.id.in_(every[at : at + 500]))
        found |= {row[0] for row in connection.execute(part)}
    return found


def one(connection: Connection, overlay: Overlay, own: str) -> HeldReport | None:
    """A report with all that is known of it; None where there is none of that id."""
    row = connection.execute(select(report).where(report.c.id == own)).first()
    if row is None:
        return None
    kept = connection.execute(select(document).where(document.c.sha256 == row.document)).one()
    copies = connection.execute(select(report.c.id).where(report.c.copy_of == own))
    return HeldReport(
        id=row.id, entry=row.entry, document=row.document, media_type=kept.media_type, size=kept.size,
        own_id=row.own_id, source=row.source, url=row.url, title=row.title, published=row.published,
        received=row.received, text=row.text, sha256=row.sha256, copy_of=row.copy_of,
        copies=[found for (found,) in copies], sensitivity=overlay.sensitivity(row.id, row.sensitivity),
        retracted=overlay.retracted.get(own), receipts=list(_receipts(connection, own)),
        readings=list(_readings(connection, own)),
    )  # fmt: skip


def _receipts(connection: Connection, own: str) -> Iterator[Receipt]:
    """Each time the report came in."""
    wanted = select(receipt).where(receipt.c.report == own).order_by(receipt.c.entry)
    for row in connection.execute(wanted):
        yield Receipt(
            entry=row.entry, document=row.document, origin=row.origin, source=row.source, url=row.url,
            retrieved=row.retrieved, tool=row.tool,
        )  # fmt: skip


def _readings(connection: Connection, own: str) -> Iterator[Reading]:
    """Every reading of the report, oldest first."""
    wanted = select(reading).where(reading.c.report == own).order_by(reading.c.entry)
    for row in connection.execute(wanted):
        yield Reading(
            entry=row.entry, reader=row.reader, version=row.version, lexicon=row.lexicon,
            current=row.current, ids=msgspec.json.decode(row.ids),
            coded=decode(chain.unpack(bytes(row.body))) if row.body is not None else None,
        )  # fmt: skip


def data(connection: Connection, sha256: str) -> bytes | None:
    """The bytes of a document as they were received; None where they were erased or never held."""
    packed = connection.execute(select(document.c.data).where(document.c.sha256 == sha256)).scalar()
    return None if packed is None else chain.unpack(bytes(packed))
