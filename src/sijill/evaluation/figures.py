"""Scores, from the counts of `compare.counts` summed over reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sijill.evaluation.compare import COUNTED, FIELDS
from sijill.evaluation.likeness import f1

Figures = dict[str, float | None]
"""Whole numbers count, others are shares of one; None where there was nothing to measure on."""

SIZES = ("reports", "reports_without_output", "gold_incidents", "said_incidents",
         *(f"{kind}_gold" for kind in COUNTED))  # fmt: skip
"""Figures that tell how much was measured, not how well."""


def total(counted: Iterable[Mapping[str, int]]) -> Counter[str]:
    """The sum of the counts of several reports."""
    sums: Counter[str] = Counter()
    for counts in counted:
        sums.update(counts)
    return sums


def figures(sums: Mapping[str, int]) -> Figures:
    """Every figure, in the order in which they are told."""
    found: Figures = {
        "reports": int(sums["reports"]),
        "reports_without_output": int(sums["unanswered"]),
        "gold_incidents": int(sums["gold"]),
        "said_incidents": int(sums["said"]),
        "incident_precision": sums["hit"] / max(1, sums["said"]),
        "incident_recall": sums["hit"] / max(1, sums["gold"]),
        "incident_f1": f1(sums["hit"], sums["gold"], sums["said"]),
        "whole_record_f1": f1(sums["whole"], sums["gold"], sums["said"]),
        "toll_f1": f1(sums["toll_hit"], sums["toll_gold"], sums["toll_said"]),
        "quiet_reports_kept_quiet": sums["quiet_kept"] / sums["quiet"] if sums["quiet"] else None,
    }
    for name in FIELDS:
        found[f"matched_{name}"] = sums[name] / max(1, sums["hit"])
    for kind in COUNTED:
        found[f"{kind}_f1"] = f1(sums[f"{kind}_hit"], sums[f"{kind}_gold"], sums[f"{kind}_said"])
        found[f"{kind}_gold"] = int(sums[f"{kind}_gold"])
    return found
