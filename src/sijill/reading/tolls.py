"""Who was killed, wounded, captured, missing: the figures of one sentence.

A figure hangs on a word of outcome ('the killing of', 'were wounded'), on the affected
themselves ('20 dead'), on a phrase that takes lives ('claimed the lives of'), or on a total
('the toll rose to 18'). Lists are kept together, parts ('among them') and breakdowns ('they
are: ...') are marked. Whose they were is left open where only the rest of the report can tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sijill.reading.groups import Group, GroupParser
from sijill.reading.scene import Sentence, Unit

_JOINT = {
    frozenset({"killed", "wounded"}): "killed_or_wounded",
    frozenset({"killed", "arrested"}): "killed_or_arrested",
}
_SKIP = 14  # units between a verb and those it speaks of: dates, sources, places


@dataclass(slots=True)
class Toll:
    """One figure: an outcome, a group, and the units it was read from."""

    outcome: str
    group: Group
    first: int
    last: int
    rule: str
    part: bool = False
    whole: bool = False  # a total that a breakdown replaces
    revised: bool = False
    earlier: bool = False
    trigger: int = -1
    masdar: bool = False


class TollParser:
    """Reads the figures of a sentence."""

    def __init__(self, groups: GroupParser) -> None:
        self._groups = groups

    def read(self, sentence: Sentence) -> list[Toll]:
        """Every figure of the sentence, in order."""
        units = sentence.units
        tolls: list[Toll] = []
        at = 0
        while at < len(units):
            end = self._at(units, at, tolls)
            at = max(end, at + 1)
        _mark_breakdowns(tolls)
        return tolls

    def _at(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        unit = units[at]
        if "earlier_toll" in unit.cues or "revised" in unit.cues:
            pass
        if "loses" in unit.cues:
            end = self._losses(units, at, tolls)
            if end:
                return end
        if "all_of" in unit.cues and tolls:
            return self._all(units, at, tolls)
        if unit.letter == "K" and "death_after" in unit.cues:
            return at + 1
        if unit.letter == "K" or unit.letter == "T" and unit.get("masdar") and not _counted_before(units, at):
            end = self._outcome(units, at, tolls)
            if end:
                return end
        if "took" in unit.cues:
            return self._list(units, self._after_cue(units, at), "killed", at, "takes lives", tolls)
        if unit.letter == "T":
            return self._affected(units, at, tolls)
        if "parts" in unit.cues and tolls:
            return self._parts(units, at, tolls)
        if "breakdown" in unit.cues and tolls:
            return self._breakdown(units, at, tolls)
        if unit.letter == "N" and unit.joined and tolls and self._goes_on(units, at, tolls):
            last = tolls[-1] if not tolls[-1].part else next(t for t in reversed(tolls) if not t.part)
            return self._list(units, at, last.outcome, last.trigger, last.rule, tolls) or at + 1
        if unit.letter == ":" and tolls and tolls[-1].last >= at - 2:
            return self._breakdown(units, at, tolls)
        return at + 1

    @staticmethod
    def _after_cue(units: list[Unit], at: int) -> int:
        """The unit after a cue phrase that may span several plain units."""
        nxt = at + 1
        while nxt < len(units) and units[nxt].letter in "xcV" and "death_after" in units[nxt].cues:
            nxt += 1
        while nxt < len(units) and units[nxt].letter == "c" and nxt - at <= 2:
            nxt += 1
        return nxt

    def _goes_on(self, units: list[Unit], at: int, tolls: list[Toll]) -> bool:
        """A list taken up again after a remark: '154 civilians, among them 83 ..., and 79 fighters'."""
        whole = next((t for t in reversed(tolls) if not t.part), None)
        if whole is None or whole.rule not in ("breakdown", "word of outcome") or at - tolls[-1].last > 6:
            return False
        if not self._groups.starts(units, at) or self._other_outcome(units, at):
            return False
        return any(t.rule == "breakdown" for t in tolls) and not any(u.letter in "KTE" for u in units[tolls[-1].last : at])

    # --- words of outcome

    def _outcome(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        outcomes, nxt = self._joint(units, at)
        outcome = _JOINT.get(frozenset(outcomes), outcomes[0])
        unit = units[at]
        if "need_death_after" in unit.cues and outcome in ("killed", "missing"):
            dies = any("death_after" in u.cues for u in units[at : at + 25])
            if not dies and outcome == "killed":
                return 0
            outcome = "killed" if dies else outcome
        passive_or_noun = unit.get("masdar", "outcome_verb")
        verb = unit.get("outcome_verb")
        if verb and unit.form.stem.endswith("\u0648\u0627") and (end := self._subject_before(units, at, outcome, tolls)):
            return end  # a plural verb follows its subject
        begin = self._find_group(units, nxt, verb=unit.get("outcome_verb") is not None)
        before = len(tolls)
        end = self._list(units, begin, outcome, at, "word of outcome", tolls) if begin is not None else 0
        if len(tolls) > before:
            for toll in tolls[before:]:
                toll.masdar = unit.get("masdar") is not None
            if verb and "families" in verb.role and not all((t.group.code or "").startswith("CIV/FAMILY") for t in tolls[before:]):
                del tolls[before:]
                return 0
            return end
        if verb and "families" in verb.role:
            return self._families_before(units, at, outcome, tolls)
        if "need_death_after" in unit.cues:
            return self._one_died(units, at, tolls)
        if passive_or_noun and passive_or_noun.kind == "outcome_verb" or unit.get("outcome_verb"):
            return self._subject_before(units, at, outcome, tolls)
        return 0

    def _families_before(self, units: list[Unit], at: int, outcome: str, tolls: list[Toll]) -> int:
        before = len(tolls)
        end = self._subject_before(units, at, outcome, tolls)
        if end and not all((t.group.code or "").startswith("CIV/FAMILY") for t in tolls[before:]):
            del tolls[before:]
            return 0
        return end

    @staticmethod
    def _one_died(units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'a collaborator met his death': one person, whom no noun of the lexicon names."""
        for i in range(at + 1, min(len(units), at + 12)):
            if "death_after" in units[i].cues:
                if units[i].form.stem.endswith(("\u0647", "\u0647\u0627")):
                    tolls.append(Toll("killed", Group(1, 1, False, None, "PERSONS", at, i + 1), at, i + 1, "met his death", trigger=at))
                return i + 1
        return 0

    def _losses(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'the regime's forces lost three of their men'."""
        for i in range(at + 1, min(len(units), at + 7)):
            if units[i].letter == "N" and self._groups.starts(units, i):
                group = self._groups.read(units, i)
                if group and (group.hint.startswith("MEMBER") or group.actor >= 0):
                    tolls.append(Toll("killed", group, i, group.last, "losses", trigger=at))
                    return group.last
            if units[i].letter in "KTEe":
                return 0
        return 0

    @staticmethod
    def _all(units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'all of them civilians': says of every figure before whom it counts."""
        for unit in units[at + 1 : at + 4]:
            victim = unit.get("victim")
            if victim and victim.code.startswith("CIV"):
                for toll in tolls:
                    if not toll.part and toll.group.code is None:
                        toll.group = replace(toll.group, code=victim.code)
                return at + 2
        return at + 1

    @staticmethod
    def _joint(units: list[Unit], at: int) -> tuple[list[str], int]:
        """'killing and wounding': the outcomes, and the unit after."""
        entry = units[at].get("masdar", "outcome_verb", "affected")
        outcomes = [entry.code if entry else "killed"]
        nxt = at + 1
        while nxt < len(units) and units[nxt].joined and units[nxt].get("masdar", "outcome_verb"):
            other = units[nxt].get("masdar", "outcome_verb")
            if other is None or other.code == outcomes[0] or units[nxt].letter not in "KET":
                break
            if at and units[at - 1].letter in "NV" and units[at].get("outcome_verb") and not units[at].get("masdar"):
                break  # 'three civilians were killed and five wounded'
            outcomes.append(other.code)
            nxt += 1
        return (outcomes, nxt) if len(outcomes) > 1 else (outcomes, at + 1)

    def _find_group(self, units: list[Unit], at: int, *, verb: bool) -> int | None:
        """Where the people begin: at once, or after dates, places and sources."""
        limit = min(len(units), at + (_SKIP if verb else 8))
        nxt = at
        aimed = False  # past a deed or an 'on', only a count can be those it befell
        while nxt < limit:
            unit = units[nxt]
            if self._groups.starts(units, nxt) and (not aimed or unit.letter == "N"):
                return nxt
            if nxt > at and unit.cues & {"clause"} and not unit.cues & {"parts"}:
                return None
            aimed |= unit.letter in "Eu"
            if unit.letter in "KTe" or {"leads_to", "caused", "took", "parts"} & unit.cues:
                return None
            if unit.letter == "E" and not (units[nxt - 1].letter == "i" or unit.form.preposition):
                return None
            nxt += 1
        return None

    def _subject_before(self, units: list[Unit], at: int, outcome: str, tolls: list[Toll]) -> int:
        """'three soldiers and an officer ... were killed': those spoken of stand before the verb."""
        for begin in range(max(0, at - 16), at):
            if not self._groups.starts(units, begin) or any(t.first <= begin < t.last for t in tolls):
                continue
            found: list[Toll] = []
            end = self._list(units, begin, outcome, at, "subject before the verb", found)
            between = units[end:at]
            near = end <= at and len(between) <= 8 and not any(u.letter in "KTEeNV" for u in between)
            if found and near and _agrees(units[at], found):
                for toll in found:
                    toll.trigger = at
                tolls.extend(found)
                return at + 1
        return 0

    def _list(self, units: list[Unit], begin: int | None, outcome: str, trigger: int, rule: str, tolls: list[Toll],
              part: bool = False) -> int:  # fmt: skip
        """A list of groups: 'three soldiers, a policeman and five civilians'."""
        if begin is None or begin >= len(units):
            return 0
        at = begin
        while True:
            group = self._groups.read(units, at) if at < len(units) and self._groups.starts(units, at) else None
            if group is None:
                break
            code = outcome
            nxt = group.last
            joint = units[nxt].get("affected") if nxt < len(units) and units[nxt].letter == "T" else None
            if joint and joint.code == "killed_or_wounded":
                code, nxt = joint.code, nxt + 1
            tolls.append(Toll(code, group, at, nxt, rule, part=part, trigger=trigger))
            at = nxt
            if at >= len(units) or not self._continues(units, at):
                break
            if units[at].letter == ",":
                at += 1
        return at

    def _continues(self, units: list[Unit], at: int) -> bool:
        """Whether the list goes on: a joined group, or a comma and a joined or counted group."""
        unit = units[at]
        if unit.letter == "," and at + 1 < len(units):
            nxt = units[at + 1]
            if not nxt.joined and nxt.letter != "N":
                return False
            return self._groups.starts(units, at + 1) and not self._other_outcome(units, at + 1)
        return unit.joined and self._groups.starts(units, at) and not self._other_outcome(units, at)

    def _other_outcome(self, units: list[Unit], at: int) -> bool:
        """'20 killed and 30 wounded': the next count has an outcome of its own."""
        group = self._groups.read(units, at)
        nxt = group.last if group else at + 1
        return units[at].letter == "N" and (
            any(u.letter == "T" for u in units[at + 1 : at + 2]) or nxt < len(units) and units[nxt].letter == "K" and not units[nxt].joined
            or nxt < len(units) and units[nxt].letter == "T" and (e := units[nxt].get("affected")) is not None and e.code != "killed_or_wounded"
        )  # fmt: skip

    # --- the affected themselves

    def _affected(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        unit = units[at]
        entry = unit.get("affected")
        assert entry is not None
        number = _number_before(units, at)
        if entry.code == "killed_or_wounded" and number is None:
            end = self._both(units, at, tolls)
            if end:
                return end
        counted_before = bool(tolls) and units[number].joined and tolls[-1].last >= number if number is not None else False
        if number is not None and unit.form.article and (c := units[number].count) is not None and c.low is None and not counted_before:
            return at + 1  # 'a number of the wounded' were counted before
        if number is not None:
            group = self._groups.after_affected(units, number, at)
            tolls.append(Toll(entry.code, group, number, group.last, "counted dead and wounded", trigger=at))
            return group.last
        if entry.number == "two" or entry.number == "one" and not unit.form.article and self._stands_alone(units, at):
            group = self._groups.after_affected(units, at, at)
            low = 2 if entry.number == "two" else 1
            tolls.append(Toll(entry.code, replace(group, low=low, high=low), at, group.last, "a dead or wounded", trigger=at))
            return group.last
        total = self._total(units, at, entry.code, tolls)
        if total:
            return total
        if entry.number == "many" and not unit.form.article and self._bare_plural(units, at):
            group = replace(self._groups.after_affected(units, at, at), low=None, high=None)
            tolls.append(Toll(entry.code, group, at, group.last, "bare plural", trigger=at))
            return group.last
        if unit.form.article and at and units[at - 1].cues & {"parts"} or _among(units, at):
            return self._list(units, at + 1, entry.code, at, "among the dead", tolls, part=True) or at + 1
        return at + 1

    def _both(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'13 civilians killed and wounded': those counted stand right before."""
        for back in range(max(0, at - 5), at):
            if self._groups.starts(units, back) and not any(t.first <= back < t.last for t in tolls):
                group = self._groups.read(units, back)
                if group and at - group.last <= 1:
                    tolls.append(Toll("killed_or_wounded", group, back, at + 1, "killed and wounded", trigger=at))
                    return at + 1
        return 0

    @staticmethod
    def _stands_alone(units: list[Unit], at: int) -> bool:
        """A single 'dead' counts only where something brought it about, or in a headline's start."""
        before = units[at - 1] if at else None
        if before is None:
            return True
        return bool(before.cues & {"caused", "leads_to"}) or units[at].joined and before.letter == "T"

    @staticmethod
    def _bare_plural(units: list[Unit], at: int) -> bool:
        """'killed and wounded fell': a plural without count after a word that brings tolls about."""
        before = units[max(0, at - 2) : at]
        return any(u.cues & {"caused", "leads_to"} for u in before) or at == 0 or any(u.letter == "T" and u.cues == frozenset() for u in before[-1:])  # fmt: skip

    def _total(self, units: list[Unit], at: int, outcome: str, tolls: list[Toll]) -> int:
        """'the number of dead rose to 28', 'to 37 rose the toll of dead of X'."""
        window = units[max(0, at - 7) : at]
        if not any(u.cues & {"total"} for u in window):
            return 0
        group = self._groups.after_affected(units, at, at)
        for i in range(max(0, at - 7), at):
            if units[i].letter == "N" and units[i].count and units[i].count.exact and _free_number(units, i, tolls):
                if any(u.letter == "c" and u.cues & {"total"} for u in units[i + 1 : at]):
                    return self._add_total(units, i, group, outcome, at, tolls)
        for i in range(group.last, min(len(units), at + 22)):
            if units[i].letter in "KT" and i > at + 1 and not units[i].form.article and i > group.last:
                break
            if units[i].letter == "N" and units[i].count and units[i].count.exact and not units[i].joined and _is_total(units, i):
                return self._add_total(units, i, group, outcome, at, tolls, forward=True)
        return 0

    def _add_total(self, units: list[Unit], number: int, group: Group, outcome: str, at: int, tolls: list[Toll],
                   forward: bool = False) -> int:  # fmt: skip
        count = units[number].count
        assert count is not None
        last = number + 1 if forward else group.last
        group = replace(group, low=count.low, high=count.high, approx=count.approx, last=last, first=number)
        if forward and number + 1 < len(units) and units[number + 1].letter in "TV":
            own = self._groups.read(units, number) if units[number + 1].letter == "V" else self._groups.after_affected(units, number, number + 1)  # fmt: skip
            if own:
                last = own.last
                group = replace(own, code=own.code or group.code, hint=own.hint or group.hint)
                entry = units[number + 1].get("affected")
                outcome = entry.code if entry and outcome not in ("wounded",) else outcome
        tolls.append(Toll(outcome, group, min(at, number), last, "total", trigger=at, revised=True))
        return last

    # --- parts and breakdowns

    def _parts(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        whole = tolls[-1]
        spoken = next((u.get("affected") for u in reversed(units[max(whole.last, at - 10) : at]) if u.letter == "T"), None)
        if spoken:
            whole = next((t for t in reversed(tolls) if t.outcome == spoken.code and not t.part), whole)
        if whole.part:
            whole = next((t for t in reversed(tolls) if not t.part), whole)
        before = units[at - 1] if at else None
        if before is not None and before.letter == "N" and not any(t.first <= at - 1 < t.last for t in tolls):
            count = before.count
            if count:
                group = replace(whole.group, low=count.low, high=count.high, approx=count.approx, first=at - 1, last=at + 1)
                tolls.append(Toll(whole.outcome, group, at - 1, at + 1, "part of them", part=True, trigger=whole.trigger))
                return at + 1
        if "most" in units[at].cues:
            group2 = self._groups.most(units, at + 1)
            if group2:
                tolls.append(Toll(whole.outcome, group2, at, group2.last, "most of them", part=True, trigger=whole.trigger))
                return group2.last
            return at + 1
        begin = at + 1
        while begin < len(units) and units[begin].letter in "i:c" and begin - at < 3:
            begin += 1
        if not (begin < len(units) and self._groups.starts(units, begin)):
            begin = at + 1
        return self._list(units, begin, whole.outcome, whole.trigger, "among them", tolls, part=True) or at + 1

    def _breakdown(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        begin = at + 1
        while begin < len(units) and units[begin].letter in ":c":
            begin += 1
        if begin >= len(units) or not self._groups.starts(units, begin):
            return at + 1
        whole = next((t for t in reversed(tolls) if not t.part), None)
        if whole is None or at - whole.last > 6:
            return at + 1
        before = len(tolls)
        end = self._list(units, begin, whole.outcome, whole.trigger, "breakdown", tolls)
        added = tolls[before:]
        counted = [t.group.low for t in added]
        if len(added) > 1 or added and whole.group.low is not None and counted[0] == whole.group.low or added and "breakdown" in units[at].cues:
            whole.whole = True
        else:
            del tolls[before:]
            return at + 1
        return end or at + 1


def _mark_breakdowns(tolls: list[Toll]) -> None:
    """A whole keeps its own figure where the breakdown tells no number."""
    for i, toll in enumerate(tolls):
        rows = [t for t in tolls[i + 1 :] if t.rule == "breakdown" and t.outcome == toll.outcome]
        if toll.whole and not any(t.group.low is not None for t in rows):
            toll.whole = False


def _agrees(verb: Unit, found: list[Toll]) -> bool:
    """A plural verb takes any subject; a singular one a single person or a counted feminine."""
    word = verb.form.stem
    if word.endswith(("\u0648\u0627", "\u0627", "\u062a", "\u0646")):
        return True
    return found[0].group.low == 1 or not found[0].group.bare and verb.letter == "K" and len(found) == 1


def _counted_before(units: list[Unit], at: int) -> bool:
    return at > 0 and units[at - 1].letter == "N"


def _number_before(units: list[Unit], at: int) -> int | None:
    """The count that belongs to the affected at `at`: right before, or with one word between."""
    if at and units[at - 1].letter == "N":
        return at - 1
    if at > 1 and units[at - 2].letter == "N" and units[at - 1].letter == "x" and False:
        return at - 2
    return None


def _free_number(units: list[Unit], at: int, tolls: list[Toll]) -> bool:
    return not any(t.first <= at < t.last for t in tolls)


def _is_total(units: list[Unit], at: int) -> bool:
    """Whether a count after 'toll' is its figure: after 'to', 'reached', or right before the end."""
    before = units[at - 1]
    if before.letter in "ul" or before.cues & {"rose"} or units[at].form.preposition in ("\u0644", "\u0628"):
        return True
    return before.letter in ",:)" or any(u.cues & {"rose"} for u in units[max(0, at - 9) : at])


def _among(units: list[Unit], at: int) -> bool:
    """'among the dead are three of its staff'."""
    return at > 0 and units[at].form.article and units[at - 1].letter in "cfx" and units[at - 1].form.stem in ("\u0628\u064a\u0646", "\u0645\u0646")


__all__ = ["Toll", "TollParser"]
