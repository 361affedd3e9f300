"""RSS and Atom: the entries of a feed as reports, and a pull over the saved list."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from msgspec.structs import replace

from sijill.errors import InputError
from sijill.records import Report
from sijill.sources.document import Document
from sijill.sources.extras import needed
from sijill.sources.feed_store import Feed
from sijill.sources.fetch import Fetcher
from sijill.sources.fields import iso_day, to_report
from sijill.sources.markup import words_of

MEDIA_TYPE = "application/rss+xml"
_FEED = re.compile(rb"<(?:[a-z]+:)?(rss|feed|RDF)[\s>]")
_OPENING = 4096
_AGAIN, _DAY = 5, 1440


def is_feed(data: bytes) -> bool:
    """Do the bytes open like a feed?"""
    head = data[:_OPENING].replace(b"\0", b"")
    return bool(_FEED.search(head)) and b"<html" not in head.lower()


def read_feed(
    data: bytes, origin: str, *, url: str | None, retrieved: str | None, source: str | None, limit: int
) -> Iterator[Document | InputError]:
    """One document with a report for each entry, and an error for each entry that has no words."""
    try:
        parsed = _parsed(data, origin)
    except InputError as error:
        yield error
        return
    outlet = source or _line(parsed.feed.get("title"))
    reports: list[Report] = []
    for number, entry in enumerate(parsed.entries, 1):
        try:
            reports.append(_report(entry, f"{origin}:entry {number}", outlet, limit))
        except InputError as error:
            yield error
    if not parsed.entries:
        yield InputError(origin, "is a feed without entries", "look at it in a browser")
    if reports:
        yield Document(
            data=data, media_type=MEDIA_TYPE, origin=origin, source=outlet, url=url, retrieved=retrieved,
            reports=reports,
        )  # fmt: skip


def _parsed(data: bytes, origin: str) -> Any:
    """The feed taken apart; InputError for one that declares entities, or is none."""
    if b"<!entity" in data.replace(b"\0", b"").lower():
        raise InputError(
            origin, "declares XML entities, which can be a trap", "ask the outlet for a plain feed"
        )
    feedparser = needed("feedparser", "feeds")
    try:
        parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # whatever the parser makes of a feed, it costs this feed only
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise InputError(origin, f"cannot be taken apart ({reason})", "check the address") from None
    if not parsed.get("version") and not parsed.entries:
        raise InputError(origin, "is no feed that can be read", "check the address")
    return parsed


def _report(entry: Any, where: str, outlet: str | None, limit: int) -> Report:
    """The report that an entry is: its full content where it has one, else its summary."""
    bodies = [part.get("value", "") for part in entry.get("content", ())] or [entry.get("summary", "")]
    text = max(map(words_of, bodies), key=len)
    title = words_of(entry.get("title", "")) or None
    if not text and not title:
        raise InputError(where, "has no words", "nothing to do; it is left out")
    if len(text) > limit:
        what = f"is longer than {limit / 1e6:g} MB"
        raise InputError(where, what, "raise SIJILL_MAX_REPORT_MB")
    fields = {
        "text": text or title,
        "title": title if text else None,
        "url": entry.get("link") or None,
        "source": outlet,
        "published": day_of(entry.get("published") or entry.get("updated") or "", where),
    }
    return to_report(fields, where)


def day_of(written: str, where: str) -> str | None:
    """The ISO day of a feed's or mail's date, in the outlet's own time zone; None where it is none."""
    written = written.strip()
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, IndexError):
        pass
    try:
        return iso_day(written, where) if written else None
    except InputError:
        return None


def _line(text: str | None) -> str | None:
    """A title on one line."""
    return " ".join(words_of(text).split()) or None if text else None


def waits_until(feed: Feed) -> datetime | None:
    """When a feed that failed may be asked again by itself: after five minutes, doubled with each
    failure, a day at most. None for one that did not fail."""
    if not feed.failures or feed.asked is None:
        return None
    minutes = min(_AGAIN * 2 ** min(feed.failures - 1, 12), _DAY)
    return datetime.fromisoformat(feed.asked) + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one feed gave, and its state afterwards.

    The state is to be kept only when the documents are: then a pull that is cut short begins again
    where it was.
    """

    feed: Feed
    items: list[Document | InputError]
    changed: bool
    failed: bool = False


def pull(feed: Feed, fetcher: Fetcher, *, limit: int, now: str | None = None) -> Pulled:
    """Asks a saved feed for what is new since its state; a failure is an item and is counted."""
    asked = now or datetime.now(UTC).isoformat(timespec="seconds")
    try:
        fetcher.target(feed.url)
    except InputError as error:  # ours to mend, not the server's: nothing was asked, nothing waits
        return Pulled(feed, [error], False, failed=True)
    try:
        answer = fetcher.get(feed.url, etag=feed.etag, modified=feed.modified)
        if not answer.changed:
            return Pulled(replace(feed, asked=asked, failures=0, fault=None), [], False)
        if not is_feed(answer.data):
            raise InputError(feed.url, "is no feed", "give the address of its RSS or Atom feed")
    except InputError as error:
        failed = replace(feed, asked=asked, failures=feed.failures + 1, fault=f"{error.what}; {error.remedy}")
        return Pulled(failed, [error], False, failed=True)
    items = list(
        read_feed(
            answer.data, feed.url, url=answer.url, retrieved=answer.retrieved, source=feed.source, limit=limit
        )
    )
    state = replace(
        feed, asked=asked, changed=asked, failures=0, fault=None, etag=answer.etag, modified=answer.modified
    )
    if feed.pages:
        behind = list(_pages(items, feed, fetcher, limit))
        if any(isinstance(item, InputError) for item in behind):  # ask for all of it again next time
            state = replace(state, etag=feed.etag, modified=feed.modified, fault="some pages did not come")
        items += behind
    return Pulled(state, items, True)


def _pages(
    items: list[Document | InputError], feed: Feed, fetcher: Fetcher, limit: int
) -> Iterator[Document | InputError]:
    """The page behind each entry of a feed."""
    from sijill.sources.web import from_address

    links = [report.url for item in items if isinstance(item, Document) for report in item.reports]
    for link in dict.fromkeys(link for link in links if link):
        yield from from_address(
            link, fetcher, source=feed.source, published=None, limit=limit, notice=lambda _: None
        )
