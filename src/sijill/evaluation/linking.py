"""Linking against gold clusters, beside two things that a user would do instead."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import msgspec

from sijill.arabic.fold import fold_words
from sijill.evaluation.linked import Key, agreement
from sijill.incidents import HeldMention
from sijill.link import Weights, cluster, judge
from sijill.records import CodedReport, Mention

Groups = list[list[Key]]
"""The mentions of each linked incident."""

SIMILAR = 0.2
"""Share of words in common from which the baseline of texts takes two passages for one event; the best
of 0.1, 0.15 ... 0.3 on evaluation/gold-links."""


def mention_id(report: str, incident: str) -> str:
    """An id for a mention that no register holds."""
    return "m-" + sha256(f"{report}\n{incident}".encode()).hexdigest()[:16]


def held_mentions(
    coded: Iterable[CodedReport], texts: Mapping[str, Mapping[str, str]]
) -> tuple[list[HeldMention], dict[str, Key]]:
    """The mentions of coded reports as a register would hold them, and the key of each id.

    `texts` gives `text` and `title` of each report, for the words of a record.
    """
    held, keys = [], {}
    for report in coded:
        head = report.report
        for mention in report.incidents:
            name = mention_id(head.id, mention.id)
            keys[name] = (head.id, mention.id)
            held.append(
                HeldMention(
                    id=name, report=head.id, mention=mention, outlet=head.source, url=head.url,
                    published=head.published, words=words_of(mention, texts.get(head.id, {})),
                )
            )  # fmt: skip
    return held, keys


def spelled_out(mentions: Iterable[HeldMention], texts: Mapping[str, Mapping[str, str]]) -> list[HeldMention]:
    """Mentions whose own words no file tells, with their whole report's words: for the baseline of texts."""
    return [
        held
        if held.words
        else msgspec.structs.replace(held, words=" ".join(texts.get(held.report, {}).values()))
        for held in mentions
    ]


def words_of(mention: Mention, text: Mapping[str, str]) -> str:
    """The record's own words."""
    spans = mention.evidence.get("", [])
    return " ".join((text.get(span.field) or "")[span.start : span.end] for span in sorted(spans))


def read_set(
    coded: Path, reports: Path
) -> tuple[list[CodedReport], dict[str, dict[str, str]], dict[Key, str]]:
    """Coded reports, the texts, and gold's cluster of each mention, where the file tells it."""
    rows = [line for line in coded.read_text(encoding="utf-8").splitlines() if line.strip()]
    clusters: dict[Key, str] = {}
    for row in map(json.loads, rows):
        for incident in row["incidents"]:
            if incident.get("cluster"):
                clusters[row["report"]["id"], incident["id"]] = incident["cluster"]
    texts = {}
    for line in reports.read_text(encoding="utf-8").splitlines():
        if line.strip():
            report = json.loads(line)
            texts[report["id"]] = {"text": report["text"], "title": report.get("title") or ""}
    return [_coded(row) for row in rows], texts, clusters


def _coded(row: str) -> CodedReport:
    """A coded report; gold files may leave out what only a reader can know."""
    content = json.loads(row)
    head = dict.fromkeys(("source", "url", "title", "published")) | {"sha256": ""} | content["report"]
    return msgspec.convert({"report": head, "incidents": content["incidents"]}, CodedReport)


def by_sijill(mentions: Sequence[HeldMention], weights: Weights | None = None) -> list[tuple[str, ...]]:
    """Linked as the register does it."""
    limits = weights.thresholds if weights else None
    found = cluster(mentions, judge(mentions, weights), thresholds=limits)
    return [one.mentions for one in found.clusters]


def by_fields(mentions: Sequence[HeldMention]) -> list[tuple[str, ...]]:
    """One incident for each (date, governorate, action); what lacks one of them stays alone."""
    groups: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for held in mentions:
        told = held.mention
        where = told.place and (told.place.admin1 or told.place.country)
        whole = told.date is not None and where is not None
        key = (told.date.edtf.rstrip("~"), where, told.action) if whole and told.date else (held.id,)
        groups[key].append(held.id)
    return [tuple(group) for group in groups.values()]


def by_text(mentions: Sequence[HeldMention], threshold: float = SIMILAR) -> list[tuple[str, ...]]:
    """Chained wherever passages of two reports share so much of their words (Jaccard)."""
    reports = {held.id: held.report for held in mentions}
    words = {held.id: set(fold_words(held.words).split()) for held in mentions}
    home = {held.id: held.id for held in mentions}
    for one, other in combinations(words, 2):
        either = words[one] | words[other]
        if reports[one] == reports[other]:
            continue
        if either and len(words[one] & words[other]) / len(either) >= threshold and home[one] != home[other]:
            old, new = home[other], home[one]
            home = {name: new if place == old else place for name, place in home.items()}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name, place in home.items():
        groups[place].append(name)
    return [tuple(group) for group in groups.values()]


METHODS: dict[str, Callable[[Sequence[HeldMention]], list[tuple[str, ...]]]] = {
    "sijill": by_sijill,
    "date+governorate+action": by_fields,
    "text similarity": by_text,
}


def compared(
    truth: Mapping[Key, str], said: Iterable[Sequence[str]], keys: Mapping[str, Key]
) -> dict[str, float]:
    """Pairwise and B-cubed agreement over all mentions of `keys`; one without a cluster is alone in truth."""
    gold = {key: truth.get(key, f"alone {key}") for key in keys.values()}
    groups = {keys[name]: number for number, group in enumerate(said) for name in group}
    return agreement(gold, {key: groups.get(key, f"alone {key}") for key in gold})
