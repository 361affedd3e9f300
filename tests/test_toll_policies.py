"""How figures become tolls: policies, sources, labels, sentences, standing."""

from __future__ import annotations

import pytest

from link_made import dead, told
from sijill.errors import UsageError
from sijill.incidents import HeldMention, Toll
from sijill.records import Casualty, Rival
from sijill.tolls import independent_sources, load_policies, policy, source_of, standing, tolls
from sijill.tolls.sentences import counted


def rows(
    held: list[HeldMention], name: str = "latest"
) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {
        f"{row.outcome} {row.group}{' part' if row.part_of else ''}": (row.low, row.best, row.high)
        for row in tolls(held, policy(name))
    }


def toll(held: list[HeldMention], name: str = "latest") -> Toll:
    return tolls(held, policy(name))[0]


AMBUSH = [
    told(1, [dead(13)], sources=["SOHR"], published="2024-03-05"),
    told(2, [dead(18)], sources=["military"], published="2024-03-06"),
    told(3, [dead(20)], sources=["medical"], published="2024-03-06"),
]


@pytest.mark.parametrize(
    ("name", "best"), [("latest", 20), ("median", 18), ("conservative", 13), ("highest", 20)]
)
def test_policies(name: str, best: int) -> None:
    assert rows(AMBUSH, name) == {"killed SY-GOV": (13, best, 20)}


def test_a_source_replaces_its_own_figure_and_no_others() -> None:
    held = [
        told(1, [dead(13)], sources=["SOHR"], published="2024-03-05"),
        told(2, [dead(11)], sources=["SOHR"], published="2024-03-07"),
        told(3, [dead(20)], sources=["officials"], published="2024-03-06"),
    ]
    assert rows(held, "median") == {"killed SY-GOV": (11, 11, 20)}, "the middle of 11 and 20 is the lower"
    assert rows(held, "conservative")["killed SY-GOV"][1] == 11
    assert [figure.superseded for figure in toll(held).figures] == [True, False, False]


def test_only_words_of_revision_take_a_figure_out_of_the_range() -> None:
    first = told(1, [dead(13)], sources=["SOHR"], published="2024-03-05")
    silent = told(2, [dead(18)], sources=["SOHR"], published="2024-03-06", words="قتل 18 عنصرا")
    spoken = told(2, [dead(18)], sources=["SOHR"], published="2024-03-06", words="ارتفعت الحصيلة إلى 18")
    assert rows([first, silent]) == {"killed SY-GOV": (13, 18, 18)}
    assert rows([first, spoken]) == {"killed SY-GOV": (18, 18, 18)}


def test_many_outlets_quoting_one_source_are_one_voice() -> None:
    quoting = [told(n, [dead(13)], sources=["SOHR"]) for n in range(1, 6)]
    other = [told(7, [dead(20)], sources=["SANA"]), told(8, [dead(21)], sources=["officials"])]
    assert independent_sources(quoting) == ["SOHR"]
    assert rows([*quoting, *other], "median")["killed SY-GOV"] == (13, 20, 21)


def test_a_role_is_a_source_in_each_outlet_and_one_in_copies() -> None:
    apart = [told(n, sources=["medical"]) for n in (1, 2)]
    copies = [told(n, sources=["medical"], copy_of="r-1") for n in (1, 2)]
    assert independent_sources(apart) == ["medical@outlet 1", "medical@outlet 2"]
    assert independent_sources(copies) == ["medical@outlet 1"]
    assert source_of(told(3)) == "outlet 3"
    assert source_of(told(3, sources=["SY-GOV/ARMY"])) == "SY-GOV"
    assert source_of(told(3, outlet=None, report="r-9")) == "report:r-9"


def test_a_claim_counts_only_where_nobody_else_tells() -> None:
    claim = told(1, [dead(40)], sources=["IS"], published="2024-03-07")
    other = told(2, [dead(26)], sources=["SOHR"], published="2024-03-06")
    assert rows([claim]) == {"killed SY-GOV": (40, 40, 40)}
    assert "claim" in toll([claim]).why_en
    assert rows([claim, other]) == {"killed SY-GOV": (26, 26, 40)}


def test_one_total_and_a_breakdown_are_not_added_up() -> None:
    broken = told(1, [dead(4, "CIV"), dead(8), dead(6, "PERSONS")], targets=["SY-GOV", "CIV"])
    whole = told(2, [dead(14, "PERSONS")])
    found = rows([broken, whole], "highest")
    assert found["killed PERSONS"] == (14, 18, 18)
    assert found["killed CIV part"] == (4, 4, 4) and found["killed SY-GOV part"] == (8, 8, 8)
    assert rows([broken]) == {
        "killed CIV": (4, 4, 4), "killed PERSONS": (6, 6, 6), "killed SY-GOV": (8, 8, 8),
    }  # fmt: skip


def test_the_same_passengers_soldiers_or_civilians() -> None:
    held = [told(1, [dead(37)], sources=["SOHR"]), told(2, [dead(25, "CIV")], sources=["medical"])]
    found = rows(held, "highest")
    assert found["killed PERSONS"] == (25, 37, 37)
    assert set(found) == {"killed PERSONS", "killed SY-GOV part", "killed CIV part"}


def test_who_is_told_of_only_by_one_stays_beside() -> None:
    held = [told(1, [dead(9)]), told(2, [dead(9), dead(1, "IQ-GOV/POLICE")])]
    assert rows(held) == {"killed IQ-GOV/POLICE": (1, 1, 1), "killed SY-GOV": (9, 9, 9)}


def test_the_losses_of_the_doers_are_their_own() -> None:
    held = [told(1, [dead(9)]), told(2, [dead(3, "IS")])]
    assert rows(held) == {"killed IS": (3, 3, 3), "killed SY-GOV": (9, 9, 9)}


def test_a_part_never_exceeds_its_whole() -> None:
    held = [
        told(1, [dead(9, "CIV"), dead(12, "CIV/CHILD", part_of=True)], sources=["SOHR"]),
        told(2, [dead(10, "CIV")], sources=["medical"]),
    ]
    part = next(row for row in tolls(held, policy("conservative")) if row.part_of)
    assert (part.best, part.high) == (9, 10)
    assert "whole" in part.why_en and "الكل" in part.why_ar


def test_null_is_not_zero_and_at_least_has_no_end() -> None:
    assert rows([told(1, [dead(None)])]) == {"killed SY-GOV": (None, None, None)}
    least = told(1, [dead(36, high=None)])
    assert rows([least]) == {"killed SY-GOV": (36, 36, None)}
    assert rows([least, told(2, [dead(46)])], "conservative") == {"killed SY-GOV": (36, 36, 46)}
    assert rows([told(1, [Casualty(outcome="killed", group="CIV", high=9)])]) == {
        "killed CIV": (None, None, 9)
    }
    assert rows([told(1)]) == {}


def test_rivals_are_figures_of_their_own_sources() -> None:
    rival = Rival(source="IS", outcome="killed", group="SY-GOV", low=50, high=50)
    held = told(1, [dead(26)], sources=["SOHR"], rivals=[rival])
    assert rows([held]) == {"killed SY-GOV": (26, 26, 50)}


def test_an_unknown_policy_names_the_known() -> None:
    with pytest.raises(UsageError, match="latest, median, conservative"):
        policy("boldest")


@pytest.mark.parametrize(
    ("number", "arabic", "english"),
    [
        (1, "قتيل واحد", "1 killed"), (2, "قتيلان", "2 killed"), (3, "3 قتلى", "3 killed"),
        (10, "10 قتلى", "10 killed"), (11, "11 قتيلًا", "11 killed"), (99, "99 قتيلًا", "99 killed"),
        (100, "100 قتيل", "100 killed"), (103, "103 قتلى", "103 killed"),
        (111, "111 قتيلًا", "111 killed"), (202, "202 قتيل", "202 killed"),
        (1000, "1000 قتيل", "1,000 killed"),
    ],
)  # fmt: skip
def test_number_and_noun_agree(number: int, arabic: str, english: str) -> None:
    assert counted(number, "killed", "ar") == arabic
    assert counted(number, "killed", "en") == english


def test_every_outcome_has_nouns_and_every_manner_a_sentence() -> None:
    from typing import get_args

    from sijill.records import Outcome

    table = load_policies()
    for outcome in get_args(Outcome):
        assert len(table.nouns["en"][outcome]) == 2 and len(table.nouns["ar"][outcome]) == 5
    assert table.sentences["en"].keys() == table.sentences["ar"].keys()


def test_sentences_name_the_figure_that_decided() -> None:
    found = toll(AMBUSH)
    assert found.why_en.startswith("20 killed by medical sources in outlet 3 on 2024-03-06")
    assert found.why_ar.startswith("20 قتيلًا وفق مصادر طبية نقلت عنها outlet 3")
    agreed = toll([told(n, [dead(3)], sources=[f"paper {n}"]) for n in range(1, 4)])
    assert agreed.why_ar == "3 قتلى، وتتفق عليها 3 مصادر مستقلة."
    assert agreed.why_en == "3 killed, as all of 3 independent sources say."


STANDINGS = [
    ("single_source", [told(1, sources=["SOHR"]), told(2, sources=["SOHR"])]),
    ("corroborated", [told(1, sources=["SOHR"]), told(2, sources=["medical"])]),
    ("single_source", [told(1, sources=["SOHR"]), told(2, sources=["IS"])]),
    ("claimed_only", [told(1, sources=["IS"]), told(2, sources=["IS"])]),
    ("denied", [told(1, status="denied")]),
    ("contested", [told(1, status="denied"), told(2)]),
    ("contested", [told(1, disputed=True)]),
    ("retracted", [told(1, retracted=True)]),
    ("single_source", [told(1, retracted=True), told(2)]),
]


@pytest.mark.parametrize(("expected", "held"), STANDINGS)
def test_standing(expected: str, held: list[HeldMention]) -> None:
    assert standing(held) == expected
