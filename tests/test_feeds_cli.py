"""`sijill feeds` as a user meets it, against a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sijill.cli.main import run
from web_server import Server, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def here(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    place = f"127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("SIJILL_FEEDS", str(tmp_path / "feeds.json"))
    monkeypatch.setenv("SIJILL_HOSTS", place)
    monkeypatch.setenv("SIJILL_ALLOW_PRIVATE", "1")
    return place


def test_add_list_pull_remove(here: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["feeds", "list"]) == 3
    assert "no feed is saved" in capfd.readouterr().err
    assert run(["feeds", "add", "wadi", f"http://{here}/feed", "--source", "شبكة الوادي"]) == 0
    assert capfd.readouterr().out == f"saved: wadi http://{here}/feed\n"
    out = tmp_path / "new.jsonl"
    assert run(["feeds", "pull", "--out", str(out)]) == 1  # the third entry has no words
    said = capfd.readouterr().err
    assert "wadi: 2 reports" in said and "entry 3: has no words" in said and "1 feed, 0 failed" in said
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["source"], row["published"]) for row in rows] == [
        ("شبكة الوادي", "2024-04-19"), ("شبكة الوادي", "2024-04-20"),
    ]  # fmt: skip
    assert run(["feeds", "pull"]) == 0
    told = capfd.readouterr()
    assert "wadi: nothing new" in told.err and told.out == ""
    assert run(["feeds", "list"]) == 0
    assert "last new 20" in capfd.readouterr().out
    assert run(["feeds", "remove", "wadi"]) == 0
    assert run(["feeds", "remove", "wadi"]) == 2
    assert "no feed is called 'wadi'; saved are: none yet" in capfd.readouterr().err


def test_a_failing_feed_does_not_hold_the_others_up(here: str, capfd: pytest.CaptureFixture[str]) -> None:
    run(["feeds", "add", "bad", f"http://{here}/none"])
    run(["feeds", "add", "good", f"http://{here}/feed"])
    capfd.readouterr()
    assert run(["feeds", "pull"]) == 1
    told = capfd.readouterr()
    assert len(told.out.splitlines()) == 2 and "bad: failed" in told.err and "1 failed" in told.err
    assert run(["feeds", "pull"]) == 1  # the one that failed waits, the other has nothing new
    assert "bad: failed before, waits until 20" in capfd.readouterr().err
    assert run(["feeds", "pull", "bad"]) == 3
    run(["feeds", "list"])
    assert "2 failures in a row" in capfd.readouterr().out


def test_an_unlisted_host_is_named(
    here: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SIJILL_HOSTS")
    assert run(["feeds", "add", "wadi", f"http://{here}/feed"]) == 0
    assert f"note: {here} is not in SIJILL_HOSTS" in capfd.readouterr().err
    assert run(["feeds", "pull"]) == 3
    assert "add 127.0.0.1" in (said := capfd.readouterr().err) and "SIJILL_HOSTS" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x", "ftp://example.org"], "is no web address"),
        (["amaq", "https://example.org/rss", "--source", "وكالة أعماق"], "comes from Amaq News Agency"),
        (["a", "https://t.me/nashirnews"], "comes from Nashir"),
    ],
)
def test_what_is_not_saved(
    here: str, arguments: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["feeds", "add", *arguments]) == 2
    assert said in capfd.readouterr().err


def test_the_list_in_the_register(
    here: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SIJILL_FEEDS")
    monkeypatch.setenv("SIJILL_DB", str(tmp_path / "register.db"))
    assert run(["feeds", "list"]) == 2  # there is no register yet
    run(["init"])
    assert run(["feeds", "add", "wadi", f"http://{here}/feed"]) == 0
    assert run(["feeds", "add", "bad", f"http://{here}/none"]) == 0
    capfd.readouterr()
    assert run(["feeds", "pull"]) == 1
    said = capfd.readouterr().err
    assert "wadi: added 2 reports" in said and "bad: failed" in said and "2 feeds, 1 failed" in said
    assert run(["feeds", "pull", "wadi"]) == 0
    assert "wadi: nothing new" in capfd.readouterr().err
    run(["feeds", "list"])
    bad, wadi = capfd.readouterr().out.splitlines()
    assert "1 failure in a row" in bad and "last new 20" in wadi
    assert run(["feeds", "add", "wadi", f"http://{here}/feed?again"]) == 0  # another address has no state
    assert run(["feeds", "pull", "wadi"]) == 1
    assert "wadi: added 0 reports" in capfd.readouterr().err
    assert run(["feeds", "remove", "bad"]) == 0
    assert run(["verify"]) == 0
    assert run(["feeds", "pull", "--out", "x.jsonl"]) == 2
