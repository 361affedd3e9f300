"""What a gazetteer of 200,000 names costs: reading speed and memory, beside the built-in one.

    python evaluation/gazetteer_size.py [NAMES]

Makes a GeoNames dump of invented places (names of one to three words made of the letters and
words of our own tables, so that they run into real text), builds a folder from it with
`sijill gazetteer build`, and reads the same sample of `bench_sample` with and without it, each in
a process of its own, by turns. Prints articles a second, the ratio, and peak memory.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from sijill.lexicon.gazetteer import build
from sijill.lexicon.load import DATA, load
from sijill.lexicon.placing import read_rows

NAMES = 200_000
ARTICLES = 300
TURNS = 3


def dump(file: Path, count: int) -> None:
    """A dump of `count` invented places of Syria, always the same."""
    chance = random.Random(4)
    heads: list[str] = []
    tails: list[str] = []
    for row in read_rows(DATA / "places" / "sy.csv")[0]:
        first, _, rest = row["name"].partition(" ")
        heads.append(first)
        tails += rest.split()
    syllables = sorted({word[n : n + 3] for word in heads for n in range(len(word) - 2) if word.isalpha()})
    seen: set[str] = set()
    with file.open("w", encoding="utf-8") as lines:
        while len(seen) < count:
            made = "".join(chance.choices(syllables, k=2))
            name = chance.choice([made, f"{chance.choice(heads)} {made}", f"{made} {chance.choice(tails)}"])
            if name not in seen:
                seen.add(name)
                number, population = 10_000_000 + len(seen), chance.choice([0, 0, 0, 20_000])
                lat, lon = chance.uniform(33, 36.5), chance.uniform(36.5, 41)
                cells = [
                    number,
                    "x",
                    "x",
                    name,
                    f"{lat:.4f}",
                    f"{lon:.4f}",
                    "P",
                    "PPL",
                    "SY",
                    "",
                    "09",
                    "",
                    "",
                    "",
                ]
                lines.write("\t".join(map(str, [*cells, population, "", "", "", ""])) + "\n")


def read(folder: str) -> dict[str, float]:
    """Reads the sample with a folder laid over; articles a second and peak memory."""
    from bench_sample import articles

    from sijill.reading.reader import get_reader

    begin = perf_counter()
    reader = get_reader("grammar", Path(folder) if folder else None)
    ready = perf_counter() - begin
    sample = articles(2 * ARTICLES)
    for report in sample[:ARTICLES]:
        reader.read(report)
    begin = perf_counter()
    for report in sample[ARTICLES:]:
        reader.read(report)
    rate = ARTICLES / (perf_counter() - begin)
    return {"rate": rate, "memory": peak(), "ready": ready}


def peak() -> float:
    """The most memory that this process has held, in MB; what its parent held does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    if len(sys.argv) > 2:
        print(json.dumps(read(sys.argv[2])))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else NAMES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dump(folder / "SY.txt", count)
        begin = perf_counter()
        built = build(folder / "out", dumps=[folder / "SY.txt"])
        print(f"built {built.added:,} places in {perf_counter() - begin:.1f} s")
        begin = perf_counter()
        lexicon = load(folder / "out")
        print(f"compiled once in {perf_counter() - begin:.1f} s: {len(lexicon.places):,} places")
        del lexicon
        results: dict[str, list[dict[str, float]]] = {"built-in": [], f"{count:,} names": []}
        for _ in range(TURNS):
            for title, given in zip(results, ("", str(folder / "out")), strict=True):
                done = subprocess.run([sys.executable, __file__, "0", given], capture_output=True, check=True)
                results[title].append(json.loads(done.stdout))
        best = {title: max(rows, key=lambda row: row["rate"]) for title, rows in results.items()}
        for title, row in best.items():
            print(
                f"{title:>14}: {row['rate']:7.1f} articles/s, {row['memory']:5.0f} MB, "
                f"ready after {row['ready']:.2f} s"
            )
        small, large = best.values()
        print(
            f"slower by {1 - large['rate'] / small['rate']:.0%}, "
            f"{large['memory'] - small['memory']:.0f} MB more"
        )


if __name__ == "__main__":
    main()
