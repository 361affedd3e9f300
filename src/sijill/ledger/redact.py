"""Erasing: a document with all its words, or a person's name wherever it stands.

Rows are rewritten in place with a new salt, and a `redaction` row in a new entry of the log gives
their new leaf: the chain still holds, and tells that something was erased, when, by whom and why.
What was erased cannot be guessed back from its old leaf, whose salt is gone (docs/adr).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Table, and_, delete, func, select, update

from sijill.arabic.fold import fold, fold_words
from sijill.arabic.words import attached
from sijill.errors import UsageError
from sijill.ledger import chain, derived, engine, words
from sijill.ledger.ink import Ink
from sijill.ledger.prepare import terms
from sijill.ledger.schema import (
    RECORDED,
    band,
    decision,
    document,
    incident,
    incident_term,
    log,
    mention,
    reading,
    redaction,
    report,
    signature,
    state,
)
from sijill.records import decode, text_digest

BLOT = "\u2588"
"""What stands in place of each erased letter, so that every span still fits."""

SHORTEST = 3
"""Letters that a name must have: shorter ones would blot out common words."""

Masker = Callable[[str], str]


class RedactResult(msgspec.Struct, kw_only=True):
    """What was erased. `stale_backups` still hold it."""

    reports: int = 0
    documents: int = 0
    rows: int = 0
    mentions: list[str] = []
    entry: int | None = None
    stale_backups: list[str] = []


class Eraser:
    """Rewrites rows of one transaction and gathers what the log must tell of them."""

    def __init__(self, ink: Ink, result: RedactResult) -> None:
        self.ink, self.result = ink, result
        self._told: list[tuple[Table, dict[str, Any]]] = []
        self._index: list[tuple[int, str, str | None]] = []

    def rewrite(self, table: Table, row: Any, changes: dict[str, Any]) -> None:
        """Changes the content of a recorded row."""
        own = chain.salt()
        new = {**row._mapping, **changes}
        leaf = chain.leaf(own, chain.content(table, new))
        where = and_(table.c.entry == row.entry, table.c.n == row.n)
        self.ink.connection.execute(update(table).where(where).values(salt=own, **changes))
        self._tell(row.entry, row.n, leaf)

    def reason(self, row: Any, why: str) -> None:
        """Changes the reason that stands in an entry of the log."""
        own = chain.salt()
        self.ink.connection.execute(update(log).where(log.c.n == row.n).values(why=why, why_salt=own))
        self._tell(row.n, -1, chain.leaf(own, ["why", why]))

    def _tell(self, entry: int, n: int, leaf: bytes) -> None:
        """Remembers what became of a row."""
        self._told.append((redaction, {"target": entry, "target_n": n, "new_leaf": leaf}))
        self.result.rows += 1

    def index(self, entry: int, before: str, after: str | None) -> None:
        """Takes a body out of the index of words, and puts another in."""
        words.remove(self.ink.connection, entry, before)
        if after is not None:
            words.add(self.ink.connection, [(entry, after)])

    def finish(self, key: str | None, why: str) -> None:
        """Writes the entry."""
        self.result.entry = self.ink.entry("redact", self._told, key=key, why=why)
        words.squeeze(self.ink.connection)


def redact_report(ink: Ink, own: str, why: str) -> RedactResult:
    """Erases the document of a report: its bytes, every text drawn from it, every reading of these."""
    found = ink.connection.execute(select(report.c.document).where(report.c.id == own)).scalar()
    digest = found or own
    kept = ink.connection.execute(select(document).where(document.c.sha256 == digest)).first()
    if kept is None:
        raise UsageError(f"{own}: the register holds no report or document of that id")
    result = RedactResult()
    eraser = Eraser(ink, result)
    if kept.data is not None:
        eraser.rewrite(document, kept, {"data": None})
        result.documents = 1
    for row in ink.connection.execute(select(report).where(report.c.document == digest)).all():
        if row.text is not None:
            _erase_report(eraser, row)
            result.reports += 1
    if not result.rows:
        raise UsageError(f"{own}: was erased before; `sijill show {own}` tells when and why")
    _blank_incidents(ink.connection, set(result.mentions))
    eraser.finish(own, why)
    return result


def _erase_report(eraser: Eraser, row: Any) -> None:
    """Erases a text, its readings, its words in the index, and what was decided of its records."""
    connection = eraser.ink.connection
    for read in connection.execute(select(reading).where(reading.c.report == row.id)).all():
        if read.body is None:
            continue
        if read.current:
            coded = decode(chain.unpack(bytes(read.body)))
            eraser.index(row.entry, words.body(row.title, row.text, terms(coded)), None)
        eraser.rewrite(reading, read, {"body": None})
    ids = [own for (own,) in connection.execute(select(mention.c.id).where(mention.c.report == row.id))]
    eraser.result.mentions += ids
    for made in connection.execute(select(decision).where(decision.c.subject.in_(ids))).all():
        eraser.rewrite(decision, made, {"value": "null", "why": None, "undone": True})
    eraser.rewrite(report, row, {"text": None, "title": None, "sha256": None})
    connection.execute(update(report).where(report.c.id == row.id).values(fold_digest=None))
    _forget(connection, row.entry)


def _blank_incidents(connection: Connection, gone: set[str]) -> None:
    """Takes the words of erased mentions out of incidents, those of former times included."""
    for row in connection.execute(select(incident)).all():
        told = msgspec.json.decode(chain.unpack(bytes(row.body)))
        if gone.isdisjoint(told["mentions"]):
            continue
        for toll in told.get("tolls", []):
            for figure in toll.get("figures", []):
                if figure["mention"] in gone:
                    figure["words"] = ""
        _rewrite_incident(connection, row, told)


def _rewrite_incident(connection: Connection, row: Any, told: Any) -> None:
    """Puts another body in place of an incident's."""
    body = msgspec.json.encode(told)
    where = and_(incident.c.id == row.id, incident.c.since == row.since)
    made = {"body": chain.pack(body), "sha256": hashlib.sha256(body).digest()}
    connection.execute(update(incident).where(where).values(**made))


def redact_name(ink: Ink, names: Sequence[str], why: str) -> RedactResult:
    """Blots out a person's names wherever they stand, in any spelling; erases the bytes that hold them."""
    mask = masker(names)
    result = RedactResult()
    eraser = Eraser(ink, result)
    held = _erase_documents(eraser, mask)
    touched = _mask_reports(eraser, mask, held)
    result.reports = len(touched)
    for table in RECORDED:
        if table not in (document, report, reading, redaction):
            _mask_table(eraser, table, mask)
    for row in ink.connection.execute(select(log).where(log.c.why.is_not(None))).all():
        if mask(row.why) != row.why:
            eraser.reason(row, mask(row.why))
    named = False
    for row in ink.connection.execute(select(incident)).all():
        told = msgspec.json.decode(chain.unpack(bytes(row.body)))
        if (masked := _masked(told, mask)) != told:
            _rewrite_incident(ink.connection, row, masked)
            named = True
    for row in ink.connection.execute(select(state)).all():
        if mask(row.key + row.body) != row.key + row.body:
            ink.connection.execute(delete(state).where(state.c.kind == row.kind, state.c.key == row.key))
    if named:
        derived.index_anew(ink)
    if not result.rows:
        raise UsageError("the name stands nowhere in the register; check its spelling")
    eraser.finish(None, mask(why))
    return result


def masker(names: Sequence[str]) -> Masker:
    """What blots names out of a text: in any spelling, with particles attached, on word boundaries."""
    patterns = []
    for name in names:
        parts = fold_words(name).lower().split()
        if len("".join(parts)) < SHORTEST:
            raise UsageError(f"{name!r} is too short; it would blot out common words: give the full name")
        first = "|".join(re.escape(form) for form in attached(parts[0]))
        patterns.append(r"\W+".join([f"(?:{first})", *map(re.escape, parts[1:])]))
    every = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")

    def mask(text: str) -> str:
        folded = fold(text)
        level = folded.text.lower()
        if len(level) != len(folded.text):
            level = folded.text
        for match in every.finditer(level):
            start, end = folded.span(*match.span())
            text = text[:start] + BLOT * (end - start) + text[end:]
        return text

    return mask


def _mask_reports(eraser: Eraser, mask: Masker, held: set[str]) -> set[str]:
    """Blots the names out of texts, titles and their readings; the documents in `held` had them."""
    touched: set[str] = set()
    connection = eraser.ink.connection
    last = 0
    while True:
        part = select(report).where(report.c.entry > last).order_by(report.c.entry).limit(500)
        rows = connection.execute(part).all()
        if not rows:
            return touched
        last = rows[-1].entry
        for row in rows:
            changes = {name: masked for name in ("text", "title", "source", "url", "own_id")
                       if (old := getattr(row, name)) and (masked := mask(old)) != old}  # fmt: skip
            if "text" in changes:
                changes["sha256"] = text_digest(changes["text"])
            changed = _mask_readings(eraser, row, changes, mask)
            if changes:
                eraser.rewrite(report, row, changes)
                digest = None if row.text is None else _fold_digest(changes.get("text", row.text))
                eraser.ink.connection.execute(
                    update(report).where(report.c.id == row.id).values(fold_digest=digest)
                )
                _forget(connection, row.entry)
            if changes or changed:
                touched.add(row.id)
                if row.document not in held:
                    _erase_document(eraser, row.document, held)


def _mask_readings(eraser: Eraser, row: Any, changes: dict[str, Any], mask: Masker) -> bool:
    """Blots the names out of the readings of a report; whether any held them."""
    found = False
    for read in eraser.ink.connection.execute(select(reading).where(reading.c.report == row.id)).all():
        if read.body is None:
            continue
        body = chain.unpack(bytes(read.body))
        told = json.loads(body)
        masked = _masked(told, mask)
        if "sha256" in changes:
            masked["report"]["sha256"] = changes["sha256"]
        if masked == told:
            continue
        found = True
        new = msgspec.json.encode(masked)
        if read.current and row.text is not None:
            before = words.body(row.title, row.text, terms(decode(body)))
            title, text = changes.get("title", row.title), changes.get("text", row.text)
            eraser.index(row.entry, before, words.body(title, text, terms(decode(new))))
        eraser.rewrite(reading, read, {"body": chain.pack(new)})
    return found


def _mask_table(eraser: Eraser, table: Table, mask: Masker) -> None:
    """Blots the names out of the words of a table."""
    names = [column.name for column in table.columns if str(column.type) == "TEXT"]
    if not names:
        return
    for row in eraser.ink.connection.execute(select(table)).all():
        held = {name: old for name in names if (old := getattr(row, name))}
        changes = {name: new for name, old in held.items() if (new := _masked_words(old, mask)) != old}
        if changes:
            eraser.rewrite(table, row, changes)


def _masked_words(words: str, mask: Masker) -> str:
    """Words, or JSON with all the words in it, without the names."""
    if words[:1] in ("{", "[", '"'):
        try:
            told = json.loads(words)
        except ValueError:
            return mask(words)
        masked = _masked(told, mask)
        return words if masked == told else msgspec.json.encode(masked).decode()
    return mask(words)


def _masked(tree: Any, mask: Masker) -> Any:
    """A tree of dicts and lists without the names."""
    if isinstance(tree, str):
        return mask(tree)
    if isinstance(tree, list):
        return [_masked(item, mask) for item in tree]
    if isinstance(tree, dict):
        return {key: _masked(value, mask) for key, value in tree.items()}
    return tree


def _erase_documents(eraser: Eraser, mask: Masker) -> set[str]:
    """Erases the bytes that hold the names, whatever was drawn from them; their digests."""
    held: set[str] = set()
    wanted = select(document.c.sha256).where(document.c.data.is_not(None)).order_by(document.c.entry)
    for (digest,) in eraser.ink.connection.execute(wanted).all():
        packed = eraser.ink.connection.execute(
            select(document.c.data).where(document.c.sha256 == digest)
        ).scalar_one()
        assert packed is not None
        if any(mask(text) != text for text in _readable(chain.unpack(bytes(packed)))):
            _erase_document(eraser, digest, held)
    return held


def _erase_document(eraser: Eraser, digest: str, held: set[str]) -> None:
    """Erases the bytes of one document."""
    row = eraser.ink.connection.execute(select(document).where(document.c.sha256 == digest)).first()
    held.add(digest)
    if row is not None and row.data is not None:
        eraser.rewrite(document, row, {"data": None})
        eraser.result.documents += 1


def _readable(data: bytes) -> Iterator[str]:
    """What bytes may say, in the encodings that are read and with JSON's escapes resolved."""
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = data.decode(codec, "replace")
    yield text
    if "\ufffd" in text:
        yield data.decode("cp1256", "replace")
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)


def _forget(connection: Connection, entry: int) -> None:
    """Drops what was kept to find copies: it is made of words, and could tell them."""
    for table in (band, signature):
        connection.execute(delete(table).where(table.c.entry == entry))


def _fold_digest(text: str) -> bytes:
    """The digest by which the same words are found again."""
    return hashlib.sha256(" ".join(words.split(text)).encode()).digest()[:16]


def sweep(base: Engine) -> None:
    """Rewrites the files of the database, so that nothing erased remains in their free space."""
    with engine.plainly(base):
        raw = base.raw_connection()
        try:
            if base.dialect.name == "sqlite":
                cursor = raw.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()
                return
            own = raw.driver_connection
            assert own is not None
            own.autocommit = True
            names = [
                table.name for table in (*RECORDED, log, incident, incident_term, state, band, signature)
            ]
            for name in (*names, "words"):
                own.execute(f'VACUUM FULL "{name}"')
        finally:
            raw.invalidate()


def count(connection: Connection) -> int:
    """How many rows were ever rewritten."""
    return int(connection.execute(select(func.count()).select_from(redaction)).scalar_one())
