"""Level the spelling of a text once, keeping an exact map back to the words as they stand.

Hamza seats, ta marbuta, alef maqsura, Persian and Urdu letters, presentation forms, digit
shapes, quotation marks and dashes are levelled; diacritics, tatweel, direction marks and
other invisible characters are dropped. This is the only place that knows about spelling:
words in data files pass through the same function.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_BMP = 0x10000
_LETTERS = {
    # alef with hamza, madda, wasla
    "\u0622": "\u0627", "\u0623": "\u0627", "\u0625": "\u0627", "\u0671": "\u0627",
    "\u0672": "\u0627", "\u0673": "\u0627", "\u0675": "\u0627",
    "\u0649": "\u064a", "\u06cc": "\u064a", "\u06d0": "\u064a", "\u06ce": "\u064a", "\u06d2": "\u064a",
    "\u0626": "\u064a", "\u0678": "\u064a", "\u06d3": "\u064a",
    "\u0629": "\u0647", "\u06c0": "\u0647", "\u06c1": "\u0647", "\u06c2": "\u0647", "\u06c3": "\u0647",
    "\u06d5": "\u0647", "\u06be": "\u0647", "\u06ff": "\u0647",
    "\u0624": "\u0648", "\u06c6": "\u0648", "\u06c7": "\u0648", "\u06cb": "\u0648", "\u06c8": "\u0648",
    "\u06a9": "\u0643", "\u06aa": "\u0643", "\u06af": "\u0643", "\u06ad": "\u0643", "\u0763": "\u0643",
    "\u0686": "\u062c", "\u0698": "\u0632", "\u067e": "\u0628", "\u06a4": "\u0641", "\u06a8": "\u0642",
    "\u0695": "\u0631", "\u06b5": "\u0644", "\u0679": "\u062a", "\u0688": "\u062f", "\u0691": "\u0631",
    "\u06ba": "\u0646",
}  # fmt: skip
_SPACES = (
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
    "\t_#\u000b\u000c"
)
_QUOTES = "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2039\u203a\u2018\u2019\u201a\u201b\u2033\uff02'`\u00b4"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d"
_LINES = "\r\u0085\u2028\u2029"
_DROPPED = [
    *range(0x0610, 0x061B), 0x061C, 0x0640, *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD),
    *range(0x06DF, 0x06E5), 0x06E7, 0x06E8, *range(0x06EA, 0x06EE), 0x00AD, *range(0x08D3, 0x0900),
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF,
]  # fmt: skip
_PRESENTATION = (0xFB50, 0xFEFC)


def _table() -> npt.NDArray[np.uint32]:
    """What each character of the basic plane becomes; 0 where it is dropped."""
    table = np.arange(_BMP, dtype=np.uint32)
    for code in range(0x20):
        table[code] = 0x20
    table[0x0A] = 0x0A
    for code in range(0x7F, 0xA0):
        table[code] = 0x20
    for code in range(ord("A"), ord("Z") + 1):
        table[code] = code + 32
    for letter, base in _LETTERS.items():
        table[ord(letter)] = ord(base)
    for group, to in ((_SPACES, " "), (_QUOTES, '"'), (_DASHES, "-"), (_LINES, "\n")):
        for letter in group:
            table[ord(letter)] = ord(to)
    for zero in (0x0660, 0x06F0):
        for digit in range(10):
            table[zero + digit] = ord("0") + digit
    table[0x066B] = ord(".")
    table[0x066C] = ord(",")
    table[0x066A] = ord("%")
    for code in _DROPPED:
        table[code] = 0
    table[0xD800:0xE000] = 0x20  # lone surrogates stand for nothing
    return table


_TABLE = _table()
_CLUTTER: dict[int, str | None] = {int(code): None for code in np.flatnonzero(_TABLE == 0)}
_CLUTTER |= {ord("_"): " ", ord("#"): " "}


@dataclass(frozen=True, slots=True)
class Folded:
    """A levelled text, its source, and for each levelled character where it stood."""

    text: str
    source: str
    offsets: npt.NDArray[np.int64]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span `[start, end)` of the source that the levelled span came from.

        Marks that stand on the last letter belong to it. An empty span stays empty.
        """
        size = len(self.offsets)
        if start >= size:
            return len(self.source), len(self.source)
        first = int(self.offsets[start])
        if end <= start:
            return first, first
        # one ligature may give several letters, and the span end inside it
        least = int(self.offsets[end - 1]) + 1
        last = max(least, int(self.offsets[end]) if end < size else len(self.source))
        while last > least and not _is_mark(self.source[last - 1]):
            last -= 1
        return first, last

    def position(self, offset: int) -> int:
        """Where a source offset stands in the levelled text (the next character that was kept)."""
        return int(bisect_left(self.offsets, offset))

    def words(self, start: int, end: int) -> str:
        """The source's words of a levelled span, without marks that only clutter."""
        first, last = self.span(start, end)
        return plain(self.source[first:last])


def _is_mark(letter: str) -> bool:
    code = ord(letter)
    return code < _BMP and not _TABLE[code] and unicodedata.category(letter) in ("Mn", "Lm")


def plain(words: str) -> str:
    """The words without tatweel, diacritics and invisible marks, blanks made single."""
    return " ".join(words.translate(_CLUTTER).split())


def fold(source: str) -> Folded:
    """The levelled text with its map, e.g. `fold("قُتِلَ").text == "قتل"`."""
    codes = np.frombuffer(source.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    low, high = _PRESENTATION
    if len(codes) and bool(((codes >= low) & (codes <= high)).any()):
        return _fold_presentation_forms(source)
    levelled = np.where(codes < _BMP, _TABLE[np.minimum(codes, _BMP - 1)], codes)
    offsets = np.flatnonzero(levelled)
    return Folded(_text(levelled[offsets]), source, offsets)


def _fold_presentation_forms(source: str) -> Folded:
    """The slow way, for texts with ligatures that stand for several letters."""
    letters: list[int] = []
    offsets: list[int] = []
    for offset, letter in enumerate(source):
        code = ord(letter)
        if _PRESENTATION[0] <= code <= _PRESENTATION[1]:
            letter = unicodedata.normalize("NFKC", letter)
        for part in letter:
            level = int(_TABLE[ord(part)]) if ord(part) < _BMP else ord(part)
            if level:
                letters.append(level)
                offsets.append(offset)
    return Folded(_text(np.array(letters, dtype=np.uint32)), source, np.array(offsets, dtype=np.int64))


def _text(codes: npt.NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")


_CHANGED = {
    int(code): int(_TABLE[code]) or None
    for code in np.flatnonzero(np.arange(_BMP, dtype=np.uint32) != _TABLE)
}
_HAS_PRESENTATION_FORM = re.compile(f"[{chr(_PRESENTATION[0])}-{chr(_PRESENTATION[1])}]").search


def fold_words(words: str) -> str:
    """A short form, levelled, blanks made single; for the thousands that data files hold."""
    levelled = fold(words).text if _HAS_PRESENTATION_FORM(words) else words.translate(_CHANGED)
    return " ".join(levelled.split())
