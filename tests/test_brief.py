"""Briefs: what they count, how they say it, and that every form can be opened by others."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import docx
import pypdf
import pytest

import publish_sample as made
from sijill.cli.main import run
from sijill.incidents import Figure, Incident
from sijill.publish import period
from sijill.publish.blocks import Bullets, Chart, Grid, Heading, Numbers, Paragraph
from sijill.publish.brief import Marks, compose
from sijill.publish.checks import checks
from sijill.publish.names import Label, names
from sijill.publish.profile import profile
from sijill.publish.summary import Summary, revision, summarise
from sijill.records import Place, Tally
from sijill.tally.table import Table
from test_safe_profile import LATIN, bearing, inputs, leaks, planted  # the planted secrets

__all__ = ["bearing", "planted"]

MARCH = period.parse("2024-03")


def told(number: int, source: str, day: str, *, superseded: bool = False) -> Figure:
    return made.figure("killed", "SY-GOV", number, source, published=day, superseded=superseded)


REVISED = made.incident(
    20, date="2024-03-12", start="2024-03-12", end="2024-03-12", action="ambush", place=made.HOMS,
    sources=["SOHR", "medical"],
    tolls=[
        made.toll(
            "killed", "SY-GOV", 19, told(7, "SOHR", "2024-03-04", superseded=True),
            told(19, "medical", "2024-03-06"),
        ),
    ],
)  # fmt: skip
BEFORE = made.incident(21, date="2024-02-10", start="2024-02-10", end="2024-02-10")


def rows() -> list[Incident]:
    return [*made.sample(), REVISED, BEFORE]


def summary(incidents: list[Incident] | None = None) -> Summary:
    return summarise(rows() if incidents is None else incidents, MARCH)


@pytest.mark.parametrize(
    ("text", "first", "last", "before"),
    [
        ("2024-03", "2024-03-01", "2024-03-31", "2024-02-01"),
        ("2024-01", "2024-01-01", "2024-01-31", "2023-12-01"),
        ("2024-W10", "2024-03-04", "2024-03-10", "2024-02-26"),
        ("2024-03-04/2024-03-06", "2024-03-04", "2024-03-06", "2024-03-01"),
    ],
)
def test_periods(text: str, first: str, last: str, before: str) -> None:
    found = period.parse(text)
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert found.before().first == date.fromisoformat(before)
    assert found.before().last.toordinal() == found.first.toordinal() - 1


@pytest.mark.parametrize("text", ["2024", "2024-13", "2024-W60", "2024-03-09/2024-03-01", "March"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(Exception, match=r"is no period; write 2024-03"):
        period.parse(text)


def test_only_what_happened_in_the_period_is_counted() -> None:
    found = summary()
    # not: 5 denied, 6 undated, 8 foiled, 10 and 21 in February
    assert found.total.incidents == 8
    assert found.total.killed == 3 + 5 + 12 + 19
    assert found.total.civilians == 17
    assert found.earlier.incidents == 2
    assert found.undated == 1
    assert found.places["SY04"].killed == 24
    assert found.days[date(2024, 3, 4)] == 6
    assert [one.id[-2:] for one in found.deadliest] == ["14", "04", "02", "01"]


def test_nothing_told_is_not_zero() -> None:
    found = summary([made.incident(1, tolls=[])])
    assert (found.total.incidents, found.total.killed) == (1, None)


def test_revised_tolls_run_from_the_first_figure_to_the_best() -> None:
    change = revision(REVISED)
    assert change is not None and (change.first, change.best) == (7, 19)
    assert revision(made.incident(1)) is None


def test_published_figures_are_checked_under_their_scope() -> None:
    def published(number: int, **more: object) -> Tally:
        given: dict[str, object] = {"measure": "killed", "low": 20, "high": 20, "period": "2024-03"}
        return Tally(**(given | {"id": f"t{number}"} | more))  # type: ignore[arg-type]

    tallies = [
        published(1), published(2, by="IS"), published(3, group="CIV"), published(4, measure="incidents"),
        published(5, place=Place(name="حمص", admin1="SY04", precision="admin1")), published(6, period="2023"),
        published(7, period="2024-02-01/2024-03-31"), published(8, low=None, high=None),
    ]  # fmt: skip
    found = {one.tally.id: (one.own, one.result) for one in checks(Table.of(rows()), tallies, MARCH)}
    assert found["t1"] == (39, "more")
    assert found["t3"] == (17, "fewer")
    assert found["t5"] == (24, "more")
    assert found["t7"] == (42, "more")
    assert not {"t6", "t8"} & set(found)
    told = text("ar", checks=checks(Table.of(rows()), tallies[6:7], MARCH))
    assert "(قتلى، من 1 شباط/فبراير 2024 إلى 31 آذار/مارس 2024). وفي السجل 42: أكثر مما نُشر." in told


def marks(name: str = "public", **more: object) -> Marks:
    return Marks(profile=profile(name), today="2024-04-02", head="a" * 64, **more)  # type: ignore[arg-type]


def text(lang: str, found: Summary | None = None, **more: object) -> str:
    brief = compose(found or summary(), names(), marks(**more), lang)  # type: ignore[arg-type]
    parts: list[str] = []
    for block in brief.blocks:
        if isinstance(block, Heading | Paragraph):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts += block.items
        elif isinstance(block, Numbers):
            parts += [" ".join(item) for item in block.items]
        elif isinstance(block, Grid):
            parts += [" | ".join(row) for row in (block.head, *block.rows)]
    return "\n".join(parts)


def test_arabic_reads_as_a_person_writes_it() -> None:
    said = text("ar")
    for part in (
        "الموجز الشهري: آذار/مارس 2024",
        "وثّق السجل ثماني حوادث خلال آذار/مارس 2024، ورد فيها مقتل 39 شخصاً على الأقل وإصابة أحد عشر شخصاً.",
        "ومن بين القتلى سبعة عشر مدنياً",
        "وفي شباط/فبراير 2024 كانت الحصيلة حادثتين ومقتل ثلاثة أشخاص، أي بزيادة قدرها 1200% في عدد القتلى.",
        "راجع شخصٌ حادثة واحدة من أصل ثماني حوادث",
        "12 آذار/مارس: كمين في حمص، تسعة عشر قتيلاً، ونسبتها المصادر إلى تنظيم الدولة (داعش).",
        "من 7 إلى 19 من القتلى. المصادر: المرصد السوري لحقوق الإنسان، مصادر طبية.",
        "الأرقام حدود دنيا موثّقة",
    ):
        assert part in said, part
    assert not re.search("[a-z]{3,}", said.replace("a" * 16, ""))


def test_english_says_the_same() -> None:
    said = text("en")
    for part in (
        "The register holds 8 incidents for March 2024, in which at least 39 people were reported killed",
        "In February 2024 it was 2 incidents and 3 killed, so that killings rose by 1,200 %.",
        "12 March: ambush in Homs city: 19 killed; the sources name Islamic State (IS).",
        "Homs | 4 | 24 | 5 | 11 | not told",
    ):
        assert part in said, part


def test_digits_by_preference() -> None:
    said = text("ar", digits="arabic")
    assert "مقتل ٣٩ شخصاً" in said
    assert not re.search("[0-9]", said.replace("a" * 16, "").split("أُعدّ في")[0])


def test_small_cells_of_tables_are_not_told() -> None:
    found = summary([made.incident(1, tolls=[made.toll("killed", "CIV", 2)])])
    assert "Deir-ez-Zor | < 3 | < 3 | < 3 | not told" in text("en", found)
    assert "Deir-ez-Zor | 1 | 2 | 2 | not told" in text("en", found, name="internal")


def test_alarms_where_somebody_looked() -> None:
    assert "Alarms" not in text("en")
    assert "No series of the period stands out" in text("en", alarms=[])
    assert "تنبيهات\nارتفاع" in text("ar", alarms=[Label("a surge", "ارتفاع")])


def test_a_surge_is_told_in_the_brief_of_its_month(tmp_path: Path) -> None:
    """Two quiet years and a month with one attack a day: `sijill watch` finds it, the brief tells it."""
    quiet = [
        made.incident(
            1000 + at, date=day, start=day, end=day, first_published=day, last_published=day, tolls=[]
        )
        for at, day in enumerate(date.fromordinal(738157 + 7 * week).isoformat() for week in range(110))
    ]
    loud = [
        made.incident(5000 + at, date=f"2024-03-{at % 28 + 1:02}", start=f"2024-03-{at % 28 + 1:02}",
                      end=f"2024-03-{at % 28 + 1:02}", first_published="2024-03-30",
                      last_published="2024-03-31", tolls=[])
        for at in range(84)
    ]  # fmt: skip
    source = made.write(tmp_path / "i.jsonl", [*quiet, *loud])
    out = tmp_path / "b.html"
    given = ["--incidents", str(source), "--period", "2024-03", "--lang", "both", "--out", str(out)]
    assert run(["brief", *given]) == 0
    page = out.read_text(encoding="utf-8")
    assert "Alarms" in page and "Deir-ez-Zor, week of 2024-02-26" in page
    assert "دير الزور، أسبوع 2024/02/26" in page


def test_a_month_without_incidents_is_no_proof() -> None:
    said = text("en", summary([]))
    assert "That is no proof that nothing happened." in said
    assert "Caveats" in said


@pytest.fixture
def out(tmp_path: Path) -> dict[str, Path]:
    """A brief in every form, in both languages."""
    source = made.write(tmp_path / "i.jsonl", rows())
    files = {form: tmp_path / f"b.{form}" for form in ("html", "pdf", "docx")}
    given = [part for path in files.values() for part in ("--out", str(path))]
    assert run(["brief", "--incidents", str(source), "--period", "2024-03", "--lang", "both", *given]) == 0
    return files


def test_html_is_one_file_that_asks_for_no_other(out: dict[str, Path]) -> None:
    page = out["html"].read_text(encoding="utf-8")
    assert page.count("<article") == 2
    assert '<html lang="ar" dir="rtl">' in page
    assert not re.search(r'(src|href)="|@import|url\(', page)
    assert page.count("<svg") == 8
    assert "<title>" in page and "@media print" in page


def test_pdf_holds_the_text_in_reading_order(out: dict[str, Path]) -> None:
    reader = pypdf.PdfReader(out["pdf"])
    said = "\n".join(page.extract_text() for page in reader.pages)
    assert "The register holds 8 incidents for March 2024" in said.replace("\n", " ")
    assert reader.metadata is not None
    assert reader.metadata.author == "Sijill"
    assert str(reader.metadata.title).startswith("الموجز الشهري")
    fonts = {str(font) for page in reader.pages for font in page["/Resources"]["/Font"].get_object()}  # type: ignore[index]
    assert fonts, "fonts are in the file"


def test_word_runs_from_the_right(out: dict[str, Path]) -> None:
    document = docx.Document(str(out["docx"]))
    first = document.paragraphs[0]
    assert first.text == "الموجز الشهري: آذار/مارس 2024"
    assert first._p.pPr.find(docx.oxml.ns.qn("w:bidi")) is not None
    assert first.runs[0]._r.rPr.find(docx.oxml.ns.qn("w:rtl")) is not None
    tables = [table._tbl.tblPr.find(docx.oxml.ns.qn("w:bidiVisual")) is not None for table in document.tables]
    assert tables == [True, True, True, False, False, False]
    assert len(document.inline_shapes) == 8
    assert document.core_properties.author == "Sijill"


def test_no_secret_in_any_form(tmp_path: Path) -> None:
    folder = tmp_path / LATIN
    folder.mkdir()
    made.write(folder / f"{LATIN}.jsonl", planted())
    for name in ("m", "c", "t"):
        made.write(folder / f"{name}.jsonl", [])
    for form in ("html", "pdf", "docx"):
        target = tmp_path / f"b.{form}"
        given = [*inputs(folder), "--period", "2024-03", "--lang", "both", "--out", str(target)]
        assert run(["brief", *given]) == 0
        assert leaks(target) == []
        assert run(["brief", *given, "--profile", "internal"]) == 0
        assert form == "pdf" or leaks(target), "the internal form holds them: the search is no sham"


def test_it_says_what_cannot_be(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = str(made.write(tmp_path / "i.jsonl", rows()))
    for arguments, said in (
        (["--period", "soon", "--out", str(tmp_path / "b.pdf")], "is no period"),
        (["--period", "2024-03", "--out", str(tmp_path / "b.odt")], "a brief is .html, .pdf or .docx"),
        (["--period", "2024-03", "--out", str(tmp_path / "no" / "b.pdf")], "does not exist; make it first"),
    ):
        assert run(["brief", "--incidents", source, *arguments]) == 2
        assert said in capfd.readouterr().err


def test_a_missing_extra_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = str(made.write(tmp_path / "i.jsonl", rows()))
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    given = ["brief", "--incidents", source, "--period", "2024-03", "--out", str(tmp_path / "b.pdf")]
    assert run(given) == 2
    assert "pip install 'sijill[charts]'" in capfd.readouterr().err
    assert not (tmp_path / "b.pdf").exists()


def test_charts_of_a_brief_carry_their_numbers() -> None:
    brief = compose(summary(), names(), marks(), "en")
    specs = [block.spec for block in brief.blocks if isinstance(block, Chart)]
    assert [spec.kind for spec in specs] == ["map", "line", "timeline", "toll-history"]
    assert dict(zip(specs[0].categories, specs[0].series[0].values, strict=True)) == {"SY04": 24, "SY09": 15}
    assert sum(value or 0 for value in specs[1].series[0].values) == 7
    assert io.StringIO(specs[3].title.en).read() == "How a toll changed: Homs city"
