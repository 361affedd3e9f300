"""Chains of place words -> one gazetteer entry, with the runners-up.

'in the village of X, in eastern rural Y' is one chain: its head is the place, the rest tell
which of several bearers of the name is meant. A name that the gazetteer does not know is still
a place where a word for a place stands before it; it takes the point of what the chain says
next. Without any context, a name with bearers in several governorates is answered by what they
share.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sijill.arabic.fold import fold_words
from sijill.lexicon.entries import Compiled, PlaceEntry
from sijill.reading.scene import Scene, Sentence, Unit
from sijill.records import Candidate, Place, Precision

_KIND_OF_WORD = {
    "settlement": ("settlement", "quarter", "subdistrict", "camp"),
    "camp": ("camp",),
    "district": ("district", "subdistrict", "settlement", "quarter", "region", "desert", "site"),
    "governorate": ("governorate",),
    "desert": ("desert", "region"),
    "site": ("site", "road", "water", "mountain", "desert", "quarter", "camp"),
}
_PRECISION: dict[str, Precision] = {
    "country": "country", "region": "region", "governorate": "admin1", "district": "district",
    "subdistrict": "settlement", "settlement": "settlement", "quarter": "settlement", "camp": "site",
    "site": "site", "road": "site", "water": "site", "mountain": "site", "desert": "site",
}  # fmt: skip


@dataclass(slots=True)
class Link:
    """One name in a chain: its words, what it may mean, and the place word before it."""

    start: int
    end: int
    ids: tuple[str, ...]
    word: str = ""  # role of the place word before it
    side: bool = False  # 'east of', 'the eastern'
    rural: bool = False
    desert: bool = False
    city: bool = False
    cut: int = 0  # letters of attached particles before its first word
    whole: int = -1  # first word of the name with its place word, where that belongs to the name


@dataclass(slots=True)
class Chain:
    """Names that locate one place, the most specific first; `good` tells how likely it is the event's."""

    links: list[Link]
    units: tuple[int, int]
    good: int
    sentence: int = 0
    joined: list[Link] = field(default_factory=list)

    @property
    def head(self) -> Link:
        """The most specific name."""
        return self.links[0]


class PlaceReader:
    """Finds chains in sentences and resolves them."""

    def __init__(self, lexicon: Compiled) -> None:
        self._places = lexicon.places
        self._children: dict[str, list[str]] = {}
        for place in self._places.values():
            self._children.setdefault(place.parent, []).append(place.id)

    # --- finding

    def chains(self, sentence: Sentence) -> list[Chain]:
        """The chains of a sentence, in order."""
        units = sentence.units
        chains: list[Chain] = []
        at = 0
        while at < len(units):
            found = self._link(units, at)
            if found is None:
                at += 1
                continue
            link, nxt = found
            chain = Chain([link], (at, nxt), self._speaks(units, at, link) * _goodness(units, at))
            nxt = self._extend(units, nxt, chain)
            chain.units = (at, nxt)
            chains.append(chain)
            at = nxt
        return chains

    def _speaks(self, units: list[Unit], at: int, link: Link) -> int:
        """0 where a capital stands for its government ('Moscow denies'), else 1."""
        entries = [self._places[i] for i in link.ids if i in self._places]
        if not entries or not any("capital" in e.note or e.kind == "country" for e in entries) or link.word or link.side:
            return 1
        before = units[at - 1] if at else None
        inside = units[at].form.preposition != "" or before is not None and before.letter in "iuEeOP"
        return 1 if inside else 0

    def _link(self, units: list[Unit], at: int) -> tuple[Link, int] | None:
        """One name, with the place words and sides before it."""
        word, rural, desert, city, side = "", False, False, False, False
        nxt, word_at = at, -1
        while nxt < len(units) and nxt - at < 5 and units[nxt].letter not in ",:.ND":
            unit = units[nxt]
            role = unit.role("place_word") if unit.letter != "P" or unit.end - unit.start == 1 else ""
            named = self._named(units, nxt)
            if named and not (role and nxt + 1 < len(units) and self._named(units, nxt + 1) and units[nxt + 1].letter == "P"):
                ids, end, start = named
                link = Link(start, end, ids, word, side, rural, desert, city, _particles(unit))
                if word_at >= 0:
                    link.whole = units[word_at].start
                after = nxt + 1
                while after < len(units) and units[after].cues & {"side_adjective"}:
                    link.side, link.end = True, units[after].end
                    after += 1
                return link, after
            if role:
                if nxt > at and unit.joined:
                    return None
                word, word_at = role, nxt
                rural |= unit.form.stem.startswith("\u0631\u064a\u0641") or "\u0627\u0631\u064a\u0627\u0641" in unit.form.stem
                desert |= role == "desert"
                city |= role == "settlement"
                unknown = self._unknown(units, nxt, role) if self._introduced(units, at, nxt, role) else None
                if unknown:
                    end_unit, start = unknown
                    return Link(units[nxt + 1].start, units[end_unit - 1].end, (), role, side, whole=units[nxt].start), end_unit
            elif unit.cues & {"side_word"} and not unit.get("outcome_verb"):
                side = side or not unit.cues & {"near_word"}
            elif unit.letter in "if" and nxt > at and unit.letter == "f" and side:
                pass
            else:
                return None
            nxt += 1
        return None

    @staticmethod
    def _introduced(units: list[Unit], at: int, nxt: int, role: str) -> bool:
        """A word for a site names an unknown one only where a preposition or a deed leads to it."""
        if role != "site" or nxt > at or units[nxt].form.preposition:
            return True
        before = units[nxt - 1] if nxt else None
        return before is not None and (before.letter in "iuEe" or bool(before.cues & {"side_word", "place_word", "target"}))

    def _named(self, units: list[Unit], at: int) -> tuple[tuple[str, ...], int, int] | None:
        """The gazetteer entries that this unit may name; ordinary words need a place word before."""
        unit = units[at]
        ids = tuple(dict.fromkeys(e.code for e in unit.all("place")))
        if not ids or unit.letter not in "P":
            return None
        return ids, unit.end, unit.start

    @staticmethod
    def _unknown(units: list[Unit], at: int, role: str) -> tuple[int, int] | None:
        """A name unknown to the gazetteer: one to three plain words after a place word."""
        if role in ("governorate",) or units[at].end - units[at].start > 1 and False:
            return None
        nxt = at + 1
        while nxt < len(units) and nxt - at <= 3:
            unit = units[nxt]
            free = unit.letter == "x" or unit.letter in "VcTOM" and nxt == at + 1 and not unit.cues & _STEERING and unit.start == units[nxt - 1].end
            if not free or unit.cues & {"not_name"} or unit.joined and nxt > at + 1 or unit.cues & {"side_word", "side_adjective", "place_word"} and nxt == at + 1:
                break
            if nxt > at + 1 and not (units[nxt - 1].cues & {"name_head"} or unit.form.article and units[nxt - 1].cues & {"name_head"}):
                break
            if unit.form.preposition and nxt == at + 1:
                break
            nxt += 1
        if nxt == at + 1 or units[at + 1].letter != "x" and not units[at + 1].cues & {"name_head"}:
            return None
        if units[at].form.article:
            return None
        return nxt, units[at + 1].start

    def _extend(self, units: list[Unit], at: int, chain: Chain) -> int:
        """Take in the larger places that follow: 'in district Y of governorate Z'."""
        while at < len(units):
            nxt = at
            while nxt < len(units) and nxt - at < 4 and (
                units[nxt].letter in "ifulj(" or units[nxt].cues & {"place_link", "belongs"} and units[nxt].letter in "cx"
            ):
                nxt += 1
            if nxt < len(units) and units[nxt].letter in ",:E":
                return at
            attached = nxt < len(units) and (units[nxt].form.preposition in ("\u0628", "\u0644") or nxt > at)
            steps = attached or nxt < len(units) and bool(units[nxt].cues & {"side_word", "place_word"}) or nxt < len(units) and units[nxt].letter == "P"  # fmt: skip
            found = self._link(units, nxt) if steps and nxt < len(units) and not units[nxt].joined else None
            if found is None:
                if nxt < len(units) and units[nxt].letter == "-":
                    other = self._link(units, nxt + 1) if nxt + 1 < len(units) else None
                    if other and chain.head.word == "site":
                        chain.head.end = other[0].end
                        chain.joined.append(other[0])
                        at = other[1]
                        continue
                return self._pair(units, at, chain)
            chain.links.append(found[0])
            at = found[1]
        return at

    def _pair(self, units: list[Unit], at: int, chain: Chain) -> int:
        """'X and Y' after a plural place word: the second name is kept beside the first."""
        while at < len(units) and (units[at].joined or units[at].letter == "," and at + 1 < len(units) and units[at + 1].letter == "P"):
            begin = at + 1 if units[at].letter == "," else at
            found = self._link(units, begin)
            if not found or found[0].word and found[0].word != chain.head.word or units[begin].form.preposition:
                return at
            if not found[0].ids and not found[0].word:
                return at
            chain.joined.append(found[0])
            at = found[1]
            if found[0].side:
                break
        return at

    # --- resolving

    def resolve(self, chain: Chain, scene: Scene, context: Counter[str]) -> Place | None:
        """The place that a chain means. `context` weighs governorates and countries of the report."""
        head = chain.head
        parents = self._parents(chain)
        name = self._name(head, scene)
        scored = self._scored(head, parents, context)
        if not scored:
            return self._unlisted(name, head, parents, context)
        best = scored[0]
        if parents and self._contradicts(best[1], parents) or not parents and self._foreign(best[1], context):
            return self._unlisted(name, head, parents, context)
        rivals = [s for s in scored[1:] if s[0] > best[0] - 0.75]
        split = {self._places[i].admin1 for _, i in rivals} | {self._places[best[1]].admin1}
        candidates = [self._candidate(s, i) for s, i in scored[1:4]]
        if len(split) > 1 and not any(_close(self._places[best[1]], self._places[i]) for _, i in rivals):
            return self._shared(name, [best[1], *(i for _, i in rivals)], [self._candidate(*best), *candidates])
        told = self._told_admin1(parents)
        return self._place(self._places[best[1]], head, name, candidates, told)

    def _parents(self, chain: Chain) -> list[str]:
        """The larger places that the chain names; a governorate's name means the governorate."""
        out: list[str] = []
        for link in chain.links[1:]:
            wide = [i for i in link.ids if i in self._places and self._places[i].kind in ("governorate", "country")]
            out += wide or [i for i in link.ids if i in self._places]
        return out

    def _scored(self, head: Link, parents: list[str], context: Counter[str]) -> list[tuple[float, str]]:
        kinds = _KIND_OF_WORD.get(head.word, ())
        rows = []
        for identity in head.ids:
            place = self._places.get(identity)
            if place is None:
                continue
            score = 0.1 * place.weight + (1.0 if place.kind in kinds else 0.0)
            if place.kind == "governorate" and not head.word:
                score += 1.0
            if place.kind == "country" and not head.word and not head.side:
                score += 4.0
            if (head.rural or head.desert) and place.kind == "governorate":
                score += 1.5
            if head.side and place.kind == "governorate" and not head.city:
                score += 0.6
            if not head.word and not head.side and place.kind == "settlement":
                score += 0.6
            if head.city and place.kind in ("settlement", "subdistrict"):
                score += 0.6
            line = self.line(identity)
            score += sum(4.0 for p in parents if p in line[1:]) + sum(
                2.0 for p in parents if p not in line and self._places[p].admin1 and self._places[p].admin1 == place.admin1
            )
            score += 0.25 * min(6, context.get(place.admin1 or "", 0)) + 0.5 * min(5, context.get(place.country or "", 0))
            rows.append((round(score, 3), identity))
        return sorted(rows, key=lambda r: (-r[0], r[1]))

    def _contradicts(self, identity: str, parents: list[str]) -> bool:
        """The chain names another governorate or country: the text wins over the gazetteer."""
        place, line = self._places[identity], self.line(identity)
        if any(p in line for p in parents):
            return False
        told = [self._places[p] for p in parents]
        wide = place.kind in ("site", "desert", "mountain", "water", "road", "region")
        return all(
            t.country != place.country or t.admin1 and t.admin1 != place.admin1 and t.country in ("SY", "IQ") and not wide
            for t in told
        )  # fmt: skip

    def _foreign(self, identity: str, context: Counter[str]) -> bool:
        """A small place of a country that the report never speaks of, in a report about another."""
        place = self._places[identity]
        if place.kind in ("country", "region", "governorate") or "capital" in place.note or place.weight > 5:
            return False
        spoken = {c: n for c, n in context.items() if len(c) == 2}
        return bool(spoken) and spoken.get(place.country or "", 0) == 0 and max(spoken.values()) >= 2

    def line(self, identity: str) -> list[str]:
        """A place and everything it lies in, itself first."""
        out: list[str] = []
        while identity in self._places and identity not in out:
            out.append(identity)
            identity = self._places[identity].parent
        return out

    def entry(self, identity: str) -> PlaceEntry | None:
        """The gazetteer's row."""
        return self._places.get(identity)

    def _name(self, head: Link, scene: Scene) -> str:
        keep = head.word in ("site", "desert", "camp") or head.rural or not head.ids and head.word == "settlement" and False
        start = head.whole if keep and head.whole >= 0 else head.start
        words = scene.text.quote(start, self._name_end(head, scene))
        if head.cut and start == head.start and not words.startswith("\u0644\u0644"):
            return words[head.cut :]
        return _without_particle(words, scene.text.words[start])

    def _name_end(self, head: Link, scene: Scene) -> int:
        """Where the name ends: at the closing quote; 'the Military College in Homs' is the college."""
        text = scene.text.words
        if not head.ids and head.start and text[head.start - 1] == '"' and '"' in text[head.end : head.end + 5]:
            return text.index('"', head.end)
        words = text[head.start : head.end]
        for identity in head.ids:
            name = fold_words(self._places[identity].name).split()
            if len(name) < len(words) and not head.side:
                plain = [words[0].removeprefix("\u0628").removeprefix("\u0648"), *words[1 : len(name)]]
                if name in (words[: len(name)], plain):
                    return head.start + len(name)
        return head.end

    def _told_admin1(self, parents: list[str]) -> str | None:
        """The governorate that the text itself names, if the chain names one."""
        for identity in parents:
            place = self._places[identity]
            if place.kind == "governorate":
                return place.admin1
        return None

    def _place(self, place: PlaceEntry, head: Link, name: str, candidates: list[Candidate], told: str | None) -> Place:
        precision = _PRECISION[place.kind]
        if place.kind == "region" and place.admin1:
            precision = "admin1"
        if place.kind == "settlement" and head.rural:
            precision = "district"
        if place.kind == "district" and head.word != "district" and not head.rural and not head.side:
            precision = "settlement"
        if place.kind == "governorate" and head.city:
            precision = "settlement"
        if head.desert and place.kind in ("settlement", "subdistrict", "district"):
            precision = "site"
        if place.kind == "desert" and self._is_whole(place):
            precision = "admin1"
        lat, lon, pointed = self._point(place)
        if precision in ("admin1", "country", "region"):
            lat = lon = None
        elif pointed is not None and lat is not None and pointed.id != place.id and pointed.name != place.name:
            precision = "district" if pointed.kind in ("district", "subdistrict") else precision
        admin1 = told if told and place.country in ("SY", "IQ") and told != place.admin1 and told[:2] == place.country else place.admin1  # fmt: skip
        if place.country not in ("SY", "IQ"):
            admin1 = None
        return Place(
            name=name, admin1=admin1, country=place.country, lat=lat, lon=lon, precision=precision,
            inferred=told is None, id=place.id, admin2=self._admin2(place), kind=_site_kind(place), candidates=candidates,
        )  # fmt: skip

    def _is_whole(self, place: PlaceEntry) -> bool:
        """'the desert of Homs' is a part of the governorate, no tract with a name of its own."""
        parent = self._places.get(place.parent)
        return parent is not None and parent.kind == "governorate" and fold_words(place.name).endswith(" " + fold_words(parent.name))

    def _admin2(self, place: PlaceEntry) -> str | None:
        for identity in self.line(place.id):
            if self._places[identity].kind == "district":
                return self._places[identity].pcode or None
        return None

    def _point(self, place: PlaceEntry) -> tuple[float | None, float | None, PlaceEntry | None]:
        """Its own point, that of its seat of the same name, or that of its nearest parent below governorate."""
        for identity in self.line(place.id):
            at = self._places[identity]
            if at is not place and at.kind in ("governorate", "region", "country"):
                break
            for seat in (at, *self._seats(at)):
                if seat.lat is not None:
                    return seat.lat, seat.lon, seat
        return None, None, None

    def _seats(self, place: PlaceEntry) -> list[PlaceEntry]:
        """The towns of the same name inside a district or sub-district."""
        out: list[PlaceEntry] = []
        at = [place]
        for _ in range(2):
            at = [self._places[c] for p in at for c in self._children.get(p.id, ()) if self._places[c].name == place.name]
            out += at
        return out

    def _unlisted(self, name: str, head: Link, parents: list[str], context: Counter[str]) -> Place | None:
        """A name that the gazetteer lacks: the parent's point at the parent's precision."""
        parent = next((self._places[i] for i in parents if self._places[i].kind != "country"), None)
        precision: Precision = {"site": "site", "desert": "site", "camp": "site", "district": "settlement"}.get(head.word, "settlement")  # type: ignore[assignment]
        if parent is None:
            admin1 = next((code for code, _ in context.most_common() if len(code) > 2), None)
            country = next((code for code, _ in context.most_common() if len(code) == 2), None)
            if admin1 and country and admin1[:2] != country:
                admin1 = None
            return Place(name=name, admin1=admin1, country=country, precision=precision, inferred=True)
        best = max((self._places[i] for i in parents), key=lambda p: (p.weight < 7, -p.weight))
        told = self._told_admin1(parents)
        lat, lon, _ = self._point(best) if best.kind not in ("governorate", "region") else (None, None, None)
        admin1 = (told or best.admin1) if best.country in ("SY", "IQ") else None
        return Place(
            name=name, admin1=admin1, country=best.country, lat=lat, lon=lon, precision=precision, inferred=told is None,
            admin2=self._admin2(best),
        )  # fmt: skip

    def _shared(self, name: str, ids: list[str], candidates: list[Candidate]) -> Place:
        """Several bearers, nothing to choose by: what they share."""
        lines = [self.line(i) for i in ids]
        common = next((p for p in lines[0][1:] if all(p in line for line in lines[1:])), None)
        place = self._places.get(common or "")
        precision = _PRECISION[place.kind] if place else "country"
        return Place(
            name=name, admin1=place.admin1 if place else None, country=place.country if place else None,
            precision=precision, inferred=True, candidates=candidates,
        )  # fmt: skip

    def _candidate(self, score: float, identity: str) -> Candidate:
        place = self._places[identity]
        return Candidate(id=identity, name=place.name, admin1=place.admin1, score=round(score / (1 + score), 2))


_STEERING = frozenset({"place_link", "side_word", "agent", "target", "says", "according", "separate", "leads_to", "caused"})


def _goodness(units: list[Unit], at: int) -> int:
    """How likely a chain that begins at this unit is where something happened: 2 yes, 1 maybe, 0 no."""
    unit = units[at]
    before = units[at - 1] if at else None
    if at == 0 and any(u.letter == "-" for u in units[1:4]) and not unit.form.preposition:
        return 0  # a dateline
    if before is not None and (before.cues & {"not_event_place"} or before.letter == "S"):
        return 0
    if at > 1 and units[at - 1].letter in "ul" and units[at - 2].cues & {"not_event_place"}:
        return 0
    if before is None:
        return 2 if unit.form.preposition == "\u0628" or unit.cues & {"side_word"} else 1
    if before.letter == "f":
        return -1
    if before.letter == "i" and at > 1 and units[at - 2].letter == "S":
        return 0  # where a source sits
    if before.letter == "i" or unit.form.preposition == "\u0628" or unit.cues & {"side_word"}:
        return 2
    if before.letter in "Eeu" or before.cues & {"target"} or before.letter == "O":
        return 2
    return 1


def _particles(unit: Unit) -> int:
    """How many letters of 'and', 'in' and 'to' are written onto the unit's first word."""
    return len(unit.form.conjunction) + len(unit.form.preposition)


def _close(a: PlaceEntry, b: PlaceEntry) -> bool:
    return a.admin1 is not None and a.admin1 == b.admin1


def _without_particle(words: str, folded: str) -> str:
    """A name without the particles attached to its first word; only sure ones are cut."""
    first, _, rest = words.partition(" ")
    for particle in ("\u0648\u0628", "\u0648\u0644", "\u0628", "\u0644", "\u0648"):
        if first.startswith(particle + "\u0627\u0644") and len(first) > len(particle) + 3:
            first = first[len(particle) :]
            break
        if particle == "\u0644" and first.startswith("\u0644\u0644"):
            first = "\u0627\u0644" + first[2:]
            break
    return f"{first} {rest}".strip()


def _site_kind(place: PlaceEntry) -> str | None:
    for part in place.note.split(";"):
        key, _, value = part.strip().partition("=")
        if key == "kind":
            return value
    return place.kind if place.kind in ("camp", "quarter", "road", "water", "mountain", "desert") else None
