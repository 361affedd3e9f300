"""PDF: the words of its pages, Arabic letters and their order put right.

Many programs write Arabic into a PDF as the shapes of letters, in the order in which they stand on the
page from left to right. Shapes are levelled to letters. Lines are turned where the text as a whole
shows that it runs backwards: ta marbuta and alef maqsura end words and never begin them. What was
levelled is the report's text; the bytes stay as they are.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from typing import Any

from sijill.errors import InputError
from sijill.sources.document import Document
from sijill.sources.extras import needed
from sijill.sources.fields import to_report

MEDIA_TYPE = "application/pdf"
MOST_PAGES = 3_000
_SHAPE = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_ARABIC = re.compile("[\u0620-\u064a]")
_LAST = "[\u0629\u0649]"  # ta marbuta, alef maqsura
_ENDS = re.compile(f"[\u0620-\u064a]{_LAST}(?![\u0620-\u064a])")
_BEGINS = re.compile(f"(?<![\u0620-\u064a]){_LAST}[\u0620-\u064a]")
_ARTICLE = re.compile("(?<![\u0620-\u064a])\u0627\u0644[\u0620-\u064a]{2}")
_ELCITRA = re.compile("[\u0620-\u064a]{2}\u0644\u0627(?![\u0620-\u064a])")
_FORWARD = re.compile(
    r"[0-9\u0660-\u0669A-Za-z](?:[0-9\u0660-\u0669A-Za-z.,:/%@_+\-]*[0-9\u0660-\u0669A-Za-z])?"
)
_PAIRS = str.maketrans("()[]{}\u00ab\u00bb<>", ")(][}{\u00bb\u00ab><")
_CLOSING = (")", "]", "}", "\u00bb")
_TARGET = re.compile(rb"<((?:[0-9A-Fa-f]{4}){2,8})>")
_ARABIC_BLOCK = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_PRIVATE = 0xE000


def read(
    data: bytes, path: str, *, source: str | None, published: str | None, limit: int
) -> Document | InputError:
    """The one report of a PDF; `limit` is the longest text in bytes."""
    pypdf = needed("pypdf", "documents")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would talk to the user over our heads
    try:
        pages, pictures, joined = _pages(pypdf, data, path, limit)
        text = "\n\n".join(
            part for part in map(_tidy, level("\n\f\n".join(pages), joined).split("\f")) if part
        )
        if not text:
            return _wordless(path, pictures)
        report = to_report({"text": text, "source": source or ""}, path, published=published)
    except InputError as error:
        return error
    except Exception as error:  # whatever the parser makes of a PDF, it costs this PDF only
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:100]
        return InputError(path, f"is a broken PDF ({reason})", "save its words as .txt")
    return Document(data=data, media_type=MEDIA_TYPE, origin=path, source=source, reports=[report])


def _wordless(path: str, pictures: int) -> InputError:
    """Why a PDF has no words."""
    if pictures:
        return InputError(path, "holds pictures of pages and no words", "recognise its words (OCR) first")
    return InputError(path, "holds no words", "leave it out, or save its words as .txt")


def _pages(pypdf: Any, data: bytes, path: str, limit: int) -> tuple[list[str], int, Joined]:
    """The text of each page, how many pages hold pictures, and the shapes of several letters."""
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not _opens(reader):
        raise InputError(path, "is encrypted", "save it without a password")
    if len(reader.pages) > MOST_PAGES:
        raise InputError(path, f"has more than {MOST_PAGES:,} pages", "split it")
    pages: list[str] = []
    size = pictures = 0
    joined = Joined()
    for page in reader.pages:
        joined.read(page)
        # its layout mode leaves letters as they are drawn; the plain one turns parts of a line by guess
        text = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False) or ""
        size += len(text.encode("utf-8", "replace"))
        if size > limit:
            raise InputError(
                path, f"holds more than {limit / 1e6:g} MB of text", "split it, or raise SIJILL_MAX_REPORT_MB"
            )
        pages.append(_whole(text))
        pictures += not text.strip() and _has_picture(page)
    return pages, pictures, joined


def _opens(reader: Any) -> bool:
    """Does it open without a password?"""
    try:
        return bool(reader.decrypt(""))
    except Exception:  # no library for its cipher, or a broken one: it stays shut
        return False


def _has_picture(page: Any) -> bool:
    """Does a page show a picture?"""
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    found = objects.get_object().values() if objects is not None else ()
    return any(one.get_object().get("/Subtype") == "/Image" for one in found)


def _whole(text: str) -> str:
    """The text without characters that stand for nothing."""
    return re.sub("[\0\ud800-\udfff\ufffe\uffff\f]", "", text)


class Joined:
    """Shapes that stand for several letters, each as one character of the private area.

    A line is turned letter by letter, but the letters of such a shape (lam-alef above all) are told in
    the order in which they are read; so they must stay one until the line is turned.
    """

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        self._done: set[int] = set()

    def read(self, page: Any) -> None:
        """Gives the fonts of a page private characters for their shapes of several Arabic letters."""
        resources = page.get("/Resources")
        fonts = resources.get_object().get("/Font") if resources is not None else None
        for font in fonts.get_object().values() if fonts is not None else ():
            table = font.get_object().get("/ToUnicode")
            stream = table.get_object() if table is not None else None
            if stream is None or not hasattr(stream, "set_data") or id(stream) in self._done:
                continue
            self._done.add(id(stream))
            try:
                told = stream.get_data()
                made = _TARGET.sub(self._private, told)
                if made != told:
                    stream.set_data(made)
            except Exception:  # noqa: S112 - a table that cannot be changed is read as it is
                continue

    def _private(self, match: re.Match[bytes]) -> bytes:
        """A private character for several Arabic letters; anything else as it is."""
        try:
            letters = bytes.fromhex(match[1].decode()).decode("utf-16-be")
        except ValueError:
            return match[0]
        if len(letters) < 2 or not all(_ARABIC_BLOCK.fullmatch(letter) for letter in letters):
            return match[0]
        known = self._of.setdefault(letters, chr(_PRIVATE + len(self._of) % 6400))
        return b"<%04X>" % ord(known)

    def apart(self, text: str) -> str:
        """The text with the letters of each shape."""
        for letters, private in self._of.items():
            text = text.replace(private, letters)
        return text


def level(text: str, joined: Joined | None = None) -> str:
    """The text with letters for shapes, in the order in which it is read."""
    apart = joined.apart if joined else str
    if is_backwards(apart(text)):
        text = "\n".join(_turned(line) if _ARABIC.search(_plain(line)) else line for line in text.split("\n"))
    return _plain(apart(text))


def is_backwards(text: str) -> bool:
    """Does the Arabic of a text run backwards? Judged from letters that only end words, and from the article.

    The article is looked for too because a text may hold few such letters; both must not disagree.
    """
    letters = _plain(text)
    forward = len(_ENDS.findall(letters)) + len(_ARTICLE.findall(letters))
    backward = len(_BEGINS.findall(letters)) + len(_ELCITRA.findall(letters))
    return backward > 2 * forward and backward > 0


def _plain(text: str) -> str:
    """The text with letters for shapes."""
    return _SHAPE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


def _turned(line: str) -> str:
    """A line turned round; numbers and Latin words keep their direction, brackets their sense.

    Some programs write the bracket that is seen, some the one that is meant; a line that would begin
    by closing one holds those that are seen.
    """
    pieces: list[str] = []
    at = len(line)
    for match in reversed(list(_FORWARD.finditer(line))):
        pieces += [line[match.end() : at][::-1], match[0]]
        at = match.start()
    turned = "".join([*pieces, line[:at][::-1]])
    first = next((char for char in turned if char in "()[]{}\u00ab\u00bb"), "")
    return turned.translate(_PAIRS) if first in _CLOSING else turned


def _tidy(page: str) -> str:
    """A page with single blanks and no empty lines at its ends."""
    return "\n".join(" ".join(line.split()) for line in page.split("\n")).strip()
