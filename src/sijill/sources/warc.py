"""WARC and WARC.gz: archived pages, one document each, with the digests of their records checked.

A damaged record costs itself; the next is read. Only answers of servers that hold text are reports;
pictures, scripts, redirects and errors of servers are counted.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sijill.errors import InputError
from sijill.sources.document import Document
from sijill.sources.extras import needed
from sijill.sources.source import Notice
from sijill.sources.web import page

_HEADERS = 65_536
_TEXT = {"text/html", "application/xhtml+xml", "text/plain"}


def is_archive(head: bytes) -> bool:
    """Do the bytes, unpacked if need be, open like a WARC?"""
    return head.startswith(b"WARC/")


def read(
    stream: io.BufferedIOBase, path: str, *, source: str | None, published: str | None, limit: int,
    notice: Notice,
) -> Iterator[Document | InputError]:  # fmt: skip
    """The pages of an archive. `limit` is the largest page in bytes, unpacked."""
    warc = needed("fastwarc.warc", "warc")
    passed: Counter[str] = Counter()
    number, found = 0, 0
    records = iter(
        warc.ArchiveIterator(
            stream, record_types=warc.WarcRecordType.any_type, parse_http=False, fsspec_args=False
        )
    )
    while True:
        number += 1
        where = f"{path}:record {number}"
        try:
            record = next(records)
        except StopIteration:
            break
        except Exception as error:  # whatever breaks the archive here, what follows cannot be found
            yield InputError(
                where, f"is broken ({_reason(error)})", "get the archive again; the rest is left out"
            )
            return
        for item in _record(record, warc, where, passed, source, published, limit, notice):
            found += 1
            yield item
    if passed:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(passed.items()))
        notice(f"{path}: {passed.total()} records hold no page ({kinds})")
    if number == 1:
        yield InputError(path, "holds no record that can be read", "get the archive again")
    elif not found:
        yield InputError(path, "holds no page", "look what it holds with a WARC viewer")


def _record(
    record: Any, warc: Any, where: str, passed: Counter[str], source: str | None, published: str | None,
    limit: int, notice: Notice,
) -> Iterator[Document | InputError]:  # fmt: skip
    """The page of one record, or why there is none."""
    kind = (record.headers.get("WARC-Type") or "untyped").lower()
    if kind not in ("response", "resource"):
        passed[kind] += 1
        return
    if record.content_length > limit + _HEADERS:
        passed[f"larger than {limit / 1e6:g} MB"] += 1
        return
    try:
        raw = io.BytesIO()
        record.write(raw)
        record = _again(warc, raw, "all")
        if (broken := _digest(record, warc, raw)) is not None:
            yield InputError(where, broken, "get the archive again")
            return
        if kind == "response" and record.is_http:
            status = record.http_headers.status_code if record.http_headers else None
            if status is None or not 200 <= int(status) < 300:
                passed[f"answers {status}"] += 1
                return
            media_type = (record.http_content_type or "").lower()
        else:
            media_type = (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        data = record.reader.read(limit + 1)
        if media_type not in _TEXT and not (not media_type and b"<html" in data[:4096].lower()):
            passed[media_type or "unknown kind"] += 1
            return
        if len(data) > limit:
            yield InputError(where, f"is larger than {limit / 1e6:g} MB", "raise SIJILL_MAX_REPORT_MB")
            return
        date = record.record_date
        yield page(
            data, where, url=record.headers.get("WARC-Target-URI"),
            retrieved=date.isoformat(timespec="seconds") if date else None, charset=record.http_charset,
            source=source, published=published, limit=limit, notice=notice,
        )  # fmt: skip
    except InputError as error:
        yield error
    except Exception as error:  # a record that cannot be taken apart costs itself
        yield InputError(where, f"is broken ({_reason(error)})", "get the archive again")


def _again(warc: Any, raw: io.BytesIO, decoding: str) -> Any:
    """The record that these bytes are, its HTTP headers read and its body decoded as told."""
    raw.seek(0)
    record = next(iter(warc.ArchiveIterator(raw, parse_http=False, fsspec_args=False)))
    record.freeze()
    if record.is_http:
        record.parse_http(auto_decode=decoding)
    return record


def _digest(record: Any, warc: Any, raw: io.BytesIO) -> str | None:
    """What is wrong with the digests that a record carries of itself, if anything.

    Archivers differ in whether the digest of the payload is taken before or after its encodings are
    undone; either will do.
    """
    headers = record.headers
    if headers.get("WARC-Block-Digest"):
        raw.seek(0)
        block = next(iter(warc.ArchiveIterator(raw, parse_http=False, fsspec_args=False)))
        block.freeze()
        if not block.verify_block_digest():
            return "does not have the digest that it says (WARC-Block-Digest)"
    if headers.get("WARC-Payload-Digest") and record.is_http:
        ways = ("all", "none", "transfer")
        if not any(_again(warc, raw, way).verify_payload_digest() for way in ways):
            return "does not have the digest that it says (WARC-Payload-Digest)"
    return None


def _reason(error: Exception) -> str:
    """An error on one short line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:120]
