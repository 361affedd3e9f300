"""What is worked out of a report and its reading before the register is asked; needs no database."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

import msgspec

from sijill.copies import Signature, Signer
from sijill.ledger import chain, words
from sijill.ledger.days import days, told
from sijill.lexicon.load import load
from sijill.records import CodedReport, Mention, Place, Report, Span, encode, report_id, text_digest

KINDS = {"incidents": "m", "tallies": "t", "control": "c", "assessments": "a"}
"""The lists of a coded report, and how the register's ids of their records begin."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A report and its reading in the form in which they are stored."""

    id: str
    own_id: str | None
    source: str | None
    url: str | None
    title: str | None
    published: str | None
    text: str
    sha256: str
    fold_digest: bytes
    index: str
    reader: str
    version: str
    lexicon: str
    body: bytes
    body_sha256: str
    ids: dict[str, list[str]]
    signature: bytes = b""
    bands: list[int] = []


def register_id(report: Report) -> str:
    """The register's id of a report: `r-` and 16 hexadecimal digits of where it stood and what it says.

    The same url with the same text is the same report; without a url the same words from the same
    outlet on the same day under the same title and id.
    """
    own = own_id(report)
    told = (
        ["url", report.url, report.text]
        if report.url
        else ["report", report.source, own, report.published, report.title, report.text]
    )
    return "r-" + hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]


def own_id(report: Report) -> str | None:
    """The id that a report brought along; None where it was made from its words."""
    return None if report.id == report_id(report.text, report.title) else report.id


def signed(report: Report, coded: CodedReport) -> Prepared:
    """The form in which a report is stored, with what finds other reports of nearly the same words."""
    maker = signer()
    folded = words.split(report.text)
    made = maker.sketch(folded)
    packed = msgspec.msgpack.encode(made, order="deterministic") if made.hashes else b""
    return msgspec.structs.replace(prepare(report, coded, folded), signature=packed, bands=maker.bands(made))


@cache
def signer() -> Signer:
    """What makes signatures, with the built-in words: so that those of all reports can be compared."""
    return Signer(load())


@lru_cache(maxsize=200)
def _whole(text: str) -> Signature:
    """The whole signature of a text, of which the register keeps a sketch."""
    return signer().sign(text)


class Comparer:
    """Tells whether two texts are one: by their sketches first, then by the texts themselves."""

    def may_tie(self, one: Signature, other: Signature) -> bool:
        """May they be one, as far as their sketches tell?"""
        return signer().may_tie(one, other)

    def tie(self, one: str, other: str) -> bool:
        """Are they one?"""
        return signer().tie(_whole(one), _whole(other)) is not None


def prepare(report: Report, coded: CodedReport, folded: list[str] | None = None) -> Prepared:
    """The form in which a report and its reading are stored; `folded` are its words, split already."""
    own = register_id(report)
    line = encode(coded)
    mark = coded.reader
    folded = words.split(report.text) if folded is None else folded
    return Prepared(
        id=own, own_id=own_id(report), source=report.source, url=report.url, title=report.title,
        published=report.published, text=report.text, sha256=text_digest(report.text),
        fold_digest=hashlib.sha256(" ".join(folded).encode()).digest()[:16],
        index=words.body(report.title, folded, terms(coded)),
        reader=mark.name if mark else "", version=mark.version if mark else "",
        lexicon=mark.lexicon if mark else "",
        body=chain.pack(line), body_sha256=hashlib.sha256(line).hexdigest(), ids=first_ids(own, coded),
    )  # fmt: skip


def first_ids(report: str, coded: CodedReport) -> dict[str, list[str]]:
    """Ids of a report's records, from the report and the words that each rests on."""
    ids: dict[str, list[str]] = {}
    for kind, letter in KINDS.items():
        seen: Counter[str] = Counter()
        ids[kind] = []
        for record in getattr(coded, kind):
            sort = record.action if isinstance(record, Mention) else ""
            key = msgspec.json.encode([report, kind, sort, record.evidence.get("", [])]).decode()
            seen[key] += 1
            digest = hashlib.sha256(f"{key}{seen[key]}".encode()).hexdigest()[:16]
            ids[kind].append(f"{letter}-{digest}")
    return ids


def terms(coded: CodedReport) -> Iterator[str]:
    """The made-up words under which a report's incidents are found: actions, actors, places, times."""
    day = coded.report.published
    stretches = {(day, day)} if day else set()
    for mention in coded.incidents:
        yield words.term("action", mention.action)
        first, last = days(mention.date.edtf) if mention.date else (None, None)
        first, last = first or day, last or day
        if first and last and first <= last:
            stretches.add((first, last))
        for actor in mention.actors:
            yield from {words.term("actor", actor), words.term("actor", actor.split("/")[0])}
        for name in places(mention.place):
            yield words.term("place", name)
    for first, last in sorted(stretches):
        yield from (words.term("time", part) for part in told(first, last))


def places(place: Place | None) -> set[str]:
    """Every name by which a place may be asked for."""
    if place is None:
        return set()
    return {name for name in (place.name, place.id, place.admin1, place.admin2, place.country) if name}


def quoted(spans: list[Span], text: str, title: str | None) -> str:
    """The words of some spans, verbatim, with dots between them."""
    fields = {"text": text, "title": title or ""}
    return " … ".join(fields[span.field][span.start : span.end] for span in spans)
