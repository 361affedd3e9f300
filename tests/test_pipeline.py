"""One text or a stream, in one process or several: the same answers in the same order."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import sijill
from sijill import pipeline
from sijill.errors import InputError, UsageError
from sijill.pipeline import code, code_many, stream
from sijill.reading.reader import READERS
from sijill.records import CodedReport, Report

TEXT = "هجوم قرب السخنة"


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "fake", "fake_reader:load")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "FEW", 3)


def reports(number: int) -> list[Report]:
    return [Report(id=f"r{i}", text=f"{TEXT} {i}") for i in range(number)]


def ids(items: object) -> list[str]:
    return [item.report.id if isinstance(item, CodedReport) else str(item) for item in items]  # type: ignore[attr-defined]


def test_one_text() -> None:
    coded = code(TEXT, published="19/04/2024", title="t", source="s", url="u", id="x", reader="fake")
    assert coded.incidents[0].action == "armed_assault"
    head = coded.report
    assert (head.id, head.published, head.title, head.source, head.url) == ("x", "2024-04-19", "t", "s", "u")


def test_one_text_without_anything_else() -> None:
    assert code(TEXT, reader="fake").report.id.startswith("r-")
    assert code(TEXT, published=date(2024, 4, 19), reader="fake").report.published == "2024-04-19"
    assert code("", reader="fake").incidents == []
    assert code("\0\ud800", reader="fake").incidents == []


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"text": 3}, TypeError, "a report's text is a str, not int"),
        ({"text": TEXT, "published": "soon"}, InputError, "write it as 2024-04-19"),
        ({"text": TEXT, "reader": "none"}, UsageError, "known readers: .*grammar"),
    ],
    ids=["text", "published", "reader"],
)
def test_one_text_wrongly(options: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        code(**{"reader": "fake", **options})  # type: ignore[arg-type]


def test_items_of_every_kind() -> None:
    items = [TEXT, {"id": 5, "Text": TEXT}, Report(id="r", text=TEXT)]
    assert [len(coded.incidents) for coded in code_many(items, reader="fake")] == [1, 1, 1]


BAD_ITEMS = [
    ({"title": TEXT}, "item 2: has no field 'text'"),
    ({"text": " "}, "item 2: has an empty text"),
    (7, "item 2: is of type int; give a Report, a str or a mapping"),
    (InputError("x:1", "is bad", "mend it"), "x:1: is bad; mend it"),
    ("CRASH", "the reader stopped (RuntimeError: the reader fell over); please report this"),
]


@pytest.mark.parametrize(("item", "words"), BAD_ITEMS, ids=[row[1][:20] for row in BAD_ITEMS])
def test_a_bad_item_costs_only_itself(item: object, words: str) -> None:
    errors: list[InputError] = []
    coded = list(code_many([TEXT, item, TEXT], reader="fake", on_error=errors.append))  # type: ignore[list-item]
    assert len(coded) == 2
    assert [words in str(error) for error in errors] == [True]
    with pytest.warns(pipeline.LeftOut, match="; "):
        list(code_many([TEXT, item], reader="fake"))  # type: ignore[list-item]


def test_processes_keep_the_order(few: None) -> None:
    items = [*reports(500), InputError("x:1", "is bad", "mend it"), *reports(20)]
    one = list(stream(items, form=pipeline._coded, reader="fake", jobs=1))
    many = list(stream(items, form=pipeline._coded, reader="fake", jobs=3))
    assert ids(one) == ids(many)
    assert one[:500] == many[:500]


@pytest.mark.parametrize("word", ["CRASH", "DIE"])
def test_a_crash_costs_one_report(few: None, word: str) -> None:
    """Even one that ends its process."""
    items = reports(300)
    items[150] = Report(id="bad", text=f"{TEXT} {word}")
    errors: list[InputError] = []
    coded = list(code_many(items, reader="fake", jobs=2, on_error=errors.append))
    assert [item.report.id for item in coded] == [f"r{i}" for i in range(300) if i != 150]
    assert len(errors) == 1
    assert str(errors[0]).startswith("report bad: the ")
    assert "please report this" in str(errors[0])


def test_only_a_few_reports_are_ahead(few: None) -> None:
    taken = 0

    def endless() -> Iterator[Report]:
        nonlocal taken
        while True:
            taken += 1
            yield Report(id=f"r{taken}", text=TEXT)

    outcomes = stream(endless(), form=pipeline._coded, reader="fake", jobs=2)
    for _ in range(10):
        next(outcomes)
    assert taken < 300
    outcomes.close()


def test_in_one_process_each_answer_comes_at_once() -> None:
    taken: list[int] = []

    def slow() -> Iterator[str]:
        for number in range(3):
            taken.append(number)
            yield f"{TEXT} {number}"

    outcomes = code_many(slow(), reader="fake", jobs=0)
    next(outcomes)
    assert taken == [0]


def test_a_slow_feed_stays_in_one_process(few: None) -> None:
    taken: list[int] = []

    def slow() -> Iterator[str]:
        for number in range(12):
            time.sleep(0.02)
            taken.append(number)
            yield f"{TEXT} {number}"

    code(TEXT, reader="fake")  # so that loading the reader is no work of the first report
    for place, _ in enumerate(code_many(slow(), reader="fake", jobs=2)):
        assert taken[-1] == place


def test_no_process_stays_behind(few: None) -> None:
    import multiprocessing

    outcomes = stream(reports(2000), form=pipeline._coded, reader="fake", jobs=2)
    for _ in range(100):
        next(outcomes)
    outcomes.close()
    assert multiprocessing.active_children() == []


def test_an_unknown_reader_is_told_before_anything_is_read() -> None:
    def untouched() -> Iterator[str]:
        raise AssertionError("read too early")
        yield ""

    with pytest.raises(UsageError, match="no reader is called"):
        next(code_many(untouched(), reader="none"))


def test_errors_travel_between_processes() -> None:
    import pickle

    error = InputError("x:1", "is bad", "mend it")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.where, again.what, again.remedy) == (str(error), "x:1", "is bad", "mend it")


def test_the_public_names() -> None:
    assert sijill.code is code
    assert sijill.code_many is code_many
    assert sijill.Report is Report
    assert sijill.CodedReport is CodedReport
    assert sijill.__version__.count(".") == 2
    assert set(sijill.__all__) <= set(dir(sijill))
    with pytest.raises(AttributeError, match="nothing"):
        _ = sijill.nothing


def test_import_is_fast() -> None:
    """`import sijill` loads nothing but itself."""
    script = "import sys; before = set(sys.modules); import sijill; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if name.startswith(("sijill.", "msgspec", "click"))] == []


def test_workers_end_when_their_parent_is_killed() -> None:
    script = (
        "import sys, itertools; sys.path.insert(0, sys.argv[1])\n"
        "from sijill import pipeline; from sijill.reading.reader import READERS\n"
        "READERS['fake'] = 'fake_reader:load'; pipeline.FEW = 1\n"
        "import multiprocessing\n"
        "out = pipeline.code_many(map(str, itertools.count()), reader='fake', jobs=2)\n"
        "[next(out) for _ in range(100)]\n"
        "print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    here = str(Path(__file__).parent)
    parent = subprocess.Popen([sys.executable, "-c", script, here], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert children
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in children)


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has fetched yet does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
