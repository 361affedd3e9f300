"""`sijill merge`, `split`, `unsure` and `undo`: a person's word on what is one incident."""

from __future__ import annotations

from collections.abc import Sequence

import click

from sijill.cli import options
from sijill.cli.link import told
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.errors import UsageError
from sijill.incidents import Verdict
from sijill.ledger import near
from sijill.ledger.register import Register
from sijill.linking import link, say
from sijill.linking import undo as take_back

_why = click.option("--why", metavar="TEXT", help="The reason, kept with the word.")
_two = click.argument("subjects", nargs=-1, required=True, metavar="A B...")


@click.command()
@_two
@_why
@options.db
@options.who
@options.toll_policy
def merge(
    subjects: tuple[str, ...], why: str | None, db: str, who: str | None, toll_policy: str | None
) -> int:  # fmt: skip
    """Say that incidents or mentions are one; it outranks the weights for good."""
    return _say("same", subjects, why, db, who, toll_policy)


@click.command()
@_two
@_why
@options.db
@options.who
@options.toll_policy
def split(
    subjects: tuple[str, ...], why: str | None, db: str, who: str | None, toll_policy: str | None
) -> int:  # fmt: skip
    """Say that A and B are not one; or that mentions (B...) do not belong to the incident A."""
    leaves = subjects[0].startswith("i-") and all(name.startswith("m-") for name in subjects[1:])
    leaving = subjects[1:] if leaves else ()
    return _say("different", subjects[:1] if leaves else subjects, why, db, who, toll_policy, leaving)


@click.command()
@_two
@_why
@options.db
@options.who
@options.toll_policy
def unsure(
    subjects: tuple[str, ...], why: str | None, db: str, who: str | None, toll_policy: str | None
) -> int:  # fmt: skip
    """Say that nobody can tell whether two are one; the weights are silenced."""
    return _say("unsure", subjects, why, db, who, toll_policy)


@click.command()
@click.argument("entry", type=int, required=False, metavar="[ENTRY]")
@_why
@options.db
@options.who
@options.toll_policy
def undo(
    entry: int | None, why: str | None, db: str, who: str | None, toll_policy: str | None
) -> int:  # fmt: skip
    """Take back the word that stands under an ENTRY of the log; without it, list all words."""
    if entry is None:
        with Register.open(db) as register:
            return _list(register)
    with Register.open(db, write=True, who=who) as register:
        count = take_back(register, entry, why=why)
        linked = link(register, toll_policy=toll_policy)
    click.echo(f"took back entry {entry} ({count} pairs); {told(linked)}")
    return OK


def _say(
    verdict: Verdict, subjects: Sequence[str], why: str | None, db: str, who: str | None,
    toll_policy: str | None, leaving: Sequence[str] = (),
) -> int:  # fmt: skip
    """Records the word, links anew, and says how to take it back."""
    if len(subjects) + len(leaving) < 2:
        raise UsageError("name two mentions or incidents; sijill search and sijill show tell their ids")
    with Register.open(db, write=True, who=who) as register:
        link(register, toll_policy=toll_policy)
        entry = say(register, verdict, subjects, why=why, leaving=leaving)
        linked = link(register, toll_policy=toll_policy)
        asked = [*subjects, *leaving]
        homes = [register.incident(name) for name in asked if name.startswith("i-")]
        mentioned = register.incident_of([name for name in asked if name.startswith("m-")])
    click.echo(f"entry {entry}: {verdict}; {told(linked)}; sijill undo {entry} takes it back")
    now = sorted({*mentioned.values(), *(one.id for one in homes if one is not None)})
    click.echo(f"now {', '.join(now)}")
    for one, other in linked.contradictions:
        click.echo(f"{one} and {other} stay apart: another word parted what they would join", err=True)
    return LEFT_OUT if linked.contradictions else OK


def _list(register: Register) -> int:
    """Every word of persons that holds or held, oldest first."""
    shown = 0
    with register.reading() as connection:
        spoken = near.words(connection)
    for number, words in spoken.items():
        for word in words[:1]:
            shown += 1
            mark = "took back " if word.undone else ""
            more = f" and {len(words) - 1} more pairs" if len(words) > 1 else ""
            why = f": {word.why}" if word.why else ""
            said = f"{mark}{word.verdict} {word.left} {word.right}{more}{why}"
            click.echo(f"{number:>8}  {word.at}  {word.by}  {said}")
    return OK if shown else NOTHING
