"""Which incidents a question takes, what it leaves out and why, and whether it can be asked at all."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import msgspec
import numpy as np

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.tally.table import NEVER, Mask, Table, iso

SET_ASIDE = ("denied", "retracted")
"""Standings that count only where they are asked for."""


def counted_rows(table: Table, asked: Filter, by: Sequence[str] = ()) -> tuple[Mask, dict[str, int]]:
    """The incidents that count, and what is left out of them by which reason.

    Reasons: `denied`, `foiled`, `planned` (status), `set_aside` (denied or retracted standing),
    `undated` and `unplaced` (fit but for a date or a governorate that nobody told).
    """
    chosen = table.select(asked)
    left_out: dict[str, int] = {}
    if not asked.status and "status" not in by:
        status = table.one["status"]
        for word in status.words:
            if word != "reported":
                left_out[word] = int((chosen & status.among((word,))).sum())
        chosen = chosen & status.among(("reported",))
    if not asked.standing and "standing" not in by:
        aside = table.one["standing"].among(SET_ASIDE)
        left_out["set_aside"] = int((chosen & aside).sum())
        chosen = chosen & ~aside
    left_out |= _nearly(table, asked, by)
    return chosen, {reason: often for reason, often in left_out.items() if often}


def _nearly(table: Table, asked: Filter, by: Sequence[str]) -> dict[str, int]:
    """How many would fit, were their date or governorate told."""
    found: dict[str, int] = {}
    usual = msgspec.structs.replace(asked, status=asked.status or ("reported",))
    if asked.since or asked.until:
        undated = (table.days["start"] == NEVER) | (table.days["end"] == NEVER)
        rest = msgspec.structs.replace(usual, since=None, until=None)
        found["undated"] = int((table.select(rest) & undated).sum())
    if asked.place:
        nowhere = table.one["admin1"].codes < 0
        rest = msgspec.structs.replace(usual, place=())
        found["unplaced"] = int((table.select(rest) & nowhere & ~table.placed_in(asked.place)).sum())
    return found


def check_filter(table: Table, asked: Filter) -> None:
    """UsageError where a question cannot have an answer, with the nearest that can be asked."""
    if asked.since and asked.until and asked.until < asked.since:
        raise UsageError(
            f"the period ends ({asked.until}) before it starts ({asked.since}); "
            f"ask since={asked.until} until={asked.since}"
        )
    known = table.days["start"][table.days["start"] != NEVER]
    if known.size and (asked.since or asked.until):
        first, last = iso(int(known.min())), iso(int(table.days["end"].max()))
        if (asked.since and asked.since > last) or (asked.until and asked.until < first):
            raise UsageError(
                f"the register holds nothing in that period: its incidents run from {first} to {last}; "
                f"ask within them"
            )
    if not len(table):
        return
    _check_words("place", asked.place, table.place_words())
    for name, column in (("actor", "actors"), ("target", "targets")):
        words = set(table.many[column].words)
        _check_words(name, getattr(asked, name), words | {word.partition("/")[0] for word in words})
    _check_words("source", asked.source, {*table.many["sources"].words, *table.many["outlets"].words})


def _check_words(key: str, wanted: Sequence[str], known: set[str]) -> None:
    """UsageError where none of the wanted words occurs in the register."""
    if not wanted or any(word in known for word in wanted):
        return
    near = get_close_matches(wanted[0], sorted(known), 3, 0.5) or sorted(known)[:5]
    what = "|".join(wanted)
    raise UsageError(f"no incident has {key}={what}; the nearest that there are: {', '.join(near)}")


def span(table: Table, rows: Mask) -> tuple[str, str] | None:
    """The first and last day of the incidents of a mask; None where nothing is dated."""
    start, end = table.days["start"][rows], table.days["end"][rows]
    dated = (start != NEVER) & (end != NEVER)
    if not np.any(dated):
        return None
    return iso(int(start[dated].min())), iso(int(end[dated].max()))
