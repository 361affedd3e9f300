"""The nouns that stand after reading: a mention as the register holds it, what was judged of two of
them, and the incident that is worked out from all that tell of it.

Mentions and judgements are recorded; incidents and their tolls are derived and can be rebuilt.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sijill.records import Action, Mention, Outcome, Place, Status, Weapon

Verdict = Literal["same", "different", "unsure"]
Standing = Literal["single_source", "corroborated", "contested", "claimed_only", "denied", "retracted"]
Sensitivity = Literal["public", "restricted", "confidential"]

MACHINE = "machine:"
"""What the name of a judge begins with who is no person: `machine:rules-1`."""


class HeldMention(msgspec.Struct, frozen=True, kw_only=True):
    """A mention with what the register knows of the report that tells it.

    `id` (`m-` and 16 hexadecimal digits) stays the same when the report is read again and the new
    reading tells of the same event. `report` is the register's id of the report, `published` an ISO
    date, `received` an ISO time with zone. Copies of one agency text share `copy_of`, so that they
    count as one source. `words` are the record's own words, verbatim.
    """

    id: str
    report: str
    mention: Mention
    outlet: str | None = None
    url: str | None = None
    published: str | None = None
    received: str | None = None
    copy_of: str | None = None
    words: str = ""
    sensitivity: Sensitivity = "public"
    reviewed: bool = False
    retracted: bool = False


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison of two mentions: what was compared, how it came out, what that weighs (log2 odds)."""

    comparison: str
    level: str
    weight: float


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody held of two mentions. A person's word outranks the machine's for ever.

    `left` < `right` are ids of mentions, `score` the summed weight in log2 odds (None for a person),
    `by` a person's name or `machine:` and a version, `at` an ISO time with zone.
    """

    left: str
    right: str
    verdict: Verdict
    by: str
    at: str | None = None
    score: float | None = None
    reasons: list[Reason] = []
    why: str | None = None
    undone: bool = False


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a toll: who says it, when, in which words. `source` is the independent source,
    so that an outlet quoting SOHR is SOHR."""

    outcome: Outcome
    group: str
    low: int | None
    high: int | None
    source: str
    mention: str
    report: str
    approx: bool = False
    part_of: bool = False
    outlet: str | None = None
    published: str | None = None
    received: str | None = None
    words: str = ""
    superseded: bool = False


class Toll(msgspec.Struct, frozen=True, kw_only=True):
    """How many of one group met one outcome in an incident: low <= best <= high; None is not told.

    `why_ar` and `why_en` are one sentence each that says which figures decided `best`.
    """

    outcome: Outcome
    group: str
    low: int | None
    best: int | None
    high: int | None
    part_of: bool = False
    policy: str = "latest"
    why_ar: str = ""
    why_en: str = ""
    figures: list[Figure] = []


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One incident, worked out from every mention that tells of it.

    `id` (`i-` and 16 hexadecimal digits) is stable as mentions arrive. `date` is EDTF as best told;
    `start` and `end` are its first and last day (ISO, both inclusive), None where nothing dates it.
    `sources` are the independent sources. `tolls` hold one row an outcome and group.
    """

    id: str
    action: Action
    status: Status = "reported"
    standing: Standing = "single_source"
    date: str | None = None
    start: str | None = None
    end: str | None = None
    place: Place | None = None
    actors: list[str] = []
    targets: list[str] = []
    weapons: list[Weapon] = []
    tolls: list[Toll] = []
    no_casualties: bool = False
    claimed_by: str | None = None
    disputed: bool = False
    sources: list[str] = []
    outlets: list[str] = []
    mentions: list[str] = []
    first_published: str | None = None
    last_published: str | None = None
    sensitivity: Sensitivity = "public"
    reviewed: bool = False
    formerly: list[str] = []

    def toll(self, outcome: Outcome) -> tuple[int | None, int | None, int | None]:
        """(low, best, high) of an outcome over all groups, parts left out; None where nothing is told."""
        rows = [toll for toll in self.tolls if toll.outcome == outcome and not toll.part_of]
        low = [toll.low for toll in rows if toll.low is not None]
        best = [toll.best for toll in rows if toll.best is not None]
        high = [toll.high for toll in rows if toll.high is not None]
        return (
            sum(low) if low else None,
            sum(best) if best else None,
            sum(high) if high and len(high) == len(rows) else None,
        )
