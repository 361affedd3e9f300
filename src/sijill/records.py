"""The nouns of Sijill: reports, and what a reader finds in them, in the JSON form of docs/codebook.md.

All are frozen and fast to write: `encode(coded)` gives one line of JSON. Offsets are half-open
and count Unicode code points of the field as it was read.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import msgspec

Action = Literal[
    "ambush", "armed_assault", "clash", "ied", "vehicle_bomb", "suicide_bombing", "shelling",
    "air_strike", "drone_strike", "assassination", "execution", "abduction", "arrest", "sweep",
    "weapons_seizure", "arson_looting", "displacement", "capture_territory", "withdrawal",
    "protest", "other",
]  # fmt: skip
Status = Literal["reported", "denied", "foiled", "planned"]
Precision = Literal["site", "settlement", "district", "admin1", "region", "country"]
Weapon = Literal[
    "small_arms", "heavy_arms", "ied", "mine", "suicide_vest", "vehicle", "rocket", "mortar",
    "artillery", "guided_missile", "drone", "aircraft", "knife", "fire", "chemical",
]  # fmt: skip
Outcome = Literal[
    "killed", "wounded", "killed_or_wounded", "missing", "captured", "arrested", "abducted",
    "displaced", "released", "killed_or_arrested",
]  # fmt: skip
Measure = Literal[
    "incidents", "killed", "wounded", "killed_or_wounded", "arrested", "captured",
    "killed_or_arrested", "operations", "air_strikes", "displaced", "trained", "accounts",
    "fighters", "prisoners", "area_share",
]  # fmt: skip
Relation = Literal["highest", "lowest", "increase", "decrease", "first"]
Change = Literal["gained", "lost", "contested", "besieged", "held"]
Stance = Literal["warning", "forecast", "explanation", "demand", "denial", "claim"]

Field = Literal["text", "title"]


class Span(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Words of a report: `[field, start, end)`; written as a JSON array of three."""

    field: Field
    start: int
    end: int


Evidence = dict[str, list[Span]]
"""From a JSON pointer inside the record to the words that gave its value; "" is the record itself."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report as it was read. `published` is an ISO date or None."""

    id: str
    text: str
    source: str | None = None
    url: str | None = None
    title: str | None = None
    published: str | None = None


class ReportHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a coded report repeats of its report: all but the text, which its SHA-256 stands for."""

    id: str
    source: str | None
    url: str | None
    title: str | None
    published: str | None
    sha256: str


class When(msgspec.Struct, frozen=True, kw_only=True):
    """A date: EDTF, the words that gave it, and whether it was worked out from them."""

    edtf: str
    text: str | None = None
    inferred: bool = False


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A gazetteer entry that the words could also have meant, with its score (0 to 1)."""

    id: str
    name: str
    admin1: str | None
    score: float


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place as the text names it, and what the gazetteer knows of it (degrees, WGS 84)."""

    name: str
    admin1: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision = "settlement"
    inferred: bool = False
    id: str | None = None
    admin2: str | None = None
    kind: str | None = None
    candidates: list[Candidate] = []


class Casualty(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: how many of whom met which outcome. None is not zero: it is 'not told'."""

    outcome: Outcome
    group: str
    low: int | None = None
    high: int | None = None
    approx: bool = False
    part_of: bool = False
    source: str | None = None


class Rival(msgspec.Struct, frozen=True, kw_only=True):
    """A figure for the same incident from a source that the report does not adopt."""

    source: str | None
    outcome: Outcome
    group: str
    low: int | None
    high: int | None


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as one report tells it."""

    id: str
    action: Action
    status: Status = "reported"
    date: When | None = None
    place: Place | None = None
    actors: list[str] = []
    targets: list[str] = []
    weapons: list[Weapon] = []
    casualties: list[Casualty] = []
    no_casualties: bool = False
    time: str | None = None
    claimed_by: str | None = None
    disputed: bool = False
    sources: list[str] = []
    rivals: list[Rival] = []
    confidence: float | None = None
    evidence: Evidence = {}


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """How a tally stands to another period; `against` is EDTF or the text's own words."""

    relation: Relation
    against: str | None = None


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """A count over more than one incident or over a period, as somebody reported it."""

    id: str
    measure: Measure
    low: int | None = None
    high: int | None = None
    approx: bool = False
    group: str | None = None
    by: str | None = None
    place: Place | None = None
    period: str | None = None
    sources: list[str] = []
    comparison: Comparison | None = None
    evidence: Evidence = {}


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds, gained or lost a place."""

    id: str
    place: Place
    actor: str
    change: Change
    date: When | None = None
    evidence: Evidence = {}


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """An attributed judgement; `speaker` is role and organisation in the text's own words."""

    id: str
    speaker: str
    stance: Stance
    evidence: Evidence = {}


class ReaderMark(msgspec.Struct, frozen=True, kw_only=True):
    """Which reader coded a report, with which words."""

    name: str
    version: str
    lexicon: str


class CodedReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader found in one report."""

    report: ReportHead
    incidents: list[Mention] = []
    tallies: list[Tally] = []
    control: list[Control] = []
    assessments: list[Assessment] = []
    reader: ReaderMark | None = None
    unread: list[Span] = []


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(CodedReport)


def encode(coded: CodedReport) -> bytes:
    """One line of JSON without the line end."""
    return _encoder.encode(coded)


def decode(line: bytes | str) -> CodedReport:
    """The coded report that a line of JSON holds; `msgspec.ValidationError` where it holds none."""
    return _decoder.decode(line)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a coded report."""
    schema = msgspec.json.schema(CodedReport)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://sijill.example/schema/coded-report-1.json",
        "title": "Sijill coded report",
        **schema,
    }


def text_digest(text: str) -> str:
    """SHA-256 of a text as read, in hexadecimal; lone surrogates are kept as they are."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def report_id(text: str, title: str | None = None) -> str:
    """An id for a report that came without one: `r-` and 16 hexadecimal digits of its content."""
    return "r-" + text_digest(f"{title or ''}\n{text}")[:16]


def head(report: Report) -> ReportHead:
    """What a coded report repeats of its report."""
    return ReportHead(
        id=report.id, source=report.source, url=report.url, title=report.title,
        published=report.published, sha256=text_digest(report.text),
    )  # fmt: skip
