"""`sijill places`: look a name up as the reader would, list places, check and extend a folder."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.errors import UsageError
from sijill.lexicon.check import check
from sijill.lexicon.entries import Compiled, PlaceEntry
from sijill.lexicon.load import load
from sijill.lexicon.lookup import add, kind_of, listing

_FOLDER = click.Path(file_okay=False, path_type=Path)
_COLUMNS = ("id", "name", "kind", "parent", "admin1", "country", "lat", "lon")


@click.command()
@click.argument("name", required=False)
@click.option("--context", default="", metavar="TEXT", help="A sentence with the name, or what follows it.")
@click.option("--country", metavar="CODE", help="The country of the text; with --list, its places.")
@click.option("--list", "listed", is_flag=True, help="List places as CSV.")
@click.option("--kind", metavar="KIND", help="Of --list or --add: settlement, site, district ...")
@click.option("--parent", metavar="ID", help="Of --list: what lies in it. Of --add: what it lies in.")
@click.option("--check", "checked", type=_FOLDER, metavar="FOLDER", help="Check a folder of word files.")
@click.option("--add", "own", type=_FOLDER, metavar="FOLDER", help="Write NAME into a folder for --lexicon.")
@click.option("--point", metavar="LAT,LON", help="Of --add: its coordinate; --note says where it is from.")
@click.option("--other-names", default="", metavar="A|B", help="Of --add: other spellings.")
@click.option("--note", default="", metavar="TEXT", help="Of --add: English name, where it can be checked.")
@options.lexicon
def command(
    name: str | None, context: str, country: str | None, listed: bool, kind: str | None, parent: str | None,
    checked: Path | None, own: Path | None, point: str | None, other_names: str, note: str,
    lexicon: Path | None,
) -> int:  # fmt: skip
    """Look up a place as the reader would: who bears the name, with which score, and why."""
    if checked is not None:
        return _check(checked)
    if own is not None:
        return _add(own, name, kind, parent, point, other_names, note)
    if listed:
        return _list(load(lexicon), kind, parent, country)
    if not name:
        raise UsageError("give a NAME, or --list, --check FOLDER, or --add FOLDER; --help tells more")
    return _look_up(load(lexicon), name, context, country)


def _look_up(lexicon: Compiled, name: str, context: str, country: str | None) -> int:
    from sijill.reading.lookup import Lookup

    answer = Lookup(lexicon)(name, context, country)
    if not answer.bearers:
        click.echo(f"{name}: not in the gazetteer", err=True)
        return NOTHING
    place = answer.place
    if place is None or place.id is None:
        most = place and (place.admin1 or place.country)
        click.echo("reader: undecided" + (f", somewhere in {most}" if most else ""))
    else:
        point = f"{place.lat}, {place.lon}" if place.lat is not None else "no point"
        click.echo(f"reader: {place.id}, {place.admin1 or place.country}, {place.precision}, {point}")
    for bearer in answer.bearers:
        click.echo(f"\n{bearer.score:6.2f}  {bearer.place.id}  {bearer.place.name}  {_point(bearer.place)}")
        click.echo(f"        in {' < '.join(bearer.line) or 'the world'}")
        click.echo(f"        {'; '.join(bearer.why)}")
        if bearer.place.note:
            click.echo(f"        note: {bearer.place.note}")
    return OK


def _point(place: PlaceEntry) -> str:
    return f"{place.lat},{place.lon}" if place.lat is not None else "-"


def _list(lexicon: Compiled, kind: str | None, parent: str | None, country: str | None) -> int:
    """Writes the places of a kind, parent and country."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(_COLUMNS)
    count = 0
    for place in listing(lexicon, kind=kind, parent=parent, country=country):
        count += 1
        where = (place.parent, place.admin1, place.country, place.lat, place.lon)
        writer.writerow((place.id, place.name, kind_of(place), *where))
    click.echo(lines.getvalue(), nl=False)
    return OK if count else NOTHING


def _check(folder: Path) -> int:
    """Prints every fault of a folder."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    faults: Sequence[object] = check(folder)
    for fault in faults:
        click.echo(str(fault))
    print(f"{len(faults)} faults" if faults else "nothing wrong", file=sys.stderr)
    return LEFT_OUT if faults else OK


def _add(
    folder: Path, name: str | None, kind: str | None, parent: str | None, point: str | None, other: str,
    note: str,
) -> int:  # fmt: skip
    """Writes a place into a folder of one's own."""
    if not name or not parent:
        raise UsageError("--add needs a NAME and --parent ID; `sijill places NAME` shows the ids of a name")
    lat, _, lon = (point or "").replace(" ", "").partition(",")
    row = add(
        folder, name=name, kind=kind or "settlement", parent=parent, other_names=other, lat=lat, lon=lon,
        note=note,
    )  # fmt: skip
    click.echo(f"{row.file}:{row.line}: {row['id']}")
    return OK
