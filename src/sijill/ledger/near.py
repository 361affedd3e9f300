"""What a new mention must be compared with, found by the indexes of the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from sijill.incidents import MACHINE, HeldMention, Judgement
from sijill.ledger.decisions import _judgement
from sijill.ledger.derived import of_mentions
from sijill.ledger.schema import (
    incident,
    incident_mention,
    incident_term,
    judgement,
    log,
    mention,
    reading,
)
from sijill.link.days import days, iso

_ASK = 400


def mentions_near(connection: Connection, held: Iterable[HeldMention], window: int) -> set[str]:
    """Ids of held mentions that could tell of the same event as one of these.

    Those whose incident lies within `window` days in the same governorate (or country), under the same
    name or gazetteer entry; within a day where one of the two tells no more than the country; and undated
    ones of the same name.
    """
    found: set[str] = set()
    for one in held:
        for wanted in _wanted(one, window):
            found |= {str(row[0]) for row in connection.execute(wanted)}
    return found


def _wanted(held: HeldMention, window: int) -> Iterator[Select[tuple[str]]]:
    """The questions for one mention."""
    covered = days(held.mention.date.edtf) if held.mention.date else None
    place = held.mention.place
    names = {name for name in (place.admin1, place.id, place.name) if name} if place else set()
    fine = {name for name in (place.id, place.name) if name} if place else set()
    if covered is None:
        if fine:
            yield _of(_at(fine))
        return
    if names:
        yield _of(_at(names), _between(covered, window))
    if fine:
        yield _of(_at(fine), incident.c.start.is_(None))
    wide = window if place and place.country and not place.admin1 else 1
    if place and place.country:
        yield _of(_at({place.country}), _between(covered, wide))
    else:
        yield _of(_between(covered, 1))


def _of(*conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    """The mentions of the incidents that hold now and fit."""
    return (
        select(incident_mention.c.mention)
        .join(incident, incident.c.id == incident_mention.c.incident)
        .where(and_(incident.c.until.is_(None), *conditions))
    )


def _at(names: Collection[str]) -> ColumnElement[bool]:
    """Incidents at a place that bears one of the names or codes."""
    held = select(incident_term.c.incident).where(
        incident_term.c.kind == "place", incident_term.c.value.in_(sorted(names))
    )
    return incident.c.id.in_(held)


def _between(covered: tuple[int, int], window: int) -> ColumnElement[bool]:
    """Incidents whose days lie within the window."""
    first, last = iso(covered[0]), iso(covered[1])
    parts = []
    if first:
        parts.append(incident.c.end >= (date.fromisoformat(first) - timedelta(days=window)).isoformat())
    if last:
        parts.append(incident.c.start <= (date.fromisoformat(last) + timedelta(days=window)).isoformat())
    return and_(*parts)


def judgements_of(connection: Connection, mentions: Collection[str]) -> list[Judgement]:
    """The judgements that hold on any of these mentions, as `Register.judgements` gives them."""
    latest: dict[tuple[str, str, str], tuple[int, int, Judgement]] = {}
    every = sorted(mentions)
    for at in range(0, len(every), _ASK):
        part = every[at : at + _ASK]
        for row in connection.execute(
            select(judgement).where(or_(judgement.c.left.in_(part), judgement.c.right.in_(part)))
        ):
            one = _judgement(row)
            key = (one.left, one.right, MACHINE if one.by.startswith(MACHINE) else one.by)
            if key not in latest or (row.entry, row.n) >= latest[key][:2]:
                latest[key] = (row.entry, row.n, one)
    return [one for _, (_, _, one) in sorted(latest.items(), key=lambda item: item[0]) if not one.undone]


def siblings(connection: Connection, mentions: Collection[str]) -> set[str]:
    """Every mention of the incidents that hold one of these."""
    every, found = sorted(mentions), set[str]()
    for at in range(0, len(every), _ASK):
        homes = select(incident_mention.c.incident).where(
            incident_mention.c.mention.in_(every[at : at + _ASK])
        )
        wanted = select(incident_mention.c.mention).where(incident_mention.c.incident.in_(homes))
        found |= {row[0] for row in connection.execute(wanted)}
    return found


def mentions_of_reports(connection: Connection, reports: Collection[str]) -> set[str]:
    """What these reports tell of now, and what stands in incidents though they tell of it no more."""
    every, found = sorted(reports), set[str]()
    for at in range(0, len(every), _ASK):
        mine = and_(mention.c.report.in_(every[at : at + _ASK]), mention.c.kind == "incidents")
        now = select(mention.c.id).where(mine, mention.c.current)
        lost = (
            select(mention.c.id)
            .join(incident_mention, incident_mention.c.mention == mention.c.id)
            .where(mine, mention.c.current.is_(False))
        )
        found |= {row[0] for wanted in (now, lost) for row in connection.execute(wanted)}
    return found


def touched(connection: Connection, since: int) -> set[str]:
    """Mentions that were read, decided of, retracted or judged by a person after an entry of the log."""
    entries = connection.execute(select(log.c.key).where(log.c.n > since))
    keys = {str(row[0]) for row in entries if row[0]}
    reports = {key for key in keys if not key.startswith(("m-", "i-"))}
    reports |= {row[0] for row in connection.execute(select(reading.c.report).where(reading.c.entry > since))}
    judged = select(judgement.c.left, judgement.c.right).where(
        judgement.c.entry > since, judgement.c.by.not_like(f"{MACHINE}%")
    )
    pairs = {name for row in connection.execute(judged) for name in row}
    return {key for key in keys if key.startswith("m-")} | pairs | mentions_of_reports(connection, reports)


def incidents_of(connection: Connection, mentions: Collection[str]) -> dict[str, list[str]]:
    """The incidents that hold one of these, each with all its mentions."""
    held = of_mentions(connection, siblings(connection, mentions) | set(mentions))
    found: dict[str, list[str]] = {}
    for name, home in sorted(held.items()):
        found.setdefault(home, []).append(name)
    return found


def words_at(connection: Connection, entry: int) -> list[Judgement]:
    """The judgements of persons that one entry of the log recorded."""
    rows = connection.execute(select(judgement).where(judgement.c.entry == entry).order_by(judgement.c.n))
    return [one for one in map(_judgement, rows) if not one.by.startswith(MACHINE)]


def words(connection: Connection) -> dict[int, list[Judgement]]:
    """Every judgement of a person, by the entry of the log that recorded it, oldest first."""
    found: dict[int, list[Judgement]] = {}
    wanted = select(judgement).where(judgement.c.by.not_like(f"{MACHINE}%"))
    for row in connection.execute(wanted.order_by(judgement.c.entry, judgement.c.n)):
        found.setdefault(row.entry, []).append(_judgement(row))
    return found


def count(connection: Connection) -> int:
    """How many mentions the current readings hold."""
    wanted = select(func.count()).select_from(mention).where(mention.c.kind == "incidents", mention.c.current)
    return int(connection.execute(wanted).scalar_one())
