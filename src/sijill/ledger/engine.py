"""Opening a database: addresses, pragmas, locks, and its errors in plain words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from sijill.errors import RegisterError, UsageError

WAIT = 60
"""Seconds to wait for another writer."""

LOCK = 5_310_744_100
"""The number under which writers of one PostgreSQL register wait for each other."""

_KINDS = "give a file, sqlite:///FILE or postgresql://USER@HOST/NAME"


def address(place: str | Path) -> URL:
    """The address of a register: a file, or a URL of SQLite or PostgreSQL."""
    given = str(place)
    if "://" not in given:
        return URL.create("sqlite", database=str(Path(given).expanduser()))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise UsageError(f"{given!r} is no address of a database; {_KINDS}") from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or not url.database:
        raise UsageError(f"{given!r} is no address of a register; {_KINDS}")
    return url


def shown(url: URL) -> str:
    """An address without its password."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def connect(url: URL, *, write: bool) -> Engine:
    """An engine for that address; nothing is opened yet."""
    if url.drivername == "sqlite":
        return _sqlite(url, write=write)
    try:
        options = "" if write else "-c default_transaction_read_only=on"
        return create_engine(
            url, pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "options": options, "application_name": "sijill"},
        )  # fmt: skip
    except (ModuleNotFoundError, NoSuchModuleError):
        raise UsageError("PostgreSQL needs psycopg: pip install 'sijill[postgres]'") from None


def _sqlite(url: URL, *, write: bool) -> Engine:
    """An engine for one file: write-ahead log, full synchronisation, erased words overwritten."""
    place = Path(str(url.database))

    def opened() -> sqlite3.Connection:
        mode = "rwc" if write else "ro"
        name = place.resolve().as_uri()
        # the pool gives a connection to one thread at a time
        found = sqlite3.connect(f"{name}?mode={mode}", uri=True, timeout=WAIT, check_same_thread=False)
        left = Path(f"{place}-wal")
        if not write and not os.access(place.parent, os.W_OK) and not (left.exists() and left.stat().st_size):
            found.close()  # on a disk that is only read, nobody writes meanwhile
            found = sqlite3.connect(f"{name}?immutable=1", uri=True, check_same_thread=False)
        found.isolation_level = None
        if write:
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=FULL")
            found.execute("PRAGMA secure_delete=ON")
        found.execute("PRAGMA cache_size=-65536")
        return found

    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the register for itself until it ends."""
    writer = engine.execution_options(writing=True)
    with plainly(engine), writer.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the register as it stands now, whatever is written meanwhile."""
    level: dict[str, Any] = (
        {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    )
    with plainly(engine), engine.connect().execution_options(**level) as connection, connection.begin():
        yield connection


def flow(connection: Connection, statement: Select[Any], size: int = 1000) -> Iterator[Any]:
    """The rows that a question gives, some at a time; nothing stays open when nobody reads on."""
    result = connection.execute(statement, execution_options={"yield_per": size})
    try:
        yield from result
    finally:
        result.close()


def bulk(connection: Connection, table: Table, rows: Sequence[tuple[int, ...]]) -> None:
    """Writes many rows of numbers the quickest way that the database has."""
    if not rows:
        return
    own = connection.connection.driver_connection
    assert own is not None
    names = ", ".join(column.name for column in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in table.columns)
        own.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", sorted(rows))  # noqa: S608
        return
    with own.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def plainly(engine: Engine) -> Iterator[None]:
    """Tells of a database's errors in one sentence with a remedy."""
    try:
        yield
    except DBAPIError as error:
        raise RegisterError(_sentence(error)) from error
    except sqlite3.Error as error:
        raise RegisterError(_told(str(error))) from error


def _sentence(error: DBAPIError) -> str:
    """What a database refused, and what to do."""
    return _told(str(error.orig), lost=error.connection_invalidated)


_SAYINGS = (
    (("database is locked", "lock timeout", "lock_timeout"),
     "somebody else holds the register; try again when they are done: what was stored before stays"),
    (("disk is full", "No space left", "could not extend", "disk I/O error"),
     "the disk is full or failing; make room and give the same command again: it goes on where it stopped"),
    (("server closed", "connection to server", "terminating connection", "connection is lost",
      "could not connect", "connection failed", "Connection refused", "connection timeout",
      "the connection is closed", "SSL connection has been closed", "consuming input failed"),
     "the connection to PostgreSQL failed or was lost; give the same command again: "
     "it goes on where it stopped"),
    (("not a database", "malformed", "file is encrypted"),
     "the file is no register, or is damaged; `sijill restore` brings back a backup"),
    (("unable to open",), "the file cannot be opened; check the path and the permissions"),
    (("readonly", "read-only", "permission denied"), "the register may not be written; ask for permission"),
    (("authentication failed", "does not exist"), "check the address, the user and the name of the database"),
)  # fmt: skip


def _told(words: str, *, lost: bool = False) -> str:
    """The first saying that fits, with the database's own words."""
    own = " ".join(words.split())[:160]
    for signs, saying in _SAYINGS:
        if any(sign.lower() in words.lower() for sign in signs):
            return f"{saying} ({own})"
    if lost:
        return f"{_SAYINGS[2][1]} ({own})"
    return f"the database refused ({own}); `sijill doctor` tells more"
