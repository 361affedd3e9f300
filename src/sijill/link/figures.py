"""The figures of a mention in the form in which two mentions are compared."""

from __future__ import annotations

from sijill.records import Mention

NONE = -1
"""No figure told."""

NOBODY = 0
"""The text says that nobody was hurt."""

_TAKEN = {"captured", "arrested", "abducted", "killed_or_arrested", "displaced", "missing", "released"}


def figures_of(mention: Mention) -> tuple[list[int], list[int], list[int]]:
    """(killed, wounded, taken): each the whole, the whole without the doers' own losses, then single figures.

    A mention that says nothing of an outcome gives NONE; one that says nobody was hurt gives NOBODY.
    """
    doers = {code.partition("/")[0] for code in mention.actors}
    return (
        _figures(mention, {"killed", "killed_or_wounded"}, doers),
        _figures(mention, {"wounded"}, doers),
        _figures(mention, _TAKEN, doers),
    )


def _figures(mention: Mention, outcomes: set[str], doers: set[str]) -> list[int]:
    """One row: whole, victims, then the figures that stand in it one by one, largest first."""
    told = [entry for entry in mention.casualties if entry.outcome in outcomes]
    wholes = [(_value(entry.low, entry.high), entry.group) for entry in told if not entry.part_of]
    known = [(value, group) for value, group in wholes if value is not None]
    if not known:
        return [NOBODY, NOBODY] if mention.no_casualties and "killed" in outcomes else [NONE, NONE]
    whole = sum(value for value, _ in known)
    victims = sum(value for value, group in known if group.partition("/")[0] not in doers)
    single = {_value(entry.low, entry.high) for entry in told}
    single |= {_value(row.low, row.high) for row in mention.rivals if row.outcome in outcomes}
    rest = sorted(value for value in single if value is not None and value not in (whole, victims))
    return [whole, victims or whole, *reversed(rest)]


def _value(low: int | None, high: int | None) -> int | None:
    """The documented minimum, else the most that is told."""
    return low if low is not None else high
