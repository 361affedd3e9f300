"""How much of a week is known by now: reports come late.

The delay is the number of days from the end of an incident to its first publication in the register.
Lawless 1994, 'Adjustments for reporting delays and the prediction of occurred but not reported events',
Can. J. Stat. 22: what could have been seen by now weighs what was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sijill.errors import UsageError
from sijill.tally.table import NEVER, Mask, Table, day_number

FEW = 100
"""Incidents below which a register's own delays say too little."""
LONGEST = 90
"""Days after which an incident counts as reported."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Share of incidents that are known `d` days after they happened, d = 0, 1, 2 ...; and of how many."""

    known: tuple[float, ...]
    of: int = 0

    def completeness(self, week_start: str, now: str) -> float:
        """The share of a week's incidents that should be known on a day, 0 to 1."""
        first = day_number(now) - day_number(week_start)
        return float(np.mean([self._at(first - step) for step in range(7)]))

    def _at(self, days: int) -> float:
        if days < 0:
            return 0.0
        return self.known[days] if days < len(self.known) else 1.0


NONE = Delay((1.0,))
"""Everything is known at once."""


def estimate(table: Table, rows: Mask | None = None, now: str | None = None) -> Delay | None:
    """The register's own delays; None where fewer than a hundred incidents tell of them.

    Incidents younger than the longest delay are left out, since only their quick reports are there yet.
    """
    end, published = table.days["end"], table.days["published"]
    mask = (end != NEVER) & (published != NEVER) & (published >= end)
    if rows is not None:
        mask &= rows
    latest = day_number(now) if now else int(published[mask].max()) if mask.any() else 0
    mask &= end <= latest - LONGEST
    if int(mask.sum()) < FEW:
        return None
    late = np.minimum(published[mask] - end[mask], LONGEST)
    known = np.cumsum(np.bincount(late, minlength=LONGEST + 1)) / len(late)
    return Delay(tuple(float(share) for share in known), int(mask.sum()))


def parse(text: str) -> Delay:
    """A delay in words: shares known after 0, 1, 2 ... days, as `0.5,0.8,0.95,1`; or `none`."""
    if text == "none":
        return NONE
    try:
        known = tuple(float(part) for part in text.split(","))
    except ValueError:
        known = ()
    if not known or any(not 0 <= share <= 1 for share in known) or list(known) != sorted(known):
        raise UsageError(f"--delay {text!r}: give growing shares of 1, as 0.5,0.8,0.95,1, or none, or auto")
    return Delay(known)


def shares(starts: list[str], delay: Delay, now: str | None) -> NDArray[np.float64]:
    """For each week the share that should be known; 1 where no day is given."""
    if now is None:
        return np.ones(len(starts))
    old = (date.fromisoformat(now).toordinal() - date.fromisoformat(starts[-1]).toordinal()) > 400
    return np.array([1.0 if old else delay.completeness(start, now) for start in starts])
