"""What is wrong with the gazetteer's tables, every fault at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sijill.errors import Fault
from sijill.lexicon import letters
from sijill.lexicon.outlines import kilometres, outside
from sijill.lexicon.placing import KINDS, PlaceRow, degrees, forms

REACH = {
    "governorate": 420, "region": 420, "district": 160, "subdistrict": 50, "settlement": 25,
}  # fmt: skip
"""How far in kilometres a place may lie from the point of what it lies in; measured on our tables.
A row that is known to lie farther says `far`."""
_NEAR = 30  # from any other kind
_COAST = 25  # how coarse the outlines are
_FREE = {"island", "exclave"}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PCODES = {
    "SY": {"governorate": r"SY\d{2}", "district": r"SY\d{4}", "subdistrict": r"SY\d{6}"},
    "IQ": {"governorate": r"IQG\d{2}", "district": r"IQG\d{2}Q\d{2}"},
}
_SOURCES = re.compile(
    r"(curated|geonames|ocha|wikipedia|airportsdata|own)(\+(geonames|ocha|wikipedia|airportsdata|own))*"
)
_RANKED = ("country", "governorate", "district", "subdistrict")
_ORDER = {kind: n for n, kind in enumerate(KINDS)}
Say = Callable[[PlaceRow, str, str], None]


class Gazetteer:
    """All rows in force, and the walk up from each."""

    def __init__(self, rows: Sequence[PlaceRow]) -> None:
        self.rows = {row["id"]: row for row in rows}

    def line(self, identity: str) -> list[PlaceRow]:
        """A row and what it lies in, itself first."""
        out: list[PlaceRow] = []
        seen: set[str] = set()
        while identity in self.rows and identity not in seen:
            seen.add(identity)
            out.append(self.rows[identity])
            identity = self.rows[identity]["parent"]
        return out

    def country(self, identity: str) -> str:
        """The code of its country; '' if it has none."""
        last = self.line(identity)[-1]
        return last["id"].upper() if last["kind"] == "country" else ""


def check(base: Sequence[PlaceRow], own: Sequence[PlaceRow], place_words: Sequence[str]) -> list[Fault]:
    """The faults of the rows `own`, which are laid over the rows `base`."""
    faults: list[Fault] = []

    def say(row: PlaceRow, what: str, remedy: str) -> None:
        faults.append(Fault(str(row.file), row.line, what, remedy))

    world = Gazetteer([*base, *own])
    _ids(own, say)
    for row in own:
        _row(row, say)
        _parents(row, world, say)
        _pcode(row, world, say)
        _coordinate(row, world, say)
    _names(world, own, frozenset(place_words), say)
    return faults


def _ids(own: Sequence[PlaceRow], say: Say) -> None:
    first: dict[str, PlaceRow] = {}
    for row in own:
        identity = row["id"]
        if identity in first:
            say(
                row,
                f"the id {identity} stands in {_where(first[identity], row)} too",
                "give one of them another id",
            )
        elif not _ID.fullmatch(identity):
            say(row, f"the id '{identity}' is not well formed", "use small Latin letters, digits and hyphens")
        first.setdefault(identity, row)


def _row(row: PlaceRow, say: Say) -> None:
    if row["kind"] not in KINDS:
        say(row, f"the kind '{row['kind']}' is unknown", f"write one of {', '.join(KINDS)}")
    if not row["name"].strip():
        say(row, "no name", "write the usual Arabic name")
    for name in row["other_names"].split("|") if row["other_names"] else []:
        for what, remedy in letters.faults(name):
            say(row, f"other name '{name}': {what}" if name.strip() else what, remedy)
    for what, remedy in letters.faults(row["name"]) if row["name"].strip() else ():
        say(row, f"name '{row['name']}': {what}", remedy)
    if not _SOURCES.fullmatch(row["source"]):
        remedy = "write curated, own, geonames, ocha, wikipedia or airportsdata, joined with +"
        say(row, f"the source '{row['source']}' is unknown", remedy)
    if row["lat"] and row["source"] == "curated":
        what = f"a coordinate, but the source is {row['source']} alone"
        say(row, what, "name the source of the coordinate, or delete it")
    for mark in row.marks:
        if mark.startswith("word=") and mark[5:] not in row.names:
            say(row, f"'{mark}' names no form of this row", f"write one of {' | '.join(row.names)}")


def _parents(row: PlaceRow, world: Gazetteer, say: Say) -> None:
    parent = row["parent"]
    if not parent:
        if row["kind"] != "country":
            say(row, "no parent", "write the id of the next larger place")
        return
    if parent not in world.rows:
        near = _nearest(parent, world.rows)
        say(
            row,
            f"the parent {parent} does not exist",
            f"did you mean {near}?" if near else "write an id that exists",
        )
        return
    line = world.line(row["id"])
    if line[-1]["parent"] in world.rows:
        ring = " > ".join(step["id"] for step in line)
        say(row, f"its parents run in a ring: {ring}", "let one of them lie in a larger place")
    elif _ORDER.get(row["kind"], 99) < _ORDER.get(world.rows[parent]["kind"], 0) and row["kind"] in _RANKED:
        what = f"a {row['kind']} in a {world.rows[parent]['kind']}"
        say(row, what, "write the id of a larger place as its parent")


def _nearest(identity: str, rows: Mapping[str, PlaceRow]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(identity, rows, 1)), "")


def _pcode(row: PlaceRow, world: Gazetteer, say: Say) -> None:
    code = row["pcode"]
    if not code:
        return
    form = _PCODES.get(world.country(row["id"]), {}).get(row["kind"])
    if form and not re.fullmatch(form, code):
        say(row, f"{code} is no p-code of a {row['kind']}", f"write it in the form {form}")
        return
    above = next((step["pcode"] for step in world.line(row["id"])[1:] if step["pcode"]), "")
    if above and not code.startswith(above):
        say(
            row,
            f"the p-code {code} does not belong to its parent's {above}",
            "correct the p-code or the parent",
        )


def _coordinate(row: PlaceRow, world: Gazetteer, say: Say) -> None:
    try:
        lat, lon = degrees(row["lat"]), degrees(row["lon"])
    except ValueError:
        say(
            row,
            f"the coordinate {row['lat']},{row['lon']} is no number",
            "write decimal degrees, or leave it empty",
        )
        return
    if (lat is None) != (lon is None):
        say(row, "half a coordinate", "write both lat and lon, or neither")
    if lat is None or lon is None:
        return
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        say(row, f"the coordinate {lat},{lon} is not on earth", "latitude first, then longitude, in degrees")
        return
    country = world.country(row["id"])
    away = outside(country, lat, lon) if country and not _FREE & set(row.marks) else None
    if away is not None and away > _COAST:
        swapped = outside(country, lon, lat) if abs(lon) <= 90 else None
        hint = (
            "exchange lat and lon"
            if swapped == 0
            else "look the place up again, or write island into the note"
        )
        say(row, f"the point {lat},{lon} lies {away:.0f} km outside {country}", hint)
        return
    for step in world.line(row["id"])[1:]:
        if (
            step["lat"]
            and step["kind"] != "country"
            and "far" not in row.marks
            and not _FREE & set(row.marks)
        ):
            _reach(row, lat, lon, step, say)
            return


def _reach(row: PlaceRow, lat: float, lon: float, parent: PlaceRow, say: Say) -> None:
    try:
        distance = kilometres(lat, lon, float(parent["lat"]), float(parent["lon"]))
    except ValueError:
        return
    reach = REACH.get(parent["kind"], _NEAR)
    if distance > reach:
        what = f"it lies {distance:.0f} km from its {parent['kind']} {parent['id']} (allowed: {reach})"
        say(row, what, "correct the point or the parent; if both are right, write far into the note")


def asked_marks(rows: Sequence[PlaceRow], row: PlaceRow, place_words: frozenset[str]) -> set[str]:
    """The marks `shared` and `twin` that a row needs because of its equals among these rows."""
    return all_marks(rows, [row], place_words).get(row["id"], set())


def all_marks(
    rows: Sequence[PlaceRow], asked: Sequence[PlaceRow], place_words: frozenset[str]
) -> dict[str, set[str]]:
    """The marks that each of the rows `asked` needs because of its equals among all rows."""
    world = Gazetteer(rows)
    bearers = _bearers(world, place_words)
    out: dict[str, set[str]] = {}
    for row in asked:
        line = {step["id"] for step in world.line(row["id"])}
        marks = {mark for mark, _, _ in _equals(row, world, line, bearers, place_words)}
        if marks:
            out[row["id"]] = marks
    return out


def _bearers(world: Gazetteer, place_words: frozenset[str]) -> dict[str, dict[str, None]]:
    """The ids that bear each form."""
    bearers: dict[str, dict[str, None]] = {}
    for row in world.rows.values():
        for form, _ in forms(row, place_words):
            bearers.setdefault(form, {})[row["id"]] = None
    return bearers


def _names(world: Gazetteer, own: Sequence[PlaceRow], place_words: frozenset[str], say: Say) -> None:
    """Equal names must say so: `twin` where one place lies in the other, else `shared`."""
    bearers = _bearers(world, place_words)
    lines: dict[str, set[str]] = {}
    for row in own:
        if world.rows[row["id"]] is not row:
            continue
        line = lines.setdefault(row["id"], {step["id"] for step in world.line(row["id"])})
        for mark, other, form in sorted(set(_equals(row, world, line, bearers, place_words))):
            what = f"'{form}' is also {other} ({_where(world.rows[other], row)})"
            if mark not in row.marks:
                say(row, what, f"write {mark} into the note, or delete one of the two")
                break
        marks = {mark for mark, _, _ in _equals(row, world, line, bearers, place_words)}
        for mark in {"shared", "twin"} & set(row.marks) - marks:
            say(row, f"marked {mark}, but no other place has its name", f"delete {mark} from the note")


def _equals(
    row: PlaceRow,
    world: Gazetteer,
    line: set[str],
    bearers: Mapping[str, dict[str, None]],
    words: frozenset[str],
) -> Iterator[tuple[str, str, str]]:
    """The mark that each place of the same name asks for, the place, and the name."""
    for form, _ in forms(row, words):
        for other in bearers[form]:
            if other != row["id"]:
                inside = other in line or any(step["id"] == row["id"] for step in world.line(other))
                yield ("twin" if inside else "shared"), other, form


def _where(row: PlaceRow, seen_from: PlaceRow) -> str:
    """Where another row stands, in short."""
    return f"line {row.line}" if row.file == seen_from.file else f"{Path(row.file).name}:{row.line}"
