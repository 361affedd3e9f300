"""Every block of `corpus/assessments.txt` is one test: a text and the judgements that it tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from sijill.lexicon.load import load
from sijill.reading.assessments import AssessmentReader
from sijill.reading.scene import Recogniser, Scene
from sijill.records import Assessment

CORPUS = Path(__file__).parent.parent / "corpus" / "assessments.txt"


@dataclass(frozen=True)
class Block:
    """A text and its assessments."""

    name: str
    published: str
    title: str
    text: str
    expected: tuple[str, ...]


def blocks() -> list[Block]:
    """The blocks of the corpus file, in order."""
    found = []
    for part in CORPUS.read_text(encoding="utf-8").split("\n==== ")[1:]:
        head, _, tail = part.partition("\n---")
        name, published, title, *text = head.split("\n")
        rows = tuple(row.strip() for row in tail.split("\n") if row.strip())
        found.append(Block(name, published, title, "\n".join(text).strip(), rows))
    return found


BLOCKS = blocks()


@pytest.fixture(scope="module")
def parts() -> tuple[Recogniser, AssessmentReader]:
    lexicon = load()
    return Recogniser(lexicon), AssessmentReader(lexicon)


def scenes(recogniser: Recogniser, title: str, text: str, published: str) -> list[Scene]:
    day = date.fromisoformat(published)
    found = [recogniser.scene(text, day, "text")]
    if title != "-":
        found.append(recogniser.scene(title, day, "title"))
    return found


@pytest.mark.parametrize("block", BLOCKS, ids=[block.name for block in BLOCKS])
def test_block(block: Block, parts: tuple[Recogniser, AssessmentReader]) -> None:
    if block.name.startswith(":wanted"):
        pytest.xfail("a known gap")
    recogniser, reader = parts
    found = reader.read(scenes(recogniser, block.title, block.text, block.published))
    assert sorted(f"{row.stance} | {row.speaker}" for row in found) == sorted(block.expected)


def test_the_corpus_is_large_and_a_quarter_of_it_quiet() -> None:
    assert len(BLOCKS) >= 60
    assert sum(not block.expected for block in BLOCKS) * 4 >= len(BLOCKS)


def test_evidence_holds_the_words(parts: tuple[Recogniser, AssessmentReader]) -> None:
    recogniser, reader = parts
    for block in BLOCKS:
        for row in reader.read(scenes(recogniser, block.title, block.text, block.published)):
            assert_spans(row, {"text": block.text, "title": block.title})


def assert_spans(row: Assessment, fields: dict[str, str]) -> None:
    for pointer, spans in row.evidence.items():
        for span in spans:
            words = fields[span.field][span.start : span.end]
            assert words.strip(), f"{row.id}{pointer} points at nothing"
    first = fields[row.evidence["/speaker"][0].field]
    start = row.evidence["/speaker"][0].start
    assert row.speaker.split()[0].removeprefix("ال") in first[start : start + 20]


def test_the_same_report_twice_gives_the_same(parts: tuple[Recogniser, AssessmentReader]) -> None:
    recogniser, reader = parts
    given = scenes(recogniser, BLOCKS[0].title, BLOCKS[0].text, BLOCKS[0].published)
    assert reader.read(given) == reader.read(given)
