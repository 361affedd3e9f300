"""GED and ACLED tables: rows made up here, in the columns of the real ones."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from sijill.errors import InputError
from sijill.records import Mention
from sijill.sources.coded import CodedDocument
from sijill.sources.intake import Intake, documents

GED = {
    "id": "1", "release": "x", "year": "2019", "type_of_violence": "1", "dyad_name": "a - b", "side_a": "Government of Syria",  # noqa: E501
    "side_b": "IS", "source_headline": "Made-up headline\nin two lines", "source_original": "SOHR", "where_prec": "1",  # noqa: E501
    "where_coordinates": "Sukhnah town", "adm_1": "Homs Governorate", "adm_2": "Tadmur district", "admin1_pcode": "",  # noqa: E501
    "latitude": "34.8853", "longitude": "38.8711", "country": "Syria", "country_id": "652", "event_clarity": "1",  # noqa: E501
    "date_prec": "1", "date_start": "2019-04-19", "date_end": "2019-04-19", "deaths_a": "3", "deaths_b": "1",
    "deaths_civilians": "2", "deaths_unknown": "0", "low": "6", "best": "6", "high": "6",
}  # fmt: skip
ACLED = {
    "event_id_cnty": "SYR1", "event_date": "19 April 2025", "year": "2025", "time_precision": "1",
    "event_type": "Battles", "sub_event_type": "Armed clash", "actor1": "Military Forces of Syria (2024-)",
    "assoc_actor_1": "", "actor2": "Islamic State (Syria)", "assoc_actor_2": "", "country": "Syria", "iso": "760",  # noqa: E501
    "admin1": "Deir ez Zor", "admin2": "Al Mayadin", "location": "Shahil", "latitude": "35.1", "longitude": "40.4",  # noqa: E501
    "geo_precision": "1", "source": "Made-up one; SOHR", "notes": "Made up.", "fatalities": "4",
}  # fmt: skip


def write(path: Path, columns: dict[str, str], *changes: dict[str, str]) -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns))
    writer.writeheader()
    for number, change in enumerate(changes, 1):
        key = "id" if "id" in columns else "event_id_cnty"
        writer.writerow({**columns, key: str(number), **change})
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def run(path: Path, form: str) -> tuple[list[CodedDocument], list[str], list[str]]:
    notes: list[str] = []
    items = list(documents([path], settings=Intake(form=form, notice=notes.append)))
    return (
        [item for item in items if isinstance(item, CodedDocument)],
        [str(item) for item in items if isinstance(item, InputError)],
        notes,
    )


def mentions(path: Path, form: str) -> list[Mention]:
    found, errors, _ = run(path, form)
    assert errors == []
    return [document.coded[0].incidents[0] for document in found]


def killed(mention: Mention) -> dict[str, int | None]:
    assert all(c.outcome == "killed" and c.low == c.high for c in mention.casualties)
    return {casualty.group: casualty.low for casualty in mention.casualties}


def test_an_event_of_ged(tmp_path: Path) -> None:
    found, errors, notes = run(write(tmp_path / "g.csv", GED, {}), "ged")
    assert (errors, notes) == ([], [])
    (document,) = found
    (report,), (coded,) = document.reports, document.coded
    (mention,) = coded.incidents
    assert (report.id, report.source, report.title) == ("GED:1", "UCDP GED", "Made-up headline\nin two lines")
    assert coded.report.sha256 and coded.reader and coded.reader.name == "rows"
    assert (mention.action, mention.actors, mention.targets) == ("clash", ["SY-GOV", "IS"], [])
    assert killed(mention) == {"SY-GOV": 3, "IS": 1, "CIV": 2} and mention.rivals == []
    assert mention.date and mention.date.edtf == "2019-04-19" and mention.sources == ["SOHR"]
    place = mention.place
    assert place and (place.name, place.admin1, place.country, place.precision) == (
        "Sukhnah",
        "SY04",
        "SY",
        "settlement",
    )
    assert (place.lat, place.lon) == (34.8853, 38.8711)
    span = mention.evidence[""][0]
    assert report.text[span.start : span.end] == report.text and "side_a: Government of Syria" in report.text


DATES = [
    ({"date_end": "2019-04-21", "date_prec": "2"}, "2019-04-19/2019-04-21"),
    ({"date_start": "2019-04-01", "date_end": "2019-04-30", "date_prec": "4"}, "2019-04"),
    ({"date_start": "2019-01-01", "date_end": "2019-12-31", "date_prec": "5"}, "2019"),
    ({"date_start": "2019-02-01 00:00:00.000", "date_end": "2019-04-30 00:00:00.000"}, "2019-02-01/2019-04-30"),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("change", "edtf"), DATES)
def test_the_days_of_ged(tmp_path: Path, change: dict[str, str], edtf: str) -> None:
    (mention,) = mentions(write(tmp_path / "g.csv", GED, change), "ged")
    assert mention.date and mention.date.edtf == edtf


PLACES = [
    ({"where_prec": "2"}, "district", True, "SY04"),
    ({"where_prec": "3"}, "district", True, "SY04"),
    ({"where_prec": "4", "admin1_pcode": "SY09"}, "admin1", False, "SY09"),
    ({"where_prec": "5"}, "admin1", False, "SY04"),
    ({"where_prec": "5", "adm_1": ""}, "region", False, None),
    ({"where_prec": "6", "adm_1": ""}, "country", False, None),
]  # fmt: skip


@pytest.mark.parametrize(("change", "precision", "point", "admin1"), PLACES)
def test_the_places_of_ged(
    tmp_path: Path, change: dict[str, str], precision: str, point: bool, admin1: str | None
) -> None:
    (mention,) = mentions(write(tmp_path / "g.csv", GED, change), "ged")
    place = mention.place
    assert place and (place.precision, place.lat is not None, place.admin1) == (precision, point, admin1)


def test_killing_of_civilians_has_a_doer(tmp_path: Path) -> None:
    change = {"type_of_violence": "3", "side_a": "IS", "side_b": "Civilians", "deaths_a": "0", "deaths_b": "0",  # noqa: E501
              "deaths_civilians": "6"}  # fmt: skip
    (mention,) = mentions(write(tmp_path / "g.csv", GED, change), "ged")
    assert (mention.action, mention.actors, mention.targets) == ("armed_assault", ["IS"], ["CIV"])
    assert killed(mention) == {"CIV": 6}


def test_the_same_name_means_another_government_later(tmp_path: Path) -> None:
    change = {"date_start": "2025-03-01", "date_end": "2025-03-01"}
    first, second = mentions(write(tmp_path / "g.csv", GED, {}, change), "ged")
    assert (first.actors[0], second.actors[0]) == ("SY-GOV", "SY-TRANS")


def test_broken_rows_of_ged_are_named_and_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "g.csv", GED, {"low": "9"}, {"high": "5"}, {"best": "7", "high": "9"}, {"low": "4", "high": "8"},  # noqa: E501
        {"side_a": "Sham Legion, Nobody Knows Brigade"},
    )  # fmt: skip
    found, errors, notes = run(path, "ged")
    assert len(found) == 5 and errors == []
    ranges = [[(r.low, r.high) for r in document.coded[0].incidents[0].rivals] for document in found]
    assert ranges == [[(6, 9)], [(5, 6)], [(6, 9)], [(4, 8)], []]
    assert notes == [
        f"{path}: actor not known and left empty: 'Nobody Knows Brigade' (1)",
        f"{path}: 1 rows have low above best: rows 2",
        f"{path}: 1 rows have best above high: rows 4",
        f"{path}: 1 rows have parts that do not add up to best: rows 6",
    ]


BROKEN = [
    ({"deaths_a": "three"}, "has a figure that is no whole number"),
    ({"deaths_a": "-1"}, "has a figure below zero"),
    ({"date_start": "then"}, "'then' is no date"),
    ({"date_end": "2019-04-01"}, r"ends \(2019-04-01\) before it begins"),
    ({"type_of_violence": "9"}, "has type_of_violence '9'"),
    ({"id": "1"}, "has the id of an earlier row"),
]


@pytest.mark.parametrize(("change", "said"), BROKEN)
def test_rows_that_cannot_be_used(tmp_path: Path, change: dict[str, str], said: str) -> None:
    found, errors, _ = run(write(tmp_path / "g.csv", GED, {}, change, {}), "ged")
    assert len(found) == 2 and len(errors) == 1
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(errors[0])


def test_an_event_of_acled(tmp_path: Path) -> None:
    found, errors, notes = run(write(tmp_path / "a.csv", ACLED, {}), "acled")
    assert (errors, notes) == ([], [])
    mention = found[0].coded[0].incidents[0]
    assert found[0].reports[0].id == "ACLED:1"
    assert (mention.action, mention.actors, mention.targets) == ("clash", ["SY-TRANS", "IS"], [])
    assert killed(mention) == {"PERSONS": 4} and mention.sources == ["Made-up one", "SOHR"]
    assert mention.date and mention.date.edtf == "2025-04-19"
    assert mention.place and (mention.place.admin1, mention.place.precision) == ("SY09", "settlement")


EVENTS = [
    ({"sub_event_type": "Air/drone strike", "event_type": "Explosions/Remote violence"}, "air_strike"),
    (
        {"sub_event_type": "Abduction/forced disappearance", "event_type": "Violence against civilians"},
        "abduction",
    ),
    ({"sub_event_type": "Peaceful protest", "event_type": "Protests"}, "protest"),
    ({"sub_event_type": "", "event_type": "Riots"}, "protest"),
    ({"sub_event_type": "Arrests", "event_type": "Strategic developments"}, "arrest"),
]


@pytest.mark.parametrize(("change", "action"), EVENTS)
def test_the_events_of_acled(tmp_path: Path, change: dict[str, str], action: str) -> None:
    (mention,) = mentions(write(tmp_path / "a.csv", ACLED, change), "acled")
    assert mention.action == action
    if action == "abduction":
        assert (mention.actors, mention.targets) == (["SY-TRANS"], ["IS"])


def test_precision_and_zero_in_acled(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", ACLED, {"time_precision": "2", "geo_precision": "3", "fatalities": "0"},
        {"time_precision": "3", "event_date": "2025-04-01", "geo_precision": "2", "actor1": "Who (Syria)"},
    )  # fmt: skip
    found, errors, notes = run(path, "acled")
    first, second = (document.coded[0].incidents[0] for document in found)
    assert errors == [] and notes == [f"{path}: actor not known and left empty: 'Who (Syria)' (1)"]
    assert first.date and first.date.edtf == "2025-04-19/2025-04-25" and first.casualties == []
    assert first.place and (first.place.precision, first.place.lat) == ("admin1", None)
    assert second.date and second.date.edtf == "2025-04" and second.actors == ["IS"]


def test_a_table_of_another_format_is_named(tmp_path: Path) -> None:
    found, errors, _ = run(write(tmp_path / "a.csv", ACLED, {}), "ged")
    assert found == [] and "is no GED table: it lacks id, type_of_violence" in errors[0]
