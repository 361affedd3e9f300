"""One door for everything: recognised by content and name, walked, refused, left out and said."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from papers import pdf
from sijill.errors import InputError, UsageError
from sijill.sources.coded import CodedDocument
from sijill.sources.columns import ColumnMap, propose_map
from sijill.sources.document import Document
from sijill.sources.fetch import Fetcher, Limits
from sijill.sources.intake import READ, Intake, documents, first_rows
from sijill.sources.refused import by_name, outlets
from test_chats import NEWS, TELEGRAM, TELEGRAM_PAGE, WHATSAPP, letter
from test_papers import make_docx, record
from web_server import FEED, PAGE, WORDS, Server, serving

TEXT = "قُتل عنصران من الجيش في هجوم قرب السخنة"


def run(tmp_path: Path, *given: object, **options: object) -> tuple[list[Document], list[str], list[str]]:
    notes: list[str] = []
    settings = Intake(key_file=tmp_path.parent / "key", notice=notes.append, **options)  # type: ignore[arg-type]
    items = list(documents([str(one) for one in given or (tmp_path,)], settings=settings))
    return (
        [item for item in items if isinstance(item, Document)],
        [str(item) for item in items if isinstance(item, InputError)],
        notes,
    )


def xlsx(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


KINDS: list[tuple[str, bytes, str]] = [
    ("a.txt", TEXT.encode(), TEXT),
    ("b.jsonl", json.dumps({"text": TEXT + " b"}).encode(), TEXT + " b"),
    ("c.html", PAGE.format(words=WORDS).encode(), WORDS),
    ("d.pdf", pdf([[TEXT]]), TEXT),
    ("paper-without-suffix", pdf([[TEXT]]), TEXT),
    ("e.docx", make_docx(), "قُتل عنصران في هجوم قرب مدينة السخنة"),
    ("f.warc", record(1), "قتل عنصران في هجوم قرب السخنة 1"),
    ("g.warc.gz", gzip.compress(record(1)), "قتل عنصران في هجوم قرب السخنة 1"),
    ("h.xml", FEED.encode(), "قُتل عنصران في هجوم قرب السخنة.\n\nثم انسحب المهاجمون."),
    ("result.json", json.dumps(TELEGRAM).encode(), NEWS),
    ("messages.html", TELEGRAM_PAGE.encode(), NEWS),
    ("chat.txt", WHATSAPP.encode(), NEWS),
    ("chat16.txt", WHATSAPP.encode("utf-16"), NEWS),
    ("i.eml", bytes(letter()), NEWS),
    ("j.mbox", b"From x Fri Apr 19 23:30:00 2024\n" + bytes(letter()), NEWS),
    ("k.xlsx", xlsx(["Text", "Published"], [TEXT, "2024-04-19"]), TEXT),
    ("l.csv", f"id,text\n1,{TEXT}\n".encode(), TEXT),
]


@pytest.mark.parametrize(("name", "data", "text"), KINDS, ids=[name for name, _, _ in KINDS])
def test_every_kind_is_recognised(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found, errors, _ = run(tmp_path, path)
    assert [error for error in errors if "entry 3" not in error] == []
    assert found[0].reports[0].text.startswith(text)
    again, _, _ = run(tmp_path, path)
    assert again == found  # the same bytes give the same documents


def test_a_folder_is_walked(tmp_path: Path) -> None:
    folder, other = tmp_path / "in", tmp_path / "other"
    (folder / "deep" / "er").mkdir(parents=True)
    other.mkdir()
    (folder / "deep" / "er" / "a.txt").write_text(TEXT)
    (folder / "b.txt").write_text(TEXT + " b")
    (folder / ".hidden.txt").write_text(TEXT + " h")
    (folder / "pic.png").write_bytes(b"\x89PNG....")
    (folder / "fake.pdf").write_bytes(b"\x89PNG....")
    (folder / "pack.zip").write_bytes(b"PK\x03\x04....")
    (other / "secret.txt").write_text("secret")
    (folder / "out.txt").symlink_to(other / "secret.txt")
    (folder / "outdir").symlink_to(other)
    (folder / "same.txt").symlink_to(folder / "b.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    os.mkfifo(folder / "pipe.txt")
    found, errors, notes = run(tmp_path, folder)
    assert [document.reports[0].text for document in found] == [TEXT + " b", TEXT]
    assert sorted(error.removeprefix(str(folder)) for error in errors) == [
        f"/fake.pdf: is a PNG picture, which is not read; save it as one of {READ}",
        "/loop.txt: is a link that leaves the folder; give the file itself, if it is meant",
        "/out.txt: is a link that leaves the folder; give the file itself, if it is meant",
        "/outdir: is a link that leaves the folder; give the file itself, if it is meant",
        "/pipe.txt: is no plain file; leave it out",
    ]  # fmt: skip
    assert notes == [
        f"{folder}: skipped hidden files: {folder}/.hidden.txt",
        f"{folder}: skipped 2 files of other kinds (1 .png, 1 .zip)",
    ]


BAD = [
    ("none.txt", None, "does not exist"),
    ("a.zip", b"PK\x03\x04abc", "is a ZIP archive or an Office document, which is not read"),
    ("a.gz", gzip.compress(b"x"), "is a gzip archive, which is not read"),
    ("a.docx", b"PK\x03\x04abc", "is a ZIP archive"),
    ("text.docx", TEXT.encode(), "is no .docx inside, whatever its name says"),
    ("a.xyz", TEXT.encode(), r"is of a kind that is not read \(.xyz\)"),
    (
        "own.csv",
        "التاريخ,المكان\n2024-04-19,السخنة\n".encode(),
        r"has columns of its own \(التاريخ, المكان\); .*--map",
    ),
    ("own.xlsx", xlsx(["التاريخ", "القتلى"], [1, 2]), "has columns of its own"),
    ("empty.txt", b"", "is empty"),
    ("big.pdf", b"%PDF-1.7" + bytes(2_000_000), "is 2.0 MB large; it may have 1 MB; .*SIJILL_MAX_FILE_MB"),
]


@pytest.mark.parametrize(("name", "data", "said"), BAD, ids=[name for name, _, _ in BAD])
def test_what_is_not_read_says_why(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    found, errors, _ = run(tmp_path, path, file_limit=1_000_000)
    assert found == [] and len(errors) == 1
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(errors[0])


def test_a_missing_library_costs_its_files_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf([[TEXT]]))
    (tmp_path / "b.txt").write_text(TEXT)
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    found, errors, _ = run(tmp_path)
    assert len(found) == 1
    assert errors == [
        f"{tmp_path}/a.pdf: needs pypdf, which is not installed; pip install 'sijill[documents]'"
    ]


# ---- what is refused

REFUSED = [
    ("a.jsonl", json.dumps({"text": TEXT, "source": "وكالة أعماق"}).encode()),
    ("b.jsonl", json.dumps({"text": TEXT, "url": "https://t.me/nashirnews/5"}).encode()),
    ("c.html", PAGE.format(words=WORDS).replace("شبكة الوادي", "Amaq News Agency").encode()),
    ("result.json", json.dumps({**TELEGRAM, "name": "وكالة أعماق الإخبارية"}).encode()),
    ("h.xml", FEED.replace("شبكة الوادي", "صحيفة النبأ الأسبوعية").encode()),
]


@pytest.mark.parametrize(("name", "data"), REFUSED, ids=[name for name, _ in REFUSED])
def test_an_outlet_of_a_group_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found, errors, _ = run(tmp_path, path)
    assert found == []
    assert any(
        "and is refused: it" in error and "read news that quotes it instead" in error for error in errors
    )


def test_a_forwarded_message_of_such_an_outlet_is_refused(tmp_path: Path) -> None:
    messages = [
        {"id": 1, "type": "message", "date": "2024-04-19T08:30:00", "from": "أ ب ج", "text": TEXT},
        {"id": 2, "type": "message", "date": "2024-04-19T08:31:00", "from": "أ ب ج", "forwarded_from": "Amaq", "text": "x"},  # noqa: E501
    ]  # fmt: skip
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"name": "x", "type": "personal_chat", "messages": messages}))
    found, errors, _ = run(tmp_path, path)
    assert len(found) == 1 and "message 2: comes from Amaq News Agency" in errors[0]


QUOTING = [
    {"source": "عنب بلدي", "url": "https://example.org/x"},
    {"source": "شبكة أعماق البحار"},
    {"url": "https://example.org/tag/amaq"},
    {"url": "https://t.me/wadi/5", "title": "وكالة أعماق: هجوم"},
]


@pytest.mark.parametrize("told", QUOTING)
def test_news_that_quotes_such_an_outlet_is_read(tmp_path: Path, told: dict[str, str]) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": f"وقالت وكالة أعماق إن {TEXT}", **told}))
    found, errors, _ = run(tmp_path)
    assert len(found) == 1 and errors == []


def test_every_refused_outlet_says_who_why_and_where_to_check() -> None:
    assert len(outlets()) >= 10
    for outlet in outlets():
        assert outlet.names and outlet.labels and outlet.reason
        assert by_name(f"  {outlet.en} ") is None or by_name(outlet.names[0]) == outlet
        assert all(by_name(name) is not None for name in outlet.names)


# ---- addresses


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


def test_addresses_are_read_like_files(tmp_path: Path, server: Server) -> None:
    here = f"127.0.0.1:{server.server_address[1]}"
    fetcher = Fetcher(hosts=(here,), allow_private=True, limits=Limits(pause=0))
    given = (f"http://{here}/a", f"http://{here}/feed", f"http://{here}/none", "https://example.org/")
    found, errors, _ = run(tmp_path, *given, fetcher=fetcher)
    assert [len(document.reports) for document in found] == [1, 2]
    assert found[0].url == given[0] and found[0].retrieved
    assert [error.partition(": ")[0] for error in errors] == [f"{given[1]}:entry 3", given[2], given[3]]


# ---- spreadsheets

HEADER = ["الرقم", "تاريخ الحادثة", "المحافظة", "المكان", "نوع الهجوم", "الجهة المنفذة", "الهدف",
          "عدد القتلى", "قتلى مدنيين", "الجرحى", "رابط الخبر", "المدقق"]  # fmt: skip
ROWS: list[list[object]] = [
    [1, "19/4/2024", "دير الزور", "الشحيل", "هجوم مسلح", "تنظيم داعش", "قسد", 3, 1, "2", "https://example.org/1", "س"],  # noqa: E501
    [2, "٢٠ نيسان ٢٠٢٤", "SY04", "السخنة", "عبوة ناسفة", "الخلية الفلانية", "قوات النظام", "خمسة", None, "3-5", None, "س"],  # noqa: E501
    [3, "2024-04", "الرقة", None, "غارة", None, "مدنيون", "أكثر من 10", None, "؟؟", None, "س"],
    [4, "99/99/2024", "الرقة", None, "غارة", None, None, None, None, None, None, "س"],
    [1, "21/4/2024", "حمص", "تدمر", "غارة", None, None, None, None, None, None, "س"],
]  # fmt: skip


def table(tmp_path: Path, suffix: str, rows: list[list[object]]) -> Path:
    path = tmp_path / f"حوادث.{suffix}"
    if suffix == "xlsx":
        path.write_bytes(xlsx(HEADER, *rows))
    else:
        lines = [["" if cell is None else str(cell) for cell in row] for row in (HEADER, *rows)]
        path.write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_spreadsheet_of_incidents(tmp_path: Path, suffix: str) -> None:
    path = table(tmp_path, suffix, ROWS)
    column_map = propose_map(*first_rows(path, Intake()), name="own")
    assert (column_map.kind, column_map.dates, column_map.ignored) == ("incidents", "dmy", ["المدقق"])
    found, errors, notes = run(tmp_path, path, column_map=column_map)
    assert [document.reports[0].id for document in found] == ["own:1", "own:2", "own:3"]
    assert errors == [
        f"{path}:5: '99/99/2024' is no date; write it as 2024-04-19",
        f"{path}:6: has the id of an earlier row (1); give each row an id of its own, or remove it",
    ]
    assert notes == [
        f"{path}: actor not known and left empty: 'الخلية الفلانية' (1)",
        f"{path}: wounded not known and left empty: '؟؟' (1)",
    ]
    first, second, third = (
        document.coded[0].incidents[0] for document in found if isinstance(document, CodedDocument)
    )
    assert (first.action, first.actors, first.targets) == ("armed_assault", ["IS"], ["SDF"])
    assert first.date and first.date.edtf == "2024-04-19"
    assert first.place and (first.place.name, first.place.admin1, first.place.country) == (
        "الشحيل",
        "SY09",
        "SY",
    )
    figures = [(c.outcome, c.group, c.low, c.high, c.part_of) for c in first.casualties]
    assert figures == [
        ("killed", "PERSONS", 3, 3, False), ("killed", "CIV", 1, 1, True), ("wounded", "PERSONS", 2, 2, False),  # noqa: E501
    ]  # fmt: skip
    assert second.date and second.date.edtf == "2024-04-20" and second.targets == ["SY-GOV"]
    assert [(c.low, c.high) for c in second.casualties] == [(5, 5), (3, 5)]
    assert third.date and third.date.edtf == "2024-04" and third.place and third.place.precision == "admin1"
    assert [(c.low, c.high) for c in third.casualties] == [(10, None)]
    assert found[0].reports[0].text.startswith("الرقم: 1\nتاريخ الحادثة: 19/4/2024\nالمحافظة: دير الزور")
    span = first.evidence[""][0]
    assert found[0].reports[0].text[span.start : span.end] == found[0].reports[0].text


def test_a_header_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(["حوادث عام 2024", None, None], [], HEADER, *ROWS[:2]))
    column_map = propose_map(*first_rows(path, Intake()), name="own")
    assert column_map.header == 3
    found, errors, _ = run(tmp_path, path, column_map=column_map)
    assert errors == [] and [d.origin for d in found] == [f"{path}:4", f"{path}:5"]


def test_a_changed_row_keeps_its_id(tmp_path: Path) -> None:
    column_map = propose_map(HEADER, [[str(cell or "") for cell in row] for row in ROWS], name="own")
    before, _, _ = run(tmp_path, table(tmp_path, "csv", ROWS[:2]), column_map=column_map)
    changed = [[*ROWS[0][:7], 4, *ROWS[0][8:]], ROWS[1]]
    after, _, _ = run(tmp_path, table(tmp_path, "csv", changed), column_map=column_map)
    assert [d.reports[0].id for d in before] == [d.reports[0].id for d in after]
    assert before[0].data != after[0].data and before[1] == after[1]


def test_values_of_the_map_outrank_the_word_lists(tmp_path: Path) -> None:
    rows = [[str(cell or "") for cell in row] for row in ROWS]
    told = {"actor": {"الخلية الفلانية": "SARAYA-ANSAR-SUNNA", "تنظيم داعش": "UNKNOWN"}}
    column_map = ColumnMap(**{**_fields(propose_map(HEADER, rows, name="own")), "values": told})
    found, _, _ = run(tmp_path, table(tmp_path, "csv", ROWS[:2]), column_map=column_map)
    actors = [d.coded[0].incidents[0].actors for d in found if isinstance(d, CodedDocument)]
    assert actors == [["UNKNOWN"], ["SARAYA-ANSAR-SUNNA"]]


def _fields(column_map: ColumnMap) -> dict[str, object]:
    return {name: getattr(column_map, name) for name in column_map.__struct_fields__}


def test_a_spreadsheet_of_reports(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(
        f"Ref,Date published,Outlet,Headline,Full text\nA-1,04/19/2024,شبكة,عنوان,{TEXT}\n", encoding="utf-8"
    )
    column_map = propose_map(*first_rows(path, Intake()), name="r")
    assert (column_map.kind, column_map.dates) == ("reports", "mdy")
    found, errors, _ = run(tmp_path, path, column_map=column_map)
    (report,) = found[0].reports
    assert errors == [] and not isinstance(found[0], CodedDocument)
    assert (report.id, report.published, report.source, report.title, report.text) == (
        "r:A-1", "2024-04-19", "شبكة", "عنوان", TEXT,
    )  # fmt: skip


# ---- whatever comes

MANY = max(300, int(os.environ.get("SIJILL_SOAK", "0")) // 10)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes cut, turned, doubled or filled with noise in places."""
    raw = bytearray(data)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(raw) + 1)
        size = chance.choice((1, 1, 2, 8, 64))
        match chance.randrange(4):
            case 0:
                del raw[at : at + size]
            case 1:
                raw[at : at + size] = chance.randbytes(size)
            case 2:
                raw[at:at] = raw[chance.randrange(len(raw) + 1) :][:size]
            case _:
                raw = raw[: max(at, 8)] if chance.random() < 0.2 else raw
    return bytes(raw)


def test_soak_damaged_files_raise_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    header = [str(cell) for cell in HEADER]
    column_map = propose_map(header, [[str(cell or "") for cell in row] for row in ROWS], name="own")
    for number in range(MANY):
        name, data, _ = KINDS[number % len(KINDS)]
        path = tmp_path / name
        path.write_bytes(damaged(data, chance))
        given = {"column_map": column_map} if name.endswith("xlsx") and number % 2 else {}
        try:
            found, errors, _ = run(tmp_path, path, **given)
        except UsageError as error:
            assert "the column map does not fit" in str(error)
            continue
        assert found or errors, name
        assert not any(
            isinstance(report.text, str) and "\0" in report.text for d in found for report in d.reports
        )
