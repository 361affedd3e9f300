"""Finding, for a report that comes in, the first that told the same text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from sijill.copies import Signature
from sijill.ledger.prepare import Comparer, Prepared
from sijill.ledger.schema import report, signature

SAME_STORY = 3
"""Days within which the same words from two outlets are one agency text, and not a form used again."""

LONG = 200
"""Letters from which the same words are a copy even where no day is told."""

FEW = 20
"""So many of the oldest reports that share a band in the same days are kept and compared: monitors write
hundreds of reports with the same sentences, and each is its own."""

BUCKET = 4
"""Days whose bands lie together, so that old reports of the same sentences do not stand in the way."""


class Held(NamedTuple):
    """A report that a new one may be a copy of; `text` is fetched only where the sketches are alike."""

    leader: str
    published: str | None
    sketch: bytes
    entry: int
    text: str | None


_ASK = 500
_decoder = msgspec.msgpack.Decoder(Signature)


class Leaders:
    """The first report that told the same words, or nearly the same, at about the same time."""

    def __init__(self, connection: Connection, batch: Sequence[Prepared], comparer: Comparer | None) -> None:
        self._connection, self._comparer = connection, comparer
        self._first: dict[bytes, list[tuple[str, str | None]]] = {}
        self._fresh: dict[int, list[Held]] = defaultdict(list)
        wanted = select(report.c.fold_digest, report.c.id, report.c.copy_of, report.c.published)
        for part in parts({prepared.fold_digest for prepared in batch}):
            held = wanted.where(report.c.fold_digest.in_(part)).order_by(report.c.entry)
            for digest, own, copy_of, published in connection.execute(held):
                self._first.setdefault(bytes(digest), []).append((copy_of or own, published))
        self._bands: dict[int, list[int]] = defaultdict(list)
        asked = {key for prepared in batch for key in _asked(prepared)}
        for part in parts(asked, 5000):
            # whole numbers, written out: so many parameters would cost more than the question itself
            listed = ", ".join(map(str, part))
            found = f"SELECT value, entry FROM band WHERE value IN ({listed}) ORDER BY entry"  # noqa: S608
            for value, entry in connection.exec_driver_sql(found):
                self._bands[value].append(entry)

    def leader(self, prepared: Prepared) -> str | None:
        """The report that this one is a copy of; None where it is the first."""
        earlier = self._first.setdefault(prepared.fold_digest, [])
        for own, published in earlier:
            if _same_story(published, prepared.published, len(prepared.text)):
                return own
        near = self._near(prepared) if self._comparer and prepared.signature else None
        leader = near or prepared.id
        earlier.append((leader, prepared.published))
        return near

    def rows(self, prepared: Prepared, entry: int) -> list[tuple[int, int]]:
        """The bands under which later copies of a new report find it; few where many have them."""
        found = []
        for key in _own(prepared):
            if len(self._bands[key]) < FEW:
                self._bands[key].append(entry)
                self._fresh[key].append(
                    Held(prepared.id, prepared.published, prepared.signature, entry, prepared.text)
                )
                found.append((key, entry))
        return found

    def _near(self, prepared: Prepared) -> str | None:
        """The first report of nearly the same words, among those held and those of this batch."""
        comparer = self._comparer
        assert comparer is not None
        own = _decoder.decode(prepared.signature)
        keys = _asked(prepared)
        entries = sorted({entry for key in keys for entry in self._bands.get(key, ())})
        told = [*self._held(entries[:FEW]), *self._of_batch(keys)]
        for held in told:
            if not _same_story(held.published, prepared.published, len(prepared.text)):
                continue
            if comparer.may_tie(_signature(held.sketch), own):
                text = held.text if held.text is not None else self._text(held.entry)
                if text is not None and comparer.tie(text, prepared.text):
                    return held.leader
        return None

    def _text(self, entry: int) -> str | None:
        """The text of a report that is held."""
        return self._connection.execute(select(report.c.text).where(report.c.entry == entry)).scalar()

    def _held(self, entries: Collection[int]) -> Iterator[Held]:
        """The leaders, days and signatures of reports that are held."""
        if not entries:
            return
        wanted = select(report.c.id, report.c.copy_of, report.c.published, report.c.entry, signature.c.body)
        joined = wanted.join(signature, signature.c.entry == report.c.entry)
        for row in self._connection.execute(
            joined.where(report.c.entry.in_(entries)).order_by(report.c.entry)
        ):
            yield Held(row.copy_of or row.id, row.published, bytes(row.body), row.entry, None)

    def _of_batch(self, keys: Iterable[int]) -> list[Held]:
        """Those of reports that are under way."""
        found: dict[Held, None] = {}
        for key in keys:
            found |= dict.fromkeys(self._fresh.get(key, ()))
            if len(found) >= FEW:
                break
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


def _own(prepared: Prepared) -> set[int]:
    """The keys under which a report is found: its bands, each with the days it belongs to."""
    return {_key(value, _bucket(prepared.published, 0)) for value in prepared.bands}


def _asked(prepared: Prepared) -> list[int]:
    """The keys under which its copies may lie."""
    buckets = {_bucket(prepared.published, days) for days in (-SAME_STORY, 0, SAME_STORY)}
    return [_key(value, bucket) for value in prepared.bands for bucket in sorted(buckets)]


def _bucket(published: str | None, days: int) -> int:
    """A number for the few days around one; 0 without a day."""
    return 0 if published is None else (date.fromisoformat(published).toordinal() + days) // BUCKET


def _key(value: int, bucket: int) -> int:
    """A band and a number of days in one signed number of 64 bits."""
    mixed = (value ^ (bucket * 0x9E3779B97F4A7C15)) & 0xFFFFFFFFFFFFFFFF
    return mixed - (1 << 64) if mixed >> 63 else mixed


def parts(values: Iterable[object], most: int = _ASK) -> Iterator[list[object]]:
    """The values in lists that one question can hold."""
    every = sorted(set(values))  # type: ignore[type-var]
    return (every[at : at + most] for at in range(0, len(every), most))
