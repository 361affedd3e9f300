"""How fast exports and briefs are, and what memory they take: a part of `make bench`.

    python evaluation/bench_publish.py                 all of it
    python evaluation/bench_publish.py parquet         one figure

The incidents are made up: 5,000 different ones, again and again under new ids. Each figure is
measured in a process of its own and includes reading the JSON lines.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

import msgspec

from sijill.incidents import Figure, Incident, Toll
from sijill.publish.names import names
from sijill.records import Place

MANY = int(os.environ.get("SIJILL_BENCH_INCIDENTS", "1000000"))
BRIEF = 20_000
TARGETS = {"parquet": 20.0, "csv": 60.0, "brief": 10.0}
"""Seconds: 1,000,000 incidents to Parquet and to CSV, a brief over 20,000."""

LAST, DAYS = date(2024, 3, 31).toordinal(), 4 * 365
"""Four years up to the month of the brief, so that it has a past to watch."""

ACTIONS = ("ambush", "armed_assault", "clash", "ied", "shelling", "air_strike", "assassination", "arrest")


def made(count: int) -> list[Incident]:
    """Made-up incidents in known places of Syria."""
    chance = random.Random(9)
    entries = [
        p for p in names().places.values() if p.country == "SY" and p.kind == "settlement" and p.admin1
    ]
    out = []
    for number in range(count):
        entry = chance.choice(entries)
        day = date.fromordinal(LAST - chance.randrange(DAYS)).isoformat()
        place = Place(
            name=entry.name, id=entry.id, admin1=entry.admin1, country="SY", lat=entry.lat, lon=entry.lon
        )
        tolls = []
        for outcome in ("killed", "wounded")[: chance.randint(0, 2)]:
            best = chance.randint(1, 9)
            figure = Figure(
                outcome=outcome, group="SY-GOV", low=best, high=best, source="SOHR", outlet="SANA",
                mention=f"m-{number:016x}", report=f"r-{number:016x}", published=day,
                words="قتل عناصر في كمين",
            )  # fmt: skip
            tolls.append(
                Toll(outcome=outcome, group="SY-GOV", low=best, best=best, high=best, figures=[figure])
            )
        out.append(
            Incident(
                id=f"i-{number:016x}", action=chance.choice(ACTIONS), date=day, start=day, end=day,
                place=place, actors=["IS"], targets=["SY-GOV"], tolls=tolls, sources=["SOHR"],
                outlets=["SANA"],
                mentions=[f"m-{number:016x}"], first_published=day, last_published=day,
            )
        )  # fmt: skip
    return out


def write(path: Path, count: int) -> None:
    """A file of so many incidents."""
    lines = [msgspec.json.encode(one) for one in made(5000)]
    with path.open("wb") as file:
        for number in range(count):
            line = lines[number % len(lines)]
            file.write(
                line.replace(f"i-{number % len(lines):016x}".encode(), f"i-{number:016x}".encode()) + b"\n"
            )


def export(form: str, source: Path) -> float:
    """Seconds to export a file of incidents."""
    from sijill.cli.main import run

    with tempfile.TemporaryDirectory() as folder:
        begin = perf_counter()
        code = run(["export", "--incidents", str(source), "--format", form, "--out", f"{folder}/x.{form}"])
        took = perf_counter() - begin
    assert code == 0, code
    return took


def brief(source: Path) -> float:
    """Seconds to make a brief in HTML, PDF and DOCX."""
    from sijill.cli.main import run

    with tempfile.TemporaryDirectory() as folder:
        begin = perf_counter()
        given = ["--incidents", str(source), "--period", "2024-03", "--lang", "both"]
        outs = [part for form in ("html", "pdf", "docx") for part in ("--out", f"{folder}/b.{form}")]
        code = run(["brief", *given, *outs])
        took = perf_counter() - begin
    assert code == 0, code
    return took


def measure(figure: str, count: int) -> dict[str, float]:
    """One figure in a process of its own: seconds, and peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "incidents.jsonl"
        write(source, count)
        done = subprocess.run(
            [sys.executable, __file__, "--one", figure, str(source)],
            capture_output=True,
            text=True,
            check=True,
        )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def one(figure: str, source: Path) -> None:
    """Measures here and prints JSON."""
    took = brief(source) if figure == "brief" else export(figure, source)
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {"seconds": took, "cpu": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}
    print(json.dumps(told))


def main(asked: list[str]) -> None:
    """Prints the figures that are asked for."""
    for figure, most in TARGETS.items():
        if asked and figure not in asked:
            continue
        count = BRIEF if figure == "brief" else MANY
        told = measure(figure, count)
        print(
            f"{figure}, {count:,} incidents: {told['seconds']:.1f} s (target < {most:.0f}), "
            f"{told['cpu']:.1f} s of one core with start-up, peak {told['peak_mb']:.0f} MB"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        main(sys.argv[1:])
