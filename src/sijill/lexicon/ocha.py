"""Tables of administrative units with p-codes as OCHA publishes them (COD-AB), as CSV or XLSX.

Columns are known by name in the forms that the datasets use: `admin2Name_ar`, `ADM2_AR`,
`admin2Pcode`, `ADM2_PCODE`; each line gives its lowest unit and names those above it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sijill.errors import UsageError
from sijill.lexicon.geonames import arabic_names
from sijill.lexicon.placing import COLUMNS

_LEVEL = {"1": "governorate", "2": "district", "3": "subdistrict", "4": "settlement"}
_NAME = re.compile(r"adm(?:in)?([0-4])(?:name)?_?(ar|en|pcode)", re.IGNORECASE)
_POINT = {
    "lat": ("latitude", "lat", "y_coord", "latitude_y"),
    "lon": ("longitude", "lon", "x_coord", "longitude_x"),
}


def units(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a table in our columns, larger units first; `parent` is a p-code.

    Raises UsageError for a file that is no such table.
    """
    lines = _lines(file)
    head = [str(cell or "").strip() for cell in next(lines, ())]
    columns = {
        match[1] + match[2].lower(): n for n, cell in enumerate(head) if (match := _NAME.fullmatch(cell))
    }
    levels = [level for level in _LEVEL if f"{level}pcode" in columns and f"{level}ar" in columns]
    if not levels:
        wanted = "admin1Pcode and admin1Name_ar (or ADM1_PCODE, ADM1_AR)"
        raise UsageError(
            f"{file}:1: no columns {wanted}; give a table of COD-AB from https://data.humdata.org/"
        )
    point = {key: n for key, names in _POINT.items() for n, cell in enumerate(head) if cell.lower() in names}
    found: dict[str, dict[str, str]] = {}
    for cells in lines:
        row = [str(cell if cell is not None else "").strip() for cell in cells] + [""] * len(head)
        for level in levels:
            code, above = row[columns[f"{level}pcode"]], _above(row, columns, level)
            names = arabic_names(re.split(r"[/|]", row[columns[f"{level}ar"]]))
            if code and above and names and code not in found:
                at = {key: row[n] for key, n in point.items()} if level == levels[-1] else {}
                english = row[columns[f"{level}en"]] if f"{level}en" in columns else ""
                found[code] = _row(code, above, names, _LEVEL[level], english, at)
    yield from sorted(found.values(), key=lambda row: (len(row["pcode"]), row["pcode"]))


def _above(row: Sequence[str], columns: dict[str, int], level: str) -> str:
    """The p-code of the unit above; the country's code where the table names none."""
    for upper in range(int(level) - 1, -1, -1):
        if f"{upper}pcode" in columns and row[columns[f"{upper}pcode"]]:
            return row[columns[f"{upper}pcode"]]
    return row[columns[f"{level}pcode"]][:2]


def _row(
    code: str, above: str, names: Sequence[str], kind: str, english: str, point: dict[str, str]
) -> dict[str, str]:
    country = code[:2].lower()
    whole = {**dict.fromkeys(COLUMNS, ""), **(point if all(point.values()) else {})}
    whole |= {"id": f"{country}-cod-{code.lower()}", "name": names[0], "other_names": "|".join(names[1:])}
    return whole | {
        "kind": kind,
        "parent": above,
        "pcode": code,
        "source": "ocha",
        "note": english.replace(";", ","),
    }


def _lines(file: Path) -> Iterator[Sequence[Any]]:
    """The lines of a table."""
    if not file.is_file():
        raise UsageError(f"{file}: no such file; download a table of COD-AB from https://data.humdata.org/")
    if file.suffix.lower() in (".xlsx", ".xlsm"):
        yield from _sheets(file)
        return
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield from csv.reader(lines)
    except UnicodeDecodeError:
        raise UsageError(f"{file}: not UTF-8; save the table as CSV UTF-8") from None


def _sheets(file: Path) -> Iterator[Sequence[Any]]:
    """The lines of the sheet with the lowest units."""
    try:
        import openpyxl
    except ImportError:
        raise UsageError(
            f"{file}: needs openpyxl; pip install 'sijill[gazetteer]', or save it as CSV"
        ) from None
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as error:
        raise UsageError(
            f"{file}: no spreadsheet ({type(error).__name__}); save it again, or as CSV"
        ) from None

    def depth(sheet: Any) -> int:
        head = next(sheet.iter_rows(max_row=1, values_only=True), ())
        found = (_NAME.fullmatch(str(cell or "").strip()) for cell in head)
        return max((int(match[1]) for match in found if match and match[2].lower() == "pcode"), default=-1)

    yield from max(book.worksheets, key=depth).iter_rows(values_only=True)
