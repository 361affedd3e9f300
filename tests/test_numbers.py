"""Counts: every row of corpus/numbers.txt."""

from __future__ import annotations

from functools import lru_cache

import pytest

from corpus_rows import Row, rows
from sijill.arabic.numbers import Count, Numbers
from sijill.arabic.words import split
from sijill.lexicon.compile import load_yaml
from sijill.lexicon.load import DATA

ROWS = rows("numbers.txt")


@lru_cache
def numbers() -> Numbers:
    return Numbers(load_yaml(DATA / "numbers.yaml"))


def told(count: Count) -> str:
    ends = ("-" if end is None else str(end) for end in (count.low, count.high))
    return " ".join([*ends, *(["about"] if count.approx else [])])


def counts(phrase: str) -> list[Count]:
    words, found, at = split(phrase).words, [], 0
    while at < len(words):
        count = numbers().read(words, at)
        if count:
            found.append(count)
        at = max(at + 1, count.end if count else 0)
    return found


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row) -> None:
    found = [told(count) for count in counts(row.phrase)] or ["none"]
    assert found == row.expected, f"{row.place}: {row.phrase}"


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 150
