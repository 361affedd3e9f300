"""Every count of a sentence that tells a tally: of people, of events, of prisoners, of land.

The figures of `reading/tolls.py` come first; the rest are counts that only a list or a
breakdown makes figures: '38 of the regime's forces', '14 operations', '48 of them from the air'.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sijill.lexicon.entries import Compiled
from sijill.reading.groups import Group, GroupParser
from sijill.reading.scene import Scene, Sentence, Unit
from sijill.reading.tally_view import Counted, Inherited, View
from sijill.reading.tally_words import Marks
from sijill.reading.tolls import Toll

PEOPLE, EVENTS, SHARE, STOCK = "people", "events", "share", "stock"
OUTCOMES = frozenset(
    {"killed", "wounded", "killed_or_wounded", "arrested", "captured", "killed_or_arrested", "displaced"}
)
_STOCKS = {"prisoners": "prisoner", "fighters": "fighter"}
_MANY = 12  # units between 'the number of attacks' and its figure


@dataclass(slots=True)
class Figure:
    """One count: what it measures, how many, of whom, and the words `[start, end)` it was read from."""

    kind: str
    measure: str
    low: int | None
    high: int | None
    approx: bool
    start: int
    end: int
    unit: int
    group: Group | None = None
    toll: Toll | None = None
    part: bool = False
    whole: bool = False
    head: int = -1  # word of the event's noun
    code: str | None = field(default=None)


class FigureReader:
    """Reads the figures of a sentence."""

    def __init__(self, lexicon: Compiled, groups: GroupParser) -> None:
        self.counted = Counted(lexicon)
        self._groups = groups

    def read(
        self, scene: Scene, sentence: Sentence, marks: Marks, tolls: list[Toll], inherited: Inherited
    ) -> list[Figure]:
        """Every figure in order."""
        words, units = scene.text.words, sentence.units
        view = View(words, units, marks, inherited)
        figures = [f for f in (self._of_toll(view, toll) for toll in tolls) if f]
        taken = {i for f in figures for i in range(f.unit, f.toll.group.last if f.toll else f.unit + 1)}
        figures = _without_echoes(figures, units)
        for at, unit in enumerate(units):
            if at in taken:
                continue
            found = self._at(view, at, unit, [f for f in figures if f.start < unit.start])
            if found:
                figures.append(found)
                figures.sort(key=lambda f: f.start)
        return figures

    # --- figures that the toll parser found

    def _of_toll(self, view: View, toll: Toll) -> Figure | None:
        group, first = toll.group, toll.group.first
        measure = toll.outcome
        if view.units[first].letter == "N" and self._event_noun(view, first):
            return None
        low, high, approx = group.low, group.high, group.approx
        if low is None and high is None:
            back = _count_before(view.units, first)
            if back is None:
                return None
            first = back
            count = view.units[back].count
            assert count is not None
            low, high, approx = count.low, count.high, count.approx
        unit = view.units[first]
        unsure = view.marks.within(unit.start - 1, unit.end, "persons_unsure")
        if measure not in OUTCOMES or unsure or view.of_case(toll.trigger):
            return None
        measure = self._stock(view, first) or self._case(view, first) or measure
        kind = STOCK if measure in _STOCKS or measure in ("trained",) else PEOPLE
        end = max(unit.end, view.units[max(group.last - 1, first)].end)
        return Figure(
            kind, measure, low, high, approx, unit.start, end, first, group, toll, toll.part, toll.whole
        )

    def _event_noun(self, view: View, at: int) -> bool:
        """A count of deeds that the toll parser took for people ('11 operations, in which ...')."""
        noun = self.counted.read(view.words, view.after(at))
        return (
            noun is not None and noun[0] in ("incidents", "operations", "air_strikes") and not view.cased(at)
        )

    # --- counts that it left

    def _at(self, view: View, at: int, unit: Unit, figures: list[Figure]) -> Figure | None:
        if unit.letter == "N" and unit.count:
            return self._counts(view, at, unit, figures)
        noun = self.counted.read(view.words, unit.start) if unit.letter in "EcxA" else None
        if noun and noun[0] in ("incidents", "operations", "air_strikes") and not unit.form.article:
            number = {"two": 2, "one": 1}.get(noun[2]) if noun[2] == "two" or view.single(at) else None
            if number:
                measure = self._event_measure(view, noun[0], unit.start, noun[1])
                return Figure(
                    EVENTS, measure, number, number, False, unit.start, noun[1], at, head=unit.start
                )
        if unit.get("victim") and unit.letter in "V" and view.part_or_joined(at):
            return self._people(view, at, figures)
        return None

    def _counts(self, view: View, at: int, unit: Unit, figures: list[Figure]) -> Figure | None:
        """What a count counts: the first rule that fits says."""
        count = unit.count
        assert count is not None
        if count.low is None and count.high is None:
            return None
        base = Figure(EVENTS, "incidents", count.low, count.high, count.approx, unit.start, unit.end, at)
        for rule in (self._stocked, self._deeds, self._of_deeds):
            found = rule(view, at, base, figures)
            if found:
                return found
        hours = view.marks.within(base.start - 3, base.start, "hours")
        if hours or view.marks.at(view.after(at), "not_counted"):
            return None
        for rule in (self._placed, self._other, self._totalled, self._dual):
            found = rule(view, at, base, figures)
            if found:
                return found
        return self._people(view, at, figures)

    def _stocked(self, view: View, at: int, base: Figure, figures: list[Figure]) -> Figure | None:
        """'holds 3,500 prisoners', '357 cases of arrest'."""
        stock = self._stock(view, at)
        if stock:
            counted = at + 1 < len(view.units) and view.units[at + 1].letter == "T"
            group = self._groups.after_affected(view.units, at, at + 1) if counted else None
            return replace(base, kind=STOCK, measure=stock, group=group or self._groups.read(view.units, at))
        case = self._case(view, at)
        return replace(base, kind=PEOPLE, measure=case, code="PERSONS") if case else None

    def _deeds(self, view: View, at: int, base: Figure, figures: list[Figure]) -> Figure | None:
        """'14 operations', '285 times'."""
        after = view.after(at)
        noun = self.counted.read(view.words, after)
        if noun and noun[0] in ("incidents", "operations", "air_strikes"):
            measure = self._event_measure(view, noun[0], after, noun[1], at)
            high = None if view.marks.at(noun[1], "at_least") else base.high
            return replace(base, measure=measure, high=high, end=noun[1], head=after)
        if view.marks.at(after, "event_noun", "times"):
            return replace(base, end=after + 1, head=after)
        return None

    def _of_deeds(self, view: View, at: int, base: Figure, figures: list[Figure]) -> Figure | None:
        """'48 of them from the air and 17 on land'."""
        if not figures or figures[-1].kind != EVENTS:
            return None
        after = view.after(at)
        joined = view.units[at].joined and view.marks.at(after, "land", "airborne")
        if view.marks.at(after, "of_them") or joined:
            return replace(base, measure=self._share_of(view, at, figures[-1]))
        return None

    @staticmethod
    def _placed(view: View, at: int, base: Figure, figures: list[Figure]) -> Figure | None:
        """'they were spread: 3 in Raqqa and 13 in Deir ez-Zor'."""
        deed = view.inherited.deed
        return replace(base, measure=deed) if deed and view.placed(at) else None

    def _totalled(self, view: View, at: int, base: Figure, figures: list[Figure]) -> Figure | None:
        """'the number of attacks rose to 113'."""
        total = self._event_total(view, at)
        return replace(base, measure=total[0], head=total[1]) if total else None

    def _dual(self, view: View, at: int, base: Figure, figures: list[Figure]) -> Figure | None:
        """'among them two Russians at least': a side in the dual, and its number after it."""
        before = view.units[at - 1] if at else None
        if base.low not in (1, 2) or before is None or before.letter != "A" or not view.part_or_row(at - 1):
            return None
        side = Group(base.low, base.high, base.approx, f"@{before.start}", "", at - 1, at + 1)
        fate = self._fate(view, at, side, figures)
        return replace(base, kind=PEOPLE, measure=fate, group=side, part=view.part(at - 1)) if fate else None

    @staticmethod
    def _other(view: View, at: int, base: Figure, figures: list[Figure]) -> Figure | None:
        """'against 325 in July': a bare number that another is compared with measures the same."""
        nxt = view.units[at + 1] if at + 1 < len(view.units) else None
        bare = nxt is None or nxt.letter in "iD,)" or nxt.cues & {"since"} or view.marks.on(nxt, "within")
        if (
            not figures
            or not bare
            or not view.marks.within(base.start - 3, base.start + 1, "against", "compared_with")
        ):
            return None
        whole = next((f for f in figures if not f.part), figures[0])
        return replace(base, kind=whole.kind, measure=whole.measure, group=whole.group, head=whole.head)

    def _share_of(self, view: View, at: int, whole: Figure) -> str:
        start = view.units[at].end
        if view.marks.within(start, start + 3, "airborne"):
            return "air_strikes"
        return "incidents" if view.marks.within(start, start + 3, "land") else whole.measure

    def _stock(self, view: View, at: int) -> str | None:
        """'holds some 3,500 prisoners', 'trained 50,000 fighters': a number at hand, not what befell them."""
        after, start = view.after(at), view.units[at].start
        if view.marks.within(start - 3, start, "trained"):
            return "trained"
        near = view.units[max(0, at - 5)].start
        if view.marks.at(after, "accounts"):
            return "accounts"
        if view.marks.within(near, start, "holds"):
            if view.marks.at(after, "prisoner"):
                return "prisoners"
            people = view.units[at + 1].get("victim", "affected") if at + 1 < len(view.units) else None
            if people and view.marks.within(near - 3, start, "camp"):
                return "displaced"
            if view.marks.at(after, "fighter"):
                return "prisoners" if view.marks.within(near - 3, start, "prison") else "fighters"
        if view.marks.within(near - 3, start, "strength") and view.marks.within(
            near - 6, after + 1, "fighter"
        ):
            return "fighters"
        return None

    def _case(self, view: View, at: int) -> str | None:
        """'357 cases of arrest' counts the arrested."""
        after = view.after(at)
        if not view.marks.at(after, "case"):
            return None
        for word in range(after + 1, after + 3):
            unit = view.unit_at(word)
            entry = unit.get("masdar", "outcome_verb") if unit else None
            if entry and entry.code in OUTCOMES:
                return entry.code
        return None

    def _event_measure(self, view: View, role: str, start: int, end: int, at: int | None = None) -> str:
        """Attacks, operations of forces, or strikes from the air."""
        near = (start, end + 2)
        if role == "incidents" and view.marks.within(*near, "airborne"):
            return "air_strikes"
        if role in ("incidents", "operations"):
            if view.marks.within(end, end + 2, "assassination_words"):
                return "incidents"
            if view.is_operation(start) and view.marks.within(*near, "joint"):
                return "operations"
            head = self._event_total(view, at) if at is not None else None
            if head:
                return head[0]
        if role == "incidents" and view.inherited.deed:
            return view.inherited.deed
        return role

    def _event_total(self, view: View, at: int) -> tuple[str, int] | None:
        """'the number of joint operations since ... rose to 113', 'to 113 rose the number of ...'."""
        units = view.units
        for i in [*range(max(0, at - _MANY), at), *range(at + 1, min(len(units), at + 3))]:
            unit = units[i]
            if not view.marks.on(unit, "event_total") or i + 1 >= len(units):
                continue
            for word in (unit.end, unit.end + 1):
                noun = self.counted.read(view.words, word)
                if noun and noun[0] in ("incidents", "operations", "air_strikes"):
                    if any(u.letter == "N" and not u.date for u in units[i + 1 : at]):
                        return None
                    return self._event_measure(view, noun[0], word, noun[1]), word
        return None

    def _people(self, view: View, at: int, figures: list[Figure]) -> Figure | None:
        """A count of people whose fate the sentence, or the list it stands in, tells elsewhere."""
        units = view.units
        group = self._groups.read(units, at) if self._groups.starts(units, at) else self._of_verb(units, at)
        if group is None or (group.low is None and group.high is None):
            return None
        known = group.code or group.hint or not group.bare or self._side_next(units, group)
        people = (
            bool(known)
            or (at + 1 < len(units) and _kills(units[at + 1]))
            or self._one_of_a_row(units, at, figures)
        )
        measure = self._fate(view, at, group, figures) if people else None
        if measure is None:
            return None
        unit = units[at]
        end = units[max(group.last - 1, at)].end
        part = view.part(at) or (bool(figures) and figures[-1].part and figures[-1].end >= unit.start - 2)
        return Figure(
            PEOPLE, measure, group.low, group.high, group.approx, unit.start, end, at, group, part=part
        )

    @staticmethod
    def _of_verb(units: list[Unit], at: int) -> Group | None:
        """'83 were executed', 'two Russians at least': people told by a verb, or by a dual before."""
        count = units[at].count
        if count is None:
            return None
        base = Group(count.low, count.high, count.approx, None, "", at, at + 1, bare=True)
        if at + 1 < len(units) and _kills(units[at + 1]):
            return base
        return None

    @staticmethod
    def _side_next(units: list[Unit], group: Group) -> bool:
        return group.last < len(units) and units[group.last].letter in "Aa"

    @staticmethod
    def _one_of_a_row(units: list[Unit], at: int, figures: list[Figure]) -> bool:
        """A bare number that goes on a row of figures: '..., and 12 others'."""
        last = figures[-1] if figures else None
        return (
            last is not None and last.kind == PEOPLE and units[at].joined and units[at].start - last.end <= 2
        )

    def _fate(self, view: View, at: int, group: Group, figures: list[Figure]) -> str | None:
        units = view.units
        after = units[group.last] if group.last < len(units) else None
        if after is not None and after.letter in "KT":
            entry = after.get("outcome_verb", "affected", "masdar")
            if entry and entry.code in OUTCOMES and not after.joined:
                return entry.code
        near = units[max(0, at - 6)].start
        reach = units[min(len(units) - 1, group.last + 1)].end
        if view.marks.within(near, reach, "displaced"):
            return "displaced"
        if after is not None and after.get("act_verb") and _kills(after):
            return "killed"
        for unit in reversed(units[:at]):
            entry = unit.get("masdar", "outcome_verb", "affected")
            if entry and entry.code in OUTCOMES:
                return entry.code
        if figures and figures[-1].kind == PEOPLE:
            return figures[-1].measure
        if view.marks.within(view.units[max(0, at - 4)].start, view.units[at].start, "fell"):
            return "killed"
        return view.inherited.fate


def _kills(unit: Unit) -> bool:
    return any(e.code == "execution" for e in unit.all("act_verb", "act"))


def _count_before(units: list[Unit], at: int) -> int | None:
    """'15 of the members of X were killed': the count that stands before 'of'."""
    if at > 1 and units[at - 1].letter == "f" and units[at - 2].letter == "N" and units[at - 2].count:
        return at - 2
    return None


def _without_echoes(figures: list[Figure], units: list[Unit]) -> list[Figure]:
    """'170 civilians and soldiers' is one figure of people; 'one civilian' is not told twice."""
    out: list[Figure] = []
    for figure in figures:
        last = out[-1] if out else None
        group = figure.group
        if (
            last
            and last.group
            and group
            and last.measure == figure.measure
            and group.low == 1
            and not figure.part
        ):
            close = units[figure.unit].start <= last.end
            noun = units[figure.unit].letter != "N"
            if close and noun and (last.low or 0) > 10 and _counted_noun(units, last):
                last.code = "PERSONS"
                continue
            if close and not noun and group.bare and last.low == 1 and not units[figure.unit].joined:
                continue
        out.append(figure)
    return out


def _counted_noun(units: list[Unit], figure: Figure) -> bool:
    return (
        units[figure.unit].letter == "N"
        and figure.unit + 1 < len(units)
        and units[figure.unit + 1].letter in "VT"
    )
