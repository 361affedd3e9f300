"""Who our actor codes are in others' layouts, and which countries ours are there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec

from sijill.publish.names import PUBLISH, Names, read_yaml

Sort = Literal["state", "rebel", "militia", "identity", "civilians", "outsider"]


class Side(msgspec.Struct, frozen=True):
    """One row of `data/publish/sides.yaml`."""

    kind: Sort
    acled: str
    ged: str
    plover: str
    home: str | None = None
    ged_id: int | None = None


class Country(msgspec.Struct, frozen=True):
    """One row of `data/publish/countries.yaml`."""

    iso3: str
    number: int
    gw: int
    name: str
    region: str
    ged_region: str
    hrp: bool
    gho: bool


@lru_cache(maxsize=1)
def sides() -> dict[str, Side]:
    """All sides, by code."""
    return msgspec.convert(read_yaml(PUBLISH / "sides.yaml"), dict[str, Side])


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """All countries, by ISO code."""
    return msgspec.convert(read_yaml(PUBLISH / "countries.yaml"), dict[str, Country])


def country(code: str | None) -> Country | None:
    """The country of that code, if the table has it."""
    return countries().get(code or "")


@lru_cache(maxsize=4096)
def side(code: str) -> Side | None:
    """The side of a code: its own row, that of its whole, or a state's for `XX-GOV`; None for things."""
    table = sides()
    at = code
    while at:
        if at in table:
            return table[at]
        at = at.rpartition("/")[0]
    whole = code.split("/")[0]
    if whole.endswith("-GOV"):
        home = whole.removesuffix("-GOV")
        known = country(home)
        name = known.name if known else home
        return Side("state", f"Military Forces of {name}", f"Government of {name}", "MIL", home)
    if whole in ("PROPERTY", "INFRA"):
        return None
    return Side("militia", "", "", "PRM")


def sort(code: str, where: str | None) -> Sort | None:
    """What a group is in a country: a state's force away from home is an outsider."""
    found = side(code)
    if found is None:
        return None
    abroad = found.kind == "state" and found.home is not None and where is not None and found.home != where
    return "outsider" if abroad else found.kind


def named(code: str, style: Literal["acled", "ged"], where: str | None, names: Names) -> str:
    """The group's name in a layout's style."""
    found = side(code)
    told = getattr(found, style) if found else ""
    known = country(where)
    return (told or names.actor(code, "en")).format(country=known.name if known else where or "")


def is_civilian(code: str) -> bool:
    """Is the group civilians, or people whose side is not told?"""
    return code.split("/")[0] in ("CIV", "PERSONS")


def two_sides(actors: Iterable[str], targets: Iterable[str]) -> tuple[list[str], list[str]]:
    """The two sides of an incident, things left out: actors against targets; of a clash, whose sides
    both are actors, the first against the rest.

    >>> two_sides(["IS", "SDF"], [])
    (['IS'], ['SDF'])
    """
    first = [code for code in actors if side(code) is not None]
    second = [code for code in targets if side(code) is not None and code not in first]
    if not second and len(first) > 1:
        first, second = first[:1], first[1:]
    return first, second
