"""A map without tiles: governorates' outlines, and incidents on them by how precisely they are placed.

Site and settlement are filled dots, district a ring; what is placed no closer than a governorate is
counted on its area and listed, never pinned.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec
import numpy as np

from sijill.publish.drawing import governorates
from sijill.publish.names import Lang, Names
from sijill.web.shelf import Chosen

WIDE, HIGH, EDGE = 640.0, 460.0, 12.0
MOST = 400
"""So many places are drawn, those with most incidents."""

PINNED = ("site", "settlement", "district")


class Spot(msgspec.Struct, frozen=True):
    """A place with incidents."""

    place: str
    name: str
    lat: float
    lon: float
    precision: str
    count: int


class Map(msgspec.Struct, frozen=True):
    """What a map shows: incidents by governorate, places, and how many incidents are not pinned."""

    areas: dict[str, int]
    spots: list[Spot]
    loose: int
    unplaced: int


def gather(chosen: Chosen) -> Map:
    """What a map of these incidents shows."""
    points = chosen.index.points[chosen.at]
    told = ~np.isnan(points[:, 0])
    keys = np.round(points[told] * 10_000).astype(np.int64)
    packed = keys[:, 0] * 10_000_000 + keys[:, 1]
    _, first, often = np.unique(packed, return_index=True, return_counts=True)
    at = chosen.at[told]
    counts: Counter[tuple[str, str, float, float, str]] = Counter()
    for row, count in zip(at[first].tolist(), often.tolist(), strict=True):
        place = chosen.row(row).place
        assert place is not None and place.lat is not None and place.lon is not None
        counts[place.id or place.name, place.name, place.lat, place.lon, place.precision] += count
    loose, unplaced = 0, 0
    for one in chosen.beside:
        place = one.place
        if place is not None and place.lat is not None and place.lon is not None:
            counts[place.id or place.name, place.name, place.lat, place.lon, place.precision] += 1
    spots = [Spot(*key[:5], count) for key, count in counts.most_common(MOST) if key[4] in PINNED]
    loose = sum(count for key, count in counts.items() if key[4] not in PINNED)
    unplaced = chosen.count - sum(counts.values())
    areas = dict(chosen.facets()["admin1"])
    return Map(areas, spots, loose, unplaced)


def draw(found: Map, names: Names, lang: Lang, label: str, link: Callable[[str], str]) -> str:
    """The map as SVG; every area and dot leads to its incidents."""
    shapes = governorates()
    countries = {shapes[code][0] for code in found.areas if code in shapes} or {"SY"}
    sheet = _sheet(frozenset(countries))
    most = max(found.areas.values(), default=0)
    parts, labels = [], []
    for code, (drawn, x, y) in sheet.areas.items():
        count, name = found.areas.get(code, 0), names.unit(code, lang)
        shade = 0 if not count else 1 + min(int(count / most * 5), 4)
        said = escape(f"{name}: {count:,}")
        parts.append(
            f'<a href="{escape(link(code))}"><path class="area a{shade}" d="{drawn}" fill-rule="evenodd">'
            f"<title>{said}</title></path></a>"
        )
        if count or len(sheet.areas) < 20:
            labels.append(f'<text class="area-name" x="{x:.1f}" y="{y:.1f}">{escape(name)}</text>')
    dots = []
    biggest = max((spot.count for spot in found.spots), default=1)
    for spot in sorted(found.spots, key=lambda one: -one.count):
        x, y = sheet.place(spot.lon, spot.lat)
        if not (0 <= x <= WIDE and 0 <= y <= HIGH):
            continue
        radius = 3 + 8 * math.sqrt(spot.count / biggest) + (4 if spot.precision == "district" else 0)
        kind = "ring" if spot.precision == "district" else "dot"
        said = escape(f"{spot.name}: {spot.count:,}")
        dots.append(
            f'<a href="{escape(link(spot.place))}"><circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" '
            f'r="{radius:.1f}"><title>{said}</title></circle></a>'
        )
    return (
        f'<svg class="map" viewBox="0 0 {WIDE:g} {HIGH:g}" role="group" direction="ltr" '
        f'aria-label="{escape(label)}">{"".join(parts)}{"".join(dots)}{"".join(labels)}</svg>'
    )


def to_place(base: str, query: dict[str, str]) -> Callable[[str], str]:
    """Addresses that add a place to a filter."""
    rest = {key: value for key, value in query.items() if key not in ("place", "page")}
    return lambda code: f"{base}?{urlencode({**rest, 'place': code})}"


class Sheet(NamedTuple):
    """A blank map: where a point lies, and each area's path with the middle of its name."""

    place: Callable[[float, float], tuple[float, float]]
    areas: dict[str, tuple[str, float, float]]


@lru_cache(maxsize=8)
def _sheet(countries: frozenset[str]) -> Sheet:
    """The blank map of some countries."""
    chosen = {code: rings for code, (country, rings) in governorates().items() if country in countries}
    place = _projection([point for rings in chosen.values() for ring in rings for point in ring])
    areas = {}
    for code, rings in sorted(chosen.items()):
        drawn = " ".join(
            "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in (place(*point) for point in ring)) + " Z"
            for ring in rings
        )
        areas[code] = (drawn, *place(*_middle(max(rings, key=len))))
    return Sheet(place, areas)


def _projection(points: list[tuple[float, float]]) -> Callable[[float, float], tuple[float, float]]:
    """Where a place lies on the sheet: equirectangular about its middle."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * squeeze, north - south
    factor = min((WIDE - 2 * EDGE) / wide, (HIGH - 2 * EDGE) / high)
    left, top = (WIDE - wide * factor) / 2, (HIGH - high * factor) / 2

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (x - west) * squeeze * factor, top + (north - y) * factor

    return place


def _middle(ring: list[tuple[float, float]]) -> tuple[float, float]:
    """The centroid of a ring."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (x / (3 * area), y / (3 * area)) if area else ring[0]
