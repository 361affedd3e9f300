"""Backups: one SQLite file that holds everything, whatever the register lies on; and back from it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, insert, select

from sijill.errors import RegisterError, UsageError
from sijill.ledger import chain, engine, upgrade, verify, words
from sijill.ledger.ink import Head, Ink
from sijill.ledger.prepare import terms
from sijill.ledger.schema import metadata, note, reading, report
from sijill.records import decode

CHUNK = 1000


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was made: where, of which head, with which digest."""

    file: str
    head: tuple[int, str]
    size: int
    sha256: str


def write(base: Engine, path: Path) -> Backup:
    """Writes everything as it stands now into a new file; whole or not at all."""
    if path.exists():
        raise UsageError(f"{path} exists; give a new name, so that no backup is lost")
    if not path.parent.is_dir():
        raise UsageError(f"the folder {path.parent} does not exist; make it first")
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.unlink(missing_ok=True)
    try:
        _copied(base, draft)
        target = engine.connect(engine.address(draft), write=True)
        with engine.reading(target) as connection:
            head = Head(connection)
        _settle(target)
        draft.chmod(0o600)
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        draft.replace(path)
    finally:
        for rest in (draft, *(Path(f"{draft}{end}") for end in ("-wal", "-shm"))):
            rest.unlink(missing_ok=True)
    return Backup(file=str(path), head=(head.n, head.hash.hex()), size=path.stat().st_size, sha256=digest)


def record(ink: Ink, made: Backup) -> None:
    """Tells the log of a backup, so that it is known which ones hold what was erased later."""
    body = {"head": list(made.head), "size": made.size, "sha256": made.sha256, "at": ink.now()}
    row = {"kind": "backup", "key": made.file, "body": msgspec.json.encode(body).decode()}
    ink.entry("backup", [(note, row)])


def restore(path: Path, base: Engine, where: str, *, anyway: bool = False) -> verify.VerifyResult:
    """Puts a backup into an empty place, after everything in it was verified.

    RegisterError where the backup is broken (unless `anyway`) or of a newer form, UsageError where
    the place holds something.
    """
    if not path.exists():
        raise UsageError(f"{path} does not exist; give the file that `sijill backup` wrote")
    source = engine.connect(engine.address(path), write=False)
    try:
        with engine.reading(source) as connection:
            upgrade.check(connection, str(path))
            found = verify.verify(connection)
            if not found.ok and not anyway:
                raise RegisterError(
                    f"the backup {path} is damaged ({found.breaks[0]}); another backup may be whole, "
                    "--anyway restores this one as it is"
                )
            upgrade.steps(base, where)
            with engine.writing(base) as target:
                if Head(target).n:
                    raise UsageError(f"{where} holds a register with entries; give an empty place")
                copy(connection, target)
    finally:
        source.dispose()
    return found


def _copied(base: Engine, draft: Path) -> None:
    """Copies a register into a file."""
    if base.dialect.name == "sqlite":
        with engine.plainly(base):
            raw = base.raw_connection()
            try:
                raw.cursor().execute("VACUUM INTO ?", (str(draft),))
            finally:
                raw.close()
        return
    target = engine.connect(engine.address(draft), write=True)
    upgrade.steps(target, str(draft))
    with engine.reading(base) as connection, engine.writing(target) as copied:
        copy(connection, copied)
    target.dispose()


def _settle(target: Engine) -> None:
    """Leaves one file with nothing beside it."""
    with engine.plainly(target):
        raw = target.raw_connection()
        cursor = raw.cursor()
        cursor.execute("PRAGMA journal_mode=DELETE")
        cursor.close()
        raw.close()
    target.dispose()


def copy(source: Connection, target: Connection) -> None:
    """Every row of every table, and the words indexed anew."""
    for table in metadata.sorted_tables:
        chunk: list[dict[str, object]] = []
        for row in engine.flow(source, select(table)):
            chunk.append(dict(row._mapping))
            if len(chunk) == CHUNK:
                target.execute(insert(table), chunk)
                chunk = []
        if chunk:
            target.execute(insert(table), chunk)
    words.clear(target)
    index(target)


def index(connection: Connection, told: Callable[[int], object] = lambda _: None) -> None:
    """Indexes the words of every report anew; nothing may be indexed yet."""
    last = done = 0
    wanted = (
        select(report.c.entry, report.c.title, report.c.text, reading.c.body)
        .join(reading, reading.c.report == report.c.id)
        .where(reading.c.current, reading.c.body.is_not(None))
        .order_by(report.c.entry)
        .limit(CHUNK)
    )
    while True:
        rows = connection.execute(wanted.where(report.c.entry > last)).all()
        if not rows:
            return
        words.add(connection, [
            (row.entry, words.body(row.title, row.text, terms(decode(chain.unpack(bytes(row.body))))))
            for row in rows
        ])  # fmt: skip
        last, done = rows[-1].entry, done + len(rows)
        told(done)
