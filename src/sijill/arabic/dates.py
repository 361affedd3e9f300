"""Dates in running text, worked out from the publication date.

Every word is given a class (`D` a day number, `M` a month, `W` a weekday ...); the rules of
`arabic/date_rules.py` are patterns over the string of classes. A rule is a name, a pattern and
a result; they stand in one ordered table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.memo import Memo
from sijill.arabic.numbers import Numbers, phrases
from sijill.arabic.words import ARTICLE, forms, keys


@dataclass(slots=True, unsafe_hash=True)
class DateRef:
    """A date that the text tells: word range, EDTF, first and last day, and how it was told.

    `edtf` is None where only a time of day is told or nothing tells the year. `since` marks
    'since ...', `ago` a distance ('two days ago'), `exact` a day told as such.
    """

    start: int
    end: int
    edtf: str | None
    low: date | None
    high: date | None
    rule: str
    since: bool = False
    time: str | None = None
    inferred: bool = False
    lasting: bool = False  # 'since Sunday', told so soon after that it dates one event


class Sign:
    """A word or phrase that can be part of a date: class letter, word range, value."""

    __slots__ = ("conjunction", "end", "letter", "start", "value")

    def __init__(
        self, letter: str, start: int, end: int, value: Any = None, conjunction: bool = False
    ) -> None:
        self.letter = letter
        self.start = start
        self.end = end
        self.value = value
        self.conjunction = conjunction


@dataclass(slots=True)
class Context:
    """What resolves a date: the publication date and the month named last."""

    published: date | None
    month: tuple[int, int] | None = None
    day: date | None = None
    signs: list[Sign] = field(default_factory=list)

    def recent(self) -> date | None:
        """The day named last where it lies near the report, else the day of publication."""
        if self.day and self.published and 0 <= (self.published - self.day).days <= 45:
            return self.day
        return self.published


_PHRASE_CLASSES = {
    "same_day": "Z", "today": "T", "yesterday": "J", "day_before_yesterday": "Q", "tomorrow": "F",
    "last_night": "L", "tonight": "O", "early": "e", "middle": "m", "late": "l", "past": "P",
    "current": "C", "next": "X",
    "same_month": "s", "last_month_of": "z", "to_today": "U", "a_few": "q",
    "first_half": "h", "second_half": "h",
    "first_quarter": "h", "second_quarter": "h", "third_quarter": "h", "fourth_quarter": "h",
    "year_mark": "K", "this_month_of": "G", "about": "r", "corresponding": "b", "two_days": "B",
}  # fmt: skip
_VALUED = {"months": "M", "hijri_months": "H", "weekdays": "W", "seasons": "E", "parts_of_day": "p"}
_SMALL = {
    "year_word": "y", "month_word": "o", "since": "S", "before": "A", "from": "f", "until": "t", "and": "w",
    "after": "a", "day_after": "g", "after_of": "v",
}  # fmt: skip
_UNITS = {"year_word": "year", "month_word": "month"}
_MARKS = {"/": "/", "-": "-", "(": "(", ")": ")", "\u060c": ",", ",": ","}
_SPANS = {
    "first_half": (1, 6), "second_half": (7, 12), "first_quarter": (1, 3), "second_quarter": (4, 6),
    "third_quarter": (7, 9), "fourth_quarter": (10, 12),
}  # fmt: skip


_DOTTED = re.compile(r"(\d{1,2}|\d{4})\.(\d{1,2})\.(\d{1,2}|\d{4})")


_Option = tuple[tuple[str, ...], str, Any, bool]


class DateWords:
    """The words of `data/dates.yaml`, by first word, each with its class letter."""

    def __init__(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        self._numbers = numbers
        table: dict[str, list[tuple[tuple[str, ...], str, Any]]] = {}

        def add(letter: str, words: list[str], value: Any = None) -> None:
            for phrase in (p for rows in phrases(words).values() for p in rows):
                table.setdefault(phrase[0], []).append((phrase, letter, value))

        for key, letter in _PHRASE_CLASSES.items():
            add(letter, data[key], key)
        for key, letter in _VALUED.items():
            for value, words in data[key].items():
                add(letter, words, value)
        for unit, words in data["units"].items():
            add("u", words, unit)
        add("d", data["day_word"], "day")
        for key, letter in _SMALL.items():
            add(letter, data[key], _UNITS.get(key))
        self.before_year = {fold_words(w) for w in data["before_year"]}
        self.until = {fold_words(w) for w in data["until"]}
        self.between = {fold_words(w) for w in data["between"]}
        self.conjunctions = {fold_words(w) for w in data["and"]}
        self._teen = {fold_words(w) for w in data["teen"]}
        self._tens = {fold_words(w): int(n) for n, ws in data["tens"].items() for w in ws}
        for rows in table.values():
            rows.sort(key=lambda row: len(row[0]), reverse=True)
        self._table = table
        self._firsts = frozenset(table)
        self._duals = {fold_words(w) for w in data["duals"]}
        self._plurals = {fold_words(w) for w in data["plurals"]}
        self._options = lru_cache(maxsize=65536)(self._taken_apart)
        self._idle = Memo(self._starts_nothing)

    def _starts_nothing(self, word: str) -> bool:
        """Whether no date and no number can start with this word: a quick answer for most."""
        if word in _MARKS or word == ARTICLE or self._numbers.may_start(word) or self._options(word):
            return False
        return not any(f.article for f in forms(word)) or self._numbers.ordinal(word) is None

    def signs(self, words: list[str]) -> list[Sign]:
        """The date words of a text in order; a run of others is one sign of class '.'."""
        found: list[Sign] = []
        idle = bytes(map(self._idle.__getitem__, words))
        at, size = 0, len(words)
        while at < size:
            first, at = at, idle.find(0, at)
            at = size if at < 0 else at
            if at > first:
                found.append(Sign(".", first, at))
            if at < size:
                sign = self._sign(words, at)
                found.append(sign)
                at = sign.end
        return found

    def _sign(self, words: list[str], at: int) -> Sign:
        word = words[at]
        if word in _MARKS:
            return Sign(_MARKS[word], at, at + 1)
        if word[:1].isdecimal():
            return self._number(words, at)
        if word == ARTICLE and at + 1 < len(words) and words[at + 1][:1].isdecimal():
            sign = self._number(words, at + 1)  # 'the 24 hours'
            return Sign(sign.letter, at, sign.end, sign.value)
        for tail, letter, value, joined in self._options(word):
            if not tail or tuple(words[at + 1 : at + 1 + len(tail)]) == tail:
                return Sign(letter, at, at + 1 + len(tail), value, joined)
        nth = self._nth(words, at)
        if nth:
            return nth
        count = self._numbers.read(words, at)
        if count and count.low is not None and count.high is not None:
            return Sign("k", at, count.end, count.low)
        return Sign(".", at, at + 1)

    def _taken_apart(self, word: str) -> tuple[_Option, ...]:
        """What a word may begin: the rest of the phrase, its letter, its value, whether 'and' is attached."""
        if self._firsts.isdisjoint(keys[word]):
            return ()
        found: list[_Option] = []
        for form in forms(word):
            for phrase, letter, value in self._table.get(form.word) or self._table.get(form.stem) or ():
                if form.preposition and len(phrase) == 1 and len(phrase[0]) < 3:
                    continue  # 'door' is not 'in August'
                if form.preposition and len(phrase) == 1 and len(phrase[0]) < 3:
                    continue  # 'door' is not 'in August'
                told = (value, form.stem) if letter == "u" else value
                found.append((phrase[1:], letter, told, form.conjunction != ""))
        return tuple(found)

    def _nth(self, words: list[str], at: int) -> Sign | None:
        """'the ninth', 'the twenty-fourth' as a day of a month."""
        if not any(f.article for f in forms(words[at])):
            return None
        value = self._numbers.ordinal(words[at])
        if value is None:
            return None
        following = words[at + 1] if at + 1 < len(words) else ""
        if following in self._teen:
            return Sign("N", at, at + 2, value + 10)
        if following in self._tens:
            return Sign("N", at, at + 2, value + self._tens[following])
        return Sign("N", at, at + 1, value)

    def _number(self, words: list[str], at: int) -> Sign:
        word = words[at]
        value = int(word) if word.isdecimal() and len(word) < 8 else None
        if value is None:
            dotted = _DOTTED.fullmatch(word)
            return Sign(
                "n" if dotted else ".", at, at + 1, tuple(map(int, dotted.groups())) if dotted else None
            )
        if 1 <= value <= 31 and len(word) <= 2:
            return Sign("D", at, at + 1, value)
        if 1900 <= value <= 2099:
            return Sign("Y", at, at + 1, value)
        if 1300 <= value <= 1500:
            return Sign("I", at, at + 1, value)
        return Sign("k", at, at + 1, value)

    def is_dual(self, shape: str) -> bool:
        """Whether a unit word is a dual: 'two days'."""
        return shape in self._duals

    def is_plural(self, shape: str) -> bool:
        """Whether a unit word is a plural: 'days'."""
        return shape in self._plurals


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    nxt = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), nxt - timedelta(1)


def half_or_quarter(key: str) -> tuple[int, int]:
    """First and last month of 'the first quarter of' and the like."""
    return _SPANS[key]
