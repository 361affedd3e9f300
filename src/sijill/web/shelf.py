"""The incidents of a register at hand in memory, kept up with its log.

At the start everything is read; later only what changed since. Changes lie beside the columns until
there are many of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from threading import Lock
from typing import TypeVar, cast

import numpy as np

from sijill.filters import Filter
from sijill.incidents import Incident
from sijill.ledger import fresh
from sijill.ledger.register import Register
from sijill.web.index import SECRET, Index, Mask, consequence, count_facets, order, slim

T = TypeVar("T")

MANY = 1_000
"""So many changes beside the columns, and these are made anew."""

KEPT = 200
"""So many answers are kept at once."""


class Chosen:
    """The incidents that fit a filter and may be seen, newest first."""

    def __init__(
        self, rows: list[Incident], index: Index, mask: Mask, beside: list[Incident], only: set[str] | None
    ) -> None:
        if only is not None:
            keep = np.fromiter((rows[at].id in only for at in np.flatnonzero(mask)), np.bool_)
            mask = mask.copy()
            mask[np.flatnonzero(mask)[~keep]] = False
            beside = [one for one in beside if one.id in only]
        self._rows, self.index, self.mask = rows, index, mask
        self.beside = sorted(beside, key=order)
        self.at = np.flatnonzero(mask)
        self.count = len(self.at) + len(self.beside)

    def row(self, at: int) -> Incident:
        """The incident of a row of the index."""
        return self._rows[at]

    def page(self, first: int, most: int) -> list[Incident]:
        """Some of them, newest first."""
        near = [self._rows[at] for at in self.at[: first + most].tolist()]
        if self.beside:
            near = sorted([*near, *self.beside], key=order)
        return near[first : first + most]

    def all(self) -> Iterator[Incident]:
        """Every one of them."""
        yield from (self._rows[at] for at in self.at.tolist())
        yield from self.beside

    def facets(self) -> dict[str, Counter[str]]:
        """How many of them hold each value, by facet."""
        found = self.index.facets(self.mask)
        for facet, often in count_facets(self.beside).items():
            found[facet] = found[facet] + often
        return found

    def queue(self, most: int, skipped: set[str]) -> list[Incident]:
        """Those that a person should look at, by what hangs on it."""
        scores = np.where(self.mask, self.index.score, 0.0)
        wanted = most + len(skipped)
        at: list[int] = []
        if len(scores):
            at = np.argpartition(-scores, min(wanted, len(scores) - 1))[:wanted].tolist()
        near = [self._rows[one] for one in at if scores[one] > 0]
        near += [one for one in self.beside if consequence(one) > 0]
        near = [one for one in near if one.id not in skipped]
        return sorted(near, key=lambda one: (-consequence(one), one.id))[:most]

    def load(self) -> int:
        """How many of them wait for a person."""
        waiting = int((self.index.score[self.at] > 0).sum())
        return waiting + sum(consequence(one) > 0 for one in self.beside)

    def killed(self) -> int:
        """The documented killed of them all: the sum of the best figures."""
        return int(self.index.killed[self.at].sum()) + sum(one.toll("killed")[1] or 0 for one in self.beside)


class Shelf:
    """Incidents at hand. Safe for several threads."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._lock = Lock()
        self.head = -1
        self._rows: list[Incident] = []
        self._index = Index([])
        self._number: dict[str, int] = {}
        self._beside: dict[str, Incident | None] = {}
        self._made: dict[str, tuple[int, object]] = {}
        self.refresh()

    def refresh(self) -> int:
        """Takes up what was written since the last time; the number of the log's last entry."""
        with self.register.reading() as connection:
            head = fresh.head(connection)
        if head == self.head:
            return head
        with self._lock:
            if head == self.head:
                return head
            if self.head < 0 or head < self.head:
                self._take([slim(one) for one in self.register.incidents()])
            else:
                self._renew()
            self.head = head
        return head

    def _take(self, rows: list[Incident]) -> None:
        """Puts these in place of everything."""
        rows.sort(key=order)
        self._index, self._rows = Index(rows), rows
        self._number = {one.id: number for number, one in enumerate(rows)}
        self._beside = {}

    def _renew(self) -> None:
        """Lays what changed beside the columns."""
        with self.register.reading() as connection:
            ids = fresh.changed(connection, self.head)
            now = fresh.current(connection, ids)
        beside = dict(self._beside)
        for own in ids:
            beside[own] = slim(now[own]) if own in now else None
        if len(beside) > MANY:
            rows = [one for one in self._rows if one.id not in beside]
            self._take([*rows, *(one for one in beside.values() if one is not None)])
        else:
            self._beside = beside

    def choose(self, asked: Filter, clearance: int, only: set[str] | None = None) -> Chosen:
        """The incidents that fit and may be seen; of these ids only, where they are given."""
        with self._lock:
            index, rows, beside, number = self._index, self._rows, self._beside, self._number
        mask = index.mask(asked, clearance)
        for own in beside:
            if own in number:
                mask[number[own]] = False
        fitting = [one for one in beside.values() if one is not None
                   and SECRET.index(one.sensitivity) <= clearance and asked.fits(one)]  # fmt: skip
        return Chosen(rows, index, mask, fitting, only)

    def kept(self, own: str, make: Callable[[], T]) -> T:
        """Something that is worked out from everything and holds until the register changes."""
        with self._lock:
            held = self._made.get(own)
            if held is not None and held[0] == self.head:
                return cast(T, held[1])
            head = self.head
        made = make()
        with self._lock:
            if len(self._made) >= KEPT:
                self._made.clear()
            self._made[own] = (head, made)
        return made
