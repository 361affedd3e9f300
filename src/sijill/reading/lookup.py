"""One name looked up as the reader would: every bearer with its score, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sijill.arabic.fold import fold_words
from sijill.lexicon.entries import Compiled, PlaceEntry
from sijill.lexicon.lookup import bearers, kind_of
from sijill.reading.places import Chain, Link, PlaceReader
from sijill.reading.scene import Recogniser, Scene
from sijill.records import Place


@dataclass(frozen=True, slots=True)
class Bearer:
    """A place that the name may mean: its row, its score, what it lies in, and what spoke for it."""

    place: PlaceEntry
    score: float
    line: list[str]
    why: list[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader would say of a name: the place, and all who bear the name, the best first."""

    place: Place | None
    bearers: list[Bearer]


class Lookup:
    """Looks names up in one lexicon."""

    def __init__(self, lexicon: Compiled) -> None:
        self._lexicon = lexicon
        self._recogniser = Recogniser(lexicon)
        self._places = PlaceReader(lexicon)

    def __call__(self, name: str, context: str = "", country: str | None = None) -> Answer:
        """The answer for a name. The context is a sentence that holds it, or what follows it."""
        text = context if fold_words(name) in fold_words(context) else f"{name} {context}".strip()
        scene = self._recogniser.scene(text, None, "text")
        needs_word = bearers(self._lexicon, name)
        chain, weights = self._chain(scene, name, tuple(needs_word)), self._weights(scene)
        if country:
            weights[country.upper()] += 5
        parents = self._places.parents(chain)
        found = [
            Bearer(
                choice.place, choice.score, self._places.line(choice.place.id)[1:],
                list(self._why(choice.place.id, parents, weights, needs_word.get(choice.place.id, False))),
            )
            for choice in self._places.choices(chain, weights)
        ]  # fmt: skip
        return Answer(self._places.resolve(chain, scene, weights) if found else None, found)

    def _chain(self, scene: Scene, name: str, ids: tuple[str, ...]) -> Chain:
        """The chain that begins with the name; made by hand where the text alone gives none."""
        wanted = fold_words(name)
        for sentence in scene.sentences:
            for chain in self._places.chains(sentence):
                head = chain.head
                start = head.whole if head.whole >= 0 else head.start
                said = " ".join(scene.text.words[start : head.end])
                if head.ids and (wanted in said or said in wanted):
                    return chain
        return Chain([Link(0, len(scene.text.words), ids)], (0, 0), 1)

    def _weights(self, scene: Scene) -> Counter[str]:
        """How often governorates and countries are named for certain."""
        weights: Counter[str] = Counter()
        for sentence in scene.sentences:
            for chain in self._places.chains(sentence):
                for link in [*chain.links, *chain.joined]:
                    entries = [entry for entry in map(self._places.entry, link.ids) if entry]
                    for values in ({e.admin1 for e in entries}, {e.country for e in entries}):
                        if len(values) == 1 and (value := values.pop()):
                            weights[value] += 4
        return weights

    def _why(
        self, identity: str, parents: list[str], weights: Counter[str], needs_word: bool
    ) -> Iterator[str]:
        place, line = self._lexicon.places[identity], self._places.line(identity)
        yield f"{kind_of(place)}, weight {place.weight}"
        for parent in dict.fromkeys(p for p in parents if p in line[1:]):
            yield f"lies in {parent}"
        if place.admin1 and weights[place.admin1]:
            yield f"the text names {place.admin1}"
        if place.country and weights[place.country]:
            yield f"about {place.country}"
        if needs_word:
            yield "only after a word for a place"
