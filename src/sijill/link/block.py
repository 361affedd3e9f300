"""Which pairs are worth comparing: near in time, and near in place or alike in name or toll.

Blocks (each gives pairs of rows, first < second; a pair may come from several):

region    days within the window, one governorate (or country, where no governorates are told)
spot      days within the window, one name or one gazetteer entry, whatever governorate is told
placeless days within one day, one of the two tells no place
country   days within one day, one of the two tells no more than the country or a region of it
toll      days within one day, the same dead (three or more); no place is needed
long      one of the two tells a week, a month, a year or nothing: one name or entry and overlapping time
copy      the same words
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from sijill.link.columns import Columns
from sijill.link.weights import Weights

Rows = npt.NDArray[np.int64]
Pairs = tuple[Rows, Rows]

LONG = 31
"""Dates wider than so many days are sought by name, not by day."""

CHUNK = 1_000_000
"""So many pairs are made at a time, so that memory does not grow with the register."""


def candidates(columns: Columns, weights: Weights, new: Rows | None = None) -> Iterator[Pairs]:
    """Pairs of rows in chunks; with `new`, those that one of the new rows is in.

    A pair may appear more than once, in different chunks too.
    """
    of = _Keys(columns)
    window = weights.window_days
    plain = of.short
    yield from _by_day(of.region, of, plain & (of.region > 0), window, new)
    for key in (of.spot, of.name):
        yield from _by_day(key, of, plain & (key > 0), window, new, apart=of.region)
        yield from _overlapping(key, of, (key > 0), new)
    vague = (of.admin1 == 0) & (of.country > 0)
    yield from _by_day(of.country, of, plain & (of.country > 0), 1, new, either=vague, apart=of.region)
    placeless = of.country == 0
    yield from _by_day(of.any, of, plain, 1, new, either=placeless, apart=of.region)
    yield from _by_day(of.dead, of, plain & (of.dead >= 3), 1, new, apart=of.region)
    yield from _by_key(of.text, of.text > 0, new)


class _Keys:
    """What pairs are sought by."""

    def __init__(self, columns: Columns) -> None:
        self.start: npt.NDArray[Any] = columns["start"].astype(np.int64)
        self.end: npt.NDArray[Any] = columns["end"].astype(np.int64)
        self.short = (self.end - self.start) <= LONG
        self.region, self.country = columns["region"], columns["country"]
        self.admin1, self.spot, self.name = columns["admin1"], columns["spot"], columns["name"]
        self.dead: npt.NDArray[Any] = columns["killed"][:, 0]
        self.text = columns["text"]
        self.any = np.zeros(len(self.start), np.int8)


def _by_day(
    key: npt.NDArray[Any],
    of: _Keys,
    among: npt.NDArray[np.bool_],
    window: int,
    new: Rows | None,
    *,
    either: npt.NDArray[np.bool_] | None = None,
    apart: npt.NDArray[Any] | None = None,
) -> Iterator[Pairs]:
    """Rows of one key whose days lie within the window.

    `either` must hold for one of the two; with `apart`, pairs of one and the same region are left
    to the block of regions.
    """
    rows = np.flatnonzero(among if new is None else among & _in_reach(of, new, window))
    if not len(rows):
        return
    scale = int(of.end[rows].max()) + window + LONG + 2
    place = key[rows].astype(np.int64) * scale + of.start[rows]
    order = np.argsort(place, kind="stable")
    rows, place = rows[order], place[order]
    if new is None:
        asked, first = rows, np.arange(len(rows)) + 1
    else:
        asked = new[among[new]]
        own = key[asked].astype(np.int64) * scale + of.start[asked]
        first = np.searchsorted(place, own - window - LONG, "left")
    reach = key[asked].astype(np.int64) * scale + of.end[asked] + window
    last = np.searchsorted(place, reach, "right")
    for one, other in _expand(asked, rows, first, last):
        kept = (one != other) & (of.end[other] + window >= of.start[one]) & (key[one] == key[other])
        if either is not None:
            kept &= either[one] | either[other]
        if apart is not None:
            kept &= (apart[one] != apart[other]) | (apart[one] == 0)
        yield _ordered(one[kept], other[kept])


def _in_reach(of: _Keys, new: Rows, window: int) -> npt.NDArray[np.bool_]:
    """Rows that lie in time where one of the new ones could meet them."""
    first, last = of.start[new].min() - window - LONG, of.end[new].max() + window
    return np.asarray((of.start >= first) & (of.start <= last))


def _overlapping(
    key: npt.NDArray[Any], of: _Keys, among: npt.NDArray[np.bool_], new: Rows | None
) -> Iterator[Pairs]:
    """Rows of one key where one of the two has a long date and the two overlap."""
    long = among & ~of.short
    if new is None:
        passes = [(np.flatnonzero(long), among)]
    else:
        asked, met = new[among[new]], among & np.isin(key, key[new])
        passes = [(asked[long[asked]], met), (asked[~long[asked]], met & long)]
    for asked, others in passes:
        for one, other in _of_one_key(key, asked, others):
            kept = (of.start[one] <= of.end[other]) & (of.start[other] <= of.end[one])
            yield one[kept], other[kept]


def _by_key(key: npt.NDArray[Any], among: npt.NDArray[np.bool_], new: Rows | None) -> Iterator[Pairs]:
    """Rows of one key, whatever their days."""
    if new is None:
        yield from _of_one_key(key, np.flatnonzero(among), among)
    else:
        yield from _of_one_key(key, new[among[new]], among & np.isin(key, key[new]))


def _of_one_key(key: npt.NDArray[Any], asked: Rows, others: npt.NDArray[np.bool_]) -> Iterator[Pairs]:
    """Each asked row with the others of its key."""
    if not len(asked):
        return
    rows = np.flatnonzero(others)
    rows = rows[np.argsort(key[rows], kind="stable")]
    place = key[rows]
    first, last = (np.searchsorted(place, key[asked], side) for side in ("left", "right"))
    for one, other in _expand(asked, rows, first, last):
        kept = one != other
        yield _ordered(one[kept], other[kept])


def _expand(asked: Rows, rows: Rows, first: Rows, last: Rows) -> Iterator[Pairs]:
    """Each asked row with the rows of its range, in chunks."""
    sizes = np.maximum(last - first, 0)
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(asked):
        done = ends[begin - 1] if begin else 0
        stop = max(int(np.searchsorted(ends, done + CHUNK, "right")), begin + 1)
        size = sizes[begin:stop]
        if size.sum():
            one = np.repeat(asked[begin:stop], size)
            inside = np.arange(len(one)) - np.repeat(np.cumsum(size) - size, size)
            yield one, rows[np.repeat(first[begin:stop], size) + inside]
        begin = stop


def _ordered(one: Rows, other: Rows) -> Pairs:
    """The lower row first."""
    return np.minimum(one, other), np.maximum(one, other)
