"""How well copies of one text are told from other texts, on made-up reports (`evaluation/copies.yaml`).

    python evaluation/copies.py                         the set on which thresholds were set
    python evaluation/copies.py copies-unseen.yaml      one written afterwards

Copies: other spelling, a dateline, a credit, words exchanged, the last sentence cut, and several of these
at once. No copies: reports of other events, other tellings of one event, both with the same sentences
under them, and one monitor's form filled for another village, toll, day or side.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import msgspec
import yaml

from sijill.copies import Signature, Signer, thresholds
from sijill.lexicon.load import load

HERE = Path(__file__).parent


class Pair(NamedTuple):
    """Two texts, whether they are copies, and what kind of pair it is."""

    kind: str
    copies: bool
    left: str
    right: str


class Result(NamedTuple):
    """What was found: pairs right and wrong by kind, precision, recall, and recall of the bands alone."""

    wrong: Counter[str]
    counts: Counter[str]
    precision: float
    recall: float
    bands: float


def data(name: str = "copies.yaml") -> Any:
    """The reports of a set."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def pairs(name: str = "copies.yaml") -> list[Pair]:
    """Every pair of a set."""
    told = data(name)
    return [*_copies(told), *_others(told), *_forms(told)]


def _copies(told: Any) -> Iterator[Pair]:
    """Texts and what other outlets make of them."""
    for report, tail in product(told["reports"], ["", *told["tails"]]):
        text = f"{report['text']} {tail}".strip()
        changed = {
            "spelling": text.replace("أ", "ا").replace("ة", "ه").replace("ُ", "").replace("،", " ،"),
            "dateline": f"{told['datelines'][0]} {text}",
            "credit": f"{text}\n{told['credits'][0]}",
            "words": _swapped(text, told["swaps"]),
            "cut": text.rstrip(".").rpartition(". ")[0] + ".",
        }
        changed["several"] = (
            f"{told['datelines'][1]} {_swapped(changed['cut'], told['swaps'])} {told['credits'][1]}"
        )
        for kind, other in changed.items():
            yield Pair(f"copy: {kind}", True, text, other)
        yield Pair("copy: of a copy", True, changed["dateline"], changed["several"])


def _swapped(text: str, swaps: dict[str, str]) -> str:
    """The text with some of its words exchanged."""
    return " ".join(swaps.get(word, word) for word in text.split(" "))


def _others(told: Any) -> Iterator[Pair]:
    """Reports of other events, and other tellings of one, alone and over the same sentences."""
    for left, right in combinations(told["reports"], 2):
        kind = "other telling" if left["event"] == right["event"] else "other event"
        for tail in ["", *told["tails"], " ".join(told["tails"])]:
            yield Pair(
                f"{kind}{', same tail' if tail else ''}",
                False,
                f"{left['text']} {tail}",
                f"{right['text']} {tail}",
            )


def _forms(told: Any) -> Iterator[Pair]:
    """One monitor's form for two events that differ in one thing, or in all."""
    fill = told["fillings"]
    usual = {name: words[0] for name, words in fill.items()}
    for form, tail in product(told["forms"], ["", *told["tails"], " ".join(told["tails"])]):
        first = f"{form.format(**usual)} {tail}"
        for name, words in fill.items():
            for word in words[1:]:
                yield Pair(
                    f"form: other {name}", False, first, f"{form.format(**{**usual, name: word})} {tail}"
                )
        last = {name: words[-1] for name, words in fill.items()}
        yield Pair("form: all other", False, first, f"{form.format(**last)} {tail}")


def measure(signer: Signer, found: list[Pair]) -> Result:
    """What a signer makes of the pairs."""
    signatures: dict[str, Signature] = {}
    for pair in found:
        for text in (pair.left, pair.right):
            signatures.setdefault(text, signer.sign(text))
    wrong: Counter[str] = Counter()
    tied = hits = meet = 0
    for pair in found:
        left, right = signatures[pair.left], signatures[pair.right]
        together = left.digest == right.digest or bool({*signer.bands(left)} & {*signer.bands(right)})
        said = together and signer.tie(left, right) is not None
        tied += said
        hits += said and pair.copies
        meet += together and pair.copies
        wrong[pair.kind] += said != pair.copies
    copies = sum(pair.copies for pair in found)
    counts = Counter(pair.kind for pair in found)
    return Result(wrong, counts, hits / tied if tied else 1.0, hits / copies, meet / copies)


def main() -> None:
    """Prints the figures."""
    lexicon, found = load(), pairs(*sys.argv[1:2])
    begin = perf_counter()
    signer = Signer(lexicon)
    result = measure(signer, found)
    print(f"{len(found):,} pairs, {sum(pair.copies for pair in found):,} of them copies")
    print(f"precision {result.precision:.3f}, recall {result.recall:.3f} (bands alone {result.bands:.3f})")
    for kind, count in sorted(result.counts.items()):
        print(f"  {kind:36} {count:5,} pairs, {result.wrong[kind]:4,} wrong")
    for name, values in (
        ("alike", (0.3, 0.4, 0.5, 0.6, 0.7)), ("inside", (0.7, 0.8, 0.9)),
        ("lead_alike", (0.0, 0.4, 0.6, 0.8)),
        ("facts_alike", (0.0, 0.8, 0.9, 1.0)),
    ):  # fmt: skip
        for value in values:
            other = measure(Signer(lexicon, msgspec.structs.replace(thresholds(), **{name: value})), found)
            print(f"{name} {value}: precision {other.precision:.3f}, recall {other.recall:.3f}")
    begin, texts = perf_counter(), sorted({pair.left for pair in found})
    for text in texts:
        signer.sign(text)
    print(f"{len(texts) / (perf_counter() - begin):,.0f} texts signed a second", file=sys.stderr)


if __name__ == "__main__":
    main()
