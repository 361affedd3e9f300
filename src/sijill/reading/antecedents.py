"""Whom a suffix points back to: 'its soldiers', 'his death', 'three of them'."""

from __future__ import annotations

from sijill.reading.scene import Unit

_HIS, _HER, _THEIR, _BOTH = "\u0647", "\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627"
_OUR = "\u0646\u0627"
FEMININE = ("\u0647", "\u0627\u062a", "\u0621", "\u064a\u0627")  # -a, -at, broken plurals in -a'
_SIDES = ("actor", "generic", "anaphor")


def suffix(unit: Unit) -> str:
    """The pronoun attached to a noun or verb, '' where there is none."""
    stem = unit.form.stem
    return next((s for s in (_BOTH, _THEIR, _HER, _HIS) if stem.endswith(s) and len(stem) > len(s) + 2), "")


def own_side(units: list[Unit], at: int) -> str | None:
    """'five of its soldiers': the nearest force before that the suffix agrees with, as `@word`."""
    men = units[at]
    victim = men.get("victim", "member")
    if victim is not None and men.form.stem.endswith(_OUR):  # 'our men': the speaker's
        speaker = next((u for u in units[:at] if u.letter == "A"), None)
        return None if speaker is None else f"@{speaker.start}"
    pronoun = suffix(men)
    if (
        victim is None
        or pronoun in ("", _BOTH)
        or (victim.kind == "victim" and not victim.code.startswith("MEMBER"))
    ):
        return None
    sides = [i for i in range(at - 1, -1, -1) if units[i].letter == "A" and units[i].get(*_SIDES)]
    if pronoun == _THEIR or not sides:
        return None
    feminine = pronoun == _HER
    others = [i for i in sides if not (i and units[i - 1].letter == "E")]
    side = next(
        (i for i in sides if _feminine(units, i) == feminine), (others or sides)[0] if feminine else None
    )
    return None if side is None else f"@{units[side].start}"


def _feminine(units: list[Unit], at: int) -> bool:
    """Whether a group is feminine by its first word: a force of X, forces, a militia."""
    head = (
        units[at - 2]
        if at > 1 and units[at - 1].letter == "f" and units[at - 2].letter in "MOV"
        else units[at]
    )
    return head.form.stem.endswith(FEMININE)


def people(units: list[Unit], before: int) -> str | None:
    """'three of them': the civilians, or the men of a side, named last before a unit."""
    for at in range(before - 1, -1, -1):
        unit = units[at]
        victim = unit.get("victim")
        if victim and unit.letter == "V" and victim.number == "many":
            if victim.code.startswith("MEMBER"):
                side = next((u for u in units[at + 1 : at + 4] if u.letter in "A,"), None)
                return f"@{side.start}" if side is not None and side.letter == "A" else None
            return victim.code if victim.code.startswith("CIV") else None
        if unit.letter == "A" and not unit.get("adjective"):
            continue
    return None


def person(units: list[Unit], before: int, pronoun: str) -> int | None:
    """'his death', 'their killing': the unit that begins the people whom the suffix means."""
    wanted = {_BOTH: "two", _THEIR: "many"}.get(pronoun, "one")
    for at in range(before - 1, -1, -1):
        unit = units[at]
        victim = unit.get("victim")
        if not victim or unit.letter != "V" or (at and units[at - 1].cues & {"agent"}):
            continue
        counted = at > 0 and units[at - 1].letter == "N"
        if wanted == "many":
            if counted:
                return at - 1
            continue
        if victim.number == wanted and not counted:
            return at
    return None
