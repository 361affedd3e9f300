"""The sides of a word of control: who takes, who loses, who receives."""

from __future__ import annotations

from sijill.reading.actors import ActorReader
from sijill.reading.control_words import REACH, Line, Rule, Words
from sijill.reading.scene import Unit

_LI = "\u0644"


class Sides:
    """Finds the actors of a word of control."""

    def __init__(self, words: Words, actors: ActorReader, not_holders: list[str]) -> None:
        self._words, self._actors = words, actors
        self._holders = set(not_holders)

    def code(self, line: Line, unit: Unit) -> str | None:
        """The code of a unit that can hold places, or None."""
        code = self._actors.code(unit, line.cast)
        return code if code and code.split("/")[0] not in self._holders else None

    def actor_at(self, line: Line, first: int, last: int, free: bool = True) -> str | None:
        """The first actor among the units `[first, last)`; `free`: not after 'on', 'against', 'from'."""
        for i in range(max(0, first), min(last, len(line.units))):
            unit = line.units[i]
            if unit.letter == "A" and not (free and self.bound(line, i)):
                code = self.code(line, unit)
                if code:
                    return code
        return None

    def bound(self, line: Line, at: int) -> bool:
        """Whether an actor stands where no subject does."""
        unit = line.units[at]
        if unit.form.preposition:
            return True
        for back in range(at - 1, max(-1, at - 3), -1):
            before = line.units[back]
            if self._words.ends("not_subject", line, before.start, before.end):
                return not (
                    back >= 1
                    and line.units[back - 1].letter in "NxcV"
                    and before.letter == "f"
                    and self.batch(line, back)
                )
            if before.letter not in "VMOx":
                return False
        return False

    @staticmethod
    def batch(line: Line, at: int) -> bool:
        """'the first batch of the fighters of X', 'two of X's fighters'."""
        nxt = line.units[at + 1] if at + 1 < len(line.units) else None
        return nxt is not None and nxt.letter in "VMA"

    def subject(self, line: Line, rule: Rule, word: int, end: int) -> str | None:
        """Who did it: after the verb up to the place, else before it."""
        at, after = line.at(word), line.at(end - 1) + 1
        stop = self.stop_of_subject(line, rule, after)
        if rule.tense == "noun":
            if not rule.own and (code := self.actor_at(line, after, min(after + 3, stop))):
                return code
            return self.before(line, at)
        if rule.tense == "suffixed":
            stop = min(len(line.units), after + 4)
        return self.actor_at(line, after, stop) or self.before(line, at)

    def stop_of_subject(self, line: Line, rule: Rule, after: int) -> int:
        """The unit that a subject after the verb cannot lie beyond."""
        for i in range(after, min(len(line.units), after + REACH)):
            unit = line.units[i]
            if (
                rule.on
                and line.words[unit.end - 1] == rule.on
                and not (rule.change == "lost" and self._words.is_part(line, i))
            ):
                return i
            if unit.letter in "PeK" or self._words.stops(line, i):
                return i
        return min(len(line.units), after + REACH)

    def before(self, line: Line, at: int) -> str | None:
        """The nearest actor before a word of control that can be a subject: none that belongs to a noun."""
        for i in range(at - 1, -1, -1):
            unit = line.units[i]
            if unit.letter == "A" and not self.bound(line, i) and not self.owned(line, i):
                code = self.code(line, unit)
                if code:
                    return code
        return None

    def owned(self, line: Line, at: int) -> bool:
        """Whether a noun stands before an actor: 'the presence of X', 'the attacks of X'."""
        back = at - 1
        while back >= 0 and line.units[back].letter in "VMA":
            back -= 1
        if back < 0 or line.units[back].letter == "A" or line.units[at].joined:
            return False
        before = line.units[back]
        for unit in line.units[max(0, back - 1) : back + 1]:
            if self._words.ends("done", line, unit.start, unit.end) or self._words.ends(
                "that", line, unit.start, unit.end
            ):
                return False
        return before.letter in "EOW" or (
            before.letter == "x" and back > 0 and not before.joined and line.units[back - 1].letter in "xEAVO"
        )

    def loser(self, line: Line, after: int) -> str | None:
        """'from the hold of X', 'from X' right after the place."""
        for i in range(after, min(len(line.units), after + 4)):
            unit = line.units[i]
            if self._words.stops(line, i):
                return None
            if unit.letter == "f":
                held = self._words.ends(
                    "from_hold", line, unit.start, min(unit.start + 2, line.sentence.last)
                )
                return self.actor_at(line, i + 1, i + 5, free=False) if held else None
            if (
                unit.letter in "eK,"
                or unit.cues & {"backed", "agent"}
                or (unit.form.preposition and unit.end - unit.start == 1 and unit.letter == "c")
            ):
                return None
        return None

    def second(self, line: Line, first: int, last: int, other: str) -> str | None:
        """Another actor than `other` among the units."""
        codes = [c for u in line.units[first:last] if u.letter == "A" and (c := self.code(line, u))]
        return next((c for c in codes if c != other), None)

    def receiver(self, line: Line, rule: Rule, after: int) -> str | None:
        """To whom a place was handed."""
        for i in range(after, min(len(line.units), after + 5)):
            unit = line.units[i]
            if self._words.has("", line, unit.start, unit.end, rule.to) or unit.form.preposition == _LI:
                return self.actor_at(line, i, i + 4, free=False)
        return None
