"""PDF, DOCX and WARC: real files, whole and damaged, and traps."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
from collections.abc import Callable

import docx as python_docx
import pypdf
import pytest

from papers import pdf as make_pdf
from papers import repacked
from sijill.errors import InputError
from sijill.sources import docx, pdf, warc, zips
from sijill.sources.document import Document

LINES = ["قُتل عنصران في هجوم قرب مدينة السخنة", "وأصيب 12 مدنيا في قرية صغيرة يوم 2024-04-19 (الجمعة)"]
SHAPED = {"لا": "\ufefb", "ة": "\ufe94", "ع": "\ufecb", "ه": "\ufeeb", "م": "\ufee3"}


def shaped(line: str) -> str:
    """A line with shapes for some of its letters, as layout programs write it."""
    for letter, shape in SHAPED.items():
        line = line.replace(letter, shape)
    return line


def visual(line: str) -> str:
    """A line as it stands on the page from left to right, numbers in their own direction."""
    return " ".join(
        word if word.isascii() and word.strip("()").replace("-", "").isdigit() else word[::-1].translate(
            str.maketrans("()", ")("))
        for word in reversed(line.split(" "))
    )  # fmt: skip


def text_of(item: Document | InputError) -> str:
    assert isinstance(item, Document), item
    return item.reports[0].text


def read_pdf(data: bytes) -> Document | InputError:
    return pdf.read(data, "a.pdf", source="شبكة", published="2024-04-20", limit=10**6)


ORDERS: dict[str, Callable[[str], str]] = {
    "as read": lambda line: line,
    "shapes": shaped,
    "as drawn": visual,
    "shapes as drawn": lambda line: visual(shaped(line)),
}


@pytest.mark.parametrize("order", ORDERS)
def test_a_pdf_is_read_in_the_order_of_its_words(order: str) -> None:
    data = make_pdf([[ORDERS[order](line) for line in LINES], [ORDERS[order](LINES[0])]])
    document = read_pdf(data)
    assert text_of(document) == "\n".join(LINES) + "\n\n" + LINES[0]
    assert isinstance(document, Document) and document.data == data
    assert (document.reports[0].source, document.reports[0].published) == ("شبكة", "2024-04-20")


def test_shapes_of_several_letters_and_brackets_that_are_meant() -> None:
    """As programs that shape Arabic write it: lam-alef is one shape that is told as two letters."""
    line = "نزح الأهالي (الجمعة) و3 عائلات إلى السخنة الآمنة"
    drawn = line.replace("لأ", "①").replace("لا", "②").replace("لآ", "③")
    drawn = drawn[::-1]  # the brackets stay as they are meant
    data = make_pdf([[drawn]], shapes={"①": "لأ", "②": "لا", "③": "لآ"})
    assert text_of(read_pdf(data)) == line


def locked() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(make_pdf([LINES])))
    writer.encrypt("x", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


BAD_PDF = [
    (locked(), "is encrypted; save it without a password"),
    (
        make_pdf([[]], picture=True),
        r"holds pictures of pages and no words; recognise its words \(OCR\) first",
    ),
    (make_pdf([[]]), "holds no words"),
    (b"%PDF-1.7\nnothing", "is a broken PDF"),
    (make_pdf([LINES])[:300], "(is a broken PDF|holds no words)"),
    (make_pdf([["a" * 1000] * 40] * 30), "holds more than 1 MB of text"),
]


@pytest.mark.parametrize(("data", "said"), BAD_PDF, ids=[said[:20] for _, said in BAD_PDF])
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, said: str) -> None:
    item = read_pdf(data)
    assert isinstance(item, InputError)
    item_said = str(item)
    assert pytest.importorskip("re").search(said, item_said), item_said


def make_docx() -> bytes:
    document = python_docx.Document()
    document.add_heading("هجوم قرب السخنة", 0)
    document.add_paragraph(LINES[0])
    table = document.add_table(rows=2, cols=3)
    for row, cells in enumerate((("المكان", "القتلى", "الجرحى"), ("السخنة", "2", ""))):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    table.cell(1, 1).merge(table.cell(1, 2))
    document.add_paragraph(LINES[1])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read_docx(data: bytes) -> Document | InputError:
    return docx.read(data, "a.docx", source=None, published=None, limit=20_000_000)


def test_a_docx_with_its_tables() -> None:
    data = make_docx()
    assert zips.kind(data) == "docx"
    document = read_docx(data)
    assert text_of(document) == f"{LINES[0]}\n\nالمكان\tالقتلى\tالجرحى\nالسخنة\t2\n\n{LINES[1]}"
    assert isinstance(document, Document) and document.reports[0].title == "هجوم قرب السخنة"


TRAP = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


def empty_docx() -> bytes:
    out = io.BytesIO()
    python_docx.Document().save(out)
    return out.getvalue()


BAD_DOCX = [
    (repacked(make_docx(), word__media__a_x_bin=bytes(30_000_000)), "unpacks to 30.*more than it may"),
    (repacked(make_docx(), word__media__a_x_bin=bytes(15_000_000)), "unpacks to 15.*more than it may"),
    (repacked(make_docx(), word__document_x_xml=TRAP), "declares XML entities"),
    (repacked(make_docx(), word__document_x_xml=b"<a>"), "is a broken DOCX"),
    (make_docx()[:500], "is a broken Office file"),
    (empty_docx(), "holds no words"),
]


@pytest.mark.parametrize(("data", "said"), BAD_DOCX, ids=[said[:20] for _, said in BAD_DOCX])
def test_a_docx_that_is_a_trap_or_broken_says_so(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        item = read_docx(data)
        assert isinstance(item, InputError), item
        raise item


# ---- WARC

PAGE = "<html><body><article><p>قتل عنصران في هجوم قرب السخنة {}</p></article></body></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def digest(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def record(
    number: int, body: bytes | None = None, *, head: bytes = HEAD, payload: bytes | None = None,
    kind: str = "response", damage: bool = False,
) -> bytes:  # fmt: skip
    body = PAGE.format(number).encode() if body is None else body
    block = head + b"\r\n" + body
    lines = [
        "WARC/1.1", f"WARC-Type: {kind}", f"WARC-Target-URI: https://example.org/{number}",
        "WARC-Date: 2024-04-20T08:00:00Z", f"WARC-Record-ID: <urn:uuid:{number}>",
        f"WARC-Block-Digest: {digest(block)}", f"WARC-Payload-Digest: {digest(payload or body)}",
        "Content-Type: application/http; msgtype=response", f"Content-Length: {len(block)}", "", "",
    ]  # fmt: skip
    if damage:
        block = block[:-30] + b"x" + block[-29:]
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


def read_warc(data: bytes) -> tuple[list[Document], list[str], list[str]]:
    notes: list[str] = []
    items = list(
        warc.read(
            io.BufferedReader(io.BytesIO(data)),  # type: ignore[arg-type]
            "a.warc", source="شبكة", published=None, limit=10**6, notice=notes.append,
        )
    )  # fmt: skip
    return (
        [item for item in items if isinstance(item, Document)],
        [str(item) for item in items if isinstance(item, InputError)],
        notes,
    )


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"
ZIPPED = HEAD + b"Content-Encoding: gzip\r\n"
WORDS = PAGE.format(7).encode()
RECORDS = [
    record(1), record(2, damage=True), record(3),
    record(4, b"no", head=b"HTTP/1.1 404 No\r\nContent-Type: text/html\r\n"),
    record(5, b"\x89PNG", head=b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"),
    record(6, gzip.compress(PAGE.format(6).encode()), head=ZIPPED),
    record(7, b"%x\r\n%s\r\n0\r\n\r\n" % (len(WORDS), WORDS), head=CHUNKED, payload=WORDS),
    record(8, kind="request"), record(9, gzip.compress(bytes(30_000_000)), head=ZIPPED), record(10),
]  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_record_by_record(packed: bool) -> None:
    data = b"".join(map(gzip.compress, RECORDS) if packed else RECORDS)
    pages, errors, notes = read_warc(data)
    assert [page.url for page in pages] == [f"https://example.org/{n}" for n in (1, 3, 6, 7, 10)]
    assert {(page.source, page.retrieved, page.media_type) for page in pages} == {
        ("شبكة", "2024-04-20T08:00:00+00:00", "text/html")
    }
    assert pages[3].data == WORDS and pages[3].reports[0].text == "قتل عنصران في هجوم قرب السخنة 7"
    assert errors == [
        "a.warc:record 2: does not have the digest that it says (WARC-Block-Digest); get the archive again",
        "a.warc:record 9: is larger than 1 MB; raise SIJILL_MAX_REPORT_MB",
    ]
    assert notes == ["a.warc: 3 records hold no page (1 answers 404, 1 image/png, 1 request)"]


DAMAGED = [
    (record(1) + record(2)[:-60], 1, "does not have the digest"),
    (record(1) + b"garbage\r\n\r\n" + record(2), 1, "is broken .*the rest is left out"),
    (record(1) + record(2, payload=b"other"), 1, "WARC-Payload-Digest"),
    (record(1, kind="request"), 0, "holds no page"),
]


@pytest.mark.parametrize(("data", "pages", "said"), DAMAGED)
def test_a_damaged_archive(data: bytes, pages: int, said: str) -> None:
    found, errors, _ = read_warc(data)
    assert len(found) == pages and len(errors) == 1
    assert pytest.importorskip("re").search(said, errors[0])
