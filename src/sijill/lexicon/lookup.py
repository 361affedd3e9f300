"""Looking into the gazetteer: who bears a name, what lies in a place, a place of one's own."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

from sijill.arabic.words import split
from sijill.errors import LexiconError, UsageError
from sijill.lexicon import check_places
from sijill.lexicon.compile import data_files, load_yaml
from sijill.lexicon.entries import Compiled, PlaceEntry
from sijill.lexicon.finder import Finder
from sijill.lexicon.load import DATA
from sijill.lexicon.placing import COLUMNS, KINDS, PlaceRow, line, read_rows

OWN = "own.csv"


def bearers(lexicon: Compiled, name: str) -> dict[str, bool]:
    """The ids that a name may mean, and whether a word for a place must stand before it."""
    words = split(name).words
    found: dict[str, bool] = {}
    for match in Finder(lexicon).find(words):
        whole = match.end == len(words) and match.start <= 1 and not match.form.preposition
        if match.kind == "place" and whole:
            bare = match.entry.role == "word" and match.start == 0
            found[match.entry.code] = found.get(match.entry.code, True) and bare
    return found


def listing(
    lexicon: Compiled, *, kind: str | None = None, parent: str | None = None, country: str | None = None
) -> Iterator[PlaceEntry]:
    """The places of a kind, in a place or in a country. Raises UsageError for what is unknown."""
    if kind is not None and kind not in KINDS:
        raise UsageError(f"{kind}: no such kind of place; there are {', '.join(KINDS)}")
    if parent is not None and parent not in lexicon.places:
        raise UsageError(f"{parent}: no place has this id; `sijill places NAME` shows the ids of a name")
    for place in lexicon.places.values():
        if kind is not None and kind_of(place) != kind:
            continue
        if country is not None and place.country != country.upper():
            continue
        if parent is None or any(above.id == parent for above in line(lexicon.places, place.parent)):
            yield place


def kind_of(place: PlaceEntry) -> str:
    """The kind as the table has it; a part of a governorate is a region there."""
    return "region" if "part" in place.note.split("; ") and place.kind == "governorate" else place.kind


def add(
    folder: Path, *, name: str, kind: str, parent: str, other_names: str = "", lat: str = "", lon: str = "",
    source: str = "own", note: str = "", identity: str = "",
) -> PlaceRow:  # fmt: skip
    """Writes a place into a folder of one's own, `places/own.csv`; the row.

    Raises LexiconError with every fault of the row, and then writes nothing.
    """
    file = folder / "places" / OWN
    base = _rows(DATA)
    own = _rows(folder) if folder.is_dir() else []
    cells = dict(zip(COLUMNS, (
        identity or new_id(name, parent), name, other_names, kind, parent, lat, lon, "", source, note,
    ), strict=True))  # fmt: skip
    row = PlaceRow(file, _next_line(file), cells)
    row = _marked(base, own, row)
    faults = [
        fault
        for fault in check_places.check(base, [*own, row], place_words())
        if (fault.file, fault.line) == (str(file), row.line)
    ]
    if faults:
        raise LexiconError(faults)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerow([row[column] for column in COLUMNS])
    return row


def new_id(name: str, parent: str) -> str:
    """An id for a place of one's own, always the same for the same name and parent."""
    told = hashlib.sha256(f"{name}|{parent}".encode()).hexdigest()[:8]
    return f"own-{parent.partition('-')[0] or 'x'}-{told}"


def place_words() -> list[str]:
    """Words for a place that are no part of its name."""
    words: list[str] = load_yaml(DATA / "place_words.yaml")
    return words


def _rows(folder: Path) -> list[PlaceRow]:
    tables = [file for file in data_files([folder]) if file.suffix == ".csv" and file.parent.name == "places"]
    return [row for file in tables for row in read_rows(file)[0]]


def _next_line(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines()) + 1 if file.exists() else 2


def _marked(base: list[PlaceRow], own: list[PlaceRow], row: PlaceRow) -> PlaceRow:
    """The row with the marks that its equals ask for."""
    marks = check_places.asked_marks([*base, *own, row], row, frozenset(place_words()))
    note = "; ".join([part for part in (row["note"], *sorted(marks)) if part])
    return PlaceRow(row.file, row.line, {**row.cells, "note": note})
