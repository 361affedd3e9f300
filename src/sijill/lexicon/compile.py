"""Read the data files, form every form, and report every fault with file and line."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import yaml

from sijill.arabic.fold import fold_words
from sijill.arabic.words import split
from sijill.errors import Fault
from sijill.lexicon import rows
from sijill.lexicon.entries import Compiled, Entry, PlaceEntry, Row
from sijill.lexicon.inflect import noun_forms, possessed, verb_forms
from sijill.lexicon.placing import PlaceRow, lay, read_rows

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_THEIRS = ("\u0647", "\u0647\u0627", "\u0647\u0645")
_ALEF = "\u0627"
_ARTICLE = "\u0627\u0644"
_UNREADABLE = (
    yaml.YAMLError, UnicodeDecodeError, csv.Error, AttributeError, TypeError, ValueError, KeyError,
)  # fmt: skip


ROOMS = frozenset({"publish", "desk", "ask"})
"""Folders of `data/` that other rooms keep."""
NO_WORDS = frozenset({
    "refused_sources.yaml", "columns.yaml", "admin1_names.yaml", "actor_names.yaml", "ged.yaml", "acled.yaml",
    "chats.yaml", "copies.yaml", "toll_policies.yaml", "link_weights.yaml", "asking.yaml",
})  # fmt: skip
"""Files of `data/` that no reader of texts reads: what they say does not make a lexicon another one."""


def data_files(folders: Iterable[Path]) -> list[Path]:
    """Every word list of the folders, later folders last; but what other rooms keep."""
    found = ((folder, path) for folder in folders for path in sorted(folder.rglob("*")))
    return [
        path
        for folder, path in found
        if path.suffix in (".yaml", ".csv")
        and path.name not in NO_WORDS
        and path.relative_to(folder).parts[0] not in ROOMS
        and path.is_file()
    ]


def digest(files: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of the files, first 16 hexadecimal digits.

    The order in which they are given makes no difference.
    """
    lines = sorted(f"{p.parent.name}/{p.name}:{hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


class Builder:
    """Collects entries and forms from data files."""

    def __init__(self) -> None:
        self.entries: dict[Entry, int] = {}
        self.index: dict[str, dict[Row, None]] = {}
        self.place_rows: list[PlaceRow] = []
        self.tables: dict[str, Any] = {}
        self.faults: list[Fault] = []

    def add(self, form: str, entry: Entry, strict: bool = False) -> None:
        """Let a form stand for an entry."""
        first, _, rest = text_words(form).partition(" ")
        if first:
            number = self.entries.setdefault(entry, len(self.entries))
            self.index.setdefault(first, {})[rest, number, strict] = None

    def fault(self, file: Path, line: int, what: str, remedy: str) -> None:
        """Note a fault; reading goes on."""
        self.faults.append(Fault(str(file), line, what, remedy))

    def nouns(self, notations: Iterable[str], entry: Entry, suffixed: bool = True) -> None:
        """All forms of nouns, with possessive suffixes where they are single words."""
        for notation in notations:
            for form, number in noun_forms(str(notation)):
                numbered = msgspec.structs.replace(entry, number=number)
                self.add(form, numbered)
                if suffixed and number == "two" and " " not in form:
                    for pronoun in _THEIRS:  # 'her two children' loses its nun
                        self.add(form[:-1] + pronoun, numbered)
                elif suffixed and not form.endswith(_ALEF):
                    for owned in possessed(form):
                        self.add(owned, numbered)

    def verbs(self, notations: Iterable[str], entry: Entry) -> None:
        """All forms of verbs."""
        for notation in notations:
            for form, tense in verb_forms(str(notation)):
                self.add(form, msgspec.structs.replace(entry, number=tense))

    def compiled(self, digest: str) -> Compiled:
        """The finished tables, in an order that does not depend on the order of files."""
        places = self._places()
        order = sorted(self.entries, key=msgspec.structs.astuple)
        numbers = {self.entries[entry]: n for n, entry in enumerate(order)}
        index = {
            word: sorted(
                ((rest, numbers[n], strict) for rest, n, strict in found),
                key=lambda row: (-len(row[0].split()), row),
            )
            for word, found in sorted(self.index.items())
        }
        return Compiled(digest, order, index, places, self.tables)

    def _places(self) -> dict[str, PlaceEntry]:
        """The gazetteer, its forms among all others.

        Names on the stop list are places only after a word for a place, or where the words around
        them say so; those that are never places by themselves only after such a word.
        """
        ignore = self.tables.get("ignore", {})
        stop = {fold_words(word) for word in ignore.get("not_places", ())}
        never = {fold_words(word) for word in ignore.get("never_places", ())}

        def add(form: str, identity: str, role: str) -> None:
            first, _, rest = text_words(form).partition(" ")
            if role == "variant" and not {form, _ARTICLE + form}.isdisjoint(stop | never):
                return
            if first:
                entry = Entry("place", identity, role=_role(form, role, stop, never))
                number = self.entries.setdefault(entry, len(self.entries))
                self.index.setdefault(first, {})[rest, number, True] = None

        return lay(self.place_rows, self.tables.get("place_words", ()), add)


def _role(form: str, role: str, stop: set[str], never: set[str]) -> str:
    """`word` for names on the stop list, `variant` for those that only a place word can make a name."""
    if form in never:
        return "variant"
    return "word" if form in stop and role != "variant" else role


def text_words(form: str) -> str:
    """A form as words of a text, with blanks between: 'T4' is 't 4' there."""
    return form if form.isalpha() and form == fold_words(form) else " ".join(split(form).words)


def build(folders: Iterable[Path]) -> tuple[Compiled, list[Fault]]:
    """The lexicon of these folders and every fault found in them."""
    builder = Builder()
    files = data_files(folders)
    for file in files:
        try:
            _read(file, builder)
        except _UNREADABLE as error:
            mark = getattr(error, "problem_mark", None)
            where = mark.line + 1 if mark else 1
            builder.fault(file, where, f"cannot be read: {error}", "compare its form with docs/lexicon.md")
    return builder.compiled(digest(files)), builder.faults


def load_yaml(file: Path) -> Any:
    """The data of a YAML file."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader either way


def _read(file: Path, to: Builder) -> None:
    kind = file.parent.name
    if kind == "places":
        if file.suffix == ".csv":
            found, faults = read_rows(file)
            to.place_rows += found
            to.faults += faults
    elif file.suffix == ".yaml":
        rows.read(kind, file.stem, load_yaml(file), to)
