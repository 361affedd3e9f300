"""A sentence as the rules of tallies look at it: its words, units and tags, and what counts events."""

from __future__ import annotations

from dataclasses import dataclass

from sijill.arabic.memo import Memo
from sijill.arabic.words import forms, keys
from sijill.lexicon.entries import Compiled
from sijill.reading.scene import Unit
from sijill.reading.tally_words import Marks

_IN = "\u0628"
_Row = tuple[tuple[str, ...], str, str]


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a list takes over: what befell the people, and what the deeds are."""

    alive: bool = False
    fate: str | None = None
    deed: str | None = None


class Counted:
    """Nouns of what is counted: attacks, operations, air strikes, accounts."""

    def __init__(self, lexicon: Compiled) -> None:
        self._rows: dict[str, list[_Row]] = {}
        for word, rows in lexicon.index.items():
            for rest, number, _ in rows:
                entry = lexicon.entries[number]
                if entry.kind == "counted":
                    row = (tuple(rest.split()), entry.role or entry.code, entry.number)
                    self._rows.setdefault(word, []).append(row)
        for found in self._rows.values():  # where one form is both, it is an attack
            found.sort(key=lambda row: (-len(row[0]), row[1] != "incidents"))
        self._firsts = frozenset(self._rows)
        self._starts = Memo(self._look_up)

    def read(self, words: list[str], at: int) -> tuple[str, int, str] | None:
        """Measure, end and number ('one', 'two', 'many') of the noun at a word, or None."""
        if at >= len(words):
            return None
        for rest, role, number in self._starts[words[at]]:
            end = at + 1 + len(rest)
            if not rest or (end <= len(words) and all(map(_alike, words[at + 1 : end], rest))):
                return role, end, number
        return None

    def _look_up(self, word: str) -> tuple[_Row, ...]:
        """What may start with a word."""
        if self._firsts.isdisjoint(keys[word]):
            return ()
        return tuple(row for form in forms(word) for row in self._rows.get(form.stem, ()))


def _alike(word: str, rest: str) -> bool:
    return word == rest or word == "\u0627\u0644" + rest


@dataclass(slots=True)
class View:
    """A sentence with its words, units and tags, as the rules above look at it."""

    words: list[str]
    units: list[Unit]
    marks: Marks
    inherited: Inherited

    @property
    def listed(self) -> bool:
        """Whether the sentence goes on with the count before it."""
        return self.inherited.alive

    def after(self, at: int) -> int:
        """The word after a count; 'of' and signs such as '/' are passed over."""
        nxt = self.units[at + 1] if at + 1 < len(self.units) else None
        sign = nxt is not None and nxt.letter not in ",:()-" and not self.words[nxt.start].isalnum()
        if nxt is not None and (nxt.letter == "f" or sign):
            return nxt.end
        return self.units[at].end

    def unit_at(self, word: int) -> Unit | None:
        """The unit that a word lies in."""
        return next((u for u in self.units if u.start <= word < u.end), None)

    def cased(self, at: int) -> bool:
        """Whether a count is one of cases."""
        return self.marks.at(self.after(at), "case")

    def placed(self, at: int) -> bool:
        """'3 in Raqqa and 13 in Deir ez-Zor': bare counts of a breakdown by place."""
        after = self.units[at + 1 : at + 3]
        placed = (
            bool(after)
            and (after[0].letter == "i" or after[0].form.preposition == _IN)
            and after[-1].letter in "cP"
        )
        return placed and self.marks.has("spread")

    def of_case(self, at: int) -> bool:
        """Whether the word of outcome at a unit only says of what sort counted cases are."""
        return at > 0 and self.marks.on(self.units[at - 1], "case")

    def single(self, at: int) -> bool:
        """Whether a noun of an event alone is one: 'one operation', or the head of a list's item."""
        nxt = self.units[at + 1] if at + 1 < len(self.units) else None
        if nxt is not None and nxt.letter == "N" and nxt.count and nxt.count.low == 1 and nxt.count.high == 1:
            return True
        return self.listed and at <= 1 and (at == 0 or self.units[0].letter == "-")

    def is_operation(self, word: int) -> bool:
        """Whether the noun at a word is one that only its doer makes an attack or an operation."""
        return self.marks.within(word, word + 1, "operation_noun")

    def part(self, at: int) -> bool:
        """Whether 'among them' stands right before."""
        return any("parts" in u.cues for u in self.units[max(0, at - 2) : at])

    def part_or_row(self, at: int) -> bool:
        """Whether a unit stands in a row of parts."""
        return self.part(at) or self.units[at].joined

    def part_or_joined(self, at: int) -> bool:
        """Whether a noun without a number goes on a row: 'among them a woman', 'and one civilian'."""
        victim = self.units[at].get("victim")
        if victim is None or victim.number not in ("one", "two") or self.units[at].form.article:
            return False
        if self.marks.within(self.units[at].start - 1, self.units[at].end, "persons_unsure"):
            return False
        before = self.units[at - 1] if at else None
        if self.part(at) or (self.listed and at <= 1):
            return True
        beside = before is not None and self.marks.on(before, "beside")
        row = before is not None and (before.letter in "VANf:," or beside)
        return row and (self.units[at].joined or victim.number == "two" or beside)
