"""The words of a scene as speakers are read from them, and what a speaker is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sijill.arabic.fold import fold_words
from sijill.arabic.words import forms
from sijill.reading.scene import Scene, Unit

OFFICE, PERSON, BODY, STATE, NAME, OTHER = "office", "person", "body", "state", "name", "other"
MARKS = frozenset("\u060c,:()-\u061b;[]/%\n")
PLURALS = ("\u064a\u0646", "\u0648\u0646", "\u0627\u0646")
AL, LI = "\u0627\u0644", "\u0644"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker: words `[start, end)` of a scene, its own words without clitics, and its kind."""

    start: int
    end: int
    name: str
    kind: str
    head: str
    code: str = ""

    @property
    def words(self) -> frozenset[str]:
        """The levelled words without articles, to compare speakers by."""
        return frozenset(w.removeprefix(AL) for w in fold_words(self.name).split() if w not in MARKS)


class Lines:
    """The words of a scene with the unit that each belongs to; quotation marks count for nothing."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.words = scene.text.words
        self._units: dict[int, Unit] | None = None

    @property
    def units(self) -> dict[int, Unit]:
        """The unit of each word, gathered when first asked for."""
        if self._units is None:
            self._units = {i: u for s in self.scene.sentences for u in s.units for i in range(u.start, u.end)}
        return self._units

    def next(self, at: int) -> int:
        """The first word from `at` on that is no quotation mark."""
        while at < len(self.words) and self.words[at] == '"':
            at += 1
        return at

    def before(self, at: int, first: int) -> int:
        """The last word before `at` that is no quotation mark; `first - 1` where there is none."""
        at -= 1
        while at >= first and self.words[at] == '"':
            at -= 1
        return at

    def letter(self, at: int) -> str:
        """The letter of the unit that a word belongs to."""
        unit = self.units.get(at)
        return unit.letter if unit else ""

    def quote(self, start: int, end: int) -> str:
        """The words as the source has them, one blank between, the first without its particles."""
        parts = [
            self.scene.text.quote(i, i + 1)
            for i in range(start, end)
            if self.words[i] not in MARKS and self.words[i] != '"'
        ]
        if parts:
            parts[0] = bare(parts[0], self.words[start])
        return " ".join(parts)


def bare(word: str, folded: str) -> str:
    """A word without 'and', 'by', 'for' before its article, as the source spells it."""
    for form in forms(folded):
        cut = len(form.conjunction) + len(form.preposition)
        if cut and form.article:
            return AL + word[cut + 1 :] if form.preposition == LI and folded[cut] == LI else word[cut:]
    return word


def level(words: Iterable[str]) -> frozenset[str]:
    """The words of a list, levelled."""
    return frozenset(fold_words(str(w)) for w in words)


def singular(stem: str) -> str:
    """A noun without the ending of a sound plural."""
    for ending in PLURALS:
        if stem.endswith(ending) and len(stem) > 4:
            return stem[: -len(ending)]
    return stem
