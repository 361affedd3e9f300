"""`sijill series`: counts in a row, zero-filled, with rolling means, bars, and a picture."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sijill.cli import asking
from sijill.cli.main import OK
from sijill.errors import UsageError
from sijill.tally.periods import UNITS, Unit
from sijill.tally.results import Cell
from sijill.tally.series import Series, series, sparkline
from sijill.tally.words import Said, arabic_dates, entry, measure_name
from sijill.tally.words import note as words_note

if TYPE_CHECKING:
    from sijill.publish.names import Label

MOST_LINES = 4
"""More lines in one picture cannot be told apart; the largest are drawn."""
FEW_BARS = 24
"""Up to so many periods of one line are bars."""

_EPILOG = """\b
Examples:
  sijill series --db war.db --unit week --by governorate --measure killed --bars
  sijill series --db war.db --unit month --rolling 3 --format csv --out months.csv
  sijill series --db war.db --unit month --picture months.svg
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--unit", type=click.Choice(UNITS), default="month", show_default=True, help="Length of a period."
)
@click.option("--by", metavar="NAME", help="One line for each: governorate, district, actor, action ...")
@click.option("--measure", default="incidents", show_default=True, help="What is counted.")
@click.option("--rolling", type=click.IntRange(0, 520), default=0, metavar="N", help="Mean of N periods.")
@click.option("--bars", is_flag=True, help="One row of bars a line instead of a table.")
@click.option(
    "--picture", type=click.Path(path_type=Path), metavar="FILE", help="Draw a .svg, .png or .pdf as well."
)
@asking.sources
@asking.asked
@asking.output
def command(
    unit: Unit, by: str | None, measure: str, rolling: int, bars: bool, picture: Path | None, db: str,
    files: tuple[Path, ...], as_of: str | None, where: str, since: str | None, until: str | None,
    form: str | None, out: Path | None,
) -> int:  # fmt: skip
    """Counts in a row, with zero where nothing is documented."""
    if picture is not None and picture.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise UsageError(f"--picture {picture}: pictures are .svg, .png or .pdf")
    table = asking.table_of(db, files, as_of)
    found = series(table, unit=unit, by=by, measure=measure, rolling=rolling,
                   asked=asking.filter_of(where, since, until))  # fmt: skip
    if picture is not None:
        draw(found, picture)
        if len(found.lines) > MOST_LINES:
            click.echo(
                f"note: {picture} shows the {MOST_LINES} largest of {len(found.lines)} lines", err=True
            )
    labels = entry("rows")
    after = [
        f"in no period: {often:,} incidents, {labels[name]['en']}" for name, often in found.apart.items()
    ]
    after += [f"not counted: {often:,} {entry('left_out')[why]}" for why, often in found.left_out.items()]
    content = {"measure": measure, "unit": unit, "by": by, "apart": found.apart, "left_out": found.left_out}
    if bars or (asking.form_of(form, out) == "table" and len(found.lines) * len(found.periods) > 400):
        asking.write(Bars(found), form=form, out=out, content=content, after=after)
    else:
        asking.write(found, form=form, out=out, content=content, after=after)
    return OK


class Bars(Series):
    """A series as rows of bars."""

    __slots__ = ()

    def __init__(self, found: Series) -> None:
        for name in found.__slots__:
            object.__setattr__(self, name, getattr(found, name))

    def width(self) -> int:
        """How many bars a row has room for."""
        return max(shutil.get_terminal_size((150, 24)).columns - 40, 20)

    def columns(self) -> list[str]:
        """A line, its sum, its highest count, and its bars."""
        shown = self.periods[-self.width() :]
        return [self.by or "line", "sum", "most", f"{shown[0]} to {shown[-1]}"]

    def rows(self) -> list[list[Cell]]:
        """One row a line; long lines show their last periods."""
        return [
            [name, int(cells.sum()), int(cells.max()), sparkline(cells[-self.width() :])]
            for name, cells in zip(self.lines, self.counts, strict=True)
        ]


def draw(found: Series, path: Path) -> None:
    """Draws a series into a .svg, .png or .pdf, at most four lines, right to left."""
    from sijill.publish import charts
    from sijill.publish.names import Label

    measure, note = measure_name(found.measure), words_note()
    order = sorted(
        range(len(found.lines)), key=lambda line: (-int(found.counts[line].sum()), found.lines[line])
    )
    lines = [
        charts.Series(label=_label(found, line, measure), values=found.counts[line].tolist())
        for line in order[:MOST_LINES]
    ]
    begin, end = found.periods[0], found.periods[-1]
    whose = Label("", "")
    if found.by and len(lines) == 1:  # which has no legend
        whose = Label(f"{lines[0].label.en}: ", f"{lines[0].label.ar}: ")
    arabic = arabic_dates(f"({begin}/{end})")
    spec = charts.ChartSpec(
        kind="line" if len(found.periods) > FEW_BARS or len(lines) > 1 else "bar",
        title=Label(f"{whose.en}{measure.en}, {begin} to {end}", f"{whose.ar}{measure.ar} {arabic}"),
        unit=Label(measure.en, measure.ar), categories=found.periods, series=lines,
        note=Label(note.en, note.ar),
    )  # fmt: skip
    charts.draw(spec, path)


def _label(found: Series, line: int, measure: Said) -> Label:
    """The name of a line: a place, a side, an action, or what is counted."""
    from sijill.publish.names import Label

    name = measure if found.by is None else asking.label(found.by, found.lines[line])
    return Label(name.en, name.ar)
