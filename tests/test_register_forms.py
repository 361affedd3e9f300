"""The tables as the steps make them are the tables as the code knows them; older forms are carried
forward with what they hold, newer ones refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

import sijill
from registers import filled, opened, report
from sijill.errors import RegisterError, UsageError
from sijill.ledger import engine, upgrade
from sijill.ledger.schema import metadata

Place = str | Path


def older(place: Place) -> None:
    """A register of the first form with reports: today's, with what later forms added taken away."""
    register = filled(place, 3)
    copies = [report(1, source=outlet) for outlet in ("one", "two")]
    register.add(copies, reader="fake", jobs=1)
    with engine.writing(register.engine) as connection:
        connection.execute(text("DROP INDEX ix_report_fold_digest"))
        connection.execute(text("DROP TABLE band"))
        connection.execute(text("DROP TABLE signature"))
        connection.execute(text("ALTER TABLE report DROP COLUMN fold_digest"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    register.close()


def test_the_steps_make_the_tables_that_the_code_knows(empty: Place) -> None:
    with opened(empty) as register, register.reading() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    assert [row for row in found if "words" not in str(row) and "alembic" not in str(row)] == []


def test_the_first_form_can_still_be_made(empty: Place) -> None:
    base = engine.connect(engine.address(empty), write=True)
    assert upgrade.steps(base, "r.db", target="0001").after == "0001"
    with engine.reading(base) as connection:
        assert upgrade.form(connection) == "0001"
    assert upgrade.steps(base, "r.db").before == "0001"
    base.dispose()


def test_an_older_register_is_carried_forward(place: Place) -> None:
    older(place)
    with pytest.raises(UsageError, match=r"older form 0001; `sijill upgrade`"):
        sijill.open(place)
    base = engine.connect(engine.address(place), write=True)
    shown = upgrade.steps(base, "r.db", dry_run=True)
    assert shown.before == "0001" and shown.steps[0].startswith("0002: Copies of one agency text")
    with pytest.raises(UsageError):
        sijill.open(place)
    upgrade.steps(base, "r.db")
    base.dispose()
    with opened(place, create=False) as register:
        assert register.verify().ok and len(list(register.mentions())) == 5
        assert register.add([report(1, source="three")], reader="fake", jobs=1).copies == 1


def test_a_newer_register_is_refused(place: Place) -> None:
    register = filled(place, 1)
    with engine.writing(register.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(RegisterError, match="newer than this version"):
        sijill.open(place)
    with pytest.raises(RegisterError, match="newer than this version"):
        upgrade.steps(register.engine, "r.db")
    register.close()
