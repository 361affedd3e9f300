"""Every block of `corpus/tolls.txt` is one test: a report and the figures of its incidents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from sijill.reading import grammar
from sijill.reading.grammar import GrammarReader
from sijill.records import Casualty, Mention, Report

CORPUS = Path(__file__).parent.parent / "corpus" / "tolls.txt"


@dataclass(frozen=True)
class Block:
    """A report and the figures it tells."""

    name: str
    line: int
    published: str | None
    title: str | None
    text: str
    expected: tuple[str, ...]


def blocks() -> list[Block]:
    """The blocks of the corpus file, in order."""
    found = []
    parts = CORPUS.read_text(encoding="utf-8").split("\n==== ")
    line = parts[0].count("\n") + 2
    for part in parts[1:]:
        head, mark, tail = part.partition("\n---")
        assert mark, f"{CORPUS.name}:{line}: a block needs a line of ---"
        name, published, title, *text = head.split("\n")
        if title != "-" and not text:
            title, text = "-", [title]
        rows = tuple(row.strip() for row in tail.split("\n") if row.strip() and not row.startswith("#"))
        found.append(Block(name, line, _told(published), _told(title), "\n".join(text).strip(), rows))
        line += part.count("\n") + 1
    return found


def _told(value: str) -> str | None:
    return None if value == "-" else value


@pytest.fixture(scope="module")
def reader() -> GrammarReader:
    return grammar.load()


def line_of(number: int, casualty: Casualty) -> str:
    """A figure in the form of the corpus."""
    low, high = ("-" if v is None else str(v) for v in (casualty.low, casualty.high))
    marks = [m for m, on in (("~", casualty.approx), ("part", casualty.part_of)) if on]
    return " ".join([f"{number}:{casualty.outcome}", casualty.group, low, high, *marks])


def same(said: str, expected: str) -> bool:
    """Whether a figure is the one expected; the expected group may be coarser."""
    a, b = said.split(), expected.split()
    return a[0] == b[0] and (a[1] + "/").startswith(b[1] + "/") and a[2:] == b[2:]


def judge(incidents: list[Mention], expected: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """What was said but not expected, and what was expected but not said."""
    rows = [row if row[:1].isdigit() else f"1:{row}" for row in expected]
    numbers = {row.split(":")[0] for row in rows}
    extra = [
        line_of(n, c)
        for n, i in enumerate(incidents, 1)
        if not rows or str(n) in numbers
        for c in i.casualties
    ]
    missing = []
    for row in rows:
        hit = next((line for line in extra if same(line, row)), None)
        if hit is None:
            missing.append(row)
        else:
            extra.remove(hit)
    return extra, missing


@pytest.mark.parametrize("block", blocks(), ids=lambda b: b.name)
def test_block(block: Block, reader: GrammarReader) -> None:
    coded = reader.read(Report(id="x", text=block.text, title=block.title, published=block.published))
    extra, missing = judge(coded.incidents, block.expected)
    if block.name.startswith(":wanted") and (extra or missing):
        pytest.xfail("a known gap")
    assert not extra and not missing, f"{CORPUS.name}:{block.line}: said {extra}, wanted {missing}"


def test_corpus_is_large_enough_and_holds_texts_without_figures() -> None:
    assert len(blocks()) >= 150
    assert sum(not b.expected for b in blocks()) >= 30
