"""Figures to tolls: one row an outcome and label, parts apart from wholes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import msgspec

from sijill.incidents import Figure, HeldMention, Toll
from sijill.tolls.choose import Choice, choose
from sijill.tolls.figures import figures_by_teller, mark_superseded
from sijill.tolls.labels import Family, Teller, covers, families, tellers
from sijill.tolls.policies import Policy
from sijill.tolls.policies import policy as policy_of
from sijill.tolls.sentences import sentence


def tolls(mentions: Iterable[HeldMention], policy: Policy | None = None) -> list[Toll]:
    """The tolls of one incident's mentions; retracted ones count for nothing."""
    held = [one for one in mentions if not one.retracted]
    doers = {code.partition("/")[0] for one in held for code in (*one.mention.actors, one.mention.claimed_by)
             if code}  # fmt: skip
    found, voices = figures_by_teller(held)
    return reconcile(found, policy, doers=doers, voices=voices)


def reconcile(
    figures: Iterable[Figure],
    policy: Policy | None = None,
    *,
    doers: Collection[str] = (),
    voices: Sequence[int] | None = None,
) -> list[Toll]:
    """One toll an outcome and label, in the order of their names, wholes before parts.

    `doers` are the groups that did it: their word is a claim, and their losses are their own.
    `voices` tells for each figure which voice of its mention it is: 0 its own, the others rivals.
    Every figure that was given stands in one of the tolls.
    """
    found = list(figures)
    by_outcome: defaultdict[str, list[tuple[Figure, int]]] = defaultdict(list)
    for figure, voice in zip(found, voices or [0] * len(found), strict=True):
        by_outcome[figure.outcome].append((figure, voice))
    rule = policy or policy_of()
    rows = []
    for outcome in sorted(by_outcome):
        rows += _outcome(by_outcome[outcome], rule, frozenset(doers))
    return rows


def _outcome(rows: Sequence[tuple[Figure, int]], policy: Policy, doers: frozenset[str]) -> list[Toll]:
    """The tolls of one outcome."""
    figures = [figure for figure, _ in rows]
    told = tellers(figures, [voice for _, voice in rows])
    wholes: list[Toll] = []
    parts: defaultdict[str, list[Figure]] = defaultdict(list)
    within: dict[str, Toll] = {}
    for family in families(told, doers):
        whole, inner = _family(family, told, policy, doers)
        wholes.append(whole)
        for figure in inner:
            parts[figure.group].append(figure)
            within[figure.group] = whole
    for figure in figures:
        if figure.part_of:
            parts[figure.group].append(figure)
    return wholes + [
        _part(group, parts[group], within.get(group) or _whole_of(group, wholes), wholes, policy, doers)
        for group in sorted(parts)
    ]


def _family(
    family: Family, told: dict[Teller, dict[str, Figure]], policy: Policy, doers: frozenset[str]
) -> tuple[Toll, list[Figure]]:
    """The whole of one family of labels, and the figures that are parts of it."""
    whole: list[Figure] = []
    inner: list[Figure] = []
    summed = False
    for row in told.values():
        own = [row[label] for label in sorted(row) if label in family.members]
        if len(own) == 1 and (own[0].group == family.label or len(family.members) == 1):
            whole += own
        elif own:
            whole.append(_sum(own, family.label))
            inner += [msgspec.structs.replace(figure, part_of=True) for figure in own]
            summed = summed or len(own) > 1
    rest = [figure for figure in inner if figure.group == family.label]
    inner = [figure for figure in inner if figure.group != family.label]
    whole = mark_superseded(sorted(whole, key=lambda one: (one.published or "~", one.mention)))
    choice = choose(whole, policy, doers)
    added = choice.decided is not None and summed and _is_sum(choice.decided, told, family)
    return _toll(family.label, [*whole, *rest], choice, policy, summed=added), inner


def _sum(own: Sequence[Figure], label: str) -> Figure:
    """What one teller's groups add up to; the codebook leaves out the total that they break down."""
    lows = [figure.low for figure in own if figure.low is not None]
    highs = [figure.high for figure in own if figure.high is not None]
    return msgspec.structs.replace(
        own[0], group=label, low=sum(lows) if lows else None,
        high=sum(highs) if len(highs) == len(own) else None, approx=any(figure.approx for figure in own),
    )  # fmt: skip


def _is_sum(figure: Figure, told: dict[Teller, dict[str, Figure]], family: Family) -> bool:
    """Was a figure added up from several groups?"""
    return any(
        teller[0] == figure.mention and len(family.members & set(row)) > 1 for teller, row in told.items()
    )


def _part(
    group: str, figures: Sequence[Figure], whole: Toll | None, wholes: Sequence[Toll], policy: Policy,
    doers: frozenset[str],
) -> Toll:  # fmt: skip
    """A part, which never exceeds its whole."""
    choice = choose(mark_superseded(figures), policy, doers)
    most = whole.best if whole else _added([toll.best for toll in wholes])
    top = whole.high if whole else _added([toll.high for toll in wholes])
    capped = most if most is not None and choice.best is not None and choice.best > most else None
    best = choice.best if capped is None else capped
    high = choice.high if top is None or choice.high is None else max(min(choice.high, top), best or 0)
    low = choice.low if best is None or choice.low is None else min(choice.low, best)
    limited = msgspec.structs.replace(choice, low=low, high=high)
    return _toll(group, figures, limited, policy, capped=capped, part=True)


def _added(values: Sequence[int | None]) -> int | None:
    """The sum, where every one is told."""
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _whole_of(group: str, wholes: Sequence[Toll]) -> Toll | None:
    """The row that a part belongs to: its group's, one that covers it, one of its side, or the only one."""
    for fits in (
        lambda label: label == group,
        lambda label: covers(label, group),
        lambda label: label.partition("/")[0] == group.partition("/")[0],
    ):
        found = [toll for toll in wholes if fits(toll.group)]
        if len(found) == 1:
            return found[0]
    return wholes[0] if len(wholes) == 1 else None


def _toll(
    group: str, figures: Sequence[Figure], choice: Choice, policy: Policy, *, capped: int | None = None,
    part: bool = False, summed: bool = False,
) -> Toll:  # fmt: skip
    """The row with its sentences."""
    outcome = figures[0].outcome
    english, arabic = (
        sentence(choice, outcome, language, capped=capped, summed=summed) for language in ("en", "ar")
    )
    return Toll(
        outcome=outcome, group=group, low=choice.low, best=choice.best if capped is None else capped,
        high=choice.high, part_of=part, policy=policy.name, why_en=english, why_ar=arabic,
        figures=list(figures),
    )  # fmt: skip
