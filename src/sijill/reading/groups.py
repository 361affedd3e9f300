"""People and how many: 'eleven soldiers', 'an officer and four of his men', 'two of SDF's members'."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sijill.reading.scene import Unit

_PRONOUN_ENDS = ("\u0647", "\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627")


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
        if unit.letter == "N":
            return unit.count is not None and self._plausible(units, at)
        if unit.letter == "V":
            return not unit.get("actor")
        if unit.letter == "M":
            return unit.get("victim") is not None
        if unit.letter == "P" and unit.get("victim"):
            return True
        return bool(unit.cues & {"other_two", "other_one"}) and at > 0 and units[at - 1].letter == "K"

    @staticmethod
    def _plausible(units: list[Unit], at: int) -> bool:
        """A count followed by a deed or a thing counts those, not people."""
        if at + 1 >= len(units):
            return True
        nxt = units[at + 1]
        if nxt.letter == "f" and at + 2 < len(units):
            nxt = units[at + 2]
        if nxt.get("counted") and not nxt.get("victim"):
            return False
        return nxt.letter not in "EWOeD" or nxt.get("victim") is not None

    def read(self, units: list[Unit], at: int) -> Group | None:
        """The group that begins at this unit, with what says whose they are."""
        unit = units[at]
        if unit.letter == "N":
            group = self._counted(units, at)
        elif unit.get("victim"):
            group = self._noun(units, at)
        elif unit.cues & {"other_two", "other_one"}:
            low = 2 if "other_two" in unit.cues else 1
            return Group(low, low, False, None, "", at, at + 1, bare=True)
        else:
            return None
        return self._officer_and_men(units, self._qualified(units, group)) if group else None

    def _counted(self, units: list[Unit], at: int) -> Group | None:
        count = units[at].count
        assert count is not None
        base = Group(count.low, count.high, count.approx, None, "", at, at + 1)
        nxt = at + 1
        if nxt < len(units) and units[nxt].letter == "f":
            nxt += 1
        if nxt >= len(units):
            return replace(base, bare=True)
        unit = units[nxt]
        victim = unit.get("victim")
        if unit.get("unknown") and nxt + 1 < len(units) and units[nxt + 1].letter in "a" and victim:
            return replace(base, **_side(victim.code), last=nxt + 1)
        if victim and (unit.letter in "VMTOPE" or unit.get("unknown")):
            return replace(base, **_side(victim.code), last=nxt + 1)
        if unit.letter == "M":
            return replace(base, hint="MEMBER", last=nxt + 1)
        if unit.letter in "Aa":
            return base
        if "others" in unit.cues or "parts" in unit.cues:
            return replace(base, bare=True, last=nxt + 1 if "others" in unit.cues else at + 1)
        if unit.letter == "x" and nxt + 1 < len(units) and units[nxt + 1].get("victim") and units[nxt + 1].letter == "V":
            victim2 = units[nxt + 1].get("victim")
            assert victim2 is not None
            return replace(base, **_side(victim2.code), last=nxt + 2)
        return replace(base, bare=True)

    def _noun(self, units: list[Unit], at: int) -> Group | None:
        victim = units[at].get("victim")
        assert victim is not None
        one_two = {"one": 1, "two": 2}.get(victim.number)
        group = Group(one_two, one_two, False, None, "", at, at + 1)
        group = replace(group, **_side(victim.code))
        if units[at].form.article and victim.number != "two":
            return None
        nxt = at + 1
        if nxt < len(units) and units[nxt].letter == "N":
            count = units[nxt].count
            if count and count.low in (1, 2) and not units[nxt].joined:
                group = replace(group, low=count.low, high=count.low, last=nxt + 1)
        return group

    def _qualified(self, units: list[Unit], group: Group) -> Group:
        """Take in what follows: more nouns, adjectives, 'of SDF', 'belonging to ...'."""
        at = group.last
        limit = min(len(units), at + 7)
        while at < limit:
            unit = units[at]
            if "rank_word" in unit.cues:
                group = replace(group, last=min(len(units), at + 2))
                at += 2
                limit = min(len(units), at + 5)
                continue
            if unit.joined or unit.letter in ",:()-NKTeDESWO" and unit.letter not in "E":
                break
            if unit.letter == "E" and not unit.get("victim"):
                break
            if "others" in unit.cues:
                group = replace(group, last=at + 1)
            elif unit.letter in "Aa":
                if group.actor < 0 and self._names_side(units, at, group):
                    group = replace(group, code=_sided(group, unit), actor=at, last=at + 1)
                else:
                    break
            elif unit.letter in "VMO" and units[at - 1].letter == "f":
                pass
            elif unit.letter in "VM" and unit.get("victim") and not unit.form.preposition and at == group.last:
                if unit.form.article and group.code:
                    break
                victim = unit.get("victim")
                assert victim is not None
                group = replace(_narrow(group, victim.code), last=at + 1)
            elif unit.letter == "f" and at + 1 < limit and units[at + 1].cues & {"not_event_place", "origin"}:
                group = replace(group, last=min(len(units), at + 3))
                at += 2
                limit = max(limit, min(len(units), at + 4))
            elif unit.letter == "f" or unit.cues & {"belongs", "target"} or unit.letter == "M" or unit.letter == "i" and self._side_after(units, at):  # fmt: skip
                if not self._side_follows(units, at, limit):
                    break
            elif unit.letter == "x" and at + 1 < len(units) and units[at + 1].letter in "aAfx," and at - group.last < 2:
                pass
            else:
                break
            at += 1
        if group.last < len(units) and "at_least_after" in units[group.last].cues and group.low is not None:
            group = replace(group, high=None)
        return group

    @staticmethod
    def _names_side(units: list[Unit], at: int, group: Group) -> bool:
        """An actor right after people names their side, unless 'by' stands before it."""
        before = units[at - 1]
        if before.cues & {"agent"} or units[at].form.preposition in ("\u0628",):
            return False
        return not (units[at].form.preposition == "\u0644" and group.code and group.code.startswith("CIV"))

    @staticmethod
    def _side_after(units: list[Unit], at: int) -> bool:
        return at + 1 < len(units) and units[at + 1].letter in "AM"

    @staticmethod
    def _side_follows(units: list[Unit], at: int, limit: int) -> bool:
        """Whether a side is named within a few words, before the clause ends."""
        for unit in units[at + 1 : limit]:
            if unit.letter in "Aa" or unit.get("victim") and unit.letter == "V":
                return True
            if unit.letter in ",:()NKTeDEP" or unit.joined:
                return False
        return False

    def _officer_and_men(self, units: list[Unit], group: Group) -> Group:
        """'an officer and four of his men' is five."""
        at = group.last
        if group.low is None or at + 2 >= len(units) or not units[at].joined or units[at].letter not in "NV":
            return group
        nxt = at + 1
        if units[at].letter == "N" and units[at].count and units[nxt].letter == "f" and nxt + 1 < len(units):
            men = units[nxt + 1]
            own = men.form.stem.endswith(_PRONOUN_ENDS) and men.get("victim", "member") is not None
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

    def most(self, units: list[Unit], at: int) -> Group | None:
        """'most of them civilians': a part without a number."""
        for i in range(at, min(len(units), at + 4)):
            unit = units[i]
            victim = unit.get("victim")
            if unit.letter in "Aa":
                return replace(Group(None, None, False, None, "", at, i + 1), code=_first_code(unit), actor=i)
            if victim:
                return self._qualified(units, replace(Group(None, None, False, None, "", at, i + 1), **_side(victim.code)))
            if unit.letter in ",:NKT":
                return None
        return None


def _side(code: str) -> dict[str, str | None]:
    """A victim code as (code, hint): members and persons leave the side open."""
    if code.startswith("MEMBER"):
        return {"code": None, "hint": code}
    if code == "PERSONS":
        return {"code": None, "hint": "PERSONS"}
    return {"code": code, "hint": ""}


def _narrow(group: Group, code: str) -> Group:
    """'20 dead civilians', '3 persons civilians': a later noun says more."""
    side = _side(code)
    if group.code and side["code"] is None:
        return group
    if group.code and side["code"] and "/" in group.code:
        return group
    return replace(group, **side)


def _first_code(unit: Unit) -> str | None:
    entry = unit.get("actor", "unknown", "generic", "anaphor", "adjective")
    return f"@{unit.start}" if entry else None


def _sided(group: Group, unit: Unit) -> str | None:
    """The side that an actor gives a group; civilians stay civilians, whatever their country."""
    if group.code and group.code.startswith("CIV"):
        return group.code
    if unit.letter == "a" and group.hint == "PERSONS":
        return group.code
    return _first_code(unit)
