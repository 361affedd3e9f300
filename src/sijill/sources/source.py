"""One opened file or stream: its name, its bytes by line or as a whole, never more than the limit."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from sijill.errors import InputError
from sijill.sources.encoding import HEAD, Encoding, NotText, Recoded, recognise

Notice = Callable[[str], None]


class Line(NamedTuple):
    """A line of text with its number, counted from 1; the line end is kept."""

    number: int
    text: str


class Row(NamedTuple):
    """One report as the file gives it, before its fields are checked; `where` is `file:line`.

    `raw` are the bytes it was read from, as they were received.
    """

    where: str
    fields: Mapping[str, object]
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file: `stream` stands behind the byte order mark and gives bytes in `codec`.

    `mark` is that byte order mark, `received` the codec of the file itself.
    """

    name: str
    stream: io.BufferedReader
    codec: str
    limit: int
    notice: Notice
    mark: bytes = b""
    received: str = "utf-8"

    def where(self, line: int) -> str:
        """`file:line`."""
        return f"{self.name}:{line}"

    def too_long(self, line: int, size: int | None = None) -> InputError:
        """The error for what exceeds the limit."""
        length = "more than the limit" if size is None else f"{size / 1e6:,.1f} MB long"
        what = f"is {length}; one report may have {self.limit / 1e6:g} MB"
        return InputError(self.where(line), what, "split it, or raise SIJILL_MAX_REPORT_MB")

    def decode(self, raw: bytes, line: int) -> str:
        """The text of some bytes; InputError with the line that is broken."""
        try:
            return raw.decode(self.codec)
        except UnicodeDecodeError as error:
            line += raw.count(b"\n", 0, error.start)
            byte = f"byte {raw[error.start]:#04x}"
            raise InputError(
                self.where(line), f"holds {byte}, which is not {self.codec.upper()}", "save it again as UTF-8"
            ) from None

    def raw(self, text: str, *, whole: bool = False) -> bytes:
        """The bytes that a stretch of text was read from; the byte order mark stands before the whole."""
        try:
            own = text.encode(self.received, "surrogateescape")
        except UnicodeEncodeError:
            own = text.encode(self.received, "surrogatepass")
        return self.mark + own if whole else own

    def lines(self) -> Iterator[Line | InputError]:
        """The lines one by one; a line that is too long or broken is an error, and the rest goes on."""
        number = 0
        while raw := self.stream.readline(self.limit + 1):
            number += 1
            if len(raw) > self.limit and not raw.endswith(b"\n"):
                yield self.too_long(number, len(raw) + self._skip_line())
                continue
            try:
                yield Line(number, self.decode(raw, number))
            except InputError as error:
                yield error

    def _skip_line(self) -> int:
        """Reads past the rest of a line; how many bytes that were."""
        size = 0
        while raw := self.stream.readline(HEAD):
            size += len(raw)
            if raw.endswith(b"\n"):
                break
        return size

    def whole(self) -> str:
        """The whole text; InputError where it is too long or broken."""
        raw = self.stream.read(self.limit + 1)
        if len(raw) > self.limit:
            raise self.too_long(1)
        return self.decode(raw, 1)

    def peek(self) -> str:
        """What the next bytes say, as far as they can be looked at without reading on."""
        return self.stream.peek(HEAD).decode(self.codec, "replace")


def opened(name: str, stream: io.BufferedIOBase, *, limit: int, notice: Notice) -> Source:
    """A source over a byte stream, its encoding recognised; InputError for what is no text."""
    buffered = _peekable(stream)
    head = buffered.peek(HEAD)[:HEAD]
    if not head:
        raise InputError(f"{name}:1", "is empty", "remove it, or fill it")
    try:
        encoding = recognise(head)
    except NotText as finding:
        charset = _declared(head)
        if charset is None:
            raise InputError(f"{name}:1", finding.what, finding.remedy) from None
        encoding = Encoding(charset)
        notice(f"{name}: read as {charset}, as the page says")
    else:
        if encoding.said:
            notice(f"{name}: read as {encoding.said}")
    mark = buffered.read(encoding.mark)
    codec = received = encoding.codec
    if codec.startswith("utf-16"):
        buffered, codec = io.BufferedReader(Recoded(buffered, codec), HEAD), "utf-8"
    return Source(name, buffered, codec, limit, notice, mark, received)


def _peekable(stream: io.BufferedIOBase) -> io.BufferedReader:
    """The stream itself where it can be looked into, else a reader over it."""
    if hasattr(stream, "peek"):
        return cast(io.BufferedReader, stream)
    return io.BufferedReader(cast(io.RawIOBase, stream), HEAD)


def _declared(head: bytes) -> str | None:
    """The one-byte charset that a web page declares of itself, where Python knows it."""
    lowered = head[:4096].lower()
    if b"<html" not in lowered and b"<!doctype" not in lowered:
        return None
    for charset in ("windows-1256", "iso-8859-6", "windows-1252", "iso-8859-1"):
        if f"charset={charset}".encode() in lowered.replace(b'"', b"").replace(b"'", b""):
            return charset
    return None
