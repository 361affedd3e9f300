"""Whether a report is about war at all: sport, films, markets and weather borrow its words."""

from __future__ import annotations

from sijill.arabic.numbers import phrases
from sijill.lexicon.entries import Compiled
from sijill.reading.phrase_tables import PhraseTables
from sijill.reading.scene import Scene

_CAUSES = "causes"  # beside the topics, which have names of their own


class Topics:
    """Weighs the words of peaceful topics against those of war."""

    def __init__(self, lexicon: Compiled) -> None:
        rows = lexicon.tables["ignore"]
        tables = {name: phrases(words) for name, words in rows["topics"].items()}
        self._last: tuple[list[Scene], dict[str, set[str]]] = ([], {})
        self._tables = PhraseTables({**tables, _CAUSES: phrases(rows["causes"])}, bare=False)

    def peaceful(self, scenes: list[Scene], but: tuple[str, ...] = ()) -> bool:
        """Whether words of one topic, or of accidents, outweigh what is told of war.

        A report without any toll needs fewer of them: measured on the development reports. The
        topics `but` do not count.
        """
        found = self._found(scenes)
        causes = len(found.pop(_CAUSES, ()))
        heard = max((len(words) for name, words in found.items() if name not in but), default=0)
        if not causes and heard < 2:
            return False
        war = self.war(scenes)
        if causes > war:
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

    def war(self, scenes: list[Scene]) -> int:
        """How many different deeds and armed groups a report names."""
        found = set()
        for scene in scenes:
            for sentence in scene.sentences:
                for unit in sentence.units:
                    if not unit.entries:
                        continue
                    act, group = unit.get("act", "act_verb"), unit.get("actor")
                    if act and "weak" not in act.role.split():
                        found.add(act.code)
                    if group and unit.letter == "A":
                        found.add(group.code.split("/")[0])
        return len(found)

    def _found(self, scenes: list[Scene]) -> dict[str, set[str]]:
        """The different words of each topic, and of causes; kept, as several rooms ask for one report."""
        last = self._last
        if len(last[0]) == len(scenes) and all(a is b for a, b in zip(last[0], scenes, strict=True)):
            return dict(last[1])
        found: dict[str, set[str]] = {}
        for scene in scenes:
            words = scene.text.words
            for name, key, at, end in self._tables.find(words):
                found.setdefault(name, set()).add(" ".join((key, *words[at + 1 : end])))
        self._last = (list(scenes), found)
        return dict(found)
