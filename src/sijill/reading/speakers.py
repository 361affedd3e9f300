"""Who speaks: the words of a role or body, told apart from what follows them.

'حذر مسؤول كردي في وزارة البيشمركة من ...' -> 'مسؤول كردي في وزارة البيشمركة'. The head tells the
kind: holders of office keep their names, other people go by their role, bodies have no names.
A bare 'the source' is the speaker of that head who was named before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.numbers import Phrases, phrase_end, phrases
from sijill.arabic.words import Form, forms
from sijill.lexicon.entries import Compiled
from sijill.reading.scene import Scene, Unit

OFFICE, PERSON, BODY, STATE, NAME, OTHER = "office", "person", "body", "state", "name", "other"
_AL, _LI, _BI = "\u0627\u0644", "\u0644", "\u0628"
_NISBA = ("\u064a", "\u064a\u0647", "\u064a\u064a\u0646", "\u064a\u0648\u0646", "\u064a\u0627\u062a", "\u064a\u064a\u0646")
_PLURALS = ("\u064a\u0646", "\u0648\u0646", "\u0627\u0646")
_MARKS = frozenset("\u060c,:()-\u061b;[]/%\n")
_MASDAR = "\u062a"
_NAME_WORDS = 4


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker: words `[start, end)` of a scene, its own words without clitics, and its kind."""

    start: int
    end: int
    name: str
    kind: str
    head: str
    code: str = ""

    @property
    def words(self) -> frozenset[str]:
        """The levelled words without articles, to compare speakers by."""
        return frozenset(w.removeprefix(_AL) for w in fold_words(self.name).split() if w not in _MARKS)


class Lines:
    """The words of a scene with the unit that each belongs to; quotation marks count for nothing."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.words = scene.text.words
        self.units: dict[int, Unit] = {
            i: u for s in scene.sentences for u in s.units for i in range(u.start, u.end)
        }

    def next(self, at: int) -> int:
        """The first word from `at` on that is no quotation mark."""
        while at < len(self.words) and self.words[at] == '"':
            at += 1
        return at

    def before(self, at: int, first: int) -> int:
        """The last word before `at` that is no quotation mark; `first - 1` where there is none."""
        at -= 1
        while at >= first and self.words[at] == '"':
            at -= 1
        return at

    def letter(self, at: int) -> str:
        """The letter of the unit that a word belongs to."""
        unit = self.units.get(at)
        return unit.letter if unit else ""

    def quote(self, start: int, end: int) -> str:
        """The words as the source has them, one blank between, the first without its particles."""
        parts = [self.scene.text.quote(i, i + 1) for i in range(start, end) if self.words[i] not in _MARKS and self.words[i] != '"']
        if parts:
            parts[0] = bare(parts[0], self.words[start])
        return " ".join(parts)


def bare(word: str, folded: str) -> str:
    """A word without 'and', 'by', 'for' before its article, as the source spells it."""
    for form in forms(folded):
        cut = len(form.conjunction) + len(form.preposition)
        if cut and form.article:
            return _AL + word[cut + 1 :] if form.preposition == _LI and folded[cut] == _LI else word[cut:]
    return word


def _level(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_words(str(w)) for w in words)


class SpeakerParser:
    """Reads speakers from words, by the lists of `assessments.yaml`."""

    def __init__(self, lexicon: Compiled) -> None:
        rows: Mapping[str, Any] = lexicon.tables["assessments"]["speakers"]
        self._kinds = {w: kind for kind in (BODY, PERSON, OFFICE) for w in _level(rows[kind])}
        self._alone, self._for = _level(rows["alone"]), _level(rows["for"])
        self._to, self._about = _level(rows["to"]), _level(rows["about"])
        self._adjectives, self._names = _level(rows["adjectives"]), _level(rows["names"])
        self._stop, self._said_in = _level(rows["stop"]), _level(rows["said_in"])
        self._in_place, self._itself = _level(rows["in_place"]), _level(rows["itself"])
        self._titles, self._quantity = phrases(rows["title"]), phrases(rows["quantity"])
        self._surnames = phrases(rows["surnames_only"])
        self._asides = phrases(rows["aside"])
        self._latter = _level(rows["latter"])
        self._back = _level(rows["back"])
        self._objects = _level(rows["not_heads"])
        self._expert, self._official = _level(rows["expert"]), _level(rows["official"])
        self._states = {p.id for p in lexicon.places.values() if p.kind == "country"}
        self._governments = phrases(rows["governments"])

    # --- where a speaker may stand

    def after(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """The speaker right after a verb, past 'for his part', dates and commas."""
        at, moved = lines.next(at), True
        while moved and at < last:
            moved = False
            end = phrase_end(self._asides, lines.words, at)
            if end > at:
                at, moved = lines.next(end), True
            elif lines.letter(at) == "D" or (lines.words[at] in "\u060c," and self._after_aside(lines, at, last)):
                at, moved = lines.next(at + 1), True
        return self.read(lines, at, last)

    def _after_aside(self, lines: Lines, at: int, last: int) -> bool:
        """Whether a comma only closes or opens an aside between verb and speaker."""
        nxt = lines.next(at + 1)
        aside = phrase_end(self._asides, lines.words, nxt) > nxt or lines.letter(nxt) == "D"
        before = lines.before(at, 0)
        return aside or (before >= 0 and (lines.letter(before) == "D" or self._ends_aside(lines, before)))

    def _ends_aside(self, lines: Lines, at: int) -> bool:
        return any(phrase_end(self._asides, lines.words, i) == at + 1 for i in range(max(0, at - 2), at + 1))

    def before(self, lines: Lines, at: int, first: int) -> Speaker | None:
        """The speaker that ends right before a verb: 'experts warned'."""
        end = lines.before(at, first) + 1
        while end > first and (lines.words[end - 1] in self._gap or lines.letter(end - 1) == "D"):
            end = lines.before(end - 1, first) + 1
        for start in range(max(first, end - 12), end):
            if lines.words[start] in _MARKS or lines.words[start] == '"':
                continue
            found = self.read(lines, start, end, known=True)
            if found and lines.next(found.end) >= end:
                return found
        return None

    _gap = frozenset(fold_words(w) for w in ("\u0642\u062f", "\u060c", ","))

    # --- one speaker

    def read(self, lines: Lines, at: int, last: int, known: bool = False) -> Speaker | None:
        """The speaker that begins at word `at`; `known` asks for a head that can only be one."""
        at = lines.next(at)
        if at >= last:
            return None
        end = self._many(lines, at)
        begin = lines.next(end)
        if begin >= last:
            return None
        found = self._titled(lines, begin, last) or self._headed(lines, begin, last) or self._listed(lines, begin, last)
        if found is None and not known:
            found = self._unknown(lines, begin, last)
        if found is None:
            return None
        return self._joined(lines, found, last)

    def _many(self, lines: Lines, at: int) -> int:
        """Past 'tens of', 'some', a number."""
        end = at
        for form in forms(lines.words[at]):
            if not form.preposition:
                end = max(end, phrase_end(self._quantity, lines.words, at, form.word))
        if end == at and lines.letter(at) == "N":
            end = lines.units[at].end
        return end

    def _titled(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """'Major General Yahya Rasul': a rank and a name."""
        end = at
        for form in forms(lines.words[at]):
            if not form.preposition and form.article:
                end = max(end, phrase_end(self._titles, lines.words, at, form.word))
        if end == at:
            return None
        nxt = end
        while nxt < last and phrase_end(self._titles, lines.words, nxt) > nxt:
            nxt = phrase_end(self._titles, lines.words, nxt)
        stop = self._name(lines, nxt, last)
        if stop == nxt:
            return None
        return self._speaker(lines, at, stop, OFFICE, lines.words[at])

    def _headed(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """A head that the lists know, with its complements."""
        for form in forms(lines.words[at]):
            if form.preposition:
                continue
            kind = self._kinds.get(form.stem)
            if kind is None and form.word in self._kinds:
                kind = self._kinds[form.word]
            if kind:
                unit = lines.units.get(at)
                end = unit.end if unit and unit.letter in "AS" and unit.start == at else at + 1
                closed = form.article or (end > at + 1 and self._definite(lines, end - 1))
                end = self._complement(lines, end, last, kind, form.stem, closed)
                if kind == OFFICE:
                    end = self._name(lines, end, last)
                return self._speaker(lines, at, end, kind, form.stem)
        return None

    def _listed(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """A group of the lexicon, the government of a state, or a leader known by name."""
        unit = lines.units.get(at)
        if unit is None or unit.start != at or unit.form.preposition:
            return None
        for form in forms(lines.words[at]):
            end = phrase_end(self._surnames, lines.words, at, form.word) if not form.preposition else at
            if end > at:
                return self._speaker(lines, at, end, OFFICE, form.stem)
        state = unit.letter == "P" and (
            any(e.code in self._states for e in unit.all("place"))
            or any(phrase_end(self._governments, lines.words, at, f.word) == unit.end for f in forms(lines.words[at]))
        )
        group = unit.get("actor", "generic", "anaphor") if unit.letter == "A" else None
        if not state and not group and not unit.letter == "S":
            return None
        kind = STATE if state else BODY
        end = self._complement(lines, unit.end, last, kind, unit.form.stem, True)
        return self._speaker(lines, at, end, kind, unit.form.stem, group.code if group else "")

    def _unknown(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """'the European commissioner for security ...', or a name before a role."""
        end = at
        while end < last and end - at < 5:
            end = lines.next(end)
            word = lines.words[end] if end < last else ""
            if not word or not self._plain(lines, end):
                break
            if end > at and forms(word)[0].article:
                role = self._headed(lines, end, last)
                if role and role.kind in (PERSON, OFFICE):
                    return role if role.kind == PERSON else self._speaker(lines, at, role.end, OFFICE, role.head)
            end += 1
        if end > at and forms(lines.words[at])[0].article and lines.letter(at) == "x" and not self.adjectival(lines, at):
            stop = self._complement(lines, at + 1, last, BODY, "", True)
            return self._speaker(lines, at, stop, OTHER, lines.words[at].removeprefix(_AL))
        if end > at and self._name(lines, at, last) > at:
            return self._speaker(lines, at, self._name(lines, at, last), NAME, lines.words[at])
        return None

    def _joined(self, lines: Lines, found: Speaker, last: int) -> Speaker:
        """'Paris and London': speakers that speak together."""
        nxt = lines.next(found.end)
        if nxt >= last or found.kind in (NAME, OTHER):
            return found
        form = next((f for f in forms(lines.words[nxt]) if f.conjunction == "\u0648" and not f.preposition), None)
        if form is None or lines.letter(nxt) in "eKD":
            return found
        other = self._headed(lines, nxt, last) or self._listed(lines, nxt, last)
        if other is None or other.kind == OTHER:
            return found
        return self._speaker(lines, found.start, other.end, found.kind, found.head, found.code)

    # --- what follows the head

    def _complement(self, lines: Lines, at: int, last: int, kind: str, head: str, closed: bool) -> int:
        """Where the words that belong to a head end."""
        lone, pulled = (head in self._alone or (head.endswith(_PLURALS) and len(head) > 4)) and not closed, False
        end = at
        while True:
            nxt = lines.next(end)
            if nxt >= last:
                return end
            if lines.words[nxt] == "(" and (shut := self._bracket(lines, nxt, last)):
                end = shut
                continue
            if self._acronym(lines, at, nxt):
                end = lines.units[nxt].end
                continue
            step = self._step(lines, nxt, last, head, lone, closed, pulled)
            if step is None:
                return end
            end, closed, pulled = step
            lone = (lone and not pulled) or (not closed and not pulled and self.adjectival(lines, end - 1))

    @staticmethod
    def _acronym(lines: Lines, at: int, nxt: int) -> bool:
        """Whether the same group's short name follows: 'the Syrian Democratic Forces "SDF"'."""
        one, two = lines.units.get(at - 1), lines.units.get(nxt)
        if one is None or two is None or two.start != nxt or two.letter != "A" or two.form.conjunction:
            return False
        return bool({e.code for e in one.all("actor")} & {e.code for e in two.all("actor")})

    def _step(self, lines: Lines, at: int, last: int, head: str, lone: bool, closed: bool,
              pulled: bool) -> tuple[int, bool, bool] | None:  # fmt: skip
        """One more part of the speaker: `(end, closed, pulled in by a preposition)`."""
        word, form = lines.words[at], forms(lines.words[at])[0]
        if word in self._itself:
            return at + 1, True, pulled
        name_of = fold_words("\u0628\u0627\u0633\u0645")
        if word == name_of:
            return at + 1, False, True
        link = self._linked(lines, at, last, head, closed)
        if link:
            return link, self._definite(lines, link - 1), True
        if not self._plain(lines, at, inside=True):
            return None
        if self._conjunct(lines, at, closed, head):
            return at + 1, True, pulled
        if lone:
            return (at + 1, closed, pulled) if self.adjectival(lines, at) and not form.article else None
        if closed:
            return (at + 1, True, pulled) if form.article and self.adjectival(lines, at) and lines.letter(at) not in "P" else None
        unit = lines.units.get(at)
        end = unit.end if unit and unit.start == at and unit.letter in "AP" else at + 1
        return end, self._definite(lines, end - 1), pulled

    def _linked(self, lines: Lines, at: int, last: int, head: str, closed: bool) -> int:
        """'in the police', 'for human rights', 'to Yemen', 'of the district': where the first noun ends."""
        word, nxt = lines.words[at], lines.next(at + 1)
        form = next((f for f in forms(word) if f.preposition == _LI and f.stem not in self._stop), None)
        if form and closed and head in self._for and len(form.stem) > 2 and lines.letter(at) not in "E":
            unit = lines.units.get(at)
            return unit.end if unit and unit.start == at and unit.letter in "AP" else at + 1
        if nxt >= last or lines.words[nxt] in _MARKS or lines.letter(nxt) == "D":
            return 0
        following = forms(lines.words[nxt])[0]
        letter = lines.letter(at)
        noun = lines.units[nxt].end if nxt in lines.units and lines.letter(nxt) in "APS" else nxt + 1
        if letter == "i" and following.stem not in self._said_in and lines.words[nxt] not in self._said_in:
            return 0 if lines.letter(nxt) in "EN" else noun
        if letter == "f" and (lines.words[nxt] in self._in_place or following.word in self._origin):
            return noun
        if letter == "u" and head in self._to and lines.letter(nxt) == "P":
            return noun
        if word == fold_words("\u0639\u0646") and head in self._about and following.article | (lines.letter(nxt) == "P"):
            return noun
        return 0

    _origin = frozenset(fold_words(w) for w in ("\u0623\u0628\u0646\u0627\u0621", "\u0623\u0647\u0627\u0644\u064a", "\u0633\u0643\u0627\u0646"))

    def _conjunct(self, lines: Lines, at: int, closed: bool, head: str) -> bool:
        """'the Ministry of Migration and the Displaced': a second definite noun of one title."""
        form = next((f for f in forms(lines.words[at]) if f.conjunction and f.article and not f.preposition), None)
        return form is not None and closed and (lines.letter(at) in "xVcT" or head in self._ministry) and form.stem not in self._kinds

    _ministry = frozenset(fold_words(w) for w in ("\u0648\u0632\u0627\u0631\u0629", "\u0648\u0632\u064a\u0631"))

    def _bracket(self, lines: Lines, at: int, last: int) -> int:
        """After a short name in brackets, else 0."""
        for end in range(at + 1, min(last, at + 5)):
            if lines.words[end] == ")":
                return end + 1
        return 0

    def _plain(self, lines: Lines, at: int, inside: bool = False) -> bool:
        """Whether a word can be part of a speaker: no mark, verb, date, deed, particle."""
        word = lines.words[at]
        if word in _MARKS or word in self._stop or lines.letter(at) in "DeKNWifulj":
            return False
        options = forms(word)
        if any(f.word in self._stop for f in options if f.conjunction and not f.preposition):
            return False
        if options[0].preposition or (not inside and word in self._objects):
            return False
        if lines.letter(at) in "ETO" and not options[0].article:
            return False
        attached = next((f for f in options if f.preposition in (_BI, _LI) and f.article), None)
        return attached is None

    def _definite(self, lines: Lines, at: int) -> bool:
        word = lines.words[at]
        return any(f.article for f in forms(word)[:2]) or lines.letter(at) in "PA"

    def adjectival(self, lines: Lines, at: int) -> bool:
        """Whether a word looks like an adjective: of a nation, in -i, or listed."""
        stem = forms(lines.words[at])[0].stem
        if lines.letter(at) == "a" or stem in self._adjectives:
            return True
        return len(stem) > 3 and stem.endswith(_NISBA) and lines.letter(at) in "xcaVSE"

    def _name(self, lines: Lines, at: int, last: int) -> int:
        """Where a person's name that begins at `at`, after a rank or not, ends; `at` where none does."""
        nxt = lines.next(at)
        while nxt < last and (end := phrase_end(self._titles, lines.words, nxt)) > nxt:
            nxt = lines.next(end)
        if nxt >= last:
            return at
        end = phrase_end(self._surnames, lines.words, nxt)
        if end > nxt:
            return end
        first = lines.words[nxt]
        given = first in self._names
        if not given and not self._maybe_name(lines, nxt, last):
            return at
        end = nxt + 1
        while end < last and end - nxt < _NAME_WORDS:
            word = lines.words[end]
            if not self._plain(lines, end, inside=True) or lines.letter(end) not in "xaPcV" or self._kinds.get(word):
                break
            end += 1
            if word.startswith(_AL) and lines.words[end - 2] not in (fold_words("\u0639\u0628\u062f"),):
                break
            if (end - nxt >= 2 and not given) or end - nxt >= 3 or (end < last and lines.words[end - 1] not in self._names and not lines.words[end].startswith(_AL)):
                break
        return end if end - nxt > 1 or given else at

    def _maybe_name(self, lines: Lines, at: int, last: int) -> bool:
        """Two plain unknown words after an office, the first without article and no verbal noun."""
        word, nxt = lines.words[at], at + 1
        if word.startswith(_AL) or lines.letter(at) != "x" or word in self._stop or word in self._objects:
            return False
        if nxt >= last or lines.letter(nxt) not in "xa" or forms(lines.words[nxt])[0].conjunction:
            return False
        if word.endswith(("\u0627", "\u0647", "\u0627\u062a")) or word in self._adjectives or self._kinds.get(word):
            return False
        verbal = len(word) >= 5 and ((word[0] == _MASDAR and word[-2] in "\u064a\u0627") or (word[0] == "\u0627" and word[-2] == "\u0627"))
        return not verbal and forms(word)[0].conjunction == "" and lines.words[nxt] not in self._stop

    def _speaker(self, lines: Lines, start: int, end: int, kind: str, head: str, code: str = "") -> Speaker:
        units = (lines.units.get(i) for i in range(start, end if kind == BODY else start + 1))
        for unit in units:
            if not code and unit and unit.letter == "A" and unit.start >= start:
                entry = unit.get("actor", "generic", "anaphor")
                code = entry.code if entry else ""
        return Speaker(start, end, lines.quote(start, end), kind, head, code)

    # --- words that point back

    def is_back(self, lines: Lines, speaker: Speaker) -> bool:
        """Whether a speaker is no more than 'the source', 'the group'."""
        words = [w for w in lines.words[speaker.start : speaker.end] if w != '"' and w not in self._itself]
        return len(words) == 1 and any(f.word in self._back for f in forms(words[0]))

    def is_latter(self, speaker: Speaker) -> bool:
        """Whether a speaker is 'the latter'."""
        return fold_words(speaker.name) in self._latter

    def is_expert(self, speaker: Speaker) -> bool:
        """Whether somebody analyses rather than takes part or tells facts."""
        return speaker.head in self._expert

    def is_official(self, speaker: Speaker) -> bool:
        """Whether somebody holds office: such people explain now and then, and mostly tell facts."""
        return speaker.head in self._official

    def referent(self, lines: Lines, speaker: Speaker, known: list[Speaker]) -> Speaker:
        """The full speaker that 'the source', 'the group' points back to, or itself."""
        stem = _singular(speaker.head)
        for other in reversed(known):
            if _singular(other.head) == stem and (other.end - other.start > 1 or _singular(other.head) != other.head):
                return other
        for at in range(speaker.start - 1, -1, -1):
            for form in forms(lines.words[at]):
                if not form.article and _singular(form.stem) == stem and form.stem in self._kinds:
                    found = self._headed(lines, at, len(lines.words)) if not form.preposition else self._prefixed(lines, at, form)
                    if found:
                        return found
        return speaker

    def latter(self, lines: Lines, at: int, first: int) -> Speaker | None:
        """Whom 'the latter' means: the group or state named last before."""
        for back in range(at - 1, first - 1, -1):
            found = self._listed(lines, back, at)
            if found:
                return found
        return None

    def _prefixed(self, lines: Lines, at: int, form: Form) -> Speaker:
        """A speaker named with a preposition: 'a count by researchers'."""
        kind = self._kinds[form.stem]
        end = self._complement(lines, at + 1, len(lines.words), kind, form.stem, False)
        words = lines.quote(at, end)
        cut = len(form.conjunction) + len(form.preposition)
        return Speaker(at, end, words[cut:], kind, form.stem)


def _singular(stem: str) -> str:
    """A noun without the ending of a sound plural."""
    for ending in _PLURALS:
        if stem.endswith(ending) and len(stem) > 4:
            return stem[: -len(ending)]
    return stem


__all__ = ["BODY", "NAME", "OFFICE", "OTHER", "PERSON", "STATE", "Lines", "Phrases", "Speaker", "SpeakerParser"]
