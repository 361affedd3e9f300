"""Chains of place words -> one gazetteer entry, with the runners-up.

'in the village of X, in eastern rural Y' is one chain: its head is the place, the rest tell
which of several bearers of the name is meant. A name that the gazetteer does not know is still
a place where a word for a place stands before it; it takes the point of what the chain says
next. Where nothing tells several bearers apart, the answer is what they share.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sijill.lexicon.entries import Compiled, PlaceEntry
from sijill.reading.place_chains import ChainReader
from sijill.reading.place_choice import Choice, Chooser, Weights
from sijill.reading.place_links import Chain, Link
from sijill.reading.place_space import Gazetteer
from sijill.reading.scene import Scene, Sentence
from sijill.records import Candidate, Place, Precision

_CODED = ("SY", "IQ")  # countries whose governorates have codes, ruling 12
_PRECISION: dict[str, Precision] = {
    "country": "country", "region": "region", "governorate": "admin1", "district": "district",
    "subdistrict": "district", "settlement": "settlement", "quarter": "settlement", "camp": "site",
    "site": "site", "road": "site", "water": "site", "mountain": "site", "desert": "site",
}  # fmt: skip
_UNKNOWN: dict[str, Precision] = {"site": "site", "desert": "site", "camp": "site"}
_LEVELS = ("district", "subdistrict")
_TOWNS = frozenset({"settlement", *_LEVELS})
_LEVEL_WORDS = ("district", "subdistrict", "area", "rural")
COUNTRY = 4
"""The rank of a whole country."""
_FINENESS = {"site": 0, "settlement": 0, "district": 1, "admin1": 2, "region": 3, "country": COUNTRY}
_SUPPORTED = 1.5  # a chain that says as much places a name in a country not named before
_TOWN = 15.0  # kilometres from the middle of a town to its outer quarters
_COMMON_SITES = ("roundabout", "square", "street", "market", "school", "hospital", "mosque")
_NATURE = ("site", "desert", "mountain", "water", "road", "region")


@dataclass(slots=True)
class Answer:
    """A place, and how fine what the text names is, whatever is known of its point: 0 finest."""

    place: Place
    rank: int


class PlaceReader:
    """Finds chains in sentences and resolves them."""

    def __init__(self, lexicon: Compiled) -> None:
        self._gazetteer = Gazetteer(lexicon.places)
        self._places = self._gazetteer.places
        self._chains = ChainReader(self._gazetteer)
        self._chooser = Chooser(self._gazetteer)

    def chains(self, sentence: Sentence) -> list[Chain]:
        """The chains of a sentence, in order."""
        return self._chains.chains(sentence)

    def line(self, identity: str) -> list[str]:
        """A place and everything it lies in, itself first."""
        return self._gazetteer.line(identity)

    def entry(self, identity: str) -> PlaceEntry | None:
        """The gazetteer's row."""
        return self._places.get(identity)

    def choices(self, chain: Chain, context: Counter[str]) -> list[Choice]:
        """Every bearer of the head's name with its score, the best first."""
        return self._chooser.choices(chain, Weights(context))

    def parents(self, chain: Chain) -> list[str]:
        """The larger places that the chain names; a governorate's name means the governorate."""
        out: list[str] = []
        for link in chain.links[1:]:
            if link.near or link.away or link.kind == "capital":
                continue
            families = self._gazetteer.families(link.ids)
            if link.bearing:
                families = [f for f in families if self._has_no_seat(f)]
            out += [i for f in families for i in self._outer_level(f, link)]
        return out

    def _has_no_seat(self, family: list[str]) -> bool:
        """'east of Diyala' is the east of that governorate: no town bears its name."""
        kinds = {self._places[i].kind for i in family if "part" not in self._places[i].note.split("; ")}
        return "governorate" in kinds and "settlement" not in kinds

    def _outer_level(self, family: list[str], link: Link) -> list[str]:
        rows = [
            self._places[i] for i in family if not link.country or self._places[i].country == link.country
        ]
        wide = [p for p in rows if p.kind in ("governorate", "country")]
        return [p.id for p in (wide if wide and not link.city else rows)]

    def resolve(self, chain: Chain, scene: Scene, context: Counter[str]) -> Place | None:
        """The place that a chain means. `context` weighs governorates and countries of the report."""
        answer = self.locate(chain, scene, context)
        return answer.place if answer else None

    def locate(self, chain: Chain, scene: Scene, context: Counter[str]) -> Answer | None:
        """The same, and how fine the name is."""
        head = chain.head
        head.wide = scene.field == "title"
        if chain.joined and head.word == "site" and not head.ids:
            return self._road(chain, scene, context)
        if chain.joined and head.end > chain.joined[0].start:
            return self._road(chain, scene, context)
        parents = self.parents(chain)
        weights = Weights(context)
        choices = self._chooser.choices(chain, weights)
        name = self._name(head, choices, scene)
        if not choices:
            return self._unlisted(name, chain, parents, weights)
        best = choices[0]
        if self._refused(best, head, parents, weights):
            return self._unlisted(name, chain, parents, weights)
        close = [c for c in choices[1:] if best.rivals(c)]
        if head.kind == "capital" and close:
            return None
        if close:
            return self._shared(name, [best, *close], self._precision(best.place, head))
        told = self._told_admin1(parents, best.place)
        beside = None if told or best.place.admin1 else self._beside(chain, best.place)
        return self._place(best.place, head, name, [_candidate(c) for c in choices[1:4]], told, beside)

    # --- one bearer

    def _refused(self, best: Choice, head: Link, parents: list[str], weights: Weights) -> bool:
        """The text puts the place elsewhere, or never speaks of its country."""
        told = [p for p in parents if self._places[p].kind != "region"]
        if head.kind == "quarter" and best.place.kind in _TOWNS and self._outside(best.place, told):
            return True
        if told:
            return self._contradicts(best.place, told)
        return best.chained < _SUPPORTED and not head.country and self._foreign(best.place, weights)

    def _outside(self, place: PlaceEntry, parents: list[str]) -> bool:
        """'quarter X of Y' is no village X far from Y."""
        apart = [self._gazetteer.apart(place.id, p) for p in parents if self._places[p].kind == "settlement"]
        known = [a for a in apart if a is not None]
        return bool(known) and min(known) > _TOWN

    def _contradicts(self, place: PlaceEntry, parents: list[str]) -> bool:
        """The chain names another governorate or country: the text wins over the gazetteer."""
        line = self.line(place.id)
        if any(p in line or place.id in self.line(p) for p in parents):
            return False
        wide = place.kind in _NATURE
        if any(self._gazetteer.related(place.id, p) for p in parents):
            return False
        told = [self._places[p] for p in parents]
        return all(
            t.country != place.country
            or (t.admin1 and t.admin1 != place.admin1 and t.country in _CODED and not wide)
            for t in told
        )

    @staticmethod
    def _foreign(place: PlaceEntry, weights: Weights) -> bool:
        """A small place of a country that the report never speaks of, in a report about another.

        Squares, streets and quarters bear names that every town has: there the governorate counts.
        """
        if place.kind in ("country", "region", "governorate") or "capital" in place.note or place.weight > 4:
            return False
        if weights.country is not None and not weights.names(place.country):
            return True
        if place.kind in ("site", "quarter") and weights.once(place.country, weights.country):
            return True
        common = place.kind == "quarter" or any(f"kind={kind}" in place.note for kind in _COMMON_SITES)
        return common and place.admin1 is not None and weights.once(place.admin1, weights.admin1)

    def _told_admin1(self, parents: list[str], place: PlaceEntry) -> str | None:
        """The governorate that the text itself names for it, if the chain names one."""
        rows = [self._places[i] for i in parents]
        line = self.line(place.id)
        told = [p for p in rows if p.kind == "governorate"]
        if not told and not any(p.id in line or place.id in self.line(p.id) for p in rows):
            told = [p for p in rows if p.kind == "region" and p.admin1]
        inside = [t for t in told if t.id in line]
        return next((t.admin1 for t in inside or told), None)

    def _beside(self, chain: Chain, place: PlaceEntry) -> str | None:
        """The governorate on a side of which the text puts a road or river that runs through several."""
        if place.kind in ("country", "region"):
            return None
        rows = [self._places[i] for link in chain.links[1:] for i in link.ids if i in self._places]
        return next((p.admin1 for p in rows if p.kind == "governorate" and p.country == place.country), None)

    def _place(self, place: PlaceEntry, head: Link, name: str, candidates: list[Candidate], told: str | None,
               beside: str | None) -> Answer:  # fmt: skip
        named = self._precision(place, head)
        lat, lon, precision = self._point(place, named)
        admin1 = place.admin1 or beside
        if told and told != admin1 and place.country in _CODED and told[:2] == place.country:
            admin1 = told
        if place.country not in _CODED:
            admin1 = None
        answer = Place(
            name=name, admin1=admin1, country=place.country, lat=lat, lon=lon, precision=precision,
            inferred=told is None or precision != named, id=place.id, admin2=self._admin2(place),
            kind=_site_kind(place), candidates=candidates,
        )  # fmt: skip
        return Answer(answer, _FINENESS[named] or int(place.kind == "road"))

    def _precision(self, place: PlaceEntry, head: Link) -> Precision:
        """How fine the words are: a town named without 'district' is the town."""
        if (head.away or head.between or head.bearing) and place.kind in _TOWNS:
            return "district"
        if place.kind == "settlement" and head.rural:
            return "district"
        if place.kind in _LEVELS and head.kind not in _LEVEL_WORDS:
            return "settlement"
        if place.kind == "governorate" and head.city:
            return "settlement"
        if head.desert and place.kind in _TOWNS:
            return "site"
        if (place.kind == "region" and place.admin1) or (
            place.kind == "desert" and self._gazetteer.is_whole(place)
        ):
            return "admin1"
        return _PRECISION[place.kind]

    def _point(self, place: PlaceEntry, named: Precision) -> tuple[float | None, float | None, Precision]:
        """Its point; where none is known the parent's point at the parent's precision."""
        if named in ("admin1", "country", "region"):
            return None, None, named
        at = self._gazetteer.point(place)
        if at is None:
            return None, None, named
        seat = at.id == place.id or at.name == place.name or at.kind not in _LEVELS
        same = self._gazetteer.families((at.id, place.id))
        if seat or (len(same) == 1 and at.name == place.name):
            return at.lat, at.lon, named
        return at.lat, at.lon, "district"

    def _admin2(self, place: PlaceEntry) -> str | None:
        for identity in self.line(place.id):
            if self._places[identity].kind == "district":
                return self._places[identity].pcode or None
        return None

    # --- several bearers, or none

    def _shared(self, name: str, close: list[Choice], named: Precision) -> Answer:
        """Several bearers, nothing to choose by: what they share."""
        lines = [self.line(c.place.id) for c in close]
        common = next((p for p in lines[0][1:] if all(p in line for line in lines[1:])), None)
        place = self._places.get(common or "")
        precision = _PRECISION[place.kind] if place else "country"
        country = place.country if place else None
        candidates = [_candidate(c) for c in close[:5]]
        lat, lon, _ = self._point(place, precision) if place else (None, None, precision)
        answer = Place(
            name=name, admin1=place.admin1 if place and country in _CODED else None, country=country,
            lat=lat, lon=lon, precision=precision, inferred=True, id=common, candidates=candidates,
        )  # fmt: skip
        return Answer(answer, _FINENESS[named])

    def _unlisted(self, name: str, chain: Chain, parents: list[str], weights: Weights) -> Answer | None:
        """A name that the gazetteer lacks: the parent's point, else the report's governorate."""
        precision = _UNKNOWN.get(chain.head.word, "settlement")
        outer = self._outer(chain, parents, weights)
        if outer is None:
            country, admin1 = weights.country, weights.admin1
            if admin1 and country and admin1[:2] != country:
                admin1 = None
            place = Place(name=name, admin1=admin1, country=country, precision=precision, inferred=True)
            return Answer(place, _FINENESS[precision])
        told = self._told_admin1(parents, outer)
        lat, lon, _ = self._point(outer, _PRECISION[outer.kind])
        town = chain.head.kind == "facility" and outer.weight < 7
        place = Place(
            name=name, admin1=(told or outer.admin1) if outer.country in _CODED else None,
            country=outer.country, lat=lat, lon=lon, precision="settlement" if town else precision,
            inferred=told is None, admin2=self._admin2(outer), id=outer.id if town else None,
        )  # fmt: skip
        return Answer(place, _FINENESS[precision])

    def _outer(self, chain: Chain, parents: list[str], weights: Weights) -> PlaceEntry | None:
        """The finest larger place that the chain names, itself chosen among its bearers."""
        rows: list[PlaceEntry] = []
        for n, link in enumerate(chain.links[1:], 1):
            inner = Chain([link, *chain.links[n + 1 :]], chain.units, chain.good, mates=chain.mates)
            choices = self._chooser.choices(inner, weights)
            if choices and not any(choices[0].rivals(c) for c in choices[1:]):
                rows.append(choices[0].place)
        rows = rows or [self._places[i] for i in parents]
        return max(rows, key=lambda p: (p.weight < 7, -p.weight), default=None)

    def _road(self, chain: Chain, scene: Scene, context: Counter[str]) -> Answer | None:
        """'the road X - Y' that the gazetteer lacks: the governorate of both, else of the first."""
        weights = Weights(context)
        ends = [x for x in [chain.head, *chain.joined] if x.ids]
        rows = []
        for end in ends:
            others = [x for x in ends if x is not end]
            inner = Chain([end, *chain.links[1:]], chain.units, chain.good, joined=others, mates=chain.mates)
            found = self._chooser.choices(inner, weights)
            rows += [found[0].place] if found else []
        head = chain.head
        name = _without_particle(scene.text.quote(head.whole if head.whole >= 0 else head.start, head.end))
        if not rows:
            return self._unlisted(name, chain, self.parents(chain), weights)
        first = rows[0]
        told = self._told_admin1(self.parents(chain), first)
        lat, lon, _ = self._point(first, _PRECISION[first.kind])
        between = head.between  # near the first of two towns, no further than from one to the other
        place = Place(
            name=name, admin1=(told or first.admin1) if first.country in _CODED else None,
            country=first.country, lat=lat, lon=lon, precision="district" if between else "site",
            inferred=True, kind="road", id=first.id if between else None,
        )  # fmt: skip
        return Answer(place, 1)

    # --- the name as the text has it

    def _name(self, head: Link, choices: list[Choice], scene: Scene) -> str:
        keep = head.word in ("site", "desert", "camp") and (head.natural or not choices or head.built)
        keep = keep or head.rural or head.desert
        start = head.whole if keep and head.whole >= 0 else head.start
        words = scene.text.quote(start, self._name_end(head, scene))
        if head.cut and start == head.start and not words.startswith("\u0644\u0644"):
            return words[head.cut :]
        return _without_particle(words)

    def _name_end(self, head: Link, scene: Scene) -> int:
        """Where the name ends: at the closing quote; 'the Military College in Homs' is the college."""
        text = scene.text.words
        if (
            not head.ids
            and head.start
            and text[head.start - 1] == '"'
            and '"' in text[head.end : head.end + 5]
        ):
            return text.index('"', head.end)
        words = text[head.start : head.end]
        if len(words) == 1:
            return head.end
        for identity in head.ids:
            name = self._gazetteer.words(identity)
            if len(name) < len(words) and not head.side:
                plain = [words[0].removeprefix("\u0628").removeprefix("\u0648"), *words[1 : len(name)]]
                if name in (words[: len(name)], plain):
                    return head.start + len(name)
        return head.end


def _candidate(choice: Choice) -> Candidate:
    score = max(0.0, choice.score)
    place = choice.place
    return Candidate(id=place.id, name=place.name, admin1=place.admin1, score=round(score / (1 + score), 2))


def _without_particle(words: str) -> str:
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


__all__ = ["COUNTRY", "Answer", "Chain", "Choice", "Link", "PlaceReader"]
