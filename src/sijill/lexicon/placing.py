"""The gazetteer's tables: rows of `places/*.csv` as entries, and what their parents make of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sijill.arabic.fold import fold_words
from sijill.errors import Fault
from sijill.lexicon.entries import PlaceEntry

COLUMNS = ("id", "name", "other_names", "kind", "parent", "lat", "lon", "pcode", "source", "note")
KINDS = (
    "country", "region", "governorate", "district", "subdistrict", "settlement", "quarter", "camp",
    "site", "road", "water", "mountain", "desert",
)  # fmt: skip
_WEIGHT = {"country": 9, "region": 7, "governorate": 8, "district": 5, "subdistrict": 4, "settlement": 3}
_ARTICLE = "\u0627\u0644"
_ABU, _ABI, _ABA = "\u0627\u0628\u0648", "\u0627\u0628\u064a", "\u0627\u0628\u0627"
_ALBU, _BU = "\u0627\u0644\u0628\u0648", "\u0628\u0648"
_UM, _KAFR, _TALL = "\u0627\u0645", "\u0643\u0641\u0631", "\u062a\u0644"
_HEADS: dict[str, tuple[str, ...]] = {
    _ABU: (_ABI, _ABA), _ABI: (_ABU,), _ABA: (_ABU,), _ALBU: (_BU,), _UM: (), _KAFR: (), _TALL: (),
}  # fmt: skip
"""First words of names that are also written together with the next, and their other cases."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One line of a table as it stands, and where it stands."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def names(self) -> list[str]:
        """Its name and other names."""
        return [self["name"], *filter(None, self["other_names"].split("|"))]

    @property
    def marks(self) -> list[str]:
        """The parts of its note: `shared`, `word`, `kind=oil_field` and the like."""
        return [part.strip() for part in self["note"].split(";")]


def read_rows(file: Path) -> tuple[list[PlaceRow], list[Fault]]:
    """The rows of a table. One whose columns are not ours gives a fault and no row."""
    rows: list[PlaceRow] = []
    faults: list[Fault] = []
    with file.open(encoding="utf-8", newline="") as lines:
        table = csv.reader(lines)
        head = tuple(next(table, ()))
        if head != COLUMNS:
            return [], [
                Fault(str(file), 1, f"the columns are {','.join(head)}", f"write {','.join(COLUMNS)}")
            ]
        line = table.line_num + 1
        for cells in table:
            if len(cells) == len(COLUMNS):
                rows.append(PlaceRow(file, line, dict(zip(COLUMNS, cells, strict=True))))
            elif cells:
                what = f"{len(cells)} columns instead of {len(COLUMNS)}"
                faults.append(Fault(str(file), line, what, "put names that hold a comma in quotation marks"))
            line = table.line_num + 1
    return rows, faults


def degrees(text: str) -> float | None:
    """A coordinate; None where there is none. Raises ValueError for what is no number."""
    return float(text) if text else None


def entry(row: PlaceRow) -> PlaceEntry:
    """The row as an entry, its governorate and country still unknown."""
    try:
        lat, lon = degrees(row["lat"]), degrees(row["lon"])
    except ValueError:
        lat = lon = None
    return PlaceEntry(row["id"], row["name"], row["kind"], row["parent"], lat, lon, row["pcode"], row["note"])


def placed(places: Mapping[str, PlaceEntry]) -> dict[str, PlaceEntry]:
    """The entries with governorate, country and weight, worked out from their parents.

    A part of one governorate ('the northern countryside of X', note `part`) is answered at the
    governorate's level, and so it takes the governorate's kind.
    """
    out: dict[str, PlaceEntry] = {}
    for place in places.values():
        admin1 = country = None
        for at in line(places, place.id):
            if at.kind == "governorate":
                admin1 = at.pcode or None
            if at.kind == "country":
                country = at.id.upper()
        part = "part" in place.note.split("; ") and admin1 is not None
        weight = _WEIGHT.get(place.kind, 2) + ("capital" in place.note) * 2
        out[place.id] = PlaceEntry(
            place.id, place.name, "governorate" if part else place.kind, place.parent, place.lat, place.lon,
            place.pcode, place.note, admin1, country, weight,
        )  # fmt: skip
    return dict(sorted(out.items()))


def line(places: Mapping[str, PlaceEntry], identity: str) -> Iterator[PlaceEntry]:
    """A place and what it lies in, itself first; ends where parents run in a ring."""
    seen: set[str] = set()
    while identity in places and identity not in seen:
        seen.add(identity)
        yield places[identity]
        identity = places[identity].parent


def forms(row: PlaceRow, place_words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every form of a row with its role: `word` where a word for a place must stand before it.

    'the quarter of X' is X with such a word. A name marked `word` is also an ordinary word; the
    mark holds for names of one word, and for a longer one that `word=` names.
    """
    marks = row.marks
    ordinary = {fold_words(mark[5:]) for mark in marks if mark.startswith("word=")}
    for name in row.names:
        form = fold_words(name)
        first, _, rest = form.partition(" ")
        if rest and first in place_words:
            yield rest, "word"
        elif form in ordinary or ("word" in marks and " " not in form):
            yield form, "word"
        else:
            yield form, ""


def variants(form: str, kind: str) -> Iterator[tuple[str, str]]:
    """Other ways to write a name, with their role: `variant` where a place word must stand before it.

    'the road A - B' is 'the road B - A'; 'Abu X' is 'Abi X' and may be written as one word; a
    name of one word stands with or without the article.
    """
    road, dash, end = form.partition(" - ")
    if kind == "road" and dash and " " in road:
        word, _, begin = road.partition(" ")
        yield f"{word} {end} - {begin}", ""
    first, _, rest = form.partition(" ")
    if rest and first in _HEADS:
        yield first + rest, ""
        for other in _HEADS[first]:
            yield f"{other} {rest}", ""
            yield other + rest, ""
    elif not rest and kind in ("settlement", "quarter", "district", "subdistrict") and len(form) > 4:
        yield form[2:] if form.startswith(_ARTICLE) else _ARTICLE + form, "variant"


Add = Callable[[str, str, str], None]


def lay(rows: Iterable[PlaceRow], place_words: Iterable[str], add: Add) -> dict[str, PlaceEntry]:
    """The places of these rows, a later row in the stead of an earlier one of its id.

    `add(form, id, role)` is called for every form.
    """
    last = {row["id"]: row for row in rows if row["name"]}
    words = frozenset(map(fold_words, place_words))
    for row in last.values():
        for form, role in forms(row, words):
            add(form, row["id"], role)
            for variant, as_role in variants(form, row["kind"]):
                add(variant, row["id"], as_role or role)
    return placed({identity: entry(row) for identity, row in last.items()})
