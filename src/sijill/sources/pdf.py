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
_FEW = 20


def read(
    data: bytes, path: str, *, source: str | None, published: str | None, limit: int
) -> Document | InputError:
    """The one report of a PDF; `limit` is the longest text in bytes."""
    pypdf = needed("pypdf", "documents")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would talk to the user over our heads
    try:
        pages, pictures = _pages(pypdf, data, path, limit)
        text = "\n\n".join(part for part in map(_tidy, level("\n\f\n".join(pages)).split("\f")) if part)
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


def _pages(pypdf: Any, data: bytes, path: str, limit: int) -> tuple[list[str], int]:
    """The text of each page, and how many pages hold pictures."""
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not _opens(reader):
        raise InputError(path, "is encrypted", "save it without a password")
    if len(reader.pages) > MOST_PAGES:
        raise InputError(path, f"has more than {MOST_PAGES:,} pages", "split it")
    pages: list[str] = []
    size = pictures = 0
    for page in reader.pages:
        # its layout mode leaves letters as they are drawn; the plain one turns parts of a line by guess
        text = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False) or ""
        size += len(text.encode("utf-8", "replace"))
        if size > limit:
            raise InputError(
                path, f"holds more than {limit / 1e6:g} MB of text", "split it, or raise SIJILL_MAX_REPORT_MB"
            )
        pages.append(_whole(text))
        pictures += not text.strip() and _has_picture(page)
    return pages, pictures


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


def level(text: str) -> str:
    """The text with letters for shapes, in the order in which it is read."""
    if is_backwards(text):
        text = "\n".join(_turned(line) if _ARABIC.search(_plain(line)) else line for line in text.split("\n"))
    return _plain(text)


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
    """A line turned round; numbers and Latin words keep their direction, brackets their sense."""
    pieces: list[str] = []
    at = len(line)
    for match in reversed(list(_FORWARD.finditer(line))):
        pieces += [line[match.end() : at][::-1].translate(_PAIRS), match[0]]
        at = match.start()
    return "".join([*pieces, line[:at][::-1].translate(_PAIRS)])


def _tidy(page: str) -> str:
    """A page with single blanks and no empty lines at its ends."""
    return "\n".join(" ".join(line.split()) for line in page.split("\n")).strip()
