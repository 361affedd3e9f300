"""The watch over incidents in columns: weekly series by place or actor, and the surges in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.tally import delay as delays
from sijill.tally.count import MANY, UNPLACED, UNTOLD, VAGUE_PLACE, count
from sijill.tally.delay import Delay
from sijill.tally.series import narrowed, series
from sijill.tally.table import NEVER, Table, iso
from sijill.tally.wanted import counted_rows
from sijill.tally.watch import Settings, Watched, watch

NOWHERE = (UNPLACED, VAGUE_PLACE, UNTOLD)
"""Rows that are no place or side to be watched."""
SHORTEST = 16
"""Weeks below which no past can be told from a present."""


def watch_table(
    table: Table, *, by: str = "governorate", measures: Sequence[str] = ("incidents", "killed"),
    asked: Filter | None = None, since: str | None = None, now: str | None = None,
    delay: Delay | None = None, settings: Settings | None = None, lately: bool = False,
) -> Watched:  # fmt: skip
    """The surges in weekly series of `measures` by place (or actor, action ...).

    `asked` says which incidents; its window is the whole past that is looked at, `since` the first week
    whose surges are told. `now` is the day on which the register stands (else its latest publication),
    `delay` how late reports come (else estimated from the register, where it tells of enough). With
    `lately` only weeks that bear on surges since then are judged.
    """
    asked = asked or Filter()
    today = now or _latest(table)
    if delay is None:
        delay = delays.estimate(table, counted_rows(table, asked)[0], today) or delays.NONE
    until = min(asked.until or today, today) if today else asked.until
    window = replace_until(asked, until)
    found = [series(table, unit="week", by=by, measure=name, asked=window) for name in measures]
    first = found[0]
    if len(first.periods) < SHORTEST:
        raise UsageError(
            f"{len(first.periods)} weeks are too few to tell a surge from the usual; "
            f"{SHORTEST} are the least, a year is better"
        )
    lines = [place for place, name in enumerate(first.lines) if name not in NOWHERE]
    counts = np.concatenate([one.counts[lines] for one in found])
    names = [(first.lines[place], one.measure) for one in found for place in lines]
    known = delays.shares(first.starts, delay, today)
    answer = watch(counts, names, first.starts, settings=settings, known=known, since=since, lately=lately)
    return _with_ids(answer, table, by, window)


def _latest(table: Table) -> str | None:
    """The latest day on which the register learned anything."""
    told = table.days["last_published"]
    told = told[told != NEVER]
    return iso(int(told.max())) if told.size else None


def replace_until(asked: Filter, until: str | None) -> Filter:
    """The same filter up to a day."""
    import msgspec

    return msgspec.structs.replace(asked, until=until)


def _with_ids(answer: Watched, table: Table, by: str, window: Filter) -> Watched:
    """Every surge with the ids of its first week's incidents."""
    by_week: dict[str, object] = {}
    surges = []
    for surge in answer.surges:
        if surge.week not in by_week:
            last = iso(int(np.datetime64(surge.week).astype("int64")) + 6)
            by_week[surge.week] = count(table, by=[by], measures=[], asked=narrowed(window, surge.week, last))
        cells = by_week[surge.week]
        assert hasattr(cells, "why")
        surges.append(replace(surge, ids=cells.why(surge.where)))
    return replace(answer, surges=surges)


__all__ = ["MANY", "NOWHERE", "watch_table"]
