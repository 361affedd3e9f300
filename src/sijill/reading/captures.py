"""A place that changed hands is an incident too, though no verb of attack told it.

'The town fell into the hands of X', 'X took back Y in July 2018': the reader of control finds
them. A list of places that one sentence gives to a side is one incident, at the first of them.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from sijill.records import Action, Control, Mention, Span

ACTION: Action = "capture_territory"


def with_captures(
    incidents: list[Mention], control: list[Control], enemy: Callable[[list[str]], list[str]]
) -> list[Mention]:
    """The incidents, and one for each dated gain that none of them tells.

    `enemy` gives the side that a place is taken from where the text names none.
    """
    out = list(incidents)
    for row in control:
        if row.change != "gained" or row.date is None or not row.place.name:
            continue
        if any(_tells(mention, row) for mention in out):
            continue
        losers = [c.actor for c in control if c.change == "lost" and c.place.name == row.place.name]
        out.append(
            Mention(
                id=f"i{len(out) + 1}",
                action=ACTION,
                date=row.date,
                place=row.place,
                actors=[row.actor],
                targets=[a for a in dict.fromkeys(losers) if a.split("/")[0] != row.actor.split("/")[0]]
                or enemy([row.actor]),
                evidence=dict(row.evidence),
            )
        )
    return [replace(m, id=f"i{n}") for n, m in enumerate(out, 1)]


def _tells(mention: Mention, row: Control) -> bool:
    """Whether an incident is this gain, or tells another gain in the same words."""
    if mention.action != ACTION:
        return False
    here, there = mention.place, row.place
    if here is not None and (here.name == there.name or (here.id is not None and here.id == there.id)):
        return True
    spans = mention.evidence.get("", [])
    return any(_overlap(a, b) for a in spans for b in row.evidence.get("", []))


def _overlap(a: Span, b: Span) -> bool:
    return a.field == b.field and a.start < b.end and b.start < a.end


__all__ = ["with_captures"]
