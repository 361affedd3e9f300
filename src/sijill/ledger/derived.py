"""Incidents: kept as they are worked out, with what they were before, and found by what they tell."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.incidents import Incident
from sijill.ledger import chain, engine
from sijill.ledger.decisions import Overlay
from sijill.ledger.ink import Ink, Row, Rows
from sijill.ledger.prepare import places
from sijill.ledger.schema import (
    decision,
    forwarding,
    incident,
    incident_mention,
    incident_term,
    log,
    note,
)

_ASK = 500
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Incident)

NARROWING = ("place", "actor", "target", "action", "status", "outcome", "weapon")
"""Parts of a filter that the index of terms answers; the filter itself has the last word."""


def replace(ink: Ink, changed: Iterable[Incident], gone: Mapping[str, str | None]) -> int:
    """Puts incidents in place of what they were; those in `gone` went to others, or to none.
    How many changed."""
    number = ink.next
    every = {one.id: one for one in changed}
    shas = _shas(ink.connection, every)
    made = {key: _encoder.encode(one) for key, one in sorted(every.items())}
    new = {key: body for key, body in made.items() if shas.get(key) != hashlib.sha256(body).digest()}
    left = {old: gone[old] for old in sorted(gone) if old not in every}
    if not new and not left:
        return 0
    _end(ink.connection, {*new, *left}, number)
    for part in _parts({held for key in new for held in every[key].mentions}):
        ink.connection.execute(delete(incident_mention).where(incident_mention.c.mention.in_(part)))
    for key, body in new.items():
        ink.row(incident, _row(every[key], body, number))
        _index(ink, every[key])
    back = _back(ink.connection, new)
    for part in _parts(back):
        ink.connection.execute(delete(forwarding).where(forwarding.c.old.in_(part)))
    if left:
        for part in _parts(left):
            ink.connection.execute(delete(forwarding).where(forwarding.c.old.in_(part)))
        for old, to in left.items():
            if to is not None:
                ink.row(forwarding, {"old": old, "new": to})
    told = {"changed": len(new), "gone": left, "back": back, "sha256": _digest(new)}
    rows: Rows = [(note, {"kind": "derive", "key": str(number), "body": msgspec.json.encode(told).decode()})]
    ink.entry("derive", rows)
    return len(new)


def current_ids(connection: Connection) -> list[str]:
    """The ids of the incidents that hold now."""
    held = select(incident.c.id).where(incident.c.until.is_(None)).order_by(incident.c.id)
    return [own for (own,) in connection.execute(held)]


def index_anew(ink: Ink) -> None:
    """Makes the tables beside the incidents anew."""
    for table in (incident_mention, incident_term, forwarding):
        ink.connection.execute(delete(table))
    for row in _rows(ink.connection, incident.c.until.is_(None)):
        _index(ink, _incident(row))
    held: dict[str, str | None] = {}
    for (body,) in ink.connection.execute(
        select(note.c.body).where(note.c.kind == "derive").order_by(note.c.entry)
    ):
        told = msgspec.json.decode(body)
        held = {old: to for old, to in held.items() if old not in told["back"]} | told["gone"]
    for old, to in sorted(held.items()):
        if to is not None:
            ink.row(forwarding, {"old": old, "new": to})
    ink.flush()


def incidents(
    connection: Connection, wanted: Filter | None = None, as_of: int | str | None = None
) -> Iterator[Incident]:
    """The incidents that fit, by day and id; `as_of` an entry or time of the log gives those of then."""
    number = entry_at(connection, as_of)
    overlay = Overlay(connection, number)
    if number is None:
        found = _rows(connection, and_(incident.c.until.is_(None), _narrowed(wanted)))
    else:
        then = or_(incident.c.until.is_(None), incident.c.until > number)
        found = _rows(connection, and_(incident.c.since <= number, then))
    for row in found:
        one = overlay.incident(_incident(row))
        if wanted is None or wanted.fits(one):
            yield one


def incident_at(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Incident]:
    """The incidents of the rows that fit, as they were worked out."""
    return map(_incident, _rows(connection, condition))


def one(connection: Connection, key: str) -> Incident | None:
    """The incident of that id, or the one it went to."""
    seen: set[str] = set()
    while key not in seen:
        seen.add(key)
        for row in _rows(connection, and_(incident.c.until.is_(None), incident.c.id == key)):
            return Overlay(connection).incident(_incident(row))
        went = connection.execute(select(forwarding.c.new).where(forwarding.c.old == key)).scalar()
        if went is None:
            return None
        key = went
    return None


def of_mentions(connection: Connection, mentions: Collection[str]) -> dict[str, str]:
    """The incident of each mention that has one."""
    return {row.mention: row.incident for part in _parts(mentions) for row in connection.execute(
        select(incident_mention).where(incident_mention.c.mention.in_(part)))}  # fmt: skip


def entry_at(connection: Connection, as_of: int | str | None) -> int | None:
    """The number of the last entry at a time, or the number itself."""
    if as_of is None or isinstance(as_of, int):
        return as_of
    if as_of.isdigit() and len(as_of) != 4:
        return int(as_of)
    if not as_of[:4].isdigit():
        raise UsageError(f"{as_of!r} is neither an entry of the log nor a time; write 812 or 2024-04-19")
    until = as_of if "T" in as_of else as_of + "~"
    found = connection.execute(
        select(log.c.n).where(log.c.at <= until).order_by(log.c.n.desc()).limit(1)
    ).scalar()
    return int(found or 0)


def _narrowed(wanted: Filter | None) -> ColumnElement[bool]:
    """What the indexes know of a filter. Where a person decided of an incident, it is looked at anyway."""
    parts: list[ColumnElement[bool]] = [incident.c.id.is_not(None)]
    if wanted is None:
        return parts[0]
    if wanted.since:
        parts.append(incident.c.end >= wanted.since)
    if wanted.until:
        parts.append(incident.c.start <= wanted.until)
    for kind in NARROWING:
        values = getattr(wanted, kind)
        if values:
            held = select(incident_term.c.incident).where(
                incident_term.c.kind == kind, incident_term.c.value.in_(values)
            )
            parts.append(incident.c.id.in_(held))
    return or_(and_(*parts), incident.c.id.in_(select(decision.c.subject)))


def _rows(connection: Connection, condition: ColumnElement[bool]) -> Iterable[Any]:
    """Rows of incidents, undated ones last."""
    undated = incident.c.start.is_(None)
    ordered = select(incident).where(condition).order_by(undated, incident.c.start, incident.c.id)
    return engine.flow(connection, ordered)


def _incident(row: Any) -> Incident:
    """The incident that a row holds."""
    return _decoder.decode(chain.unpack(bytes(row.body)))


def _row(one: Incident, body: bytes, number: int) -> Row:
    """The row of an incident."""
    return {
        "since": number, "id": one.id, "until": None, "body": chain.pack(body),
        "sha256": hashlib.sha256(body).digest(), "start": one.start, "end": one.end,
    }  # fmt: skip


def _index(ink: Ink, one: Incident) -> None:
    """The rows by which an incident is found."""
    for held in one.mentions:
        ink.row(incident_mention, {"mention": held, "incident": one.id})
    for kind, values in _terms(one).items():
        for value in sorted(values):
            ink.row(incident_term, {"kind": kind, "value": value, "incident": one.id})


def _terms(one: Incident) -> dict[str, set[str]]:
    """What an incident can be asked for."""
    return {
        "place": places(one.place),
        "actor": {*one.actors, *(code.split("/")[0] for code in one.actors)},
        "target": {*one.targets, *(code.split("/")[0] for code in one.targets)},
        "action": {one.action}, "status": {one.status},
        "outcome": {toll.outcome for toll in one.tolls}, "weapon": set(one.weapons),
    }  # fmt: skip


def _end(connection: Connection, keys: Collection[str], number: int) -> None:
    """Ends the rows of incidents that change."""
    for part in _parts(keys):
        current = and_(incident.c.until.is_(None), incident.c.id.in_(part))
        connection.execute(update(incident).where(current).values(until=number))
        connection.execute(delete(incident_term).where(incident_term.c.incident.in_(part)))
        connection.execute(delete(incident_mention).where(incident_mention.c.incident.in_(part)))


def _back(connection: Connection, keys: Collection[str]) -> list[str]:
    """Which of these incidents were joined to others and stand by themselves again."""
    return sorted(row[0] for part in _parts(keys) for row in connection.execute(
        select(forwarding.c.old).where(forwarding.c.old.in_(part))))  # fmt: skip


def _shas(connection: Connection, keys: Collection[str]) -> dict[str, bytes]:
    """The digest of each of these incidents as it holds now."""
    wanted = select(incident.c.id, incident.c.sha256).where(incident.c.until.is_(None))
    return {row.id: bytes(row.sha256) for part in _parts(keys) for row in connection.execute(
        wanted.where(incident.c.id.in_(part)))}  # fmt: skip


def _digest(bodies: Mapping[str, bytes]) -> str:
    """One digest over all of them."""
    whole = hashlib.sha256()
    for key, body in bodies.items():
        whole.update(key.encode() + hashlib.sha256(body).digest())
    return whole.hexdigest()


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    """The values in lists that one question can hold."""
    every = sorted(values)
    return (every[at : at + _ASK] for at in range(0, len(every), _ASK))
