"""A flipped byte anywhere is found; erased words are gone and the chain still holds; what was backed
up comes back; what is worked out can be worked out anew."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, text

from registers import filled, incident, opened, pair, report
from sijill.errors import RegisterError, UsageError
from sijill.keep import Keeper
from sijill.ledger import chain, doors, engine
from sijill.ledger.schema import DERIVED
from sijill.ledger.schema import incident as incidents
from sijill.records import Place as Spot

Place = str | Path


def spoil(register: Keeper, statement: str, **values: object) -> None:
    """Does what nobody should."""
    with engine.writing(register.engine) as connection:
        assert connection.execute(text(statement), values).rowcount


def rich(place: Place) -> Keeper:
    """A register with something in every table."""
    register = filled(place)
    one, other, third, *_ = (held.id for held in register.mentions())
    register.judge([pair(one, other), pair(one, third, "different", by="layla")])
    register.decide(one, "/casualties/0/low", 3, why="by telephone")
    register.replace_incidents([incident(1, [one, other]), incident(2, [third])], {})
    register.retract(register.report(next(register.mentions()).report).id, "a hoax")  # type: ignore[union-attr]
    register.record("map", "sheet", {"text": "A"}, why="first sheet")
    return register


SPOILS = {
    "a document's bytes": (
        "UPDATE document SET data = :data WHERE entry = 2",
        {"data": chain.pack(b"another")},
        "document of entry 2: was changed",
    ),
    "a damaged document": (
        "UPDATE document SET data = :data WHERE entry = 2", {"data": b"x"}, "document of entry 2",
    ),
    "a document erased": ("UPDATE document SET data = NULL WHERE entry = 2", {}, "document of entry 2"),
    "a text": ("UPDATE report SET text = text || '.' WHERE entry = 3", {}, "report of entry 3"),
    "a day": ("UPDATE report SET published = '2024-04-18' WHERE entry = 3", {}, "report of entry 3"),
    "a record": (
        "UPDATE reading SET body = :data WHERE entry = 3",
        {"data": chain.pack(b"{}")},
        "reading of entry 3",
    ),
    "a receipt": ("UPDATE receipt SET origin = 'elsewhere' WHERE entry = 1", {}, "receipt of entry 1"),
    "a judgement": ("UPDATE judgement SET verdict = 'same'", {}, "judgement of entry 6"),
    "a decision": ("UPDATE decision SET value = '7'", {}, "decision of entry 7"),
    "a note": ("UPDATE note SET body = '{}' WHERE kind = 'map'", {}, "note of entry 10"),
    "who": ("UPDATE log SET who = 'nobody' WHERE n = 4", {}, "log entry 4 (add): was changed"),
    "why": ("UPDATE log SET why = 'no hoax' WHERE n = 9", {}, "(retract): its reason was changed"),
    "no why": ("UPDATE log SET why = NULL, why_salt = NULL WHERE n = 9", {}, "reason was removed"),
    "the order": ("UPDATE log SET n = 99 WHERE n = 10", {}, "note of entry 10"),
    "a removed row": ("DELETE FROM receipt WHERE entry = 2", {}, "entry 2"),
    "a removed entry": ("DELETE FROM log WHERE n = 4", {}, "entry 4"),
    "the last entry removed": ("DELETE FROM log WHERE n = 10", {}, "note of entry 10: the log ends at 9"),
    "an incident": ("UPDATE incident SET body = :data", {"data": chain.pack(b"{}")}, "incident i-"),
    "a record's id": ("UPDATE mention SET report = 'r-0' WHERE kind = 'incidents'", {}, "mention m-"),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILS)
def test_what_was_tampered_with_is_found(place: Place, what: str) -> None:
    statement, values, expected = SPOILS[what]
    with rich(place) as register:
        assert register.verify().ok
        spoil(register, statement, **values)  # type: ignore[arg-type]
        result = register.verify()
        assert not result.ok and expected in result.breaks[0], result.breaks


def test_a_rewritten_end_is_found_by_a_head_that_was_kept(place: Place) -> None:
    with filled(place, 3) as register:
        kept = register.head()
        assert register.verify(kept).ok
        with engine.writing(register.engine) as connection:
            connection.execute(text("DELETE FROM log WHERE n = 3"))
            for table in ("document", "report", "receipt", "reading"):
                connection.execute(text(f"DELETE FROM {table} WHERE entry = 3"))
            if connection.dialect.name != "sqlite":
                connection.execute(text("DELETE FROM words WHERE rowid = 3"))
            connection.execute(text("DELETE FROM mention WHERE report NOT IN (SELECT id FROM report)"))
        assert register.verify().ok
        assert "its end was removed" in register.verify(kept).breaks[0]
        register.add([report(9)], reader="fake", jobs=1)
        assert "history was rewritten" in register.verify(kept).breaks[0]


SECRET = "فلان بن علان الزيدي"


def everything(register: Keeper) -> str:
    """All that the tables hold, packed values unpacked."""
    with register.reading() as connection:
        if connection.dialect.name == "sqlite":
            asked = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            asked = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = [row[0] for row in connection.execute(text(asked))]
        rows = [row for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(str([_readable(value) for value in row]) for row in rows)


def _readable(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        try:
            return chain.unpack(bytes(value)).decode()
        except Exception:
            return bytes(value).decode("utf-8", "replace")
    return value


def test_a_redacted_report_is_gone(place: Place, tmp_path: Path) -> None:
    with rich(place) as register:
        secret = report(9, "هجوم " + SECRET, title=SECRET)
        register.add([secret], reader="fake", jobs=1)
        held = list(register.mentions())[-1]
        register.replace_incidents([incident(9, [held.id])], {})
        backup = register.backup(tmp_path / "before.db")
        digest = register.report(held.report).document  # type: ignore[union-attr]
        result = register.redact(held.report, why="the source asked for it")
        assert (result.documents, result.reports, result.mentions) == (1, 1, [held.id])
        assert [backup.file in told for told in result.stale_backups] == [True]
        verified = register.verify()
        assert verified.ok and backup.file in verified.stale_backups[0]
        assert SECRET not in everything(register) and "الزيدي" not in everything(register)
        found = register.report(held.report)
        assert found is not None and found.text is None and found.document == digest
        assert register.log_of(held.report)[-1].why == "the source asked for it"
        assert held.id not in {other.id for other in register.mentions()}
        assert register.search("الزيدي").hits == []
        assert register.add([secret], reader="fake", jobs=1).known == 1
        with pytest.raises(UsageError, match="erased before"):
            register.redact(held.report, why="again")
        _no_trace(register, place)


def test_a_redacted_name_is_gone_everywhere(place: Place) -> None:
    written = SECRET.replace("فلان", "فُلان")
    with rich(place) as register:
        kept = report(8, "هجوم آخر في السخنة")
        register.add(
            [report(9, f"هجوم قتل فيه {written} أمس", title=f"مقتل {SECRET}"), kept], reader="fake", jobs=1
        )
        *_, held, other = register.mentions()
        said = pair(held.id, other.id, by="layla")
        register.judge([msgspec.structs.replace(said, why=f"both name {SECRET}")])
        register.decide(held.id, "/claimed_by", SECRET, why=f"says {SECRET}")
        register.retract(other.report, f"{SECRET} denies it")
        register.record("map", SECRET, {"x": [SECRET]})
        told = incident(9, [held.id], claimed_by=SECRET, place=Spot(name=SECRET))
        register.replace_incidents([told], {})
        assert register.search(f'"{SECRET}"').hits
        result = register.redact(names=[SECRET], why=f"{SECRET} is a minor")
        assert result.reports == 1 and register.verify().ok
        assert "الزيدي" not in everything(register)
        found = register.report(held.report)
        assert found is not None and found.text is not None and found.text.startswith("هجوم قتل فيه █")
        assert len(found.text) == len(f"هجوم قتل فيه {written} أمس 9")
        assert register.search("الزيدي").hits == [] and register.search("أمس").hits
        assert register.report(other.report).text == "هجوم آخر في السخنة 8"  # type: ignore[union-attr]
        assert register.data(register.report(other.report).document)  # type: ignore[union-attr]
        _no_trace(register, place)
        with pytest.raises(UsageError, match="nowhere"):
            register.redact(names=[SECRET], why="again")
        with pytest.raises(UsageError, match="too short"):
            register.redact(names=["لا"], why="x")


def _no_trace(register: Keeper, place: Place) -> None:
    """Not a letter of it is left in the files of an SQLite register, its index included."""
    if isinstance(place, Path):
        data = b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))
        for word in ("الزيدي", "الزيد", "علان"):
            assert word.encode() not in data


def dump(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """All that is worked out."""
    found = {}
    for table in (*DERIVED, incidents):
        rows = connection.execute(table.select().order_by(*table.primary_key.columns))
        found[table.name] = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]
    words = (
        "SELECT * FROM words ORDER BY rowid" if connection.dialect.name != "sqlite"
        else "SELECT hex(block) FROM words_data WHERE id > 10 ORDER BY id"
    )  # fmt: skip
    if connection.dialect.name != "sqlite":
        found["words"] = [tuple(row) for row in connection.execute(text(words))]
    return found


def test_a_rebuild_gives_the_same(place: Place) -> None:
    with rich(place) as register:
        before_hits = register.search("السخنة")
        made = list(register.incidents())
        raw = [msgspec.structs.replace(one) for one in made]
        with register.reading() as connection:
            before = dump(connection)
        with engine.writing(register.engine) as connection:
            for table in DERIVED:
                connection.execute(table.delete())
            connection.execute(text("UPDATE report SET fold_digest = NULL"))
        register.rebuild(lambda _: raw)
        with register.reading() as connection:
            assert dump(connection) == before
        assert register.search("السخنة") == before_hits
        assert register.verify().ok


def test_a_new_reading_stands_beside_the_old(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    import fake_reader

    with filled(place, 3) as register:
        register.add([report(9, "كمين")], reader="fake", jobs=1)
        before = {held.report: held.id for held in register.mentions()}
        assert register.recode(reader="fake", jobs=1).changed == 0
        old = fake_reader.FakeReader.read

        def read(self: object, told: object) -> object:
            coded = old(self, told)  # type: ignore[arg-type]
            made = [
                msgspec.structs.replace(one, action="clash", no_casualties=True) for one in coded.incidents
            ]
            if "3" in told.text:  # type: ignore[attr-defined]
                made = []
            return msgspec.structs.replace(coded, incidents=made)

        monkeypatch.setattr(fake_reader.FakeReader, "read", read)
        dry = register.recode(reader="fake", jobs=1, dry_run=True)
        result = register.recode(reader="fake", jobs=1, why="better words")
        for found in (dry, result):
            assert (found.reports, found.changed, found.same, found.kept, found.gone) == (4, 3, 1, 2, 1)
            assert found.fields == {"action": 2, "no_casualties": 2}
        after = {held.report: held.id for held in register.mentions()}
        assert after == {own: held for own, held in before.items() if own in after} and len(after) == 2
        readings = register.report(next(iter(after))).readings  # type: ignore[union-attr]
        assert [one.current for one in readings] == [False, True]
        assert register.verify().ok
        monkeypatch.undo()
        from sijill.reading.reader import READERS

        monkeypatch.setitem(READERS, "fake", "fake_reader:load")
        register.recode(reader="fake", jobs=1)
        assert {held.report: held.id for held in register.mentions()} == before
        assert register.verify().ok


def test_a_backup_comes_back(place: Place, empty: Place, tmp_path: Path) -> None:
    with rich(place) as register:
        made = register.backup(tmp_path / "copy.db")
        assert made.head[0] == 10 and register.head()[0] == 11
        with pytest.raises(UsageError, match="exists"):
            register.backup(tmp_path / "copy.db")
        expected = (list(register.mentions()), list(register.incidents()), register.search("السخنة"))
    target = tmp_path / "back.db" if isinstance(empty, Path) else empty
    assert doors.restore(tmp_path / "copy.db", target, who="layla").ok
    with opened(target, create=False) as register:
        assert (list(register.mentions()), list(register.incidents()), register.search("السخنة")) == expected
        assert register.verify(made.head).ok
        assert register.add([report(n) for n in range(1, 6)], reader="fake", jobs=1).known == 5
    with pytest.raises(UsageError, match="empty place"):
        doors.restore(tmp_path / "copy.db", target)


def test_a_damaged_backup_is_refused(tmp_path: Path) -> None:
    with rich(tmp_path / "r.db") as register:
        register.backup(tmp_path / "copy.db")
    with opened(tmp_path / "copy.db", create=False) as copy:
        spoil(copy, "UPDATE report SET text = 'x' WHERE entry = 3")
    with pytest.raises(RegisterError, match="is damaged"):
        doors.restore(tmp_path / "copy.db", tmp_path / "back.db")
    assert not (tmp_path / "back.db").exists()
    assert not doors.restore(tmp_path / "copy.db", tmp_path / "back.db", anyway=True).ok


def test_the_doctor(place: Place, tmp_path: Path) -> None:
    with rich(place) as register:
        if isinstance(place, Path):
            place.chmod(0o600)
        wrong = {found.what for found in register.doctor() if not found.ok}
        assert wrong <= {"no backup was made"} | {what for what in wrong if "GB free" in what}
        register.backup(tmp_path / "copy.db")
        spoil(register, "UPDATE reading SET current = :no WHERE entry = 2", no=False)
        wrong = {found.what for found in doors.examine(place) if not found.ok}
        assert "4 of 5 reports have a current reading" in wrong


def test_retracted_and_back(place: Place) -> None:
    with filled(place, 2) as register:
        held = next(register.mentions())
        register.retract(held.report, "a hoax")
        assert next(register.mentions()).retracted
        assert register.report(held.report).retracted == "a hoax"  # type: ignore[union-attr]
        register.retract(held.report, "no hoax after all", undo=True)
        assert not next(register.mentions()).retracted
        with pytest.raises(UsageError, match="no report of that id"):
            register.retract("r-0", "x")
