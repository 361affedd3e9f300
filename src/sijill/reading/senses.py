"""What a word and the words after it may be, worked out once for all the texts in which they stand.

A `Here` holds the names, deeds and cues that may start at a word. Little of what becomes of them
depends on the words around: whether a word for a place, a count or a quotation mark stands before.
Each outcome is a `Sense`, made when first needed and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.memo import Memo
from sijill.arabic.numbers import Numbers
from sijill.arabic.words import Form, forms
from sijill.lexicon.entries import Entry
from sijill.lexicon.finder import Option

_LETTERS = (
    ("A", ("actor", "unknown", "anaphor", "generic")), ("a", ("adjective",)),
    ("K", ("masdar", "outcome_verb")), ("P", ("place",)), ("S", ("source",)), ("T", ("affected",)),
    ("E", ("act",)), ("e", ("act_verb",)), ("V", ("victim",)), ("O", ("object",)), ("M", ("member",)),
    ("W", ("weapon",)),
)  # fmt: skip
_CONTENT = frozenset(kind for _, kinds in _LETTERS for kind in kinds) | {"counted", "phrase"}
_ACTORS = frozenset(_LETTERS[0][1])
_MARKS = {"\u060c": ",", "\u061b": ",", ";": ",", "[": "(", "]": ")"} | {m: m for m in ",:()-"}
AND, QUOTE = "\u0648", '"'
_POSSESSED = ("\u0647", "\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627")
_NONE: frozenset[str] = frozenset()
_LOOSE = frozenset({AND, "\u0628", "\u0644"})
_ONE_UNIT = frozenset({"leads_to", "caused", "took", "none", "earlier_toll"})  # phrases that are one unit


class Plain:
    """The unit of a word that is no name: a mark, a cue or a plain word."""

    __slots__ = ("cues", "form", "letter", "roles", "size")

    def __init__(
        self, letter: str, size: int, form: Form, cues: frozenset[str], roles: tuple[tuple[str, str], ...]
    ) -> None:
        self.letter = letter
        self.size = size
        self.form = form
        self.cues = cues
        self.roles = roles


class Sense:
    """The unit that a name becomes; `counted` is its letter right after a count. No entries: a plain word."""

    __slots__ = ("counted", "entries", "form", "inside", "letter", "maybe")

    def __init__(
        self,
        entries: tuple[Entry, ...],
        letter: str,
        counted: str,
        form: Form,
        maybe: tuple[Entry, ...],
        inside: tuple[Entry, ...],
    ) -> None:
        self.entries = entries
        self.letter = letter
        self.counted = counted
        self.form = form
        self.maybe = maybe
        self.inside = inside


class Here:
    """What may start at a word: the names and deeds, the longest first, and the cues."""

    __slots__ = (
        "barred", "content", "counts", "cues", "doubtful", "form", "found", "kind", "longest", "loose", "own",
        "plain", "quote", "roles", "senses", "sided",
    )  # fmt: skip

    def __init__(
        self,
        content: tuple[Option, ...],
        found: tuple[tuple[str, int], ...],
        cues: frozenset[str],
        roles: tuple[tuple[str, str], ...],
        plain: Plain,
        loose: bool,
        counts: bool,
        quote: bool,
    ) -> None:
        self.content = content
        self.found = found  # cues with their sizes
        self.cues = cues
        self.roles = roles
        self.plain = plain
        self.loose = loose  # a particle written apart
        self.counts = counts  # a count may start here
        self.quote = quote
        self.longest = 0
        self.kind = ""
        self.form: Form | None = None  # of the longest
        self.sided = False  # an actor that its very words may bar
        self.barred = False  # ... and do
        self.own = False  # 'its members'
        self.doubtful = False  # an ordinary word that is a place's name only where others say so
        self.senses: dict[tuple[bool, bool], Sense] = {}


class Senses:
    """Makes what may start at a word, over the tables of one lexicon."""

    def __init__(self, tables: Mapping[str, Any], numbers: Numbers) -> None:
        ignore = tables["ignore"]
        self._numbers = numbers
        self._not_actors = {fold_words(w) for w in ignore["not_actors"]}
        self._not_places = {fold_words(w) for w in ignore["not_places"]}
        small = tables["prepositions"]
        self._small = {fold_words(word): letter for letter, words in small.items() for word in words}

    def here(self, word: str, options: tuple[Option, ...]) -> Here:
        """What may start at a word, given the forms that do."""
        if not options:
            plain = self._plain(word, (), _NONE, ())
            counts = self._numbers.may_start(word)
            return Here((), (), _NONE, (), plain, word in _LOOSE, counts, word == QUOTE)
        content = tuple([o for o in options if o.entry.kind in _CONTENT])
        cues: tuple[Option, ...] = ()
        if len(content) < len(options):
            cues = tuple([o for o in options if o.entry.kind not in _CONTENT])
        names = frozenset([o.entry.code for o in cues])
        roles = tuple([(o.entry.code, o.entry.role) for o in cues if o.entry.role])
        found = tuple([(o.entry.code, o.size) for o in cues])
        plain = self._plain(word, cues, names, roles)
        counts = self._numbers.may_start(word)
        here = Here(content, found, names, roles, plain, word in _LOOSE, counts, word == QUOTE)
        if content:
            self._name(here, word)
        return here

    def _plain(
        self, word: str, cues: tuple[Option, ...], names: frozenset[str], roles: tuple[tuple[str, str], ...]
    ) -> Plain:
        if word in _MARKS:
            return Plain(_MARKS[word], 1, Form("", "", False, ""), _NONE, ())
        if cues:
            result = max((o for o in cues if o.entry.code in _ONE_UNIT), key=lambda o: o.size, default=None)
            if result and result.size > 1:
                return Plain("c", result.size, result.form, names, roles)
        form = cues[0].form if cues else attached[word]
        letter = self._small.get(word) or self._small.get(form.stem) or ("c" if cues else "x")
        return Plain(letter, 1, form, names, roles)

    def _name(self, here: Here, word: str) -> None:
        """Fill in what is known of the longest name without the words around it."""
        first = here.content[0]
        here.longest, here.kind, here.form = first.size, first.entry.kind, first.form
        entries = _longest(here)
        here.own = _their_own(first.form.stem, entries)
        here.sided = any(e.kind in _ACTORS for e in entries)
        here.barred = first.size == 1 and word in self._not_actors
        named = [e for e in entries if e.kind == "place"]
        stopped = first.size == 1 and word in self._not_places
        here.doubtful = bool(named) and (stopped or all(e.role for e in named))
        here.senses = {}

    def sense(self, here: Here, words: list[str], at: int, placed: bool) -> Sense:
        """The sense of the longest name at a word; `placed` where a word for a place leads to it."""
        barred = here.own
        if here.sided and not barred and (here.barred or here.longest > 1):
            quoted = at > 0 and words[at - 1] == QUOTE
            said = " ".join(words[at : at + here.longest])
            barred = not quoted and (here.barred or said in self._not_actors)
        found = here.senses.get((barred, placed))
        if found is None:
            found = here.senses[barred, placed] = self._made(here, words[at], barred, placed)
        return found

    def _made(self, here: Here, word: str, barred: bool, placed: bool) -> Sense:
        assert here.form is not None
        entries = _longest(here)
        if barred:
            entries = tuple(e for e in entries if e.kind not in _ACTORS)
        named = [e for e in entries if e.kind == "place"]
        if here.longest == 1 and word in self._not_places and word in self._small:
            named, entries = [], tuple(e for e in entries if e.kind != "place")
        maybe: tuple[Entry, ...] = ()
        if named and here.doubtful and not placed:
            entries = tuple(e for e in entries if e.kind != "place")
            maybe = tuple(e for e in named if e.role == "word")
        if not entries:
            return Sense((), "", "", here.form, maybe, ())
        return _unit(here, entries, maybe)


def _unit(here: Here, entries: tuple[Entry, ...], maybe: tuple[Entry, ...]) -> Sense:
    """The unit of these entries; a fixed phrase hides what else its words may mean."""
    if any(e.kind == "phrase" for e in entries):
        entries = ()
    letter = next((letter for letter, kinds in _LETTERS if any(e.kind in kinds for e in entries)), "c")
    counted = letter
    if any(e.kind == "victim" for e in entries):
        if letter in "KTA" and not any(e.kind == "actor" for e in entries):
            counted = "V"
        if letter == "K" and all(e.role == "owned" for e in entries if e.kind in ("masdar", "outcome_verb")):
            letter = counted = "V"  # 'family', not 'his capture'
    same = (o.form for o in here.content if o.size == here.longest)
    form = min(same, key=lambda f: len(f.conjunction) + len(f.preposition))
    inner = (o for o in here.content if o.entry.kind == "place" and 1 < o.size < here.longest)
    inside = tuple(o.entry for o in inner) if letter == "A" else ()
    return Sense(entries, letter, counted, form, maybe, inside)


def _longest(here: Here) -> tuple[Entry, ...]:
    return tuple(dict.fromkeys(o.entry for o in here.content if o.size == here.longest))


def _their_own(stem: str, entries: tuple[Entry, ...]) -> bool:
    """'its members' points to whoever was named before, not to a group by name."""
    people = any(e.kind in ("victim", "member") for e in entries)
    return people and stem.endswith(_POSSESSED) and not any(e.kind == "actor" for e in entries)


def _attach(word: str) -> Form:
    """How a word that the lexicon does not know is attached: only a sure 'and' is cut off."""
    options = forms(word)
    joined = [f for f in options if f.conjunction == AND and not f.preposition]
    return joined[0] if joined and len(word) > 3 else options[0]


attached = Memo(_attach)
