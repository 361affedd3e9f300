"""Pages and feeds by their addresses: fetched behind the guard, read like saved ones."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from sijill.errors import InputError
from sijill.sources import pages
from sijill.sources.document import Document
from sijill.sources.feeds import is_feed, read_feed
from sijill.sources.fetch import Answer, Fetcher
from sijill.sources.fields import to_report
from sijill.sources.source import Notice, Source, opened

Check = Callable[[str], None]
"""Raises InputError for an address that is refused as a source."""


def is_address(text: str) -> bool:
    """Is it an address on the web, and no path?"""
    return text.lower().startswith(("http://", "https://"))


def from_address(
    url: str, fetcher: Fetcher, *, source: str | None, published: str | None, limit: int, notice: Notice
) -> Iterator[Document | InputError]:
    """The page or the entries of the feed at an address."""
    try:
        answer = fetcher.get(url)
        yield from from_answer(answer, url, source=source, published=published, limit=limit, notice=notice)
    except InputError as error:
        yield error


def from_answer(
    answer: Answer, origin: str, *, source: str | None, published: str | None, limit: int, notice: Notice
) -> Iterator[Document | InputError]:
    """What a server's answer holds: the entries of a feed, or the article of a page."""
    if is_feed(answer.data):
        yield from read_feed(
            answer.data, origin, url=answer.url, retrieved=answer.retrieved, source=source, limit=limit
        )
        return
    try:
        yield page(
            answer.data, origin, url=answer.url, retrieved=answer.retrieved, charset=answer.charset,
            source=source, published=published, limit=limit, notice=notice,
        )  # fmt: skip
    except InputError as error:
        yield error


def page(
    data: bytes, origin: str, *, url: str | None = None, retrieved: str | None = None,
    charset: str | None = None, source: str | None = None, published: str | None = None, limit: int,
    notice: Notice,
) -> Document:  # fmt: skip
    """The document of one page, with its one report; InputError where it has none.

    The address is the one it came from; what a page claims as its address stands where there is none.
    """
    rows = list(pages.rows(_decoded(data, charset, origin, limit, notice)))
    row = rows[0]
    if isinstance(row, InputError):
        raise row
    fields = dict(row.fields)
    fields["url"] = url or fields.get("url")
    fields["source"] = source or fields.get("source")
    report = to_report(fields, row.where, published=published)
    return Document(
        data=data, media_type="text/html", origin=origin, source=report.source, url=report.url,
        retrieved=retrieved, reports=[report],
    )  # fmt: skip


def _decoded(data: bytes, charset: str | None, origin: str, limit: int, notice: Notice) -> Source:
    """The page as a source; the server's word on its charset counts where the bytes bear it out."""
    if charset and charset not in ("utf-8", "utf8"):
        try:
            text = data.decode(charset)
            return opened(origin, io.BytesIO(text.encode()), limit=limit, notice=notice)
        except (LookupError, UnicodeError):
            notice(f"{origin}: is not {charset[:20]}, as its server says")
    return opened(origin, io.BytesIO(data), limit=limit, notice=notice)
