"""Whether two reports are copies of one agency text, so that they count as one source.

A text is cut into shingles of folded words. A minhash estimates how many shingles two texts share
(A. Z. Broder, 'On the resemblance and containment of documents', 1997); bands of its values find those
worth comparing without comparing all. Being alike is not enough: monitors write a hundred reports with
the same sentences. So the openings are compared too, and what they say of figures, days, places and
actors must agree, else two events in two villages would be one text.

What is kept of a text is a `Signature`; thresholds stand in `data/copies.yaml`.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt
import yaml

from sijill.arabic.numbers import Numbers
from sijill.arabic.words import split
from sijill.lexicon.entries import Compiled
from sijill.lexicon.finder import Finder
from sijill.lexicon.load import DATA

Tie = Literal["same_words", "near"]
_NAMED = ("place", "actor")


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The values of `copies.yaml`."""

    words: int
    least: int
    hashes: int
    bands: int
    alike: float
    short: int
    alike_short: float
    inside: float
    lead: int
    lead_alike: float
    facts_alike: float


class Signature(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a text: digest of its folded words, how many they are, minhash values (uint32,
    little-endian), shingles and facts of its opening, each followed by those of twice as much."""

    digest: bytes
    words: int
    hashes: bytes
    lead: frozenset[int]
    opening: frozenset[int]
    facts: frozenset[int]
    more_facts: frozenset[int]


@lru_cache(maxsize=1)
def thresholds(folder: Path = DATA) -> Thresholds:
    """The values of `copies.yaml`."""
    return msgspec.convert(yaml.safe_load((folder / "copies.yaml").read_text(encoding="utf-8")), Thresholds)


class Signer:
    """Makes signatures; one lexicon and one set of thresholds."""

    def __init__(self, lexicon: Compiled, told: Thresholds | None = None) -> None:
        self.told = told or thresholds()
        self._finder = Finder(lexicon)
        self._numbers = Numbers(lexicon.tables["numbers"])
        dates = lexicon.tables["dates"]
        rows = (*dates["months"].values(), *dates["weekdays"].values())
        self._days = {word for row in rows for name in row for word in split(str(name)).words}
        # fixed factors, so that signatures of different runs can be compared
        chance = np.random.Generator(np.random.PCG64(20240419))
        self._factors = chance.integers(1, 1 << 31, self.told.hashes, dtype=np.uint64) * 2 + 1
        self._shifts = chance.integers(0, 1 << 62, self.told.hashes, dtype=np.uint64)

    def sign(self, text: str) -> Signature:
        """The signature of a text."""
        words = [word for word in split(text).words if word[0].isalnum()]
        told = self.told
        shingles = _shingles(words, told.words)
        lead, opening = words[: told.lead], words[: 2 * told.lead]
        facts = list(self._facts(opening))
        return Signature(
            digest=hashlib.sha256(" ".join(words).encode()).digest()[:16],
            words=len(words),
            hashes=self._minhash(shingles).tobytes() if len(words) >= told.least else b"",
            lead=frozenset(_shingles(lead, told.words).tolist()),
            opening=frozenset(_shingles(opening, told.words).tolist()),
            facts=frozenset(fact for fact, end in facts if end <= told.lead),
            more_facts=frozenset(fact for fact, _ in facts),
        )

    def sketch(self, words: Sequence[str]) -> Signature:
        """What finds copies and rules most others out, of folded words that are split already: a
        signature without openings and facts, at a fraction of the cost. Compare it by `may_tie` only."""
        return Signature(
            digest=hashlib.sha256(" ".join(words).encode()).digest()[:16],
            words=len(words),
            hashes=self._minhash(_shingles(words, self.told.words)).tobytes()
            if len(words) >= self.told.least
            else b"",
            lead=frozenset(), opening=frozenset(), facts=frozenset(), more_facts=frozenset(),
        )  # fmt: skip

    def may_tie(self, one: Signature, other: Signature) -> bool:
        """May two texts be one, as far as their words are alike? Their openings and facts decide."""
        told = self.told
        if not one.hashes or not other.hashes:
            return False
        needed = told.alike_short if min(one.words, other.words) < told.short else told.alike
        share = alike(one, other)
        inside = share / (1 + share) * (one.words + other.words) / min(one.words, other.words)
        return share >= needed or inside >= told.inside

    def _minhash(self, shingles: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
        """The least value of each hash over all shingles (multiply-shift, 32 bits of 64)."""
        with np.errstate(over="ignore"):
            hashed = (shingles[:, None] * self._factors[None, :] + self._shifts[None, :]) >> np.uint64(32)
        least: npt.NDArray[np.uint32] = hashed.min(axis=0).astype("<u4")
        return least

    def _facts(self, words: list[str]) -> Iterator[tuple[int, int]]:
        """Figures, days, places and actors of an opening: a hash of their words, and where they end."""
        for at, word in enumerate(words):
            if word[:1].isdecimal() or word in self._days or self._numbers.may_start(word):
                yield zlib.crc32(word.encode()), at + 1
        for match in self._finder.find(words):
            if match.kind in _NAMED and match.entry.role != "variant":
                name = " ".join([match.form.stem, *words[match.start + 1 : match.end]])
                yield zlib.crc32(name.encode()), match.end

    def bands(self, signature: Signature) -> list[int]:
        """Keys (64 bits, signed) of which copies share at least one, nearly always; none for a short text."""
        if not signature.hashes:
            return []
        size = len(signature.hashes) // self.told.bands
        parts = (signature.hashes[at : at + size] for at in range(0, size * self.told.bands, size))
        return [
            int.from_bytes(
                hashlib.blake2b(part, digest_size=8, salt=number.to_bytes(2)).digest(), signed=True
            )
            for number, part in enumerate(parts)
        ]

    def tie(self, one: Signature, other: Signature) -> Tie | None:
        """How two texts are tied; None where they are two texts."""
        if one.digest == other.digest:
            return "same_words"
        return "near" if self._near(one, other) else None

    def _near(self, one: Signature, other: Signature) -> bool:
        """Are two texts one text, but for small changes?"""
        told = self.told
        if not self.may_tie(one, other):
            return False
        openings = max(_held(one.lead, other.opening), _held(other.lead, one.opening))
        facts = max(_held(one.facts, other.more_facts), _held(other.facts, one.more_facts))
        return openings >= told.lead_alike and facts >= told.facts_alike


def alike(one: Signature, other: Signature) -> float:
    """The share of shingles that two texts have in common, estimated; 0 for short texts."""
    if not one.hashes or not other.hashes:
        return 0.0
    left, right = (np.frombuffer(signature.hashes, dtype="<u4") for signature in (one, other))
    return float((left == right).mean())


def _held(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of one set that stands in the other; 1 for an empty one."""
    return len(one & other) / len(one) if one else 1.0


def _shingles(words: Sequence[str], size: int) -> npt.NDArray[np.uint64]:
    """A hash for each run of so many words; of a shorter text one for the whole."""
    hashed = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)
    count = max(len(words) - size + 1, 1)
    mixed = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(min(size, len(words))):
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashed[step : step + count]
            mixed ^= mixed >> np.uint64(29)
    return mixed


class Copies:
    """Ties texts to the first that told them, as they come in.

    `find(band keys)` gives the known texts that share one of the keys, oldest first, as pairs of a name
    and a signature; a register looks them up, a test keeps them in a dictionary.
    """

    def __init__(self, signer: Signer, find: Callable[[list[int]], Iterable[tuple[str, Signature]]]) -> None:
        self._signer, self._find = signer, find

    def leader(self, signature: Signature) -> tuple[str, Tie] | None:
        """The first known text that this one is a copy of, and how they are tied."""
        for name, known in self._find(self._signer.bands(signature)):
            if (tie := self._signer.tie(known, signature)) is not None:
                return name, tie
        return None
