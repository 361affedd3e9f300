"""Linking in a register: what is new, what persons said, and the commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from registers import _fake, filled, opened, report
from sijill.cli.main import cli
from sijill.errors import UsageError
from sijill.incidents import Incident
from sijill.keep import Keeper
from sijill.linking import link, say, undo

__all__ = ["_fake"]

FIVE = "2024-04-19"


def clusters(register: Keeper) -> list[list[str]]:
    return sorted(one.mentions for one in register.incidents())


def only(register: Keeper) -> Incident:
    (found,) = register.incidents()
    return found


def test_reports_of_one_event_are_one_incident(place: str | Path) -> None:
    with filled(place) as register:
        linked = link(register)
        assert (linked.mentions, linked.incidents, linked.changed) == (5, 1, 1)
        found = only(register)
        assert len(found.mentions) == 5 and found.outlets == ["agency"]
        assert found.standing == "single_source", "one agency is one source"
        assert [(row.low, row.best, row.high) for row in found.tolls] == [(1, 1, 1)]
        assert link(register).mentions == 0, "nothing is new"
        again = link(register, whole=True)
        assert (again.judged, again.changed) == (0, 0), "linking twice changes nothing"


def test_what_comes_later_joins_and_the_id_stays(tmp_path: Path) -> None:
    with filled(tmp_path / "register.db", 2) as register:
        link(register)
        first = only(register).id
        register.add([report(3, source="other")], reader="fake", jobs=1)
        linked = link(register)
        assert linked.incidents == 1 and linked.mentions == 3
        assert only(register).id == first
        assert only(register).standing == "corroborated"
        register.add([report(4, published="2024-06-01")], reader="fake", jobs=1)
        assert link(register).incidents == 1, "only the new one is looked at"
        assert len(list(register.incidents())) == 2


def test_a_person_parts_for_good(place: str | Path) -> None:
    with filled(place, 3) as register:
        link(register)
        whole = only(register)
        entry = say(register, "different", [whole.id], leaving=[whole.mentions[0]], why="another unit")
        link(register)
        parted = clusters(register)
        assert [whole.mentions[0]] in parted and len(parted) == 2
        register.add([report(number) for number in range(4, 8)], reader="fake", jobs=1)
        link(register)
        link(register, whole=True)
        homes = register.incident_of(whole.mentions)
        assert homes[whole.mentions[0]] not in {homes[name] for name in whole.mentions[1:]}
        undo(register, entry)
        linked = link(register)
        assert len(clusters(register)) == 1
        for old, new in linked.gone.items():
            found = register.incident(old)
            assert found is not None and found.id == new and old in found.formerly


def test_a_person_joins_what_the_weights_part(tmp_path: Path) -> None:
    with opened(tmp_path / "register.db") as register:
        register.add([report(1), report(2, published="2024-06-01")], reader="fake", jobs=1)
        link(register)
        one, other = (found.id for found in register.incidents())
        entry = say(register, "same", [one, other])
        linked = link(register)
        assert len(clusters(register)) == 1 and len(linked.gone) == 1
        link(register, whole=True)
        assert len(clusters(register)) == 1
        with pytest.raises(UsageError, match="one incident already"):
            say(register, "same", [one, other])
        undo(register, entry)
        link(register)
        assert {one, other} == {found.id for found in register.incidents()}, "both ids come back"


def test_a_merge_after_a_split_holds(tmp_path: Path) -> None:
    with filled(tmp_path / "register.db", 3) as register:
        link(register)
        whole = only(register)
        say(register, "different", [whole.id], leaving=whole.mentions[:1])
        link(register)
        say(register, "same", [one.id for one in register.incidents()])
        linked = link(register)
        assert linked.contradictions == [] and len(clusters(register)) == 1


def test_unsure_silences_the_weights(tmp_path: Path) -> None:
    with filled(tmp_path / "register.db", 2) as register:
        link(register)
        say(register, "unsure", only(register).mentions)
        link(register)
        assert len(clusters(register)) == 2


def test_bit_by_bit_gives_what_all_at_once_gives(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in Path("examples/reports.jsonl").read_text("utf-8").splitlines()]
    with opened(tmp_path / "register.db") as register:
        for at in range(0, len(rows), 7):
            register.add(rows[at : at + 7], jobs=1)
            link(register)
        before = {one.id: one for one in register.incidents()}
        linked = link(register, whole=True)
        assert (linked.changed, linked.gone) == (0, {})
        assert before


def test_a_mention_that_is_no_more_read_leaves_its_incident(tmp_path: Path) -> None:
    with filled(tmp_path / "register.db", 2) as register:
        link(register)
        reports = [held.report for held in register.mentions()]
        register.retract(reports[0], "never happened")
        link(register)
        found = only(register)
        assert len(found.mentions) == 2 and found.standing == "single_source"
        register.retract(reports[1], "nor this")
        link(register)
        assert only(register).standing == "retracted" and only(register).tolls == []


def run(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(cli, list(arguments), standalone_mode=False)
    if outcome.exception:
        raise outcome.exception
    return int(outcome.return_value or 0), outcome.output


def test_commands(tmp_path: Path) -> None:
    db = str(tmp_path / "register.db")
    with filled(db, 3):
        pass
    at = ("--db", db)
    assert run("link", *at) == (0, "looked at 3 mentions of 1 incident; 1 changed\n")
    assert run("link", *at) == (0, "nothing new to link\n")
    with Keeper.open(db) as register:
        found = only(register)
    one, other, _ = found.mentions
    _, why = run("link", "--why", one, other, *at)
    assert "day" in why and "█" in why and f"one incident: {found.id}" in why
    code, said = run("split", found.id, one, "--why", "another unit", *at)
    assert code == 0 and "different" in said
    entry = said.split(":")[0].removeprefix("entry ")
    assert "another unit" in run("undo", *at)[1]
    assert "this outranks the weights" in run("link", "--why", one, other, *at)[1]
    assert "took back" in run("undo", entry, *at)[1]
    code, shown = run("tolls", found.id, *at)
    assert code == 0 and "best 1" in shown and "قتيل واحد" in shown
    rows = json.loads(run("tolls", found.id, "--json", "--policy", "median", *at)[1])
    assert rows[0]["policy"] == "median" and len(rows[0]["figures"]) == 3
    assert run("tolls", found.id, "--as-of", "2024-04-01", *at)[0] == 3
    for wrong in (("merge", found.id), ("tolls", found.id, "--policy", "highest-ever"), ("undo", "1")):
        with pytest.raises(UsageError):
            run(*wrong, *at)
