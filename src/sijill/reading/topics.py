"""Whether a report is about war at all: sport, films, markets and weather borrow its words."""

from __future__ import annotations

from sijill.arabic.numbers import phrase_end, phrases
from sijill.arabic.words import forms
from sijill.lexicon.entries import Compiled
from sijill.reading.scene import Scene


class Topics:
    """Weighs the words of peaceful topics against those of war."""

    def __init__(self, lexicon: Compiled) -> None:
        rows = lexicon.tables["ignore"]
        self._topics = {name: phrases(words) for name, words in rows["topics"].items()}
        self._causes = phrases(rows["causes"])

    def peaceful(self, scenes: list[Scene], but: tuple[str, ...] = ()) -> bool:
        """Whether words of one topic, or of accidents, outweigh what is told of war.

        A report without any toll needs fewer of them: measured on the development reports. The
        topics `but` do not count.
        """
        war = self.war(scenes)
        heard = max((len(self.heard(scenes, name)) for name in self._topics if name not in but), default=0)
        if len(self._found(scenes, self._causes)) > war:
            return True
        return heard >= 2 and (heard > war if self._harm(scenes) else 2 * heard >= war)

    @staticmethod
    def _harm(scenes: list[Scene]) -> bool:
        """Whether people are counted as killed or wounded."""
        for scene in scenes:
            for sentence in scene.sentences:
                letters = sentence.letters
                if any(pair in letters for pair in ("KN", "NT", "NVK", "KV")):
                    return True
        return False

    def heard(self, scenes: list[Scene], topic: str) -> set[str]:
        """The different words of a topic."""
        return self._found(scenes, self._topics[topic])

    def war(self, scenes: list[Scene]) -> int:
        """How many different deeds and armed groups a report names."""
        found = set()
        for scene in scenes:
            for sentence in scene.sentences:
                for unit in sentence.units:
                    act, group = unit.get("act", "act_verb"), unit.get("actor")
                    if act and "weak" not in act.role.split():
                        found.add(act.code)
                    if group and unit.letter == "A":
                        found.add(group.code.split("/")[0])
        return len(found)

    @staticmethod
    def _found(scenes: list[Scene], table: dict[str, list[tuple[str, ...]]]) -> set[str]:
        found = set()
        for scene in scenes:
            words = scene.text.words
            for i in range(len(words)):
                for form in forms(words[i]):
                    end = phrase_end(table, words, i, form.word)
                    if end > i:
                        found.add(" ".join((form.word, *words[i + 1 : end])))
        return found
