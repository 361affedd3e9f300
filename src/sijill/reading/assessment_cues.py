"""The verbs, circumstantial forms and phrases that open a judgement, and how they are looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.memo import Memo
from sijill.arabic.numbers import Phrases, phrase_end, phrases
from sijill.arabic.words import Form, forms, keys
from sijill.lexicon.inflect import verb_forms
from sijill.reading.phrase_tables import PhraseTable
from sijill.reading.speaker_lines import Lines, Speaker

REACH = 26  # words in which 'to', 'of' and the like must follow their verb
NEAR = 9  # words in which a toll or a blessing shows that no judgement is meant
THAT = frozenset(
    fold_words(w)
    for w in ("\u0623\u0646", "\u0628\u0623\u0646", "\u0623\u0646\u0647", "\u0623\u0646\u0647\u0627")
)


@dataclass(frozen=True, slots=True)
class Cue:
    """What a verb or participle opens. `kind`: verb, participle, light, say or according."""

    kind: str
    stance: str = ""
    needs: PhraseTable = field(default_factory=PhraseTable)
    attached: str = ""
    not_before: str = ""
    judge: str = ""
    future: bool = False
    own: bool = False
    subject: bool = False
    expert: bool = False
    object: bool = False
    negated: bool = False
    nouns: Phrases = field(default_factory=dict)


@dataclass(slots=True)
class Turn:
    """Words `[at, last)` that one speaker is made to say; `body` is where they begin."""

    cue: Cue
    at: int
    body: int
    last: int
    speaker: Speaker | None
    first: int  # where its sentence begins


Found = tuple[Cue, int, Form]
"""A cue, where its words end, and how its first word is attached."""


class Cues:
    """The cues of `assessments.yaml`, by first word."""

    def __init__(self, rows: dict[str, Any]) -> None:
        self._cues: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
        self._fill(rows)
        self._firsts = frozenset(self._cues)
        self._starts = Memo(self._look_up)

    def _fill(self, rows: dict[str, Any]) -> None:
        for verb in rows["says"]:
            self._add_verbs([verb], Cue("say"))
        for word in rows["according"]:
            self._add(str(word), Cue("according"))
        for kind, key in (("verb", "verbs"), ("participle", "participles")):
            for stance, groups in rows[key].items():
                for group in groups:
                    cue = _cue(kind, stance, group)
                    self._add_verbs(group.get("verbs") or (), cue)
                    for word in group.get("words") or ():
                        self._add(word, cue)
        for group in rows["light"]:
            self._add_verbs(group["verbs"], Cue("light", group["stance"], nouns=phrases(group["nouns"])))
        for found in self._cues.values():
            found.sort(key=lambda row: (-len(row[0]), _ORDER[row[1].kind]))

    def _add_verbs(self, notations: Any, cue: Cue) -> None:
        for notation in notations:
            for form, _ in verb_forms(str(notation)):
                self._add(form, cue)

    def _add(self, form: str, cue: Cue) -> None:
        words = tuple(fold_words(form).split())
        row = (words, cue)
        if row not in self._cues.setdefault(words[0], []):
            self._cues[words[0]].append(row)

    def _look_up(self, word: str) -> tuple[tuple[tuple[str, ...], Cue, Form], ...]:
        """The cues that may begin with a word."""
        if self._firsts.isdisjoint(keys[word]):
            return ()
        return tuple(
            (words, cue, form)
            for form in forms(word)
            if not form.article and not form.preposition
            for words, cue in self._cues.get(form.stem, ())
            if cue.kind != "according" or form.conjunction in ("", "\u0648")
        )

    def find(self, lines: Lines, first: int, last: int) -> dict[int, list[Found]]:
        """The cues among the words `[first, last)`, by their first words."""
        starts = self._starts
        return {
            at: found
            for at, word in enumerate(lines.words[first:last], first)
            if starts[word] and (found := self._matches(lines, at, last))
        }

    def _matches(self, lines: Lines, at: int, last: int) -> list[Found]:
        """The cues that begin at a word, the longest first."""
        found = []
        for words, cue, form in self._starts[lines.words[at]]:
            end = self._phrase(lines, words, at, last)
            if end:
                found.append((cue, end, form))
        found.sort(key=lambda row: -row[1])
        return found

    @staticmethod
    def _phrase(lines: Lines, words: tuple[str, ...], at: int, last: int) -> int:
        """Where a phrase that begins at a word ends, quotation marks let pass; 0 where it does not."""
        end = at + 1
        for word in words[1:]:
            end = lines.next(end)
            if end >= last or lines.words[end] != word:
                return 0
            end += 1
        return end


_ORDER = {"verb": 0, "participle": 0, "light": 1, "say": 2, "according": 3}


def _cue(kind: str, stance: str, group: dict[str, Any]) -> Cue:
    needs = [str(w) for w in group.get("needs") or ()]
    attached = "".join(w for w in needs if len(w) == 1)
    return Cue(
        kind, stance, PhraseTable((w for w in needs if len(w) > 1), attached=False), attached,
        fold_words(group.get("not_before") or ""), group.get("judge") or "", bool(group.get("future")),
        bool(group.get("own")), bool(group.get("subject")), bool(group.get("expert")),
        bool(group.get("object")), bool(group.get("negated")),
    )  # fmt: skip


def has(lines: Lines, table: PhraseTable, first: int, last: int) -> bool:
    """Whether a phrase of a table stands among the words."""
    return table.among(lines.words, first, last)


def noun(lines: Lines, cue: Cue, first: int, last: int) -> bool:
    """Whether the noun of a light verb follows."""
    for i in range(first, min(last, first + 8)):
        for form in forms(lines.words[i]):
            if phrase_end(cue.nouns, lines.words, i, form.word) > i:
                return True
    return False


def follows(lines: Lines, cue: Cue, end: int, last: int) -> bool:
    """Whether the words that a verb needs stand near enough after it."""
    limit = min(last, end + (REACH if THAT.isdisjoint(cue.needs) else NEAR))
    if has(lines, cue.needs, end, limit):
        return True
    return any(
        f.preposition and f.preposition in cue.attached
        for i in range(end, limit)
        for f in forms(lines.words[i])
    )


def begins(lines: Lines, at: int, last: int, what: str) -> bool:
    """Whether the next word is this one, or carries this particle."""
    at = lines.next(at)
    if at >= last:
        return False
    word = lines.words[at]
    return word == what or (len(what) == 1 and any(f.preposition == what for f in forms(word)))


def that(lines: Lines, at: int, last: int) -> bool:
    """Whether 'that' follows at once, or after three words."""
    return any(lines.words[i] in THAT for i in range(at, min(last, at + 4)))
