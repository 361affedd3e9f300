"""Names of places and speakers, levelled for comparison; the words for it lie in `data/evaluation.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "evaluation.yaml"
_MARKS = dict.fromkeys((*range(1611, 1632), 1600, 1648))
"""Vowel signs and tatweel."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """What levels a name."""

    letters: dict[int, int | str | None]
    one_name: tuple[tuple[str, str], ...]
    article: str
    kinds: frozenset[str]


@lru_cache(maxsize=1)
def spelling() -> Spelling:
    """The rules of `data/evaluation.yaml`."""
    table = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Spelling(
        letters={**_MARKS, **{ord(letter): other for letter, other in table["same_letter"].items()}},
        one_name=tuple(table["one_name"].items()),
        article=table["article"],
        kinds=frozenset(table["kinds_of_place"]),
    )


@lru_cache(maxsize=4096)
def level(name: str) -> str:
    """A name as it is compared: no vowels, one form of a letter, no article, no 'village of'.

    >>> level("قرية الشُّولا") == level("الشولا")
    True
    """
    rules = spelling()
    plain = name.translate(rules.letters)
    for words, one in rules.one_name:
        plain = plain.replace(words, one)
    bare = [word.removeprefix(rules.article) for word in _WORD.findall(plain)]
    return " ".join([word for word in bare if word not in rules.kinds] or bare)


def level_value(value: object) -> str:
    """`level` of a field of a record, which may hold nothing."""
    return level(str(value)) if value else ""
