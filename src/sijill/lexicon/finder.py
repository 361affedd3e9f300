"""All names and cues of a text in one pass, ambiguity kept.

Each distinct word is taken apart once and remembered with the forms that may start there, so
that a text costs one look-up a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sijill.arabic.words import Form, forms
from sijill.lexicon.entries import Compiled, Entry

_ARTICLE = "\u0627\u0644"
_QUOTE = '"'
_VERBS = frozenset({"act_verb", "outcome_verb"})
_Start = tuple[Form, tuple[str, ...], Entry, bool]


@dataclass(frozen=True, slots=True)
class Match:
    """A form that was found: its words `[start, end)`, how its first word is attached, its meaning."""

    start: int
    end: int
    form: Form
    entry: Entry

    @property
    def kind(self) -> str:
        """The kind of its entry."""
        return self.entry.kind


class Finder:
    """Finds the forms of a lexicon."""

    def __init__(self, lexicon: Compiled) -> None:
        self._entries = lexicon.entries
        self._index = lexicon.index
        self._starts = lru_cache(maxsize=131072)(self._look_up)

    def _look_up(self, word: str) -> tuple[_Start, ...]:
        """Every form that may start with this word, the longest first."""
        found: list[_Start] = []
        for form in forms(word):
            for key, with_article in (
                ((form.word, True), (form.stem, False)) if form.article else ((form.word, True),)
            ):
                for rest, number, strict in self._index.get(key, ()):
                    entry = self._entries[number]
                    if not with_article and strict:
                        continue
                    if entry.kind in _VERBS and (form.preposition or form.article):
                        continue
                    if entry.kind == "cue" and entry.number != "attached" and form.preposition:
                        continue
                    found.append((form, tuple(rest.split()), entry, strict))
        found.sort(key=lambda start: -len(start[1]))
        return tuple(found)

    def find(self, words: list[str]) -> list[Match]:
        """Every match in the text, by place and then longest first; quotation marks inside names do not count."""
        if _QUOTE in words:
            kept = [i for i, word in enumerate(words) if word != _QUOTE]
            plain = self.find([words[i] for i in kept])
            return [Match(kept[m.start], kept[m.end - 1] + 1, m.form, m.entry) for m in plain]
        found: list[Match] = []
        size = len(words)
        for at, word in enumerate(words):
            for form, rest, entry, strict in self._starts(word):
                end = at + 1 + len(rest)
                if rest and (end > size or not _same(words, at + 1, rest, strict)):
                    continue
                found.append(Match(at, end, form, entry))
        return found


def _same(words: list[str], at: int, rest: tuple[str, ...], strict: bool) -> bool:
    """Whether the rest of a form stands here; loose forms may carry the article."""
    for offset, part in enumerate(rest):
        word = words[at + offset]
        if word == part:
            continue
        if strict or not word.startswith(_ARTICLE) or word[2:] != part:
            return False
    return True
