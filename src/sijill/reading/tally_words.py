"""The words of `data/tallies.yaml` in a sentence: which of them stand where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sijill.arabic.memo import Memo
from sijill.arabic.numbers import Numbers, phrases
from sijill.arabic.words import forms, keys
from sijill.lexicon.entries import Compiled
from sijill.reading.scene import Scene, Sentence, Unit

_Row = tuple[tuple[str, ...], str]


NO_PERIOD = ("trained", "accounts", "holds", "strength", "percent")
"""Tags of stocks and shares, which are tallies of no period; any other needs one, or a tally before it."""
TELLING = frozenset(
    {"within", "since_then", "same_period", "month_before", "vague_period", "relative_period", "since"}
).union(NO_PERIOD)
"""Those and the tags from which `PeriodReader` makes periods; beside dates there are no others."""


class Marks:
    """The tags of the words of one sentence: `tags[i]` maps a tag to the end of its phrase."""

    def __init__(self, tags: Mapping[int, Mapping[str, int]]) -> None:
        self._tags = tags  # in the order of the words
        self._all = frozenset(name for row in tags.values() for name in row)

    def has(self, *names: str) -> bool:
        """Whether one of these tags stands in the sentence."""
        return not self._all.isdisjoint(names)

    def at(self, word: int, *names: str) -> bool:
        """Whether one of these tags begins at a word."""
        row = self._tags.get(word)
        if row is not None:
            for name in names:
                if name in row:
                    return True
        return False

    def end(self, word: int, name: str) -> int:
        """Where the phrase of a tag that begins at a word ends; the word itself if none does."""
        return self._tags.get(word, {}).get(name, word)

    def each(self, *names: str) -> Iterator[tuple[int, int]]:
        """Every phrase with one of these tags, as words `[start, end)`, in order."""
        if self._all.isdisjoint(names):
            return
        for word, row in self._tags.items():
            ends = [end for name, end in row.items() if name in names]
            if ends:
                yield word, max(ends)

    def within(self, first: int, last: int, *names: str) -> bool:
        """Whether one of these tags begins between two words."""
        if self._all.isdisjoint(names):
            return False
        return any(self.at(word, *names) for word in range(max(0, first), last))

    def on(self, unit: Unit, *names: str) -> bool:
        """Whether one of these tags begins in a unit."""
        return not self._all.isdisjoint(names) and self.within(unit.start, unit.end, *names)


class TallyWords:
    """Tags the words of sentences, over one lexicon."""

    def __init__(self, lexicon: Compiled) -> None:
        self.numbers = Numbers(lexicon.tables["numbers"])
        table: dict[str, list[_Row]] = {}
        for name, words in lexicon.tables.get("tallies", {}).items():
            for rows in phrases(words).values():
                for phrase in rows:
                    table.setdefault(phrase[0], []).append((phrase, name))
        self._table = table
        self._firsts = frozenset(table)
        self._starts = Memo(self._look_up)
        self._telling = Memo(self._may_tell)

    def _look_up(self, word: str) -> tuple[_Row, ...]:
        """Every phrase that may start with this word, however particles are attached to it."""
        if self._firsts.isdisjoint(keys[word]):
            return ()
        found: dict[_Row, None] = {}
        for form in forms(word):
            for key in (form.word, form.stem) if form.article else (form.word,):
                for row in self._table.get(key, ()):
                    found[row] = None
        return tuple(found)

    def _may_tell(self, word: str) -> tuple[tuple[str, ...], ...]:
        """The phrases of periods, stocks and shares that may start with this word."""
        return tuple([phrase for phrase, name in self._starts[word] if name in TELLING])

    def tells(self, scene: Scene, sentence: Sentence) -> bool:
        """Whether a period, a stock or a share may be told at all: by a date or by one of its words."""
        words, last = scene.text.words, sentence.last
        for at in range(sentence.first, last):
            for phrase in self._telling[words[at]]:
                end = at + len(phrase)
                if end <= last and (len(phrase) == 1 or tuple(words[at + 1 : end]) == phrase[1:]):
                    return True
        return any(u.letter == "D" for u in sentence.units)

    def marks(self, scene: Scene, sentence: Sentence) -> Marks:
        """The tags of a sentence."""
        words = scene.text.words
        tags: dict[int, dict[str, int]] = {}
        for at in range(sentence.first, sentence.last):
            for phrase, name in self._starts[words[at]]:
                size = len(phrase)
                end = at + size
                if end > sentence.last or (size > 1 and words[at + 1] != phrase[1]):
                    continue
                if size < 3 or tuple(words[at + 1 : end]) == phrase[1:]:
                    row = tags.setdefault(at, {})
                    row[name] = max(end, row.get(name, 0))
        return Marks(tags)

    def in_list(self, scene: Scene, sentence: Sentence) -> bool:
        """Whether a sentence is an item of a list: a bullet stands before it."""
        if sentence.units and sentence.units[0].letter == "-":
            return True
        before = scene.text.words[sentence.first - 1] if sentence.first else ""
        return any(name == "bullets" for _, name in self._starts[before]) if before else False
