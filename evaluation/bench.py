"""How fast Sijill is on this machine: `make bench`.

Articles a second on one core and on all, microseconds of each stage, start-up, peak memory, and
a plain spaCy `EntityRuler` with the same names beside it. The articles are those of
`bench_sample.py`; every measurement runs in a process of its own.

    python evaluation/bench.py               all of it
    python evaluation/bench.py --floor       and exit code 1 where a target is missed
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from bench_sample import SHARE, articles, share, words

COMPILED = Path(__file__).parent.parent / "build" / "compiled"
"""Where `make compiled` puts the package with its reader compiled; measured too where it is."""
COUNT = 1000
MANY = 4000  # for all cores, so that starting them does not weigh
WARM = 50
SIJILL = [sys.executable, "-m", "sijill"]
TARGETS: list[tuple[str, str, Callable[[float], bool]]] = [
    ("one core, articles/s", ">= 1,000", lambda v: v >= 1000),
    ("start-up to first record, s", "< 0.7", lambda v: v < 0.7),
    ("peak memory, MB", "< 250", lambda v: v < 250),
]
STAGES = [
    ("fold and split", "sijill.reading.scene", "split"),
    ("dates", "sijill.arabic.date_rules", "Dates.read"),
    ("find", "sijill.lexicon.finder", "Rows.find"),
    ("scene", "sijill.reading.scene", "Recogniser.scene"),
    ("tolls", "sijill.reading.tolls", "TollParser.read"),
    ("places: chains", "sijill.reading.places", "PlaceReader.chains"),
    ("places: resolve", "sijill.reading.places", "PlaceReader.resolve"),
    ("actors", "sijill.reading.actors", "ActorReader.cast"),
    ("clauses", "sijill.reading.clauses", "ClauseReader.read"),
    ("events", "sijill.reading.linking", "Linker.events"),
    ("finish", "sijill.reading.finish", "Finisher.mention"),
    ("topics", "sijill.reading.topics", "Topics.peaceful"),
    ("tallies", "sijill.reading.tallies", "TallyReader.read"),
    ("assessments", "sijill.reading.assessments", "AssessmentReader.read"),
    ("control", "sijill.reading.control", "ControlReader.read"),
    ("rest of reading", "sijill.reading.grammar", "GrammarReader.read"),
    ("encode", "sijill.records", "encode"),
]
"""Name, module and function of each stage; the time of a stage inside another counts once, for the inner."""


# --- one measurement each, in a process of its own


def one_core() -> dict[str, float]:
    """Articles a second, one process, nothing else; and the memory that it took at most."""
    from sijill.pipeline import load, settle
    from sijill.records import encode

    reader, sample = load("grammar", None), articles(COUNT)
    settle()  # as `sijill code` does
    for report in articles(WARM, first=10**6):
        read_or_count(reader, report, [])
    stopped: list[str] = []
    begin = perf_counter()
    size = incidents = 0
    for report in sample:
        coded = read_or_count(reader, report, stopped)
        if coded:
            size += len(encode(coded))
            incidents += len(coded.incidents)
    took = perf_counter() - begin
    result = {"rate": COUNT / took, "incidents": incidents, "bytes": size, "peak": peak()}
    return result | {"stopped": len(stopped)}


def all_cores() -> dict[str, float]:
    """Articles a second on all cores, the start of the processes in it."""
    from sijill.pipeline import code_many, cores

    sample = articles(MANY)
    begin = perf_counter()
    read = sum(1 for _ in code_many(sample, jobs=0, on_error=lambda error: None))
    took = perf_counter() - begin
    return {"rate": read / took, "cores": cores(), "peak": peak(resource.RUSAGE_CHILDREN)}


def stages() -> dict[str, float]:
    """Microseconds an article in each stage, by its own functions."""
    from sijill.pipeline import load, settle

    reader, sample = load("grammar", None), articles(COUNT)
    settle()
    for report in articles(WARM, first=10**6):
        read_or_count(reader, report, [])
    watch = Watch()
    missing = [name for name, module, path in STAGES if not watch.wrap(name, module, path)]
    encode = import_module("sijill.records").encode
    for report in sample:
        encode(read_or_count(reader, report, []))
    times = {name: watch.times.get(name, 0.0) / COUNT * 1e6 for name, _, _ in STAGES}
    return times | {f"{name} (not found; mend STAGES)": 0.0 for name in missing}


def memory() -> dict[str, float]:
    """The most memory that `sijill code` takes for one file of the sample, in one process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.jsonl"
        rows = (
            {"id": r.id, "title": r.title, "published": r.published, "text": r.text} for r in articles(COUNT)
        )
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        command = [*SIJILL, "code", str(file), "--jobs", "1", "--out", str(Path(folder) / "out.jsonl")]
        subprocess.run(command, capture_output=True)
    return {"peak": peak(resource.RUSAGE_CHILDREN)}


def start_up() -> dict[str, float]:
    """Seconds from the start of `sijill code` on one report to its record, cache warm and cold."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.txt"
        file.write_text(articles(1)[0].text, encoding="utf-8")
        warm = [_first_record(file, Path(folder) / "warm") for _ in range(8)][1:]
        cold = [_first_record(file, Path(folder) / f"cold{n}") for n in range(3)]
        begin = perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        python = perf_counter() - begin
    return {
        "warm": statistics.median(warm),
        "worst": max(warm),
        "cold": statistics.median(cold),
        "python": python,
    }


def _first_record(file: Path, cache: Path) -> float:
    begin = perf_counter()
    environment = {**os.environ, "SIJILL_CACHE": str(cache)}
    command = [*SIJILL, "code", str(file), "--published", "2023-05-01"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = perf_counter() - begin
    assert line.startswith(b'{"report"'), "sijill code gave no record"
    return took


def beside() -> dict[str, Any]:
    """Articles a second of spaCy's `EntityRuler` over `blank("ar")`, with our names of places and actors."""
    try:
        import spacy
    except ImportError:
        return {}
    names = {("PLACE", name) for name in words()["place"]} | {("ACTOR", name) for name in words()["actor"]}
    nlp = spacy.blank("ar")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": name} for label, name in sorted(names)])  # type: ignore[attr-defined]
    texts = [report.text for report in articles(COUNT // 4)]
    list(nlp.pipe(texts[:10]))
    begin = perf_counter()
    found = sum(len(doc.ents) for doc in nlp.pipe(texts))
    took = perf_counter() - begin
    return {
        "rate": len(texts) / took,
        "names": len(names),
        "hits": found / len(texts),
        "version": spacy.__version__,
    }


# --- tools


def read_or_count(reader: Any, report: Any, stopped: list[str]) -> Any:
    """What the reader gives; an article that stops it is noted, so that the rest can be measured."""
    try:
        return reader.read(report)
    except Exception as error:
        stopped.append(f"{report.id}: {type(error).__name__}")
        return None


def peak(who: int = resource.RUSAGE_SELF) -> float:
    """The largest resident memory so far, in megabytes."""
    most = resource.getrusage(who).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


class Watch:
    """Measures functions from outside; the time of an inner stage is taken off the outer one."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self._inner: list[float] = []

    def wrap(self, name: str, module: str, path: str) -> bool:
        """Measure that function from now on; False where there is none."""
        try:
            home: Any = import_module(module)
            *outer, last = path.split(".")
            for part in outer:
                home = getattr(home, part)
            function = getattr(home, last)
        except (ImportError, AttributeError):
            return False

        def measured(*args: Any, **kwargs: Any) -> Any:
            with self._running(name):
                result = function(*args, **kwargs)
                return list(result) if isinstance(result, Iterator) else result

        setattr(home, last, measured)
        return True

    @contextmanager
    def _running(self, name: str) -> Iterator[None]:
        begin = perf_counter()
        self._inner.append(0.0)
        yield
        took = perf_counter() - begin
        self.times[name] = self.times.get(name, 0.0) + took - self._inner.pop()
        if self._inner:
            self._inner[-1] += took


PARTS = {part.__name__: part for part in (one_core, all_cores, stages, memory, start_up, beside)}


def measure(name: str, *, compiled: bool = False) -> dict[str, Any]:
    """What a part finds, in a process of its own; `compiled` with the package of `make compiled`."""
    environment = {**os.environ, "PYTHONPATH": str(COMPILED)} if compiled else None
    command = [sys.executable, __file__, "--part", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def main() -> int:
    """Print the figures; 1 where `--floor` is asked for and a target missed."""
    sample = articles(COUNT)
    size = statistics.mean(len(r.text.encode()) for r in sample)
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}"
    )
    print(
        f"{COUNT:,} articles of {size:,.0f} bytes, {share(sample):.1%} conflict sentences (aim {SHARE:.0%})\n"
    )
    one, start, used = measure("one_core"), measure("start_up"), measure("memory")
    fast = measure("one_core", compiled=True) if COMPILED.is_dir() else {}
    reached = [fast.get("rate", one["rate"]), start["warm"], max(used["peak"], one["peak"])]
    for (name, wanted, holds), value in zip(TARGETS, reached, strict=True):
        print(f"{name:32}{value:>10,.2f}   target {wanted:9}{'' if holds(value) else '  MISSED'}")
    print(f"{'  pure Python, articles/s':32}{one['rate']:>10,.0f}")
    if fast:
        same = (fast["incidents"], fast["bytes"]) == (one["incidents"], one["bytes"])
        output = "the same output" if same else "NOT THE SAME OUTPUT"
        print(f"{'  compiled, articles/s':32}{fast['rate']:>10,.0f}   {output}")
    else:
        print("  compiled: not built; make compiled")
    print(f"{'  slowest start of 7, s':32}{start['worst']:>10,.2f}")
    print(f"{'  start with an empty cache, s':32}{start['cold']:>10,.2f}")
    print(f"{'  Python alone, s':32}{start['python']:>10,.2f}")
    every = measure("all_cores")
    print(
        f"{'all cores, articles/s':32}{every['rate']:>10,.0f}   {every['cores']} processes, {MANY:,} articles"
    )
    print(f"{'incidents an article':32}{one['incidents'] / COUNT:>10,.2f}")
    if one["stopped"]:
        print(f"{'ARTICLES THAT STOPPED THE READER':32}{one['stopped']:>10,}   no figure holds")
    print()
    _print_stages()
    _print_beside(one["rate"])
    held = not one["stopped"] and all(
        holds(value) for (_, _, holds), value in zip(TARGETS, reached, strict=True)
    )
    return 0 if held or "--floor" not in sys.argv else 1


def _print_stages() -> None:
    times = measure("stages")
    total = sum(times.values())
    print("stage, microseconds an article (the clock adds a little)")
    for name, time in times.items():
        print(f"  {name:30}{time:>10,.0f}{time / total:>8.0%}")
    print(f"  {'sum':30}{total:>10,.0f}\n")


def _print_beside(rate: float) -> None:
    other = measure("beside")
    if not other:
        print('spaCy is not installed, so nothing stands beside: pip install -e ".[bench]"')
        return
    print(
        f"spaCy {other['version']} EntityRuler, the sample's {other['names']:,} names:"
        f" {other['rate']:,.0f} articles/s, {other['hits']:.1f} names an article;"
        f" Sijill codes the whole at {rate / other['rate']:.2f} times its speed"
    )


if __name__ == "__main__":
    if "--part" in sys.argv:
        print(json.dumps(PARTS[sys.argv[-1]]()))
    else:
        sys.exit(main())
