"""A text with everything recognised in it, as a row of units that the rules work on.

A unit is one thing: a count, a date, a name, a word of the lexicon, or a plain word. Each has
a letter; the row of letters is what patterns are written over.

N count, D date, A actor, a adjective of an actor, P place, K word of outcome ('killing of',
'were killed'), T the affected ('dead', 'wounded'), E deed (noun), e deed (verb), V people,
M member word before a group, O thing that is hit, W weapon, S source, f 'from', i 'in', u 'on'
or 'to', l/j an attached li-/bi-, c other cue, x plain word, ',' ':' '(' ')' '-' as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from dataclasses import field as default
from datetime import date
from functools import lru_cache

import msgspec

from sijill.arabic.date_rules import Dates
from sijill.arabic.dates import DateRef
from sijill.arabic.numbers import Count, Numbers, Phrases, phrase_end, phrases
from sijill.arabic.words import Form, Text, forms, split
from sijill.lexicon.entries import Compiled, Entry
from sijill.lexicon.finder import Finder, Rows
from sijill.reading.senses import AND, Here, Senses, attached
from sijill.records import Field

_NO_FORM = Form("", "", False, "")
_NEAR = 2  # days
_DAY, _THE = "\u064a\u0648\u0645", "\u0627\u0644"  # 'four, on (the day of) Monday': no four days
_FATHA, _YA_NUN = "\u064e", "\u064a\u0646"
_DUAL = re.compile("\u064e\u0651?\u064a\u0652?\u0646|\u0651\u064e\u064a\u0652?\u0646")


class Unit:
    """One thing in a text: its letter, words `[start, end)`, and what was recognised in them.

    `maybe` are places that an ordinary word names where the words around say so, and `maybe_form`
    how that name is attached; `inside` are places that the first words of a longer name of a group
    name. A plain class: made for every word, it must be cheap to make.
    """

    __slots__ = (
        "count", "cues", "date", "end", "entries", "form", "inside", "letter", "maybe", "maybe_form", "roles",
        "start",
    )  # fmt: skip

    def __init__(
        self,
        letter: str,
        start: int,
        end: int,
        form: Form = _NO_FORM,
        entries: tuple[Entry, ...] = (),
        cues: frozenset[str] = frozenset(),
        roles: tuple[tuple[str, str], ...] = (),
        count: Count | None = None,
        date: DateRef | None = None,
        maybe: tuple[Entry, ...] = (),
        maybe_form: Form = _NO_FORM,
        inside: tuple[Entry, ...] = (),
    ) -> None:
        self.letter = letter
        self.start = start
        self.end = end
        self.form = form
        self.entries = entries
        self.cues = cues
        self.roles = roles
        self.count = count
        self.date = date
        self.maybe = maybe
        self.maybe_form = maybe_form
        self.inside = inside

    def get(self, *kinds: str) -> Entry | None:
        """The first entry of one of these kinds."""
        for entry in self.entries:  # the hottest loop of all: no generator
            if entry.kind in kinds:
                return entry
        return None

    def all(self, *kinds: str) -> list[Entry]:
        """Every entry of these kinds."""
        return [e for e in self.entries if e.kind in kinds] if self.entries else []

    def role(self, cue: str) -> str:
        """The role that a cue has here, e.g. the kind of place after which a name follows."""
        for name, role in self.roles:
            if name == cue:
                return role
        return ""

    @property
    def joined(self) -> bool:
        """Whether 'and' is attached before it."""
        return self.form.conjunction != ""


@dataclass(slots=True)
class Sentence:
    """The units of one sentence; `cues` holds every cue phrase as (name, first word, end)."""

    field: Field
    first: int
    last: int
    units: list[Unit]
    cues: list[tuple[str, int, int]] = default(default_factory=list)
    names: frozenset[str] = frozenset()  # of its cues: most stages need but one look at them

    @property
    def letters(self) -> str:
        """The row of letters."""
        return "".join(u.letter for u in self.units)

    def has(self, *names: str) -> bool:
        """Whether one of these cues stands in the sentence."""
        return not self.names.isdisjoint(names)

    def cue_words(self, *names: str) -> Iterator[tuple[str, int, int]]:
        """The cues of these names with their words."""
        return (cue for cue in self.cues if cue[0] in names)

    def between(self, start: int, end: int) -> list[Unit]:
        """The units whose words lie in `[start, end)`."""
        return [u for u in self.units if u.start >= start and u.end <= end]


@dataclass(slots=True)
class Scene:
    """One field of a report, recognised."""

    field: Field
    text: Text
    sentences: list[Sentence]
    dates: list[DateRef]


class Recogniser:
    """Turns text into scenes, over one lexicon."""

    def __init__(self, lexicon: Compiled) -> None:
        self.lexicon = lexicon
        self.finder = Finder(lexicon)
        self.numbers = Numbers(lexicon.tables["numbers"])
        self.dates = Dates(lexicon.tables["dates"], self.numbers)
        rows = lexicon.tables["numbers"]
        self._not_before: Phrases = phrases(rows["not_counts_before"])
        self._not_after: Phrases = phrases(rows["not_counts_after"])
        self._senses = Senses(lexicon.tables, self.numbers)
        self._rows = Rows(self.finder, self._senses.here)

    def scene(self, source: str, published: date | None, where: Field) -> Scene:
        """Everything recognised in a text."""
        text = split(source)
        words = text.words
        dates = [_lasting(d, published) for d in self.dates.read(words, published)]
        rows = self._rows.find(words)
        starts = {d.start: d for d in reversed(dates)}
        sentences = []
        for first, last in text.sentences:
            units = self._units(words, first, last, rows, starts)
            found = [(code, at, at + size) for at in range(first, last) for code, size in rows[at].found]
            _mark_duals(units, text, source)
            names = frozenset([name for name, _, _ in found])
            sentences.append(Sentence(where, first, last, units, found, names))
        return Scene(where, text, sentences, dates)

    def _units(
        self, words: list[str], first: int, last: int, rows: list[Here], dates: dict[int, DateRef]
    ) -> list[Unit]:
        units: list[Unit] = []
        at, conjunction, preposition = first, "", ""
        while at < last:
            here = rows[at]
            if here.loose and at + 1 < last:  # a particle written apart, or before digits
                conjunction, preposition = (words[at], "") if words[at] == AND else ("", words[at])
                at += 1
                continue
            follows = rows[at + 1] if at + 1 < last else None
            unit = self._unit(words, at, here, dates, units, follows)
            at = unit.end
            if here.quote:
                continue
            if conjunction or preposition:
                form = unit.form
                conjunction, preposition = conjunction or form.conjunction, preposition or form.preposition
                unit.form = Form(conjunction, preposition, form.article, form.stem)
                conjunction = preposition = ""
            units.append(unit)
        return _without_brackets(units)

    def _unit(
        self,
        words: list[str],
        at: int,
        here: Here,
        dates: dict[int, DateRef],
        units: list[Unit],
        follows: Here | None = None,
    ) -> Unit:
        """The unit that starts at a word: a date, a count, a name, or a plain word."""
        ref = dates.get(at)
        # 'blew himself up' begins like 'dawn'
        verb = ref is not None and _blows_up(ref, here, follows)
        if ref is not None and not verb and not (ref.edtf is None and here.longest > ref.end - at):
            return Unit("D", at, ref.end, attached[words[at]], date=ref)
        named = bool(units) and units[-1].letter == "O" and words[at].startswith(_THE)
        count = self._count(words, at) if here.counts else None
        if count is not None and named and not count.approx and units[-1].role("place_word"):
            count = None  # 'the quarter of the Forty'
        size = here.longest
        if count and (size <= count.end - at or here.kind in ("act", "counted")):
            form = _count_form(words[at], count.joined)
            return Unit("N", at, count.end, form, (), here.cues, here.roles, count)
        plain = here.plain
        if not size:
            return Unit(plain.letter, at, at + plain.size, plain.form, (), plain.cues, plain.roles)
        placed = here.doubtful and bool(units) and _after_place_word(units[-1], here.form or _NO_FORM)
        sense = self._senses.sense(here, words, at, placed)
        if not sense.letter:
            unit = Unit(plain.letter, at, at + plain.size, plain.form, (), plain.cues, plain.roles)
            if plain.size == size:
                unit.maybe, unit.maybe_form = sense.maybe, sense.form
            return unit
        letter = sense.counted if units and units[-1].letter == "N" else sense.letter
        inside = sense.inside if letter == "A" else ()
        return Unit(
            letter,
            at,
            at + size,
            sense.form,
            sense.entries,
            here.cues,
            here.roles,
            None,
            None,
            sense.maybe,
            sense.form,
            inside,
        )

    def _count(self, words: list[str], at: int) -> Count | None:
        count = self.numbers.read(words, at)
        if count is None or not count.exact:
            return count
        measured = phrase_end(self._not_after, words, count.end)
        if measured > count.end and not (
            words[count.end] == _DAY and words[measured : measured + 1] and words[measured].startswith(_THE)
        ):
            return None
        before = words[at - 1] if at else ""
        if (
            not count.joined
            and (  # 'the commander of a brigade and six of his men' are counted
                before in self._not_before
                or (before[1:] in self._not_before and before[:1] in "\u0648\u0628\u0644")
            )
        ):
            return None
        mark = words[count.end] if count.end < len(words) else ""
        following = words[count.end + 1] if count.end + 1 < len(words) else ""
        if mark in (":", "%") and following[:1].isdecimal():
            return None
        return count


def _blows_up(ref: DateRef, here: Here, follows: Here | None) -> bool:
    """'blew up' is written like 'dawn': it is the verb where somebody stands right after it."""
    if follows is None or ref.end - ref.start > 1:
        return False
    verb = any(o.entry.kind == "act_verb" for o in here.content)
    return verb and any(o.entry.kind in ("unknown", "member", "actor") for o in follows.content)


def _lasting(ref: DateRef, published: date | None) -> DateRef:
    """'clashes since Sunday': a start so near to publication dates one event that goes on."""
    near = ref.since and published is not None and ref.low is not None and ref.low == ref.high
    if near and published and ref.low and 0 <= (published - ref.low).days <= _NEAR:
        return replace(ref, lasting=True)
    return ref


def _mark_duals(units: list[Unit], text: Text, source: str) -> None:
    """'shurtiyyayn' (two policemen) is written like 'shurtiyyin' (policemen) but for its vowel sign."""
    if _FATHA not in source:
        return
    for unit in units:
        if unit.letter == "V" and unit.form.stem.endswith(_YA_NUN):
            start, end = text.span(unit.start, unit.end)
            if _DUAL.search(source, start, end + 3):
                unit.entries = tuple(map(_dual, unit.entries))


def _dual(entry: Entry) -> Entry:
    many = entry.kind == "victim" and entry.number == "many"
    return msgspec.structs.replace(entry, number="two") if many else entry


def _without_brackets(units: list[Unit]) -> list[Unit]:
    """'yesterday (Tuesday)': brackets around a mere date are dropped."""
    if not any(u.letter == "(" for u in units):
        return units
    letters = [u.letter for u in units]
    dates = [n for n in range(1, len(units) - 1) if letters[n - 1 : n + 2] == ["(", "D", ")"]]
    drop = {i for n in dates for i in (n - 1, n + 1)}
    return [u for i, u in enumerate(units) if i not in drop] if drop else units


def _after_place_word(before: Unit, form: Form) -> bool:
    """Whether an ordinary word that is also a name stands where only a name can."""
    construct = (before.end - before.start == 1 or before.letter == "O") and not before.form.article
    return bool(before.role("place_word")) and construct and not form.conjunction and not form.preposition


@lru_cache(maxsize=4096)
def _count_form(word: str, joined: bool) -> Form:
    """How a number word is attached: 'wahid' (one) begins like 'and'."""
    return next(f for f in forms(word) if bool(f.conjunction) == joined)
