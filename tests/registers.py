"""Registers for tests: a fake reader, made-up reports, a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from sijill.incidents import Incident, Judgement
from sijill.keep import Keeper
from sijill.reading.reader import READERS
from sijill.records import Report

TEXT = "هجوم قرب السخنة"


def report(number: int, text: str = TEXT, **fields: object) -> Report:
    told = {"source": "agency", "published": "2024-04-19", **fields}
    return Report(id=f"own-{number}", text=f"{text} {number}", **told)  # type: ignore[arg-type]


def ticking() -> Iterator[str]:
    for second in count():
        yield f"2024-05-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}+00:00"


def opened(place: object, *, write: bool = True, create: bool = True, who: str = "layla") -> Keeper:
    READERS["fake"] = "fake_reader:load"
    clock = ticking()
    return Keeper.open(place, write=write, create=create, who=who, now=lambda: next(clock))  # type: ignore[arg-type]


def filled(place: object, number: int = 5) -> Keeper:
    register = opened(place)
    register.add([report(n) for n in range(1, number + 1)], reader="fake", jobs=1)
    return register


def pair(one: str, other: str, verdict: str = "same", by: str = "machine:rules-1") -> Judgement:
    left, right = sorted((one, other))
    return Judgement(left=left, right=right, verdict=verdict, by=by)  # type: ignore[arg-type]


def incident(number: int, mentions: list[str], **fields: object) -> Incident:
    told = {"action": "armed_assault", "start": "2024-04-19", "end": "2024-04-19", **fields}
    return Incident(id=f"i-{number:016x}", mentions=mentions, **told)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "fake", "fake_reader:load")
