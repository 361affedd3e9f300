"""Mail: single messages (.eml) and mailboxes (.mbox), text or HTML parts, in any charset.

What is kept of a mail is the JSON of a chat: its day, subject and words, with pseudonyms for
everybody in it. Attachments are counted and left out; save those that matter as files.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime

import msgspec

from sijill.errors import InputError
from sijill.sources.chat import Chat, Message, origin_of
from sijill.sources.document import Document
from sijill.sources.encoding import NotText, recognise
from sijill.sources.fields import to_report
from sijill.sources.markup import words_of
from sijill.sources.pseudonyms import Pseudonyms
from sijill.sources.source import Notice

MEDIA_TYPE = "application/vnd.sijill.mail+json"
_PEOPLE = (
    "From",
    "To",
    "Cc",
    "Bcc",
    "Sender",
    "Reply-To",
    "Resent-From",
    "Resent-To",
    "Delivered-To",
    "Return-Path",
)
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9\-]{1,60}:")
_NEEDED = {b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version", b"return-path"}
_SEPARATOR = re.compile(rb"From \S+.* \d{4}\r?\n?$")


def is_mail(head: bytes) -> bool:
    """Do the bytes open with the headers of a mail? Three of the usual ones must be there."""
    seen: set[bytes] = set()
    for line in head.split(b"\n")[:80]:
        if not line.strip():
            break
        if line[:1] in b" \t":
            continue
        if not _HEADER.match(line):
            return False
        seen.add(line.partition(b":")[0].lower())
    return len(seen & _NEEDED) >= 3


def is_mailbox(head: bytes) -> bool:
    """Do the bytes open like a mailbox?"""
    first, _, rest = head.partition(b"\n")
    return bool(_SEPARATOR.match(first + b"\n")) and is_mail(rest)


def read_mailbox(
    stream: io.BufferedIOBase, path: str, names: Pseudonyms, *, source: str | None, limit: int, notice: Notice
) -> Iterator[Document | InputError]:
    """The mails of a mailbox, one at a time."""
    for number, raw in enumerate(_split(stream, limit), 1):
        where = f"{path}:mail {number}"
        if len(raw) > limit:
            yield InputError(where, f"is larger than {limit / 1e6:g} MB", "raise SIJILL_MAX_FILE_MB")
            continue
        yield read_mail(raw, where, names, source=source, notice=notice)


def _split(stream: io.BufferedIOBase, limit: int) -> Iterator[bytes]:
    """The bytes of each mail; of one that is too large no more than shows it."""
    mail = bytearray()
    blank, begun = True, False
    for line in iter(lambda: stream.readline(65_536), b""):
        if blank and line.startswith(b"From ") and _SEPARATOR.match(line):
            if begun:
                yield bytes(mail)
            mail, begun = bytearray(), True
            continue
        blank = not line.strip()
        if len(mail) <= limit:
            mail += line[1:] if line.startswith(b">From ") else line
    if mail:
        yield bytes(mail)


def read_mail(
    raw: bytes, where: str, names: Pseudonyms, *, source: str | None, notice: Notice
) -> Document | InputError:
    """The document of one mail."""
    try:
        mail = BytesParser(policy=policy.default).parsebytes(raw)
        assert isinstance(mail, EmailMessage)
        text, others = _body(mail)
        people = list(_people(mail))
        day, subject = _day(mail), _header(mail, "Subject")
    except (
        ValueError,
        LookupError,
        IndexError,
        AttributeError,
        TypeError,
        AssertionError,
        RecursionError,
    ) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:100]
        return InputError(where, f"is a broken mail ({reason})", "save its words as .txt")
    if not text.strip():
        return InputError(where, "is a mail without words", "save its attachments as files, or leave it out")
    if others:
        notice(f"{where}: {others} attached {'file' if others == 1 else 'files'} left out")
    return _document(where, names, source, text, subject, day, people)


def _document(
    where: str, names: Pseudonyms, source: str | None, text: str, subject: str | None, day: str | None,
    people: list[tuple[str, str]],
) -> Document | InputError:  # fmt: skip
    """The document without the people in it."""
    for name, address in people:
        names.person(name)
        local = address.partition("@")[0]
        if name == "" and "." in local:
            names.learn(local.replace(".", " "))
    path, _, number = where.partition(":mail ")
    origin = origin_of(path, names) + (f":mail {number}" if number else "")
    sender = next((names.of("mail", address) for _, address in people if address), None)
    title = names.scrub(subject) if subject else None
    fields = {"text": names.scrub(text), "title": title, "source": source or sender, "published": day}
    try:
        report = to_report(fields, where)
    except InputError as error:
        return error
    message = Message(id="1", at=day or "", sender=sender, text=report.text)
    data = msgspec.json.encode(Chat(chat=report.title, messages=[message]))
    return Document(data=data, media_type=MEDIA_TYPE, origin=origin, source=report.source, reports=[report])


def _header(mail: EmailMessage, name: str) -> str | None:
    """A header on one line; raw bytes in it are read as the text that they are."""
    content = mail.get(name)
    if content is None:
        return None
    line = " ".join(str(content).split())
    if re.search("[\udc80-\udcff]", line):
        line = _text_of(line.encode("utf-8", "surrogateescape"))
    return line or None


def _people(mail: EmailMessage) -> Iterator[tuple[str, str]]:
    """Names and addresses of everybody in the headers, the sender first."""
    for header in _PEOPLE:
        lines = [str(line) for line in mail.get_all(header, [])]
        yield from getaddresses(lines)


def _day(mail: EmailMessage) -> str | None:
    """The ISO day of the mail, in the sender's own time zone."""
    try:
        return parsedate_to_datetime(str(mail.get("Date", ""))).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None


def _body(mail: EmailMessage) -> tuple[str, int]:
    """The words of a mail, and how many attachments it has: plain parts, else HTML parts."""
    plain: list[str] = []
    pages: list[str] = []
    others = 0
    for part in mail.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            others += 1
            continue
        raw = part.get_payload(decode=True)
        text = _decoded(raw if isinstance(raw, bytes) else b"", part.get_content_charset())
        (plain if kind == "text/plain" else pages).append(text)
    words = "\n\n".join(text.strip() for text in plain if text.strip())
    return (words or "\n\n".join(map(words_of, pages))).replace("\r\n", "\n"), others


def _decoded(raw: bytes, charset: str | None) -> str:
    """The text of a part in its charset; where that is wrong or unknown, in the one it shows."""
    try:
        return raw.decode(charset or "ascii")
    except (LookupError, UnicodeDecodeError):
        return _text_of(raw)


def _text_of(raw: bytes) -> str:
    """The text of bytes whose charset nobody tells rightly."""
    try:
        return raw.decode(recognise(raw).codec, "replace") if raw else ""
    except NotText:
        return raw.decode("windows-1256", "replace")
