"""How fast questions are answered: one function a figure, each callable alone.

python evaluation/bench_tally.py
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np

from sijill.incidents import Incident, Toll
from sijill.records import Place

MANY = 1_000_000
ACTORS = ("IS", "SY-GOV", "HTS", "RU", "SDF", "UNKNOWN", "TR")
TARGETS = ("CIV", "SY-GOV", "SY-GOV/NDF", "IS", "SDF", "PERSONS")


def made(count: int) -> Iterator[Incident]:
    """Made-up incidents over ten years and 32 governorates, each with one or two tolls."""
    chance, start = random.Random(7), date(2015, 1, 1)
    days = [(start + timedelta(days=step)).isoformat() for step in range(3650)]
    places = [Place(name=f"p{n}", admin1=f"G{n % 32:02}", country="SY", id=f"p{n}") for n in range(500)]
    tolls = [
        Toll(outcome=outcome, group=group, low=n, best=n, high=n)  # type: ignore[arg-type]
        for outcome in ("killed", "wounded") for group in TARGETS for n in range(12)
    ]  # fmt: skip
    for number in range(count):
        day = chance.choice(days)
        yield Incident(
            id=f"i-{number:016x}", action="ambush" if number % 3 else "clash", date=day, start=day, end=day,
            place=chance.choice(places), actors=[chance.choice(ACTORS)], targets=[chance.choice(TARGETS)],
            tolls=chance.sample(tolls, 1 + number % 2), sources=["SOHR"], first_published=day,
        )  # fmt: skip


def tally_million() -> dict[str, float]:
    """Seconds for building the columns of a million incidents, and for three tallies over them."""
    from sijill.filters import parse
    from sijill.tally.count import count
    from sijill.tally.table import Table

    begin = perf_counter()
    table = Table.of(made(MANY))
    built = perf_counter() - begin
    found = {"built, s (with making them up)": built}
    for name, by, words in (
        ("month x governorate, s", ["month", "governorate"], ""),
        ("actor x action since 2019, s", ["actor", "action"], "since=2019-03-24"),
        ("target group x year, s", ["target", "year"], "place=G01|G02|G03"),
    ):
        table._sums.clear()
        begin = perf_counter()
        count(table, by=by, asked=parse(words))
        found[name] = perf_counter() - begin
    return found


def kept_million() -> dict[str, float]:
    """Seconds of a whole `tally` from the columns kept beside a register of a million incidents."""
    from sijill.tally import store
    from sijill.tally.count import count
    from sijill.tally.table import Table

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "columns.npz"
        begin = perf_counter()
        store.save(Table.of(made(MANY)), path)
        saved = perf_counter() - begin
        begin = perf_counter()
        table = store.load(path)
        loaded = perf_counter() - begin
        assert table is not None
        count(table, by=["month", "governorate"])
        whole = perf_counter() - begin
        size = path.stat().st_size / 1e6
    return {"built and kept, s": saved, "size, MB": size, "loaded, s": loaded, "loaded and counted, s": whole}


def watch_decade() -> dict[str, float]:
    """Seconds of a watch over 32 governorates, incidents and deaths, ten years of weeks."""
    from sijill.tally.watch import watch

    counts = np.random.default_rng(7).negative_binomial(2, 0.2, (64, 522))
    names = [(f"G{n % 32:02}", "incidents" if n < 32 else "killed") for n in range(64)]
    starts = [(date(2015, 1, 5) + timedelta(weeks=week)).isoformat() for week in range(522)]
    begin = perf_counter()
    found = watch(counts, names, starts)
    return {"watch, s": perf_counter() - begin, "series-years": found.years}


def watch_register() -> dict[str, float]:
    """Seconds of the same from 200,000 incidents in columns, series made on the way."""
    from sijill.tally.table import Table
    from sijill.tally.watch_table import watch_table

    table = Table.of(made(200_000))
    begin = perf_counter()
    watch_table(table)
    return {"watch from incidents, s": perf_counter() - begin}


PARTS = (tally_million, kept_million, watch_decade, watch_register)


def main() -> None:
    """Prints every figure, or those of the parts named."""
    wanted = sys.argv[1:] or [part.__name__ for part in PARTS]
    for part in PARTS:
        if part.__name__ in wanted:
            for name, value in part().items():
                print(f"{part.__name__:16} {name:34} {value:9.3f}")


if __name__ == "__main__":
    main()
