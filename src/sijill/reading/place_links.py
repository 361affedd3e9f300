"""What the words around a name of a place say of it: its kind, its side, whether anything happened there."""

from __future__ import annotations

from dataclasses import dataclass, field

from sijill.reading.scene import Unit

_IN = "\u0628"
_ON = "\u0639\u0644\u064a"
_TO = "\u0644"
_QUALITY = ("\u064a", "\u064a\u0647")  # 'security', 'commercial': 'a security post' has no name
_QUALITY_LENGTH = 4  # letters; shorter words in -i are names
_ADJECTIVE = "\u064a\u0627"  # the end of an indefinite adjective in the accusative
_THEIRS = ("\u062a\u0647", "\u062a\u0647\u0627", "\u0647\u0645", "\u0647\u0627")  # 'his', 'her', 'their'
_STOPS = ",:.ND"
ABROAD = frozenset({"US", "RU", "TR", "IR", "IL", "GB", "FR"})
"""Countries that act in other people's wars: their name says little of where something happened."""
_STEERING = frozenset(
    {"place_link", "side_word", "agent", "target", "says", "according", "separate", "leads_to", "caused"}
)
_MOVES = frozenset({"withdrawal", "displacement"})
_BESIDE = frozenset({"near_word", "bearing"})
_FLYING = frozenset({"shelling", "drone_strike", "air_strike"})
_AWAY = frozenset({"away_word", "length"})
_VERBS = ("\u062a\u062a", "\u064a\u062a")  # begin verbs of the present, hardly a name
_YA = "\u064a"  # begins verbs of the present
_SITE_WORDS = frozenset({"site", "desert", "camp"})


@dataclass(slots=True)
class Link:
    """One name in a chain: its words, what it may mean, and what the words around it say of it.

    `word` is the role of the place word before it and `kind` its finer sort (`quarter`, `city`,
    `subdistrict` ...); `bearing` is the side of it that is meant ('north of'), `near` stands for
    'around', 'at', `centre` for 'in the middle of', `away` for a distance, `between` for 'between
    X and Y'; `country` is told by an adjective after it ('the Egyptian Rafah'); for the ids in
    `weak` the name is also an ordinary word.
    """

    start: int
    end: int
    ids: tuple[str, ...]
    word: str = ""
    kind: str = ""
    side: bool = False
    bearing: str = ""
    near: bool = False
    centre: bool = False
    away: bool = False
    between: bool = False
    rural: bool = False
    desert: bool = False
    city: bool = False
    wide: bool = False  # in a headline: a governorate's name rather means the governorate
    article: bool = False
    natural: bool = False  # 'hill', 'valley': the place word is part of the name
    built: bool = False  # 'airport', 'prison', 'field': what stands there is no town of that name
    country: str = ""
    weak: frozenset[str] = frozenset()
    cut: int = 0  # letters of attached particles before its first word
    whole: int = -1  # first word of the name with its place word, where that belongs to the name


@dataclass(slots=True)
class Chain:
    """Names that locate one place, the most specific first; `good` tells how likely it is the event's.

    `joined` are names told beside the first; `mates` are sure places that the sentence names too.
    """

    links: list[Link]
    units: tuple[int, int]
    good: int
    sentence: int = 0
    joined: list[Link] = field(default_factory=list)
    mates: tuple[str, ...] = ()

    @property
    def head(self) -> Link:
        """The most specific name."""
        return self.links[0]


def goodness(units: list[Unit], at: int) -> int:
    """How likely a chain that begins at this unit is where something happened: 2 yes, 1 maybe, 0 no.

    -1 stands for a place that somebody came from.
    """
    unit = units[at]
    before = units[at - 1] if at else None
    if unit.letter == "u" and unit.form.stem == _ON:
        return 2  # 'on the road to'
    if before is not None and "away" in before.cues and _fired(units, at):
        return 1
    line = units[1:5] if len(units) > 1 and units[1].letter == "(" else units[1:4]
    if at == 0 and any(u.letter == "-" for u in line) and not unit.form.preposition:
        return 0  # a dateline
    if before is not None and (_elsewhere(before) or before.letter == "S"):
        return 0
    if before is not None and before.letter == "u" and before.form.stem != _ON and _elsewhere(unit):
        return 0
    if at > 1 and before is not None and _to_elsewhere(units[at - 2], before):
        return 0
    if unit.form.preposition == _TO and before is not None and before.cues & {"belongs", "backed"}:
        return 0
    if unit.form.preposition == _TO and before is not None and before.letter not in "Ee":
        return 0
    if _of_speaker(units, at) or _origin_of_fire(units, at) or _whither(units, at):
        return 0
    if before is None:
        return 2 if unit.form.preposition == _IN or unit.cues & {"side_word"} else 1
    if before.letter == "f":
        if at > 1 and units[at - 2].letter == "N" and (c := units[at - 2].count) and c.low is None:
            return 2  # 'in both X and Y'
        return 2 if any(u.cues & {"part_of_place"} for u in units[max(0, at - 4) : at - 1]) else -1
    if before.letter == "i" or unit.form.preposition == _IN or unit.cues & {"side_word"}:
        return 2
    if before.letter == "u" and before.form.stem != _ON:
        return 1
    if before.letter in "EeuO" or before.cues & {"target"}:
        return 2
    if before.letter == "A" and at > 1 and units[at - 2].letter in "eE":
        return 2
    return 1


def _whither(units: list[Unit], at: int) -> bool:
    """'withdrew towards X', 'fled to X': where somebody went is not where it happened."""
    back = 2 if at > 1 and units[at - 1].letter == "O" else 1
    before = units[at - back] if at >= back else None
    if before is None or ("toward" not in before.cues and units[at].form.preposition != _TO):
        return False
    for unit in reversed(units[max(0, at - 9) : at - 1]):
        entry = unit.get("act", "act_verb")
        if unit.letter in "eEK" and entry is not None:
            return entry.code in _MOVES
    return False


def _of_speaker(units: list[Unit], at: int) -> bool:
    """'a source in Damascus said': no place of the deed, unless the official was its victim."""
    if at < 2 or units[at - 1].letter != "i" or units[at - 2].letter != "S":
        return False
    for unit in reversed(units[: at - 2]):
        if unit.letter in ",:":
            break
        if unit.letter in "eEK":
            return False
    return True


def _fired(units: list[Unit], at: int) -> bool:
    """'fired a missile towards X': what flies there hits there."""
    return any(e.code in _FLYING for u in units[max(0, at - 7) : at] for e in u.all("act"))


def _origin_of_fire(units: list[Unit], at: int) -> bool:
    """'whose source was X', 'fired from X'."""
    for unit in reversed(units[max(0, at - 6) : at]):
        if "fire_from" in unit.cues:
            return True
        if unit.letter in "eK,":
            return False
    return False


def _elsewhere(before: Unit) -> bool:
    """'the people of', 'the police of': what follows is not where it happened."""
    return "not_event_place" in before.cues and not (before.form.article and before.letter == "A")


def _to_elsewhere(before: Unit, between: Unit) -> bool:
    """'were taken to', 'his birthplace in'."""
    if between.letter in "ul" and between.form.stem != _ON:
        return "not_event_place" in before.cues
    return between.letter == "i" and "not_event_in" in before.cues


def in_leads(units: list[Unit], at: int) -> bool:
    """Whether 'in' leads to a chain."""
    return units[at].form.preposition == _IN or (at > 0 and units[at - 1].letter == "i")


def may_begin(units: list[Unit], at: int) -> bool:
    """Whether a chain may begin here at all; most units cannot."""
    unit = units[at]
    if unit.letter == "P" or unit.maybe or unit.inside or unit.roles:
        return True
    if unit.cues:
        return "side_word" in unit.cues or "capital_word" in unit.cues
    return unit.letter == "x" and at > 0 and units[at - 1].letter == "i"


def word_role(unit: Unit) -> str:
    """What kind of place word a unit is; with the article it has no name after it, only an adjective."""
    if not unit.roles or unit.letter in "EeK" or (unit.letter == "P" and unit.end - unit.start > 1):
        return ""
    return unit.role("place_word")


def take_word(link: Link, unit: Unit, role: str) -> None:
    """What a place word says of the name after it."""
    kind = unit.role("place_kind")
    link.article = unit.form.article
    link.natural = "name_head" in unit.cues
    link.word, link.kind = role, kind or link.kind
    link.built = role in ("site", "camp") and not unit.cues & {"front_word"} and not unit.form.article
    link.rural |= kind == "rural"
    link.desert |= role == "desert"
    link.city |= role == "settlement"


def take_side(link: Link, unit: Unit) -> None:
    """What a word for a side says of the name after it."""
    bearing = unit.role("bearing")
    near, centre = "near_word" in unit.cues, "centre_word" in unit.cues
    link.bearing = link.bearing or bearing
    link.near |= near
    link.centre |= centre
    link.side |= not near and not centre


def distance_before(units: list[Unit], at: int) -> bool:
    """'30 km' before a side."""
    return at > 0 and "length" in units[at - 1].cues


def led_to(units: list[Unit], at: int) -> bool:
    """Whether 'in', 'near', 'east of' or a word for a place leads to this unit."""
    form = units[at].maybe_form
    if form.conjunction:
        return at > 1 and units[at - 1].letter == "P" and "between" in units[at - 2].cues
    if form.preposition:
        return form.preposition == _IN
    before = units[at - 1] if at else None
    if before is None:
        return False
    return before.letter in "iu" or bool(before.cues & {"side_word", "between"})


def bare_name(units: list[Unit], at: int) -> bool:
    """Whether an unknown word is a name by its place alone: 'in X east of Y', 'in X of Tunisia'."""
    unit = units[at]
    nxt = units[at + 1] if at + 1 < len(units) else None
    if nxt is None or unit.letter != "x" or unit.cues or unit.maybe or at == 0 or units[at - 1].letter != "i":
        return False
    if unit.form.conjunction or unit.form.word.endswith(_THEIRS) or len(unit.form.word) < 4:
        return False
    if nxt.role("national") and nxt.form.article:
        return True
    leads = at + 2 < len(units) and (units[at + 2].letter == "P" or bool(units[at + 2].maybe))
    inside = nxt.form.preposition == _IN and bool(nxt.role("place_word"))
    return leads and (inside or bool(nxt.role("bearing")))


def part_of_name(units: list[Unit], at: int, nxt: int) -> bool:
    """Whether a plain word belongs to the unknown name after the place word at `at`."""
    unit, before = units[nxt], units[nxt - 1]
    first = nxt == at + 1
    odd = first and unit.letter in "VcTOM" and not unit.cues & _STEERING and unit.start == before.end
    if not (unit.letter == "x" or odd) or unit.cues & {"not_name"} or (unit.joined and not first):
        return False
    if first and unit.form.word.startswith(_VERBS):
        return False
    if first and units[at].role("place_word") in _SITE_WORDS and _describes(unit):
        return False
    if first:
        return not (unit.form.preposition or unit.cues & {"side_word", "side_adjective", "place_word"})
    return bool(before.cues & {"name_head"})


def second_word(units: list[Unit], at: int) -> bool:
    """'the village of Qoz Rahid, ...': a plain word between an unknown name and the end of the phrase."""
    unit = units[at] if at < len(units) else None
    if unit is None or unit.letter != "x" or unit.cues or unit.joined or unit.form.preposition:
        return False
    if len(unit.form.word) < 3 or unit.form.word.startswith(_YA) or unit.start != units[at - 1].end:
        return False
    nxt = units[at + 1] if at + 1 < len(units) else None
    return (
        nxt is None or nxt.letter in ",.:()-iuPDlf" or bool(nxt.cues & {"place_link", "side_word", "belongs"})
    )


def _describes(unit: Unit) -> bool:
    """'a market for clothes', 'a building of flats': what follows a word for a site is no name."""
    stem = unit.form.word
    if unit.form.article:
        return False
    quality = stem.endswith(_QUALITY) and len(stem) >= _QUALITY_LENGTH
    return stem.startswith(_TO) or stem.endswith(_ADJECTIVE) or quality or unit.joined


def past_link_words(units: list[Unit], at: int) -> int:
    """Past the small words between a name and the larger place: 'which belongs to', '30 km'."""
    nxt = at
    while nxt < len(units) and nxt - at < 6:
        unit = units[nxt]
        if unit.cues & _BESIDE:
            break
        link_word = unit.cues & {"place_link", "belongs"} and unit.letter in "cx"
        away = unit.letter == "N" and nxt + 1 < len(units) and "length" in units[nxt + 1].cues
        if not (unit.letter in "iulj(" or link_word or away or unit.cues & _AWAY):
            break
        nxt += 1
    return nxt


def goes_on(units: list[Unit], at: int, nxt: int) -> bool:
    """Whether what stands here can continue a chain."""
    unit = units[nxt]
    if unit.joined:
        return False
    attached = unit.form.preposition in (_IN, _TO) or nxt > at
    return bool(attached or unit.cues & {"side_word", "place_word"} or unit.letter == "P")


def comma_name(units: list[Unit], at: int) -> bool:
    """Whether a comma and a name stand here."""
    return units[at].letter == "," and at + 1 < len(units) and units[at + 1].letter == "P"
