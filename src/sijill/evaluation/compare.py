"""Which record of a coder is which record of gold, and what one report adds to the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sijill.evaluation.likeness import (
    Record,
    assessment_likeness,
    control_likeness,
    family,
    group_of,
    groups_of,
    incident_likeness,
    overlap,
    pair_up,
    same_spot,
    tally_likeness,
    tolls,
    whole,
)
from sijill.evaluation.spans import same_days

Coded = dict[str, list[Record]]
"""The records of one coded report by kind."""

Pairs = list[tuple[int, int]]

KINDS: dict[str, tuple[Callable[[Record, Record], float], float]] = {
    "incidents": (incident_likeness, 0.55),
    "tallies": (tally_likeness, 0.7),
    "control": (control_likeness, 1),
    "assessments": (assessment_likeness, 1),
}
"""What a coded report holds: how near two records are, and how near they must be to be one."""

COUNTED = ("tallies", "control", "assessments")
"""Kinds of which only the number found is scored."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One report: what gold holds, what was said, and the places of the records that are one."""

    id: str
    gold: Coded
    said: Coded
    pairs: Mapping[str, Pairs]
    answered: bool = True

    def matched(self) -> list[tuple[Record, Record]]:
        """The incidents that are one."""
        gold, said = self.gold["incidents"], self.said["incidents"]
        return [(gold[ours], said[theirs]) for ours, theirs in self.pairs["incidents"]]

    def missed(self, kind: str) -> list[Record]:
        """The records of gold that nobody said."""
        found = {ours for ours, _ in self.pairs[kind]}
        return [record for place, record in enumerate(self.gold[kind]) if place not in found]

    def surplus(self, kind: str) -> list[Record]:
        """The records said that gold does not hold."""
        meant = {theirs for _, theirs in self.pairs[kind]}
        return [record for place, record in enumerate(self.said[kind]) if place not in meant]


def compare(id: str, gold: Coded, said: Coded | None) -> Compared:
    """One report with every record paired; `said` is None where the coder gave no answer."""
    answer = said or {kind: [] for kind in KINDS}
    pairs = {kind: _paired(kind, gold[kind], answer[kind]) for kind in KINDS}
    return Compared(id, gold, answer, pairs, answered=said is not None)


def compare_all(gold: Mapping[str, Coded], said: Mapping[str, Coded]) -> list[Compared]:
    """Every report of gold; what was said of others counts for nothing."""
    return [compare(id, coded, said.get(id)) for id, coded in gold.items()]


def _paired(kind: str, gold: list[Record], said: list[Record]) -> Pairs:
    """The records of one kind that are one."""
    likeness, floor = KINDS[kind]
    return pair_up([[likeness(ours, theirs) for theirs in said] for ours in gold], floor)


FIELDS: dict[str, Callable[[Record, Record], bool]] = {
    "action": lambda gold, said: gold.get("action") == said.get("action"),
    "family": lambda gold, said: bool(family(gold) == family(said)),
    "date": lambda gold, said: same_days(gold.get("date"), said.get("date")),
    "admin1": lambda gold, said: _place(gold).get("admin1") == _place(said).get("admin1"),
    "spot": lambda gold, said: _one_spot(_place(gold), _place(said)),
    "actors": lambda gold, said: groups_of(gold.get("actors")) == groups_of(said.get("actors")),
    "targets": lambda gold, said: groups_of(gold.get("targets")) == groups_of(said.get("targets")),
    "claimed": lambda gold, said: group_of(gold.get("claimed_by")) == group_of(said.get("claimed_by")),
}
"""What must agree for a field of two paired incidents to be right."""


def _place(incident: Record) -> Record:
    """The place of an incident, or nothing."""
    return incident.get("place") or {}


def _one_spot(gold: Record, said: Record) -> bool:
    """Whether two places, each perhaps not told, are one."""
    return (not gold and not said) or same_spot(gold, said)


def counts(compared: Compared) -> Counter[str]:
    """What one report adds; `figures.figures` makes scores of the sum."""
    gold, said, matched = compared.gold["incidents"], compared.said["incidents"], compared.matched()
    sums: Counter[str] = Counter(
        reports=1, unanswered=not compared.answered, gold=len(gold), said=len(said), hit=len(matched),
        quiet=not gold, quiet_kept=not gold and not said,
        whole=sum(whole(*pair) for pair in matched),
    )  # fmt: skip
    for name, agree in FIELDS.items():
        sums[name] = sum(agree(*pair) for pair in matched)
    sums["toll_gold"], sums["toll_said"] = _toll_count(gold), _toll_count(said)
    sums["toll_hit"] = sum(
        overlap(tolls(ours, parts=True), tolls(theirs, parts=True)) for ours, theirs in matched
    )
    for kind in COUNTED:
        sums[f"{kind}_gold"], sums[f"{kind}_said"] = len(compared.gold[kind]), len(compared.said[kind])
        sums[f"{kind}_hit"] = len(compared.pairs[kind])
    return sums


def _toll_count(incidents: Iterable[Record]) -> int:
    """How many tolls the incidents hold."""
    return sum(len(tolls(incident, parts=True)) for incident in incidents)
