"""What can go wrong, as a short tree.

SijillError                 every error that Sijill raises on purpose
├── UsageError              the caller asked for something that cannot be (exit code 2)
├── LexiconError            faults in data files; `faults` lists every one with file and line
├── RegisterError           the register cannot be opened, read or written now (exit code 3)
└── InputError              one item could not be read; the rest goes on (exit code 1)

Each message says what is wrong, where, and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SijillError(Exception):
    """Any error that Sijill raises on purpose."""


class UsageError(SijillError):
    """The caller asked for something that cannot be."""


class RegisterError(SijillError):
    """The register cannot be opened, read or written now."""


class InputError(SijillError):
    """One item of the input could not be read."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}; {remedy}")
        self.where, self.what, self.remedy = where, what, remedy

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, str]]:
        """How it travels between processes."""
        return InputError, (self.where, self.what, self.remedy)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a data file: `file:line: what, remedy`."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


class LexiconError(SijillError):
    """Faults in data files, all of them at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
