"""Who did it, to whom: the part that each actor of a clause plays.

The rules stand in one ordered table; the first that fits an actor's unit decides.
"""

from __future__ import annotations

from collections.abc import Callable

from sijill.reading.scene import Unit

AGENT, TARGET, BACKER, SOURCE, ACCUSED, NONE = "agent", "target", "backer", "source", "accused", ""
_LI, _BI = "\u0644", "\u0628"


class View:
    """A clause around one actor: the units and where the actor stands."""

    def __init__(self, units: list[Unit], at: int) -> None:
        self.units, self.at = units, at
        self.unit = units[at]

    def before(self, back: int = 1) -> Unit | None:
        """The unit `back` places before."""
        return self.units[self.at - back] if self.at >= back else None

    def near(self, names: set[str], reach: int) -> bool:
        """Whether one of these cues stands at most `reach` units before, with no comma between."""
        for unit in reversed(self.units[max(0, self.at - reach) : self.at]):
            if unit.letter == ",":
                return False
            if unit.cues & names:
                return True
        return False

    def last_of(self, letters: str, reach: int = 12) -> Unit | None:
        """The nearest unit of these letters before, at most `reach` units back."""
        for unit in reversed(self.units[max(0, self.at - reach) : self.at]):
            if unit.letter in letters:
                return unit
        return None

    def next_of(self, letters: str, reach: int = 4) -> Unit | None:
        """The nearest unit of these letters after."""
        for unit in self.units[self.at + 1 : self.at + 1 + reach]:
            if unit.letter in letters:
                return unit
        return None


def _head(view: View) -> Unit | None:
    """The unit that governs the actor: members and things before it are skipped ('posts of X')."""
    back = view.at - 1
    while back >= 0 and view.units[back].letter in "MVOx" and not view.units[back].cues:
        if view.units[back].letter == "x" and (view.at - back > 3 or view.units[back].joined):
            break
        back -= 1
    while (
        back > 0
        and view.units[back].letter == "c"
        and view.units[back].cues & {"others", "separate", "plural_vague", "further"}
    ):
        back -= 1
    return view.units[back] if back >= 0 else None


def _said(view: View) -> bool:
    if view.at <= 1 and view.at + 1 < len(view.units) and view.units[view.at + 1].letter == ":":
        return True
    after = view.units[view.at + 1 : view.at + 3]
    if (
        len(after) == 2
        and after[0].cues & {"says"}
        and after[1].cues & {"that"}
        and not after[0].cues & {"launch"}
    ):
        return True
    if view.at == 0 and after and after[0].cues & {"says"} and not after[0].cues & {"launch", "claimed"}:
        return True
    for back in range(1, 4):
        before = view.before(back)
        if before is None or before.letter in "eKED," or before.cues & {"that"}:
            return False
        if before.cues & {"according", "says"} and not before.cues & {"launch"}:
            return not before.get("act_verb", "outcome_verb")
        if before.letter not in "cxMOS" or before.cues & {"target", "agent", "belongs"}:
            return False
    return False


def _launches(view: View) -> bool:
    """'X carried out two strikes', 'X, which launched an attack'."""
    if view.unit.form.preposition:
        return False
    for unit in reversed(view.units[max(0, view.at - 5) : view.at]):
        if unit.letter in ",AEe":
            break
        if unit.cues & {"launch"}:
            return True
    for unit in view.units[view.at + 1 : view.at + 4]:
        if unit.letter in ",AEe":
            return False
        if unit.cues & {"launch"}:
            return True
    return False


def _by(view: View) -> bool:
    """'by X', 'launched by X'; an 'on' or another side between breaks it."""
    for unit in reversed(view.units[max(0, view.at - 4) : view.at]):
        if unit.cues & {"agent"}:
            return True
        if unit.letter in ",u" or (unit.letter == "A" and not unit.get("unknown")):
            return False
    return False


def _attributed(view: View) -> bool:
    """'the attack was attributed to X'."""
    before = view.before()
    back = 2 if before is not None and before.letter in "MV" else 1
    prep = view.before(back)
    led = view.unit.form.preposition == _LI or (prep is not None and prep.letter == "u")
    return led and any("attributes" in u.cues for u in view.units[max(0, view.at - back - 5) : view.at])


def _taken_from(view: View) -> bool:
    """'wrested it from X'."""
    before, men = view.before(), view.before(2)
    if before is None or before.letter != "f" or (men is not None and men.letter in "VM"):
        return False  # 'members of X took' are its own
    if men is not None and "patrol" in men.cues and (went := view.before(3)) and went.letter == "e":
        return False  # 'a patrol of X entered the village'
    verb = _verb_before(view) or view.last_of("E", 9)
    entry = verb.get("act_verb", "act") if verb else None
    return entry is not None and entry.code == "capture_territory"


def _from(view: View) -> bool:
    """'fire from X', 'shelling from X's forces'."""
    before = view.before()
    back = 2 if before is not None and before.letter in "MV" else 1
    prep = view.before(back)
    if prep is None or prep.letter != "f":
        return False
    head = next(
        (
            u
            for u in reversed(view.units[max(0, view.at - back - 3) : view.at - back])
            if u.letter in "EWTVNK,"
        ),
        None,
    )
    return head is not None and head.letter in "EW"


def _suffers(view: View) -> bool:
    """'X came under attack', 'X held off an attack'."""
    for unit in (
        *reversed(view.units[max(0, view.at - 6) : view.at]),
        *view.units[view.at + 1 : view.at + 5],
    ):
        if unit.letter in ",":
            return False
        entry = unit.get("act_verb")
        if (entry and "suffers" in entry.role) or unit.cues & {"repels"}:
            return not view.unit.form.preposition
    return False


def _plans(view: View) -> bool:
    """'a bombing that X was planning'."""
    after = view.units[view.at + 1 : view.at + 3]
    return any(u.cues & {"planned"} for u in after) and view.last_of("E", 6) is not None


def _accused(view: View) -> bool:
    """The second side after 'accused', or the only one where the accuser is no armed group."""
    for back in range(1, 10):
        unit = view.before(back)
        if unit is None:
            return False
        if unit.cues & {"accuses"}:
            between = view.units[view.at - back + 1 : view.at]
            if any(u.letter in "A" for u in between):
                return True
            after = view.units[view.at + 1 : view.at + 7]
            blamed = next((n for n, u in enumerate(after) if u.form.preposition == _BI), None)
            if blamed is not None and not any(u.letter == "A" for u in after[:blamed]):
                return True
            return unit.form.stem.endswith(("\u0627", "\u0647", "\u064a\u0646")) or any(
                u.letter in "SPx" for u in between
            )
    return False


def _patrol_does(view: View) -> bool:
    """'a patrol of X raided a house': the force right after the verb did it where a thing follows."""
    before, verb = view.before(), view.before(2)
    if before is None or verb is None or "patrol" not in before.cues or verb.letter != "e":
        return False
    after = view.units[view.at + 1 : view.at + 5]
    thing = next((u for u in after if u.letter in "OAV,EeK" or u.letter == "u"), None)
    return thing is not None and thing.letter in "O" and not thing.form.preposition


def _hunted(view: View) -> bool:
    """'an operation to hunt down remnants of X'."""
    for unit in reversed(view.units[max(0, view.at - 5) : view.at]):
        if unit.letter in ",AeK":
            return False
        if "hunts" in unit.cues:
            return True
    return False


def _backed(view: View) -> bool:
    return view.near({"backed"}, 4)


def _belongs(view: View) -> bool:
    return view.near({"belongs"}, 3)


def _owns_weapon(view: View) -> bool:
    """'a helicopter belonging to X'."""
    head = view.last_of("EWOKTVA", 4)
    return _belongs(view) and head is not None and head.letter in "EW" and not head.get("victim")


def _perpetrator(view: View) -> bool:
    """'the bomber belongs to X'."""
    return _belongs(view) and view.near({"perpetrator"}, 12)


def _adjective_of_deed(view: View) -> bool:
    """'Israeli raids', 'a Turkish drone'."""
    if view.unit.letter != "a":
        return False
    head = view.last_of("EWKTVNAPOe", 3)
    return head is not None and head.letter in "EW" and not head.get("victim")


def _object_of_deed(view: View) -> bool:
    """'assassination of X': the genitive of some deeds is the victim."""
    head = _head(view)
    act = head.get("act") if head is not None and head.letter == "E" else None
    plain = act is not None and "object" in act.role and not view.unit.form.preposition
    return plain and not _thing_after(view)


def _thing_after(view: View) -> bool:
    """'the targeting by X of a mosque': the object stands right after the doer."""
    after = view.units[view.at + 1] if view.at + 1 < len(view.units) else None
    return after is not None and after.letter == "O" and not after.form.preposition and not after.joined


def _deed_of(view: View) -> bool:
    """'an attack of IS', 'shelling by the regime's forces'."""
    head = _head(view)
    before = view.before()
    if head is None or head.letter not in "EW" or (before is not None and before.letter == "O"):
        return False
    act = head.get("act")
    return act is None or "object" not in act.role or view.unit.form.preposition == _LI or _thing_after(view)


def _preposed(view: View) -> Unit | None:
    return _head(view)


def _does(view: View) -> bool:
    """'the looting by X', told as 'the doing of X by looting'."""
    before = view.before()
    if before is None or (
        not before.cues & {"doing"}
        and not (before.letter in "VM" and (b := view.before(2)) and b.cues & {"doing"})
    ):
        return False
    return any(u.letter in "EKe" and u.form.preposition == _BI for u in view.units[view.at + 1 : view.at + 4])


def _kills(view: View) -> bool:
    """'unknown gunmen killed five ...': a side between the verb and a count of others."""
    if view.unit.form.preposition or view.unit.joined:
        return False
    verb = next(
        (u for u in reversed(view.units[max(0, view.at - 3) : view.at]) if u.letter not in "DVM"), None
    )
    if verb is None or verb.letter != "K" or not verb.get("outcome_verb"):
        return False
    at = view.at + 1
    if [u.letter for u in view.units[at : at + 2]] == ["f", "A"]:  # 'gunmen of the factions'
        at += 2
    for unit in view.units[at : at + 7]:
        if unit.joined or unit.letter in "fKe":
            return False
        if unit.letter in "E" and not (unit.form.preposition == _BI and unit.form.article):  # 'by shooting'
            return False
        if unit.letter == "," and at == view.at + 1 and not _dated(view.units, unit):
            return False
        if unit.letter in "NV":
            return True
    return False


def _dated(units: list[Unit], comma: Unit) -> bool:
    """Whether a comma opens or closes a date told aside."""
    at = units.index(comma)
    return any(u.letter == "D" for u in (*units[at - 1 : at], *units[at + 1 : at + 2]))


def _with(view: View) -> bool:
    return view.near({"with"}, 2) and view.last_of("E", 5) is not None


def _on(view: View) -> bool:
    """'on posts of X', 'against X'."""
    for unit in reversed(view.units[max(0, view.at - 5) : view.at]):
        if unit.letter in ",eEK":
            return False
        if (unit.letter == "u" and unit.form.stem.startswith("\u0639\u0644")) or (
            unit.cues & {"target"} and unit.letter not in "uN"
        ):
            return True
    return False


def _thing_of(view: View) -> bool:
    """'an ambush of a patrol of X', 'a bus that carried fighters of X': whose men or things were hit."""
    back = view.at - 1
    while back >= 0 and view.at - back <= 4 and (view.units[back].letter in "fMV" or _owned(view, back)):
        back -= 1
    unit = view.units[back] if back >= 0 else None
    if unit is None or (back == view.at - 1 and not view.unit.form.preposition and unit.letter != "O"):
        return False
    if unit.cues & {"carries"}:
        return view.units[back + 1].letter in "MVN" and any(
            u.letter in "O" for u in view.units[max(0, back - 3) : back]
        )
    deed = view.units[back - 1] if back else None
    aimed = unit.letter == "O" and unit.form.preposition == _LI
    return aimed and deed is not None and deed.letter == "E"


def _owned(view: View, at: int) -> bool:
    return bool(view.units[at].cues & {"belongs"})


def _verb_object(view: View) -> bool:
    """The second noun after a verb of attack; or after a verb whose doer is a deed ('which hit X')."""
    verb = _verb_before(view)
    if verb is None:
        return False
    between = view.units[view.units.index(verb) + 1 : view.at]
    before = view.before()
    member = before is not None and before.letter == "f"
    doers = [
        u for u in between if u.letter in "A" and u is not view.unit and not (member and u.get("unknown"))
    ]
    owned = any(u.letter in "OM" for u in between)
    if doers:
        return True
    subject = _subject_before(view, verb)
    return subject is not None or (owned and not view.unit.form.preposition and False)


def _verb_before(view: View) -> Unit | None:
    for unit in reversed(view.units[max(0, view.at - 9) : view.at]):
        if unit.letter in "e" or (unit.letter == "K" and unit.get("outcome_verb")):
            return unit
        if unit.letter == "," and view.at - view.units.index(unit) > 6:
            return None
    return None


def _subject_before(view: View, verb: Unit) -> Unit | None:
    """What stands before a verb and does it: 'gunmen who attacked', 'the attack that hit'."""
    at = view.units.index(verb)
    for unit in reversed(view.units[max(0, at - 5) : at]):
        if unit.letter in "EAW":
            return unit
        if unit.letter == "," or unit.cues & {"clause"}:
            return None
    return None


def _verb_subject(view: View) -> bool:
    verb = _verb_before(view)
    if verb is None:
        return False
    entry = verb.get("act_verb", "outcome_verb")
    passive = entry is not None and "passive" in entry.role
    if entry is not None and "explosion" in entry.role:
        return False
    return (
        not passive
        and (verb.letter == "e" or verb.get("act_verb") is not None)
        and not view.unit.form.preposition
    )


def _subject_first(view: View) -> bool:
    """'gunmen assassinate a leader', 'a Turkish drone hits a car'."""
    nxt = next(
        (u for u in view.units[view.at + 1 : view.at + 6] if u.letter in "eK" and _is_deed(u)),
        None,
    ) or _verb_after_that(view)
    if (
        nxt is None
        or view.unit.form.preposition
        or "explosion" in (((e := nxt.get("act_verb")) and e.role) or "")
    ):
        return False
    at = view.units.index(nxt)
    return not any(u.letter in ",ETK:" or u.cues & {"total", "says"} for u in view.units[view.at + 1 : at])


def _verb_after_that(view: View) -> Unit | None:
    """'said that X neutralised three': a verb right after its subject."""
    after = view.units[view.at + 1 : view.at + 2]
    men = view.at - 1  # 'a sniper of X killed'
    while men >= 0 and view.units[men].letter in "fVM" and not view.units[men].cues & {"that"}:
        men -= 1
    before = view.units[men] if men >= 0 else None
    told = before is None or bool(before.cues & {"that"})
    verb = after[0] if after and after[0].letter == "K" else None
    return verb if told and verb is not None and verb.get("outcome_verb") else None


def _is_deed(unit: Unit) -> bool:
    """A verb of a deed, or one of killing in the present ('gunmen kill a driver')."""
    outcome = unit.get("outcome_verb")
    return unit.get("act_verb") is not None or (outcome is not None and outcome.number == "present")


Rule = tuple[str, Callable[[View], bool], str]
RULES: list[Rule] = [
    ("said by", _said, SOURCE),
    ("attributed to", _attributed, AGENT),
    ("a force of", _patrol_does, AGENT),
    ("hunted", _hunted, TARGET),
    ("backed by", _backed, BACKER),
    ("plans it", _plans, AGENT),
    ("is said to belong to", _perpetrator, AGENT),
    ("whose weapon", _owns_weapon, AGENT),
    ("belongs to", _belongs, NONE),
    ("is accused", _accused, ACCUSED),
    ("does it", _does, AGENT),
    ("kills others", _kills, AGENT),
    ("by, at the hands of", _by, AGENT),
    ("carries out", _launches, AGENT),
    ("comes under attack", _suffers, TARGET),
    ("adjective of the deed", _adjective_of_deed, AGENT),
    ("taken from", _taken_from, TARGET),
    ("whose men or things", _thing_of, TARGET),
    ("fire from", _from, AGENT),
    ("fights with", _with, TARGET),
    ("on, against", _on, TARGET),
    ("object of the deed", _object_of_deed, TARGET),
    ("deed of", _deed_of, AGENT),
    ("object of the verb", _verb_object, TARGET),
    ("subject of the verb", _verb_subject, AGENT),
    ("subject before the verb", _subject_first, AGENT),
]


def role(units: list[Unit], at: int) -> tuple[str, str]:
    """The part that the actor at unit `at` plays, and the rule that says so."""
    view = View(units, at)
    for name, fits, part in RULES:
        if fits(view):
            return part, name
    return NONE, "no rule"
