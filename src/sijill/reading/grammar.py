"""The default reader: rules over what the lexicon recognises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sijill import __version__
from sijill.arabic.numbers import phrases
from sijill.lexicon.entries import Compiled
from sijill.lexicon.load import load as load_lexicon
from sijill.reading.actors import ActorReader, Cast
from sijill.reading.assessments import AssessmentReader
from sijill.reading.captures import with_captures
from sijill.reading.clauses import Clause, ClauseReader
from sijill.reading.control import ControlReader
from sijill.reading.events import Located, Told
from sijill.reading.finish import Finisher
from sijill.reading.frame import Frame
from sijill.reading.groups import GroupParser
from sijill.reading.linking import Linker
from sijill.reading.phrase_tables import PhraseTables
from sijill.reading.place_beats import Beats
from sijill.reading.places import Chain, PlaceReader
from sijill.reading.reader import Explanation
from sijill.reading.scene import Recogniser, Scene, Sentence
from sijill.reading.steps import steps
from sijill.reading.tallies import Chains, Tallied, TallyReader, Tolls, Where
from sijill.reading.tolls import Toll, TollParser
from sijill.reading.topics import Topics
from sijill.records import Assessment, CodedReport, Field, Mention, ReaderMark, Report, Span, head

NAME = "grammar"
_TOPIC, _CAUSES, _TAILS, _REST = "topic ", "causes", "boilerplate", "boilerplate_rest"
_DEEDS = frozenset({"accuses", "attributes", "claimed", "fire_word", "found", "own_control"})
"""Cues that make a deed of what is none by itself, or name who did the last one (`Linker._hear`)."""
_Marked = tuple[str, str, int, int]


def load(overlay: Path | None = None) -> GrammarReader:
    """The grammar reader over the built-in lexicon and a folder laid over it."""
    return GrammarReader(load_lexicon(overlay))


class GrammarReader:
    """Reads reports by rules. Deterministic; holds no state between reports."""

    def __init__(self, lexicon: Compiled) -> None:
        tables = lexicon.tables
        self._mark = ReaderMark(name=NAME, version=__version__, lexicon=lexicon.digest)
        self._recogniser = Recogniser(lexicon)
        self._tolls = TollParser(GroupParser())
        self._places = PlaceReader(lexicon)
        self._beats = Beats(self._recogniser.finder)
        self._actors = ActorReader(lexicon)
        self._clauses = ClauseReader(self._actors)
        self._linker = Linker(tables["linking"], tables["actions"], self._places)
        self._tallies = TallyReader(lexicon, self._actors, self._places)
        topics = Topics(lexicon)
        self._assessments = AssessmentReader(lexicon, topics)
        self._control = ControlReader(lexicon, self._places, self._actors, topics)
        self._finisher = Finisher(self._actors, tables)
        ignore, cues = tables["ignore"], tables["cues"]
        self._peace = PhraseTables(
            {
                **{_TOPIC + topic: phrases(words) for topic, words in ignore["topics"].items()},
                _CAUSES: phrases(ignore["causes"]),
                _TAILS: phrases(cues["boilerplate"]),
                _REST: phrases(cues["boilerplate_rest"]),
            },
            bare=True,
        )

    def read(self, report: Report) -> CodedReport:
        """What the report tells."""
        return self._read(report)[0]

    def explain(self, report: Report) -> Explanation:
        """The same, with the steps that led to it."""
        coded, scenes = self._read(report)
        return Explanation(coded, tuple(step for scene in scenes for step in steps(scene, self._tolls)))

    def _read(self, report: Report) -> tuple[CodedReport, list[Scene]]:
        published = _date(report.published)
        scenes = self._scenes(report, published)
        chains = {(s.field, n): self._places.chains(x) for s in scenes for n, x in enumerate(s.sentences)}
        cast = self._cast(scenes, chains, published)
        cast.leaning = self._beats.leaning(scenes, report.source)
        frame = Frame({s.field: s for s in scenes}, cast, published)
        marked = {s.field: self._peace.find(s.text.words) for s in scenes}
        if _peaceful(scenes, marked):
            return CodedReport(report=head(report), reader=self._mark), scenes
        tails = {where for s in scenes if s.field == "text" for where in _tails(s, marked[s.field])}
        tolls = {(s.field, n): self._tolls.read(x) for s in scenes for n, x in enumerate(s.sentences)}
        tallied = self._tallies.read(scenes, tolls, chains, cast, tails)
        assessments = self._assessments.read(scenes)
        left_out = tails | {where for s in scenes for where in _accidents(s, marked[s.field])}
        sentences = self._sentences(scenes, chains, tolls, cast, left_out, tallied)
        _judged(sentences, assessments, frame)
        incidents: list[Mention] = []
        for event in self._linker.events(sentences):
            mention = self._finisher.mention(
                event, len(incidents) + 1, frame, incidents[-1].place if incidents else None
            )
            if mention:
                incidents.append(mention)
        control = self._control.read(scenes, cast, chains)
        incidents = with_captures(incidents, control, lambda actors: self._finisher.enemy(actors, frame))
        coded = CodedReport(
            report=head(report),
            incidents=incidents,
            tallies=tallied.tallies,
            control=control,
            assessments=assessments,
            reader=self._mark,
            unread=_unread(scenes, incidents),
        )
        return coded, scenes

    def _sentences(
        self,
        scenes: list[Scene],
        chains: Chains,
        tolls: Tolls,
        cast: Cast,
        left_out: set[Where],
        tallied: Tallied,
    ) -> list[list[Told]]:
        """The clauses of every sentence that may tell of incidents, with what is left for them."""
        out = []
        for scene in scenes:
            for number in range(len(scene.sentences)):
                where = (scene.field, number)
                if where in left_out or _idle(scene.sentences[number], tolls[where]):
                    continue
                left = [t for t in tolls[where] if (scene.field, number, t.first) not in tallied.tolls]
                told = self._told(scene, number, chains[where], left, cast)
                out.append(
                    [t for t in told if _single(t) or _dated_sum(t)] if where in tallied.sentences else told
                )
        return out

    def _scenes(self, report: Report, published: date | None) -> list[Scene]:
        scenes = [self._recogniser.scene(report.text, published, "text")]
        if report.title:
            scenes.insert(0, self._recogniser.scene(report.title, published, "title"))
        return scenes

    def _cast(
        self, scenes: list[Scene], chains: dict[tuple[Field, int], list[Chain]], published: date | None
    ) -> Cast:
        places: Counter[str] = Counter()
        for rows in chains.values():
            for chain in rows:
                for link in [*chain.links, *chain.joined]:
                    self._weigh(link.ids, places)
        known = any(len(c) == len("SY") for c in places)
        guess = None if known else self._guess(scenes, chains, places)
        return self._actors.cast(scenes, published, places, guess)

    def _guess(
        self, scenes: list[Scene], chains: dict[tuple[Field, int], list[Chain]], places: Counter[str]
    ) -> str | None:
        """The country of a report whose every place name is one of several countries."""
        where: Counter[str] = Counter()
        for scene in scenes:
            for number in range(len(scene.sentences)):
                for chain in chains[scene.field, number]:
                    answer = self._places.locate(chain, scene, places)
                    if answer and answer.place.country:
                        where[answer.place.country] += 1
        return next((c for c, _ in where.most_common(1)), None)

    def _weigh(self, ids: tuple[str, ...], places: Counter[str], by: int = 1) -> None:
        entries = [e for e in map(self._places.entry, ids) if e]
        for values in ({e.admin1 for e in entries}, {e.country for e in entries}):
            if len(values) == 1:
                value = values.pop()
                if value:
                    places[value] += by

    def _told(
        self, scene: Scene, number: int, chains: list[Chain], tolls: list[Toll], cast: Cast
    ) -> list[Told]:
        out = []
        context = cast.places.copy()
        context.update(cast.leaning)
        for chain in chains:
            for link in [*chain.links, *chain.joined]:
                self._weigh(link.ids, context, 3)
        for clause in self._clauses.read(scene, number, tolls, chains, cast):
            out.append(Told(clause, self._located(clause, scene, context)))
        return out

    def _located(self, clause: Clause, scene: Scene, context: Counter[str]) -> list[Located]:
        rows = []
        for chain in clause.chains:
            answer = self._places.locate(chain, scene, context)
            if answer:
                head, also = chain.head, len(chain.joined)
                first = scene.text.quote(head.whole, head.whole + 1) if head.whole >= 0 else ""
                whole = bool(first) and first.endswith(answer.place.name.split(" ")[0])
                start = head.whole if whole else head.start
                rows.append(Located(answer.place, chain.good, start, head.end, also, rank=answer.rank))
        return rows


def _idle(sentence: Sentence, tolls: list[Toll]) -> bool:
    """Whether no clause can tell of anything: no figure, no deed; only a colon at the end is heard."""
    if tolls or not _DEEDS.isdisjoint(sentence.names):
        return False
    units = sentence.units
    if not units or units[-1].letter == ":":
        return not units
    return not any(u.entries and u.get("act", "act_verb") is not None for u in units)


def _peaceful(scenes: list[Scene], marked: dict[Field, list[_Marked]]) -> bool:
    """Two different words of one peaceful topic, and no armed group by its own name."""
    hits: dict[str, set[str]] = {}
    for scene in scenes:
        words = scene.text.words
        for name, _, at, end in marked[scene.field]:
            if name.startswith(_TOPIC):
                hits.setdefault(name, set()).add(" ".join(words[at:end]))
    most = max((len(v) for v in hits.values()), default=0)
    if f"{_TOPIC}heritage" in hits and any(d.low and d.low.year < 2000 for s in scenes for d in s.dates):
        return True
    if most < 2:
        return False
    units = (u for scene in scenes for sentence in scene.sentences for u in sentence.units)
    named = sum(u.letter == "A" and u.get("actor") is not None for u in units)
    return most >= 2 + min(named, 6)


def _accidents(scene: Scene, marked: list[_Marked]) -> Iterator[Where]:
    """Sentences that tell of an accident."""
    at = [start for name, _, start, _ in marked if name == _CAUSES]
    for number, sentence in enumerate(scene.sentences if at else ()):
        if any(sentence.first <= start < sentence.last for start in at):
            yield scene.field, number


def _tails(scene: Scene, marked: list[_Marked]) -> Iterator[Where]:
    """Related links, captions and share buttons around the report; some begin all that follows."""
    tails = {at for name, _, at, _ in marked if name == _TAILS}
    rests = {at for name, _, at, _ in marked if name == _REST}
    rest = False
    for number, sentence in enumerate(scene.sentences if tails or rests else ()):
        opening = range(sentence.first, min(sentence.first + 3, sentence.last))
        if rest or not tails.isdisjoint(opening):
            yield scene.field, number
        rest = rest or not rests.isdisjoint(opening)


def _single(told: Told) -> bool:
    """Whether a clause of a tally's sentence still tells one dated deed at one place."""
    deeds = [d for d in told.clause.strong if not d.plural and not d.definite]
    return bool(deeds) and told.day is not None and told.spot is not None and told.spot.rank <= 1


def _dated_sum(told: Told) -> bool:
    """Whether a clause of a tally's sentence is the dated head of a list of incidents."""
    return (
        told.clause.sums
        and told.day is not None
        and len((told.day.edtf or "").rstrip("~")) == len("2024-04-19")
    )


def _judged(sentences: list[list[Told]], assessments: list[Assessment], frame: Frame) -> None:
    """What a judgement speaks of is no report of an event, unless it tells a toll, a day or a place."""
    spans = [s for a in assessments for s in a.evidence.get("", [])]
    for told in (t for sentence in sentences for t in sentence):
        clause = told.clause
        if clause.tolls or told.day or not clause.deeds or (told.spot and any(d.verb for d in clause.deeds)):
            continue
        if (clause.agents or clause.accused) and all(d.definite for d in clause.deeds):
            continue  # 'he blamed the attack on X' says who did it
        text = frame.scenes[clause.field].text
        start, end = text.span(clause.units[0].start, clause.units[-1].end)
        if any(s.field == clause.field and s.start < end and start < s.end for s in spans):
            clause.deeds = []


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _unread(scenes: list[Scene], incidents: list[Mention]) -> list[Span]:
    """Sentences full of conflict words that gave no record."""
    read = [s for m in incidents for s in m.evidence.get("", [])]
    out = []
    for scene in scenes:
        for sentence in scene.sentences:
            if sum(u.letter in "KTEe" for u in sentence.units) < 2:
                continue
            start, end = scene.text.span(sentence.first, sentence.last)
            if not any(s.field == scene.field and s.start < end and start < s.end for s in read):
                out.append(Span(scene.field, start, end))
    return out
