"""`sijill check`: are published figures what the register's own incidents add up to?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import click

from sijill.cli import asking
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.errors import InputError, UsageError
from sijill.filters import first_day, last_day
from sijill.tally.check import Checked, Verdict, check, told
from sijill.tally.results import Cell, Rows
from sijill.tally.scope import Published
from sijill.tally.words import entry

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_EPILOG = """\b
--file is a CSV with a figure a row. Columns (only figure, since and until are needed):
  id, figure (125, ~125, 90-100, 90-, the last for 'at least 90'), measure, group (whose casualties),
  by (who did it), between (parties that all take part), place, since, until, source, text,
  relation (highest) and against (since when) for a statement of record without a number.
Several codes in one cell are joined by |. Without --file the tallies of the register are checked.

\b
Examples:
  sijill check --db war.db
  sijill check --db war.db --file figures.csv --show
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--file",
    "figures",
    type=_FILE,
    metavar="FILE",
    help="Figures to check instead of the register's tallies.",
)
@click.option("--show", is_flag=True, help="For each figure, what would have to be found, and the incidents.")
@asking.sources
@asking.output
def command(
    figures: Path | None, show: bool, db: str, files: tuple[Path, ...], as_of: str | None,
    form: str | None, out: Path | None,
) -> int:  # fmt: skip
    """Check published figures against what the register's incidents add up to."""
    published = list(read_figures(figures)) if figures else asking.tallies_of(db)
    if not published:
        raise UsageError("no figures to check; give --file FIGURES.csv, or a register with tallies")
    found = check(asking.table_of(db, files, as_of), published)
    content = {"counts": found.counts(), "figures": [_content(verdict) for verdict in found.verdicts]}
    more: list[tuple[str, Rows]] = [
        (f"{one.figure.id}: what would have to be found", Gap(one))
        for one in found.verdicts if show and one.result == "fewer"
    ]  # fmt: skip
    after = [", ".join(f"{often} {entry('check')[name]['en']}" for name, often in found.counts().items())]
    said = [line for one in found.verdicts for line in one.said] if show else []
    asking.write(found, form=form, out=out, content=content, after=after, more=more, said=said)
    return _code(found)


def _code(found: Checked) -> int:
    """0 where all agree, 1 where some do not, 3 where nothing could be compared."""
    counts = found.counts()
    if counts["incomparable"] == len(found.verdicts):
        return NOTHING
    return OK if counts["agrees"] == len(found.verdicts) else LEFT_OUT


class Gap(Rows):
    """What would have to be found to close a gap."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def columns(self) -> list[str]:
        """What, how many incidents, and what they hold."""
        return ["what", "incidents", "figure"]

    def rows(self) -> list[list[Cell]]:
        """One row a kind, and what then is left."""
        labels = entry("check.found")
        rows: list[list[Cell]] = [
            [labels[one.what]["en"], one.incidents, one.best or None] for one in self.verdict.missing
        ]
        rest = (self.verdict.gap or 0) - sum(one.best for one in self.verdict.missing)
        return [*rows, [labels["rest"]["en"], None, max(rest, 0)]]


def _content(verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.figure.id, "published": told(verdict.figure), "result": verdict.result,
        "gap": verdict.gap, "why": verdict.why, "incidents": verdict.ids, "nearest": verdict.nearest,
        "missing": [{"what": one.what, "incidents": one.ids, "figure": one.best} for one in verdict.missing],
        "said": [line._asdict() for line in verdict.said],
    }  # fmt: skip


_LISTS = ("group", "by", "between", "place", "action")
_WORDS = ("measure", "source", "text", "relation", "against")


def read_figures(path: Path) -> Iterator[Published]:
    """The figures of a CSV; InputError names the row that cannot be read."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for place, row in enumerate(csv.DictReader(lines), 2):
            where = f"{path}:{place}"
            try:
                yield _figure(row, where)
            except (UsageError, ValueError) as error:
                raise InputError(where, f"no figure that can be checked ({error})", "mend the row") from None


def _figure(row: dict[str, str], where: str) -> Published:
    cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    if "figure" not in cells:
        raise UsageError("there is no column 'figure'")
    low, high, approx = _number(cells["figure"])
    given = {name: cells[name] for name in _WORDS if cells.get(name)}
    lists = {name: tuple(cells[name].split("|")) for name in _LISTS if cells.get(name)}
    return Published(
        id=cells.get("id") or where.rpartition("/")[2], low=low, high=high, approx=approx,
        since=first_day(cells["since"]) if cells.get("since") else None,
        until=last_day(cells["until"]) if cells.get("until") else None,
        **given, **lists,  # type: ignore[arg-type]
    )  # fmt: skip


def _number(text: str) -> tuple[int | None, int | None, bool]:
    """Low, high and whether it is rounded: 125, ~125, 90-100, 90- (at least), -90 (up to)."""
    plain = text.removeprefix("~").replace(",", "")
    if not plain:
        return None, None, False
    low, dash, high = plain.partition("-")
    ends = [int(part) if part else None for part in ((low, high) if dash else (plain, plain))]
    return ends[0], ends[1], text.startswith("~")
