"""Pairs of reports of one event and of two, read and linked: `corpus/links.txt`."""

from __future__ import annotations

from functools import lru_cache

import pytest

import sijill
from corpus_rows import CORPUS
from sijill.evaluation.linking import METHODS, compared, held_mentions, read_set
from sijill.incidents import HeldMention
from sijill.link import cluster, judge, judge_pair


@lru_cache(maxsize=1)
def blocks() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    found = []
    for block in (CORPUS / "links.txt").read_text(encoding="utf-8").split("\n==== ")[1:]:
        title, *lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        verdict, _, why = title.partition(": ")
        told = [(*lines[at].split(" | "), lines[at + 1]) for at in range(0, len(lines), 2)]
        found.append((verdict, why, told))
    return found


def held(told: list[tuple[str, str, str]]) -> list[HeldMention]:
    coded, texts = [], {}
    for number, (day, outlet, text) in enumerate(told):
        own = f"{number} {text}"
        coded.append(sijill.code(text, published=day, source=outlet, id=own))
        texts[own] = {"text": text}
    every = held_mentions(coded, texts)[0]
    first: dict[str, HeldMention] = {}
    for one in every:
        first.setdefault(one.report, one)
    assert len(first) == len(told), "each text of the corpus tells of an incident"
    return list(first.values())


@pytest.mark.parametrize(("verdict", "why", "told"), blocks(), ids=[why for _, why, _ in blocks()])
def test_pair(verdict: str, why: str, told: list[tuple[str, str, str]]) -> None:
    if why.startswith(":wanted"):
        pytest.xfail(why)
    mentions = held(told)
    found = cluster(mentions, judge(mentions)).clusters
    judged = judge_pair(*mentions)
    reasons = "; ".join(f"{one.comparison} {one.level} {one.weight:+}" for one in judged.reasons)
    assert ("same" if len(found) == 1 else "different") == verdict, f"{judged.score}: {reasons}"


def test_the_linking_set_stays_above_its_floor() -> None:
    """evaluation/gold-links, gold's own mentions: pairs right at least so often (issue 6)."""
    folder = CORPUS.parent / "evaluation" / "gold-links"
    gold, texts, clusters = read_set(folder / "gold.jsonl", folder / "reports.jsonl")
    held_gold, keys = held_mentions(gold, texts)
    figures = {name: compared(clusters, method(held_gold), keys) for name, method in METHODS.items()}
    ours = figures["sijill"]
    assert ours["pairwise_precision"] >= 0.95 and ours["pairwise_recall"] >= 0.88, ours
    assert all(ours["pairwise_f1"] >= other["pairwise_f1"] for other in figures.values())
