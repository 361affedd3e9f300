"""The public profile: secrets are planted in every field, and no artefact of any format may hold one."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import msgspec
import openpyxl
import pyarrow.parquet
import pytest

import publish_sample as made
from sijill.cli.main import run
from sijill.incidents import HeldMention, Incident
from sijill.publish import export
from sijill.publish.profile import Safety, profile
from sijill.publish.rows import guarded
from sijill.records import (
    Candidate,
    Casualty,
    Comparison,
    Control,
    Mention,
    Place,
    Rival,
    Tally,
    When,
)  # fmt: skip

TODAY = "2024-06-30"
WORD = "زمردة"
LATIN = "Emerald"
SECRETS = (WORD, LATIN, "emerald", "35.98765", "40.12345", "35.98764", "زمر")
"""What is planted: a name in both scripts, coordinates of a house, a piece of a name."""

HOUSE = Place(
    name=f"منزل {WORD}", admin1="SY09", admin2="SY0901", country="SY", lat=35.98765, lon=40.12345,
    precision="site", kind="home",
    candidates=[Candidate(id=f"x-{LATIN}", name=WORD, admin1="SY09", score=0.5)],
)  # fmt: skip
HOSPITAL = Place(
    name=f"مشفى {WORD}", id="sy-mezzeh-military-hospital-601", admin1="SY01", country="SY",
    lat=35.98765, lon=40.12345, precision="site", kind="hospital",
)  # fmt: skip
CAMP = Place(
    name="مخيم اليرموك", id="sy-yarmouk-camp", admin1="SY01", country="SY", lat=33.4699, lon=36.3018,
    precision="settlement", kind="camp",
)  # fmt: skip


def bearing(number: int, **more: object) -> Incident:
    """An incident with a secret in every field that holds words."""
    said = made.figure(
        "killed", "SY-GOV", 3, f"{LATIN} the witness", mention=f"m-{LATIN}", report=f"{WORD}.docx",
        outlet=f"قناة {WORD}", words=f"قتل {WORD}", published=f"2024-03-05 {LATIN}",
        received="2024-03-05T10:00:00+00:00",
    )  # fmt: skip
    toll = made.toll(
        "killed", "SY-GOV", 3, said, policy=f"by {LATIN}", why_ar=f"لأن {WORD} قال", why_en=f"as {LATIN} said"
    )
    other = made.toll("wounded", f"family of {LATIN}", 2)
    told = {
        "place": HOUSE, "tolls": [toll, other], "sources": [f"{LATIN} the witness", "SOHR"],
        "outlets": [f"قناة {WORD}"], "actors": ["IS", f"men of {LATIN}"], "targets": [f"{WORD}", "SY-GOV"],
        "claimed_by": f"{LATIN}", "mentions": [f"m-{LATIN}"], "formerly": [f"i-{WORD}"],
        "date": f"2024-03-04 {LATIN}", "first_published": f"2024-03-05 {LATIN}",
    }  # fmt: skip
    return made.incident(number, **(told | more))


def planted() -> list[Incident]:
    return [
        bearing(1),
        bearing(2, place=HOSPITAL),
        bearing(3, place=CAMP, sensitivity="public"),
        made.incident(4, sensitivity="restricted", place=HOUSE, sources=["SOHR"], claimed_by="IS"),
        bearing(5, sensitivity="confidential"),
        made.incident(6),
    ]


def held(**more: object) -> HeldMention:
    told = Mention(
        id=f"i-{LATIN}", action="ambush", date=When(edtf="2024-03-04", text=f"يوم {WORD}"), place=HOUSE,
        actors=["IS", LATIN], targets=[WORD], sources=[f"{LATIN}"], time=f"at {LATIN}'s", claimed_by=LATIN,
        casualties=[Casualty(outcome="killed", group=LATIN, low=1, high=1, source=LATIN)],
        rivals=[Rival(source=LATIN, outcome="killed", group=WORD, low=2, high=2)],
    )  # fmt: skip
    given = {
        "id": f"m-{LATIN}", "report": f"/home/{LATIN}/{WORD}.docx", "mention": told, "outlet": f"{WORD}",
        "url": f"https://t.me/{LATIN}", "published": "2024-03-05", "received": f"by {LATIN}",
        "copy_of": f"{LATIN}.txt", "words": f"قتل {WORD}", **more,
    }  # fmt: skip
    return HeldMention(**given)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The internal files, planted, in a folder whose name is a secret too."""
    home = tmp_path / LATIN
    home.mkdir()
    made.write(home / f"{LATIN}.jsonl", planted())
    made.write(home / "m.jsonl", [held(), held(id="m-2", sensitivity="restricted")])
    control = Control(
        id=f"c-{LATIN}", place=HOUSE, actor="SY-GOV", change="gained", date=When(edtf="2024-02-20", text=WORD)
    )
    made.write(home / "c.jsonl", [control, Control(id="c2", place=HOUSE, actor=LATIN, change="held")])
    tally = Tally(
        id=f"t-{LATIN}", measure="killed", low=2, high=2, group=WORD, by=LATIN, place=HOUSE,
        period=f"since {LATIN}", sources=[LATIN], comparison=Comparison(relation="highest", against=WORD),
    )  # fmt: skip
    made.write(home / "t.jsonl", [tally])
    return home


def inputs(folder: Path) -> list[str]:
    files = {"incidents": f"{LATIN}.jsonl", "mentions": "m.jsonl", "control": "c.jsonl", "tallies": "t.jsonl"}
    return [part for name, file in files.items() for part in (f"--{name}", str(folder / file))]


def layers(path: Path) -> list[bytes]:
    """A file's bytes, and those of everything that is packed in it."""
    raw = path.read_bytes()
    found = [raw, path.name.encode()]
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                found += [name.encode(), archive.read(name)]
    if path.suffix == ".parquet":
        table = pyarrow.parquet.read_table(path)
        found += [str(table.to_pydict()).encode(), str(table.schema.metadata).encode()]
    if path.suffix == ".gpkg":
        with sqlite3.connect(path) as database:
            found += [line.encode() for line in database.iterdump()]
    if path.suffix == ".pdf":
        import pypdf

        reader = pypdf.PdfReader(path)
        found += [str(reader.metadata).encode(), str(reader.xmp_metadata).encode()]
        found += [page.extract_text().encode() for page in reader.pages]
    return found


def leaks(path: Path) -> list[str]:
    found = layers(path)
    forms = [(secret, form) for secret in SECRETS for form in spellings(secret)]
    return sorted({secret for secret, form in forms if any(form in layer for layer in found)})


def spellings(secret: str) -> list[bytes]:
    """A secret as a file may write it: UTF-8, UTF-16, JSON's escapes, entities of XML."""
    entities = "".join(f"&#{ord(char)};" for char in secret).encode()
    return [secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be"),
            json.dumps(secret)[1:-1].encode(), entities]  # fmt: skip


def test_the_search_finds_what_is_there(folder: Path, tmp_path: Path) -> None:
    """The internal form of every format does hold secrets: the search is no sham."""
    for form, suffix in FORMS:
        out = tmp_path / f"x.{suffix}"
        run(["export", *inputs(folder), "--format", form, "--profile", "internal", "--out", str(out)])
        assert form in ("hapi",) or leaks(out), form
        out.unlink()


OWN = {
    "csv": "csv",
    "xlsx": "xlsx",
    "parquet": "parquet",
    "geojson": "geojson",
    "gpkg": "gpkg",
    "jsonl": "jsonl",
}
FORMS = [(form, OWN.get(form, "csv")) for form in export.FORMATS]
PACKED = [(form, suffix) for form in (*export.LAYOUTS, "mentions") for suffix in ("xlsx", "parquet", "jsonl")]


@pytest.mark.parametrize(("form", "suffix"), [*FORMS, *PACKED])
def test_no_secret_in_any_public_file(folder: Path, tmp_path: Path, form: str, suffix: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    more = ["--filter", f"source='SOHR|{LATIN}'"]
    if suffix in ("csv", "parquet"):
        more += ["--with", "tolls", "--with", "control", "--with", "tallies"]
    if form == "csv":
        more += [
            "--changes-since",
            str(made.write(tmp_path / "old.jsonl", [bearing(1, outlets=[WORD]), bearing(9)])),
        ]
    code = run(["export", *inputs(folder), "--format", form, *more, "--out", str(out / f"x.{suffix}")])
    assert code == 0
    files = sorted(out.iterdir())
    assert len(files) >= 2
    assert {path.name: leaks(path) for path in files if leaks(path)} == {}


def test_the_long_form_tells_no_more(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "long.csv"
    assert run(["export", *inputs(folder), "--form", "long", "--out", str(out)]) == 0
    assert leaks(out) == []
    with out.open(encoding="utf-8-sig", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["figures_by"] == "unnamed"
    assert "why_en" not in first


def public(incident: Incident, **more: object) -> Incident | None:
    return Safety(profile("public", **more), TODAY).incident(incident)  # type: ignore[arg-type]


def test_protected_places_are_told_as_their_settlement_or_district() -> None:
    house = public(bearing(1))
    assert house is not None and house.place is not None
    assert (house.place.id, house.place.precision, house.place.kind) == ("sy-d-0901", "district", None)
    for place in (HOSPITAL, CAMP):
        shown = public(bearing(2, place=place))
        assert shown is not None and shown.place is not None
        assert (shown.place.id, shown.place.kind) == ("sy-damascus", None)
        assert shown.place.lat == pytest.approx(33.51, abs=0.01)


def test_what_only_witnesses_tell_is_told_by_its_settlement() -> None:
    field = Place(
        name="حقل العمر", id="sy-omar-field", admin1="SY09", country="SY", precision="site", kind="oil_field"
    )
    known = next(place for place in Safety(profile("public"), TODAY).names.places.values()
                 if "kind=oil_field" in place.note and place.country == "SY")  # fmt: skip
    field = msgspec.structs.replace(field, id=known.id, name=known.name, admin1=known.admin1)
    seen = public(made.incident(1, place=field, sources=["SOHR"]))
    told = public(made.incident(1, place=field, sources=["eyewitness", "local"]))
    assert seen is not None and seen.place is not None and seen.place.id == known.id
    assert told is not None and told.place is not None and told.place.id != known.id


@pytest.mark.parametrize("date", ["0944123456", "35.98765", "2024-03-04 Emerald", "9639-4412-3456"])
def test_what_only_looks_like_a_date_is_none(date: str) -> None:
    shown = public(made.incident(1, date=date))
    assert shown is not None and shown.date is None


@pytest.mark.parametrize(
    "date", ["2024-03-04", "2024-03-04~", "2024-03", "2024", "2024-21", "2024-03-01/2024-03-09", "../2024"]
)
def test_dates_stay(date: str) -> None:
    shown = public(made.incident(1, date=date))
    assert shown is not None and shown.date == date


def test_what_only_looks_like_a_code_is_none() -> None:
    tolls = [made.toll("killed", "EMERALD", 2)]
    shown = public(
        made.incident(1, actors=["EMERALD", "SY-GOV/EMERALD", "IS"], claimed_by="EMERALD", tolls=tolls)
    )
    assert shown is not None
    assert (shown.actors, shown.claimed_by, shown.tolls[0].group) == (["SY-GOV", "IS"], None, "PERSONS")


def test_words_of_ours_alone_may_stand_for_a_time() -> None:
    safety = Safety(profile("public"), TODAY)
    for time, kept in (("dawn", "dawn"), ("06:30", "06:30"), ("emerald", None), ("99:99", None)):
        told = held(mention=Mention(id="i1", action="ambush", time=time))
        shown = safety.mention(told)
        assert shown is not None and shown.mention.time == kept


def test_restricted_records_are_not_there_at_all() -> None:
    assert public(made.incident(1, sensitivity="restricted")) is None
    assert public(made.incident(1, sensitivity="confidential")) is None
    assert Safety(profile("internal"), TODAY).incident(made.incident(1, sensitivity="restricted")) is not None


def test_a_named_perpetrator_stands_with_its_sources() -> None:
    shown = public(made.incident(1, sources=["Emerald of Homs"], outlets=[]))
    assert shown is not None
    assert (shown.actors, shown.sources) == (["IS"], ["unnamed"])
    silent = public(made.incident(1, sources=[], outlets=[], claimed_by="IS"))
    assert silent is not None
    assert (silent.actors, silent.claimed_by) == ([], None)


def test_everything_by_district_and_week() -> None:
    shown = public(made.incident(1, place=made.HOMS), grain="district-week")
    assert shown is not None and shown.place is not None
    assert (shown.date, shown.start, shown.end) == ("2024-03-04/2024-03-10", "2024-03-04", "2024-03-10")
    assert (shown.place.precision, shown.place.admin2) == ("district", "SY0401")


def test_positions_wait_and_are_told_by_district() -> None:
    took = made.incident(1, action="capture_territory", place=made.HOMS, start="2024-06-20", end="2024-06-20")
    assert public(took) is None
    shown = Safety(profile("public"), "2024-07-10").incident(took)
    assert shown is not None and shown.place is not None and shown.place.precision == "district"
    safety = Safety(profile("public"), TODAY)
    old, new, undated = (
        Control(id="c", place=made.HOMS, actor="SDF", change="held", date=when)
        for when in (When(edtf="2024-05-01"), When(edtf="2024-06-29"), None)
    )
    told = safety.control(old)
    assert told is not None and told.place.precision == "district"
    assert safety.control(new) is None
    assert safety.control(undated) is None


def test_a_day_in_the_future_shortens_no_delay(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    day = datetime.now(UTC).date().isoformat()
    took = made.incident(1, action="capture_territory", start=day, end=day, first_published=day)
    path = made.write(tmp_path / "i.jsonl", [took])
    out = tmp_path / "x.csv"
    for more in ([], ["--as-of", "2099-01-01"]):
        assert run(["export", "--incidents", str(path), *more, "--out", str(out)]) == 0
        with out.open(encoding="utf-8-sig", newline="") as file:
            assert list(csv.DictReader(file)) == []


def test_outlets_of_ones_own_may_be_named() -> None:
    shown = public(made.incident(1, outlets=["مرصد لنا"]))
    assert shown is not None and shown.outlets == ["unnamed"]
    shown = public(made.incident(1, outlets=["مرصد لنا"]), also_named=["مرصد لنا"])
    assert shown is not None and shown.outlets == ["مرصد لنا"]


def test_a_newsrooms_own_lists_name_its_outlets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources.yaml").write_text(
        "- code: مرصد لنا\n  en: Our Observatory\n  kind: monitor\n  country: SY\n  forms: [مرصد لنا]\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("SIJILL_LEXICON", str(tmp_path))
    shown = public(made.incident(1, outlets=["مرصد لنا"]))
    assert shown is not None and shown.outlets == ["مرصد لنا"]


def test_links_only_where_they_are_asked_for(folder: Path, tmp_path: Path) -> None:
    for more, column in (([], False), (["--links"], True)):
        out = tmp_path / "m.csv"
        assert run(["export", *inputs(folder), "--format", "mentions", *more, "--out", str(out)]) == 0
        assert ("url" in out.read_text(encoding="utf-8-sig").splitlines()[0]) is column


def test_every_row_says_whether_it_was_reviewed(folder: Path, tmp_path: Path) -> None:
    columns = {
        "csv": "reviewed", "acled": "tags", "ged": "code_status", "plover": "Version", "hapi": "warning",
        "mentions": "reviewed",
    }  # fmt: skip
    for form, column in columns.items():
        out = tmp_path / f"{form}.csv"
        assert run(["export", *inputs(folder), "--format", form, "--out", str(out)]) == 0
        with out.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows and all(row[column] for row in rows), form


BAD = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "  =1", "＝1"]


@pytest.mark.parametrize("text", BAD)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    path = made.write(tmp_path / "i.jsonl", [made.incident(1, sources=[text], outlets=[text, "b"])])
    for form in ("csv", "xlsx"):
        out = tmp_path / f"x.{form}"
        given = ["--incidents", str(path), "--profile", "internal", "--format", form, "--out", str(out)]
        assert run(["export", *given]) == 0
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["sources"] == f"'{text}" == guarded(text)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_register_full_of_secrets_tells_none(tmp_path: Path) -> None:
    """From a report with a private name, an outlet, a title, a link and a path, read by the reader
    itself, and with a reviewer's name and note beside it."""
    import sijill

    home = tmp_path / LATIN
    home.mkdir()
    text = (
        f"قُتل ثلاثة عناصر من قوات النظام بينهم الشاب {WORD} في كمين نصبه تنظيم داعش "
        f"قرب منزل {WORD} في مدينة تدمر شرق حمص أمس، بحسب الناشط {WORD}."
    )
    report = {
        "id": f"{LATIN}-1", "text": text, "title": f"مقتل {WORD}", "source": f"قناة {WORD}",
        "url": f"https://t.me/{LATIN}", "published": "2024-03-05",
    }  # fmt: skip
    (home / f"{LATIN}.jsonl").write_text(json.dumps(report, ensure_ascii=False) + "\n", encoding="utf-8")
    db = str(home / "r.db")
    assert run(["init", db]) == 0
    assert run(["add", str(home / f"{LATIN}.jsonl"), "--db", db, "--jobs", "1", "--who", LATIN]) == 0
    assert run(["link", "--db", db, "--who", LATIN]) == 0
    with sijill.open(db, write=True, who=LATIN) as register:
        (found,) = register.incidents()
        register.decide(found.id, "/reviewed", True, why=f"asked {WORD}")
    out = tmp_path / "out"
    out.mkdir()
    for form, suffix in FORMS:
        assert run(["export", "--db", db, "--format", form, "--out", str(out / f"x-{form}.{suffix}")]) == 0
    for form in ("html", "pdf", "docx"):
        assert run(["brief", "--db", db, "--period", "2024-03", "--out", str(out / f"b.{form}")]) == 0
    assert {path.name: leaks(path) for path in sorted(out.iterdir()) if leaks(path)} == {}
    with (out / "x-csv.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["killed_best"], row["actors"], row["admin1"], row["reviewed"]) == ("3", "IS", "SY04", "true")
    assert (
        run(
            [
                "export",
                "--db",
                db,
                "--profile",
                "internal",
                "--format",
                "mentions",
                "--out",
                str(out / "m.csv"),
            ]
        )
        == 0
    )
    assert leaks(out / "m.csv")
