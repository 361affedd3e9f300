"""Files of `corpus/`: a phrase on one line, and under it what it must give, each line with `= `."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "corpus"


@dataclass
class Row:
    """A phrase, what it must give, where it stands, and what holds from above (`@ `)."""

    phrase: str
    place: str
    setting: str
    expected: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.place


def rows(name: str) -> list[Row]:
    """Every row of a corpus file; a phrase without an expectation is an error of the file."""
    found: list[Row] = []
    setting = ""
    for number, line in enumerate((CORPUS / name).read_text(encoding="utf-8").split("\n"), 1):
        place = f"{name}:{number}"
        if line.startswith("@ "):
            setting = line[2:].strip()
        elif line.startswith("= ") or line == "=":
            assert found, f"{place}: this stands under no phrase"
            found[-1].expected.append(line[2:].strip())
        elif line.strip() and not line.startswith("#"):
            found.append(Row(line, place, setting))
    for row in found:
        assert row.expected, f"{row.place}: say under the phrase what it gives, e.g. '= none'"
    return found
