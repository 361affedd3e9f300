"""`sijill add`: reports read, coded and stored, each once."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from sijill.cli import options
from sijill.cli.columns import show, write
from sijill.cli.link import told as told_of_links
from sijill.cli.main import OK
from sijill.cli.progress import Progress
from sijill.errors import InputError, UsageError
from sijill.keep import Keeper
from sijill.ledger.store import AddResult
from sijill.linking import link
from sijill.publish.phrases import counted
from sijill.sources import Seen, columns
from sijill.sources.intake import Intake, documents, first_rows
from sijill.sources.published import FORMATS

_EPILOG = """\b
The same command may be given again at any time, after a crash too: what is stored is recognised.

\b
Examples:
  sijill add reports/ feed.jsonl
  sijill add report.txt --published 2024-04-19 --dry-run
  sijill add reports/ --report left-out.csv
  sijill add incidents.xlsx --map incidents.map.yaml
  SIJILL_HOSTS=example.org sijill add https://example.org/rss
"""

SHOWN = 20
"""So many of the items that were left out are shown; --report FILE has them all."""


@click.command(epilog=_EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH|URL...")
@options.published
@options.db
@options.lexicon
@options.reader
@options.jobs
@options.who
@click.option("--no-link", is_flag=True, help="Leave linking to a later `sijill link`.")
@click.option(
    "--source", metavar="NAME", help="The outlet that all of it is from; a chat then keeps this name."
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Which column of a spreadsheet holds what; proposed, shown and saved where FILE is not there yet.",
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="Read a CSV as a published table.")
@click.option("--dry-run", is_flag=True, help="Read and count, and store nothing.")
@click.option(
    "--report", "table", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write what was left out, and why, as CSV.",
)  # fmt: skip
def command(
    paths: tuple[str, ...],
    published: str | None,
    db: str,
    lexicon: Path | None,
    reader: str,
    jobs: int,
    who: str | None,
    no_link: bool,
    source: str | None,
    map_file: Path | None,
    form: str | None,
    dry_run: bool,
    table: Path | None,
) -> int:
    """Read reports, code them and store them, each once."""
    progress, seen = Progress(), Seen()
    intake = Intake.by_settings(
        published=published, notice=progress.note, seen=seen, lexicon=lexicon, source=source, form=form
    )
    if map_file is not None:
        if not map_file.exists():
            return propose(paths, map_file, intake)
        intake = replace(intake, column_map=columns.load(map_file))

    def tell(result: AddResult) -> None:
        progress.tick(8 * (result.added + result.known))

    with Keeper.open(db, write=True, who=who) as register:
        found = documents(paths, settings=intake)
        result = register.add(
            found, reader=reader, lexicon=lexicon, jobs=jobs, dry_run=dry_run, notice=tell
        )  # fmt: skip
        linked = link(register) if result.added and not no_link and not dry_run else None
    progress.clear()
    if table is not None:
        write_left_out(table, result.left_out)
    for line in left_out(result.left_out):
        progress.say(line)
    progress.say(told(result, seen.duplicates))
    if linked is not None:
        progress.say(told_of_links(linked))
    return result.exit_code


def propose(paths: Sequence[str], map_file: Path, intake: Intake) -> int:
    """Proposes a map for the first spreadsheet, shows and saves it; nothing is stored yet."""
    files = [Path(path) for path in paths if Path(path).suffix.lower() in (".csv", ".tsv", ".xlsx")]
    if not files:
        raise UsageError(f"{map_file} does not exist, and no spreadsheet is given to propose it for")
    header, rows, number = first_rows(files[0], intake)
    column_map = columns.propose_map(header, rows, number, name=files[0].stem)
    show(column_map, header, rows)
    write(column_map, map_file)
    return OK


def told(result: AddResult, duplicates: int = 0) -> str:
    """The sum of an `add` in one line."""
    line = f"{'would add' if result.dry_run else 'added'} {counted(result.added, 'report')}"
    counts = ((result.incidents, "incident"), (result.tallies, "tally"))
    line += " (" + ", ".join(counted(number, noun) for number, noun in counts) + ")"
    if result.copies:
        line += f"; {result.copies:,} of them copies of known texts"
    if result.known + duplicates:
        line += f"; {result.known + duplicates:,} known"
    if result.seen_elsewhere:
        line += f"; {result.seen_elsewhere:,} known, now also from elsewhere"
    if result.renewed:
        line += f"; {counted(result.renewed, 'row')} renewed"
    if result.left_out:
        line += f"; {len(result.left_out):,} left out"
    if result.head and not result.dry_run:
        line += f"; head {result.head[0]}:{result.head[1]}"
    return line


def left_out(faults: Sequence[InputError]) -> list[str]:
    """The items that were left out as a table, the first ones."""
    if not faults:
        return []
    lines = [f"left out: {len(faults):,}"]
    lines += [f"  {fault.where}: {fault.what}; {fault.remedy}" for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        lines.append(f"  ... and {len(faults) - SHOWN:,} more; --report FILE writes them all")
    return lines


def write_left_out(path: Path, faults: Sequence[InputError]) -> None:
    """The items that were left out as CSV, in UTF-8 with a mark, so that spreadsheets read it."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["where", "what", "remedy"])
        writer.writerows([fault.where, fault.what, fault.remedy] for fault in faults)
