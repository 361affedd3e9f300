"""The lexicon ready for use, from the cache where its files have not changed."""

from __future__ import annotations

import mmap
import os
import tempfile
from functools import lru_cache
from pathlib import Path

import msgspec

from sijill.errors import LexiconError, UsageError
from sijill.lexicon.compile import build, data_files, digest
from sijill.lexicon.entries import Compiled
from sijill.lexicon.packed import pack, unpack

DATA = Path(__file__).resolve().parent.parent / "data"
_FORMAT = 3  # raise it when the form of the cache changes


def cache_folder() -> Path:
    """Where compiled lexicons lie: SIJILL_CACHE, else the user's cache folder."""
    told = os.environ.get("SIJILL_CACHE")
    if told:
        return Path(told)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sijill"


@lru_cache(maxsize=8)
def load(overlay: Path | None = None) -> Compiled:
    """The built-in lexicon, with a newsroom's own folder laid over it.

    Raises LexiconError with every fault of the files, UsageError if the folder is missing.
    """
    if overlay is not None and not overlay.is_dir():
        raise UsageError(f"{overlay}: no such lexicon folder; give a folder of the shape of {DATA}")
    folders = [DATA] if overlay is None else [DATA, overlay]
    key = digest(data_files(folders))
    path = cache_folder() / f"lexicon-{_FORMAT}-{key}.msgpack"
    try:
        return unpack(_mapped(path))
    except (OSError, ValueError, msgspec.MsgspecError):
        pass
    compiled, faults = build(folders)
    if faults:
        raise LexiconError(faults)
    packed = pack(compiled)
    _write(path, packed)
    return unpack(packed)


def _mapped(path: Path) -> mmap.mmap:
    """The bytes of a file, read from the disk only where they are looked at."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _write(path: Path, data: bytes) -> None:
    """Put the cache in place at once; a read-only home is no reason to stop."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
        Path(file.name).replace(path)
    except OSError:
        return
