"""Saved web pages: the article's text, its title, its day, its address, its outlet.

Only what the page says of itself is taken. A date in a form that is no date is left out and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sijill.errors import InputError
from sijill.sources.fields import iso_day
from sijill.sources.source import Row, Source

_DATES = (
    'meta[property="article:published_time"]',
    'meta[itemprop="datePublished"]',
    'meta[name="article:published_time"]',
    'meta[name="pubdate"]',
    'meta[name="publishdate"]',
    'meta[name="date"]',
    'meta[name="DC.date"]',
    'meta[name="DC.date.issued"]',
)
_TITLES = ('meta[property="og:title"]', 'meta[name="twitter:title"]')
_OUTLETS = ('meta[property="og:site_name"]', 'meta[name="application-name"]')
_ADDRESSES = (("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content"))
_IN_SCRIPT = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


def rows(source: Source) -> Iterator[Row | InputError]:
    """The one report of a page."""
    where = source.where(1)
    html = source.whole()
    if "\0" in html:
        yield InputError(where, "holds a NUL byte", "save the page again")
        return
    try:
        fields = article(html)
    except Exception as error:  # whatever the parser makes of a page, it costs this page only
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        yield InputError(where, f"cannot be taken apart ({reason})", "save the article's words as .txt")
        return
    if not fields["text"]:
        yield InputError(where, "holds no article text", "save the article's words as .txt")
        return
    try:
        fields["published"] = iso_day(fields["published"], where) if fields["published"] else None
    except InputError as error:
        source.notice(f"{where}: {error.what}; read without a date")
        fields["published"] = None
    yield Row(where, fields, source.raw(html, whole=True))


def article(html: str) -> dict[str, str | None]:
    """The fields of a page; `published` as the page writes it, `text` empty where nothing was found."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(html)
    options: dict[str, Any] = {
        "preserve_formatting": True,
        "alt_texts": False,
        "list_bullets": False,
        "comments": False,
    }
    text = ""
    for main in (True, False):
        text = text or str(extract_plain_text(tree, main_content=main, **options)).strip()
    title = _first(tree, _TITLES) or _inner(tree, "h1") or (tree.title or "").strip() or None
    if title and text.startswith(title):
        text = text[len(title) :].lstrip() or text
    return {
        "text": text,
        "title": title,
        "published": _first(tree, _DATES)
        or _script_date(html)
        or _attribute(tree, "time[datetime]", "datetime"),
        "url": next((found for query, name in _ADDRESSES if (found := _attribute(tree, query, name))), None),
        "source": _first(tree, _OUTLETS),
    }


def _first(tree: Any, queries: tuple[str, ...]) -> str | None:
    """The content of the first meta element that a query finds."""
    return next((found for query in queries if (found := _attribute(tree, query, "content"))), None)


def _attribute(tree: Any, query: str, name: str) -> str | None:
    """An attribute of the first element that the query finds, if it says anything."""
    element = tree.document.query_selector(query)
    return (element.getattr(name) or "").strip() or None if element is not None else None


def _inner(tree: Any, query: str) -> str | None:
    """The words of the first element that the query finds."""
    element = tree.document.query_selector(query)
    return " ".join((element.text or "").split()) or None if element is not None else None


def _script_date(html: str) -> str | None:
    """The day of publication as a page's structured data gives it."""
    match = _IN_SCRIPT.search(html)
    return match[1] if match else None
