"""All names and cues of a text in one pass, ambiguity kept.

Each distinct word is taken apart once and remembered with the forms that may start there, sorted
by the word that must follow, so that a text costs one look-up a word. What a form means does not
depend on where it stands; so what was made of a word and the words after it is made once and
shared by all the texts in which they stand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sijill.arabic.memo import Memo
from sijill.arabic.words import Form, forms, keys
from sijill.lexicon.entries import Compiled, Entry

_ARTICLE = "\u0627\u0644"
_QUOTE = '"'
_VERBS = frozenset({"act_verb", "outcome_verb"})
_MOST = 131072  # distinct words that are kept
T = TypeVar("T")


@dataclass(slots=True, unsafe_hash=True)
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


class Option:
    """A form that a word and the words after it may be, wherever they stand; `size` counts its words."""

    __slots__ = ("entry", "form", "rest", "size", "strict")

    def __init__(
        self, size: int, form: Form, entry: Entry, rest: tuple[str, ...] = (), strict: bool = False
    ) -> None:
        self.size = size
        self.form = form
        self.entry = entry
        self.rest = rest
        self.strict = strict

    def wide(self, size: int) -> Option:
        """The same over so many words, quotation marks among them."""
        return Option(size, self.form, self.entry, self.rest, self.strict)


class _Start(Generic[T]):
    """What may start with one word: forms of that word alone, and longer ones by their second word."""

    __slots__ = ("alone", "further", "kept", "lone", "options")

    def __init__(self, options: list[Option], lone: tuple[Option, ...], alone: T) -> None:
        self.options = options
        self.lone = lone
        self.alone = alone
        self.further: dict[str, list[int]] = {}
        self.kept: dict[tuple[int, ...], T] = {}
        for number, option in enumerate(options):
            if option.rest:
                self.further.setdefault(option.rest[0], []).append(number)


class Rows(Generic[T]):
    """What `make(word, options)` makes of each word of a text and the forms that start there.

    The options come longest first. It is called once for each word and choice of options.
    """

    def __init__(self, finder: Finder, make: Callable[[str, tuple[Option, ...]], T]) -> None:
        self._finder, self._make = finder, make
        self._starts = Memo(self._start, _MOST)

    def _start(self, word: str) -> _Start[T]:
        options = self._finder.options(word)
        lone = tuple([o for o in options if not o.rest])
        return _Start(options, lone, self._make(word, lone))

    def find(self, words: list[str]) -> list[T]:
        """What was made of each word, in order; quotation marks inside names do not count."""
        if _QUOTE in words:
            return self._find_quoted(words)
        rows: list[T] = []
        add, size = rows.append, len(words)
        for at, start in enumerate(map(self._starts.__getitem__, words), 1):
            if start.further and at < size and (found := _longer(start, words, at)):
                add(start.kept.get(found) or self._made(start, words[at - 1], found))
            else:
                add(start.alone)
        return rows

    def _find_quoted(self, words: list[str]) -> list[T]:
        """The same where quotation marks stand in the text: forms with one inside are that much longer."""
        kept = [i for i, word in enumerate(words) if word != _QUOTE]
        plain = [words[i] for i in kept]
        rows = [self._starts[word].alone for word in words]
        for at, i in enumerate(kept, 1):
            start = self._starts[words[i]]
            if not start.further or at == len(kept) or not (found := _longer(start, plain, at)):
                continue
            last = at + start.options[found[0]].size - 2
            if kept[last] - i == last - (at - 1):
                rows[i] = start.kept.get(found) or self._made(start, words[i], found)
            else:
                options = _chosen(start, found)
                wide = [o.wide(kept[at + o.size - 2] + 1 - i) for o in options]
                rows[i] = self._make(words[i], tuple(wide))
        return rows

    def _made(self, start: _Start[T], word: str, found: tuple[int, ...]) -> T:
        made = start.kept[found] = self._make(word, _chosen(start, found))
        return made


def _chosen(start: _Start[T], found: tuple[int, ...]) -> tuple[Option, ...]:
    """The longer forms that stand there, in order, and then the word alone."""
    return (*[start.options[n] for n in found], *start.lone)


def _longer(start: _Start[T], words: list[str], at: int) -> tuple[int, ...]:
    """The numbers of the forms of several words that stand here, in order; `at` is the second word."""
    word, options, further = words[at], start.options, start.further
    near = further.get(word)
    loose = further.get(word[2:]) if word.startswith(_ARTICLE) else None
    if near is None and loose is None:
        return ()
    found = [
        n
        for n in near or ()
        if options[n].size == 2 or _same(words, at + 1, options[n].rest, options[n].strict)
    ]
    if loose is not None:
        free = (n for n in loose if not options[n].strict)
        found += [n for n in free if options[n].size == 2 or _same(words, at + 1, options[n].rest, False)]
        found.sort()
    return tuple(found)


class Finder:
    """Finds the forms of a lexicon."""

    def __init__(self, lexicon: Compiled) -> None:
        self._entries = lexicon.entries
        self._index = lexicon.index
        self._rows: Rows[tuple[Option, ...]] = Rows(self, lambda word, options: options)

    def options(self, word: str) -> list[Option]:
        """Every form that may start with this word, the longest first."""
        found: list[Option] = []
        index = self._index
        if not any(key in index for key in keys[word]):
            return found
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
                    further = tuple(rest.split())
                    found.append(Option(1 + len(further), form, entry, further, strict))
        found.sort(key=lambda option: -option.size)
        return found

    def find(self, words: list[str]) -> list[Match]:
        """Every match in the text, by place and then longest first; quotes inside names do not count."""
        return [
            Match(at, at + option.size, option.form, option.entry)
            for at, options in enumerate(self._rows.find(words))
            for option in options
        ]


def _same(words: list[str], at: int, rest: tuple[str, ...], strict: bool) -> bool:
    """Whether the rest of a form stands here from its third word on; loose forms may carry the article."""
    if at + len(rest) - 1 > len(words):
        return False
    for offset, part in enumerate(rest[1:]):
        word = words[at + offset]
        if word == part:
            continue
        if strict or not word.startswith(_ARTICLE) or word[2:] != part:
            return False
    return True
