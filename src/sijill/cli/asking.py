"""What the commands that ask the register share: where incidents come from, which are asked for, and
how an answer is written."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from sijill import ask
from sijill.cli import options
from sijill.cli.out import Output, places
from sijill.errors import UsageError
from sijill.filters import Filter, first_day, last_day, parse
from sijill.incidents import Incident
from sijill.ledger.register import Register
from sijill.publish.rows import guarded
from sijill.tally import words
from sijill.tally.count import PLACES
from sijill.tally.results import Cell, Rows
from sijill.tally.scope import Published
from sijill.tally.table import Table

if TYPE_CHECKING:
    from sijill.publish.names import Names

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
        options.db,
        click.option(
            "--as-of", metavar="DATE|ENTRY",
            help="What was known on that day; of a register also what held at an entry of its log.",
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


def day_of(as_of: str | None) -> str | None:
    """The last day of --as-of; None where it names an entry of the log."""
    if as_of is None or (as_of.isdigit() and len(as_of) != 4):
        return None
    return last_day(as_of[:10])


def filter_of(where: str, since: str | None, until: str | None) -> Filter:
    """The filter that the options ask for."""
    found = parse(where)
    if found.place:
        found = msgspec.structs.replace(found, place=tuple(map(_code_of, found.place)))
    if since:
        found = msgspec.structs.replace(found, since=first_day(since))
    if until:
        found = msgspec.structs.replace(found, until=last_day(until))
    return found


def table_of(db: str, files: Sequence[Path], as_of: str | None) -> Table:
    """The incidents in columns, of files where there are any, else of the register."""
    if files:
        return Table.of(_of_files(files, as_of))
    return ask.table(db, as_of=as_of)


def incidents_of(db: str, files: Sequence[Path], as_of: str | None, ids: Sequence[str]) -> list[Incident]:
    """The incidents of some ids, of files or of the register."""
    if files:
        wanted = set(ids)
        return [one for one in _of_files(files, as_of) if one.id in wanted]
    with Register.open(db) as register:
        if as_of is None:
            return list(ask.incidents(register, ids))
        wanted = set(ids)
        return [one for one in register.incidents(as_of=as_of) if one.id in wanted]


def _of_files(files: Sequence[Path], as_of: str | None) -> Iterator[Incident]:
    later, day = 0, day_of(as_of)
    if as_of and not day:
        raise UsageError(f"--as-of {as_of}: a file has no log; give a day, as 2024-04-19")
    for incident in (incident for path in files for incident in ask.read_incidents(path)):
        if day and incident.first_published and incident.first_published > day:
            later += 1
            continue
        yield incident
    if later:
        told = f"note: {later:,} incidents first published after {day} are left out"
        click.echo(f"{told}; tolls are as the file has them", err=True)


def tallies_of(db: str) -> list[Published]:
    """The tallies that the reports of a register tell, as figures to check."""
    with Register.open(db) as register:
        return list(ask.published(register))


@lru_cache(maxsize=1)
def _names() -> Names:
    from sijill.publish.names import Names

    return Names()


_CODE = re.compile(r"[A-Z]{2}[A-Z0-9]*")


def _code_of(place: str) -> str:
    """The p-code of a governorate, district or country that is named in English; else the word itself.

    Arabic names stay: they may be those of a village that incidents name so.
    """
    if _CODE.fullmatch(place) or not place.isascii():
        return place
    return _english_units().get(_plain(place), place)


@lru_cache(maxsize=1)
def _english_units() -> dict[str, str]:
    """P-codes and country codes by English name; of two units of one name the larger."""
    found: dict[str, str] = {}
    for identity, entry in _names().places.items():
        code = entry.pcode or (identity.upper() if entry.kind == "country" else "")
        name = _plain(_names().unit(code, "en")) if code else ""
        if name and len(code) < len(found.get(name, code + "-")):
            found[name] = code
    return found


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def label(by: str, word: str) -> words.Said:
    """What a row is called in both languages: a place, a side, an action; else the word itself."""
    rows = words.entry("rows")
    if word in rows:
        return words.say(f"rows.{word}")
    if by in (*PLACES, "country"):
        return words.Said(_names().unit(word, "en"), _names().unit(word, "ar"))
    if by in ("actor", "target"):
        return words.Said(_names().actor(word, "en"), _names().actor(word, "ar"))
    if by == "action":
        return words.Said(_names().action(word, "en"), _names().action(word, "ar"))
    return words.Said(word, word)


def named(by: str, word: str) -> str:
    """A word of a row with its English name, where that says more."""
    name = label(by, word).en
    return word if name.lower().replace(" ", "_") in (word, word.lower()) else f"{word} {name}"


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
