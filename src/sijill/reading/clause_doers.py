"""Doers that a clause takes from the words around it: who speaks of itself, who goes on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sijill.reading.clauses import Clause

_SUBJECTS = ("subject of the verb", "carries out", "subject before the verb", "a force of", "goes on")
_AGREES = ("\u062a", "\u0648\u0627")  # verbs of a feminine subject, as forces are, or of men
_FEMININE = ("\u0647", "\u0627\u062a")
_BEFALLS = ("suffers", "passive")
_ITSELF = ("\u0647", "\u0647\u0627", "\u0647\u0645")
_NO_DEED = {"loses", "need_death_after", "repels", "foiled", "planned", "negated"}


def of_itself(clause: Clause) -> None:
    """'the army announced that it killed ...': the speaker did it."""
    for that, verb in pairwise(clause.units):
        if not that.cues & {"that"} or not that.form.stem.endswith(_ITSELF) or verb.letter not in "eK":
            continue
        entry = verb.get("act_verb", "outcome_verb")
        if entry is None or entry.role in _BEFALLS or verb.cues & _NO_DEED:
            continue
        speaker = next(((c, u) for c, u in reversed(clause.speakers) if u.start < that.start), None)
        if speaker and not any(c == speaker[0] for c, _, _ in clause.agents):
            clause.agents.append((*speaker, "speaks of itself"))


def goes_on(clause: Clause, before: Clause | None) -> None:
    """'a force of X entered the village and arrested two': the same doer goes on, unless told."""
    verb = clause.units[0]
    if before is None or clause.agents or verb.letter not in "eK" or not verb.joined:
        return
    doers = [a for a in before.agents if a[2] in _SUBJECTS]
    entry = verb.get("outcome_verb", "act_verb")
    if not doers or entry is None or entry.role in _BEFALLS or "passive" in entry.role:
        return
    if not verb.form.stem.endswith(_AGREES) or clause.sentence != before.sentence:
        return
    nxt = next((u for u in clause.units[1:] if u.letter != "D"), None)
    if (
        nxt is None
        or nxt.form.stem.endswith(_FEMININE)
        or (nxt.letter in "AESW" and not nxt.form.preposition)
    ):
        return
    clause.agents = [(code, unit, "goes on") for code, unit, _ in doers]
