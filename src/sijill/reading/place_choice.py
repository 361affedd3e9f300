"""Which bearer of a name is meant: by its kind, by what the chain says, by what the report is about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sijill.lexicon.entries import PlaceEntry
from sijill.reading.place_links import ABROAD, Chain, Link
from sijill.reading.place_space import NEIGHBOURS, Gazetteer

_SITES = ("site", "road", "water", "mountain", "desert")
_POINTS = frozenset({*_SITES, "camp", "quarter"})
_TOWNS = ("settlement", "quarter", "camp")
_ORDER = (
    "country", "settlement", "governorate", "quarter", "camp", "region", "subdistrict", "district",
    "mountain", "desert", "water", "site", "road",
)  # fmt: skip
_PREFERRED: dict[str, tuple[str, ...]] = {
    "quarter": ("quarter", "settlement", "camp"),
    "village": ("settlement", "subdistrict", "quarter"),
    "villages": ("region", "district", "subdistrict", "governorate", "settlement"),
    "city": ("settlement", "subdistrict", "district", "quarter"),
    "capital": ("settlement",),
    "district": ("district", "subdistrict", "settlement"),
    "subdistrict": ("subdistrict", "district", "settlement"),
    "area": (
        "district",
        "region",
        "mountain",
        "desert",
        "site",
        "water",
        "quarter",
        "subdistrict",
        "settlement",
    ),
    "province": ("governorate", "region", "district"),
    "rural": ("governorate", "district", "subdistrict", "settlement", "region"),
    "camp": ("camp", "site", "settlement"),
    "desert": ("desert", "region", "governorate", "settlement"),
    "road": ("road", "settlement"),
    "site": (*_SITES, "camp", "quarter", "settlement"),
}
"""For each sort of place word, the kinds that it may stand before, the likeliest first."""
_FIRM = {
    "quarter": ("quarter",), "village": ("settlement",), "city": ("settlement",), "camp": ("camp",),
    "district": ("district",), "subdistrict": ("subdistrict",), "province": ("governorate",),
    "villages": ("region",), "road": ("road",), "desert": ("desert", "region"),
}  # fmt: skip
"""The kinds that a place word means in earnest; another kind after it counts less."""
_SIZE = {"country": 5.0, "governorate": 2.0, "region": 1.5, "district": 0.9, "subdistrict": 0.4}
_CAPITAL = 1.0
_DEPTH = {
    "country": 0.0,
    "region": 0.3,
    "governorate": 0.5,
    "district": 1.0,
    "subdistrict": 1.5,
    "settlement": 2.0,
}
_INSIDE, _SAME_ADMIN1, _NEAR, _FAR, _ABROAD_OF_IT = 4.0, 1.5, 4.0, -1.0, -3.0
_CONTEXT_COUNTRY, _CONTEXT_ADMIN1, _MATE = 2.0, 2.0, 1.0
_WORD_ONLY = -0.7
_ABROAD_WEIGHT = 0.3
_NOT_NAMED = -2.0  # a country that a report about others never names
_OFTEN = 5  # one mention weighs 1, in its own sentence 4
MARGIN = 0.95
"""How far the best bearer must lead; below it the answer is what the bearers share."""
FAR_AHEAD = 1.6
"""How far it must lead a bearer in another country that the text speaks for as much."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A bearer (its family, one place at several levels), the level meant, and its score."""

    score: float
    family: tuple[str, ...]
    place: PlaceEntry
    chained: float = 0.0  # what the rest of the chain says for it
    told: float = 0.0  # the same and what the report says for it: all but its name, kind and size

    def rivals(self, other: Choice) -> bool:
        """Whether another bearer is too near to be ruled out.

        Across a border kind and size decide nothing unless they decide it by far: a point in the
        wrong country is worse than none.
        """
        if _seat(self.place) and not _seat(other.place) and other.told <= self.told:
            return other.place.country == self.place.country and other.score > self.score - MARGIN
        if other.score > self.score - MARGIN:
            return True
        abroad = other.place.country != self.place.country
        return abroad and other.told >= self.told and other.score > self.score - FAR_AHEAD


def _seat(place: PlaceEntry) -> bool:
    """A governorate, or a town that bears a governorate's or district's name: known beyond its country."""
    return place.kind == "governorate" or "twin" in place.note


class Chooser:
    """Weighs the bearers of a name."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._places: Mapping[str, PlaceEntry] = gazetteer.places
        self._known: dict[tuple[object, ...], list[tuple[tuple[str, ...], PlaceEntry, float]]] = {}

    def choices(self, chain: Chain, weights: Weights) -> list[Choice]:
        """The bearers of the head's name, the best first."""
        rows = []
        alone = len(chain.links) == 1 and not chain.joined and not chain.head.country
        for family, place, fit in self._fits(chain.head):
            chained = 0.0 if alone else self._chained(family, place, chain)
            near = self._mates(place, chain) if chain.mates else 0.0
            told = chained + weights.of(place) + near
            rows.append(Choice(round(fit + told, 3), family, place, chained, told))
        if len(rows) > 1:
            rows.sort(key=lambda c: (-c.score, c.place.id))
        return rows

    def _fits(self, head: Link) -> list[tuple[tuple[str, ...], PlaceEntry, float]]:
        """Each bearer, the level meant, and what the name and the words right before it say for it."""
        key = (
            head.ids, head.weak, head.word, head.kind, head.bearing, head.near, head.away, head.rural,
            head.desert, head.city, head.wide,
        )  # fmt: skip
        known = self._known.get(key)
        if known is None:
            known = []
            for family in self._gazetteer.families(head.ids):
                place = self.level(family, head)
                fit = self._fit(place, head) + self._size(family, head) + self._said(family, head)
                known.append((tuple(family), place, fit))
            self._known[key] = known
        return known

    def level(self, family: list[str], head: Link) -> PlaceEntry:
        """The level of a place that the words mean: the city, its district, its governorate."""
        kinds = self._kinds(family, head)
        order = {kind: n for n, kind in reversed(list(enumerate(kinds)))}
        rows = [self._places[i] for i in family]
        return min(rows, key=lambda p: (order.get(p.kind, 99), p.id in head.weak, len(p.name), p.id))

    def _kinds(self, family: list[str], head: Link) -> tuple[str, ...]:
        if head.kind == "area" and head.near:
            return _ORDER
        if head.wide and not head.word:
            return ("governorate", *_ORDER)
        if head.rural or head.desert:
            return (*_PREFERRED["rural" if head.rural else "desert"], *_ORDER)
        if head.bearing and not head.away and not head.city:
            return ("governorate", *_ORDER)
        if head.kind in _PREFERRED:
            return (*_PREFERRED[head.kind], *_ORDER)
        if head.word in _PREFERRED:
            return (*_PREFERRED[head.word], *_ORDER)
        return _ORDER

    @staticmethod
    def _fit(place: PlaceEntry, head: Link) -> float:
        """2 for the kind that the place word means, less for others."""
        firm = _FIRM.get(head.kind)
        if firm:
            return 2.0 if place.kind in firm else 0.7
        if head.word == "site":
            return 2.0 if place.kind in _POINTS else 1.0
        if head.kind == "area":
            return 1.0
        return 1.0 if place.kind not in ("site", "road", "quarter") else 0.6

    def _size(self, family: list[str], head: Link) -> float:
        """The weight of a capital, a governorate's or a district's seat; none after 'quarter', 'village'."""
        if head.kind in ("quarter", "village", "villages"):
            return 0.0
        rows = [self._places[i] for f in family for i in self._gazetteer.levels(f)]
        if head.kind in _FIRM and not any(p.kind in _FIRM[head.kind] for p in rows):
            return 0.0
        capital = any("capital" in p.note for p in rows)
        return max(_SIZE.get(p.kind, 0.0) for p in rows) + capital * _CAPITAL

    @staticmethod
    def _said(family: list[str], head: Link) -> float:
        """Names that are also words count less where no place word stands before them."""
        if head.bearing or head.near or not head.weak:
            return 0.0
        return _WORD_ONLY if all(i in head.weak for i in family) else 0.0

    def _chained(self, family: tuple[str, ...], place: PlaceEntry, chain: Chain) -> float:
        """What the larger and neighbouring places of the chain say."""
        score = sum((self._by_link(family, place, link, chain.head) for link in chain.links[1:]), 0.0)
        others = [x for x in chain.joined if x.ids]
        score += sum((min(_SAME_ADMIN1, self._beside(place, link)) for link in others), 0.0)
        nation = chain.head.country or next((x.country for x in chain.links if x.country), "")
        if nation:
            score += _INSIDE if place.country == nation else -_INSIDE
        return score

    def _by_link(self, family: tuple[str, ...], place: PlaceEntry, link: Link, head: Link) -> float:
        line = self._gazetteer.line(place.id)
        ids = self._meant(link, family)
        inside = [i for i in ids if i in line]
        outer = [i for i in inside if self._places[i].kind in ("governorate", "country", "region")]
        if link.bearing or link.away or link.near:
            near = self._beside(place, link)
            return max(near, _INSIDE * 0.9) if outer else near
        if inside:
            sure = 1.0 if link.kind or link.centre else 0.5
            if link.centre and len(outer) == len(inside):
                return _INSIDE / 2
            return _INSIDE + sure * max(_DEPTH.get(self._places[i].kind, 0.0) for i in inside)
        return self._beside(place, link) if ids and link.kind != "capital" else 0.0

    def _meant(self, link: Link, family: tuple[str, ...]) -> list[str]:
        """What a larger name may mean: after 'province' and 'countryside' no town."""
        ids = [i for i in link.ids if i in self._places and i not in family]
        if link.kind in ("province", "rural"):
            wide = [i for i in ids if self._places[i].kind in ("governorate", "region", "country")]
            return wide or ids
        return ids

    def _beside(self, place: PlaceEntry, link: Link) -> float:
        """How well a place lies where 'near X', 'north of X' puts it."""
        ids = [i for i in link.ids if i in self._places and i != place.id]
        return max((self._beside_one(place, i, link) for i in ids), default=0.0)

    def _beside_one(self, place: PlaceEntry, other: str, link: Link) -> float:
        at = self._places[other]
        if at.country != place.country:
            return _ABROAD_OF_IT if at.kind in ("country", "region", "governorate") else 1.5 * _FAR
        same = at.admin1 is not None and at.admin1 == place.admin1
        if at.kind in ("country", "region", "governorate"):
            return _SAME_ADMIN1 if same else 0.0
        apart = self._gazetteer.apart(place.id, other)
        if apart is None:
            return _SAME_ADMIN1 if same else 0.0
        if apart > NEIGHBOURS:
            return _SAME_ADMIN1 / 2 if same else _FAR
        miss = self._gazetteer.off_course(place.id, other, link.bearing) if apart > 3 else 0.0
        return _NEAR * (1 - apart / 100) - (1.5 if miss > 80 else 0.0) + (0.3 if same else 0.0)

    def _mates(self, place: PlaceEntry, chain: Chain) -> float:
        """Nearness to the other sure places of the sentence."""
        near = [self._gazetteer.apart(place.id, i) for i in chain.mates if i in self._places]
        close = [a for a in near if a is not None and a < NEIGHBOURS]
        return _MATE * (1 - min(close) / NEIGHBOURS) if close else 0.0


class Weights:
    """What a report is about, as shares: each country and governorate against the one named most."""

    def __init__(self, context: Mapping[str, int | float]) -> None:
        self.counts = context
        self.country: str | None = None
        self.admin1: str | None = None
        self._most_country = self._most_admin1 = 0.0
        for code, number in context.items():
            if len(code) > 2:
                if number > self._most_admin1:
                    self.admin1, self._most_admin1 = code, number
            else:
                weight = number * _ABROAD_WEIGHT if code in ABROAD else number
                if weight > self._most_country:
                    self.country, self._most_country = code, weight

    def of(self, place: PlaceEntry) -> float:
        """What speaks for a place in the report at large."""
        score = 0.0
        number = self.counts.get(place.country or "", 0)
        if number:
            weight = number * _ABROAD_WEIGHT if place.country in ABROAD else number
            score = _CONTEXT_COUNTRY * math.sqrt(weight / max(self._most_country, 1.0))
        elif self._most_country >= 1:
            score = _NOT_NAMED
        number = self.counts.get(place.admin1 or "", 0)
        if number:
            score += _CONTEXT_ADMIN1 * math.sqrt(number / max(self._most_admin1, 1.0))
        return score

    def once(self, code: str | None, other: str | None) -> bool:
        """Whether a report names one country or governorate at most once, and the other often."""
        return self.counts.get(code or "", 0) < _OFTEN <= self.counts.get(other or "", 0)

    def names(self, code: str | None) -> bool:
        """Whether the report speaks of a country or governorate at all."""
        return self.counts.get(code or "", 0) > 0
