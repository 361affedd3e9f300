"""From named fields to a Report: what each must be, and what to do where it is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time

from sijill.errors import InputError
from sijill.records import Report, report_id

NAMES = ("id", "source", "url", "title", "published", "text")
"""The fields of a report, as columns and keys are called; letter case does not matter."""

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](.+))?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_KINDS = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def to_report(fields: Mapping[str, object], where: str, *, published: str | None = None) -> Report:
    """The report that the fields tell; `published` holds where they give no date.

    >>> to_report({"ID": 7, "Text": "...", "published": "19/04/2024"}, "x.csv:2").published
    '2024-04-19'
    """
    named = _named(fields)
    if named.get("text") is None:
        found = ", ".join(map(str, list(fields)[:8])) or "none"
        raise InputError(
            where, f"has no field 'text' (found: {_shown(found)})", "call the report's words 'text'"
        )
    text = _words(named, "text", where) or ""
    if not text.strip():
        raise InputError(where, "has an empty text", "fill it, or leave the report out")
    title = _words(named, "title", where)
    day = named.get("published")
    return Report(
        id=_id(named, where) or report_id(text, title),
        text=text,
        title=title,
        source=_words(named, "source", where),
        url=_words(named, "url", where),
        published=published if day is None or day == "" else iso_day(day, where),
    )


def _named(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields by their lower-case names; an exact name outranks another letter case."""
    named: dict[str, object] = {}
    for key, content in fields.items():
        name = str(key).strip().lower()
        if name in NAMES and (name not in named or key == name):
            named[name] = content
    return named


def _words(named: Mapping[str, object], name: str, where: str) -> str | None:
    """A field's text; None where it is absent or empty."""
    content = named.get(name)
    if content is None or content == "":
        return None
    if not isinstance(content, str):
        kind = _KINDS.get(type(content), type(content).__name__)
        raise InputError(where, f"'{name}' is {kind}, not text", "put it in quotes as one text")
    if "\0" in content:
        raise InputError(where, f"'{name}' holds a NUL character", "remove it; it is no part of a text")
    if not content.isascii() and (broken := re.search("[\ud800-\udfff]", content)):
        code = ord(broken[0])
        found = f"the broken byte {code - 0xDC00:#04x}" if 0xDC80 <= code <= 0xDCFF else "half a character"
        raise InputError(where, f"'{name}' holds {found} (U+{code:04X})", "repair or remove it")
    return content


def _id(named: Mapping[str, object], where: str) -> str | None:
    """The report's own id; numbers are fine."""
    content = named.get("id")
    if isinstance(content, int | float) and not isinstance(content, bool):
        return str(content)
    own = _words(named, "id", where)
    return own.strip() or None if own else None


def iso_day(content: object, where: str) -> str:
    """The ISO date of 2024-04-19, 2024-04-19T08:30:00Z or 19/04/2024; InputError for anything else.

    A date and time keeps the day as it is written, in the outlet's own time zone.
    """
    if isinstance(content, date):
        return content.isoformat()[:10]
    written = "".join(map(_latin_digit, str(content))).strip()
    day: date | None = None
    try:
        if match := _ISO.fullmatch(written):
            day = date.fromisoformat(match[1])
            if match[2]:
                time.fromisoformat(match[2].strip().replace(" ", ""))
        elif match := _DAY_FIRST.fullmatch(written):
            day = date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        day = None
    if day is None or day.year < 1900:
        shown = _shown(written)
        raise InputError(where, f"'published' is {shown!r}, which is no date", "write it as 2024-04-19")
    return day.isoformat()


def _latin_digit(char: str) -> str:
    """A digit of any script as 0 to 9, any other character as it is."""
    return char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char))


def _shown(text: str) -> str:
    """A short form of a text on one line, for messages."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain if len(plain) <= 80 else plain[:77] + "..."
