"""Who was killed, wounded, captured, missing: the figures of one sentence.

A figure hangs on a word of outcome ('the killing of', 'were wounded'), on the affected
themselves ('20 dead'), on a phrase that takes lives ('claimed the lives of'), or on a total
('the toll rose to 18'). Lists are kept together, parts ('among them') and breakdowns ('they
are: ...') are marked. Whose they were is left open where only the rest of the report can tell.
"""

from __future__ import annotations

from dataclasses import replace

from sijill.reading import antecedents, toll_marks
from sijill.reading.groups import Group, GroupParser
from sijill.reading.scene import Sentence, Unit
from sijill.reading.toll_lists import ListReader, Toll, after_also
from sijill.reading.toll_parts import PartReader
from sijill.reading.toll_totals import AffectedReader
from sijill.reading.toll_words import (
    after_cue,
    after_subject,
    agrees,
    all_families,
    suffixed,
    taken_far,
    untrue,
    victim_after,
)

_JOINT = {
    frozenset({"killed", "wounded"}): "killed_or_wounded",
    frozenset({"killed", "arrested"}): "killed_or_arrested",
}
_BY = "\u0628"  # 'with bullets' is the means, not the aim
_SKIP = 14  # units between a verb and those it speaks of: dates, sources, places
_OTHERS = frozenset({"other_one", "other_two", "other_some"})
_WHOLE = frozenset({"breakdown", "word of outcome"})
_OPENING = frozenset({"befell", "flight", "loses", "body", "took", "fate"})
"""Cues of `_at` that begin a first figure; without one, and without K or T, a sentence has none."""


class TollParser:
    """Reads the figures of a sentence."""

    def __init__(self, groups: GroupParser) -> None:
        self._groups = groups
        self._lists = ListReader(groups)
        self._parts = PartReader(groups, self._lists)
        self._affected = AffectedReader(groups, self._lists)

    def read(self, sentence: Sentence) -> list[Toll]:
        """Every figure of the sentence, in order."""
        units = sentence.units
        tolls: list[Toll] = []
        if _OPENING.isdisjoint(sentence.names) and not any(u.letter in "KT" for u in units):
            return tolls
        at = 0
        while at < len(units):
            at = max(self._at(units, at, tolls), at + 1)
        toll_marks.mark(tolls, sentence)
        return tolls

    def _at(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """Read what begins at a unit; the unit to go on from."""
        unit = units[at]
        if not unit.cues and unit.letter not in "KTNV:,":
            return at + 1
        if "loses" in unit.cues and (end := self._losses(units, at, tolls)):
            return end
        if "all_of" in unit.cues and tolls:
            return self._parts.all_of(units, at, tolls)
        if "body" in unit.cues and unit.letter != "N":
            return self._affected.bodies(units, at, tolls)
        if (
            "flight" in unit.cues
            and at
            and units[at - 1].letter == "u"
            and (end := self._driven(units, at, tolls))
        ):
            return end
        if unit.letter == "K" and "death_after" in unit.cues:
            return at + 1
        counted = unit.letter == "K" and at and units[at - 1].letter == "N" and not unit.joined
        if unit.letter == "K" and unit.get("affected") and (suffixed(unit) or counted):
            return self._affected.read(units, at, tolls)  # 'its dead', not 'they killed him'
        named = unit.letter == "T" and unit.get("masdar") and not (at and units[at - 1].letter == "N")
        if (unit.letter == "K" or named) and (end := self._outcome(units, at, tolls)):
            return end
        if "took" in unit.cues:
            begin = taken_far(units, at) or after_cue(units, at)
            return self._lists.read(units, begin, "killed", at, "takes lives", tolls)
        if unit.letter == "T":
            return at + 1 if untrue(units, at) else self._affected.read(units, at, tolls)
        if "fate" in unit.cues:
            return self._fate(units, at, tolls)
        if "befell" in unit.cues and (end := self._befell(units, at, tolls)):
            return end
        if "parts" in unit.cues and tolls:
            return self._parts.parts(units, at, tolls)
        if "breakdown" in unit.cues and tolls:
            return self._parts.breakdown(units, at, tolls)
        return self._further(units, at, tolls)

    def _further(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """Figures that go on from those before: a list taken up again, an elided verb, a colon."""
        unit = units[at]
        if unit.letter == "N" and unit.joined and tolls and self._goes_on(units, at, tolls):
            last = next(t for t in reversed(tolls) if not t.part)
            return self._lists.read(units, at, last.outcome, last.trigger, last.rule, tolls) or at + 1
        if unit.joined and unit.letter in "NV" and tolls and self._elided(units, at, tolls):
            last = next(t for t in reversed(tolls) if not t.part)
            return self._lists.read(units, at, last.outcome, at, "elided verb", tolls) or at + 1
        if "also" in unit.cues and tolls and (end := self._also(units, at, tolls)):
            return end
        if unit.letter == ":" and tolls:
            return self._parts.breakdown(units, at, tolls)
        if (
            unit.letter == ","
            and tolls
            and at + 1 < len(units)
            and units[at + 1].letter == "N"
            and not units[at + 1].joined
        ):
            return self._parts.breakdown(units, at, tolls, exact=True)
        return at + 1

    def _goes_on(self, units: list[Unit], at: int, tolls: list[Toll]) -> bool:
        """A list taken up again after a remark: '154 civilians, among them 83 ..., and 79 fighters'."""
        whole = next((t for t in reversed(tolls) if not t.part), None)
        if whole is None or whole.rule not in _WHOLE or at - tolls[-1].last > 6:
            return False
        if not self._groups.starts(units, at) or self._lists.other_outcome(units, at):
            return False
        remark = any(t.rule == "breakdown" for t in tolls) or (tolls[-1].part and at - tolls[-1].last <= 1)
        return remark and not any(u.letter in "KTE" for u in units[tolls[-1].last : at])

    def _also(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'61 civilians ..., in addition to seven soldiers'."""
        nxt = after_also(units, at)
        last = next((t for t in reversed(tolls) if not t.part), None)
        if (
            last is None
            or nxt >= len(units)
            or not self._groups.starts(units, nxt)
            or self._lists.other_outcome(units, nxt)
        ):
            return 0
        return self._lists.read(units, nxt, last.outcome, last.trigger, last.rule, tolls)

    def _elided(self, units: list[Unit], at: int, tolls: list[Toll]) -> bool:
        """'five were killed by shelling of X, and two others by a raid on Y'."""
        last = next((t for t in reversed(tolls) if not t.part), None)
        if last is None or last.outcome not in ("killed", "wounded") or not self._groups.starts(units, at):
            return False
        between = units[last.last : at]
        if not any(u.letter == "E" for u in between) or any(u.letter in "KTe" for u in between):
            return False
        group = self._groups.read(units, at)
        if group is None or group.low is None or (units[at].letter == "V" and group.low > 2):
            return False
        after = units[group.last : group.last + 3]
        return any((u.letter == "E" and u.form.preposition) or u.letter == "i" for u in after[:1]) and any(
            u.letter == "E" for u in after
        )

    # --- words of outcome

    def _outcome(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        unit = units[at]
        if untrue(units, at):
            return at + 1
        verb, masdar = unit.get("outcome_verb"), unit.get("masdar")
        outcomes, nxt = self._joint(units, at)
        outcome = _JOINT.get(frozenset(outcomes), outcomes[0])
        himself = nxt < len(units) and "himself" in units[nxt].cues
        if suffixed(unit) or himself:
            return self._pronoun(units, at, outcome, tolls)
        if "need_death_after" in unit.cues and outcome in ("killed", "missing"):
            dies = any("death_after" in u.cues for u in units[at : at + 25])
            maimed = any("limb" in u.cues for u in units[at : at + 6])
            if not (dies or maimed) and outcome == "killed":
                return 0
            outcome = "wounded" if maimed else "killed" if dies else outcome
        follows = nxt < len(units) and not units[nxt].joined and self._groups.starts(units, nxt)
        if verb and after_subject(unit) and not follows and (end := self._before(units, at, outcome, tolls)):
            return end
        begin = self._find_group(units, nxt, verb=verb is not None)
        doer, begin = self._doer(units, nxt, begin) if verb and begin is not None else (-1, begin)
        found: list[Toll] = []
        end = (
            self._lists.read(units, begin, outcome, at, "word of outcome", found) if begin is not None else 0
        )
        if found:
            if verb and "families" in verb.role and not all_families(found):
                return 0
            for toll in found:
                toll.masdar = masdar is not None
                toll.agent = doer
            if "need_death_after" in unit.cues:
                end = self._until_death(units, at, end, outcome, found)
            tolls.extend(found)
            return end
        if verb and (end := self._before(units, at, outcome, tolls, families="families" in verb.role)):
            return end
        return self._one_died(units, at, tolls) if "need_death_after" in unit.cues else 0

    def _doer(self, units: list[Unit], nxt: int, begin: int) -> tuple[int, int]:
        """'IS killed 61 civilians', 'members of IS kidnapped six': who did it, and where the others begin."""
        if begin == nxt + 1 and units[nxt].letter == "A" and not units[nxt].form.preposition:
            return nxt, begin
        group = self._groups.read(units, begin) if begin == nxt else None
        if group is None or group.last >= len(units):
            return -1, begin
        if group.low == 1 and (victim := victim_after(units, begin, group.last)):
            return group.actor, victim
        if group.low is not None or group.actor < 0:
            return -1, begin
        after = group.last + (units[group.last].letter == "D")
        if after >= len(units) or units[after].joined or not self._groups.starts(units, after):
            return -1, begin
        return group.actor, after

    def _until_death(self, units: list[Unit], at: int, end: int, outcome: str, found: list[Toll]) -> int:
        """'a commander, by name so-and-so, and ten civilians met their death'."""
        last = next((i for i in range(end, min(len(units), at + 25)) if "death_after" in units[i].cues), end)
        nxt = end
        while nxt < last:
            if units[nxt].letter in "K," or units[nxt].cues & {"parts", "breakdown"}:
                return end
            if units[nxt].joined and units[nxt].letter in "NV" and self._groups.starts(units, nxt):
                nxt = self._lists.read(units, nxt, outcome, at, "word of outcome", found) or nxt
            nxt += 1
        return max(end, last)

    def _before(
        self, units: list[Unit], at: int, outcome: str, tolls: list[Toll], families: bool = False
    ) -> int:
        """The people of whom a verb speaks, where they stand before it."""
        found: list[Toll] = []
        end = self._affected.of_those(units, at, outcome, tolls) or self._subject_before(
            units, at, outcome, tolls, found
        )
        if families and not all_families(found):
            return 0
        tolls.extend(found)
        return end

    def _pronoun(self, units: list[Unit], at: int, outcome: str, tolls: list[Toll]) -> int:
        """'which led to his death', 'and killed them': people named before."""
        unit = units[at]
        himself = at + 1 < len(units) and "himself" in units[at + 1].cues
        pronoun = "\u0647" if himself else antecedents.suffix(unit)
        led = unit.joined or (
            at > 0 and (units[at - 1].letter == "u" or bool(units[at - 1].cues & {"leads_to", "caused"}))
        )
        if (
            not pronoun
            or unit.get("victim")
            or not (led or unit.form.preposition)
            or any("relative" in u.cues for u in units[max(0, at - 2) : at])
        ):
            return 0
        begin = antecedents.person(units, at, pronoun)
        if begin is None:
            return 0
        group = self._groups.read(units, begin) or self._definite(units, begin)
        if (
            group is None
            or group.low is None
            or any(t.first <= begin < t.last and t.outcome == outcome for t in tolls)
        ):
            return at + 1
        group = replace(group, first=at, last=at + 1, actor=-1, bare=False)
        tolls.append(Toll(outcome, group, at, at + 1, "of him or them", trigger=at))
        nxt = at + 2
        if himself and nxt < len(units) and units[nxt].joined and self._groups.starts(units, nxt):
            return self._lists.read(units, nxt, outcome, at, "word of outcome", tolls) or at + 1
        return at + 1

    @staticmethod
    def _definite(units: list[Unit], at: int) -> Group | None:
        """'the driver ... his death': one person."""
        victim = units[at].get("victim")
        if victim is None or victim.number != "one":
            return None
        named = not victim.code.startswith(("MEMBER", "PERSONS"))
        return Group(1, 1, False, victim.code if named else None, "" if named else victim.code, at, at + 1)

    @staticmethod
    def _one_died(units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'a collaborator met his death': one person, whom no noun of the lexicon names."""
        for i in range(at + 1, min(len(units), at + 12)):
            if "death_after" in units[i].cues:
                if antecedents.suffix(units[i]) and units[i].form.stem.endswith(("\u0647", "\u0647\u0627")):
                    tolls.append(
                        Toll(
                            "killed",
                            Group(1, 1, False, None, "PERSONS", at, i + 1),
                            at,
                            i + 1,
                            "met his death",
                            trigger=at,
                        )
                    )
                return i + 1
        return 0

    def _losses(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'the regime's forces lost three of their men'."""
        for i in range(at + 1, min(len(units), at + 7)):
            if units[i].letter == "N" and self._groups.starts(units, i):
                group = self._groups.read(units, i)
                if group and (group.hint.startswith("MEMBER") or (group.code and group.code.startswith("@"))):
                    loser = next((u for u in units[at:i] if u.letter == "A"), None)
                    if loser is not None and group.code is None:
                        group = replace(group, code=f"@{loser.start}")
                    lost = any("contact" in u.cues for u in units[at:i])
                    outcome = "missing" if lost else "killed"
                    tolls.append(Toll(outcome, group, i, group.last, "losses", trigger=at))
                    return group.last
            if units[i].letter in "KTEe":
                return 0
        return 0

    def _driven(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'the shelling forced a thousand families to flee': those driven out stand before."""
        if not any("drives" in u.cues for u in units[max(0, at - 14) : at]):
            return 0
        for begin in range(max(0, at - 7), at - 1):
            if self._groups.starts(units, begin) and not any(t.first <= begin < t.last for t in tolls):
                found: list[Toll] = []
                if self._lists.read(units, begin, "displaced", at, "driven out", found) == at - 1 and found:
                    tolls.extend(found)
                    return at + 1
        return 0

    def _befell(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'a campaign of arrests that hit 12 activists'."""
        before = [e for u in units[max(0, at - 12) : at] if (e := u.get("act")) is not None]
        if at + 1 >= len(units) or not before or before[-1].code != "arrest":
            return 0
        if not self._groups.starts(units, at + 1):
            return 0
        return self._lists.read(units, at + 1, "arrested", at, "hit by arrests", tolls)

    def _fate(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'the fate of three others is still unknown'."""
        nxt = at + 1
        if nxt >= len(units):
            return nxt
        some = bool(units[nxt].cues & {"other_some", "others"})
        group = Group(None, None, False, None, "", nxt, nxt + 1, bare=True) if some else None
        if group is None and self._groups.starts(units, nxt):
            group = self._groups.read(units, nxt)
        if group is None or not any("unknown_fate" in u.cues for u in units[group.last : group.last + 5]):
            return nxt
        after = [u for u in units[group.last : group.last + 9] if u.letter == "K" and suffixed(u)]
        verbs = [e.code for u in after for e in u.all("outcome_verb", "masdar")]
        taken = "abducted" in verbs
        tolls.append(
            Toll("abducted" if taken else "missing", group, nxt, group.last, "fate unknown", trigger=at)
        )
        return group.last

    def _joint(self, units: list[Unit], at: int) -> tuple[list[str], int]:
        """'killing and wounding': the outcomes, and the unit after."""
        entry = units[at].get("masdar", "outcome_verb", "affected")
        outcomes = [entry.code if entry else "killed"]
        nxt = at + 1
        while nxt < len(units) and units[nxt].joined and units[nxt].get("masdar", "outcome_verb"):
            other = units[nxt].get("masdar", "outcome_verb")
            if other is None or other.code == outcomes[0] or units[nxt].letter not in "KET":
                break
            if (
                at
                and units[at - 1].letter in "NVA"
                and units[at].get("outcome_verb")
                and not units[at].get("masdar")
            ):
                break  # 'three civilians were killed and five wounded'
            if nxt + 1 < len(units) and units[nxt + 1].cues & {"other_one", "other_two", "other_some"}:
                break  # 'a soldier was killed and another wounded'
            if after_subject(units[at]) and nxt + 1 < len(units) and self._groups.starts(units, nxt + 1):
                break  # 'five of X had been killed and four wounded'
            outcomes.append(other.code)
            nxt += 1
        return (outcomes, nxt) if len(outcomes) > 1 else (outcomes, at + 1)

    def _aside(self, units: list[Unit], end: int, verb: int, rows: list[Toll]) -> int:
        """'15 civilians, among them 11 children, were killed': the remark between people and verb."""
        at = end + 1 if end < verb and units[end].letter == "," else end
        if not rows or at >= verb or not units[at].cues & {"parts"}:
            return end
        after = self._parts.parts(units, at, rows)
        for row in rows:
            row.trigger = verb
        return after + 1 if after < verb and units[after].letter == "," else after

    def _find_group(self, units: list[Unit], at: int, *, verb: bool) -> int | None:
        """Where the people begin: at once, or after dates, places and sources."""
        limit = min(len(units), at + (_SKIP if verb else 8))
        nxt = at
        aimed = False  # past a deed or an 'on', only a count can be those it befell
        while nxt < limit:
            unit = units[nxt]
            far = aimed or (unit.cues & {"one_of"} and any(u.letter == "," for u in units[at:nxt]))
            apart = aimed and verb and units[nxt - 1].letter in "PD" and not unit.form.article
            held = nxt == at + 1 and units[at].letter == "u" and unit.cues & _OTHERS
            if self._groups.starts(units, nxt) and (not far or unit.letter == "N" or apart or held):
                return None if nxt and units[nxt - 1].cues & {"superlative"} else nxt
            if nxt > at and unit.cues & {"clause"} and not unit.cues & {"parts"}:
                return None
            if verb and unit.letter == "E" and nxt == at and not unit.form.preposition and not unit.joined:
                nxt += 1  # 'shells killed a woman': what killed stands before whom
                continue
            same = unit.letter == "E" and unit.form.article and nxt > at and units[nxt - 1].letter == "i"
            aimed |= unit.letter in "Eu" and unit.form.preposition != _BY and not same
            if unit.letter == "e" and nxt == at + 1 and units[at].letter == "E" and not unit.joined:
                nxt, aimed = nxt + 1, True  # 'a bomb that hit a patrol killed ...'
                continue
            if unit.letter in "KTe" or {"leads_to", "caused", "took", "parts"} & unit.cues:
                return None
            if unit.letter == "E" and not (units[nxt - 1].letter == "i" or unit.form.preposition):
                return None
            nxt += 1
        return None

    def _subject_before(
        self, units: list[Unit], at: int, outcome: str, tolls: list[Toll], found: list[Toll]
    ) -> int:
        """'three soldiers and an officer ... were killed': those spoken of stand before the verb."""
        for begin in range(max(0, at - 16), at):
            if not self._groups.starts(units, begin) or any(t.first <= begin < t.last for t in tolls):
                continue
            rows: list[Toll] = []
            end = self._lists.read(units, begin, outcome, at, "subject before the verb", rows)
            end = self._aside(units, end, at, rows)
            between = units[end:at]
            near = end <= at and len(between) <= 8 and not any(u.letter in "KTEeNV" for u in between)
            if rows and near and agrees(units[at], rows):
                found.extend(rows)
                return at + 1
        return 0


__all__ = ["Toll", "TollParser"]
