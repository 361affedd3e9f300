"""Are published figures what the register's own incidents add up to?

check(table, [Published(id="a", low=125, high=125, by=("IS",), since="2019-03-24", until="2019-06-03")])
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.tally.figures import MEASURES, Sum, figures
from sijill.tally.record import record
from sijill.tally.results import Cell, Rows
from sijill.tally.scope import (
    COUNTABLE,
    Published,
    Reading,
    groups_of,
    in_window,
    placed,
    readings,
    rows_of,
    sum_of,
    usual,
)
from sijill.tally.table import NEVER, Mask, Table, iso
from sijill.tally.wanted import counted_rows
from sijill.tally.words import Said, measure_name, say

Result = Literal["agrees", "fewer", "more", "incomparable"]

ABOUT = 0.1
"""'About n' agrees with what lies within a tenth of n: round figures keep one or two digits."""

STRAINED = 2
"""More departures than that from the usual reading of a scope fit any figure, and explain none."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What could close a gap: incidents that would count were one thing told of them, and what they hold."""

    what: str
    incidents: int
    best: int
    ids: list[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one figure.

    `sum` and `incidents` are those of the usual reading, `gap` the figure less what the register has
    (0 where they agree); `nearest` the reading that comes closest, with its sum; `missing` what
    would have to be found, where the register has fewer.
    """

    figure: Published
    result: Result
    why: str
    sum: Sum | None = None
    incidents: int = 0
    ids: list[str] = field(default_factory=list)
    gap: int | None = None
    nearest: list[str] = field(default_factory=list)
    nearest_sum: Sum | None = None
    missing: list[Missing] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Checked(Rows):
    """The verdicts on several figures, in their order."""

    verdicts: list[Verdict]

    def columns(self) -> list[str]:
        """The figure, what the register has, and how they stand."""
        sums = ("low", "best", "high")
        return ["figure", "scope", "published", *sums, "incidents", "result", "gap", "nearest", "why"]

    def rows(self) -> list[list[Cell]]:
        """One row a figure."""
        return [_row(verdict) for verdict in self.verdicts]

    def counts(self) -> dict[str, int]:
        """How many figures had each result."""
        found = dict.fromkeys(("agrees", "fewer", "more", "incomparable"), 0)
        for verdict in self.verdicts:
            found[verdict.result] += 1
        return found


def _row(verdict: Verdict) -> list[Cell]:
    sums = (
        (None, None, None) if verdict.sum is None else (verdict.sum.low, verdict.sum.best, verdict.sum.high)
    )
    nearest = "; ".join(verdict.nearest)
    if verdict.nearest_sum is not None and nearest:
        nearest += f": {verdict.nearest_sum.best}"
    figure = verdict.figure
    return [figure.id, scope(figure), told(figure), *sums, verdict.incidents, verdict.result, verdict.gap,
            nearest or None, verdict.why or None]  # fmt: skip


def scope(figure: Published) -> str:
    """A figure's scope in short: `killed, SY-GOV, by IS, in SY09, 2019-03-24 to 2019-06-03`."""
    parts = [
        figure.measure, "|".join(figure.group), f"by {'|'.join(figure.by)}" if figure.by else "",
        " against ".join(figure.between), f"in {figure.place[-1]}" if figure.place else "",
        f"{figure.since or '?'} to {figure.until or '?'}",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def told(figure: Published) -> str:
    """A figure as it was published."""
    if figure.low is None and figure.high is None:
        return figure.relation or "?"
    if figure.low == figure.high:
        said = str(figure.low)
    else:
        said = (
            f"{figure.low if figure.low is not None else ''}-{figure.high if figure.high is not None else ''}"
        )
    return f"~{said}" if figure.approx else said


def check(table: Table, published: Iterable[Published]) -> Checked:
    """How each figure stands to the register's incidents of the same scope."""
    return Checked([_checked(table, figure) for figure in published])


def _checked(table: Table, figure: Published) -> Verdict:
    if figure.relation and figure.low is None and figure.high is None:
        return _record(table, figure)
    why = _incomparable(table, figure)
    if why:
        return Verdict(figure, "incomparable", why, said=[say("check.cannot", id=figure.id, why=why)])
    reading = usual(figure, table)
    mask = rows_of(table, figure, reading)
    own = sum_of(table, figure, reading, mask)
    result, gap = judge(figure, own)
    counted = mask & _telling(table, figure, reading)
    nearest, nearest_sum = _nearest(table, figure, own, reading) if result != "agrees" else ([], None)
    missing = _missing(table, figure, reading, mask) if result == "fewer" else []
    said = [say("check.line", id=figure.id, told=told(figure), best=own.best, low=own.low,
                high="?" if own.high is None else own.high, n=int(counted.sum()),
                result=say(f"check.{result}"), gap=gap, measure=measure_name(_measure(figure)))]  # fmt: skip
    return Verdict(
        figure, result, _partial(table, figure), own, int(counted.sum()), _ids(table, counted), gap, nearest,
        nearest_sum, missing, said,
    )  # fmt: skip


def _telling(table: Table, figure: Published, reading: Reading) -> Mask:
    """The incidents that tell a figure of the groups that count; all where everybody counts."""
    groups = groups_of(table, figure, reading)
    if not groups or _measure(figure) in ("incidents", "killed_or_wounded"):
        return np.ones(len(table), dtype=bool)
    return figures(table, _measure(figure), groups).told


def judge(figure: Published, own: Sum) -> tuple[Result, int]:
    """Agrees, fewer or more; and the gap from the register's best to the figure, 0 where they agree."""
    low = figure.low if figure.low is not None else 0
    high = figure.high if figure.high is not None else float("inf")
    slack = ABOUT if figure.approx else 0.0
    most = max(own.best, own.high or 0)
    if most >= low * (1 - slack) and own.low <= high * (1 + slack):
        return "agrees", 0
    if most < low * (1 - slack):
        return "fewer", low - own.best
    return "more", int(high) - own.best


def _measure(figure: Published) -> str:
    return COUNTABLE.get(figure.measure, figure.measure)


def _ids(table: Table, mask: Mask) -> list[str]:
    return table.ids_of(mask)


def _incomparable(table: Table, figure: Published) -> str:
    """Why a figure cannot be compared; empty where it can."""
    if figure.low is None and figure.high is None:
        return "no number is told"
    if _measure(figure) not in MEASURES:
        return f"{figure.measure} is nothing that incidents add up to"
    if figure.since is None:
        return "no beginning of the period is told"
    if figure.until is None:
        return "no end of the period is told, nor the day of publication"
    if figure.until < figure.since:
        return f"its period ends ({figure.until}) before it starts ({figure.since})"
    first, last = _span(table)
    if first is None or last is None or figure.until < first or figure.since > last:
        return f"the register has no incident in that period; its own run from {first} to {last}"
    if figure.place and not table.placed_in((*figure.place, *figure.wider)).any():
        return f"no incident is placed in {' or '.join(figure.place)}"
    return ""


def _span(table: Table) -> tuple[str | None, str | None]:
    start, end = table.days["start"], table.days["end"]
    dated = (start != NEVER) & (end != NEVER)
    if not dated.any():
        return None, None
    return iso(int(start[dated].min())), iso(int(end[dated].max()))


def _partial(table: Table, figure: Published) -> str:
    """A warning where the register covers but a part of the period."""
    first, last = _span(table)
    if first and figure.since and figure.since < first:
        return f"the register begins on {first}, after the figure's period does"
    if last and figure.until and figure.until > last:
        return f"the register ends on {last}, before the figure's period does"
    return ""


def _nearest(table: Table, figure: Published, own: Sum, first: Reading) -> tuple[list[str], Sum | None]:
    """The reading closest to the figure, where it is closer than the usual one: what it reads otherwise."""
    target = figure.low if figure.low is not None else figure.high
    assert target is not None
    best = (abs(own.best - target), 0)
    found: tuple[list[str], Sum | None] = ([], None)
    for reading in readings(figure, first):
        changes = reading.changes(first)
        if len(changes) > STRAINED:
            continue
        added = sum_of(table, figure, reading, rows_of(table, figure, reading))
        key = abs(added.best - target), len(changes)
        if key < best:
            best, found = key, (changes, added)
    return found


def _missing(table: Table, figure: Published, reading: Reading, mask: Mask) -> list[Missing]:
    """Incidents that would count were one thing told of them, and figures that are not told."""
    usual_rows = counted_rows(table, Filter())[0]
    dated = in_window(table, figure, reading)
    there = placed(table, figure, reading)
    actors = table.many["actors"]
    done = actors.among(figure.by, groups=True) if figure.by else np.ones(len(table), dtype=bool)
    nobody = (np.diff(actors.offsets) == 0) | actors.among(("UNKNOWN",))
    undated = (table.days["start"] == NEVER) | (table.days["end"] == NEVER)
    unplaced = table.one["admin1"].codes < 0
    parties = np.ones(len(table), dtype=bool)
    for party in figure.between:
        parties &= actors.among((party,), groups=True) | table.many["targets"].among((party,), groups=True)
    base = usual_rows & parties & ~mask
    found = [("undated", base & undated & there & done)]
    if figure.place:
        found.append(("unplaced", base & dated & unplaced & ~there & done))
    if figure.by:
        found.append(("nobody", base & dated & there & nobody & ~done))
    measure = _measure(figure)
    groups = () if measure == "incidents" else groups_of(table, figure, reading)
    best = figures(table, measure, groups).best
    rows = [Missing(what, int(rows.sum()), int(best[rows].sum()), _ids(table, rows)) for what, rows in found]
    if measure != "incidents":
        silent = mask & ~figures(table, measure).told
        rows.append(Missing("untold", int(silent.sum()), 0, _ids(table, silent)))
        if figure.group:
            persons = figures(table, measure, ("PERSONS",)).best
            some = mask & (persons > 0)
            rows.append(Missing("persons", int(some.sum()), int(persons[some].sum()), _ids(table, some)))
    return [row for row in rows if row.incidents]


def _record(table: Table, figure: Published) -> Verdict:
    """A statement of record: is the period really the highest since?"""
    measure = _measure(figure)
    try:
        if figure.relation not in ("highest", "first") or measure not in MEASURES:
            raise UsageError(f"a statement of '{figure.relation}' without a number cannot be checked")
        if not figure.since or not figure.until:
            raise UsageError("no period is told")
        found = record(
            table, _period_name(figure), since=_since(figure), measure=measure,
            asked=Filter(place=figure.place, actor=figure.by, target=figure.group),
        )  # fmt: skip
    except UsageError as error:
        why = str(error)
        return Verdict(figure, "incomparable", why, said=[say("check.cannot", id=figure.id, why=why)])
    result: Result = "more" if found.verdict == "not_highest" else "agrees"
    why = f"{found.rival} has {found.rival_count}" if result == "more" else ""
    if not found.count:
        why = f"the register has no {measure} in {found.period}"
        return Verdict(figure, "incomparable", why, said=[say("check.cannot", id=figure.id, why=why)])
    own = Sum(found.low, found.count, found.count, len(found.ids))
    return Verdict(figure, result, why, own, len(found.ids), found.ids, None, said=found.said)


def _period_name(figure: Published) -> str:
    """The month, year or day that a statement of record is about."""
    since, until = figure.since or "", figure.until or ""
    if since[:7] == until[:7]:
        return since if since == until else since[:7]
    if since[:4] == until[:4]:
        return since[:4]
    raise UsageError("its period is no month or year")


def _since(figure: Published) -> str | None:
    """The day since which the record is said to hold, where it is told as a date."""
    begin = (figure.against or "").partition("/")[0].replace("~", "").replace("..", "")
    return begin or None
