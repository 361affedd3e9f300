"""`datapackage.json` (Frictionless Data Package): a data dictionary that programs and people read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from sijill.publish.about import Request, about, facts, sentences
from sijill.publish.table import Table

_TYPES = {
    "text": "string", "code": "string", "list": "string", "whole": "integer", "real": "number",
    "day": "date", "flag": "boolean",
}  # fmt: skip
_LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution Share-Alike 4.0", "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODbL-1.0": ("Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/"),
}  # fmt: skip


def resource(table: Table, name: str, draft: Path, *, hxl: bool = False, bom: bool = False) -> dict[str, Any]:
    """One file of a package; `name` is its place in it, `draft` where its bytes lie now."""
    suffix = Path(name).suffix.lstrip(".")
    told: dict[str, Any] = {"name": table.name, "path": name, "format": suffix, "bytes": draft.stat().st_size}
    with draft.open("rb") as file:
        told["hash"] = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    if table.fields:
        told["schema"] = schema(table)
    if suffix == "csv":
        told |= {"profile": "tabular-data-resource", "mediatype": "text/csv"}
        told["encoding"] = "utf-8-sig" if bom else "utf-8"
        if hxl:
            told["dialect"] = {"headerRows": [1], "commentRows": [2], "commentChar": "#"}
    return told


def schema(table: Table) -> dict[str, Any]:
    """The columns of a table as a Table Schema."""
    rows = []
    for field in table.fields:
        row: dict[str, Any] = {"name": field.name, "type": _TYPES[field.kind]}
        if field.en:
            row |= {"description": field.en, "description_ar": field.ar}
        if field.hxl:
            row["hxl"] = field.hxl
        rows.append(row)
    told: dict[str, Any] = {"fields": rows, "missingValues": [""]}
    if table.key:
        told["primaryKey"] = [table.key]
    return told


def package(request: Request, resources: Sequence[dict[str, Any]], notes: Sequence[str]) -> bytes:
    """The description of a whole export."""
    method, caveats = sentences(request.profile, "en")
    title, path = _LICENCES.get(request.licence, (request.licence, None))
    licence = {"name": request.licence, "title": title} | ({"path": path} if path else {})
    told = {
        "profile": "data-package",
        "name": f"sijill-{request.format}",
        "title": about().title.en,
        "title_ar": about().title.ar,
        "description": " ".join([*method, *caveats]),
        "licenses": [licence],
        "created": f"{request.today}T00:00:00Z",
        "sijill": facts(request) | {"method": method, "caveats": caveats, "left_out": list(notes)},
        "resources": list(resources),
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"
