"""GeoNames dumps: https://download.geonames.org/export/dump/, one line a place, nineteen columns."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sijill.arabic.fold import fold_words, plain
from sijill.errors import UsageError

COLUMNS = 19
HOME = "https://download.geonames.org/export/dump/"
_LETTERS = frozenset(chr(code) for code in (*range(0x0621, 0x063B), *range(0x0641, 0x064B))) | {" ", "-"}
_MOST_NAMES = 6
_SKIP = ("readme.txt", "iso-languagecodes.txt")


@dataclass(frozen=True, slots=True)
class Feature:
    """One line of a dump, as far as we read it."""

    id: str
    name: str
    arabic: tuple[str, ...]
    lat: str
    lon: str
    code: str
    country: str
    admin1: str
    population: int


def features(file: Path, names: dict[str, list[str]] | None = None) -> Iterator[Feature]:
    """The places of a dump that have an Arabic name. Raises UsageError for what is no dump.

    `names` are further Arabic names by id, the usual ones first.
    """
    with _lines(file, COLUMNS) as lines:
        for cells in lines:
            told = [*(names or {}).get(cells[0], ()), *cells[3].split(",")]
            arabic = arabic_names(told)
            if arabic:
                population = int(cells[14]) if cells[14].isdigit() else 0
                yield Feature(
                    cells[0], cells[1], arabic, cells[4], cells[5], cells[7], cells[8], cells[10], population
                )


def alternates(file: Path) -> dict[str, list[str]]:
    """Arabic names by id, from alternateNamesV2: preferred ones first, historic ones left out."""
    found: dict[str, list[tuple[int, str]]] = {}
    with _lines(file, 4) as lines:
        for cells in lines:
            flags = [*cells[4:8], "", "", "", ""]
            if cells[2] == "ar" and flags[3] != "1":
                found.setdefault(cells[1], []).append((0 if flags[0] == "1" else 1, cells[3]))
    return {identity: [name for _, name in sorted(named)] for identity, named in found.items()}


def arabic_names(names: Iterable[str]) -> tuple[str, ...]:
    """Those that are written in Arabic letters, each spelling once."""
    kept: dict[str, str] = {}
    for name in names:
        bare = plain(name.strip())
        if len(bare) > 1 and set(bare) <= _LETTERS:
            kept.setdefault(fold_words(bare), bare)
    return tuple(kept.values())[:_MOST_NAMES]


@contextmanager
def _lines(file: Path, least: int) -> Iterator[Iterator[list[str]]]:
    """The lines of a dump cut at tabs; the first ones show whether it is one."""
    if not file.is_file():
        raise UsageError(f"{file}: no such file; download it from {HOME}")
    if file.suffix == ".zip" or zipfile.is_zipfile(file):
        try:
            with zipfile.ZipFile(file) as archive, archive.open(_member(file, archive)) as raw:
                yield _cells(file, io.TextIOWrapper(raw, encoding="utf-8"), least)
        except zipfile.BadZipFile:
            raise UsageError(f"{file}: a broken zip file; download it again from {HOME}") from None
    else:
        with file.open(encoding="utf-8") as text:
            yield _cells(file, text, least)


def _member(file: Path, archive: zipfile.ZipFile) -> str:
    """The table within a zip file: the one named after it, else the only one."""
    tables = [name for name in archive.namelist() if name.endswith(".txt") and name.lower() not in _SKIP]
    named = f"{file.stem}.txt"
    if named in tables:
        return named
    if len(tables) != 1:
        raise UsageError(f"{file}: holds no GeoNames table; download a country's zip from {HOME}")
    return tables[0]


def _cells(file: Path, text: Iterable[str], least: int) -> Iterator[list[str]]:
    number = 0
    try:
        for number, line in enumerate(text, 1):
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) < least:
                what = f"{len(cells)} columns where GeoNames has {least}"
                raise UsageError(f"{file}:{number}: {what}; download a dump from {HOME}")
            if not cells[0].isdigit():
                raise UsageError(f"{file}:{number}: no number first; download a dump from {HOME}")
            yield cells
    except UnicodeDecodeError:
        raise UsageError(f"{file}:{number + 1}: not UTF-8; download a dump from {HOME}") from None
    if not number:
        raise UsageError(f"{file}: empty; download a dump from {HOME}")
