"""What was received, byte for byte, with the reports drawn from it.

A text file or a page is one document. Of a file with many reports (JSON, CSV) each report's own
stretch of bytes is one, so that nothing must be held as a whole; a CSV row carries its header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from sijill.errors import InputError
from sijill.records import Report
from sijill.settings import report_limit
from sijill.sources import Seen, files
from sijill.sources.fields import to_report
from sijill.sources.source import Notice, Row, opened


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes as received, and what was drawn from them.

    `origin` is the path or URL as given, with the line where there are many reports; `retrieved`
    an ISO time with zone, None for what was found on the disk.
    """

    data: bytes
    media_type: str
    origin: str
    source: str | None = None
    url: str | None = None
    retrieved: str | None = None
    reports: list[Report] = []


MEDIA_TYPES = {
    ".txt": "text/plain", ".jsonl": "application/json", ".ndjson": "application/json",
    ".json": "application/json", ".csv": "text/csv", ".tsv": "text/tab-separated-values",
    ".html": "text/html", ".htm": "text/html",
}  # fmt: skip


def _unsaid(_: str) -> None:
    """Says nothing."""


def documents(
    paths: Sequence[str | Path],
    *,
    published: str | None = None,
    notice: Notice = _unsaid,
    limit: int | None = None,
    seen: Seen | None = None,
) -> Iterator[Document | InputError]:
    """The documents behind paths, and an error for each thing that could not be read.

    The options are those of `sijill.sources.read`.
    """
    limit = report_limit() if limit is None else limit
    seen = seen or Seen()
    for path in files.find(paths, notice):
        if isinstance(path, InputError):
            yield path
            continue
        try:
            yield from _file(path, published, notice, limit, seen)
        except InputError as error:
            yield error
        except OSError as error:
            yield files.os_fault(files.name_of(path), error)


def _file(
    path: Path, published: str | None, notice: Notice, limit: int, seen: Seen
) -> Iterator[Document | InputError]:
    """The documents of one file."""
    name = files.name_of(path)
    media_type = MEDIA_TYPES.get(path.suffix.lower(), "text/plain")
    with ExitStack() as stack:
        stream = files.open_bytes(path)
        if str(path) != "-":
            stack.enter_context(stream)
        source = opened(name, stream, limit=limit, notice=notice)
        silent = True
        for row in files.kind_of(path)(source):
            silent = False
            if isinstance(row, InputError):
                yield row
                continue
            yield from _document(row, media_type, published, seen)
        if silent:
            yield InputError(source.where(1), "holds no report", "fill it, or leave it out")


def _document(
    row: Row, media_type: str, published: str | None, seen: Seen
) -> Iterator[Document | InputError]:
    """The document of one row; nothing where the same report came before in this run."""
    try:
        report = to_report(row.fields, row.where, published=published)
        if not seen.is_new(report, row.where):
            return
    except InputError as error:
        yield error
        return
    yield Document(
        data=row.raw, media_type=media_type, origin=_origin(row.where, media_type),
        source=report.source, url=report.url, reports=[report],
    )  # fmt: skip


def _origin(where: str, media_type: str) -> str:
    """Where the bytes lay: the file, with the line where it holds many reports."""
    return where.removesuffix(":1") if media_type in ("text/plain", "text/html") else where
