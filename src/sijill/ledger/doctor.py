"""What is the matter with a register, if anything, and what to do about it; changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, func, select, text

from sijill.ledger import engine, upgrade, verify
from sijill.ledger.ink import Head
from sijill.ledger.renew import superseded
from sijill.ledger.schema import mention, note, reading, report

ROOM = 500_000_000
"""Bytes of free disk under which a warning is due: a batch, a backup and a VACUUM want room."""

OFTEN = 10_000
"""Entries after which another backup is due."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at: `ok`, what was found, and what to do where it is not."""

    ok: bool
    what: str
    remedy: str = ""


def examine(base: Engine, where: str) -> Iterator[Finding]:
    """Looks at the database, the disk, the form, the indexes and the backups."""
    yield from _database(base, where)
    with engine.reading(base) as connection:
        found = upgrade.form(connection)
        yield Finding(found == upgrade.NEWEST, f"form {found}, newest {upgrade.NEWEST}", "sijill upgrade")
        if found != upgrade.NEWEST:
            return
        yield from _indexes(connection)
        yield from _backups(connection)


def _database(base: Engine, where: str) -> Iterator[Finding]:
    """The database itself, and the disk it lies on."""
    if base.dialect.name != "sqlite":
        with engine.reading(base) as connection:
            version = connection.execute(text("SHOW server_version")).scalar_one()
            encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        yield Finding(True, f"PostgreSQL {version}")
        yield Finding(
            encoding == "UTF8", f"encoding {encoding}", "make the database anew with ENCODING 'UTF8'"
        )
        return
    path = Path(where)
    yield Finding(True, f"SQLite {sqlite3.sqlite_version}, {path.stat().st_size / 1e6:,.1f} MB")
    with engine.reading(base) as connection:
        said = [row[0] for row in connection.execute(text("PRAGMA quick_check(3)"))]
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
    yield Finding(said == ["ok"], "the file's pages are sound" if said == ["ok"] else "; ".join(said),
                  "copy the file away, then sijill restore the last backup")  # fmt: skip
    yield Finding(mode == "wal", f"journal mode {mode}", "open it for writing once, as sijill add does")
    free = shutil.disk_usage(path.parent).free
    yield Finding(free > ROOM, f"{free / 1e9:,.1f} GB free on the disk", "make room")
    others = stat.S_IMODE(path.stat().st_mode) & (stat.S_IROTH | stat.S_IWOTH)
    yield Finding(not others, "only those permitted may read it" if not others else
                  "every user of this computer may read it", f"chmod 600 {path}")  # fmt: skip


def _indexes(connection: Connection) -> Iterator[Finding]:
    """Whether what is worked out fits what is recorded."""
    texts = select(func.count()).select_from(reading).where(reading.c.current, reading.c.body.is_not(None))
    held = connection.execute(texts).scalar_one()
    indexed = connection.execute(text(
        "SELECT count(*) FROM words_docsize" if connection.dialect.name == "sqlite"
        else "SELECT count(*) FROM words")).scalar_one()  # fmt: skip
    yield Finding(held == indexed, f"{indexed:,} of {held:,} texts are in the index of words",
                  "sijill rebuild")  # fmt: skip
    reports = connection.execute(select(func.count()).select_from(report)).scalar_one()
    reports -= len(superseded(connection))
    read = connection.execute(
        select(func.count(reading.c.report.distinct())).where(reading.c.current)
    ).scalar_one()
    yield Finding(
        reports == read, f"{read:,} of {reports:,} reports have a current reading", "sijill rebuild"
    )
    records = connection.execute(select(func.count()).select_from(mention)).scalar_one()
    yield Finding(True, f"{records:,} records")
    marks = connection.execute(
        select(reading.c.reader, reading.c.version, reading.c.lexicon).where(reading.c.current).distinct()
    ).all()
    yield Finding(len(marks) < 2, f"{len(marks)} versions of readers and words made the current readings",
                  "sijill recode reads all with today's")  # fmt: skip


def _backups(connection: Connection) -> Iterator[Finding]:
    """Whether there is a recent backup, and none that holds what was erased."""
    head = Head(connection).n
    last = connection.execute(select(func.max(note.c.entry)).where(note.c.kind == "backup")).scalar()
    since = head - (last or 0)
    told = f"the last backup is {since:,} entries old" if last else "no backup was made"
    yield Finding(since < OFTEN and (last is not None or head == 0), told, "sijill backup FILE")
    stale = list(verify.stale_backups(connection))
    told = f"{len(stale)} backups hold words that were erased later"
    yield Finding(not stale, told, "sijill verify names them: destroy them, make a new one")
