"""DOCX: paragraphs and tables in their order, the title by its style."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from sijill.errors import InputError
from sijill.sources import zips
from sijill.sources.document import Document
from sijill.sources.extras import needed
from sijill.sources.fields import to_report

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DEEP = 8


def read(
    data: bytes, path: str, *, source: str | None, published: str | None, limit: int
) -> Document | InputError:
    """The one report of a document. A table's row is a line, its cells parted by tabs."""
    try:
        zips.check(data, path, limit)
        library = needed("docx", "documents")
        document = library.Document(io.BytesIO(data))
        title: str | None = None
        lines: list[str] = []
        for style, text in _blocks(document.iter_inner_content()):
            if title is None and not lines and style.lower().startswith(("title", "heading 1")):
                title = text
            elif text.strip():
                lines.append(text)
        fields = {"text": "\n\n".join(lines) or title, "title": title if lines else None, "source": source}
        report = to_report({key: value for key, value in fields.items() if value}, path, published=published)
    except InputError as error:
        return InputError(path, "holds no words", "save them as .txt") if "no field" in error.what else error
    except (KeyError, ValueError, AttributeError, SyntaxError, OSError) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:100]
        return InputError(path, f"is a broken DOCX ({reason})", "save it again, or save its words as .txt")
    return Document(data=data, media_type=MEDIA_TYPE, origin=path, source=source, reports=[report])


def _blocks(blocks: Any, deep: int = 0) -> Iterator[tuple[str, str]]:
    """The style and the text of each paragraph and table."""
    for block in blocks:
        if hasattr(block, "rows"):
            yield "table", _table(block, deep)
        else:
            style = block.style.name if block.style is not None else ""
            yield style or "", block.text


def _table(table: Any, deep: int) -> str:
    """A table as lines. A cell that spans several places is said once."""
    lines = []
    for row in table.rows:
        cells: list[str] = []
        last = None
        for cell in row.cells:
            if cell._tc is not last and deep < _DEEP:
                text = " ".join(text for _, text in _blocks(cell.iter_inner_content(), deep + 1))
                cells.append(" ".join(text.split()))
            last = cell._tc
        if any(cells):
            lines.append("\t".join(cells))
    return "\n".join(lines)
