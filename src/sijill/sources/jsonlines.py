"""JSON, one report a line or one list of reports, as a stream; neither is ever held as a whole."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

from sijill.errors import InputError
from sijill.sources.encoding import HEAD
from sijill.sources.source import Line, Row, Source

_MEND = "mend the JSON"
_SPACE = " \t\r\n\ufeff"
_DEEP = "is nested too deeply"


def rows(source: Source) -> Iterator[Row | InputError]:
    """One report for each line; a broken line is an error, and the next one is read."""
    if source.peek().lstrip(_SPACE).startswith("["):
        yield from values(source)
        return
    for line in source.lines():
        if isinstance(line, InputError):
            yield line
        elif line.text.strip(_SPACE):
            yield _row(source, line)


def document(source: Source) -> Iterator[Row | InputError]:
    """The reports of a .json file: a list, one object, or in truth one object a line."""
    first, newline, _ = source.peek().lstrip(_SPACE).partition("\n")
    try:
        by_line = bool(newline) and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        by_line = False
    yield from rows(source) if by_line else values(source)


def _row(source: Source, line: Line) -> Row | InputError:
    """The report that one line of JSON holds."""
    where = source.where(line.number)
    if "\0" in line.text:
        return InputError(where, "holds a NUL byte", "remove it; it is no part of a text")
    try:
        content = json.loads(line.text.strip(_SPACE))
    except json.JSONDecodeError as error:
        return InputError(where, f"is broken JSON ({error.msg.lower()}, column {error.colno})", _MEND)
    except RecursionError:
        return InputError(where, _DEEP, _MEND)
    except ValueError:  # a number of thousands of digits
        return InputError(where, "holds a number that is too long", _MEND)
    return _object(where, content, source.raw(line.text.strip(_SPACE)))


def _object(where: str, content: object, raw: bytes) -> Row | InputError:
    """A row, if the JSON value is an object."""
    if isinstance(content, dict):
        return Row(where, content, raw)
    kinds = {list: "a list", str: "a text", bool: "true or false", int: "a number", type(None): "null"}
    kind = kinds.get(type(content), "a number")
    return InputError(where, f"is {kind}, not an object", 'write one object a report: {"text": "..."}')


def values(source: Source) -> Iterator[Row | InputError]:
    """The objects of one list, or one after the other. Broken JSON ends the file: nothing tells
    where the next report begins."""
    window = _Window(source)
    decoder = json.JSONDecoder()
    while window.skip():
        where = source.where(window.line)
        while True:
            try:
                content, end = decoder.raw_decode(window.text, window.at)
                break
            except RecursionError:
                yield InputError(where, _DEEP, "mend the JSON; the rest of the file is left out")
                return
            except ValueError as error:
                if window.grow():
                    continue
                yield _broken(source, window, error)
                return
        raw = source.raw(window.text[window.at : end])
        window.move(end)
        yield _object(where, content, raw)
    if window.depth > 0:
        yield InputError(
            source.where(window.line), "ends inside a list", "the file seems cut off; get the rest"
        )


def _broken(source: Source, window: _Window, error: ValueError) -> InputError:
    """The error for what could not be read as JSON up to the end or the limit."""
    if window.full:
        return source.too_long(window.line)
    line, reason = window.line, "a number is too long"
    if isinstance(error, json.JSONDecodeError):
        line += window.text.count("\n", window.at, error.pos)
        reason = error.msg.lower()
    return InputError(source.where(line), f"is broken JSON ({reason})", f"{_MEND}; the rest is left out")


class _Window:
    """A stretch of the source's text that moves forward and grows until a value fits in it.

    A broken byte becomes half a character, which costs the one report that holds it.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(source.codec)("surrogateescape")
        self.text, self.at, self.line, self.depth = "", 0, 1, 0
        self._ended = False

    @property
    def full(self) -> bool:
        """Whether the value that begins here is longer than a report may be."""
        return len(self.text) - self.at > self._source.limit

    def grow(self) -> bool:
        """Reads as much again as there is; False at the end or the limit."""
        if self._ended or self.full:
            return False
        self.text, self.at = self.text[self.at :], 0
        raw = self._source.stream.read(max(HEAD, len(self.text)))
        self._ended = not raw
        piece = self._decoder.decode(raw, final=self._ended)
        self.text += piece
        return bool(piece)

    def skip(self) -> bool:
        """Moves to the next value, past space, commas and brackets; False where the text ends."""
        while True:
            end = self.at
            while end < len(self.text) and self.text[end] in _SPACE + "[],":
                end += 1
            passed = self.text[self.at : end]
            self.depth += passed.count("[") - passed.count("]")
            self.move(end)
            if end < len(self.text):
                return True
            if not self.grow():
                return False

    def move(self, end: int) -> None:
        """Moves forward to a place in the text, counting lines."""
        self.line += self.text.count("\n", self.at, end)
        self.at = end
