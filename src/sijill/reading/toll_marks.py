"""What the whole sentence says of its figures: earlier tolls, sums, sides told once for two."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from sijill.reading.scene import Sentence, Unit
from sijill.reading.toll_lists import Toll
from sijill.reading.toll_parts import adds_up

_COUNTED = "counted dead and wounded"


def mark(tolls: list[Toll], sentence: Sentence) -> None:
    """Mark the figures of a sentence once all are read."""
    if not tolls:
        return
    _mark_breakdowns(tolls)
    _mark_places(tolls, sentence.units)
    _mark_rivals(tolls, sentence.units)
    _name_those_told_of(tolls, sentence.units)
    _share_sides(tolls, sentence.units)
    _mark_earlier(tolls, sentence)
    _mark_sums(tolls, sentence.units)
    _mark_late_deaths(tolls, sentence.units)
    _mark_how_they_died(tolls, sentence.units)


def _mark_how_they_died(tolls: list[Toll], units: list[Unit]) -> None:
    """'five were killed, and three of them were hit in the head': no wounded of their own."""
    for dead, hurt in pairwise(tolls):
        of_them = any(u.cues & {"of_them", "one_of_them"} for u in units[hurt.first : hurt.last + 1])
        if (dead.outcome, hurt.outcome) == ("killed", "wounded") and of_them and not hurt.part:
            hurt.whole = True


def _mark_late_deaths(tolls: list[Toll], units: list[Unit]) -> None:
    """'three were wounded, and one of them died later': two wounded are left."""
    for hurt, dead in pairwise(tolls):
        of_them = any(u.cues & {"of_them", "one_of_them"} for u in units[dead.first : dead.last + 1])
        if (hurt.outcome, dead.outcome) != ("wounded", "killed") or not of_them or hurt.part or dead.part:
            continue
        low, died = hurt.group.low, dead.group.low
        if low is None or died is None or died >= low or dead.trigger < hurt.last:
            continue
        high = None if hurt.group.high is None else hurt.group.high - died
        dead.late = True
        if dead.group.code is None:
            group = hurt.group
            dead.group = replace(dead.group, code=group.code, hint=group.hint, bare=group.bare)
        hurt.group = replace(hurt.group, low=low - died, high=high)


def _mark_places(tolls: list[Toll], units: list[Unit]) -> None:
    """'43 killed, among them 39 in a raid on X, and four in shelling of Y': each is an event's own."""
    for n, whole in enumerate(tolls):
        rows = [t for t in tolls[n + 1 :] if t.outcome == whole.outcome and t.trigger >= whole.trigger]
        parts = [t for t in rows if t.part and t.trigger == whole.trigger]
        if len(parts) > 1 and adds_up(whole, parts):
            rows = parts
        low = [t.group.low for t in rows]
        if whole.part or len(rows) < 2 or None in low or sum(c or 0 for c in low) != whole.group.low:
            continue
        if not all(_led_to_deed(units, t.last) for t in rows):
            _break_down(whole, rows)
            continue
        whole.whole = True
        for row in rows:
            row.part, row.rule, row.trigger = False, "elided verb", row.first
            if row.group.code is None and row.group.hint in ("", "PERSONS"):
                row.group = replace(row.group, code=whole.group.code, hint=whole.group.hint, bare=False)


def _break_down(whole: Toll, rows: list[Toll]) -> None:
    """'13 dead, ten of them of X and three civilians': parts that add up replace their total."""
    sided = [r for r in rows if r.part and (r.group.code or r.group.hint.startswith("MEMBER"))]
    if whole.group.code is None and sided and all(r.part for r in rows):
        whole.whole = True
        for row in rows:
            row.part, row.rule = False, "breakdown"


def _led_to_deed(units: list[Unit], at: int) -> bool:
    """'in a raid', 'by shelling' right after a figure."""
    here = units[at : at + 2]
    return bool(here) and (
        (here[0].letter == "E" and bool(here[0].form.preposition))
        or (len(here) == 2 and here[0].letter in "ix" and here[1].letter == "E")
    )


def _mark_rivals(tolls: list[Toll], units: list[Unit]) -> None:
    """'but the agency spoke of 13 dead': another source's figures, unless they say that the toll rose."""
    at = next((i for i, u in enumerate(units[:4]) if "contrast" in u.cues), None)
    if at is None or any("revised" in u.cues for u in units):
        return
    speakers = units[at + 1 : at + 6]
    told = any(u.letter in "SA" for u in speakers) and any("says" in u.cues for u in units[at : at + 10])
    for toll in tolls if told else ():
        toll.rival, toll.revised = True, False


def _name_those_told_of(tolls: list[Toll], units: list[Unit]) -> None:
    """'to 28 rose the toll of the demonstrators': civilians named after the total are its group."""
    for before, unit in pairwise(units):
        victim = unit.get("victim")
        if "total" not in before.cues or victim is None or not unit.form.article or unit.letter != "V":
            continue
        for toll in tolls:
            if toll.group.code is None and not toll.group.hint and victim.code.startswith("CIV"):
                toll.group = replace(toll.group, code=victim.code, bare=False)


def _mark_sums(tolls: list[Toll], units: list[Unit]) -> None:
    """'which left three dead in all': a sum over several events."""
    for at in (i for i, u in enumerate(units) if "in_all" in u.cues):
        for toll in tolls:
            toll.whole |= 0 < toll.first - at <= 4


def _mark_breakdowns(tolls: list[Toll]) -> None:
    """A whole keeps its own figure where the breakdown tells no number."""
    for i, toll in enumerate(tolls):
        rows = [t for t in tolls[i + 1 :] if t.rule == "breakdown" and t.outcome == toll.outcome]
        if toll.whole and not toll.every and not any(t.group.low is not None for t in rows):
            toll.whole = False


def _share_sides(tolls: list[Toll], units: list[Unit]) -> None:
    """'two were killed and three wounded of the army': the side named last is that of both."""
    for toll, nxt in pairwise(tolls):
        joined = units[nxt.trigger].joined or (toll.rule == nxt.rule == _COUNTED and units[nxt.first].joined)
        near = 0 <= nxt.first - toll.last <= 1 and joined
        open_ = toll.group.bare and toll.group.code is None and not toll.group.hint
        other = not nxt.part and toll.rule != "a dead or wounded" and toll.outcome != nxt.outcome
        sided = bool(nxt.group.code) or nxt.group.hint.startswith("MEMBER")
        if near and open_ and other and sided:
            toll.group = replace(toll.group, code=nxt.group.code, hint=nxt.group.hint, bare=False)


def _mark_earlier(tolls: list[Toll], sentence: Sentence) -> None:
    """'after an earlier toll had spoken of eight': what follows was known before."""
    for name, start, end in sentence.cue_words("earlier_toll", "first_toll"):
        units = [u for u in sentence.units if start - 4 <= u.start < end + 6]
        said = any(u.cues & {"total", "says"} for u in units if u.start >= start)
        past = name == "earlier_toll" or any(
            u.cues & {"background", "earlier_toll"} for u in units if u.start <= start
        )
        for toll in tolls:
            told = any(t.outcome == toll.outcome and sentence.units[t.trigger].start < start for t in tolls)
            if past and sentence.units[toll.trigger].start >= start and (said or told):
                toll.earlier = True
