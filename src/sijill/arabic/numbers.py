"""Counts: digits of all kinds, number words, duals, 'about', 'at least', ranges, 'dozens'.

`Numbers.read(text, i)` gives the count that starts at word `i`, or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.words import Form, forms, keys


@dataclass(slots=True, unsafe_hash=True)
class Count:
    """How many: None at an end that the words leave open. `start` and `end` are word indices.

    `exact` is False for vague words ('dozens', 'a number of'); `ordinal` for 'the seventh'.
    """

    low: int | None
    high: int | None
    approx: bool
    start: int
    end: int
    exact: bool = True
    joined: bool = False  # 'and' is attached before it


@dataclass(slots=True, unsafe_hash=True)
class _Part:
    value: int
    rank: int  # magnitude: 1 units, 2 tens, 3 hundreds, 4 scales
    end: int
    conjunction: bool


Phrases = dict[str, list[tuple[str, ...]]]


def phrases(values: Iterable[str]) -> Phrases:
    """Phrases by their first word, longest first, spelling levelled."""
    table: Phrases = {}
    for value in values:
        words = tuple(fold_words(str(value)).split())
        if words:
            table.setdefault(words[0], []).append(words)
    for rows in table.values():
        rows.sort(key=len, reverse=True)
    return table


def phrase_end(table: Phrases, words: list[str], at: int, first: str | None = None) -> int:
    """Where the longest phrase of the table that starts at word `at` ends; `at` where none does."""
    if at >= len(words):
        return at
    for phrase in table.get(words[at] if first is None else first, ()):
        if len(phrase) == 1 or tuple(words[at + 1 : at + len(phrase)]) == phrase[1:]:
            return at + len(phrase)
    return at


class Numbers:
    """The number grammar over the words of `data/numbers.yaml`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        def values(key: str) -> dict[str, int]:
            return {fold_words(w): int(n) for n, ws in data[key].items() for w in ws}

        self._units = values("units")
        self._teens = values("teens")
        self._ten = {fold_words(w) for w in data["ten_after_unit"]}
        self._tens = values("tens")
        self._hundreds = {w: n for w, n in values("hundreds").items() if " " not in w}
        self._scales = values("scales")
        self._duals = {w: n for w, n in values("duals").items() if " " not in w}
        self._vague = values("vague")
        self._vague_phrases = phrases(self._vague)
        self._ordinals = values("ordinals")
        self._ordinal_words = frozenset(self._ordinals)
        self._untold = phrases(data["untold"])
        self._about = phrases(data["about"])
        self._at_least = phrases(data["at_least"])
        self._up_to = phrases(data["up_to"])
        self._at_least_after = phrases(data["at_least_after"])
        self._about_after = phrases(data["about_after"])
        self._range_open = phrases(data["range_open"])
        self._range_join = phrases(data["range_join"])
        self._starts = set().union(
            *(t.keys() for t in (self._vague_phrases, self._untold, self._about, self._at_least, self._up_to,
                                 self._range_open, self._units, self._teens, self._tens, self._hundreds,
                                 self._scales, self._duals))
        )  # fmt: skip
        self._percent = {fold_words(w) for w in data["percent"]}
        self._qualifiers = (
            (self._at_least, "low"), (self._up_to, "high"), (self._about, "about"),
            (self._range_open, "range"),
        )  # fmt: skip
        self.may_start = lru_cache(maxsize=65536)(self._could_start)

    def _could_start(self, word: str) -> bool:
        """Whether a count may start with this word: a quick no for most."""
        if word in self._percent:
            return False
        return word[:1].isdecimal() or not self._starts.isdisjoint(keys[word])

    def ordinal(self, word: str) -> int | None:
        """The value of an ordinal word, with or without particles: 'السابع' is 7."""
        if self._ordinal_words.isdisjoint(keys[word]):
            return None
        for form in forms(word):
            if form.stem in self._ordinals:
                return self._ordinals[form.stem]
        return None

    def read(self, words: list[str], at: int) -> Count | None:
        """The count that starts at word `at`, with its 'about' and 'at least'."""
        if not self.may_start(words[at]):
            return None
        for form in forms(words[at]):
            count = self._qualified(words, at, form)
            if count:
                count = self._after(words, count)
                return replace(count, joined=True) if form.conjunction else count
        return None

    def _qualified(self, words: list[str], at: int, form: Form) -> Count | None:
        first = form.word
        for table, kind in self._qualifiers:
            end = phrase_end(table, words, at, first)
            if end > at and end < len(words):
                if kind == "low" and any(
                    f.conjunction and self._bare(words, end, f) for f in forms(words[end])
                ):
                    continue  # 'six at least, and four': no 'at least four'
                count = self._range(words, end) if kind == "range" else self._bare(words, end)
                if count is None and kind != "range":
                    count = self._inner(words, end)
                if count and count.start == end:
                    return replace(_qualify(count, kind), start=at)
        return self._bare(words, at, form)

    def _inner(self, words: list[str], at: int) -> Count | None:
        """A second qualifier: 'at least about 20'."""
        for form in forms(words[at]):
            end = phrase_end(self._about, words, at, form.word)
            if end > at and end < len(words):
                count = self._bare(words, end)
                return replace(_qualify(count, "about"), start=at) if count else None
        return None

    def _after(self, words: list[str], count: Count) -> Count:
        for table, kind in ((self._at_least_after, "low"), (self._about_after, "about")):
            end = phrase_end(table, words, count.end)
            if end > count.end:
                return replace(_qualify(count, kind), end=end)
        return count

    def after(self, words: list[str], at: int) -> int:
        """Where 'at least' ends if it stands at word `at`; `at` itself if not."""
        return phrase_end(self._at_least_after, words, at) if at < len(words) else at

    def _range(self, words: list[str], at: int) -> Count | None:
        """'three and five' after 'between'."""
        low = self._value(words, at, joined=False)
        if not low or low[1] >= len(words):
            return None
        nxt = low[1]
        if phrase_end(self._range_join, words, nxt) > nxt:
            nxt = phrase_end(self._range_join, words, nxt)
        elif forms(words[nxt])[-1].conjunction == "" and words[nxt] != "\u0648":
            return None
        elif words[nxt] == "\u0648":
            nxt += 1
        high = self._value(words, nxt, joined=False) if nxt < len(words) else None
        if not high or high[0] < low[0]:
            return None
        return Count(low[0], high[0], False, at, high[1])

    def _bare(self, words: list[str], at: int, form: Form | None = None) -> Count | None:
        """A count without qualifier: a value, a plain range, or a vague word."""
        first = words[at] if form is None else form.word
        value = self._value(words, at, form)
        if value:
            low, end = value
            if (
                end + 1 < len(words)
                and words[end] in ("-", "/")
                and words[at].isdecimal()
                and words[end] == "-"
            ):
                high = self._value(words, end + 1)
                if high and high[0] > low and words[end + 1].isdecimal():
                    return Count(low, high[0], False, at, high[1])
            if end + 1 < len(words) and phrase_end(self._range_join, words, end) == end + 1:
                high = self._value(words, end + 1)
                if high and low < high[0] <= 3 * low + 3:
                    return Count(low, high[0], False, at, high[1])
            return Count(low, low, False, at, end)
        for key in (first, form.stem if form else first):
            end = phrase_end(self._vague_phrases, words, at, key)
            if end > at:
                low = self._vague[" ".join([key, *words[at + 1 : end]])]
                return Count(low, None, True, at, end, exact=False)
        end = phrase_end(self._untold, words, at, first)
        if end > at:
            inner = self._bare(words, end) if end < len(words) else None
            if inner and not inner.exact and inner.low:
                return replace(inner, start=at)
            return Count(None, None, False, at, end, exact=False)
        return None

    def _value(
        self, words: list[str], at: int, form: Form | None = None, joined: bool = True
    ) -> tuple[int, int] | None:
        """The number that starts at word `at`, and where it ends; `joined` lets 'and' add parts."""
        options = forms(words[at]) if form is None else (form,)
        for option in options:
            part = self._part(words, at, option)
            if part:
                return self._sum(words, part, joined)
        return None

    def _part(self, words: list[str], at: int, form: Form) -> _Part | None:
        stem, nxt = form.stem, at + 1
        both = form.conjunction != ""
        following = words[nxt] if nxt < len(words) else ""
        if stem[:1].isdecimal():
            value = _digits(stem)
            if value is None:
                return self._fraction(stem, following, nxt, both)
            return _Part(value, 1 if value < 1000 else 5, nxt, both)
        if following in self._ten and (stem in self._teens or stem in self._units):
            unit = self._teens.get(stem) or self._units[stem]
            if unit < 10:
                return _Part(10 + unit, 2, nxt + 1, both)
        if stem in self._teens and stem not in self._units and self._tens_follow(words, nxt):
            return _Part(self._teens[stem], 1, nxt, both)
        if stem in self._units:
            hundred = self._hundreds.get(following)
            if hundred == 100 and 3 <= self._units[stem] <= 9:
                return _Part(100 * self._units[stem], 3, nxt + 1, both)
            return _Part(self._units[stem], 1, nxt, both)
        for table, rank in ((self._tens, 2), (self._hundreds, 3)):
            if stem in table:
                return _Part(table[stem], rank, nxt, both)
        if stem in self._duals and not (stem in self._scales and self._joined(words, nxt)):
            return _Part(self._duals[stem], 4, nxt, both)
        if stem in self._scales and stem not in self._vague:
            return _Part(self._scales[stem], 4, nxt, both)
        return None

    def _fraction(self, digits: str, following: str, nxt: int, both: bool) -> _Part | None:
        """'1.5 million' is a count; a decimal by itself is none."""
        scale = self._scales.get(following)
        whole, mark, rest = digits.replace(",", ".").partition(".")
        if not scale or not mark or not (whole + rest).isdecimal() or len(whole + rest) > 9:
            return None
        return _Part(int(whole + rest) * scale // 10 ** len(rest), 4, nxt + 1, both)

    def _tens_follow(self, words: list[str], at: int) -> bool:
        part = self._joined(words, at)
        return part is not None and part.rank == 2 and part.value % 10 == 0

    def _sum(self, words: list[str], part: _Part, joined: bool) -> tuple[int, int]:
        """Add what follows: 'three thousand and five hundred', 'one and twenty'."""
        total, current, rank, end = 0, part.value, part.rank, part.end
        if rank == 4:
            total, current = part.value, 0
        while end < len(words):
            scale = self._scales.get(words[end])
            if scale and current and (rank <= 3 or (rank == 5 and current >= 1000)):
                total, current, rank, end = total + current * scale, 0, 4, end + 1
                continue
            nxt = self._joined(words, end) if joined else None
            if not nxt or not _fits(rank, nxt, current):
                break
            current, end = current + nxt.value, nxt.end
            rank = 2 if nxt.rank == 2 and rank == 1 else nxt.rank
        return total + current, end

    def _joined(self, words: list[str], at: int) -> _Part | None:
        """A part that is joined by 'and'."""
        if at >= len(words):
            return None
        if words[at] == "\u0648" and at + 1 < len(words):
            return self._part(words, at + 1, Form("\u0648", "", False, words[at + 1]))
        for form in forms(words[at]):
            if (
                form.conjunction == "\u0648"
                and not form.preposition
                and not form.article
                and not form.stem[:1].isdecimal()
            ):
                return self._part(words, at, form)
        return None


def _fits(rank: int, nxt: _Part, current: int) -> bool:
    """Whether 'and' can add this part: units take tens, hundreds take less, thousands take less."""
    if rank == 1:
        return nxt.rank == 2 and nxt.value % 10 == 0 and 0 < current % 100 < 10
    if rank == 3:
        return nxt.rank in (1, 2)
    if rank == 4:
        return nxt.rank in (1, 2, 3)
    return False


def _digits(word: str) -> int | None:
    """'1,020' is 1020; a decimal such as '12.5' is no count."""
    if word.isdecimal():
        return int(word) if len(word) < 10 else None
    for mark in (",", "."):
        parts = word.split(mark)
        if (
            len(parts) > 1
            and len(parts[0]) <= 3
            and all(len(p) == 3 and p.isdecimal() for p in parts[1:])
            and parts[0].isdecimal()
        ):
            return int("".join(parts))
    return None


def _qualify(count: Count, kind: str) -> Count:
    if kind == "range" or not count.exact:
        return count
    if kind == "low":
        return replace(count, high=None)
    if kind == "high":
        return replace(count, low=None)
    return replace(count, approx=True)
