"""From reports to exports and briefs through a register, and back from others' layouts."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import publish_sample as made
import sijill
from sijill.cli.main import run
from sijill.incidents import Incident
from sijill.sources.coded import CodedDocument
from sijill.sources.intake import Intake, documents

EXAMPLES = Path(__file__).parent.parent / "examples" / "reports.jsonl"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A register with the bundled reports, linked."""
    path = str(tmp_path_factory.mktemp("register") / "r.db")
    assert run(["init", path]) == 0
    assert run(["add", str(EXAMPLES), "--db", path, "--jobs", "1"]) == 0
    assert run(["link", "--db", path]) == 0
    yield path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_register_is_exported_with_its_head(db: str, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    assert run(["export", "--db", db, "--with", "tallies", "--with", "control", "--out", str(out)]) == 0
    with sijill.open(db) as register:
        held = list(register.incidents())
        head = register.head()[1]
    found = rows(out)
    assert 20 < len(found) <= len(held)
    told = json.loads((tmp_path / "x.datapackage.json").read_text(encoding="utf-8"))
    assert told["sijill"]["register_head"] == head
    killed = sum(int(row["killed_best"] or 0) for row in found)
    assert killed == sum(
        one.toll("killed")[1] or 0 for one in held if one.id in {row["incident"] for row in found}
    )
    assert rows(tmp_path / "x.tallies.csv")


def test_mentions_of_a_filter(db: str, tmp_path: Path) -> None:
    out = tmp_path / "m.csv"
    assert (
        run(["export", "--db", db, "--format", "mentions", "--filter", "place=SY09", "--out", str(out)]) == 0
    )
    assert rows(out)
    assert {row["admin1"] for row in rows(out)} == {"SY09"}


def test_a_brief_of_a_register(db: str, tmp_path: Path) -> None:
    files = [tmp_path / f"b.{form}" for form in ("html", "pdf", "docx")]
    given = [part for path in files for part in ("--out", str(path))]
    assert run(["brief", "--db", db, "--period", "2024-02", "--lang", "both", *given]) == 0
    page = files[0].read_text(encoding="utf-8")
    assert "الموجز الشهري: شباط/فبراير 2024" in page
    assert "Monthly brief: February 2024" in page
    assert all(path.stat().st_size > 10_000 for path in files)


def test_the_python_face(db: str, tmp_path: Path) -> None:
    with sijill.open(db) as register:
        done = register.export(tmp_path / "x.parquet", where="outcome=killed")
        assert done.rows["incidents"] > 5
        summary = register.brief("2024-02", [tmp_path / "b.html"], lang="en")
        assert summary.total.incidents > 0
    assert (tmp_path / "x.datapackage.json").is_file()
    assert not list(tmp_path.glob(".*"))


def test_as_it_was_known_before_anything_came(db: str, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    assert run(["export", "--db", db, "--as-of", "2020-01-01", "--out", str(out)]) == 0
    assert rows(out) == []


def test_corrections_since_a_day(db: str, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    for day, count in (("2020", 0), ("2099", 0)):
        assert run(["export", "--db", db, "--changes-since", day, "--out", str(out)]) == 0
        assert len(rows(tmp_path / "x.corrections.csv")) == count


def again(path: Path, form: str) -> list[tuple[str, object]]:
    """What a table of that form tells when it is read as a source: ids with mentions."""
    found = list(documents([path], settings=Intake(form=form)))
    faults = [one for one in found if not isinstance(one, CodedDocument)]
    assert faults == []
    coded = [one.coded[0] for one in found if isinstance(one, CodedDocument)]
    return [(one.report.id, one.incidents[0]) for one in coded]


def fought(one: Incident) -> set[str]:
    """The sides of an incident, as both layouts know them: wholes, no things."""
    return {code for code in (*one.actors, *one.targets) if code not in ("PROPERTY", "INFRA", "UNKNOWN")}


ROUND = [
    made.incident(1),
    made.incident(2, place=made.HOMS, action="clash", actors=["SDF", "SNA"], targets=[],
                  tolls=[made.toll("killed", "SDF", 2), made.toll("killed", "SNA", 5)]),
    made.incident(3, place=made.HOMS, actors=["IS"], targets=["CIV"], tolls=[made.toll("killed", "CIV", 12)]),
    made.incident(4, date="2024-03", start="2024-03-01", end="2024-03-31"),
    made.incident(5, date="2024-03-04/2024-03-10", start="2024-03-04", end="2024-03-10"),
    made.incident(6, actors=["TR"], targets=["SDF"], action="drone_strike",
                  tolls=[made.toll("killed", "SDF", 1), made.toll("killed", "PERSONS", 2)]),
]  # fmt: skip


@pytest.mark.parametrize("form", ["ged", "acled"])
def test_what_is_exported_can_be_added_again(tmp_path: Path, form: str) -> None:
    source = made.write(tmp_path / "i.jsonl", ROUND)
    out = tmp_path / f"{form}.csv"
    given = ["--incidents", str(source), "--format", form, "--profile", "internal", "--out", str(out)]
    assert run(["export", *given]) == 0
    found = again(out, form)
    assert len(found) == len(ROUND)
    for one, (identity, mention) in zip(ROUND, found, strict=True):
        assert identity.endswith(one.id)
        assert mention.date is not None and mention.date.edtf == one.date
        assert mention.place is not None and one.place is not None
        assert (mention.place.admin1, mention.place.country) == (one.place.admin1, "SY")
        assert (mention.place.lat, mention.place.lon) == (one.place.lat, one.place.lon)
        assert mention.place.name == one.place.name
        assert {*mention.actors, *mention.targets} == fought(one)
        killed = sum(entry.low or 0 for entry in mention.casualties if entry.outcome == "killed")
        assert killed == one.toll("killed")[1]
        if form == "ged":
            told = {entry.group: entry.low for entry in mention.casualties}
            assert told == {toll.group: toll.best for toll in one.tolls}


def test_looking_only_lately_finds_the_same_surges() -> None:
    import numpy as np

    from sijill.tally.watch import watch

    chance = np.random.default_rng(7)
    counts = chance.poisson(2.0, (4, 150))
    counts[0, 140:] += 9
    counts[1, 120:124] += 12
    names = [(f"SY{at:02}", "incidents") for at in range(4)]
    starts = [date.fromordinal(738157 + 7 * week + 1).isoformat() for week in range(150)]
    for since in (starts[118], starts[138], starts[146]):
        every = watch(counts, names, starts, since=since).surges
        assert watch(counts, names, starts, since=since, lately=True).surges == every
    assert watch(counts, names, starts, since=starts[118], lately=True).surges
