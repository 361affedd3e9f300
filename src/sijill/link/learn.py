"""Weights learnt from a register that is large enough, with the weights set by hand as the start.

Expectation and maximisation after Winkler (1988), 'Using the EM algorithm for weight computation in the
Fellegi-Sunter model of record linkage': how often each level comes out among pairs of one event (m)
and among the others (u), each pair counted by how likely it is one event; a weight is log2(m/u).
"""

from __future__ import annotations

import hashlib

import msgspec
import numpy as np
import numpy.typing as npt
import yaml

from sijill.errors import UsageError
from sijill.link.block import candidates
from sijill.link.compare import COMPARISONS, Rows
from sijill.link.judge import Index
from sijill.link.weights import LEVELS, ORDER, Weights

BY_HAND = ("report", "region", "status", "agency")
"""Comparisons that stay as they are: rules rather than signs."""

FEWEST_MENTIONS, FEWEST_LINKS = 5_000, 500
"""A smaller register, or one with fewer pairs of one event, teaches less than is known already."""

FEWEST = 20.0
"""A level that fewer pairs than this came out at, on either side, keeps its weight."""

MOST_PAIRS = 2_000_000
ROUNDS = 25
FARTHEST = 3.0
"""No weight goes farther than this from the one set by hand: the model takes comparisons for independent,
which they are not, and would trust them too much."""


def learn(index: Index) -> Weights:
    """The weights that the pairs of a register teach; UsageError where it is too small for that."""
    if len(index) < FEWEST_MENTIONS:
        raise UsageError(
            f"the register holds {len(index):,} mentions; "
            f"{FEWEST_MENTIONS:,} are the least to learn weights from"
        )
    levels = _levels(index)
    weights = index.weights
    for _ in range(ROUNDS):
        likely = _likely(levels, weights)
        if likely.sum() < FEWEST_LINKS:
            raise UsageError(
                f"the register holds about {likely.sum():,.0f} pairs of one event; "
                f"{FEWEST_LINKS:,} are the least to learn weights from"
            )
        weights = _taught(levels, likely, weights, index.weights)
    digest = hashlib.sha256(msgspec.json.encode(weights.comparisons)).hexdigest()[:8]
    return msgspec.structs.replace(weights, version=f"learnt-{digest}")


def as_file(weights: Weights) -> str:
    """Weights in the form of `data/link_weights.yaml`."""
    text = yaml.safe_dump(msgspec.to_builtins(weights), allow_unicode=True, sort_keys=False)
    return f"# Learnt by `sijill link --learn`; data/link_weights.yaml says what each line is.\n{text}"


def _levels(index: Index) -> npt.NDArray[np.int8]:
    """The levels of candidate pairs, one column a comparison; of too many pairs every so-many-th."""
    parts = list(candidates(index.columns, index.weights))
    left, right = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    _, once = np.unique(left * len(index) + right, return_index=True)
    once = once[:: max(1, len(once) // MOST_PAIRS)]
    a, b = Rows(index.columns, left[once]), Rows(index.columns, right[once])
    return np.column_stack([COMPARISONS[name](a, b, index.weights) for name in ORDER])


def _likely(levels: npt.NDArray[np.int8], weights: Weights) -> npt.NDArray[np.float64]:
    """How likely each pair is one event."""
    score = np.full(len(levels), weights.prior)
    for place, name in enumerate(ORDER):
        score += np.array(weights.of(name))[levels[:, place]]
    return np.asarray(1 / (1 + np.exp2(-np.clip(score, -60, 60))))


def _taught(
    levels: npt.NDArray[np.int8], likely: npt.NDArray[np.float64], weights: Weights, start: Weights
) -> Weights:
    """The weights that pairs so likely would give."""
    table = {name: dict(values) for name, values in weights.comparisons.items()}
    for place, name in enumerate(ORDER):
        if name in BY_HAND:
            continue
        size = len(LEVELS[name]) + 1
        one = np.bincount(levels[:, place], likely, size)[1:]
        two = np.bincount(levels[:, place], 1 - likely, size)[1:]
        for level, m, u in zip(LEVELS[name], one, two, strict=True):
            if min(m, u) >= FEWEST:
                given = start.comparisons[name][level]
                found = float(np.log2((m / one.sum()) / (u / two.sum())))
                table[name][level] = round(min(max(found, given - FARTHEST), given + FARTHEST), 2)
    share = float(likely.mean())
    prior = float(np.clip(np.log2(share / (1 - share)), start.prior - FARTHEST, start.prior + FARTHEST))
    return msgspec.structs.replace(weights, prior=round(prior, 2), comparisons=table)
