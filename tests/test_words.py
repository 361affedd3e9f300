"""`make words`: each kind of fault, planted, is named with its file, its line and how to mend it."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from sijill.errors import Fault
from sijill.lexicon import check_places, check_words
from sijill.lexicon.check import check
from sijill.lexicon.load import DATA
from sijill.lexicon.outlines import kilometres, outside
from sijill.lexicon.placing import COLUMNS, read_rows

WORDS = ["حي", "قرية", "بلدة", "مدينة", "قضاء", "ناحية", "محافظة", "منطقة"]

GOOD = """\
sy,سوريا,سورية,country,,,,,curated,Syria
sy-gov-04,حمص,,governorate,sy,34.72,36.72,SY04,ocha+geonames,Homs; twin
sy-d-0400,حمص,,district,sy-gov-04,34.72,36.72,SY0400,ocha+geonames,Homs district; twin
sy-homs,حمص,,settlement,sy-d-0400,34.72,36.72,,curated+geonames,Homs city; twin
sy-waer,الوعر,حي الوعر,quarter,sy-homs,,,,curated,Waer
"""


def table(tmp_path: Path, *more: str, head: str = ",".join(COLUMNS), good: str = GOOD) -> list[Fault]:
    """The faults of a table of places: five good lines and `more`, which begin on line 7."""
    file = tmp_path / "places" / "zz.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{head}\n{good}" + "".join(f"{line}\n" for line in more), encoding="utf-8")
    rows, faults = read_rows(file)
    return faults + check_places.check([], rows, WORDS)


def words(tmp_path: Path, name: str, text: str) -> list[Fault]:
    """The faults of a word list."""
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return check_words.check([file])


def row(**cells: str) -> str:
    """A line of a table of places."""
    given = {"kind": "settlement", "parent": "sy-d-0400", "source": "curated", "note": "X", **cells}
    return ",".join(f'"{given.get(column, "")}"' for column in COLUMNS)


def test_good_rows_have_no_fault(tmp_path: Path) -> None:
    assert table(tmp_path) == []


PLANTED = [
    (row(id="sy-waer", name="الرستن"), "the id sy-waer stands in line 6 too", "another id"),
    (row(id="SY Rastan", name="الرستن"), "the id 'SY Rastan' is not well formed", "small Latin letters"),
    (row(id="sy-rastan", name="الرستن", kind="town"), "the kind 'town' is unknown", "write one of country"),
    (row(id="sy-rastan", name=""), "no name", "the usual Arabic name"),
    (
        row(id="sy-rastan", name="الرستن", parent="sy-d-0401"),
        "the parent sy-d-0401 does not exist",
        "sy-d-0400",
    ),
    (row(id="sy-rastan", name="الرستن", parent=""), "no parent", "next larger place"),
    (
        row(id="sy-rastan", name="الرستن", parent="sy-rastan"),
        "parents run in a ring",
        "lie in a larger place",
    ),
    (
        row(id="sy-d-9", name="تدمر", kind="district", parent="sy-homs"),
        "a district in a settlement",
        "larger place",
    ),
    (
        row(id="sy-d-0405", name="تدمر", kind="district", parent="sy-gov-04", pcode="SY405"),
        "SY405 is no p-code",
        "form",
    ),
    (
        row(id="sy-d-0405", name="تدمر", kind="district", parent="sy-gov-04", pcode="SY0705"),
        "the p-code SY0705 does not belong to its parent's SY04",
        "correct the p-code or the parent",
    ),
    (row(id="sy-rastan", name="الرستن", lat="34.9", source="curated+geonames"), "half a coordinate", "both"),
    (
        row(id="sy-rastan", name="الرستن", lat="34,9", lon="x", source="curated+geonames"),
        "is no number",
        "decimal",
    ),
    (
        row(id="sy-rastan", name="الرستن", lat="134", lon="36", source="curated+geonames"),
        "not on earth",
        "latitude",
    ),
    (
        row(id="sy-rastan", name="الرستن", lat="36.73", lon="34.92", source="curated+geonames"),
        "km outside SY",
        "exchange lat and lon",
    ),
    (
        row(id="sy-rastan", name="الرستن", lat="33.3", lon="44.4", source="curated+geonames"),
        "km outside SY",
        "look the place up again",
    ),
    (
        row(
            id="sy-rastan",
            name="الرستن",
            parent="sy-homs",
            lat="35.33",
            lon="40.14",
            source="curated+geonames",
        ),
        "km from its settlement sy-homs (allowed: 25)",
        "correct the point or the parent",
    ),
    (
        row(id="sy-rastan", name="الرستن", lat="34.92", lon="36.73"),
        "a coordinate, but the source is curated",
        "name",
    ),
    (row(id="sy-rastan", name="الرستن", source="memory"), "the source 'memory' is unknown", "write curated"),
    (row(id="sy-waar", name="الوَعر"), "a vowel mark", "write 'الوعر'"),
    (row(id="sy-rastan", name="الرسـتن"), "a tatweel", "write 'الرستن'"),
    (row(id="sy-rastan", name="الرستن\u200f"), "an invisible mark (U+200F)", "write 'الرستن'"),
    (row(id="sy-rastan", name="اlرستن"), "the look-alike 'l' (latin small letter l)", "type the word anew"),
    (row(id="sy-rastan", name="الرستن", other_names="رستن| |الرستنية"), "an empty form", "delete"),
    (row(id="sy-rastan", name="ﺍﻟﺮﺳﺘﻦ"), "a ligature of print", "write 'الرستن'"),
    (row(id="sy-rastan", name="تل  الرستن"), "stray blanks", "write 'تل الرستن'"),
    (row(id="sy-rastan", name="الرستن", note="X; word=رستن"), "'word=رستن' names no form", "الرستن"),
    (row(id="sy-rastan", name="الرستن", note="X; shared"), "marked shared, but no other", "delete shared"),
    (row(id="sy-waer-2", name="ألوعر"), "'الوعر' is also sy-waer (line 6)", "write shared into the note"),
    (
        row(id="sy-waer-2", name="الوعر", parent="sy-waer"),
        "'الوعر' is also sy-waer",
        "write twin into the note",
    ),
    ("sy-rastan,الرستن,settlement", "3 columns instead of 10", "quotation marks"),
]


@pytest.mark.parametrize(("line", "what", "remedy"), PLANTED, ids=[what for _, what, _ in PLANTED])
def test_a_fault_in_a_table_is_named(tmp_path: Path, line: str, what: str, remedy: str) -> None:
    faults = table(tmp_path, line)
    found = [fault for fault in faults if what in fault.what and fault.line == 7]
    assert found, faults
    assert remedy in found[0].remedy
    assert found[0].file == str(tmp_path / "places" / "zz.csv")


def test_both_bearers_of_a_name_must_say_so(tmp_path: Path) -> None:
    faults = table(tmp_path, row(id="sy-waer-2", name="الوعر", note="X; shared"))
    assert [fault.line for fault in faults] == [6]


def test_other_columns_are_named(tmp_path: Path) -> None:
    (fault,) = table(tmp_path, head="id,name", good="sy,سوريا\n")
    assert str(fault).endswith("zz.csv:1: the columns are id,name; write " + ",".join(COLUMNS))


def test_every_fault_comes_at_once(tmp_path: Path) -> None:
    faults = table(
        tmp_path, row(id="a", name="الرستن", kind="x"), row(id="b", name="تلبيسة", parent="y", lat="1")
    )
    assert {fault.line for fault in faults} == {7, 8}
    assert len(faults) >= 4


ACTOR = "- code: OPP/X\n  country: SY\n  names:\n    - جيش العزة\n"
WORD_FAULTS = [
    ("actors/zz.yaml", ACTOR + "  colour: red\n", 5, "the key 'colour' is unknown", "write one of code"),
    ("actors/zz.yaml", ACTOR.replace("OPP/X", "opp x"), 1, "'opp x' is no code", "capital letters"),
    ("actors/zz.yaml", ACTOR.replace("SY", "Syria"), 2, "'Syria' is no country", "ISO 3166"),
    ("actors/zz.yaml", ACTOR + "  from: spring\n", 5, "from: 'spring' is no date", "2024-12-08"),
    (
        "actors/zz.yaml",
        ACTOR + "  from: 2019\n  until: 2018-05\n",
        6,
        "it ends (2018-05-01) before",
        "correct",
    ),
    ("actors/zz.yaml", ACTOR + "    - جيش  العزة\n", 5, "stray blanks", "جيش العزة"),
    ("actors/zz.yaml", ACTOR + "    - جيش العزه\n", 5, "stands twice in names (line 4)", "delete one"),
    (
        "actors/zz.yaml",
        ACTOR + "  not:\n    - كرة القدم\n",
        6,
        "holds no word of a name of OPP/X",
        "delete it",
    ),
    ("actors/zz.yaml", ACTOR + "  not:\n    - جيش العزة\n", 6, "is both a name and none", "delete one"),
    ("actors/zz.yaml", "- code: OPP/X\n", 1, "no form", "write one under names"),
    ("actors/zz.yaml", "- names: [جيش العزة]\n", 1, "no code", "add code"),
    ("actors/zz.yaml", "- code: OPP/X\n  names: جيش العزة\n", 2, "names is a single word", "as a list"),
    ("actors/zz.yaml", ACTOR + "  names:\n    - العزة\n", 5, "the key 'names' stands twice", "join the two"),
    ("actors/zz.yaml", ACTOR + " x: [\n", 5, "no YAML", "mend the line"),
    (
        "actors/zz.yaml",
        ACTOR + "  until: 2019\n- code: SNA\n  from: 2018\n  names:\n    - جيش العزه\n",
        9,
        "means SNA and, in zz.yaml:4, OPP/X",
        "dates that do not overlap",
    ),
    (
        "acts/zz.yaml",
        "- action: attak\n  nouns: [هجوم/هجمات]\n",
        1,
        "the action 'attak' is unknown",
        "ambush",
    ),
    (
        "acts/zz.yaml",
        "- action: ied\n  nouns: [لغم]\n  weapons: [bomb]\n",
        3,
        "the weapon 'bomb' is unknown",
        "mine",
    ),
    ("sources.yaml", "- code: X\n  kind: outlet\n", 1, "no form", "forms, quoted"),
    ("cues.yaml", "agent: []\n", 1, "the list agent is empty", "write a form"),
    ("cues.yaml", "place_word:\n  camp: []\n", 2, "the list place_word / camp is empty", "write a form"),
    ("cues.yaml", "agent:\n  - على يد\n  - ''\n", 3, "an empty form", "delete the line"),
    ("cues.yaml", "agent: [علـى يد]\n", 1, "a tatweel", "write 'على يد'"),
    ("outcomes.yaml", "killd:\n  masdars: [مقتل]\n", 2, "the outcome 'killd' is unknown", "killed"),
    ("outcomes.yaml", "killed:\n  noun: [مقتل]\n", 2, "the key 'noun' is unknown", "masdars"),
    ("victims.yaml", "civ child: [طفل]\n", 1, "'civ child' is no code", "capital letters"),
    ("means.yaml", "bow: [قوس]\n", 1, "the weapon 'bow' is unknown", "mortar"),
]


@pytest.mark.parametrize(
    ("name", "text", "line", "what", "remedy"), WORD_FAULTS, ids=[f"{f[0]}: {f[3]}" for f in WORD_FAULTS]
)
def test_a_fault_in_a_list_is_named(
    tmp_path: Path, name: str, text: str, line: int, what: str, remedy: str
) -> None:
    faults = words(tmp_path, name, text)
    found = [fault for fault in faults if what in fault.what]
    assert found, faults
    assert remedy in found[0].remedy
    assert (found[0].file, found[0].line) == (str(tmp_path / name), line)


def test_names_may_follow_each_other(tmp_path: Path) -> None:
    text = ACTOR + "  until: 2019\n- code: SNA\n  from: 2019\n  names:\n    - جيش العزة\n"
    assert words(tmp_path, "actors/zz.yaml", text) == []


# --- whole folders


def test_the_built_in_lists_are_in_order() -> None:
    assert list(map(str, check())) == []


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    """Parents may stand in the built-in tables; examples are looked for as the reader does."""
    (tmp_path / "places").mkdir()
    (tmp_path / "actors").mkdir()
    (tmp_path / "misc").mkdir()
    with (tmp_path / "places" / "own.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerow(
            ["own-x", "قرية تجريبية كبيرة", "", "settlement", "sy-d-0901", "", "", "", "own", "X"]
        )
    (tmp_path / "actors" / "own.yaml").write_text(
        "- code: OPP/OWN\n  names:\n    - لواء التجربة الأول\n"
        "  examples:\n    - هاجم لواء التجربة الأول الحاجز\n"
        "    - هاجم لواء آخر الحاجز\n  not_examples:\n    - قال لواء التجربة الأول\n",
        encoding="utf-8",
    )
    (tmp_path / "misc" / "zz.yaml").write_text("a: [كلمة]\n", encoding="utf-8")
    faults = check(tmp_path)
    assert [(Path(fault.file).name, fault.line, fault.what) for fault in faults] == [
        ("own.yaml", 6, "the example does not name OPP/OWN"),
        ("own.yaml", 8, "the example names OPP/OWN, and must not"),
        ("zz.yaml", 1, "no such list is known"),
    ]


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "places").mkdir()
    (tmp_path / "places" / "zz.csv").write_text("a,b\n", encoding="utf-8")
    command = [sys.executable, "-m", "sijill.lexicon.check"]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert f"{tmp_path}/places/zz.csv:1: the columns are a,b; write id,name" in done.stdout
    gone = subprocess.run([*command, str(tmp_path / "gone")], capture_output=True, text=True)
    assert gone.returncode == 2
    assert "no such folder" in gone.stderr


# --- borders


def test_outlines() -> None:
    assert outside("SY", 34.72, 36.72) == 0
    assert outside("IQ", 33.31, 44.36) == 0
    assert outside("PS", 31.5, 34.45) == 0
    assert 200 < (outside("SY", 33.31, 44.36) or 0) < 400
    assert outside("XX", 0, 0) is None
    assert round(kilometres(33.51, 36.29, 36.2, 37.16)) == 309


ZONES = {
    "SY": {"Asia/Damascus"}, "IQ": {"Asia/Baghdad"}, "YE": {"Asia/Aden"}, "LY": {"Africa/Tripoli"},
    "LB": {"Asia/Beirut"}, "PS": {"Asia/Hebron", "Asia/Gaza", "Asia/Jerusalem"}, "SD": {"Africa/Khartoum"},
}  # fmt: skip
ON_THE_BORDER = {
    # crossings and villages within two kilometres of a border, and the occupied Golan
    "iq": 3, "sy": 4, "sd": 2,
}  # fmt: skip


def test_every_point_lies_in_its_country() -> None:
    """The exact test, against the borders of time zones (the extra `borders`)."""
    tzfpy = pytest.importorskip("tzfpy")
    for code, zones in ZONES.items():
        rows, _ = read_rows(DATA / "places" / f"{code.lower()}.csv")
        points = [(row["id"], float(row["lon"]), float(row["lat"])) for row in rows if row["lat"]]
        abroad = [identity for identity, lon, lat in points if tzfpy.get_tz(lon, lat) not in zones]
        assert len(abroad) <= ON_THE_BORDER.get(code.lower(), 0), abroad
