"""What a lexicon holds once its files are read: entries, the index of their forms, and places."""

from __future__ import annotations

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


class Compiled(msgspec.Struct, array_like=True):
    """All of a lexicon, as it lies in the cache.

    `index` maps the first word of a form to `(rest of the form, number of the entry, strict)`;
    a strict form must stand with the article that it is written with.
    """

    digest: str
    entries: list[Entry]
    index: dict[str, list[tuple[str, int, bool]]]
    places: dict[str, PlaceEntry]
    tables: dict[str, Any]
