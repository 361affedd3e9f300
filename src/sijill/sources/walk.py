"""The files of a folder and of all folders in it, in order; what is hidden or leads out is named and
skipped, so that nobody's link makes us read what was not given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sijill.errors import InputError
from sijill.sources.files import os_fault, shown
from sijill.sources.source import Notice

_NAMED = 10


def walk(folder: Path, notice: Notice) -> Iterator[Path | InputError]:
    """The files, sorted by folder and name; an InputError for each that may not or should not be read."""
    root = folder.resolve()
    faults: list[InputError] = []
    hidden: list[str] = []
    seen: set[tuple[int, int]] = set()

    def unreadable(error: OSError) -> None:
        faults.append(os_fault(shown(error.filename or folder), error))

    for where, folders, names in os.walk(folder, onerror=unreadable):
        yield from faults
        faults.clear()
        for name in sorted(folders):
            path = Path(where, name)
            if name.startswith("."):
                hidden.append(shown(path))
            elif path.is_symlink() and not _inside(path, root):
                yield _leads_out(path)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(where, name)
            if name.startswith("."):
                hidden.append(shown(path))
            else:
                yield from _file(path, root, seen)
    yield from faults
    if hidden:
        more = f" and {len(hidden) - _NAMED} more" if len(hidden) > _NAMED else ""
        notice(f"{shown(folder)}: skipped hidden files: {', '.join(hidden[:_NAMED])}{more}")


def _file(path: Path, root: Path, seen: set[tuple[int, int]]) -> Iterator[Path | InputError]:
    """A file, if it may be read; one that two links lead to is read once."""
    try:
        if path.is_symlink() and not _inside(path, root):
            yield _leads_out(path)
            return
        state = path.stat()
    except OSError as error:
        yield os_fault(shown(path), error)
        return
    if not path.is_file():
        yield InputError(shown(path), "is no plain file", "leave it out")
    elif (state.st_dev, state.st_ino) not in seen:
        if state.st_nlink > 1 or path.is_symlink():
            seen.add((state.st_dev, state.st_ino))
        yield path


def _inside(path: Path, root: Path) -> bool:
    """Does a link lead to something in the folder?"""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def _leads_out(path: Path) -> InputError:
    """The error for a link that leaves the folder."""
    return InputError(shown(path), "is a link that leaves the folder", "give the file itself, if it is meant")
