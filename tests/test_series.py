"""Series are zero-filled, lose nothing, and records are found with their doubts."""

from __future__ import annotations

import numpy as np
import pytest

from sijill.errors import UsageError
from sijill.filters import parse
from sijill.incidents import Incident, Toll
from sijill.records import Place
from sijill.tally.record import record
from sijill.tally.series import rolling_mean, series, sparkline
from sijill.tally.table import Table


def one(number: int, day: str, killed: int | None, *, end: str | None = None, admin1: str = "SY09",
        low: int | None = None, high: int | None = None) -> Incident:  # fmt: skip
    toll = Toll(outcome="killed", group="CIV", low=low if low is not None else killed, best=killed,
                high=high if high is not None else killed)  # fmt: skip
    return Incident(id=f"i-{number}", action="shelling", start=day, end=end or day, tolls=[toll],
                    place=Place(name="x", admin1=admin1, country="SY"))  # fmt: skip


TABLE = Table.of(
    [one(1, "2023-11-05", 9), one(2, "2024-01-10", 4, admin1="SY04"), one(3, "2024-03-02", 3, low=2, high=6),
     one(4, "2024-03-31", 2), one(5, "2024-02-28", 5, end="2024-03-02")]
)  # fmt: skip


def test_empty_periods_are_zero_and_straddling_incidents_are_told_apart() -> None:
    found = series(TABLE, unit="month", measure="killed", rolling=2)
    assert found.periods == ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03"]
    assert found.counts.tolist() == [[9, 0, 4, 0, 5]]
    assert found.high.tolist() == [[9, 0, 4, 0, 8]] and found.low.tolist() == [[9, 0, 4, 0, 4]]
    assert found.apart == {"vague-date": 1}
    assert [row[-1] for row in found.rows()] == [None, 4.5, 2.0, 2.0, 2.5]


def test_lines_share_their_periods() -> None:
    found = series(TABLE, unit="quarter", by="governorate", asked=parse("since=2023-10 until=2024-06"))
    assert found.periods == ["2023-Q4", "2024-Q1", "2024-Q2"]
    assert dict(zip(found.lines, found.counts.tolist(), strict=True)) == {
        "SY04": [0, 1, 0],
        "SY09": [1, 3, 0],
    }


def test_weeks_begin_on_monday() -> None:
    found = series(TABLE, unit="week", asked=parse("since=2024-02-27 until=2024-03-04"))
    assert found.periods == ["2024-02-26", "2024-03-04"] and found.counts.tolist() == [[2, 0]]


def test_lines_are_no_periods() -> None:
    with pytest.raises(UsageError, match="give --unit month"):
        series(TABLE, by="month")


def test_frames_hold_the_same_rows() -> None:
    found = series(TABLE, unit="month", measure="killed")
    assert found.to_polars().shape == (5, 4) == found.to_pandas().shape
    assert found.to_polars()["count"].sum() == 18 == found.to_pandas()["count"].sum()


def test_bars_and_means() -> None:
    assert sparkline(np.array([0, 1, 4, 8])) == "·▁▄█" and sparkline(np.zeros(2, dtype=np.int64)) == "··"
    assert np.isnan(rolling_mean(np.array([[1, 2]]), 3)).all()


def test_no_record_says_which_period_holds_it_and_since_when_it_is_the_highest() -> None:
    found = record(TABLE, "2024-03", measure="killed")
    assert (found.verdict, found.count, found.rival, found.rank, found.last) == (
        "not_highest",
        5,
        "2023-11",
        2,
        "2023-11",
    )
    assert "highest since 2023-11, which had 9" in found.said[1].en
    assert found.ids == ["i-3", "i-4"]


def test_a_record_that_doubtful_figures_could_turn_is_called_so() -> None:
    found = record(TABLE, "2024-03", since="2024", measure="killed")
    assert (found.verdict, found.rival, found.certain) == ("highest", "2024-01", False)
    assert (found.low, found.rival_high) == (4, 5)  # the five of 28 February to 2 March may lie in either
    sure = record(TABLE, "2024-01", since="2023-12", measure="killed")
    assert sure.verdict == "highest" and sure.certain and sure.rival_count == 0


def test_what_lies_before_the_register_is_not_judged() -> None:
    said = record(TABLE, "2024-03", since="2017", measure="killed").said
    assert "nothing before 2023-11" in said[-1].en


def test_a_record_needs_something_before_it() -> None:
    with pytest.raises(UsageError, match="nothing before 2023-11"):
        record(TABLE, "2023-11")
    with pytest.raises(UsageError, match="run from 2023-11-05 to 2024-03-31"):
        record(TABLE, "2025-01")
    with pytest.raises(UsageError, match="write 2024, 2024-Q1"):
        record(TABLE, "March")
