"""The places that a word of control speaks of: its object, a list, 'it', 'the town'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from sijill.arabic.fold import fold_words
from sijill.arabic.words import forms
from sijill.lexicon.entries import Compiled, PlaceEntry
from sijill.reading.control_words import REACH, Line, Rule, Words
from sijill.reading.places import COUNTRY, Chain, PlaceReader
from sijill.records import Place

_WEIGHT = 3  # of a place in the sentence itself against one anywhere in the report
_IN = "\u0628"
_FITS = {
    "settlement": ("settlement", "district", "site"),
    "admin1": ("admin1",),
    "district": ("district", "settlement"),
    "site": ("site",),
}


class Seeker:
    """Finds the places of a word of control."""

    def __init__(self, lexicon: Compiled, words: Words, places: PlaceReader) -> None:
        self._words, self._places = words, places
        rows = lexicon.tables["control"]["back"]
        self._back = {fold_words(w): precision for precision, names in rows.items() for w in names}
        self._governorates = {
            p.pcode: p for p in lexicon.places.values() if p.kind == "governorate" and p.pcode
        }

    def objects(self, line: Line, rule: Rule, word: int, end: int) -> tuple[list[Place], int]:
        """The places of a word of control and the unit after them."""
        at = line.at(end - 1) + 1
        if rule.tense == "suffixed" or rule.object:
            return self.pronoun(line, word), at
        if rule.on:
            begin = self._words.preposition(line, rule.on, word, at, rule.tense == "noun")
            if begin is None:
                return [], at
            unit = line.units[begin - 1]
            if any(line.words[unit.end - 1] == w for w in self._words.pronouns(rule.on)):
                return self.pronoun(line, unit.start), begin
            return self.named(line, begin, rule)
        return self.named(line, at, rule)

    def named(self, line: Line, at: int, rule: Rule) -> tuple[list[Place], int]:
        """The places of a list that begins at or soon after a unit."""
        chain = self.first(line, at, rule)
        if chain is None:
            return self.back_reference(line, at)
        places: list[Place] = []
        index = line.chains.index(chain)
        if self.container(line, chain, at):
            named = self.named_after(line, index)
            if named is None:
                return [], chain.units[1]
            index = named
        after = chain.units[1]
        while index < len(line.chains):
            chain = line.chains[index]
            places.extend(self.members(line, chain))
            after = chain.units[1]
            nxt = line.chains[index + 1] if index + 1 < len(line.chains) else None
            if nxt is None or not self.continues(line, after, nxt.units[0]):
                break
            index += 1
        return places, after

    def first(self, line: Line, at: int, rule: Rule) -> Chain | None:
        """The first chain that the clause reaches."""
        reach = 4 if rule.close else REACH
        for chain in line.chains:
            first = chain.units[0]
            if first < at:
                continue
            if first - at > reach:
                return None
            for i in range(at, first):
                unit = line.units[i]
                if (
                    unit.letter in "eK"
                    or (unit.letter in "i" and not self.container(line, chain, at))
                    or self._words.stops(line, i)
                ):
                    return None
            return chain
        return None

    def container(self, line: Line, chain: Chain, at: int) -> bool:
        """'villages in the countryside of X': the place is only where they lie."""
        first = chain.units[0]
        side = bool(line.units[first].cues & {"side_word"})
        inside = (
            side
            or line.units[first].form.preposition == _IN
            or any(u.letter == "i" for u in line.units[max(at, first - 2) : first])
        )
        return inside and any(self._words.has("several", line, u.start, u.end) for u in line.units[at:first])

    def named_after(self, line: Line, index: int) -> int | None:
        """The chain that 'among them' leads to."""
        end = line.chains[index].units[1]
        for other in range(index + 1, len(line.chains)):
            start = line.chains[other].units[0]
            if start - end > 4:
                return None
            words = range(line.units[end].start, line.units[start].start + 1)
            if self._words.has("among", line, words.start, words.stop) or any(
                line.words[i] == ":" for i in words
            ):
                return other
        return None

    def continues(self, line: Line, after: int, nxt: int) -> bool:
        """Whether a list goes on to the next chain: 'and', a comma, 'as well as'."""
        gap = line.units[after:nxt]
        if len(gap) > 6 or any(u.letter in "eKEAD" for u in gap):
            return False
        first = line.units[nxt]
        if not gap:
            return first.joined
        start, end = gap[0].start, first.start
        if self._words.has("more", line, start, end) or self._words.has("among", line, start, end):
            return True
        plain = all(u.letter == "," or (u.letter == "x" and u.joined) for u in gap)
        comma = gap[0].letter == "," and len(gap) == 1
        return plain and (first.joined or comma) and not first.form.preposition

    def context(self, line: Line) -> Counter[str]:
        """The places of the report; those that a sentence names help to resolve its other names."""
        if line.near is None:
            line.near = Counter(line.cast.places)
            for link in (x for chain in line.chains for x in [*chain.links, *chain.joined]):
                entries = [e for e in map(self._places.entry, link.ids) if e]
                for values in ({e.admin1 for e in entries}, {e.country for e in entries}):
                    value = values.pop() if len(values) == 1 else None
                    if value:
                        line.near[value] += _WEIGHT
        return line.near

    def before(self, line: Line) -> list[Place]:
        """The places that the sentences before this one name."""
        return [place for other in line.earlier for place in self.known(other)]

    def known(self, line: Line) -> list[Place]:
        """The places that a sentence names, worked out when first asked for."""
        if line.places is None:
            line.places = [p for p in (self.resolve(line, c) for c in line.chains) if p]
        return line.places

    def members(self, line: Line, chain: Chain) -> Iterator[Place]:
        """The place of a chain and of every name joined to it."""
        for link in [chain.head, *chain.joined]:
            place = self.resolve(
                line,
                Chain([link, *chain.links[1:]], chain.units, chain.good) if link is not chain.head else chain,
            )
            if place:
                yield place

    def resolve(self, line: Line, chain: Chain) -> Place | None:
        """The place of a chain up to 'towards'; countries hold no records."""
        for i, link in enumerate(chain.links[1:], 1):
            if any(
                self._words.ends("ends", line, w, link.start)
                for w in range(chain.links[i - 1].end, link.start)
            ):
                chain = Chain(chain.links[:i], chain.units, chain.good)
                break
        answer = self._places.locate(chain, line.scene, self.context(line))
        if answer is None or answer.rank == COUNTRY:
            return None
        place = answer.place
        start = chain.head.whole if chain.head.whole >= 0 else chain.head.start
        joined = (
            forms(line.words[start])[-1].conjunction or forms(line.words[chain.head.start])[-1].conjunction
        )
        if joined and place.name[:1] == joined and line.units[line.at(start)].joined:
            return msgspec.structs.replace(place, name=place.name[1:])
        return place

    def pronoun(self, line: Line, word: int) -> list[Place]:
        """What 'it' stands for: the place named last before."""
        at = line.at(word)
        rows = [c for c in line.chains if c.units[1] <= at]
        for i in range(max(0, at - 3), at):
            what = self._words.ends("what", line, line.units[i].start, line.units[i].end)
            if (what or line.units[i].cues & {"relative"}) and not any(
                0 <= i - c.units[1] <= 2 for c in rows
            ):
                return []
        if rows:
            place = self.resolve(line, rows[-1])
            return [place] if place else []
        return self.before(line)[-1:]

    def back_reference(self, line: Line, at: int) -> tuple[list[Place], int]:
        """'the town', 'the province': the last place of that kind."""
        for i in range(at, min(len(line.units), at + 5)):
            unit = line.units[i]
            if unit.letter in "eK" or self._words.stops(line, i):
                break
            for form in forms(line.words[unit.start]):
                precision = self._back.get(form.word)
                if precision:
                    return self.last_of(line, precision, i), i + 1
        return [], at

    def last_of(self, line: Line, precision: str, at: int) -> list[Place]:
        """The last place of this precision before a unit; the governorate of the last place of all."""
        here = [self.resolve(line, c) for c in line.chains if c.units[1] <= at]
        rows = [p for p in [*self.before(line), *here] if p]
        for place in reversed(rows):
            if place.precision in _FITS[precision]:
                return [place]
            if precision == "admin1" and place.admin1 in self._governorates:
                return [_governorate(self._governorates[place.admin1])]
        return []


def _governorate(entry: PlaceEntry) -> Place:
    """A governorate that the text only calls 'the province'."""
    return Place(
        name=entry.name,
        admin1=entry.admin1,
        country=entry.country,
        precision="admin1",
        inferred=True,
        id=entry.id,
    )
