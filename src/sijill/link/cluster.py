"""Judgements to clusters: who belongs together, with ids that stay and addresses that forward.

Best-first merging by the mean score of all pairs of two clusters (average linkage, Sokal and
Michener 1958), under must-links and cannot-links (Davidson and Ravi 2005, 'Agglomerative
hierarchical clustering with constraints'). A chain of two good scores does not join what a third
speaks against, and nothing at all joins what a person parted.

An incident's id is made from the id of its earliest-held mention; so every former id names a mention
and can be followed to wherever that mention stands now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from heapq import heapify, heappop, heappush
from itertools import combinations

import msgspec

from sijill.incidents import MACHINE, HeldMention, Judgement
from sijill.link.weights import Thresholds, load_weights

Pair = tuple[str, str]


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Mentions of one incident, the earliest-held first, and the ids that it once had."""

    id: str
    mentions: tuple[str, ...]
    formerly: tuple[str, ...] = ()


class Clustering(msgspec.Struct, frozen=True, kw_only=True):
    """All clusters in the order of their ids; where ids that are no more lead; words that contradict.

    `forward` leads from an id that was known to the id where (most of) its mentions stand now.
    `contradictions` are pairs that a person said are the same, and other words of persons keep apart.
    """

    clusters: list[Cluster]
    forward: dict[str, str]
    contradictions: list[Pair]


class _Said(msgspec.Struct):
    """What holds for pairs: a person's word, else the machine's score."""

    scores: dict[Pair, float]
    same: list[Pair]
    parted: set[Pair]


def incident_id(mention: str) -> str:
    """The id of the incident that a mention founds: `m-3f...` gives `i-3f...`."""
    return "i-" + mention.removeprefix("m-")


def founder(incident: str) -> str:
    """The mention that an incident's id is made from."""
    return "m-" + incident.removeprefix("i-")


def cluster(
    mentions: Iterable[HeldMention],
    judgements: Iterable[Judgement],
    known: Mapping[str, Collection[str]] | None = None,
    *,
    thresholds: Thresholds | None = None,
) -> Clustering:
    """Who belongs together. The order of mentions and judgements does not matter.

    `known` holds the ids of incidents as they were, with their mentions. Of several words on a pair
    the last that was not undone holds (by `at`, then in the order given), a person's before the machine's.
    """
    limits = thresholds or load_weights().thresholds
    held = {mention.id: mention for mention in mentions}
    said = _settle(judgements, held)
    work = _Work(held, said, limits)
    groups = [sorted(group, key=lambda name: _age(held[name])) for group in work.merged()]
    clusters = [Cluster(id=incident_id(group[0]), mentions=tuple(group)) for group in groups]
    forward = _forward(clusters, known or {})
    former: defaultdict[str, list[str]] = defaultdict(list)
    for old, new in forward.items():
        former[new].append(old)
    named = [
        msgspec.structs.replace(one, formerly=tuple(sorted(former[one.id]))) if one.id in former else one
        for one in clusters
    ]
    return Clustering(
        clusters=sorted(named, key=lambda one: one.id), forward=forward,
        contradictions=sorted(work.contradictions),
    )  # fmt: skip


def neighbourhood(start: Collection[str], judgements: Iterable[Judgement]) -> set[str]:
    """The mentions whose clusters can change when those of `start` do: all that links of 'same' lead to."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for one in judgements:
        if one.verdict == "same" and not one.undone:
            beside[one.left].add(one.right)
            beside[one.right].add(one.left)
    found, ahead = set(start), list(start)
    while ahead:
        fresh = beside[ahead.pop()] - found
        found |= fresh
        ahead += fresh
    return found


def standing_judgements(judgements: Iterable[Judgement]) -> dict[Pair, Judgement]:
    """The word that holds for each pair."""
    holds: dict[Pair, Judgement] = {}
    rank: dict[Pair, tuple[bool, str, str]] = {}
    for one in judgements:
        if one.undone or one.left == one.right:
            continue
        pair = (min(one.left, one.right), max(one.left, one.right))
        own = (not one.by.startswith(MACHINE), one.at or "", f"{one.verdict} {one.by} {one.score}")
        if pair not in holds or (own[:2] > rank[pair][:2]) or own[:2] == rank[pair][:2]:
            holds[pair], rank[pair] = one, own
    return holds


def _settle(judgements: Iterable[Judgement], held: Mapping[str, HeldMention]) -> _Said:
    """Scores of the machine where no person spoke; words of persons, the latest first."""
    said = _Said({}, [], set())
    words: list[tuple[str, Pair]] = []
    for pair, one in standing_judgements(judgements).items():
        if pair[0] not in held or pair[1] not in held:
            continue
        if one.by.startswith(MACHINE):
            said.scores[pair] = one.score if one.score is not None else 0.0
        elif one.verdict == "same":
            words.append((one.at or "", pair))
        elif one.verdict == "different":
            said.parted.add(pair)
        else:
            said.scores[pair] = 0.0  # a person who is unsure silences the machine
    words.sort(key=lambda word: word[1])
    words.sort(key=lambda word: word[0], reverse=True)
    said.same = [pair for _, pair in words]
    return said


def _age(mention: HeldMention) -> tuple[str, str, str]:
    """Earliest-held first; a mention without a time of arrival comes last."""
    return (mention.received or "~", mention.published or "~", mention.id)


class _Work:
    """The merging of one set of mentions."""

    def __init__(self, held: Mapping[str, HeldMention], said: _Said, limits: Thresholds) -> None:
        self._held, self._said, self._limits = held, said, limits
        self._parent = {name: name for name in held}
        self.contradictions: list[Pair] = []

    def merged(self) -> Iterator[list[str]]:
        """The groups: persons' words first, then the best mean score, until none is good enough."""
        self._join_by_persons()
        members: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(self._parent):
            members[self._find(name)].append(name)
        links, sums, counts, parted = self._between()
        for part in _components(members, links):
            yield from self._agglomerate({name: members[name] for name in part}, sums, counts, parted)

    def _find(self, name: str) -> str:
        """The name under which a group goes: its smallest."""
        root = name
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[name] != root:
            self._parent[name], name = root, self._parent[name]
        return root

    def _join_by_persons(self) -> None:
        """Joins what persons joined, the latest word first, unless it brings together what they parted."""
        apart: defaultdict[str, set[str]] = defaultdict(set)
        for one, other in self._said.parted:
            apart[one].add(other)
            apart[other].add(one)
        for pair in self._said.same:
            one, other = sorted(map(self._find, pair))
            if one == other:
                continue
            if any(self._find(name) == other for name in apart[one]):
                self.contradictions.append(pair)
                continue
            self._parent[other] = one
            apart[one] |= apart.pop(other, set())

    def _between(self) -> tuple[list[Pair], dict[Pair, float], dict[Pair, int], set[Pair]]:
        """Between groups: links that speak for joining, sums and numbers of scores, what is parted."""
        links: list[Pair] = []
        sums: defaultdict[Pair, float] = defaultdict(float)
        counts: defaultdict[Pair, int] = defaultdict(int)
        for pair, score in sorted(self._said.scores.items()):
            one, other = sorted(map(self._find, pair))
            if one == other:
                continue
            sums[one, other] += score
            counts[one, other] += 1
            if score >= self._limits.same:
                links.append((one, other))
        parted = {_pair(*map(self._find, pair)) for pair in (*self._said.parted, *self._told_apart())}
        return links, sums, counts, parted

    def _told_apart(self) -> Iterator[Pair]:
        """Mentions of one report, which tells them as two, unless it told one thing twice."""
        of: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(self._held):
            of[self._held[name].report].append(name)
        for names in of.values():
            for pair in combinations(names, 2):
                if self._said.scores.get(pair, 0.0) < self._limits.same:
                    yield pair

    def _agglomerate(
        self, members: dict[str, list[str]], sums: Mapping[Pair, float], counts: Mapping[Pair, int],
        parted: Collection[Pair],
    ) -> Iterator[list[str]]:  # fmt: skip
        """Merges the groups of one component, best mean first, ties by name."""
        if len(members) == 1:
            yield from members.values()
            return
        inside = sorted(members)
        around: dict[str, dict[str, tuple[float, int]]] = {name: {} for name in inside}
        sets = {name: self._sets(members[name]) for name in inside}
        for at, one in enumerate(inside):
            for other in inside[at + 1 :]:
                apart = (one, other) in parted or bool(sets[one] & sets[other])
                if (one, other) in counts or apart:
                    mean = float("-inf") if apart else sums[one, other]
                    around[one][other] = around[other][one] = (mean, counts.get((one, other), 0))
        heap = [
            (-self._mean(members, one, other, *told), one, other)
            for one in inside for other, told in around[one].items() if one < other
        ]  # fmt: skip
        heapify(heap)
        while heap:
            cost, one, other = heappop(heap)
            if -cost < self._limits.same:
                break
            if one not in members or other not in members or around[one].get(other) is None:
                continue
            if -cost != self._mean(members, one, other, *around[one][other]):
                continue  # a score of before one of the two grew
            members[one] = members[one] + members.pop(other)
            theirs = around.pop(other)
            around[one].pop(other)
            for name, (total, number) in theirs.items():
                if name != one:
                    around[name].pop(other)
                    mine = around[one].get(name, (0.0, 0))
                    around[one][name] = around[name][one] = (mine[0] + total, mine[1] + number)
            for name, told in around[one].items():
                first, second = _pair(one, name)
                heappush(heap, (-self._mean(members, first, second, *told), first, second))
        yield from members.values()

    def _sets(self, names: Iterable[str]) -> set[str]:
        """The coded data sets that mentions come from: each tells every event once."""
        return {self._held[name].outlet or "" for name in names}.intersection(load_weights().coded_sets)

    def _mean(self, members: Mapping[str, list[str]], one: str, other: str, total: float, told: int) -> float:
        """The mean score over all pairs of two groups; one without a judgement counts as far apart."""
        pairs = len(members[one]) * len(members[other])
        return round((total + (pairs - told) * self._limits.unjudged) / pairs, 9)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)


def _components(members: Mapping[str, list[str]], links: Iterable[Pair]) -> Iterator[list[str]]:
    """The groups that links lead to from one another."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in links:
        beside[one].add(other)
        beside[other].add(one)
    seen: set[str] = set()
    for name in sorted(members):
        if name in seen:
            continue
        seen.add(name)
        part, ahead = [name], [name]
        while ahead:
            fresh = beside[ahead.pop()] - seen
            seen |= fresh
            ahead += fresh
            part += fresh
        yield sorted(part)


def _forward(clusters: Iterable[Cluster], known: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Where the ids that are no more lead: to the founder's cluster, else to where most mentions went."""
    home = {name: one.id for one in clusters for name in one.mentions}
    now = set(home.values())
    forward: dict[str, str] = {}
    for old, mentions in sorted(known.items()):
        if old in now:
            continue
        if founder(old) in home:
            forward[old] = home[founder(old)]
            continue
        went: defaultdict[str, int] = defaultdict(int)
        for name in mentions:
            if name in home:
                went[home[name]] += 1
        if went:
            forward[old] = min(went, key=lambda name: (-went[name], name))
    return forward
