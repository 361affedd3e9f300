"""`sijill tally`: how many incidents and people, by any of time, place, side, action and standing."""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli import asking
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.incidents import Incident
from sijill.publish import phrases
from sijill.tally import words
from sijill.tally.count import DIMENSIONS, Counted, count
from sijill.tally.figures import MEASURES, Sum
from sijill.tally.results import Cell, Rows

_EPILOG = """\b
Incidents with a vague date or place stand in rows of their own: vague-date, undated, vague-place,
unplaced. An incident with two actors counts in both rows and once in the sum. '5 (4-9) in 3' is a sum
with its low and high ends, told by three of the incidents; '4 or more': some report gave no high end.

\b
Examples:
  sijill tally --db war.db --by month,governorate --since 2019-03-24
  sijill tally --db war.db --by target --measure killed,wounded --where 'actor=IS place=SY09'
  sijill tally --db war.db --by month,governorate --why 2024-03/SY09
"""


def _names(ctx: click.Context, param: click.Parameter, given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


@click.command(epilog=_EPILOG)
@click.option(
    "--by",
    callback=_names,
    default="month",
    show_default=True,
    metavar="NAMES",
    help=f"What the rows are, joined by commas: {', '.join(DIMENSIONS)}.",
)
@click.option(
    "--measure",
    "measures",
    callback=_names,
    default="incidents,killed,wounded",
    show_default=True,
    metavar="NAMES",
    help=f"What is counted: {', '.join(MEASURES)}.",
)
@click.option(
    "--why", metavar="CELL", help="List the incidents behind a cell: its key joined by /, or total."
)
@click.option("--ids", is_flag=True, help="With JSON, the ids of the incidents behind every cell.")
@asking.sources
@asking.asked
@asking.output
def command(
    by: tuple[str, ...], measures: tuple[str, ...], why: str | None, ids: bool, db: str,
    files: tuple[Path, ...], as_of: str | None, where: str, since: str | None, until: str | None,
    form: str | None, out: Path | None,
) -> int:  # fmt: skip
    """Count incidents and people, by any of time, place, side, action and standing."""
    table = asking.table_of(db, files, as_of)
    found = count(table, by=by, measures=measures, asked=asking.filter_of(where, since, until))
    if why is not None:
        behind = asking.incidents_of(db, files, as_of, found.why(why))
        asking.write(Behind(behind), form=form, out=out, title=why)
        return OK
    content: dict[str, object] = {
        "by": found.by, "measures": found.measures, "left_out": found.left_out, "total": found.total,
        "totals": {name: _sum(found, name) for name in found.measures},
    }  # fmt: skip
    if ids:
        content["ids"] = {"/".join(key): found.why("/".join(key)) for key in found.keys}
    shown = Compact(found) if asking.form_of(form, out) == "table" else found
    asking.write(shown, form=form, out=out, content=content, after=list(_after(found)))
    return OK if found.total else (LEFT_OUT if found.left_out else NOTHING)


def _sum(found: Counted, measure: str) -> dict[str, int | None]:
    total = found.totals[measure]
    return {"low": total.low, "best": total.best, "high": total.high, "told": total.told}


def _after(found: Counted) -> list[str]:
    """What stands below the table: the sum, and what was left out of it."""
    lines = [f"all: {phrases.counted(found.total, 'incident')}" + "".join(
        f"; {words.measure_name(name).en} {_total(total)}, told in {total.told:,}"
        for name, total in found.totals.items() if name != "incidents"
    )]  # fmt: skip
    if found.overlapping:
        lines.append("rows overlap: an incident counts in the row of each side, and once in 'all'")
    labels = words.entry("left_out")
    if found.left_out:
        told = ", ".join(f"{often:,} {labels[reason]}" for reason, often in found.left_out.items())
        lines.append(f"not counted: {told}")
    return lines


def _total(total: Sum) -> str:
    """The sum, with its ends where they differ from it."""
    span = phrases.figure(total.low, total.high)
    return f"{total.best:,}" if span == str(total.best) else f"{total.best:,} ({span})"


class Compact(Rows):
    """Counts for eyes: one column a measure, names beside codes."""

    def __init__(self, found: Counted) -> None:
        self.found = found

    def columns(self) -> list[str]:
        """The dimensions, incidents, and one column a measure."""
        return [*self.found.by, "incidents", *(name for name in self.found.measures if name != "incidents")]

    def rows(self) -> list[list[Cell]]:
        """One row a cell; `5 (4-9) in 3` is a sum with its ends, told by three of the incidents."""
        found = self.found
        return [
            [*(asking.named(name, word) for name, word in zip(found.by, key, strict=True)), often,
             *(_cell(sums[place], often) for name, sums in found.sums.items())]
            for place, (key, often) in enumerate(zip(found.keys, found.incidents, strict=True))
        ]  # fmt: skip


def _cell(total: Sum, incidents: int) -> str:
    """A sum, and by how many of the incidents it is told where not by all."""
    if not total.told:
        return "not told"
    return _total(total) if total.told == incidents else f"{_total(total)} in {total.told:,}"


class Behind(Rows):
    """The incidents behind a figure."""

    def __init__(self, incidents: list[Incident]) -> None:
        self.incidents = incidents

    def columns(self) -> list[str]:
        """What is told of each."""
        return ["incident", "date", "action", "actors", "targets", "killed", "wounded", "sources", "place"]

    def rows(self) -> list[list[Cell]]:
        """One row an incident."""
        return [
            [
                one.id, one.date or one.start, one.action, ", ".join(one.actors), ", ".join(one.targets),
                _toll(one, "killed"), _toll(one, "wounded"), ", ".join(one.sources), phrases.place(one.place),
            ]
            for one in self.incidents
        ]  # fmt: skip


def _toll(one: Incident, outcome: str) -> str:
    low, best, high = one.toll(outcome)  # type: ignore[arg-type]
    if best is None and low is None:
        return "none" if one.no_casualties else "?"
    span = phrases.figure(low, high)
    return str(best) if span == str(best) else f"{best} ({span})"
