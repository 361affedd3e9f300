"""The desk's pages and what can be done on them, without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import sijill
from desk_parts import Visitor, register
from sijill.filters import Filter
from sijill.linking import link
from sijill.web.index import FACETS, count_facets
from sijill.web.openapi import twin
from sijill.web.routes import PAGES
from sijill.web.shelf import Shelf
from sijill.web.spans import cut
from sijill.web.texts import DESK, texts

WEB = Path(__file__).parent.parent / "src" / "sijill" / "web"
SIMPLE = [row for row in PAGES if "{" not in row.path]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return register(tmp_path_factory.mktemp("desk") / "register.db")


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A copy that a test may write."""
    target = tmp_path / "register.db"
    target.write_bytes(filled.read_bytes())
    return target


@pytest.fixture(scope="module")
def reader(filled: Path) -> Iterator[Visitor]:
    visitor = Visitor(filled)
    yield visitor
    visitor.close()


@pytest.fixture
def visitor(own: Path) -> Iterator[Visitor]:
    made = Visitor(own)
    yield made
    made.close()


@pytest.mark.parametrize("row", SIMPLE, ids=[row.name for row in SIMPLE])
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_page_and_twin(reader: Visitor, row: object, lang: str) -> None:
    reader.client.cookies.set("lang", lang)
    html = reader.get(row.path)  # type: ignore[attr-defined]
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in html
    assert texts()[f"nav.{row.name}"].of(lang) in html  # type: ignore[attr-defined]
    told = reader.json(twin(row.path))  # type: ignore[attr-defined]
    reader.client.cookies.delete("lang")
    assert isinstance(told, dict) and not any(key.endswith("_svg") for key in told)


def test_empty_register_has_every_page(tmp_path: Path) -> None:
    visitor = Visitor(register(tmp_path / "empty.db", []))
    for row in SIMPLE:
        visitor.get(row.path)
        visitor.json(twin(row.path))
    visitor.close()


def test_every_text_is_there_in_both_languages() -> None:
    known = texts()
    wanted = set()
    for path in [*WEB.glob("templates/*.html"), *WEB.glob("*.py")]:
        wanted |= set(re.findall(r"""\b(?:t|text|both)\(['"]([a-z_]+\.[A-Za-z_]+)['"]""", path.read_text()))
    assert len(wanted) > 150
    assert wanted <= set(known), f"no text for {sorted(wanted - set(known))}"
    for key, label in known.items():
        if key != "desk.other_language":
            assert re.search("[\u060c-\u064a]", label.ar), f"{key} is not in Arabic: {label.ar}"
            assert not re.search("[\u0620-\u064a]", label.en), f"{key} is not in English: {label.en}"
        assert re.findall(r"{\w+}", label.ar) == re.findall(r"{\w+}", label.en), key


def test_the_language_changes_by_its_switch_alone(visitor: Visitor) -> None:
    client = visitor.client
    assert 'lang="ar"' in client.get("/", headers={"accept-language": "en"}).text
    visitor.post("/look", lang="en", back="/log")
    for path in ("/", "/incidents", "/nope"):
        assert '<html lang="en"' in client.get(path, headers={"accept-language": "ar"}).text
    visitor.post("/look", lang="ar")
    assert '<html lang="ar"' in client.get("/").text
    assert visitor.post("/look", theme="dark", back="//evil.example/x").headers["location"] == "/"


def test_the_shelf_counts_as_the_filter_does(reader: Visitor) -> None:
    shelf = reader.desk.shelf
    every = list(reader.desk.register.incidents())
    for asked in (
        Filter(), Filter(since="2024-03-01"), Filter(place=("SY04", "SY07")),
        Filter(actor=("IS",), reviewed=False),
        Filter(until="2024-02-28", outcome=("wounded",)), Filter(source=("SOHR",)),
        Filter(action=("nothing",)),
    ):  # fmt: skip
        fitting = [one for one in every if asked.fits(one)]
        chosen = shelf.choose(asked, 2)
        assert {one.id for one in chosen.all()} == {one.id for one in fitting}
        counted = count_facets(fitting)
        assert {name: dict(often) for name, often in chosen.facets().items()} == {
            name: dict(counted[name]) for name in FACETS
        }


@pytest.mark.parametrize("many", [1, 1_000])
def test_the_shelf_follows_whatever_is_written(
    visitor: Visitor, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sijill.web.shelf.MANY", many)
    shelf = visitor.desk.shelf

    def same() -> None:
        shelf.refresh()
        anew = Shelf(visitor.desk.register)
        for asked in (Filter(), Filter(reviewed=True), Filter(place=("SY04",)), Filter(since="2024-03-01")):
            one, other = shelf.choose(asked, 2), anew.choose(asked, 2)
            assert one.page(0, 99) == other.page(0, 99) and one.facets() == other.facets()
            assert (one.count, one.killed(), one.load()) == (other.count, other.killed(), other.load())
            assert one.queue(9, set()) == other.queue(9, set())

    ied, strike = visitor.incident(action="ied"), visitor.incident(action="air_strike")
    visitor.post(
        "/decide", subject=ied["id"], pointer="/place", value="sy-shula", seen=visitor.seen(ied["id"])
    )
    same()
    head = visitor.desk.register.head()[0]
    answer = visitor.post("/judge", verdict="same", subject=[ied["id"], strike["id"]], seen=head)
    same()
    words = visitor.json(f"{answer.headers['location']}.json")["words"]
    visitor.post("/undo", entry=words[0][0], incident=answer.headers["location"].rsplit("/", 1)[1])
    same()
    with sijill.open(visitor.desk.place, write=True, who="elsewhere") as held:
        held.add([{"text": "قُتل جنديان في كمين قرب السخنة أمس.", "published": "2024-05-05"}], jobs=1)
        link(held)
    same()
    assert visitor.json("/incidents.json?action=ambush")["count"] == 2


def test_incident_tells_what_it_rests_on(reader: Visitor) -> None:
    one = reader.incident(action="ambush")
    page = reader.json(f"/incidents/{one['id']}.json")
    assert [told["held"]["outlet"] for told in page["mentions"]] == ["مرصد الفرات", "شبكة البادية"]
    killed = next(toll for toll in page["incident"]["tolls"] if toll["outcome"] == "killed")
    assert (killed["low"], killed["best"]) == (13, 17)
    marked = [piece["text"] for told in page["mentions"] for piece in told["pieces"] if piece.get("marks")]
    assert any("13" in words for words in marked) and any("17" in words for words in marked)
    html = reader.get(f"/incidents/{one['id']}")
    assert "<svg" in html and "13 عنصراً" in html and killed["why_ar"] in html


def test_report_is_told_verbatim(reader: Visitor) -> None:
    one = reader.incident(action="air_strike")
    report = reader.json(f"/incidents/{one['id']}.json")["mentions"][0]["held"]["report"]
    page = reader.json(f"/reports/{report}.json")
    assert "".join(piece["text"] for piece in page["pieces"]) == page["report"]["text"]
    assert page["records"][0]["record"]["action"] == "air_strike"
    assert page["report"]["document"] in reader.get(f"/reports/{report}")


def test_words_find_incidents(reader: Visitor) -> None:
    found = reader.json("/incidents.json?q=السخنه")
    assert found["count"] == 1 and found["incidents"][0]["action"] == "ied"
    assert reader.json("/incidents.json?q=لاشيء")["count"] == 0


def test_pages_and_filters_that_cannot_be_read(reader: Visitor) -> None:
    for query in ("since=x", "page=x", "rows=-1", "where=nothing", "reviewed=maybe", "where=%22"):
        assert "error" in reader.json(f"/incidents.json?{query}", 400), query
    assert reader.json("/incidents.json?page=999")["incidents"] == []
    assert len(reader.json("/incidents.json?rows=2")["incidents"]) == 2


def test_correct_and_take_back(visitor: Visitor) -> None:
    one = visitor.incident(action="ied")
    path = f"/incidents/{one['id']}.json"
    fields = {"subject": one["id"], "why": "بالهاتف"}
    visitor.post("/decide", pointer="/action", value="clash", seen=visitor.seen(one["id"]), **fields)
    visitor.post("/decide", pointer="/date", value="2024-03-01", seen=visitor.seen(one["id"]), **fields)
    visitor.post("/decide", pointer="/place", value="sy-shula", seen=visitor.seen(one["id"]), **fields)
    visitor.post("/decide", pointer="/actors", value="is, sdf", seen=visitor.seen(one["id"]), **fields)
    page = visitor.json(path)
    now = page["incident"]
    assert (now["action"], now["start"], now["place"]["id"], now["actors"]) == (
        "clash", "2024-03-01", "sy-shula", ["IS", "SDF"])  # fmt: skip
    assert page["made"]["action"] == "ied" and now["reviewed"]
    assert page["decisions"][0]["by"] == "layla" and page["decisions"][0]["why"] == "بالهاتف"
    html = visitor.get(f"/incidents/{one['id']}")
    assert "بالهاتف" in html and texts()["incident.machine"].ar in html
    assert visitor.incident(action="clash")["id"] == one["id"], "the list follows"
    for pointer in ("/action", "/date", "/place", "/actors"):
        visitor.post("/decide", subject=one["id"], pointer=pointer, undo="1", seen=visitor.seen(one["id"]))
    now = visitor.json(path)
    assert now["incident"] == now["made"]


def test_a_toll_is_corrected_in_its_mention(visitor: Visitor) -> None:
    one = visitor.incident(action="air_strike")
    mention = one["mentions"][0]
    seen = visitor.seen(one["id"])
    visitor.post("/decide", subject=mention, pointer="/casualties/0", low="3", high="5", why="x", seen=seen)
    toll = visitor.json(f"/incidents/{one['id']}.json")["incident"]["tolls"][0]
    assert (toll["low"], toll["high"]) == (3, 5)
    visitor.post("/decide", 400, subject=mention, pointer="/casualties/0", low="9", high="5", seen=10**6)


@pytest.mark.parametrize(("pointer", "value"), [
    ("/action", "party"), ("/date", "gestern"), ("/place", "مكان لا وجود له البتة"), ("/actors", "NOBODY"),
    ("/weapons", "catapult"), ("/sensitivity", "top"), ("/id", "i-0"), ("/tolls/0/best", "1"),
    ("/casualties/x", "1"), ("/date", "2024-03-05/2024-03-01"),
])  # fmt: skip
def test_what_cannot_be_decided(reader: Visitor, pointer: str, value: str) -> None:
    one = reader.incident(action="ied")
    before = reader.desk.register.head()
    reader.post("/decide", 400, subject=one["id"], pointer=pointer, value=value, seen=10**6)
    assert reader.desk.register.head() == before, "nothing is written"


def test_two_people_are_told(own: Path) -> None:
    first, second = Visitor(own, "layla"), Visitor(own, "omar")
    one = first.incident(action="ied")
    seen = first.seen(one["id"])
    second.post("/decide", subject=one["id"], pointer="/status", value="foiled", why="سمعت", seen=seen)
    answer = first.post("/decide", 409, subject=one["id"], pointer="/status", value="denied", seen=seen)
    assert "omar" in answer.text and "foiled" in answer.text and "denied" in answer.text
    assert first.json(f"/incidents/{one['id']}.json")["incident"]["status"] == "foiled"
    now = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert now
    first.post("/decide", subject=one["id"], pointer="/status", value="denied", seen=now[1])
    assert second.json(f"/incidents/{one['id']}.json")["incident"]["status"] == "denied"
    first.close(), second.close()


def test_merge_split_undo(visitor: Visitor) -> None:
    one, other = visitor.incident(action="ied"), visitor.incident(action="air_strike")
    head = visitor.desk.register.head()[0]
    answer = visitor.post("/judge", verdict="same", subject=[one["id"], other["id"]], seen=head, why="نفسها")
    merged = visitor.json(f"{answer.headers['location']}.json")
    assert len(merged["mentions"]) == 2 and merged["words"][0][1]["by"] == "layla"
    gone = ({one["id"], other["id"]} - {merged["incident"]["id"]}).pop()
    assert visitor.json(f"/incidents/{gone}.json")["incident"]["id"] == merged["incident"]["id"]
    visitor.post("/undo", entry=merged["words"][0][0], incident=merged["incident"]["id"])
    assert visitor.incident(action="ied")["id"] == one["id"]
    assert visitor.incident(action="air_strike")["id"] == other["id"]
    ambush = visitor.incident(action="ambush")
    head = visitor.desk.register.head()[0]
    visitor.post(
        "/judge", verdict="different", subject=ambush["id"], leaving=ambush["mentions"][0], seen=head
    )
    assert visitor.json("/incidents.json?place=sy-shula")["count"] == 2


def test_the_queue(visitor: Visitor) -> None:
    queue = visitor.json("/review.json")
    assert queue["waiting"] == visitor.json("/incidents.json")["count"]
    first = queue["queue"][0]["incident"]
    assert first["action"] == "ambush" and "high_toll" in queue["queue"][0]["why"]
    visitor.post("/review", act="accept", subject=first["id"], seen=queue["first"]["seen"])
    after = visitor.json("/review.json")
    assert after["waiting"] == queue["waiting"] - 1 and after["queue"][0]["incident"]["id"] != first["id"]
    skipped = after["queue"][0]["incident"]["id"]
    visitor.post("/review", act="skip", subject=skipped)
    assert visitor.json("/review.json")["queue"][0]["incident"]["id"] != skipped
    visitor.post("/review", act="undo")
    visitor.post("/review", act="again")
    assert [row["incident"]["id"] for row in visitor.json("/review.json")["queue"]] == [
        row["incident"]["id"] for row in queue["queue"]]  # fmt: skip
    visitor.post("/review", 400, act="undo")


def test_enter_by_hand(visitor: Visitor) -> None:
    note = "اتصل بنا مصدر محلي وقال إن ثلاثة رعاة خُطفوا قرب السخنة."
    fields = {"note": note, "source": "مصدر محلي", "published": "2024-05-02", "action": "abduction",
              "status": "reported", "date": "2024-05-01", "place": "sy-shula", "actors": "IS",
              "targets": "CIV/SHEPHERD", "abducted_low": "3", "abducted_high": "3",
              "abducted_group": "CIV/SHEPHERD"}  # fmt: skip
    answer = visitor.post("/enter", **fields)
    page = visitor.json(answer.headers["location"] + ".json")
    assert page["report"]["text"] == note and page["report"]["readings"][0]["reader"] == "by-hand"
    one = visitor.incident(action="abduction")
    assert (one["start"], one["place"]["id"], one["tolls"][0]["best"]) == ("2024-05-01", "sy-shula", 3)
    visitor.post("/enter", 400, **{**fields, "note": ""})
    visitor.post("/enter", 400, **{**fields, "action": "party"})
    visitor.post("/enter", 400, **{**fields, "killed_low": "5", "killed_high": "2"})


def test_try_and_keep(visitor: Visitor) -> None:
    text = "قُتل جنديان في كمين قرب السخنة أمس."
    head = visitor.desk.register.head()
    tried = visitor.post("/try", 200, text=text, published="2024-04-19")
    assert texts()["try.tree"].ar in tried.text and "2024-04-18" in tried.text
    assert visitor.desk.register.head() == head, "trying stores nothing"
    kept = visitor.post("/try", text=text, published="2024-04-19", source="وكالة", keep="1")
    assert visitor.json(kept.headers["location"] + ".json")["report"]["text"] == text
    visitor.post("/try", 400, text="   ")
    visitor.post("/try", 400, text="س" * 100_001)


def test_retracted_and_erased_reports(visitor: Visitor) -> None:
    one = visitor.incident(action="ied")
    report = visitor.json(f"/incidents/{one['id']}.json")["mentions"][0]["held"]["report"]
    visitor.post("/retract", 400, subject=report, why="")
    visitor.post("/retract", subject=report, why="نفته الوكالة")
    assert "نفته الوكالة" in visitor.get(f"/reports/{report}")
    assert visitor.json(f"/incidents/{one['id']}.json")["incident"]["standing"] == "retracted"
    with visitor.desk.writing(
        visitor.desk.door.session(visitor.client.cookies["sijill_desk"]).person
    ) as held:  # type: ignore[union-attr]
        held.redact(report, why="طلب")
    assert "عبوة ناسفة" not in visitor.get(f"/reports/{report}")
    assert texts()["report.redacted"].ar in visitor.get(f"/reports/{report}")


def test_sensitive_things_are_nowhere(own: Path) -> None:
    keeper = Visitor(own, "layla")
    one = keeper.incident(action="ied")
    report = keeper.json(f"/incidents/{one['id']}.json")["mentions"][0]["held"]["report"]
    keeper.post("/decide", subject=report, pointer="/sensitivity", value="restricted", seen=10**6)
    assert keeper.incident(action="ied")["sensitivity"] == "restricted"
    guest = Visitor(own, "omar", clearance=0)
    for row in SIMPLE:
        if row.name != "log":
            for path in (row.path, twin(row.path)):
                text = guest.get(path)
                assert one["id"] not in text and report not in text and "عبوة في السخنة" not in text, path
    assert guest.json("/incidents.json")["count"] == keeper.json("/incidents.json")["count"] - 1
    assert guest.json("/incidents.json?q=السخنة")["count"] == 0
    assert guest.json("/tallies.json")["total"] == keeper.json("/tallies.json")["total"] - 1
    for path in (f"/incidents/{one['id']}", f"/reports/{report}", "/log"):
        guest.get(path, 404), guest.json(f"{path}.json", 404)
    guest.post("/decide", 404, subject=one["id"], pointer="/sensitivity", value="public", seen=10**6)
    guest.post(
        "/judge", 404, verdict="same", subject=[one["id"], guest.incident(action="ambush")["id"]], seen=10**6
    )
    keeper.close(), guest.close()


def test_saved_filters(visitor: Visitor) -> None:
    visitor.post("/filters", name="كمائن", query="action=ambush")
    assert visitor.json("/settings.json")["saved"] == [["كمائن", "action=ambush"]]
    assert "كمائن" in visitor.get("/incidents")
    visitor.post("/filters", name="كمائن", undo="1")
    assert visitor.json("/settings.json")["saved"] == []


def test_every_number_of_a_tally_has_its_incidents(reader: Visitor) -> None:
    told = reader.json("/tallies.json?by=governorate")
    for key, often in zip(told["keys"], told["incidents"], strict=True):
        assert reader.json(f"/tallies.json?by=governorate&why={key[0]}")["behind_count"] == often
    verdicts = reader.json("/checks.json")["verdicts"]
    assert [row["verdict"]["figure"]["low"] for row in verdicts] == [40]


def test_lexicon_names_file_and_line(reader: Visitor) -> None:
    told = reader.json("/lexicon.json?word=الشولا")
    assert told["bearers"][0]["id"] == "sy-shula"
    line = next(one for one in told["lines"] if one["file"] == "places/sy.csv" and "sy-shula" in one["text"])
    rows = (DESK.parent / "places" / "sy.csv").read_text(encoding="utf-8").splitlines()
    assert rows[line["line"] - 1].strip() == line["text"]


def test_pieces_cover_the_text() -> None:
    text = "abcdefghij"
    pieces = cut(text, [(2, 5, 0, "/a"), (4, 7, 1, "/b"), (8, 9, -1, "")])
    assert "".join(piece.text for piece in pieces) == text
    assert [(piece.text, piece.marks, piece.unread) for piece in pieces] == [
        ("ab", [], False), ("cd", [(0, "/a")], False), ("e", [(0, "/a"), (1, "/b")], False),
        ("fg", [(1, "/b")], False), ("h", [], False), ("i", [], True), ("j", [], False)]  # fmt: skip


def test_openapi_describes_every_twin(reader: Visitor) -> None:
    told = reader.json("/api")
    assert told["openapi"].startswith("3.1") and set(told["paths"]) == {twin(row.path) for row in PAGES}


def test_texts_hold_one_form_a_line() -> None:
    rows = yaml.safe_load((DESK / "texts.yaml").read_text(encoding="utf-8"))
    assert all(set(label) == {"en", "ar"} for group in rows.values() for label in group.values())


def test_on_each_database(place: str | Path) -> None:
    visitor = Visitor(register(place))  # type: ignore[arg-type]
    for row in SIMPLE:
        visitor.get(row.path), visitor.json(twin(row.path))
    one, other = visitor.incident(action="ied"), visitor.incident(action="air_strike")
    visitor.post(
        "/decide", subject=one["id"], pointer="/status", value="foiled", seen=visitor.seen(one["id"])
    )
    assert visitor.incident(action="ied")["status"] == "foiled"
    head = visitor.desk.register.head()[0]
    answer = visitor.post("/judge", verdict="same", subject=[one["id"], other["id"]], seen=head)
    assert len(visitor.json(f"{answer.headers['location']}.json")["mentions"]) == 2
    assert visitor.json("/incidents.json?q=السخنة")["count"] == 1
    visitor.close()
