"""What belongs to a speaker: adjectives, genitives, 'in the police', 'for human rights', a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.numbers import phrase_end, phrases
from sijill.arabic.words import forms
from sijill.reading.speaker_lines import AL, BODY, LI, MARKS, OFFICE, PERSON, PLURALS, Lines, level

_BI = "\u0628"
_BY_NAME = fold_words("\u0628\u0627\u0633\u0645")
_ABOUT = fold_words("\u0639\u0646")
_SLAVE = fold_words("\u0639\u0628\u062f")
_NISBA = ("\u064a", "\u064a\u0647", "\u064a\u064a\u0646", "\u064a\u0648\u0646", "\u064a\u0627\u062a")
_ENDINGS = ("\u0627", "\u0647", "\u0627\u062a")
_MASDAR = "\u062a"
_NAME_WORDS = 4


class Parts:
    """Finds where the words of a speaker end, by the lists of `assessments.yaml`."""

    def __init__(self, rows: Mapping[str, Any]) -> None:
        self.kinds = {w: kind for kind in (BODY, PERSON, OFFICE) for w in level(rows[kind])}
        self.titles, self.surnames = phrases(rows["title"]), phrases(rows["surnames_only"])
        self.itself = level(rows["itself"])
        self._alone, self._for = level(rows["alone"]), level(rows["for"])
        self._to, self._about = level(rows["to"]), level(rows["about"])
        self._adjectives, self._names = level(rows["adjectives"]), level(rows["names"])
        self._stop, self._said_in = level(rows["stop"]), level(rows["said_in"])
        self._in_place, self._origin = level(rows["in_place"]), level(rows["origin"])
        self._objects, self._ministry = level(rows["not_heads"]), level(rows["ministry"])

    def complement(self, lines: Lines, at: int, last: int, kind: str, head: str, closed: bool) -> int:
        """Where the words that belong to a head end."""
        lone, pulled = (
            (head in self._alone or (head.endswith(PLURALS) and len(head) > 4)) and not closed,
            False,
        )
        end = at
        while True:
            nxt = lines.next(end)
            if nxt >= last:
                return end
            if lines.words[nxt] == "(" and (shut := self.bracket(lines, nxt, last)):
                end = shut
                continue
            if self.acronym(lines, at, nxt):
                end = lines.units[nxt].end
                continue
            step = self.step(lines, nxt, last, head, lone, closed, pulled)
            if step is None:
                return end
            end, closed, pulled = step
            lone = (lone and not pulled) or (not closed and not pulled and self.adjectival(lines, end - 1))

    @staticmethod
    def acronym(lines: Lines, at: int, nxt: int) -> bool:
        """Whether the same group's short name follows: 'the Syrian Democratic Forces "SDF"'."""
        one, two = lines.units.get(at - 1), lines.units.get(nxt)
        if one is None or two is None or two.start != nxt or two.letter != "A" or two.form.conjunction:
            return False
        return bool({e.code for e in one.all("actor")} & {e.code for e in two.all("actor")})

    def step(self, lines: Lines, at: int, last: int, head: str, lone: bool, closed: bool,
              pulled: bool) -> tuple[int, bool, bool] | None:  # fmt: skip
        """One more part of the speaker: `(end, closed, pulled in by a preposition)`."""
        word, form = lines.words[at], forms(lines.words[at])[0]
        if word in self.itself:
            return at + 1, True, pulled
        if word == _BY_NAME:
            return at + 1, False, True
        link = self.linked(lines, at, last, head, closed)
        if link:
            return link, self.definite(lines, link - 1), True
        if not self.plain(lines, at, inside=True):
            return None
        if self.conjunct(lines, at, closed, head):
            return at + 1, True, pulled
        if lone:
            return (at + 1, closed, pulled) if self.adjectival(lines, at) and not form.article else None
        if closed:
            return (
                (at + 1, True, pulled)
                if form.article and self.adjectival(lines, at) and lines.letter(at) not in "P"
                else None
            )
        unit = lines.units.get(at)
        end = unit.end if unit and unit.start == at and unit.letter in "AP" else at + 1
        return end, self.definite(lines, end - 1), pulled

    def linked(self, lines: Lines, at: int, last: int, head: str, closed: bool) -> int:
        """'in the police', 'for human rights', 'to Yemen', 'of the district': where the first noun ends."""
        word, nxt = lines.words[at], lines.next(at + 1)
        form = next((f for f in forms(word) if f.preposition == LI and f.stem not in self._stop), None)
        if form and closed and head in self._for and len(form.stem) > 2 and lines.letter(at) not in "E":
            unit = lines.units.get(at)
            return unit.end if unit and unit.start == at and unit.letter in "AP" else at + 1
        if nxt >= last or lines.words[nxt] in MARKS or lines.letter(nxt) == "D":
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
        if word == _ABOUT and head in self._about and following.article | (lines.letter(nxt) == "P"):
            return noun
        return 0

    def conjunct(self, lines: Lines, at: int, closed: bool, head: str) -> bool:
        """'the Ministry of Migration and the Displaced': a second definite noun of one title."""
        form = next(
            (f for f in forms(lines.words[at]) if f.conjunction and f.article and not f.preposition), None
        )
        return (
            form is not None
            and closed
            and (lines.letter(at) in "xVcT" or head in self._ministry)
            and form.stem not in self.kinds
        )

    def bracket(self, lines: Lines, at: int, last: int) -> int:
        """After a short name in brackets, else 0."""
        for end in range(at + 1, min(last, at + 5)):
            if lines.words[end] == ")":
                return end + 1
        return 0

    def plain(self, lines: Lines, at: int, inside: bool = False) -> bool:
        """Whether a word can be part of a speaker: no mark, verb, date, deed, particle."""
        word = lines.words[at]
        if word in MARKS or word in self._stop or lines.letter(at) in "DeKNWifulj":
            return False
        options = forms(word)
        if any(f.word in self._stop for f in options if f.conjunction and not f.preposition):
            return False
        if options[0].preposition or (not inside and word in self._objects):
            return False
        if lines.letter(at) in "ETO" and not options[0].article:
            return False
        attached = next((f for f in options if f.preposition in (_BI, LI) and f.article), None)
        return attached is None

    def definite(self, lines: Lines, at: int) -> bool:
        """Whether a word is definite: with the article, or a name."""
        word = lines.words[at]
        return any(f.article for f in forms(word)[:2]) or lines.letter(at) in "PA"

    def adjectival(self, lines: Lines, at: int) -> bool:
        """Whether a word looks like an adjective: of a nation, in -i, or listed."""
        stem = forms(lines.words[at])[0].stem
        if lines.letter(at) == "a" or stem in self._adjectives:
            return True
        return len(stem) > 3 and stem.endswith(_NISBA) and lines.letter(at) in "xcaVSE"

    def name(self, lines: Lines, at: int, last: int) -> int:
        """Where a person's name that begins at `at`, after a rank or not, ends; `at` where none does."""
        nxt = lines.next(at)
        while nxt < last and (end := phrase_end(self.titles, lines.words, nxt)) > nxt:
            nxt = lines.next(end)
        if nxt >= last:
            return at
        end = phrase_end(self.surnames, lines.words, nxt)
        if end > nxt:
            return end
        first = lines.words[nxt]
        given = first in self._names
        if not given and not self.maybe_name(lines, nxt, last):
            return at
        end = nxt + 1
        while end < last and end - nxt < _NAME_WORDS:
            word = lines.words[end]
            if (
                not self.plain(lines, end, inside=True)
                or lines.letter(end) not in "xaPcV"
                or self.kinds.get(word)
            ):
                break
            end += 1
            if word.startswith(AL) and lines.words[end - 2] != _SLAVE:
                break
            if (
                (end - nxt >= 2 and not given)
                or end - nxt >= 3
                or (
                    end < last
                    and lines.words[end - 1] not in self._names
                    and not lines.words[end].startswith(AL)
                )
            ):
                break
        return end if end - nxt > 1 or given else at

    def maybe_name(self, lines: Lines, at: int, last: int) -> bool:
        """Two plain unknown words after an office, the first without article and no verbal noun."""
        word, nxt = lines.words[at], at + 1
        if word.startswith(AL) or lines.letter(at) != "x" or word in self._stop or word in self._objects:
            return False
        if nxt >= last or lines.letter(nxt) not in "xa" or forms(lines.words[nxt])[0].conjunction:
            return False
        if (
            word.endswith(("\u0627", "\u0647", "\u0627\u062a"))
            or word in self._adjectives
            or self.kinds.get(word)
        ):
            return False
        verbal = len(word) >= 5 and (
            (word[0] == _MASDAR and word[-2] in "\u064a\u0627")
            or (word[0] == "\u0627" and word[-2] == "\u0627")
        )
        return not verbal and forms(word)[0].conjunction == "" and lines.words[nxt] not in self._stop
