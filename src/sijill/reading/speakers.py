"""Who speaks: the words of a role or body, told apart from what follows them.

'حذر مسؤول كردي في وزارة البيشمركة من ...' -> 'مسؤول كردي في وزارة البيشمركة'. The head tells the
kind: holders of office keep their names, other people go by their role, bodies have no names.
A bare 'the source' is the speaker of that head who was named before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.memo import Memo
from sijill.arabic.numbers import phrase_end, phrases
from sijill.arabic.words import Form, forms, keys
from sijill.lexicon.entries import Compiled
from sijill.reading.speaker_lines import (
    AL,
    BODY,
    MARKS,
    NAME,
    OFFICE,
    OTHER,
    PERSON,
    STATE,
    Lines,
    Speaker,
    level,
    singular,
)
from sijill.reading.speaker_parts import Parts

_NAMES = frozenset("APS")  # letters of units that are speakers by themselves: groups, states, outlets


class SpeakerParser:
    """Reads speakers from words, by the lists of `assessments.yaml`."""

    def __init__(self, lexicon: Compiled) -> None:
        rows: Mapping[str, Any] = lexicon.tables["assessments"]["speakers"]
        self._parts = Parts(rows)
        self._quantity, self._asides = phrases(rows["quantity"]), phrases(rows["aside"])
        self._latter, self._back = level(rows["latter"]), level(rows["back"])
        self._expert, self._official = level(rows["expert"]), level(rows["official"])
        self._gap = level(rows["gap"])
        self._states = {p.id for p in lexicon.places.values() if p.kind == "country"}
        self._governments, self._bodies = phrases(rows["governments"]), phrases(rows["bodies_named"])
        self._addressed = phrases(rows["addressed"])
        parts = self._parts
        self._firsts = frozenset(parts.kinds).union(parts.titles, parts.surnames, self._bodies)
        self._may_head = Memo(self._heads)

    def after(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """The speaker right after a verb, past 'for his part', dates and commas."""
        at, moved = lines.next(at), True
        while moved and at < last:
            moved = False
            end = phrase_end(self._asides, lines.words, at)
            if end > at:
                at, moved = lines.next(end), True
            elif lines.letter(at) == "D" or (
                lines.words[at] in "\u060c," and self._after_aside(lines, at, last)
            ):
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
        end = self._before_aside(lines, end, first)
        for start in range(max(first, end - 12), end):
            if lines.words[start] in MARKS or lines.words[start] == '"':
                continue
            found = self.read(lines, start, end, known=True)
            if found and lines.next(found.end) >= end:
                return found
        return None

    def _before_aside(self, lines: Lines, end: int, first: int) -> int:
        """Where an aside that ends at a word begins: 'the government for its part denied'."""
        for start in range(max(first + 1, end - 3), end):
            if phrase_end(self._asides, lines.words, start) == end:
                return lines.before(start, first) + 1
        return end

    def addressed(self, lines: Lines, speaker: Speaker) -> bool:
        """Whether demands are usually made of this body."""
        return any(
            phrase_end(self._addressed, lines.words, speaker.start, form.word) > speaker.start
            for form in forms(lines.words[speaker.start])
        )

    def read(self, lines: Lines, at: int, last: int, known: bool = False) -> Speaker | None:
        """The speaker that begins at word `at`; `known` asks for a head that can only be one."""
        at = lines.next(at)
        if at >= last:
            return None
        end = self._many(lines, at)
        begin = lines.next(end)
        if begin >= last:
            return None
        found = None
        if self._may_head[lines.words[begin]] or lines.letter(begin) in _NAMES:
            found = (
                self._titled(lines, begin, last)
                or self._headed(lines, begin, last)
                or self._listed(lines, begin, last)
            )
        if found is None and not known:
            found = self._unknown(lines, begin, last)
        if found is None:
            return None
        return self._joined(lines, found, last)

    def _heads(self, word: str) -> bool:
        """Whether a rank, a known head, a known name or a named body may begin with a word."""
        return not self._firsts.isdisjoint(keys[word])

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
                end = max(end, phrase_end(self._parts.titles, lines.words, at, form.word))
        if end == at:
            return None
        nxt = end
        while nxt < last and phrase_end(self._parts.titles, lines.words, nxt) > nxt:
            nxt = phrase_end(self._parts.titles, lines.words, nxt)
        stop = self._parts.name(lines, nxt, last)
        if stop == nxt:
            return None
        return self._speaker(lines, at, stop, OFFICE, lines.words[at])

    def _headed(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """A head that the lists know, with its complements."""
        for form in forms(lines.words[at]):
            if form.preposition:
                continue
            kind = self._parts.kinds.get(form.stem)
            if kind is None and form.word in self._parts.kinds:
                kind = self._parts.kinds[form.word]
            if kind:
                unit = lines.units.get(at)
                end = unit.end if unit and unit.letter in "AS" and unit.start == at else at + 1
                closed = form.article or (end > at + 1 and self._parts.definite(lines, end - 1))
                end = self._parts.complement(lines, end, last, kind, form.stem, closed)
                if kind == OFFICE:
                    end = self._parts.name(lines, end, last)
                return self._speaker(lines, at, end, kind, form.stem)
        return None

    def _listed(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """A group of the lexicon, the government of a state, or a leader known by name."""
        unit = lines.units.get(at)
        if unit is None or unit.start != at or unit.form.preposition:
            return None
        for form in forms(lines.words[at]):
            end = phrase_end(self._parts.surnames, lines.words, at, form.word) if not form.preposition else at
            if end > at:
                return self._speaker(lines, at, end, OFFICE, form.stem)
        for form in forms(lines.words[at]):
            end = phrase_end(self._bodies, lines.words, at, form.word) if not form.preposition else at
            if end > at:
                return self._speaker(lines, at, end, BODY, form.stem)
        state = unit.letter == "P" and (
            any(e.code in self._states for e in unit.all("place"))
            or any(
                phrase_end(self._governments, lines.words, at, f.word) == unit.end
                for f in forms(lines.words[at])
            )
        )
        group = unit.get("actor", "generic", "anaphor") if unit.letter == "A" else None
        if not state and not group and unit.letter != "S":
            return None
        kind = STATE if state else BODY
        end = self._parts.complement(lines, unit.end, last, kind, unit.form.stem, True)
        return self._speaker(lines, at, end, kind, unit.form.stem, group.code if group else "")

    def _unknown(self, lines: Lines, at: int, last: int) -> Speaker | None:
        """'the European commissioner for security ...', or a name before a role."""
        end = at
        while end < last and end - at < 5:
            end = lines.next(end)
            word = lines.words[end] if end < last else ""
            if not word or not self._parts.plain(lines, end):
                break
            if end > at and forms(word)[0].article:
                role = self._headed(lines, end, last)
                if role and role.kind in (PERSON, OFFICE):
                    return (
                        role if role.kind == PERSON else self._speaker(lines, at, role.end, OFFICE, role.head)
                    )
            end += 1
        if (
            end > at
            and forms(lines.words[at])[0].article
            and lines.letter(at) in "xcO"
            and not self._parts.adjectival(lines, at)
        ):
            stop = self._parts.complement(lines, at + 1, last, BODY, "", True)
            return self._speaker(lines, at, stop, OTHER, lines.words[at].removeprefix(AL))
        if end > at and self._parts.name(lines, at, last) > at:
            return self._speaker(lines, at, self._parts.name(lines, at, last), NAME, lines.words[at])
        return None

    def _joined(self, lines: Lines, found: Speaker, last: int) -> Speaker:
        """'Paris and London': speakers that speak together."""
        nxt = lines.next(found.end)
        if nxt >= last or found.kind in (NAME, OTHER):
            return found
        form = next(
            (f for f in forms(lines.words[nxt]) if f.conjunction == "\u0648" and not f.preposition), None
        )
        if form is None or lines.letter(nxt) in "eKD":
            return found
        other = self._headed(lines, nxt, last) or self._listed(lines, nxt, last)
        if other is None or other.kind == OTHER:
            return found
        return self._speaker(lines, found.start, other.end, found.kind, found.head, found.code)

    def _speaker(self, lines: Lines, start: int, end: int, kind: str, head: str, code: str = "") -> Speaker:
        units = (lines.units.get(i) for i in range(start, end if kind == BODY else start + 1))
        for unit in units:
            if not code and unit and unit.letter == "A" and unit.start >= start:
                entry = unit.get("actor", "generic", "anaphor")
                code = entry.code if entry else ""
        return Speaker(start, end, lines.quote(start, end), kind, head, code)

    def adjectival(self, lines: Lines, at: int) -> bool:
        """Whether a word looks like an adjective."""
        return self._parts.adjectival(lines, at)

    def is_back(self, lines: Lines, speaker: Speaker) -> bool:
        """Whether a speaker is no more than 'the source', 'the group'."""
        words = [
            w for w in lines.words[speaker.start : speaker.end] if w != '"' and w not in self._parts.itself
        ]
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
        stem = singular(speaker.head)
        for other in reversed(known):
            if singular(other.head) == stem and (
                other.end - other.start > 1 or singular(other.head) != other.head
            ):
                return other
        for at in range(speaker.start - 1, -1, -1):
            for form in forms(lines.words[at]):
                if not form.article and singular(form.stem) == stem and form.stem in self._parts.kinds:
                    found = (
                        self._headed(lines, at, len(lines.words))
                        if not form.preposition
                        else self._prefixed(lines, at, form)
                    )
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
        kind = self._parts.kinds[form.stem]
        end = self._parts.complement(lines, at + 1, len(lines.words), kind, form.stem, False)
        words = lines.quote(at, end)
        cut = len(form.conjunction) + len(form.preposition)
        return Speaker(at, end, words[cut:], kind, form.stem)
