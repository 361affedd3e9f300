"""What many tests share: registers on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

import servers

_numbers = count(1)

# The same examples on every machine; `make soak` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.register_profile("soak", derandomize=False)
settings.load_profile("soak" if os.environ.get("SIJILL_SOAK") else "steady")
_missing = "tests that need PostgreSQL"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL server."""
    if os.environ.get(servers.WHY):
        pytest.skip(f"{_missing}: {os.environ[servers.WHY]}")
    try:
        with servers.server() as url:
            yield url
    except servers.NoServer as error:
        pytest.skip(f"{_missing}: {error}")


@pytest.fixture(scope="session")
def template(postgres: str) -> Iterator[str]:
    """The name of a database that holds an empty register, to be copied."""
    from sijill.keep import Keeper

    with database(postgres) as url:
        Keeper.open(url, create=True).close()
        yield url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str | Path]:
    """Where a new register can be made, on each kind of database."""
    if request.param == "sqlite":
        yield tmp_path / "register.db"
        return
    postgres = request.getfixturevalue("postgres")
    with database(postgres, request.getfixturevalue("template")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str | Path]:
    """Where nothing is yet, on each kind of database."""
    if request.param == "sqlite":
        yield tmp_path / "register.db"
        return
    with database(request.getfixturevalue("postgres")) as url:
        yield url


class database:
    """A database of its own, dropped at the end."""

    def __init__(self, server: str, template: str = "template1") -> None:
        self.server, self.template = server, template
        self.name = f"sijill_{os.getpid()}_{next(_numbers)}"

    def __enter__(self) -> str:
        self._do(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        return f"{self.server.rpartition('/')[0]}/{self.name}"

    def __exit__(self, *_: object) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _do(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def pytest_terminal_summary(terminalreporter: object) -> None:
    """Says loudly where nothing could be tested on PostgreSQL."""
    skipped = terminalreporter.stats.get("skipped", [])  # type: ignore[attr-defined]
    about = [report for report in skipped if _missing in str(report.longrepr)]
    if about:
        write = terminalreporter.write_line  # type: ignore[attr-defined]
        terminalreporter.section("NOT TESTED ON POSTGRESQL", red=True, bold=True)  # type: ignore[attr-defined]
        write(f"{len(about)} {str(about[0].longrepr[-1]).removeprefix('Skipped: ')}", red=True)
