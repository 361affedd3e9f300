"""Capture-recapture against published examples and simulation; refusals; coverage."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from sijill.cli.main import cli
from sijill.errors import UsageError
from sijill.incidents import Incident
from sijill.records import Place
from sijill.tally.capture import Estimate, Refusal, estimate, fit, overlaps
from sijill.tally.missing import missing
from sijill.tally.scope import Published
from sijill.tally.table import Table

HEPATITIS = {(1, 1, 1): 28, (1, 1, 0): 21, (1, 0, 1): 17, (1, 0, 0): 69, (0, 1, 1): 18, (0, 1, 0): 55,
             (0, 0, 1): 63}  # fmt: skip
"""Hepatitis A in Taiwan by three lists (Chao, Tsay, Lin, Shau & Chao 2001, Stat. Med. 20)."""

DIABETES = dict(zip(
    [tuple(int(digit) for digit in f"{place:04b}") for place in range(15, 0, -1)],
    [58, 157, 18, 104, 46, 650, 12, 709, 14, 20, 7, 74, 8, 182, 10], strict=True,
))  # fmt: skip
"""Diabetes in Casale Monferrato by four lists (Bruno et al. 1994, Diabetes Care 17)."""


@pytest.mark.parametrize(
    ("pairs", "total"),
    [((), 388), (((0, 1),), 416), (((0, 1), (1, 2)), 527), (((0, 1), (0, 2), (1, 2)), 1313)],
)
def test_models_of_hepatitis_give_the_published_totals(
    pairs: tuple[tuple[int, int], ...], total: int
) -> None:
    found = fit("PQE", HEPATITIS, pairs)
    assert found is not None and round(271 + found.unseen) == total


def test_three_lists_saturated_have_the_closed_form_of_bishop_fienberg_and_holland() -> None:
    n = HEPATITIS
    unseen = n[1, 1, 1] * n[1, 0, 0] * n[0, 1, 0] * n[0, 0, 1] / (n[1, 1, 0] * n[1, 0, 1] * n[0, 1, 1])
    found = fit("PQE", HEPATITIS, ((0, 1), (0, 2), (1, 2)))
    assert found is not None and found.unseen == pytest.approx(unseen, rel=1e-6)


def test_the_model_of_diabetes_that_was_published() -> None:
    """2,771 with standard error 145 (International Working Group for Disease Monitoring 1995)."""
    assert sum(DIABETES.values()) == 2069
    found = fit("1234", DIABETES, ((0, 1), (0, 2), (1, 2), (1, 3), (2, 3)))
    assert found is not None and (round(2069 + found.unseen), round(found.error)) == (2771, 145)


def _lists(cells: dict[tuple[int, ...], int]) -> dict[str, list[bool]]:
    rows = [cell for cell, often in cells.items() for _ in range(often)]
    return {"abcd"[place]: [bool(row[place]) for row in rows] for place in range(len(rows[0]))}


def test_the_average_of_diabetes_is_close_to_what_was_published() -> None:
    """Published: 2,771 with an interval of 2,492 to 3,051."""
    found = estimate(_lists(DIABETES))
    assert isinstance(found, Estimate)
    assert found.total == pytest.approx(2771, rel=0.01)
    assert (found.low, found.high) == pytest.approx((2492, 3051), rel=0.03)
    assert sum(model.weight for model in found.models) == pytest.approx(1)
    assert {model.pairs for model in found.models} >= {(("a", "c"), ("b", "d"), ("c", "d"))}


def _draw(size: int, chances: tuple[float, ...], seed: int, copied: float = 0.0) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(seed)
    seen = [chance.random(size) < share for share in chances]
    seen[1] |= seen[0] & (chance.random(size) < copied)
    return dict(zip("abcd", seen, strict=False))


@pytest.mark.parametrize(
    ("chances", "copied"), [((0.5, 0.4, 0.3), 0.0), ((0.4, 0.3, 0.35), 0.4), ((0.5, 0.4, 0.3), 0.2)]
)
def test_intervals_cover_the_truth(chances: tuple[float, ...], copied: float) -> None:
    covered, runs, size = 0, 120, 400
    for seed in range(runs):
        found = estimate(_draw(size, chances, seed, copied))
        assert isinstance(found, Estimate)
        covered += found.low <= size <= found.high
    assert covered / runs >= 0.93


def test_refusals_say_why() -> None:
    good = _draw(400, (0.5, 0.4, 0.3), 1)
    many = dict.fromkeys("abcdef", good["a"])
    thin = {**good, "c": np.arange(400) < 9}
    inside = {**good, "c": good["a"] & (np.arange(400) % 2 == 0)}
    apart = {name: np.arange(400) % 3 == place for place, name in enumerate("abc")}
    for lists, code in (({"a": good["a"], "b": good["b"]}, "few"), (many, "many"), (thin, "thin"),
                        (inside, "inside"), (apart, "apart"), ({}, "few")):  # fmt: skip
        found = estimate(lists)
        assert isinstance(found, Refusal) and found.code == code and found.why
    found = estimate(good, quotes=[("b", "a")])
    assert isinstance(found, Refusal) and "b quotes a" in found.why
    assert isinstance(estimate(good, quotes=[("x", "a")]), Estimate)


def test_overlaps_count_every_incident_once() -> None:
    seen = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
    cells = overlaps(seen)
    assert (
        len(cells) == 7
        and cells[1, 0, 0] == cells[1, 1, 0] == cells[0, 0, 1] == 1
        and sum(cells.values()) == 3
    )


def _register() -> list[Incident]:
    lists = _draw(300, (0.6, 0.5, 0.4), 3)
    found = []
    for number in range(300):
        sources = [name for name, row in lists.items() if row[number]]
        if sources:
            day = str(np.datetime64("2023-01-01") + number)
            if number < 100 and number % 5 == 0:
                sources.append("quiet")
            found.append(Incident(id=f"i-{number}", action="clash", start=day, end=day, sources=sources,
                                  first_published=day, last_published=day,
                                  place=Place(name="Shula", admin1="SY09", country="SY")))  # fmt: skip
    return found


def test_coverage_names_silent_sources_and_places_in_tallies_only() -> None:
    incidents = _register()
    tallies = [Published(id="1", place=("sy-x", "Sukhna")), Published(id="2", place=("SY09",))]
    found = missing(Table.of(incidents), lists=["a", "b", "c"], tallies=tallies)
    assert sum(found.by_sources.values()) == found.incidents == len(incidents)
    assert found.only_tallied == ["Sukhna"]
    assert [one.name for one in found.sources if one.silent] == ["quiet"]
    quiet = next(one for one in found.sources if one.name == "quiet")
    assert quiet.last is not None and quiet.last < "2023-04-15"
    assert isinstance(found.estimate, Estimate) and found.estimate.low <= 300 <= found.estimate.high
    assert "takes for granted" in found.said[1].en and found.said[1].ar
    with pytest.raises(UsageError, match="there are a, b, c, quiet"):
        missing(Table.of(incidents), lists=["z"])


def test_the_command_prints_estimate_assumptions_and_refusal(tmp_path: Path) -> None:
    file = tmp_path / "incidents.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in _register()))
    call = ["missing", "--incidents", str(file), "--lists", "a,b,c"]
    shown = CliRunner().invoke(cli, call).output
    assert "95 % interval" in shown and "dependent pairs" in shown and "takes for granted" in shown
    refused = json.loads(CliRunner().invoke(cli, [*call, "--quotes", "a:b", "--format", "json"]).output)
    assert refused["refused"]["code"] == "quotes" and "ينقل" in refused["said"][0]["ar"]
