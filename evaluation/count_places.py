"""The table of `docs/places.md`: how many places of which kind, and how many with a point.

python evaluation/count_places.py
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sijill.lexicon.check_places import Gazetteer
from sijill.lexicon.compile import data_files
from sijill.lexicon.load import DATA
from sijill.lexicon.placing import read_rows

COLUMNS = {
    "governorates": "governorate", "districts": "district", "sub-districts": "subdistrict",
    "settlements": "settlement", "quarters": "quarter", "camps": "camp", "sites": "site",
}  # fmt: skip
FEW = 50
"""Countries with fewer places stand together in the last line."""


def lines() -> Iterator[str]:
    """The table, line by line."""
    files = [file for file in data_files([DATA]) if file.parent.name == "places"]
    rows = [row for file in files for row in read_rows(file)[0]]
    world = Gazetteer(rows)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    points: Counter[str] = Counter()
    for row in rows:
        country = world.country(row["id"])
        kinds[country][row["kind"]] += 1
        points[country] += bool(row["lat"])
    large = sorted((c for c in kinds if kinds[c].total() >= FEW), key=lambda c: (-kinds[c].total(), c))
    small = [c for c in kinds if c not in large]
    yield f"| country | all | with a point | {' | '.join(COLUMNS)} | other |"
    yield "| --- " * (len(COLUMNS) + 4) + "|"
    for country in large:
        yield _line(country, kinds[country], points[country])
    others = sum((kinds[c] for c in small), Counter[str]())
    yield _line(f"{len(small)} others", others, sum(points[c] for c in small))
    yield _line("all", sum(kinds.values(), Counter[str]()), points.total())


def _line(name: str, count: Counter[str], points: int) -> str:
    told = [count[kind] for kind in COLUMNS.values()]
    cells = [name, count.total(), points, *told, count.total() - sum(told)]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    print("\n".join(lines()))
