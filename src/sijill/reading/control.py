"""Who holds, gains and loses places.

A row of `control.yaml` is a verb or noun with the change it tells and where its place stands: after
'on', as its object, or before it ('fell into the hands of'). One record for each named place of a
list; a loser only where the text says that he lost, left or had held the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sijill.arabic.dates import DateRef
from sijill.arabic.fold import fold_words
from sijill.lexicon.entries import Compiled
from sijill.reading.actors import ActorReader, Cast
from sijill.reading.control_places import Seeker
from sijill.reading.control_sides import Sides
from sijill.reading.control_words import REACH, Line, Rule, Words
from sijill.reading.places import Chain, PlaceReader
from sijill.reading.scene import Scene
from sijill.reading.topics import Topics
from sijill.records import Change, Control, Field, Place, Span, When

_AL = "\u0627\u0644"
_OLD = ("heritage",)  # old stones have had masters too
_STATES = ("held", "besieged", "contested")


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
    dated: Scene | None = None  # where `day` stands, if not in `scene`


class ControlReader:
    """Reads control records from scenes, over one lexicon."""

    def __init__(
        self, lexicon: Compiled, places: PlaceReader, actors: ActorReader, topics: Topics | None = None
    ) -> None:
        rows = lexicon.tables["control"]
        self._places = places
        self._words, self._topics = Words(rows), topics or Topics(lexicon)
        self._seek = Seeker(lexicon, self._words, places)
        self._sides = Sides(self._words, actors, rows["not_holders"])

    def read(
        self, scenes: list[Scene], cast: Cast, chains: Mapping[tuple[Field, int], list[Chain]] | None = None
    ) -> list[Control]:
        """The control records of a report, one for each place, actor and change.

        `chains` are those of each sentence, by field and number, where they are known already.
        """
        found: list[Found] = []
        if self._topics.peaceful(scenes, but=_OLD):
            return []
        for scene in sorted(scenes, key=lambda s: s.field == "title"):
            earlier: list[Line] = []
            for number, sentence in enumerate(scene.sentences):
                named = self._places.chains(sentence) if chains is None else chains[scene.field, number]
                line = Line(scene, sentence, named, earlier, cast)
                told = {(_spot(row.place), row.change) for row in found} if scene.field == "title" else set()
                for row in self._line(line):
                    if (_spot(row.place), row.change) not in told:
                        _keep(found, row)
                earlier.append(line)
        return [_record(n, row, cast) for n, row in enumerate(_settled(found), 1)]

    def _line(self, line: Line) -> Iterator[Found]:
        first, last = line.sentence.first, line.sentence.last
        kinds = self._words.kinds(line.words[first:last])
        taken: set[int] = set()
        fell: set[int] = set()
        for word in range(first, last) if kinds & 1 else ():
            for rule, end in self._words.matches(line, word):
                if word in taken or line.units[min(line.at(word), len(line.units) - 1)].letter in "ASP":
                    continue
                rows = list(self._told(line, rule, word, end))
                if rows:
                    fell |= (
                        {i for row in rows for i in range(row.start, row.end)}
                        if rule.change == "fell"
                        else set()
                    )
                    taken.update(
                        range(word, max([end, *(row.end for row in rows if row.end - word < REACH)]))
                    )
                    yield from rows
                    break
        if kinds & 2:
            yield from (row for row in self._holders_named(line) if row.start not in fell)
        if kinds & 4:
            yield from self._contested(line)

    def _told(self, line: Line, rule: Rule, word: int, end: int) -> Iterator[Found]:
        if not self._words.done(line, word) or (
            rule.needs and not self._words.has("", line, word, min(end + 6, line.sentence.last), rule.needs)
        ):
            return
        if rule.change == "fell":
            yield from self._fell(line, rule, word, end)
            return
        objects, after = self._seek.objects(line, rule, word, end)
        if not objects:
            return
        if rule.change in ("expelled", "handed"):
            yield from self._two_sides(line, rule, word, end, objects, after)
            return
        if rule.men and not self._words.has("men", line, end, min(end + 6, line.sentence.last)):
            return
        actor = self._sides.subject(line, rule, word, end)
        change = self._words.change(line, rule, word)
        for place in objects if actor else ():
            if change == "was":
                yield self._found(line, place, actor or "", "lost", word, after, held=True)
            else:
                yield self._found(line, place, actor or "", change, word, after)
        if rule.origin or rule.change == "gained":
            loser = self._sides.loser(line, after)
            for place in objects if loser and loser != actor else ():
                yield self._found(line, place, loser or "", "lost", word, after)

    def _two_sides(
        self, line: Line, rule: Rule, word: int, end: int, objects: list[Place], after: int
    ) -> Iterator[Found]:
        """'X drove Y out of P', 'Y handed P to X'."""
        at, nxt = line.at(word), line.at(end - 1) + 1
        if rule.change == "expelled":
            loser = self._sides.actor_at(line, nxt, after, free=False)
            winner = (
                self._sides.before(line, at)
                if at and (rule.tense != "noun" or line.units[at - 1].letter == "f")
                else None
            )
            first = self._sides.actor_at(line, nxt, after, free=True)
            if rule.tense != "noun" and first and (second := self._sides.second(line, nxt, after, first)):
                winner, loser = first, second
        else:
            loser = self._sides.actor_at(line, nxt, after) or self._sides.before(line, at)
            winner = self._sides.receiver(line, rule, after)
        for place in objects:
            if loser:
                yield self._found(line, place, loser, "lost", word, after)
            if winner and winner != loser:
                yield self._found(line, place, winner, "gained", word, after)

    def _fell(self, line: Line, rule: Rule, word: int, end: int) -> Iterator[Found]:
        """'P fell into the hands of X', 'P is now under X's control'."""
        for start in range(end, min(end + 14, line.sentence.last)):
            stop = self._words.end("", line, start, rule.by)
            if stop <= start:
                continue
            i = line.at(stop - 1) + 1
            actor = self._sides.actor_at(line, line.at(stop), i + 3, free=False)
            if not actor:
                return
            inner = [
                c
                for c in line.chains
                if line.units[c.units[0]].start >= end and line.units[c.units[1] - 1].end <= start
            ]
            places = [p for c in inner for p in self._seek.members(line, c)] or self._seek.back_reference(
                line, line.at(end)
            )[0]
            for place in places or self._seek.pronoun(line, word):
                yield self._found(line, place, actor, rule.present or "gained", word, i)
            return

    def _holders_named(self, line: Line) -> Iterator[Found]:
        """'P, held by X', 'P, stronghold of X', 'the last town that was in X's hands', 'besieged P'."""
        for chain in line.chains:
            if chain.units[1] >= len(line.units):
                continue
            first = line.units[chain.units[1]].start
            for word in range(first, min(first + 7, line.units[-1].end)):
                unit = line.units[line.at(word)]
                if (
                    unit.letter in "eK"
                    and unit.start == word
                    and not self._words.ends("held_after", line, word, line.sentence.last)
                ):
                    break
                if self._words.ends("besieged_after", line, word, word + 1):
                    yield from self._besieged(line, chain, word)
                    break
                end = self._words.end("held_after", line, word)
                if end > word:
                    yield from self._held(line, chain, first, word, end)
                    break

    def _held(self, line: Line, chain: Chain, first: int, word: int, end: int) -> Iterator[Found]:
        """Whoever holds or held a place, by the words after it."""
        at = line.at(end - 1)
        actor = self._sides.actor_at(line, at if line.units[at].end > end else at + 1, at + 3, free=False)
        gap = word - first
        strong = self._words.ends("strong", line, word, line.sentence.last)
        if (
            not actor
            or gap > (3 if strong else 4)
            or (any(line.words[i] == "," for i in range(first, word)) and not strong and gap > 2)
        ):
            return
        was = self._words.has("was", line, first, word + 1) or self._words.has(
            "was", line, end, min(end + 3, line.sentence.last)
        )
        change = "lost" if was else "held"
        for place in self._seek.members(line, chain):
            yield self._found(line, place, actor, change, word, line.at(end - 1) + 2, held=True)

    def _besieged(self, line: Line, chain: Chain, word: int) -> Iterator[Found]:
        at = line.at(word)
        by = at + 1 < len(line.units) and self._words.ends(
            "besieged_by", line, line.units[at + 1].start, line.sentence.last
        )
        actor = self._sides.actor_at(line, at + 1, at + 4, free=False) if by else self._sides.before(line, at)
        for place in self._seek.members(line, chain) if actor else ():
            yield self._found(line, place, actor or "", "besieged", word, at + 1)

    def _contested(self, line: Line) -> Iterator[Found]:
        """'P is fought over': an arena of attack and retreat, or battles that rage in it."""
        first, last = line.sentence.first, line.sentence.last
        for word in range(first, last):
            arena = self._words.ends("contested_near", line, word, last)
            rage = self._words.ends("rage", line, word, last) and self._words.has(
                "fights", line, max(first, word - 4), min(last, word + 3)
            )
            if not arena and not rage:
                continue
            at = line.at(word)
            chain = self._arena(line, at, arena)
            actor = self._between(line, at) or (self._sides.actor_at(line, 0, at) if arena else None)
            if chain and actor:
                for place in self._seek.members(line, chain):
                    yield self._found(line, place, actor, "contested", word, at + 1)
            return

    def _between(self, line: Line, at: int) -> str | None:
        """The first of those between whom it is fought."""
        for i in range(at, min(len(line.units), at + 12)):
            if self._words.has("between", line, line.units[i].start, line.units[i].end):
                return self._sides.actor_at(line, i, i + 4, free=False)
        return None

    def _arena(self, line: Line, at: int, before: bool) -> Chain | None:
        near = [c for c in line.chains if c.units[1] <= at and at - c.units[1] <= 3] if before else []
        if near:
            return near[-1]
        return next((c for c in line.chains if at < c.units[0] <= at + 3), None)

    def _found(
        self, line: Line, place: Place, code: str, change: str, word: int, after: int, held: bool = False
    ) -> Found:
        at = line.at(word)
        end = line.units[min(max(after, at + 1), len(line.units)) - 1].end
        day = None if change in _STATES or held else self._day(line, at)
        news = not any(u.cues & {"background"} for u in line.units[max(0, at - 4) : at])
        return Found(
            place, code, change, min(word, end - 1), max(end, word + 1), line.scene, day, news and not held
        )

    def _day(self, line: Line, at: int) -> DateRef | None:
        """The date of the clause: the nearest one, after the word of control before before it."""
        rows = [(i, u.date) for i, u in enumerate(line.units) if u.date and u.date.edtf]
        after = [(i - at, d) for i, d in rows if i > at]
        prior = [(at - i + 2, d) for i, d in rows if i < at]
        best = min([*after, *prior], key=lambda row: row[0], default=None)
        return best[1] if best and best[0] <= REACH else None


def _spot(place: Place) -> tuple[str, str | None]:
    """What makes two mentions one place: the name without article, and the governorate."""
    return " ".join(
        w.removeprefix(_AL) for w in fold_words(place.name).split()
    ), place.admin1 or place.country


def _key(row: Found) -> tuple[tuple[str, str | None], str, str]:
    return _spot(row.place), row.code.split("/")[0], row.change


def _keep(found: list[Found], row: Found) -> None:
    """Add a record unless the same is told; a dated telling lends its date."""
    for i, other in enumerate(found):
        if _key(other) == _key(row):
            if other.day is None and row.day is not None:
                found[i] = replace(other, day=row.day, dated=row.dated or row.scene)
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
            row = (
                replace(
                    row, change="lost", day=winner.day, dated=winner.dated or winner.scene, news=winner.news
                )
                if other
                else row
            )
            if not other:
                continue
        elif row.change == "lost" and row.day is None and winner is not None and other:
            row = replace(row, day=winner.day, dated=winner.dated or winner.scene, news=winner.news)
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
        return When(
            edtf=row.day.edtf,
            text=(row.dated or row.scene).text.quote(row.day.start, row.day.end),
            inferred=row.day.inferred,
        )
    if cast.published and row.news:
        return When(edtf=f"{cast.published.isoformat()}~", inferred=True)
    return None


def _record(number: int, row: Found, cast: Cast) -> Control:
    change: Change = row.change  # type: ignore[assignment]
    span = Span(row.scene.field, *row.scene.text.span(row.start, row.end))
    date = _when(row, cast)
    return Control(
        id=f"c{number}", place=row.place, actor=row.code, change=change, date=date, evidence={"": [span]}
    )


__all__ = ["ControlReader"]
