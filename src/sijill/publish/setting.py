"""Setting briefs: one HTML file, PDF, DOCX. Each sets the same blocks."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sijill.publish.blocks import Block, Brief, Bullets, Chart, Grid, Heading, Numbers, Paragraph
from sijill.publish.charts import svg
from sijill.publish.extras import need
from sijill.publish.names import PUBLISH
from sijill.publish.typeset import picture, typeset

NARROW = 640
"""Width of charts in a brief, in pixels."""

EXTRA = "brief"
FONT = "Noto Naskh Arabic"


def html(briefs: Sequence[Brief]) -> bytes:
    """The briefs as one HTML file that needs no other and prints well."""
    jinja2 = need("jinja2", EXTRA)
    markup = need("markupsafe", EXTRA).Markup
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string((PUBLISH / "brief.html.j2").read_text(encoding="utf-8"))
    made: str = template.render(
        briefs=[_View(brief) for brief in briefs],
        kinds=lambda block: type(block.block).__name__,
        draw=lambda spec: markup(svg(spec, width=NARROW)),
    )
    return made.encode()


class _View:
    """A brief or block for the template, whose fields may be asked for by name or by key."""

    def __init__(self, block: Any) -> None:
        self.block = block

    def __getattr__(self, name: str) -> Any:
        told = getattr(self.block, name)
        return [_View(one) for one in told] if name == "blocks" else told

    def __getitem__(self, name: str) -> Any:
        return getattr(self.block, name)


def pdf(briefs: Sequence[Brief]) -> bytes:
    """The briefs as PDF on A4."""
    told = [
        {"lang": one.lang, "dir": one.direction, "title": one.title, "blocks": list(map(_plain, one.blocks))}
        for one in briefs
    ]
    return typeset((PUBLISH / "brief.typ").read_text(encoding="utf-8"), {"briefs": told}, "pdf")


def _plain(block: Block) -> dict[str, Any]:
    """A block for Typst."""
    kind = type(block).__name__.lower()
    if isinstance(block, Chart):
        return {"type": kind, "svg": svg(block.spec, width=NARROW)}
    return {"type": kind} | {name: getattr(block, name) for name in block.__struct_fields__}


def docx(briefs: Sequence[Brief]) -> bytes:
    """The briefs as a Word document; Arabic paragraphs and tables run from the right."""
    library = need("docx", EXTRA)
    document = library.Document()
    about = document.core_properties
    about.author = about.last_modified_by = "Sijill"
    about.title, about.comments = briefs[0].title, ""
    about.created = about.modified = datetime(2000, 1, 1, tzinfo=UTC)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, library.shared.Pt(11)
    style.element.rPr.rFonts.set(library.oxml.ns.qn("w:cs"), FONT)  # the font of Arabic letters
    for at, brief in enumerate(briefs):
        if at:
            document.add_page_break()
        writer = _Word(library, document, brief.direction == "rtl")
        for block in brief.blocks:
            writer.put(block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


class _Word:
    """Puts blocks into a Word document."""

    def __init__(self, library: Any, document: Any, right_to_left: bool) -> None:
        self.library, self.document, self.rtl = library, document, right_to_left
        self._element: Callable[[str], Any] = library.oxml.OxmlElement
        self._name: Callable[[str], str] = library.oxml.ns.qn

    def put(self, block: Block) -> None:
        """One block."""
        document = self.document
        if isinstance(block, Heading):
            self._turn(document.add_heading("", level=block.level), block.text)
        elif isinstance(block, Paragraph):
            self._turn(document.add_paragraph(), block.text, 9 if block.small else None)
        elif isinstance(block, Bullets):
            for item in block.items:
                self._turn(document.add_paragraph(style="List Bullet"), item)
        elif isinstance(block, Numbers):
            self._table([[item[at] for item in block.items] for at in range(3)], bold=0)
        elif isinstance(block, Grid):
            self._table([block.head, *block.rows], bold=0)
        elif isinstance(block, Chart):
            drawn = picture(svg(block.spec, width=NARROW), "png", ppi=144)
            document.add_picture(io.BytesIO(drawn), width=self.library.shared.Cm(15.5))

    def _turn(self, paragraph: Any, text: str, size: float | None = None, bold: bool = False) -> None:
        """Text in a paragraph, which runs from the right where it is Arabic."""
        run = paragraph.add_run(text)
        run.bold = bold or None
        if size:
            run.font.size = self.library.shared.Pt(size)
        if self.rtl:
            paragraph._p.get_or_add_pPr().append(self._element("w:bidi"))
            of_run = run._r.get_or_add_rPr()
            if bold:
                of_run.find(self._name("w:b")).addnext(self._element("w:bCs"))
            if size:
                complex_size = self._element("w:szCs")
                complex_size.set(self._name("w:val"), str(round(size * 2)))
                of_run.append(complex_size)
            of_run.append(self._element("w:rtl"))

    def _table(self, rows: Sequence[Sequence[str]], bold: int) -> None:
        """A table; its first column stands at the right where it is Arabic."""
        table = self.document.add_table(rows=0, cols=len(rows[0]))
        table.style = "Table Grid"
        if self.rtl:
            table._tbl.tblPr.find(self._name("w:tblStyle")).addnext(self._element("w:bidiVisual"))
        for number, row in enumerate(rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                self._turn(cell.paragraphs[0], text, bold=number == bold)
        self.document.add_paragraph()


SETTERS: dict[str, Callable[[Sequence[Brief]], bytes]] = {"html": html, "pdf": pdf, "docx": docx}
"""The forms of a brief."""
