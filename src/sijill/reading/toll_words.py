"""Small questions that the rules of figures ask of words of outcome."""

from __future__ import annotations

from sijill.reading.scene import Unit
from sijill.reading.toll_lists import Toll

_CROWD = 100  # people
_PLURAL, _DUAL = "\u0648\u0627", "\u0627"


def suffixed(unit: Unit) -> bool:
    """Whether a word of outcome can only be read with a pronoun: 'his death', not 'injury'."""
    nouns = [e.role == "owned" for e in unit.all("masdar")]
    verbs = [e.number == "suffixed" for e in unit.all("outcome_verb")]
    return all(nouns) and all(verbs)


def all_families(tolls: list[Toll]) -> bool:
    """Whether all those counted are families, or a crowd: few people who leave are no displacement."""
    return bool(tolls) and all(
        (t.group.code or "").startswith("CIV/FAMILY") or (t.group.low or 0) >= _CROWD for t in tolls
    )


def after_subject(verb: Unit) -> bool:
    """Whether a verb is plural or dual: its subject stands before it."""
    return verb.form.stem.endswith((_PLURAL, _DUAL)) and verb.get("outcome_verb") is not None


def untrue(units: list[Unit], at: int) -> bool:
    """'without dead or wounded', 'nobody was hurt', 'denied the fall of any dead'."""
    if at + 1 < len(units) and units[at + 1].letter == "N":
        return False
    back = at - 1
    while back >= 0 and at - back <= 5:
        unit = units[back]
        if unit.cues & {"no_toll", "none"}:
            return True
        if unit.letter not in "xcKTE" or (unit.letter == "E" and not unit.form.article):
            return False
        back -= 1
    return False


def after_cue(units: list[Unit], at: int) -> int:
    """The unit after a cue phrase that may span several plain units."""
    nxt = at + 1
    while nxt < len(units) and units[nxt].letter in "xcV" and "death_after" in units[nxt].cues:
        nxt += 1
    while nxt < len(units) and units[nxt].letter == "c" and nxt - at <= 2 and "one_of" not in units[nxt].cues:
        nxt += 1
    return nxt


def agrees(verb: Unit, found: list[Toll]) -> bool:
    """A plural verb takes any subject; a singular one a single person or a counted feminine."""
    word = verb.form.stem
    if word.endswith((_PLURAL, _DUAL, "\u062a", "\u0646")):
        return True
    return found[0].group.low == 1 or (not found[0].group.bare and verb.letter == "K" and len(found) == 1)
