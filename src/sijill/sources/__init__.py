"""Files, folders and standard input as a stream of reports, in the order they are given.

What cannot be read is an `InputError` in its place in the stream, and the rest goes on. Nothing is
held as a whole but one report at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from sijill.errors import InputError
from sijill.records import Report
from sijill.settings import report_limit
from sijill.sources import files
from sijill.sources.fields import to_report
from sijill.sources.source import Notice, Source, opened

__all__ = ["Seen", "read"]


def _unsaid(_: str) -> None:
    """Says nothing."""


def read(
    paths: Sequence[str | Path],
    *,
    published: str | None = None,
    notice: Notice = _unsaid,
    limit: int | None = None,
    seen: Seen | None = None,
) -> Iterator[Report | InputError]:
    """The reports behind paths, and an error for each thing that could not be read.

    `published` holds for reports without a date; `notice` is told what is no error but should be
    known, such as an encoding; `limit` is the largest report in bytes; `seen` counts duplicates.
    """
    limit = report_limit() if limit is None else limit
    seen = seen or Seen()
    for path in files.find(paths, notice):
        if isinstance(path, InputError):
            yield path
        else:
            yield from _read_file(path, published, notice, limit, seen)


def _read_file(
    path: Path, published: str | None, notice: Notice, limit: int, seen: Seen
) -> Iterator[Report | InputError]:
    """The reports of one file."""
    name = files.name_of(path)
    with ExitStack() as stack:
        try:
            stream = files.open_bytes(path)
            if str(path) != "-":
                stack.enter_context(stream)
            source = opened(name, stream, limit=limit, notice=notice)
            yield from _reports(source, path, published, seen)
        except InputError as error:
            yield error
        except OSError as error:
            yield files.os_fault(name, error)


def _reports(source: Source, path: Path, published: str | None, seen: Seen) -> Iterator[Report | InputError]:
    """The reports of an opened file; a file that gives nothing at all says so."""
    silent = True
    for row in files.kind_of(path)(source):
        silent = False
        if isinstance(row, InputError):
            yield row
            continue
        try:
            report = to_report(row.fields, row.where, published=published)
            if seen.is_new(report, row.where):
                yield report
        except InputError as error:
            yield error
    if silent:
        yield InputError(source.where(1), "holds no report", "fill it, or leave it out")


class Seen:
    """The reports read so far: each is read once. `duplicates` counts what came again word for word."""

    def __init__(self) -> None:
        self._words: dict[int, int] = {}
        self.duplicates = 0

    def is_new(self, report: Report, where: str) -> bool:
        """Whether the report is new; InputError where another one already has its id."""
        key, words = _digest(report.id), _digest(f"{report.title or ''}\n{report.text}")
        known = self._words.get(key)
        if known is None:
            self._words[key] = words
            return True
        if known != words:
            what = f"has the id of another report ({files.shown(report.id[:80])})"
            raise InputError(where, what, "give each report an id of its own")
        self.duplicates += 1
        return False


def _digest(text: str) -> int:
    """Eight bytes of a text's digest: enough to tell reports apart, small enough for millions."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
