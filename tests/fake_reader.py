"""A reader that knows three words, to test all that stands around a reader.

Each هجوم is an incident with a dead soldier, `حصيلة` a tally; CRASH raises, DIE ends the process.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from sijill.reading.reader import Explanation, Step
from sijill.records import Casualty, CodedReport, Mention, Place, Report, Span, Tally, When, head

ATTACK = "هجوم"


class FakeReader:
    def __init__(self, lexicon: Path | None) -> None:
        self.lexicon = lexicon

    def read(self, report: Report) -> CodedReport:
        if "CRASH" in report.text:
            raise RuntimeError("the reader\nfell over")
        if "DIE" in report.text:
            os._exit(9)
        incidents = [
            Mention(
                id=f"i{number}",
                action="armed_assault",
                actors=["IS"],
                targets=["SY-GOV"],
                date=When(edtf=report.published) if report.published else None,
                place=Place(name="=السخنة", admin1="SY04"),
                casualties=[Casualty(outcome="killed", group="SY-GOV", low=1, high=1)],
                evidence={"": [Span("text", *found.span())]},
            )
            for number, found in enumerate(re.finditer(ATTACK, report.text), 1)
        ]
        tallies = [Tally(id="t1", measure="killed", low=4)] if "حصيلة" in report.text else []
        return CodedReport(report=head(report), incidents=incidents, tallies=tallies)

    def explain(self, report: Report) -> Explanation:
        steps = []
        for found in re.finditer(ATTACK, report.text):
            word = Step("act.noun", "text", found.start(), found.end(), "armed_assault")
            steps.append(Step("incident", "text", found.start(), found.end(), "i1", (word,)))
        coded = self.read(report)
        if "unread" in report.text:
            coded = CodedReport(report=coded.report, incidents=coded.incidents, unread=[Span("text", 0, 6)])
        return Explanation(coded, tuple(steps))


def load(lexicon: Path | None) -> FakeReader:
    return FakeReader(lexicon)
