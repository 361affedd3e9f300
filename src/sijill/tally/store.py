"""Columns on disk, so that a million incidents need not be taken apart again for every question."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from sijill.tally.table import Coded, Listed, Table, Tolls

_FORM = 1
_TOLLS = ("incident", "outcome", "group", "low", "best", "high", "part")


class Ids(Sequence[str]):
    """Ids as bytes side by side, made words only where they are looked at."""

    def __init__(self, held: NDArray[np.bytes_]) -> None:
        self.held = held

    def __len__(self) -> int:
        return len(self.held)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Ids: ...

    def __getitem__(self, place: int | slice) -> str | Ids:
        if isinstance(place, slice):
            return Ids(self.held[place])
        return bytes(self.held[place]).decode()

    def __iter__(self) -> Iterator[str]:
        return (bytes(one).decode() for one in self.held)


def save(table: Table, path: Path) -> None:
    """Writes the columns; the file is there whole or not at all, and only its owner can read it."""
    words = {
        "form": _FORM,
        "one": {name: column.words for name, column in table.one.items()},
        "many": {name: column.words for name, column in table.many.items()},
        "outcomes": table.tolls.outcomes, "groups": table.tolls.groups,
    }  # fmt: skip
    arrays: dict[str, Any] = {
        "words": np.frombuffer(msgspec.msgpack.encode(words), dtype=np.uint8),
        "ids": np.array([one.encode() for one in table.ids], dtype=np.bytes_),
        "reviewed": table.reviewed, "bloodless": table.bloodless,
        **{f"one.{name}": column.codes for name, column in table.one.items()},
        **{f"many.{name}": column.codes for name, column in table.many.items()},
        **{f"offsets.{name}": column.offsets for name, column in table.many.items()},
        **{f"days.{name}": column for name, column in table.days.items()},
        **{f"tolls.{name}": getattr(table.tolls, name) for name in _TOLLS},
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as draft:
        np.savez(draft, **arrays)
    os.replace(draft.name, path)  # noqa: PTH105 - the draft is a name, not a path


def load(path: Path) -> Table | None:
    """The columns of a file; None where there is none, or one of another form."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
            words = msgspec.msgpack.decode(held["words"].tobytes())
            if words["form"] != _FORM:
                return None
            return Table(
                ids=Ids(held["ids"]),
                one={name: Coded(held[f"one.{name}"], own) for name, own in words["one"].items()},
                many={
                    name: Listed(held[f"offsets.{name}"], held[f"many.{name}"], own)
                    for name, own in words["many"].items()
                },
                days={name[5:]: held[name] for name in held.files if name.startswith("days.")},
                tolls=Tolls(
                    **{name: held[f"tolls.{name}"] for name in _TOLLS},
                    outcomes=words["outcomes"], groups=words["groups"],
                ),
                reviewed=held["reviewed"], bloodless=held["bloodless"],
            )  # fmt: skip
    except (OSError, EOFError, KeyError, ValueError, TypeError, zipfile.BadZipFile, msgspec.MsgspecError):
        return None
