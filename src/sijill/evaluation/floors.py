"""Floors: scores on our own gold sets below which no change may fall without saying why."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sijill.errors import SijillError
from sijill.evaluation.result import Judged, result
from sijill.evaluation.sets import GOLD, REPORTS, digest

PINNED = (
    "incident_precision", "incident_recall", "incident_f1", "whole_record_f1", "toll_f1",
    "quiet_reports_kept_quiet", "matched_date", "matched_admin1", "matched_spot", "matched_actors",
    "matched_targets", "tallies_f1", "control_f1", "assessments_f1",
)  # fmt: skip
"""The scores that have a floor, where the set gives something to measure them on."""

_KIND_OF = {"tallies_f1": "tallies_gold", "control_f1": "control_gold", "assessments_f1": "assessments_gold"}
"""A score that means something only where gold holds such records."""

_PLACES = 4
"""Decimals that are kept; the rest is cut off, so that a floor is never above its score."""

Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class Pinned:
    """What holds for one set: the files it was measured on, by hash, and the floor of each score."""

    files: Mapping[str, str]
    scores: Scores


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that is not as it was pinned."""

    set: str
    what: str

    def __str__(self) -> str:
        return f"{self.set}: {self.what}"


def measured(judged: Judged) -> Pinned:
    """What could be pinned for a set now."""
    found = result(judged.compared, draws=0).figures
    scores = {
        name: math.floor(value * 10**_PLACES + 1e-6) / 10**_PLACES
        for name in PINNED
        if (value := found[name]) is not None and found.get(_KIND_OF.get(name, "reports"))
    }
    files = {path.name: digest(path) for path in (judged.set.reports, judged.set.gold)}
    return Pinned(files, scores)


def breaches(floors: Mapping[str, Pinned], now: Mapping[str, Pinned]) -> list[Breach]:
    """Everything that is lower, gone, new or another than what was pinned."""
    found = [Breach(name, "is gone, and its floors stay") for name in floors if name not in now]
    for name, pinned in now.items():
        if name in floors:
            found.extend(Breach(name, what) for what in _differences(floors[name], pinned))
        else:
            found.append(Breach(name, "has no floors yet; pin them with --raise"))
    return found


def _differences(floor: Pinned, now: Pinned) -> Iterator[str]:
    """What is lower or other in one set."""
    for file in (REPORTS, GOLD):
        if file in floor.files and floor.files[file] != now.files.get(file):
            yield f"{file} is not the file its floors were measured on"
    for score, least in floor.scores.items():
        value = now.scores.get(score)
        if value is None:
            yield f"{score} cannot be measured any more; its floor is {least:.{_PLACES}f}"
        elif value < least:
            yield f"{score} fell from {least:.{_PLACES}f} to {value:.{_PLACES}f}"


def raised(floors: Mapping[str, Pinned], now: Mapping[str, Pinned]) -> dict[str, Pinned]:
    """The floors with every new set and every better score; nothing falls."""
    made = dict(floors)
    for name, pinned in now.items():
        old = floors.get(name)
        if old is None:
            made[name] = pinned
        elif old.files == pinned.files:
            better = {score: max(value, old.scores.get(score, 0)) for score, value in pinned.scores.items()}
            made[name] = Pinned(old.files, {**old.scores, **better})
    return made


def read_floors(path: Path) -> dict[str, Pinned]:
    """The floors of a file; none where there is no file."""
    if not path.exists():
        return {}
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {name: Pinned(row["files"], row["scores"]) for name, row in content.items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SijillError(f"{path}: holds no floors ({error}); mend it, or fetch it from git") from None


def write_floors(path: Path, floors: Mapping[str, Pinned]) -> None:
    """Puts the floors into a file, sets by name."""
    content = {
        name: {"files": dict(pinned.files), "scores": pinned.scores}
        for name, pinned in sorted(floors.items())
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def entry(reason: str, lowered: Sequence[Breach]) -> str:
    """The line of the changelog: why, and what fell."""
    plain = " ".join(reason.split()).rstrip(".")
    return f"- Floors lowered: {plain} ({'; '.join(map(str, lowered))})."


def with_entry(changelog: str, line: str) -> str:
    """The changelog with one more line under `Changed` of what is not released yet."""
    start = re.search(r"^## \[Unreleased\].*$", changelog, re.M)
    if start is None:
        raise SijillError("CHANGELOG.md has no heading '## [Unreleased]'; add it at the top")
    after = re.compile(r"^## ", re.M).search(changelog, start.end())
    end = after.start() if after else len(changelog)
    part = changelog[start.end() : end]
    head = re.search(r"^### Changed\n+", part, re.M)
    if head is None:
        part = f"{part.rstrip()}\n\n### Changed\n\n{line}\n" + ("\n" if after else "")
    else:
        part = f"{part[: head.end()]}{line}\n{part[head.end() :]}"
    return changelog[: start.end()] + part + changelog[end:]
