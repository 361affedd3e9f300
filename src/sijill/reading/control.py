"""Who holds, gains and loses places.

A row of `control.yaml` is a verb or noun with the change it tells and where its place stands: after
'on', as its object, or before it ('fell into the hands of'). One record for each named place of a
list; a loser only where the text says that he lost, left or had held the place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from sijill.arabic.dates import DateRef
from sijill.arabic.fold import fold_words
from sijill.arabic.numbers import Phrases, phrase_end, phrases
from sijill.arabic.words import forms
from sijill.lexicon.entries import Compiled
from sijill.lexicon.inflect import verb_forms
from sijill.reading.actors import ActorReader, Cast
from sijill.reading.places import Chain, PlaceReader
from sijill.reading.scene import Scene, Sentence, Unit
from sijill.records import Change, Control, Place, Span, When

_REACH = 18  # units between a word of control and its place
_SHORT = 5  # and between a noun of control and its preposition
_NEAR = 6  # units before it in which 'tried to' counts
_AL, _LI = "\u0627\u0644", "\u0644"
_STATES = ("held", "besieged", "contested")
_OBJECTS = ("\u0647", "\u0647\u0627", "\u0647\u0645\u0627")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rules; `tense` is past, present or noun."""

    change: str
    tense: str
    on: str = ""
    present: str = ""
    close: bool = False
    own: bool = False
    object: bool = False
    men: bool = False
    origin: bool = False
    by: Phrases = field(default_factory=dict)
    to: Phrases = field(default_factory=dict)
    needs: Phrases = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """A control record in the making; `start`/`end` are words, `day` the date told with it."""

    place: Place
    code: str
    change: str
    start: int
    end: int
    scene: Scene
    day: DateRef | None
    news: bool


@dataclass(slots=True)
class Line:
    """One sentence with what the rules need: units, chains, and what may be meant by 'the town'."""

    scene: Scene
    sentence: Sentence
    chains: list[Chain]
    before: list[Place]
    cast: Cast

    @property
    def units(self) -> list[Unit]:
        """The units of the sentence."""
        return self.sentence.units

    @property
    def words(self) -> list[str]:
        """The words of the whole scene."""
        return self.scene.text.words

    def at(self, word: int) -> int:
        """The unit that a word belongs to."""
        return next((i for i, u in enumerate(self.units) if word < u.end), len(self.units))


class ControlReader:
    """Reads control records from scenes, over one lexicon."""

    def __init__(self, lexicon: Compiled, places: PlaceReader, actors: ActorReader) -> None:
        rows: dict[str, Any] = lexicon.tables["control"]
        self._places, self._actors = places, actors
        self._rules: dict[str, list[tuple[tuple[str, ...], Rule]]] = {}
        for row in rows["rules"]:
            self._add(row)
        for found in self._rules.values():
            found.sort(key=lambda pair: -len(pair[0]))
        self._tables = {key: phrases(rows[key]) for key in _TABLES}
        self._back = {fold_words(w): precision for precision, words in rows["back"].items() for w in words}
        self._governorates = {p.pcode: p for p in lexicon.places.values() if p.kind == "governorate" and p.pcode}
        self._holders = set(rows["not_holders"])

    def _add(self, row: dict[str, Any]) -> None:
        rule = Rule(
            row["change"], "", fold_words(row.get("prep") or ""), row.get("present") or "", bool(row.get("close")),
            bool(row.get("own")), bool(row.get("object")), bool(row.get("men")), bool(row.get("from")),
            phrases(row.get("by") or ()), phrases(row.get("to") or ()), phrases(row.get("needs") or ()),
        )  # fmt: skip
        for notation in row.get("verbs") or ():
            for form, tense in verb_forms(str(notation)):
                self._put(form, replace(rule, tense=tense))
        for noun in row.get("nouns") or ():
            self._put(fold_words(noun), replace(rule, tense="noun"))

    def _put(self, form: str, rule: Rule) -> None:
        words = tuple(form.split())
        self._rules.setdefault(words[0], []).append((words, rule))

    # --- reading

    def read(self, scenes: list[Scene], cast: Cast) -> list[Control]:
        """The control records of a report, one for each place, actor and change."""
        found: list[Found] = []
        for scene in sorted(scenes, key=lambda s: s.field == "title"):
            before: list[Place] = []
            for sentence in scene.sentences:
                line = Line(scene, sentence, self._places.chains(sentence), before, cast)
                told = {(_spot(row.place), row.change) for row in found} if scene.field == "title" else set()
                for row in self._line(line):
                    if (_spot(row.place), row.change) not in told:
                        _keep(found, row)
                before.extend(p for p in (self._resolve(line, c) for c in line.chains) if p)
        return [_record(n, row, cast) for n, row in enumerate(_settled(found), 1)]

    def _line(self, line: Line) -> Iterator[Found]:
        taken: set[int] = set()
        fell: set[int] = set()
        for word in range(line.sentence.first, line.sentence.last):
            for rule, end in self._matches(line, word):
                if word in taken or line.units[min(line.at(word), len(line.units) - 1)].letter in "ASP":
                    continue
                rows = list(self._told(line, rule, word, end))
                if rows:
                    fell |= {i for row in rows for i in range(row.start, row.end)} if rule.change == "fell" else set()
                    taken.update(range(word, end))
                    yield from rows
                    break
        yield from (row for row in self._holders_named(line) if row.start not in fell)
        yield from self._contested(line)

    def _matches(self, line: Line, word: int) -> Iterator[tuple[Rule, int]]:
        """The rules whose words begin here, and where they end."""
        words = line.words
        for form in forms(words[word]):
            verb = not form.article and not form.preposition
            rows = self._rules.get(form.word if form.article else form.stem, ())
            noun = any(rule.tense == "noun" for _, rule in rows)
            for phrase, rule in rows:
                if (rule.tense != "noun" and not verb) or form.preposition == _LI:
                    continue
                if rule.tense == "suffixed" and (noun or rule.on):
                    continue  # 'seized it' and 'seizure' are written alike
                end = word + len(phrase)
                if len(phrase) == 1 or tuple(words[word + 1 : end]) == phrase[1:]:
                    yield rule, end

    # --- one word of control

    def _told(self, line: Line, rule: Rule, word: int, end: int) -> Iterator[Found]:
        if not self._done(line, word) or (rule.needs and not self._has(line, "", word, min(end + 6, line.sentence.last), rule.needs)):
            return
        if rule.change == "fell":
            yield from self._fell(line, rule, word, end)
            return
        objects, after = self._objects(line, rule, word, end)
        if not objects:
            return
        if rule.change in ("expelled", "handed"):
            yield from self._two_sides(line, rule, word, end, objects, after)
            return
        if rule.men and not self._has(line, "men", end, min(end + 6, line.sentence.last)):
            return
        actor = self._subject(line, rule, word, end, objects)
        change = self._change(line, rule, word)
        for place in objects if actor else ():
            if change == "was":
                yield self._found(line, place, actor or "", "lost", word, after, held=True)
            else:
                yield self._found(line, place, actor or "", change, word, after)
        if rule.origin or rule.change == "gained":
            loser = self._loser(line, after)
            for place in objects if loser and loser != actor else ():
                yield self._found(line, place, loser or "", "lost", word, after)

    def _change(self, line: Line, rule: Rule, word: int) -> str:
        """A present tense tells a state where 'still' or 'which' stands before it; not in a headline."""
        if rule.tense != "present" or not rule.present:
            return rule.change
        first = line.sentence.first
        if self._has(line, "was", max(first, word - 3), word):
            return "was"
        return rule.present if self._has(line, "still", max(first, word - 8), word) else rule.change

    def _done(self, line: Line, word: int) -> bool:
        """Whether it is told as done: no 'tried to', 'in order to', 'denied' before it."""
        at = line.at(word)
        first = max(0, at - _NEAR)
        for i in range(at - 1, first - 1, -1):
            unit = line.units[i]
            start = unit.start
            if unit.letter == "," and at - i > 3:
                return True
            if self._ends(line, "done", start, word):
                return True
            if self._ends(line, "not_done", start, word):
                return False
        return True

    def _ends(self, line: Line, table: str, start: int, word: int) -> bool:
        return any(
            start < phrase_end(self._tables[table], line.words, start, f.word) <= word for f in forms(line.words[start])
        )

    def _has(self, line: Line, table: str, start: int, end: int, rows: Phrases | None = None) -> bool:
        """Whether a phrase of a table stands among the words `[start, end)`."""
        phrases_ = self._tables[table] if rows is None else rows
        for i in range(start, end):
            for form in forms(line.words[i]):
                if i < phrase_end(phrases_, line.words, i, form.word) <= end:
                    return True
        return False

    # --- the places

    def _objects(self, line: Line, rule: Rule, word: int, end: int) -> tuple[list[Place], int]:
        """The places of a word of control and the unit after them."""
        at = line.at(end - 1) + 1
        if rule.tense == "suffixed" or rule.object:
            return self._pronoun(line, word), at
        if rule.on:
            begin = self._preposition(line, rule.on, word, at, rule.tense == "noun")
            if begin is None:
                return [], at
            unit = line.units[begin - 1]
            if any(line.words[unit.end - 1] == w for w in self._pronouns(rule.on)):
                return self._pronoun(line, unit.start), begin
            return self._list(line, begin, rule)
        return self._list(line, at, rule)

    def _pronouns(self, on: str) -> list[str]:
        return [w for w in (p[0] for rows in self._tables["pronouns"].values() for p in rows) if w[:2] == on[:2]]

    def _preposition(self, line: Line, on: str, word: int, at: int, noun: bool) -> int | None:
        """The unit after the preposition that leads to the place; None where a clause ends before."""
        if at and line.words[line.units[at - 1].end - 1] == on and line.units[at - 1].end - 1 > word:
            return at
        for i in range(at, min(len(line.units), at + (_SHORT if noun else _REACH))):
            unit = line.units[i]
            last = line.words[unit.end - 1]
            if (last == on and not (on == fold_words("\u0645\u0646") and self._is_part(line, i))) or last in self._pronouns(on):
                return i + 1
            if unit.letter in "eK" or (self._ends(line, "ends", unit.start, unit.end) and unit.letter != "D"):
                return None
        return None

    @staticmethod
    def _is_part(line: Line, at: int) -> bool:
        """'of' that only joins a number or batch to a group: 'the first batch of fighters'."""
        nxt = line.units[at + 1] if at + 1 < len(line.units) else None
        return nxt is not None and nxt.letter in "AVM"

    def _list(self, line: Line, at: int, rule: Rule) -> tuple[list[Place], int]:
        """The places of a list that begins at or soon after a unit."""
        chain = self._first(line, at, rule)
        if chain is None:
            return self._back_reference(line, at)
        places: list[Place] = []
        index = line.chains.index(chain)
        if self._container(line, chain, at):
            named = self._named_after(line, index)
            if named is None:
                return [], chain.units[1]
            index = named
        after = chain.units[1]
        while index < len(line.chains):
            chain = line.chains[index]
            places.extend(self._members(line, chain))
            after = chain.units[1]
            nxt = line.chains[index + 1] if index + 1 < len(line.chains) else None
            if nxt is None or not self._continues(line, after, nxt.units[0]):
                break
            index += 1
        return places, after

    def _first(self, line: Line, at: int, rule: Rule) -> Chain | None:
        """The first chain that the clause reaches."""
        reach = 4 if rule.close else _REACH
        for chain in line.chains:
            first = chain.units[0]
            if first < at:
                continue
            if first - at > reach:
                return None
            for i in range(at, first):
                unit = line.units[i]
                if unit.letter in "eK" or (unit.letter in "i" and not self._container(line, chain, at)) or self._stops(line, i):
                    return None
            return chain
        return None

    def _stops(self, line: Line, at: int) -> bool:
        unit = line.units[at]
        return unit.letter != "D" and self._ends(line, "ends", unit.start, unit.end)

    def _container(self, line: Line, chain: Chain, at: int) -> bool:
        """'villages in the countryside of X': the place is only where they lie."""
        first = chain.units[0]
        inside = line.units[first].form.preposition == "\u0628" or any(u.letter == "i" for u in line.units[max(at, first - 2) : first])
        return inside and any(self._has(line, "several", u.start, u.end) for u in line.units[at:first])

    def _named_after(self, line: Line, index: int) -> int | None:
        """The chain that 'among them' leads to."""
        end = line.chains[index].units[1]
        for other in range(index + 1, len(line.chains)):
            start = line.chains[other].units[0]
            if start - end > 4:
                return None
            words = range(line.units[end].start, line.units[start].start + 1)
            if self._has(line, "among", words.start, words.stop) or any(line.words[i] == ":" for i in words):
                return other
        return None

    def _continues(self, line: Line, after: int, nxt: int) -> bool:
        """Whether a list goes on to the next chain: 'and', a comma, 'as well as'."""
        gap = line.units[after:nxt]
        if len(gap) > 6 or any(u.letter in "eKEAD" for u in gap):
            return False
        first = line.units[nxt]
        if not gap:
            return first.joined
        start, end = gap[0].start, first.start
        if self._has(line, "more", start, end) or self._has(line, "among", start, end):
            return True
        return all(u.letter in ",x" and (u.letter == "," or u.joined) for u in gap) and (first.joined or (gap[0].letter == "," and len(gap) == 1)) and not first.form.preposition  # fmt: skip

    def _members(self, line: Line, chain: Chain) -> Iterator[Place]:
        """The place of a chain and of every name joined to it."""
        for link in [chain.head, *chain.joined]:
            place = self._resolve(line, Chain([link, *chain.links[1:]], chain.units, chain.good) if link is not chain.head else chain)
            if place:
                yield place

    def _resolve(self, line: Line, chain: Chain) -> Place | None:
        """The place of a chain up to 'towards'; countries hold no records."""
        for i, link in enumerate(chain.links[1:], 1):
            if any(self._ends(line, "ends", w, link.start) for w in range(chain.links[i - 1].end, link.start)):
                chain = Chain(chain.links[:i], chain.units, chain.good)
                break
        place = self._places.resolve(chain, line.scene, line.cast.places)
        if place is None or (place.precision == "country" and place.id):
            return None
        start = chain.head.whole if chain.head.whole >= 0 else chain.head.start
        joined = forms(line.words[start])[-1].conjunction or forms(line.words[chain.head.start])[-1].conjunction
        if joined and place.name[:1] == joined and line.units[line.at(start)].joined:
            return msgspec.structs.replace(place, name=place.name[1:])
        return place

    def _pronoun(self, line: Line, word: int) -> list[Place]:
        """What 'it' stands for: the place named last before."""
        at = line.at(word)
        rows = [c for c in line.chains if c.units[1] <= at]
        for i in range(max(0, at - 3), at):
            what = self._ends(line, "what", line.units[i].start, line.units[i].end)
            if (what or line.units[i].cues & {"relative"}) and not any(0 <= i - c.units[1] <= 2 for c in rows):
                return []
        if rows:
            place = self._resolve(line, rows[-1])
            return [place] if place else []
        return line.before[-1:]

    def _back_reference(self, line: Line, at: int) -> tuple[list[Place], int]:
        """'the town', 'the province': the last place of that kind."""
        for i in range(at, min(len(line.units), at + 5)):
            unit = line.units[i]
            if unit.letter in "eK" or self._stops(line, i):
                break
            for form in forms(line.words[unit.start]):
                precision = self._back.get(form.word)
                if precision:
                    return self._last_of(line, precision, i), i + 1
        return [], at

    def _last_of(self, line: Line, precision: str, at: int) -> list[Place]:
        here = [self._resolve(line, c) for c in line.chains if c.units[1] <= at]
        rows = [p for p in [*line.before, *here] if p]
        fits = {"settlement": ("settlement", "district", "site"), "admin1": ("admin1",), "district": ("district", "settlement"), "site": ("site",)}
        for place in reversed(rows):
            if place.precision in fits[precision]:
                return [place]
            if precision == "admin1" and place.admin1 in self._governorates:
                entry = self._governorates[place.admin1]
                return [Place(name=entry.name, admin1=entry.admin1, country=entry.country, precision="admin1", inferred=True, id=entry.id)]
        return []

    # --- the actors

    def _code(self, line: Line, unit: Unit) -> str | None:
        code = self._actors.code(unit, line.cast)
        return code if code and code.split("/")[0] not in self._holders else None

    def _actor_at(self, line: Line, first: int, last: int, free: bool = True) -> str | None:
        """The first actor among the units `[first, last)`; `free`: not after 'on', 'against', 'from'."""
        for i in range(max(0, first), min(last, len(line.units))):
            unit = line.units[i]
            if unit.letter == "A" and not (free and self._bound(line, i)):
                code = self._code(line, unit)
                if code:
                    return code
        return None

    def _bound(self, line: Line, at: int) -> bool:
        """Whether an actor stands where no subject does."""
        unit = line.units[at]
        if unit.form.preposition:
            return True
        for back in range(at - 1, max(-1, at - 3), -1):
            before = line.units[back]
            if self._ends(line, "not_subject", before.start, before.end):
                return not (back >= 1 and line.units[back - 1].letter in "NxcV" and before.letter == "f" and self._batch(line, back))
            if before.letter not in "VMOx":
                return False
        return False

    @staticmethod
    def _batch(line: Line, at: int) -> bool:
        """'the first batch of the fighters of X', 'two of X's fighters'."""
        nxt = line.units[at + 1] if at + 1 < len(line.units) else None
        return nxt is not None and nxt.letter in "VM"

    def _subject(self, line: Line, rule: Rule, word: int, end: int, objects: list[Place]) -> str | None:
        """Who did it: after the verb up to the place, else before it."""
        at, after = line.at(word), line.at(end - 1) + 1
        stop = self._stop_of_subject(line, rule, after)
        if rule.tense == "noun":
            if not rule.own and (code := self._actor_at(line, after, min(after + 3, stop))):
                return code
            return self._before(line, at)
        if rule.tense == "suffixed":
            stop = min(len(line.units), after + 4)
        return self._actor_at(line, after, stop) or self._before(line, at)

    def _stop_of_subject(self, line: Line, rule: Rule, after: int) -> int:
        for i in range(after, min(len(line.units), after + _REACH)):
            unit = line.units[i]
            if rule.on and line.words[unit.end - 1] == rule.on and not (rule.change == "lost" and self._is_part(line, i)):
                return i
            if unit.letter in "PeK" or self._stops(line, i):
                return i
        return min(len(line.units), after + _REACH)

    def _before(self, line: Line, at: int) -> str | None:
        """The nearest actor before a word of control that can be a subject: none that belongs to a noun."""
        for i in range(at - 1, -1, -1):
            unit = line.units[i]
            if unit.letter == "A" and not self._bound(line, i) and not self._owned(line, i):
                code = self._code(line, unit)
                if code:
                    return code
        return None

    @staticmethod
    def _owned(line: Line, at: int) -> bool:
        """Whether a noun stands before an actor: 'the presence of X', 'the attacks of X'."""
        back = at - 1
        while back >= 0 and line.units[back].letter in "VMA":
            back -= 1
        if back < 0 or line.units[back].letter == "A" or line.units[at].joined:
            return False
        before = line.units[back]
        return before.letter in "EOW" or (before.letter == "x" and back > 0 and not before.joined and line.units[back - 1].letter in "xEAVO")

    def _loser(self, line: Line, after: int) -> str | None:
        """'from the hold of X', 'from X' right after the place."""
        for i in range(after, min(len(line.units), after + 4)):
            unit = line.units[i]
            if unit.letter == "f":
                held = self._ends(line, "from_hold", unit.start, min(unit.start + 2, line.sentence.last))
                return self._actor_at(line, i + 1, i + 5, free=False) if held else None
            if unit.letter in "eK," or unit.cues & {"backed", "agent"} or (unit.form.preposition and unit.end - unit.start == 1 and unit.letter == "c"):
                return None
        return None

    def _two_sides(self, line: Line, rule: Rule, word: int, end: int, objects: list[Place], after: int) -> Iterator[Found]:
        """'X drove Y out of P', 'Y handed P to X'."""
        at, nxt = line.at(word), line.at(end - 1) + 1
        if rule.change == "expelled":
            loser = self._actor_at(line, nxt, after, free=False)
            winner = self._before(line, at) if at and (rule.tense != "noun" or line.units[at - 1].letter == "f") else None
            first = self._actor_at(line, nxt, after, free=True)
            if rule.tense != "noun" and first and (second := self._second(line, nxt, after, first)):
                winner, loser = first, second
        else:
            loser = self._actor_at(line, nxt, after) or self._before(line, at)
            winner = self._receiver(line, rule, after)
        for place in objects:
            if loser:
                yield self._found(line, place, loser, "lost", word, after)
            if winner and winner != loser:
                yield self._found(line, place, winner, "gained", word, after)

    def _second(self, line: Line, first: int, last: int, other: str) -> str | None:
        codes = [c for u in line.units[first:last] if u.letter == "A" and (c := self._code(line, u))]
        return next((c for c in codes if c != other), None)

    def _receiver(self, line: Line, rule: Rule, after: int) -> str | None:
        for i in range(after, min(len(line.units), after + 5)):
            unit = line.units[i]
            if self._has(line, "", unit.start, unit.end, rule.to) or unit.form.preposition == _LI:
                return self._actor_at(line, i, i + 4, free=False)
        return None

    # --- places told of otherwise

    def _fell(self, line: Line, rule: Rule, word: int, end: int) -> Iterator[Found]:
        """'P fell into the hands of X', 'P is now under X's control'."""
        for start in range(end, min(end + 14, line.sentence.last)):
            stop = max((phrase_end(rule.by, line.words, start, f.word) for f in forms(line.words[start])), default=start)
            if stop <= start:
                continue
            i = line.at(stop - 1) + 1
            actor = self._actor_at(line, line.at(stop), i + 3, free=False)
            if not actor:
                return
            inner = [c for c in line.chains if line.units[c.units[0]].start >= end and line.units[c.units[1] - 1].end <= start]
            places = [p for c in inner for p in self._members(line, c)] or self._back_reference(line, line.at(end))[0]
            for place in places or self._pronoun(line, word):
                yield self._found(line, place, actor, "gained", word, i)
            return

    def _holders_named(self, line: Line) -> Iterator[Found]:
        """'P, held by X', 'P, stronghold of X', 'the last town that was in X's hands', 'besieged P'."""
        for chain in line.chains:
            if chain.units[1] >= len(line.units):
                continue
            first = line.units[chain.units[1]].start
            for word in range(first, min(first + 7, line.units[-1].end)):
                unit = line.units[line.at(word)]
                if unit.letter in "eK" and unit.start == word and not self._ends(line, "held_after", word, line.sentence.last):
                    break
                if self._ends(line, "besieged_after", word, word + 1):
                    yield from self._besieged(line, chain, word)
                    break
                end = max((phrase_end(self._tables["held_after"], line.words, word, f.word) for f in forms(line.words[word])), default=word)
                if end > word:
                    yield from self._held(line, chain, first, word, end)
                    break

    def _held(self, line: Line, chain: Chain, first: int, word: int, end: int) -> Iterator[Found]:
        """Whoever holds or held a place, by the words after it."""
        at = line.at(end - 1)
        actor = self._actor_at(line, at if line.units[at].end > end else at + 1, at + 3, free=False)
        gap = word - first
        strong = self._ends(line, "strong", word, line.sentence.last)
        if not actor or gap > (3 if strong else 4) or (any(line.words[i] == "," for i in range(first, word)) and not strong and gap > 2):
            return
        was = self._has(line, "was", first, word + 1) or self._has(line, "was", end, min(end + 3, line.sentence.last))
        change = "lost" if was else "held"
        for place in self._members(line, chain):
            yield self._found(line, place, actor, change, word, line.at(end - 1) + 2, held=True)

    def _besieged(self, line: Line, chain: Chain, word: int) -> Iterator[Found]:
        at = line.at(word)
        by = at + 1 < len(line.units) and self._ends(line, "besieged_by", line.units[at + 1].start, line.sentence.last)
        actor = self._actor_at(line, at + 1, at + 4, free=False) if by else self._before(line, at)
        for place in self._members(line, chain) if actor else ():
            yield self._found(line, place, actor or "", "besieged", word, at + 1)

    def _contested(self, line: Line) -> Iterator[Found]:
        """'P is fought over': an arena of attack and retreat, or battles that rage in it."""
        first, last = line.sentence.first, line.sentence.last
        for word in range(first, last):
            arena = self._ends(line, "contested_near", word, last)
            rage = self._ends(line, "rage", word, last) and self._has(line, "fights", max(first, word - 4), min(last, word + 3))
            if not arena and not rage:
                continue
            at = line.at(word)
            chain = self._arena(line, at, arena)
            between = next((i for i in range(at, min(len(line.units), at + 12)) if self._has(line, "between", line.units[i].start, line.units[i].end)), None)  # fmt: skip
            actor = self._actor_at(line, between, between + 4, free=False) if between is not None else None
            actor = actor or (self._actor_at(line, 0, at, free=True) if arena else None)
            if chain and actor:
                for place in self._members(line, chain):
                    yield self._found(line, place, actor, "contested", word, at + 1)
            return

    def _arena(self, line: Line, at: int, before: bool) -> Chain | None:
        near = [c for c in line.chains if c.units[1] <= at and at - c.units[1] <= 3] if before else []
        if near:
            return near[-1]
        return next((c for c in line.chains if at < c.units[0] <= at + 3), None)

    # --- records

    def _found(self, line: Line, place: Place, code: str, change: str, word: int, after: int, held: bool = False) -> Found:
        at = line.at(word)
        end = line.units[min(max(after, at + 1), len(line.units)) - 1].end
        day = None if change in _STATES or held else self._day(line, at)
        news = not any(u.cues & {"background"} for u in line.units[max(0, at - 4) : at])
        return Found(place, code, change, min(word, end - 1), max(end, word + 1), line.scene, day, news and not held)

    def _day(self, line: Line, at: int) -> DateRef | None:
        """The date of the clause: the nearest one, after the word of control before before it."""
        rows = [(i, u.date) for i, u in enumerate(line.units) if u.date and u.date.edtf]
        after = [(i - at, d) for i, d in rows if i > at]
        prior = [(at - i + 2, d) for i, d in rows if i < at]
        best = min([*after, *prior], key=lambda row: row[0], default=None)
        return best[1] if best and best[0] <= _REACH else None


_TABLES = (
    "held_after", "was", "strong", "besieged_after", "besieged_by", "contested_near", "fights", "rage", "between",
    "from_hold", "still", "what", "not_done", "done", "ends", "several", "among", "more", "pronouns", "men", "not_subject",
)  # fmt: skip


def _spot(place: Place) -> tuple[str, str | None]:
    """What makes two mentions one place: the name without article, and the governorate."""
    return " ".join(w.removeprefix(_AL) for w in fold_words(place.name).split()), place.admin1 or place.country


def _key(row: Found) -> tuple[tuple[str, str | None], str, str]:
    return _spot(row.place), row.code.split("/")[0], row.change


def _keep(found: list[Found], row: Found) -> None:
    """Add a record unless the same is told; a dated telling lends its date."""
    for i, other in enumerate(found):
        if _key(other) == _key(row):
            if other.day is None and row.day is not None:
                found[i] = replace(other, day=row.day)
            return
    found.append(row)


def _settled(found: list[Found]) -> list[Found]:
    """Holders of a place that another side gained lost it; 'was held' without a gain says nothing."""
    gained = {_spot(row.place): row for row in found if row.change == "gained"}
    out: list[Found] = []
    for row in found:
        winner = gained.get(_spot(row.place))
        other = winner is not None and winner.code.split("/")[0] != row.code.split("/")[0]
        if row.change == "held" and winner is not None:
            row = replace(row, change="lost", day=winner.day, news=winner.news) if other else row
            if not other:
                continue
        elif row.change == "lost" and row.day is None and winner is not None and other:
            row = replace(row, day=winner.day, news=winner.news)
        elif row.change == "lost" and not row.news and row.day is None and winner is None:
            continue
        if all(_key(row) != _key(o) for o in out):
            out.append(row)
    return out


def _when(row: Found, cast: Cast) -> When | None:
    """The date told, else for news about the day of publication; states have none."""
    if row.change in _STATES:
        return None
    if row.day is not None and row.day.edtf:
        return When(edtf=row.day.edtf, text=row.scene.text.quote(row.day.start, row.day.end), inferred=row.day.inferred)
    if cast.published and row.news:
        return When(edtf=f"{cast.published.isoformat()}~", inferred=True)
    return None


def _record(number: int, row: Found, cast: Cast) -> Control:
    change: Change = row.change  # type: ignore[assignment]
    span = Span(row.scene.field, *row.scene.text.span(row.start, row.end))
    return Control(
        id=f"c{number}", place=row.place, actor=row.code, change=change, date=_when(row, cast), evidence={"": [span]},
    )  # fmt: skip


__all__ = ["ControlReader"]
