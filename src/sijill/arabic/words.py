"""Words and sentences of a levelled text, and the particles that Arabic attaches to words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sijill.arabic.fold import Folded, fold
from sijill.arabic.memo import Memo

_SPACED = r"(?<![^\W\d])[^\W\d](?: [^\W\d](?![^\W\d])){2,}"  # a word written letter by letter
_PLAIN = r"[^\W\d]+|\d+(?:[.,]\d+)*|[^\w\s]"
_WORD = re.compile(_SPACED + "|" + _PLAIN + r"|\n")
_PART = re.compile(_PLAIN)
_SINGLE = re.compile(r" [^\W\d] [^\W\d](?![^\W\d])")  # no word is written letter by letter without it
# ta marbuta and alef maqsura end a word: a letter right after them is a missing blank
_FINAL = re.compile("[\u0629\u0649](?=[\u0621-\u064a])")
_STOPS = {".", "\u061f", "?", "!", "\n", "|", "\u2022", "*"}
_AND = ("\u0648", "\u0641")
_PREPOSITIONS = ("\u0628", "\u0644", "\u0643")
ARTICLE = "\u0627\u0644"
_LAM = "\u0644"


class Form:
    """One way to take a word apart: what is attached before it, and what is left.

    `conjunction` is wa- or fa-, `preposition` bi-, li- or ka-, `article` tells of al-;
    `stem` is the word without the article, `word` the word with it. Not to be changed: many share it.
    """

    __slots__ = ("article", "conjunction", "preposition", "stem", "word")

    def __init__(self, conjunction: str, preposition: str, article: bool, stem: str) -> None:
        self.conjunction = conjunction
        self.preposition = preposition
        self.article = article
        self.stem = stem
        self.word = ARTICLE + stem if article else stem

    def __repr__(self) -> str:
        return f"Form({self.conjunction!r}, {self.preposition!r}, {self.article!r}, {self.stem!r})"


_Cut = tuple[list[str], list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Text:
    """A levelled text cut into words; `ends[i]` is exclusive, sentences are ranges of words."""

    folded: Folded
    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[tuple[int, int]]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The source span of the words `[first, last)`."""
        if last <= first:
            return 0, 0
        return self.folded.span(self.starts[first], self.ends[last - 1])

    def quote(self, first: int, last: int) -> str:
        """The source's own words `[first, last)`, without marks that only clutter."""
        return self.folded.words(self.starts[first], self.ends[last - 1]) if last > first else ""


def split(source: str) -> Text:
    """The words and sentences of a text."""
    folded = fold(source)
    breaks = {folded.position(m.end()) for m in _FINAL.finditer(source)}
    words, starts, ends = _cut(folded.text)
    if breaks:
        words, starts, ends = _broken(folded.text, starts, ends, breaks)
    return Text(folded, words, starts, ends, _sentences(words))


def _cut(text: str) -> _Cut:
    """The words of a levelled text, where each starts and where it ends."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    if _SINGLE.search(text):
        for match in _WORD.finditer(text):
            words.append(match[0].replace(" ", ""))
            starts.append(match.start())
            ends.append(match.end())
        return words, starts, ends
    at = line_end = 0
    for line in text.split("\n"):  # most of what stands between blanks is one word
        line_end += len(line)
        for chunk in line.split():
            at = text.find(chunk, at)
            if chunk.isalpha():
                words.append(_SAME[chunk])
                starts.append(at)
                at += len(chunk)
                ends.append(at)
                continue
            for match in _PART.finditer(chunk):
                words.append(_SAME[match[0]])
                starts.append(at + match.start())
                ends.append(at + match.end())
            at += len(chunk)
        if line_end < len(text):
            words.append("\n")
            starts.append(line_end)
            ends.append(line_end + 1)
        line_end += 1
        at = line_end
    return words, starts, ends


def _itself(word: str) -> str:
    return word


_SAME: Memo[str, str] = Memo(_itself)
"""One object for all the places where a word stands: the tables that ask for it next find it faster."""


def _broken(text: str, starts: list[int], ends: list[int], breaks: set[int]) -> _Cut:
    """The words cut again where a blank is missing."""
    new_starts: list[int] = []
    new_ends: list[int] = []
    for start, end in zip(starts, ends, strict=True):
        inner = sorted(b for b in breaks if start < b < end)
        new_starts += [start, *inner]
        new_ends += [*inner, end]
    words = [text[s:e].replace(" ", "") for s, e in zip(new_starts, new_ends, strict=True)]
    return words, new_starts, new_ends


def _sentences(words: list[str]) -> list[tuple[int, int]]:
    """Ranges of words between full stops, line ends, bars and bullets."""
    ranges: list[tuple[int, int]] = []
    first = 0
    for i, word in enumerate(words):
        if word in _STOPS:
            if i > first:
                ranges.append((first, i))
            first = i + 1
    if first < len(words):
        ranges.append((first, len(words)))
    return ranges


@lru_cache(maxsize=65536)
def forms(word: str) -> tuple[Form, ...]:
    """Every way to take a word apart, the least cut first.

    >>> [f.word for f in forms("وبالهجوم")][-1]
    'الهجوم'
    """
    found: list[Form] = []

    def add(conjunction: str, preposition: str, rest: str) -> None:
        if rest.startswith(ARTICLE) and len(rest) > 3:
            found.append(Form(conjunction, preposition, True, rest[2:]))
        found.append(Form(conjunction, preposition, False, rest))

    add("", "", word)
    starts = [("", word)]
    if len(word) > 2 and word[0] in _AND:
        add(word[0], "", word[1:])
        starts.append((word[0], word[1:]))
    for conjunction, rest in starts:
        if len(rest) > 2 and rest[0] in _PREPOSITIONS:
            if rest[0] == _LAM and rest[1] == _LAM and len(rest) > 3:
                found.append(Form(conjunction, _LAM, True, rest[2:]))
            add(conjunction, rest[0], rest[1:])
    return tuple(found)


def _keys(word: str) -> frozenset[str]:
    return frozenset([key for form in forms(word) for key in (form.word, form.stem)])


keys = Memo(_keys)
"""Every word and stem that a word may hold; one that shares none with a list starts nothing of it."""


def attached(word: str) -> list[str]:
    """The forms in which a folded word may stand in a text: as it is, with the article, and with the
    particles that are written onto it. The word itself comes first."""
    bare = word.removeprefix(ARTICLE) if len(word) > len(ARTICLE) + 1 else word
    definite = ARTICLE + bare
    stems = [word, definite] if bare == word else [word]
    forms = [*stems]
    forms += [particle + stem for particle in _PREPOSITIONS for stem in stems
              if not (particle == _LAM and stem == definite)]  # fmt: skip
    forms.append(_LAM + _LAM + bare)
    return list(dict.fromkeys([*forms, *(conjunction + form for conjunction in _AND for form in forms)]))
