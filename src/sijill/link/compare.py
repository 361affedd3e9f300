"""How two mentions stand to each other, comparison by comparison, for many pairs at once.

Each comparison takes two sets of rows (`Rows`) and gives one number a pair: 0 where one of the two
does not tell, else 1 + the place of the level in `weights.LEVELS`. Fellegi and Sunter (1969), 'A
theory for record linkage': the weights of independent comparisons add up to the log odds that a pair
is one event.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sijill.link.columns import PRECISIONS, Columns
from sijill.link.figures import NOBODY, NONE
from sijill.link.weights import LEVELS, Weights, wording

Levels = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]

SETTLEMENT, DISTRICT, ADMIN1 = (PRECISIONS.index(name) for name in ("settlement", "district", "admin1"))
MONTH = 31
LARGE = 10
"""So many dead, wounded or taken are rare twice in one region and week."""

EARTH_KM = 12742


class Rows:
    """Some rows of the columns; a column is fetched when it is asked for."""

    def __init__(self, columns: Columns, places: npt.NDArray[np.int64]) -> None:
        self._columns, self._places = columns, places
        self._kept: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._kept:
            self._kept[name] = self._columns[name][self._places]
        return self._kept[name]

    def __len__(self) -> int:
        return len(self._places)


def _choose(name: str, pairs: int, cases: list[tuple[str, Flags]]) -> Levels:
    """The first case that holds decides."""
    levels = LEVELS[name]
    codes = [levels.index(level) + 1 if level else 0 for level, _ in cases]
    chosen = np.select([held for _, held in cases], codes, 0)
    return np.broadcast_to(chosen, pairs).astype(np.int8)


def day(a: Rows, b: Rows, weights: Weights) -> Levels:
    """The days: how far apart, and how sure they are."""
    width_a, width_b = a["end"] - a["start"], b["end"] - b["start"]
    untold = (width_a > 400) | (width_b > 400)
    gap = np.maximum(np.maximum(a["start"] - b["end"], b["start"] - a["end"]), 0)
    width = np.maximum(width_a, width_b)
    loose = a["loose"] | b["loose"] | (width > 0)
    # two exact days that differ by less than the width of a long interval still overlap: gap 0
    before = _too_early(a, b, weights) | _too_early(b, a, weights)
    long = width > 2
    return _choose("day", len(a), [
        ("before", before), ("", untold),
        ("within", long & (gap == 0) & (width <= MONTH)), ("within_long", long & (gap == 0)),
        ("beside", long & (gap <= 2)), ("apart", gap > weights.window_days),
        ("same_loose", (gap == 0) & loose), ("same", gap == 0),
        ("next_loose", (gap == 1) & loose), ("next", gap == 1),
        ("few_loose", loose), ("few", np.ones(len(a), bool)),
    ])  # fmt: skip


def _too_early(a: Rows, b: Rows, weights: Weights) -> Flags:
    """Was a published before b happened? A loose day of b may be too late by the window."""
    slack = np.where(b["loose"], weights.window_days, 1)
    return np.asarray((a["published"] > 0) & (a["published"] + slack < b["start"]))


def region(a: Rows, b: Rows, weights: Weights) -> Levels:
    """Whether both tell a governorate (or, where none are told, a country), so that the prior fits."""
    untold = (a["region"] == 0) | (b["region"] == 0)
    vague = (a["region"] != b["region"]) & (a["country"] == b["country"])
    vague &= (a["admin1"] == 0) | (b["admin1"] == 0)
    return _choose("region", len(a), [("untold", untold), ("vague", vague)])


def kilometres(a: Rows, b: Rows) -> npt.NDArray[np.float64]:
    """The distance of two points; NaN where one has none."""
    north, other = np.radians(a["lat"], dtype=np.float64), np.radians(b["lat"], dtype=np.float64)
    east = np.radians(a["lon"].astype(np.float64) - b["lon"])
    bow = np.sin((north - other) / 2) ** 2 + np.cos(north) * np.cos(other) * np.sin(east / 2) ** 2
    return np.asarray(EARTH_KM * np.arcsin(np.sqrt(np.minimum(bow, 1))))


def place(a: Rows, b: Rows, weights: Weights) -> Levels:
    """The places: distance, names, what contains what, and other bearers of one name."""
    limits, pairs = weights.distances, len(a)
    untold = (a["precision"] < 0) | (b["precision"] < 0)
    finer, coarser = np.minimum(a["precision"], b["precision"]), np.maximum(a["precision"], b["precision"])
    apart = kilometres(a, b)
    known = ~np.isnan(apart)
    named = ((a["name"] == b["name"]) & (a["name"] > 0)) | (alike(a["letters"], b["letters"]) >= 0.75)
    one_entry = (a["spot"] == b["spot"]) & (a["spot"] > 0)
    one_governorate = (a["admin1"] == b["admin1"]) & (a["admin1"] > 0)
    governorates_told = (a["admin1"] > 0) & (b["admin1"] > 0)
    one_district = (a["admin2"] == b["admin2"]) | (a["admin2"] == 0) | (b["admin2"] == 0)
    abroad = (a["country"] > 0) & (b["country"] > 0) & (a["country"] != b["country"])
    fine = coarser <= SETTLEMENT
    small = coarser <= DISTRICT
    same = one_entry | (named & np.where(known, apart <= 40, ~governorates_told | one_governorate))
    rival = _shares(a["rivals"], b["spot"]) | _shares(b["rivals"], a["spot"])
    wide = coarser >= ADMIN1
    return _choose("place", pairs, [
        ("", untold),
        ("same", same & small & (finer <= SETTLEMENT)),
        ("same_district", same & small),
        ("other_country", abroad & ~(known & (apart <= limits.near_km))),
        ("same_governorate", wide & one_governorate),
        ("other_governorate", wide & governorates_told),
        ("", wide),
        ("rival_reading", rival),
        ("next_to", fine & known & (apart <= limits.next_to_km)),
        ("near", fine & known & (apart <= limits.near_km)),
        ("around", fine & known & (apart <= limits.around_km)),
        ("within", small & (finer <= SETTLEMENT) & one_district & known & (apart <= limits.around_km)),
        ("around", small & known & (apart <= limits.around_km)),
        ("away", known & (apart <= limits.away_km)),
        ("elsewhere", known),
        ("like_name", one_governorate & _holds(a["letters"], b["letters"])),
        ("other_name", one_governorate),
        ("other_governorate", governorates_told),
        ("other_name", ~wide & (a["name"] > 0) & (b["name"] > 0)),
    ])  # fmt: skip


def alike(a: Column, b: Column) -> npt.NDArray[np.float64]:
    """Dice's share of two sketches; 0 where one is empty."""
    both, one, other = ones(a & b), ones(a), ones(b)
    return np.asarray(2 * both / np.maximum(one + other, 1))


def _holds(a: Column, b: Column) -> Flags:
    """Does one name hold the other, or nearly?"""
    both, least = ones(a & b), np.minimum(ones(a), ones(b))
    return np.asarray((least >= 2) & (both * 10 >= least * 9))


def ones(bits: Column) -> npt.NDArray[np.int64]:
    """How many bits of each row are set."""
    return np.asarray(np.bitwise_count(bits).sum(axis=-1, dtype=np.int64))


def _shares(several: Column, one: Column) -> Flags:
    """Does one of several hold the one?"""
    return np.asarray(((several == one[:, None]) & (several > 0)).any(axis=1))


def action(a: Rows, b: Rows, weights: Weights) -> Levels:
    """The kind of action: the same, of one family, or told for each other."""
    order = wording().order
    rare, common = (_are(order, names) for names in (weights.rare, weights.common))
    family, told_as = _action_tables()
    same = a["action"] == b["action"]
    told = told_as[a["action"], b["action"]]
    return _choose("action", len(a), [
        ("same_rare", same & rare[a["action"]]), ("same_common", same & common[a["action"]]), ("same", same),
        ("family", family[a["action"], b["action"]]), ("told_as", told), ("other", ~told),
    ])  # fmt: skip


def _are(order: list[str], names: list[str]) -> Flags:
    return np.array([*(name in names for name in order), False])


@lru_cache(maxsize=1)
def _action_tables() -> tuple[Flags, Flags]:
    """For each two actions: are they of one family, is one told for the other?"""
    known = wording()
    order = known.order
    family = np.zeros((len(order) + 1, len(order) + 1), bool)
    told = family.copy()
    for names in known.families.values():
        places = [order.index(name) for name in names]
        family[np.ix_(places, places)] = True
    for name, others in known.together.items():
        for other in others:
            told[order.index(name), order.index(other)] = told[order.index(other), order.index(name)] = True
    return family, told


def status(a: Rows, b: Rows, weights: Weights) -> Levels:
    """Planned or foiled against carried out."""
    conflict: Flags = a["unreal"] != b["unreal"]
    return _choose("status", len(a), [("conflict", conflict)])


def _any(bits: Column) -> Flags:
    """Is any bit of a row set?"""
    return np.asarray(bits.any(axis=1), dtype=np.bool_)


def _codes(name: str) -> Callable[[Rows, Rows, Weights], Levels]:
    """The comparison of two sets of codes."""
    near = f"{name}_near"

    def compare(a: Rows, b: Rows, weights: Weights) -> Levels:
        """Whether two mentions name the same groups, some of them, allied ones or others."""
        both, allied = _any(a[name] & b[name]), _any(a[near] & b[name])
        same = ~_any(a[name] ^ b[name])
        untold = ~_any(a[name]) | ~_any(b[name])
        return _choose(name, len(a), [
            ("", untold), ("same", same), ("some", both), ("allied", allied), ("different", ~untold),
        ])  # fmt: skip

    return compare


def weapons(a: Rows, b: Rows, weights: Weights) -> Levels:
    """Whether they share a weapon."""
    untold: Flags = (a["weapons"] == 0) | (b["weapons"] == 0)
    shared: Flags = (a["weapons"] & b["weapons"]) > 0
    return _choose("weapons", len(a), [("", untold), ("same", shared), ("different", ~untold)])


def _toll(name: str) -> Callable[[Rows, Rows, Weights], Levels]:
    """The comparison of two tolls of one outcome."""

    def compare(a: Rows, b: Rows, weights: Weights) -> Levels:
        """Equal, a part, a later and higher figure, or incompatible."""
        one, other = a[name], b[name]
        whole, theirs = one[:, 0], other[:, 0]
        untold = (whole == NONE) | (theirs == NONE)
        equal = (whole == theirs) | (one[:, 1] == other[:, 1])
        value = np.where(whole == theirs, whole, one[:, 1])
        low, high = np.minimum(whole, theirs), np.maximum(whole, theirs)
        part = ((other == whole[:, None]).any(axis=1) & (whole >= 3)) | (
            (one == theirs[:, None]).any(axis=1) & (theirs >= 3)
        )
        later = np.sign(b["published"] - a["published"]) * np.sign(theirs - whole)
        told = (a["published"] > 0) & (b["published"] > 0)
        return _choose(name, len(a), [
            ("", untold),
            ("", equal & (value == NOBODY)),
            ("equal_many", equal & (value >= 10)), ("equal", equal & (value >= 5)),
            ("equal_few", equal & (value >= 2)), ("equal_one", equal),
            ("none", low == NOBODY), ("part", part),
            ("both_large", (low >= LARGE) & (low * 3 >= high)),
            ("close", (high >= 5) & (low * 5 >= high * 4)),
            ("few_apart", (high <= 3)),
            ("incompatible", low * 3 < high),
            ("falling", told & (later < 0)), ("rising", ~untold),
        ])  # fmt: skip

    return compare


def time(a: Rows, b: Rows, weights: Weights) -> Levels:
    """The time of day, on the round of the clock."""
    apart = np.abs(a["hour"] - b["hour"])
    apart = np.minimum(apart, 24 - apart)
    return _choose("time", len(a), [
        ("", np.isnan(apart)), ("same", apart < 2), ("near", apart <= 5), ("different", apart > 5),
    ])  # fmt: skip


def words(a: Rows, b: Rows, weights: Weights) -> Levels:
    """How many words the two passages share."""
    both, either = ones(a["words"] & b["words"]), ones(a["words"] | b["words"])
    share = both / np.maximum(either, 1)
    shortest = np.minimum(a["length"], b["length"])
    limits = weights.words
    enough = shortest >= limits.enough
    # a blank must not stand for a text; the same text, however short, is a copy only with its words
    return _choose("words", len(a), [
        ("", shortest < 3),
        ("copy", enough & (share >= limits.copy)),
        ("much", enough & (share >= limits.much)), ("some", enough & (share >= limits.some)),
        ("little", enough & (share >= limits.little)), ("none", enough & (share < limits.none_below)),
    ])  # fmt: skip


def agency(a: Rows, b: Rows, weights: Weights) -> Levels:
    """Whether both reports are copies of one agency text."""
    return _choose("agency", len(a), [("shared", (a["copy"] == b["copy"]) & (a["copy"] > 0))])


def report(a: Rows, b: Rows, weights: Weights) -> Levels:
    """One report that tells two events keeps them apart; the same words twice do not."""
    one = (a["report"] == b["report"]) & (a["report"] > 0)
    repeated = (a["text"] == b["text"]) & (a["text"] > 0)
    return _choose("report", len(a), [("told_apart", one & ~repeated)])


COMPARISONS: dict[str, Callable[[Rows, Rows, Weights], Levels]] = {
    "report": report, "day": day, "region": region, "place": place, "killed": _toll("killed"),
    "wounded": _toll("wounded"), "taken": _toll("taken"), "action": action, "status": status,
    "actors": _codes("actors"), "targets": _codes("targets"), "weapons": weapons, "time": time,
    "agency": agency, "words": words,
}  # fmt: skip
"""What is compared, in the order of `weights.ORDER`."""
