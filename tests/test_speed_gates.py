"""What is left alone to be fast has nothing to tell: with every short cut barred the output is the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sijill.lexicon.load import load as load_lexicon
from sijill.reading import assessment_stances, grammar, speakers, tallies, tally_words, tolls
from sijill.records import Report, encode

ROOT = Path(__file__).parent.parent
FILES = [ROOT / "examples" / "reports.jsonl", *sorted((ROOT / "evaluation" / "gold").glob("*/reports.jsonl"))]
KEYS = ("id", "text", "title", "source", "url", "published")


class _Never(frozenset[str]):
    """A set that shares something with every other."""

    def isdisjoint(self, other: object) -> bool:
        return False


@pytest.mark.skipif(not grammar.__file__.endswith(".py"), reason="compiled modules cannot be changed")
def test_short_cuts_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [json.loads(line) for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]
    reports = [Report(**{key: row.get(key) for key in KEYS}) for row in rows]
    reports += [Report(id=report.id, text=report.text) for report in reports[::3]]
    lexicon = load_lexicon(None)
    reader = grammar.GrammarReader(lexicon)
    fast = [encode(reader.read(report)) for report in reports]
    monkeypatch.setattr(grammar, "_idle", lambda *_: False)
    monkeypatch.setattr(tolls, "_OPENING", _Never())
    monkeypatch.setattr(tallies, "_may_count", lambda *_: True)
    monkeypatch.setattr(tally_words.TallyWords, "tells", lambda *_: True)
    monkeypatch.setattr(assessment_stances.Stances, "may_tell", lambda *_: True)
    monkeypatch.setattr(speakers.SpeakerParser, "_heads", lambda *_: True)
    slow = grammar.GrammarReader(lexicon)
    differ = [r.id for r, line in zip(reports, fast, strict=True) if encode(slow.read(r)) != line]
    assert not differ
