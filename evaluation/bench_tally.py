"""How fast questions are answered: one function a figure, each callable alone.

python evaluation/bench_tally.py
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
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


def main() -> None:
    """Prints every figure."""
    for measure in (tally_million,):
        for name, value in measure().items():
            print(f"{measure.__name__:20} {name:40} {value:8.3f}")


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
