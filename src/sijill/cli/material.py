"""Where exports and briefs take their records from: options, and what they open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from sijill.cli import options as shared
from sijill.cli.progress import Progress
from sijill.errors import InputError, UsageError
from sijill.filters import DAY, last_day
from sijill.ledger.register import Register
from sijill.publish.material import FileMaterial, Material
from sijill.publishing import RegisterMaterial

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path)
_OPTIONS = (
    shared.db,
    click.option(
        "--incidents",
        type=_FILE,
        metavar="FILE",
        help="Incidents, one a line (JSON lines), in place of a register.",
    ),
    click.option("--mentions", type=_FILE, metavar="FILE", help="Mentions, one a line."),
    click.option("--tallies", type=_FILE, metavar="FILE", help="Published figures, one a line."),
    click.option("--control", type=_FILE, metavar="FILE", help="Who holds what, one a line."),
)


@dataclass(slots=True)
class Source:
    """Opened material, and how many of its lines could not be read."""

    material: Material
    left_out: int = 0


def options(command: F) -> F:
    """The options that name the material."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def opened(
    progress: Progress,
    *,
    db: str,
    incidents: Path | None,
    mentions: Path | None,
    tallies: Path | None,
    control: Path | None,
) -> Iterator[Source]:
    """The material that the options name: files, else the register."""
    if incidents is None:
        if mentions or tallies or control:
            raise UsageError("--mentions, --tallies and --control go with --incidents FILE; add it")
        with Register.open(db) as register:
            yield Source(RegisterMaterial(register))
        return

    def fault(error: InputError) -> None:
        source.left_out += 1
        progress.say(error)

    files = FileMaterial(incidents, mentions=mentions, tallies=tallies, controls=control, on_error=fault)
    source = Source(files)
    yield source


def earlier(since: str, material: Material) -> tuple[Material, str | None]:
    """An earlier state: of the same material on a day, or an earlier export."""
    if DAY.fullmatch(since):
        return material, last_day(since)
    path = Path(since)
    if not path.is_file():
        raise UsageError(
            f"--changes-since: {since!r} is neither a day nor a file; write 2024-03-31 or name one"
        )
    return FileMaterial(path), None
