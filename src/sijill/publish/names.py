"""Names of codes, in Arabic and English: actors, places, sources, actions.

They come from the word lists: `data/publish/labels.yaml` first, then `data/actors/`, the gazetteer
and `data/sources.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from sijill import settings
from sijill.lexicon.entries import PlaceEntry
from sijill.lexicon.load import DATA, load

Lang = Literal["ar", "en"]

PUBLISH = DATA / "publish"
"""Where the facts of this room lie."""

CODE = re.compile(r"[A-Z][A-Z0-9-]*(/[A-Z0-9-]+)*")
"""What an actor code looks like (codebook, section 5)."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ASIDE = re.compile(r"\s*(\(.*|,.*)$")

SETTLED = ("settlement", "district", "subdistrict", "governorate")
"""Kinds of place that a protected site may be told as, the closest first."""


def read_yaml(path: Path) -> Any:
    """What a data file of this room holds."""
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  a safe loader


class Label(msgspec.Struct, frozen=True):
    """One thing in both languages."""

    en: str
    ar: str

    def of(self, lang: Lang) -> str:
        """The name in a language."""
        return self.ar if lang == "ar" else self.en


class Names:
    """Every code with its names."""

    def __init__(self, overlay: Path | None = None) -> None:
        folders = [DATA] if overlay is None else [DATA, overlay]
        tables = msgspec.convert(read_yaml(PUBLISH / "labels.yaml"), dict[str, dict[str, Label]])
        self.actors = _actors(folders) | tables["actors"]
        self.actions = tables["actions"]
        self.standings = tables["standings"]
        self.sources = _sources(folders) | tables["sources"]
        self.known_sources = frozenset(
            name for code, label in self.sources.items() for name in (code, label.en, label.ar)
        )
        self.places = load(overlay).places
        self._units: dict[str, PlaceEntry] = {}
        self._said: dict[tuple[str | None, Lang], str] = {}
        self._many: dict[tuple[Lang, tuple[str, ...]], str] = {}

    def actor(self, code: str, lang: Lang) -> str:
        """The name of a group; of its whole where the part has none; else the code itself."""
        label = self.actors.get(code)
        if label is None and "/" in code:
            return self.actor(code.rpartition("/")[0], lang)
        return label.of(lang) if label else code

    def actors_of(self, codes: list[str], lang: Lang, joint: str) -> str | None:
        """The names of several groups in one cell; None for none."""
        if not codes:
            return None
        key = (lang, tuple(codes))
        said = self._many.get(key)
        if said is None:
            said = self._many[key] = joint.join(self.actor(code, lang) for code in codes)
        return said

    def action(self, code: str, lang: Lang) -> str:
        """The name of an action."""
        label = self.actions.get(code)
        return label.of(lang) if label else code

    def source(self, code: str, lang: Lang) -> str:
        """The name of a source: an actor's where it is an actor code."""
        label = self.sources.get(code)
        if label is None and CODE.fullmatch(code):
            return self.actor(code, lang)
        return label.of(lang) if label else code

    def unit(self, pcode: str | None, lang: Lang = "en") -> str:
        """The name of a governorate, district or country by its p-code or country code."""
        said = self._said.get((pcode, lang))
        if said is None:
            entry = self.unit_entry(pcode)
            said = (pcode or "") if entry is None else entry.name if lang == "ar" else english(entry)
            self._said[pcode, lang] = said
        return said

    def unit_entry(self, pcode: str | None) -> PlaceEntry | None:
        """The gazetteer's entry for a p-code or a country code."""
        if not pcode:
            return None
        if not self._units:
            for identity, entry in self.places.items():
                if entry.pcode:
                    self._units.setdefault(entry.pcode, entry)
                elif entry.kind == "country":
                    self._units[identity.upper()] = entry
        return self._units.get(pcode)

    def known_source(self, name: str) -> bool:
        """Is it an outlet, monitor or role of the lists, or a group speaking for itself?"""
        return name in self.known_sources or name in self.actors

    def home(self, identity: str) -> PlaceEntry | None:
        """The settlement, district or governorate that a place lies in; itself is left out."""
        entry = self.places.get(identity)
        seen: set[str] = set()
        while entry is not None and entry.parent and entry.parent not in seen:
            seen.add(entry.parent)
            entry = self.places.get(entry.parent)
            if entry is not None and entry.kind in SETTLED:
                return entry
        return None

    def district(self, identity: str) -> PlaceEntry | None:
        """The district that a place is or lies in."""
        seen: set[str] = set()
        while identity in self.places and identity not in seen:
            seen.add(identity)
            entry = self.places[identity]
            if entry.kind == "district":
                return entry
            identity = entry.parent
        return None


def english(entry: PlaceEntry) -> str:
    """The English name of a gazetteer entry, which stands first in its note; else its Arabic name.

    >>> english(PlaceEntry("x", "", "district", "", None, None, "SY0901", "Deir-ez-Zor governorate; twin"))
    'Deir-ez-Zor'
    """
    first = entry.note.split(";")[0].strip()
    if not first or "=" in first or first in ("word", "shared", "part", "twin", "capital"):
        return entry.name
    return first.removesuffix(" governorate").removesuffix(" district").strip()


def names() -> Names:
    """All names, read once; with those of the folder that SIJILL_LEXICON lays over the built-in lists."""
    own = settings.value("lexicon")
    return _names(Path(str(own)) if own else None)


@lru_cache(maxsize=2)
def _names(overlay: Path | None) -> Names:
    """The names with a folder laid over."""
    return Names(overlay)


def _actors(folders: Sequence[Path]) -> dict[str, Label]:
    """The first name and the English of every actor."""
    found: dict[str, Label] = {}
    for path in (path for folder in folders for path in sorted((folder / "actors").glob("*.yaml"))):
        rows = read_yaml(path)
        for row in rows if isinstance(rows, list) else []:
            said = row.get("names") or row.get("short") or [row["code"]]
            found.setdefault(row["code"], Label(_ASIDE.sub("", row.get("en") or row["code"]), said[0]))
    return found


def _sources(folders: Sequence[Path]) -> dict[str, Label]:
    """The outlets, monitors and roles that news quotes."""
    files = (folder / "sources.yaml" for folder in folders)
    return {
        row["code"]: Label(row.get("en") or row["code"], (row.get("forms") or [row["code"]])[0])
        for path in files
        if path.is_file()
        for row in read_yaml(path)
    }
