"""The weights of comparisons, as `data/link_weights.yaml` or a file of one's own holds them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec
import yaml

from sijill.errors import UsageError

DATA = Path(__file__).resolve().parent.parent / "data"
_FILE = DATA / "link_weights.yaml"
_WORDING = DATA / "actions.yaml"

LEVELS: dict[str, tuple[str, ...]] = {
    "day": (
        "same", "same_loose", "next", "next_loose", "few", "few_loose", "within", "within_long", "beside",
        "apart", "before",
    ),
    "region": ("vague", "untold"),
    "place": (
        "same", "next_to", "near", "around", "away", "elsewhere", "same_district", "within",
        "same_governorate", "like_name", "other_name", "rival_reading", "other_governorate", "other_country",
    ),
    "action": ("same_rare", "same", "same_common", "family", "told_as", "other"),
    "status": ("conflict",),
    "actors": ("same", "some", "allied", "different"),
    "targets": ("same", "some", "allied", "different"),
    "weapons": ("same", "different"),
    "killed": (
        "equal_many", "equal", "equal_few", "equal_one", "part", "both_large", "close", "rising", "falling",
        "few_apart", "incompatible", "none",
    ),
    "time": ("same", "near", "different"),
    "words": ("copy", "much", "some", "little", "none"),
    "agency": ("shared",),
    "report": ("told_apart",),
}  # fmt: skip
LEVELS["wounded"] = LEVELS["taken"] = LEVELS["killed"]
"""Each comparison with the levels that it can come out at; level 0 of the code is 'not told'."""

ORDER = (
    "report", "day", "region", "place", "killed", "wounded", "taken", "action", "status", "actors", "targets",
    "weapons", "time", "agency", "words",
)  # fmt: skip
"""In this order comparisons are made: what parts most pairs first, the dearest last."""


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Scores (log2 odds) from which a pair is the same, or unsure, or recorded at all."""

    same: float
    unsure: float
    keep: float
    unjudged: float


class Distances(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Kilometres up to which two points are next to, near, around or away from each other."""

    next_to_km: float
    near_km: float
    around_km: float
    away_km: float


class WordShares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Jaccard shares from which texts have much, some or little in common; `enough` words are needed."""

    copy: float
    much: float
    some: float
    little: float
    none_below: float
    enough: int


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that decides a score: log2 odds of each level of each comparison, and the prior."""

    version: str
    prior: float
    thresholds: Thresholds
    comparisons: dict[str, dict[str, float]]
    distances: Distances
    window_days: int
    words: WordShares
    rare: list[str]
    common: list[str]
    allied: list[list[str]]
    parts_of_day: dict[str, float]
    common_words: list[str]
    coded_sets: list[str] = []

    @property
    def by(self) -> str:
        """The machine's name as a judge."""
        return f"machine:{self.version}"

    def of(self, comparison: str) -> list[float]:
        """The weight of each level of a comparison in the order of the code; 0 first, for 'not told'."""
        table = self.comparisons[comparison]
        return [0.0, *(table[level] for level in LEVELS[comparison])]

    def most(self, comparisons: tuple[str, ...]) -> float:
        """The most that some comparisons can still add."""
        return sum(max(self.of(name)) for name in comparisons)


class Wording(msgspec.Struct, frozen=True):
    """How actions are told for each other, shared with the reader (`data/actions.yaml`)."""

    order: list[str]
    families: dict[str, list[str]]
    together: dict[str, list[str]]


def load_weights(path: Path | None = None) -> Weights:
    """The built-in weights, or those of a file of the same form.

    Raises UsageError naming every level that is missing or unknown.
    """
    return _load(path or _FILE)


@lru_cache(maxsize=8)
def _load(path: Path) -> Weights:
    try:
        weights = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Weights, strict=False)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file of weights; {_FILE} is one") from None
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise UsageError(f"{path}: {error}; {_FILE} shows the form") from None
    faults = list(_faults(weights))
    if faults:
        raise UsageError("\n".join(f"{path}: {fault}" for fault in faults))
    return weights


def _faults(weights: Weights) -> list[str]:
    """What is missing or not known."""
    asked = {(name, level) for name, levels in LEVELS.items() for level in levels}
    given = {(name, level) for name, levels in weights.comparisons.items() for level in levels}
    faults = [f"comparisons: {name}: {level} is missing; give its weight" for name, level in asked - given]
    faults += [f"comparisons: {name}: {level} is not known; take it out" for name, level in given - asked]
    limits = weights.thresholds
    if not limits.unjudged <= limits.keep < limits.unsure < limits.same:
        faults.append("thresholds: must rise from unjudged over keep and unsure to same; put them in order")
    return sorted(faults)


@lru_cache(maxsize=1)
def wording() -> Wording:
    """The families of actions, and what is told for what."""
    return msgspec.convert(yaml.safe_load(_WORDING.read_text(encoding="utf-8")), Wording)
