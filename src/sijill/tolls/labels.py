"""Who is counted under which label, when outlets call the same people by different names.

One outlet tells of 14 killed, another of 8 soldiers, 4 civilians and 6 others. Adding the rows up would count
the dead twice. Labels that cannot stand side by side form one family with one whole; the single
labels become parts of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import msgspec

from sijill.incidents import Figure
from sijill.tolls.policies import load_policies

Teller = tuple[str, int]
"""A mention and one of its voices: 0 is its own, the others are those of rival sources."""

Told = Mapping[Teller, Mapping[str, Figure]]
"""For each teller the figures by label, wholes only."""


class Family(msgspec.Struct, frozen=True):
    """Labels for the same people, and the one that stands for them all."""

    label: str
    members: frozenset[str]


def tellers(figures: Iterable[Figure], voices: Iterable[int]) -> dict[Teller, dict[str, Figure]]:
    """The whole figures of one outcome by who tells them; a second one for a label is a voice of its own."""
    told: dict[Teller, dict[str, Figure]] = {}
    for figure, voice in zip(figures, voices, strict=True):
        if figure.part_of:
            continue
        turn = voice
        while figure.group in told.get((figure.mention, turn), {}):
            turn += 100
        told.setdefault((figure.mention, turn), {})[figure.group] = figure
    return told


def families(told: Told, doers: Collection[str]) -> list[Family]:
    """The labels of one outcome, those for the same people together, in the order of their names.

    `doers` are the groups that did it; their own losses are no other people's.
    """
    used = sorted({label for row in told.values() for label in row})
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for at, one in enumerate(used):
        for other in used[at + 1 :]:
            if _rivals(one, other, told, doers):
                beside[one].add(other)
                beside[other].add(one)
    found, seen = [], set[str]()
    for label in used:
        if label in seen:
            continue
        members, ahead = {label}, [label]
        while ahead:
            fresh = beside[ahead.pop()] - members
            members |= fresh
            ahead += fresh
        seen |= members
        found.append(Family(_cover(members), frozenset(members)))
    return found


def covers(one: str, other: str) -> bool:
    """Does a label hold everybody whom another holds? PERSONS holds all, CIV holds CIV/CHILD."""
    return one != other and (one == load_policies().covers_all or other.startswith(f"{one}/"))


def _rivals(one: str, other: str, told: Told, doers: Collection[str]) -> bool:
    """Can two labels mean the same people, by how the tellers use them?"""
    lone_one = any(one in row and other not in row for row in told.values())
    lone_other = any(other in row and one not in row for row in told.values())
    if covers(one, other):
        return lone_one and not _is_doer(other, doers)
    if covers(other, one):
        return lone_other and not _is_doer(one, doers)
    together = any(one in row and other in row for row in told.values())
    apart = lone_one and lone_other and not together
    return apart and not _is_doer(one, doers) and not _is_doer(other, doers)


def _is_doer(label: str, doers: Collection[str]) -> bool:
    return label.partition("/")[0] in doers


def _cover(members: Collection[str]) -> str:
    """The label that covers all the others: one of them, their common group, else PERSONS."""
    for label in sorted(members):
        if all(label == other or covers(label, other) for other in members):
            return label
    tops = {label.partition("/")[0] for label in members}
    return tops.pop() if len(tops) == 1 else load_policies().covers_all
