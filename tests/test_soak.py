"""Random texts and random bytes raise nothing. `make soak` reads a hundred thousand of them."""

from __future__ import annotations

import importlib.util
import os
import random
from pathlib import Path

import pytest

from sijill.errors import InputError
from sijill.pipeline import code
from sijill.reading.reader import READERS
from sijill.records import CodedReport, Report, decode, encode
from sijill.sources import read

MANY = int(os.environ.get("SIJILL_SOAK", "400"))
READERS_HERE = ["fake"] + (["grammar"] if importlib.util.find_spec("sijill.reading.grammar") else [])

SAMPLE = (
    "قتل مقتل وأصيب خمسة عناصر من قوات النظام في هجوم كمين لتنظيم داعش قرب السخنة بادية دير الزور أمس "
    "حصيلة 12 ١٢ نحو بينهم و ، . «المرصد» نيسان/أبريل الماضي عبوة ناسفة غارة جوية أسفرت عن"
)
WORDS = SAMPLE.split()
MARKS = (
    "\u064b\u0651\u0640\u200c\u200d\u200e\u200f\u202e\u2067\ufeff\u0670\u06d6\ufdfa\U0001f600\U0001f1f8\u0301"
)
CONTROLS = "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u2029"
LETTERS = "".join(map(chr, range(0x0620, 0x0700)))


def text(chance: random.Random) -> str:
    """Words, letters, marks, emoji and controls in any order."""
    kinds = (WORDS, list(LETTERS), list(MARKS), list(CONTROLS), [" ", "\n", "\r\n", "a", "7", ":", "(", "-"])
    weights = chance.choice([(6, 1, 1, 0, 4), (1, 3, 3, 1, 2), (1, 1, 1, 1, 1), (9, 0, 0, 0, 3)])
    chosen = chance.choices(kinds, weights, k=chance.randrange(80))
    return "".join(chance.choice(kind) + chance.choice(("", " ")) for kind in chosen)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("reader", READERS_HERE)
def test_soak_texts(monkeypatch: pytest.MonkeyPatch, reader: str, seed: int) -> None:
    monkeypatch.setitem(READERS, "fake", "fake_reader:load")
    chance = random.Random(seed)
    for _ in range(max(MANY, 3000) // 20):
        words, title = text(chance), text(chance) if chance.random() < 0.3 else None
        coded = code(words, title=title, published=chance.choice((None, "2024-04-19")), reader=reader)
        assert decode(encode(coded)) == coded
        check_spans(coded, {"text": words, "title": title or ""})


def check_spans(coded: CodedReport, fields: dict[str, str]) -> None:
    """Every span lies inside its field and holds at least one character."""
    records = [*coded.incidents, *coded.tallies, *coded.control, *coded.assessments]
    spans = [span for record in records for found in record.evidence.values() for span in found]
    for span in [*spans, *coded.unread]:
        assert 0 <= span.start < span.end <= len(fields[span.field])


SEEDS = {
    "a.txt": WORDS[0].encode() * 9,
    "b.jsonl": '{"id": 1, "text": "قتل"}\n{"text": "هجوم", "published": "2024-04-19"}\n'.encode() * 3,
    "c.json": '[{"text": "قتل"}, {"text": "\\ud83d\\ude00"}]'.encode(),
    "d.csv": 'id;text\n1;"قتل ""عنصر"""\n2;هجوم\n'.encode(),
    "e.html": "<html><head><title>قتل</title></head><body><p>هجوم <b>قرب</b></p></body></html>".encode(),
    "f.txt": "قتل عنصر في هجوم".encode("utf-16"),
    "g.csv": "id,text\n1,قتل عنصر في هجوم\n".encode("windows-1256"),
}


@pytest.mark.parametrize("name", SEEDS)
def test_soak_bytes(tmp_path: Path, name: str) -> None:
    """Files with bytes changed, cut, doubled and put in: reports and one-line errors, nothing else."""
    chance = random.Random(name)
    path = tmp_path / name
    for _ in range(MANY // 10):
        data = bytearray(SEEDS[name])
        for _ in range(chance.randrange(6)):
            at = chance.randrange(len(data) + 1)
            piece = bytes(chance.choice(b'\x00\xff\xd8"\\[]{},;\n\r<>&\xef\xbb\xbfa') for _ in range(3))
            data[at : at + chance.randrange(4)] = chance.choice(
                (b"", piece, piece[:1], bytes(data[:at])[:40])
            )
        path.write_bytes(data)
        for item in read([path]):
            assert isinstance(item, Report | InputError)
            if isinstance(item, InputError):
                assert str(item).isprintable()
            else:
                item.text.encode()
