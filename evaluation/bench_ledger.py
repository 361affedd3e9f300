"""How fast the register stores, verifies and finds: a part of `make bench`.

    python evaluation/bench_ledger.py                     every figure
    python evaluation/bench_ledger.py store_sqlite        one of them
    SIJILL_BENCH_REPORTS=2000 python evaluation/bench_ledger.py

Reports are the articles of `bench_sample.py` (3.4 kB each) in one JSONL file. 'Store' uses a reader
that takes no time, so that it measures the register; 'add' is the whole way with the grammar.
PostgreSQL is the server that tests/servers.py brings up.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import msgspec
from bench_sample import articles

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]
COUNT = int(os.environ.get("SIJILL_BENCH_REPORTS", "20000"))
SEARCHED = int(os.environ.get("SIJILL_BENCH_SEARCHED", "100000"))
QUESTIONS = ("السخنة", "قتل جنود", "دير الزور", '"قوات النظام"', "هجوم انتحاري بغداد", "زلزال")

Figures = dict[str, float]


def feed(folder: Path, count: int, first: int = 0) -> Path:
    """A file of that many articles."""
    path = folder / f"feed-{first}-{count}.jsonl"
    with path.open("wb") as stream:
        for number in range(first, first + count, 1000):
            for report in articles(min(1000, first + count - number), number):
                stream.write(msgspec.json.encode(report) + b"\n")
    return path


@contextmanager
def sqlite() -> Iterator[str]:
    """An empty place for a register on the disk."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("SIJILL_BENCH_DIR")) as folder:
        yield str(Path(folder) / "register.db")


@contextmanager
def postgresql() -> Iterator[str]:
    """An empty database of a server, with its usual care for power cuts."""
    import servers

    servers.QUICK = ["max_connections=20", "shared_buffers=128MB"]
    with servers.server() as url:
        yield url


def add(place: str, path: Path, reader: str) -> tuple[float, float]:
    """Seconds to add a file, and the most memory that the main process took, in MB."""
    program = (
        "import sys, resource; sys.path.insert(0, sys.argv[4])\n"
        "from time import perf_counter\n"
        "import sijill\n"
        "from sijill.reading.reader import READERS\n"
        "READERS['quick'] = 'bench_quick:load'\n"
        "with sijill.open(sys.argv[1], write=True, create=True) as register:\n"
        "    begin = perf_counter()\n"
        "    result = register.add([sys.argv[2]], reader=sys.argv[3])\n"
        "    took = perf_counter() - begin\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "assert not result.left_out, result.left_out[:3]\n"
        "print(result.added, took, peak)\n"
    )
    command = [sys.executable, "-c", program, place, str(path), reader, str(HERE)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    added, took, peak = map(float, done.stdout.split())
    assert added == sum(1 for _ in path.open("rb"))
    return took, peak


def _rate(database: Callable[[], object], reader: str, name: str, count: int) -> Figures:
    """Reports a second into an empty register."""
    with database() as place, tempfile.TemporaryDirectory() as folder:  # type: ignore[attr-defined]
        took, peak = add(place, feed(Path(folder), count), reader)
    return {f"{name}, reports/s": count / took, f"{name}, peak MB of the main process": peak}


def store_sqlite() -> Figures:
    """Storing alone, on SQLite."""
    return _rate(sqlite, "quick", "store on SQLite", COUNT)


def store_postgresql() -> Figures:
    """Storing alone, on PostgreSQL."""
    return _rate(postgresql, "quick", "store on PostgreSQL", COUNT)


def add_sqlite() -> Figures:
    """Reading and storing, on SQLite."""
    return _rate(sqlite, "grammar", "add on SQLite", COUNT)


def add_postgresql() -> Figures:
    """Reading and storing, on PostgreSQL."""
    return _rate(postgresql, "grammar", "add on PostgreSQL", COUNT)


def memory() -> Figures:
    """Whether memory grows with the input: a tenth of it against all of it."""
    peaks = []
    for count in (COUNT // 10, COUNT):
        with sqlite() as place, tempfile.TemporaryDirectory() as folder:
            peaks.append(add(place, feed(Path(folder), count), "quick")[1])
    return {f"peak MB, {COUNT // 10:,} reports": peaks[0], f"peak MB, {COUNT:,} reports": peaks[1]}


def verify() -> Figures:
    """Entries verified a second, and reports known again a second on a second run."""
    import sijill

    with sqlite() as place, tempfile.TemporaryDirectory() as folder:
        path = feed(Path(folder), COUNT)
        add(place, path, "quick")
        with sijill.open(place) as register:
            begin = perf_counter()
            result = register.verify()
            took = perf_counter() - begin
            assert result.ok and result.entries == COUNT
        with sijill.open(place, write=True) as register:
            begin = perf_counter()
            assert register.add([path]).known == COUNT
            again = perf_counter() - begin
        size = Path(place).stat().st_size
    return {
        "verify, entries/s": COUNT / took, "second run, reports/s": COUNT / again,
        "file, kB a report": size / COUNT / 1000,
    }  # fmt: skip


def search_sqlite() -> Figures:
    """Milliseconds to search many reports, on SQLite."""
    return _search(sqlite, "SQLite")


def search_postgresql() -> Figures:
    """Milliseconds to search many reports, on PostgreSQL."""
    return _search(postgresql, "PostgreSQL")


def _search(database: Callable[[], object], name: str) -> Figures:
    """The median and the slowest of some questions, each asked five times after the first."""
    import sijill
    from sijill.filters import Filter

    with database() as place, tempfile.TemporaryDirectory() as folder:  # type: ignore[attr-defined]
        add(place, feed(Path(folder), SEARCHED), "quick")
        asked = [(question, None) for question in QUESTIONS]
        asked += [("قتل", Filter(since="2018-01-01", until="2018-03-31")), ("", Filter(place=("SY09",)))]  # type: ignore[list-item]
        slowest, every = 0.0, []
        with sijill.open(place) as register:
            for question, wanted in asked:
                register.search(question, wanted)
                times = []
                for _ in range(5):
                    begin = perf_counter()
                    register.search(question, wanted)
                    times.append((perf_counter() - begin) * 1000)
                every.append(statistics.median(times))
                slowest = max(slowest, every[-1])
    about = f"search of {SEARCHED:,} reports on {name}, ms"
    return {f"{about}, median": statistics.median(every), f"{about}, slowest question": slowest}


FIGURES: tuple[Callable[[], Figures], ...] = (
    store_sqlite, store_postgresql, add_sqlite, add_postgresql, memory, verify, search_sqlite,
    search_postgresql,
)  # fmt: skip


def main() -> int:
    """Prints the figures asked for, as JSON, one object a line."""
    wanted = sys.argv[1:]
    for figure in FIGURES:
        if not wanted or figure.__name__ in wanted:
            found = {name: round(value, 1) for name, value in figure().items()}
            print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    assert resource.getrusage  # not on every system
    sys.exit(main())
