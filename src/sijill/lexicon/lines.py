"""YAML with the line of everything, for checks that name a place in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Item:
    """A scalar, list or mapping, and the line on which it begins."""

    line: int
    value: str | list[Item] | dict[str, Item]

    @property
    def text(self) -> str:
        """The scalar as it is written; '' for anything else."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def items(self) -> list[Item]:
        """The list's items; a scalar is a list of itself."""
        if isinstance(self.value, list):
            return self.value
        return [self] if self.value and isinstance(self.value, str) else []

    @property
    def fields(self) -> dict[str, Item]:
        """The mapping's items; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    def get(self, key: str) -> Item:
        """The item of a key; an empty one where there is none."""
        return self.fields.get(key, Item(self.line, ""))

    def walk(self, *path: str) -> Iterator[tuple[tuple[str, ...], Item]]:
        """Everything in it, with the keys that lead there."""
        yield path, self
        for key, item in self.fields.items():
            yield from item.walk(*path, key)
        if isinstance(self.value, list):
            for item in self.value:
                yield from item.walk(*path, "")


def read(file: Path) -> tuple[Item, list[tuple[int, str]]]:
    """The data of a file, and the keys that stand twice in one mapping, with their lines.

    Raises yaml.YAMLError for what is no YAML.
    """
    twice: list[tuple[int, str]] = []
    node = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
    return (_item(node, twice) if node is not None else Item(1, "")), twice


def _item(node: yaml.Node, twice: list[tuple[int, str]]) -> Item:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Item(line, [_item(child, twice) for child in node.value])
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, Item] = {}
        for key, child in node.value:
            if key.value in fields:
                twice.append((key.start_mark.line + 1, key.value))
            fields[key.value] = _item(child, twice)
        return Item(line, fields)
    empty = node.tag.endswith(":null")
    return Item(line, "" if empty else str(node.value))
