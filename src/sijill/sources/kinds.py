"""What a file is: recognised by its first bytes, and by its name where these leave it open."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

from sijill.sources import cells, files, mail, telegram, warc, whatsapp, zips
from sijill.sources.encoding import HEAD, NotText, recognise
from sijill.sources.feeds import is_feed


def kind_of(path: Path, *, limit: int, mapped: bool) -> str | None:
    """What a file is, by its first bytes and its name; None where it is nothing that is read.

    Office files over `limit` bytes are told by their names alone. `mapped` says that tables are read
    by a map or as a published format, even where they have a column 'text'.
    """
    try:
        if path.exists() and not path.is_file():
            return "known"  # a pipe or a device
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return "known" if path.exists() else None
    suffix = path.suffix.lower()
    if head.startswith(b"\x1f\x8b"):
        return "warc" if warc.is_archive(_unpacked(head)) else None
    if head.startswith(b"PK\x03\x04"):
        return zips.kind(path.read_bytes()) if path.stat().st_size <= limit else _by_suffix(suffix)
    for kind, fits in _BY_BYTES:
        if fits(head):
            return kind
    if suffix in (".eml", ".mbox"):
        return suffix[1:]
    return _kind_of_text(head, suffix, mapped)


def _by_suffix(suffix: str) -> str | None:
    """An Office file by its name alone."""
    return suffix[1:] if suffix in (".docx", ".xlsx") else None


def _unpacked(head: bytes) -> bytes:
    """The first bytes of a gzip file."""
    try:
        return zlib.decompressobj(47).decompress(head, 64)
    except zlib.error:
        return b""


_BY_BYTES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("pdf", lambda head: head.lstrip()[:5] == b"%PDF-"),
    ("warc", warc.is_archive),
    ("mbox", mail.is_mailbox),
    ("eml", mail.is_mail),
    ("feed", is_feed),
)


def _kind_of_text(head: bytes, suffix: str, mapped: bool) -> str | None:
    """What a text is."""
    try:
        text = head.decode(recognise(head).codec, "replace") if head else ""
    except NotText:
        text = ""
    text = text.lstrip("\ufeff")
    if suffix in (".json", "") and text.lstrip().startswith("{") and telegram.is_export(text):
        return "telegram"
    if suffix in (".html", ".htm") and telegram.is_page(text):
        return "telegram_page"
    if suffix in (".txt", "") and whatsapp.is_export(text):
        return "whatsapp"
    if suffix in (".csv", ".tsv") and text and (mapped or not _has_text(text)):
        return "csv"
    return "known" if suffix in files.KINDS or not suffix else None


def _has_text(text: str) -> bool:
    """Does a table name a column 'text', so that it needs no map?"""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return "text" in [cell.strip(' \r"').lower() for cell in first.split(cells.delimiter(first))]
