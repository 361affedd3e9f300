"""A table on its way out: columns and a stream of rows, and how the records of the register become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sijill.incidents import Incident
from sijill.publish.columns import (
    CONTROL,
    INCIDENTS,
    MENTIONS,
    TALLIES,
    TOLLS,
    Column,
    Kind,
    View,
    descriptions,
)  # fmt: skip
from sijill.publish.names import Names
from sijill.publish.profile import Profile

T = TypeVar("T")
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table on its way out."""

    name: str
    kind: Kind
    en: str = ""
    ar: str = ""
    hxl: str = ""


@dataclass(slots=True)
class Table:
    """A name, the columns and the rows; the rows can be walked once. `count` grows as they go by.

    `notes` says what the layout could not hold, once the rows have gone by.
    """

    name: str
    fields: tuple[Field, ...]
    rows: Iterator[Row]
    count: int = 0
    key: str | None = None
    notes: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[Row]:
        """The rows, counted."""
        for row in self.rows:
            self.count += 1
            yield row


INTERNAL = {"words", "why_en", "why_ar", "received", "sensitivity", "retracted"}
"""Columns that a profile without words and people does not have at all."""


def shown(columns: Iterable[Column[T]], profile: Profile) -> tuple[Column[T], ...]:
    """The columns that a profile has."""
    hidden = set() if profile.words else set(INTERNAL)
    if not profile.links:
        hidden.add("url")
    return tuple(column for column in columns if column.name not in hidden)


def fields(columns: Iterable[Column[Any]]) -> tuple[Field, ...]:
    """The columns with what is said of them."""
    said = descriptions()
    return tuple(Field(c.name, c.kind, said[c.name].en, said[c.name].ar, said[c.name].hxl) for c in columns)


def wide(incidents: Iterable[Incident], names: Names, profile: Profile) -> Table:
    """One row an incident."""
    columns = shown(INCIDENTS, profile)
    gets = [column.get for column in columns]

    def rows() -> Iterator[Row]:
        for incident in incidents:
            view = View(incident, names)
            yield [get(view) for get in gets]

    return Table("incidents", fields(columns), rows(), key="incident")


def long(incidents: Iterable[Incident], names: Names, profile: Profile) -> Table:
    """One row for each outcome and group of an incident."""
    columns = shown(TOLLS, profile)
    gets = [column.get for column in columns]

    def rows() -> Iterator[Row]:
        for incident in incidents:
            view = View(incident, names)
            for toll in incident.tolls:
                yield [get((view, toll)) for get in gets]

    return Table("tolls", fields(columns), rows())


def _plain(name: str, columns: Sequence[Column[T]], key: str) -> Callable[[Iterable[T], Profile], Table]:
    """A layout whose rows are the records themselves."""

    def make(records: Iterable[T], profile: Profile) -> Table:
        chosen = shown(columns, profile)
        gets = [column.get for column in chosen]
        rows = ([get(record) for get in gets] for record in records)
        return Table(name, fields(chosen), rows, key=key)

    return make


mentions = _plain("mentions", MENTIONS, "mention")
tallies = _plain("tallies", TALLIES, "tally")
controls = _plain("control", CONTROL, "control")
