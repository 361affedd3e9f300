"""Whether a point lies in a country, after light outlines; good to about 25 km.

`data/outlines.json` is made by `evaluation/make_outlines.py` from Natural Earth's map at
1:110 million. The exact test, against the borders of time zones, is in `tests/test_words.py`.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

OUTLINES = Path(__file__).resolve().parent.parent / "data" / "outlines.json"
_DEGREE = 111.2  # kilometres
_EARTH = 12742.0

Ring = list[list[float]]


@lru_cache(maxsize=1)
def outlines() -> dict[str, list[Ring]]:
    """The rings of each country as [longitude, latitude], by ISO code."""
    found: dict[str, list[Ring]] = json.loads(OUTLINES.read_text(encoding="utf-8"))
    return found


def outside(country: str, lat: float, lon: float) -> float | None:
    """How many kilometres a point lies outside a country; 0.0 inside, None for an unknown country."""
    rings = outlines().get(country)
    if rings is None:
        return None
    if _inside(rings, lat, lon):
        return 0.0
    scale = math.cos(math.radians(lat))
    return _DEGREE * min(
        _to_segment((x1 - lon) * scale, y1 - lat, (x2 - lon) * scale, y2 - lat)
        for ring in rings
        for (x1, y1), (x2, y2) in pairwise(ring)
    )


def _inside(rings: list[Ring], lat: float, lon: float) -> bool:
    """Whether a ray to the east crosses the rings an odd number of times."""
    crossed = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                crossed = not crossed
    return crossed


def _to_segment(x1: float, y1: float, x2: float, y2: float) -> float:
    """How far the origin is from a segment."""
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = 0.0 if not length else max(0.0, min(1.0, -(x1 * dx + y1 * dy) / length))
    return math.hypot(x1 + along * dx, y1 + along * dy)


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance of two points."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((a - b) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(lon1 - lon2) / 2) ** 2
    return _EARTH * math.asin(math.sqrt(min(1.0, half)))
