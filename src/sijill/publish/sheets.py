"""Spreadsheets: right to left, real dates, a frozen head with filters, and no text that runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sijill.errors import UsageError
from sijill.publish.extras import need
from sijill.publish.table import Table

MOST = 1_048_575
"""Rows a sheet can hold below its head."""
LONGEST = 32_767
"""Characters a cell can hold."""


class Book:
    """A workbook that is written row by row. Needs the extra `xlsx`."""

    def __init__(self, path: Path, *, right_to_left: bool, properties: dict[str, str]) -> None:
        xlsxwriter = need("xlsxwriter", "xlsx")
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd",
        }  # fmt: skip
        self._book: Any = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties(properties)
        self._rtl = right_to_left
        self._head = self._book.add_format({"bold": True, "bg_color": "#D9E2EC", "bottom": 1})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})

    def table(self, table: Table, *, hxl: bool = False) -> None:
        """A sheet of a table's rows."""
        sheet = self._sheet(table.name)
        writes = [self._write(sheet, field.kind) for field in table.fields]
        for at, field in enumerate(table.fields):
            sheet.set_column(at, at, _width(field.name, field.kind))
        for at, field in enumerate(table.fields):
            sheet.write_string(0, at, field.name, self._head)
        if hxl:
            for at, field in enumerate(table.fields):
                sheet.write_string(1, at, field.hxl)
        line = 1 + hxl
        for row in table.walk():
            if line > MOST:
                raise UsageError(
                    f"a sheet holds {MOST:,} rows, and there are more; narrow the filter, or take "
                    "--format csv or parquet"
                )
            for at, cell in enumerate(row):
                if cell is not None:
                    writes[at](line, at, cell)
            line += 1
        sheet.freeze_panes(1 + hxl, 1)
        sheet.autofilter(hxl, 0, max(line - 1, 1), len(table.fields) - 1)

    def _write(self, sheet: Any, kind: str) -> Callable[[int, int, Any], Any]:
        """How a cell of that kind is written."""
        if kind in ("whole", "real"):
            write: Callable[[int, int, Any], Any] = sheet.write_number
            return write
        if kind == "flag":
            return lambda line, at, cell: sheet.write_boolean(line, at, cell)
        if kind == "day":
            return lambda line, at, cell: sheet.write_datetime(line, at, cell, self._date)
        return lambda line, at, cell: sheet.write_string(line, at, clean(str(cell)))

    def lines(self, name: str, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """A sheet of plain text, such as a read-me or a codebook."""
        sheet = self._sheet(name)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for line, row in enumerate(rows):
            for at, cell in enumerate(row):
                sheet.write_string(line, at, clean(cell), self._head if line == 0 else self._wrap)

    def _sheet(self, name: str) -> Any:
        """A new sheet."""
        sheet = self._book.add_worksheet(name)
        if self._rtl:
            sheet.right_to_left()
        return sheet

    def close(self) -> None:
        """Writes the file."""
        self._book.close()


def clean(text: str) -> str:
    """Text that XML can hold, no longer than a cell."""
    kept = "".join(char for char in text if char >= " " or char in "\t\n")
    return kept.encode("utf-8", "replace").decode()[:LONGEST]


def _width(name: str, kind: str) -> int:
    """How wide a column is, in characters."""
    return max(len(name) + 3, {"text": 22, "list": 22, "day": 12}.get(kind, 8))
