"""Corrections: what was published before and holds no longer, row by row.

Only what the profile shows is compared, so that a correction cannot tell what a row did not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from sijill.incidents import Incident
from sijill.publish.columns import descriptions
from sijill.publish.names import Names
from sijill.publish.profile import Profile
from sijill.publish.table import Field, Row, Table, wide

Many = Callable[[], Iterable[Incident]]
"""Gives the incidents anew each time it is called."""

_COLUMNS = ("incident", "what", "column", "before", "after")


def corrections(before: Many, after: Many, names: Names, profile: Profile) -> Table:
    """What changed, was merged or retracted between two states, sorted by id.

    Memory: 24 bytes or so an incident, and the rows that changed. An incident that is merely new is
    no correction.
    """
    said = descriptions()
    fields = tuple(Field(name, "text", said[name].en, said[name].ar, said[name].hxl) for name in _COLUMNS)
    return Table("corrections", fields, _rows(before, after, names, profile))


def _rows(before: Many, after: Many, names: Names, profile: Profile) -> Iterator[Row]:
    """The corrections."""
    known = {row[0]: _mark(row) for row in wide(before(), names, profile).rows}
    changed: dict[str, Row] = {}
    merged: dict[str, str] = {}
    retracted: set[str] = set()
    for incident in after():
        for former in incident.formerly:
            merged[former] = incident.id
        if incident.id not in known:
            continue
        row = next(iter(wide([incident], names, profile).rows))
        mark = known.pop(incident.id)
        if incident.standing == "retracted":
            retracted.add(incident.id)
        if mark != _mark(row):
            changed[incident.id] = row
    columns = [field.name for field in wide((), names, profile).fields]
    out: list[Row] = []
    for identity in known:
        into = merged.get(identity)
        out.append([identity, "merged" if into else "retracted", None, None, into])
    for row in wide((one for one in before() if one.id in changed), names, profile).rows:
        now = changed[row[0]]
        what = "retracted" if row[0] in retracted else "changed"
        for name, old, new in zip(columns, row, now, strict=True):
            if old != new:
                out.append([row[0], what, name, _text(old), _text(new)])
    yield from sorted(out, key=lambda row: (row[0], row[2] or ""))


def _mark(row: Row) -> bytes:
    """Eight bytes that stand for a row."""
    return hashlib.blake2b(msgspec.json.encode(row), digest_size=8).digest()


def _text(cell: Any) -> str | None:
    """A cell as text."""
    if cell is None:
        return None
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
