"""The incident that a cluster of mentions tells of: each field by what most independent sources say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar, cast

from sijill.incidents import HeldMention, Incident, Sensitivity
from sijill.link.cluster import Cluster
from sijill.link.days import days, is_loose, iso
from sijill.link.weights import wording
from sijill.records import Action, Place, Status, When
from sijill.tolls import Policy, independent_sources, source_of, standing, tolls
from sijill.tolls.sources import first_of_copies

T = TypeVar("T", bound=Hashable)

_PRECISE = ("site", "settlement", "district", "admin1", "region", "country")
_SECRET: tuple[Sensitivity, ...] = ("public", "restricted", "confidential")


def build(
    cluster: Cluster,
    mentions: Iterable[HeldMention] | Mapping[str, HeldMention],
    policy: Policy | None = None,
) -> Incident:
    """The incident of a cluster. Retracted mentions are listed and count for nothing unless all are.

    A field is what most independent sources say; of a draw, what is more precise, then what comes
    first by name. Sources that only a doer's word stands behind count like others here.
    """
    table = mentions if isinstance(mentions, Mapping) else {one.id: one for one in mentions}
    everyone = [table[name] for name in cluster.mentions]
    held = [one for one in everyone if not one.retracted] or everyone
    votes = _Votes(held)
    when = votes.date()
    covered = days(when.edtf) if when else None
    told = sorted(one.published for one in held if one.published)
    return Incident(
        id=cluster.id, formerly=list(cluster.formerly), mentions=sorted(cluster.mentions),
        action=votes.action(), status=votes.most([one.mention.status for one in held], _STATUS) or "reported",
        standing=standing(everyone), date=when.edtf if when else None,
        start=iso(covered[0]) if covered else None, end=iso(covered[1]) if covered else None,
        place=votes.place(), actors=votes.codes("actors"), targets=votes.codes("targets"),
        weapons=sorted({weapon for one in held for weapon in one.mention.weapons}),
        tolls=tolls(held, policy), no_casualties=all(one.mention.no_casualties for one in held),
        claimed_by=votes.most([one.mention.claimed_by for one in held]),
        disputed=any(one.mention.disputed for one in held),
        sources=independent_sources(held), outlets=sorted({one.outlet for one in held if one.outlet}),
        first_published=told[0] if told else None, last_published=told[-1] if told else None,
        sensitivity=max((one.sensitivity for one in everyone), key=_SECRET.index),
        reviewed=all(one.reviewed for one in held),
    )  # fmt: skip


_STATUS: tuple[Status, ...] = ("reported", "foiled", "planned", "denied")


class _Votes:
    """What the mentions say, each independent source with one voice."""

    def __init__(self, held: Sequence[HeldMention]) -> None:
        first = first_of_copies(held)
        self._held = sorted(held, key=lambda one: one.id)
        self._sources = {one.id: source_of(one, None, first) for one in held}
        self._order = list(held)

    def most(self, values: Sequence[T | None], ranks: Sequence[T] = ()) -> T | None:
        """What most sources say, given in the order of the mentions; of a draw the lowest rank, then name."""
        said: defaultdict[T, set[str]] = defaultdict(set)
        for one, value in zip(self._order, values, strict=True):
            if value is not None:
                said[value].add(self._sources[one.id])
        if not said:
            return None
        rank = {value: place for place, value in enumerate(ranks)}
        return min(said, key=lambda value: (-len(said[value]), rank.get(value, len(rank)), str(value)))

    def action(self) -> Action:
        """The action that most tell; 'other' and the bare 'attack' only where nobody knows better."""
        told = [one.mention.action for one in self._order]
        known = [action if action not in _VAGUE else None for action in told]
        order = cast(Sequence[Action], wording().order)
        return self.most(known, order) or self.most(told, order) or "other"

    def date(self) -> When | None:
        """The day that most tell; exact days before loose ones, those before months."""
        told = [one.mention.date for one in self._order]
        for fits in (_exact, _one_day, lambda when: True):
            edtf = self.most([when.edtf if when and fits(when) else None for when in told])
            if edtf:
                return When(edtf=edtf)
        return None

    def place(self) -> Place | None:
        """The finest place that most tell."""
        told = [one.mention.place for one in self._order]
        finest = min((_PRECISE.index(place.precision) for place in told if place), default=None)
        if finest is None:
            return None
        limit = max(finest, _PRECISE.index("settlement"))
        fine = [place if place and _PRECISE.index(place.precision) <= limit else None for place in told]
        name = self.most([place and (place.id or place.name) for place in fine])
        named = [place for place in fine if place and (place.id or place.name) == name]
        return min(
            named,
            key=lambda place: (
                place.lat is None,
                _PRECISE.index(place.precision),
                place.inferred,
                place.name,
                str(place),
            ),
        )

    def codes(self, field: str) -> list[str]:
        """The groups that a third of the sources who name any do name; UNKNOWN only where nobody knows."""
        said: defaultdict[str, set[str]] = defaultdict(set)
        for one in self._held:
            for code in getattr(one.mention, field):
                said[code].add(self._sources[one.id])
        for vague in ("UNKNOWN", "PERSONS"):
            if len(said) > 1:
                said.pop(vague, None)
        tellers = set().union(*said.values()) if said else set()
        return sorted(code for code, sources in said.items() if 3 * len(sources) >= len(tellers))


_VAGUE = ("other", "armed_assault")


def _one_day(when: When) -> bool:
    covered = days(when.edtf)
    return covered is not None and covered[0] == covered[1]


def _exact(when: When) -> bool:
    return _one_day(when) and not is_loose(when.edtf)
