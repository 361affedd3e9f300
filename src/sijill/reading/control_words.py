"""The words of control: rules, tables, and one sentence as they see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.memo import Memo
from sijill.arabic.words import forms, keys
from sijill.lexicon.inflect import verb_forms
from sijill.reading.actors import Cast
from sijill.reading.phrase_tables import PhraseTable
from sijill.reading.places import Chain
from sijill.reading.scene import Scene, Sentence, Unit
from sijill.records import Place

REACH = 18  # units between a word of control and its place
_SHORT = 5  # and between a noun of control and its preposition
_NEAR = 6  # units before it in which 'tried to' counts
_FROM, _LI = "\u0645\u0646", "\u0644"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rules; `tense` is past, present or noun."""

    change: str
    tense: str
    on: str = ""
    present: str = ""
    close: bool = False
    own: bool = False
    object: bool = False
    men: bool = False
    origin: bool = False
    by: PhraseTable = field(default_factory=PhraseTable)
    to: PhraseTable = field(default_factory=PhraseTable)
    needs: PhraseTable = field(default_factory=PhraseTable)


@dataclass(slots=True)
class Line:
    """One sentence with what the rules need: units, chains, and what may be meant by 'the town'."""

    scene: Scene
    sentence: Sentence
    chains: list[Chain]
    earlier: list[Line]
    cast: Cast
    near: Counter[str] | None = None  # the cast's places, those of this sentence before others
    places: list[Place] | None = None  # the places that it names, once they were asked for

    @property
    def units(self) -> list[Unit]:
        """The units of the sentence."""
        return self.sentence.units

    @property
    def words(self) -> list[str]:
        """The words of the whole scene."""
        return self.scene.text.words

    def at(self, word: int) -> int:
        """The unit that a word belongs to."""
        return next((i for i, u in enumerate(self.units) if word < u.end), len(self.units))


class Words:
    """The rules and tables of `control.yaml`."""

    def __init__(self, rows: dict[str, Any]) -> None:
        self._rules: dict[str, list[tuple[tuple[str, ...], Rule]]] = {}
        for row in rows["rules"]:
            self._add(row)
        for found in self._rules.values():
            found.sort(key=lambda pair: -len(pair[0]))
        self._tables = {key: PhraseTable(rows[key]) for key in _TABLES}
        asked = ("held_after", "besieged_after", "contested_near", "rage")
        self._firsts = frozenset(self._rules).union(*(self._tables[name] for name in asked))
        self._may_match = Memo(self._look_up)
        self._kinds = Memo(self._kinds_of)

    def _add(self, row: dict[str, Any]) -> None:
        rule = Rule(
            row["change"], "", fold_words(row.get("prep") or ""), row.get("present") or "",
            bool(row.get("close")), bool(row.get("own")), bool(row.get("object")),
            bool(row.get("men")), bool(row.get("from")),
            *(PhraseTable(row.get(key) or ()) for key in ("by", "to", "needs")),
        )  # fmt: skip
        for notation in row.get("verbs") or ():
            for form, tense in verb_forms(str(notation)):
                self._put(form, replace(rule, tense=tense))
        for noun in row.get("nouns") or ():
            self._put(fold_words(noun), replace(rule, tense="noun"))

    def _put(self, form: str, rule: Rule) -> None:
        words = tuple(form.split())
        self._rules.setdefault(words[0], []).append((words, rule))

    def kinds(self, words: list[str]) -> int:
        """What may stand among these words: 1 a word of a rule, 2 one after a place, 4 one for a fight."""
        found = 0
        for kind in map(self._kinds.__getitem__, words):
            found |= kind
        return found

    def _kinds_of(self, word: str) -> int:
        if self._firsts.isdisjoint(keys[word]):
            return 0

        def starts(*names: str) -> bool:
            return any(self._tables[name].starts[word] for name in names)

        held, fight = starts("held_after", "besieged_after"), starts("contested_near", "rage")
        return bool(self._may_match[word]) + 2 * held + 4 * fight

    def _look_up(self, word: str) -> tuple[tuple[tuple[str, ...], Rule], ...]:
        """The rules that may start with a word, with the further words of their phrases."""
        found = []
        for form in forms(word):
            verb = not form.article and not form.preposition
            rows = self._rules.get(form.word if form.article else form.stem, ())
            noun = any(rule.tense == "noun" for _, rule in rows)
            for phrase, rule in rows:
                if (rule.tense != "noun" and not verb) or form.preposition == _LI:
                    continue
                if rule.tense == "suffixed" and (noun or rule.on):
                    continue  # 'seized it' and 'seizure' are written alike
                found.append((phrase[1:], rule))
        return tuple(found)

    def matches(self, line: Line, word: int) -> Iterator[tuple[Rule, int]]:
        """The rules whose words begin here, and where they end."""
        words = line.words
        for rest, rule in self._may_match[words[word]]:
            end = word + 1 + len(rest)
            if not rest or tuple(words[word + 1 : end]) == rest:
                yield rule, end

    def change(self, line: Line, rule: Rule, word: int) -> str:
        """A present tense tells a state; in a headline only after 'still' or 'which'."""
        if rule.tense != "present" or not rule.present:
            return rule.change
        first = line.sentence.first
        if self.has("was", line, max(first, word - 3), word):
            return "was"
        told = line.scene.field == "text" or self.has("still", line, max(first, word - 8), word)
        return rule.present if told else rule.change

    def done(self, line: Line, word: int) -> bool:
        """Whether it is told as done: no 'tried to', 'in order to', 'denied' before it."""
        at = line.at(word)
        first = max(0, at - _NEAR)
        for i in range(at - 1, first - 1, -1):
            unit = line.units[i]
            start = unit.start
            if unit.letter == "," and at - i > 3:
                return True
            if self.ends("done", line, start, word):
                return True
            if self.ends("not_done", line, start, word):
                return False
        return True

    def end(self, table: str, line: Line, word: int, rows: PhraseTable | None = None) -> int:
        """Where the longest phrase of a table that begins at a word ends; the word itself where none does."""
        known = self._tables[table] if rows is None else rows
        return known.end(line.words, word)

    def ends(self, table: str, line: Line, start: int, last: int) -> bool:
        """Whether a phrase of a table begins at a word and ends by `last`."""
        return start < self._tables[table].end(line.words, start) <= last

    def has(self, table: str, line: Line, start: int, last: int, rows: PhraseTable | None = None) -> bool:
        """Whether a phrase of a table stands among the words `[start, last)`."""
        known = self._tables[table] if rows is None else rows
        return any(i < known.end(line.words, i) <= last for i in range(start, last))

    def stops(self, line: Line, at: int) -> bool:
        """Whether a clause ends at a unit."""
        unit = line.units[at]
        return unit.letter != "D" and self.ends("ends", line, unit.start, unit.end)

    @staticmethod
    def is_part(line: Line, at: int) -> bool:
        """'of' that only joins a number or batch to a group: 'the first batch of fighters'."""
        nxt = line.units[at + 1] if at + 1 < len(line.units) else None
        return nxt is not None and nxt.letter in "AVM"

    def pronouns(self, on: str) -> list[str]:
        """The pronouns that a preposition takes: 'from it' for 'from'."""
        return [
            w for w in (p[0] for rows in self._tables["pronouns"].values() for p in rows) if w[:2] == on[:2]
        ]

    def preposition(self, line: Line, on: str, word: int, at: int, noun: bool) -> int | None:
        """The unit after the preposition that leads to the place; None where a clause ends before."""
        if at and line.words[line.units[at - 1].end - 1] == on and line.units[at - 1].end - 1 > word:
            return at
        for i in range(at, min(len(line.units), at + (_SHORT if noun else REACH))):
            unit = line.units[i]
            last = line.words[unit.end - 1]
            if (last == on and not (on == _FROM and self.is_part(line, i))) or last in self.pronouns(on):
                return i + 1
            if unit.letter in "eK" or (self.ends("ends", line, unit.start, unit.end) and unit.letter != "D"):
                return None
        return None


_TABLES = (
    "held_after", "was", "strong", "besieged_after", "besieged_by", "contested_near", "fights", "rage",
    "between", "from_hold", "still", "what", "that", "not_done", "done", "ends", "several", "among", "more",
    "pronouns", "men", "not_subject",
)  # fmt: skip
