"""Clusters: whom persons join and part, what a chain may not do, where old ids lead."""

from __future__ import annotations

import msgspec
import pytest

from link_made import SUKHNA, TADMOR, dead, told
from sijill.errors import UsageError
from sijill.incidents import Judgement
from sijill.link import build, cluster, judge, judge_pair, load_weights
from sijill.link.cluster import Clustering, neighbourhood
from sijill.link.days import days
from sijill.link.weights import LEVELS, ORDER
from sijill.records import When

HELD = [told(number) for number in range(1, 7)]
NAMES = {number: HELD[number - 1].id for number in range(1, 7)}


def machine(one: int, other: int, score: float) -> Judgement:
    limits = load_weights().thresholds
    verdict = "same" if score >= limits.same else "unsure" if score >= limits.unsure else "different"
    return Judgement(left=NAMES[one], right=NAMES[other], verdict=verdict, by="machine:rules-1", score=score)


def person(one: int, other: int, verdict: str, at: str = "2024-05-01", by: str = "layla") -> Judgement:
    return Judgement(left=NAMES[one], right=NAMES[other], verdict=verdict, by=by, at=at)  # type: ignore[arg-type]


def linked(*judgements: Judgement, known: dict[str, list[str]] | None = None) -> Clustering:
    return cluster(HELD, judgements, known)


def sets(found: Clustering) -> set[frozenset[int]]:
    number = {name: at for at, name in NAMES.items()}
    return {
        frozenset(number[name] for name in one.mentions) for one in found.clusters if len(one.mentions) > 1
    }


def test_best_first_and_by_the_mean() -> None:
    assert sets(linked(machine(1, 2, 6), machine(2, 3, 5), machine(1, 3, 4))) == {frozenset({1, 2, 3})}
    assert sets(linked(machine(1, 2, 6), machine(2, 3, 5), machine(1, 3, -5))) == {frozenset({1, 2})}
    assert sets(linked(machine(1, 2, 5), machine(2, 3, 6))) == {frozenset({2, 3})}, "1 and 3 were never near"


def test_a_person_parts_through_any_chain() -> None:
    links = [machine(1, 2, 6), machine(2, 3, 6), machine(1, 3, 6)]
    parted = sets(linked(*links, person(1, 3, "different")))
    assert len(parted) == 1 and not any({1, 3} <= one for one in parted)


def test_a_person_joins_and_the_last_word_holds() -> None:
    assert sets(linked(person(1, 2, "same"))) == {frozenset({1, 2})}
    late = person(1, 2, "different", "2024-06-01", "omar")
    assert sets(linked(late, person(1, 2, "same"))) == set()
    undone = msgspec.structs.replace(late, undone=True)
    assert sets(linked(undone, person(1, 2, "same"))) == {frozenset({1, 2})}
    assert sets(linked(machine(1, 2, 9), person(1, 2, "unsure"))) == set()


def test_words_that_contradict_each_other_are_told() -> None:
    found = linked(
        person(1, 2, "same", "2024-05-01"), person(2, 3, "same", "2024-05-02"), person(1, 3, "different")
    )
    assert sets(found) == {frozenset({2, 3})}, "the later word is kept"
    assert found.contradictions == [(NAMES[1], NAMES[2])]


def test_one_report_keeps_its_events_apart() -> None:
    held = [told(1), told(2, report="r-9"), told(3, report="r-9")]
    pairs = [(0, 1), (0, 2)]
    scores = [
        Judgement(left=held[a].id, right=held[b].id, verdict="same", by="machine:x", score=9.0)
        for a, b in pairs
    ]
    assert max(len(one.mentions) for one in cluster(held, scores).clusters) == 2
    twice = [
        told(n, report="r-9", words="قتل ثلاثة عناصر في كمين قرب بلدة السخنة شرقي حمص اليوم") for n in (1, 2)
    ]
    assert len(cluster(twice, judge(twice)).clusters) == 1, "the same words twice are one event"


def test_the_older_id_stays_and_the_other_leads_to_it() -> None:
    apart = linked()
    known = {one.id: list(one.mentions) for one in apart.clusters}
    joined = linked(person(2, 4, "same"), known=known)
    old = "i-" + NAMES[4][2:]
    assert joined.forward == {old: "i-" + NAMES[2][2:]}
    (home,) = [one for one in joined.clusters if NAMES[4] in one.mentions]
    assert home.formerly == (old,)
    gone = cluster([held for held in HELD if held.id != NAMES[2]], [], {"i-x": [NAMES[2], NAMES[3]]})
    assert gone.forward == {"i-x": "i-" + NAMES[3][2:]}, "where most of its mentions went"


def test_neighbourhood_follows_links_of_same() -> None:
    links = [machine(1, 2, 6), machine(2, 3, 0), machine(3, 4, 6)]
    assert neighbourhood([NAMES[1]], links) == {NAMES[1], NAMES[2]}


def test_missing_values_say_nothing() -> None:
    bare = [told(n, place=None, date=None, actors=[], targets=[], published=None) for n in (1, 2)]
    reasons = {one.comparison for one in judge_pair(*bare).reasons}
    assert reasons == {"prior", "region", "action"}


def test_every_reason_is_a_weight_of_the_table() -> None:
    judged = judge_pair(told(1, [dead(13)]), told(2, [dead(18)], place=TADMOR))
    table = load_weights().comparisons
    for one in judged.reasons[1:]:
        assert one.weight == table[one.comparison][one.level]
    assert judged.score == pytest.approx(sum(one.weight for one in judged.reasons))
    assert set(ORDER) == set(LEVELS) == set(table)


def test_a_file_of_weights_with_faults_tells_each(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from sijill.link.weights import _FILE

    text = _FILE.read_text(encoding="utf-8").replace("    same_loose: 2.2 ", "    same_lose: 2.2 ")
    path = tmp_path / "weights.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"day: same_loose is missing.*\n.*day: same_lose is not known"):
        load_weights(path)


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2024-03-05", "2024-03-05", "2024-03-05"), ("2024-02~", "2024-02-01", "2024-02-29"),
        ("2024", "2024-01-01", "2024-12-31"), ("2023-24", "2023-12-01", "2024-02-29"),
        ("2024-03-05/2024-03-07", "2024-03-05", "2024-03-07"),
    ],
)  # fmt: skip
def test_days(edtf: str, first: str, last: str) -> None:
    from sijill.link.days import iso

    covered = days(edtf)
    assert covered and (iso(covered[0]), iso(covered[1])) == (first, last)


@pytest.mark.parametrize("edtf", ["", "soon", "2024-13", "2024-02-31", "2024-03-05/2024-03-01", "20XX"])
def test_what_is_no_date(edtf: str) -> None:
    assert days(edtf) is None


def test_an_incident_is_what_most_independent_sources_say() -> None:
    held = [
        told(1, [dead(13)], sources=["SOHR"], action="armed_assault", date=When(edtf="2024-03")),
        told(2, [dead(13)], sources=["SOHR"], action="armed_assault", place=None),
        told(3, [dead(18)], sources=["medical"], action="ambush", actors=["UNKNOWN"]),
        told(4, [dead(99)], retracted=True, place=TADMOR),
    ]
    (one,) = cluster(held, [
        Judgement(left=held[0].id, right=other.id, verdict="same", by="layla", at="2024-05-01")
        for other in held[1:]
    ]).clusters  # fmt: skip
    found = build(one, held)
    assert found.action == "ambush", "the bare attack says less"
    assert (found.date, found.start, found.end) == ("2024-03-05", "2024-03-05", "2024-03-05")
    assert found.place == SUKHNA and found.actors == ["IS"]
    assert found.sources == ["SOHR", "medical@outlet 3"] and found.standing == "corroborated"
    assert found.toll("killed") == (13, 18, 18)
    assert held[3].id in found.mentions
