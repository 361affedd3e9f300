"""Counts: a table answers as the filter and the incidents themselves do, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sijill.errors import UsageError
from sijill.filters import Filter, parse
from sijill.incidents import Incident, Toll
from sijill.records import Place
from sijill.tally import periods
from sijill.tally.count import UNDATED, UNPLACED, UNTOLD, VAGUE_DATE, VAGUE_PLACE, count
from sijill.tally.table import Table


def toll(
    outcome: str, group: str, low: int | None, best: int | None, high: int | None, **more: object
) -> Toll:
    return Toll(outcome=outcome, group=group, low=low, best=best, high=high, **more)  # type: ignore[arg-type]


def incident(number: int, day: str | None = "2024-03-10", **more: object) -> Incident:
    end = more.pop("end", day)
    more.setdefault("place", Place(name="Shula", admin1="SY09", country="SY", id="sy-shula"))
    more.setdefault("action", "ambush")
    return Incident(id=f"i-{number:016x}", start=day, end=end, **more)  # type: ignore[arg-type]


SOME = [
    incident(1, actors=["IS"], targets=["SY-GOV/NDF"], sources=["SOHR"],
             tolls=[toll("killed", "SY-GOV/NDF", 7, 7, None),
                    toll("killed", "SY-GOV", 2, 2, 2, part_of=True)]),
    incident(2, "2024-03-31", end="2024-04-01", actors=["IS", "HTS"], tolls=[toll("killed", "CIV", 3, 4, 5)]),
    incident(3, "2024-04-02", actors=[], place=Place(name="Syria", country="SY", precision="country")),
    incident(4, None, place=None, no_casualties=True),
    incident(5, "2024-04-20", status="denied"),
    incident(6, "2024-04-21", standing="retracted"),
    incident(7, "2024-04-22", actors=["RU"],
             tolls=[toll("killed", "CIV", 4, 4, 4), toll("killed", "OPP", 1, 1, 1),
                    toll("wounded", "CIV", None, None, None)]),
]  # fmt: skip


def test_every_incident_has_a_row_and_counts_once_in_the_sum() -> None:
    found = count(Table.of(SOME), by=["month"])
    assert dict(zip(found.keys, found.incidents, strict=True)) == {
        ("2024-03",): 1, ("2024-04",): 2, (VAGUE_DATE,): 1, (UNDATED,): 1,
    }  # fmt: skip
    assert found.total == 5 == sum(found.incidents)
    assert found.left_out == {"denied": 1, "set_aside": 1}


def test_sums_keep_untold_apart_from_zero_and_open_ends_open() -> None:
    killed = count(Table.of(SOME), by=["month"]).sums["killed"]
    assert (killed[0].low, killed[0].best, killed[0].high, killed[0].told) == (7, 7, None, 1)
    assert (killed[1].best, killed[1].high, killed[1].told) == (5, 5, 1)  # of two incidents one told a figure
    assert (killed[3].best, killed[3].told) == (0, 1)  # 'no casualties' is told, and it is nobody
    wounded = count(Table.of(SOME)).totals["wounded"]
    assert (wounded.best, wounded.told) == (0, 1)  # 'wounded fell' tells no figure; 'no casualties' does


def test_parts_are_not_added_to_the_whole() -> None:
    assert count(Table.of(SOME[:1])).totals["killed"].best == 7


def test_vague_and_missing_places_are_rows_of_their_own() -> None:
    found = count(Table.of(SOME), by=["governorate"])
    assert dict(zip(found.keys, found.incidents, strict=True)) == {
        ("SY09",): 3, (VAGUE_PLACE,): 1, (UNPLACED,): 1,
    }  # fmt: skip


def test_two_actors_count_in_two_rows_and_once_in_the_sum() -> None:
    found = count(Table.of(SOME), by=["actor"])
    assert dict(zip(found.keys, found.incidents, strict=True)) == {
        ("HTS",): 1, ("IS",): 2, ("RU",): 1, (UNTOLD,): 2,
    }  # fmt: skip
    assert found.overlapping and found.total == 5 and found.totals["killed"].best == 16


def test_by_target_the_killed_are_those_of_the_group() -> None:
    found = count(Table.of(SOME), by=["target"])
    killed = dict(zip(found.keys, (row.best for row in found.sums["killed"]), strict=True))
    assert killed == {("CIV",): 8, ("OPP",): 1, ("SY-GOV",): 7, (UNTOLD,): 0}


def test_a_cell_says_what_it_rests_on() -> None:
    found = count(Table.of(SOME), by=["month", "actor"])
    assert found.why("2024-04/RU") == [SOME[6].id]
    assert found.why(f"{VAGUE_DATE}/HTS") == [SOME[1].id]
    assert len(found.why("total")) == found.total
    with pytest.raises(UsageError, match="nearest are 2024-04/RU"):
        found.why("2024-04/RUS")


def test_a_question_without_an_answer_names_the_nearest() -> None:
    table = Table.of(SOME)
    for words, told in (
        ("since=2025-01", "run from 2024-03-10 to 2024-04-22"),
        ("since=2024-04 until=2024-03", "ends .* before it starts"),
        ("place=SY0", "SY09"),
        ("actor=ISI", "IS"),
    ):
        with pytest.raises(UsageError, match=told):
            count(table, asked=parse(words))
    with pytest.raises(UsageError, match="choose from day"):
        count(table, by=["moon"])
    with pytest.raises(UsageError, match="no measure"):
        count(table, measures=["dead"])


def test_what_would_fit_but_for_something_untold_is_counted() -> None:
    found = count(Table.of(SOME), asked=parse("since=2024-03 until=2024-04 place=SY09"))
    assert found.left_out["unplaced"] == 1 and found.total == 3


def test_an_incident_with_a_day_that_is_none_is_named() -> None:
    with pytest.raises(UsageError, match="i-0000000000000003: '2024' is no day"):
        Table.of([incident(3, "2024")])


def test_nothing_at_all_is_an_answer_too() -> None:
    found = count(Table.of([]), by=["month", "target", "actor", "governorate"])
    assert (found.keys, found.total, found.totals["killed"].best) == ([], 0, 0)


DAYS = st.sampled_from([None, "2024-01-31", "2024-02-29", "2024-03-01", "2024-12-31", "2025-01-01"])
PLACES = st.sampled_from(
    [None, Place(name="a", admin1="SY01", country="SY", id="sy-a"), Place(name="b", country="SY"),
     Place(name="c", admin1="IQG01", admin2="IQG0101", country="IQ")]
)  # fmt: skip
CODES = st.lists(st.sampled_from(["IS", "SY-GOV", "SY-GOV/NDF", "CIV", "CIV/CHILD"]), max_size=3)
TOLLS = st.lists(
    st.builds(
        lambda outcome, group, low, part: toll(outcome, group, low, low, low, part_of=part),
        st.sampled_from(["killed", "wounded"]), st.sampled_from(["CIV", "SY-GOV", "CIV/CHILD"]),
        st.none() | st.integers(0, 9), st.booleans(),
    ), max_size=3,
)  # fmt: skip


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    start, end = sorted([draw(DAYS) or "", draw(DAYS) or ""])
    return Incident(
        id=f"i-{draw(st.integers(0, 999)):016x}", start=start or None, end=(end or None) if start else None,
        action=draw(st.sampled_from(["ambush", "clash"])), place=draw(PLACES), actors=draw(CODES),
        targets=draw(CODES), status=draw(st.sampled_from(["reported", "denied"])), tolls=draw(TOLLS),
        standing=draw(st.sampled_from(["single_source", "retracted"])), reviewed=draw(st.booleans()),
        weapons=draw(st.lists(st.sampled_from(["ied", "mine"]), max_size=1)),
        sources=draw(st.lists(st.sampled_from(["SOHR", "SANA"]), max_size=2)), outlets=["x"],
    )  # fmt: skip


FILTERS = st.builds(
    Filter,
    since=st.sampled_from([None, "2024-02-01"]), until=st.sampled_from([None, "2024-12-31"]),
    place=st.sampled_from([(), ("SY",), ("SY01", "c"), ("IQG0101",), ("sy-a",)]),
    actor=st.sampled_from([(), ("SY-GOV",), ("SY-GOV/NDF",), ("IS", "CIV")]),
    target=st.sampled_from([(), ("CIV",), ("CIV/CHILD",)]), action=st.sampled_from([(), ("clash",)]),
    status=st.sampled_from([(), ("denied",)]), standing=st.sampled_from([(), ("retracted",)]),
    outcome=st.sampled_from([(), ("killed",), ("wounded", "arrested")]),
    weapon=st.sampled_from([(), ("mine",)]), source=st.sampled_from([(), ("SOHR",), ("x",)]),
    reviewed=st.sampled_from([None, True, False]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(incidents(), max_size=8), FILTERS)
def test_a_table_selects_what_the_filter_takes(some: list[Incident], asked: Filter) -> None:
    assert Table.of(some).select(asked).tolist() == [asked.fits(one) for one in some]


@settings(max_examples=100, deadline=None)
@given(st.lists(incidents(), max_size=8))
def test_sums_are_those_of_the_incidents(some: list[Incident]) -> None:
    counts = [one for one in some if one.status == "reported" and one.standing != "retracted"]
    found = count(Table.of(some), by=["week", "admin1", "target"])
    assert found.total == len(counts)
    assert found.totals["killed"].best == sum(one.toll("killed")[1] or 0 for one in counts)
    assert sum(row.best for row in found.sums["killed"]) == found.totals["killed"].best
    assert set(found.why("total")) == {one.id for one in counts}


def _days() -> Iterator[str]:
    yield from ("1969-12-28", "1969-12-29", "2000-02-29", "2024-12-30", "2025-01-05", "2026-03-31")


@pytest.mark.parametrize("unit", periods.UNITS)
def test_a_day_lies_in_its_period(unit: periods.Unit) -> None:
    for day in _days():
        number = periods.number_of(day, unit)
        assert periods.first(number, unit) <= day <= periods.last(number, unit)
        assert periods.last(number - 1, unit) < periods.first(number, unit)
    assert periods.first(periods.number_of("2025-01-05", "week"), "week") == "2024-12-30"
    assert periods.name(periods.number_of("2024-05-05", "quarter"), "quarter") == "2024-Q2"


def test_windows_are_read_and_impossible_ones_refused() -> None:
    assert periods.window("2024-01/2024-02", "A") == ("2024-01-01", "2024-02-29")
    assert periods.window("2024-Q1", "A") == ("2024-01-01", "2024-03-31")
    with pytest.raises(UsageError, match="did you mean 2023/2024"):
        periods.window("2024/2023", "A")
    with pytest.raises(UsageError, match="is no period"):
        periods.window("soon", "A")
