"""Which figure is `best`, and between which ends it lies."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from sijill.incidents import Figure
from sijill.tolls.policies import Policy, load_policies


class Choice(msgspec.Struct, frozen=True):
    """low <= best <= high, the figure that decided, and what the sentence must say of it.

    `manner` names the sentence, `count` how many figures stood for choice, `sources` how many
    independent sources; `claimed` where only a party to the fighting tells.
    """

    low: int | None
    best: int | None
    high: int | None
    decided: Figure | None = None
    manner: str = "none"
    count: int = 0
    sources: int = 0
    claimed: bool = False


def choose(figures: Sequence[Figure], policy: Policy, doers: Collection[str] = ()) -> Choice:
    """The choice among the figures of one label (parts of others left out)."""
    low, high = span(figures)
    told = [figure for figure in figures if figure.low is not None and not figure.superseded]
    others = [figure for figure in told if figure.source.partition("@")[0] not in doers]
    able = others or told
    if not able:
        return Choice(low, None, high)
    decided, manner = _decide(able, policy)
    sources = {figure.source for figure in able}
    values = {figure.low for figure in able}
    if len(sources) == 1 and len(values) == 1:
        manner = "only"
    elif len(values) == 1:
        manner = "agreed"
    return Choice(low, decided.low, high, decided, manner, len(able), len(sources), not others)


def span(figures: Sequence[Figure]) -> tuple[int | None, int | None]:
    """The lowest and the highest that is told and not taken back; None where nobody tells it.

    'At least five' alone has no upper end; beside another figure it is at least that.
    """
    valid = [figure for figure in figures if not _withdrawn(figure, figures)]
    lows = [figure.low for figure in valid if figure.low is not None]
    ends = [figure.high for figure in valid if figure.high is not None]
    if not ends:
        return (min(lows) if lows else None), None
    return (min(lows) if lows else None), max(*ends, *lows, 0)


def _withdrawn(figure: Figure, figures: Sequence[Figure]) -> bool:
    """Does a later figure of the same source say in so many words that it replaces this one?"""
    if not figure.superseded:
        return False
    table = load_policies()
    return any(
        other.source == figure.source
        and other.group == figure.group
        and (other.published or "") > (figure.published or "")
        and other.low is not None
        and table.says_revised(other.words)
        for other in figures
    )


def _decide(able: Sequence[Figure], policy: Policy) -> tuple[Figure, str]:
    """The figure that decides, and the sentence that says so."""
    ordered = sorted(able, key=lambda one: (one.low or 0, one.published or "", one.source, one.mention))
    if policy.choose == "lowest":
        return ordered[0], "lowest"
    if policy.choose == "highest":
        return _first_of(ordered, ordered[-1].low), "highest"
    each = {figure.source: figure for figure in ordered}  # of one source's, the highest
    if policy.choose == "median":
        middle = sorted(each.values(), key=lambda one: (one.low or 0, one.source))[(len(each) - 1) // 2]
        return middle, "median"
    last = max(figure.published or "" for figure in ordered)
    newest = [figure for figure in ordered if (figure.published or "") == last]
    official = load_policies().official
    preferred = [figure for figure in newest if figure.source.partition("@")[0] in official]
    ranked = preferred or newest
    manner = "latest" if len({figure.low for figure in newest}) == 1 else "latest_same_day"
    return _first_of(ranked, ranked[-1].low), manner


def _first_of(ordered: Sequence[Figure], value: int | None) -> Figure:
    """Of those who tell a value, the first."""
    return next(figure for figure in ordered if figure.low == value)
