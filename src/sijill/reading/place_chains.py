"""Names of places in a sentence, gathered into chains: 'in the village of X, in eastern rural Y'."""

from __future__ import annotations

from collections.abc import Mapping

from sijill.lexicon.entries import Entry, PlaceEntry
from sijill.reading.place_links import (
    ABROAD,
    Chain,
    Link,
    bare_name,
    comma_name,
    distance_before,
    goes_on,
    goodness,
    in_leads,
    led_to,
    may_begin,
    part_of_name,
    past_link_words,
    second_word,
    take_side,
    take_word,
    word_role,
)
from sijill.reading.place_space import Gazetteer
from sijill.reading.scene import Sentence, Unit

_IN = "\u0628"
_ON = "\u0639\u0644\u064a"
_STOPS = ",:.ND"


class ChainReader:
    """Finds chains in sentences."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._places: Mapping[str, PlaceEntry] = gazetteer.places

    def chains(self, sentence: Sentence) -> list[Chain]:
        """The chains of a sentence, in order."""
        units = sentence.units
        chains: list[Chain] = []
        at = 0
        while at < len(units):
            found = self._link(units, at) if may_begin(units, at) else None
            if found is None:
                at += 1
                continue
            link, nxt = found
            good = self._speaks(units, at, link) * self._stays(units, at, link) * goodness(units, at)
            if units[at].joined and chains and chains[-1].units[1] == at:
                good = min(good, chains[-1].good)
            chain = Chain([link], (at, nxt), good)
            nxt = self._extend(units, nxt, chain)
            chain.units = (at, nxt)
            chains.append(chain)
            at = nxt
        self._acquaint(chains, units)
        return chains

    def _acquaint(self, chains: list[Chain], units: list[Unit]) -> None:
        """Tell every chain of the sure places that the others name."""
        if len(chains) < 2:
            return
        sure = [[i for link in [*c.links, *c.joined] if (i := self._sure(link))] for c in chains]
        for n, chain in enumerate(chains):
            chain.mates = tuple(i for m, ids in enumerate(sure) if m != n for i in ids)
            others = [
                c for m, c in enumerate(chains) if m != n and c.good == 2 and in_leads(units, c.units[0])
            ]
            if chain.good == 2 and any(self._finer(chain, c) for c in others):
                chain.good = 1

    def _finer(self, chain: Chain, other: Chain) -> bool:
        """Whether another chain puts the event more finely: in a quarter of the town, a village near it."""
        if chain.head.near and other.head.kind == "road":
            return False  # 'on the road X - Y near Z': Z is the finer
        if chain.head.kind == "road" and other.head.near and other.head.ids:
            return True
        if chain.head.near and not other.head.near and not other.head.bearing:
            near = [i for link in chain.links for i in link.ids]
            if other.head.kind in ("quarter", "village", "city"):
                return True
            return any(self._gazetteer.related(i, j) for i in other.head.ids for j in near)
        towns = [i for i in chain.head.ids if i in self._places and self._places[i].kind == "settlement"]
        lines = [self._gazetteer.line(i)[1:] for i in other.head.ids]
        return bool(lines) and any(town in line for town in towns for line in lines)

    def _sure(self, link: Link) -> str | None:
        families = self._gazetteer.families(link.ids)
        return families[0][0] if len(families) == 1 else None

    def _speaks(self, units: list[Unit], at: int, link: Link) -> int:
        """0 where a capital stands for its government ('Moscow denies'), else 1."""
        entries = [self._places[i] for i in link.ids if i in self._places]
        if not entries or link.word or link.side or link.near or link.centre:
            return 1
        if not any("capital" in e.note or e.kind == "country" for e in entries):
            return 1
        before = units[at - 1] if at else None
        inside = units[at].form.preposition == _IN or (
            before is not None and (before.letter in "iuEeOP" or "away" in before.cues)
        )
        return 1 if inside else 0

    def _stays(self, units: list[Unit], at: int, link: Link) -> int:
        """0 where people are taken to a hospital, else 1."""
        before = units[at - 1] if at else None
        if before is None or before.letter != "u" or before.form.stem == _ON:
            return 1
        entries = [self._places[i] for i in link.ids if i in self._places]
        return 0 if any("kind=hospital" in e.note for e in entries) else 1

    # --- one name

    def _link(self, units: list[Unit], at: int) -> tuple[Link, int] | None:
        """One name, with the place words and sides before it."""
        link = Link(0, 0, (), away=distance_before(units, at))
        nxt, word_at = at, -1
        while nxt < len(units) and nxt - at < 5 and units[nxt].letter not in _STOPS:
            unit = units[nxt]
            role = word_role(unit)
            leads = role and (self._names_next(units, nxt) or self._first_part(units, nxt))
            if not leads and self._name(units, nxt, link, word_at):
                link.built &= word_at == nxt - 1
                if word_at >= 0:
                    link.whole = units[word_at].start
                return link, self._after_name(units, nxt + 1, link)
            if role and not (unit.form.article and unit.letter == "P"):
                if nxt > at and unit.joined:
                    return None
                word_at = nxt
                take_word(link, unit, role)
                if self._first_part(units, nxt):
                    link.start, link.end, link.whole = unit.start, units[nxt + 1].end, unit.start
                    return link, nxt + 2
                end = self._unknown(units, nxt, role) if self._introduced(units, at, nxt, role) else None
                if end:
                    link.start, link.end = units[nxt + 1].start, units[end - 1].end
                    link.whole = units[nxt].start
                    return link, end
            elif unit.cues & {"side_word"} and not unit.get("outcome_verb"):
                take_side(link, unit)
            elif not (unit.letter == "f" and nxt > at and link.side):
                return None
            nxt += 1
        return None

    def _name(self, units: list[Unit], at: int, link: Link, word_at: int) -> bool:
        """Take in the gazetteer's names of a unit; ordinary words need a reason to be names."""
        unit = units[at]
        if "capital_word" in unit.cues:
            return self._capital(units, at, link)
        if link.article and unit.roles and unit.role("place_adjective") and self._adjective(unit, link):
            return True
        if word_at == at - 1 and unit.form.preposition:  # 'a camp for the displaced'
            return False
        if word_at < 0 and bare_name(units, at):
            link.start, link.end = unit.start, unit.end
            return True
        entries = unit.all("place") if unit.letter == "P" else self.admitted(units, at)
        if not entries:
            return False
        link.start, link.end = unit.start, unit.end
        link.bearing = link.bearing or (unit.role("bearing") if unit.end - unit.start > 1 else "")
        link.ids = tuple(dict.fromkeys(e.code for e in entries))
        link.cut = len(unit.form.conjunction) + len(unit.form.preposition)
        if word_at < 0:
            link.weak = frozenset(e.code for e in entries if e.role == "word")
        return True

    def _adjective(self, unit: Unit, link: Link) -> bool:
        """'the quarters of Mosul' with an adjective: the place that it is formed from."""
        if not unit.form.article:
            return False
        link.start, link.end = unit.start, unit.end
        link.ids = tuple(self._gazetteer.levels(unit.role("place_adjective")))
        return bool(link.ids)

    def _capital(self, units: list[Unit], at: int, link: Link) -> bool:
        """'the capital': of the country that the report is about, unless its name follows."""
        unit = units[at]
        nxt = units[at + 1] if at + 1 < len(units) else None
        if (
            nxt is not None
            and nxt.letter == "P"
            and any(e.code in self._gazetteer.capitals for e in nxt.all("place"))
        ):
            link.city, link.kind, link.word = True, "city", "settlement"
            return False
        link.start, link.end, link.ids, link.kind = unit.start, unit.end, self._gazetteer.capitals, "capital"
        link.cut = len(unit.form.conjunction) + len(unit.form.preposition)
        return True

    def _names_next(self, units: list[Unit], at: int) -> bool:
        """Whether a place word that is a name too has its name right after it."""
        if units[at].form.article:
            return False
        return units[at].letter == "P" and at + 1 < len(units) and units[at + 1].letter == "P"

    @staticmethod
    def _first_part(units: list[Unit], at: int) -> bool:
        """'Tell X' that the gazetteer lacks is another place than X."""
        nxt = units[at + 1] if at + 1 < len(units) else None
        if nxt is None or "name_part" not in units[at].cues or units[at].form.article:
            return False
        plain = nxt.letter == "P" or (nxt.letter == "x" and not nxt.cues)
        return plain and not nxt.form.preposition and not nxt.joined

    def _after_name(self, units: list[Unit], at: int, link: Link) -> int:
        """'the northern', 'the Egyptian' after a name."""
        while at < len(units):
            unit = units[at]
            if unit.cues & {"side_adjective"}:
                link.side, link.end = True, unit.end
            elif (nation := unit.role("national")) and unit.form.article and not unit.joined:
                if nation not in ABROAD:
                    link.country = nation
                    self._of_nation(link)
            else:
                break
            at += 1
        return at

    def _of_nation(self, link: Link) -> None:
        """'the Syrian capital'."""
        if link.kind == "capital":
            home = tuple(i for i in link.ids if self._places[i].country == link.country)
            link.ids = home or link.ids

    def admitted(self, units: list[Unit], at: int) -> list[Entry]:
        """The places of an ordinary word that stands where a name stands, beside what it lies in."""
        unit = units[at]
        if unit.inside and led_to(units, at):
            unit.entries = (*unit.entries, *unit.inside)
            return list(unit.inside)
        if not unit.maybe or not led_to(units, at):
            return []
        near = self._names_after(units, at + 1)
        fits = [e for e in unit.maybe if any(self._gazetteer.related(e.code, i) for i in near)]
        if not fits and unit.letter == "x" and at and units[at - 1].role("bearing"):
            fits = list(unit.maybe)
        if fits:
            unit.letter, unit.entries, unit.maybe = "P", (*unit.entries, *fits), ()
            unit.form = unit.maybe_form
        return fits

    def _names_after(self, units: list[Unit], at: int) -> list[str]:
        """The places named within the next words of a clause."""
        out: list[str] = []
        for unit in units[at : at + 6]:
            if unit.letter in "eED:":
                break
            if unit.letter == "P":
                out += [e.code for e in unit.all("place")]
        return out

    # --- names that the gazetteer lacks

    @staticmethod
    def _introduced(units: list[Unit], at: int, nxt: int, role: str) -> bool:
        """A word for a site names an unknown one only where a preposition or a deed leads to it."""
        if role != "site" or nxt > at or units[nxt].form.preposition:
            return True
        before = units[nxt - 1] if nxt else None
        return before is not None and (
            before.letter in "iuEe" or bool(before.cues & {"side_word", "place_word", "target"})
        )

    @staticmethod
    def _unknown(units: list[Unit], at: int, role: str) -> int | None:
        """Where an unknown name ends: one to three plain words after a place word."""
        if role == "governorate" or units[at].form.article:
            return None
        nxt = at + 1
        while nxt < len(units) and nxt - at <= 3 and part_of_name(units, at, nxt):
            nxt += 1
        if nxt == at + 2 and role != "site" and second_word(units, nxt):
            nxt += 1
        if nxt == at + 1 or (units[at + 1].letter != "x" and not units[at + 1].cues & {"name_head"}):
            return None
        return nxt

    # --- what follows a name

    def _extend(self, units: list[Unit], at: int, chain: Chain) -> int:
        """Take in the larger places that follow: 'in district Y of governorate Z'."""
        while at < len(units):
            nxt = past_link_words(units, at)
            if nxt < len(units) and units[nxt].letter in ",:E":
                return at
            found = self._link(units, nxt) if nxt < len(units) and goes_on(units, at, nxt) else None
            if found is None:
                other = self._road_end(units, nxt, chain)
                if other is None:
                    joined = self._pair(units, at, chain)
                    if joined == at:
                        return at
                    at = joined
                    continue
                at = other
                continue
            if chain.good <= 0 and not self._holds(found[0], chain):
                return at
            chain.links.append(found[0])
            at = found[1]
        return at

    def _holds(self, link: Link, chain: Chain) -> bool:
        """Whether a name is larger than the chain's: a speaker's place takes no other one along."""
        return any(i in self._gazetteer.line(h)[1:] for h in chain.head.ids for i in link.ids)

    def _road_end(self, units: list[Unit], at: int, chain: Chain) -> int | None:
        """The second name of 'the road X - Y'."""
        if chain.head.word != "site" or at + 1 >= len(units):
            return None
        dash = units[at].letter == "-"
        bare = chain.head.kind == "road" and at == chain.units[1] and units[at].letter == "P"
        if not dash and (not bare or units[at].joined or units[at].form.preposition):
            return None
        found = self._link(units, at + dash)
        if found is None and chain.head.kind == "road" and dash and _plain_name(units[at + 1]):
            end = units[at + 1]
            found = Link(end.start, end.end, ()), at + 2
        if found is None:
            return None
        chain.head.end = found[0].end
        chain.joined.append(found[0])
        return found[1]

    def _pair(self, units: list[Unit], at: int, chain: Chain) -> int:
        """'X and Y' after a plural place word: the second name is kept beside the first."""
        while at < len(units) and (units[at].joined or comma_name(units, at)):
            begin = at + 1 if units[at].letter == "," else at
            found = self._link(units, begin)
            if (
                not found
                or (found[0].word and found[0].word != chain.head.word)
                or units[begin].form.preposition
            ):
                return at
            if not found[0].ids and not found[0].word:
                return at
            chain.joined.append(found[0])
            first = chain.units[0]
            if first > 0 and "between" in units[first - 1].cues:
                chain.head.between = True
                self._road_between(units, first - 1, chain, found[0])
            at = found[1]
            if found[0].side:
                break
        return at

    @staticmethod
    def _road_between(units: list[Unit], at: int, chain: Chain, other: Link) -> None:
        """'the road that links X and Y': the words from 'road' on are the name."""
        for back in range(at - 1, max(-1, at - 4), -1):
            if "road_word" in units[back].cues:
                chain.head.whole, chain.head.end = units[back].start, other.end
                chain.head.word = "site"
                return
            if units[back].letter not in "xc":
                return


def _plain_name(unit: Unit) -> bool:
    """Whether an unknown word can be the second name of a road."""
    return unit.letter == "x" and not unit.joined and not unit.form.preposition and not unit.cues
