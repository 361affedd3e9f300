"""The README's example, as `sijill code` prints it; `--write` puts it into README.md.

The record stands there without the keys that are empty in it (null, false, no items).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import sijill
from sijill.records import encode

README = Path(__file__).parent.parent / "README.md"
_SENTENCE = re.compile(r'<p dir="rtl">\n(.*?)\n</p>', re.S)
_RECORD = re.compile(r"(?<=```json\n).*?(?=\n```)", re.S)
PUBLISHED = "2024-04-19"


def sentence() -> str:
    """The Arabic sentence of the README."""
    found = _SENTENCE.search(README.read_text(encoding="utf-8"))
    assert found, "README.md has no sentence between <p dir=rtl> and </p>"
    return found.group(1)


def shown() -> str:
    """The record that the README shows."""
    found = _RECORD.search(README.read_text(encoding="utf-8"))
    assert found, "README.md shows no record"
    return found.group()


def record() -> str:
    """The first incident that the sentence gives, laid out one key a line."""
    coded = json.loads(encode(sijill.code(sentence(), published=PUBLISHED)))
    lines = (
        f"  {json.dumps(key)}: {_value(value)}"
        for key, value in coded["incidents"][0].items()
        if _filled(value)
    )
    return "{\n" + ",\n".join(lines) + "\n}"


def _value(value: Any) -> str:
    """A value on one line; lists of objects and the evidence one line an item."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n    " + ",\n    ".join(_line(item) for item in value) + "\n  ]"
    if isinstance(value, dict) and any(isinstance(part, list) and part for part in value.values()):
        rows = (f"{json.dumps(k)}: {_line(v)}" for k, v in value.items())
        return "{\n    " + ",\n    ".join(rows) + "\n  }"
    return _line(value)


def _line(value: Any) -> str:
    if isinstance(value, dict):
        value = {key: part for key, part in value.items() if _filled(part)}
    return json.dumps(value, ensure_ascii=False)


def _filled(value: Any) -> bool:
    return value is not None and value is not False and value != []


if __name__ == "__main__":
    if "--write" in sys.argv:
        text = README.read_text(encoding="utf-8")
        README.write_text(_RECORD.sub(lambda _: record(), text, count=1), encoding="utf-8")
    else:
        print(record())
