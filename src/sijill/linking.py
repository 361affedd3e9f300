"""The register's incidents, worked out anew: after `add` for what is new, or for everything.

link(register)                          what changed since the last time
link(register, whole=True)              everything
say(register, "same", [one, other])     a person's word on mentions or incidents
undo(register, entry)                   takes the words of an entry back

The machine's judgements are made afresh wherever they are needed, so that it does not matter what
came first; persons' words are only ever read. Only what changed is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from sijill import settings
from sijill.errors import UsageError
from sijill.incidents import MACHINE, HeldMention, Judgement, Verdict
from sijill.ledger import near
from sijill.ledger.register import Register
from sijill.link import Weights, build, cluster, judge, load_weights
from sijill.link.cluster import neighbourhood
from sijill.tolls import Policy, policy

KIND, KEY = "link", "entry"
"""Under these the register keeps up to which entry of the log everything is linked."""

MANY = 2_000
"""So many new mentions at once, and everything is linked: one sweep costs less than so many questions."""

MOST_ROUNDS = 50

NOWHERE = ""
"""Where an incident leads that no mention tells of any more."""


class Linked(msgspec.Struct, kw_only=True):
    """What linking came to: mentions looked at, judgements recorded, incidents that changed, ids that
    now lead elsewhere, and words of persons that contradict each other."""

    mentions: int = 0
    judged: int = 0
    incidents: int = 0
    changed: int = 0
    gone: dict[str, str] = {}
    contradictions: list[tuple[str, str]] = []


def link(
    register: Register, *, weights: Weights | None = None, toll_policy: str | None = None, whole: bool = False
) -> Linked:
    """Works out the incidents of all that was read, decided, retracted or judged since the last time.

    With `whole`, of everything: after a change of weights or policy. UsageError for an unknown policy.
    """
    rules, rule = weights or _weights(), policy(toll_policy or _set("toll_policy"))
    since = register.state(KIND, KEY)
    if whole or since is None or since.get("by") != _mark(rules, rule):
        return _finish(register, _all(register, rules, rule), rules, rule)
    with register.reading() as connection:
        fresh = near.touched(connection, int(since["entry"]))
    if len(fresh) > MANY:
        return _finish(register, _all(register, rules, rule), rules, rule)
    return _finish(register, _around(register, fresh, rules, rule) if fresh else Linked(), rules, rule)


def _set(name: str) -> str | None:
    """What the environment says of a setting."""
    told = settings.value(name)
    return str(told) if told is not None else None


def _weights() -> Weights:
    """The weights that hold where none are given."""
    path = _set("weights")
    return load_weights(Path(path) if path else None)


def _mark(weights: Weights, rule: Policy) -> str:
    """By which weights and policy the incidents were worked out."""
    return f"{weights.by} {rule.name}"


def _finish(register: Register, linked: Linked, weights: Weights, rule: Policy) -> Linked:
    """Remembers how far everything is linked."""
    register.set_state(KIND, KEY, {"entry": register.head()[0], "by": _mark(weights, rule)})
    return linked


def _all(register: Register, weights: Weights, rule: Policy) -> Linked:
    """Everything anew."""
    held = {one.id: one for one in register.mentions()}
    former = list(register.judgements())
    known = {one.id: one.mentions for one in register.incidents()}
    made = list(judge(held.values(), weights))
    return _write(register, held, made, former, known, weights, rule)


def _around(register: Register, fresh: set[str], weights: Weights, rule: Policy) -> Linked:
    """What the touched mentions can change: their clusters, those that they join, those that they leave."""
    held: dict[str, HeldMention] = {}
    asked: set[str] = set()
    ring = set(fresh)
    made: list[Judgement] = []
    for _ in range(MOST_ROUNDS):
        with register.reading() as connection:
            ring |= near.siblings(connection, ring)
            spoken = near.judgements_of(connection, ring)
            words = [one for one in spoken if not one.by.startswith(MACHINE)]
            ring |= {name for one in words if one.verdict == "same" for name in (one.left, one.right)}
        unasked = ring - asked
        if not unasked:
            break
        asked |= unasked
        _fetch(register, held, unasked)
        with register.reading() as connection:
            around = near.mentions_near(
                connection, (held[name] for name in sorted(unasked) if name in held), weights.window_days
            )
        _fetch(register, held, around)
        made = list(judge(held.values(), weights))
        ring |= neighbourhood(ring & set(held), [*made, *words])
    inside = {name: held[name] for name in sorted(ring) if name in held}
    own = [one for one in made if one.left in inside and one.right in inside]
    with register.reading() as connection:
        former = [one for one in near.judgements_of(connection, ring)
                  if {one.left, one.right} <= ring]  # fmt: skip
        known = near.incidents_of(connection, ring)
    return _write(register, inside, own, former, known, weights, rule)


def _fetch(register: Register, held: dict[str, HeldMention], names: Collection[str]) -> None:
    """Gets mentions that are not held yet; one that is no more read is left out."""
    wanted = set(names) - set(held)
    if wanted:
        held.update((one.id, one) for one in register.mentions(ids=wanted))


def _write(
    register: Register, held: Mapping[str, HeldMention], made: Sequence[Judgement],
    former: Sequence[Judgement], known: Mapping[str, Collection[str]], weights: Weights,
    rule: Policy,
) -> Linked:  # fmt: skip
    """Clusters, builds, and writes what changed."""
    words = [one for one in former if not one.by.startswith(MACHINE)]
    found = cluster(held.values(), [*made, *words], known, thresholds=weights.thresholds)
    home = {name: one.id for one in found.clusters for name in one.mentions}
    judged = list(_news(made, former, home))
    if judged:
        register.judge(judged)
    former_ids = _former_ids(register, known, found.forward)
    incidents = [
        build(msgspec.structs.replace(one, formerly=former_ids.get(one.id, ())), held, rule)
        for one in found.clusters
    ]
    now = {one.id for one in found.clusters}
    empty = {own: NOWHERE for own in known if own not in now and own not in found.forward}
    changed = register.replace_incidents(incidents, found.forward | empty)
    return Linked(
        mentions=len(held), judged=len(judged), incidents=len(incidents), changed=changed,
        gone=found.forward, contradictions=found.contradictions,
    )  # fmt: skip


def _former_ids(
    register: Register, known: Mapping[str, Collection[str]], forward: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """The ids that each incident once had: those that go now, and those that went to it before."""
    before = {own: set(one.formerly) for own in known if (one := register.incident(own)) is not None}
    former: dict[str, set[str]] = {own: set(ids) for own, ids in before.items() if own not in forward}
    for old, new in forward.items():
        former.setdefault(new, set()).update({old}, before.get(old, ()))
    now = {own for own in known if own not in forward}
    return {own: tuple(sorted(ids - now - {own})) for own, ids in former.items()}


def _news(
    made: Iterable[Judgement], former: Iterable[Judgement], home: Mapping[str, str]
) -> Iterator[Judgement]:
    """The machine's judgements that are not recorded yet, and those of before that hold no more, undone.

    That a pair is different is recorded only inside one incident, where it needs an explanation.
    """
    told = {(one.left, one.right): one for one in former if one.by.startswith(MACHINE)}
    for one in made:
        if one.verdict == "different" and home.get(one.left) != home.get(one.right):
            continue
        held = told.pop((one.left, one.right), None)
        if held is None or (held.verdict, held.score, held.by) != (one.verdict, one.score, one.by):
            yield one
    for one in told.values():
        yield msgspec.structs.replace(one, undone=True, at=None, why="no longer found")


def say(
    register: Register, verdict: Verdict, subjects: Sequence[str], *, why: str | None = None,
    leaving: Sequence[str] = (),
) -> int:  # fmt: skip
    """Records a person's word; the entry of the log under which it stands, for `undo`.

    `same` joins all mentions of the subjects (ids of mentions or incidents), `unsure` leaves each pair
    of them open; `different` parts them, or, with `leaving`, these mentions from the one incident.
    UsageError for an id that the register does not hold.
    """
    groups = [_mentions_of(register, subject) for subject in subjects]
    if leaving:
        gone = {name for subject in leaving for name in _mentions_of(register, subject)}
        stay = [name for group in groups for name in group if name not in gone]
        groups = [stay, sorted(gone)]
    if len(groups) < 2 or not all(groups):
        raise UsageError("a word needs two sides that are not the same; name two mentions or incidents")
    if len({frozenset(group) for group in groups}) == 1:
        raise UsageError(f"{' and '.join(subjects)} are one incident already; name two")
    pairs = _chain(groups) | _parted(register, groups) if verdict == "same" else _across(groups)
    by, at = register.who, register.now()
    register.judge(
        Judgement(left=one, right=other, verdict=verdict, by=by, at=at, why=why)
        for one, other in sorted(pairs)
    )
    return int(register.head()[0])


def _chain(groups: Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    """Each mention with the first: enough to join them all."""
    names = sorted({name for group in groups for name in group})
    return {(names[0], name) for name in names[1:]}


def _parted(register: Register, groups: Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    """The pairs among them that a person parted before: the new word replaces each."""
    names = {name for group in groups for name in group}
    with register.reading() as connection:
        spoken = near.judgements_of(connection, names)
    return {
        (one.left, one.right)
        for one in spoken
        if {one.left, one.right} <= names and one.verdict != "same" and not one.by.startswith(MACHINE)
    }


def _across(groups: Sequence[Sequence[str]]) -> set[tuple[str, str]]:
    """Each mention of one group with each of another."""
    pairs = set()
    for at, group in enumerate(groups):
        for other in groups[at + 1 :]:
            pairs |= {(min(a, b), max(a, b)) for a in group for b in other if a != b}
    return pairs


def _mentions_of(register: Register, subject: str) -> list[str]:
    """The mentions of an incident, or the mention itself."""
    if subject.startswith("m-"):
        if next(iter(register.mentions(ids=[subject])), None) is not None:
            return [subject]
    elif (found := register.incident(subject)) is not None:
        return list(found.mentions)
    raise UsageError(
        f"{subject}: the register holds no mention or incident of that id; sijill search finds them"
    )


def undo(register: Register, entry: int, *, why: str | None = None) -> int:
    """Takes back what persons judged in an entry of the log; how many pairs. UsageError without any."""
    with register.reading() as connection:
        words = [one for one in near.words_at(connection, entry) if not one.undone]
    if not words:
        raise UsageError(f"entry {entry} of the log holds no word of a person; `sijill undo` lists them")
    at = register.now()
    return int(register.judge(msgspec.structs.replace(one, undone=True, at=at, why=why) for one in words))
