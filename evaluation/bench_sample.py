"""The benchmark's articles: made from templates of our own by a seeded generator.

`articles(count)` always gives the same texts. An article has about 3.4 kB of UTF-8; 35 % of its
sentences tell of the conflict. Names come from our gazetteer and actor lists, numbers and days
from the seed, and every peaceful sentence holds a made-up word or two, so that neither a cache of
words nor one of names makes the reader look faster than it is.

    python evaluation/bench_sample.py 2      prints two articles
"""

from __future__ import annotations

import csv
import random
import sys
from functools import lru_cache
from pathlib import Path

import yaml

from sijill.records import Report

DATA = Path(__file__).parent.parent / "src" / "sijill" / "data"
WORDS = Path(__file__).parent / "bench_words.yaml"
SIZE = 3300  # the sentence that passes it ends the article
SHARE = 0.35
SEED = 20240419


@lru_cache(maxsize=1)
def words() -> dict[str, list[str]]:
    """Templates and small word lists of the benchmark, with the names of the lexicon."""
    table: dict[str, list[str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    table["place"] = [name for file in sorted((DATA / "places").glob("*.csv")) for name in _places(file)]
    table["actor"] = [name for file in ("syria", "iraq") for name in _actors(file)]
    return table


def _places(file: Path) -> list[str]:
    if not file.stem.startswith(("sy", "iq")):
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            row["name"]
            for row in csv.DictReader(lines)
            if row["kind"] in ("settlement", "district", "quarter")
        ]


def _actors(file: str) -> list[str]:
    entries = yaml.safe_load((DATA / "actors" / f"{file}.yaml").read_text(encoding="utf-8"))
    return [name for entry in entries for name in entry.get("names") or ()]


class _Slots(dict[str, str]):
    """What fills the slots of one sentence; each asks chance anew."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance

    def __missing__(self, slot: str) -> str:
        kind = slot.rstrip("23")
        if kind == "n":
            return str(self.chance.randrange(3, 60))
        if kind == "day":
            return str(self.chance.randrange(1, 29))
        if kind == "year":
            return str(self.chance.randrange(2015, 2024))
        if kind == "nonce":
            return nonce(self.chance)
        return self.chance.choice(words()[kind])


def nonce(chance: random.Random) -> str:
    """A made-up word of Arabic shape, such as no cache has seen."""
    table = words()
    root = chance.sample(table["letters"], 3)
    return chance.choice(table["patterns"]).replace("1", root[0]).replace("2", root[1]).replace("3", root[2])


def article(number: int) -> Report:
    """The article of that number."""
    chance = random.Random(SEED * 100_003 + number)
    sentences: list[str] = []
    size = conflict = 0
    while size < SIZE:
        is_conflict = conflict + 0.5 < SHARE * (len(sentences) + 1)
        conflict += is_conflict
        template = chance.choice(words()["conflict" if is_conflict else "peaceful"])
        sentences.append(template.format_map(_Slots(chance)))
        if is_conflict and conflict == 1:
            sentences.insert(0, sentences.pop())
        size += len(sentences[-1].encode()) + 1
    head, tail = sentences[0], sentences[1:]
    chance.shuffle(tail)
    day = f"{chance.randrange(2016, 2024)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
    rows = [" ".join(tail[i : i + 3]) for i in range(0, len(tail), 3)]
    return Report(
        id=f"b{number}", text="\n".join([head, *rows]), title=head.split("\u060c")[0][:90], published=day
    )


def share(reports: list[Report]) -> float:
    """The share of conflict sentences, counted again from the texts."""
    starts = {template.split(" ")[0] + " " for template in words()["conflict"]}
    rows = [row for report in reports for row in report.text.replace("\n", " ").removesuffix(".").split(". ")]
    return sum(row.startswith(tuple(starts)) for row in rows) / len(rows)


def articles(count: int, first: int = 0) -> list[Report]:
    """So many articles, from number `first`."""
    return [article(number) for number in range(first, first + count)]


if __name__ == "__main__":
    for report in articles(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        print(report.published, report.title, report.text, "", sep="\n")
