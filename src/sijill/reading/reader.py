"""What every reader offers, and the table of those that exist.

A reader turns a `Report` into a `CodedReport`. Heavy readers load only when chosen; outsiders
add theirs through the entry-point group `sijill.readers` (name = "package.module:factory", where
the factory takes the lexicon folder, or None, and returns a Reader).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, cast

from sijill.errors import UsageError
from sijill.records import CodedReport, Field, Report


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was recognised: by which rule, from which words, made of which parts."""

    rule: str
    field: Field
    start: int
    end: int
    value: str
    parts: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A coded report together with the steps that led to it, in order of their place in the text."""

    coded: CodedReport
    steps: tuple[Step, ...]


class Reader(Protocol):
    """Turns reports into coded reports. The same report always gives the same answer."""

    def read(self, report: Report) -> CodedReport:
        """What the report tells."""
        ...

    def explain(self, report: Report) -> Explanation:
        """The same, with the steps that led to it."""
        ...


Factory = Callable[[Path | None], Reader]

READERS: dict[str, str] = {
    "grammar": "sijill.reading.grammar:load",
}


def get_reader(name: str = "grammar", lexicon: Path | None = None) -> Reader:
    """The reader of that name, over the built-in lexicon and the folder laid over it."""
    known = dict(READERS)
    known.update({point.name: point.value for point in entry_points(group="sijill.readers")})
    if name not in known:
        raise UsageError(f"no reader is called {name!r}; known readers: {', '.join(sorted(known))}")
    module, _, attribute = known[name].partition(":")
    factory = cast(Factory, getattr(import_module(module), attribute))
    return factory(lexicon)
