"""A text cut where its evidence begins and ends, so that a page can colour it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from sijill.records import Evidence, Span


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text; `marks` are what it is evidence of, `[record, pointer]`; `unread` if left so."""

    text: str
    marks: list[tuple[int, str]] = []
    unread: bool = False


Mark = tuple[int, int, int, str]
"""Start and end in the text, number of the record (-1: unread), pointer."""


def marks_of(number: int, evidence: Evidence, field: str = "text") -> list[Mark]:
    """The marks of one record in a field."""
    return [(span.start, span.end, number, pointer)
            for pointer, spans in evidence.items() for span in spans if span.field == field]  # fmt: skip


def unread_of(spans: Iterable[Span], field: str = "text") -> list[Mark]:
    """The marks of what was left unread."""
    return [(span.start, span.end, -1, "") for span in spans if span.field == field]


def cut(text: str, marks: Iterable[Mark], first: int = 0, last: int | None = None) -> list[Piece]:
    """The text from `first` to `last` in pieces, each with all its marks."""
    last = len(text) if last is None else min(last, len(text))
    inside = [(max(start, first), min(end, last), number, pointer)
              for start, end, number, pointer in marks if start < last and end > first]  # fmt: skip
    edges = sorted({first, last, *(mark[0] for mark in inside), *(mark[1] for mark in inside)})
    pieces = []
    for start, end in pairwise(edges):
        here = [mark for mark in inside if mark[0] <= start and mark[1] >= end]
        told = sorted({(number, pointer) for _, _, number, pointer in here if number >= 0})
        pieces.append(Piece(text[start:end], told, any(number < 0 for _, _, number, _ in here)))
    return [piece for piece in pieces if piece.text]


def around(text: str, spans: Iterable[Span], room: int = 160) -> tuple[int, int]:
    """A stretch of text that holds the spans with something before and after, cut at blanks."""
    here = [span for span in spans if span.field == "text"]
    if not here:
        return 0, min(len(text), 2 * room)
    first = max(0, min(span.start for span in here) - room)
    last = min(len(text), max(span.end for span in here) + room)
    if first:
        blank = text.find(" ", first)
        first = blank + 1 if 0 <= blank < first + 40 else first
    if last < len(text):
        blank = text.rfind(" ", 0, last)
        last = blank if blank > last - 40 else last
    return first, last
