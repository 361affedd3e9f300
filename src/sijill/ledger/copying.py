"""Finding, for a report that comes in, the first that told the same text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

import msgspec
from sqlalchemy import Connection, select

from sijill.copies import Signature
from sijill.ledger.prepare import Prepared
from sijill.ledger.schema import band, report, signature

SAME_STORY = 3
"""Days within which the same words from two outlets are one agency text, and not a form used again."""

LONG = 200
"""Letters from which the same words are a copy even where no day is told."""

FEW = 40
"""So many of the oldest reports that share a band are compared with a new one."""

Tied = Callable[[Signature, Signature], bool]

_ASK = 500
_decoder = msgspec.msgpack.Decoder(Signature)


class Leaders:
    """The first report that told the same words, or nearly the same, at about the same time."""

    def __init__(self, connection: Connection, batch: Sequence[Prepared], tied: Tied | None) -> None:
        self._connection, self._tied = connection, tied
        self._first: dict[bytes, list[tuple[str, str | None]]] = {}
        self._fresh: dict[int, list[tuple[str, str | None, bytes]]] = defaultdict(list)
        wanted = select(report.c.fold_digest, report.c.id, report.c.copy_of, report.c.published)
        for part in parts({prepared.fold_digest for prepared in batch}):
            held = wanted.where(report.c.fold_digest.in_(part)).order_by(report.c.entry)
            for digest, own, copy_of, published in connection.execute(held):
                self._first.setdefault(bytes(digest), []).append((copy_of or own, published))
        self._bands: dict[int, list[int]] = defaultdict(list)
        for part in parts({value for prepared in batch for value in prepared.bands}):
            found = select(band.c.value, band.c.entry).where(band.c.value.in_(part)).order_by(band.c.entry)
            for value, entry in connection.execute(found):
                self._bands[value].append(entry)

    def leader(self, prepared: Prepared) -> str | None:
        """The report that this one is a copy of; None where it is the first."""
        earlier = self._first.setdefault(prepared.fold_digest, [])
        for own, published in earlier:
            if _same_story(published, prepared.published, len(prepared.text)):
                return own
        near = self._near(prepared) if self._tied and prepared.signature else None
        leader = near or prepared.id
        earlier.append((leader, prepared.published))
        for value in prepared.bands:
            self._fresh[value].append((leader, prepared.published, prepared.signature))
        return near

    def _near(self, prepared: Prepared) -> str | None:
        """The first report of nearly the same words, among those held and those of this batch."""
        assert self._tied is not None
        own = _decoder.decode(prepared.signature)
        entries = sorted({entry for value in prepared.bands for entry in self._bands.get(value, ())})
        told = [*self._held(entries[:FEW]), *self._of_batch(prepared.bands)]
        for leader, published, packed in told:
            near = _same_story(published, prepared.published, len(prepared.text))
            if near and self._tied(_signature(packed), own):
                return leader
        return None

    def _held(self, entries: Collection[int]) -> Iterator[tuple[str, str | None, bytes]]:
        """The leaders, days and signatures of reports that are held."""
        if not entries:
            return
        wanted = select(report.c.id, report.c.copy_of, report.c.published, signature.c.body)
        joined = wanted.join(signature, signature.c.entry == report.c.entry)
        for row in self._connection.execute(
            joined.where(report.c.entry.in_(entries)).order_by(report.c.entry)
        ):
            yield row.copy_of or row.id, row.published, bytes(row.body)

    def _of_batch(self, bands: Sequence[int]) -> list[tuple[str, str | None, bytes]]:
        """Those of reports that are under way."""
        found: dict[tuple[str, str | None, bytes], None] = {}
        for value in bands:
            found |= dict.fromkeys(self._fresh.get(value, ()))
        return list(found)[:FEW]


@lru_cache(maxsize=1000)
def _signature(packed: bytes) -> Signature:
    """A signature that was kept."""
    return _decoder.decode(packed)


def _same_story(one: str | None, other: str | None, length: int) -> bool:
    """May the same words on these two days be one agency text?"""
    if one is None or other is None:
        return length >= LONG
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) <= SAME_STORY


def parts(values: Iterable[object]) -> Iterator[list[object]]:
    """The values in lists that one question can hold."""
    every = sorted(set(values))  # type: ignore[type-var]
    return (every[at : at + _ASK] for at in range(0, len(every), _ASK))
