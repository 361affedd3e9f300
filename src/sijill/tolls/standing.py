"""How an incident stands, by rules in one order; the first that holds decides.

1. retracted       every report of it was retracted
2. denied          somebody denies it and nobody reports it
3. contested       somebody denies it and others report it; or reports say that who did it is disputed
4. claimed_only    every source is one of those who did it
5. corroborated    two or more independent sources, the doers left out
6. single_source   what remains
"""

from __future__ import annotations

from collections.abc import Iterable

from sijill.incidents import HeldMention, Standing
from sijill.tolls.sources import independent_sources, is_party


def standing(mentions: Iterable[HeldMention]) -> Standing:
    """The standing of an incident that these mentions tell of."""
    told = list(mentions)
    held = [one for one in told if not one.retracted]
    if not held:
        return "retracted"
    denying = [one for one in held if one.mention.status == "denied"]
    if len(denying) == len(held):
        return "denied"
    if denying or any(one.mention.disputed for one in held):
        return "contested"
    sources = independent_sources(held)
    outside = [source for source in sources if not is_party(source, held)]
    if not outside:
        return "claimed_only"
    return "corroborated" if len(outside) > 1 else "single_source"
