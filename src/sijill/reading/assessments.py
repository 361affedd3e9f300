"""Attributed judgements: who warns, foresees, explains, demands, denies or accuses.

Each verb of judgement, each circumstantial form ('warning', 'calling for') and each verb of mere
saying opens a `Turn`: a speaker, and the words up to the next turn. The verb gives the stance, or
what is said does. A turn without a speaker of its own belongs to the sentence's, or the last one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sijill.arabic.words import Form, forms
from sijill.lexicon.entries import Compiled
from sijill.reading.assessment_cues import (
    REACH,
    THAT,
    Cue,
    Cues,
    Found,
    Turn,
    begins,
    follows,
    has,
    noun,
    that,
)
from sijill.reading.assessment_stances import Stances
from sijill.reading.scene import Scene, Sentence
from sijill.reading.speaker_lines import BODY, NAME, OFFICE, OTHER, Lines, Speaker, level
from sijill.reading.speakers import SpeakerParser
from sijill.reading.topics import Topics
from sijill.records import Assessment, Span, Stance

_OWN = ("\u0647", "\u0647\u0627", "\u0647\u0645")
Spoken = tuple[Sentence, dict[int, list[Found]]]
"""A sentence in which a turn may begin, with its cues."""
_HA, _FEMININE = "\u0647", "\u062a"


class _Memory:
    """The speakers of one field so far. A sentence that can hold no judgement is read when one is sought."""

    def __init__(self, reader: AssessmentReader, lines: Lines, spoken: list[Spoken]) -> None:
        self._reader, self._lines, self._spoken = reader, lines, spoken
        self._known: dict[int, list[Speaker]] = {}
        self._at = 0

    def begin(self, number: int) -> None:
        """A sentence is read now."""
        self._at = number
        self._known[number] = []

    def add(self, speaker: Speaker) -> None:
        """Somebody speaks in it."""
        self._known[self._at].append(speaker)

    @property
    def known(self) -> list[Speaker]:
        """All who spoke so far, in order."""
        at = self._at
        for number in range(at):
            if number not in self._known:
                self.begin(number)
                self._reader.turns(self._lines, *self._spoken[number], self)
                self._at = at
        return [speaker for number in range(at + 1) for speaker in self._known[number]]

    @property
    def last(self) -> Speaker | None:
        """Who spoke last."""
        here = self._known[self._at]
        known = here or self.known
        return known[-1] if known else None


class AssessmentReader:
    """Reads assessments from scenes, over one lexicon."""

    def __init__(self, lexicon: Compiled, topics: Topics | None = None) -> None:
        rows: dict[str, Any] = lexicon.tables["assessments"]
        self._speakers, self._topics = SpeakerParser(lexicon), topics or Topics(lexicon)
        self._cues, self._stances = Cues(rows), Stances(rows, self._speakers)
        self._negated, self._impersonal = level(rows["negated"]), level(rows["impersonal"])
        self._bare_not, self._masculine = level(rows["bare_says_not"]), level(rows["masculine"])
        self._relative, self._opening = level(rows["relative"]), level(rows["opening"])

    def read(self, scenes: list[Scene]) -> list[Assessment]:
        """The assessments of a report, one for each speaker and stance; none where it tells of no war."""
        spoken = [self._spoken(scene) for scene in sorted(scenes, key=lambda s: s.field == "title")]
        if not any(telling for _, _, telling in spoken) or self._topics.peaceful(scenes):
            return []
        said: list[tuple[Speaker, str, list[Span], Span]] = []
        for lines, sentences, telling in spoken:
            memory = _Memory(self, lines, sentences)
            rows = [row for number in telling for row in self._sentence(lines, sentences, number, memory)]
            heard = {stance for _, stance, _, _ in said} if lines.scene.field == "title" else set()
            for row in rows:
                if row[1] not in heard and not any(_same(row[0], s) and row[1] == t for s, t, _, _ in said):
                    said.append(row)
        return [_record(n, *row) for n, row in enumerate(said, 1)]

    def _spoken(self, scene: Scene) -> tuple[Lines, list[Spoken], list[int]]:
        """The sentences in which a turn may begin, after a colon too, and which may hold a judgement."""
        lines = Lines(scene)
        rows: list[Spoken] = []
        telling: list[int] = []
        for sentence in scene.sentences:
            found = self._cues.find(lines, sentence.first, sentence.last)
            if found or ":" in lines.words[sentence.first : sentence.last]:
                if self._stances.may_tell(lines, sentence, found):
                    telling.append(len(rows))
                rows.append((sentence, found))
        return lines, rows, telling

    def _sentence(
        self, lines: Lines, spoken: list[Spoken], number: int, memory: _Memory
    ) -> Iterator[tuple[Speaker, str, list[Span], Span]]:
        memory.begin(number)
        for turn in self.turns(lines, *spoken[number], memory):
            if turn.speaker is None:
                continue
            for stance in self._stances.of(lines, turn):
                where = lines.scene.field
                span = lines.scene.text.span(turn.at, max(turn.body, turn.last))
                own = lines.scene.text.span(turn.speaker.start, turn.speaker.end)
                yield turn.speaker, stance, [Span(where, *span)], Span(where, *own)

    def turns(
        self, lines: Lines, sentence: Sentence, found: dict[int, list[Found]], memory: _Memory
    ) -> list[Turn]:
        """The turns of a sentence in order, each with its speaker."""
        turns: list[Turn] = []
        current: Speaker | None = None
        free = asked = sentence.first
        for at in sorted({sentence.first, *found}):
            if at < free:
                continue
            if not turns and at > asked:
                weak = self._last_subject(lines, asked, at, sentence)
                current, asked = self._resolved(lines, weak, memory) if weak else current, at
            turn = self._turn(lines, at, sentence, found.get(at, ()), current, memory)
            if turn is None:
                continue
            if turns and turns[-1].cue.kind != "according":
                turns[-1].last = min(turns[-1].last, turn.at)
            turns.append(turn)
            if turn.speaker:
                current = turn.speaker
                memory.add(turn.speaker)
            free = max(at + 1, turn.body)
        return turns

    def _turn(self, lines: Lines, at: int, sentence: Sentence, cues: Sequence[Found],
              current: Speaker | None, memory: _Memory) -> Turn | None:  # fmt: skip
        """The turn that begins at a word, if one does."""
        if at == sentence.first and (headed := self._colon(lines, sentence)):
            return headed
        for cue, end, form in cues:
            if not cue.negated and self._denied(lines, at, sentence.first):
                return None
            found = self._filled(lines, cue, at, end, form, sentence, current, memory)
            if found:
                return found
        return None

    def _colon(self, lines: Lines, sentence: Sentence) -> Turn | None:
        """'The governor: ...': a speaker before a colon."""
        if ":" not in lines.words[sentence.first : sentence.last]:
            return None
        found = self._speakers.read(lines, sentence.first, sentence.last, known=True)
        end = lines.next(found.end) if found else sentence.last
        if (
            found is None
            or end >= sentence.last
            or lines.words[end] != ":"
            or lines.letter(found.start) == "P"
        ):
            return None
        return Turn(Cue("say"), sentence.first, end + 1, sentence.last, found, sentence.first)

    def _denied(self, lines: Lines, at: int, first: int) -> bool:
        before = lines.before(at, first)
        return before >= first and any(
            f.word in self._negated for f in forms(lines.words[before]) if not f.preposition
        )

    def _filled(self, lines: Lines, cue: Cue, at: int, end: int, form: Form, sentence: Sentence,
                current: Speaker | None, memory: _Memory) -> Turn | None:  # fmt: skip
        """A turn with its speaker; None where the words only look like one."""
        last = sentence.last
        if cue.not_before and begins(lines, end, last, cue.not_before):
            return None
        if (cue.needs or cue.attached) and not follows(lines, cue, end, last):
            return None
        if cue.kind == "participle":
            return Turn(cue, at, end, last, current or memory.last, sentence.first)
        found = self._said_by(lines, cue, at, end, form, sentence)
        if found and found.start >= end:
            asked = (
                cue.stance == "demand"
                and current
                and form.conjunction
                and self._speakers.addressed(lines, found)
            )
            if (asked or self._is_object(lines, cue, form, found, last)) and (current or memory.last):
                found = None
        if (
            cue.kind == "say"
            and form.stem in self._bare_not
            and not that(lines, found.end if found else end, last)
        ):
            return None
        if found is None and (cue.kind in ("according", "light") or cue.subject):
            return None
        if found is None and not self._may_omit(lines, cue, at, end, form, sentence):
            return None
        body = found.end if found and found.start >= end else end
        if cue.kind == "light" and not noun(lines, cue, body, last):
            return None
        speaker = self._resolved(lines, found, memory) if found else current or memory.last
        if cue.kind == "say" and speaker and speaker.kind in (OTHER,):
            speaker = None
        return Turn(cue, at, body, last, speaker, sentence.first)

    def _is_object(self, lines: Lines, cue: Cue, form: Form, found: Speaker, last: int) -> bool:
        """Whether what follows a verb is whom it accuses or calls upon, its speaker left out."""
        if not form.conjunction or form.stem.endswith(_OWN):
            return False
        if cue.stance in ("demand", "claim", "warning") and not self._agrees(form.stem, found):
            return True
        if not cue.object:
            return False
        at = lines.next(found.end)
        while at < last and self._speakers.adjectival(lines, at):
            at = lines.next(at + 1)
        return at < last and (
            forms(lines.words[at])[-1].preposition != "" or has(lines, cue.needs, at, at + 1)
        )

    def _agrees(self, verb: str, found: Speaker) -> bool:
        """Whether a verb and its subject may agree in gender; only sure disagreement counts."""
        feminine = verb.endswith(_FEMININE) or (verb.startswith(_FEMININE) and not verb.endswith(_FEMININE))
        if feminine:
            return found.head not in self._masculine
        return not (found.kind == BODY and found.head.endswith(_HA))

    def _said_by(
        self, lines: Lines, cue: Cue, at: int, end: int, form: Form, sentence: Sentence
    ) -> Speaker | None:
        """The speaker of a verb: before it where the clause begins with one, else after it."""
        if cue.kind != "according" and not form.conjunction:
            before = self._speakers.before(lines, at, sentence.first)
            if before and self._opens(lines, before.start, sentence.first):
                return before
            if (
                before is None
                and (relative := lines.before(at, sentence.first)) >= sentence.first
                and lines.words[relative] in self._relative
            ):
                found = self._speakers.before(lines, relative, sentence.first)
                if found:
                    return found
            after = self._speakers.after(lines, end, sentence.last)
            return after or before
        return self._speakers.after(lines, end, sentence.last)

    def _opens(self, lines: Lines, at: int, first: int) -> bool:
        """Whether a clause begins at a word."""
        before = lines.before(at, first)
        if before < first or lines.words[before] in ("\u060c", ",", ":", ")"):
            return True
        joined = any(f.conjunction and not f.preposition for f in forms(lines.words[at])[:2])
        return joined or any(f.stem in self._opening for f in forms(lines.words[before]))

    def _may_omit(self, lines: Lines, cue: Cue, at: int, end: int, form: Form, sentence: Sentence) -> bool:
        """Whether a verb without a speaker may belong to the last one."""
        word = form.stem
        if word in self._impersonal:
            return False
        before = lines.before(at, sentence.first)
        if before >= sentence.first and lines.words[before] in self._relative:
            return False
        nxt = lines.next(end)
        if nxt >= sentence.last:
            return False
        follows = (
            lines.letter(nxt) in "ufl"
            or lines.words[nxt] in THAT
            or forms(lines.words[nxt])[-1].preposition != ""
        )
        return bool(form.conjunction) or before < sentence.first or follows

    def _last_subject(self, lines: Lines, first: int, last: int, sentence: Sentence) -> Speaker | None:
        """The last subject of a clause that begins among the words `[first, last)`."""
        rows = (self._subject(lines, at, sentence) for at in range(last - 1, first - 1, -1))
        return next((found for found in rows if found), None)

    def _subject(self, lines: Lines, at: int, sentence: Sentence) -> Speaker | None:
        """The subject of any other verb that opens a clause: 'the minister welcomed ..., warning ...'."""
        if (
            not self._opens(lines, at, sentence.first)
            or lines.letter(at) in "iufljD,AS"
            or at + 1 >= sentence.last
        ):
            return None
        found = self._speakers.read(lines, at + 1, sentence.last, known=True)
        return found if found and found.kind != NAME else None

    def _resolved(self, lines: Lines, found: Speaker, memory: _Memory) -> Speaker | None:
        """A speaker in full: 'the source' and bare names are those named before."""
        if self._speakers.is_latter(found):
            return self._speakers.latter(lines, found.start, max(0, found.start - REACH))
        if self._speakers.is_back(lines, found):
            return self._speakers.referent(lines, found, memory.known)
        if found.kind == NAME:
            words = found.words
            return next((s for s in reversed(memory.known) if s.kind in (OFFICE,) and words & s.words), None)
        return found


def _same(a: Speaker, b: Speaker) -> bool:
    """Whether two speakers are one: the words of one lie in the other's, or both mean one group."""
    return a.words <= b.words or b.words <= a.words or (bool(a.code) and a.code == b.code)


def _record(number: int, speaker: Speaker, stance: str, spans: list[Span], own: Span) -> Assessment:
    kind: Stance = stance  # type: ignore[assignment]
    return Assessment(
        id=f"a{number}", speaker=speaker.name, stance=kind, evidence={"": spans, "/speaker": [own]}
    )


__all__ = ["AssessmentReader"]
