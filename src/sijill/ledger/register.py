"""The register: one door to everything that is recorded, judged and worked out.

    with Register.open("register.db", write=True) as register:
        register.judge(judgements)

Read-only unless `write=True`. What a stream gives is the register as it stood when its first
item was taken, whatever is written meanwhile.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar
from weakref import WeakSet

import msgspec
from sqlalchemy import Connection, Engine, func, select

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.incidents import HeldMention, Incident, Judgement
from sijill.ledger import backup as backing
from sijill.ledger import decisions, derived, engine, held, upgrade
from sijill.ledger import doctor as doctoring
from sijill.ledger import rebuild as rebuilding
from sijill.ledger import redact as redacting
from sijill.ledger import search as searching
from sijill.ledger import verify as verifying
from sijill.ledger.decisions import Decision, Overlay
from sijill.ledger.frames import Stream
from sijill.ledger.held import Held, HeldReport
from sijill.ledger.ink import Head, Ink, change
from sijill.ledger.schema import log, note, state
from sijill.ledger.search import Hits
from sijill.ledger.verify import VerifyResult
from sijill.records import Assessment, CodedReport, Control, Tally

P = ParamSpec("P")
T = TypeVar("T")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the log: who did what to which (`key`), when and why; `hash` in hexadecimal."""

    n: int
    at: str
    who: str
    what: str
    key: str | None
    why: str | None
    leaves: int
    prev: str
    hash: str


def clock() -> str:
    """The time now, ISO with zone."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def streaming(
    method: Callable[Concatenate[Any, P], Generator[T, None, None]],
) -> Callable[Concatenate[Any, P], Stream[T]]:
    """A reading method whose stream ends with its register, even if nobody reads it to the end."""

    @wraps(method)
    def stream(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> Stream[T]:
        found = Stream(method(self, *args, **kwargs))
        self.streams.add(found)
        return found

    return stream


class Register:
    """An open register."""

    def __init__(
        self, base: Engine, where: str, *, write: bool, who: str | None, now: Callable[[], str]
    ) -> None:
        self.engine, self.where, self.write = base, where, write
        self.who, self.now = who or user(), now
        self.streams: WeakSet[Stream[Any]] = WeakSet()

    @classmethod
    def open(
        cls,
        place: str | Path,
        *,
        write: bool = False,
        create: bool = False,
        who: str | None = None,
        now: Callable[[], str] = clock,
    ) -> Self:
        """The register at a file or URL; `create` makes one where there is none.

        UsageError where there is none or its form is older, RegisterError where it cannot be opened.
        """
        url = engine.address(place)
        where = engine.shown(url)
        if url.drivername == "sqlite":
            check_file(Path(where), create=create)
            if create and not Path(where).exists():
                Path(where).touch(mode=0o600)  # for nobody else on this computer
        base = engine.connect(url, write=write or create)
        register = cls(base, where, write=write, who=who, now=now)
        try:
            if create:
                upgrade.steps(base, where)
            with engine.reading(base) as connection:
                upgrade.check(connection, where)
        except BaseException:
            register.close()
            raise
        return register

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        self.close()

    def close(self) -> None:
        """Lets the database go, and ends whatever is still being read."""
        for stream in list(self.streams):
            stream.close()
        self.engine.dispose()

    # ── transactions ────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the register as it stands now."""
        with engine.reading(self.engine) as connection:
            yield connection

    @contextmanager
    def change(self) -> Iterator[Ink]:
        """A transaction that appends to the log, whole or not at all."""
        self.must_write()
        with change(self.engine, self.who, self.now) as ink:
            yield ink

    def must_write(self) -> None:
        """UsageError where the register is open for reading only."""
        if not self.write:
            raise UsageError(f"{self.where} is open for reading only; open it with write=True")

    # ── what is recorded ────────────────────────────────────────────────────────────────────────

    @streaming
    def mentions(
        self, ids: Collection[str] | None = None, since_entry: int | None = None
    ) -> Generator[HeldMention, None, None]:
        """Every mention of the current readings, or those named, or those read since an entry.

        Persons' decisions are laid over; mentions of retracted reports are marked.
        """
        with self.reading() as connection:
            yield from held.mentions(connection, Overlay(connection), ids=ids, since=since_entry)

    @streaming
    def tallies(self, since_entry: int | None = None) -> Generator[Held[Tally], None, None]:
        """Every tally of the current readings."""
        with self.reading() as connection:
            yield from held.others(connection, Overlay(connection), "tallies", since=since_entry)

    @streaming
    def controls(self, since_entry: int | None = None) -> Generator[Held[Control], None, None]:
        """Every record of who holds a place."""
        with self.reading() as connection:
            yield from held.others(connection, Overlay(connection), "control", since=since_entry)

    @streaming
    def assessments(self, since_entry: int | None = None) -> Generator[Held[Assessment], None, None]:
        """Every attributed judgement."""
        with self.reading() as connection:
            yield from held.others(connection, Overlay(connection), "assessments", since=since_entry)

    @streaming
    def coded_reports(self, since_entry: int | None = None) -> Generator[tuple[str, CodedReport], None, None]:
        """The register's id of each report, and its current reading."""
        with self.reading() as connection:
            for row, coded, _ in held.readings(connection, since=since_entry):
                yield row.id, coded

    def report(self, own: str) -> HeldReport | None:
        """A report with its text, custody and every reading; None where there is none of that id."""
        with self.reading() as connection:
            return held.one(connection, Overlay(connection), own)

    def data(self, sha256: str) -> bytes | None:
        """The bytes of a document as received; None where they were erased or never held."""
        with self.reading() as connection:
            return held.data(connection, sha256)

    # ── what is judged and decided ──────────────────────────────────────────────────────────────

    @streaming
    def judgements(self, *, history: bool = False) -> Generator[Judgement, None, None]:
        """The judgements that hold; with `history` all that were ever made."""
        with self.reading() as connection:
            yield from decisions.judgements(connection, history=history)

    def judge(self, judgements: Iterable[Judgement]) -> int:
        """Records judgements, all or none; how many. `by` and `at` are theirs."""
        with self.change() as ink:
            return decisions.judge(ink, judgements)

    def undo(self, judgement: Judgement, why: str | None = None) -> None:
        """Takes a judgement back: it stays in the log and holds no more."""
        taken = msgspec.structs.replace(judgement, undone=True, at=self.now(), why=why)
        self.judge([taken])

    def decide(
        self, subject: str, pointer: str, value: Any, *, why: str | None = None, undo: bool = False
    ) -> int:
        """Records what a person decided of a field of a mention or incident; the number of its entry.

        It lies over the machine's value and never erases it; `undo` takes it away again.
        """
        with self.change() as ink:
            return decisions.decide(ink, subject, pointer, value, why, undo=undo)

    @streaming
    def decisions(self, subject: str | None = None) -> Generator[Decision, None, None]:
        """Every decision, or those on one subject, oldest first."""
        with self.reading() as connection:
            yield from decisions.decisions(connection, subject)

    # ── what is worked out ──────────────────────────────────────────────────────────────────────

    @streaming
    def incidents(
        self, wanted: Filter | None = None, as_of: int | str | None = None
    ) -> Generator[Incident, None, None]:
        """The incidents that fit a filter, by day and id, decisions laid over.

        `as_of` an entry of the log or an ISO time gives those that held then.
        """
        with self.reading() as connection:
            yield from derived.incidents(connection, wanted, as_of)

    def incident(self, own: str) -> Incident | None:
        """The incident of that id, or the one it was joined to; None where there is none."""
        with self.reading() as connection:
            return derived.one(connection, own)

    def incident_of(self, mentions: Collection[str]) -> dict[str, str]:
        """The incident of each of these mentions that has one."""
        with self.reading() as connection:
            return derived.of_mentions(connection, mentions)

    def replace_incidents(self, changed: Iterable[Incident], gone: Mapping[str, str | None]) -> int:
        """Puts incidents in place of what they were, and forwards the ids in `gone` to others.

        An id that goes to None goes to no other.

        How many changed; those that are as they were cost nothing.
        """
        with self.change() as ink:
            return derived.replace(ink, changed, gone)

    def search(self, asked: str, wanted: Filter | None = None, most: int = 20) -> Hits:
        """The reports that hold the words asked for and tell of an incident that fits, newest first."""
        with self.reading() as connection:
            return searching.search(connection, asked, wanted, most)

    # ── the log ─────────────────────────────────────────────────────────────────────────────────

    @streaming
    def log(self, since: int = 0) -> Generator[Entry, None, None]:
        """The entries after `since`, oldest first."""
        with self.reading() as connection:
            wanted = select(log).where(log.c.n > since).order_by(log.c.n)
            for row in engine.flow(connection, wanted):
                yield _entry(row)

    def log_of(self, key: str) -> list[Entry]:
        """The entries about one report, incident or mention, oldest first."""
        with self.reading() as connection:
            rows = connection.execute(select(log).where(log.c.key == key).order_by(log.c.n))
            return [_entry(row) for row in rows]

    def head(self) -> tuple[int, str]:
        """Number and hash of the last entry: keep them elsewhere, and `verify` can tell of a lost end."""
        with self.reading() as connection:
            head = Head(connection)
        return head.n, head.hash.hex()

    def verify(self, kept: tuple[int, str] | None = None) -> VerifyResult:
        """Recomputes every hash; `kept` is a head that was kept elsewhere."""
        with self.reading() as connection:
            return verifying.verify(connection, kept)

    # ── taking back, erasing, keeping ───────────────────────────────────────────────────────────

    def retract(self, own: str, why: str, *, undo: bool = False) -> int:
        """Records that a report must not be relied on; it stays, marked. The number of the entry."""
        if self.report(own) is None:
            raise UsageError(f"{own}: the register holds no report of that id")
        with self.change() as ink:
            body = msgspec.json.encode({"undone": undo}).decode()
            return ink.entry(
                "retract", [(note, {"kind": "retract", "key": own, "body": body})], key=own, why=why
            )

    def redact(
        self, report: str | None = None, *, names: Collection[str] = (), why: str
    ) -> redacting.RedactResult:
        """Erases a report's document with all its words, or a person's names wherever they stand.

        Hash and reason stay. Incidents that rested on erased mentions must be worked out anew.
        """
        if (report is None) == (not names):
            raise UsageError("give a report to erase, or a person's names")
        with self.change() as ink:
            result = (
                redacting.redact_report(ink, report, why)
                if report is not None
                else redacting.redact_name(ink, list(names), why)
            )
        redacting.sweep(self.engine)
        with self.reading() as connection:
            result.stale_backups = list(verifying.stale_backups(connection))
        return result

    def backup(self, path: str | Path) -> backing.Backup:
        """Writes everything into one new SQLite file, and tells the log."""
        with self.change():
            pass  # that the register may be written is better known before the work than after
        made = backing.write(self.engine, Path(path).resolve())
        with self.change() as ink:
            backing.record(ink, made)
        return made

    def rebuild(self, derive: Callable[[Register], Iterable[Incident]] | None = None) -> int:
        """Makes all that is worked out anew; `derive` gives the incidents. How many records there are.

        The same records give the same answer, byte for byte.
        """
        with self.change() as ink:
            count = rebuilding.rebuild(ink)
        if derive is not None:
            made = list(derive(self))
            with self.change() as ink:
                ended: dict[str, str | None] = dict.fromkeys(derived.current_ids(ink.connection))
                derived.replace(
                    ink, made, {old: None for old in ended if old not in {one.id for one in made}}
                )
        return count

    def doctor(self) -> Iterator[doctoring.Finding]:
        """Looks at everything that may be the matter."""
        return doctoring.examine(self.engine, self.where)

    # ── notes and state, for other rooms ────────────────────────────────────────────────────────

    def record(self, kind: str, key: str, body: Any, *, why: str | None = None) -> int:
        """Records a note, such as a column map or a feed; the latest of its kind and key holds."""
        with self.change() as ink:
            row = {"kind": kind, "key": key, "body": msgspec.json.encode(body).decode()}
            return ink.entry(kind, [(note, row)], why=why)  # the key may be a name: the log holds none

    def recorded(self, kind: str) -> dict[str, Any]:
        """The latest note of each key of a kind; None is a note that took the former back."""
        with self.reading() as connection:
            rows = connection.execute(select(note).where(note.c.kind == kind).order_by(note.c.entry))
            return {row.key: msgspec.json.decode(row.body) for row in rows}

    def state(self, kind: str, key: str) -> Any:
        """What was last kept under a key, as where a feed stood; None where nothing was."""
        with self.reading() as connection:
            body = connection.execute(
                select(state.c.body).where(state.c.kind == kind, state.c.key == key)
            ).scalar()
        return None if body is None else msgspec.json.decode(body)

    def set_state(self, kind: str, key: str, body: Any) -> None:
        """Keeps something that may be overwritten and is no evidence."""
        self.must_write()
        with engine.writing(self.engine) as connection:
            connection.execute(state.delete().where(state.c.kind == kind, state.c.key == key))
            row = {"kind": kind, "key": key, "body": msgspec.json.encode(body).decode()}
            connection.execute(state.insert(), [row])

    def counts(self) -> dict[str, int]:
        """How many rows each table holds, and how many incidents hold now."""
        from sijill.ledger.schema import DERIVED, RECORDED, signature

        with self.reading() as connection:
            counts = {table.name: int(connection.execute(
                select(func.count()).select_from(table)).scalar_one())
                for table in (log, *RECORDED, *DERIVED, signature)}  # fmt: skip
            counts["incident"] = len(derived.current_ids(connection))
        return counts


def _entry(row: Any) -> Entry:
    """An entry of the log."""
    return Entry(
        n=row.n, at=row.at, who=row.who, what=row.what, key=row.key, why=row.why,
        leaves=row.leaves, prev=bytes(row.prev).hex(), hash=bytes(row.hash).hex(),
    )  # fmt: skip


def user() -> str:
    """Who works here, as the system calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def check_file(path: Path, *, create: bool) -> None:
    """UsageError where a file is wanted that is not there."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it, as {path / 'register.db'}")
    if not create and not path.exists():
        raise UsageError(f"{path} does not exist; `sijill init {path}` makes a register there")
    if create and not path.parent.is_dir():
        raise UsageError(f"the folder {path.parent} does not exist; make it first")
