"""An incident that a person enters: a report whose text is their note, with the record that they gave."""

from __future__ import annotations

from typing import get_args

import msgspec

from sijill.errors import UsageError
from sijill.records import (
    Action,
    Casualty,
    CodedReport,
    Mention,
    Place,
    ReaderMark,
    Report,
    Span,
    Status,
    When,
    head,
    report_id,
)
from sijill.sources.coded import CodedDocument

READER = "by-hand"
Told = tuple[str, int | None, int | None, str]


def coded_document(
    *, note: str, source: str | None, published: str | None, action: str, status: str, date: str | None,
    place: Place | None, actors: list[str], targets: list[str], tolls: list[Told], who: str,
) -> CodedDocument:  # fmt: skip
    """The document of an incident by hand; every value points at the whole note.

    UsageError where the note is empty or a word is none of the codebook's.
    """
    if not note:
        raise UsageError("write in your own words what was told; the note is what the record rests on")
    if action not in get_args(Action) or status not in get_args(Status):
        raise UsageError("choose an action and a status from the lists")
    for outcome, low, high, _ in tolls:
        if low is not None and high is not None and low > high:
            raise UsageError(f"{outcome}: the least ({low}) is more than the most ({high})")
    casualties = [
        Casualty(outcome=outcome, group=group, low=low, high=high)  # type: ignore[arg-type]
        for outcome, low, high, group in tolls
        if low is not None or high is not None
    ]
    whole = [Span("text", 0, len(note))]
    mention = Mention(
        id="i1", action=action, status=status, place=place, actors=actors,  # type: ignore[arg-type]
        date=When(edtf=date) if date else None, targets=targets, casualties=casualties,
        sources=[source] if source else [], evidence={"": whole},
    )  # fmt: skip
    told = msgspec.json.encode([note, source, published, mention])
    report = Report(
        id=report_id(note, told.decode()), text=note, source=source, published=published, title=None
    )
    coded = CodedReport(
        report=head(report), incidents=[mention],
        reader=ReaderMark(name=READER, version="1", lexicon=who),
    )  # fmt: skip
    return CodedDocument(
        data=msgspec.json.encode(coded), media_type="application/json", origin=f"by hand, {who}",
        source=source, reports=[report], coded=[coded],
    )  # fmt: skip
