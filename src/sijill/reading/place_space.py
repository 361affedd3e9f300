"""The gazetteer as space: what lies in what, where a place's point is, how far and which way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.lexicon.entries import PlaceEntry

BEARINGS = {"n": 0, "ne": 45, "e": 90, "se": 135, "s": 180, "sw": 225, "w": 270, "nw": 315}
NEIGHBOURS = 100.0
"""Kilometres within which two places may be named in one breath."""
_WIDE = ("governorate", "region", "country")
_NATURE = ("site", "road", "water", "mountain", "desert")
_SAME_SPOT = 6.0


class Kept(Mapping[str, PlaceEntry]):
    """The places that were asked for, unpacked once."""

    def __init__(self, places: Mapping[str, PlaceEntry]) -> None:
        self._packed = places
        self._kept: dict[str, PlaceEntry] = {}

    def __getitem__(self, key: str) -> PlaceEntry:
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._packed[key]
        return found

    def get(self, key: str, default: Any = None) -> Any:
        """The place of an id, if there is one."""
        return self[key] if key in self._kept or key in self._packed else default

    def __contains__(self, key: object) -> bool:
        return key in self._kept or key in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


class Gazetteer:
    """Questions about places, each answer worked out once."""

    def __init__(self, places: Mapping[str, PlaceEntry]) -> None:
        self.places: Mapping[str, PlaceEntry] = Kept(places)
        self._children: dict[str, list[str]] = {}
        capitals: list[str] = []
        for place in places.values():
            self._children.setdefault(place.parent, []).append(place.id)
            if place.kind != "country" and "capital" in _marks(place):
                capitals.append(place.id)
        self.capitals = tuple(i for i in capitals if self._is_state_capital(i))
        self._words: dict[str, list[str]] = {}
        self._lines: dict[str, list[str]] = {}
        self._points: dict[str, PlaceEntry | None] = {}
        self._levels: dict[str, list[str]] = {}
        self._families: dict[tuple[str, ...], list[list[str]]] = {}

    def line(self, identity: str) -> list[str]:
        """A place and everything it lies in, itself first."""
        known = self._lines.get(identity)
        if known is None:
            known, at = [], identity
            while at in self.places and at not in known:
                known.append(at)
                at = self.places[at].parent
            self._lines[identity] = known
        return known

    def words(self, identity: str) -> list[str]:
        """The words of a place's name, levelled."""
        known = self._words.get(identity)
        if known is None:
            known = self._words[identity] = fold_words(self.places[identity].name).split()
        return known

    def _is_state_capital(self, identity: str) -> bool:
        return self.places[identity].kind in ("settlement", "governorate")

    def families(self, ids: tuple[str, ...]) -> list[list[str]]:
        """Bearers of one name, those together that are one place: a district and its seat."""
        known = self._families.get(ids)
        if known is None:
            known = []
            for identity in ids:
                if identity in self.places:
                    mine = [f for f in known if any(self._one(identity, other) for other in f)]
                    known = [f for f in known if f not in mine]
                    known.append([identity, *(i for f in mine for i in f)])
            self._families[ids] = known
        return known

    def _one(self, a: str, b: str) -> bool:
        """Whether two bearers of a name are one place, at two levels or two kinds."""
        if a in self.line(b) or b in self.line(a):
            return True
        at, other = self.places[a], self.places[b]
        if at.country != other.country:
            return False
        if at.kind in _NATURE or other.kind in _NATURE:
            return at.parent == other.parent or (at.admin1 is not None and at.admin1 == other.admin1)
        if at.admin1 != other.admin1:
            return False
        levels = {at.kind, other.kind} & {"district", "subdistrict"}
        apart = self._own_distance(at, other)
        return bool(levels) and at.kind != other.kind and (apart is None or apart < _SAME_SPOT)

    def levels(self, identity: str) -> list[str]:
        """A place and what it lies in under the same name: a town, its district, its governorate."""
        if identity not in self.places:
            return []
        known = self._levels.get(identity)
        if known is None:
            name = self.words(identity)
            known = [i for i in self.line(identity) if self.words(i) == name]
            self._levels[identity] = known
        return known

    @staticmethod
    def _own_distance(a: PlaceEntry, b: PlaceEntry) -> float | None:
        if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
            return None
        return distance((a.lat, a.lon), (b.lat, b.lon))

    def point(self, place: PlaceEntry) -> PlaceEntry | None:
        """The entry that gives its point: itself, its seat, its nearest parent below governorate."""
        if place.id not in self._points:
            self._points[place.id] = self._pointed(place)
        return self._points[place.id]

    def _pointed(self, place: PlaceEntry) -> PlaceEntry | None:
        for identity in self.line(place.id):
            at = self.places[identity]
            if at is not place and at.id != place.id and at.kind in _WIDE:
                break
            for seat in (at, *self.seats(at)):
                if seat.lat is not None:
                    return seat
        return None

    def seats(self, place: PlaceEntry) -> list[PlaceEntry]:
        """The towns of the same name inside a governorate, district or sub-district."""
        out: list[PlaceEntry] = []
        at = [place]
        for _ in range(2):
            at = [
                self.places[c]
                for p in at
                for c in self._children.get(p.id, ())
                if self.places[c].name == place.name
            ]
            out += at
        return out

    def related(self, identity: str, other: str) -> bool:
        """Whether one lies in the other, or both lie in one governorate or near each other."""
        if identity not in self.places or other not in self.places or identity == other:
            return False
        if other in self.line(identity):
            return True
        a, b = self.places[identity], self.places[other]
        if a.country != b.country:
            return False
        apart = self.apart(identity, other)
        if apart is not None:
            return apart <= NEIGHBOURS
        return a.admin1 is not None and a.admin1 == b.admin1

    def apart(self, a: str, b: str) -> float | None:
        """Kilometres between the points of two places, if both have one."""
        at, other = self.point(self.places[a]), self.point(self.places[b])
        if at is None or other is None:
            return None
        return self._own_distance(at, other)

    def off_course(self, identity: str, reference: str, bearing: str) -> float:
        """By how many degrees the way from the reference to the place misses a bearing; 0 if unknown."""
        at, ref = self.point(self.places[identity]), self.point(self.places[reference])
        if at is None or ref is None or at.id == ref.id or bearing not in BEARINGS:
            return 0.0
        assert at.lat is not None and at.lon is not None and ref.lat is not None and ref.lon is not None
        east = (at.lon - ref.lon) * math.cos(math.radians(ref.lat))
        way = math.degrees(math.atan2(east, at.lat - ref.lat)) % 360
        miss = abs(way - BEARINGS[bearing]) % 360
        return min(miss, 360 - miss)

    def is_whole(self, place: PlaceEntry) -> bool:
        """'the desert of Homs' is a part of the governorate, no tract with a name of its own."""
        parent = self.places.get(place.parent)
        return (
            parent is not None
            and parent.kind == "governorate"
            and fold_words(place.name).endswith(" " + fold_words(parent.name))
        )


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres between two points."""
    la, lb = math.radians(a[0]), math.radians(b[0])
    half = math.sin((la - lb) / 2) ** 2
    half += math.cos(la) * math.cos(lb) * math.sin(math.radians(a[1] - b[1]) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, half)))


def _marks(place: PlaceEntry) -> list[str]:
    return [mark.strip() for mark in place.note.split(";")]
