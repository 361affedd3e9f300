"""Cut sentences into clauses and gather what each clause tells: the sketch of an event."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from dataclasses import field as default

from sijill.arabic.dates import DateRef
from sijill.reading import roles
from sijill.reading.actors import ActorReader, Cast
from sijill.reading.clause_doers import goes_on, of_itself
from sijill.reading.places import Chain
from sijill.reading.scene import Scene, Sentence, Unit
from sijill.reading.tolls import Toll
from sijill.records import Field


@dataclass(slots=True)
class Deed:
    """One word for what happened: the action it names and where it stands."""

    action: str
    unit: Unit
    weak: bool
    definite: bool
    plural: bool
    verb: bool
    weapons: tuple[str, ...] = ()
    explosion: bool = False
    further: bool = False  # 'a second', 'another'
    several: bool = False  # 'four attacks', 'a series of attacks'


@dataclass(slots=True)
class Clause:
    """What one clause tells, before it is known to which event it belongs."""

    field: Field
    sentence: int
    first: int
    last: int
    units: list[Unit]
    head: frozenset[str]  # cues among its first words
    cues: frozenset[str]
    deeds: list[Deed] = default(default_factory=list)
    tolls: list[Toll] = default(default_factory=list)
    chains: list[Chain] = default(default_factory=list)
    dates: list[DateRef] = default(default_factory=list)
    agents: list[tuple[str, Unit, str]] = default(default_factory=list)
    targets: list[tuple[str, Unit, str]] = default(default_factory=list)
    backers: list[tuple[str, Unit, str]] = default(default_factory=list)
    speakers: list[tuple[str, Unit]] = default(default_factory=list)
    accused: list[tuple[str, Unit]] = default(default_factory=list)
    objects: list[tuple[str, Unit]] = default(default_factory=list)
    weapons: list[tuple[str, Unit]] = default(default_factory=list)
    claimant: str | None = None
    opens: bool = False  # first clause of its sentence

    @property
    def tells(self) -> bool:
        """Whether it tells of a deed or a toll at all."""
        return bool(self.deeds or self.tolls) and not self.recalls and not self.habitual

    @property
    def sums(self) -> bool:
        """Whether it sums up several events: 'five killed in scattered attacks'."""
        return any(d.several for d in self.deeds) and all(d.several or d.weak for d in self.deeds)

    @property
    def habitual(self) -> bool:
        """Whether it tells what happens time and again, not what happened."""
        return "plural_vague" in self.cues and not self.tolls and not self.dates

    @property
    def recalls(self) -> bool:
        """Whether it only recalls an earlier toll of what was told before."""
        if any("running" in u.cues for u in self.units[:2]) and self.field == "text":
            return True
        return (
            bool(self.tolls)
            and all(t.earlier for t in self.tolls)
            and all(d.definite or d.weak for d in self.deeds)
        )

    @property
    def strong(self) -> list[Deed]:
        """The deeds that stand for themselves."""
        return [d for d in self.deeds if not d.weak]


def cut(sentence: Sentence, tolls: list[Toll]) -> list[tuple[int, int]]:
    """Unit ranges of the clauses: cut at commas, at clause words and before joined verbs.

    No cut falls inside a figure that was read as one.
    """
    units = sentence.units
    inside = {i for t in tolls for i in range(t.first + 1, t.last)}
    inside |= _remarks(units, tolls)
    elided = {t.first for t in tolls if t.rule == "elided verb" and t.trigger == t.first}
    cuts = [0]
    aside = _asides(units)
    for at in range(1, len(units)):
        if at in inside or at in aside:
            continue
        unit, before = units[at], units[at - 1]
        starts = (
            before.letter == ","
            or at in elided
            or (unit.date is not None and unit.date.rule == _AFTER)
            or "clause" in unit.cues
            or (
                sentence.field == "title"
                and unit.joined
                and unit.letter in "EK"
                and any(u.letter in "EK" for u in units[cuts[-1] : at])
            )
            or (
                unit.joined
                and (unit.get("act_verb") is not None or unit.get("outcome_verb") is not None)
                and unit.letter in "eK"
            )
            or (
                _territorial(unit) and "after" in before.cues and any(map(_territorial, units[cuts[-1] : at]))
            )
        )
        if starts and at > cuts[-1]:
            cuts.append(at)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(units)], strict=True) if b > a]


def _territorial(unit: Unit) -> bool:
    """Whether a unit tells that a place was entered, taken or left."""
    entry = unit.get("act", "act_verb")
    return entry is not None and entry.code in ("capture_territory", "withdrawal")


def _remarks(units: list[Unit], tolls: list[Toll]) -> set[int]:
    """Units of ', among them two children,' and ', who are brothers,': the clause goes on after them."""
    out: set[int] = set()
    for toll in tolls:
        whole = next(
            (t for t in tolls if t.trigger == toll.trigger and not t.part and t.last <= toll.first), None
        )
        if toll.part and whole is not None and toll.first - whole.last <= 3:
            out |= set(range(whole.last, toll.last))
        if (toll.part or toll.remark) and toll.last + 1 < len(units) and units[toll.last].letter == ",":
            after = units[toll.last + 1]
            if after.letter in "iDE" and not after.joined and not after.cues & {"clause"}:
                out |= {toll.last, toll.last + 1}
    return out


def _asides(units: list[Unit]) -> set[int]:
    """Units right after the commas around a mere date or source: no clause begins there."""
    commas = [i for i, u in enumerate(units) if u.letter == ","]
    out: set[int] = set()
    for left, right in itertools.pairwise(commas):
        inner = units[left + 1 : right]
        dated = any(u.letter == "D" for u in inner) and len(inner) <= 3
        sourced = bool(inner) and bool(inner[0].cues & {"according"}) and len(inner) <= 8
        if (dated or sourced) and not any(u.letter in "EeKT" for u in inner):
            after = units[right + 1] if right + 1 < len(units) else None
            begins = after is not None and (
                bool(after.cues & {"clause"})
                or (after.joined and (after.letter in "eK" or bool(after.cues & {"says", "claimed"})))
            )
            out |= {left + 1} if begins else {left + 1, right + 1}
    return out


class ClauseReader:
    """Fills clauses with deeds, figures, places, dates and roles."""

    def __init__(self, actors: ActorReader) -> None:
        self._actors = actors

    def read(
        self, scene: Scene, number: int, tolls: list[Toll], chains: list[Chain], cast: Cast
    ) -> Iterator[Clause]:
        """The clauses of one sentence, in order."""
        sentence = scene.sentences[number]
        ranges = cut(sentence, tolls)
        before: Clause | None = None
        for index, (first, last) in enumerate(ranges):
            units = sentence.units[first:last]
            if not units:
                continue
            start, end = units[0].start, units[-1].end
            head = frozenset(name for name, a, _ in sentence.cues if start <= a and a < start + 5)
            cues = frozenset(name for name, a, _ in sentence.cues if start <= a < end)
            if units[0].date is not None and units[0].date.rule == _AFTER:
                head |= {"separate"}
            clause = Clause(sentence.field, number, first, last, units, head, cues, opens=index == 0)
            clause.tolls = [t for t in tolls if first <= t.trigger < last]
            if any(t.late for t in clause.tolls):  # 'one of them died later': the same event
                clause.head, clause.cues = head - {"separate"}, cues - {"separate"}
            if "first_toll" in cues and cues & {"background", "earlier_toll"}:
                for toll in clause.tolls:
                    toll.earlier = True
            clause.chains = [c for c in chains if first <= c.units[0] < last]
            clause.dates = [u.date for u in units if u.date]
            self._deeds(clause)
            self._parts(clause, cast, sentence.units)
            _settle(clause)
            _territory(clause)
            _when(clause, before)
            goes_on(clause, before)
            before = clause
            yield clause
            fled = _flight(clause)
            if fled:
                yield fled

    @staticmethod
    def _deeds(clause: Clause) -> None:
        taken = {i for t in clause.tolls for i in range(t.group.first, t.group.last)}
        for at, unit in enumerate(clause.units):
            if not unit.entries and not unit.cues:
                continue
            for weapon in unit.all("weapon"):
                clause.weapons.append((weapon.code, unit))
            for thing in unit.all("object")[:1]:
                clause.objects.append((thing.code, unit))
            entry = unit.get("act", "act_verb")
            if unit.cues & {"fire_word"} and any(
                "launch" in u.cues for u in clause.units[max(0, at - 7) : at]
            ):
                clause.deeds.append(Deed("armed_assault", unit, False, False, False, True, ("small_arms",)))
                continue
            if unit.cues & {"own_control"} and any("launch" in u.cues for u in clause.units[:at]):
                clause.deeds.append(Deed("capture_territory", unit, False, False, False, True))
                continue
            if (
                entry is None
                or unit.letter not in "EeKWTVO"
                or (clause.first + at in taken and unit.letter in "VT")
            ):
                continue
            if unit.get("outcome_verb") and entry.code not in _OUTCOME_ACTS:
                continue
            asked = at > 0 and clause.units[at - 1].role("stance") == "demand"
            if asked and unit.form.preposition:
                continue  # 'demands the withdrawal of'
            if entry.code == "ied" and at and "clears" in clause.units[at - 1].cues:
                continue
            if entry.code in _TAKEN and _theirs(unit, bool(clause.chains)):
                clause.head -= {"separate"}  # 'days after their abduction': what befell them before
                clause.dates = [d for d in clause.dates if d.rule != _AFTER]
                clause.cues |= set() if unit.joined else {"taken_before"}
                continue
            clause.deeds.append(
                Deed(
                    _by_bomb(entry.code, entry.kind, clause.units[at + 1 : at + 2]),
                    unit,
                    "weak" in entry.role or _retreat(entry.code, clause),
                    unit.form.article and not _carried_out(clause.units, at),
                    entry.number == "many",
                    entry.kind == "act_verb",
                    entry.weapons,
                    "explosion" in entry.role,
                    any("further" in u.cues for u in clause.units[at + 1 : at + 3] if u.letter in "ca"),
                    _several(clause.units, at, entry.number == "many"),
                )
            )

    def _parts(self, clause: Clause, cast: Cast, units: list[Unit]) -> None:
        """The actors of the clause by the part they play; members of figures are victims."""
        victims = {i for t in clause.tolls for i in range(t.group.first, t.group.last)}
        victims |= {t.group.actor for t in clause.tolls}
        doers = {t.agent for t in clause.tolls}
        handed: dict[int, tuple[str, str]] = {}
        played: dict[int, tuple[str, str]] = {}
        for at in range(clause.first, clause.last):
            unit = units[at]
            if unit.letter not in "Aa" or at in victims:
                continue
            code = self._actors.code(unit, cast)
            if unit.joined and unit.letter == "A" and played.get(at - 1, ("", ""))[0] in _TOGETHER:
                handed.setdefault(at, played[at - 1])
            part, rule = (
                (roles.AGENT, "subject of the toll") if at in doers else roles.role(units[: clause.last], at)
            )
            part, rule = handed.get(at, (part, rule))
            played[at] = part, rule
            if code is None:
                if (named := _of_named(units, at)) is not None:
                    handed[named] = (part, rule)
                continue
            code = self._of_nation(code, units, at, cast)
            side = _side_of(units, at, clause.last) if code == "UNKNOWN" else _of_named(units, at)
            if side is not None:
                handed[side] = (part, rule)
                continue
            if unit.letter == "a" and not _stands_for_side(units, at, rule):
                continue
            if (
                "claimed" in clause.cues
                and not clause.cues & {"unclaimed", "denied"}
                and rule != "on, against"
                and unit.letter == "A"
            ):
                clause.claimant = clause.claimant or code
            if code == "UNKNOWN" and part == roles.TARGET:
                continue
            if part == roles.AGENT:
                clause.agents.append((code, unit, rule))
            elif part == roles.TARGET:
                clause.targets.append((code, unit, rule))
            elif part == roles.BACKER:
                clause.backers.append((code, unit, rule))
            elif part == roles.ACCUSED:
                clause.accused.append((code, unit))
            elif part == roles.SOURCE:
                clause.speakers.append((code, unit))
            elif self._owns(units, at):
                clause.targets.append((code, unit, "owner of what was hit"))
        of_itself(clause)

    def _of_nation(self, code: str, units: list[Unit], at: int, cast: Cast) -> str:
        """'the American air force': an adjective names the side that a general word leaves open."""
        nxt = units[at + 1] if at + 1 < len(units) else None
        if nxt is None or nxt.letter != "a" or not nxt.form.article or nxt.joined or nxt.form.preposition:
            return code
        if units[at].get("generic") is None and not any(e.role == "short" for e in units[at].all("actor")):
            return code
        nation = self._actors.code(nxt, cast)
        return nation if nation and nation.split("/")[0] != code.split("/")[0] else code

    @staticmethod
    def _owns(units: list[Unit], at: int) -> bool:
        """'a bus of X': the owner of a thing that a deed hit."""
        back = at - 1
        while back >= 0 and at - back <= 3:
            if units[back].letter == "O":
                return True
            if units[back].letter not in "xMV" and not units[back].cues & {"belongs"}:
                return False
            back -= 1
        return False


def _side_of(units: list[Unit], at: int, last: int) -> int | None:
    """'unknown gunmen of X', 'gunmen loyal to X': the unit of the side that is named after all."""
    believed = False
    for nxt in range(at + 1, min(at + 5, last)):
        if units[nxt].letter == "A":
            return nxt
        if believed and units[nxt].letter in "xu":  # 'believed to belong to'
            continue
        believed |= bool(units[nxt].cues & {"believed"})
        if not (
            units[nxt].letter == "f"
            or units[nxt].cues & {"belongs", "backed", "believed"}
            or units[nxt].letter in "MV"
        ):
            return None
    return None


def _of_named(units: list[Unit], at: int) -> int | None:
    """'the security services of X': a side told by a general word, then by name."""
    plain = units[at].get("generic") is not None or any(e.role == "short" for e in units[at].all("actor"))
    if not plain or at + 2 > len(units) - 1 or not units[at + 1].cues & {"belongs"}:
        return None
    return at + 2 if units[at + 2].letter == "A" else None


def _stands_for_side(units: list[Unit], at: int, rule: str) -> bool:
    """Whether an adjective names a side: 'Israeli raids', 'Druze groups', 'launched by a Turkish drone'."""
    if rule in ("adjective of the deed", "by, at the hands of"):
        return True
    before = units[at - 1] if at else None
    return before is not None and before.letter == "M" and before.get("member") is not None


def _flight(clause: Clause) -> Clause | None:
    """Displacement told in one breath with the deed that caused it, as a clause of its own."""
    tolls = [t for t in clause.tolls if t.outcome == "displaced"]
    others = [d for d in clause.deeds if d.action != "displacement" and not d.weak]
    if not tolls or not others:
        return None
    if all(d.definite for d in others) and len(tolls) == len(clause.tolls):
        clause.deeds = [d for d in clause.deeds if d not in others]  # 'the fighting drove out ...'
        return None
    deeds = [d for d in clause.deeds if d.action == "displacement"]
    clause.tolls = [t for t in clause.tolls if t.outcome != "displaced"]
    clause.deeds = [d for d in clause.deeds if d.action != "displacement"]
    return Clause(
        clause.field,
        clause.sentence,
        clause.first,
        clause.last,
        clause.units,
        frozenset({"separate"}),
        clause.cues,
        deeds,
        tolls,
        dates=list(clause.dates),
    )


def _when(clause: Clause, before: Clause | None) -> None:
    """'the first since February, when ...': the earlier event has that date."""
    since = [d for d in before.dates if d.since and d.edtf] if before else []
    if since and clause.units[0].cues & {"when"} and not clause.dates:
        clause.dates = [replace(since[-1], since=False)]
        clause.head |= {"separate"}


def _settle(clause: Clause) -> None:
    """What was seized is no deed; hunting the attackers is none either."""
    seized = next((d for d in clause.deeds if d.action == "weapons_seizure"), None) or _found_arms(clause)
    if seized and any(t.outcome == "killed" for t in clause.tolls):
        seized.action = "armed_assault"  # somebody was found dead
        seized = None
    if seized and any(d.unit.get("weapon") for d in clause.deeds if d is not seized):
        seized.weak = False
        clause.deeds = [d for d in clause.deeds if d is seized or not d.unit.get("weapon")]
    hunted = any(rule == "hunted" for _, _, rule in clause.targets)
    if "pursuit" in clause.cues and not clause.tolls and not hunted:
        clause.deeds = [d for d in clause.deeds if d.action not in ("sweep", "arrest")]


def _found_arms(clause: Clause) -> Deed | None:
    """'the forces found a cache of 17 bombs and 30 shells': what was found is a seizure."""
    at = next((i for i, u in enumerate(clause.units) if "found" in u.cues), None)
    if at is None or clause.tolls or any("body" in u.cues for u in clause.units):
        return None
    arms = [u for u in clause.units[at:] if u.get("weapon")]
    if not arms or any(d.verb and d.unit in clause.units[at:] for d in clause.deeds):
        return None
    deed = Deed("weapons_seizure", clause.units[at], False, False, False, True)
    clause.deeds.append(deed)
    return deed


def _territory(clause: Clause) -> None:
    """Entering, leaving and drawing forces off count where an armed group and a place are named."""
    for deed in clause.deeds:
        if deed.weak and deed.verb and deed.action in ("capture_territory", "withdrawal"):
            deed.weak = not (clause.agents and clause.chains)


def _several(units: list[Unit], at: int, plural: bool) -> bool:
    """Whether a deed is told as a number or series of deeds."""
    before = units[at - 1] if at else None
    told = before.count if before is not None and before.letter == "N" else None
    raid = units[at].form.stem.startswith(_RAID)
    if told is not None and (told.low or 0) > 10 and (raid or not units[at].get("weapon")):
        return True  # 'a hundred raids' stand in the singular
    if not plural:
        return False
    if units[at].get("weapon") and not units[at].form.stem.startswith(_RAID):
        return False  # six rockets are one shelling
    before = units[at - 1] if at else None
    count = before.count if before is not None and before.letter == "N" else None
    if count is not None and (count.low is None or count.low > 2):
        return True
    near = [*units[max(0, at - 1) : at], *units[at + 1 : at + 3]]
    return any(u.cues & {"series"} for u in near)


def _by_bomb(action: str, kind: str, after: list[Unit]) -> str:
    """'an attack with a bomb' is a bombing."""
    weapon = after[0].get("weapon") if after and after[0].form.preposition == _BY else None
    bomb = weapon is not None and weapon.code in ("ied", "mine")
    return "ied" if bomb and action == "armed_assault" and kind == "act" else action


def _carried_out(units: list[Unit], at: int) -> bool:
    """'a unit laid (the) hold on two': the article of a phrase, no word for what is known."""
    return units[at].letter == "K" and any("launch" in u.cues for u in units[max(0, at - 7) : at])


def _theirs(unit: Unit, placed: bool) -> bool:
    """'their abduction', 'and took them to X': a pronoun for people named before."""
    if unit.letter != "K":
        return False
    verb = unit.get("outcome_verb")
    taken = verb is not None and verb.number == "suffixed" and unit.joined
    return taken or (not placed and any(e.role == "owned" for e in unit.all("masdar")))


def _retreat(action: str, clause: Clause) -> bool:
    """'before the attackers withdrew' is no withdrawal from a place somebody held."""
    return action == "withdrawal" and not any(u.letter == "A" for u in clause.units)


_AFTER = "days after the event"  # the date rule of 'two days after': what follows is another event
_RAID = ("\u063a\u0627\u0631", "\u0636\u0631\u0628")  # air strikes, unlike shells, are deeds that are counted
_TOGETHER = (roles.AGENT, roles.TARGET, roles.BACKER)
_BY = "\u0628"
_TAKEN = frozenset({"abduction", "arrest"})
_OUTCOME_ACTS = frozenset({"arrest", "abduction", "execution", "displacement", "assassination"})
