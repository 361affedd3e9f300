"""What a coder got wrong, by phenomenon, with the words it went wrong on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sijill.evaluation.compare import FIELDS, Compared
from sijill.evaluation.likeness import (
    Record,
    group_of,
    groups_of,
    pair_up,
    relation,
    same_speaker,
    same_spot,
    tolls,
)
from sijill.evaluation.spans import date_likeness, days
from sijill.evaluation.told import brief, brief_assessment, brief_control, brief_tally, brief_toll
from sijill.records import Report

PHENOMENA = (
    "incident: missed", "incident: extra", "incident: extra on a quiet report",
    "action: wrong family", "action: wrong, family right", "status: wrong",
    "date: missing", "date: not told", "date: overlaps", "date: wrong",
    "place: missing", "place: not told", "place: wrong governorate", "place: wrong spot",
    "actors: missing", "actors: extra", "actors: other",
    "targets: missing", "targets: extra", "targets: other",
    "claim: missing", "claim: not told", "claim: other",
    "toll: part or whole", "toll: wrong group", "toll: wrong outcome", "toll: wrong number",
    "toll: missing", "toll: extra", "toll: of a missed incident", "toll: of an extra incident",
    "tally: missed", "tally: extra", "tally: wrong measure", "tally: wrong number", "tally: wrong group",
    "tally: wrong period", "tally: wrong comparison",
    "control: missed", "control: extra", "control: wrong place", "control: wrong actor",
    "control: wrong change",
    "assessment: missed", "assessment: extra", "assessment: wrong speaker", "assessment: wrong stance",
)  # fmt: skip
"""Every phenomenon, in the order in which it is told."""

Words = list[Any]
"""Spans as evidence holds them, `[field, start, end]`, or whatever a faulty coder wrote there."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One error: what gold holds and what was said, each in short; empty where there was nothing."""

    phenomenon: str
    report: str
    record: str
    gold: str
    said: str
    words: Words


def slips(compared: Compared) -> list[Slip]:
    """Every error in one report."""
    found: list[Slip] = []
    for gold, said in compared.matched():
        found.extend(_of_pair(compared.id, gold, said))
    found.extend(_unmatched_incidents(compared))
    for kind, table in _LEFTOVERS.items():
        found.extend(_leftovers(compared, kind, table))
    return found


def tallied(found: Iterable[Slip]) -> dict[str, int]:
    """How often each phenomenon occurs; those that do not are left out."""
    often = Counter(slip.phenomenon for slip in found)
    return {phenomenon: often[phenomenon] for phenomenon in PHENOMENA if often[phenomenon]}


def evidence(pointer: str, *records: Record) -> Words:
    """The words of the first record that gives any for a value, else those of the whole record."""
    known = [record["evidence"] for record in records if isinstance(record.get("evidence"), dict)]
    inside = (
        [span for at, spans in table.items() if f"{at}/".startswith(f"{pointer}/") for span in spans]
        for table in known
    )
    whole = (list(table.get("", [])) for table in known)
    return next(filter(None, (*inside, *whole) if pointer else whole), [])


def words_of(slip: Slip, report: Report | None) -> str:
    """The words an error is about, as the report has them; empty where nothing points at any."""
    fields = {"text": report.text, "title": report.title or ""} if report else {}
    told: dict[str, None] = {}
    for span in slip.words:
        match span:
            case [str(field), int(start), int(end)]:
                told[" ".join(fields.get(field, "")[start:end].split())] = None
    return " … ".join(filter(None, told))


# --- incidents


def _of_pair(report: str, gold: Record, said: Record) -> Iterator[Slip]:
    """The errors between two incidents that are one."""
    for key, judge in _JUDGES.items():
        for phenomenon in judge(gold, said):
            words = evidence(f"/{key}", gold, said)
            yield Slip(phenomenon, report, _name(gold), brief(gold, key), brief(said, key), words)
    yield from _toll_slips(report, gold, said)


def _unmatched_incidents(compared: Compared) -> Iterator[Slip]:
    """Incidents missed and made up, and the tolls that went with them."""
    for gold in compared.missed("incidents"):
        yield Slip("incident: missed", compared.id, _name(gold), brief(gold), "", evidence("", gold))
        yield from _lone_tolls("toll: of a missed incident", compared.id, gold)
    extra = "incident: extra" if compared.gold["incidents"] else "incident: extra on a quiet report"
    for said in compared.surplus("incidents"):
        yield Slip(extra, compared.id, _name(said), "", brief(said), evidence("", said))
        yield from _lone_tolls("toll: of an extra incident", compared.id, said)


def _name(record: Record) -> str:
    """The id of a record, where it has one."""
    return str(record.get("id") or "")


def _action(gold: Record, said: Record) -> Iterator[str]:
    """Whether the action, and at least its family, is right."""
    if not FIELDS["family"](gold, said):
        yield "action: wrong family"
    elif not FIELDS["action"](gold, said):
        yield "action: wrong, family right"


def _status(gold: Record, said: Record) -> Iterator[str]:
    """Whether the event happened, was planned, was denied."""
    if gold.get("status", "reported") != said.get("status", "reported"):
        yield "status: wrong"


def _date(gold: Record, said: Record) -> Iterator[str]:
    """Whether the days are the same."""
    ours, theirs = days(gold.get("date")), days(said.get("date"))
    if ours == theirs:
        return
    if theirs is None:
        yield "date: missing"
    elif ours is None:
        yield "date: not told"
    else:
        overlaps = ours[0] <= theirs[1] and theirs[0] <= ours[1]
        yield "date: overlaps" if overlaps else "date: wrong"


def _place(gold: Record, said: Record) -> Iterator[str]:
    """Whether the governorate and the spot are right."""
    if FIELDS["admin1"](gold, said) and FIELDS["spot"](gold, said):
        return
    if not said.get("place"):
        yield "place: missing"
    elif not gold.get("place"):
        yield "place: not told"
    elif not FIELDS["admin1"](gold, said):
        yield "place: wrong governorate"
    else:
        yield "place: wrong spot"


def _codes(key: str) -> Callable[[Record, Record], Iterator[str]]:
    """A judge of a list of codes: groups missing, groups too many, or others altogether."""

    def judge(gold: Record, said: Record) -> Iterator[str]:
        ours, theirs = groups_of(gold.get(key)), groups_of(said.get(key))
        if ours and theirs and not ours & theirs:
            yield f"{key}: other"
            return
        if ours - theirs:
            yield f"{key}: missing"
        if theirs - ours:
            yield f"{key}: extra"

    return judge


def _claim(gold: Record, said: Record) -> Iterator[str]:
    """Whether the right group claims it."""
    ours, theirs = group_of(gold.get("claimed_by")), group_of(said.get("claimed_by"))
    if ours != theirs:
        yield "claim: missing" if not theirs else "claim: not told" if not ours else "claim: other"


_JUDGES: dict[str, Callable[[Record, Record], Iterator[str]]] = {
    "action": _action,
    "status": _status,
    "date": _date,
    "place": _place,
    "actors": _codes("actors"),
    "targets": _codes("targets"),
    "claimed_by": _claim,
}


# --- tolls

_NEARNESS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("", (0, 1, 2, 3, 4)),
    ("toll: part or whole", (0, 1, 2, 3)),
    ("toll: wrong group", (0, 2, 3, 4)),
    ("toll: wrong outcome", (1, 2, 3, 4)),
    ("toll: wrong number", (0, 1, 4)),
)
"""What is wrong where these fields of two tolls agree: outcome, group, low, high, part; nearest first."""


def _toll_slips(report: str, gold: Record, said: Record) -> Iterator[Slip]:
    """The errors between the tolls of two incidents; each toll is held against its nearest."""
    ours = dict(enumerate(tolls(gold, parts=True)))
    theirs = dict(enumerate(tolls(said, parts=True)))
    for phenomenon, fields in _NEARNESS:
        for place, toll in list(ours.items()):
            near = (
                other for other, said_toll in theirs.items() if all(toll[f] == said_toll[f] for f in fields)
            )
            other = next(near, None)
            if other is None:
                continue
            del ours[place], theirs[other]
            if phenomenon:
                yield _toll_slip(phenomenon, report, (gold, place), (said, other))
    yield from (_toll_slip("toll: missing", report, (gold, place), None) for place in ours)
    yield from (_toll_slip("toll: extra", report, None, (said, place)) for place in theirs)


def _lone_tolls(phenomenon: str, report: str, incident: Record) -> Iterator[Slip]:
    """Every toll of an incident that stands alone."""
    for place in range(len(incident["casualties"])):
        here = (incident, place)
        gold, said = (here, None) if phenomenon.endswith("missed incident") else (None, here)
        yield _toll_slip(phenomenon, report, gold, said)


def _toll_slip(
    phenomenon: str, report: str, gold: tuple[Record, int] | None, said: tuple[Record, int] | None
) -> Slip:
    """One error in a toll; gold and said are an incident and the place of the toll in it."""
    told = [brief_toll(at[0]["casualties"][at[1]]) if at else "" for at in (gold, said)]
    words: Words = []
    for at in (gold, said):
        words = words or (evidence(f"/casualties/{at[1]}", at[0]) if at else [])
    name = next(_name(at[0]) for at in (gold, said) if at)
    return Slip(phenomenon, report, name, told[0], told[1], words)


# --- tallies, control, assessments


@dataclass(frozen=True, slots=True)
class _Aspect:
    """One thing in which two records of a kind may differ, and how much it weighs in finding the nearest."""

    phenomenon: str
    agree: Callable[[Record, Record], bool]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class _Leftover:
    """How records without a partner are held against each other."""

    noun: str
    told: Callable[[Record], str]
    enough: int
    aspects: tuple[_Aspect, ...]


def _same(key: str) -> Callable[[Record, Record], bool]:
    """Whether a field is the same in both."""
    return lambda gold, said: gold.get(key) == said.get(key)


def _same_group(key: str) -> Callable[[Record, Record], bool]:
    """Whether a field names the same group in both."""
    return lambda gold, said: group_of(gold.get(key)) == group_of(said.get(key))


_LEFTOVERS = {
    "tallies": _Leftover("tally", brief_tally, 4, (
        _Aspect("tally: wrong number", _same("low"), 2),
        _Aspect("tally: wrong measure", _same("measure")),
        _Aspect("tally: wrong group", _same_group("group")),
        _Aspect("tally: wrong period",
                lambda gold, said: date_likeness(gold.get("period"), said.get("period")) >= 0.5),
        _Aspect("tally: wrong comparison", lambda gold, said: bool(relation(gold) == relation(said))),
    )),
    "control": _Leftover("control", brief_control, 2, (
        _Aspect("control: wrong place",
                lambda gold, said: same_spot(gold.get("place") or {}, said.get("place") or {})),
        _Aspect("control: wrong actor", _same_group("actor")),
        _Aspect("control: wrong change", _same("change")),
    )),
    "assessments": _Leftover("assessment", brief_assessment, 1, (
        _Aspect("assessment: wrong speaker",
                lambda gold, said: same_speaker(gold.get("speaker"), said.get("speaker"))),
        _Aspect("assessment: wrong stance", _same("stance")),
    )),
}  # fmt: skip


def _leftovers(compared: Compared, kind: str, table: _Leftover) -> Iterator[Slip]:
    """The errors among records of a kind that found no partner: nearly right, missed, or made up."""
    missed, extra = compared.missed(kind), compared.surplus(kind)
    nearness = [[_agreement(table, gold, said) for said in extra] for gold in missed]
    pairs = pair_up(nearness, table.enough)
    for ours, theirs in pairs:
        gold, said = missed[ours], extra[theirs]
        for aspect in table.aspects:
            if not aspect.agree(gold, said):
                told = (table.told(gold), table.told(said))
                yield Slip(aspect.phenomenon, compared.id, _name(gold), *told, evidence("", gold, said))
    for place, gold in enumerate(missed):
        if place not in {ours for ours, _ in pairs}:
            told = (table.told(gold), "")
            yield Slip(f"{table.noun}: missed", compared.id, _name(gold), *told, evidence("", gold))
    for place, said in enumerate(extra):
        if place not in {theirs for _, theirs in pairs}:
            told = ("", table.told(said))
            yield Slip(f"{table.noun}: extra", compared.id, _name(said), *told, evidence("", said))


def _agreement(table: _Leftover, gold: Record, said: Record) -> int:
    """The weight of all in which two records agree."""
    return sum(aspect.weight for aspect in table.aspects if aspect.agree(gold, said))
