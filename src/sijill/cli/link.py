"""`sijill link`: which mentions tell of one incident, and why two do or do not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import click

from sijill.cli import options
from sijill.cli.main import LEFT_OUT, OK
from sijill.cli.progress import Progress
from sijill.errors import UsageError
from sijill.incidents import MACHINE, HeldMention, Judgement
from sijill.ledger import near
from sijill.ledger.register import Register
from sijill.link import Index, Weights, judge_pair, load_weights
from sijill.linking import Linked, link
from sijill.publish import phrases

_EPILOG = """\b
Without options, what came in since the last time is linked; the rest stays as it is.

\b
Examples:
  sijill link
  sijill link --all --policy median
  sijill link --learn weights.yaml
  sijill link --why m-03f1c2a4b5d6e7f8 m-9a8b7c6d5e4f3021
"""

BATCH = 10_000

PER_MARK = 0.5
"""Log2 odds that one mark of a bar stands for."""


@click.command(epilog=_EPILOG)
@options.db
@options.who
@click.option("--all", "whole", is_flag=True, help="Link everything anew, as after a change of weights.")
@click.option(
    "--why",
    "pair",
    nargs=2,
    metavar="A B",
    help="Show what speaks for and against two mentions or incidents.",
)
@click.option(
    "--learn", "learnt", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Learn weights from the register and write them to FILE; nothing is linked.",
)  # fmt: skip
@options.weights
@options.toll_policy
def command(
    db: str, who: str | None, whole: bool, pair: tuple[str, str] | None, learnt: Path | None,
    weights: Path | None, toll_policy: str | None,
) -> int:  # fmt: skip
    """Work out which mentions tell of one incident, and what its tolls come to."""
    rules = load_weights(weights)
    if learnt is not None:
        return _learn(db, learnt, rules)
    if pair:
        with Register.open(db) as register:
            for line in reasons(register, *pair, rules):
                click.echo(line)
        return OK
    with Register.open(db, write=True, who=who) as register:
        linked = link(register, weights=rules, toll_policy=toll_policy, whole=whole)
    progress = Progress()
    for one, other in linked.contradictions:
        progress.say(f"{one} and {other} were merged, but other words keep them apart; undo one of the words")
    progress.say(told(linked))
    return LEFT_OUT if linked.contradictions else OK


def _learn(db: str, path: Path, weights: Weights) -> int:
    """Writes the weights that the register teaches."""
    from sijill.link.learn import as_file, learn

    if path.exists():
        raise UsageError(f"{path} is there already; name a new file")
    index = Index(weights)
    with Register.open(db) as register:
        mentions = register.mentions()
        while some := list(islice(mentions, BATCH)):
            index.add(some)
    path.write_text(as_file(learn(index)), encoding="utf-8")
    Progress().say(f"{path}: weights learnt; sijill link --all --weights {path} uses them")
    return OK


def told(linked: Linked) -> str:
    """The sum of linking in one line."""
    if not linked.mentions:
        return "nothing new to link"
    line = f"looked at {phrases.counted(linked.mentions, 'mention')} of "
    line += f"{phrases.counted(linked.incidents, 'incident')}; {linked.changed:,} changed"
    return line + (f"; {len(linked.gone):,} went into others" if linked.gone else "")


def reasons(register: Register, one: str, other: str, weights: Weights) -> Iterator[str]:
    """What speaks for and against two, as bars, with the words of persons; of incidents the nearest pair."""
    left, right = (_mentions(register, name) for name in (one, other))
    pairs = [(a, b) for a, b in product(left, right) if a.id != b.id]
    if not pairs:
        raise UsageError(f"{one} and {other} are the same mention; name two")
    judged = [(judge_pair(a, b, weights), a, b) for a, b in pairs]
    nearest, a, b = max(judged, key=lambda told: (told[0].score or 0, told[0].left))
    for held in (a, b):
        yield _line(held)
    if len(pairs) > 1:
        yield f"the nearest of {len(pairs)} pairs"
    yield from bars(nearest)
    with register.reading() as connection:
        spoken = near.judgements_of(connection, {a.id})
    for word in spoken:
        if {word.left, word.right} == {a.id, b.id} and not word.by.startswith(MACHINE):
            why = f": {word.why}" if word.why else ""
            yield f"{word.by} said {word.verdict}, {word.at}{why}; this outranks the weights"
    homes = register.incident_of([a.id, b.id])
    if a.id in homes and b.id in homes:
        joined = homes[a.id] == homes[b.id]
        yield f"one incident: {homes[a.id]}" if joined else f"two incidents: {homes[a.id]} and {homes[b.id]}"


def bars(judged: Judgement) -> Iterator[str]:
    """The weights of a judgement, one line each."""
    for reason in judged.reasons:
        marks = "█" * max(1, round(abs(reason.weight) / PER_MARK)) if reason.weight else ""
        side = f"{'':24}|{marks}" if reason.weight >= 0 else f"{marks[:24]:>24}|"
        level = reason.level.replace("_", " ")
        yield f"  {reason.comparison:11}{level:26}{reason.weight:+6.1f}  {side}".rstrip()
    yield f"  {'sum':11}{judged.verdict:26}{judged.score or 0:+6.1f}  ({judged.by})"


def _mentions(register: Register, name: str) -> list[HeldMention]:
    """The mention of that id, or those of the incident."""
    found = [name]
    if not name.startswith("m-"):
        incident = register.incident(name)
        found = list(incident.mentions) if incident else []
    held = list(register.mentions(ids=found)) if found else []
    if not held:
        raise UsageError(f"{name}: no mention or incident of that id; sijill search finds reports")
    return held


def _line(held: HeldMention) -> str:
    """A mention on one line."""
    mention = held.mention
    toll = phrases.casualties(mention.casualties)
    told = (held.id, phrases.when(mention.date), phrases.action(mention), toll, phrases.place(mention.place))
    return "  ".join(part for part in told if part)
