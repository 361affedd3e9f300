"""Coded reports as rows for spreadsheets: one row an incident, one row a casualty figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sijill.publish import phrases
from sijill.records import Casualty, CodedReport, Mention, Place, Report, Span

Cell = str | int | float | bool | None
Row = list[Cell]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def guarded(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that a spreadsheet would run as a formula.

    >>> guarded("=1+1"), guarded(-3)
    ("'=1+1", -3)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(_FORMULA) else cell


def _list(values: Iterable[str]) -> str:
    """Several values in one cell."""
    return "; ".join(values)


def _words(report: Report, spans: Iterable[Span]) -> str:
    """The report's own words, as they stand."""
    fields = {"text": report.text, "title": report.title or ""}
    return " … ".join(fields[span.field][span.start : span.end] for span in spans)


def _place(name: str) -> Callable[[Report, Mention], Cell]:
    """A getter for one thing about the place."""

    def get(_: Report, mention: Mention) -> Cell:
        where: Place | None = mention.place
        cell: Cell = getattr(where, name) if where is not None else None
        return cell

    return get


INCIDENT: tuple[tuple[str, Callable[[Report, Mention], Cell]], ...] = (
    ("report", lambda report, _: report.id),
    ("source", lambda report, _: report.source),
    ("url", lambda report, _: report.url),
    ("title", lambda report, _: report.title),
    ("published", lambda report, _: report.published),
    ("incident", lambda _, mention: mention.id),
    ("action", lambda _, mention: mention.action),
    ("status", lambda _, mention: mention.status),
    ("date", lambda _, mention: mention.date.edtf if mention.date else None),
    ("date_inferred", lambda _, mention: mention.date.inferred if mention.date else None),
    ("time", lambda _, mention: mention.time),
    ("place", _place("name")),
    ("admin1", _place("admin1")),
    ("admin2", _place("admin2")),
    ("country", _place("country")),
    ("lat", _place("lat")),
    ("lon", _place("lon")),
    ("precision", _place("precision")),
    ("place_inferred", _place("inferred")),
    ("place_id", _place("id")),
    ("place_kind", _place("kind")),
    ("actors", lambda _, mention: _list(mention.actors)),
    ("targets", lambda _, mention: _list(mention.targets)),
    ("weapons", lambda _, mention: _list(mention.weapons)),
    ("casualties", lambda _, mention: phrases.casualties(mention.casualties)),
    ("no_casualties", lambda _, mention: mention.no_casualties),
    ("claimed_by", lambda _, mention: mention.claimed_by),
    ("disputed", lambda _, mention: mention.disputed),
    ("sources", lambda _, mention: _list(mention.sources)),
    ("confidence", lambda _, mention: mention.confidence),
    ("words", lambda report, mention: _words(report, mention.evidence.get("", []))),
)
"""The columns of an incident, in order. Empty is 'not told', never zero."""

CASUALTY: tuple[tuple[str, Callable[[Report, Mention, Casualty], Cell]], ...] = (
    ("report", lambda report, _, __: report.id),
    ("incident", lambda _, mention, __: mention.id),
    ("outcome", lambda _, __, entry: entry.outcome),
    ("group", lambda _, __, entry: entry.group),
    ("low", lambda _, __, entry: entry.low),
    ("high", lambda _, __, entry: entry.high),
    ("approx", lambda _, __, entry: entry.approx),
    ("part_of", lambda _, __, entry: entry.part_of),
    ("source", lambda _, __, entry: entry.source),
)
"""The columns of a casualty figure, in order; `report` and `incident` tie it to its incident."""


def incident_rows(report: Report, coded: CodedReport) -> Iterator[Row]:
    """One row for each incident."""
    for mention in coded.incidents:
        yield [guarded(get(report, mention)) for _, get in INCIDENT]


def casualty_rows(report: Report, coded: CodedReport) -> Iterator[Row]:
    """One row for each figure of each incident."""
    for mention in coded.incidents:
        for entry in mention.casualties:
            yield [guarded(get(report, mention, entry)) for _, get in CASUALTY]
