"""Mentions as columns of numbers, so that a million of them fit in memory and pairs are compared at once.

One row a mention. A name becomes a number of one table of names; a set of codes becomes bits; the
words of a record become a sketch of 512 bits, in which two sets share as many as in truth but for a
few that fall on one bit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from sijill.arabic.fold import fold_words
from sijill.incidents import HeldMention
from sijill.link.days import EVER, days, is_loose
from sijill.link.figures import NONE, figures_of
from sijill.link.weights import Weights, wording
from sijill.records import Mention, Place

PRECISIONS = ("site", "settlement", "district", "admin1", "region", "country")
CODE_WORDS, NAME_WORDS, TEXT_WORDS = 3, 2, 8
"""64-bit words for codes (192), for pairs of letters of a name, for words of a text."""

MOST_FIGURES = 6
CANDIDATES = 3

FIELDS: dict[str, tuple[type[np.generic], int]] = {
    "start": (np.int32, 0), "end": (np.int32, 0), "loose": (np.bool_, 0), "published": (np.int32, 0),
    "region": (np.int32, 0), "country": (np.int32, 0), "admin1": (np.int32, 0), "admin2": (np.int32, 0),
    "spot": (np.int32, 0), "name": (np.int32, 0), "precision": (np.int8, 0),
    "lat": (np.float32, 0), "lon": (np.float32, 0),
    "letters": (np.uint64, NAME_WORDS), "rivals": (np.int32, CANDIDATES),
    "action": (np.int8, 0), "unreal": (np.bool_, 0), "hour": (np.float32, 0),
    "actors": (np.uint64, CODE_WORDS), "actors_near": (np.uint64, CODE_WORDS),
    "targets": (np.uint64, CODE_WORDS), "targets_near": (np.uint64, CODE_WORDS), "weapons": (np.uint32, 0),
    "killed": (np.int32, MOST_FIGURES), "wounded": (np.int32, MOST_FIGURES),
    "taken": (np.int32, MOST_FIGURES),
    "report": (np.int32, 0), "copy": (np.int32, 0), "text": (np.int32, 0),
    "words": (np.uint64, TEXT_WORDS), "length": (np.int16, 0),
}  # fmt: skip
"""Each column with its type and, where a row is more than one number, how many."""

_WORD = re.compile(r"\w+")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")


class Names:
    """Numbers for names, in the order in which they came; 0 is 'none'."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, name: str | None) -> int:
        """The number of a name."""
        return self._numbers.setdefault(name, len(self._numbers) + 1) if name else 0


class Columns:
    """The columns of some mentions. `ids` and `rows` go together; later mentions can be added."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.ids: list[str] = []
        self.held = 0
        self._names = Names()
        self._codes = Names()
        self._coder = _Coder(weights, self._names, self._codes)
        self._arrays = {name: _empty(kind, width, 64) for name, (kind, width) in FIELDS.items()}

    def __len__(self) -> int:
        return self.held

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """A column, as long as there are mentions."""
        return self._arrays[name][: self.held]

    def add(self, mentions: Sequence[HeldMention]) -> npt.NDArray[np.int64]:
        """Takes more mentions in; the rows at which they stand."""
        first = self.held
        self._grow(first + len(mentions))
        rows = [self._coder.row(held) for held in mentions]
        for place, name in enumerate(FIELDS):
            if rows:
                self._arrays[name][first : first + len(rows)] = [row[place] for row in rows]
        self.ids += [held.id for held in mentions]
        self.held += len(rows)
        return np.arange(first, self.held)

    def name(self, name: str | None) -> int:
        """The number of a name."""
        return self._names(name)

    def _grow(self, wanted: int) -> None:
        """Makes room, doubling, so that adding one by one stays cheap."""
        room = len(self._arrays["start"])
        if wanted <= room:
            return
        for name, (kind, width) in FIELDS.items():
            larger = _empty(kind, width, max(wanted, 2 * room))
            larger[: self.held] = self._arrays[name][: self.held]
            self._arrays[name] = larger


def _empty(kind: type[np.generic], width: int, rows: int) -> npt.NDArray[Any]:
    return np.zeros((rows, width) if width else rows, dtype=kind)


class _Coder:
    """Turns one mention into the values of its row."""

    def __init__(self, weights: Weights, names: Names, codes: Names) -> None:
        self._names, self._codes = names, codes
        self._hours = weights.parts_of_day
        self._common = {fold_words(word) for word in weights.common_words}
        self._sets = frozenset(weights.coded_sets)
        self._allied: dict[str, set[str]] = {}
        for group in weights.allied:
            for code in group:
                self._allied.setdefault(code, set()).update(group)
        self._actions = {action: place for place, action in enumerate(wording().order)}
        self._weapons = Names()

    def row(self, held: HeldMention) -> tuple[object, ...]:
        """The values in the order of FIELDS."""
        mention = held.mention
        edtf = mention.date.edtf if mention.date else None
        start, end = days(edtf) or EVER
        published = days(held.published)
        doers = _tops(mention.actors) - {"UNKNOWN"}
        struck = _tops(mention.targets) - {"PERSONS"}
        words = _tokens(held.words) - self._common
        return (
            start, end, is_loose(edtf), published[0] if published else 0,
            *self._place(mention.place),
            self._actions.get(mention.action, len(self._actions)), mention.status in ("planned", "foiled"),
            self._hour(mention.time),
            self._bits(doers), self._near(doers), self._bits(struck), self._near(struck),
            sum({1 << (self._weapons(weapon) % 32) for weapon in mention.weapons}),
            *self._figures(mention),
            self._names(f"report:{self._teller(held)}"), self._names(held.copy_of and f"copy:{held.copy_of}"),
            self._names(self._text(held)),
            _sketch(words, TEXT_WORDS), min(len(words), 32000),
        )  # fmt: skip

    def _teller(self, held: HeldMention) -> str:
        """Its report; a data set that others coded is one report: it tells every event once."""
        return held.outlet if held.outlet and held.outlet in self._sets else held.report

    def _text(self, held: HeldMention) -> str | None:
        """Its words, by which one report is seen to repeat itself; rows of a data set never do."""
        return f"text:{_digest(held.words)}" if held.words and held.outlet not in self._sets else None

    def _place(self, place: Place | None) -> tuple[object, ...]:
        """Region, country, governorate, district, entry, name, precision, point, letters, rivals."""
        if place is None:
            nothing = [0] * NAME_WORDS
            return (0, 0, 0, 0, 0, 0, -1, np.nan, np.nan, nothing, [0] * CANDIDATES)
        name = fold_words(place.name)
        rivals = [self._names(f"spot:{rival.id}") for rival in place.candidates[:CANDIDATES]]
        return (
            self._names(place.admin1 or place.country), self._names(place.country),
            self._names(place.admin1), self._names(place.admin2),
            self._names(place.id and f"spot:{place.id}"), self._names(name and f"name:{name}"),
            PRECISIONS.index(place.precision),
            np.nan if place.lat is None else place.lat, np.nan if place.lon is None else place.lon,
            _sketch(_letters(name), NAME_WORDS), [*rivals, *[0] * (CANDIDATES - len(rivals))],
        )  # fmt: skip

    def _hour(self, time: str | None) -> float:
        """The hour that a time of day tells; NaN where it tells none."""
        clock = _CLOCK.match(time or "")
        if clock:
            return int(clock[1]) + int(clock[2]) / 60
        return self._hours.get(time or "", np.nan)

    def _figures(self, mention: Mention) -> tuple[list[int], ...]:
        """Whole, victims only and further figures of the killed, the wounded and the taken."""
        return tuple((row + [NONE] * MOST_FIGURES)[:MOST_FIGURES] for row in figures_of(mention))

    def _bits(self, codes: Iterable[str]) -> list[int]:
        """Codes as bits; whatever is beyond the room shares the last."""
        bits = [0] * CODE_WORDS
        for code in codes:
            place = min(self._codes(code), 64 * CODE_WORDS - 1)
            bits[place // 64] |= 1 << (place % 64)
        return bits

    def _near(self, codes: set[str]) -> list[int]:
        """The codes and those that are told for them, as bits."""
        return self._bits(sorted(codes.union(*(self._allied.get(code, ()) for code in codes))))


def _tops(codes: Iterable[str]) -> set[str]:
    """The groups before the first slash."""
    return {code.partition("/")[0] for code in codes}


def _tokens(text: str) -> set[str]:
    """The levelled words of a text that are longer than two letters."""
    return {word for word in _WORD.findall(fold_words(text)) if len(word) > 2}


def _letters(name: str) -> set[str]:
    """Pairs of neighbouring letters of a name, blanks left out."""
    plain = name.replace(" ", "")
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _sketch(parts: Iterable[str], words: int) -> list[int]:
    """A set as bits, each part on a bit of its own but for chance."""
    bits = [0] * words
    for part in parts:
        place = _place_of(part) % (64 * words)
        bits[place // 64] |= 1 << (place % 64)
    return bits


@lru_cache(maxsize=1 << 18)
def _place_of(part: str) -> int:
    """A number for a word that is the same on every machine."""
    return int.from_bytes(blake2b(part.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _digest(text: str) -> str:
    """What stands for a text: blanks and spelling levelled."""
    return blake2b(fold_words(text).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
