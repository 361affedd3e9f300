"""The forms of `sijill code --format`: what is made of a coded report where it was read, and how
that is written. A form is one row of FORMS."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from sijill.publish import phrases, rows
from sijill.records import CodedReport, Report, encode


@dataclass(frozen=True, slots=True)
class Made:
    """What one report gave: how many records, and their content in the chosen form."""

    incidents: int
    tallies: int
    others: int
    content: Any


class Writer(Protocol):
    """Takes the content of one report after the other."""

    def write(self, content: Any) -> None:
        """Writes the content of one report."""
        ...

    def finish(self) -> None:
        """Writes what stands at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Form:
    """How a format is made and written: the file names in a folder, and the words for more files."""

    make: Callable[[Report, CodedReport], Made]
    writer: Callable[[Sequence[BinaryIO]], Writer]
    names: tuple[str, ...]
    extras: tuple[str, ...] = ()


def _made(coded: CodedReport, content: Any) -> Made:
    """The content with its counts."""
    others = len(coded.control) + len(coded.assessments)
    return Made(len(coded.incidents), len(coded.tallies), others, content)


def make_line(report: Report, coded: CodedReport) -> Made:
    """One line of JSON."""
    return _made(coded, encode(coded) + b"\n")


def make_csv(report: Report, coded: CodedReport) -> Made:
    """The rows of incidents and of casualties, as CSV."""
    return _made(
        coded, (csv_lines(rows.incident_rows(report, coded)), csv_lines(rows.casualty_rows(report, coded)))
    )


def make_table(report: Report, coded: CodedReport) -> Made:
    """The cells of the two tables."""
    incidents = [
        (
            report.id, phrases.when(mention.date), phrases.action(mention), ", ".join(mention.actors),
            ", ".join(mention.targets), phrases.casualties(mention.casualties), phrases.place(mention.place),
        )
        for mention in coded.incidents
    ]  # fmt: skip
    tallies = [
        (
            report.id, tally.period or "", tally.measure, phrases.figure(tally.low, tally.high, tally.approx),
            tally.group or "", tally.by or "", phrases.comparison(tally), phrases.place(tally.place),
        )
        for tally in coded.tallies
    ]  # fmt: skip
    return _made(coded, (incidents, tallies))


def csv_lines(cells: Iterable[Sequence[rows.Cell]]) -> bytes:
    """Rows as CSV in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(cells)
    return text.getvalue().encode()


class LineWriter:
    """JSON lines, each on its way as soon as it is made."""

    def __init__(self, streams: Sequence[BinaryIO]) -> None:
        self._stream = streams[0]

    def write(self, content: bytes) -> None:
        """One line."""
        self._stream.write(content)
        self._stream.flush()

    def finish(self) -> None:
        """Nothing stands at the end."""


class CsvWriter:
    """Incidents to the first stream, casualties to the second if there is one.

    Files begin with a byte order mark, without which spreadsheets garble Arabic letters.
    """

    def __init__(self, streams: Sequence[BinaryIO]) -> None:
        self._streams = streams
        mark = b"\xef\xbb\xbf" if len(streams) > 1 else b""
        for stream, columns in zip(streams, (rows.INCIDENT, rows.CASUALTY), strict=False):
            stream.write(mark + csv_lines([[name for name, _ in columns]]))

    def write(self, content: tuple[bytes, bytes]) -> None:
        """The rows of one report."""
        for stream, lines in zip(self._streams, content, strict=False):
            stream.write(lines)

    def finish(self) -> None:
        """Nothing stands at the end."""


def _table_writer(streams: Sequence[BinaryIO]) -> Writer:
    """A writer of tables; loads what draws them only now."""
    from sijill.cli.tables import TableWriter

    return TableWriter(streams[0])


FORMS: dict[str, Form] = {
    "jsonl": Form(make_line, LineWriter, ("coded.jsonl",)),
    "csv": Form(make_csv, CsvWriter, ("incidents.csv", "casualties.csv"), ("casualties",)),
    "table": Form(make_table, _table_writer, ("coded.txt",)),
}
