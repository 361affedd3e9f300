"""What is stored comes out again, once; what is judged and decided holds; the chain sees every change."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import sijill
from registers import filled, incident, opened, pair, report
from sijill.errors import RegisterError, UsageError
from sijill.filters import Filter, parse
from sijill.incidents import HeldMention, Toll
from sijill.keep import Keeper
from sijill.records import Casualty, CodedReport, Mention, Report, Span, head
from sijill.records import Place as Place_
from sijill.sources.coded import CodedDocument
from sijill.sources.rows import MEDIA_TYPE

Place = str | Path


def test_what_is_added_comes_out(place: Place) -> None:
    with filled(place, 3) as register:
        mentions = list(register.mentions())
        assert [held.outlet for held in mentions] == ["agency"] * 3
        assert len({held.id for held in mentions}) == 3
        found = register.report(mentions[0].report)
        assert found is not None and found.text == "هجوم قرب السخنة 1" and found.own_id == "own-1"
        assert register.data(found.document) is not None
        assert [entry.what for entry in register.log()] == ["add"] * 3
        assert register.verify().ok


def test_the_same_again_adds_nothing(place: Place) -> None:
    with filled(place, 3) as register:
        head = register.head()
        result = register.add([report(n) for n in range(1, 4)], reader="fake", jobs=1)
        assert (result.added, result.known, register.head()) == (0, 3, head)


def test_the_same_from_elsewhere_is_a_receipt(place: Place, tmp_path: Path) -> None:
    page = tmp_path / "a.jsonl"
    page.write_text('{"text": "هجوم قرب السخنة", "url": "https://example.org/1"}\n', encoding="utf-8")
    (tmp_path / "b.jsonl").write_bytes(page.read_bytes())
    with opened(place) as register:
        assert register.add([page], reader="fake", jobs=1).added == 1
        result = register.add([tmp_path / "b.jsonl"], reader="fake", jobs=1)
        assert (result.added, result.seen_elsewhere) == (0, 1)
        [held] = register.mentions()
        found = register.report(held.report)
        assert found is not None and [receipt.origin for receipt in found.receipts] == [
            f"{tmp_path}/a.jsonl:1", f"{tmp_path}/b.jsonl:1",
        ]  # fmt: skip
        assert register.verify().ok


def test_copies_of_one_text_share_a_leader(place: Place) -> None:
    with opened(place) as register:
        copies = [report(1, source=outlet) for outlet in ("one", "two", "three")]
        later = report(1, source="four", published="2024-06-19")
        result = register.add([*copies, later], reader="fake", jobs=1)
        assert (result.added, result.copies) == (4, 2)
        first, *others, last = register.mentions()
        assert first.copy_of == first.report == others[0].copy_of == others[1].copy_of
        assert last.copy_of is None


AGENCY = (
    "قُتل ثلاثة عناصر من قوات سوريا الديمقراطية وأصيب اثنان آخران، مساء الأحد، إثر هجوم شنه مسلحون على حاجز "
    "عسكري عند مدخل بلدة الشحيل شرقي دير الزور، وقال مصدر محلي إن المهاجمين لاذوا بالفرار باتجاه البادية"
)


def test_nearly_the_same_text_is_a_copy(place: Place) -> None:
    told = {"source": "one", "published": "2024-04-19"}
    near = AGENCY.replace("وقال مصدر محلي", "فيما قال مصدر محلي")
    other = AGENCY.replace("الشحيل", "ذيبان").replace("ثلاثة", "خمسة")
    with opened(place) as register:
        for text in (AGENCY, near, other):
            register.add([{"text": text, **told}], reader="fake", jobs=1)
        first, second, third = register.mentions()
        assert second.copy_of == first.copy_of == first.report and third.copy_of is None
        many = [{"text": near + " أيضا", **told, "source": "two"}, {"text": other, **told, "source": "two"}]
        assert register.add(many, reader="fake", jobs=1).copies == 2
        register.redact(first.report, why="asked for")
        counts = register.counts()
        assert counts["signature"] == 4


def test_a_batch_that_fails_leaves_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled(place, 2) as register:
        before = register.counts()
        monkeypatch.setattr("sijill.ledger.words.add", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            register.add([report(9)], reader="fake", jobs=1)
        assert register.counts() == before


def test_items_that_cannot_be_held_are_named(place: Place) -> None:
    with opened(place) as register:
        items = [report(1), report(2, "CRASH"), report(3, "a\0b"), report(4, "\ud800"), 7]
        result = register.add(items, reader="fake", jobs=1)  # type: ignore[list-item]
        assert result.added == 1 and len(result.left_out) == 4 and result.exit_code == 1


def test_a_dry_run_stores_nothing(place: Place) -> None:
    with opened(place) as register:
        result = register.add([report(1)], reader="fake", jobs=1, dry_run=True)
        assert (result.added, result.incidents, register.head()[0]) == (1, 1, 0)


def test_judgements(place: Place) -> None:
    with filled(place) as register:
        one, other, third, *_ = (held.id for held in register.mentions())
        machine, person = pair(one, other), pair(one, other, "different", by="layla")
        register.judge([machine, person, pair(one, third)])
        assert len(list(register.judgements())) == 3
        register.judge([pair(one, other, "unsure", by="machine:rules-2")])
        held = {(found.by, found.verdict) for found in register.judgements() if found.right == machine.right}
        assert held >= {("machine:rules-2", "unsure"), ("layla", "different")}
        register.undo(person, why="a slip")
        assert "layla" not in {found.by for found in register.judgements()}
        assert len(list(register.judgements(history=True))) == 5
        assert register.verify().ok


def test_decisions_lie_over_what_the_machine_made(place: Place) -> None:
    with filled(place) as register:
        held = next(register.mentions())
        register.decide(held.id, "/casualties/0/low", 4, why="two more by telephone")
        register.decide(held.id, "/sensitivity", "restricted")
        found = next(register.mentions())
        assert (found.mention.casualties[0].low, found.sensitivity, found.reviewed) == (4, "restricted", True)
        assert register.report(held.report).readings[0].coded.incidents[0] == held.mention  # type: ignore[union-attr]
        register.decide(held.id, "/casualties/0/low", None, undo=True)
        assert next(register.mentions()).mention == held.mention
        with pytest.raises(UsageError, match="slash"):
            register.decide(held.id, "place", None)


def test_incidents_now_and_then(place: Place) -> None:
    with filled(place) as register:
        ids = [held.id for held in register.mentions()]
        first, second = incident(1, ids[:2], actors=["IS"]), incident(2, ids[2:], start="2024-04-20")
        assert register.replace_incidents([first, second], {}) == 2
        then = register.head()[0]
        assert list(register.incidents()) == [first, second]
        assert register.replace_incidents([first], {}) == 0
        assert list(register.incidents(parse("actor=IS"))) == [first]
        assert list(register.incidents(Filter(since="2024-04-20", until="2024-04-21"))) == []
        joined = incident(1, ids, formerly=[second.id])
        register.replace_incidents([joined], {second.id: first.id})
        assert list(register.incidents()) == [joined]
        assert list(register.incidents(as_of=then)) == [first, second]
        assert register.incident(second.id) == joined
        assert register.incident_of(ids[:1]) == {ids[0]: joined.id}
        register.decide(joined.id, "/actors", ["SDF"])
        assert [found.actors for found in register.incidents(parse("actor=SDF"))] == [["SDF"]]
        assert register.verify().ok


def test_since_an_entry(place: Place) -> None:
    with filled(place, 3) as register:
        head = register.head()[0]
        register.add([report(7)], reader="fake", jobs=1)
        fresh: list[HeldMention] = list(register.mentions(since_entry=head))
        assert len(fresh) == 1
        assert list(register.mentions(ids=[fresh[0].id])) == fresh


def test_notes_and_state(place: Place) -> None:
    with opened(place) as register:
        register.record("map", "sheet", {"text": "A"})
        register.record("map", "sheet", {"text": "B"}, why="another sheet")
        assert register.recorded("map") == {"sheet": {"text": "B"}}
        register.set_state("feed", "one", {"etag": "x"})
        register.set_state("feed", "one", {"etag": "y"})
        assert register.state("feed", "one") == {"etag": "y"} and register.state("feed", "two") is None


def test_reading_only_by_default(place: Place) -> None:
    filled(place).close()
    with sijill.open(place) as register:
        assert isinstance(register, Keeper)
        with pytest.raises(UsageError, match="reading only"):
            register.add([report(9)], reader="fake", jobs=1)


def test_a_very_long_report(place: Place) -> None:
    words = " ".join(f"كلمة{number}" for number in range(300_000))
    with opened(place) as register:
        assert register.add([{"text": f"هجوم {words}"}], reader="fake", jobs=1).added == 1
        assert len(register.search("كلمة17").hits) == 1 and register.verify().ok


def test_search_by_what_is_told(place: Place) -> None:
    days = ("2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01")
    with opened(place) as register:
        for number, day in enumerate(days):
            register.add([report(number, published=day)], reader="fake", jobs=1)

        def found(asked: str, **wanted: object) -> list[str | None]:
            return [hit.published for hit in register.search(asked, Filter(**wanted)).hits]  # type: ignore[arg-type]

        assert found("السخنه") == sorted(days, reverse=True)
        assert found("", since="2024-01-01", until="2024-02-29") == ["2024-02-29", "2024-01-01"]
        assert found("بالسخنة") == [] and found("قرب", until="2023-12-31") == ["2023-12-31"]
        assert found('"قرب السخنة"', since="2024-03-01") == ["2024-03-01"]
        assert found('"السخنة قرب"') == [] and found("", place=("SY04",), actor=("SDF",)) == []
        assert len(found("", place=("SY04", "SY09"), actor=("IS",), action=("armed_assault",))) == 4


def test_what_is_no_register_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="sijill init"):
        sijill.open(tmp_path / "absent.db")
    (tmp_path / "x.db").write_bytes(b"no database" * 999)
    with pytest.raises(RegisterError, match="no register, or is damaged"):
        sijill.open(tmp_path / "x.db")
    with pytest.raises(UsageError, match="no address"):
        sijill.open("mysql://x/y")


def row(number: int, killed: int, words: str = "كمين") -> CodedDocument:
    """A row of somebody's table, coded already."""
    told = Report(id=f"sheet:{number}", text=f"نوع: {words}\nقتلى: {killed}", source="sheet")
    mention = Mention(
        id="i1", action="ambush", evidence={"": [Span("text", 0, len(told.text))]},
        casualties=[Casualty(outcome="killed", group="SY-GOV", low=killed, high=killed)],
    )  # fmt: skip
    return CodedDocument(
        data=told.text.encode(), media_type=MEDIA_TYPE, origin=f"sheet.csv:{number}", source="sheet",
        reports=[told], coded=[CodedReport(report=head(told), incidents=[mention])],
    )  # fmt: skip


def tolls(register: Keeper) -> list[tuple[str, int | None]]:
    return [(held.id, held.mention.casualties[0].low) for held in register.mentions()]


def test_rows_are_renewed_by_their_id(place: Place) -> None:
    with opened(place) as register:
        assert register.add([row(1, 3), row(2, 4)], jobs=1).added == 2
        first = tolls(register)
        assert register.add([row(1, 3), row(2, 4)], jobs=1).known == 2
        result = register.add([row(1, 5), row(2, 4)], jobs=1)
        assert (result.added, result.renewed, result.known) == (1, 1, 1)
        assert sorted(tolls(register)) == sorted([(first[0][0], 5), first[1]])
        assert register.verify().ok and len(register.search("كمين").hits) == 2
        assert register.add([row(1, 3)], jobs=1).renewed == 1
        assert sorted(tolls(register)) == sorted(first) and register.verify().ok
        assert register.add([row(1, 5)], jobs=1).renewed == 1
        assert dict(tolls(register))[first[0][0]] == 5 and register.verify().ok
        register.rebuild()
        assert dict(tolls(register))[first[0][0]] == 5 and register.verify().ok
        assert len(register.search("كمين").hits) == 2
        changed = msgspec.structs.replace(row(2, 4), coded=[CodedReport(report=row(2, 4).coded[0].report)])
        assert register.add([changed], jobs=1).renewed == 1
        assert len(tolls(register)) == 1 and register.verify().ok


def test_incidents_as_a_table(place: Place) -> None:
    polars = pytest.importorskip("polars")
    with filled(place, 2) as register:
        one, other = (held.id for held in register.mentions())
        toll = Toll(outcome="killed", group="SY-GOV", low=2, best=3, high=5)
        told = incident(1, [one], tolls=[toll], place=Place_(name="السخنة", admin1="SY04"))
        register.replace_incidents([told, incident(2, [other])], {})
        table = register.incidents().to_polars()
        assert isinstance(table, polars.DataFrame) and len(table) == 2
        assert table["killed_best"].to_list() == [3, None]
        assert table["place_admin1"].to_list() == ["SY04", None]
