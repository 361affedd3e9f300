"""Telegram exports: `result.json` of a chat or of a whole account, and the HTML pages.

Of each message its number, time, sender, origin and words are read; of the rest of the export only
the names, so that they are known when texts are scrubbed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sijill.errors import InputError
from sijill.sources.chat import Message, origin_of, to_documents
from sijill.sources.document import Document
from sijill.sources.pseudonyms import Pseudonyms

_NAME_KEYS = (
    "from",
    "actor",
    "author",
    "forwarded_from",
    "saved_from",
    "via_bot",
    "reply_to_peer_name",
    "inviter",
)
_PERSONAL = {"mention", "mention_name", "phone", "email"}
"""Pieces of a text that name somebody; set apart, so that they are seen whole."""
_JSON = re.compile(r'"messages"\s*:\s*\[|"chats"\s*:\s*\{|"personal_information"\s*:')
_PAGE = re.compile(r'class="page_wrap"|class="message (?:default|service)')
_DATE = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}:\d{2}:\d{2})(?: UTC([+-]\d{2}:\d{2}))?", re.ASCII)


def is_export(head: str) -> bool:
    """Does a JSON file open like an export? A key of Telegram's must stand near its beginning."""
    return bool(_JSON.search(head)) and ('"type"' in head or '"about"' in head)


def is_page(head: str) -> bool:
    """Does an HTML file open like a page of an export?"""
    return bool(_PAGE.search(head)) and "page_header" in head


def read_json(
    text: str, path: str, names: Pseudonyms, *, source: str | None
) -> Iterator[Document | InputError]:
    """The messages of `result.json`."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield InputError(path, f"is broken JSON ({str(error)[:80]})", "export the chat again")
        return
    chats = list(_chats(content))
    if not chats:
        yield InputError(path, "holds no chat", "export a chat from Telegram as JSON")
    rooms = set(_rooms(content))
    people = [*_people(content), *(_text(c.get("name")) for c in chats if c.get("type") == "personal_chat")]
    for chat in chats:
        messages = [_message(row) for row in chat["messages"] if _has_words(row)]
        yield from to_documents(
            messages, chat=_text(chat.get("name")) or None, origin=origin_of(path, names), source=source,
            names=names, people=people, rooms=rooms,
        )  # fmt: skip


def _chats(content: Any) -> Iterator[dict[str, Any]]:
    """The chats of an export, wherever they stand in it."""
    if not isinstance(content, dict):
        return
    if isinstance(content.get("messages"), list):
        yield content
    for key in ("chats", "left_chats"):
        part = content.get(key)
        rows = part.get("list") if isinstance(part, dict) else None
        yield from (
            row for row in rows or () if isinstance(row, dict) and isinstance(row.get("messages"), list)
        )


def _has_words(row: Any) -> bool:
    """Is it a message that somebody wrote?"""
    return (
        isinstance(row, dict)
        and row.get("type", "message") == "message"
        and bool(_text(row.get("text")).strip())
    )


def _message(row: dict[str, Any]) -> Message:
    """A message as the export has it."""
    return Message(
        id=_text(row.get("id")), at=_text(row.get("date")), sender=_text(row.get("from")) or None,
        forwarded=_text(row.get("forwarded_from")) or None, text=_text(row.get("text")),
    )  # fmt: skip


def _text(content: Any) -> str:
    """A text that may come in pieces: strings, and objects with a `text`."""
    if isinstance(content, list):
        return "".join(map(_text, content))
    if isinstance(content, dict):
        words = _text(content.get("text"))
        return f" {words} " if content.get("type") in _PERSONAL else words
    return "" if content is None else str(content)


def _rooms(content: Any) -> Iterator[str]:
    """The names of channels: a chat's own, and those that messages come from, as their ids tell."""
    if isinstance(content, list):
        for part in content:
            yield from _rooms(part)
    elif isinstance(content, dict):
        if "channel" in str(content.get("type", "")) and isinstance(content.get("messages"), list):
            yield _text(content.get("name"))
        for key in ("from", "actor", "forwarded_from", "saved_from"):
            if str(content.get(f"{key}_id", "")).startswith("channel") and isinstance(content.get(key), str):
                yield content[key]
        for part in content.values():
            if isinstance(part, dict | list):
                yield from _rooms(part)


def _people(content: Any) -> Iterator[str]:
    """Every name that the export knows: senders, members, contacts, people who are mentioned."""
    if isinstance(content, list):
        for part in content:
            yield from _people(part)
    elif isinstance(content, dict):
        yield from (name for key in _NAME_KEYS if isinstance(name := content.get(key), str))
        yield from (name for name in content.get("members") or () if isinstance(name, str))
        if content.get("type") == "mention_name":
            yield _text(content)
        first, last = content.get("first_name"), content.get("last_name")
        if isinstance(first, str) or isinstance(last, str):
            yield " ".join(part for part in (first, last) if isinstance(part, str) and part)
        for key, part in content.items():
            if isinstance(part, dict | list) and key != "members":
                yield from _people(part)


def read_page(
    html: str, path: str, names: Pseudonyms, *, source: str | None
) -> Iterator[Document | InputError]:
    """The messages of one page of the HTML export."""
    from resiliparse.parse.html import HTMLTree

    tree: Any = HTMLTree.parse(html)
    title = tree.document.query_selector(".page_header .text")
    messages = list(_of_page(tree.document.query_selector_all("div.message.default")))
    yield from to_documents(
        messages, chat=_words(title) or None, origin=origin_of(path, names), source=source, names=names
    )


def _of_page(blocks: Iterable[Any]) -> Iterator[Message]:
    """The messages of a page. One without a sender continues that of the one before."""
    sender: str | None = None
    for block in blocks:
        forwarded = block.query_selector(".forwarded")
        inner = forwarded if forwarded is not None else block
        for name in block.query_selector_all(".from_name"):
            if forwarded is None or not _within(name, forwarded):
                sender = _words(name)
                break
        date = block.query_selector(".date")
        origin = forwarded.query_selector(".from_name") if forwarded is not None else None
        text = inner.query_selector(".text")
        yield Message(
            id=(block.id or "").removeprefix("message"), at=_iso(date.getattr("title") or "") if date else "",
            sender=sender, forwarded=_words(origin) or None if origin is not None else None,
            text=_lines(text) if text is not None else "",
        )  # fmt: skip


def _within(node: Any, outer: Any) -> bool:
    """Does an element lie in another?"""
    while node is not None:
        if node == outer:
            return True
        node = node.parent
    return False


def _words(node: Any) -> str:
    """The words of an element itself, without what stands in elements inside it."""
    if node is None:
        return ""
    own = "".join(child.text or "" for child in node.child_nodes if child.tag == "#text")
    return " ".join((own or node.text or "").split())


def _lines(node: Any) -> str:
    """The text of a message with its line breaks."""
    from sijill.sources.markup import words_of

    return words_of(node.html)


def _iso(title: str) -> str:
    """The ISO time of `19.04.2024 08:30:00 UTC+03:00`; empty where it is none."""
    found = _DATE.search(title)
    return f"{found[3]}-{found[2]}-{found[1]}T{found[4]}{found[5] or ''}" if found else ""
