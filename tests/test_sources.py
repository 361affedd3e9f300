"""What is read from files, and the one clear line for everything that cannot be."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tracemalloc
from pathlib import Path

import pytest

from sijill.errors import InputError
from sijill.records import Report
from sijill.sources import Seen, files, pages, read
from sijill.sources.fields import iso_day

TEXT = "قُتل عنصران من الجيش في هجوم قرب السخنة\r\nوأُصيب ثلاثة."
OTHER = "انفجرت عبوة ناسفة بسيارة في ريف دير الزور الشرقي"


def line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def run(path: Path | str, **options: object) -> tuple[list[Report], list[str], list[str]]:
    notes: list[str] = []
    items = list(read([path], notice=notes.append, **options))
    return (
        [item for item in items if isinstance(item, Report)],
        [str(item) for item in items if isinstance(item, InputError)],
        notes,
    )


PAGE = f"""<!DOCTYPE html><html><head><title>هجوم | موقع</title>
<meta property="og:title" content="هجوم قرب السخنة"><meta property="og:site_name" content="عنب بلدي">
<meta property="article:published_time" content="2024-04-19T08:00:00+03:00">
<link rel="canonical" href="https://example.org/a"></head>
<body><nav><ul><li><a href="/p">سياسة</a></li></ul></nav><article><h1>هجوم قرب السخنة</h1>
<p>{OTHER}</p></article><footer>كل الحقوق محفوظة</footer></body></html>"""

HEADER = "id,source,url,title,published,text\n"

GOOD = [
    # file name, bytes, texts expected
    ("a.txt", TEXT.encode(), [TEXT]),
    ("bom.txt", b"\xef\xbb\xbf" + TEXT.encode(), [TEXT]),
    ("utf16.txt", TEXT.encode("utf-16"), [TEXT]),
    ("utf16be.txt", b"\xfe\xff" + TEXT.encode("utf-16-be"), [TEXT]),
    ("utf16-no-mark.txt", TEXT.encode("utf-16-le"), [TEXT]),
    ("1256.txt", TEXT.encode("windows-1256"), [TEXT]),
    ("a.jsonl", line(text=TEXT) + b"\n" + line(text=OTHER), [TEXT, OTHER]),
    ("no-last-end.jsonl", line(text=TEXT) + line(text=OTHER).rstrip(), [TEXT, OTHER]),
    ("crlf.jsonl", line(text=TEXT).rstrip() + b"\r\n" + line(text=OTHER), [TEXT, OTHER]),
    ("bom.jsonl", b"\xef\xbb\xbf" + line(TEXT=TEXT), [TEXT]),
    ("utf16.jsonl", (line(text=TEXT) + line(text=OTHER)).decode().encode("utf-16"), [TEXT, OTHER]),
    ("1256.ndjson", (line(text=TEXT) + line(text=OTHER)).decode().encode("windows-1256"), [TEXT, OTHER]),
    ("emoji.jsonl", b'{"text": "\\ud83d\\ude00 ' + OTHER.encode() + b'"}\n', ["😀 " + OTHER]),
    ("array.jsonl", json.dumps([{"text": TEXT}, {"text": OTHER}]).encode(), [TEXT, OTHER]),
    ("list.json", json.dumps([{"text": TEXT}, {"text": OTHER}], indent=2).encode(), [TEXT, OTHER]),
    ("one.json", json.dumps({"text": TEXT}, indent=2).encode(), [TEXT]),
    ("lines.json", line(text=TEXT) + line(text=OTHER), [TEXT, OTHER]),
    ("a.csv", (HEADER + f"1,s,,t,2024-04-19,{OTHER}\n").encode(), [OTHER]),
    ("bom.csv", b"\xef\xbb\xbf" + f"Text;Id\r\n{OTHER};7\r\n".encode(), [OTHER]),
    ("tab.csv", f"ID\tTEXT\n7\t{OTHER}\n".encode(), [OTHER]),
    ("quoted.csv", f'id,text\n1,"{TEXT}"\n2,"قال ""نعم"", ثم"\n'.encode(), [TEXT, 'قال "نعم", ثم']),
    ("1256.csv", f"id;text\n1;{OTHER}\n".encode("windows-1256"), [OTHER]),
    ("utf16.csv", f"id\ttext\n1\t{OTHER}\n".encode("utf-16"), [OTHER]),
    ("blank-lines.csv", f"\n\nid,text\n\n1,{OTHER}\n\n".encode(), [OTHER]),
    ("page.html", PAGE.encode(), [OTHER]),
    ("1256.htm", PAGE.encode("windows-1256"), [OTHER]),
]


@pytest.mark.parametrize(("name", "data", "texts"), GOOD, ids=[row[0] for row in GOOD])
def test_reads(tmp_path: Path, name: str, data: bytes, texts: list[str]) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    reports, errors, notes = run(path)
    assert errors == []
    assert [report.text for report in reports] == texts
    said = {"utf16": "UTF-16", "1256": "windows-1256"}
    expected = [word for key, word in said.items() if name.startswith(key)]
    assert [note for note in notes if "read as" in note] == [f"{path}: read as {word}" for word in expected]


BIG = "x" * 3_000_000
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))

BAD = [
    # file name, bytes, readable reports beside, error lines as patterns after `file:`
    ("empty.txt", b"", 0, [r"1: is empty; "]),
    ("empty.jsonl", b"", 0, [r"1: is empty; "]),
    ("empty.csv", b"", 0, [r"1: is empty; "]),
    ("empty.html", b"", 0, [r"1: is empty; "]),
    ("blank.txt", b" \n\n", 0, [r"1: has an empty text; "]),
    ("blank.jsonl", b"\n\n \n", 0, [r"1: holds no report; "]),
    ("none.json", b"[]", 0, [r"1: holds no report; "]),
    ("header.csv", HEADER.encode(), 0, [r"1: holds no report; "]),
    ("picture.txt", PNG, 0, [r"1: is a PNG picture; "]),
    ("archive.jsonl", b"PK\x03\x04" + bytes(50), 0, [r"1: is a ZIP archive or an Office document; "]),
    ("paper.csv", b"%PDF-1.7\n" + bytes(range(256)), 0, [r"1: is a PDF document; "]),
    ("noise.txt", bytes(range(256)) * 9, 0, [r"1: is no text; "]),
    ("zeros.txt", bytes(5000), 0, [r"1: is no text; "]),
    (
        "latin.txt",
        "Élève à l'école".encode("latin-1"),
        0,
        [r"1: is neither UTF-8 nor UTF-16 nor windows-1256; "],
    ),
    ("8859-6.txt", OTHER.encode("iso-8859-6"), 0, [r"1: is neither UTF-8 nor UTF-16 nor windows-1256; "]),
    ("utf32.txt", OTHER.encode("utf-32"), 0, [r"1: is UTF-32; "]),
    ("damaged.txt", TEXT.encode() + b"\n\xd9x", 0, [r"3: holds byte 0xd9, which is not UTF-8; "]),
    ("nul.txt", b"a\0b " + TEXT.encode(), 0, [r"1: 'text' holds a NUL character; "]),
    ("big.txt", BIG.encode(), 0, [r"1: is more than the limit; one report may have 1 MB; split it"]),
    ("cut.txt", TEXT.encode("utf-16")[:-1], 0, [r"2: holds byte 0xff, which is not UTF-8; "]),
    # one bad line among good ones
    (
        "broken.jsonl",
        line(text=TEXT) + b'{"text": "a\n' + line(text=OTHER),
        2,
        [r"2: is broken JSON \(.*column 10\); mend"],
    ),
    ("first.jsonl", b"{]\n" + line(text=OTHER), 1, [r"1: is broken JSON"]),
    ("bytes.jsonl", line(text=TEXT) + b'{"text": "\xd9"}\n' + line(text=OTHER), 2, [r"2: holds byte 0xd9"]),
    (
        "nul.jsonl",
        line(text=TEXT) + b'{"text": "a\0b"}\n' + line(text=OTHER),
        2,
        [r"2: holds a NUL byte; remove"],
    ),
    ("nul2.jsonl", b'{"text": "a\\u0000b"}\n' + line(text=OTHER), 1, [r"1: 'text' holds a NUL character"]),
    (
        "half.jsonl",
        b'{"text": "a\\ud800b"}\n' + line(text=OTHER),
        1,
        [r"1: 'text' holds half a character \(U\+D800\)"],
    ),
    (
        "half-title.jsonl",
        b'{"text": "a", "title": "\\udfff"}\n' + line(text=OTHER),
        1,
        [r"1: 'title' holds half"],
    ),
    (
        "long.jsonl",
        line(text=TEXT) + line(text=BIG) + line(text=OTHER),
        2,
        [r"2: is 3\.0 MB long; one report may have 1 MB; "],
    ),
    ("deep.jsonl", b"[" * 5 + b"\n", 0, [r"2: ends inside a list"]),
    (
        "deeper.jsonl",
        b'{"text":' + b"[" * 200_000 + b"\n" + line(text=OTHER),
        1,
        [r"1: (is nested too deeply|is broken JSON)"],
    ),
    (
        "digits.jsonl",
        b'{"id": ' + b"9" * 5000 + b', "text": "a"}\n' + line(text=OTHER),
        1,
        [r"1: holds a number"],
    ),
    (
        "kinds.jsonl",
        b'3\n"a"\nnull\ntrue\n' + line(text=OTHER),
        1,
        [r"1: is a number, not an object", r"2: is a text", r"3: is null", r"4: is true or false"],
    ),
    ("list.jsonl", line(text=["a"]) + line(text=OTHER), 1, [r"1: 'text' is a list, not text; "]),
    (
        "title.jsonl",
        line(text="a", title={"a": 1}) + line(text=OTHER),
        1,
        [r"1: 'title' is an object, not text; "],
    ),
    ("id.jsonl", line(text="a", id=[1]) + line(text=OTHER), 1, [r"1: 'id' is a list, not text; "]),
    ("no-text.jsonl", line(body="a") + line(text=OTHER), 1, [r"1: has no field 'text' \(found: body\); "]),
    ("null.jsonl", line(text=None) + line(text=OTHER), 1, [r"1: has no field 'text'"]),
    ("void.jsonl", line(text=" ") + line(text=OTHER), 1, [r"1: has an empty text; "]),
    (
        "day.jsonl",
        line(text="a", published="19.4.2024") + line(text=OTHER),
        1,
        [r"1: 'published' is '19\.4\.2024', which is no date; write it as 2024-04-19"],
    ),
    (
        "month.jsonl",
        line(text="a", published="04/19/2024") + line(text=OTHER),
        1,
        [r"1: 'published' is '04/19/2024'"],
    ),
    (
        "clash.jsonl",
        line(id=1, text="a") + line(id=1, text="b") + line(id=2, text="b"),
        2,
        [r"2: has the id of another report \(1\); give"],
    ),
    # documents and tables
    ("broken.json", b'[{"text": "a"},\n{"text": }]', 1, [r"2: is broken JSON .*the rest is left out"]),
    ("cut.json", b'[{"text": "a"},\n', 1, [r"2: ends inside a list; the file seems cut off"]),
    ("long.json", json.dumps([{"text": "a"}, {"text": BIG}]).encode(), 1, [r"1: is more than the limit"]),
    (
        "mixed.json",
        json.dumps([{"text": "a"}, 3, {"text": "b"}]).encode(),
        2,
        [r"1: is a number, not an object"],
    ),
    (
        "bytes.json",
        b'[{"text": "a"},\n{"text": "\xd9"}, {"text": "b"}]',
        2,
        [r"2: 'text' holds the broken byte 0xd9"],
    ),
    ("columns.csv", b"id,body\n1,a\n", 0, [r"1: has no column 'text' \(found: id, body\); call the column"]),
    ("twice.csv", b"text,Text\n1,a\n", 0, [r"1: has two columns called 'text'; rename"]),
    ("cells.csv", f"id,text\n1,a,b\n2,{OTHER}\n".encode(), 1, [r"2: has 3 cells under 2 columns; "]),
    ("few.csv", f"id,text\n1\n2,{OTHER}\n".encode(), 1, [r"2: has no field 'text'"]),
    ("quote.csv", f'id,text\n1,"a" b\n2,{OTHER}\n'.encode(), 1, [r"2: is a broken row"]),
    (
        "open.csv",
        f'id,text\n1,{OTHER}\n2,"a\n3,b\n'.encode(),
        1,
        [r"3: opens a quote that is never closed \(up to line 4\)"],
    ),
    ("long.csv", f"id,text\n1,{BIG}\n2,{OTHER}\n".encode(), 1, [r"2: is 3\.0 MB long"]),
    ("bytes.csv", b"id,text\n1,\xd9x\n2," + (OTHER * 3).encode() + b"\n", 1, [r"2: holds byte 0xd9"]),
    ("nul.csv", f"id,text\n1,a\0b\n2,{OTHER}\n".encode(), 1, [r"2: 'text' holds a NUL character"]),
    (
        "day.csv",
        f"published,text\nMonday,a\n2024-04-19,{OTHER}\n".encode(),
        1,
        [r"2: 'published' is 'Monday'"],
    ),
    ("void.html", b"<html><body></body></html>", 0, [r"1: holds no article text; "]),
    ("nul.html", b"<html><body><p>a\0b</p></body></html>", 0, [r"1: holds a NUL byte; "]),
]


@pytest.mark.parametrize(("name", "data", "good", "lines"), BAD, ids=[row[0] for row in BAD])
def test_bad_input_is_one_clear_line(
    tmp_path: Path, name: str, data: bytes, good: int, lines: list[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    reports, errors, _ = run(path, limit=1_000_000)
    assert len(errors) == len(lines), errors
    for error, pattern in zip(errors, lines, strict=True):
        assert re.match(re.escape(f"{path}:") + pattern, error), error
        assert "\n" not in error
        assert "; " in error
    assert len(reports) == good


def test_fields_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(ID=7, Source="SOHR", URL="u", Title="t", Published="19/4/2024", text=TEXT, more=1))
    (report,), _, _ = run(path)
    assert report == Report(id="7", source="SOHR", url="u", title="t", published="2024-04-19", text=TEXT)


def test_a_page_says_title_day_address_and_outlet(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")
    (report,), _, _ = run(path)
    assert (report.title, report.published) == ("هجوم قرب السخنة", "2024-04-19")
    assert (report.url, report.source) == ("https://example.org/a", "عنب بلدي")


PAGES = [
    (
        "script",
        '<script type="application/ld+json">{"datePublished": "2024-04-19T08:00Z"}</script>',
        "2024-04-19",
    ),
    ("time", '<body><time datetime="2024-04-19">', "2024-04-19"),
    ("bad", '<meta name="date" content="yesterday">', None),
    ("none", "", None),
]


@pytest.mark.parametrize(("name", "html", "day"), PAGES, ids=[row[0] for row in PAGES])
def test_the_day_of_a_page(tmp_path: Path, name: str, html: str, day: str | None) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<html><head>{html}</head><body><p>{OTHER}</p></body></html>", encoding="utf-8")
    (report,), errors, notes = run(path)
    assert (report.published, errors) == (day, [])
    assert bool(notes) == (name == "bad")


DAYS = [
    ("2024-04-19", "2024-04-19"),
    (" 2024-04-19 ", "2024-04-19"),
    ("2024-04-19T23:30:00+03:00", "2024-04-19"),
    ("2024-04-19T08:30:00Z", "2024-04-19"),
    ("2024-04-19 08:30", "2024-04-19"),
    ("2024-04-19 08:30:00 +0300", "2024-04-19"),
    ("19/04/2024", "2024-04-19"),
    ("9/4/2024", "2024-04-09"),
    ("٢٠٢٤-٠٤-١٩", "2024-04-19"),
    ("٩/٤/٢٠٢٤", "2024-04-09"),
    ("2024-13-01", None),
    ("2024-02-30", None),
    ("2024-04-19T99:00", None),
    ("20240419", None),
    ("2024-04", None),
    ("0024-04-19", None),
    ("١٩ نيسان", None),
    ("a\nb", None),
    (1713484800, None),
    (["2024-04-19"], None),
]


@pytest.mark.parametrize(("written", "day"), DAYS, ids=[repr(row[0]) for row in DAYS])
def test_days(written: object, day: str | None) -> None:
    if day is not None:
        assert iso_day(written, "x:1") == day
        return
    with pytest.raises(InputError, match="write it as 2024-04-19") as caught:
        iso_day(written, "x:1")
    assert "\n" not in str(caught.value)


def test_published_holds_where_the_report_tells_no_day(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(text="a") + line(text="b", published="2023-01-01") + line(text="c", published=""))
    reports, _, _ = run(path, published="2024-04-19")
    assert [report.published for report in reports] == ["2024-04-19", "2023-01-01", "2024-04-19"]


def test_the_same_words_are_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(text="a") + line(text="a") + line(id="r", text="b") + line(id="r", text="b"))
    seen = Seen()
    reports, errors, _ = run(path, seen=seen)
    assert (len(reports), errors, seen.duplicates) == (2, [], 2)
    assert reports[0].id.startswith("r-")


def test_folders_in_order_without_hidden_and_unknown(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/.hidden.txt", ".git/x.txt", "c.PDF", "README", "C.TXT"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    reports, errors, notes = run(tmp_path)
    assert [report.text for report in reports] == ["C.TXT", "b.txt", "a/z.txt"]
    assert errors == []
    assert notes == [f"{tmp_path}: skipped 3 files of other kinds (1 .pdf, 1 hidden, 1 no suffix)"]


def test_a_folder_without_reports_is_an_error(tmp_path: Path) -> None:
    _, errors, _ = run(tmp_path)
    assert errors[0].startswith(f"{tmp_path}: holds no file that is read; ")


def test_missing_unknown_and_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(tmp_path / "no.txt")[1] == [f"{tmp_path}/no.txt: does not exist; check the path"]
    (tmp_path / "a.docx").write_bytes(b"PK")
    assert run(tmp_path / "a.docx")[1][0].startswith(
        f"{tmp_path}/a.docx: is of a kind that is not read (.docx)"
    )
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")

    def refuse(path: Path) -> io.BufferedReader:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(files, "open_bytes", refuse)
    assert run(tmp_path / "a.txt")[1] == [f"{tmp_path}/a.txt: may not be read; ask for permission to read it"]


def test_a_forbidden_folder_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(folder: Path, onerror: object) -> list[object]:
        onerror(PermissionError(13, "Permission denied", str(folder / "x")))  # type: ignore[operator]
        return []

    monkeypatch.setattr(files.os, "walk", walk)
    assert run(tmp_path)[1] == [f"{tmp_path}/x: may not be read; ask for permission to read it"]


def test_a_name_that_is_too_long_is_an_error() -> None:
    assert "cannot be read (File name too long)" in run("a" * 5000 + ".txt")[1][0]


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to("nowhere")
    (tmp_path / "c.txt").write_text("a", encoding="utf-8")
    reports, errors, notes = run(tmp_path)
    assert len(reports) == len(notes) == 1
    assert errors == [f"{tmp_path}/b.txt: does not exist; check the path"]


def test_a_page_that_breaks_the_parser_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(html: str) -> dict[str, str | None]:
        raise ValueError("too\nodd")

    monkeypatch.setattr(pages, "article", broken)
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (error,) = run(tmp_path / "a.html")[1]
    assert error.startswith(f"{tmp_path}/a.html:1: cannot be taken apart (ValueError: too odd); save")


def test_names_cannot_command_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\n.txt"
    path.write_bytes(b"")
    (error,) = run(path)[1]
    assert "\x1b" not in error
    assert "\n" not in error


STDIN = [
    ("lines", line(text=TEXT) + line(text=OTHER), [TEXT, OTHER]),
    ("list", json.dumps([{"text": TEXT}]).encode(), [TEXT]),
    ("text", TEXT.encode(), [TEXT]),
    ("page", PAGE.encode(), [OTHER]),
    ("1256", TEXT.encode("windows-1256"), [TEXT]),
    ("utf16", line(text=TEXT).decode().encode("utf-16"), [TEXT]),
]


@pytest.mark.parametrize(("name", "data", "texts"), STDIN, ids=[row[0] for row in STDIN])
def test_stdin(monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, texts: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    reports, errors, _ = run("-")
    assert ([report.text for report in reports], errors) == (texts, [])


def test_empty_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert run("-")[1] == ["stdin:1: is empty; remove it, or fill it"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def test_memory_stays_flat(tmp_path: Path, name: str) -> None:
    """A 50 MB line and 20 MB of reports pass through a few megabytes."""
    path = tmp_path / name
    begin, end = {"a.jsonl": ("", "\n"), "a.json": ("[", ",\n"), "a.csv": ("id,text\n", "\n")}[name]
    with path.open("w", encoding="utf-8") as file:
        file.write(begin)
        for number in range(2_000):
            text = f"{number} {OTHER * 40}"
            file.write((f"{number},{text}" if name == "a.csv" else json.dumps({"text": text})) + end)
        for _ in range(50):
            file.write("x" * 1_000_000)
    tracemalloc.start()
    items = [item if isinstance(item, InputError) else None for item in read([path], limit=1_000_000)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (items.count(None), len(items)) == (2_000, 2_001)
    assert "one report may have 1 MB" in str(items[-1])
    assert peak < 12_000_000
