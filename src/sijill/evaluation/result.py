"""What an evaluation comes to: figures with their intervals, errors, and how far two coders agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sijill.evaluation.bootstrap import DRAWS, Interval, intervals
from sijill.evaluation.compare import Coded, Compared, compare_all, counts
from sijill.evaluation.figures import SIZES, Figures, figures, total
from sijill.evaluation.sets import Answers, GoldSet, code_reports, coded_reports, texts_of
from sijill.records import Report


@dataclass(frozen=True, slots=True)
class Judged:
    """One gold set, with what was said of its reports held against it, and the second coder as well."""

    set: GoldSet
    answers: Answers
    compared: list[Compared]
    second: list[Compared] = field(default_factory=list)

    def report(self, id: str) -> Report | None:
        """The report of that id, where it was read."""
        return self.answers.reports.get(id)


def judge(
    gold: GoldSet,
    *,
    predicted: Path | None = None,
    reader: str = "grammar",
    lexicon: Path | None = None,
    jobs: int = 1,
) -> Judged:
    """A set held against `predicted`, or against what the reader says of its reports now."""
    first = coded_reports(gold.gold)
    if predicted is not None:
        answers = Answers(coded_reports(predicted), texts_of(gold.reports))
    else:
        answers = code_reports(gold.reports, reader=reader, lexicon=lexicon, jobs=jobs)
    second = agreement(first, coded_reports(gold.second)) if gold.second else []
    return Judged(gold, answers, compare_all(first, answers.coded), second)


@dataclass(frozen=True, slots=True)
class Result:
    """A coder against gold."""

    compared: Sequence[Compared]
    figures: Figures
    intervals: Mapping[str, Interval]

    def scores(self) -> dict[str, float | None]:
        """The figures that tell how well, without those that tell how much."""
        return {name: value for name, value in self.figures.items() if name not in SIZES}

    def quiet(self) -> int:
        """How many reports hold no incident."""
        return sum(not compared.gold["incidents"] for compared in self.compared)


def result(compared: Sequence[Compared], *, draws: int = DRAWS) -> Result:
    """The figures of reports that were compared; those of several sets are pooled."""
    counted = [counts(one) for one in compared]
    return Result(compared, figures(total(counted)), intervals(counted, draws=draws))


def agreement(first: Mapping[str, Coded], second: Mapping[str, Coded]) -> list[Compared]:
    """The second coder held against the first, on the reports that both coded."""
    return compare_all({id: coded for id, coded in first.items() if id in second}, second)
