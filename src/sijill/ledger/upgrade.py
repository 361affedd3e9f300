"""Which form a register has, and carrying an older one forward."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, Engine, inspect, text

from sijill.errors import RegisterError, UsageError
from sijill.ledger import engine

if TYPE_CHECKING:
    from alembic.config import Config

FORMS = ("0001", "0002", "0003")
"""Every form, oldest first; a file in migrations/versions makes each."""

NEWEST = FORMS[-1]


class Steps(msgspec.Struct, frozen=True):
    """From which form to which, and what each step does."""

    before: str | None
    after: str
    steps: list[str]


def form(connection: Connection) -> str | None:
    """The form of the register; None where there is no register yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None


def check(connection: Connection, where: str) -> None:
    """UsageError where this is no register of the newest form, with what to do."""
    found = form(connection)
    if found is None:
        raise UsageError(f"{where} holds no register; `sijill init {where}` makes one")
    if found not in FORMS:
        raise RegisterError(
            f"{where} has the form {found}, which is newer than this version of Sijill knows "
            f"({NEWEST}); install the newer Sijill that wrote it"
        )
    if found != NEWEST:
        raise UsageError(
            f"{where} has the older form {found}; `sijill upgrade` carries it forward to {NEWEST} "
            "(make a copy of it first; `sijill upgrade --dry-run` shows the steps)"
        )


def steps(base: Engine, where: str, *, dry_run: bool = False, target: str = NEWEST) -> Steps:
    """Makes a register, or carries it forward, in one transaction; with `dry_run` tells what it would do."""
    with engine.writing(base) as connection:
        before = form(connection)
        if before is not None and before not in FORMS:
            check(connection, where)
        todo = FORMS[FORMS.index(before) + 1 if before else 0 : FORMS.index(target) + 1]
        told = [_about(number) for number in todo]
        if todo and not dry_run:
            if before is None and inspect(connection).has_table("log"):
                raise UsageError(f"{where} holds tables of something else; choose another place")
            _run(connection, target)
    return Steps(before, target, told)


def _run(connection: Connection, target: str) -> None:
    """Lets Alembic take the steps."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _config() -> Config:
    """Where Alembic finds the steps."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _about(number: str) -> str:
    """The first line of a step's description."""
    from alembic.script import ScriptDirectory

    step = ScriptDirectory.from_config(_config()).get_revision(number)
    assert step is not None
    return f"{number}: {(step.doc or '').splitlines()[0]}"
