"""Spelling: every row of corpus/fold.txt, and the map back to the text as it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_rows import CORPUS, Row, rows
from sijill.arabic.fold import fold, fold_words
from sijill.arabic.words import forms, split

ROWS = rows("fold.txt")
LETTERS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.characters(min_codepoint=0xFB50, max_codepoint=0xFEFC),
        st.sampled_from(" \n\r\t.،؟\u200f\u200e\u0640\u064b\u0651abc12😀"),
        st.characters(),
    ),
    max_size=60,
)


def written(phrase: str) -> str:
    """The phrase with its escapes resolved."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found.group(1), 16)), phrase)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_row(row: Row) -> None:
    assert [fold(written(row.phrase)).text.rstrip()] == row.expected, row.place


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_twice_is_once(row: Row) -> None:
    once = fold(written(row.phrase)).text
    assert fold(once).text == once


def test_the_file_has_no_invisible_marks() -> None:
    text = (CORPUS / "fold.txt").read_text(encoding="utf-8")
    assert not re.findall("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text)


@pytest.mark.parametrize(
    ("source", "words", "quote"),
    [
        ("قُتِلَ عنصرٌ", (0, 1), "قُتِلَ"),
        ("قُتِلَ عنصرٌ", (1, 2), "عنصرٌ"),
        ("قـــتل\r\nعنصر", (0, 1), "قـــتل"),
        ("\u200fقتل\u200e عنصر", (0, 1), "قتل"),
        ("في #دير_الزور أمس", (1, 3), "دير_الزور"),
        ("بلغ ١٬٢٠٠ قتيل", (1, 2), "١٬٢٠٠"),
        ("«داعش» تتبنى", (1, 2), "داعش"),
        ("مقتل15 عنصرا", (1, 2), "15"),
        ("😀😀 قتل", (2, 3), "قتل"),
        ("قال ﷺ أمس", (4, 5), "ﷺ"),
    ],
)
def test_spans_lead_back(source: str, words: tuple[int, int], quote: str) -> None:
    start, end = split(source).span(*words)
    assert source[start:end] == quote


@given(LETTERS)
def test_every_word_has_its_place(source: str) -> None:
    text = split(source)
    before = 0
    for at, word in enumerate(text.words):
        start, end = text.span(at, at + 1)
        assert 0 <= start < end <= len(source)
        assert before <= start, "words stand in order"
        before = start
        levelled = fold(source[start:end]).text
        assert word in levelled or word in levelled.replace(" ", "")  # a word written with blanks in it


@given(LETTERS)
def test_the_map_is_monotonous(source: str) -> None:
    folded = fold(source)
    assert len(folded.offsets) == len(folded.text)
    assert all(a <= b for a, b in zip(folded.offsets, folded.offsets[1:], strict=False))
    assert fold_words(source) == " ".join(folded.text.split())
    assert fold_words(folded.text) == fold_words(fold_words(source))


@given(LETTERS)
def test_sentences_cover_words_once(source: str) -> None:
    text = split(source)
    ends = 0
    for first, last in text.sentences:
        assert ends <= first < last <= len(text.words)
        ends = last


@given(st.text(st.characters(min_codepoint=0x621, max_codepoint=0x64A), min_size=1, max_size=12))
def test_a_word_is_taken_apart_without_loss(word: str) -> None:
    for form in forms(word):
        assert form.stem
        assert word.endswith(form.stem)
        assert word.startswith(form.conjunction + form.preposition)
    assert forms(word)[-1] is not None
