"""`sijill code`: reports in, coded reports out."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import click

from sijill.cli import options
from sijill.cli.forms import FORMS, Form, Made
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.cli.out import Output, places, protect
from sijill.cli.progress import Progress
from sijill.errors import InputError
from sijill.pipeline import load, settle, stream
from sijill.publish.phrases import counted
from sijill.sources import Seen, read

_EPILOG = """\b
Reads .txt .jsonl .ndjson .json .csv .tsv .html .htm, folders with all that is in them, and - for
standard input. Fields: id, source, url, title, published, text; only text is needed.

\b
Examples:
  sijill code report.txt --published 2024-04-19
  sijill code reports/ --format csv --out incidents.csv
  cat feed.jsonl | sijill code - > coded.jsonl
"""


@dataclass
class Sum:
    """What the work came to."""

    reports: int = 0
    incidents: int = 0
    tallies: int = 0
    others: int = 0
    left_out: int = 0
    seen: Seen = field(default_factory=Seen)

    def add(self, made: Made) -> None:
        """Counts one report."""
        self.reports += 1
        self.incidents += made.incidents
        self.tallies += made.tallies
        self.others += made.others

    def exit_code(self) -> int:
        """0 all read, 1 something left out, 3 nothing could be done."""
        if not self.reports:
            return NOTHING
        return LEFT_OUT if self.left_out else OK

    def __str__(self) -> str:
        counts = ((self.reports, "report"), (self.incidents, "incident"), (self.tallies, "tally"))
        line = ", ".join(counted(number, noun) for number, noun in counts)
        if self.seen.duplicates:
            line += f"; {counted(self.seen.duplicates, 'duplicate')} read once"
        if self.left_out:
            line += f"; {self.left_out:,} left out"
        return line


@click.command(epilog=_EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format", "form_name", type=click.Choice(list(FORMS)), help="Form of the output.  [default: jsonl]"
)
@options.published
@options.lexicon
@options.reader
@options.jobs
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE|FOLDER",
    help="Where to write; files appear whole or not at all. Without it, standard output.",
)  # fmt: skip
def command(
    paths: tuple[str, ...],
    form_name: str | None,
    published: str | None,
    lexicon: Path | None,
    reader: str,
    jobs: int,
    out: Path | None,
) -> int:
    """Read reports and write what they tell, in the order they are given."""
    form_name = form_name or _form_of(out)
    form = FORMS[form_name]
    files = places(out, form.names, form.extras) if out else []
    protect(paths, files)
    progress, total = Progress(), Sum()
    load(reader, lexicon)
    settle()
    with Output(files) as output:
        items = read(paths, published=published, notice=progress.note, seen=total.seen)
        with closing(stream(items, form=form.make, reader=reader, lexicon=lexicon, jobs=jobs)) as outcomes:
            writer = form.writer(output.streams)
            for outcome in outcomes:
                if isinstance(outcome, InputError):
                    total.left_out += 1
                    progress.say(outcome)
                    continue
                total.add(outcome)
                writer.write(outcome.content)
                progress.tick(total.reports)
        if total.reports:
            writer.finish()
        else:
            output.discard()
    _conclude(progress, total, form_name, form, files)
    return total.exit_code()


def _form_of(out: Path | None) -> str:
    """The form that a file's suffix asks for; JSON lines where it asks for none."""
    return "csv" if out is not None and out.suffix.lower() == ".csv" else "jsonl"


def _conclude(progress: Progress, total: Sum, form_name: str, form: Form, files: list[Path]) -> None:
    """The last words: what the form does not show, where the files lie, the sum."""
    if form_name == "csv" and not files and total.incidents:
        progress.note("casualties are not shown on standard output; --out FILE writes them beside")
    if form_name == "csv" and total.tallies + total.others:
        progress.note("tallies, control and assessments are not in CSV; --format jsonl gives them")
    where = f" -> {', '.join(map(str, files))}" if files and total.reports else ""
    progress.say(f"{total}{where}")
