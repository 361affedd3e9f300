"""Tables of phrases, looked up by word: each distinct word is taken apart once, whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sijill.arabic.memo import Memo
from sijill.arabic.numbers import Phrases, phrases
from sijill.arabic.words import forms, keys

_Rests = tuple[tuple[str, ...], ...]


class PhraseTable(dict[str, list[tuple[str, ...]]]):
    """One table of phrases, by their first words, found with particles before them or without.

    With `attached=False`, 'bi-', 'li-' and 'ka-' only where the article follows. `starts[word]` is
    empty for most words; else it holds the further words of what may start there.
    """

    def __init__(self, values: Iterable[str] = (), *, attached: bool = True) -> None:
        super().__init__(phrases(values))
        self._attached = attached
        self._firsts = frozenset(self)
        self.starts = Memo(self._look_up)

    def _look_up(self, word: str) -> tuple[_Rests, ...]:
        """For each way to take the word apart, the further words of its phrases, the longest first."""
        if self._firsts.isdisjoint(keys[word]):
            return ()
        return tuple(
            tuple(phrase[1:] for phrase in self[form.word])
            for form in forms(word)
            if form.word in self and (self._attached or form.article or not form.preposition)
        )

    def end(self, words: list[str], at: int) -> int:
        """Where the longest phrase that starts at a word ends; the word itself where none does."""
        best = at
        for rests in self.starts[words[at]]:
            for rest in rests:
                if not rest or tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                    best = max(best, at + 1 + len(rest))
                    break
        return best

    def among(self, words: list[str], first: int, last: int) -> bool:
        """Whether a phrase stands among the words `[first, last)`."""
        starts = self.starts
        for at in range(first, last):
            for rests in starts[words[at]]:
                for rest in rests:
                    if not rest or tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                        if at + len(rest) < last:
                            return True
                        break
        return False


class PhraseTables:
    """Several tables of phrases, looked up together: each word asks once, whatever their number.

    With `bare`, a phrase written without the article is found with it too, and only the first
    phrase of each table counts at a word; without, each way to take the word apart counts.
    """

    def __init__(self, tables: Mapping[str, Phrases], *, bare: bool) -> None:
        self._tables, self._bare = tables, bare
        self._firsts = frozenset().union(*tables.values())
        self._starts = Memo(self._look_up)

    def _look_up(self, word: str) -> tuple[tuple[str, str, _Rests], ...]:
        """Name, first word and further words of the phrases that may start with this word."""
        if self._firsts.isdisjoint(keys[word]):
            return ()
        firsts = [form.word for form in forms(word)]
        if self._bare:
            firsts = [key for form in forms(word) for key in (form.word, form.stem)]
        return tuple(
            (name, key, tuple(phrase[1:] for phrase in table[key]))
            for name, table in self._tables.items()
            for key in firsts
            if key in table
        )

    def find(self, words: list[str]) -> list[tuple[str, str, int, int]]:
        """Every phrase of a text: its table, its first word, its words `[start, end)`."""
        found: list[tuple[str, str, int, int]] = []
        for at, options in enumerate(map(self._starts.__getitem__, words)):
            if not options:
                continue
            done: str | None = None
            for name, key, rests in options:
                if name == done:
                    continue
                for rest in rests:
                    if not rest or tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                        found.append((name, key, at, at + 1 + len(rest)))
                        done = name if self._bare else None
                        break
        return found
