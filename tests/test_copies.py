"""Copies of one text are tied, other texts are not; the figures on the made-up corpus have floors."""

from __future__ import annotations

import hashlib
import importlib.util
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from sijill.copies import Copies, Signature, Signer, alike
from sijill.lexicon.load import load

TEXT = (
    "قُتل ثلاثة عناصر من قوات سوريا الديمقراطية وأصيب اثنان آخران، مساء الأحد، إثر هجوم شنه مسلحون على حاجز "
    "عسكري عند مدخل بلدة الشحيل شرقي دير الزور، وقال مصدر محلي إن المهاجمين لاذوا بالفرار باتجاه البادية"
)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer(load())


@pytest.fixture(scope="module")
def corpus() -> ModuleType:
    path = Path(__file__).parent.parent / "evaluation" / "copies.py"
    spec = importlib.util.spec_from_file_location("evaluation_copies", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_precision_and_recall_have_floors(signer: Signer, corpus: ModuleType) -> None:
    result = corpus.measure(signer, corpus.pairs())
    assert sum(result.counts.values()) > 1000
    assert result.precision >= 0.99
    assert result.recall >= 0.95
    assert result.bands >= 0.98


def test_a_tie_has_no_direction(signer: Signer, corpus: ModuleType) -> None:
    for pair in corpus.pairs()[::23]:
        left, right = signer.sign(pair.left), signer.sign(pair.right)
        assert signer.tie(left, right) == signer.tie(right, left)
        assert signer.tie(left, left) == "same_words" and alike(left, left) == 1.0


CHANGES = [
    (TEXT.replace("أ", "ا").replace("ُ", ""), "same_words"),
    (f"خاص: {TEXT}", "near"),
    (TEXT.replace("لاذوا بالفرار", "هربوا"), "near"),
    (TEXT.replace("ثلاثة", "أربعة"), None),
    (TEXT.replace("الشحيل", "البصيرة"), None),
    (TEXT.replace("الأحد", "الاثنين"), None),
    (TEXT.replace("قوات سوريا الديمقراطية", "الجيش السوري"), None),
]


@pytest.mark.parametrize(("other", "tie"), CHANGES)
def test_what_makes_another_text(signer: Signer, other: str, tie: str | None) -> None:
    assert signer.tie(signer.sign(TEXT), signer.sign(other)) == tie


def test_signatures_can_be_kept_and_compared_with_those_of_other_runs(signer: Signer) -> None:
    signature = signer.sign(TEXT)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(signature), type=Signature)
    assert kept == signature == Signer(load()).sign(TEXT)
    assert hashlib.sha256(signature.hashes).hexdigest()[:16] == "5a158339cf8751c2"
    keys = signer.bands(signature)
    assert len(keys) == signer.told.bands and all(-(1 << 63) <= key < 1 << 63 for key in keys)


@pytest.mark.parametrize("text", ["", "قتل", "قُتل عنصران في هجوم قرب السخنة"])
def test_short_texts_are_copies_only_word_for_word(signer: Signer, text: str) -> None:
    signature = signer.sign(text)
    assert signer.bands(signature) == []
    assert signer.tie(signature, signer.sign(text)) == "same_words"
    assert signer.tie(signature, signer.sign(f"{text} x")) is None


def test_the_first_that_told_it_leads(signer: Signer) -> None:
    known: dict[int, list[tuple[str, Signature]]] = defaultdict(list)

    def find(keys: list[int]) -> list[tuple[str, Signature]]:
        return list(dict.fromkeys(one for key in keys for one in known[key]))

    copies = Copies(signer, find)
    leaders = []
    for name, text in (
        ("a", TEXT),
        ("b", f"خاص: {TEXT}"),
        ("c", TEXT.replace("ثلاثة", "أربعة")),
        ("d", TEXT),
    ):
        signature = signer.sign(text)
        leaders.append(copies.leader(signature))
        for key in signer.bands(signature):
            known[key].append((name, signature))
    assert leaders == [None, ("a", "near"), None, ("a", "same_words")]
