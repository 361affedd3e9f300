"""`sijill gazetteer build`, on small dumps made here."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from sijill.cli.main import OK, WRONG_USE, run
from sijill.errors import UsageError
from sijill.lexicon.check import check
from sijill.lexicon.gazetteer import build
from sijill.lexicon.geonames import alternates, arabic_names
from sijill.lexicon.load import load
from sijill.lexicon.lookup import bearers
from sijill.reading.lookup import Lookup


def line(number: int, name: str, arabic: str, lat: float, lon: float, **more: str) -> str:
    """A line of a dump."""
    cells = [
        str(number), name, name, arabic, str(lat), str(lon), more.get("feature", "P"),
        more.get("code", "PPL"), more.get("country", "SY"), "", more.get("admin1", "07"), "", "", "",
        more.get("population", "0"), "", "200", "Asia/Damascus", "2020-01-01",
    ]  # fmt: skip
    return "\t".join(cells)


DUMP = [
    line(900001, "Khirbat Tajriba", "خربة التجربة,Khirbat Tajriba,خربة ٱلتجربة", 35.41, 40.21),
    line(900002, "Tajriba", "تجريبية", 35.42, 40.22),
    line(900003, "Madina Tajriba", "التجريبيات", 35.43, 40.23, population="40000"),
    line(900004, "No Arabic", "No Arabic,Нет", 35.43, 40.23),
    line(900005, "Deir ez-Zor", "دير الزور", 35.33588, 40.14084, code="PPLA"),
    line(900006, "Rubble", "أنقاض تجريبية", 35.4, 40.2, code="PPLQ"),
    line(900007, "Haql Tajriba", "حقل التجربة", 35.1, 40.3, feature="L", code="OILF"),
    line(900008, "Waer", "الوعر", 34.75, 36.68, admin1="11", code="PPLX"),
    line(900009, "Kalbiyah", "قرية تجريبية", 33.4, 44.3, country="IQ", admin1="07"),
    line(900010, "Azor", "آزور", 35.0, 10.0, country="ZZ"),
]


def dump(folder: Path, name: str = "SY.zip", lines: list[str] | None = None) -> Path:
    """A dump as GeoNames packs it."""
    file = folder / name
    text = "".join(f"{row}\n" for row in lines or DUMP)
    if name.endswith(".zip"):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.txt", "hello")
            archive.writestr(name.replace(".zip", ".txt"), text)
    else:
        file.write_text(text, encoding="utf-8")
    return file


def table(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


@pytest.mark.parametrize("name", ["SY.zip", "SY.txt"])
def test_a_dump_becomes_tables(tmp_path: Path, name: str) -> None:
    built = build(tmp_path / "out", dumps=[dump(tmp_path, name)])
    assert [file.name for file in built.files] == ["iq.csv", "sy.csv"]
    rows = table(built.files[1])
    assert rows["sy-gn-900001"] == {
        "id": "sy-gn-900001", "name": "خربة التجربة", "other_names": "", "kind": "settlement",
        "parent": "sy-gov-09", "lat": "35.41", "lon": "40.21", "pcode": "", "source": "geonames",
        "note": "Khirbat Tajriba; geonames 900001",
    }  # fmt: skip
    assert rows["sy-gn-900002"]["note"].endswith("word")
    assert "word" not in rows["sy-gn-900003"]["note"]
    assert not {"sy-gn-900004", "sy-gn-900005", "sy-gn-900006"} & rows.keys()
    assert (rows["sy-gn-900007"]["kind"], "kind=oil_field" in rows["sy-gn-900007"]["note"]) == ("site", True)
    assert (built.added, built.completed, built.left_out) == (5, 1, 3)


def test_a_place_of_ours_gets_its_point(tmp_path: Path) -> None:
    assert load().places["sy-waer"].lat is None
    build(tmp_path / "out", dumps=[dump(tmp_path)])
    row = table(tmp_path / "out/places/sy.csv")["sy-waer"]
    assert (row["lat"], row["lon"], row["source"]) == ("34.75", "36.68", "curated+geonames")
    assert load(tmp_path / "out").places["sy-waer"].lat == 34.75


def test_two_claims_to_one_place_give_it_no_point(tmp_path: Path) -> None:
    other = line(900011, "Waer 2", "الوعر", 34.4, 36.9, admin1="11", code="PPLX")
    built = build(tmp_path / "out", dumps=[dump(tmp_path, lines=[*DUMP, other])])
    assert built.completed == 0
    assert table(tmp_path / "out/places/sy.csv")["sy-waer"]["lat"] == ""


def test_the_licence_lies_beside(tmp_path: Path) -> None:
    build(tmp_path / "out", dumps=[dump(tmp_path)])
    text = (tmp_path / "out/places/LICENCE.txt").read_text(encoding="utf-8")
    assert "from SY.zip" in text
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    assert "OCHA" not in text


def test_the_result_is_a_lexicon(tmp_path: Path) -> None:
    """It has no fault, and the reader reads with it."""
    build(tmp_path / "out", dumps=[dump(tmp_path)])
    assert list(map(str, check(tmp_path / "out"))) == []
    place = Lookup(load(tmp_path / "out"))("خربة التجربة").place
    assert place is not None
    assert (place.id, place.admin1, place.lat) == ("sy-gn-900001", "SY09", 35.41)
    assert bearers(load(tmp_path / "out"), "تجريبية") == {"sy-gn-900002": True, "iq-gn-900009": True}


def test_alternate_names_come_first(tmp_path: Path) -> None:
    file = tmp_path / "alternateNamesV2.txt"
    file.write_text(
        "1\t900001\tar\tاسم ثان\t\t\t\t\n2\t900001\tar\tاسم أول\t1\t\t\t\n3\t900001\tar\tاسم قديم\t\t\t\t1\n"
        "4\t900001\tfa\tنام\t\t\t\t\n",
        encoding="utf-8",
    )
    assert alternates(file) == {"900001": ["اسم أول", "اسم ثان"]}
    build(tmp_path / "out", dumps=[dump(tmp_path)], names=file)
    row = table(tmp_path / "out/places/sy.csv")["sy-gn-900001"]
    assert (row["name"], row["other_names"]) == ("اسم أول", "اسم ثان|خربة التجربة")


def test_only_arabic_letters_make_a_name() -> None:
    assert arabic_names(["حلب", "Aleppo", "حَلَب", "ھەڵەبجە", "ا", "حلب 2", ""]) == ("حلب",)


def test_only_the_wanted_countries(tmp_path: Path) -> None:
    built = build(tmp_path / "out", dumps=[dump(tmp_path)], countries=["iq"])
    assert [file.name for file in built.files] == ["iq.csv"]


OCHA = """\
admin0Pcode,admin1Name_en,admin1Name_ar,admin1Pcode,admin2Name_en,admin2Name_ar,admin2Pcode,latitude,longitude
LB,Akkar,عكار,LB8,Test,القضاء التجريبي,LB89,34.5,36.2
LB,Akkar,عكار,LB8,,,,,
"""


def test_ocha_units(tmp_path: Path) -> None:
    file = tmp_path / "lbn.csv"
    file.write_text("\ufeff" + OCHA, encoding="utf-8")
    built = build(tmp_path / "out", ocha=[file])
    rows = table(built.files[0])
    assert rows["lb-cod-lb8"]["kind"] == "governorate"
    assert rows["lb-cod-lb8"]["parent"] == "lb"
    assert rows["lb-cod-lb89"] == {
        "id": "lb-cod-lb89", "name": "القضاء التجريبي", "other_names": "", "kind": "district",
        "parent": "lb-cod-lb8", "lat": "34.5", "lon": "36.2", "pcode": "LB89", "source": "ocha",
        "note": "Test",
    }  # fmt: skip
    assert list(map(str, check(tmp_path / "out"))) == []
    assert "OCHA" in (tmp_path / "out/places/LICENCE.txt").read_text(encoding="utf-8")


def test_known_p_codes_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "syr.csv"
    file.write_text("ADM1_AR,ADM1_PCODE\nحلب,SY02\nجديدة,SY99\n", encoding="utf-8")
    built = build(tmp_path / "out", ocha=[file])
    assert (built.added, built.left_out) == (1, 1)


def test_ocha_spreadsheets(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["nothing"])
    sheet = book.create_sheet("ADM2")
    for row in csv.reader(OCHA.splitlines()):
        sheet.append(row)
    book.save(tmp_path / "lbn.xlsx")
    assert build(tmp_path / "out", ocha=[tmp_path / "lbn.xlsx"]).added == 2


REFUSED = [
    ("a.txt", "one\ttwo\n", "a.txt:1: 2 columns where GeoNames has 19; download a dump from"),
    ("a.txt", line(1, "X", "حلب", 1, 1) + "\n" + "x\t" * 18 + "\n", "a.txt:2: no number first"),
    ("a.txt", "", "a.txt: empty; download"),
    ("a.zip", "no zip", "a.zip: a broken zip file"),
]


@pytest.mark.parametrize(("name", "text", "what"), REFUSED, ids=[what for _, _, what in REFUSED])
def test_what_is_no_dump_is_refused(tmp_path: Path, name: str, text: str, what: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"(?s).*") as raised:
        build(tmp_path / "out", dumps=[tmp_path / name])
    assert what in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_other_refusals(tmp_path: Path) -> None:
    bad = tmp_path / "b.txt"
    bad.write_bytes(line(1, "X", "حلب", 1, 1).encode("cp1256", "replace") + b"\n")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("a.csv", "x")
    (tmp_path / "d.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for arguments, what in (
        ({"dumps": [bad]}, "b.txt:1: not UTF-8"),
        ({"dumps": [tmp_path / "c.zip"]}, "holds no GeoNames table"),
        ({"dumps": [tmp_path / "gone.zip"]}, "no such file"),
        ({"ocha": [tmp_path / "d.csv"]}, "d.csv:1: no columns admin1Pcode"),
        ({}, "nothing to build from"),
    ):
        with pytest.raises(UsageError) as raised:
            build(tmp_path / "out", **arguments)  # type: ignore[arg-type]
        assert what in str(raised.value)


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(["gazetteer", "build", "--geonames", str(dump(tmp_path)), "--out", str(out)]) == OK
    said = capfd.readouterr().out
    assert said.startswith("5 places added, 1 of ours given a point, 3 left out; 2 tables and LICENCE.txt in")
    assert run(["gazetteer", "build", "--out", str(out)]) == WRONG_USE
    assert "nothing to build from" in capfd.readouterr().err
