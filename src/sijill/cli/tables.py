"""Tables for eyes: incidents and tallies, with the one right-to-left column last.

A terminal that reorders Arabic would carry neighbouring cells along; each Arabic cell is therefore
isolated on a terminal. In a pipe the cells stay as they are.
"""

from __future__ import annotations

import io
import shutil
import sys
from typing import BinaryIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sijill.publish import phrases

MOST = 2_000
"""So many rows of a table are kept; a longer one is for a file in another form."""

WIDE = 150
"""Columns where no terminal says how many there are."""

_INCIDENTS = ("report", "date", "action", "actors", "targets", "toll", "place")
_TALLIES = ("report", "period", "measure", "figure", "group", "by", "compared", "place")
_DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def cell(text: str, *, isolate: bool) -> Text:
    """A cell's text on one line, without direction marks of its own; isolated for a terminal."""
    plain = " ".join(
        "".join(c if c.isprintable() or c == " " else " " for c in text.translate(_DIRECTION)).split()
    )
    if isolate and not plain.isascii():
        plain = f"\N{FIRST STRONG ISOLATE}{plain}\N{POP DIRECTIONAL ISOLATE}"
    return Text(plain)


class TableWriter:
    """Keeps the rows and draws both tables at the end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._kept: tuple[list[tuple[str, ...]], list[tuple[str, ...]]] = ([], [])
        self._counts = [0, 0]

    def write(self, content: tuple[list[tuple[str, ...]], list[tuple[str, ...]]]) -> None:
        """Keeps the rows of one report."""
        for place, rows in enumerate(content):
            self._counts[place] += len(rows)
            self._kept[place].extend(rows[: MOST - len(self._kept[place])])

    def finish(self) -> None:
        """Draws."""
        terminal = self._stream is getattr(sys.stdout, "buffer", None) and sys.stdout.isatty()
        width = shutil.get_terminal_size((WIDE, 24)).columns if terminal else WIDE
        text = io.TextIOWrapper(self._stream, encoding="utf-8", errors="replace", newline="\n")
        console = Console(
            width=width, force_terminal=terminal, record=False, highlight=False, emoji=False, markup=False,
            soft_wrap=False, legacy_windows=False, file=text,
        )  # fmt: skip
        heads = (("incident", _INCIDENTS), ("tally", _TALLIES))
        for place, (name, columns) in enumerate(heads):
            count = self._counts[place]
            if not count:
                console.print(phrases.counted(0, name) + "\n")
                continue
            console.print(_table(phrases.counted(count, name), columns, self._kept[place], isolate=terminal))
            if count > MOST:
                console.print(f"and {count - MOST:,} more; --format jsonl or csv gives them all\n")
        text.detach()  # flushed, and the stream stays open


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]], *, isolate: bool) -> Table:
    """One table."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("date", "period"))
    for row in rows:
        table.add_row(*(cell(text, isolate=isolate) for text in row))
    return table


def console() -> Console:
    """A console on standard output, as wide as the terminal."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((WIDE, 24)).columns if terminal else WIDE
    return Console(width=width, highlight=False, emoji=False, markup=False, legacy_windows=False)


def grid(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    """A table with a title, Arabic isolated on a terminal."""
    return _table(title, columns, rows, isolate=sys.stdout.isatty())
