"""Every figure of an incident: who says it, when, in which words."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sijill.incidents import Figure, HeldMention
from sijill.records import Casualty, Rival
from sijill.tolls.sources import age, first_of_copies, outlet_of, source_of


def figures(mentions: Iterable[HeldMention]) -> list[Figure]:
    """All figures, the earliest published first; those that their source replaced later are marked."""
    return figures_by_teller(mentions)[0]


def figures_by_teller(mentions: Iterable[HeldMention]) -> tuple[list[Figure], list[int]]:
    """The figures, and for each which of its mention's voices tells it: 0 its own, then each rival source's.

    Of the copies of one agency text each gives its figures; they bear one source and the day on
    which the first of them appeared, so that a late copy makes an old figure no younger.
    """
    held = sorted({one.id: one for one in mentions if not one.retracted}.values(), key=age)
    first = first_of_copies(held)
    found: list[Figure] = []
    voices: list[int] = []
    for one in held:
        rivals = list(dict.fromkeys(rival.source for rival in one.mention.rivals))
        origin = first.get(one.copy_of or "", one)
        entries: list[Casualty | Rival] = [*one.mention.casualties, *one.mention.rivals]
        for entry in entries:
            voices.append(1 + rivals.index(entry.source) if isinstance(entry, Rival) else 0)
            found.append(
                Figure(
                    outcome=entry.outcome, group=entry.group, low=entry.low, high=entry.high,
                    source=_source(one, entry, first), mention=one.id, report=one.report,
                    approx=isinstance(entry, Casualty) and entry.approx,
                    part_of=isinstance(entry, Casualty) and entry.part_of,
                    outlet=one.outlet, published=origin.published, received=one.received, words=one.words,
                )
            )  # fmt: skip
    return mark_superseded(found), voices


def _source(one: HeldMention, entry: Casualty | Rival, first: dict[str, HeldMention]) -> str:
    """Who gives a figure; a rival figure without a source is the outlet's, not its main source's."""
    if entry.source is None and isinstance(entry, Rival):
        return outlet_of(one, first)
    return source_of(one, entry.source, first)


def mark_superseded(found: Iterable[Figure]) -> list[Figure]:
    """Figures with `superseded` set where the same source gave another one on a later day.

    Figures are compared within one source, outcome, group and kind (part or whole).
    """
    rows = list(found)
    latest: dict[tuple[str, str, str, bool], str] = {}
    for row in rows:
        if row.published and row.low is not None:
            latest[_line(row)] = max(latest.get(_line(row), ""), row.published)
    return [
        msgspec.structs.replace(row, superseded=(row.published or "") < latest.get(_line(row), ""))
        for row in rows
    ]


def _line(row: Figure) -> tuple[str, str, str, bool]:
    """What a later figure must share with an earlier one to replace it."""
    return (row.source, row.outcome, row.group, row.part_of)
