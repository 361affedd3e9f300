"""Exports, proven by the readers of others: every format is loaded by a program that is not ours."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import openpyxl
import pandas
import polars
import pytest
from click.testing import CliRunner, Result

import publish_sample as made
from sijill.cli.main import run
from sijill.incidents import Incident
from sijill.publish import acled, ged, sides
from sijill.publish.names import names

COUNT = 11


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    return {
        "--incidents": made.write(tmp_path / "i.jsonl", made.sample()),
        "--mentions": made.write(tmp_path / "m.jsonl", made.mentions()),
        "--control": made.write(tmp_path / "c.jsonl", made.controls()),
        "--tallies": made.write(tmp_path / "t.jsonl", made.tallies()),
    }


def export(files: dict[str, Path], *more: object) -> int:
    given = [str(part) for pair in files.items() for part in pair]
    return run(["export", *given, *map(str, more)])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_by_pandas_polars_and_duckdb(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    assert export(files, "--format", "csv", "--out", out) == 0
    frame = pandas.read_csv(out, parse_dates=["date_start"])
    assert len(frame) == COUNT
    assert frame["killed_best"].sum() == 3 + 5 + 12 + 3 + 3
    assert frame["date_start"].min() == pandas.Timestamp("2024-02-20")
    assert frame["place"].dropna().isin(["الشولا", "حمص", "دير الزور"]).all()
    other = polars.read_csv(out, try_parse_dates=True)
    assert other.columns == list(frame.columns)
    assert other["killed_high"].null_count() == frame["killed_high"].isna().sum()
    asked = f"SELECT incident, date_start, reviewed FROM read_csv('{out}') ORDER BY incident LIMIT 1"
    assert duckdb.sql(asked).fetchall() == [("i-0000000000000001", date(2024, 3, 4), True)]


def test_parquet_has_types(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "x.parquet"
    assert export(files, "--format", "parquet", "--out", out) == 0
    frame = polars.read_parquet(out)
    assert frame.schema["date_start"] == polars.Date
    assert frame.schema["killed_best"] == polars.Int64
    assert frame.schema["reviewed"] == polars.Boolean
    assert len(frame) == COUNT
    assert duckdb.sql(f"SELECT sum(killed_best) FROM '{out}'").fetchall() == [(26,)]
    assert len(pandas.read_parquet(out)) == COUNT


def test_a_layout_takes_the_kind_of_its_file(files: dict[str, Path], tmp_path: Path) -> None:
    for suffix, read in (("parquet", pandas.read_parquet), ("xlsx", lambda p: pandas.read_excel(p, "ged"))):
        out = tmp_path / f"ged.{suffix}"
        assert export(files, "--format", "ged", "--out", out) == 0
        assert list(read(out)["best"]) == [3, 5, 12]  # type: ignore[operator]


def test_a_spreadsheet_reads_from_the_right(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "x.xlsx"
    assert export(files, "--format", "xlsx", "--out", out) == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["readme", "incidents", "tolls", "control", "tallies", "codebook"]
    sheet = book["incidents"]
    assert all(each.sheet_view.rightToLeft for each in book)
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref is not None
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, sheet[2], strict=True))
    assert first["date_start"].value == datetime(2024, 3, 4)
    assert first["killed_best"].value == 3
    assert first["reviewed"].value is True
    assert {row[1].value for row in book["codebook"].iter_rows(min_row=2)} >= set(head)


def test_maps_by_pyogrio_and_geopandas(files: dict[str, Path], tmp_path: Path) -> None:
    import geopandas

    for kind in ("geojson", "gpkg"):
        out = tmp_path / f"x.{kind}"
        assert export(files, "--format", kind, "--out", out) == 0
        frame = geopandas.read_file(out)
        assert len(frame) == COUNT
        assert frame.crs.to_epsg() == 4326
        assert frame.geometry.notna().sum() == COUNT - 1
        homs = frame[frame["place_id"] == "sy-homs"].geometry.iloc[0]
        assert (round(homs.x, 1), round(homs.y, 1)) == (36.7, 34.7)


def test_jsonl_is_read_again(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "x.jsonl"
    assert export(files, "--format", "jsonl", "--profile", "internal", "--out", out) == 0
    again = [msgspec.json.decode(line, type=Incident) for line in out.read_bytes().splitlines()]
    assert again == made.sample()


def test_the_description_is_valid_and_true(files: dict[str, Path], tmp_path: Path) -> None:
    import frictionless

    folder = tmp_path / "out"
    folder.mkdir()
    given = ["--with", "tolls", "--with", "control", "--with", "tallies", "--out", folder]
    assert export(files, "--format", "csv", *given) == 0
    described = folder / "datapackage.json"
    told = json.loads(described.read_text(encoding="utf-8"))
    assert [each["name"] for each in told["resources"]] == ["incidents", "tolls", "control", "tallies"]
    assert len(told["sijill"]["register_head"]) == 64
    assert told["licenses"][0]["name"] == "CC-BY-4.0"
    report = frictionless.validate(str(described))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "message"])


@pytest.mark.parametrize("form", ["acled", "ged", "hapi", "plover", "mentions"])
def test_every_layout_is_described(files: dict[str, Path], tmp_path: Path, form: str) -> None:
    import frictionless

    assert export(files, "--format", form, "--out", tmp_path / "x.csv") == 0
    report = frictionless.validate(str(tmp_path / "x.datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "message"])


@pytest.mark.parametrize("form", ["csv", "hapi"])
def test_hxl_tags_are_read_by_libhxl(files: dict[str, Path], tmp_path: Path, form: str) -> None:
    import frictionless
    import hxl

    out = tmp_path / "x.csv"
    assert export(files, "--format", form, "--hxl", "--out", out) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        source = hxl.data(list(csv.reader(file)))
    assert "#affected+killed" in source.display_tags
    assert frictionless.validate(str(tmp_path / "x.datapackage.json")).valid
    assert len(list(source)) == len(rows(out)) - 1


def test_acled_has_its_columns_and_categories(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    assert export(files, "--format", "acled", "--out", out) == 0
    assert len(acled.COLUMNS) == 31
    events = {row["event_id_cnty"][-1]: row for row in rows(out)}
    assert set(events) == set("1234789ab")
    assert events["1"]["interaction"] == "Rebel group-State forces"
    assert events["2"]["civilian_targeting"] == "Civilian targeting"
    assert (events["4"]["time_precision"], events["4"]["inter1"]) == ("3", "External/Other forces")
    assert events["8"]["sub_event_type"] == "Disrupted weapons use"
    assert events["9"]["fatalities"] == ""
    assert events["a"]["sub_event_type"] == "Government regains territory"
    for sub, where in acled.mapping().sub_events.items():
        assert sub in PUBLISHED[where.event], sub


PUBLISHED = {
    "Battles": {"Armed clash", "Government regains territory", "Non-state actor overtakes territory"},
    "Explosions/Remote violence": {
        "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED", "Grenade",
    },
    "Protests": {"Peaceful protest", "Protest with intervention", "Excessive force against protesters"},
    "Riots": {"Violent demonstration", "Mob violence"},
    "Strategic developments": {
        "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use",
        "Headquarters or base established", "Looting/property destruction",
        "Non-violent transfer of territory", "Other",
    },
    "Violence against civilians": {"Sexual violence", "Attack", "Abduction/forced disappearance"},
}  # fmt: skip
"""ACLED's event and sub-event types, from its codebook."""


def test_ged_counts_deaths_by_side(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    assert export(files, "--format", "ged", "--out", out) == 0
    assert len(ged.COLUMNS) == 49
    first, second, third = rows(out)
    assert (first["side_a"], first["side_b"], first["deaths_a"], first["best"]) == (
        "Government of Syria", "IS", "3", "3",
    )  # fmt: skip
    assert (second["type_of_violence"], second["deaths_civilians"]) == ("3", "5")
    assert (third["date_prec"], third["where_prec"]) == ("4", "3")
    assert first["code_status"] == "Clear"
    assert second["code_status"] == "Check: not reviewed"
    for row in (first, second, third):
        assert int(row["low"]) <= int(row["best"]) <= int(row["high"])
        parts = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
        assert sum(int(row[part]) for part in parts) == int(row["best"])


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [("2024-03-04", "2024-03-04", 1), ("2024-03-04", "2024-03-06", 2), ("2024-03-04", "2024-03-10", 3),
     ("2024-03-01", "2024-03-31", 4), ("2024-01-01", "2024-12-31", 5), ("2020-01-01", "2024-12-31", None)],
)  # fmt: skip
def test_date_precision(start: str, end: str, code: int | None) -> None:
    assert ged.date_prec(date.fromisoformat(start), date.fromisoformat(end)) == code


def test_prio_grid_cells_are_those_of_ged() -> None:
    known = [(35.688342, 36.449962, 181153), (36.201241, 37.161173, 181875), (33.513364, 36.291575, 178273)]
    assert [ged.priogrid(lat, lon) for lat, lon, _ in known] == [cell for _, _, cell in known]


def test_hapi_sums_by_district_and_month_without_small_cells(files: dict[str, Path], tmp_path: Path) -> None:
    for profile, events in (("public", ["", "3"]), ("internal", ["2", "3"])):
        out = tmp_path / f"{profile}.csv"
        assert export(files, "--format", "hapi", "--profile", profile, "--out", out) == 0
        homs = [row for row in rows(out) if row["admin2_code"] == "SY0401"]
        assert [row["event_type"] for row in homs] == ["civilian_targeting", "political_violence"]
        assert [row["events"] for row in homs] == events
        assert all(row["reference_period_end"] == "2024-03-31" for row in homs)
        assert ("left empty" in homs[0]["warning"]) is (profile == "public")


def test_wide_and_long_tell_the_same(files: dict[str, Path], tmp_path: Path) -> None:
    wide, long = tmp_path / "wide.csv", tmp_path / "long.csv"
    assert export(files, "--out", wide) == export(files, "--form", "long", "--out", long) == 0
    killed = sum(int(row["killed_best"] or 0) for row in rows(wide))
    each = [row for row in rows(long) if row["outcome"] == "killed" and row["part_of"] == "false"]
    assert sum(int(row["best"] or 0) for row in each) == killed
    assert {row["group_ar"] for row in each} >= {"مدنيون"}


def test_a_filter_narrows(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    assert export(files, "--filter", "place=SY04 outcome=killed", "--out", out) == 0
    assert [row["incident"][-1] for row in rows(out)] == ["2", "9"]


def test_what_changed_is_told(files: dict[str, Path], tmp_path: Path) -> None:
    before = tmp_path / "before.jsonl"
    assert export(files, "--format", "jsonl", "--out", before) == 0
    now = made.sample()
    now[0] = made.incident(1, reviewed=True, tolls=[made.toll("killed", "SY-GOV", 9)])
    now[1] = msgspec.structs.replace(now[1], standing="retracted")
    now[3] = msgspec.structs.replace(now[3], formerly=[now[2].id])
    del now[2]
    del now[-1]
    files["--incidents"] = made.write(tmp_path / "now.jsonl", [*now, made.incident(99)])
    assert export(files, "--changes-since", before, "--out", tmp_path / "x.csv") == 0
    told = rows(tmp_path / "x.corrections.csv")
    short = [(row["incident"][-1], row["what"], row["column"], row["before"], row["after"]) for row in told]
    assert ("1", "changed", "killed_best", "3", "9") in short
    assert ("2", "retracted", "standing", "single_source", "retracted") in short
    assert ("3", "merged", "", "", now[2].id) in short
    assert ("b", "retracted", "", "", "") in short
    assert not any(row[0] == "63" for row in short), "what is new is no correction"


def test_every_side_of_the_table_is_known() -> None:
    for code in sides.sides():
        assert names().actor(code, "en") != code or code == "PKK", code
    assert sides.sort("SY-GOV/DIV4", "SY") == "state"
    assert sides.sort("TR", "SY") == "outsider"
    assert sides.sort("CIV/CHILD", "SY") == "civilians"


def told(*arguments: object) -> Result:
    """What a command says, as a user sees it."""
    from sijill.cli.main import cli

    return CliRunner().invoke(cli, [str(part) for part in arguments])


def test_what_cannot_be_is_said_in_a_sentence(
    files: dict[str, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cases: list[tuple[tuple[Any, ...], int, str]] = [
        (("--filter", "colour=red"), 2, "is no filter; write key=value"),
        (("--out", tmp_path / "no" / "x.csv"), 2, "does not exist; make it first"),
        (("--format", "xlsx"), 2, "add --out FILE.xlsx"),
        (("--format", "parquet", "--hxl", "--out", tmp_path / "x.parquet"), 2, "leave --hxl away"),
        (("--format", "ged", "--hxl"), 2, "has no HXL tags"),
        (("--with", "tolls"), 2, "add --out FOLDER"),
        (("--changes-since", "soon", "--out", tmp_path / "x.csv"), 2, "is neither a day nor a file"),
        (("--out", tmp_path / "i.jsonl"), 2, "is also read"),
    ]
    for arguments, code, said in cases:
        assert export(files, *arguments) == code, arguments
        assert said in capfd.readouterr().err
    assert run(["export", "--db", str(tmp_path / "none.db")]) == 2
    assert "does not exist; `sijill init" in capfd.readouterr().err
    assert run(["export", "--mentions", str(files["--mentions"])]) == 2
    assert "go with --incidents FILE; add it" in capfd.readouterr().err
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    assert export(files, "--format", "parquet", "--out", tmp_path / "y.parquet") == 2
    assert "pip install 'sijill[parquet]'" in capfd.readouterr().err
    assert not (tmp_path / "y.parquet").exists()


def test_a_broken_line_costs_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = made.write(tmp_path / "i.jsonl", made.sample())
    path.write_bytes(b'{"id": 1}\n' + path.read_bytes())
    assert run(["export", "--incidents", str(path), "--out", str(tmp_path / "x.csv")]) == 1
    assert f"{path}:1: no line of incidents" in capfd.readouterr().err
    assert len(rows(tmp_path / "x.csv")) == COUNT


def test_the_script_for_r_names_columns_that_are_there() -> None:
    from sijill.publish.columns import INCIDENTS

    script = (Path(__file__).parent.parent / "docs" / "read_exports.R").read_text(encoding="utf-8")
    named = {"admin1_name", "killed_best", "reviewed", "actors"}
    assert all(name in script for name in named)
    assert named <= {column.name for column in INCIDENTS}
    for kind in ("string", "integer", "number", "date", "boolean"):
        assert f"{kind} = " in script
