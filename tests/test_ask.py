"""Questions to a real register: the commands end to end, the columns kept beside it, the Python face."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from sijill import ask
from sijill.cli.main import cli
from sijill.errors import InputError, UsageError
from sijill.incidents import Incident, Toll
from sijill.keep import Keeper
from sijill.records import Place
from sijill.tally import store
from sijill.tally.table import Table

REPORT = {
    "text": "قال المرصد السوري لحقوق الإنسان إن تنظيم داعش قتل 125 عنصرا من قوات النظام في دير الزور "
    "منذ 24 آذار/مارس 2019.", "published": "2019-06-03", "source": "وكالة", "id": "r1",
}  # fmt: skip


def incident(number: int, day: str, killed: int, admin1: str = "SY09") -> Incident:
    toll = Toll(outcome="killed", group="SY-GOV", low=killed, best=killed, high=killed)
    return Incident(
        id=f"i-{number:016x}", action="ambush", date=day, start=day, end=day, actors=["IS"],
        targets=["SY-GOV"], tolls=[toll], sources=["SOHR"],
        place=Place(name="الشولا", admin1=admin1, country="SY"), first_published=day, last_published=day,
    )  # fmt: skip


SOME = [incident(1, "2019-03-25", 4), incident(2, "2019-04-18", 27, "SY04"), incident(3, "2019-06-01", 13)]


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIJILL_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def register(place: str | Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("SIJILL_CACHE")
    with Keeper.open(place, create=True, write=True) as made:
        made.add([REPORT])
        made.replace_incidents(SOME, {})
    return str(place)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words), standalone_mode=False, catch_exceptions=False)


def test_a_tally_of_a_register_as_table_csv_and_json(register: str, tmp_path: Path) -> None:
    shown = run("tally", "--db", register, "--by", "month,governorate")
    assert "2019-04" in shown.output and "Documented minimum" in shown.output and "حدّ أدنى" in shown.output
    out = tmp_path / "t.csv"
    run("tally", "--db", register, "--by", "governorate", "--out", str(out))
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert [(row["governorate"], row["killed_best"], row["basis"]) for row in rows] == [
        ("SY04", "27", "documented minimum"), ("SY09", "17", "documented minimum"),
    ]  # fmt: skip
    answer = json.loads(run("tally", "--db", register, "--format", "json", "--ids").output)
    assert answer["totals"]["killed"]["best"] == 44 and answer["ids"]["2019-06"] == [SOME[2].id]
    assert set(answer["note"]) == {"en", "ar"}


def test_a_cell_opens_into_its_incidents(register: str) -> None:
    shown = run("tally", "--db", register, "--by", "month", "--why", "2019-04", "--format", "json")
    (row,) = json.loads(shown.output)["rows"]
    assert (row["incident"], row["killed"], row["sources"]) == (SOME[1].id, "27", "SOHR")
    with pytest.raises(UsageError, match="no cell '2019-05'"):
        run("tally", "--db", register, "--by", "month", "--why", "2019-05")


def test_other_questions_to_a_register(register: str) -> None:
    compared = json.loads(
        run(
            "compare", "2019-03", "2019-04", "--db", register, "--measure", "killed", "--format", "json"
        ).output
    )
    assert compared["verdict"] == "unclear" and compared["ids"]["b"] == [SOME[1].id]
    assert "2019-05" in run("series", "--db", register, "--measure", "killed").output
    bars = run("series", "--db", register, "--by", "governorate", "--measure", "killed", "--bars").output
    assert "█" in bars and "SY04" in bars
    assert "the highest since 2019-03" in run("record", "--db", register, "--period", "2019-04").output
    refused = run("missing", "--db", register)
    assert "No estimate" in refused.output and "SOHR" in refused.output


def test_the_tallies_that_reports_tell_are_checked(register: str) -> None:
    shown = run("check", "--db", register, "--format", "json", "--show")
    answer = json.loads(shown.output)
    (figure,) = answer["figures"]
    assert (figure["published"], figure["result"]) == ("125", "fewer") and shown.return_value == 1
    assert figure["incidents"] and figure["said"][0]["ar"]


def test_as_of_gives_what_held_then(register: str, tmp_path: Path) -> None:
    with Keeper.open(register, write=True) as made:
        before = made.head()[0]
        made.replace_incidents([incident(4, "2019-06-02", 100)], {})
    assert json.loads(run("tally", "--db", register, "--format", "json").output)["total"] == 4
    then = run("tally", "--db", register, "--format", "json", "--as-of", str(before))
    assert json.loads(then.output)["total"] == 3
    file = tmp_path / "i.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in SOME))
    early = run("tally", "--incidents", str(file), "--as-of", "2019-04")
    assert (
        "all: 2 incidents" in early.output and "1 incidents first published after 2019-04-30" in early.stderr
    )


def test_columns_are_kept_and_made_anew_when_something_is_written(
    register: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SIJILL_CACHE", str(tmp_path / "kept"))
    monkeypatch.setattr(ask, "KEPT_FROM", 1)
    first = ask.table(register)
    (kept,) = (tmp_path / "kept").glob("columns-*.npz")
    assert kept.stat().st_mode & 0o077 == 0
    again = ask.table(register)
    assert isinstance(again.ids, store.Ids) and list(again.ids) == list(first.ids)
    for by in (["month", "governorate"], ["target"], ["actor", "action"]):
        assert ask.tally(again, by=by).rows() == ask.tally(first, by=by).rows()
    with Keeper.open(register, write=True) as made:
        made.replace_incidents([incident(4, "2019-06-02", 100)], {})
    assert len(ask.table(register)) == 4
    (new,) = (tmp_path / "kept").glob("columns-*.npz")
    assert new != kept


def test_a_broken_file_of_columns_is_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "columns.npz"
    assert store.load(path) is None
    store.save(Table.of(SOME), path)
    whole = path.read_bytes()
    assert store.load(path) is not None
    for broken in (whole[: len(whole) // 2], b"", b"x" * 100):
        path.write_bytes(broken)
        assert store.load(path) is None


def test_the_python_face_gives_frames(tmp_path: Path) -> None:
    file = tmp_path / "i.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in SOME))
    table = ask.table(file)
    killed = ask.tally(table, by=["governorate"], measures=["killed"], asked=ask.where("actor=IS"))
    assert killed.to_polars()["killed_best"].to_list() == [27, 17]
    assert killed.to_pandas()["incidents"].tolist() == [1, 2]
    for answer in (ask.series(table), ask.compare(table, "2019-03", "2019-04"), ask.record(table, "2019-04"),
                   ask.missing(table)):  # fmt: skip
        assert answer.to_polars().columns == answer.columns()
    checked = ask.check(
        table, [ask.Published(id="x", low=44, high=44, since="2019-01-01", until="2019-12-31")]
    )
    assert checked.to_polars()["result"].to_list() == ["agrees"]


def test_a_line_that_is_no_incident_is_named(tmp_path: Path) -> None:
    file = tmp_path / "i.jsonl"
    file.write_text('{"id": "i-1"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"i\.jsonl:1: no incident"):
        run("tally", "--incidents", str(file))


def test_the_notebook_runs_from_register_to_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIJILL_CACHE")
    docs = Path(__file__).parent.parent / "docs"
    monkeypatch.chdir(docs)
    monkeypatch.setattr("tempfile.mkdtemp", lambda: str(tmp_path))
    notebook = json.loads((docs / "register-to-figure.ipynb").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            exec(compile("".join(cell["source"]), "notebook", "exec"), names)
    picture = (tmp_path / "killed.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg") and "حدّ أدنى" in picture


def test_a_picture_names_its_lines_in_arabic(register: str, tmp_path: Path) -> None:
    picture = tmp_path / "p.svg"
    run("series", "--db", register, "--by", "actor", "--measure", "killed", "--picture", str(picture))
    drawn = picture.read_text(encoding="utf-8")
    assert "القتلى" in drawn and "تنظيم الدولة" in drawn and "آيسلندا" not in drawn and "حدّ أدنى" in drawn
    with pytest.raises(UsageError, match=r"\.svg, \.png or \.pdf"):
        run("series", "--db", register, "--picture", "p.gif")


def test_a_table_for_eyes_names_codes_and_says_what_is_not_told(register: str) -> None:
    shown = run("tally", "--db", register, "--by", "governorate,actor").output
    assert "SY09 Deir-ez-Zor" in shown and "not told" in shown and "17" in shown


def test_a_governorate_may_be_named_in_english(register: str) -> None:
    for name in ("SY09", "Deir-ez-Zor", "'deir ez zor'", "Syria"):
        shown = run("tally", "--db", register, "--where", f"place={name}", "--format", "json")
        assert json.loads(shown.output)["total"] == (3 if name == "Syria" else 2), name
    with pytest.raises(UsageError, match="no incident has place=Atlantis"):
        run("tally", "--db", register, "--where", "place=Atlantis")
