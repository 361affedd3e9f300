"""Pairs judged: which mentions tell of one event, with the reasons.

A pair's score depends on the two mentions and the weights alone, never on what else the register
holds; so it does not matter in which order mentions come, or whether they come all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from sijill.incidents import HeldMention, Judgement, Reason, Verdict
from sijill.link.block import candidates
from sijill.link.columns import Columns
from sijill.link.compare import COMPARISONS, Rows
from sijill.link.weights import LEVELS, ORDER, Weights, load_weights

EARLY = ORDER[:5]
"""After these comparisons most pairs can no longer reach the score that is recorded."""

PRIOR = "prior"


class Scored(msgspec.Struct, frozen=True):
    """Pairs of rows with their scores and, one column a comparison of ORDER, their levels."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    levels: npt.NDArray[np.int8]


class Index:
    """Mentions held ready for comparison; more can be added at any time.

    >>> index = Index(weights)                                # doctest: +SKIP
    >>> index.add(mentions); list(index.judge())              # doctest: +SKIP
    >>> new = index.add([mention]); list(index.judge(new))    # doctest: +SKIP
    """

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights or load_weights()
        self.columns = Columns(self.weights)

    def __len__(self) -> int:
        return len(self.columns)

    def add(self, mentions: Sequence[HeldMention]) -> npt.NDArray[np.int64]:
        """Takes mentions in; the rows at which they stand."""
        return self.columns.add(mentions)

    def scored(self, new: npt.NDArray[np.int64] | None = None) -> Scored:
        """Every candidate pair that reaches `thresholds.keep`, once; with `new`, those with a new row."""
        found = [score(self.columns, *pair) for pair in candidates(self.columns, self.weights, new)]
        if not found:
            nothing = np.zeros(0, np.int64)
            return Scored(nothing, nothing, np.zeros(0), np.zeros((0, len(ORDER)), np.int8))
        left, right, scores, levels = (
            np.concatenate([getattr(part, name) for part in found]) for name in Scored.__struct_fields__
        )
        _, once = np.unique(left * len(self.columns) + right, return_index=True)
        return Scored(left[once], right[once], scores[once], levels[once])

    def judge(self, new: npt.NDArray[np.int64] | None = None) -> Iterator[Judgement]:
        """The judgements on those pairs, in the order of their ids."""
        yield from sorted(self.judgements(self.scored(new)), key=lambda one: (one.left, one.right))

    def judgements(self, scored: Scored) -> Iterator[Judgement]:
        """Scored pairs as judgements."""
        ids, by = self.columns.ids, self.weights.by
        names = _Reasons(self.weights)
        for left, right, value, levels in zip(
            scored.left.tolist(), scored.right.tolist(), scored.score.tolist(), scored.levels.tolist(),
            strict=True,
        ):  # fmt: skip
            one, other = sorted((ids[left], ids[right]))
            verdict = verdict_of(value, self.weights)
            yield Judgement(
                left=one, right=other, verdict=verdict, by=by, score=round(value, 3), reasons=names(levels)
            )


class _Reasons:
    """Levels as reasons, each made once."""

    def __init__(self, weights: Weights) -> None:
        tables = [weights.of(name) for name in ORDER]
        self._prior = Reason(comparison=PRIOR, level="pairs of a region and week", weight=weights.prior)
        self._table = [
            [None, *(Reason(comparison=name, level=level, weight=table[at]) for at, level in _levels(name))]
            for name, table in zip(ORDER, tables, strict=True)
        ]

    def __call__(self, levels: list[int]) -> list[Reason]:
        """The prior, and a reason for whatever both tell."""
        told = (self._table[place][level] for place, level in enumerate(levels) if level)
        return [self._prior, *(reason for reason in told if reason is not None)]


def _levels(name: str) -> list[tuple[int, str]]:
    return list(enumerate(LEVELS[name], 1))


def score(columns: Columns, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Scored:
    """The scores of pairs of rows; pairs that cannot reach `thresholds.keep` are left out."""
    weights = columns.weights
    keep = weights.thresholds.keep
    early, late = ORDER[: len(EARLY)], ORDER[len(EARLY) :]
    total, levels = _add(columns, left, right, early, np.full(len(left), weights.prior))
    open_still = total + weights.most(late) >= keep
    left, right, total, levels = left[open_still], right[open_still], total[open_still], levels[open_still]
    total, more = _add(columns, left, right, late, total)
    kept = total >= keep
    return Scored(left[kept], right[kept], total[kept], np.hstack([levels, more])[kept])


def _add(
    columns: Columns,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    names: tuple[str, ...],
    total: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """The total with the weights of some comparisons, and their levels."""
    a, b = Rows(columns, left), Rows(columns, right)
    levels = np.zeros((len(left), len(names)), np.int8)
    for place, name in enumerate(names):
        levels[:, place] = COMPARISONS[name](a, b, columns.weights)
        total = total + np.array(columns.weights.of(name))[levels[:, place]]
    return total, levels


def verdict_of(value: float, weights: Weights) -> Verdict:
    """What a score amounts to."""
    limits = weights.thresholds
    return "same" if value >= limits.same else "unsure" if value >= limits.unsure else "different"


def judge(
    mentions: Iterable[HeldMention], weights: Weights | None = None, *, against: Iterable[HeldMention] = ()
) -> Iterator[Judgement]:
    """Every pair of mentions that could be one event, judged, in the order of their ids.

    With `against`, pairs of a mention with one of those or with another mention; what is only in
    `against` is not judged anew. Pairs below `thresholds.keep` are left out: they are different.
    """
    index = Index(weights)
    held = list(against)
    fresh = list(mentions)
    index.add(held)
    new = index.add(fresh)
    yield from index.judge(new if held else None)


def judge_pair(one: HeldMention, other: HeldMention, weights: Weights | None = None) -> Judgement:
    """What the machine holds of two mentions, however unlike they are."""
    index = Index(weights)
    index.add([one, other])
    first, second = np.zeros(1, np.int64), np.ones(1, np.int64)
    total, levels = _add(index.columns, first, second, ORDER, np.full(1, index.weights.prior))
    return next(index.judgements(Scored(first, second, total, levels)))
