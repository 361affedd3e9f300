"""The desk over one register: what every page may ask for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock

from sijill import filters
from sijill.errors import SijillError, UsageError
from sijill.filters import Filter
from sijill.incidents import HeldMention
from sijill.keep import Keeper
from sijill.lexicon.entries import Compiled
from sijill.lexicon.load import load as load_lexicon
from sijill.publish.names import Lang, Names, names
from sijill.web.identity import Door, Person, Session
from sijill.web.index import SECRET
from sijill.web.shelf import Shelf


class Missing(SijillError):
    """There is nothing of that id, or nothing that may be seen."""


class Conflict(SijillError):
    """Somebody else decided meanwhile; `subjects` of what, `seen` what the form knew."""

    def __init__(self, own: str, subjects: list[str], seen: int) -> None:
        super().__init__(f"{own}: somebody else decided meanwhile")
        self.own, self.subjects, self.seen = own, subjects, seen


class Desk:
    """An open register with what lies beside it. Safe for several threads."""

    def __init__(
        self, place: str | Path, person: Person, *, tell: Callable[[str], object],
        reader: str = "grammar", lexicon: Path | None = None, now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.place, self.reader, self.lexicon_folder, self.now = str(place), reader, lexicon, now
        self.register = Keeper.open(place)
        self.shelf = Shelf(self.register)
        self.door = Door(person, now, tell)
        self._writing = Lock()

    @contextmanager
    def writing(self, person: Person) -> Iterator[Keeper]:
        """The register for writing in a person's name; one at a time, and the shelf follows."""
        with self._writing:
            with Keeper.open(self.place, write=True, who=person.name) as register:
                yield register
            self.shelf.refresh()

    @cached_property
    def lexicon(self) -> Compiled:
        """The word lists, compiled."""
        return load_lexicon(self.lexicon_folder)

    @property
    def names(self) -> Names:
        """Names of codes in both languages."""
        return names()

    def close(self) -> None:
        """Lets the register go."""
        self.register.close()


@dataclass(slots=True)
class Ask:
    """One request to a page: who asks, in which language, for what."""

    desk: Desk
    person: Person
    session: Session
    lang: Lang
    query: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)

    def told(self, name: str) -> str:
        """A word of the address, trimmed; empty where it is not there."""
        return self.query.get(name, "").strip()

    def number(self, name: str, usual: int, most: int) -> int:
        """A whole number of the address; UsageError where it is none."""
        raw = self.told(name)
        if not raw:
            return usual
        if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
            raise UsageError(f"{name} is a whole number, not {raw[:40]!r}")
        return min(int(raw), most)

    def asked(self) -> Filter:
        """The filter of the address: one parameter a key, or `where` as the command line writes it."""
        words = [self.told("where")] if self.told("where") else []
        for key in Filter.__struct_fields__:
            value = self.told(key)
            if value:
                words.append(f"{key}={_quoted(value)}")
        return filters.parse(" ".join(words))

    def sees(self, sensitivity: str) -> bool:
        """May this person see something so sensitive?"""
        return SECRET.index(sensitivity) <= self.person.clearance

    def mentions(self, ids: list[str]) -> list[HeldMention]:
        """The mentions of these ids that may be seen, by day of publication."""
        held = [one for one in self.desk.register.mentions(ids=ids) if self.sees(one.sensitivity)]
        return sorted(held, key=lambda one: (one.published or "~", one.received or "", one.id))


def _quoted(value: str) -> str:
    """A value as a word of a filter."""
    return "'" + value.replace("'", "'\"'\"'") + "'"
