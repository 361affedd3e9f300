"""Lists of people under one word of outcome: 'three soldiers, a policeman and five civilians'."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from sijill.reading.groups import Group, GroupParser
from sijill.reading.scene import Unit


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
    earlier: bool = False  # told as what was known before
    trigger: int = -1
    masdar: bool = False
    agent: int = -1  # the unit of who did it, where the verb has its subject beside it
    every: bool = False  # no figure: says of all the dead who they were
    rival: bool = False  # another source says so, against what was told first
    late: bool = False  # died of wounds: told of those counted as wounded before
    remark: bool = False  # 'they are brothers' follows

    def other_side(self, other: Toll) -> bool:
        """Whether two figures count people of different sorts: civilians here, fighters there."""
        sorts = {_sort(self.group), _sort(other.group)}
        return len(sorts - {""}) == 2


class ListReader:
    """Reads lists of groups."""

    def __init__(self, groups: GroupParser) -> None:
        self.groups = groups

    def read(
        self,
        units: list[Unit],
        begin: int | None,
        outcome: str,
        trigger: int,
        rule: str,
        tolls: list[Toll],
        part: bool = False,
    ) -> int:
        """Add the figures of the list that begins at a unit; where it ends, 0 where none begins."""
        if begin is None or begin >= len(units):
            return 0
        at, before = begin, len(tolls)
        while at < len(units):
            group = (
                self.groups.read(units, at)
                if self.groups.starts(units, at) or (at > begin and _others(units, at))
                else None
            )
            if group is None:
                break
            code, nxt = outcome, group.last
            joint = units[nxt].get("affected") if nxt < len(units) and units[nxt].letter == "T" else None
            if joint and joint.code == "killed_or_wounded":
                code, nxt = joint.code, nxt + 1
            tolls.append(Toll(code, group, at, nxt, rule, part=part, trigger=trigger))
            at = nxt
            if at >= len(units) or not self._continues(units, at, trigger):
                break
            at = self._next(units, at)
        _same_force(tolls[before:])
        return at

    def _continues(self, units: list[Unit], at: int, trigger: int) -> bool:
        """Whether the list goes on: a joined group, 'in addition to', or a comma and such a group."""
        nxt = self._next(units, at)
        if nxt >= len(units) or not (self.groups.starts(units, nxt) or _others(units, nxt)):
            return False
        also = nxt > at and any(u.cues & {"also", "with"} for u in units[at:nxt])
        if not (units[nxt].joined or also or (units[at].letter == "," and units[nxt].letter == "N")):
            return False
        if units[nxt].cues & {"parts"}:
            return False
        of_them = units[nxt].letter == "N" and nxt + 1 < len(units) and bool(units[nxt + 1].cues & {"parts"})
        return not of_them and not self.other_outcome(units, nxt, trigger)

    @staticmethod
    def _next(units: list[Unit], at: int) -> int:
        """The unit after a comma and after 'in addition to'."""
        nxt = at + 1 if units[at].letter == "," else at
        if nxt == at and "with" in units[at].cues and at + 1 < len(units):
            return at + 1 if units[at + 1].cues & {"one_of"} else at  # 'with one of her friends'
        return after_also(units, nxt)

    def other_outcome(self, units: list[Unit], at: int, trigger: int = -1) -> bool:
        """'20 killed and 30 wounded': the next count has an outcome of its own."""
        group = self.groups.read(units, at)
        nxt = group.last if group else at + 1
        if units[at].letter != "N":
            return False
        after = units[nxt] if nxt < len(units) else None
        if any(u.letter == "T" for u in units[at + 1 : at + 2]):
            return True
        if after is None:
            return False
        entry = after.get("affected") if after.letter == "T" else None
        return (after.letter == "K" and not after.joined and nxt != trigger) or (
            entry is not None and entry.code != "killed_or_wounded"
        )


def after_also(units: list[Unit], at: int) -> int:
    """The unit after 'in addition to', where that stands at a unit."""
    if at >= len(units) or "also" not in units[at].cues:
        return at
    return at + 2 if at + 1 < len(units) and units[at + 1].letter in "uf" else at + 1


def _sort(group: Group) -> str:
    """'force' or 'civil' where the words of a figure tell it."""
    if group.code is None:
        return "force" if group.hint.startswith("MEMBER") else ""
    return "civil" if group.code.startswith("CIV") else "force"


def _others(units: list[Unit], at: int) -> bool:
    """'a soldier and two others': more of those counted, joined to them."""
    return (
        units[at].joined
        and units[at].letter == "c"
        and bool(units[at].cues & {"other_one", "other_two", "other_some"})
    )


def _same_force(tolls: list[Toll]) -> None:
    """'an officer and three members of X': the officer is of X."""
    for toll, nxt in pairwise(tolls):
        leads = toll.group.hint in ("MEMBER/LEADER", "MEMBER/ARMY/OFFICER") and toll.group.code is None
        if leads and nxt.group.hint.startswith("MEMBER") and nxt.group.code:
            toll.group = replace(toll.group, code=nxt.group.code)
