"""Independent sources: whoever is quoted nearest, counted once however many outlets quote him.

SOHR                 an outlet quoting SOHR is SOHR
medical@NAME         a word for an office is no one person: it is one source in each outlet, and the
                     same one where two copied one agency text (under the outlet that had it first)
NAME                 an outlet that quotes nobody speaks for itself
IS, SY-GOV ...       a group that speaks for itself, by the group before the first slash
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sijill.arabic.fold import fold_words
from sijill.incidents import HeldMention
from sijill.tolls.policies import load_policies

NOBODY = "report:"
"""What the name of a source begins with that neither outlet nor source is told of."""


def first_of_copies(mentions: Iterable[HeldMention]) -> dict[str, HeldMention]:
    """Of each agency text (`copy_of`) the mention that was published first."""
    first: dict[str, HeldMention] = {}
    for held in sorted(mentions, key=age):
        if held.copy_of:
            first.setdefault(held.copy_of, held)
    return first


def age(held: HeldMention) -> tuple[str, str, str]:
    """Published first, then by id: nothing that depends on the order of arrival."""
    return (held.published or "~", held.id, held.report)


def outlet_of(held: HeldMention, first: Mapping[str, HeldMention] | None = None) -> str:
    """Who speaks where nobody is quoted: the outlet, of a copied text the one that had it first."""
    origin = (first or {}).get(held.copy_of or "", held)
    return origin.outlet or NOBODY + origin.report


def source_of(
    held: HeldMention, told: str | None = None, first: Mapping[str, HeldMention] | None = None
) -> str:
    """The independent source of a figure that `told` gives, else of the whole mention."""
    named = told or (held.mention.sources[0] if held.mention.sources else None)
    outlet = outlet_of(held, first)
    if named is None or fold_words(named) == fold_words(outlet):
        return outlet
    if named in load_policies().roles:
        return f"{named}@{outlet}"
    return named.partition("/")[0] if named.isascii() else named


def independent_sources(mentions: Iterable[HeldMention]) -> list[str]:
    """The independent sources of some mentions, sorted; each mention's nearest and its figures' own."""
    held = list(mentions)
    first = first_of_copies(held)
    names = {source_of(one, None, first) for one in held}
    for one in held:
        named = [row.source for row in one.mention.casualties] + [row.source for row in one.mention.rivals]
        names |= {source_of(one, name, first) for name in named if name}
    return sorted(names)


def is_party(source: str, mentions: Iterable[HeldMention]) -> bool:
    """Is a source one of those who fought, so that its word is a claim?"""
    name = source.partition("@")[0].partition("/")[0]
    sides = (
        code.partition("/")[0]
        for held in mentions
        for code in (*held.mention.actors, held.mention.claimed_by or "")
    )
    return name in sides
