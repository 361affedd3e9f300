"""Parquet and GeoPackage, written batch by batch."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from sijill.publish.extras import need
from sijill.publish.table import Field, Row, Table
from sijill.publish.writers import batches

PARQUET_BATCH = 50_000


def write_parquet(table: Table, stream: BinaryIO) -> None:
    """Rows as Parquet (zstd); codes as dictionaries. Needs the extra `parquet`."""
    pa = need("pyarrow", "parquet")
    parquet = need("pyarrow.parquet", "parquet")
    schema = _schema(pa, table.fields, dates=True)
    dictionaries = [field.name for field in table.fields if field.kind in ("code", "list")]
    with parquet.ParquetWriter(stream, schema, compression="zstd", use_dictionary=dictionaries) as writer:
        for batch in _arrow(pa, table, schema, PARQUET_BATCH):
            writer.write_batch(batch)


def _schema(pa: Any, fields: tuple[Field, ...], dates: bool) -> Any:
    """The Arrow schema of a table."""
    kinds = {"whole": pa.int64(), "real": pa.float64(), "flag": pa.bool_()}
    if dates:
        kinds["day"] = pa.date32()
    return pa.schema([(field.name, kinds.get(field.kind, pa.string())) for field in fields])


def _arrow(pa: Any, table: Table, schema: Any, size: int) -> Iterator[Any]:
    """The rows as record batches."""
    kinds = schema.types
    for rows in batches(table.walk(), size):
        columns = zip(*rows, strict=True)
        arrays = [pa.array(cells, kind) for cells, kind in zip(columns, kinds, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def write_gpkg(table: Table, path: Path) -> None:
    """Rows as a layer of a GeoPackage (points, WGS 84), written where nothing is yet. Needs the
    extra `gis`."""
    raw = need("pyogrio.raw", "gis")
    numpy = need("numpy", "gis")
    names = [field.name for field in table.fields]
    lat, lon = names.index("lat"), names.index("lon")
    first = True
    for rows in _at_least_one(batches(table.walk())):
        columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
        points = numpy.array([_point(row[lon], row[lat]) for row in rows], dtype=object)
        data, masks = [], []
        for field, cells in zip(table.fields, columns, strict=True):
            array, mask = _cells(numpy, field, cells)
            data.append(array)
            masks.append(mask)
        raw.write(
            str(path), points, data, names, field_mask=masks, layer=table.name, driver="GPKG",
            geometry_type="Point", crs="EPSG:4326", append=not first, promote_to_multi=False,
        )  # fmt: skip
        first = False


def _at_least_one(many: Iterator[list[Row]]) -> Iterator[list[Row]]:
    """The batches; an empty one where there is none, so that the layer exists."""
    first = next(many, [])
    yield first
    yield from many


def _point(lon: float | None, lat: float | None) -> bytes | None:
    """A point in well-known binary."""
    return None if lon is None or lat is None else struct.pack("<BIdd", 1, 1, lon, lat)


def _cells(numpy: Any, field: Field, cells: Any) -> tuple[Any, Any]:
    """A column as an array, with the mask of what is not told."""
    mask = numpy.array([cell is None for cell in cells], dtype=bool)
    if field.kind == "whole":
        return numpy.array([cell or 0 for cell in cells], dtype="int64"), mask
    if field.kind == "real":
        return numpy.array([cell or 0.0 for cell in cells], dtype="float64"), mask
    if field.kind == "flag":
        return numpy.array([bool(cell) for cell in cells], dtype=bool), mask
    if field.kind == "day":
        return numpy.array(list(cells), dtype="datetime64[D]").astype("datetime64[D]"), mask
    return numpy.array(list(cells), dtype=object), mask
