"""Incidents linked over many reports, against the clusters of gold: B-cubed and pairwise."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path

from sijill.errors import SijillError
from sijill.evaluation.compare import Compared
from sijill.evaluation.likeness import f1

Key = tuple[str, str]
"""A mention: the report's id and the incident's id in it."""


def linked_incidents(path: Path) -> list[list[Key]]:
    """The mentions of each linked incident in a JSONL file."""
    found, faults = [], []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                mentions = json.loads(line)["mentions"]
                found.append([(mention["report"], mention["incident"]) for mention in mentions])
            except (ValueError, TypeError, KeyError) as error:
                faults.append(f"{path}:{number}: is no linked incident ({error}); give it `mentions`")
    if faults:
        raise SijillError("\n".join(faults))
    return found


def b_cubed(linked: Sequence[Sequence[Key]], compared: Iterable[Compared]) -> dict[str, float] | None:
    """How well the links agree with gold's, over the mentions of gold that were found; None without any."""
    truth, gold_of = _truth(compared)
    if not truth:
        return None
    said: dict[Key, Hashable] = {}
    for number, mentions in enumerate(linked):
        for mention in mentions:
            key = gold_of.get(mention)
            if key in said:
                raise SijillError(f"mention {mention} stands in two linked incidents; leave it in one")
            if key:
                said[key] = number
    return agreement(truth, {key: said.get(key, ("alone", key)) for key in truth})


def _truth(compared: Iterable[Compared]) -> tuple[dict[Key, Hashable], dict[Key, Key]]:
    """Gold's cluster of every mention found, and which mention of gold each said one is."""
    clusters: dict[Key, Hashable] = {}
    gold_of: dict[Key, Key] = {}
    for one in compared:
        for gold, said in one.matched():
            gold_of[one.id, str(said.get("id"))] = (one.id, str(gold.get("id")))
        names = {(one.id, str(gold.get("id"))): gold.get("cluster") for gold in one.gold["incidents"]}
        clusters |= {key: cluster or key for key, cluster in names.items()}
    return {key: clusters[key] for key in gold_of.values()}, gold_of


def agreement(truth: Mapping[Key, Hashable], said: Mapping[Key, Hashable]) -> dict[str, float]:
    """B-cubed precision, recall and F1, and precision, recall and F1 over pairs (1 without any pair)."""
    ours, theirs = Counter(truth.values()), Counter(said.values())
    both = Counter((truth[key], said[key]) for key in truth)
    precision = sum(both[truth[key], said[key]] / theirs[said[key]] for key in truth) / len(truth)
    recall = sum(both[truth[key], said[key]] / ours[truth[key]] for key in truth) / len(truth)
    shared, gold, told = (_pairs(counter) for counter in (both, ours, theirs))
    return {
        "precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall),
        "mentions": len(truth), "pairs_gold": gold, "pairs_said": told,
        "pairwise_f1": f1(shared, gold, told),
        "pairwise_precision": shared / told if told else 1.0,
        "pairwise_recall": shared / gold if gold else 1.0,
    }  # fmt: skip


def _pairs(sizes: Counter[Hashable] | Counter[tuple[Hashable, Hashable]]) -> int:
    """How many pairs groups of these sizes hold."""
    return sum(size * (size - 1) // 2 for size in sizes.values())
