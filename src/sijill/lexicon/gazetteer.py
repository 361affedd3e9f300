"""A larger gazetteer from what a user has downloaded, as a folder for `--lexicon`.

A place of a dump that our own tables have without a point gives them its point. One that they
have with a point near by is left out. All others are added below their governorate; a name of
one word counts only after a word for a place ('the village of X'), unless it is a larger town.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.errors import UsageError
from sijill.lexicon import check_places
from sijill.lexicon.compile import data_files, load_yaml
from sijill.lexicon.geonames import Feature, alternates, features
from sijill.lexicon.load import DATA
from sijill.lexicon.lookup import place_words
from sijill.lexicon.ocha import units
from sijill.lexicon.outlines import kilometres
from sijill.lexicon.placing import COLUMNS, PlaceRow, read_rows

TOWN = 15_000
"""Inhabitants from which a name of one word needs no word for a place before it."""
NEAR = 15
"""Kilometres within which two places of one name are taken for one."""
LICENCE = "LICENCE.txt"
_TERMS = {
    "geonames": """\
GeoNames
    Rows whose `source` names `geonames`: names and coordinates from GeoNames,
    https://www.geonames.org/, licensed under the Creative Commons Attribution 4.0
    International License, https://creativecommons.org/licenses/by/4.0/. Selected,
    sorted under governorates and written in another form by Sijill.
""",
    "ocha": """\
OCHA Common Operational Datasets, Administrative Boundaries (COD-AB)
    Rows whose `source` names `ocha`: p-codes and names from the United Nations Office
    for the Coordination of Humanitarian Affairs, https://data.humdata.org/, under the
    terms that the page of the dataset names (most often CC BY-IGO). Written in another
    form by Sijill.
""",
}


@dataclass(slots=True)
class Built:
    """What a build made: rows by file, and how many were added, completed and left out."""

    folder: Path
    added: int = 0
    completed: int = 0
    left_out: int = 0
    files: list[Path] = field(default_factory=list)


def build(
    out: Path, *, dumps: Sequence[Path] = (), names: Path | None = None, ocha: Sequence[Path] = (),
    countries: Iterable[str] = (),
) -> Built:  # fmt: skip
    """Writes `out/places/<country>.csv` and the licence beside it.

    Raises UsageError for files that are no dumps, before anything is written.
    """
    if not dumps and not ocha:
        raise UsageError("nothing to build from; give --geonames SY.zip, or --ocha FILE.csv")
    maker = Maker(out)
    wanted = {code.upper() for code in countries}
    more = alternates(names) if names else None
    for file in ocha:
        for unit in units(file):
            if not wanted or unit["parent"].partition("-")[0].upper() in wanted:
                maker.unit(unit)
    for dump in dumps:
        for feature in features(dump, more):
            if not wanted or feature.country in wanted:
                maker.feature(feature)
    sources = [key for key, given in (("geonames", dumps), ("ocha", ocha)) if given]
    return maker.write(sources, [*dumps, *ocha])


class Maker:
    """Collects rows beside our own tables."""

    def __init__(self, out: Path) -> None:
        tables: dict[str, Any] = load_yaml(DATA / "geonames.yaml")
        self._kinds: dict[str, str] = tables["features"]
        self._admin1: dict[str, dict[str, str]] = tables["admin1"]
        files = [file for file in data_files([DATA]) if file.parent.name == "places"]
        self._base = [row for file in files for row in read_rows(file)[0]]
        self._world = check_places.Gazetteer(self._base)
        self._known: dict[tuple[str, str], list[PlaceRow]] = {}
        self._codes = {row["pcode"]: row["id"] for row in self._base if row["pcode"]}
        self._rows: dict[str, dict[str, str]] = {}
        self._built = Built(out)
        for row in self._base:
            for name in row.names:
                for above in (self._home(row["id"]), self._world.country(row["id"]).lower()):
                    self._known.setdefault((above, fold_words(name)), []).append(row)

    def feature(self, feature: Feature) -> None:
        """Takes in a place of GeoNames."""
        kind, _, site = self._kinds.get(feature.code, "").partition(":")
        country = feature.country.lower()
        if not kind or country not in self._world.rows:
            self._built.left_out += 1
            return
        parent = self._admin1.get(feature.country, {}).get(feature.admin1, country)
        known = self._equals(feature, parent, kind)
        if known is not None:
            self._complete(known, feature)
            return
        identity = f"{country}-gn-{feature.id}"
        marks = [feature.name.replace(";", ","), f"geonames {feature.id}"]
        marks += [f"kind={site}"] if site else []
        if feature.population < TOWN and any(" " not in name for name in feature.arabic):
            marks.append("word")
        self._rows[identity] = dict(zip(COLUMNS, (
            identity, feature.arabic[0], "|".join(feature.arabic[1:]), kind, parent, feature.lat, feature.lon,
            "", "geonames", "; ".join(marks),
        ), strict=True))  # fmt: skip
        self._built.added += 1

    def unit(self, unit: dict[str, str]) -> None:
        """Takes in a row of an OCHA table; a p-code that our tables have is left out."""
        if unit["pcode"] in self._codes:
            self._built.left_out += 1
            return
        unit["parent"] = self._codes.get(unit["parent"], unit["parent"].lower())
        self._codes[unit["pcode"]] = unit["id"]
        self._rows[unit["id"]] = unit
        self._built.added += 1

    def _home(self, identity: str) -> str:
        """The governorate of a place of ours, else what lies directly below its country."""
        line = self._world.line(identity)
        found = [row["id"] for row in line if row["kind"] == "governorate"]
        return found[-1] if found else line[-1]["id"]

    def _equals(self, feature: Feature, parent: str, kind: str) -> PlaceRow | None:
        """Our own row of the same place: the same name, near by or the only one without a point."""
        rows: dict[str, PlaceRow] = {}
        for name in feature.arabic:
            for row in self._known.get((parent, fold_words(name)), ()):
                if row["kind"] == kind or (row["kind"] == "camp" and kind == "settlement"):
                    rows[row["id"]] = row
        for row in rows.values():
            if row["lat"] and _apart(row, feature) <= NEAR:
                return row
        empty = [row for row in rows.values() if not row["lat"]]
        return empty[0] if len(empty) == 1 and len(rows) == 1 else None

    def _complete(self, row: PlaceRow, feature: Feature) -> None:
        """Gives a row of ours the point of GeoNames; a second claim takes it away again."""
        if row["lat"]:
            self._built.left_out += 1
            return
        if row["id"] in self._rows:  # two places of that name: neither is sure
            if self._rows[row["id"]]["lat"]:
                self._built.completed -= 1
            self._rows[row["id"]].update(lat="", lon="", source=row["source"], note=row["note"])
            self._built.left_out += 1
            return
        note = "; ".join(part for part in (row["note"], f"geonames {feature.id}") if part)
        source = row["source"] if "geonames" in row["source"] else f"{row['source']}+geonames"
        self._rows[row["id"]] = {
            **row.cells, "lat": feature.lat, "lon": feature.lon, "source": source, "note": note,
        }  # fmt: skip
        self._built.completed += 1

    def write(self, sources: Sequence[str], files: Sequence[Path]) -> Built:
        """Writes the tables, one a country, and the licence."""
        folder = self._built.folder / "places"
        folder.mkdir(parents=True, exist_ok=True)
        rows = [PlaceRow(folder, 0, cells) for cells in self._rows.values()]
        marks = check_places.all_marks([*self._base, *rows], rows, frozenset(place_words()))
        tables: dict[str, list[dict[str, str]]] = {}
        for identity, cells in sorted(self._rows.items()):
            old = [m for m in cells["note"].split("; ") if m and m not in ("shared", "twin")]
            cells["note"] = "; ".join([*old, *sorted(marks.get(identity, ()))])
            tables.setdefault(identity.partition("-")[0], []).append(cells)
        for country, cells_of in sorted(tables.items()):
            path = folder / f"{country}.csv"
            with path.open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
                writer.writeheader()
                writer.writerows(cells_of)
            self._built.files.append(path)
        names = ", ".join(file.name for file in files)
        text = f"Made by `sijill gazetteer build` from {names}.\n\n" + "\n".join(_TERMS[s] for s in sources)
        (folder / LICENCE).write_text(text, encoding="utf-8")
        return self._built


def _apart(row: PlaceRow, feature: Feature) -> float:
    return kilometres(float(row["lat"]), float(row["lon"]), float(feature.lat), float(feature.lon))
