"""Every block of `corpus/tallies.txt` is one test: a text and the tallies that it tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from sijill.lexicon.load import load
from sijill.reading.actors import ActorReader
from sijill.reading.groups import GroupParser
from sijill.reading.places import PlaceReader
from sijill.reading.scene import Recogniser
from sijill.reading.tallies import Tallied, TallyReader
from sijill.reading.tolls import TollParser
from sijill.records import Tally

CORPUS = Path(__file__).parent.parent / "corpus" / "tallies.txt"


@dataclass(frozen=True)
class Block:
    """A text and its tallies."""

    name: str
    line: int
    published: str
    title: str
    text: str
    expected: tuple[str, ...]


def blocks() -> list[Block]:
    """The blocks of the corpus file, in order."""
    found = []
    parts = CORPUS.read_text(encoding="utf-8").split("\n==== ")
    line = parts[0].count("\n") + 2
    for part in parts[1:]:
        head, _, tail = part.partition("\n---")
        name, published, title, *text = head.split("\n")
        rows = tuple(row.strip() for row in tail.split("\n") if row.strip())
        found.append(Block(name, line, published, title, "\n".join(text).strip(), rows))
        line += part.count("\n") + 1
    return found


class Desk:
    """The parts of the reader that tallies need, over the built-in lexicon."""

    def __init__(self) -> None:
        lexicon = load()
        self.recogniser = Recogniser(lexicon)
        self.places = PlaceReader(lexicon)
        self.actors = ActorReader(lexicon)
        self.tolls = TollParser(GroupParser())
        self.tallies = TallyReader(lexicon, self.actors, self.places)

    def read(self, text: str, title: str | None, published: date | None) -> Tallied:
        """The tallies of a text."""
        scenes = [self.recogniser.scene(text, published, "text")]
        if title:
            scenes.insert(0, self.recogniser.scene(title, published, "title"))
        chains = {(s.field, n): self.places.chains(x) for s in scenes for n, x in enumerate(s.sentences)}
        tolls = {(s.field, n): self.tolls.read(x) for s in scenes for n, x in enumerate(s.sentences)}
        cast = self.actors.cast(scenes, published, self._weights(chains))
        return self.tallies.read(scenes, tolls, chains, cast)

    def _weights(self, chains: dict) -> Counter[str]:
        places: Counter[str] = Counter()
        for link in (x for rows in chains.values() for c in rows for x in [*c.links, *c.joined]):
            entries = [e for e in map(self.places.entry, link.ids) if e]
            for values in ({e.admin1 for e in entries}, {e.country for e in entries}):
                if len(values) == 1 and (value := values.pop()):
                    places[value] += 1
        return places


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def line_of(tally: Tally) -> str:
    """A tally in the form of the corpus; groups and doers without their parts below the top."""
    low = "-" if tally.low is None else f"{tally.low}{'~' if tally.approx else ''}"
    compared = tally.comparison
    values = [
        tally.measure, low, tally.high, top(tally.group), top(tally.by), tally.period,
        compared.relation if compared else None, compared.against if compared else None,
    ]  # fmt: skip
    return " ".join("-" if v is None else str(v) for v in values)


def top(code: str | None) -> str | None:
    return code.split("/")[0] if code else None


def told(line: str) -> str:
    """An expected line in the same form."""
    words = line.split(" ", 7)
    words[3], words[4] = top(words[3]) or "", top(words[4]) or ""
    return " ".join(words)


@pytest.mark.parametrize("block", blocks(), ids=lambda b: b.name)
def test_block(block: Block, desk: Desk) -> None:
    published = None if block.published == "-" else date.fromisoformat(block.published)
    tallied = desk.read(block.text, None if block.title == "-" else block.title, published)
    said = sorted(line_of(t) for t in tallied.tallies)
    expected = sorted(map(told, block.expected))
    if block.name.startswith(":wanted") and said != expected:
        pytest.xfail("a known gap")
    assert said == expected, f"{CORPUS.name}:{block.line}: {block.name}"


def test_corpus_is_large_enough_and_holds_texts_without_tallies() -> None:
    assert len(blocks()) >= 60
    assert sum(not b.expected for b in blocks()) >= 15


def test_every_figure_points_at_the_words_of_the_report(desk: Desk) -> None:
    text = "وثق المرصد السوري مقتل 55 مدنياً، بينهم 12 طفلاً، خلال تموز 2024."
    tallied = desk.read(text, None, date(2024, 8, 2))
    for tally, words in zip(tallied.tallies, ("55 مدنياً", "12 طفلاً"), strict=True):
        (span,) = tally.evidence["/low"]
        assert text[span.start : span.end] == words
        assert all(0 <= s.start < s.end <= len(text) for spans in tally.evidence.values() for s in spans)


def test_figures_that_are_tallies_are_told_to_the_incident_reader(desk: Desk) -> None:
    text = "قتل جندي في كمين قرب تدمر أمس.\nووثق المرصد السوري مقتل 55 مدنياً منذ مطلع العام."
    tallied = desk.read(text, None, date(2024, 8, 2))
    assert tallied.sentences == {("text", 1)}
    assert {number for _, number, _ in tallied.tolls} == {1}


def test_the_same_report_gives_the_same_tallies(desk: Desk) -> None:
    for block in blocks()[:5]:
        assert desk.read(block.text, None, date(2024, 8, 2)) == desk.read(block.text, None, date(2024, 8, 2))
