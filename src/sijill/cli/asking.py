"""What the commands that ask the register share: where incidents come from, which are asked for, and
how an answer is written."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from sijill.cli.out import Output, places
from sijill.errors import InputError, UsageError
from sijill.filters import Filter, first_day, last_day, parse
from sijill.incidents import Incident
from sijill.publish.rows import guarded
from sijill.tally import words
from sijill.tally.results import Cell, Rows
from sijill.tally.scope import Published
from sijill.tally.table import Table

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("table", "csv", "json")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def sources(function: F) -> F:
    """--db and --incidents: where incidents come from."""
    for option in (
        click.option(
            "--incidents", "files", type=_FILE, multiple=True, metavar="FILE",
            help="Incidents from a JSONL file instead of a register; may be given again.",
        ),
        click.option("--db", metavar="FILE|URL", envvar="SIJILL_DB", help="The register."),
        click.option(
            "--as-of", callback=_day, metavar="DATE", help="Only what was known on that day.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def asked(function: F) -> F:
    """--where, --since and --until: which incidents are asked for."""
    for option in (
        click.option("--until", metavar="DATE", help="Up to this day, month or year."),
        click.option("--since", metavar="DATE", help="From this day, month or year on."),
        click.option(
            "--where", default="", metavar="FILTER",
            help="Which incidents: key=value words, as 'place=SY09|SY04 actor=IS'.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def output(function: F) -> F:
    """--format and --out: how the answer is written."""
    for option in (
        click.option(
            "--out", type=click.Path(path_type=Path), metavar="FILE",
            help="Where to write. Without it, standard output.",
        ),
        click.option(
            "--format", "form", type=click.Choice(FORMATS), help="Form of the answer.  [default: table]"
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def _day(ctx: click.Context, param: click.Parameter, given: str | None) -> str | None:
    return last_day(given) if given is not None else None


def filter_of(where: str, since: str | None, until: str | None) -> Filter:
    """The filter that the options ask for."""
    found = parse(where)
    if since:
        found = msgspec.structs.replace(found, since=first_day(since))
    if until:
        found = msgspec.structs.replace(found, until=last_day(until))
    return found


def table_of(db: str | None, files: Sequence[Path], as_of: str | None) -> Table:
    """The incidents in columns; UsageError where nobody says where they are."""
    return Table.of(incidents_of(db, files, as_of))


def incidents_of(db: str | None, files: Sequence[Path], as_of: str | None) -> Iterator[Incident]:
    """The incidents of a register, or of files."""
    if files:
        later = 0
        for incident in (incident for path in files for incident in read_incidents(path)):
            if as_of and incident.first_published and incident.first_published > as_of:
                later += 1
                continue
            yield incident
        if later:
            click.echo(f"note: {later:,} incidents first published after {as_of} are left out; tolls are "
                       "as the file has them", err=True)  # fmt: skip
        return
    if not db:
        raise UsageError("no incidents; give --db REGISTER (or set SIJILL_DB), or --incidents FILE.jsonl")
    yield from _held(db, as_of)


def _held(db: str, as_of: str | None) -> Iterable[Incident]:
    """The incidents of a register."""
    raise UsageError("registers cannot be opened yet; give --incidents FILE.jsonl")


def tallies_of(db: str | None) -> Iterator[Published]:
    """The tallies that the reports of a register tell, as figures to check."""
    raise UsageError("registers cannot be opened yet; give --file FIGURES.csv")


_decoder = msgspec.json.Decoder(Incident)


def read_incidents(path: Path) -> Iterator[Incident]:
    """The incidents of a JSONL file; InputError names the line that holds none."""
    with path.open("rb") as lines:
        for place, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _decoder.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise InputError(
                    f"{path}:{place}", f"no incident ({error})", "write one incident a line"
                ) from None


def form_of(form: str | None, out: Path | None) -> str:
    """The form asked for, by name or by the suffix of the file."""
    if form:
        return form
    suffix = out.suffix.lower() if out else ""
    return {".csv": "csv", ".json": "json"}.get(suffix, "table")


def write(
    answer: Rows, *, form: str | None, out: Path | None, content: Mapping[str, object] | None = None,
    said: Sequence[words.Said] = (), title: str = "", after: Sequence[str] = (),
    more: Sequence[tuple[str, Rows]] = (),
) -> None:  # fmt: skip
    """Writes an answer: a table with its sentences, CSV rows, or one JSON object.

    `more` are further tables, with their titles, that only the form for eyes shows.

    `content` is what JSON holds besides rows; every form says that figures are documented minimums.
    """
    chosen = form_of(form, out)
    if chosen == "csv":
        text = _csv(answer)
    elif chosen == "json":
        text = _json(answer, content or {}, said)
    else:
        text = _page(answer, title, [*said], after, more, terminal=out is None)
    if out is None:
        sys.stdout.write(text)
        return
    with Output(places(out, (f"answer.{chosen}",), ())[:1]) as files:
        mark = b"\xef\xbb\xbf" if chosen == "csv" else b""
        files.streams[0].write(mark + text.encode())


def _csv(answer: Rows) -> str:
    """The rows, each with the words 'documented minimum' in its last column."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([*answer.columns(), "basis"])
    for row in answer.rows():
        writer.writerow([*map(guarded, row), "documented minimum"])
    return lines.getvalue()


def _json(answer: Rows, content: Mapping[str, object], said: Sequence[words.Said]) -> str:
    whole: dict[str, object] = {**content, "rows": answer.to_dicts()}
    if said:
        whole["said"] = [one._asdict() for one in said]
    whole["note"] = words.note()._asdict()
    return json.dumps(whole, ensure_ascii=False, default=str) + "\n"


def _page(
    answer: Rows, title: str, said: Sequence[words.Said], after: Sequence[str],
    more: Sequence[tuple[str, Rows]], *, terminal: bool,
) -> str:  # fmt: skip
    """Tables for eyes, then the sentences, English before Arabic."""
    isolate = terminal and sys.stdout.isatty()
    parts = [
        drawn(one.columns(), one.rows(), title=name, isolate=isolate)
        for name, one in ((title, answer), *more)
        if one.columns()
    ]
    lines = [*after, *(one.en for one in said), words.note().en, "", *(one.ar for one in said)]
    lines.append(words.note().ar)
    return "".join(parts) + "\n".join(_line(line, isolate=isolate) for line in lines) + "\n"


def _line(text: str, *, isolate: bool) -> str:
    from sijill.cli.tables import cell

    return cell(text, isolate=isolate).plain if text else ""


def drawn(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, title: str = "", isolate: bool = False
) -> str:
    """Rows as a table for eyes; numbers stand to the right, what is not told is `-`."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Drawn

    from sijill.cli.tables import WIDE, cell

    shown = Drawn(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        numeric = all(isinstance(row[place], int | float | None) for row in rows)
        shown.add_column(column.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(cell(_shown(value), isolate=isolate) for value in row))
    text = io.StringIO()
    console = Console(width=WIDE, file=text, highlight=False, emoji=False, markup=False, legacy_windows=False)
    console.print(shown)
    return text.getvalue()


def _shown(value: Cell) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.1g}" if 0 < abs(value) < 0.005 else words.number(value)
    return f"{value:,}" if isinstance(value, int) else value
