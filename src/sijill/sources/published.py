"""Published event tables by their format's name: each row a report of one incident. Add a row to FORMATS
for another table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec
import yaml

from sijill.errors import InputError
from sijill.lexicon.load import DATA
from sijill.records import Mention, Report
from sijill.sources import acled, ged
from sijill.sources.cells import Cells
from sijill.sources.document import Document
from sijill.sources.meanings import Meanings
from sijill.sources.rows import Unknown, coded_document
from sijill.sources.source import Notice

Incident = Callable[
    [Mapping[str, str], int, str, Mapping[str, Any], Meanings, Unknown], tuple[Report, Mention]
]
FORMATS: dict[str, Incident] = {"ged": ged.incident, "acled": acled.incident}


@lru_cache(maxsize=4)
def tables(name: str) -> Any:
    """The tables of a format."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def read(
    rows: Iterable[Cells | InputError], path: str, name: str, meanings: Meanings, *, notice: Notice
) -> Iterator[Document | InputError]:
    """The documents of a table, one for each row."""
    incident, table, unknown = FORMATS[name], tables(name), Unknown()
    header: list[str] | None = None
    seen: set[str] = set()
    for row in rows:
        if isinstance(row, InputError):
            yield row
            continue
        where = f"{path}:{row.number}"
        if header is None:
            header = [cell.strip().lower() for cell in row.cells]
            missing = [column for column in table["needs"] if column not in header]
            if missing:
                what = f"is no {table['name']} table: it lacks {', '.join(missing[:8])}"
                yield InputError(path, what, "check --format, or use a column map (--map)")
                return
            continue
        if len(row.cells) != len(header):
            yield InputError(
                where, f"has {len(row.cells)} cells under {len(header)} columns", "get the table again"
            )
            continue
        told = dict(zip(header, row.cells, strict=True))
        try:
            report, mention = incident(told, row.number, where, table, meanings, unknown)
        except InputError as error:
            yield error
            continue
        if report.id in seen:
            yield InputError(where, f"has the id of an earlier row ({report.id})", "remove one of them")
            continue
        seen.add(report.id)
        yield coded_document(report, [mention], msgspec.json.encode(told), where, meanings)
    if header is None:
        yield InputError(path, "is empty", "get the table again")
    unknown.tell(path, notice)
