"""Exports: which layout a format has, and the order in which its files are written."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from sijill.errors import UsageError
from sijill.incidents import Incident
from sijill.publish import acled, columnar, ged, hapi, plover, sheets, table, writers
from sijill.publish.about import Request, about, readme
from sijill.publish.corrections import corrections
from sijill.publish.material import Material
from sijill.publish.names import Names, names
from sijill.publish.package import package, resource
from sijill.publish.profile import Safety
from sijill.publish.table import Table

T = TypeVar("T")
Layout = Callable[[Iterable[Incident], Names, Request], Table]

LAYOUTS: dict[str, Layout] = {
    "acled": acled.layout,
    "ged": ged.layout,
    "hapi": hapi.layout,
    "plover": plover.layout,
}
"""Layouts of others' making; each is CSV, or Parquet or a spreadsheet where the file's suffix says so."""

OWN = ("csv", "xlsx", "parquet", "geojson", "gpkg", "jsonl")
FORMATS = (*OWN, *LAYOUTS, "mentions")
"""Every `--format`."""

NO_MARK = ("acled", "ged", "hapi", "plover")
"""Layouts for programs, whose CSV has no byte order mark."""


@dataclass(slots=True)
class Done:
    """What an export came to: rows by table, and what it could not hold."""

    rows: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def container(format: str, out: Path | None) -> str:
    """The kind of file that holds a format: csv, xlsx, parquet, geojson, gpkg or jsonl."""
    if format in OWN:
        return format
    suffix = out.suffix.lower().lstrip(".") if out is not None else ""
    return suffix if suffix in ("xlsx", "parquet", "jsonl") else "csv"


def file_name(request: Request, kind: str) -> str:
    """The name of the main file in a folder."""
    stem = request.format if request.format not in OWN else "incidents"
    return f"{'tolls' if request.form == 'long' and stem == 'incidents' else stem}.{kind}"


@contextmanager
def steady() -> Iterator[None]:
    """Without the collector of cycles, which would walk every batch of rows again; rows have none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def reckoned(today: str, as_of: str | None) -> str:
    """The day from which delays count back: never later than today, whatever `as_of` says."""
    return min(today, as_of) if as_of else today


class Exporter:
    """Writes the files of one export from the material, each in a pass of its own."""

    def __init__(self, material: Material, request: Request) -> None:
        self.material, self.request = material, request
        self.names = names()
        self.safety = Safety(request.profile, reckoned(request.today, request.as_of), self.names)
        self.done = Done()
        self._resources: list[dict[str, Any]] = []

    def main(self, stream: BinaryIO, kind: str, *, mark: bool = True) -> Table:
        """Writes the main file; the table that it holds, without fields where it holds records.

        `mark` False leaves the byte order mark of CSV away.
        """
        with steady():
            return self._main(stream, kind, mark)

    def _main(self, stream: BinaryIO, kind: str, mark: bool) -> Table:
        """Writes the main file."""
        request = self.request
        if request.format == "jsonl":
            self.done.rows["incidents"] = writers.write_jsonl(self.incidents(figures=True), stream)
            return Table("incidents", (), iter(()))
        shown = self._table()
        if kind == "xlsx":
            self._book(shown, stream)
        else:
            self._write(shown, stream, kind, mark=mark)
        self.done.rows[shown.name] = shown.count
        self.done.notes += shown.notes
        return shown

    def side(self, what: str, stream: BinaryIO, kind: str) -> Table:
        """Writes a table beside the main one: tolls, control or tallies."""
        shown = self._side(what)
        self._write(shown, stream, kind, mark=True)
        self.done.rows[shown.name] = shown.count
        return shown

    def corrections(self, before: Material, as_of: str | None, stream: BinaryIO) -> Table:
        """Writes what changed since an earlier state."""

        def then() -> Iterator[Incident]:
            return self._safe(before.incidents(self.request.asked, as_of), figures=False)

        shown = corrections(then, lambda: self.incidents(figures=False), self.names, self.request.profile)
        writers.write_csv(shown, stream, bom=True)
        self.done.rows[shown.name] = shown.count
        return shown

    def describe(self, shown: Table, name: str, draft: Path) -> None:
        """Takes a written file into the description."""
        hxl = self.request.hxl and shown.name not in ("corrections",) and Path(name).suffix == ".csv"
        bom = self.request.format not in NO_MARK or shown.name == "corrections"
        self._resources.append(resource(shown, name, draft, hxl=hxl, bom=bom))

    def package(self) -> bytes:
        """`datapackage.json` of what was described."""
        return package(self.request, self._resources, self.done.notes)

    def incidents(self, *, figures: bool) -> Iterator[Incident]:
        """The incidents that may be shown."""
        return self._safe(self.material.incidents(self.request.asked, self.request.as_of), figures=figures)

    def _safe(self, incidents: Iterable[Incident], *, figures: bool) -> Iterator[Incident]:
        """Those of the incidents that may be shown, as they may be shown."""
        show = self.safety.incident
        for incident in incidents:
            shown = show(incident, figures=figures)
            if shown is not None:
                yield shown

    def _table(self) -> Table:
        """The main table."""
        request = self.request
        if request.format == "mentions":
            held = map(self.safety.mention, self.material.mentions(request.asked, request.as_of))
            return table.mentions((one for one in held if one is not None), request.profile)
        if request.format in LAYOUTS:
            return LAYOUTS[request.format](self.incidents(figures=False), self.names, request)
        if request.form == "long" and request.format not in ("geojson", "gpkg"):
            return self._side("tolls")
        return table.wide(self.incidents(figures=False), self.names, request.profile)

    def _side(self, what: str) -> Table:
        """A table beside the main one."""
        profile = self.request.profile
        if what == "tolls":
            return table.long(self.incidents(figures=True), self.names, profile)
        if what == "tallies":
            return table.tallies(
                map(self.safety.tally, self.material.tallies(restricted=profile.restricted)), profile
            )
        held = map(self.safety.control, self.material.controls(restricted=profile.restricted))
        return table.controls((one for one in held if one is not None), profile)

    def _write(self, shown: Table, stream: BinaryIO, kind: str, *, mark: bool) -> None:
        """Writes a table in a kind of file."""
        if kind == "csv":
            bom = mark and self.request.format not in NO_MARK
            writers.write_csv(shown, stream, bom=bom, hxl=self.request.hxl)
        elif kind == "parquet":
            columnar.write_parquet(shown, stream)
        elif kind == "geojson":
            writers.write_geojson(shown, stream)
        elif kind == "jsonl":
            writers.write_rows_jsonl(shown, stream)
        elif kind == "gpkg":
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "incidents.gpkg"
                columnar.write_gpkg(shown, path)
                with path.open("rb") as file:
                    shutil.copyfileobj(file, stream)
        else:
            raise UsageError(f"{kind!r} is no kind of file; choose one of csv, xlsx, parquet, jsonl")

    def _book(self, shown: Table, stream: BinaryIO) -> None:
        """Writes a workbook: read-me, the tables, the codebook."""
        request = self.request
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "incidents.xlsx"
            title = about().title.of(request.lang)
            comments = f"profile {request.profile.name}; register {request.head or '-'}"
            properties = {"title": title, "author": "Sijill", "comments": comments}
            book = sheets.Book(path, right_to_left=request.lang == "ar", properties=properties)
            book.lines("readme", readme(request), (70, 70))
            tables = [shown]
            if request.format in OWN:
                others = ("control", "tallies") if request.form == "long" else ("tolls", "control", "tallies")
                tables += map(self._side, others)
            for each in tables:
                book.table(each, hxl=request.hxl)
                self.done.rows[each.name] = each.count
            book.lines("codebook", _codebook(tables), (14, 24, 10, 60, 60, 26))
            book.close()
            with path.open("rb") as file:
                shutil.copyfileobj(file, stream)


def _codebook(tables: Sequence[Table]) -> Iterator[Sequence[str]]:
    """The codebook sheet: every column of every sheet."""
    yield "sheet", "column", "type", "description", "description_ar", "hxl"
    for shown in tables:
        for each in shown.fields:
            yield shown.name, each.name, each.kind, each.en, each.ar, each.hxl
