"""How fast sources are read, each figure by a function that can be called alone.

python evaluation/bench_sources.py
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from sijill.copies import Signer
from sijill.errors import InputError
from sijill.lexicon.load import load
from sijill.sources.columns import propose_map
from sijill.sources.intake import Intake, documents, first_rows

WORDS = (
    "قُتل ثلاثة عناصر وأصيب اثنان آخران مساء الأحد إثر هجوم شنه مسلحون يستقلون دراجتين ناريتين على حاجز "
    "عسكري عند مدخل بلدة الشحيل شرقي دير الزور وقال مصدر محلي إن المهاجمين لاذوا بالفرار باتجاه البادية. "
)


def _rate(path: Path, settings: Intake) -> float:
    """Reports a second of a file."""
    begin, count = perf_counter(), 0
    for item in documents([path], settings=settings):
        assert not isinstance(item, InputError), item
        count += len(item.reports)
    return count / (perf_counter() - begin)


def warc_pages(many: int = 2_000) -> float:
    """Pages a second from a WARC.gz, digests checked and articles extracted."""
    import base64
    import hashlib

    def record(number: int) -> bytes:
        page = f"<html><body><article><p>{WORDS * 12} {number}</p></article></body></html>".encode()
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
        digest = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/{number}\r\n"
            f"WARC-Date: 2024-04-20T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Block-Digest: sha1:{digest}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        return gzip.compress(head.encode() + block + b"\r\n\r\n", 1)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.warc.gz")
        path.write_bytes(b"".join(map(record, range(many))))
        return _rate(path, Intake())


def telegram_messages(many: int = 20_000) -> float:
    """Messages a second from a Telegram export, pseudonymised, among them 200 senders."""
    messages = [
        {
            "id": n, "type": "message", "date": "2024-04-19T08:30:00", "from": f"مرسل رقم{n % 200}",
            "text": f"{n} {WORDS * 3} +963 944 {n % 1000:03} 456",
        }
        for n in range(many)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "result.json")
        path.write_text(json.dumps({"name": "x", "type": "private_group", "messages": messages}))
        return _rate(path, Intake(key_file=Path(folder, "key")))


def spreadsheet_rows(many: int = 10_000) -> float:
    """Rows of coded incidents a second, from CSV by a proposed map."""
    header = ["الرقم", "التاريخ", "المحافظة", "المكان", "النوع", "الفاعل", "الهدف", "القتلى", "الجرحى"]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for n in range(many):
        day = f"{n % 28 + 1}/{n % 12 + 1}/2023"
        writer.writerow([n, day, "دير الزور", "الشحيل", "هجوم", "داعش", "قسد", n % 9, "3-5"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_text(text.getvalue(), encoding="utf-8")
        settings = Intake(column_map=propose_map(*first_rows(path, Intake()), name="own"))
        settings.meanings()  # the lexicon is loaded before
        return _rate(path, settings)


def signatures(many: int = 5_000) -> float:
    """Signatures of texts of about 150 words a second."""
    signer = Signer(load())
    texts = [f"{n} {WORDS * 4} {n}" for n in range(many)]
    begin = perf_counter()
    for text in texts:
        signer.sign(text)
    return many / (perf_counter() - begin)


FIGURES: dict[str, Callable[[], float]] = {
    "pages a second from WARC.gz": warc_pages,
    "messages a second from a Telegram export": telegram_messages,
    "rows a second from a spreadsheet of incidents": spreadsheet_rows,
    "signatures a second": signatures,
}


def main() -> None:
    """Prints every figure."""
    for name, figure in FIGURES.items():
        print(f"{name:50} {figure():10,.0f}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
