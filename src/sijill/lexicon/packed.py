"""A lexicon as bytes: what lies packed is unpacked only where somebody asks for it.

A gazetteer of 200,000 names takes a few bytes for each in memory, and a lexicon is ready as
soon as its file is open. The head holds what every reader needs; entries, rows of the index
and places lie behind it, each found by where it starts and how long it is.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from mmap import mmap
from typing import Any, Generic, TypeVar, overload

import msgspec

from sijill.lexicon.entries import Compiled, Entry, PlaceEntry, Row

T = TypeVar("T")
_LENGTH = 24  # bits that hold how long a packed value is
_MASK = (1 << _LENGTH) - 1
_MOST_KEPT = 20_000  # unpacked values of one shelf; a day's news names far fewer
_encode = msgspec.msgpack.Encoder().encode


class Head(msgspec.Struct, array_like=True):
    """What stands first in the file."""

    digest: str
    tables: dict[str, Any]
    index: dict[str, int]
    places: dict[str, int]
    entries: bytes


class Shelf(Mapping[str, T], Generic[T]):
    """A mapping whose values lie packed; those that were asked for lately are kept."""

    def __init__(self, at: dict[str, int], values: memoryview, decoder: msgspec.msgpack.Decoder[T]) -> None:
        self._at, self._values, self._decode = at, values, decoder.decode
        self._kept: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        kept = self._kept.get(key)
        if kept is None:
            kept = self._unpack(self._at[key])
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = kept
        return kept

    def _unpack(self, at: int) -> T:
        start = at >> _LENGTH
        return self._decode(self._values[start : start + (at & _MASK)])

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key; most keys have none, and for those nothing is unpacked."""
        return self[key] if key in self._at else default

    def values(self) -> Any:
        """All values, each unpacked on its way and not kept."""
        return map(self._unpack, self._at.values())

    def items(self) -> Any:
        """All keys with their values, unpacked on their way and not kept."""
        return ((key, self._unpack(at)) for key, at in self._at.items())

    def __contains__(self, key: object) -> bool:
        return key in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


class Rack(Sequence[Entry]):
    """A row of entries that lie packed; each is made once."""

    def __init__(self, at: array[int], values: memoryview) -> None:
        self._at, self._values = at, values
        self._made: list[Entry | None] = [None] * len(at)

    @overload
    def __getitem__(self, number: int) -> Entry: ...
    @overload
    def __getitem__(self, number: slice) -> list[Entry]: ...
    def __getitem__(self, number: int | slice) -> Entry | list[Entry]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        made = self._made[number]
        if made is None:
            start = self._at[number] >> _LENGTH
            made = _entry.decode(self._values[start : start + (self._at[number] & _MASK)])
            self._made[number] = made
        return made

    def __len__(self) -> int:
        return len(self._at)


_entry = msgspec.msgpack.Decoder(Entry)
_row: msgspec.msgpack.Decoder[Sequence[Row]] = msgspec.msgpack.Decoder(list[Row])
_place = msgspec.msgpack.Decoder(PlaceEntry)
_head = msgspec.msgpack.Decoder(Head)


def pack(lexicon: Compiled) -> bytes:
    """The lexicon as bytes."""
    values = bytearray()

    def lay(value: object) -> int:
        packed = _encode(value)
        at = len(values) << _LENGTH | len(packed)
        values.extend(packed)
        return at

    index = {word: lay(found) for word, found in lexicon.index.items()}
    entries = array("Q", map(lay, lexicon.entries))
    places = {identity: lay(place) for identity, place in lexicon.places.items()}
    head = _encode(Head(lexicon.digest, lexicon.tables, index, places, _little(entries).tobytes()))
    return b"".join((len(head).to_bytes(8, "little"), head, values))


def unpack(packed: bytes | mmap) -> Compiled:
    """The lexicon that these bytes hold. Raises msgspec.MsgspecError for others."""
    view = memoryview(packed)
    size = int.from_bytes(view[:8], "little")
    head = _head.decode(view[8 : 8 + size])
    values = view[8 + size :]
    entries: array[int] = array("Q")
    entries.frombytes(head.entries)
    return Compiled(
        head.digest, Rack(_little(entries), values), Shelf(head.index, values, _row),
        Shelf(head.places, values, _place), head.tables,
    )  # fmt: skip


def _little(numbers: array[int]) -> array[int]:
    """The numbers in little-endian order, on any machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def children(places: Iterable[PlaceEntry]) -> dict[str, list[str]]:
    """The ids of what lies directly in each place."""
    out: dict[str, list[str]] = {}
    for place in places:
        out.setdefault(place.parent, []).append(place.id)
    return out
