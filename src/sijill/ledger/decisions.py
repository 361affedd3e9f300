"""Judgements, decisions and retractions: recorded for good, the latest word holding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, select

from sijill.errors import UsageError
from sijill.incidents import MACHINE, HeldMention, Incident, Judgement, Reason, Sensitivity
from sijill.ledger import engine
from sijill.ledger.ink import Ink, Rows
from sijill.ledger.schema import decision, judgement, log, note

ENVELOPE = {"/reviewed", "/sensitivity", "/retracted"}
"""Pointers of a decision on a mention that stand beside the record and not in it."""

CHUNK = 1000
"""So many judgements share an entry of the log."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided of one field of a mention or incident.

    `pointer` is a JSON pointer into the record (`/casualties/0/low`); `/reviewed`, `/sensitivity` and
    `/retracted` stand beside it. `undone` gives the field back to the machine.
    """

    entry: int
    subject: str
    pointer: str
    value: Any
    by: str
    at: str
    why: str | None = None
    undone: bool = False


def judge(ink: Ink, judgements: Iterable[Judgement]) -> int:
    """Records judgements; how many."""
    count, rows = 0, list[Any]()
    for one in judgements:
        if one.left >= one.right:
            raise UsageError(f"judgement of {one.left} and {one.right}: left must come before right")
        rows.append((judgement, {
            "left": one.left, "right": one.right, "verdict": one.verdict, "by": one.by,
            "at": one.at or ink.now(), "score": one.score,
            "reasons": msgspec.json.encode(one.reasons).decode(), "why": one.why, "undone": one.undone,
        }))  # fmt: skip
        count += 1
        if len(rows) == CHUNK:
            ink.entry("judge", rows)
            rows = []
    if rows:
        ink.entry("judge", rows)
    return count


_reasons = msgspec.json.Decoder(list[Reason])


def judgements(connection: Connection, *, history: bool = False) -> Iterator[Judgement]:
    """The judgements that hold: of each pair each person's latest, and the machine's latest.

    One that was undone holds no more. `history` gives all that were ever made, oldest first.
    """
    wanted = select(judgement).order_by(judgement.c.entry, judgement.c.n)
    every = (_judgement(row) for row in engine.flow(connection, wanted))
    if history:
        yield from every
        return
    latest: dict[tuple[str, str, str], Judgement] = {}
    for one in every:
        latest[one.left, one.right, MACHINE if one.by.startswith(MACHINE) else one.by] = one
    yield from (one for _, one in sorted(latest.items()) if not one.undone)


def _judgement(row: Any) -> Judgement:
    """A judgement as it was made."""
    return Judgement(
        left=row.left, right=row.right, verdict=row.verdict, by=row.by, at=row.at, score=row.score,
        reasons=_reasons.decode(row.reasons), why=row.why, undone=row.undone,
    )  # fmt: skip


def decide(ink: Ink, subject: str, pointer: str, value: Any, why: str | None, *, undo: bool = False) -> int:
    """Records a decision; the number of its entry."""
    if not pointer.startswith("/"):
        raise UsageError(f"{pointer!r} is no JSON pointer; it begins with a slash, as /place/name")
    row = {
        "subject": subject, "pointer": pointer, "value": msgspec.json.encode(value).decode(),
        "by": ink.who, "at": ink.now(), "why": why, "undone": undo,
    }  # fmt: skip
    rows: Rows = [(decision, row)]
    return ink.entry("decide", rows, key=subject)


def decisions(connection: Connection, subject: str | None = None) -> Iterator[Decision]:
    """Every decision, oldest first."""
    wanted = select(decision).order_by(decision.c.entry, decision.c.n)
    if subject is not None:
        wanted = wanted.where(decision.c.subject == subject)
    for row in connection.execute(wanted):
        yield Decision(
            entry=row.entry, subject=row.subject, pointer=row.pointer,
            value=msgspec.json.decode(row.value), by=row.by, at=row.at, why=row.why, undone=row.undone,
        )  # fmt: skip


class Overlay:
    """The decisions that hold, and the reports that were retracted with the reason, ready to be laid
    over what the machine made."""

    def __init__(self, connection: Connection, until: int | None = None) -> None:
        self._held: dict[str, dict[str, Any]] = defaultdict(dict)
        for one in decisions(connection):
            if until is not None and one.entry > until:
                continue
            self._held[one.subject].pop(one.pointer, None)
            if not one.undone:
                self._held[one.subject][one.pointer] = one.value
        self.retracted: dict[str, str] = {}
        wanted = select(note.c.key, note.c.body, note.c.entry, log.c.why).join(log, log.c.n == note.c.entry)
        for row in connection.execute(wanted.where(note.c.kind == "retract").order_by(note.c.entry)):
            if until is None or row.entry <= until:
                self.retracted.pop(row.key, None)
                if not msgspec.json.decode(row.body)["undone"]:
                    self.retracted[row.key] = row.why or ""

    def mention(self, held: HeldMention) -> HeldMention:
        """A mention with the decisions on it."""
        made = self._held.get(held.id)
        if not made:
            return held
        inner = {pointer: value for pointer, value in made.items() if pointer not in ENVELOPE}
        beside = {pointer[1:]: value for pointer, value in made.items() if pointer in ENVELOPE}
        beside.setdefault("reviewed", True)
        return msgspec.structs.replace(held, mention=laid(held.mention, inner), **beside)

    def sensitivity(self, report: str, told: Sensitivity) -> Sensitivity:
        """How sensitive a report is: what was decided of it, else what it came with."""
        return cast(Sensitivity, self._held.get(report, {}).get("/sensitivity", told))

    def sensitivities(self) -> dict[str, str]:
        """What was decided of how sensitive reports are."""
        return {own: str(made["/sensitivity"]) for own, made in self._held.items()
                if "/sensitivity" in made and not own.startswith(("i-", "m-"))}  # fmt: skip

    def incident(self, incident: Incident) -> Incident:
        """An incident with the decisions on it."""
        made = self._held.get(incident.id)
        for former in incident.formerly if not made else ():
            made = self._held.get(former) or made
        return laid(incident, {"/reviewed": True, **made}) if made else incident


def laid(record: Any, values: dict[str, Any]) -> Any:
    """A record with some fields replaced, each by its JSON pointer; UsageError where it does not fit."""
    if not values:
        return record
    tree = msgspec.to_builtins(record)
    for pointer, value in values.items():
        put(tree, pointer, value)
    try:
        return msgspec.convert(tree, type(record))
    except msgspec.ValidationError as error:
        raise UsageError(f"a decision does not fit its record ({error}); decide the field anew") from None


def put(tree: Any, pointer: str, value: Any) -> None:
    """Sets a value in a tree of dicts and lists; a decision on what is no more there has no effect."""
    *path, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for part in path:
        if isinstance(tree, list):
            if not part.isdigit() or int(part) >= len(tree):
                return
            tree = tree[int(part)]
        elif isinstance(tree, dict):
            tree = tree.setdefault(part, {}) if tree.get(part) is None else tree[part]
        else:
            return
    if isinstance(tree, dict):
        tree[last] = value
    elif isinstance(tree, list) and last == "-":
        tree.append(value)
    elif isinstance(tree, list) and last.isdigit() and int(last) < len(tree):
        tree[int(last)] = value
