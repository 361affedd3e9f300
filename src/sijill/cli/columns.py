"""`sijill columns`: which column of a spreadsheet holds what, proposed, shown and saved."""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli.main import LEFT_OUT, OK
from sijill.cli.progress import Progress
from sijill.errors import UsageError
from sijill.sources import columns
from sijill.sources.intake import Intake, first_rows

_EPILOG = """\b
Examples:
  sijill columns incidents.xlsx --save incidents.map.yaml
  sijill columns incidents.xlsx --map incidents.map.yaml
"""


@click.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="MAP",
    help="Write the proposal to a file.",
)
@click.option(
    "--map", "told", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="MAP",
    help="Show and check a map of one's own instead of a proposal.",
)  # fmt: skip
def command(file: Path, save: Path | None, told: Path | None) -> int:
    """Propose which column of a CSV or XLSX file holds what, from its header and first rows."""
    column_map = columns.load(told) if told is not None else None
    settings = Intake.by_settings(notice=Progress().note, column_map=column_map)
    header, rows, number = first_rows(file, settings)
    if column_map is None:
        column_map = columns.propose_map(header, rows, number, name=file.stem)
    show(column_map, header, rows)
    faults = _faults(column_map, header, file)
    if save is not None:
        write(column_map, save)
    if faults:
        click.echo(f"sijill: {faults}", err=True)
    return LEFT_OUT if faults else OK


def show(column_map: columns.ColumnMap, header: list[str], rows: list[list[str]]) -> None:
    """Prints the map as a table: our field first, so that Arabic headers do not push it about."""
    from sijill.cli.tables import console, grid

    told: list[tuple[str, ...]] = [
        (field, column, example) for column, field, example in columns.shown(column_map, header, rows)
    ]
    console().print(
        grid(f"{column_map.kind}, dates {column_map.dates}", ("field", "column", "first cell"), told)
    )


def write(column_map: columns.ColumnMap, path: Path) -> None:
    """Saves a map, and says so. A map that is there already is not written over."""
    if path.exists():
        raise UsageError(f"{path} is there already; remove it, or save the map elsewhere")
    columns.save(column_map, path)
    click.echo(f"saved: {path}; look it through, then: sijill add ... --map {path}", err=True)


def _faults(column_map: columns.ColumnMap, header: list[str], file: Path) -> str | None:
    """What does not fit."""
    try:
        columns.check(column_map, header, str(file))
    except UsageError as error:
        return str(error)
    return None
