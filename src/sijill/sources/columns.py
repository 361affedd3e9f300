"""Which column of somebody's own spreadsheet holds what: proposed from its header, shown, saved, used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import msgspec
import yaml

from sijill.arabic.fold import fold_words
from sijill.errors import UsageError
from sijill.lexicon.load import DATA
from sijill.records import Action, Status, Weapon

Kind = Literal["reports", "incidents"]
Order = Literal["dmy", "mdy", "ymd"]
_ABOUT = """\
# Which column holds what. `columns`: our field, then the header of its column as the file has it.
# `kind`: reports (a column of texts, to be read) or incidents (rows that are coded already).
# `dates`: dmy or mdy, for days such as 3/4/2024. `values`: what a cell means, field by field, such as
#   values: {actor: {the regime: SY-GOV}, action: {blast: ied}}
# Fields: docs/sources.md. `ignored` lists the columns that nothing is made of.
"""


class ColumnMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the columns of a file are read. `name` begins the ids of its rows; `header` is a row number."""

    name: str
    kind: Kind
    columns: dict[str, str]
    header: int = 1
    sheet: str | None = None
    dates: Order = "dmy"
    source: str | None = None
    country: str | None = None
    values: dict[str, dict[str, str]] = {}
    ignored: list[str] = []


@lru_cache(maxsize=1)
def data() -> Any:
    """The words of `columns.yaml`."""
    return yaml.safe_load((DATA / "columns.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _headers() -> dict[str, list[str]]:
    """Folded header words by field."""
    return {field: [plain(str(word)) for word in words] for field, words in data()["fields"].items()}


def plain(words: str) -> str:
    """Words folded, with blanks for whatever joins them."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold_words(words)).split())


class Sample(NamedTuple):
    """The header of a spreadsheet, the first rows under it, and the number of the header's row."""

    header: list[str]
    rows: list[list[str]]
    number: int


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows names the columns: the one with most words for them; the first if none has."""
    words = {word for known in _headers().values() for word in known}
    counts = [sum(plain(cell) in words for cell in row) for row in rows]
    return max(range(len(rows)), key=lambda at: (counts[at], -at))


def propose_map(
    header: Sequence[str], rows: Sequence[Sequence[str]], number: int = 1, *, name: str = "rows"
) -> ColumnMap:
    """The map that a header and some rows suggest. A column is taken once; the exact word outranks one
    that only holds it; of two equal columns the first."""
    columns: dict[str, str] = {}
    taken: set[int] = set()
    found = [(plain(cell), place) for place, cell in enumerate(header) if cell.strip()]
    for fits in (_is, _holds):
        for field, words in _headers().items():
            if field in columns:
                continue
            for cell, place in found:
                if place not in taken and fits(cell, words):
                    columns[field] = header[place]
                    taken.add(place)
                    break
    kind = _kind(columns, header, rows)
    if kind == "reports":
        columns = {field: column for field, column in columns.items() if field in _REPORT}
    return ColumnMap(
        name=re.sub(r"[^\w\-]+", "-", name).strip("-") or "rows", kind=kind, columns=columns,
        dates=_order(columns, header, rows), header=number,
        ignored=[cell for cell in header if cell.strip() and cell not in columns.values()],
    )  # fmt: skip


_REPORT = ("id", "url", "source", "published", "title", "text")
_FIGURES = (
    "killed",
    "wounded",
    "killed_civilians",
    "missing",
    "captured",
    "abducted",
    "arrested",
    "displaced",
)
_LONG = 120
_CODES = {"action": get_args(Action), "weapon": get_args(Weapon), "status": get_args(Status)}
_ACTOR = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*(/[A-Z0-9]+(-[A-Z0-9]+)*)*")


def _is(cell: str, words: list[str]) -> bool:
    """Is a header one of the words?"""
    return cell in words


def _holds(cell: str, words: list[str]) -> bool:
    """Does a header hold one of the words, whole? Short ones would be found anywhere."""
    return any(len(word) > 3 and f" {word} " in f" {cell} " for word in words)


def _kind(columns: dict[str, str], header: Sequence[str], rows: Sequence[Sequence[str]]) -> Kind:
    """Reports where there are long texts and no figures; incidents where there are days and places."""
    coded = sum(field in columns for field in ("actor", "target", "action", *_FIGURES))
    placed = any(field in columns for field in ("place", "admin1", "lat"))
    dated = "date" in columns or "published" in columns
    if "text" in columns and coded < 2:
        place = list(header).index(columns["text"])
        texts = [row[place] for row in rows if place < len(row) and row[place]]
        if not (dated and placed) or (texts and sum(map(len, texts)) / len(texts) > _LONG and not coded):
            return "reports"
    return "incidents" if dated and (placed or coded) else "reports"


def _order(columns: dict[str, str], header: Sequence[str], rows: Sequence[Sequence[str]]) -> Order:
    """Whether days or months stand first, where any date tells; days else."""
    places = [list(header).index(columns[field]) for field in ("date", "published") if field in columns]
    found = [
        re.match(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}", _latin(row[place]))
        for row in rows
        for place in places
        if place < len(row)
    ]
    pairs = [(int(match[1]), int(match[2])) for match in found if match]
    months_first = any(second > 12 for _, second in pairs) and not any(first > 12 for first, _ in pairs)
    return "mdy" if months_first else "dmy"


def _latin(text: str) -> str:
    """The text with the digits of any script as 0 to 9."""
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)


def check(column_map: ColumnMap, header: Sequence[str], where: str) -> None:
    """UsageError where a map does not fit a file, with every fault of it."""
    known = {*_headers()}
    faults = [f"{field!r} is no field" for field in column_map.columns if field not in known]
    faults += [f"no column is called {c!r}" for c in column_map.columns.values() if c not in header]
    if column_map.kind == "reports" and "text" not in column_map.columns:
        faults.append("no column is mapped to text")
    if column_map.kind == "incidents" and not {"date", "published"} & set(column_map.columns):
        faults.append("no column is mapped to date")
    faults += [
        f"values are given for {field!r}, which is no field"
        for field in column_map.values
        if field not in known
    ]
    faults += list(_bad_values(column_map.values))
    if faults:
        found = ", ".join(cell for cell in header[:30] if cell)
        raise UsageError(f"{where}: the column map does not fit: {'; '.join(faults)}. Columns: {found}")


def _bad_values(values: dict[str, dict[str, str]]) -> Iterator[str]:
    """Codes in `values` that there are none of."""
    for field, words in values.items():
        for word, code in words.items():
            codes = _CODES.get(field)
            if codes is not None and code not in codes:
                yield f"{word!r} is given the {field} {code!r}, which there is not"
            if field in ("actor", "target", "claimed_by") and not _ACTOR.fullmatch(code):
                yield f"{word!r} is given {code!r}, which is no code of an actor"


def save(column_map: ColumnMap, path: Path) -> None:
    """Writes a map as YAML, to be read and mended by people."""
    text = yaml.safe_dump(msgspec.to_builtins(column_map), allow_unicode=True, sort_keys=False, width=100)
    path.write_text(_ABOUT + text, encoding="utf-8")


def load(path: Path) -> ColumnMap:
    """The map of a YAML file; UsageError tells what is wrong with it."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), ColumnMap)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UsageError(f"{path}: is no column map ({reason}); propose a new one, or mend it") from None


def shown(
    column_map: ColumnMap, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[tuple[str, str, str]]:
    """The map as rows for eyes: column, field, the first cell that says something."""
    fields = {column: field for field, column in column_map.columns.items()}
    told = []
    for place, column in enumerate(header):
        if column:
            example = next((row[place] for row in rows if place < len(row) and row[place]), "")
            told.append((column, fields.get(column, "-"), " ".join(example.split())[:60]))
    return told
