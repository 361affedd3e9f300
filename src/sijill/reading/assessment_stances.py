"""What a turn says: the stance that its verb tells, or that its words do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sijill.arabic.words import keys
from sijill.reading.assessment_cues import NEAR, THAT, Found, Turn, has
from sijill.reading.phrase_tables import PhraseTable
from sijill.reading.scene import Sentence
from sijill.reading.speaker_lines import BODY, Lines, Speaker
from sijill.reading.speakers import SpeakerParser

_PLAIN = ("say", "according")  # cues that tell no stance by themselves
_FUTURE = "\u0633"
_PERSON = ("\u064a", "\u062a")
_OWN = ("\u0647", "\u0647\u0627", "\u0647\u0645")
_BE = frozenset(
    ("\u064a\u0643\u0648\u0646", "\u062a\u0643\u0648\u0646", "\u064a\u0643\u0648\u0646\u0648\u0627")
)


class Stances:
    """Reads the stances of turns."""

    def __init__(self, rows: dict[str, Any], speakers: SpeakerParser) -> None:
        self._speakers = speakers
        self._content = {stance: _table(words) for stance, words in rows["content"].items()}
        self._said = PhraseTable(
            (word for words in rows["content"].values() for word in words), attached=False
        )
        self._not_stance, self._condemned = _table(rows["not_stance"]), _table(rows["condemned"])
        self._described, self._accused = _table(rows["described"]), _table(rows["accused"])

    def may_tell(self, lines: Lines, sentence: Sentence, found: dict[int, list[Found]]) -> bool:
        """Whether any turn of a sentence can have a stance: by its verb, or by a word of what is said."""
        first, last = sentence.first, sentence.last
        for cues in found.values():
            for cue, _, _ in cues:
                if cue.kind == "light":
                    if any(not keys[word].isdisjoint(cue.nouns) for word in lines.words[first:last]):
                        return True
                elif cue.kind not in _PLAIN:
                    return True
        words, starts = lines.words, self._said.starts
        for at in range(first, last):
            for rests in starts[words[at]]:
                if any(not rest or tuple(words[at + 1 : at + 1 + len(rest)]) == rest for rest in rests):
                    return True
        return False

    def of(self, lines: Lines, turn: Turn) -> Iterator[str]:
        """The stances of a turn, none where it only tells facts."""
        cue, speaker = turn.cue, turn.speaker
        assert speaker is not None
        if cue.kind != "say" and has(lines, self._not_stance, turn.body, min(turn.last, turn.body + NEAR)):
            return
        if cue.kind in ("say", "according"):
            yield from self._told(lines, turn, speaker)
        elif cue.judge:
            stance = self._judged(lines, turn, speaker)
            if stance:
                yield stance
        elif (cue.expert and not self._speakers.is_expert(speaker)) or (
            cue.own and self._own_deed(lines, turn, speaker)
        ):
            return
        elif cue.future and not self._looks_ahead(lines, turn):
            if has(lines, self._content["expert"], turn.body, turn.last):
                yield "explanation"
        else:
            yield cue.stance

    def _told(self, lines: Lines, turn: Turn, speaker: Speaker) -> Iterator[str]:
        """The stances of plain saying, by what is said."""
        first, last = (turn.body, turn.last) if turn.cue.kind == "say" else (turn.first, turn.at)
        after = turn.last if turn.cue.kind == "according" else last
        for stance in ("demand", "warning", "claim", "denial"):
            if turn.cue.kind == "say" and has(lines, self._content[stance], first, last):
                yield stance
        expert, official = self._speakers.is_expert(speaker), self._speakers.is_official(speaker)
        if expert and has(lines, self._content["forecast"], first, last):
            yield "forecast"
        if (
            turn.cue.kind == "say"
            and not expert
            and speaker.kind == BODY
            and has(lines, self._content["intent"], first, last)
        ):
            yield "claim"
        causes = [self._content["explanation"]]
        causes += (
            [self._content["expert"], self._content["official"]]
            if expert
            else [self._content["official"]]
            if official
            else []
        )
        if any(has(lines, table, first, after) for table in causes):
            yield "explanation"

    def _judged(self, lines: Lines, turn: Turn, speaker: Speaker) -> str | None:
        """The stance of 'sees', 'considers', 'describes'."""

        def told(table: PhraseTable) -> bool:
            return has(lines, table, turn.body, turn.last)

        if turn.cue.judge == "described":
            if told(self._condemned):
                return None
            return "explanation" if told(self._described) else "claim" if told(self._accused) else None
        if told(self._condemned):
            return None
        for stance in ("demand", "warning"):
            if told(self._content[stance]):
                return stance
        if turn.cue.judge == "explanation" and told(self._content["forecast"]):
            return "forecast"
        if told(self._accused) or told(self._content["claim"]):
            return "claim"
        if any(
            told(t)
            for t in (
                self._described,
                self._content["explanation"],
                self._content["expert"],
                self._content["official"],
            )
        ):
            return "explanation"
        return turn.cue.judge

    def _own_deed(self, lines: Lines, turn: Turn, speaker: Speaker) -> bool:
        """Whether a group only tells what its own men did."""
        if speaker.code.startswith("IS"):
            return True
        return any(
            lines.letter(i) in "AVMT" and lines.words[i].endswith(_OWN)
            for i in range(turn.body, min(turn.last, turn.body + 6))
        )

    def _looks_ahead(self, lines: Lines, turn: Turn) -> bool:
        """Whether what is thought likely lies ahead."""
        for i in range(turn.body, turn.last):
            word = lines.words[i]
            if len(word) > 4 and word[0] == _FUTURE and word[1] in _PERSON and lines.letter(i) in "xce":
                return True
            nxt = lines.words[i + 1] if i + 1 < turn.last else ""
            if word in THAT and nxt[:1] in _PERSON and nxt not in _BE:
                return True
        return False


def _table(words: Iterable[str]) -> PhraseTable:
    return PhraseTable(words, attached=False)
