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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import msgspec

from sijill.arabic.fold import fold_words
from sijill.arabic.date_rules import Dates
from sijill.arabic.dates import DateRef
from sijill.arabic.numbers import Count, Numbers, Phrases, phrase_end, phrases
from sijill.arabic.words import Form, Text, forms, split
from sijill.lexicon.entries import Compiled, Entry
from sijill.lexicon.finder import Finder, Match
from sijill.records import Field

_LETTERS = (
    ("A", ("actor", "unknown", "anaphor", "generic")), ("a", ("adjective",)), ("K", ("masdar", "outcome_verb")),
    ("P", ("place",)), ("S", ("source",)), ("T", ("affected",)), ("E", ("act",)), ("e", ("act_verb",)),
    ("V", ("victim",)), ("O", ("object",)), ("M", ("member",)), ("W", ("weapon",)),
)  # fmt: skip
_CONTENT = frozenset(kind for _, kinds in _LETTERS for kind in kinds) | {"counted", "phrase"}
_MARKS = {"\u060c": ",", ",": ",", "\u061b": ",", ";": ",", ":": ":", "(": "(", ")": ")", "-": "-", "[": "(", "]": ")"}
_AND = "\u0648"
_POSSESSED = ("\u0647", "\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627")
_LOOSE = frozenset({_AND, "\u0628", "\u0644"})
_ONE_UNIT = frozenset({"leads_to", "caused", "took", "none", "earlier_toll"})  # phrases that are one unit
_QUOTE = '"'
_NO_FORM = Form("", "", False, "")
_FATHA, _YA_NUN = "\u064e", "\u064a\u0646"
_DUAL = re.compile("\u064e\u0651?\u064a\u0652?\u0646|\u0651\u064e\u064a\u0652?\u0646")


@dataclass(slots=True)
class Unit:
    """One thing in a text: its letter, words `[start, end)`, and what was recognised in them."""

    letter: str
    start: int
    end: int
    form: Form = _NO_FORM
    entries: tuple[Entry, ...] = ()
    cues: frozenset[str] = frozenset()
    roles: tuple[tuple[str, str], ...] = ()
    count: Count | None = None
    date: DateRef | None = None
    maybe: tuple[Entry, ...] = ()  # places that an ordinary word names where the words around say so
    maybe_form: Form = _NO_FORM  # how that name is attached
    inside: tuple[Entry, ...] = ()  # places that the first words of a longer name of a group name

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
    cues: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def letters(self) -> str:
        """The row of letters."""
        return "".join(u.letter for u in self.units)

    def has(self, *names: str) -> bool:
        """Whether one of these cues stands in the sentence."""
        return any(name in names for name, _, _ in self.cues)

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
        self._not_actors = {fold_words(w) for w in lexicon.tables["ignore"]["not_actors"]}
        self._not_places = {fold_words(w) for w in lexicon.tables["ignore"]["not_places"]}
        self._small = _small_words(lexicon.tables["prepositions"])

    def scene(self, source: str, published: date | None, where: Field) -> Scene:
        """Everything recognised in a text."""
        text = split(source)
        dates = self.dates.read(text.words, published)
        matches = self.finder.find(text.words)
        content, cues = _sorted(matches, len(text.words))
        taken = {i: d for d in dates for i in range(d.start, d.end)}
        sentences = []
        for first, last in text.sentences:
            units = self._units(text.words, first, last, content, cues, taken)
            found = [(m.entry.code, m.start, m.end) for i in range(first, last) for m in cues[i]]
            _mark_duals(units, text, source)
            sentences.append(Sentence(where, first, last, units, found))
        return Scene(where, text, sentences, dates)

    def _units(self, words: list[str], first: int, last: int, content: list[list[Match]], cues: list[list[Match]],
               dates: dict[int, DateRef]) -> list[Unit]:  # fmt: skip
        units: list[Unit] = []
        at, conjunction, preposition = first, "", ""
        while at < last:
            if words[at] in _LOOSE and at + 1 < last:  # a particle written apart, or before digits
                conjunction, preposition = (words[at], "") if words[at] == _AND else ("", words[at])
                at += 1
                continue
            unit = self._date(at, dates, words, content) or self._named(words, at, content, cues, units) or self._plain(words, at, cues)
            at = unit.end
            if words[unit.start] == '"':
                continue
            if conjunction or preposition:
                form = unit.form
                unit.form = Form(conjunction or form.conjunction, preposition or form.preposition, form.article, form.stem)
                conjunction = preposition = ""
            units.append(unit)
        return _without_brackets(units)

    @staticmethod
    def _date(at: int, dates: dict[int, DateRef], words: list[str], content: list[list[Match]]) -> Unit | None:
        ref = dates.get(at)
        if ref is None or ref.start != at:
            return None
        if ref.edtf is None and content[at] and content[at][0].end > ref.end:
            return None  # 'blew himself up' begins like 'dawn'
        return Unit("D", at, ref.end, _attached(words[at]), date=ref)

    def _named(self, words: list[str], at: int, content: list[list[Match]], cues: list[list[Match]], units: list[Unit]) -> Unit | None:
        here = content[at]
        count = self._count(words, at)
        if count and (not here or here[0].end - at <= count.end - at or here[0].kind in ("act", "counted")):
            return Unit("N", at, count.end, _count_form(words[at], count.joined), count=count, **_cues(cues[at]))
        if not here:
            return None
        end = here[0].end
        same = [m for m in here if m.end == end]
        entries = tuple(dict.fromkeys(m.entry for m in same))
        quoted = at > 0 and words[at - 1] == _QUOTE
        if not quoted and " ".join(words[at:end]) in self._not_actors or _their_own(form_of(same), entries):
            entries = tuple(e for e in entries if e.kind not in ("actor", "unknown", "anaphor", "generic"))
        named = [e for e in entries if e.kind == "place"]
        stopped = end == at + 1 and words[at] in self._not_places
        if stopped and words[at] in self._small:
            named, entries = [], tuple(e for e in entries if e.kind != "place")
        maybe: tuple[Entry, ...] = ()
        if named and (stopped or all(e.role for e in named)) and not (units and _after_place_word(units[-1], same[0].form)):
            entries, maybe = tuple(e for e in entries if e.kind != "place"), tuple(e for e in named if e.role == "word")
        if not entries:
            unit = self._plain(words, at, cues)
            if unit.end == end:
                unit.maybe, unit.maybe_form = maybe, same[0].form
            return unit
        if any(e.kind == "phrase" for e in entries):
            entries = ()
        letter = next((letter for letter, kinds in _LETTERS if any(e.kind in kinds for e in entries)), "c")
        if any(e.kind == "victim" for e in entries) and _people_rather(letter, entries, units):
            letter = "V"
        form = min((m.form for m in same), key=lambda f: len(f.conjunction) + len(f.preposition))
        inside = tuple(m.entry for m in here if m.kind == "place" and at + 1 < m.end < end) if letter == "A" else ()
        return Unit(letter, at, end, form, entries, **_cues(cues[at]), maybe=maybe, maybe_form=form, inside=inside)

    def _count(self, words: list[str], at: int) -> Count | None:
        count = self.numbers.read(words, at)
        if count is None or not count.exact:
            return count
        if phrase_end(self._not_after, words, count.end) > count.end:
            return None
        before = words[at - 1] if at else ""
        if before in self._not_before or before[1:] in self._not_before and before[:1] in "\u0648\u0628\u0644":
            return None
        if count.end < len(words) and words[count.end] in (":", "%") and words[count.end + 1 : count.end + 2] != [] and words[count.end + 1][:1].isdigit():  # fmt: skip
            return None
        return count

    def _plain(self, words: list[str], at: int, cues: list[list[Match]]) -> Unit:
        word = words[at]
        if word in _MARKS:
            return Unit(_MARKS[word], at, at + 1)
        here = cues[at]
        result = max((m for m in here if m.entry.code in _ONE_UNIT), key=lambda m: m.end, default=None)
        if result and result.end > at + 1:
            return Unit("c", at, result.end, result.form, **_cues(here))
        form = here[0].form if here else _attached(word)
        letter = self._small.get(word) or self._small.get(form.stem) or ("c" if here else "x")
        return Unit(letter, at, at + 1, form, **_cues(here))


def _mark_duals(units: list[Unit], text: Text, source: str) -> None:
    """'shurtiyyayn' (two policemen) is written like 'shurtiyyin' (policemen) but for its vowel sign."""
    if _FATHA not in source:
        return
    for unit in units:
        if unit.letter == "V" and unit.form.stem.endswith(_YA_NUN):
            start, end = text.span(unit.start, unit.end)
            if _DUAL.search(source, start, end + 3):
                unit.entries = tuple(
                    msgspec.structs.replace(e, number="two") if e.kind == "victim" and e.number == "many" else e for e in unit.entries
                )  # fmt: skip


def _without_brackets(units: list[Unit]) -> list[Unit]:
    """'yesterday (Tuesday)': brackets around a mere date are dropped."""
    drop = {
        i for n in range(1, len(units) - 1) if units[n].letter == "D" and units[n - 1].letter == "(" and units[n + 1].letter == ")"
        for i in (n - 1, n + 1)
    }  # fmt: skip
    return [u for i, u in enumerate(units) if i not in drop] if drop else units


def _after_place_word(before: Unit, form: Form) -> bool:
    """Whether an ordinary word that is also a name stands where only a name can."""
    construct = (before.end - before.start == 1 or before.letter == "O") and not before.form.article
    return bool(before.role("place_word")) and construct and not form.conjunction and not form.preposition


def _people_rather(letter: str, entries: tuple[Entry, ...], units: list[Unit]) -> bool:
    """After a count, or where the other sense needs a suffix ('family', not 'his capture'), people are meant."""
    if units and units[-1].letter == "N" and letter in "KTA" and not any(e.kind == "actor" for e in entries):
        return True
    return letter == "K" and all(e.role == "owned" for e in entries if e.kind in ("masdar", "outcome_verb"))


def form_of(matches: list[Match]) -> str:
    """The plainest form of matches over the same words."""
    return matches[0].form.stem


def _their_own(stem: str, entries: tuple[Entry, ...]) -> bool:
    """'its members' points to whoever was named before, not to a group by name."""
    people = any(e.kind in ("victim", "member") for e in entries)
    return people and stem.endswith(_POSSESSED) and not any(e.kind == "actor" for e in entries)


def _small_words(table: Mapping[str, list[str]]) -> dict[str, str]:
    """Prepositions that patterns name by letter."""
    return {fold_words(word): letter for letter, words in table.items() for word in words}


@lru_cache(maxsize=4096)
def _count_form(word: str, joined: bool) -> Form:
    """How a number word is attached: 'wahid' (one) begins like 'and'."""
    return next(f for f in forms(word) if bool(f.conjunction) == joined)


@lru_cache(maxsize=65536)
def _attached(word: str) -> Form:
    """How a word that the lexicon does not know is attached: only a sure 'and' is cut off."""
    options = forms(word)
    joined = [f for f in options if f.conjunction == "\u0648" and not f.preposition]
    return joined[0] if joined and len(word) > 3 else options[0]


def _cues(matches: list[Match]) -> dict[str, object]:
    return {
        "cues": frozenset(m.entry.code for m in matches),
        "roles": tuple((m.entry.code, m.entry.role) for m in matches if m.entry.role),
    }


def _sorted(matches: list[Match], size: int) -> tuple[list[list[Match]], list[list[Match]]]:
    """Content matches by first word, the longest first and nothing inside a longer one; and cues."""
    content: list[list[Match]] = [[] for _ in range(size)]
    cues: list[list[Match]] = [[] for _ in range(size)]
    for match in matches:
        (content if match.kind in _CONTENT else cues)[match.start].append(match)
    for row in content:
        row.sort(key=lambda m: -m.end)
    return content, cues
