"""Dates: every row of corpus/dates.txt."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest

from corpus_rows import Row, rows
from sijill.arabic.date_rules import Dates
from sijill.arabic.dates import DateRef
from sijill.arabic.numbers import Numbers
from sijill.arabic.words import split
from sijill.lexicon.compile import load_yaml
from sijill.lexicon.load import DATA

ROWS = rows("dates.txt")


@lru_cache
def dates() -> Dates:
    return Dates(load_yaml(DATA / "dates.yaml"), Numbers(load_yaml(DATA / "numbers.yaml")))


def told(ref: DateRef) -> str:
    return " ".join([ref.edtf or "-", *(["since"] if ref.since else []), *([ref.time] if ref.time else [])])


def read(phrase: str, setting: str) -> list[DateRef]:
    published = None if setting == "none" else date.fromisoformat(setting)
    return dates().read(split(phrase).words, published)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row) -> None:
    found = [told(ref) for ref in read(row.phrase, row.setting)] or ["none"]
    assert found == row.expected, f"{row.place}: {row.phrase}"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_bounds_agree(row: Row) -> None:
    for ref in read(row.phrase, row.setting):
        assert (ref.edtf is None) == (ref.low is None) == (ref.high is None)
        if ref.low and ref.high and ref.edtf:
            assert ref.low <= ref.high
            assert ref.edtf[:4] == f"{ref.low.year:04d}"


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 150
