"""Short phrases for figures, places, dates and parties, as tables and explanations show them."""

from __future__ import annotations

from collections.abc import Iterable

from sijill.records import Casualty, Mention, Place, Tally, When


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 tally`, `2 tallies`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"


def figure(low: int | None, high: int | None, approx: bool = False) -> str:
    """A number with its doubt: `5`, `about 5`, `5 or more`, `up to 9`, `5-9`; `?` where none is told."""
    if low is None and high is None:
        return "?"
    if low is None:
        said = f"up to {high}"
    elif high is None:
        said = f"{low} or more"
    else:
        said = str(low) if low == high else f"{low}-{high}"
    return f"about {said}" if approx else said


def casualty(entry: Casualty) -> str:
    """One entry: `killed 2 SY-GOV`; a part of another figure stands in brackets."""
    said = f"{entry.outcome} {figure(entry.low, entry.high, entry.approx)} {entry.group}"
    return f"({said})" if entry.part_of else said


def casualties(entries: Iterable[Casualty]) -> str:
    """All entries, one after the other."""
    return "; ".join(map(casualty, entries))


def place(where: Place | None) -> str:
    """The name in the text and the governorate or country that was worked out."""
    if where is None:
        return ""
    larger = where.admin1 or where.country
    return f"{where.name} ({larger})" if larger else where.name


def when(date: When | None) -> str:
    """The date in EDTF; empty where none is told."""
    return date.edtf if date else ""


def action(mention: Mention) -> str:
    """The action, with its status unless it simply happened."""
    return mention.action if mention.status == "reported" else f"{mention.action} ({mention.status})"


def comparison(tally: Tally) -> str:
    """How a tally stands to another period."""
    compared = tally.comparison
    return f"{compared.relation} {compared.against or ''}".strip() if compared else ""
