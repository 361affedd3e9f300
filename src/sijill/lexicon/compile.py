"""Read the data files, form every form, and report every fault with file and line."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from sijill.arabic.fold import fold_words
from sijill.errors import Fault
from sijill.lexicon.entries import Compiled, Entry, PlaceEntry
from sijill.lexicon.inflect import noun_forms, possessed, verb_forms

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ARTICLE = "\u0627\u0644"
COLUMNS = ("id", "name", "other_names", "kind", "parent", "lat", "lon", "pcode", "source", "note")
TABLES = ("numbers", "dates", "results", "settings", "cues", "ignore")
# words for a place that stand before its name and are no part of it
_PLACE_WORDS = frozenset(fold_words(w) for w in (
    "\u062d\u064a", "\u0642\u0631\u064a\u0629", "\u0628\u0644\u062f\u0629", "\u0645\u062f\u064a\u0646\u0629", "\u0642\u0636\u0627\u0621",
    "\u0646\u0627\u062d\u064a\u0629", "\u0645\u062d\u0627\u0641\u0638\u0629", "\u0645\u0646\u0637\u0642\u0629",
))  # fmt: skip
_WEIGHT = {"country": 9, "region": 7, "governorate": 8, "district": 5, "subdistrict": 4, "settlement": 3}


def data_files(folders: Iterable[Path]) -> list[Path]:
    """Every data file of the folders, later folders last."""
    return [p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix in (".yaml", ".csv") and p.is_file()]


def digest(files: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of the files, first 16 hexadecimal digits.

    The order in which they are given makes no difference.
    """
    rows = sorted(f"{p.parent.name}/{p.name}:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


class Builder:
    """Collects entries and forms from data files."""

    def __init__(self) -> None:
        self.entries: dict[Entry, int] = {}
        self.index: dict[str, dict[tuple[str, int, bool], None]] = {}
        self.places: dict[str, PlaceEntry] = {}
        self.tables: dict[str, Any] = {}
        self.faults: list[Fault] = []

    def add(self, form: str, entry: Entry, strict: bool = False) -> None:
        """Let a form stand for an entry."""
        words = fold_words(form).split()
        if not words:
            return
        number = self.entries.setdefault(entry, len(self.entries))
        rows = self.index.setdefault(words[0], {})
        rows[" ".join(words[1:]), number, strict] = None

    def fault(self, file: Path, line: int, what: str, remedy: str) -> None:
        """Note a fault; reading goes on."""
        self.faults.append(Fault(str(file), line, what, remedy))

    def nouns(self, notations: Iterable[str], entry: Entry, suffixed: bool = True) -> None:
        """All forms of nouns, with possessive suffixes where they are single words."""
        for notation in notations:
            for form, number in noun_forms(str(notation)):
                numbered = Entry(**{**_fields(entry), "number": number})
                self.add(form, numbered)
                if suffixed and number != "two" and not form.endswith("\u0627"):
                    for owned in possessed(form):
                        self.add(owned, numbered)

    def verbs(self, notations: Iterable[str], entry: Entry) -> None:
        """All forms of verbs."""
        for notation in notations:
            for form, tense in verb_forms(str(notation)):
                self.add(form, Entry(**{**_fields(entry), "number": tense}))

    def compiled(self, digest: str) -> Compiled:
        """The finished tables, in an order that does not depend on the order of files."""
        self._need_words()
        order = sorted(self.entries, key=_key)
        numbers = {self.entries[e]: n for n, e in enumerate(order)}
        index = {
            word: sorted(((rest, numbers[n], strict) for rest, n, strict in rows), key=lambda r: (-len(r[0].split()), r))
            for word, rows in sorted(self.index.items())
        }
        return Compiled(digest, order, index, _placed(self.places), self.tables)

    def _need_words(self) -> None:
        """Names on the stop list are places only after a word for a place."""
        stop = {fold_words(w) for w in self.tables.get("ignore", {}).get("not_places", ())}
        numbers = {n: e for e, n in self.entries.items()}
        for word in stop & self.index.keys():
            for rest, number, strict in list(self.index[word]):
                entry = numbers[number]
                if entry.kind == "place" and not rest and not entry.role:
                    del self.index[word][rest, number, strict]
                    self.add(word, Entry("place", entry.code, role="word"), strict=True)


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__struct_fields__}


def _key(entry: Entry) -> tuple[str, ...]:
    return tuple(str(getattr(entry, name)) for name in entry.__struct_fields__)


def _placed(places: dict[str, PlaceEntry]) -> dict[str, PlaceEntry]:
    """Governorate and country of every place, from its parents."""
    out: dict[str, PlaceEntry] = {}
    for place in places.values():
        admin1 = country = None
        seen: set[str] = set()
        at: PlaceEntry | None = place
        while at and at.id not in seen:
            seen.add(at.id)
            if at.kind == "governorate":
                admin1 = at.pcode or None
            if at.kind == "country":
                country = at.id.upper()
            at = places.get(at.parent)
        weight = _WEIGHT.get(place.kind, 2) + ("capital" in place.note) * 2
        out[place.id] = PlaceEntry(
            place.id, place.name, place.kind, place.parent, place.lat, place.lon, place.pcode, place.note,
            admin1, country, weight,
        )  # fmt: skip
    return dict(sorted(out.items()))


def build(folders: Iterable[Path]) -> tuple[Compiled, list[Fault]]:
    """The lexicon of these folders and every fault found in them."""
    builder = Builder()
    files = data_files(folders)
    for file in files:
        try:
            _read(file, builder)
        except (yaml.YAMLError, UnicodeDecodeError, csv.Error, AttributeError, TypeError, ValueError, KeyError) as error:
            mark = getattr(error, "problem_mark", None)
            builder.fault(file, mark.line + 1 if mark else 1, f"cannot be read: {error}", "compare its form with docs/lexicon.md")
    return builder.compiled(digest(files)), builder.faults


def load_yaml(file: Path) -> Any:
    """The data of a YAML file."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader either way


def _read(file: Path, to: Builder) -> None:
    kind = file.parent.name
    if kind == "places":
        _places(file, to)
    elif kind == "acts":
        _acts(load_yaml(file), to)
    elif kind == "actors" and file.stem == "generic":
        _generic(load_yaml(file), to)
    elif kind == "actors":
        _actors(load_yaml(file), to)
    elif file.suffix == ".yaml":
        _table(file.stem, load_yaml(file), to)


def _table(name: str, data: Any, to: Builder) -> None:
    reader = {"outcomes": _outcomes, "victims": _victims, "objects": _objects, "means": _means, "sources": _sources}.get(name)
    if reader:
        reader(data, to)
        return
    if name in to.tables and isinstance(data, dict):
        to.tables[name] = {**to.tables[name], **data}
    else:
        to.tables[name] = data
    if name == "ignore":
        for words in data.get("not_deeds") or ():
            to.add(words, Entry("phrase", "no deed"))
    if name == "cues":
        _cues(data, to)
    if name == "results":
        for cue, words in data.items():
            for word in words:
                to.add(word, Entry("cue", cue))


def _cues(data: dict[str, Any], to: Builder) -> None:
    attached = set(data.get("with_preposition") or ())
    bare = set(data.get("no_article") or ())
    for cue, words in data.items():
        if cue in ("with_preposition", "no_article"):
            continue
        groups = words.items() if isinstance(words, dict) else [("", words)]
        for role, forms in groups:
            for form in forms:
                if cue == "per_kind":
                    to.nouns([form], Entry("counted", role), suffixed=False)
                else:
                    to.add(str(form), Entry("cue", cue, "attached" if cue in attached else "", role), strict=cue in bare or str(form).startswith(_ARTICLE))


def _acts(rows: list[dict[str, Any]], to: Builder) -> None:
    for row in rows:
        flags = [f for f in ("object", "weak", "explosion") if row.get(f)]
        weapons = tuple(row.get("weapons") or ())
        entry = Entry("act", row["action"], role=" ".join(flags), weapons=weapons)
        to.nouns(row.get("nouns") or (), entry)
        verb = Entry("act_verb", row["action"], role=" ".join(flags), weapons=weapons)
        to.verbs(row.get("verbs") or (), verb)
        passive = Entry("act_verb", row["action"], role=" ".join([*flags, "passive"]), weapons=weapons)
        to.verbs(row.get("passive") or (), passive)


def _outcomes(data: dict[str, Any], to: Builder) -> None:
    for outcome, row in data.items():
        for masdar in row.get("masdars") or ():
            to.add(masdar, Entry("masdar", outcome))
            for owned in possessed(fold_words(masdar)):
                to.add(owned, Entry("masdar", outcome, role="owned"))
        to.verbs(row.get("verbs") or (), Entry("outcome_verb", outcome))
        to.verbs(row.get("passive") or (), Entry("outcome_verb", outcome, role="passive"))
        to.nouns(row.get("people") or (), Entry("affected", outcome), suffixed=False)


def _victims(data: dict[str, list[str]], to: Builder) -> None:
    for group, nouns in data.items():
        to.nouns(nouns, Entry("victim", group))


def _objects(data: dict[str, list[str]], to: Builder) -> None:
    for side, nouns in data.items():
        to.nouns(nouns, Entry("object", side))


def _means(data: dict[str, list[str]], to: Builder) -> None:
    for weapon, nouns in data.items():
        to.nouns(nouns, Entry("weapon", weapon))


def _sources(rows: list[dict[str, Any]], to: Builder) -> None:
    for row in rows:
        for form in row.get("forms") or row.get("names") or ():
            to.add(form, Entry("source", row["code"]), strict=True)


def _actors(rows: list[dict[str, Any]], to: Builder) -> None:
    for row in rows:
        dates = {"since": _first(row.get("from")), "until": _first(row.get("until"))}
        code, country = row["code"], row.get("country") or ""
        for key, kind, role in (("names", "actor", ""), ("short", "actor", "short")):
            for form in row.get(key) or ():
                to.add(form, Entry(kind, code, role=role, country=country, **dates), strict=True)
        for form in row.get("adjectives") or ():
            to.add(form, Entry("adjective", code, country=country, **dates))
        for form in row.get("not") or ():
            to.add(form, Entry("cue", "nothing"), strict=True)


def _first(value: Any) -> str:
    """An EDTF date as its first day in ISO form; '' where there is none."""
    text = str(value or "")
    if not text or text == "null":
        return ""
    return (text + "-01-01"[len(text) - 4 :])[:10] if len(text) in (4, 7) else text[:10]


def _generic(data: dict[str, Any] | list[Any], to: Builder) -> None:
    rows: list[dict[str, Any]] = data if isinstance(data, list) else data.get("words") or []
    for row in rows:
        _generic_words(row, to)
    if isinstance(data, dict):
        for row in data.get("anaphora") or ():
            for form in _strings(row.get("word") or row.get("words") or row.get("forms")):
                to.add(form, Entry("anaphor", "|".join(row["codes"])), strict=True)
        for form in _strings(data.get("unknown")):
            to.add(form, Entry("unknown", "UNKNOWN"))
        for row in data.get("members") or ():
            for form in _strings(row.get("word") or row.get("words") or row.get("forms")):
                to.add(form, Entry("member", row.get("kind", "person")))


def _generic_words(row: dict[str, Any], to: Builder) -> None:
    for form in _strings(row.get("word") or row.get("words")):
        for country, value in row["by_country"].items():
            for part in value if isinstance(value, list) else [{"code": value}]:
                entry = Entry("generic", part["code"], since=_first(part.get("from")), until=_first(part.get("until")), country=str(country))  # fmt: skip
                to.add(form, entry, strict=True)
        if row.get("otherwise"):
            to.add(form, Entry("generic", row["otherwise"]), strict=True)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value or () if not isinstance(value, str) else ():
        yield str(item)


def _places(file: Path, to: Builder) -> None:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            to.fault(file, 1, f"columns are {rows.fieldnames}", f"write {','.join(COLUMNS)}")
            return
        for row in rows:
            _place(row, file, rows.line_num, to)


def _place(row: dict[str, str], file: Path, line: int, to: Builder) -> None:
    try:
        lat, lon = (float(row[key]) if row[key] else None for key in ("lat", "lon"))
    except ValueError:
        to.fault(file, line, f"coordinate {row['lat']},{row['lon']} is no number", "write decimal degrees or leave it empty")
        lat = lon = None
    if not row["name"]:
        to.fault(file, line, "no name", "write the usual Arabic name")
        return
    to.places[row["id"]] = PlaceEntry(row["id"], row["name"], row["kind"], row["parent"], lat, lon, row["pcode"], row["note"])
    for form in [row["name"], *filter(None, row["other_names"].split("|"))]:
        for name, needs_word in _bare_names(form):
            role = "word" if needs_word or "word" in row["note"].split("; ") else ""
            to.add(name, Entry("place", row["id"], role=role), strict=True)


def _bare_names(form: str) -> Iterator[tuple[str, bool]]:
    """A place name, and whether it needs a word for a place before it: 'quarter X' is X with one."""
    first, _, rest = fold_words(form).partition(" ")
    if rest and first in _PLACE_WORDS:
        yield rest, True
    else:
        yield form, False
