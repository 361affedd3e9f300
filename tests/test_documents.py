"""Documents keep the bytes as they were received, whatever the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sijill.errors import InputError
from sijill.sources.document import Document, documents

TEXT = "قتل عنصر في هجوم"

FILES = {
    "a.txt": (TEXT.encode(), [TEXT.encode()]),
    "b.txt": (TEXT.encode("utf-8-sig"), [TEXT.encode("utf-8-sig")]),
    "c.txt": (TEXT.encode("utf-16"), [TEXT.encode("utf-16")]),
    "d.txt": ((TEXT * 3).encode("cp1256"), [(TEXT * 3).encode("cp1256")]),
    "e.jsonl": (
        f'{{"text": "{TEXT}"}}\r\n\n {{"text":  "{TEXT} 2"}}\n'.encode(),
        [f'{{"text": "{TEXT}"}}\r\n'.strip().encode(), f'{{"text":  "{TEXT} 2"}}'.encode()],
    ),
    "f.json": (
        json.dumps([{"text": TEXT}, {"text": "2" + TEXT}], indent=1).encode(),
        [b'{\n  "text": ' + json.dumps(words).encode() + b"\n }" for words in (TEXT, "2" + TEXT)],
    ),
    "g.csv": (
        f'id,text\r\n1,"{TEXT}\nثم"\r\n2,{TEXT}\r\n'.encode("cp1256"),
        [f'id,text\r\n1,"{TEXT}\nثم"\r\n'.encode("cp1256"), f"id,text\r\n2,{TEXT}\r\n".encode("cp1256")],
    ),
    "h.html": (
        f"<html><body><article><p>{TEXT * 9}</p></article></body></html>".encode(),
        [f"<html><body><article><p>{TEXT * 9}</p></article></body></html>".encode()],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_bytes_are_those_received(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    content, expected = FILES[name]
    path.write_bytes(content)
    found = list(documents([path]))
    assert all(isinstance(document, Document) for document in found)
    assert [document.data for document in found if isinstance(document, Document)] == expected
    assert all(len(document.reports) == 1 for document in found if isinstance(document, Document))


def test_an_item_that_cannot_be_read_stands_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(f'{{"text": "{TEXT}"}}\n{{"text": 3}}\n{{"text": "{TEXT} 3"}}\n', encoding="utf-8")
    kinds = [type(document) for document in documents([path, tmp_path / "absent.txt"])]
    assert kinds == [Document, InputError, Document, InputError]
