"""Writers of text forms: CSV, JSON lines, GeoJSON. Each takes a table and a stream, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

import msgspec

from sijill.incidents import Incident
from sijill.publish.rows import guarded
from sijill.publish.table import Row, Table

BOM = b"\xef\xbb\xbf"
BATCH = 20_000
"""Rows that are held at a time."""

_SUSPECT = frozenset("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20 \u00a0")
_WORDS = {True: "true", False: "false"}


def write_csv(table: Table, stream: BinaryIO, *, bom: bool = False, hxl: bool = False) -> None:
    """Rows as CSV (RFC 4180, UTF-8). `bom` opens with the mark without which spreadsheets garble
    Arabic; `hxl` adds the row of tags below the names. Empty is 'not told'."""
    if bom:
        stream.write(BOM)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([field.name for field in table.fields])
    if hxl:
        writer.writerow([field.hxl for field in table.fields])
    fixes = _fixes(table)
    for batch in batches(table.walk()):
        for row in batch:
            cells = list(row)
            for at, fix in fixes:
                cell = cells[at]
                if cell is not None:
                    cells[at] = fix(cell)
            writer.writerow(cells)
        stream.write(text.getvalue().encode("utf-8", "replace"))
        text.seek(0)
        text.truncate()
    stream.write(text.getvalue().encode("utf-8", "replace"))


def _fixes(table: Table) -> list[tuple[int, Callable[[Any], Any]]]:
    """For each column whose cells may need it: what makes them fit for CSV."""
    out: list[tuple[int, Callable[[Any], Any]]] = []
    for at, field in enumerate(table.fields):
        if field.kind in ("text", "list", "code"):
            out.append((at, _safe))
        elif field.kind == "flag":
            out.append((at, _WORDS.__getitem__))
        elif field.kind == "day":
            out.append((at, date.isoformat))
    return out


def _safe(cell: Any) -> Any:
    """Text that no spreadsheet runs as a formula."""
    return guarded(cell) if cell and cell[0] in _SUSPECT else cell


def batches(rows: Iterable[Row], size: int = BATCH) -> Iterator[list[Row]]:
    """Rows in lists of `size`."""
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def write_jsonl(incidents: Iterable[Incident], stream: BinaryIO) -> int:
    """Incidents one a line, in the form that `--incidents` reads; how many."""
    encode, count = msgspec.json.Encoder().encode, 0
    for incident in incidents:
        stream.write(encode(incident) + b"\n")
        count += 1
    return count


def write_rows_jsonl(table: Table, stream: BinaryIO) -> None:
    """Rows one a line, as objects; cells that are not told are left out."""
    encode = msgspec.json.Encoder().encode
    names = [field.name for field in table.fields]
    for row in table.walk():
        stream.write(encode(told(names, row)) + b"\n")


def told(names: Sequence[str], row: Row) -> dict[str, Any]:
    """A row as an object, without what is not told."""
    return {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}


def write_geojson(table: Table, stream: BinaryIO) -> None:
    """A FeatureCollection (RFC 7946); an incident without a point has no geometry."""
    encode = msgspec.json.Encoder().encode
    names = [field.name for field in table.fields]
    lat, lon = names.index("lat"), names.index("lon")
    stream.write(b'{"type":"FeatureCollection","features":[')
    comma = b"\n"
    for row in table.walk():
        point = None
        if row[lat] is not None and row[lon] is not None:
            point = {"type": "Point", "coordinates": [row[lon], row[lat]]}
        properties = dict(zip(names, row, strict=True))
        feature = {"type": "Feature", "geometry": point, "properties": properties}
        stream.write(comma + encode(feature))
        comma = b",\n"
    stream.write(b"\n]}\n")
