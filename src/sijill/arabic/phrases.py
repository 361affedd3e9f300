"""Many lists of phrases, found together in one pass over the words of a text.

Each distinct word is taken apart once and remembered with the phrases that may start there, so
that a word which starts none costs one look-up, however many lists there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sijill.arabic.fold import fold_words
from sijill.arabic.words import forms, keys


@dataclass(slots=True, unsafe_hash=True)
class Hit:
    """A phrase that was found: the name of its list, its words `[start, end)`, and how it is listed."""

    name: str
    start: int
    end: int
    phrase: str


_Start = tuple[tuple[str, ...], str, str]


class PhraseLists:
    """Finds the phrases of named lists, with or without particles before their first word.

    With `bare`, a phrase written without the article is found with it too.

    >>> PhraseLists({"sport": ["مباراة"]}).find(["في", "المباراه"])
    [Hit(name='sport', start=1, end=2, phrase='مباراه')]
    """

    def __init__(self, lists: Mapping[str, Iterable[str]], *, bare: bool = True) -> None:
        self._bare = bare
        self._table: dict[str, list[_Start]] = {}
        for name, values in lists.items():
            for value in values:
                phrase = fold_words(str(value))
                first, *rest = phrase.split() or [""]
                self._table.setdefault(first, []).append((tuple(rest), name, phrase))
        self._firsts = frozenset(self._table)
        self._starts = lru_cache(maxsize=65536)(self._look_up)

    def _look_up(self, word: str) -> tuple[_Start, ...]:
        """What may start with this word, the longest first."""
        if self._firsts.isdisjoint(keys[word]):
            return ()
        found: dict[_Start, None] = {}
        for form in forms(word):
            for key in (form.word, form.stem) if self._bare and form.article else (form.word,):
                found.update(dict.fromkeys(self._table.get(key, ())))
        return tuple(sorted(found, key=lambda start: -len(start[0])))

    def find(self, words: list[str], first: int = 0, last: int | None = None) -> list[Hit]:
        """Every hit that starts in `[first, last)`, in order; of each list the longest at each word."""
        last = len(words) if last is None else min(last, len(words))
        starts = self._starts
        return [
            hit
            for at in range(first, last)
            if (options := starts(words[at]))
            for hit in _longest(options, words, at)
        ]

    def any(self, words: list[str], first: int = 0, last: int | None = None) -> bool:
        """Whether anything is found there."""
        return bool(self.find(words, first, last))


def _longest(options: tuple[_Start, ...], words: list[str], at: int) -> list[Hit]:
    hits: dict[str, Hit] = {}
    for rest, name, phrase in options:
        end = at + 1 + len(rest)
        if name not in hits and (not rest or tuple(words[at + 1 : end]) == rest):
            hits[name] = Hit(name, at, end, phrase)
    return list(hits.values())
