"""Outlets that speak for an armed group: refused by name, host or channel, each with its reason.

Only where something comes from is looked at. News that quotes such an outlet is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from sijill.arabic.fold import fold_words
from sijill.errors import InputError
from sijill.lexicon.load import DATA

FILE = "refused_sources.yaml"
_REMEDY = "read news that quotes it instead; data/refused_sources.yaml gives the reason and its source"


@dataclass(frozen=True, slots=True)
class Outlet:
    """One refused outlet; `names` are folded, with a blank on both sides."""

    group: str
    en: str
    names: tuple[str, ...]
    labels: frozenset[str]
    hosts: tuple[str, ...]
    reason: str


@lru_cache(maxsize=2)
def _data(folder: Path = DATA) -> Any:
    """What the file says."""
    return yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))


@lru_cache(maxsize=2)
def outlets(folder: Path = DATA) -> tuple[Outlet, ...]:
    """The outlets of `refused_sources.yaml`."""
    rows = _data(folder)["outlets"]
    return tuple(
        Outlet(
            row["group"], row["en"], tuple(f" {_plain(name)} " for name in row["names"]),
            frozenset(label.lower() for label in row["labels"]), tuple(row["hosts"]), row["reason"],
        )
        for row in rows
    )  # fmt: skip


def _plain(name: str) -> str:
    """A name folded, with blanks for whatever joins words."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold_words(name)).split())


def by_name(name: str | None) -> Outlet | None:
    """The refused outlet that a source is named after, if any."""
    if not name:
        return None
    padded = f" {_plain(name)} "
    for one in outlets():
        for own in one.names:
            if padded == own or (" " in own.strip() and own in padded):
                return one
    return None


def by_address(url: str | None) -> Outlet | None:
    """The refused outlet that an address belongs to, if any."""
    if not url:
        return None
    parts = set(_parts(url))
    host = (urlsplit(url).hostname or "").lower()
    for one in outlets():
        if not parts.isdisjoint(one.labels) or any(
            host == own or host.endswith(f".{own}") for own in one.hosts
        ):
            return one
    return None


def _parts(url: str) -> Iterator[str]:
    """The labels of the host; and for services where people keep channels, the channel."""
    split = urlsplit(url)
    host = (split.hostname or "").lower()
    yield from host.split(".")
    if any(host == service or host.endswith(f".{service}") for service in _data()["services"]):
        steps = [step.lower() for step in split.path.split("/") if step]
        yield from (step.removeprefix("@") for step in steps[:2])


def check(where: str, *, name: str | None = None, url: str | None = None) -> None:
    """InputError where a source is one that is refused."""
    outlet = by_name(name) or by_address(url)
    if outlet is not None:
        raise InputError(
            where, f"comes from {outlet.en} ({outlet.group}) and is refused: {outlet.reason}", _REMEDY
        )
