"""Every block of `corpus/reports.txt` is one test: a report and the incidents that it tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from sijill.arabic.fold import fold_words
from sijill.reading import grammar
from sijill.reading.grammar import GrammarReader
from sijill.records import Mention, Report

CORPUS = Path(__file__).parent.parent / "corpus" / "reports.txt"
WANTED = ":wanted "
PLACE_WORDS = {fold_words(w) for w in ("قرية", "بلدة", "مدينة", "ناحية", "قضاء", "محافظة", "منطقة", "حي")}


@dataclass(frozen=True)
class Block:
    """A report and the incidents it tells."""

    name: str
    line: int
    report: Report
    expected: tuple[str, ...]


def blocks() -> list[Block]:
    """The blocks of the corpus file, in order."""
    found = []
    parts = CORPUS.read_text(encoding="utf-8").split("\n==== ")
    line = parts[0].count("\n") + 2
    for part in parts[1:]:
        head, mark, tail = part.partition("---\n")
        assert mark, f"{CORPUS.name}:{line}: a block needs a line of ---"
        name, published, title, *text = head.rstrip("\n").split("\n")
        report = Report(
            id=name,
            text="\n".join(text),
            title=None if title == "-" else title,
            published=None if published == "-" else published,
        )
        found.append(Block(name, line, report, tuple(row for row in tail.split("\n") if row.strip())))
        line += part.count("\n") + 1
    return found


@pytest.fixture(scope="module")
def reader() -> GrammarReader:
    return grammar.load()


def plain(name: str) -> str:
    """A name of a place without the word for its kind."""
    words = [re.sub("^ال", "", w) for w in fold_words(name).split() if w not in PLACE_WORDS]
    return " ".join(words)


def tops(codes: list[str]) -> set[str]:
    return {code.split("/")[0] for code in codes if code}


def faults(mention: Mention, row: str) -> list[str]:
    """The fields in which an incident differs from what is expected."""
    cells = [cell.strip() for cell in row.split("|")]
    action, day, where, actors, targets, tolls = cells[:6]
    status = cells[6] if len(cells) > 6 else "reported"
    wrong = []
    if action != "-" and mention.action not in action.split(","):
        wrong.append("action")
    if ((mention.date.edtf if mention.date else "") or "").rstrip("~") != day.rstrip("~"):
        wrong.append("date")
    name, _, area = where.rpartition(" ")
    here = mention.place
    if name != "-" and (here is None or plain(here.name) != plain(name)):
        wrong.append("place")
    if area != "-" and (here is None or (here.admin1 or here.country) != area):
        wrong.append("governorate")
    if actors != "-" and tops(mention.actors) != tops(actors.split(",")):
        wrong.append("actors")
    if targets != "-" and tops(mention.targets) != tops(targets.split(",")):
        wrong.append("targets")
    if not same_tolls(mention, tolls):
        wrong.append("tolls")
    if mention.status != status:
        wrong.append("status")
    return wrong


def same_tolls(mention: Mention, wanted: str) -> bool:
    """Whether the figures are those expected; `-` for a group leaves it open."""
    rows = [tuple(row.split()) for row in wanted.split(";") if row.strip()]
    said = [
        (c.outcome, c.group.split("/")[0], *("-" if n is None else str(n) for n in (c.low, c.high)))
        for c in mention.casualties
        if not c.part_of
    ]
    for outcome, group, low, high in rows:
        hit = next(
            (
                s
                for s in said
                if s[0] == outcome and s[2:] == (low, high) and group.split("/")[0] in (s[1], "-")
            ),
            None,
        )
        if hit is None:
            return False
        said.remove(hit)
    return not said


@pytest.mark.parametrize("block", [pytest.param(b, id=b.name) for b in blocks()])
def test_block(block: Block, reader: GrammarReader, request: pytest.FixtureRequest) -> None:
    if block.name.startswith(WANTED):
        request.applymarker(pytest.mark.xfail(strict=True, reason="a known gap"))
    left = list(reader.read(block.report).incidents)
    wrong: list[str] = []
    for row in block.expected:
        best = min(left, key=lambda mention: len(faults(mention, row)), default=None)
        if best is None:
            wrong.append(f"missing: {row}")
            continue
        left.remove(best)
        if faults(best, row):
            wrong.append(f"{', '.join(faults(best, row))}: wanted {row}; said {best}")
    wrong += [f"extra: {mention}" for mention in left]
    assert not wrong, f"{CORPUS.name}:{block.line} ({block.name})\n" + "\n".join(wrong)
