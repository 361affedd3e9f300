"""`sijill evaluate` and the tools of `evaluation/`: floors, reliability, rounds."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sijill.cli import main as cli
from sijill.evaluation.compare import compare
from sijill.evaluation.floors import Breach, Pinned, breaches, entry, raised, with_entry
from sijill.evaluation.reliability import bins, fates, gap
from sijill.evaluation.sets import coded
from sijill.reading.reader import READERS

ROOT = Path(__file__).parent.parent
TEXT = "قُتل عنصر في هجوم قرب السخنة"
ATTACK = {
    "id": "i1", "action": "armed_assault", "date": {"edtf": "2024-04-19"}, "actors": ["IS"],
    "place": {"name": "السخنة", "admin1": "SY04"}, "targets": ["SY-GOV"],
    "casualties": [{"outcome": "killed", "group": "SY-GOV", "low": 1, "high": 1}],
}  # fmt: skip
"""What the fake reader makes of a text."""


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "fake", "fake_reader:load")
    monkeypatch.setenv("SIJILL_READER", "fake")


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def row(id: str, *incidents: dict[str, Any], **kinds: list[dict[str, Any]]) -> dict[str, Any]:
    return {"report": {"id": id}, "incidents": list(incidents), **kinds}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A set of four: one read well, one with a wrong day, one quiet, one quiet that is read."""
    folder = tmp_path / "round-7"
    texts = {"a": TEXT, "b": f"{TEXT} أيضا", "c": "مباراة", "d": f"{TEXT} حصيلة"}
    write(
        folder / "reports.jsonl",
        [{"id": id, "text": text, "published": "2024-04-19"} for id, text in texts.items()],
    )
    wrong = ATTACK | {"date": {"edtf": "2024-04-18"}}
    write(folder / "gold.jsonl", [row("a", ATTACK), row("b", wrong), row("c"), row("d")])
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = cli.run(["evaluate", *map(str, arguments)])
    return code, *capsys.readouterr()


def test_the_page(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, gold, "--bootstrap", "50")
    assert (code, err) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in out.split("\n\n")[0].splitlines()}
    assert rows["reports"] == ["4"]
    assert rows["incident_precision"][0] == "0.667"
    assert "-" in rows["incident_precision"][1]
    assert rows["quiet_reports_kept_quiet"][0] == "0.500"
    assert out.split("\n\n")[1].splitlines() == [
        "4 errors, by phenomenon",
        "     1  incident: extra on a quiet report",
        "     1  date: wrong",
        "     1  toll: of an extra incident",
        "     1  tally: extra",
    ]


def test_show_tells_the_words(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, gold, "--show", "--bootstrap", "0")
    after = out.partition("     1  date: wrong\n")[2].splitlines()[:4]
    assert [line.split() for line in after] == [
        ["b", "i1"], ["gold", "2024-04-18"], ["said", "2024-04-19"], ["words", "هجوم"],
    ]  # fmt: skip


def test_json(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, gold, "--json", "--show")
    found = json.loads(out)
    assert found["figures"]["matched_date"] == 0.5
    assert found["intervals"]["matched_date"][0] < 0.5 < found["intervals"]["matched_date"][1]
    assert found["errors"]["date: wrong"] == 1
    assert [slip["report"] for slip in found["slips"] if slip["phenomenon"] == "date: wrong"] == ["b"]
    assert "agreement" not in found


def test_a_second_coder_beside_the_gold(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(gold / "second.jsonl", [row("a", ATTACK), row("c", ATTACK)])
    _, out, _ = run(capsys, gold, "--json")
    assert json.loads(out)["agreement"]["figures"]["incident_precision"] == 0.5
    _, out, _ = run(capsys, gold)
    assert "two coders, 2 reports" in out.splitlines()[0]
    other = write(gold / "other.jsonl", [row("a")])
    _, out, _ = run(capsys, gold, "--json", "--second", other)
    assert json.loads(out)["agreement"]["figures"]["incident_recall"] == 0


def test_coded_reports_are_scored_without_reading(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = write(gold / "said.jsonl", [row("a", ATTACK), row("z", ATTACK)])
    (gold / "reports.jsonl").unlink()
    code, out, _ = run(capsys, gold / "gold.jsonl", "--predicted", said, "--json")
    assert code == 0
    figures = json.loads(out)["figures"]
    assert (figures["said_incidents"], figures["reports_without_output"]) == (1, 3)


def test_linked_incidents_are_scored(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    linked = write(gold / "linked.jsonl", [{"mentions": [{"report": "a", "incident": "i1"}]}])
    _, out, _ = run(capsys, gold, "--json", "--incidents", linked)
    assert json.loads(out)["figures"]["link_b_cubed"]["f1"] == 1
    _, out, _ = run(capsys, gold, "--incidents", linked)
    assert "linked incidents (B-cubed)" in out


def test_several_sets_are_pooled(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, gold, gold, "--json")
    assert json.loads(out)["figures"]["reports"] == 8


def test_what_cannot_be_read_is_told(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (gold / "reports.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "e", "text": "CRASH"}\n')
    code, _, err = run(capsys, gold)
    assert code == 1
    assert "report e: the reader stopped" in err


WRONG = [
    (
        ("--predicted", "gold.jsonl", "--predicted", "gold.jsonl"),
        2,
        "--predicted: 2 for 1 GOLD; give one for",
    ),
    (("--reports", "none.jsonl"), 2, "does not exist"),
    (("--reports", "gold.jsonl"), 3, "has no field 'text'"),
    (("--predicted", "reports.jsonl"), 3, "reports.jsonl:1: is no coded report (KeyError: 'report')"),
    (("--second", "reports.jsonl"), 3, "reports.jsonl:1: is no coded report"),
]


@pytest.mark.parametrize(("options", "exit_code", "told"), WRONG, ids=[row[2][:20] for row in WRONG])
def test_wrong_use(
    gold: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...], exit_code: int, told: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(gold)
    code, _, err = run(capsys, gold, *options)
    assert told in err
    assert code == exit_code


def test_a_set_without_reports(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (gold / "reports.jsonl").unlink()
    code, _, err = run(capsys, gold)
    assert (code, "no such file; name the reports with --reports" in err) == (2, True)
    write(gold / "gold.jsonl", [])
    said = write(gold / "said.jsonl", [])
    code, _, err = run(capsys, gold, "--predicted", said)
    assert (code, "the gold holds no report" in err) == (2, True)


# --- the tools


def tool(name: str) -> ModuleType:
    """A script of `evaluation/`, as a module."""
    spec = importlib.util.spec_from_file_location(f"tool_{name}", ROOT / "evaluation" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0]\n\n### Changed\n\n- Old.\n"


@pytest.fixture
def floors(gold: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Calls the tool on the folder that holds the set: exit code, standard output, standard error."""
    module = tool("floors")
    folder = gold.parent
    (folder / "CHANGELOG.md").write_text(LOG, encoding="utf-8")
    paths = ["--gold", str(folder), "--floors", str(folder / "floors.json")]

    def call(*arguments: str) -> tuple[int, str, str]:
        said = [*paths, "--changelog", str(folder / "CHANGELOG.md"), "--reader", "fake", *arguments]
        code = module.main(said)
        return code, *capsys.readouterr()

    return call


def test_floors_hold_until_a_score_falls(floors: Any, gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = floors()
    assert code == 1
    assert "round-7: has no floors yet; pin them with --raise" in err
    assert floors("--raise")[0] == 0
    code, out, err = floors()
    assert (code, err) == (0, "")
    assert "incident_precision" in out
    assert "tallies_f1" not in out  # the set holds no tally
    lower(gold)
    code, out, err = floors()
    assert code == 1
    assert "round-7: incident_precision fell from 0.9000 to 0.6666" in err
    assert "floor 0.9000  LOWER" in out
    assert floors("--raise")[0] == 1
    code, out, err = floors("--lower", "the codebook rules otherwise now")
    assert (code, err) == (0, "")
    log = (gold.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "### Changed\n\n- Floors lowered: the codebook rules otherwise now (round-7: incident" in log
    assert floors()[0] == 0


def lower(gold: Path) -> None:
    """Makes one pinned score better than what the reader reaches."""
    path = gold.parent / "floors.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["round-7"]["scores"]["incident_precision"] = 0.9
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_set_that_was_reworded_fails(floors: Any, gold: Path) -> None:
    floors("--raise")
    with (gold / "gold.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    code, _, err = floors("--raise")
    assert (code, "round-7: gold.jsonl is not the file its floors were measured on" in err) == (1, True)


def test_a_lowered_floor_needs_a_reason(floors: Any) -> None:
    with pytest.raises(SystemExit):
        floors("--lower", "because")


OLD = {"x": Pinned({"gold.jsonl": "1"}, {"toll_f1": 0.8, "tallies_f1": 0.5})}
FLOORS = [
    # now, what is broken, what --raise makes of toll_f1
    ({"toll_f1": 0.8, "tallies_f1": 0.5}, [], 0.8),
    ({"toll_f1": 0.9, "tallies_f1": 0.5}, [], 0.9),
    ({"toll_f1": 0.7, "tallies_f1": 0.5}, ["x: toll_f1 fell from 0.8000 to 0.7000"], 0.8),
    ({"toll_f1": 0.8}, ["x: tallies_f1 cannot be measured any more; its floor is 0.5000"], 0.8),
]


@pytest.mark.parametrize(("scores", "broken", "floor"), FLOORS)
def test_what_breaks_a_floor(scores: dict[str, float], broken: list[str], floor: float) -> None:
    now = {"x": Pinned({"gold.jsonl": "1"}, scores)}
    assert list(map(str, breaches(OLD, now))) == broken
    assert raised(OLD, now)["x"].scores["toll_f1"] == floor


def test_a_set_that_is_gone_breaks_its_floors() -> None:
    assert list(map(str, breaches(OLD, {}))) == ["x: is gone, and its floors stay"]


LINE = entry("a  reason.", [Breach("x", "toll_f1 fell")])
LOGS = [
    (LOG, "- A thing.\n\n### Changed\n\n" + LINE + "\n\n## [0.1.0]"),
    ("## [Unreleased]\n", "## [Unreleased]\n\n### Changed\n\n" + LINE + "\n"),
    ("## [Unreleased]\n\n### Changed\n\n- B.\n", "### Changed\n\n" + LINE + "\n- B.\n"),
]


@pytest.mark.parametrize(("before", "after"), LOGS, ids=["new part", "empty", "known part"])
def test_the_changelog_gets_its_line(before: str, after: str) -> None:
    assert LINE == "- Floors lowered: a reason (x: toll_f1 fell)."
    assert after in with_entry(before, LINE)


def said(confidence: Any, day: str = "2024-04-19") -> dict[str, Any]:
    return ATTACK | {"confidence": confidence, "date": {"edtf": day}}


def test_reliability() -> None:
    answers = [
        said(0.95),
        said(1),
        said(0.92, "2020"),
        said(0.55, "2020"),
        said(None),
        said("high"),
        said(True),
    ]
    gold = coded({"incidents": [ATTACK]})
    compared = [compare(str(n), gold, coded({"incidents": [one]})) for n, one in enumerate(answers)]
    compared.append(compare("quiet", coded({}), coded({"incidents": [said(0.5)]})))
    table = bins(fates(compared))
    assert [(one.name, len(one.fates)) for one in table] == [
        ("0.5-0.6", 2), ("0.9-1.0", 3), ("no confidence given", 3),
    ]  # fmt: skip
    assert (table[0].matched(), table[0].whole()) == (0.5, 0)
    assert (table[1].matched(), table[1].whole()) == (1, pytest.approx(2 / 3))
    assert gap(table) == pytest.approx((2 * 0.525 + 3 * (0.95 + 1 + 0.92) / 3 - 2) / 5)
    assert gap(table[2:]) is None


def test_the_reliability_tool(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool("reliability").main([str(gold), "--reader", "fake"])
    out = capsys.readouterr().out
    assert "4 reports of round-7" in out
    assert "| no confidence given | 3 | - | 0.67 | 0.33 |" in out
    assert out.endswith("no confidence given\n")
    answers = write(gold / "said.jsonl", [row("a", said(0.9))])
    tool("reliability").main([str(gold), "--predicted", str(answers)])
    assert "| 0.9-1.0 | 1 | 0.90 | 1.00 | 1.00 |" in capsys.readouterr().out


def test_the_block_of_a_round(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(gold / "second.jsonl", [row("a", ATTACK)])
    module = tool("rounds")
    module.main([str(gold), "--date", "2026-11-21", "--reader", "fake", "--bootstrap", "20"])
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "## Round 7, 2026-11-21"
    assert out[2] == "4 reports (2 without an incident), 2 incidents, 0 tallies."
    assert out[3].startswith("A second coder, by the codebook alone, coded 1 report (0 without")
    assert "| figure | first look | 95 % | two coders | 95 % | asked |" in out
    score = next(line for line in out if line.startswith("| incident_f1 |"))
    assert score.split(" | ")[1] == "0.800"
    assert score.endswith("| 1.000-1.000 | 0.82 |")
    assert sum(line.startswith("| round-7 | ") for line in out) == 3


def test_two_rounds_are_pooled(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool("rounds").main([str(gold), str(gold), "--date", "2026-11-21", "--reader", "fake"])
    out = capsys.readouterr().out
    assert out.count("## Round 7, 2026-11-21") == 2
    assert "## Pooled: Round 7, Round 7, 2026-11-21\n\n8 reports" in out
    assert "No second coder." in out


def test_a_round_needs_a_day(gold: Path) -> None:
    with pytest.raises(SystemExit):
        tool("rounds").main([str(gold), "--date", "soon"])
