"""Weights learnt from a register: better where it is large, refused where it is small."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from link_made import dead, told
from registers import _fake, filled
from sijill.cli.main import cli
from sijill.errors import UsageError
from sijill.incidents import HeldMention
from sijill.link import Index, Weights, cluster, judge, load_weights
from sijill.link import learn as learning
from sijill.link.learn import as_file, learn
from sijill.records import Place, When

__all__ = ["_fake"]


def register_of(events: int) -> list[HeldMention]:
    """Events told twice; one governorate, three a day; outlets always name the same place."""
    made = []
    for event in range(events):
        name = "".join(chr(0x628 + (event % 40 * step) % 19) for step in (1, 7, 11, 3))
        where = Place(name=name, id=f"sy-{event % 40}", admin1="SY04", country="SY")
        when = When(edtf=f"2024-{event // 84 % 12 + 1:02}-{event // 3 % 28 + 1:02}")
        for outlet in (0, 1):
            number, toll = 2 * event + outlet, event % 7 + 1 + outlet * (event % 3 == 0)
            made.append(told(number, [dead(toll)], place=where, date=when, published=None))
    return made


def right(weights: Weights) -> int:
    """How many of the events are linked as they should be."""
    held = register_of(400)
    found = cluster(held, judge(held, weights), thresholds=weights.thresholds).clusters
    true = {frozenset((held[at].id, held[at + 1].id)) for at in range(0, len(held), 2)}
    return sum(frozenset(one.mentions) in true for one in found)


def test_a_register_teaches_its_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(learning, "FEWEST_MENTIONS", 100)
    monkeypatch.setattr(learning, "FEWEST_LINKS", 50)
    index = Index()
    index.add(register_of(400))
    found = learn(index)
    hand = load_weights()
    assert found.by.startswith("machine:learnt-")
    assert found.comparisons["place"] != hand.comparisons["place"]
    assert right(found) >= right(hand)
    assert found.comparisons["report"] == hand.comparisons["report"]
    path = tmp_path / "weights.yaml"
    path.write_text(as_file(found), encoding="utf-8")
    assert load_weights(path) == found
    assert learn(index) == found, "the same register teaches the same"


def test_a_small_register_teaches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="the least to learn"):
        learn(Index())
    db = tmp_path / "register.db"
    filled(db, 2).close()
    asked = ["link", "--db", str(db), "--learn", str(tmp_path / "weights.yaml")]
    with pytest.raises(UsageError, match="holds 2 mentions"):
        CliRunner().invoke(cli, asked, standalone_mode=False, catch_exceptions=False)
    assert not (tmp_path / "weights.yaml").exists()
