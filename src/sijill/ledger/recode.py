"""A new reading beside the old one: which records are the same, what changed, under which ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from sijill.ledger import chain, engine, words
from sijill.ledger.ink import Ink
from sijill.ledger.prepare import KINDS, Prepared, terms
from sijill.ledger.schema import mention, reading, report
from sijill.ledger.store import reading_row
from sijill.records import CodedReport, Mention, Report, decode, report_id

LIKE = 0.3
"""How much of the shorter record's words must be the other's too for both to be one record told anew."""


class RecodeResult(msgspec.Struct, kw_only=True):
    """What a new reading changed. `fields` counts, for incidents that stayed, the fields that differ."""

    reports: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    new: int = 0
    gone: int = 0
    fields: dict[str, int] = {}
    left_out: list[Any] = []
    dry_run: bool = False


class Former(msgspec.Struct, frozen=True):
    """A report as it was read before, with what is needed to read it again."""

    id: str
    entry: int
    report: Report
    coded: CodedReport
    body: bytes
    ids: dict[str, list[str]]


def formers(connection: Connection) -> Iterator[Former]:
    """Every report whose words are held, with its current reading."""
    wanted = (
        select(report, reading.c.body, reading.c.ids)
        .join(reading, reading.c.report == report.c.id)
        .where(reading.c.current, reading.c.body.is_not(None), report.c.text.is_not(None))
        .order_by(report.c.entry)
    )
    for row in engine.flow(connection, wanted, 200):
        told = Report(
            id=row.own_id or report_id(row.text, row.title), text=row.text, source=row.source, url=row.url,
            title=row.title, published=row.published,
        )  # fmt: skip
        body = chain.unpack(bytes(row.body))
        yield Former(row.id, row.entry, told, decode(body), body, msgspec.json.decode(row.ids))


def put(
    ink: Ink | None, former: Former, prepared: Prepared, result: RecodeResult, why: str | None = None
) -> None:
    """Stores a new reading where it differs from the former one; counts what changed."""
    result.reports += 1
    body = chain.unpack(prepared.body)
    if body == former.body:
        result.same += 1
        return
    result.changed += 1
    coded = decode(body)
    ids = inherited(former, coded, prepared.ids)
    _compare(former, coded, ids, result)
    if ink is None:
        return
    before = set(_every(former.ids))
    after = set(_every(ids))
    ink.connection.execute(update(reading).where(reading.c.report == former.id).values(current=False))
    told = msgspec.structs.replace(prepared, ids=ids, id=former.id)
    ink.entry("recode", [(reading, reading_row(told))], key=former.id, why=why)
    if before - after:
        dropped = mention.c.id.in_(sorted(before - after))
        ink.connection.execute(update(mention).where(dropped).values(current=False))
    added = sorted(after - before)
    held = {row[0] for row in ink.connection.execute(select(mention.c.id).where(mention.c.id.in_(added)))}
    if held:
        ink.connection.execute(update(mention).where(mention.c.id.in_(sorted(held))).values(current=True))
    for kind, every in ids.items():
        for own in every:
            if own in after - before - held:
                ink.row(mention, {"id": own, "report": former.id, "kind": kind, "current": True})
    old = words.body(former.report.title, former.report.text, terms(former.coded))
    if old != prepared.index:
        words.remove(ink.connection, former.entry, old)
        words.add(ink.connection, [(former.entry, prepared.index)])


def inherited(former: Former, coded: CodedReport, first: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The ids of a new reading's records: those of the former ones that tell the same, else their own."""
    ids: dict[str, list[str]] = {}
    for kind in KINDS:
        old, new = getattr(former.coded, kind), getattr(coded, kind)
        pairs = sorted(
            (-likeness(one, other), at, to)
            for at, one in enumerate(old)
            for to, other in enumerate(new)
            if likeness(one, other)
        )
        given: dict[int, str] = {}
        used: set[int] = set()
        for _, at, to in pairs:
            if at not in used and to not in given:
                used.add(at)
                given[to] = former.ids[kind][at]
        taken = set(given.values())
        ids[kind] = []
        for to, own in enumerate(first[kind]):
            key = given.get(to) or _free(own, {*taken, *former.ids[kind]})
            taken.add(key)
            ids[kind].append(key)
    return ids


def _free(own: str, taken: set[str]) -> str:
    """An id that no other record of the report has."""
    number = int(own[2:], 16)
    while own in taken:
        number = (number + 1) % (1 << 64)
        own = f"{own[:2]}{number:016x}"
    return own


def likeness(one: Any, other: Any) -> float:
    """How alike two records are by their words and what they tell; 0 where they are not the same."""
    mine, theirs = _letters(one), _letters(other)
    shorter = min(len(mine), len(theirs))
    shared = len(mine & theirs) / shorter if shorter else 0.0
    if shared < LIKE and (shorter or one != other):
        return 0.0
    score = 1 + shared
    for name in ("action", "place", "date", "actors", "casualties", "measure", "low", "actor", "stance"):
        if hasattr(one, name) and getattr(one, name) == getattr(other, name):
            score += 0.25
    return score


def _letters(record: Any) -> set[tuple[str, int]]:
    """The places of the letters that a record rests on."""
    spans = record.evidence.get("") or [span for found in record.evidence.values() for span in found]
    return {(span.field, at) for span in spans for at in range(span.start, span.end)}


def _compare(
    former: Former, coded: CodedReport, ids: Mapping[str, Sequence[str]], result: RecodeResult
) -> None:
    """Counts what stayed, came and went."""
    counts: Counter[str] = Counter(result.fields)
    for kind in KINDS:
        before = dict(zip(former.ids[kind], getattr(former.coded, kind), strict=True))
        for own, record in zip(ids[kind], getattr(coded, kind), strict=True):
            old = before.pop(own, None)
            if old is None:
                result.new += 1
                continue
            result.kept += 1
            if isinstance(record, Mention):
                counts.update(_differing(old, record))
        result.gone += len(before)
    result.fields = dict(sorted(counts.items()))


def _differing(old: Mention, new: Mention) -> list[str]:
    """The fields in which two records differ, their own ids and evidence aside."""
    return [name for name in Mention.__struct_fields__
            if name not in ("id", "evidence") and getattr(old, name) != getattr(new, name)]  # fmt: skip


def _every(ids: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """All ids of a reading."""
    for found in ids.values():
        yield from found
