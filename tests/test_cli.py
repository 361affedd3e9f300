"""The command line: what it prints, writes, refuses, and how it ends."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from sijill import settings
from sijill.cli import main as cli
from sijill.cli.tables import cell
from sijill.errors import UsageError
from sijill.publish import phrases, rows
from sijill.reading.reader import READERS
from sijill.records import Casualty, json_schema

HERE = Path(__file__).parent
TEXT = "قُتل عنصر في هجوم قرب السخنة"
CALL = (
    "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
    "from sijill.reading.reader import READERS; READERS['fake'] = 'fake_reader:load'\n"
    "from sijill.cli.main import main; main()"
)


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "fake", "fake_reader:load")
    monkeypatch.setenv("SIJILL_READER", "fake")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three reports in a.jsonl, made the current one."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.jsonl", [{"id": i, "text": f"{TEXT} {i}"} for i in range(3)])
    return tmp_path


def write(path: Path, items: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")


class Runner:
    """Calls the command line in this process; the exit code as a user sees it."""

    def __call__(self, *arguments: str | Path, stdin: bytes | str = "") -> Result:
        runner = CliRunner()
        with runner.isolation(input=stdin) as streams:
            code = cli.run([str(argument) for argument in arguments])
            sys.stdout.flush()
            sys.stderr.flush()
            out, err = streams[0].getvalue(), streams[1].getvalue()
        return Result(runner, out, err, out + err, None, code, None)


run = Runner()


def call(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Calls the command line in a process of its own."""
    command = [sys.executable, "-c", CALL, str(HERE), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, **options)  # type: ignore[call-overload, no-any-return]


def test_lines_in_order(here: Path) -> None:
    done = run("code", "a.jsonl", "--published", "19/04/2024")
    coded = [json.loads(line) for line in done.stdout.splitlines()]
    assert [item["report"]["id"] for item in coded] == ["0", "1", "2"]
    assert coded[0]["report"]["published"] == "2024-04-19"
    assert done.stderr == "3 reports, 3 incidents, 0 tallies\n"
    assert done.exit_code == 0
    for item in coded:
        jsonschema.validate(item, json_schema())


ENDS = [
    # what is read, exit code, what the last lines say
    ([TEXT], 0, r"1 report, 1 incident, 0 tallies$"),
    (["حصيلة " + TEXT], 0, r"1 report, 1 incident, 1 tally$"),
    ([TEXT, TEXT], 0, r"1 report, 1 incident, 0 tallies; 1 duplicate read once$"),
    ([TEXT, " "], 1, r":2: has an empty text; .*\n1 report, 1 incident, 0 tallies; 1 left out$"),
    ([TEXT, "CRASH"], 1, r"report r-\w+: the reader stopped .*please report this.*\n1 report, .*1 left out$"),
    ([" "], 3, r":1: has an empty text; .*\n0 reports, 0 incidents, 0 tallies; 1 left out$"),
    ([], 3, r":1: is empty; .*\n0 reports"),
]


@pytest.mark.parametrize(("texts", "code", "said"), ENDS, ids=[f"{r[1]}-{i}" for i, r in enumerate(ENDS)])
def test_exit_codes_and_last_words(here: Path, texts: list[str], code: int, said: str) -> None:
    write(here / "b.jsonl", [{"text": text} for text in texts])
    done = run("code", "b.jsonl")
    assert re.search(said, done.stderr), done.stderr
    assert done.exit_code == code


WRONG = [
    ((), "Usage: sijill"),
    (("code",), "Missing argument 'PATH...'"),
    (("nothing",), "No such command 'nothing'"),
    (("code", "a.jsonl", "--format", "xml"), "'xml' is not one of"),
    (("code", "a.jsonl", "--published", "soon"), "write it as 2024-04-19"),
    (("code", "a.jsonl", "--reader", "none"), "no reader is called 'none'; known readers: "),
    (("code", "a.jsonl", "--lexicon", "none"), "Directory 'none' does not exist"),
    (("code", "a.jsonl", "--jobs", "-1"), "--jobs"),
    (("code", "a.jsonl", "--out", "no/such/x.jsonl"), "the folder no/such does not exist; make it first"),
    (("code", "a.jsonl", "--out", "a.jsonl"), "is also read; write to another file"),
    (("code", "a.casualties.csv", "--out", "a.csv"), "is also read; write to another file"),
    (("code", ".", "--out", "x.jsonl"), "lies in the folder that is read; write to another folder"),
    (("code", ".", "--out", "sub"), "lies in the folder that is read"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(row[0]) or "bare" for row in WRONG])
def test_wrong_use_is_2(here: Path, arguments: tuple[str, ...], said: str) -> None:
    (here / "a.casualties.csv").write_text("text\na\n", encoding="utf-8")
    (here / "sub").mkdir()
    before = (here / "a.jsonl").read_bytes()
    done = run(*arguments)
    assert said in done.stderr
    assert done.exit_code == 2
    assert (here / "a.jsonl").read_bytes() == before


def test_a_missing_file_leaves_the_rest_alone(here: Path) -> None:
    done = run("code", "no.txt", "a.jsonl")
    assert "no.txt: does not exist; check the path\n" in done.stderr
    assert (len(done.stdout.splitlines()), done.exit_code) == (3, 1)


def test_stdin() -> None:
    done = run("code", "-", stdin=TEXT)
    assert json.loads(done.stdout)["incidents"][0]["action"] == "armed_assault"
    done = run("code", "-", stdin=json.dumps({"text": TEXT, "id": 3}))
    assert json.loads(done.stdout)["report"]["id"] == "3"


def test_an_encoding_is_said_and_is_no_error(here: Path) -> None:
    (here / "b.txt").write_bytes(TEXT.replace("ُ", "").encode("windows-1256"))
    done = run("code", "b.txt")
    assert done.stderr.startswith("note: b.txt: read as windows-1256\n")
    assert done.exit_code == 0


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_files(here: Path) -> None:
    write(
        here / "b.jsonl",
        [{"id": "=1+1", "title": "-x", "text": f"حصيلة {TEXT}\r\n{TEXT}"}, {"text": "لا شيء"}],
    )
    done = run("code", "b.jsonl", "--out", "x.csv")
    incidents, casualties = read_csv(here / "x.csv"), read_csv(here / "x.casualties.csv")
    assert list(incidents[0]) == [name for name, _ in rows.INCIDENT]
    assert [row["incident"] for row in incidents] == ["i1", "i2"]
    assert incidents[0]["report"] == "'=1+1"
    assert incidents[0]["title"] == "'-x"
    assert incidents[0]["place"] == "'=السخنة"
    assert incidents[0]["words"] == "هجوم"
    assert incidents[0]["casualties"] == "killed 1 SY-GOV"
    assert [row["low"] for row in casualties] == ["1", "1"]
    assert (here / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "tallies, control and assessments are not in CSV" in done.stderr
    assert done.exit_code == 0


def test_csv_on_stdout_says_what_is_missing(here: Path) -> None:
    done = run("code", "a.jsonl", "--format", "csv")
    assert done.stdout.startswith("report,source,url,")
    assert len(done.stdout.splitlines()) == 4
    assert "note: casualties are not shown on standard output; --out FILE writes them beside" in done.stderr


GUARDED = [
    ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"),
    ("  =1", "'  =1"), ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
    ("a=1", "a=1"), ("", ""), (None, None), (-3, -3), (-1.5, -1.5),
]  # fmt: skip


@pytest.mark.parametrize(("given", "written"), GUARDED, ids=[repr(row[0]) for row in GUARDED])
def test_formulas_are_guarded(given: rows.Cell, written: rows.Cell) -> None:
    assert rows.guarded(given) == written


FOLDERS = [("jsonl", {"coded.jsonl"}), ("csv", {"incidents.csv", "casualties.csv"}), ("table", {"coded.txt"})]


@pytest.mark.parametrize(("form", "names"), FOLDERS, ids=[row[0] for row in FOLDERS])
def test_out_to_a_folder(here: Path, form: str, names: set[str]) -> None:
    (here / "out").mkdir()
    assert run("code", "a.jsonl", "--format", form, "--out", "out").exit_code == 0
    assert {path.name for path in (here / "out").iterdir()} == names


def test_out_appears_whole_or_not_at_all(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "x.jsonl").write_text("old", encoding="utf-8")
    (here / "none.jsonl").write_text("\n", encoding="utf-8")
    assert run("code", "none.jsonl", "--out", "x.jsonl").exit_code == 3
    assert (here / "x.jsonl").read_text(encoding="utf-8") == "old"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sijill.cli.code.Sum.add", stop)
        done = run("code", "a.jsonl", "--out", "x.jsonl")
    assert (done.exit_code, done.stderr) == (130, "sijill: stopped\n")
    assert (here / "x.jsonl").read_text(encoding="utf-8") == "old"
    assert run("code", "a.jsonl", "--out", "x.jsonl").exit_code == 0
    assert len((here / "x.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert sorted(path.name for path in here.iterdir()) == ["a.jsonl", "none.jsonl", "x.jsonl"]


def test_out_keeps_a_link_and_a_device(here: Path) -> None:
    (here / "real.jsonl").write_text("old", encoding="utf-8")
    (here / "link.jsonl").symlink_to("real.jsonl")
    assert run("code", "a.jsonl", "--out", "link.jsonl").exit_code == 0
    assert (here / "link.jsonl").is_symlink()
    assert len((here / "real.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    assert run("code", "a.jsonl", "--out", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_table(here: Path) -> None:
    write(here / "b.jsonl", [{"id": "r", "text": f"حصيلة {TEXT}", "published": "2024-04-19"}])
    done = run("code", "b.jsonl", "--format", "table")
    assert done.stdout.startswith("1 incident ")
    assert re.search(
        r"r +2024-04-19 +armed_assault +IS +SY-GOV +killed 1 SY-GOV +=السخنة \(SY04\)", done.stdout
    )
    assert re.search(r"r +killed +4 or more", done.stdout)
    assert "\x1b" not in done.stdout
    assert "\u2068" not in done.stdout


def test_table_cells_stay_in_their_place() -> None:
    assert cell("السخنة", isolate=True).plain == "\u2068السخنة\u2069"
    assert cell("السخنة", isolate=False).plain == "السخنة"
    assert cell("a\n\u202eb\x1b[31m", isolate=True).plain == "a b [31m"


FIGURES = [
    (None, None, False, "?"), (2, 2, False, "2"), (2, None, False, "2 or more"), (None, 9, False, "up to 9"),
    (3, 5, False, "3-5"), (20, None, True, "about 20 or more"), (0, 0, False, "0"),
]  # fmt: skip


@pytest.mark.parametrize(("low", "high", "approx", "said"), FIGURES, ids=[row[3] for row in FIGURES])
def test_figures(low: int | None, high: int | None, approx: bool, said: str) -> None:
    assert phrases.figure(low, high, approx) == said


def test_a_part_stands_in_brackets() -> None:
    part = Casualty(outcome="killed", group="CIV", low=1, high=1, part_of=True)
    assert phrases.casualty(part) == "(killed 1 CIV)"


def test_schema() -> None:
    assert json.loads(run("schema").stdout) == json.loads(json.dumps(json_schema()))


def test_explain_in_a_pipe() -> None:
    done = run("explain", f"{TEXT}. unread", "--published", "2024-04-19", "--title", "خبر")
    lines = done.stdout.splitlines()
    assert lines[0].endswith(", published 2024-04-19")
    assert lines[1:3] == ["خبر", "قُتل عنصر في [هجوم] قرب السخنة. unread"]
    assert "    incident  هجوم  = i1" in lines
    assert "      act.noun  هجوم  = armed_assault" in lines
    assert "  incident i1: armed_assault, 2024-04-19, =السخنة (SY04), IS -> SY-GOV, killed 1 SY-GOV" in lines
    assert lines[-2:] == ["left unread", "  قُتل ع"]
    assert "\x1b" not in done.stdout
    assert done.exit_code == 0


def test_explain_a_file_and_what_is_none(here: Path) -> None:
    done = run("explain", "a.jsonl")
    assert done.stdout.count("recognised") == 3
    for wrong in ("no.jsonl", "no/such.txt", " "):
        done = run("explain", wrong)
        assert (done.exit_code, done.stdout) == (3, "")
    assert run("explain", "-", stdin=TEXT).exit_code == 0
    assert run("explain", "ن" * 5000).exit_code == 0
    assert "nothing" in run("explain", "لا شيء").stdout


def test_explain_in_colour() -> None:
    from sijill.cli.explain import Pen, marked
    from sijill.reading.reader import Step

    steps = (Step("a.b", "text", 0, 4, "x"), Step("c", "text", 2, 6, "y"), Step("d", "title", 0, 1, "z"))
    assert marked("abcdefgh", "text", steps, Pen(False)) == "[abcd]efgh"
    assert "\x1b[" in marked("abcdefgh", "text", steps, Pen(True))
    assert Pen(True).quote("ن\nم") == "\u2068ن م\u2069"


def test_explain_obeys_no_text() -> None:
    done = run("explain", "a\x1b[2Jb\x9bc هجوم")
    assert "a\u241b[2Jb\ufffdc [هجوم]" in done.stdout


def test_help_and_version() -> None:
    done = run("--help")
    assert done.exit_code == 0
    for command in cli.COMMANDS:
        assert command in done.stdout
        assert run(command, "--help").exit_code == 0
    assert "sijill code reports/ --format csv --out incidents.csv" in done.stdout
    assert re.fullmatch(r"sijill \d+\.\d+\.\d+\n", run("--version").stdout)


def test_no_traceback_reaches_a_user(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr("sijill.cli.code.stream", broken)
    done = run("code", "a.jsonl")
    assert done.exit_code == 3
    assert done.stderr.startswith("sijill: something went wrong that should not (ZeroDivisionError: by zero)")
    assert "Traceback" not in done.stderr
    monkeypatch.setenv("SIJILL_DEBUG", "1")
    assert "Traceback" in run("code", "a.jsonl").stderr


SETTINGS = [
    ({}, "max_report_mb", 10),
    ({"SIJILL_MAX_REPORT_MB": "3"}, "max_report_mb", 3),
    ({"SIJILL_READER": "x"}, "reader", "x"),
    ({"SIJILL_DEBUG": "yes"}, "debug", True),
    ({"SIJILL_JOBS": " "}, "jobs", 0),
    ({"SIJILL_MAX_REPORT_MB": "0"}, "max_report_mb", None),
    ({"SIJILL_JOBS": "-1"}, "jobs", None),
    ({"SIJILL_DEBUG": "perhaps"}, "debug", None),
]


@pytest.mark.parametrize(
    ("given", "name", "held"), SETTINGS, ids=[f"{r[1]}-{i}" for i, r in enumerate(SETTINGS)]
)
def test_settings(given: dict[str, str], name: str, held: object) -> None:
    if held is None:
        with pytest.raises(UsageError, match=r"set it to .*, or unset it"):
            settings.value(name, given)
    else:
        assert settings.value(name, given) == held


def test_settings_feed_the_command_line() -> None:
    shown = " ".join(run("code", "--help").stdout.split())
    for name in ("reader", "lexicon", "jobs"):
        assert settings.setting(name).env in shown
        assert settings.setting(name).help in shown


def test_the_reference_is_up_to_date() -> None:
    from sijill.cli.reference import page

    made = (HERE.parent / "docs" / "reference.md").read_text(encoding="utf-8")
    assert made == page(), "call: python -m sijill.cli.reference > docs/reference.md"


def test_a_wrong_limit_is_wrong_use(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIJILL_MAX_REPORT_MB", "much")
    done = run("code", "a.jsonl")
    assert (done.exit_code, done.stderr) == (
        2, "sijill: SIJILL_MAX_REPORT_MB is 'much'; set it to a whole number above 0, or unset it\n",
    )  # fmt: skip


# In a process of its own


def test_the_same_with_one_process_or_many(here: Path) -> None:
    write(here / "many.jsonl", [{"id": i, "text": f"{TEXT} {i}"} for i in range(700)])
    one, many = call("code", "many.jsonl", "--jobs", "1"), call("code", "many.jsonl", "--jobs", "3")
    assert one.stdout == many.stdout
    assert len(one.stdout.splitlines()) == 700
    assert one.stderr == many.stderr == "700 reports, 700 incidents, 0 tallies\n"
    assert (one.returncode, many.returncode) == (0, 0)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_closed_pipe_is_quiet(here: Path, jobs: str) -> None:
    write(here / "many.jsonl", [{"id": i, "text": f"{TEXT * 50} {i}"} for i in range(3000)])
    command = [sys.executable, "-c", CALL, str(HERE), "code", "many.jsonl", "--jobs", jobs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
    assert said == ""
    assert process.returncode == cli.PIPE_CLOSED


STOPS = [(signal.SIGINT, 130, "sijill: stopped\n"), (signal.SIGTERM, 143, "")]


@pytest.mark.parametrize(("number", "code", "said"), STOPS, ids=["ctrl-c", "kill"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_stop_leaves_nothing_behind(here: Path, jobs: str, number: int, code: int, said: str) -> None:
    os.mkfifo(here / "endless")
    command = [sys.executable, "-c", CALL, str(HERE), "code", "endless", "--jobs", jobs, "--out", "x.jsonl"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        assert process.stderr is not None
        with (here / "endless").open("w", encoding="utf-8") as feed:
            for i in range(600):
                feed.write(json.dumps({"id": i, "text": f"{TEXT} {i}"}) + "\n")
            feed.flush()
            time.sleep(1)
            os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
            heard = process.stderr.read().decode()
    assert (process.returncode, heard) == (code, said)
    assert sorted(path.name for path in here.iterdir()) == ["a.jsonl", "endless"]


def test_garbage_of_every_kind_leaves_no_traceback(here: Path) -> None:
    folder = here / "in"
    folder.mkdir()
    for name, data in {
        "a.txt": bytes(range(256)), "b.jsonl": b"\x00\xff{]\n[[[", "c.csv": b'"\n,,,\x00',
        "d.html": b"<" * 99, "e.json": b"{" * 5000, "f.txt": b"",
        "g.jsonl": b"\xff\xfe{", "h.csv": b"text\n\xff",
    }.items():  # fmt: skip
        (folder / name).write_bytes(data)
    done = call("code", "in", "a.jsonl")
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    for line in done.stderr.splitlines()[:-1]:
        assert line.startswith("note: ") or re.match(r"in/[a-h]\.\w+:\d+: .+; .+", line), line


HEAVY = ("rich", "resiliparse", "multiprocessing", "concurrent.futures", "numpy", "yaml")


def test_code_loads_nothing_heavy(here: Path) -> None:
    script = CALL.replace("main()", "run(['code', 'a.jsonl']); print(*sys.modules, file=sys.stderr)")
    script = script.replace("import main;", "import run;")
    done = subprocess.run(
        [sys.executable, "-c", script, str(HERE)], capture_output=True, text=True, check=True
    )
    loaded = set(done.stderr.split())
    assert "sijill.pipeline" in loaded
    assert [name for name in HEAVY if name in loaded] == []
