"""What the exports of all messengers come down to: messages without the people in them.

A document of a chat is JSON: the messages that it holds, under pseudonyms, and nothing else of the
export. Numbers, handles and names never reach what is kept, and neither does
the name of the file, which messengers make from the name of the chat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from sijill.errors import InputError
from sijill.records import Report
from sijill.sources import refused
from sijill.sources.document import Document
from sijill.sources.fields import to_report
from sijill.sources.pseudonyms import Pseudonyms

MEDIA_TYPE = "application/vnd.sijill.chat+json"


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message: its number in the chat, ISO time as the export gives it, sender, text.

    `forwarded` is where it was first said.
    """

    id: str
    at: str
    sender: str | None = None
    forwarded: str | None = None
    text: str = ""


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a chat or a mail."""

    chat: str | None
    messages: list[Message]


def to_documents(
    messages: Sequence[Message], *, chat: str | None, origin: str, source: str | None, names: Pseudonyms,
    people: Iterable[str] = (), rooms: Collection[str] = (),
) -> Iterator[Document | InputError]:  # fmt: skip
    """One document for each message with words; senders' names are known before any text is scrubbed.

    `chat` is the chat's name. It is kept where `source` says that it is the outlet, else replaced.
    `rooms` are names of channels: replaced as senders, but left in texts, where they may be plain words
    (a channel called 'Aleppo today' must not take these words out of the news).
    """
    try:
        refused.check(origin, name=chat or source)
    except InputError as error:
        yield error
        return
    kept = {*rooms, *([chat] if chat and source else [])}
    for one in (*people, *(name for m in messages for name in (m.sender, m.forwarded) if name)):
        if one not in kept:
            names.person(one)
    room = source or (names.of("chat", chat) if chat else None)
    silent = True
    for message in messages:
        if message.text.strip():
            silent = False
            try:
                refused.check(f"{origin}:message {message.id}", name=message.forwarded)
                refused.check(f"{origin}:message {message.id}", name=message.sender)
            except InputError as error:
                yield error
                continue
            yield _document(_veiled(message, names, chat, source, kept), room, origin, source)
    if silent:
        yield InputError(origin, "holds no message with words", "export the chat again, with its messages")


def origin_of(path: str, names: Pseudonyms) -> str:
    """What stands for a chat's file: `[file:3fa2c1d0e4b7]`."""
    return names.of("file", path.replace("\\", "/").rpartition("/")[2])


def _veiled(
    message: Message, names: Pseudonyms, chat: str | None, source: str | None, rooms: Collection[str]
) -> Message:
    """The message without the people in it."""

    def known(name: str | None) -> str | None:
        if source and name == chat:
            return source
        return names.of("chat", name) if name and name in rooms else names.person(name)

    return Message(
        id=names.scrub(message.id), at=message.at, sender=known(message.sender),
        forwarded=known(message.forwarded), text=names.scrub(message.text),
    )  # fmt: skip


def _document(message: Message, room: str | None, origin: str, source: str | None) -> Document | InputError:
    """The document of one message."""
    where = f"{origin}:message {message.id}"
    outlet = source or room
    try:
        fields = {"text": message.text, "source": outlet, "published": message.at[:10] or None}
        report: Report = to_report(fields, where)
    except InputError as error:
        return error
    data = msgspec.json.encode(Chat(chat=room, messages=[message]))
    return Document(data=data, media_type=MEDIA_TYPE, origin=where, source=outlet, reports=[report])
