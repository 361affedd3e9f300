"""Questions to the register from Python; each gives a small typed result with `to_polars`, `to_pandas`.

    from sijill import ask

    table = ask.table("register.db")
    ask.tally(table, by=["month", "governorate"], asked=ask.where("actor=IS since=2023"))
    ask.compare(table, "2024-01/2024-02", "2024-03", measure="killed").said[0].en

Every figure is a documented minimum: of what was reported and read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from sijill.errors import InputError
from sijill.filters import parse as where
from sijill.incidents import Incident
from sijill.ledger.register import Register
from sijill.lexicon.load import cache_folder
from sijill.tally import store
from sijill.tally.check import check
from sijill.tally.compare import compare, compare_figures
from sijill.tally.count import count as tally
from sijill.tally.missing import missing
from sijill.tally.panel import backtest
from sijill.tally.record import record
from sijill.tally.scope import Published, of_tally
from sijill.tally.series import series
from sijill.tally.table import Table
from sijill.tally.watch_table import watch_table as watch

__all__ = [
    "Published", "Table", "backtest", "check", "compare", "compare_figures", "incidents", "missing",
    "published", "read_incidents", "record", "series", "table", "table_of_register", "tally",
    "watch", "where",
]  # fmt: skip

KEPT_FROM = 20_000
"""Incidents from which a register's columns are kept in the cache folder: fewer are made faster than read."""

_decoder = msgspec.json.Decoder(Incident)


def table(source: str | Path | Iterable[Incident], *, as_of: str | None = None) -> Table:
    """The incidents in columns: of a register (a path or an address), a .jsonl file, or any incidents."""
    if isinstance(source, str | Path):
        if str(source).endswith(".jsonl"):
            return Table.of(read_incidents(Path(source)))
        with closing(Register.open(str(source))) as register:
            return table_of_register(register, str(source), as_of=as_of)
    return Table.of(source)


def table_of_register(register: Register, name: str, *, as_of: str | None = None) -> Table:
    """The columns of a register, from the cache where nothing was written since.

    The head of the log stands for all that the register holds, what is worked out included.
    """
    if as_of is not None:
        return Table.of(register.incidents(as_of=as_of))
    own = hashlib.sha256(name.encode()).hexdigest()[:12]
    path = cache_folder() / f"columns-{own}-{register.head()[1][:24]}.npz"
    held = store.load(path)
    if held is not None:
        return held
    made = Table.of(register.incidents())
    with suppress(OSError):
        for old in path.parent.glob(f"columns-{own}-*.npz"):
            old.unlink()
        if len(made) >= KEPT_FROM:
            store.save(made, path)
    return made


def read_incidents(path: Path) -> Iterator[Incident]:
    """The incidents of a JSONL file; InputError names the line that holds none."""
    with path.open("rb") as lines:
        for place, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _decoder.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise InputError(
                    f"{path}:{place}", f"no incident ({error})", "write one incident a line"
                ) from None


def published(register: Register) -> Iterator[Published]:
    """The tallies that the reports of a register tell, as figures to check; retracted ones left out."""
    for held in register.tallies():
        if not held.retracted:
            yield of_tally(held.record, id=held.id, published=held.published, text=held.words)


def incidents(register: Register, ids: Iterable[str]) -> Iterator[Incident]:
    """The incidents of those ids."""
    for own in ids:
        found = register.incident(own)
        if found is not None:
            yield found
