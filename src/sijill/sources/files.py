"""From paths to opened files: folders in order, what is read and how, what is skipped and said."""

from __future__ import annotations

import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

from sijill.errors import InputError
from sijill.sources import jsonlines, pages, table
from sijill.sources.encoding import HEAD
from sijill.sources.source import Notice, Row, Source

Rows = Callable[[Source], Iterator[Row | InputError]]


def plain(source: Source) -> Iterator[Row | InputError]:
    """A text file is one report, verbatim."""
    text = source.whole()
    yield Row(source.where(1), {"text": text}, source.raw(text, whole=True))


def sniffed(source: Source) -> Iterator[Row | InputError]:
    """A stream without a name: JSON if it begins like JSON, a page if like a page, else one text."""
    head = source.peek().lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("{", "[")):
        return jsonlines.rows(source)
    if head.startswith(("<!doctype", "<html")):
        return pages.rows(source)
    return plain(source)


KINDS: dict[str, Rows] = {
    ".txt": plain,
    ".jsonl": jsonlines.rows,
    ".ndjson": jsonlines.rows,
    ".json": jsonlines.document,
    ".csv": table.rows,
    ".tsv": table.rows,
    ".html": pages.rows,
    ".htm": pages.rows,
}
"""How each kind of file is read. Add a row for another kind."""


def shown(path: str | os.PathLike[str]) -> str:
    """A path on one line, with nothing a terminal would obey."""
    return "".join(char if char.isprintable() else _escaped(char) for char in os.fspath(path))


def _escaped(char: str) -> str:
    """A character as an escape in plain letters."""
    return char.encode("unicode_escape").decode("ascii")


def find(paths: Sequence[str | Path], notice: Notice) -> Iterator[Path | InputError]:
    """The files behind paths: each path in order, folders sorted and with all that is in them."""
    for path in map(Path, paths):
        try:
            yield from _one(path, notice)
        except OSError as error:
            yield os_fault(shown(path), error)


def _one(path: Path, notice: Notice) -> Iterator[Path | InputError]:
    """The files behind one path."""
    if str(path) == "-":
        yield path
    elif path.is_dir():
        yield from _folder(path, notice)
    elif not path.exists():
        yield InputError(shown(path), "does not exist", "check the path")
    elif path.suffix.lower() in KINDS or not path.suffix or not path.is_file():
        yield path
    else:
        name, kinds = shown(path), " ".join(KINDS)
        what = f"is of a kind that is not read ({path.suffix})"
        yield InputError(name, what, f"save it as one of {kinds}")


def _folder(folder: Path, notice: Notice) -> Iterator[Path | InputError]:
    """The files of a folder that are read, in order of their paths; says how many are not."""
    faults: list[InputError] = []
    skipped: Counter[str] = Counter()
    found = 0

    def unreadable(error: OSError) -> None:
        faults.append(os_fault(shown(error.filename or folder), error))

    for where, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += len(faults)
        while faults:
            yield faults.pop(0)
        for name in sorted(names):
            path = Path(where, name)
            is_pipe = path.exists() and not path.is_file()
            if not name.startswith(".") and path.suffix.lower() in KINDS and not is_pipe:
                found += 1
                yield path
            else:
                skipped["hidden" if name.startswith(".") else path.suffix.lower() or "no suffix"] += 1
    yield from faults
    if skipped:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(skipped.items()))
        notice(f"{shown(folder)}: skipped {skipped.total()} files of other kinds ({kinds})")
    if not found + len(faults):
        yield InputError(
            shown(folder), "holds no file that is read", f"put in files of the kinds {' '.join(KINDS)}"
        )


def open_bytes(path: Path) -> io.BufferedReader:
    """The bytes of a file, or of standard input for `-`."""
    if str(path) == "-":
        return cast(io.BufferedReader, sys.stdin.buffer)
    return cast(io.BufferedReader, path.open("rb", buffering=HEAD))


def kind_of(path: Path) -> Rows:
    """How a path is read: by its suffix; what has none, or is no plain file, by its first bytes."""
    by_suffix = KINDS.get(path.suffix.lower())
    if by_suffix is None or str(path) == "-":
        return sniffed
    return by_suffix


def name_of(path: Path) -> str:
    """The name of a path in messages."""
    return "stdin" if str(path) == "-" else shown(path)


def os_fault(name: str, error: OSError) -> InputError:
    """What the operating system refused, in plain words."""
    if isinstance(error, PermissionError):
        return InputError(name, "may not be read", "ask for permission to read it")
    if isinstance(error, FileNotFoundError):
        return InputError(name, "does not exist", "check the path")
    return InputError(name, f"cannot be read ({error.strerror or error})", "check the disk and the path")
