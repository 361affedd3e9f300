"""Scoring: the same figures as the scorer our funder uses, errors by phenomenon, intervals, links."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sijill.errors import SijillError, UsageError
from sijill.evaluation.bootstrap import intervals
from sijill.evaluation.compare import KINDS, compare, compare_all, counts
from sijill.evaluation.figures import SIZES, figures, total
from sijill.evaluation.likeness import (
    assessment_likeness,
    control_likeness,
    pair_up,
    place_likeness,
    same_spot,
    tally_likeness,
    whole,
)
from sijill.evaluation.linked import b_cubed, linked_incidents
from sijill.evaluation.names import level
from sijill.evaluation.result import agreement, result
from sijill.evaluation.sets import coded, coded_reports, gold_set
from sijill.evaluation.slips import PHENOMENA, evidence, slips, tallied, words_of
from sijill.evaluation.spans import date_likeness, days
from sijill.records import Report, json_schema

HERE = Path(__file__).parent
GOLD = HERE.parent / "evaluation" / "gold"
EXAMPLES = GOLD / "examples"


def lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


SCORED = lines(HERE / "data" / "scored.jsonl")
"""Made-up reports, some faulty, with the figures that the funder's scorer gives for them."""


@pytest.mark.parametrize("case", SCORED, ids=[case["name"] for case in SCORED])
def test_the_figures_are_those_of_the_funders_scorer(case: dict[str, Any]) -> None:
    gold, said = ({row["report"]["id"]: coded(row) for row in rows} for rows in (case["gold"], case["said"]))
    found = figures(total(counts(one) for one in compare_all(gold, said)))
    assert found == case["figures"]
    assert list(found) == list(case["figures"])


DAYS = [
    # EDTF, first day, last day
    ("2024-02-29", "2024-02-29", "2024-02-29"),
    ("2024-02~", "2024-02-01", "2024-02-29"),
    ("2024-12", "2024-12-01", "2024-12-31"),
    ("2024?", "2024-01-01", "2024-12-31"),
    ("2023-24", "2023-12-01", "2024-02-29"),
    ("2023-21/2023-22", "2023-03-01", "2023-08-31"),
    ("2024-01-05/..", "2024-01-05", "9999-12-31"),
    ("../2024", "0001-01-01", "2024-12-31"),
    ("/2024", "0001-01-01", "2024-12-31"),
    ({"edtf": "2024-01"}, "2024-01-01", "2024-01-31"),
    ("2024-0X", None, None),
    ("2024-02-30", None, None),
    ("2024/soon", None, None),
    ("yesterday", None, None),
    ("9999-12", None, None),
    (2024, None, None),
    ({}, None, None),
    ("", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("written", "first", "last"), DAYS, ids=[str(row[0]) for row in DAYS])
def test_days(written: object, first: str | None, last: str | None) -> None:
    meant = (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
    assert days(written) == meant


NEAR_DATES = [
    ("2024-01-05", "2024-01-05~", 1.0),
    (None, "", 1.0),
    ("2024-01", None, 0.3),
    ("2024-01", "2024-01-05", 0.6),
    ("2024-01-05", "2024-01-06", 0.5),
    ("2024-01-05", "2024-01-07", 0.0),
]


@pytest.mark.parametrize(("one", "other", "near"), NEAR_DATES)
def test_near_dates(one: object, other: object, near: float) -> None:
    assert date_likeness(one, other) == date_likeness(other, one) == near


SAME_NAMES = [
    ("بلدة الشُّولا", "الشولا"),
    ("قرية الشولا", "شولا"),
    ("محافظة ريف دمشق", "ريف دمشق"),
    ("إدلب", "ادلب"),
    ("البصيرة", "بصيره"),
]
OTHER_NAMES = [("ريف دمشق", "دمشق"), ("حي القصور", "حي الميدان"), ("قرية", "مدينة"), ("", "الشولا")]


@pytest.mark.parametrize(("one", "other"), SAME_NAMES)
def test_same_names(one: str, other: str) -> None:
    assert level(one) == level(other)


@pytest.mark.parametrize(("one", "other"), OTHER_NAMES)
def test_other_names(one: str, other: str) -> None:
    assert level(one) != level(other)


def place(name: str = "الشولا", admin1: str | None = "SY09", **more: Any) -> dict[str, Any]:
    return {"name": name, "admin1": admin1, "country": "SY", "lat": None, "lon": None,
            "precision": "settlement"} | more  # fmt: skip


HERE_AND_THERE = [
    # gold, said, one spot
    (place(), place(), True),
    (place(), place("بلدة شولا"), True),
    (place(), place("كباجب"), False),
    (place(), place(admin1="SY11"), False),
    (place(lat=35.0, lon=40.0), place(lat=35.3, lon=40.0), True),
    (place(lat=35.0, lon=40.0), place(lat=35.5, lon=40.0), False),
    (place(lat=35.0, lon=40.0), place("كباجب", lat=35.1, lon=40.0), True),
    (place(lat=35.0, lon=40.0), place("كباجب", lat=35.2, lon=40.0), False),
    (place(lat=35.0, lon=40.0, precision="district"), place("كباجب", lat=35.2, lon=40.0), True),
    (place(lat=35.0, lon=40.0), place("كباجب"), False),
    (place("ريف الدير", precision="admin1"), place("دير الزور", precision="admin1"), True),
]


@pytest.mark.parametrize(("gold", "said", "one"), HERE_AND_THERE)
def test_one_spot(gold: dict[str, Any], said: dict[str, Any], one: bool) -> None:
    assert same_spot(gold, said) is one
    assert place_likeness(gold, said) == 0.5 * (gold["admin1"] == said["admin1"]) + 0.5 * one


def test_the_nearest_pair_comes_first() -> None:
    assert pair_up([[0.6, 0.9], [0.8, 0.95]], 0.55) == [(1, 1), (0, 0)]
    assert pair_up([[0.6, 0.9], [0.8, 0.95]], 0.7) == [(1, 1)]
    assert pair_up([], 0.5) == []


def toll(outcome: str, group: str, low: int | None, **more: Any) -> dict[str, Any]:
    return {"outcome": outcome, "group": group, "low": low, "high": low} | more


INCIDENT: dict[str, Any] = {
    "id": "i1", "action": "ambush", "status": "reported", "date": {"edtf": "2024-02-07"}, "place": place(),
    "actors": ["IS"], "targets": ["SY-GOV/ARMY"], "claimed_by": None,
    "casualties": [
        toll("killed", "SY-GOV", 13), toll("killed", "SY-GOV/OFFICER", 1, part_of=True),
        toll("wounded", "SY-GOV", 6),
    ],
}  # fmt: skip

TALLY = {"measure": "killed", "low": 83, "group": "CIV", "by": "IS", "period": "2024-01", "place": place(),
         "comparison": {"relation": "highest"}}  # fmt: skip
CONTROL = {"place": place(), "actor": "IS", "change": "lost"}
ASSESSMENT = {"speaker": "باحث في مركز جسور", "stance": "warning"}


def casualties(*changes: dict[str, Any] | None) -> dict[str, Any]:
    """The tolls with some changed; None drops one."""
    told: list[dict[str, Any]] = INCIDENT["casualties"]
    changed = [old | new for old, new in zip(told, changes, strict=False) if new is not None]
    return {"casualties": changed + told[len(changes) :]}


SLIPS = [
    # what the coder said differently, what it is called, whether the record is whole
    ({}, [], True),
    ({"action": "clash"}, ["action: wrong, family right"], True),
    ({"action": "ied"}, ["action: wrong family"], False),
    ({"status": "foiled"}, ["status: wrong"], False),
    ({"date": None}, ["date: missing"], False),
    ({"date": "2024-02"}, ["date: overlaps"], False),
    ({"date": {"edtf": "2024-02-08"}}, ["date: wrong"], False),
    ({"place": None}, ["place: missing"], False),
    ({"place": place("كباجب")}, ["place: wrong spot"], False),
    ({"place": place(admin1="SY11")}, ["place: wrong governorate"], False),
    ({"actors": []}, ["actors: missing"], False),
    ({"actors": ["IS", "HTS"]}, ["actors: extra"], False),
    ({"actors": ["HTS"]}, ["actors: other"], False),
    ({"actors": ["IS/CELL"]}, [], True),
    ({"targets": None}, ["targets: missing"], True),
    ({"targets": ["SY-GOV", "CIV"]}, ["targets: extra"], True),
    ({"claimed_by": "IS"}, ["claim: not told"], True),
    (casualties({"low": 12, "high": 12}), ["toll: wrong number"], False),
    (casualties({"high": None}), ["toll: wrong number"], False),
    (casualties({"group": "CIV"}), ["toll: wrong group"], False),
    (casualties({"outcome": "wounded"}), ["toll: wrong outcome"], False),
    (casualties({}, {"part_of": False}), ["toll: part or whole"], False),
    (casualties({}, None), ["toll: missing"], True),
    (casualties({}, {}, None), ["toll: missing"], False),
    ({"casualties": [*INCIDENT["casualties"], toll("captured", "SY-GOV", 2)]}, ["toll: extra"], False),
    (casualties({"low": 9, "high": 9}, {"group": "CIV"}), ["toll: wrong group", "toll: wrong number"], False),
]


@pytest.mark.parametrize(("change", "called", "good"), SLIPS, ids=[f"{n}" for n in range(len(SLIPS))])
def test_an_error_has_a_name(change: dict[str, Any], called: list[str], good: bool) -> None:
    gold, said = INCIDENT, copy.deepcopy(INCIDENT) | change
    found = slips(compare("r", coded({"incidents": [gold]}), coded({"incidents": [said]})))
    assert [slip.phenomenon for slip in found] == called
    assert whole(gold, coded({"incidents": [said]})["incidents"][0]) is good


UNMATCHED = [
    # kind, gold, said, what it is called
    ("incidents", [INCIDENT], [], ["incident: missed", *["toll: of a missed incident"] * 3]),
    ("incidents", [INCIDENT], [INCIDENT] * 2, ["incident: extra", *["toll: of an extra incident"] * 3]),
    ("incidents", [], [{"action": "ied"}], ["incident: extra on a quiet report"]),
    ("tallies", [TALLY], [], ["tally: missed"]),
    ("tallies", [], [TALLY], ["tally: extra"]),
    ("tallies", [TALLY], [TALLY | {"low": 84}], ["tally: wrong number"]),
    ("tallies", [TALLY], [TALLY | {"group": "IS"}], ["tally: wrong group"]),
    ("tallies", [TALLY], [TALLY | {"period": None}], ["tally: wrong period"]),
    ("tallies", [TALLY], [TALLY | {"comparison": None}], ["tally: wrong comparison"]),
    ("tallies", [TALLY], [TALLY | {"measure": "wounded"}], ["tally: wrong measure"]),
    ("tallies", [TALLY], [TALLY | {"low": 1, "measure": "wounded"}], ["tally: missed", "tally: extra"]),
    ("control", [CONTROL], [], ["control: missed"]),
    ("control", [CONTROL], [CONTROL | {"change": "gained"}], ["control: wrong change"]),
    ("control", [CONTROL], [CONTROL | {"actor": "HTS"}], ["control: wrong actor"]),
    ("control", [CONTROL], [CONTROL | {"place": place("كباجب")}], ["control: wrong place"]),
    ("assessments", [ASSESSMENT], [], ["assessment: missed"]),
    ("assessments", [ASSESSMENT], [ASSESSMENT | {"speaker": "باحث"}], []),
    ("assessments", [ASSESSMENT], [ASSESSMENT | {"speaker": "وزير"}], ["assessment: wrong speaker"]),
    ("assessments", [ASSESSMENT], [ASSESSMENT | {"stance": "demand"}], ["assessment: wrong stance"]),
]


@pytest.mark.parametrize(
    ("kind", "gold", "said", "called"), UNMATCHED, ids=[f"{row[0]}-{n}" for n, row in enumerate(UNMATCHED)]
)
def test_a_record_without_a_partner_has_a_name(
    kind: str, gold: list[Any], said: list[Any], called: list[str]
) -> None:
    found = slips(compare("r", coded({kind: gold}), coded({kind: said})))
    assert [slip.phenomenon for slip in found] == called


def test_every_name_of_an_error_is_in_the_list() -> None:
    names = {name for _, called, _ in SLIPS for name in called} | {n for row in UNMATCHED for n in row[3]}
    assert names <= set(PHENOMENA)


LIKE = [
    (tally_likeness, TALLY, {}, 1.0),
    (tally_likeness, TALLY, {"by": "HTS"}, 0.9),
    (tally_likeness, TALLY, {"period": "2024"}, 0.92),
    (tally_likeness, TALLY, {"comparison": "odd"}, 0.0),
    (control_likeness, CONTROL, {}, 1.0),
    (control_likeness, CONTROL, {"actor": "IS/CELL"}, 1.0),
    (control_likeness, CONTROL, {"place": None}, 0.0),
    (assessment_likeness, ASSESSMENT, {"speaker": "الباحث بمركز جسور"}, 0.0),
    (assessment_likeness, ASSESSMENT, {"speaker": "الباحث في مركز جسور للدراسات الأمنية"}, 1.0),
]


@pytest.mark.parametrize(("likeness", "gold", "change", "near"), LIKE)
def test_likeness(likeness: Any, gold: dict[str, Any], change: dict[str, Any], near: float) -> None:
    assert likeness(gold, gold | change) == pytest.approx(near)


def test_the_words_of_an_error() -> None:
    text = "قُتل 13 عنصراً في كمين قرب الشولا"
    report = Report(id="r", text=text, title="كمين الشولا")
    at = text.index("كمين")
    gold = INCIDENT | {"evidence": {"": [["text", 0, 5]], "/action": [["text", at, at + 4], ["title", 0, 4]]}}
    said = coded({"incidents": [INCIDENT | {"action": "ied", "date": "2020"}]})
    first, second = slips(compare("r", coded({"incidents": [gold]}), said))[:2]
    assert words_of(first, report) == "كمين"
    assert words_of(second, report) == "قُتل"  # the date has no words of its own
    assert words_of(first, None) == ""
    assert evidence("/date", {"evidence": "odd"}, {}) == []
    assert words_of(slips(compare("r", coded({"incidents": [gold | {"evidence": {"": [7, ["text", 1]]}}]}),
                                  coded({})))[0], report) == ""  # fmt: skip


def test_a_faulty_record_is_told_and_stops_nothing() -> None:
    odd = {"incidents": ["x", {"place": "الشولا", "casualties": [None, {"low": "many"}], "actors": 7}],
           "tallies": [3], "control": [{"place": 4}], "assessments": [{"speaker": 5}]}  # fmt: skip
    said = coded(odd)
    assert said["incidents"][1]["place"] == {"name": "الشولا"}
    found = slips(compare("r", coded({"incidents": [INCIDENT]}), said))
    assert tallied(found)["incident: extra"] == 2


def many(number: int) -> list[dict[str, int]]:
    """Counts of reports of which every second one is read well."""
    well = compare("r", coded({"incidents": [INCIDENT]}), coded({"incidents": [INCIDENT]}))
    badly = compare("r", coded({"incidents": [INCIDENT]}), None)
    return [counts(well if place % 2 else badly) for place in range(number)]


def test_intervals() -> None:
    few, more = intervals(many(20)), intervals(many(200))
    assert few == intervals(many(20))
    low, high = few["incident_recall"]
    assert 0 < low < 0.5 < high < 1
    assert more["incident_recall"][1] - more["incident_recall"][0] < (high - low) / 2
    assert not set(SIZES) & set(few)
    assert "quiet_reports_kept_quiet" not in few  # there is none
    assert intervals(many(20), draws=0) == intervals([]) == {}


def test_two_coders_are_held_against_each_other_on_what_both_coded() -> None:
    first = {name: coded({"incidents": [INCIDENT]}) for name in "abc"}
    second = {"b": coded({"incidents": [INCIDENT]}), "c": coded({}), "z": coded({})}
    shared = agreement(first, second)
    assert [one.id for one in shared] == ["b", "c"]
    assert result(shared, draws=10).figures["incident_recall"] == 0.5


def test_linked_incidents(tmp_path: Path) -> None:
    gold = {name: coded({"incidents": [INCIDENT | {"cluster": cluster}]}) for name, cluster in
            (("a", "x"), ("b", "x"), ("c", "y"), ("d", None))}  # fmt: skip
    compared = compare_all(gold, gold)
    path = tmp_path / "linked.jsonl"
    mentions = [["a", "b", "c"], ["nowhere"]]
    rows = [{"mentions": [{"report": name, "incident": "i1"} for name in names]} for names in mentions]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = b_cubed(linked_incidents(path), compared)
    assert found is not None
    assert found["precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found["recall"] == 1
    assert (found["mentions"], found["pairs_gold"], found["pairs_said"]) == (4, 1, 3)
    assert found["pairwise_f1"] == pytest.approx(2 * 1 / (1 + 3))
    assert b_cubed([], []) is None
    with pytest.raises(SijillError, match="two linked incidents"):
        b_cubed([[("a", "i1")], [("a", "i1")]], compared)
    path.write_text("{}\n3\n", encoding="utf-8")
    with pytest.raises(SijillError, match=r":1: is no linked(.|\n)*:2: is no linked"):
        linked_incidents(path)


def test_every_fault_of_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"report": {"id": "a"}}\n\n{"x": 1}\n[\n', encoding="utf-8")
    with pytest.raises(SijillError, match=r":3: is no coded report(.|\n)*:4: is no coded report"):
        coded_reports(path)
    with pytest.raises(UsageError, match="no such gold file"):
        gold_set(tmp_path / "none")


OWN = sorted(path.parent for path in GOLD.glob("*/gold.jsonl"))


@pytest.mark.parametrize("folder", OWN, ids=[path.name for path in OWN])
def test_our_gold_sets_have_their_reports(folder: Path) -> None:
    reports = {row["id"] for row in lines(folder / "reports.jsonl")}
    assert set(coded_reports(folder / "gold.jsonl")) <= reports


def test_the_example_gold_keeps_to_the_form_and_to_the_examples() -> None:
    known = {row["id"]: row for row in lines(HERE.parent / "examples" / "reports.jsonl")}
    assert all(known[row["id"]] == row for row in lines(EXAMPLES / "reports.jsonl"))
    for row in lines(EXAMPLES / "gold.jsonl"):
        jsonschema.validate(row, json_schema())
        report = known[row["report"]["id"]]
        for record in (record for kind in KINDS for record in row[kind]):
            for field, start, end in (span for spans in record["evidence"].values() for span in spans):
                assert 0 <= start < end <= len(report[field]), (report["id"], record["id"])
