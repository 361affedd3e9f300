"""The policies of tolls, as `data/toll_policies.yaml` holds them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from sijill.arabic.fold import fold_words
from sijill.errors import UsageError

_FILE = Path(__file__).resolve().parent.parent / "data" / "toll_policies.yaml"

Choice = Literal["latest", "median", "lowest", "highest"]
Language = Literal["en", "ar"]


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to choose `best`: its name, the choice, and whom it suits."""

    name: str
    choose: Choice
    note: str


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    choose: Choice
    note: str


class Policies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that the data say about tolls: the policies, the roles, the words and the sentences."""

    policies: dict[str, _Row]
    default: str
    roles: list[str]
    official: list[str]
    revisions: list[str]
    covers_all: str
    sentences: dict[Language, dict[str, str]]
    nouns: dict[Language, dict[str, list[str]]]
    names: dict[Language, dict[str, str]]

    def says_revised(self, words: str) -> bool:
        """Do the words say that a figure replaces an earlier one?"""
        folded = f" {fold_words(words)} "
        return any(f" {phrase} " in folded for phrase in _revisions())


@lru_cache(maxsize=1)
def load_policies() -> Policies:
    """The table of policies."""
    return msgspec.convert(yaml.safe_load(_FILE.read_text(encoding="utf-8")), Policies)


@lru_cache(maxsize=1)
def _revisions() -> tuple[str, ...]:
    return tuple(fold_words(phrase) for phrase in load_policies().revisions)


def policy(name: str | None = None) -> Policy:
    """The policy of that name, or the one that holds by default; UsageError lists the known ones."""
    table = load_policies()
    chosen = name or table.default
    if chosen not in table.policies:
        known = ", ".join(table.policies)
        raise UsageError(f"no toll policy is called {chosen!r}; choose one of these: {known}")
    row = table.policies[chosen]
    return Policy(chosen, row.choose, row.note)
