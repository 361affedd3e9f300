"""Gold sets on disk, coded reports of any coder, and reports coded now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from sijill.errors import InputError, SijillError, UsageError
from sijill.evaluation.compare import KINDS, Coded
from sijill.pipeline import stream
from sijill.records import CodedReport, Report
from sijill.sources import read

GOLD, REPORTS, SECOND = "gold.jsonl", "reports.jsonl", "second.jsonl"


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Where a set lies: gold, the reports it is about, and what a second coder made of some of them."""

    name: str
    gold: Path
    reports: Path
    second: Path | None = None

    def files(self) -> Iterator[Path]:
        """The files there are."""
        yield from (path for path in (self.reports, self.gold, self.second) if path and path.is_file())


@dataclass(frozen=True, slots=True)
class Answers:
    """What the reader said of a set of reports, and what it could not read."""

    coded: dict[str, Coded]
    reports: dict[str, Report] = field(default_factory=dict)
    faults: list[InputError] = field(default_factory=list)
    readers: set[str] = field(default_factory=set)


def gold_set(path: Path) -> GoldSet:
    """The set in a folder, or around a gold file; UsageError where there is none."""
    gold = path / GOLD if path.is_dir() else path
    if not gold.is_file():
        raise UsageError(f"{gold}: no such gold file; give a folder with {GOLD}, or the file itself")
    second = gold.with_name(SECOND)
    name = gold.resolve().parent.name if gold.name == GOLD else gold.stem
    return GoldSet(name, gold, gold.with_name(REPORTS), second if second.is_file() else None)


def gold_sets(folder: Path) -> list[GoldSet]:
    """Every set in the folders of a folder, by name."""
    return [gold_set(path.parent) for path in sorted(folder.glob(f"*/{GOLD}"))]


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def coded_reports(path: Path) -> dict[str, Coded]:
    """The coded reports of a JSONL file by id; of two with one id the later holds."""
    found: dict[str, Coded] = {}
    faults = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                found[row["report"]["id"]] = coded(row)
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                reason = f"{type(error).__name__}: {error}"
                faults.append(f"{path}:{number}: is no coded report ({reason}); mend it or leave it out")
    if faults:
        raise SijillError("\n".join(faults))
    return found


def coded(row: dict[str, Any]) -> Coded:
    """The records of a coded report. A faulty one is kept, bare: it counts as said and wrong."""
    return {kind: [_record(item) for item in row.get(kind) or []] for kind in KINDS}


def _record(item: object) -> dict[str, Any]:
    """A record in a form that can be compared."""
    record = dict(item) if isinstance(item, dict) else {}
    place = record.get("place")
    if place is not None and not isinstance(place, dict):
        record["place"] = {"name": str(place)}
    entries = record.get("casualties") or []
    record["casualties"] = [entry for entry in entries if isinstance(entry, dict)]
    return record


def code_reports(
    path: Path, *, reader: str = "grammar", lexicon: Path | None = None, jobs: int = 1
) -> Answers:
    """What the reader says of the reports in a file, now."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file; name the reports with --reports, or give --predicted")
    answers = Answers({})
    outcomes = stream(read([str(path)]), form=_answer, reader=reader, lexicon=lexicon, jobs=jobs)
    with closing(outcomes):
        for outcome in outcomes:
            if isinstance(outcome, InputError):
                answers.faults.append(outcome)
                continue
            report, said = outcome
            answers.reports[report.id] = report
            answers.coded[report.id] = coded(msgspec.to_builtins(said))
            answers.readers.add(reader_of(said))
    return answers


def _answer(report: Report, said: CodedReport) -> tuple[Report, CodedReport]:
    """A report with what was said of it."""
    return report, said


def reader_of(said: CodedReport) -> str:
    """Which reader spoke: name, version and lexicon digest."""
    mark = said.reader
    return f"{mark.name} {mark.version}, lexicon {mark.lexicon}" if mark else "unnamed"


def texts_of(path: Path) -> dict[str, Report]:
    """The reports of a file by id; nothing where there is no such file."""
    if not path.is_file():
        return {}
    return {item.id: item for item in read([str(path)]) if isinstance(item, Report)}
