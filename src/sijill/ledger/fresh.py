"""What a desk asks of the register again and again: what changed, who spoke last, what came in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, or_, select

from sijill.incidents import MACHINE, Incident, Judgement
from sijill.ledger.decisions import Decision, Overlay
from sijill.ledger.decisions import decisions as all_decisions
from sijill.ledger.derived import incident_at
from sijill.ledger.near import judgements_of
from sijill.ledger.schema import decision, forwarding, incident, judgement, log, mention, note, report

_ASK = 500


class Change(msgspec.Struct, frozen=True):
    """One entry of the log, as a desk lists it."""

    n: int
    at: str
    who: str
    what: str
    key: str | None
    why: str | None


class Arrived(msgspec.Struct, frozen=True):
    """A report as lists show it."""

    id: str
    source: str | None
    title: str | None
    published: str | None
    received: str
    sensitivity: str
    retracted: bool
    redacted: bool


def head(connection: Connection) -> int:
    """The number of the last entry."""
    return int(connection.execute(select(func.max(log.c.n))).scalar() or 0)


def changed(connection: Connection, since: int) -> set[str]:
    """The ids of incidents that were worked out anew, ended or decided of after an entry."""
    found = {row[0] for row in connection.execute(
        select(incident.c.id).where(or_(incident.c.since > since, incident.c.until > since)))}  # fmt: skip
    said = select(decision.c.subject).where(decision.c.entry > since, decision.c.subject.like("i-%"))
    decided = {row[0] for row in connection.execute(said)}
    return found | decided | {went for _, went in _went(connection, decided)}


def current(connection: Connection, ids: Collection[str]) -> dict[str, Incident]:
    """Those of these incidents that hold now, decisions laid over."""
    overlay = Overlay(connection)
    found: dict[str, Incident] = {}
    for part in _parts(ids):
        wanted = and_(incident.c.until.is_(None), incident.c.id.in_(part))
        for one in incident_at(connection, wanted):
            found[one.id] = overlay.incident(one)
    return found


def as_made(connection: Connection, own: str) -> Incident | None:
    """An incident as the machine worked it out, without what persons decided of it."""
    wanted = and_(incident.c.until.is_(None), incident.c.id == own)
    return next(iter(incident_at(connection, wanted)), None)


def last_word(connection: Connection, subjects: Collection[str]) -> int:
    """The last entry in which a person decided or judged of one of these; 0 where nobody did."""
    last = 0
    for part in _parts(subjects):
        said = select(func.max(decision.c.entry)).where(decision.c.subject.in_(part))
        judged = select(func.max(judgement.c.entry)).where(
            or_(judgement.c.left.in_(part), judgement.c.right.in_(part)),
            judgement.c.by.not_like(f"{MACHINE}%"),
        )
        for wanted in (said, judged):
            last = max(last, int(connection.execute(wanted).scalar() or 0))
    return last


def said_of(connection: Connection, subjects: Collection[str]) -> list[Decision]:
    """Every decision on these, oldest first."""
    found = [one for own in sorted(subjects) for one in all_decisions(connection, own)]
    return sorted(found, key=lambda one: one.entry)


def judged_of(connection: Connection, mentions: Collection[str]) -> list[tuple[int, Judgement]]:
    """Every word of a person on these mentions, with its entry, the latest first."""
    found: list[tuple[int, Judgement]] = []
    for part in _parts(mentions):
        rows = connection.execute(
            select(judgement)
            .where(or_(judgement.c.left.in_(part), judgement.c.right.in_(part)))
            .where(judgement.c.by.not_like(f"{MACHINE}%"))
        )
        for row in rows:
            one = Judgement(
                left=row.left, right=row.right, verdict=row.verdict, by=row.by, at=row.at,
                why=row.why, undone=row.undone,
            )  # fmt: skip
            if (row.entry, one) not in found:
                found.append((row.entry, one))
    return sorted(found, key=lambda pair: -pair[0])


def unsure(connection: Connection, most: int) -> list[Judgement]:
    """The pairs that the machine left open and nobody has judged, those that hang most in the balance."""
    wanted = (
        select(judgement.c.left, judgement.c.right)
        .where(judgement.c.verdict == "unsure", judgement.c.by.like(f"{MACHINE}%"))
        .order_by(judgement.c.score.desc(), judgement.c.left, judgement.c.right)
        .limit(5 * most)
    )
    pairs = dict.fromkeys((row.left, row.right) for row in connection.execute(wanted))
    held: dict[tuple[str, str], list[Judgement]] = {}
    for one in judgements_of(connection, {name for pair in pairs for name in pair}):
        held.setdefault((one.left, one.right), []).append(one)
    return [
        held[pair][0]
        for pair in pairs
        if len(held.get(pair, ())) == 1
        and held[pair][0].verdict == "unsure"
        and held[pair][0].by.startswith(MACHINE)
    ][:most]


def entries(
    connection: Connection, *, before: int | None = None, most: int = 100, key: str | None = None
) -> list[Change]:
    """The entries of the log, the latest first; those before an entry, or about one thing."""
    wanted = select(log).order_by(log.c.n.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(log.c.n < before)
    if key is not None:
        wanted = wanted.where(log.c.key == key)
    return [Change(row.n, row.at, row.who, row.what, row.key, row.why) for row in connection.execute(wanted)]


def reports_of(connection: Connection, mentions: Collection[str]) -> dict[str, str]:
    """The report that tells each of these mentions."""
    return {row.id: row.report for part in _parts(mentions) for row in connection.execute(
        select(mention.c.id, mention.c.report).where(mention.c.id.in_(part)))}  # fmt: skip


def arrived(connection: Connection, most: int, source: str | None = None) -> list[Arrived]:
    """The reports that came in last."""
    overlay = Overlay(connection)
    wanted = select(report).order_by(report.c.entry.desc(), report.c.n.desc()).limit(most)
    if source is not None:
        wanted = wanted.where(report.c.source == source)
    return [Arrived(
        row.id, row.source, row.title, row.published, row.received,
        overlay.sensitivity(row.id, row.sensitivity), row.id in overlay.retracted, row.text is None,
    ) for row in connection.execute(wanted)]  # fmt: skip


def outlets(connection: Connection) -> list[tuple[str | None, int, str | None, str | None]]:
    """Each outlet with how many reports it told, and the first and last day of publication."""
    wanted = (
        select(report.c.source, func.count(), func.min(report.c.published), func.max(report.c.published))
        .group_by(report.c.source)
        .order_by(func.count().desc(), report.c.source)
    )
    return [(row[0], int(row[1]), row[2], row[3]) for row in connection.execute(wanted)]


def hidden_reports(connection: Connection) -> dict[str, str]:
    """The reports that not everybody may see, with how sensitive they are."""
    found = {row.id: row.sensitivity for row in connection.execute(
        select(report.c.id, report.c.sensitivity).where(report.c.sensitivity != "public"))}  # fmt: skip
    found.update(Overlay(connection).sensitivities())
    return {own: told for own, told in found.items() if told != "public"}


def forwards(connection: Connection, own: str) -> str | None:
    """Where an incident went that was joined to another."""
    return next((went for _, went in _went(connection, {own})), None)


def noted(connection: Connection, kind: str) -> int:
    """How many notes of a kind there are."""
    wanted = select(func.count()).select_from(note).where(note.c.kind == kind)
    return int(connection.execute(wanted).scalar_one())


def _went(connection: Connection, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Where each of these incidents went."""
    for part in _parts(ids):
        for row in connection.execute(select(forwarding).where(forwarding.c.old.in_(part))):
            yield row.old, row.new


def _parts(values: Collection[Any]) -> Iterator[list[Any]]:
    """The values in lists that one question can hold."""
    every = sorted(values)
    return (every[at : at + _ASK] for at in range(0, len(every), _ASK))
