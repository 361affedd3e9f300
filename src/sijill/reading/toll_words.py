"""Small questions that the rules of figures ask of words of outcome."""

from __future__ import annotations

from sijill.reading.antecedents import suffix
from sijill.reading.scene import Unit
from sijill.reading.toll_lists import Toll

_OF, _FAR = "\u0628", 16  # units
_DOERS = ("MEMBER/ATTACKER", "MEMBER/TERRORIST")
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


def taken_far(units: list[Unit], at: int) -> int:
    """'a raid on X took, on Sunday, three members of a family': a count led to by 'of' far behind."""
    if units[at].get("act") or at + 1 >= len(units) or units[at + 1].letter != "E":
        return 0
    for nxt in range(at + 2, min(len(units), at + _FAR)):
        if units[nxt].letter in "KTeN":
            led = units[nxt].letter == "N" and units[nxt].form.word.startswith(_OF)
            return nxt if led else 0
    return 0


def victim_after(units: list[Unit], first: int, last: int) -> int:
    """'a sniper killed, on Saturday, a mayor': where those killed begin after one who killed, or 0."""
    doer, at = units[first], last
    victim = doer.get("victim")
    if victim is None or doer.form.article:
        return 0
    if not doer.form.word.endswith(_DUAL):  # a noun in the accusative is the object
        for i in range(first + 1, min(len(units), last + 3)):
            if units[i].joined or units[i].letter in ",KTeE":
                break
            plain = units[i].letter == "V" and not units[i].form.article and not suffix(units[i])
            if plain and units[i].form.word.endswith(_DUAL):
                return i
    if units[at].letter == "," and [u.letter for u in units[at + 1 : at + 3]] == ["D", ","]:
        at += 3
    elif units[at].letter == "D":
        at += 1
    if at >= len(units) or units[at].letter != "V" or units[at].joined or units[at].form.article:
        return 0
    return at if doer.get("weapon") is not None or victim.code in _DOERS else 0


def agrees(verb: Unit, found: list[Toll]) -> bool:
    """A plural verb takes any subject; a singular one a single person or a counted feminine."""
    word = verb.form.stem
    if word.endswith((_PLURAL, _DUAL, "\u062a", "\u0646")):
        return True
    return found[0].group.low == 1 or (not found[0].group.bare and verb.letter == "K" and len(found) == 1)
