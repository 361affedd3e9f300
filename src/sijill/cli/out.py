"""Where output goes: standard output, or files that appear whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from sijill.errors import UsageError
from sijill.sources.files import KINDS


class Output:
    """Files written beside their places and put there at the end of the block, unless it fails
    or `discard` is called. Without files there is one stream, standard output."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = [path.resolve() for path in files]
        self._kept = True
        self._drafts: list[Path] = []
        self.streams: list[BinaryIO] = []

    def __enter__(self) -> Output:
        """Opens the drafts."""
        if not self.files:
            self.streams = [sys.stdout.buffer]
        for path in self.files:
            self.streams.append(self._draft(path))
        return self

    def _draft(self, path: Path) -> BinaryIO:
        """A new file beside the place; the place itself where it is no plain file, as /dev/null."""
        special = path.exists() and not path.is_file()
        draft = path if special else path.with_name(f".{path.name}.{os.getpid()}.tmp")
        if not special:
            draft.unlink(missing_ok=True)
        self._drafts.append(draft)
        return draft.open("wb")

    def discard(self) -> None:
        """Leaves the places as they were."""
        self._kept = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Puts the drafts in their places, or takes them away."""
        if not self.files:
            if kind is None:
                self.streams[0].flush()
            return
        kept = self._kept and kind is None
        for stream, draft, path in zip(self.streams, self._drafts, self.files, strict=True):
            if kept and draft != path:
                stream.flush()
                os.fsync(stream.fileno())
            stream.close()
        for draft, path in zip(self._drafts, self.files, strict=True):
            if draft == path:
                continue
            if kept:
                draft.replace(path)
            else:
                draft.unlink(missing_ok=True)


def places(out: Path, names: Sequence[str], extras: Sequence[str]) -> list[Path]:
    """The files to write: in a folder by their `names`, else `out` and beside it its `extras`.

    >>> places(Path("x.csv"), ("incidents.csv", "casualties.csv"), ("casualties",))
    [PosixPath('x.csv'), PosixPath('x.casualties.csv')]
    """
    if out.is_dir():
        return [out / name for name in names]
    if not out.parent.is_dir():
        raise UsageError(f"--out: the folder {out.parent} does not exist; make it first")
    return [out, *(out.with_name(f"{out.stem}.{extra}{out.suffix}") for extra in extras)]


def protect(inputs: Sequence[str | Path], files: Sequence[Path]) -> None:
    """UsageError where a file to write is one that is read."""
    for place in files:
        target = place.resolve()
        for given in map(Path, inputs):
            if str(given) == "-":
                continue
            source = given.resolve()
            if source == target or (target.exists() and source.exists() and source.samefile(target)):
                raise UsageError(f"--out {place} is also read; write to another file")
            if source.is_dir() and source in target.parents and target.suffix.lower() in KINDS:
                raise UsageError(f"--out {place} lies in the folder that is read; write to another folder")
