"""What must hold of the reader whatever it reads: spans, schema, spelling, swaps, order of files."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sijill
from sijill.arabic.fold import fold_words, plain
from sijill.arabic.words import split
from sijill.records import CodedReport, Report, encode, json_schema

REPORTS = [
    Report(**{key: value for key, value in json.loads(line).items() if key in Report.__struct_fields__})
    for line in (Path(__file__).parent.parent / "examples" / "reports.jsonl").read_text("utf-8").splitlines()
]
SCHEMA = jsonschema.Draft202012Validator(json_schema())
BY_ID = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.id)


@lru_cache(maxsize=256)
def read(report: Report) -> CodedReport:
    return sijill.code(report.text, title=report.title, published=report.published, id=report.id)


def fields(report: Report) -> dict[str, str]:
    return {"text": report.text, "title": report.title or ""}


def records(coded: CodedReport) -> list[Any]:
    return [*coded.incidents, *coded.tallies, *coded.control, *coded.assessments]


def check_spans(report: Report, coded: CodedReport) -> None:
    for record in records(coded):
        told = json.loads(encode_any(record))
        for pointer, spans in record.evidence.items():
            assert spans, f"{record.id}{pointer}: no span"
            value_at(told, pointer)
            for span in spans:
                assert 0 <= span.start < span.end <= len(fields(report)[span.field]), (
                    record.id,
                    pointer,
                    span,
                )
    for span in coded.unread:
        assert 0 <= span.start < span.end <= len(fields(report)[span.field])


def encode_any(record: object) -> bytes:
    return msgspec.json.encode(record)


def value_at(record: Any, pointer: str) -> Any:
    """What a JSON pointer of the evidence points at; it must be there."""
    for part in pointer.split("/")[1:]:
        record = record[int(part)] if isinstance(record, list) else record[part]
    return record


# --- spans and schema


@BY_ID
def test_spans_and_schema(report: Report) -> None:
    coded = read(report)
    check_spans(report, coded)
    SCHEMA.validate(json.loads(encode(coded)))


KNOWN: dict[str, str] = {}


def known(values: Iterable[Any], reasons: Mapping[str, str], name: Callable[[Any], str] = str) -> list[Any]:
    """Test cases, those with a known fault marked as such."""
    marks = {key: pytest.mark.xfail(strict=True, reason=reason) for key, reason in reasons.items()}
    return [pytest.param(v, id=name(v), marks=marks.get(name(v), ())) for v in values]


@pytest.mark.parametrize("report", known(REPORTS, KNOWN, lambda report: report.id))
def test_quoted_words_stand_where_the_evidence_points(report: Report) -> None:
    for mention in read(report).incidents:
        words = {
            pointer: [plain(fields(report)[s.field][s.start : s.end]) for s in spans]
            for pointer, spans in mention.evidence.items()
        }
        if mention.date and mention.date.text:
            assert mention.date.text in words["/date"]
        if mention.place and "/place" in words:
            name = fold_words(mention.place.name)
            assert any(name in fold_words(quote) for quote in words["/place"]), (name, words["/place"])


# --- spelling: nothing but offsets may change


def tatweel(text: str, chance: random.Random) -> str:
    return re.sub(
        "(?<=[بتثجحخسشصضطظعغفقكلمنهي])(?=[\u0621-\u064a])", lambda _: chance.choice(["", "", "ـ", "ــ"]), text
    )


def diacritics(text: str, chance: random.Random) -> str:
    return re.sub(
        "(?<=[\u0621-\u064a])", lambda _: chance.choice(["", "", "\u064e", "\u0651\u064f", "\u0652"]), text
    )


def arabic_digits(text: str, _: random.Random) -> str:
    return text.translate({ord("0") + n: 0x660 + n for n in range(10)})


def persian_digits(text: str, _: random.Random) -> str:
    return arabic_digits(text, _).translate({0x660 + n: 0x6F0 + n for n in range(10)})


def latin_digits(text: str, _: random.Random) -> str:
    return text.translate({0x660 + n: ord("0") + n for n in range(10)})


def persian_letters(text: str, _: random.Random) -> str:
    return text.replace("ي", "ی").replace("ك", "ک")


def direction_marks(text: str, chance: random.Random) -> str:
    return re.sub(r"\b", lambda _: chance.choice(["", "", "\u200f", "\u200e", "\u202b", "\u2069"]), text)


def line_ends(text: str, _: random.Random) -> str:
    return text.replace("\n", "\r\n")


def no_break_spaces(text: str, chance: random.Random) -> str:
    return re.sub(" ", lambda _: chance.choice([" ", "\u00a0", "\u202f"]), text)


def byte_order_mark(text: str, _: random.Random) -> str:
    return "\ufeff" + text


CHANGES: list[Callable[[str, random.Random], str]] = [
    tatweel, diacritics, arabic_digits, persian_digits, latin_digits, persian_letters, direction_marks,
    line_ends, no_break_spaces, byte_order_mark,
]  # fmt: skip


def without_places(coded: CodedReport) -> Any:
    """The coded report without offsets, digests and the spelling of quoted words."""

    def bare(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: bare(v, k) for k, v in value.items() if k not in ("evidence", "unread", "report")}
        if isinstance(value, list):
            return [bare(item) for item in value]
        return fold_words(value) if isinstance(value, str) else value

    return bare(json.loads(encode(coded)))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@BY_ID
def test_spelling_changes_offsets_only(report: Report, change: Callable[[str, random.Random], str]) -> None:
    chance = random.Random(report.id)
    title = change(report.title, chance) if report.title else None
    changed = Report(id=report.id, text=change(report.text, chance), title=title, published=report.published)
    coded = read(changed)
    check_spans(changed, coded)
    assert without_places(coded) == without_places(read(report))
    for record, before in zip(records(coded), records(read(report)), strict=True):
        assert quotes(changed, record) == quotes(report, before)


def quotes(report: Report, record: Any) -> dict[str, list[str]]:
    """The words that the evidence of a record points at, levelled; not how they are cut into spans."""
    return {
        pointer: [
            word
            for s in spans
            for word in split(fields(report)[s.field][s.start : s.end]).words
            if word.isalnum()
        ]
        for pointer, spans in record.evidence.items()
    }


# --- one name for another: only that field changes

SENTENCE = (
    "قُتل خمسة مدنيين وأصيب سبعة آخرون، أمس الخميس، في هجوم مسلح شنه {actor} على قرية قرب {place}، "
    "وفق مصادر محلية."
)
ACTORS = {
    "تنظيم داعش": "IS", "قوات النظام": "SY-GOV", "قوات سوريا الديمقراطية": "SDF", "هيئة تحرير الشام": "HTS",
    "حزب العمال الكردستاني": "PKK", "الجيش الوطني السوري": "SNA", "مسلحون مجهولون": "UNKNOWN",
    "الحشد الشعبي": "PMF", "قوات البيشمركة": "PESHMERGA", "حركة حماس": "HAMAS",
}  # fmt: skip
PLACES = {
    "دير الزور": "SY09", "الميادين": "SY09", "البوكمال": "SY09", "السخنة": "SY04", "تدمر": "SY04",
    "السلمية": "SY05", "جسر الشغور": "SY07", "عين العرب": "SY02", "القامشلي": "SY08", "تل أبيض": "SY11",
    "بعقوبة": "IQG10", "تلعفر": "IQG15", "الرطبة": "IQG01", "الفلوجة": "IQG01", "الطارمية": "IQG08",
}  # fmt: skip


def one(actor: str = "تنظيم داعش", place: str = "تدمر") -> dict[str, Any]:
    coded = sijill.code(SENTENCE.format(actor=actor, place=place), published="2024-04-19")
    assert len(coded.incidents) == 1, [m.action for m in coded.incidents]
    found: dict[str, Any] = json.loads(encode(coded))["incidents"][0]
    del found["evidence"]
    if found["place"]:
        del found["place"]["candidates"]  # how likely the others are depends on all that is named
    return found


@pytest.mark.parametrize("actor", ACTORS)
def test_another_actor_changes_the_actor_only(actor: str) -> None:
    told, usual = one(actor=actor), one()
    assert [code.split("/")[0] for code in told.pop("actors")] == [ACTORS[actor]]
    usual.pop("actors")
    assert told == usual


PLACES_KNOWN = {"الميادين": "a town with the name of an outlet is taken for the source as well"}


@pytest.mark.parametrize("place", known(PLACES, PLACES_KNOWN))
def test_another_place_changes_the_place_only(place: str) -> None:
    told, usual = one(place=place), one()
    where = told.pop("place")
    assert (where["name"], where["admin1"]) == (place, PLACES[place])
    usual.pop("place")
    assert told == usual


NUMBERS = {"3": 3, "ثلاثة": 3, "12": 12, "اثني عشر": 12, "٢٥": 25, "خمسة وعشرين": 25, "120": 120}


@pytest.mark.parametrize("number", NUMBERS)
def test_another_number_changes_the_figure_only(number: str) -> None:
    text = "أسفر هجوم شنه تنظيم داعش قرب تدمر، أمس، عن مقتل {} من عناصر قوات النظام."
    told, usual = (
        json.loads(encode(sijill.code(text.format(n), published="2024-04-19")))["incidents"][0]
        for n in (number, "7")
    )
    assert told.pop("casualties")[0]["low"] == NUMBERS[number]
    usual.pop("casualties")
    told.pop("evidence"), usual.pop("evidence")
    assert told == usual


# --- the order of files


def test_the_order_of_lexicon_files_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from sijill.lexicon import compile as compiling
    from sijill.lexicon.load import DATA

    usual, faults = compiling.build([DATA])
    assert not faults
    files = compiling.data_files([DATA])
    random.Random(5).shuffle(files)
    monkeypatch.setattr(compiling, "data_files", lambda folders: files)
    shuffled, _ = compiling.build([DATA])
    assert shuffled == usual


# --- anything at all

WORDS = sorted({word for report in REPORTS for word in report.text.split()})
TEXT = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), max_size=30).map("".join),
)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, st.one_of(st.none(), TEXT), st.sampled_from([None, "2024-04-19", "1999-12-31"]))
def test_any_text(text: str, title: str | None, published: str | None) -> None:
    report = Report(id="any", text=text, title=title, published=published)
    coded = sijill.code(text, title=title, published=published, id="any")
    check_spans(report, coded)
    SCHEMA.validate(json.loads(encode(coded)))
    assert sijill.code(text, title=title, published=published, id="any") == coded


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join), st.dates(min_value=date(1900, 1, 1)))
def test_any_day(text: str, day: Any) -> None:
    sijill.code(text, published=day.isoformat())


STOPPED = {
    "أبريل٢هجوم": "",
    "يسيطر التنظيم على 4.² % من مساحة البلاد": "",
    "وقع الهجوم في 7:² مساء": "",
    "² قتلى في ٢٠٢٤": "",
    "1" * 60: "",
    "﷽ قتل 5 ﷺ": "",
}
"""Texts that once stopped the reader; those with a reason still do."""


@pytest.mark.parametrize("text", known(STOPPED, {text: reason for text, reason in STOPPED.items() if reason}))
def test_text_that_stopped_the_reader(text: str) -> None:
    sijill.code(text, published="2024-04-19")
