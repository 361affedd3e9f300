"""What must hold of linking and tolls whatever comes in, and in whatever order."""

from __future__ import annotations

import os

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from link_made import dead, mention, mentions, told
from sijill.incidents import HeldMention, Judgement, Toll
from sijill.link import Index, build, cluster, judge, judge_pair
from sijill.link.cluster import incident_id
from sijill.tolls import load_policies, policy, standing, tolls

SOAK = int(os.environ.get("SIJILL_SOAK", 0))
MANY = settings(max_examples=max(40, SOAK // 100), deadline=None, suppress_health_check=list(HealthCheck))
POLICIES = st.sampled_from(sorted(load_policies().policies)).map(policy)


def groups(held: list[HeldMention], words: list[Judgement] | None = None) -> set[frozenset[str]]:
    found = cluster(held, [*judge(held), *(words or [])]).clusters
    return {frozenset(one.mentions) for one in found}


@st.composite
def word(draw: st.DrawFn, held: list[HeldMention]) -> Judgement:
    two = st.lists(st.sampled_from(held), min_size=2, max_size=2, unique_by=lambda held: held.id)
    one, other = sorted(draw(two), key=lambda held: held.id)
    verdict = draw(st.sampled_from(("same", "different", "unsure")))
    at = f"2024-05-{draw(st.integers(1, 28)):02}"
    return Judgement(left=one.id, right=other.id, verdict=verdict, by="layla", at=at)  # type: ignore[arg-type]


@MANY
@given(st.data())
def test_the_order_of_arrival_does_not_matter(data: st.DataObject) -> None:
    held = data.draw(mentions())
    mixed = data.draw(st.permutations(held))
    words = (
        data.draw(st.lists(word(held), max_size=3, unique_by=lambda word: word.at)) if len(held) > 1 else []
    )
    assert groups(held, words) == groups(mixed, list(reversed(words)))
    assert list(judge(held)) == list(judge(mixed))


@MANY
@given(st.data())
def test_one_by_one_gives_the_same_judgements_as_all_at_once(data: st.DataObject) -> None:
    held = data.draw(mentions())
    index, found = Index(), []
    for one in held:
        found += index.judge(index.add([one]))
    assert sorted(found, key=lambda one: (one.left, one.right)) == list(judge(held))


@MANY
@given(mentions())
def test_candidates_miss_no_pair_that_is_the_same(held: list[HeldMention]) -> None:
    found = {(one.left, one.right): one for one in judge(held)}
    for at, one in enumerate(held):
        for other in held[at + 1 :]:
            judged = judge_pair(one, other)
            if judged.verdict == "same":
                assert found[judged.left, judged.right] == judged


@MANY
@given(st.data())
def test_linking_twice_changes_nothing(data: st.DataObject) -> None:
    held = data.draw(mentions())
    table = {one.id: one for one in held}
    made = list(judge(held))
    first = cluster(held, made)
    known = {one.id: one.mentions for one in first.clusters}
    again = cluster(held, made, known)
    assert again.clusters == first.clusters and again.forward == {}
    assert [build(one, table) for one in again.clusters] == [build(one, table) for one in first.clusters]


@MANY
@given(st.data())
def test_no_chain_joins_what_a_person_parted(data: st.DataObject) -> None:
    held = data.draw(mentions())
    assume(len(held) > 1)
    words = data.draw(st.lists(word(held), min_size=1, max_size=5))
    parted: dict[tuple[str, str], tuple[str, str]] = {}
    for one in words:
        key = (one.left, one.right)
        if key not in parted or (one.at or "") >= parted[key][0]:
            parted[key] = (one.at or "", one.verdict)
    for found in groups(held, words):
        for (left, right), (_, verdict) in parted.items():
            if verdict == "different":
                assert not {left, right} <= found


@MANY
@given(st.data())
def test_a_person_who_joins_outranks_every_score(data: st.DataObject) -> None:
    held = data.draw(mentions())
    assume(len(held) > 1)
    one = data.draw(word(held))
    joined = msgspec.structs.replace(one, verdict="same")
    assert any({one.left, one.right} <= found for found in groups(held, [joined]))


@MANY
@given(st.data())
def test_ids_stay_as_mentions_arrive_and_old_ones_lead_on(data: st.DataObject) -> None:
    held = data.draw(mentions())
    held = [
        msgspec.structs.replace(one, received=f"2024-03-06T{number:02}:00") for number, one in enumerate(held)
    ]
    cut = data.draw(st.integers(1, len(held)))
    before = cluster(held[:cut], judge(held[:cut]))
    known = {one.id: one.mentions for one in before.clusters}
    after = cluster(held, judge(held), known)
    now = {one.id: set(one.mentions) for one in after.clusters}
    for old in known:
        home = after.forward.get(old, old)
        assert old.replace("i-", "m-") in now[home], "an id leads to where its founder stands"
    for one in after.clusters:
        assert one.id == incident_id(min(one.mentions, key=lambda name: int(name[2:], 16)))
        assert set(one.formerly) == {old for old, new in after.forward.items() if new == one.id}


def wholes(rows: list[Toll]) -> dict[tuple[str, str], Toll]:
    return {(row.outcome, row.group): row for row in rows if not row.part_of}


@MANY
@given(mentions(), POLICIES)
def test_best_lies_between_low_and_high(held: list[HeldMention], rule) -> None:  # type: ignore[no-untyped-def]
    rows = tolls(held, rule)
    for row in rows:
        known = [value for value in (row.low, row.best, row.high) if value is not None]
        assert known == sorted(known), row
        assert row.why_ar and row.why_en
        assert (row.best is None) == (row.why_en == load_policies().sentences["en"]["none"])
    assert len({(row.outcome, row.group, row.part_of) for row in rows}) == len(rows)


@MANY
@given(mentions(), POLICIES)
def test_every_figure_is_kept(held: list[HeldMention], rule) -> None:  # type: ignore[no-untyped-def]
    kept = {(f.mention, f.outcome, f.low, f.high) for row in tolls(held, rule) for f in row.figures}
    for one in held:
        for entry in one.mention.casualties:
            assert (one.id, entry.outcome, entry.low, entry.high) in kept


@MANY
@given(st.data())
def test_a_duplicate_report_changes_no_toll(data: st.DataObject) -> None:
    held = data.draw(mentions(6))
    rule = data.draw(POLICIES)
    original = held[0]
    first = msgspec.structs.replace(original, copy_of=original.copy_of or "agency-9")
    later = max(original.published or "", "2024-03-09") if original.published else None
    copy = msgspec.structs.replace(first, id="m-ffffffffffffffff", report="r-copy", published=later)
    before = [(row.outcome, row.group, row.part_of, row.low, row.best, row.high) for row in tolls(held, rule)]
    after = tolls([first, *held[1:], copy], rule)
    assert [(row.outcome, row.group, row.part_of, row.low, row.best, row.high) for row in after] == before


@MANY
@given(st.data())
def test_another_report_never_narrows_a_toll(data: st.DataObject) -> None:
    held = data.draw(mentions(5))
    more = data.draw(mention(99))
    assume(not load_policies().says_revised(more.words))
    first, second = tolls(held), tolls([*held, more])
    before, after = wholes(first), wholes(second)
    for key in before.keys() & after.keys():
        labels = [
            {(row.group, row.part_of) for row in rows if row.outcome == key[0]} for rows in (first, second)
        ]
        if not labels[0] <= labels[1]:
            continue  # the new report shows that two labels were for the same people
        if before[key].high is not None:
            assert (after[key].high or 0) >= (before[key].high or 0)
        if before[key].low is not None:
            assert after[key].low is not None and after[key].low <= (before[key].low or 0)


@MANY
@given(mentions())
def test_a_part_never_exceeds_its_whole(held: list[HeldMention]) -> None:
    rows = tolls(held)
    for row in rows:
        if not row.part_of or row.best is None:
            continue
        total = [whole.best for whole in rows if whole.outcome == row.outcome and not whole.part_of]
        if total and all(value is not None for value in total):
            assert row.best <= sum(value or 0 for value in total)


@MANY
@given(st.data())
def test_standing_does_not_depend_on_order_or_copies(data: st.DataObject) -> None:
    held = data.draw(mentions())
    assert standing(held) == standing(data.draw(st.permutations(held)))


def test_rows_of_a_coded_data_set_stay_apart_and_still_meet_the_reports() -> None:
    """Two rows of UCDP GED that look alike are two events; a newspaper's report joins one of them."""
    rows = [told(number, [dead(5)], outlet="UCDP GED", words="one headline") for number in (1, 2)]
    assert len(groups(rows)) == 2
    assert len(groups([*rows, told(3, [dead(5)])])) == 2
