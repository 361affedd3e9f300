"""The register's commands: what they print, how they end, and that no user sees a traceback."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from registers import TEXT
from sijill.cli.main import run
from sijill.reading.reader import READERS


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(READERS, "fake", "fake_reader:load")
    monkeypatch.setenv("SIJILL_READER", "fake")
    monkeypatch.setenv("SIJILL_DB", str(tmp_path / "r.db"))
    monkeypatch.setenv("SIJILL_WHO", "layla")
    monkeypatch.chdir(tmp_path)
    lines = [
        {"text": f"{TEXT} {n} في دير الزور", "source": "agency", "published": "2024-04-19"} for n in range(5)
    ]
    (tmp_path / "feed.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> object:
    def call(*arguments: str, code: int = 0) -> str:
        found = run(arguments)
        out, err = capsys.readouterr()
        assert found == code, (found, out, err)
        assert "Traceback" not in err
        return out + err

    return call


def test_from_init_to_upgrade(said, home: Path) -> None:  # type: ignore[no-untyped-def]
    assert "is ready" in said("init")
    assert (home / "r.db").stat().st_mode & 0o77 == 0
    assert "would add 5 reports" in said("add", "feed.jsonl", "--dry-run")
    assert "added 5 reports (5 incidents, 0 tallies); head 5:" in said("add", "feed.jsonl", "--no-link")
    assert "added 0 reports (0 incidents, 0 tallies); 5 known" in said("add", "feed.jsonl")
    assert "holds a register already, with 5 entries" in said("init")
    status = json.loads(said("status", "--json"))
    assert status["counts"]["report"] == 5
    head = status["head"]
    assert "all holds: 5 entries" in said("verify", "--head", head)
    found = json.loads(said("search", "السخنة", "--from", "2024", "--kind", "armed_assault", "--most", "1",
                            "--json").splitlines()[0])  # fmt: skip
    own = found["report"]
    assert "dir" not in said("search", "دير الزور")
    assert "came from feed.jsonl:" in said("show", own)
    assert json.loads(said("show", own, "--json"))["id"] == own
    assert TEXT in json.loads(said("show", own, "--bytes"))["text"]
    assert found["mentions"][0] in said("show", found["mentions"][0])
    assert "is retracted" in said("retract", own, "--why", "a hoax")
    assert "RETRACTED: a hoax" in said("show", own)
    assert "head 6:" in said("backup", "b.db")
    assert "5 reports read again: 0 got a new reading" in said("recode")
    told = said("redact", own, "--why", "asked for", "--yes")
    assert "erased: 1 document, 1 report" in told and "b.db" in told
    assert "erased" in said("show", own, "--bytes", code=1)
    assert "b.db" in said("verify")
    assert "rebuilt: " in said("rebuild")
    assert "LOOK" in said("doctor", code=1)
    assert "already of the newest form" in said("upgrade")
    assert "restored 6 entries" in said("restore", "b.db", "--db", "back.db")
    assert "all holds" in said("verify", "--db", "back.db", "--head", f"{head}")
    assert "nothing found" in said("search", "زلزال", code=1)


def test_what_is_left_out_is_told_and_written(said, home: Path) -> None:  # type: ignore[no-untyped-def]
    said("init")
    lines = [json.dumps({"text": TEXT}), '{"text": 7}', "{", '{"text": "CRASH"}']
    (home / "bad.jsonl").write_text("\n".join(lines), encoding="utf-8")
    told = said("add", "bad.jsonl", "--report", "left.csv", code=1)
    assert "left out: 3" in told and "bad.jsonl:2: 'text' is a number, not text; put it in quotes" in told
    with (home / "left.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["where", "what", "remedy"] and len(rows) == 4
    assert "does not exist" in said("add", "absent.txt", code=3)


def test_a_broken_register_is_told(said, home: Path) -> None:  # type: ignore[no-untyped-def]
    import sqlite3

    said("init")
    said("add", "feed.jsonl")
    with sqlite3.connect(home / "r.db") as connection:
        connection.execute("UPDATE report SET text = 'x' WHERE entry = 2")
    connection.close()
    told = said("verify", code=1)
    assert "BROKEN, first here: report of entry 2" in told and "sijill restore" in told
    assert json.loads(said("verify", "--json", code=1))["ok"] is False


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("status",), 2, "does not exist; `sijill init"),
        (("add", "feed.jsonl"), 2, "does not exist; `sijill init"),
        (("verify", "--head", "x"), 2, "a head is written as status prints it"),
        (("search",), 2, "nothing is asked for"),
        (("init", "mysql://x"), 2, "no address of a"),
        (("init", "/absent/r.db"), 2, "the folder /absent does not exist"),
        (("restore", "absent.db"), 2, "give the file that `sijill backup` wrote"),
        (("redact", "--why", "x"), 2, "give a report to erase, or a person's --name"),
        (("upgrade",), 2, "does not exist"),
        (("status", "--db", "postgresql://nobody@127.0.0.1:9/none"), 3, "connection to PostgreSQL failed"),
    ],
)
def test_what_cannot_be_done_is_told(said, arguments: tuple[str, ...], code: int, words: str) -> None:  # type: ignore[no-untyped-def]
    assert words in said(*arguments, code=code)


def test_ids_that_are_not_held(said) -> None:  # type: ignore[no-untyped-def]
    said("init")
    for own in ("r-0", "i-0", "m-0"):
        assert "holds none of that id" in said("show", own, code=1)
    assert "no report of that id" in said("retract", "r-0", "--why", "x", code=2)
