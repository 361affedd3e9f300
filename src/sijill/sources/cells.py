"""Rows of tables as text cells, from CSV and from XLSX, one at a time."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sijill.errors import InputError
from sijill.sources import table, zips
from sijill.sources.extras import needed
from sijill.sources.source import Source

MOST_COLUMNS = 1_000
MOST_EMPTY = 10_000
"""So many empty rows in a row end a sheet: a sheet may claim a million."""


class Cells(NamedTuple):
    """One row: its number in the file, counted from 1, and its cells without blanks around them."""

    number: int
    cells: list[str]


def of_csv(source: Source) -> Iterator[Cells | InputError]:
    """The rows of a CSV or TSV file; empty rows are passed over."""
    csv.field_size_limit(max(csv.field_size_limit(), source.limit))
    feed = table._Feed(source)
    rows = csv.reader(feed, delimiter=delimiter(source.peek()), strict=True)
    while True:
        begin = feed.number + 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            yield InputError(source.where(begin), f"is a broken row ({error})", table._QUOTES)
            if "field limit" in str(error):
                return
            continue
        yield from table._drained(feed)
        if any(cell.strip() for cell in cells):
            yield Cells(begin, [cell.strip() for cell in cells])
    yield from table._drained(feed)


def delimiter(head: str) -> str:
    """The separator that stands most often in the first line."""
    first = next((line for line in head.lstrip("\ufeff").split("\n") if line.strip()), "")
    return max((",", ";", "\t", "|"), key=first.count)


def of_xlsx(data: bytes, path: str, sheet: str | None, limit: int) -> Iterator[Cells | InputError]:
    """The rows of a sheet: the one of that name, else the first that holds anything."""
    zips.check(data, path, limit)
    openpyxl = needed("openpyxl", "sheets")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                yield from _sheet(_chosen(book, path, sheet))
            finally:
                book.close()
    except InputError:
        raise
    except Exception as error:  # whatever the parser makes of a file, it costs this file only
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:100]
        raise InputError(path, f"is a broken XLSX ({reason})", "save it again, or save it as CSV") from None


def _chosen(book: Any, path: str, sheet: str | None) -> Any:
    """The sheet to read."""
    if sheet is not None:
        if sheet not in book.sheetnames:
            names = ", ".join(book.sheetnames)
            raise InputError(
                path, f"has no sheet {sheet!r} (it has: {names})", "mend `sheet` in the column map"
            )
        return book[sheet]
    filled = (one for one in book.worksheets if any(any(row) for row in _first(one)))
    return next(filled, book.worksheets[0])


def _first(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The first rows of a sheet."""
    yield from sheet.iter_rows(max_row=20, max_col=50, values_only=True)


def _sheet(sheet: Any) -> Iterator[Cells]:
    """The rows of a sheet that hold anything."""
    sheet.reset_dimensions()  # what a file says of its size need not be true
    empty = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
        cells = [said(content) for content in row]
        if any(cells):
            empty = 0
            while cells and not cells[-1]:
                cells.pop()
            yield Cells(number, cells)
        elif (empty := empty + 1) > MOST_EMPTY:
            return


def said(content: object) -> str:
    """A cell as text: days as ISO, whole numbers without a point, nothing for nothing."""
    if content is None:
        return ""
    if isinstance(content, datetime):
        return content.isoformat(sep=" ") if content.time() != time() else content.date().isoformat()
    if isinstance(content, date | time):
        return content.isoformat()
    if isinstance(content, float) and content.is_integer():
        return str(int(content))
    return str(content).strip()
