"""`sijill explain`: what was recognised in a text, by which rule, and what was left unread."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from sijill.arabic.words import split
from sijill.cli import options
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.cli.progress import Progress
from sijill.errors import InputError
from sijill.pipeline import load
from sijill.publish import phrases
from sijill.reading.reader import Explanation, Step
from sijill.records import CodedReport, Field, Report, Span, report_id
from sijill.sources import read
from sijill.sources.files import KINDS

_COLOURS = ("red", "green", "yellow", "blue", "magenta", "cyan", "bright_red", "bright_green", "bright_blue")

_TAME = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"}
_TAME |= dict.fromkeys(range(0x7F, 0xA0), 0xFFFD)


@click.command()
@click.argument("text", metavar="TEXT|FILE")
@options.published
@click.option("--title", help="The report's title, where TEXT is a text.")
@options.lexicon
@options.reader
def command(text: str, published: str | None, title: str | None, lexicon: Path | None, reader: str) -> int:
    """Show what was recognised in a text, by which rule, from which words; and what was left unread."""
    pen = Pen(sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    coder = load(reader, lexicon)
    progress, done, left_out = Progress(), 0, 0
    for item in _reports(text, published, title, progress):
        if isinstance(item, InputError):
            left_out += 1
            progress.say(item)
            continue
        if done:
            click.echo("")
        done += 1
        for line in lines(item, coder.explain(item), pen):
            click.echo(line, color=pen.coloured)
    return NOTHING if not done else LEFT_OUT if left_out else OK


def _reports(
    text: str, published: str | None, title: str | None, progress: Progress
) -> Iterator[Report | InputError]:
    """The reports of a file, or the text itself."""
    if text == "-" or _is_path(text):
        return read([text], published=published, notice=progress.note)
    if not text.strip():
        return iter([InputError("TEXT", "is empty", "give a text, a file, or - for standard input")])
    return iter([Report(id=report_id(text, title), text=text, title=title, published=published)])


def _is_path(text: str) -> bool:
    """Whether the argument is a file, or looks like one that does not exist."""
    if any(char.isspace() and char != " " for char in text) or len(text) > 1_000:
        return False
    try:
        return Path(text).exists() or (text.isascii() and Path(text).suffix.lower() in KINDS)
    except (OSError, ValueError):
        return False


class Pen:
    """Marks words: by colour on a terminal, in brackets elsewhere."""

    def __init__(self, coloured: bool) -> None:
        self.coloured = coloured

    def words(self, text: str, rule: str) -> str:
        """Recognised words in the colour of their rule's family."""
        if not self.coloured:
            return f"[{text}]"
        family = rule.replace(":", ".").split(".")[0]
        return click.style(text, fg=_COLOURS[zlib.crc32(family.encode()) % len(_COLOURS)], underline=True)

    def head(self, text: str) -> str:
        """A heading."""
        return click.style(text, bold=True) if self.coloured else text

    def rule(self, text: str) -> str:
        """A rule's name."""
        return click.style(text, fg="cyan") if self.coloured else text

    def quote(self, text: str) -> str:
        """The report's words on one line; kept in their place on a terminal."""
        flat = " ".join(text.split())
        return f"\N{FIRST STRONG ISOLATE}{flat}\N{POP DIRECTIONAL ISOLATE}" if self.coloured else flat


def lines(report: Report, explanation: Explanation, pen: Pen) -> Iterator[str]:
    """The whole explanation, line by line."""
    yield pen.head(f"report {report.id}" + (f", published {report.published}" if report.published else ""))
    for field in ("title", "text"):
        content = _content(report, field)
        if content:
            yield from marked(content, field, explanation.steps, pen).splitlines()
    yield ""
    yield pen.head("recognised")
    yield from _trees(report, explanation.steps, pen)
    yield ""
    yield pen.head("records")
    yield from records(explanation.coded) or ["  none"]
    if explanation.coded.unread:
        yield ""
        yield pen.head("left unread")
        yield from (f"  {pen.quote(_quoted(report, span))}" for span in explanation.coded.unread)


def _content(report: Report, field: str) -> str:
    """A field's text of the same length, with nothing a terminal would obey."""
    content = report.text if field == "text" else report.title or ""
    return content.translate(_TAME)


def _quoted(report: Report, span: Span | Step) -> str:
    """The words of a span or step."""
    return _content(report, span.field)[span.start : span.end]


def marked(content: str, field: Field, steps: Sequence[Step], pen: Pen) -> str:
    """The text with the words that made up any step marked, the longest first where they overlap."""
    found = sorted(
        (step for step in _leaves(steps) if step.field == field and step.start < step.end),
        key=lambda step: (step.start, -step.end),
    )
    parts: list[str] = []
    at = 0
    for step in found:
        if step.start >= at:
            parts += [content[at : step.start], pen.words(content[step.start : step.end], step.rule)]
            at = step.end
    return "".join(parts) + content[at:]


def _leaves(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps that are made of words and not of other steps."""
    for step in steps:
        if step.parts:
            yield from _leaves(step.parts)
        else:
            yield step


def _trees(report: Report, steps: Sequence[Step], pen: Pen) -> Iterator[str]:
    """The steps under the sentence in which they begin."""
    if not steps:
        yield "  nothing"
    for field in ("title", "text"):
        waiting = sorted((s for s in steps if s.field == field), key=lambda step: step.start)
        for start, end in [*_sentences(_content(report, field)), (0, sys.maxsize)]:
            inside = [step for step in waiting if start <= step.start < end]
            if inside:
                waiting = [step for step in waiting if not start <= step.start < end]
                words = _content(report, field)[start:end]
                yield f"  {field} {start}-{min(end, len(words) + start)}: {pen.quote(words[:120])}"
                for step in inside:
                    yield from _tree(report, step, pen, 2)


def _sentences(content: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end."""
    text = split(content)
    return [text.span(first, last) for first, last in text.sentences]


def _tree(report: Report, step: Step, pen: Pen, depth: int) -> Iterator[str]:
    """One step and below it its parts: rule, words, value."""
    indent = "  " * depth
    yield f"{indent}{pen.rule(step.rule)}  {pen.quote(_quoted(report, step))}  = {step.value}"
    for part in step.parts:
        yield from _tree(report, part, pen, depth + 1)


def records(coded: CodedReport) -> list[str]:
    """The records in short, one a line."""
    found = [
        "  " + ", ".join(filter(None, (
            f"incident {mention.id}: {phrases.action(mention)}", phrases.when(mention.date),
            phrases.place(mention.place),
            f"{' '.join(mention.actors) or '?'} -> {' '.join(mention.targets) or '?'}",
            phrases.casualties(mention.casualties),
        )))
        for mention in coded.incidents
    ]  # fmt: skip
    found += [
        "  " + ", ".join(filter(None, (
            f"tally {tally.id}: {tally.measure} {phrases.figure(tally.low, tally.high, tally.approx)}",
            tally.group, f"by {tally.by}" if tally.by else None, phrases.place(tally.place), tally.period,
            phrases.comparison(tally),
        )))
        for tally in coded.tallies
    ]  # fmt: skip
    found += [
        f"  control {item.id}: {item.actor} {item.change} {phrases.place(item.place)}"
        for item in coded.control
    ]
    found += [f"  assessment {item.id}: {item.stance} by {item.speaker}" for item in coded.assessments]
    return found
