"""What the cells of other people's tables mean: codes of actors, governorates, actions, weapons, figures.

Nothing is guessed: a word that is not known gives None, and whoever asked says so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import yaml

from sijill.arabic.fold import fold_words
from sijill.arabic.numbers import Count, Numbers
from sijill.arabic.words import split
from sijill.lexicon.check_words import CODE
from sijill.lexicon.entries import Compiled, Entry, PlaceEntry
from sijill.lexicon.finder import Finder
from sijill.lexicon.load import DATA, load
from sijill.lexicon.lookup import bearers
from sijill.records import Action, Place, Precision, Status, Weapon
from sijill.sources.columns import data as columns
from sijill.sources.columns import plain

_PCODE = re.compile(r"[A-Z]{2}G?\d{2}", re.ASCII)
_RANGE = re.compile(r"(\d+)\s*(?:-|\u2013|\u2014|to|/)\s*(\d+)")
_LEAST = re.compile(r"(?:>=?|\u2265|at least|min\.?|over|more than)?\s*(\d+)\s*(\+)?", re.I)
_ABOUT = re.compile(r"(?:~|\u2248|c\.|ca\.?|about|approx\.?|around)\s*(\d+)", re.I)
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_ACTIONS, _WEAPONS, _STATUSES = (frozenset(get_args(kind)) for kind in (Action, Weapon, Status))
_LEVELS: dict[str, Precision] = {
    "governorate": "admin1",
    "district": "district",
    "country": "country",
    "region": "region",
}


class Meanings:
    """The tables, and the lexicon behind them."""

    def __init__(self, lexicon: Compiled) -> None:
        self.lexicon = lexicon
        self._finder = Finder(lexicon)
        self._numbers = Numbers(lexicon.tables["numbers"])
        self._pcodes = {p.pcode: p for p in lexicon.places.values() if p.pcode and p.kind == "governorate"}
        self._actors = _actor_names()
        self._admin1, self._countries = _admin1_names()
        words = columns()
        self._actions = {plain(str(w)): code for code, ws in words["actions"].items() for w in ws}
        self._weapons = {plain(str(w)): code for code, ws in words["weapons"].items() for w in ws}
        self._statuses = {plain(str(w)): code for code, ws in words["statuses"].items() for w in ws}
        self._nothing = {fold_words(str(word)) for word in words["nothing"]}
        self._bearers = lru_cache(maxsize=65_536)(lambda name: tuple(bearers(lexicon, name)))
        self._known = lru_cache(maxsize=65_536)(self._whole)
        self._codes = {entry.code for entry in lexicon.entries if entry.kind == "actor"}

    def says_nothing(self, cell: str) -> bool:
        """Is a cell empty, or a word for nothing?"""
        return fold_words(cell) in self._nothing

    def actor(self, name: str, day: str | None = None) -> str | None:
        """The code of a name in English or Arabic, or of a code itself; `day` is an ISO date."""
        whole = name.strip()
        if whole in self._codes or (
            CODE.fullmatch(whole) and whole.partition("/")[0] in self._codes | _GROUPS
        ):
            return whole
        for key in (_letters(whole), _letters(_BRACKETS.sub("", whole))):
            for code, since, until in self._actors.get(key, ()):
                if (not since or not day or day >= since) and (not until or not day or day <= until):
                    return code
        return self._lexical(whole, ("actor", "victim"), day)

    def _lexical(self, name: str, kinds: tuple[str, ...], day: str | None) -> str | None:
        """What the word lists know a whole name as, on that day."""
        for kind in kinds:
            for entry in self._known(name):
                if entry.kind != kind:
                    continue
                if day and ((entry.since and day < entry.since) or (entry.until and day > entry.until)):
                    continue
                return entry.code
        return None

    def _whole(self, name: str) -> tuple[Entry, ...]:
        """What a name as a whole may mean."""
        words = split(name).words
        found = self._finder.find(words)
        whole = (m for m in found if not m.start and m.end == len(words) and not m.form.preposition)
        return tuple(match.entry for match in whole)

    def action(self, name: str) -> Action | None:
        """The action of a type of event; of several words in one cell the first that is known."""
        known: Any = plain(name)
        if known.replace(" ", "_") in _ACTIONS:
            return known.replace(" ", "_")  # type: ignore[no-any-return]
        if known in self._actions:
            return self._actions[known]  # type: ignore[no-any-return]
        held = [word for word in self._actions if f" {word} " in f" {known} "]
        if held:
            return self._actions[max(held, key=len)]  # type: ignore[no-any-return]
        for match in self._finder.find(split(name).words):
            if match.entry.kind in ("act", "masdar") and match.entry.code in _ACTIONS:
                return match.entry.code  # type: ignore[return-value]
        return None

    def weapon(self, name: str) -> Weapon | None:
        """The weapon of a word."""
        known = plain(name)
        code = known.replace(" ", "_")
        return code if code in _WEAPONS else self._weapons.get(known)  # type: ignore[return-value]

    def status(self, name: str) -> Status | None:
        """The status of a word."""
        known = plain(name)
        return known if known in _STATUSES else self._statuses.get(known)  # type: ignore[return-value]

    def country(self, name: str) -> str | None:
        """The two letters of a country."""
        if re.fullmatch("[A-Z]{2}", name.strip()):
            return name.strip()
        return self._countries.get(_letters(name))

    def admin1(self, name: str) -> str | None:
        """The p-code of a governorate: from the code itself, its English or its Arabic name."""
        whole = name.strip()
        if _PCODE.fullmatch(whole.upper()) and whole.upper() in self._pcodes:
            return whole.upper()
        known = self._admin1.get(_letters(whole))
        if known:
            return known
        for identity in self._bearers(whole):
            place = self.lexicon.places[identity]
            if place.kind == "governorate" and place.pcode:
                return place.pcode
        return None

    def governorate(self, pcode: str) -> PlaceEntry | None:
        """The gazetteer's entry of a p-code."""
        return self._pcodes.get(pcode)

    def place(
        self, name: str, *, admin1: str | None, admin2: str | None, country: str | None, lat: float | None,
        lon: float | None,
    ) -> Place | None:  # fmt: skip
        """The place that cells tell. The gazetteer adds what it knows where it knows one bearer only;
        a point of the row's own outranks the gazetteer's."""
        entry = self._entry(name, admin1, country) if name else None
        above = self._pcodes.get(admin1) if admin1 else None
        if not name:
            if admin1 is None and country is None:
                return None
            name = admin2 or (above.name if above else country or "")
        level: Precision = "settlement"
        if entry is not None:
            level = _LEVELS.get(entry.kind, "settlement" if entry.kind == "settlement" else "site")
        elif above is not None and name == above.name:
            level, entry = "admin1", above
        elif admin2 and name == admin2:
            level = "district"
        elif country and name == country:
            level = "country"
        has_point = level not in ("admin1", "region", "country")
        own = lat is not None and lon is not None
        return Place(
            name=name, admin1=admin1 or (entry.admin1 if entry else None), admin2=admin2,
            country=country or (entry.country if entry else None) or (above.country if above else None),
            lat=(lat if own else entry.lat if entry else None) if has_point else None,
            lon=(lon if own else entry.lon if entry else None) if has_point else None,
            precision=level, id=entry.id if entry else None, inferred=False,
        )  # fmt: skip

    def _entry(self, name: str, admin1: str | None, country: str | None) -> PlaceEntry | None:
        """The one bearer of a name in a governorate; None where there is none, or more than one."""
        found = [self.lexicon.places[identity] for identity in self._bearers(name)]
        if admin1:
            found = [place for place in found if place.admin1 == admin1]
        elif country:
            found = [place for place in found if place.country == country]
        settled = [place for place in found if place.kind == "settlement"]
        if len(found) > 1 and len(settled) == 1:
            return settled[0]
        return found[0] if len(found) == 1 else None

    def count(self, cell: str) -> Count | None:
        """The figure of a cell: '3', '3-5', '3+', 'about 3', or words; None where it is none."""
        written = "".join(str(int(char)) if char.isdecimal() else char for char in cell).strip()
        written = re.sub(r"(?<=\d)[,\u066c](?=\d{3})", "", written)
        if written.isdecimal() and len(written) < 8:
            return _count(int(written), int(written))
        if (found := _RANGE.fullmatch(written)) and int(found[1]) <= int(found[2]):
            return _count(int(found[1]), int(found[2]))
        if found := _ABOUT.fullmatch(written):
            return _count(int(found[1]), int(found[1]), approx=True)
        if found := _LEAST.fullmatch(written):
            return _count(int(found[1]), None)
        words = split(cell).words
        count = self._numbers.read(words, 0) if words else None
        return count if count is not None and count.end == len(words) else None


def _count(low: int | None, high: int | None, *, approx: bool = False) -> Count:
    """A figure that stands alone in its cell."""
    return Count(low=low, high=high, approx=approx, start=0, end=0)


_GROUPS = {"CIV", "PERSONS", "PROPERTY", "INFRA", "UNKNOWN"}


@lru_cache(maxsize=2)
def meanings(lexicon: Path | None = None) -> Meanings:
    """The tables over a lexicon, made once."""
    return Meanings(load(lexicon))


def _letters(name: str) -> str:
    """Only letters and digits, folded: spellings of a name that differ in blanks and marks are one."""
    return "".join(char for char in fold_words(name.replace("\u02bc", "")) if char.isalnum())


def _yaml(name: str) -> Any:
    """A data file."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def _actor_names() -> dict[str, list[tuple[str, str, str]]]:
    """Codes by the letters of their English names, each with the first and last day it holds."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in _yaml("actor_names.yaml"):
        days = (str(row.get("since") or ""), str(row.get("until") or ""))
        for name in row["names"]:
            found.setdefault(_letters(str(name)), []).append((row["code"], *days))
    return found


def _admin1_names() -> tuple[dict[str, str], dict[str, str]]:
    """P-codes by the letters of their English names, and countries."""
    rows = _yaml("admin1_names.yaml")
    endings = ("", *map(_letters, rows.pop("ending")))
    countries = rows.pop("countries")
    admin1 = {_letters(name) + end: code for code, names in rows.items() for name in names for end in endings}
    return admin1, {_letters(str(name)): code for code, names in countries.items() for name in names}
