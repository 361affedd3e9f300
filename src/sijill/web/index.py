"""Incidents in columns: which fit a filter, and how many of each kind, at once over 100,000.

Rows stand newest first. A posting is the sorted numbers of the rows that hold a value.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from math import nan

import msgspec
import numpy as np
from numpy.typing import NDArray

from sijill.filters import Filter
from sijill.incidents import Incident

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

SECRET = ("public", "restricted", "confidential")
KINDS = ("place", "actor", "target", "action", "status", "standing", "outcome", "weapon", "source")
FACETS = ("action", "admin1", "actor", "target", "standing", "outcome", "source", "status")
NEVER = -1


def day_number(day: str | None) -> int:
    """The ordinal of an ISO day; NEVER for none."""
    return date.fromisoformat(day).toordinal() if day else NEVER


def slim(one: Incident) -> Incident:
    """An incident without the words and figures behind its tolls, which are fetched where they are shown."""
    tolls = [msgspec.structs.replace(toll, figures=[], why_ar="", why_en="") for toll in one.tolls]
    return msgspec.structs.replace(one, tolls=tolls, formerly=[])


def order(one: Incident) -> tuple[int, str, str]:
    """Newest first, undated ones last."""
    return (-day_number(one.start), one.id, "") if one.start else (1, one.id, "")


def values(one: Incident) -> dict[str, set[str]]:
    """What an incident can be asked for, as `Filter.fits` reads it; `admin1` for the facet."""
    place = one.place
    named = (place.name, place.id, place.admin1, place.admin2, place.country) if place else ()
    return {
        "place": {name for name in named if name},
        "admin1": {place.admin1} if place and place.admin1 else set(),
        "actor": {*one.actors, *(code.split("/")[0] for code in one.actors)},
        "target": {*one.targets, *(code.split("/")[0] for code in one.targets)},
        "action": {one.action}, "status": {one.status}, "standing": {one.standing},
        "outcome": {toll.outcome for toll in one.tolls}, "weapon": set(one.weapons),
        "source": {*one.sources, *one.outlets},
    }  # fmt: skip


def count_facets(rows: Iterable[Incident]) -> dict[str, Counter[str]]:
    """How many of the rows hold each value, by facet."""
    found: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for one in rows:
        told = values(one)
        for facet in FACETS:
            found[facet].update(told[facet])
    return found


class Index:
    """The columns of incidents that stand in the order of `order`."""

    def __init__(self, rows: Sequence[Incident]) -> None:
        size = len(rows)
        self.size = size
        self.start = np.fromiter((day_number(one.start) for one in rows), np.int64, size)
        self.end = np.fromiter((day_number(one.end) for one in rows), np.int64, size)
        self.secret = np.fromiter((SECRET.index(one.sensitivity) for one in rows), np.int8, size)
        self.reviewed = np.fromiter((one.reviewed for one in rows), np.bool_, size)
        self.killed = np.fromiter(((one.toll("killed")[1] or 0) for one in rows), np.int64, size)
        self.score = np.fromiter((consequence(one) for one in rows), np.float64, size)
        points = [(one.place.lat, one.place.lon) if one.place and one.place.lat is not None
                  and one.place.lon is not None else (nan, nan) for one in rows]  # fmt: skip
        self.points = np.array(points, dtype=np.float64).reshape(size, 2)
        held: dict[str, dict[str, list[int]]] = {kind: defaultdict(list) for kind in (*KINDS, "admin1")}
        for number, one in enumerate(rows):
            for kind, told in values(one).items():
                lists = held[kind]
                for value in told:
                    lists[value].append(number)
        self.postings: dict[str, dict[str, Ints]] = {
            kind: {value: np.array(at, dtype=np.int64) for value, at in lists.items()}
            for kind, lists in held.items()
        }
        self._flat = {facet: self._flatten(facet) for facet in FACETS}

    def _flatten(self, facet: str) -> tuple[list[str], Ints, Ints]:
        """A facet's values, and pairs of row and value's number."""
        names = list(self.postings[facet])
        lists = [self.postings[facet][name] for name in names]
        if not lists:
            return [], np.zeros(0, np.int64), np.zeros(0, np.int64)
        codes = np.repeat(np.arange(len(names)), [len(one) for one in lists])
        return names, np.concatenate(lists), codes

    def mask(self, asked: Filter, clearance: int) -> Mask:
        """The rows that fit and may be seen."""
        found: Mask = self.secret <= clearance
        if asked.since or asked.until:
            found &= self.start != NEVER
            if asked.since:
                found &= self.end >= day_number(asked.since)
            if asked.until:
                found &= self.start <= day_number(asked.until)
        if asked.reviewed is not None:
            found &= self.reviewed == asked.reviewed
        for kind in KINDS:
            wanted = getattr(asked, kind)
            if wanted:
                some = np.zeros(self.size, np.bool_)
                for value in wanted:
                    at = self.postings[kind].get(value)
                    if at is not None:
                        some[at] = True
                found &= some
        return found

    def facets(self, mask: Mask) -> dict[str, Counter[str]]:
        """How many of the rows of a mask hold each value, by facet."""
        found: dict[str, Counter[str]] = {}
        for facet, (names, rows, codes) in self._flat.items():
            often = np.bincount(codes[mask[rows]], minlength=len(names))
            found[facet] = Counter({names[at]: int(often[at]) for at in np.flatnonzero(often)})
        return found


def doubts(one: Incident) -> list[str]:
    """Why a person should look at an incident, the weightiest first; keys of `review.why`."""
    killed = one.toll("killed")
    found = []
    if one.standing == "contested" or one.disputed:
        found.append("disagreement")
    if (killed[1] or 0) >= 10:
        found.append("high_toll")
    if killed[0] is not None and killed[1] is not None and killed[1] > 2 * max(killed[0], 1):
        found.append("wide_toll")
    if one.place is None:
        found.append("no_place")
    elif one.place.id is None:
        found.append("new_place")
    elif one.place.candidates:
        found.append("doubtful_place")
    if one.standing in ("claimed_only", "denied"):
        found.append(one.standing)
    if one.start is None:
        found.append("no_date")
    if one.action == "other":
        found.append("vague_action")
    return found


WEIGHTS = {
    "disagreement": 5.0, "high_toll": 4.0, "wide_toll": 2.0, "no_place": 1.5, "new_place": 2.5,
    "doubtful_place": 1.0, "claimed_only": 1.0, "denied": 1.0, "no_date": 1.5, "vague_action": 0.5,
}  # fmt: skip
"""What each doubt weighs in the queue: chosen so that disputed and deadly incidents come first."""


def consequence(one: Incident) -> float:
    """How much hangs on a person's look at an incident; 0 where one has looked, or it was taken back."""
    if one.reviewed or one.standing == "retracted":
        return 0.0
    people = sum((toll.best or toll.low or 0) for toll in one.tolls if not toll.part_of)
    return 1.0 + sum(WEIGHTS[why] for why in doubts(one)) + float(np.log2(1 + people))
