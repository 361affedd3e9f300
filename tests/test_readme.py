"""The README shows what `sijill code` prints."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_example_is_what_is_printed() -> None:
    example = runpy.run_path(str(ROOT / "docs" / "readme_example.py"))
    assert example["shown"]() == example["record"](), (
        "look whether the new record is right, then: python docs/readme_example.py --write"
    )


def test_every_linked_file_exists() -> None:
    for name in ("README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))):
        text = (ROOT / name).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert ((ROOT / name).parent / link).exists(), f"{name} links to {link}, which is not there"
