"""Every block of `corpus/control.txt` is one test: a text and who it says holds, gains or loses what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from sijill.lexicon.load import load
from sijill.reading.actors import ActorReader, Cast
from sijill.reading.control import ControlReader
from sijill.reading.places import PlaceReader
from sijill.reading.scene import Recogniser, Scene
from sijill.records import Control

CORPUS = Path(__file__).parent.parent / "corpus" / "control.txt"


@dataclass(frozen=True)
class Block:
    """A text and its control records."""

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


class Desk:
    """The parts of the reader that control records need, over the built-in lexicon."""

    def __init__(self) -> None:
        lexicon = load()
        self.recogniser = Recogniser(lexicon)
        self.places = PlaceReader(lexicon)
        self.actors = ActorReader(lexicon)
        self.control = ControlReader(lexicon, self.places, self.actors)

    def read(self, block: Block) -> list[Control]:
        day = date.fromisoformat(block.published)
        scenes = [self.recogniser.scene(block.text, day, "text")]
        if block.title != "-":
            scenes.append(self.recogniser.scene(block.title, day, "title"))
        return self.control.read(scenes, self.cast(scenes, day))

    def cast(self, scenes: list[Scene], day: date) -> Cast:
        """Countries and governorates of names that have no other bearer elsewhere."""
        places: Counter[str] = Counter()
        units = [u for scene in scenes for sentence in scene.sentences for u in sentence.units]
        for unit in units:
            entries = [e for e in (self.places.entry(x.code) for x in unit.all("place")) if e]
            for values in ({e.admin1 for e in entries}, {e.country for e in entries}):
                value = values.pop() if unit.letter == "P" and len(values) == 1 else None
                if value:
                    places[value] += 1
        return self.actors.cast(scenes, day, places)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def line(row: Control) -> str:
    return f"{row.place.name} | {row.actor} | {row.change} | {row.date.edtf if row.date else '-'}"


@pytest.mark.parametrize("block", BLOCKS, ids=[block.name for block in BLOCKS])
def test_block(block: Block, desk: Desk) -> None:
    if block.name.startswith(":wanted"):
        pytest.xfail("a known gap")
    assert sorted(map(line, desk.read(block))) == sorted(block.expected)


def test_the_corpus_is_large_and_a_quarter_of_it_quiet() -> None:
    assert len(BLOCKS) >= 40
    assert sum(not block.expected for block in BLOCKS) * 4 >= len(BLOCKS)


def test_evidence_holds_the_words(desk: Desk) -> None:
    for block in BLOCKS:
        fields = {"text": block.text, "title": block.title}
        for row in desk.read(block):
            for span in row.evidence[""]:
                assert fields[span.field][span.start : span.end].strip()


def test_states_have_no_date(desk: Desk) -> None:
    rows = [row for block in BLOCKS for row in desk.read(block)]
    assert all(row.date is None for row in rows if row.change in ("held", "besieged", "contested"))
