"""What a report leans to without naming a place: adjectives of countries, whose outlet it is."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from sijill.arabic.words import split
from sijill.lexicon.finder import Finder
from sijill.reading.scene import Scene

_IS = "IS"
IS_COUNTRIES = ("IQ", "SY")
"""Where Islamic State acts if a report names no country at all."""


class Beats:
    """Weighs countries by adjectives and outlets."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._outlet = lru_cache(maxsize=4096)(self._look_up)

    def leaning(self, scenes: list[Scene], outlet: str | None) -> Counter[str]:
        """How often each country is told by an adjective, and once the outlet's own."""
        out: Counter[str] = Counter()
        named = False
        for scene in scenes:
            for sentence in scene.sentences:
                for unit in sentence.units:
                    if unit.roles and (nation := unit.role("national")):
                        out[nation] += 1
                    if not unit.entries:
                        continue
                    if unit.letter == "S" and (country := unit.entries[0].country):
                        out[country] += 1
                    named |= any(e.kind == "actor" and e.code == _IS for e in unit.entries)
        if outlet and (country := self._outlet(outlet)):
            out[country] += 1
        if named and not out:
            out.update(IS_COUNTRIES)
        return out

    def _look_up(self, outlet: str) -> str:
        """The country of an outlet named at the head of a report."""
        found = self._finder.find(split(outlet).words)
        return next((m.entry.country for m in found if m.kind == "source" and m.entry.country), "")
