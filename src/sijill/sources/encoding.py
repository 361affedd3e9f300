"""Which encoding a file is in, judged from its first bytes; and what is not text at all.

UTF-8 is the rule. UTF-16 and windows-1256 are recognised, read, and said. Everything else is an
error: a wrong guess would change the source's words.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass

HEAD = 65_536
"""How many bytes are looked at to recognise an encoding or a kind of file."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"RIFF", "a picture, sound or film"),
    (b"OggS", "a sound or film"),
    (b"ID3", "a sound"),
)

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
_ARABIC = range(0x0600, 0x0700)
_WORD = re.compile("[\u0621-\u064a]{3}")
_SAVE = "save it as UTF-8 text"


class NotText(Exception):
    """The bytes are no text that Sijill reads: `what` they are, and the `remedy`."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name, and how many bytes of byte order mark stand before the text."""

    codec: str = "utf-8"
    mark: int = 0

    @property
    def said(self) -> str | None:
        """What the user is told of it; None for UTF-8, which needs no word."""
        if self.codec == "utf-8":
            return None
        return "UTF-16" if self.codec.startswith("utf-16") else "windows-1256"


def recognise(head: bytes) -> Encoding:
    """The encoding of a file that begins with these bytes; NotText where it is none that is read."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise NotText(f"is {kind}", "save its words as .txt or .html")
    for bom, codec in _BOMS:
        if head.startswith(bom):
            if codec == "utf-32":
                raise NotText("is UTF-32", _SAVE)
            return Encoding(codec, len(bom))
    if wide := _utf16_without_mark(head):
        return Encoding(wide)
    if len(head.translate(None, _CONTROLS)) < 0.9 * len(head) - 2:
        raise NotText("is no text", "save its words as UTF-8 text, or leave it out")
    if (broken := _broken(head)) <= 0.5:
        return Encoding()
    if _is_windows_1256(head):
        return Encoding("windows-1256")
    if broken * sum(byte > 127 for byte in head) < 0.05 * len(head):
        return Encoding()  # few bytes are broken: each costs its own report, not the file
    raise NotText("is neither UTF-8 nor UTF-16 nor windows-1256", _SAVE)


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 by its pattern: every other byte is 00 or 06, the pages of Latin and Arabic."""
    if len(head) < 8:
        return None
    even, odd = head[0::2], head[1::2]
    shares = [sum(side.count(page) for page in (b"\x00", b"\x06")) / len(side) for side in (even, odd)]
    if shares[1] > 0.75 and shares[0] < 0.25:
        return "utf-16-le"
    return "utf-16-be" if shares[0] > 0.75 and shares[1] < 0.25 else None


def _broken(head: bytes) -> float:
    """The share of what is not ASCII that UTF-8 cannot explain; a cut end is forgiven."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        text = head.decode("utf-8", "replace")
        broken = text.count("\ufffd") - head.count(b"\xef\xbf\xbd")
        whole = sum(not char.isascii() for char in text) - text.count("\ufffd")
        return broken / (broken + whole)
    return 0.0


def _is_windows_1256(head: bytes) -> bool:
    """Whether the high bytes, read as windows-1256, are Arabic letters nearly throughout.

    Latin letters with accents keep their places in windows-1256, and ISO 8859-6 turns half of its
    letters into them, so both fall far below the line.
    """
    text = head.decode("windows-1256")
    letters = [char for char in text if not char.isascii() and char.isalpha()]
    arabic = sum(ord(char) in _ARABIC for char in letters)
    return bool(_WORD.search(text)) and arabic >= 0.9 * len(letters)


class Recoded(io.RawIOBase):
    """A UTF-16 byte stream as UTF-8, piece by piece; what is broken stays broken, to be named later."""

    def __init__(self, stream: io.BufferedIOBase, codec: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(codec)("surrogatepass")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fills the buffer with UTF-8; 0 at the end."""
        while not self._ready and not self._ended:
            piece = self._stream.read(HEAD)
            self._ended = not piece
            try:
                text = self._decoder.decode(piece, final=self._ended)
            except UnicodeDecodeError:  # an odd byte at the end
                self._ready = b"\xff"
                continue
            self._ready = text.encode("utf-8", "surrogatepass")
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size
