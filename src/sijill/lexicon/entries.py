"""What a lexicon holds once its files are read: entries, the index of their forms, and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One meaning of a form.

    `kind`: actor, adjective, generic, anaphor, unknown, member, place, source, act, act_verb,
    masdar, outcome_verb, affected, victim, object, weapon, or cue.
    `code`: what it stands for (an actor code, a place id, an action, an outcome, a cue's name).
    `number`: one, two or many. `role`: what else the form says (tense, `object`, `weak` ...).
    `since`/`until`: first and last day (ISO) on which the form means this.
    """

    kind: str
    code: str
    number: str = ""
    role: str = ""
    since: str = ""
    until: str = ""
    weapons: tuple[str, ...] = ()
    country: str = ""


class PlaceEntry(msgspec.Struct, frozen=True, array_like=True):
    """One row of the gazetteer; `admin1` and `country` are worked out from the parents."""

    id: str
    name: str
    kind: str
    parent: str
    lat: float | None
    lon: float | None
    pcode: str
    note: str
    admin1: str | None = None
    country: str | None = None
    weight: int = 0


Row = tuple[str, int, bool]
"""The rest of a form after its first word, the number of its entry, and whether it is strict."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """All of a lexicon, ready to be read from.

    `index` maps the first word of a form to its rows; a strict form must stand with the article
    that it is written with. Entries, rows and places may lie packed until they are asked for.
    """

    digest: str
    entries: Sequence[Entry]
    index: Mapping[str, Sequence[Row]]
    places: Mapping[str, PlaceEntry]
    tables: dict[str, Any]
