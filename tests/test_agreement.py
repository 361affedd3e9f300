"""Arabic numbers agree with their nouns: corpus/agreement.txt, one line a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from sijill.publish.agreement import counted, figures, in_digits, listed, words

CORPUS = Path(__file__).parent.parent / "corpus" / "agreement.txt"
LINES = [line for line in CORPUS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("line", LINES)
def test_a_number_with_its_noun(line: str) -> None:
    asked, _, said = line.partition(": ")
    number, noun, case = asked.split()
    assert counted(int(number), noun, "ar", case=case) == said  # type: ignore[arg-type]


def test_every_noun_counts_from_none_to_many() -> None:
    for noun, row in words().nouns.items():
        seen = {counted(number, noun, "ar") for number in (0, 1, 2, 3, 11, 100)}
        assert len(seen) == 6, noun
        assert counted(1, noun, "en") == f"1 {row.en}"
        assert counted(2_000, noun, "en") == f"2,000 {row.en_many}"


def test_digits_by_preference() -> None:
    assert counted(25, "killed", "ar", digits="arabic") == "٢٥ قتيلاً"
    assert figures(1204, "en") == "1,204"
    assert in_digits("2024-03", "arabic") == "٢٠٢٤-٠٣"


def test_lists() -> None:
    assert listed(["a", "b", "c"], "en") == "a, b and c"
    assert listed(["حمص", "حماة"], "ar") == "حمص وحماة"
