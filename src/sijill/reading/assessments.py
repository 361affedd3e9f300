"""Attributed judgements: who warns, foresees, explains, demands, denies or accuses.

Each verb of judgement, each circumstantial form ('warning', 'calling for') and each verb of mere
saying opens a `Turn`: a speaker, and the words up to the next turn. The verb gives the stance, or
what is said does. A turn without a speaker of its own belongs to the sentence's, or the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sijill.arabic.fold import fold_words
from sijill.arabic.numbers import Phrases, phrase_end, phrases
from sijill.arabic.words import Form, forms
from sijill.lexicon.entries import Compiled
from sijill.lexicon.inflect import verb_forms
from sijill.reading.scene import Scene, Sentence
from sijill.reading.speakers import BODY, NAME, OFFICE, OTHER, Lines, Speaker, SpeakerParser
from sijill.reading.topics import Topics
from sijill.records import Assessment, Span, Stance

_REACH = 26  # words in which 'to', 'of' and the like must follow their verb
_NEAR = 9  # words in which a toll or a blessing shows that no judgement is meant
_FUTURE = "\u0633"
_PERSON = ("\u064a", "\u062a")
_OWN = ("\u0647", "\u0647\u0627", "\u0647\u0645")
_THAT = frozenset(fold_words(w) for w in ("\u0623\u0646", "\u0628\u0623\u0646", "\u0623\u0646\u0647", "\u0623\u0646\u0647\u0627"))
_HA = "\u0647"
_FEMININE_PAST, _FEMININE_PRESENT = "\u062a", "\u062a"
_BE = frozenset(("\u064a\u0643\u0648\u0646", "\u062a\u0643\u0648\u0646", "\u064a\u0643\u0648\u0646\u0648\u0627"))


@dataclass(frozen=True, slots=True)
class Cue:
    """What a verb or participle opens. `kind`: verb, participle, light, say or according."""

    kind: str
    stance: str = ""
    needs: Phrases = field(default_factory=dict)
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


@dataclass(slots=True)
class _Memory:
    """Speakers named so far, and who spoke last."""

    known: list[Speaker] = field(default_factory=list)
    last: Speaker | None = None


class AssessmentReader:
    """Reads assessments from scenes, over one lexicon."""

    def __init__(self, lexicon: Compiled) -> None:
        rows: dict[str, Any] = lexicon.tables["assessments"]
        self._speakers = SpeakerParser(lexicon)
        self._topics = Topics(lexicon)
        self._cues: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
        self._fill(rows)
        self._content = {stance: phrases(words) for stance, words in rows["content"].items()}
        self._not_stance, self._condemned = phrases(rows["not_stance"]), phrases(rows["condemned"])
        self._described, self._accused = phrases(rows["described"]), phrases(rows["accused"])
        self._negated = {fold_words(w) for w in rows["negated"]}
        self._impersonal = {fold_words(w) for w in rows["impersonal"]}
        self._bare_not = {fold_words(w) for w in rows["bare_says_not"]}
        self._masculine = {fold_words(w) for w in rows["masculine"]}
        self._relative = {fold_words(w) for w in rows["relative"]}
        self._opening = {fold_words(w) for w in rows["opening"]}

    # --- words

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

    def _matches(self, lines: Lines, at: int, last: int) -> list[tuple[Cue, int, Form]]:
        """The cues that begin at a word, the longest first."""
        found = []
        for form in forms(lines.words[at]):
            if form.article or form.preposition:
                continue
            for words, cue in self._cues.get(form.stem, ()):
                if cue.kind == "according" and form.conjunction not in ("", "\u0648"):
                    continue
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

    # --- reading

    def read(self, scenes: list[Scene]) -> list[Assessment]:
        """The assessments of a report, one for each speaker and stance; none where it tells of no war."""
        if self._topics.peaceful(scenes):
            return []
        memory = _Memory()
        said: list[tuple[Speaker, str, list[Span], Span]] = []
        for scene in sorted(scenes, key=lambda s: s.field == "title"):
            lines = Lines(scene)
            rows = [row for sentence in scene.sentences for row in self._sentence(lines, sentence, memory)]
            heard = {stance for _, stance, _, _ in said} if scene.field == "title" else set()
            for row in rows:
                if row[1] not in heard and not any(_same(row[0], s) and row[1] == t for s, t, _, _ in said):
                    said.append(row)
            memory = _Memory()
        return [_record(n, *row) for n, row in enumerate(said, 1)]

    def _sentence(self, lines: Lines, sentence: Sentence, memory: _Memory) -> Iterator[tuple[Speaker, str, list[Span], Span]]:
        for turn in self._turns(lines, sentence, memory):
            if turn.speaker is None:
                continue
            for stance in self._stances(lines, turn):
                where = lines.scene.field
                span = lines.scene.text.span(turn.at, max(turn.body, turn.last))
                own = lines.scene.text.span(turn.speaker.start, turn.speaker.end)
                yield turn.speaker, stance, [Span(where, *span)], Span(where, *own)

    def _turns(self, lines: Lines, sentence: Sentence, memory: _Memory) -> list[Turn]:
        """The turns of a sentence in order, each with its speaker."""
        turns: list[Turn] = []
        current: Speaker | None = None
        at = sentence.first
        while at < sentence.last:
            turn = self._turn(lines, at, sentence, current, memory, turns)
            if turn is None:
                weak = None if turns else self._subject(lines, at, sentence)
                current = self._resolved(lines, weak, memory) if weak else current
                at += 1
                continue
            if turns and turns[-1].cue.kind != "according":
                turns[-1].last = min(turns[-1].last, turn.at)
            turns.append(turn)
            if turn.speaker:
                current = memory.last = turn.speaker
                memory.known.append(turn.speaker)
            at = max(at + 1, turn.body)
        return turns

    def _turn(self, lines: Lines, at: int, sentence: Sentence, current: Speaker | None, memory: _Memory,
              turns: list[Turn]) -> Turn | None:  # fmt: skip
        """The turn that begins at a word, if one does."""
        if at == sentence.first and (headed := self._colon(lines, sentence)):
            return headed
        for cue, end, form in self._matches(lines, at, sentence.last):
            if not cue.negated and self._denied(lines, at, sentence.first):
                return None
            found = self._filled(lines, cue, at, end, form, sentence, current or memory.last, memory)
            if found:
                return found
        return None

    def _colon(self, lines: Lines, sentence: Sentence) -> Turn | None:
        """'The governor: ...': a speaker before a colon."""
        found = self._speakers.read(lines, sentence.first, sentence.last, known=True)
        end = lines.next(found.end) if found else sentence.last
        if found is None or end >= sentence.last or lines.words[end] != ":" or lines.letter(found.start) == "P":
            return None
        return Turn(Cue("say"), sentence.first, end + 1, sentence.last, found, sentence.first)

    def _denied(self, lines: Lines, at: int, first: int) -> bool:
        before = lines.before(at, first)
        return before >= first and any(f.word in self._negated for f in forms(lines.words[before]) if not f.preposition)

    def _filled(self, lines: Lines, cue: Cue, at: int, end: int, form: Form, sentence: Sentence,
                default: Speaker | None, memory: _Memory) -> Turn | None:  # fmt: skip
        """A turn with its speaker; None where the words only look like one."""
        last = sentence.last
        if cue.not_before and self._begins(lines, end, last, cue.not_before):
            return None
        if (cue.needs or cue.attached) and not self._follows(lines, cue, end, last):
            return None
        if cue.kind == "participle":
            return Turn(cue, at, end, last, default, sentence.first)
        found = self._said_by(lines, cue, at, end, form, sentence)
        if found and found.start >= end and default and self._is_object(lines, cue, form, found, last):
            found = None
        if cue.kind == "say" and form.stem in self._bare_not and not self._that(lines, found.end if found else end, last):
            return None
        if found is None and (cue.kind in ("according", "light") or cue.subject):
            return None
        if found is None and not self._may_omit(lines, cue, at, end, form, sentence):
            return None
        body = found.end if found and found.start >= end else end
        if cue.kind == "light" and not self._noun(lines, cue, body, last):
            return None
        speaker = self._resolved(lines, found, memory) if found else default
        if cue.kind == "say" and speaker and speaker.kind in (OTHER,):
            speaker = None
        return Turn(cue, at, body, last, speaker, sentence.first)

    def _that(self, lines: Lines, at: int, last: int) -> bool:
        """Whether 'that' follows at once, or after three words."""
        return any(lines.words[i] in _THAT for i in range(at, min(last, at + 4)))

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
        return at < last and (forms(lines.words[at])[-1].preposition != "" or self._has(lines, cue.needs, at, at + 1))

    def _agrees(self, verb: str, found: Speaker) -> bool:
        """Whether a verb and its subject may agree in gender; only sure disagreement counts."""
        feminine = verb.endswith(_FEMININE_PAST) or (verb.startswith(_FEMININE_PRESENT) and not verb.endswith(_FEMININE_PAST))
        if feminine:
            return found.head not in self._masculine
        return not (found.kind == BODY and found.head.endswith(_HA))

    def _said_by(self, lines: Lines, cue: Cue, at: int, end: int, form: Form, sentence: Sentence) -> Speaker | None:
        """The speaker of a verb: before it where the clause begins with one, else after it."""
        if cue.kind != "according" and not form.conjunction:
            before = self._speakers.before(lines, at, sentence.first)
            if before and self._opens(lines, before.start, sentence.first):
                return before
            if before is None and (relative := lines.before(at, sentence.first)) >= sentence.first and lines.words[relative] in self._relative:
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
        follows = lines.letter(nxt) in "ufl" or lines.words[nxt] in _THAT or forms(lines.words[nxt])[-1].preposition != ""
        return bool(form.conjunction) or before < sentence.first or follows

    def _subject(self, lines: Lines, at: int, sentence: Sentence) -> Speaker | None:
        """The subject of any other verb that opens a clause: 'the minister welcomed ..., warning ...'."""
        if not self._opens(lines, at, sentence.first) or lines.letter(at) in "iufljD,AS" or at + 1 >= sentence.last:
            return None
        found = self._speakers.read(lines, at + 1, sentence.last, known=True)
        return found if found and found.kind != NAME else None

    def _resolved(self, lines: Lines, found: Speaker, memory: _Memory) -> Speaker | None:
        """A speaker in full: 'the source' and bare names are those named before."""
        if self._speakers.is_latter(found):
            return self._speakers.latter(lines, found.start, max(0, found.start - _REACH))
        if self._speakers.is_back(lines, found):
            return self._speakers.referent(lines, found, memory.known)
        if found.kind == NAME:
            words = found.words
            return next((s for s in reversed(memory.known) if s.kind in (OFFICE,) and words & s.words), None)
        return found

    # --- what a turn says

    def _stances(self, lines: Lines, turn: Turn) -> Iterator[str]:
        cue, speaker = turn.cue, turn.speaker
        assert speaker is not None
        if cue.kind != "say" and self._has(lines, self._not_stance, turn.body, min(turn.last, turn.body + _NEAR)):
            return
        if cue.kind in ("say", "according"):
            yield from self._told(lines, turn, speaker)
        elif cue.judge:
            stance = self._judged(lines, turn, speaker)
            if stance:
                yield stance
        elif (cue.expert and not self._speakers.is_expert(speaker)) or (cue.own and self._own_deed(lines, turn, speaker)):
            return
        elif cue.future and not self._looks_ahead(lines, turn):
            if self._has(lines, self._content["expert"], turn.body, turn.last):
                yield "explanation"
        else:
            yield cue.stance

    def _told(self, lines: Lines, turn: Turn, speaker: Speaker) -> Iterator[str]:
        """The stances of plain saying, by what is said."""
        first, last = (turn.body, turn.last) if turn.cue.kind == "say" else (turn.first, turn.at)
        after = turn.last if turn.cue.kind == "according" else last
        for stance in ("demand", "warning", "claim"):
            if turn.cue.kind == "say" and self._has(lines, self._content[stance], first, last):
                yield stance
        expert, official = self._speakers.is_expert(speaker), self._speakers.is_official(speaker)
        if expert and self._has(lines, self._content["forecast"], first, last):
            yield "forecast"
        if turn.cue.kind == "say" and not expert and speaker.kind == BODY and self._has(lines, self._content["intent"], first, last):
            yield "claim"
        causes = [self._content["explanation"]]
        causes += [self._content["expert"], self._content["official"]] if expert else [self._content["official"]] if official else []
        if any(self._has(lines, table, first, after) for table in causes):
            yield "explanation"

    def _judged(self, lines: Lines, turn: Turn, speaker: Speaker) -> str | None:
        """The stance of 'sees', 'considers', 'describes'."""
        def has(table: Phrases) -> bool:
            return self._has(lines, table, turn.body, turn.last)

        if turn.cue.judge == "described":
            if has(self._condemned):
                return None
            return "explanation" if has(self._described) else "claim" if has(self._accused) else None
        if has(self._condemned):
            return None
        for stance in ("demand", "warning"):
            if has(self._content[stance]):
                return stance
        if turn.cue.judge == "explanation" and has(self._content["forecast"]):
            return "forecast"
        if has(self._accused) or has(self._content["claim"]):
            return "claim"
        if any(has(t) for t in (self._described, self._content["explanation"], self._content["expert"], self._content["official"])):
            return "explanation"
        return turn.cue.judge

    def _own_deed(self, lines: Lines, turn: Turn, speaker: Speaker) -> bool:
        """Whether a group only tells what its own men did."""
        if speaker.code.startswith("IS"):
            return True
        return any(
            lines.letter(i) in "AVMT" and lines.words[i].endswith(_OWN) for i in range(turn.body, min(turn.last, turn.body + 6))
        )

    def _looks_ahead(self, lines: Lines, turn: Turn) -> bool:
        """Whether what is thought likely lies ahead."""
        for i in range(turn.body, turn.last):
            word = lines.words[i]
            if len(word) > 4 and word[0] == _FUTURE and word[1] in _PERSON and lines.letter(i) in "xce":
                return True
            nxt = lines.words[i + 1] if i + 1 < turn.last else ""
            if word in _THAT and nxt[:1] in _PERSON and nxt not in _BE:
                return True
        return False

    # --- looking up

    def _has(self, lines: Lines, table: Phrases, first: int, last: int) -> bool:
        """Whether a phrase of a table stands among the words."""
        for i in range(first, last):
            for form in forms(lines.words[i]):
                if not form.preposition or form.word != form.stem:
                    end = phrase_end(table, lines.words, i, form.word)
                    if i < end <= last:
                        return True
            if i < phrase_end(table, lines.words, i) <= last:
                return True
        return False

    def _noun(self, lines: Lines, cue: Cue, first: int, last: int) -> bool:
        """Whether the noun of a light verb follows."""
        for i in range(first, min(last, first + 8)):
            for form in forms(lines.words[i]):
                if phrase_end(cue.nouns, lines.words, i, form.word) > i:
                    return True
        return False

    def _follows(self, lines: Lines, cue: Cue, end: int, last: int) -> bool:
        limit = min(last, end + (_REACH if not _THAT & cue.needs.keys() else _NEAR))
        if self._has(lines, cue.needs, end, limit):
            return True
        return any(f.preposition and f.preposition in cue.attached for i in range(end, limit) for f in forms(lines.words[i]))

    def _begins(self, lines: Lines, at: int, last: int, what: str) -> bool:
        at = lines.next(at)
        if at >= last:
            return False
        word = lines.words[at]
        return word == what or (len(what) == 1 and any(f.preposition == what for f in forms(word)))


_ORDER = {"verb": 0, "participle": 0, "light": 1, "say": 2, "according": 3}


def _cue(kind: str, stance: str, group: dict[str, Any]) -> Cue:
    needs = [str(w) for w in group.get("needs") or ()]
    attached = "".join(w for w in needs if len(w) == 1)
    return Cue(
        kind, stance, phrases(w for w in needs if len(w) > 1), attached,
        fold_words(group.get("not_before") or ""), group.get("judge") or "", bool(group.get("future")),
        bool(group.get("own")), bool(group.get("subject")), bool(group.get("expert")),
        bool(group.get("object")), bool(group.get("negated")),
    )  # fmt: skip


def _same(a: Speaker, b: Speaker) -> bool:
    """Whether two speakers are one: the words of one lie in the other's, or both mean one group."""
    return a.words <= b.words or b.words <= a.words or (bool(a.code) and a.code == b.code)


def _record(number: int, speaker: Speaker, stance: str, spans: list[Span], own: Span) -> Assessment:
    kind: Stance = stance  # type: ignore[assignment]
    return Assessment(id=f"a{number}", speaker=speaker.name, stance=kind, evidence={"": spans, "/speaker": [own]})


__all__ = ["AssessmentReader"]
