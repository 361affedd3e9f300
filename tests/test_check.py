"""Published figures against incidents: results, gaps, readings, and what would have to be found."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from sijill.cli.main import cli
from sijill.incidents import Incident, Toll
from sijill.records import Comparison, Place, Tally
from sijill.tally.check import check, judge
from sijill.tally.figures import Sum
from sijill.tally.scope import Published, of_tally
from sijill.tally.table import Table


def one(number: int, day: str | None, group: str = "SY-GOV", killed: int = 1, **more: object) -> Incident:
    toll = Toll(outcome="killed", group=group, low=killed, best=killed, high=killed)
    more.setdefault("actors", ["IS"])
    more.setdefault("place", Place(name="Shula", admin1="SY09", country="SY"))
    end = more.pop("end", day)
    return Incident(id=f"i-{number}", action="ambush", start=day, end=end, tolls=[toll], **more)  # type: ignore[arg-type]


SOME = [
    one(1, "2019-03-24", killed=10), one(2, "2019-04-10", killed=5), one(3, "2019-06-03", killed=7),
    one(4, "2019-04-11", "IS", 4, actors=["SY-GOV"], targets=["IS"]),
    one(5, "2019-05-01", "CIV", 2), one(6, None, killed=3),
    one(7, "2019-05-02", killed=6, actors=["UNKNOWN"]),
    one(8, "2019-05-03", killed=9, place=Place(name="Syria", country="SY", precision="country")),
    one(9, "2019-05-04", "PERSONS", 2),
    one(10, "2019-02-01", killed=50, place=Place(name="Homs", admin1="SY04")),
]  # fmt: skip
TABLE = Table.of(SOME)
BASE = Published(
    id="a", group=("SY-GOV",), by=("IS",), place=("SY09",), since="2019-03-24", until="2019-06-03"
)


def told(low: int, high: int | None = None, **more: object) -> Published:
    return msgspec.structs.replace(BASE, low=low, high=low if high is None else high, **more)


def test_a_figure_that_agrees_has_no_gap_and_names_its_incidents() -> None:
    found = check(TABLE, [told(22)]).verdicts[0]
    assert (found.result, found.gap, found.ids, found.nearest) == ("agrees", 0, ["i-1", "i-2", "i-3"], [])


def test_fewer_says_what_would_have_to_be_found() -> None:
    found = check(TABLE, [told(32)]).verdicts[0]
    assert (found.result, found.gap) == ("fewer", 10)
    missing = {row.what: (row.ids, row.best) for row in found.missing}
    assert missing == {
        "undated": (["i-6"], 3), "unplaced": (["i-8"], 9), "nobody": (["i-7"], 6), "persons": (["i-9"], 2),
    }  # fmt: skip
    assert found.nearest == ["the whole country"] and found.nearest_sum is not None
    assert found.nearest_sum.best == 31
    assert check(TABLE, [told(32)]).rows()[0][1] == "killed, SY-GOV, by IS, in SY09, 2019-03-24 to 2019-06-03"
    assert "register has fewer, gap 10" in found.said[0].en and "أقلّ" in found.said[0].ar


def test_more_names_the_reading_that_comes_closest() -> None:
    found = check(TABLE, [told(15)]).verdicts[0]
    assert (found.result, found.gap) == ("more", -7)
    assert found.nearest == ["without the last day"] and found.nearest_sum == Sum(15, 15, 15, 2)


def test_victims_of_a_doer_leave_out_his_own_losses_unless_both_parties_are_meant() -> None:
    both = msgspec.structs.replace(BASE, group=(), low=30, high=30)
    usual = check(TABLE, [both]).verdicts[0]
    assert usual.sum is not None and usual.sum.best == 26  # soldiers, civilians and persons
    assert usual.nearest == ["casualties of every side", "incidents with the doer on either side"]
    dyad = msgspec.structs.replace(both, by=(), between=("SY-GOV", "IS"))
    found = check(TABLE, [dyad]).verdicts[0]
    assert found.sum is not None and (found.sum.best, found.incidents) == (4, 1)  # targets count as parties


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        (told(5, since=None), "no beginning"), (told(5, until=None), "no end"),
        (told(5, measure="accounts"), "accounts is nothing that incidents add up to"),
        (told(5, place=("Raqqa",)), "no incident is placed in Raqqa"),
        (told(5, since="2021-01-01", until="2021-02-01"), "its own run from 2019-02-01 to 2019-06-03"),
        (told(5, until="2019-01-01"), "ends .* before it starts"), (BASE, "no number is told"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_says_why(figure: Published, why: str) -> None:
    import re

    found = check(TABLE, [figure]).verdicts[0]
    assert found.result == "incomparable" and re.search(why, found.why)


def test_a_register_that_begins_too_late_says_so() -> None:
    found = check(TABLE, [told(100, since="2018-01-01")]).verdicts[0]
    assert found.result == "fewer" and "begins on 2019-02-01" in found.why


@pytest.mark.parametrize(
    ("low", "high", "approx", "expected"),
    [
        (97, 97, False, ("agrees", 0)), (110, 110, False, ("agrees", 0)), (120, 120, False, ("fewer", 23)),
        (90, 90, False, ("more", -7)), (90, 90, True, ("agrees", 0)), (50, None, False, ("agrees", 0)),
        (130, None, False, ("fewer", 33)), (None, 60, False, ("more", -37)), (85, 99, False, ("agrees", 0)),
    ],
)  # fmt: skip
def test_judgement_of_a_sum_of_97_to_119(
    low: int | None, high: int | None, approx: bool, expected: tuple[str, int]
) -> None:
    assert judge(Published(id="x", low=low, high=high, approx=approx), Sum(97, 97, 119, 16)) == expected


def test_a_tally_of_a_report_becomes_a_scope() -> None:
    place = Place(name="البادية", id="sy-badia", country="SY", precision="region")
    tally = Tally(id="t1", measure="killed", low=125, high=125, approx=True, group="SY-GOV", by="IS",
                  place=place, period="2019-03-24/..", sources=["SOHR"])  # fmt: skip
    found = of_tally(tally, id="h", published="2019-06-03")
    assert (found.since, found.until, found.by, found.group) == (
        "2019-03-24",
        "2019-06-03",
        ("IS",),
        ("SY-GOV",),
    )
    assert found.place == ("sy-badia", "البادية") and found.approx
    assert of_tally(Tally(id="t", measure="killed", period="2019-04~"), id="h").until == "2019-04-30"
    assert of_tally(Tally(id="t", measure="killed", period="2019-21"), id="h").since is None


def test_a_statement_of_record_is_checked() -> None:
    record = Tally(
        id="t", measure="killed", period="2019-03", comparison=Comparison(relation="highest", against="2019")
    )
    figure = of_tally(record, id="deadliest", published="2019-04-01")
    found = check(TABLE, [figure]).verdicts[0]
    assert (found.result, found.why) == ("more", "2019-02 has 50")
    fine = msgspec.structs.replace(figure, since="2019-05-01", until="2019-05-31", against="2019-03-01")
    assert check(TABLE, [fine]).verdicts[0].result == "agrees"
    empty = msgspec.structs.replace(figure, since="2019-02-01", until="2019-02-28", by=("SY-GOV",))
    assert check(TABLE, [empty]).verdicts[0].result == "incomparable"  # nothing there is no record
    vague = msgspec.structs.replace(figure, relation="increase")
    assert check(TABLE, [vague]).verdicts[0].result == "incomparable"


def test_the_command_reads_figures_and_exits_by_what_it_found(tmp_path: Path) -> None:
    register, figures = tmp_path / "incidents.jsonl", tmp_path / "figures.csv"
    register.write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in SOME))
    head = "id,figure,group,by,place,since,until\n"
    row = "{},{},SY-GOV,IS,SY09,2019-03-24,2019-06-03\n"
    call = ["check", "--incidents", str(register), "--file", str(figures)]
    figures.write_text(head + row.format("f1", "~22"), encoding="utf-8")
    assert CliRunner().invoke(cli, call, standalone_mode=False).return_value == 0
    figures.write_text(head + row.format("f1", "22") + row.format("f2", "40-"), encoding="utf-8")
    shown = CliRunner().invoke(cli, [*call, "--format", "json"], standalone_mode=False)
    answer = json.loads(shown.output)
    assert shown.return_value == 1 and answer["counts"] == {
        "agrees": 1,
        "fewer": 1,
        "more": 0,
        "incomparable": 0,
    }
    assert {one["what"] for one in answer["figures"][1]["missing"]} >= {"undated", "nobody"}
    page = CliRunner().invoke(cli, [*call, "--show"], standalone_mode=False).output
    assert "no perpetrator named" in page and "documented in no incident of the register" in page
    figures.write_text(head + row.format("f1", "many"), encoding="utf-8")
    from sijill.errors import InputError

    error = CliRunner().invoke(cli, call, standalone_mode=False).exception
    assert isinstance(error, InputError) and "figures.csv:2" in str(error)


ROW = {
    "id": "1", "side_a": "Government of Syria", "side_b": "IS", "deaths_a": "7", "deaths_b": "2",
    "deaths_civilians": "0", "deaths_unknown": "1", "low": "12", "best": "10", "high": "9",
    "where_coordinates": "x", "admin1_pcode": "SY09", "date_start": "2019-04-01", "date_end": "2019-04-02",
}  # fmt: skip


def test_events_of_ged_keep_their_totals_even_where_low_and_high_are_crossed() -> None:
    path = Path(__file__).parent.parent / "evaluation" / "check_published.py"
    spec = importlib.util.spec_from_file_location("check_published", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["check_published"] = module
    spec.loader.exec_module(module)
    assert module.incident(ROW).toll("killed") == (10, 10, 10)
    wide = module.incident({**ROW, "low": "9", "high": "15"})
    assert wide.toll("killed") == (9, 10, 15) and wide.actors == ["SY-GOV", "IS"]
