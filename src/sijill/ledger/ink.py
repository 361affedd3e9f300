"""Writing: entries appended to the log, each with the rows it stores, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select

from sijill.ledger import chain, engine
from sijill.ledger.schema import log

Row = dict[str, Any]
Rows = Sequence[tuple[Table, Row]]


class Head:
    """The last entry of the log: its number and hash."""

    def __init__(self, connection: Connection) -> None:
        row = connection.execute(select(log.c.n, log.c.hash).order_by(log.c.n.desc()).limit(1)).first()
        self.n: int = row.n if row else 0
        self.hash: bytes = bytes(row.hash) if row else chain.START


class Ink:
    """A transaction under way. Rows are gathered and written by `flush`, or at the end."""

    def __init__(self, connection: Connection, who: str, now: Callable[[], str]) -> None:
        self.connection, self.who, self.now = connection, who, now
        self.head = Head(connection)
        self._waiting: dict[Table, list[Row]] = defaultdict(list)

    @property
    def next(self) -> int:
        """The number that the next entry will have."""
        return self.head.n + 1

    def entry(self, what: str, rows: Rows, *, key: str | None = None, why: str | None = None) -> int:
        """Appends one entry with the rows it stores; its number."""
        number, leaves = self.next, []
        for n, (table, row) in enumerate(rows):
            own = chain.salt()
            row |= {"entry": number, "n": n, "salt": own}
            row["leaf"] = chain.leaf(own, row.pop("content", None) or chain.content(table, row))
            leaves.append(row["leaf"])
            self._waiting[table].append(row)
        why_salt = chain.salt() if why is not None else None
        told: Row = {
            "n": number, "at": self.now(), "who": self.who, "what": what, "key": key,
            "why": why, "why_salt": why_salt,
            "why_leaf": chain.leaf(why_salt, ["why", why]) if why_salt else None,
            "leaves": len(leaves), "root": chain.root(leaves), "prev": self.head.hash,
        }  # fmt: skip
        told["hash"] = chain.entry_hash(told)
        self._waiting[log].append(told)
        self.head.n, self.head.hash = number, told["hash"]
        return number

    def row(self, table: Table, row: Mapping[str, Any]) -> None:
        """A row of a derived table."""
        self._waiting[table].append(dict(row))

    def flush(self) -> None:
        """Writes what has been gathered."""
        for table, rows in self._waiting.items():
            self.connection.execute(insert(table), rows)
        self._waiting.clear()


@contextmanager
def change(base: Engine, who: str, now: Callable[[], str]) -> Iterator[Ink]:
    """A transaction that is written whole or not at all."""
    with engine.writing(base) as connection:
        ink = Ink(connection, who, now)
        yield ink
        ink.flush()


def entries(connection: Connection) -> int:
    """How many entries the log has."""
    return int(connection.execute(select(func.count()).select_from(log)).scalar_one())
