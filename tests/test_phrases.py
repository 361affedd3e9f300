"""Lists of phrases found in one pass: the same as looking for each by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sijill.arabic.numbers import phrase_end, phrases
from sijill.arabic.phrases import Hit, PhraseLists
from sijill.arabic.words import forms, split

WORDS = st.sampled_from(
    ["في", "المباراة", "ومباراة", "سعر", "الصرف", "بسعر", "والصرف", "للمباراة", "كأس", "العالم", "قتل"]
)
LISTS = {"sport": ["مباراة", "كأس العالم", "كأس"], "market": ["سعر الصرف", "الصرف"]}


def slow(words: list[str]) -> list[tuple[int, str, int]]:
    found = []
    for at in range(len(words)):
        for name, values in LISTS.items():
            table = phrases(values)
            keys = [key for form in forms(words[at]) for key in (form.word, form.stem)]
            end = max(phrase_end(table, words, at, key) for key in keys)
            if end > at:
                found.append((at, name, end))
    return found


def in_order(hits: list[Hit]) -> list[tuple[int, str, int]]:
    return sorted((hit.start, hit.name, hit.end) for hit in hits)


@given(st.lists(WORDS, max_size=12))
def test_as_the_slow_way(written: list[str]) -> None:
    words = split(" ".join(written)).words
    assert in_order(PhraseLists(LISTS).find(words)) == sorted(slow(words))


def test_part_of_a_text() -> None:
    words = split("كأس العالم ثم كأس العالم").words
    lists = PhraseLists(LISTS)
    assert lists.find(words, 1) == [Hit("sport", 3, 5, "كاس العالم")]
    assert lists.any(words, 0, 1)
    assert not lists.any(words, 1, 3)


def test_without_the_article_only_where_asked() -> None:
    assert PhraseLists(LISTS).any(["المباراه"])
    assert not PhraseLists(LISTS, bare=False).any(["المباراه"])
