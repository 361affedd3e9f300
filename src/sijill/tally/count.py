"""Counts of incidents and of people, by any of time, place, side, action and standing.

counted = count(table, by=["month", "admin1"], measures=["incidents", "killed"])
counted.why("2024-03/SY09")        # ids of the incidents behind a cell
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.tally import periods
from sijill.tally.figures import Figures, Sum, check_measure, figures, gather, toll_rows, total
from sijill.tally.results import Cell, Rows
from sijill.tally.table import NEVER, Listed, Mask, Table, top
from sijill.tally.wanted import check_filter, counted_rows

UNDATED, VAGUE_DATE = "undated", "vague-date"
UNPLACED, VAGUE_PLACE = "unplaced", "vague-place"
UNTOLD = "untold"
"""Rows of their own: no date; a date wider than one period; no place; a place too large; not told."""

SINGLE = {"action": "action", "standing": "standing", "status": "status", "country": "country"}
PLACES = {"admin1": "admin1", "governorate": "admin1", "admin2": "admin2", "district": "admin2"}
MANY = {"actor": "actors", "weapon": "weapons", "source": "sources"}
DIMENSIONS: tuple[str, ...] = (*periods.UNITS, *PLACES, "country", "actor", "target", "action", "standing",
                               "status", "weapon", "source")  # fmt: skip

CELLS = 50_000_000
"""So many cells are marked one by one; more are sorted, which takes less memory."""

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted(Rows):
    """An answer to 'how many': cells by key, and the sum over all, in which each incident counts once.

    `members` holds, for the cell of each place, the numbers of its incidents; `why` gives their ids.
    `left_out` says what fits the question but for something untold or set aside, and how often.
    """

    by: tuple[str, ...]
    measures: tuple[str, ...]
    keys: list[tuple[str, ...]]
    incidents: list[int]
    sums: dict[str, list[Sum]]
    total: int
    totals: dict[str, Sum]
    left_out: dict[str, int] = field(default_factory=dict)
    overlapping: bool = False
    _ids: Sequence[str] = field(default=(), repr=False)
    _rows: Longs = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)
    _cells: Longs = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)

    def why(self, cell: str) -> list[str]:
        """The ids of the incidents behind a cell, its key joined by `/`; `total` is all of them.

        Raises UsageError, naming the nearest cells, where there is none.
        """
        if cell == "total" or (not self.by and not cell):
            return self._held(np.unique(self._rows))
        names = ["/".join(key) for key in self.keys]
        if cell not in names:
            from difflib import get_close_matches

            near = get_close_matches(cell, names, 3, 0.4) or names[:3]
            raise UsageError(f"there is no cell {cell!r}; the nearest are {', '.join(near) or 'none'}")
        return self._held(np.unique(self._rows[self._cells == names.index(cell)]))

    def _held(self, rows: Longs) -> list[str]:
        return [self._ids[row] for row in rows.tolist()]

    def columns(self) -> list[str]:
        """The dimensions, then the count of incidents, then low, best, high and told of each measure."""
        people = [measure for measure in self.measures if measure != "incidents"]
        ends = ("low", "best", "high", "told")
        return [*self.by, "incidents", *(f"{measure}_{end}" for measure in people for end in ends)]

    def rows(self) -> list[list[Cell]]:
        """One row a cell."""
        people = [measure for measure in self.measures if measure != "incidents"]
        table: list[list[Cell]] = []
        for place, key in enumerate(self.keys):
            row: list[Cell] = [*key, self.incidents[place]]
            for measure in people:
                found = self.sums[measure][place]
                row += [found.low, found.best, found.high, found.told]
            table.append(row)
        return table


def count(
    table: Table,
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] = ("incidents", "killed", "wounded"),
    asked: Filter | None = None,
) -> Counted:
    """How many incidents and people, by `by`, of what `asked` takes.

    Unless status or standing is asked for, only what is reported and not denied or retracted counts.
    An incident with several actors counts in the row of each, and once in the sum.
    """
    asked = asked or Filter()
    for name in by:
        if name not in DIMENSIONS:
            raise UsageError(f"--by {name!r}: choose from {', '.join(DIMENSIONS)}")
    for measure in measures:
        check_measure(measure)
    check_filter(table, asked)
    chosen, left_out = counted_rows(table, asked, by)
    grid = _Grid(table, np.flatnonzero(chosen))
    for name in by:
        grid.split(name)
    return grid.counted(tuple(by), tuple(measures), left_out)


class _Grid:
    """Pairs of an incident and a cell, split by one dimension after the other."""

    def __init__(self, table: Table, rows: Longs) -> None:
        self.table = table
        self.rows = rows
        self.all = rows
        self.cells = np.zeros(len(rows), dtype=np.int64)
        self.levels: list[tuple[list[str], list[object]]] = []
        self.groups: Longs | None = None
        self.group_names: list[str] = []
        self.overlapping = False

    def split(self, name: str) -> None:
        """Splits every cell by a dimension."""
        if name in periods.UNITS:
            codes, names, order = self._times(name)
        elif name in PLACES:
            codes, names = self._placed(PLACES[name])
            order = [(word in (UNPLACED, VAGUE_PLACE), word) for word in names]
        elif name in SINGLE:
            column = self.table.one[SINGLE[name]]
            codes, names = _filled(column.codes[self.rows].astype(np.int64), column.words, UNTOLD)
            order = [(word == UNTOLD, word) for word in names]
        else:
            listed = _targets(self.table) if name == "target" else _tops(self.table.many[MANY[name]])
            repeat, codes, names = _spread(listed, self.rows)
            self.overlapping |= len(repeat) > len(self.rows)
            self.rows, self.cells = self.rows[repeat], self.cells[repeat]
            if self.groups is not None:
                self.groups = self.groups[repeat]
            if name == "target":
                self.groups, self.group_names = codes, names
            order = [(word == UNTOLD, word) for word in names]
        self.cells = self.cells * len(names) + codes
        self.levels.append((names, order))

    def _times(self, unit: str) -> tuple[Longs, list[str], list[object]]:
        assert unit in periods.UNITS
        start = periods.number(self.table.days["start"][self.rows], unit)
        end = periods.number(self.table.days["end"][self.rows], unit)
        dated, sharp = (start != NEVER) & (end != NEVER), start == end
        known = start[dated & sharp]
        least = int(known.min()) if known.size else 0
        span = int(known.max()) - least + 1 if known.size else 0
        codes = np.where(dated, np.where(sharp, start.astype(np.int64) - least, span), span + 1)
        names = [periods.name(least + step, unit) for step in range(span)] + [VAGUE_DATE, UNDATED]
        return codes, names, list(range(len(names)))

    def _placed(self, level: str) -> tuple[Longs, list[str]]:
        column = self.table.one[level]
        codes = column.codes[self.rows].astype(np.int64)
        nowhere = self.table.one["precision"].codes[self.rows] < 0
        size = len(column.words)
        codes = np.where(codes >= 0, codes, np.where(nowhere, size + 1, size))
        return codes, [*column.words, VAGUE_PLACE, UNPLACED]

    def counted(self, by: tuple[str, ...], measures: tuple[str, ...], left_out: dict[str, int]) -> Counted:
        """Adds up every cell."""
        found, places = _compact(self.cells, self._size())
        keys = [self._key(int(cell)) for cell in found]
        order = sorted(range(len(keys)), key=lambda place: keys[place][1])
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        places = rank[places] if len(order) else places
        size = len(keys)
        sums = {m: _sums(self._figures(m), places, size) for m in measures if m != "incidents"}
        return Counted(
            by=by, measures=measures, keys=[keys[place][0] for place in order],
            incidents=np.bincount(places, minlength=size).tolist(), sums=sums, total=len(self.all),
            totals={m: total(figures(self.table, m).at(self.all)) for m in measures}, left_out=left_out,
            overlapping=self.overlapping, _ids=self.table.ids, _rows=self.rows, _cells=places,
        )  # fmt: skip

    def _size(self) -> int:
        return int(np.prod([len(names) for names, _ in self.levels], dtype=np.int64))

    def _key(self, cell: int) -> tuple[tuple[str, ...], list[object]]:
        key, order = [], []
        for names, ranks in reversed(self.levels):
            cell, place = divmod(cell, len(names))
            key.append(names[place])
            order.append(ranks[place])
        return tuple(reversed(key)), list(reversed(order))

    def _figures(self, measure: str) -> Figures:
        """What each pair adds: the incident's toll, or that of the cell's group where cells have one."""
        if self.groups is None:
            return figures(self.table, measure).at(self.rows)
        tolls, size = self.table.tolls, len(self.group_names)
        numbers = {name: place for place, name in enumerate(self.group_names)}
        rows = toll_rows(self.table, measure)
        group = np.array([numbers.get(top(word), -1) for word in tolls.groups] + [-1])[tolls.group[rows]]
        pairs = tolls.incident[rows].astype(np.int64) * size + group
        known, into = _compact(pairs, len(self.table) * size)
        added = gather(self.table, rows, into, len(known))
        wanted = self.rows * size + self.groups
        place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
        if not len(known):
            none = np.zeros(len(wanted), dtype=np.int64)
            return Figures(none, none, none, none > 0, none > 0)
        hit, found = known[place] == wanted, added.at(place)
        return Figures(
            found.low * hit, found.best * hit, found.high * hit, found.told & hit, found.open & hit
        )


def _compact(cells: Longs, size: int) -> tuple[Longs, Longs]:
    """The cells that occur, and for each pair the place of its cell among them."""
    if size > CELLS:
        found, places = np.unique(cells, return_inverse=True)
        return found, places
    there = np.zeros(size, dtype=bool)
    there[cells] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[cells]


def _filled(codes: Longs, words: list[str], filler: str) -> tuple[Longs, list[str]]:
    """Codes with -1 as a word of its own."""
    return np.where(codes < 0, len(words), codes), [*words, filler]


def _spread(listed: Listed, rows: Longs) -> tuple[Longs, Longs, list[str]]:
    """For each word of each row: the place of the row, and the word; a row without words has UNTOLD."""
    begin, size = listed.offsets[rows], np.diff(listed.offsets)[rows]
    often = np.maximum(size, 1)
    repeat = np.repeat(np.arange(len(rows)), often)
    step = np.arange(len(repeat)) - np.repeat(np.cumsum(often) - often, often)
    empty = size[repeat] == 0
    place = np.where(empty, 0, begin[repeat] + step)
    codes = (
        listed.codes[place].astype(np.int64) if len(listed.codes) else np.zeros(len(place), dtype=np.int64)
    )
    return repeat, np.where(empty, len(listed.words), codes), [*listed.words, UNTOLD]


def _tops(listed: Listed) -> Listed:
    """The same with every code as its group, each once an incident."""
    names = list(dict.fromkeys(map(top, listed.words)))
    if len(names) == len(listed.words):
        return listed
    numbers = {name: place for place, name in enumerate(names)}
    codes = np.array([numbers[top(word)] for word in listed.words], dtype=np.int64)[listed.codes]
    size = len(listed.offsets) - 1
    return _listed(np.repeat(np.arange(size), np.diff(listed.offsets)), codes, names, size)


def _targets(table: Table) -> Listed:
    """The groups of each incident: those aimed at and those with a toll."""
    listed, tolls, size = table.many["targets"], table.tolls, len(table)
    names = list(dict.fromkeys(top(word) for word in [*listed.words, *tolls.groups]))
    numbers = {name: place for place, name in enumerate(names)}
    of_target = np.array([numbers[top(word)] for word in listed.words] + [0], dtype=np.int64)[listed.codes]
    of_toll = np.array([numbers[top(word)] for word in tolls.groups] + [0], dtype=np.int64)[tolls.group]
    rows: Longs = np.concatenate((np.repeat(np.arange(size), np.diff(listed.offsets)), tolls.incident))
    return _listed(rows, np.concatenate((of_target, of_toll)), names, size)


def _listed(rows: Longs, codes: Longs, names: list[str], size: int) -> Listed:
    """Lists from pairs of a row and a word, each pair once."""
    width = max(len(names), 1)
    pairs = _compact(rows.astype(np.int64) * width + codes, size * width)[0]
    counts = np.bincount(pairs // width, minlength=size)
    return Listed(
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64), (pairs % width).astype(np.int32), names
    )


def _sums(found: Figures, places: Longs, size: int) -> list[Sum]:
    """The sum of each cell."""

    def add(values: NDArray[np.generic]) -> list[int]:
        return [round(value) for value in np.bincount(places, weights=values, minlength=size)]

    low, best, high = add(found.low), add(found.best), add(found.high)
    told, unbounded = add(found.told), add(found.open)
    return [Sum(low[i], best[i], None if unbounded[i] else high[i], told[i]) for i in range(size)]


__all__ = ["DIMENSIONS", "Counted", "Mask", "count"]
