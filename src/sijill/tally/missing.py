"""What is missing: how well incidents are covered, and an estimate of those that no source told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.tally.capture import LEAST_ON_LIST, MOST_LISTS, Estimate, Refusal, estimate
from sijill.tally.results import Cell, Rows
from sijill.tally.scope import Published
from sijill.tally.table import NEVER, Listed, Mask, Table, iso
from sijill.tally.wanted import check_filter, counted_rows
from sijill.tally.words import Said, number, say

SILENT = 0.01
"""A source is called silent where so long a silence has at most this probability by its own past."""
LEAST_HEARD = 10
"""Incidents below which a source's past says nothing of its silence."""


@dataclass(frozen=True, slots=True)
class Source:
    """An independent source: how many incidents it told, how many nobody else did, when it was last heard.

    `silence`: the probability of so long a silence, were it still reporting as before (Solow 1993,
    'Inferring extinction from sighting data', Ecology 74); None where it told too little.
    """

    name: str
    incidents: int
    alone: int
    first: str | None
    last: str | None
    silence: float | None

    @property
    def silent(self) -> bool:
        """Has it gone silent?"""
        return self.silence is not None and self.silence < SILENT


@dataclass(frozen=True, slots=True)
class Missing(Rows):
    """Coverage and estimate. `by_sources[k]` counts incidents with k independent sources.

    `only_tallied` are places that tallies name and no incident does.
    """

    incidents: int
    by_sources: dict[int, int]
    sources: list[Source]
    only_tallied: list[str]
    estimate: Estimate | Refusal
    said: list[Said]
    outside: int = 0

    def columns(self) -> list[str]:
        """What is told of a source."""
        return ["source", "incidents", "alone", "first", "last", "silent", "p_of_silence"]

    def rows(self) -> list[list[Cell]]:
        """One row a source, the most telling first."""
        return [
            [one.name, one.incidents, one.alone, one.first, one.last, one.silent,
             None if one.silence is None else float(f"{one.silence:.2g}")]
            for one in self.sources
        ]  # fmt: skip


def missing(
    table: Table, *, asked: Filter | None = None, lists: Sequence[str] = (),
    quotes: Sequence[tuple[str, str]] = (), tallies: Iterable[Published] = (), now: str | None = None,
) -> Missing:  # fmt: skip
    """How well what `asked` takes is covered.

    `lists` names the sources that the estimate goes by (else the three to five that told most);
    `quotes` pairs of sources of which one quotes the other; `now` the day on which silence is judged
    (else the register's latest publication).
    """
    asked = asked or Filter()
    check_filter(table, asked)
    rows = counted_rows(table, asked)[0]
    listed = table.many["sources"]
    told = _matrix(listed, rows)
    names = _chosen(listed, told, lists)
    chosen = {name: told[listed.words.index(name)] for name in names}
    found = estimate(chosen, quotes=quotes)
    on_any = np.any(list(chosen.values()), axis=0) if chosen else np.zeros(int(rows.sum()), dtype=bool)
    counts = np.bincount(told.sum(axis=0)) if told.size else np.array([int(rows.sum())])
    return Missing(
        incidents=int(rows.sum()),
        by_sources={place: int(often) for place, often in enumerate(counts) if often},
        sources=_sources(table, rows, told, now), only_tallied=_only_tallied(table, tallies),
        estimate=found, said=_said(found), outside=int((~on_any).sum()),
    )  # fmt: skip


def _matrix(listed: Listed, rows: Mask) -> np.ndarray:
    """Which source told which incident. Shape (sources, incidents)."""
    return np.array([listed.among((word,))[rows] for word in listed.words], dtype=bool).reshape(
        len(listed.words), int(rows.sum())
    )


def _chosen(listed: Listed, told: np.ndarray, lists: Sequence[str]) -> list[str]:
    """The sources to go by."""
    unknown = [name for name in lists if name not in listed.words]
    if unknown:
        there = ", ".join(sorted(listed.words)[:12])
        raise UsageError(f"no incident has the source {', '.join(unknown)}; there are {there}")
    if lists:
        return list(lists)
    counts = told.sum(axis=1)
    order = sorted(range(len(listed.words)), key=lambda place: (-counts[place], listed.words[place]))
    return [listed.words[place] for place in order if counts[place] >= LEAST_ON_LIST][:MOST_LISTS]


def _sources(table: Table, rows: Mask, told: np.ndarray, now: str | None) -> list[Source]:
    """Every source with its incidents, and whether it has gone silent."""
    days = np.where(table.days["end"] != NEVER, table.days["end"], table.days["published"])[rows]
    told_on = table.days["last_published"]
    told_on = told_on[told_on != NEVER]
    latest = int(np.datetime64(now).astype("int64")) if now else int(told_on.max()) if told_on.size else None
    alone = told.sum(axis=0) == 1
    found = []
    for name, row in zip(table.many["sources"].words, told, strict=True):
        if not row.any():
            continue
        own = np.sort(days[row & (days != NEVER)])
        end = latest if latest is not None else int(days.max())
        found.append(
            Source(name, int(row.sum()), int((row & alone).sum()), iso(own[0]) if own.size else None,
                   iso(own[-1]) if own.size else None, _silence(own, end))
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.incidents, one.name))


def _silence(days: np.ndarray, end: int) -> float | None:
    """The probability that the last of n even sightings in a span lies so early: (its place / span)^n."""
    if len(days) < LEAST_HEARD or end <= days[0]:
        return None
    return float(min(1.0, (int(days[-1]) - int(days[0])) / (end - int(days[0]))) ** (len(days) - 1))


def _only_tallied(table: Table, tallies: Iterable[Published]) -> list[str]:
    """Places that tallies name and no incident does."""
    known = table.place_words()
    names = {figure.place[-1]: figure.place for figure in tallies if figure.place}
    return sorted(name for name, words in names.items() if known.isdisjoint(words))


def _said(found: Estimate | Refusal) -> list[Said]:
    """The estimate in a sentence with what it takes for granted, or why there is none."""
    if isinstance(found, Refusal):
        return [say("missing.refused", why=say(f"missing.reasons.{found.code}", why=found.why))]
    values = {"total": found.total, "low": found.low, "high": found.high, "unseen": found.unseen}
    shown = {name: number(round(value)) for name, value in values.items()}
    lists = ", ".join(found.lists)
    return [say("missing.estimate", seen=found.seen, lists=lists, **shown), say("missing.assumes")]
