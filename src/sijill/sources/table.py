"""CSV and its cousins with semicolons or tabs, as a stream of rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from sijill.errors import InputError
from sijill.sources.fields import NAMES
from sijill.sources.source import Row, Source

_DELIMITERS = (",", ";", "\t")
_QUOTES = "put a text that holds quotes or separators in quotes, and double the quotes inside"


class _Feed:
    """The lines of a source for the csv module; keeps count of them and sets bad ones aside."""

    def __init__(self, source: Source) -> None:
        self._lines = source.lines()
        self.number = 0
        self.faults: list[InputError] = []
        self.taken: list[str] = []

    def __iter__(self) -> _Feed:
        """Itself."""
        return self

    def __next__(self) -> str:
        """The next line that can be read."""
        for line in self._lines:
            if isinstance(line, InputError):
                self.faults.append(line)
            else:
                self.number = line.number
                self.taken.append(line.text)
                return line.text.removeprefix("\ufeff") if line.number == 1 else line.text
        raise StopIteration


def rows(source: Source) -> Iterator[Row | InputError]:
    """One report for each row under a header that names at least 'text'."""
    csv.field_size_limit(max(csv.field_size_limit(), source.limit))
    feed = _Feed(source)
    reader = csv.reader(feed, delimiter=_delimiter(source.peek()), strict=True)
    header: list[str] | None = None
    head = ""
    while True:
        begin = feed.number + 1
        feed.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield from _drained(feed)
            if header is None or "field limit" in str(error):
                yield InputError(
                    source.where(begin), f"is broken CSV ({error})", f"{_QUOTES}; the rest is left out"
                )
                return
            yield _broken(source.where(begin), str(error), feed.number)
            continue
        yield from _drained(feed)
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [cell.strip().lower() for cell in cells]
            head = "".join(feed.taken)
            if problem := _bad_header(source.where(begin), header):
                yield problem
                return
            continue
        yield _row(source.where(begin), header, cells, source.raw(head + "".join(feed.taken)))
    yield from _drained(feed)


def _broken(where: str, reason: str, last: int) -> InputError:
    """The error for a row that is no CSV; a quote left open swallows all lines up to `last`."""
    if "unexpected end" in reason:
        return InputError(where, f"opens a quote that is never closed (up to line {last})", "close the quote")
    return InputError(where, f"is a broken row ({reason})", _QUOTES)


def _drained(feed: _Feed) -> Iterator[InputError]:
    """The bad lines set aside so far."""
    while feed.faults:
        yield feed.faults.pop(0)


def _delimiter(head: str) -> str:
    """The separator under which the first line names most fields; a comma where all do equally."""
    first = head.lstrip("\ufeff\r\n ").split("\n", 1)[0].lower()

    def known(delimiter: str) -> int:
        cells = [cell.strip(' \r"') for cell in first.split(delimiter)]
        return sum(cell in NAMES for cell in cells) * 100 + len(cells)

    return max(_DELIMITERS, key=known)


def _bad_header(where: str, header: list[str]) -> InputError | None:
    """What is wrong with the header, if anything."""
    if "text" not in header:
        found = ", ".join(name for name in header[:8] if name.isprintable())[:80]
        return InputError(
            where, f"has no column 'text' (found: {found})", "call the column with the report's words 'text'"
        )
    twice = sorted({name for name in header if name in NAMES and header.count(name) > 1})
    if twice:
        return InputError(where, f"has two columns called '{twice[0]}'", "rename one of them")
    return None


def _row(where: str, header: list[str], cells: list[str], raw: bytes) -> Row | InputError:
    """A row by its column names; more cells than columns is an error."""
    if len(cells) > len(header):
        what = f"has {len(cells)} cells under {len(header)} columns"
        return InputError(where, what, _QUOTES)
    return Row(where, dict(zip(header, cells, strict=False)), raw)
