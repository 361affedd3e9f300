"""People and how many: 'eleven soldiers', 'an officer and four of his men', 'two of SDF's members'."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sijill.reading import antecedents
from sijill.reading.group_words import both_of, describes, its_doing, known_gunmen
from sijill.reading.scene import Unit

_OTHERS = frozenset({"other_two", "other_one", "other_some"})
_LI = "\u0644"
_FAMILY = "CIV/FAMILY"
_FELLOW = "FELLOW"  # a comrade or colleague of those named before
_COUNTED = "\u0627"  # ends the noun counted by eleven and more
_LOCAL = "\u0645\u062d\u0644"
_GUNMEN = "MEMBER/GUNMEN"
_REACH = 7  # units that a group may take in after its head
_CLOSED = ",:()-NKTeDESW"  # what ends a group


@dataclass(frozen=True, slots=True)
class Group:
    """How many of whom. `code` is None where the words leave the side open; `hint` narrows it.

    `first`/`last` are units. `actor` is the unit that named the side, if one did.
    """

    low: int | None
    high: int | None
    approx: bool
    code: str | None
    hint: str
    first: int
    last: int
    actor: int = -1
    bare: bool = False  # a count alone, without a noun


class GroupParser:
    """Reads groups of people from units."""

    def starts(self, units: list[Unit], at: int) -> bool:
        """Whether a group can begin at this unit."""
        unit = units[at]
        victim = unit.get("victim")
        if unit.letter == "N":
            return unit.count is not None and self._plausible(units, at)
        if "one_of" in unit.cues and not unit.form.article:
            return at + 1 < len(units) and bool(
                units[at + 1].get("victim", "member") or units[at + 1].letter in "AM"
            )
        if unit.letter == "V" and victim:
            return not unit.get("actor") and self._countable(units, at)
        if unit.letter == "A" and unit.get("unknown") and victim and at and not unit.form.article:
            return its_doing(units[at - 1])
        if unit.letter in "MP" or (unit.letter == "S" and self._object(units, at)):
            return victim is not None
        held = (
            at > 1 and units[at - 1].letter == "u" and units[at - 2].letter == "K"
        )  # 'laid hold on another'
        if at == 0 or (units[at - 1].letter != "K" and not held):
            return False
        if "mother" in unit.cues:
            return at + 1 < len(units) and units[at + 1].joined and units[at + 1].get("victim") is not None
        return bool(unit.cues & (_OTHERS | {"one_of_them"})) or self._some_more(units, at)

    @staticmethod
    def _object(units: list[Unit], at: int) -> bool:
        """Whether an official right after a word of outcome, its doer or its means is the one hurt."""
        back = at - 1
        if back > 0 and units[back].letter in "EW" and units[back].form.preposition:
            back -= 1
        return back >= 0 and (units[back].letter in "KA" or bool(units[back].cues & {"parts"}))

    @staticmethod
    def _some_more(units: list[Unit], at: int) -> bool:
        """'another number' of those counted before."""
        return "total" in units[at].cues and at + 1 < len(units) and bool(units[at + 1].cues & _OTHERS)

    @staticmethod
    def _countable(units: list[Unit], at: int) -> bool:
        """'the civilian' counts as one right after the word of outcome; 'the civilians' are not counted."""
        unit = units[at]
        victim = unit.get("victim")
        if at and victim and describes(units[at - 1], unit, victim.number):
            return False
        if not unit.form.article or victim is None or victim.number == "two":
            return True
        after = at > 1 and units[at - 1].letter == "A" and units[at - 2].letter == "K"
        return victim.number == "one" and (after or (at > 0 and units[at - 1].letter == "K"))

    @staticmethod
    def _plausible(units: list[Unit], at: int) -> bool:
        """A count followed by a deed or a thing counts those, not people."""
        if at + 1 >= len(units):
            return True
        nxt = units[at + 1]
        if nxt.letter == "f" and at + 2 < len(units):
            nxt = units[at + 2]
        if nxt.form.preposition or nxt.joined or nxt.letter == "D":
            return True
        if nxt.get("counted") and not nxt.get("victim"):
            return False
        return nxt.letter not in "EWOe" or nxt.get("victim") is not None

    def read(self, units: list[Unit], at: int) -> Group | None:
        """The group that begins at this unit, with what says whose they are."""
        unit = units[at]
        if unit.letter == "N":
            group = self._counted(units, at)
        elif "one_of" in unit.cues and not unit.form.article:
            group = self._one_of(units, at)
        elif unit.get("victim"):
            group = self._noun(units, at)
        elif "mother" in unit.cues:
            return Group(1, 1, False, "CIV/WOMAN", "", at, at + 1)
        elif "one_of_them" in unit.cues:
            code = antecedents.people(units, at)
            return Group(1, 1, False, code, "", at, at + 1, bare=code is None)
        elif self._some_more(units, at):
            return Group(None, None, False, None, "", at, at + 2, bare=True)
        elif unit.cues & _OTHERS:
            low = 2 if "other_two" in unit.cues else 1 if "other_one" in unit.cues else None
            return Group(low, low, False, None, "", at, at + 1, bare=True)
        else:
            return None
        return self._officer_and_men(units, self._qualified(units, group)) if group else None

    def _counted(self, units: list[Unit], at: int) -> Group | None:
        count = units[at].count
        assert count is not None
        base = Group(count.low, count.high, count.approx, None, "", at, at + 1)
        nxt, of = at + 1, False
        if nxt < len(units) and units[nxt].letter == "f":
            if "out_of" in units[nxt].cues:
                return self._out_of(units, nxt, base)
            nxt, of = nxt + 1, True
        if nxt >= len(units) or units[nxt].joined:
            return replace(base, bare=True)
        unit = units[nxt]
        victim = unit.get("victim")
        if victim and of and (own := antecedents.own_side(units, nxt)):
            return replace(base, code=own, last=nxt + 1)
        if victim and (unit.letter in "VMTOPES" or unit.get("unknown") or unit.letter == "a"):
            local = nxt + 1 < len(units) and units[nxt + 1].form.stem.startswith(_LOCAL)
            named = _GUNMEN if known_gunmen(unit) and not local else victim.code
            return replace(_named(base, named), last=nxt + 1)
        if unit.letter == "M":
            return replace(base, hint="MEMBER", last=nxt + 1)
        if unit.letter in "Aa":
            return base
        if "others" in unit.cues:
            return replace(base, bare=True, last=nxt + 1)
        if "of_them" in unit.cues:
            return self._of_them(units, nxt, replace(base, bare=True))
        if (
            unit.letter == "x"
            and nxt + 1 < len(units)
            and units[nxt + 1].letter == "V"
            and not units[nxt + 1].joined
        ):
            after = units[nxt + 1].get("victim")
            return replace(_named(base, after.code), last=nxt + 2) if after else base
        noun = unit.letter == "x" and not of and (base.low or 0) > 10 and unit.form.word.endswith(_COUNTED)
        return replace(base, bare=True, last=nxt + 1 if noun else base.last)

    def _out_of(self, units: list[Unit], at: int, base: Group) -> Group:
        """'three out of eight civilians': the first count, the second noun."""
        for i in range(at + 1, min(len(units), at + 4)):
            if units[i].letter == "N" and (whole := self._counted(units, i)):
                return replace(base, code=whole.code, hint=whole.hint, last=whole.last, bare=whole.bare)
        return replace(base, bare=True)

    @staticmethod
    def _of_them(units: list[Unit], at: int, base: Group) -> Group:
        """'three of them': of the people named last."""
        code = antecedents.people(units, base.first)
        return replace(base, code=code, bare=code is None)

    def _one_of(self, units: list[Unit], at: int) -> Group:
        """'one of the soldiers of X'."""
        unit = units[at + 1]
        victim = unit.get("victim")
        base = Group(1, 1, False, None, "MEMBER", at, at + 1)
        if victim:
            own = antecedents.own_side(units, at + 1)
            base = replace(base, code=own, hint="") if own else _named(base, victim.code)
            return replace(base, last=at + 2)
        return base if unit.letter == "A" else replace(base, last=at + 2)

    def _noun(self, units: list[Unit], at: int) -> Group | None:
        victim = units[at].get("victim")
        assert victim is not None
        if not self._countable(units, at):
            return None
        number = "two" if victim.number == "many" and both_of(units[at]) else victim.number
        one_two = {"one": 1, "two": 2}.get(number)
        group = Group(one_two, one_two, False, None, "", at, at + 1)
        group = _named(group, victim.code)
        nxt = at + 1
        if nxt < len(units) and units[nxt].letter == "N":
            count = units[nxt].count
            if count and count.low in (1, 2) and not units[nxt].joined:
                group = replace(group, low=count.low, high=count.high, last=nxt + 1)
        return group

    # --- what follows the head

    def _qualified(self, units: list[Unit], group: Group) -> Group:
        """Take in what follows: more nouns, adjectives, 'of SDF', 'belonging to ...'."""
        if mixed := _mixed(units, group):
            return mixed
        at, limit = group.last, min(len(units), group.last + _REACH)
        while at < limit:
            unit = units[at]
            if "rank_word" in unit.cues:
                group = replace(group, last=min(len(units), at + 2))
                at, limit = at + 2, min(len(units), at + 5)
                continue
            if unit.joined or (unit.letter in _CLOSED and not (unit.letter == "E" and unit.get("victim"))):
                break
            if unit.letter == "f" and self._origin(units, at, limit):
                end = (
                    at + 3
                    if at + 2 < len(units)
                    and not units[at + 2].joined
                    and units[at + 2].letter not in _CLOSED
                    else at + 2
                )
                group = replace(group, last=end)
                at, limit = end, max(limit, min(len(units), end + 2))
                continue
            if self._leads(units, at):
                side = self._side_ahead(units, at, limit)
                if side is None:
                    break
                at = side
                unit = units[at]
            taken = self._tail(units, at, group)
            if taken is None:
                break
            group = taken
            at += 1
        return _at_least(units, group)

    def _tail(self, units: list[Unit], at: int, group: Group) -> Group | None:
        """The group with one more unit taken in; itself where the unit only leads on; None at its end."""
        unit = units[at]
        victim = unit.get("victim")
        if "others" in unit.cues:
            return replace(group, last=at + 1)
        if unit.letter in "Aa":
            if (
                group.actor >= 0
                and at > group.last
                and any(u.cues & {"belongs"} for u in units[group.last : at])
            ):
                return replace(group, last=at + 1)
            fits = group.actor < 0 and self._names_side(units, at, group)
            return replace(group, code=_sided(group, unit), actor=at, last=at + 1) if fits else None
        if at > group.last and unit.letter in "VMO":
            if (
                victim
                and unit.letter == "V"
                and not group.code
                and group.hint in ("", "PERSONS")
                and victim.code != _FAMILY
            ):
                return replace(_narrow(group, victim.code), last=at + 1)
            return group
        if unit.letter in "VM" and victim and not unit.form.preposition:
            if (unit.form.article and group.code) or (victim.code == "PERSONS" and group.code):
                return None
            if victim.code == "PERSONS" and group.hint.startswith("MEMBER"):
                return replace(group, last=at + 1)  # 'Yemeni soldiers' are soldiers
            return replace(_narrow(group, victim.code), last=at + 1)
        if unit.letter == "M" and not victim and not unit.form.preposition and at == group.last:
            return group  # 'fighters of Brigade 24 in X'
        if unit.letter in "xOPc" and (end := self._genitive(units, at, group)):
            return replace(group, last=end)
        if (
            unit.letter == "x"
            and at + 1 < len(units)
            and units[at + 1].letter in "aAfix,"
            and at - group.last < 2
        ):
            return group
        return None

    @staticmethod
    def _leads(units: list[Unit], at: int) -> bool:
        """Whether a unit leads to the side: 'of', 'in the ranks of', 'in' before a group."""
        unit = units[at]
        if unit.letter == "u" or "agent" in unit.cues:
            return False
        if unit.letter == "f" or unit.cues & {"belongs", "target", "among", "believed"}:
            return True
        return unit.letter == "i" and at + 1 < len(units) and units[at + 1].letter in "AM"

    @staticmethod
    def _origin(units: list[Unit], at: int, limit: int) -> bool:
        """'from the people of the town': where they come from, not whose they are."""
        if at + 1 >= limit or units[at + 1].get("actor", "anaphor", "generic") or units[at + 1].letter == "M":
            return False
        post = units[at + 1].letter == "O" and units[at + 1].form.article  # 'two men of the checkpoint'
        return post or bool(units[at + 1].cues & {"not_event_place", "origin"})

    @staticmethod
    def _genitive(units: list[Unit], at: int, group: Group) -> int:
        """'the mayor of a village and his son': where plain words between a person and what is joined end."""
        if at != group.last or group.low != 1:
            return 0
        for i in range(at, min(len(units), at + 4)):
            unit = units[i]
            if unit.joined and i > at:
                men = units[i + 1 : i + 4] if unit.letter == "N" else [unit]
                if unit.cues & {"one_of"}:
                    men = units[i + 1 : i + 2]
                return (
                    i
                    if (unit.letter in "NV" or unit.cues & {"one_of"})
                    and any(antecedents.suffix(m) and m.letter in "VMx" for m in men)
                    else 0
                )
            if (
                unit.letter not in "xOPc"
                or unit.form.preposition
                or unit.cues & {"agent", "target", "clause", "relative", "side_word"}
            ):
                return 0
        return 0

    @staticmethod
    def _names_side(units: list[Unit], at: int, group: Group) -> bool:
        """An actor right after people names their side, unless 'by' stands before it."""
        before = units[at - 1]
        if (
            before.cues & {"agent"}
            or "unknown_fate" in units[at].cues
            or units[at].form.preposition in ("\u0628",)
        ):
            return False
        return not (units[at].form.preposition == _LI and group.code and group.code.startswith("CIV"))

    @staticmethod
    def _side_ahead(units: list[Unit], at: int, limit: int) -> int | None:
        """Where a side is named within a few words, before the clause ends."""
        for i in range(at + 1, limit):
            unit = units[i]
            if unit.joined:
                return None
            if unit.letter in "Aa" or (unit.get("victim") and unit.letter == "V"):
                return i
            if unit.letter in ",:()NKTeDEP" or unit.joined:
                return None
        return None

    def _officer_and_men(self, units: list[Unit], group: Group) -> Group:
        """'an officer and four of his men' is five."""
        at = group.last
        if at < len(units) and units[at].cues & {"with"}:
            at += 1
        if group.low is None or at + 2 >= len(units) or units[at].letter not in "NV":
            return group
        if not units[at].joined and at == group.last:
            return group
        nxt = at + 1
        if units[at].letter == "N" and units[at].count and units[nxt].letter == "f" and nxt + 1 < len(units):
            men = units[nxt + 1]
            own = men.letter in "VM" and antecedents.suffix(men) and men.get("victim", "member") is not None
            count = units[at].count
            if own and count and count.low is not None and count.exact:
                high = None if group.high is None or count.high is None else group.high + count.high
                return replace(group, low=group.low + count.low, high=high, last=nxt + 2)
        return group

    def after_affected(self, units: list[Unit], first: int, at: int) -> Group:
        """The group of '20 dead of the regime's forces': count at `first`, the affected at `at`."""
        count = units[first].count
        low, high, approx = (count.low, count.high, count.approx) if count else (None, None, False)
        group = Group(low, high, approx, None, "", first, at + 1, bare=True)
        return self._qualified(units, group)

    def most(self, units: list[Unit], at: int) -> list[Group]:
        """'most of them civilians', 'most of them women and children': parts without a number."""
        found: list[Group] = []
        for i in range(at, min(len(units), at + 6)):
            unit = units[i]
            victim = unit.get("victim")
            if found and not unit.joined:
                break
            empty = Group(None, None, False, None, "", i, i + 1)
            if victim and (unit.letter != "A" or unit.get("unknown")):
                found.append(self._qualified(units, _named(empty, victim.code)))
            elif unit.letter in "Aa":
                found.append(replace(empty, code=_first_code(unit), actor=i))
            elif unit.letter in ",:NKTEe":
                break
        return found


def _mixed(units: list[Unit], group: Group) -> Group | None:
    """'eight between women and children': one figure of people of several sorts."""
    at = group.last
    if group.low is None or at + 2 >= len(units) or "between" not in units[at].cues:
        return None
    first, second = units[at + 1].get("victim"), units[at + 2].get("victim")
    if not (first and second and units[at + 2].joined and units[at + 2].letter in "VT"):
        return None
    civil = first.code.startswith("CIV") and second.code.startswith("CIV")
    code = group.code or ("CIV" if civil else None)
    return replace(group, code=code, bare=group.bare and not civil, last=at + 3)


def _at_least(units: list[Unit], group: Group) -> Group:
    """'three soldiers at least': the count has no upper end."""
    at = group.last
    if group.low is None or at >= len(units) or "at_least_after" not in units[at].cues:
        return group
    ends = at + 1 < len(units) and "record_lowest" in units[at + 1].cues  # 'on the least'
    return replace(group, high=None, last=at + 1 + ends)


def _named(group: Group, code: str) -> Group:
    """The group by a noun for people: members and persons leave the side open."""
    if code == _FELLOW:
        return replace(group, code=None, hint="", bare=True)
    if code.startswith("MEMBER") or code == "PERSONS":
        return replace(group, code=None, hint=code)
    return replace(group, code=code, hint="")


def _narrow(group: Group, code: str) -> Group:
    """'20 dead civilians', '3 persons civilians': a later noun says more."""
    side = _named(group, code)
    if group.code and (side.code is None or "/" in group.code):
        return group
    return replace(side, bare=False)


def _sided(group: Group, unit: Unit) -> str | None:
    """The side an actor gives to people; civilians and nationals keep their own code."""
    if (group.code and group.code.startswith("CIV")) or (unit.letter == "a" and group.hint == "PERSONS"):
        return group.code
    return _first_code(unit)


def _first_code(unit: Unit) -> str | None:
    entry = unit.get("actor", "unknown", "generic", "anaphor", "adjective")
    return f"@{unit.start}" if entry else None
