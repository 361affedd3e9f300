"""How near two records are, and whether they say the same. Gold stands first, what was said second.

Records are plain JSON objects, since a faulty one of another coder must still be compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from sijill.evaluation.names import level_value
from sijill.evaluation.spans import date_likeness, days

Record = dict[str, Any]
Toll = tuple[Any, ...]
"""Outcome, group, low, high, and whether it is part of another toll."""

FAMILIES: dict[str, tuple[str, ...]] = {
    "armed": ("ambush", "armed_assault", "clash", "assassination"),
    "bomb": ("ied", "vehicle_bomb", "suicide_bombing"),
    "remote": ("shelling", "air_strike", "drone_strike"),
    "captive": ("execution", "abduction"),
    "police": ("arrest", "sweep", "weapons_seizure"),
    "territory": ("capture_territory", "withdrawal"),
}
"""Actions that coders take for each other; any other action is a family of its own."""

_FAMILY = {action: name for name, actions in FAMILIES.items() for action in actions}

_EARTH_KM = 12742
"""Twice the radius."""

_NAMED_KM, _FINE_KM, _COARSE_KM = 40, 12, 25
"""So far apart two points are one spot: under one name; by a gold village or site; by a gold district."""


def family(record: Record) -> Any:
    """The family of a record's action."""
    action = record.get("action")
    return _FAMILY.get(action, action) if isinstance(action, str) else action


def group_of(code: object) -> str:
    """The part of a code before the first slash."""
    return str(code or "").split("/")[0]


def groups_of(codes: object) -> set[str]:
    """The groups in a list of codes."""
    return {group_of(code) for code in codes} if isinstance(codes, Iterable) else set()


def overlap(ours: Iterable[object], theirs: Iterable[object]) -> int:
    """How many things two lists share, each counted as often as it stands in both."""
    left = list(theirs)
    shared = 0
    for thing in ours:
        if thing in left:
            left.remove(thing)
            shared += 1
    return shared


def f1(shared: float, gold: float, said: float) -> float:
    """The harmonic mean of precision and recall; 1 where there was nothing to say and nothing was said."""
    return 2 * shared / (gold + said) if gold + said else 1.0


def tolls(record: Record, *, parts: bool) -> list[Toll]:
    """The tolls of an incident, with those that are part of another, or without."""
    entries = record.get("casualties") or []
    return [
        (entry.get("outcome"), group_of(entry.get("group")), entry.get("low"), entry.get("high"),
         bool(entry.get("part_of")))
        for entry in entries
        if parts or not entry.get("part_of")
    ]  # fmt: skip


def _kilometres(one: Record, other: Record) -> float | None:
    """The distance between two places; None where one has no point."""
    points: list[float] = []
    for degrees in (place.get(axis) for place in (one, other) for axis in ("lat", "lon")):
        if not isinstance(degrees, int | float):
            return None
        points.append(degrees)
    north, north_other = math.radians(points[0]), math.radians(points[2])
    east = math.radians(points[1] - points[3])
    bow = (
        math.sin((north - north_other) / 2) ** 2
        + math.cos(north) * math.cos(north_other) * math.sin(east / 2) ** 2
    )
    return _EARTH_KM * math.asin(math.sqrt(min(1, bow)))


def same_spot(gold: Record, said: Record) -> bool:
    """Whether two places are one: same governorate, and near enough for what gold claims to know."""
    if any(gold.get(key) != said.get(key) for key in ("country", "admin1")):
        return False
    if gold.get("precision") == said.get("precision") == "admin1" and gold.get("admin1"):
        return True
    apart = _kilometres(gold, said)
    one_name = level_value(gold.get("name")) == level_value(said.get("name"))
    if apart is None:
        return one_name
    if one_name:
        return apart <= _NAMED_KM
    return apart <= (_FINE_KM if gold.get("precision") in ("site", "settlement") else _COARSE_KM)


def same_place(gold: Record | None, said: Record | None) -> bool:
    """Whether two places are one spot, or neither is told."""
    if not gold or not said:
        return not gold and not said
    return same_spot(gold, said)


def place_likeness(gold: Record | None, said: Record | None) -> float:
    """Half for the governorate (or the country, where no governorate is told), half for the spot."""
    if not gold and not said:
        return 1.0
    if not gold or not said:
        return 0.3
    larger = gold.get("admin1") == said.get("admin1") and (
        gold.get("admin1") or gold.get("country") == said.get("country")
    )
    return 0.5 * bool(larger) + 0.5 * same_spot(gold, said)


def incident_likeness(gold: Record, said: Record) -> float:
    """Action, day, place and toll together. A toll that neither tells leaves its weight to the rest."""
    action = 1.0 if gold.get("action") == said.get("action") else 0.6 * (family(gold) == family(said))
    place = place_likeness(gold.get("place"), said.get("place"))
    gold_tolls, said_tolls = (_figures(record) for record in (gold, said))
    shared = overlap(gold_tolls, said_tolls)
    if not shared and not (place and action):
        return 0.0  # neither the toll speaks for it, nor place and kind together
    score = 0.25 * action + 0.2 * date_likeness(gold.get("date"), said.get("date")) + 0.25 * place
    if not gold_tolls and not said_tolls:
        return score / 0.7
    return score + 0.3 * f1(shared, len(gold_tolls), len(said_tolls))


def _figures(record: Record) -> list[Toll]:
    """Outcome and low figure of each toll, whoever met it."""
    return [(outcome, low) for outcome, _, low, _, _ in tolls(record, parts=False)]


def tally_likeness(gold: Record, said: Record) -> float:
    """0 unless measure, figure, group, relation and roughly the period agree."""
    exact = all(gold.get(key) == said.get(key) for key in ("measure", "low"))
    alike = group_of(gold.get("group")) == group_of(said.get("group"))
    period = date_likeness(gold.get("period"), said.get("period"))
    if not exact or not alike or relation(gold) != relation(said) or period < 0.5:
        return 0.0
    doer = group_of(gold.get("by")) == group_of(said.get("by"))
    return 0.6 + 0.2 * period + 0.1 * doer + 0.1 * place_likeness(gold.get("place"), said.get("place"))


def relation(tally: Record) -> Any:
    """How a tally is compared with another period: `highest`, `increase` ..., or None."""
    comparison = tally.get("comparison")
    return comparison.get("relation") if isinstance(comparison, dict) else None


def control_likeness(gold: Record, said: Record) -> float:
    """1 for the same spot, change and group, else 0."""
    spot = same_spot(gold.get("place") or {}, said.get("place") or {})
    actor = group_of(gold.get("actor")) == group_of(said.get("actor"))
    return float(spot and actor and gold.get("change") == said.get("change"))


def assessment_likeness(gold: Record, said: Record) -> float:
    """1 for the same stance of a speaker told in much the same words, else 0."""
    return float(
        same_speaker(gold.get("speaker"), said.get("speaker")) and gold.get("stance") == said.get("stance")
    )


def same_speaker(gold: object, said: object) -> bool:
    """Whether one holds all words of the other, or they share three words in five."""
    ours, theirs = level_value(gold).split(), level_value(said).split()
    if set(ours) <= set(theirs) or set(theirs) <= set(ours):
        return True
    return f1(overlap(ours, theirs), len(ours), len(theirs)) >= 0.6


def whole(gold: Record, said: Record) -> bool:
    """Whether a user could file the record as it stands: kind, day, place, actors, toll and status right."""
    return (
        family(gold) == family(said)
        and days(gold.get("date")) == days(said.get("date"))
        and same_place(gold.get("place"), said.get("place"))
        and groups_of(gold.get("actors")) == groups_of(said.get("actors"))
        and same_tolls(gold, said)
        and gold.get("status", "reported") == said.get("status", "reported")
    )


def same_tolls(gold: Record, said: Record) -> bool:
    """Whether the tolls by group agree, parts left aside; figures are compared as they are written."""
    ours, theirs = (sorted(str(toll[:4]) for toll in tolls(record, parts=False)) for record in (gold, said))
    return ours == theirs


def pair_up(likeness: Sequence[Sequence[float]], floor: float) -> list[tuple[int, int]]:
    """Which row is which column: the nearest pair first, each once, none below the floor.

    >>> pair_up([[0.6, 0.9], [0.8, 0.95]], 0.7)
    [(1, 1)]
    """
    cells = [(ours, theirs) for ours, row in enumerate(likeness) for theirs in range(len(row))]
    cells.sort(key=lambda cell: -likeness[cell[0]][cell[1]])
    pairs: list[tuple[int, int]] = []
    for ours, theirs in cells:
        near = likeness[ours][theirs] >= floor
        if near and all(ours != row and theirs != column for row, column in pairs):
            pairs.append((ours, theirs))
    return pairs
