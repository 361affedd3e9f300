"""A reader that takes no time: three incidents and a tally in every report, as the grammar gives for
the benchmark's articles. It measures what stands around a reader."""

from __future__ import annotations

from pathlib import Path

from sijill.reading.reader import Explanation
from sijill.records import (
    Casualty,
    CodedReport,
    Mention,
    Place,
    ReaderMark,
    Report,
    Span,
    Tally,
    When,
    head,
)

MARK = ReaderMark(name="quick", version="1", lexicon="none")


class QuickReader:
    """The same records for every report."""

    def read(self, report: Report) -> CodedReport:
        """Three incidents and a tally, resting on stretches of the text."""
        third = len(report.text) // 4
        incidents = [_mention(number, third * number, third * (number + 1), report.published)
                     for number in range(3)]  # fmt: skip
        tally = Tally(id="t1", measure="killed", low=40, high=40, period=report.published,
                      evidence={"": [Span("text", third * 3, third * 4)]})  # fmt: skip
        return CodedReport(report=head(report), incidents=incidents, tallies=[tally], reader=MARK)

    def explain(self, report: Report) -> Explanation:
        """Nothing to explain."""
        return Explanation(self.read(report), ())


def _mention(number: int, start: int, end: int, published: str | None) -> Mention:
    """An incident of the usual size."""
    place = Place(name="x", id=f"sy-{number}", admin1="SY09", admin2="SY0901", country="SY",
                  lat=35.3, lon=40.1)  # fmt: skip
    return Mention(
        id=f"i{number}", action="ambush", date=When(edtf=published, text="x") if published else None,
        place=place, actors=["IS"], targets=["SY-GOV"],
        casualties=[Casualty(outcome="killed", group="SY-GOV", low=7),
                    Casualty(outcome="wounded", group="SY-GOV", low=4, high=4)],
        sources=["SOHR"],
        evidence={"": [Span("text", start, end)], "/date": [Span("text", start, start + 9)],
                  "/place": [Span("text", start + 10, start + 20)],
                  "/casualties/0": [Span("text", start, start + 20)]},
    )  # fmt: skip


def load(lexicon: Path | None) -> QuickReader:
    """The reader."""
    return QuickReader()
