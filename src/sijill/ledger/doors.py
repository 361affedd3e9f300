"""What is done to a register that is not, or cannot be, open: restoring, examining, carrying forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sijill.errors import RegisterError, UsageError
from sijill.ledger import backup, doctor, engine, upgrade
from sijill.ledger.doctor import Finding
from sijill.ledger.ink import change
from sijill.ledger.register import check_file, clock, user
from sijill.ledger.upgrade import Steps
from sijill.ledger.verify import VerifyResult


def restore(
    path: str | Path,
    place: str | Path,
    *,
    who: str | None = None,
    now: Callable[[], str] = clock,
    anyway: bool = False,
) -> VerifyResult:
    """Puts a backup into an empty place and tells its log; what was found when it was verified.

    RegisterError where the backup is broken, unless `anyway`; UsageError where the place holds something.
    """
    url = engine.address(place)
    where = engine.shown(url)
    if url.drivername == "sqlite":
        check_file(Path(where), create=True)
    new = url.drivername == "sqlite" and not Path(where).exists()
    base = engine.connect(url, write=True)
    try:
        found = backup.restore(Path(path), base, where, anyway=anyway)
        with change(base, who or user(), now) as ink:
            ink.entry("restore", [], why=f"from the backup {Path(path).name}")
    except (RegisterError, UsageError):
        base.dispose()
        if new:
            for end in ("", "-wal", "-shm"):
                Path(f"{where}{end}").unlink(missing_ok=True)
        raise
    base.dispose()
    return found


def examine(place: str | Path) -> Iterator[Finding]:
    """Looks at everything that may be the matter with a register of any form."""
    url = engine.address(place)
    where = engine.shown(url)
    if url.drivername == "sqlite":
        check_file(Path(where), create=False)
    base = engine.connect(url, write=False)
    try:
        yield from doctor.examine(base, where)
    finally:
        base.dispose()


def carry_forward(place: str | Path, *, dry_run: bool = False) -> Steps:
    """Carries a register of an older form forward to the newest; with `dry_run` tells the steps."""
    url = engine.address(place)
    where = engine.shown(url)
    if url.drivername == "sqlite":
        check_file(Path(where), create=False)
    base = engine.connect(url, write=True)
    try:
        with engine.reading(base) as connection:
            if upgrade.form(connection) is None:
                upgrade.check(connection, where)
        return upgrade.steps(base, where, dry_run=dry_run)
    finally:
        base.dispose()
