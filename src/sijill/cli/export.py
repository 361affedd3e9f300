"""`sijill export`: incidents in the forms that others' tools load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click

from sijill import filters
from sijill.cli import material as inputs
from sijill.cli import options
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.cli.out import Output, places, protect
from sijill.cli.progress import Progress
from sijill.errors import UsageError
from sijill.publish import export
from sijill.publish.about import Request
from sijill.publish.export import Exporter
from sijill.publish.phrases import counted
from sijill.publish.profile import Profile, profile
from sijill.publish.table import Table
from sijill.publishing import today

_EPILOG = """\b
Formats of our own: csv, xlsx, parquet, geojson, gpkg, jsonl (read again by --incidents).
Others' layouts: acled, ged, hapi (by district and month), plover, mentions. These are CSV, or
what the suffix of --out says: .xlsx, .parquet, .jsonl.

\b
The public profile is the default: no free text, no private names, protected places coarsened.
Without --out a text format goes to standard output; with --out datapackage.json lies beside.

\b
Examples:
  sijill export --format csv --out incidents.csv
  sijill export --format xlsx --filter 'since=2024-03 place=SY09' --out march.xlsx
  sijill export --incidents incidents.jsonl --format hapi --hxl > hapi.csv
"""

SIDES = ("tolls", "control", "tallies")
BINARY = ("xlsx", "parquet", "gpkg")


@dataclass(frozen=True, slots=True)
class Files:
    """What is written beside the main file, in this order."""

    names: tuple[str, ...]
    extras: tuple[str, ...]


@click.command(epilog=_EPILOG)
@inputs.options
@click.option(
    "--format", "form_name", type=click.Choice(export.FORMATS), default="csv", show_default=True,
    help="Form of the output.",
)  # fmt: skip
@options.profile
@options.grain
@options.links
@click.option("--filter", "asked", default="", metavar="WORDS", help="Which incidents, as key=value words.")
@options.as_of
@click.option(
    "--form", type=click.Choice(["wide", "long"]), default="wide", show_default=True,
    help="One row an incident, or one for each outcome and group.",
)  # fmt: skip
@click.option("--hxl", is_flag=True, help="Add the row of HXL tags below the names (CSV, spreadsheets).")
@click.option(
    "--with", "sides", type=click.Choice(SIDES), multiple=True,
    help="Write this table too, as a file of its own; may be given again.",
)  # fmt: skip
@click.option(
    "--changes-since", metavar="DATE|FILE",
    help="Write what changed or was retracted since a day, or since an earlier jsonl export.",
)  # fmt: skip
@click.option(
    "--lang", type=click.Choice(["ar", "en"]), default="ar", show_default=True,
    help="Direction and title of spreadsheets.",
)  # fmt: skip
@options.licence
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE|FOLDER",
    help="Where to write; files appear whole or not at all. Without it, standard output.",
)  # fmt: skip
def command(
    form_name: str,
    profile_name: str,
    grain: str,
    links: bool,
    asked: str,
    as_of: str | None,
    form: str,
    hxl: bool,
    sides: tuple[str, ...],
    changes_since: str | None,
    lang: str,
    licence: str,
    out: Path | None,
    db: str,
    **given: Path | None,
) -> int:
    """Write incidents for spreadsheets, statistics, maps and others' data sets."""
    progress = Progress()
    kind = export.container(form_name, out)
    _check(kind, form_name, hxl, sides, changes_since, out)
    with inputs.opened(progress, db=db, **given) as source:
        request = Request(
            format=form_name, profile=_profile(profile_name, links, grain), asked=filters.parse(asked),
            filter_text=asked, as_of=as_of, today=today(), form=form, hxl=hxl,
            lang="ar" if lang == "ar" else "en", licence=licence, head=source.material.head(),
        )  # fmt: skip
        exporter = Exporter(source.material, request)
        files = _files(request, kind, sides, changes_since, out)
        protect([path for path in given.values() if path is not None], files)
        with Output(files) as output:
            if out is None:
                exporter.main(output.streams[0], kind, mark=False)
            else:
                _write(exporter, kind, sides, changes_since, files, output.streams)
        for note in exporter.done.notes:
            progress.note(note)
        if hint := exporter.safety.hint():
            progress.note(hint)
        where = f" -> {', '.join(map(str, files))}" if files else ""
        progress.say(_sum(exporter) + where)
        if source.left_out and not any(exporter.done.rows.values()):
            return NOTHING
        return LEFT_OUT if source.left_out else OK


def _profile(name: str, links: bool, grain: str) -> Profile:
    """The profile with its settings."""
    return profile(name, links=links, grain=grain, also_named=options.also_named())


def _check(
    kind: str, form_name: str, hxl: bool, sides: Sequence[str], since: str | None, out: Path | None
) -> None:
    """UsageError for what does not go together."""
    if out is None and kind in BINARY:
        raise UsageError(f"{form_name} is no text for standard output; add --out FILE.{kind}")
    if out is None and (sides or since):
        raise UsageError("--with and --changes-since write files of their own; add --out FOLDER")
    if hxl and kind not in ("csv", "xlsx"):
        raise UsageError(f"HXL tags are a row of CSV or a spreadsheet, not of {kind}; leave --hxl away")
    if hxl and form_name in ("acled", "ged", "plover"):
        raise UsageError(f"the layout {form_name} has no HXL tags; leave --hxl away, or take csv or hapi")
    if sides and (kind in ("xlsx", "gpkg", "geojson") or form_name == "jsonl"):
        more = (
            "a spreadsheet holds these tables already" if kind == "xlsx" else "take --format csv or parquet"
        )
        raise UsageError(f"--with goes with tables of CSV or Parquet: {more}")


def _files(
    request: Request, kind: str, sides: Sequence[str], since: str | None, out: Path | None
) -> list[Path]:
    """The files to write, the main one first, the description last."""
    if out is None:
        return []
    suffix = "parquet" if kind == "parquet" else "csv"
    names = [f"{side}.{suffix}" for side in sides]
    if since:
        names.append("corrections.csv")
    names.append("datapackage.json")
    if out.is_dir():
        return [out / export.file_name(request, kind), *(out / name for name in names)]
    main = places(out, (), ())[0]
    return [main, *(out.with_name(f"{out.stem}.{name}") for name in names)]


def _write(
    exporter: Exporter,
    kind: str,
    sides: Sequence[str],
    since: str | None,
    files: Sequence[Path],
    streams: Sequence[BinaryIO],
) -> None:
    """Writes every file, and describes each."""
    shown: list[Table] = [exporter.main(streams[0], kind)]
    suffix = "parquet" if kind == "parquet" else "csv"
    shown += [exporter.side(side, streams[1 + at], suffix) for at, side in enumerate(sides)]
    if since:
        before, day = inputs.earlier(since, exporter.material)
        shown.append(exporter.corrections(before, day, streams[1 + len(sides)]))
    for table, stream, path in zip(shown, streams, files, strict=False):
        stream.flush()
        if Path(stream.name).is_file():
            exporter.describe(table, path.name, Path(stream.name))
    streams[-1].write(exporter.package())


def _sum(exporter: Exporter) -> str:
    """What was written: `120 incidents, 3 corrections`."""
    names = {"acled": "event", "ged": "event", "plover": "event", "hapi": "cell", "tolls": "toll"}
    parts = []
    for name, count in exporter.done.rows.items():
        noun = names.get(name, name.removesuffix("s") if name != "tallies" else "tally")
        parts.append(counted(count, noun))
    return ", ".join(parts) + f"; profile {exporter.request.profile.name}"
