"""`sijill places`: looking up, listing, checking and adding places; and a folder of one's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sijill.cli.main import LEFT_OUT, NOTHING, OK, WRONG_USE, run
from sijill.errors import LexiconError
from sijill.lexicon.finder import Finder
from sijill.lexicon.load import load
from sijill.lexicon.lookup import add, bearers, listing
from sijill.reading.lookup import Lookup


@pytest.fixture(scope="module")
def look_up() -> Lookup:
    return Lookup(load())


def test_context_decides(look_up: Lookup) -> None:
    near = look_up("الطيبة", "في ريف دير الزور الشرقي")
    assert near.place is not None
    assert (near.place.id, near.place.admin1) == ("sy-tayba-mayadin", "SY09")
    assert near.bearers[0].place.id == "sy-tayba-mayadin"
    assert near.bearers[0].score > near.bearers[1].score
    assert "the text names SY09" in near.bearers[0].why
    assert near.bearers[0].line == ["sy-s-090300", "sy-d-0903", "sy-gov-09", "sy"]


def test_without_context_nothing_is_guessed(look_up: Lookup) -> None:
    bare = look_up("الطيبة")
    assert bare.place is None or bare.place.id is None
    assert len(bare.bearers) >= 6
    assert {bearer.score for bearer in bare.bearers[:4]} == {bare.bearers[0].score}


def test_the_name_may_stand_in_the_context(look_up: Lookup) -> None:
    answer = look_up("المنصورة", "هجوم على حاجز في بلدة المنصورة بريف الرقة الغربي")
    assert answer.place is not None
    assert answer.place.id in ("sy-mansura-raqqa", "sy-s-110301")  # the town or its sub-district, one point


def test_a_country_helps(look_up: Lookup) -> None:
    assert look_up("الطيبة", country="LB").bearers[0].place.country == "LB"


def test_a_name_that_is_a_word_says_so(look_up: Lookup) -> None:
    answer = look_up("التبني")
    assert "only after a word for a place" in answer.bearers[0].why
    assert bearers(load(), "بلدة التبني")["sy-tabni"] is False


def test_a_part_of_a_governorate_is_read_at_its_level(look_up: Lookup) -> None:
    for name, admin1 in (
        ("ريف حماة الشرقي", "SY05"),
        ("شمال حلب", "SY02"),
        ("جنوب إدلب", "SY07"),
        ("بادية حمص", "SY04"),
    ):
        place = look_up(name).place
        assert place is not None
        assert (place.precision, place.admin1, place.lat) == ("admin1", admin1, None), name


def test_a_tract_named_after_a_town_has_the_towns_point(look_up: Lookup) -> None:
    tract = look_up("بادية تدمر").place
    town = look_up("مدينة تدمر").place
    assert tract is not None and town is not None
    assert (tract.lat, tract.lon) == (town.lat, town.lon)
    assert tract.precision == "site"


def test_listing() -> None:
    camps = {place.id for place in listing(load(), kind="camp", parent="sy-gov-08")}
    assert "sy-hol-camp" in camps
    parts = {place.id for place in listing(load(), kind="region", parent="sy-gov-05")}
    assert "sy-eastern-hama-countryside" in parts
    assert {place.country for place in listing(load(), country="iq")} == {"IQ"}
    assert (
        sum(place.kind == "governorate" for place in listing(load(), kind="governorate", country="SY")) == 14
    )


def test_packed_and_unpacked_are_one() -> None:
    lexicon = load()
    place = lexicon.places["sy-homs"]
    assert place.name == "حمص"
    assert "nowhere" not in lexicon.places
    assert lexicon.places.get("nowhere") is None
    assert lexicon.index.get("nowhere", ()) == ()
    assert lexicon.entries[0] == lexicon.entries[0:1][0]
    assert len(list(lexicon.places)) == len(lexicon.places) > 10_000


@pytest.mark.parametrize(
    "form", ["T4", "مطار T4", "طريق M5", "روجآفا", "معرة النعمان", "قطاع غزة", "منطقة بوتين-أردوغان"]
)
def test_odd_forms_find_themselves(form: str) -> None:
    assert bearers(load(), form), form
    assert not all(bearers(load(), form).values()), form


# --- the command


def said(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["places", *arguments])
    out = capfd.readouterr()
    return code, out.out, out.err


def test_the_command_looks_up(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capfd, "الطيبة", "--context", "في ريف دير الزور الشرقي")
    assert code == OK
    assert out.startswith("reader: sy-tayba-mayadin, SY09, ")
    assert "in sy-s-090300 < sy-d-0903 < sy-gov-09 < sy" in out
    code, _, err = said(capfd, "سسسسس")
    assert (code, err) == (NOTHING, "سسسسس: not in the gazetteer\n")


def test_the_command_lists(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capfd, "--list", "--kind", "governorate", "--country", "SY")
    assert code == OK
    assert len(out.splitlines()) == 15
    assert out.splitlines()[0] == "id,name,kind,parent,admin1,country,lat,lon"
    code, _, err = said(capfd, "--list", "--kind", "town")
    assert code == WRONG_USE
    assert "town: no such kind of place; there are country, region" in err
    code, _, err = said(capfd, "--list", "--parent", "sy-x")
    assert code == WRONG_USE
    assert said(capfd)[0] == WRONG_USE


def test_the_command_adds_and_checks(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "own"
    own = (
        "--add",
        str(folder),
        "--parent",
        "sy-d-0901",
        "--point",
        "35.36,40.11",
        "--note",
        "Test; example.org",
    )
    code, out, _ = said(capfd, "خربة التجربة", "--other-names", "الخربة التجريبية", *own)
    assert code == OK, out
    assert "own.csv:2: own-sy-" in out
    code, _, err = said(capfd, "خربة التجربة", *own)
    assert code == NOTHING
    assert "own.csv:3: the id own-sy-" in err
    code, _, err = said(capfd, "خربة أخرى", *own[:3], "sy-nowhere")
    assert code == NOTHING
    assert "the parent sy-nowhere does not exist" in err
    assert said(capfd, "--check", str(folder))[0] == OK
    code, out, _ = said(capfd, "خربة التجربة", "--lexicon", str(folder))
    assert code == OK
    assert ", SY09, settlement, 35.36, 40.11" in out
    with (folder / "places" / "own.csv").open("a", encoding="utf-8") as file:
        file.write("x,,,,,,,,,\n")
    code, out, _ = said(capfd, "--check", str(folder))
    assert code == LEFT_OUT
    assert "own.csv:3: no name" in out
    assert said(capfd, "--check", str(tmp_path / "gone"))[0] == WRONG_USE


def test_an_own_place_is_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "own"
    add(
        folder,
        name="تل التجربة",
        kind="settlement",
        parent="sy-d-0901",
        lat="35.36",
        lon="40.11",
        note="Test",
    )
    report = tmp_path / "report.txt"
    report.write_text(
        "قتل ثلاثة عناصر من قوات النظام بهجوم لتنظيم الدولة في قرية تل التجربة.", encoding="utf-8"
    )
    assert run(["code", str(report), "--published", "2021-03-04", "--lexicon", str(folder)]) == OK
    (incident,) = json.loads(capfd.readouterr().out)["incidents"]
    assert (incident["place"]["admin1"], incident["place"]["lat"]) == ("SY09", 35.36)


def test_a_row_replaces_a_built_in_one(tmp_path: Path) -> None:
    """A known id is replaced with all its names."""
    add(tmp_path, name="المدينة التجريبية", kind="settlement", parent="sy-s-040100", identity="sy-homs")
    lexicon = load(tmp_path)
    assert lexicon.places["sy-homs"].name == "المدينة التجريبية"
    found = {match.entry.code for match in Finder(lexicon).find(["حمص"]) if match.kind == "place"}
    assert "sy-homs" not in found
    assert "sy-gov-04" in found


def test_equal_names_are_marked(tmp_path: Path) -> None:
    row = add(tmp_path, name="حمص", kind="quarter", parent="sy-damascus")
    assert "shared" in row.marks
    with pytest.raises(LexiconError, match="unknown"):
        add(tmp_path, name="حمص الثانية", kind="town", parent="sy-damascus")


def test_the_table_of_the_docs_holds() -> None:
    """`docs/places.md` counts what the tables hold."""
    here = Path(__file__).parent.parent
    made = subprocess.run(
        [sys.executable, here / "evaluation" / "count_places.py"],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    text = (here / "docs" / "places.md").read_text(encoding="utf-8")
    assert made.stdout in text, "put the output of evaluation/count_places.py into docs/places.md"
