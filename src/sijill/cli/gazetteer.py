"""`sijill gazetteer build`: a larger gazetteer from files that the user has downloaded."""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli.main import NOTHING, OK
from sijill.lexicon.gazetteer import LICENCE, build

_FILE = click.Path(path_type=Path)
_OUT = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("action", type=click.Choice(["build"]))
@click.option("--geonames", type=_FILE, multiple=True, metavar="FILE", help="A GeoNames dump, as SY.zip.")
@click.option("--alternate", type=_FILE, metavar="FILE", help="Its alternateNamesV2.zip: more Arabic names.")
@click.option("--ocha", type=_FILE, multiple=True, metavar="FILE", help="A COD-AB table, .xlsx or .csv.")
@click.option("--country", multiple=True, metavar="CODE", help="Only this country; may be given often.")
@click.option("--out", type=_OUT, required=True, metavar="FOLDER", help="The folder to write, for --lexicon.")
def command(
    action: str, geonames: tuple[Path, ...], alternate: Path | None, ocha: tuple[Path, ...],
    country: tuple[str, ...], out: Path,
) -> int:  # fmt: skip
    """Build a larger gazetteer from GeoNames dumps or OCHA tables, as a folder for --lexicon."""
    built = build(out, dumps=geonames, names=alternate, ocha=ocha, countries=country)
    click.echo(
        f"{built.added:,} places added, {built.completed:,} of ours given a point, "
        f"{built.left_out:,} left out; {len(built.files)} tables and {LICENCE} in {out / 'places'}"
    )
    return OK if built.files else NOTHING
