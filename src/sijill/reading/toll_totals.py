"""The affected themselves and totals: '20 dead and 30 wounded', 'the toll rose to 18', bodies."""

from __future__ import annotations

from dataclasses import replace

from sijill.reading.groups import Group, GroupParser
from sijill.reading.scene import Unit
from sijill.reading.toll_lists import ListReader, Toll

_BEHIND, _FAR, _AHEAD = 7, 12, 22  # how far from 'toll of the dead' its figure may stand


class AffectedReader:
    """Reads figures that hang on words for the affected."""

    def __init__(self, groups: GroupParser, lists: ListReader) -> None:
        self._groups = groups
        self._lists = lists

    def read(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """The figure of 'dead', 'wounded' at a unit; the unit to go on from."""
        unit = units[at]
        entry = unit.get("affected")
        assert entry is not None
        number = _number_before(units, at)
        end = self._every(units, at, number, tolls) or self._share(units, at, tolls)
        if end:
            return end
        if entry.code == "killed_or_wounded" and number is None:
            end = self._both(units, at, tolls)
            if end:
                return end
        if number is not None:
            return self._counted(units, at, number, tolls)
        if (both := _numbered(units, at)) is not None:
            group = replace(self._groups.after_affected(units, at + 1, at + 1), low=both, high=both, first=at)
            tolls.append(Toll(entry.code, group, at, group.last, "a dead or wounded", trigger=at))
            return group.last
        if entry.number == "two" or (
            entry.number == "one" and not unit.form.article and _stands_alone(units, at)
        ):
            group = self._groups.after_affected(units, at, at)
            low = 2 if entry.number == "two" else 1
            tolls.append(
                Toll(
                    entry.code,
                    replace(group, low=low, high=low),
                    at,
                    group.last,
                    "a dead or wounded",
                    trigger=at,
                )
            )
            return group.last
        total = self.total(units, at, entry.code, tolls)
        if total:
            return total
        if entry.number == "many" and not unit.form.article and _bare_plural(units, at):
            group = replace(self._groups.after_affected(units, at, at), low=None, high=None)
            tolls.append(Toll(entry.code, group, at, group.last, "bare plural", trigger=at))
            return group.last
        if (unit.form.article and at and units[at - 1].cues & {"parts"}) or _among(units, at):
            return (
                self._lists.read(units, at + 1, entry.code, at, "among the dead", tolls, part=True) or at + 1
            )
        return at + 1

    def _counted(self, units: list[Unit], at: int, number: int, tolls: list[Toll]) -> int:
        entry, count = units[at].get("affected"), units[number].count
        assert entry is not None
        assert count is not None
        goes_on = bool(tolls) and units[number].joined and tolls[-1].last >= number
        if units[at].form.article and count.low is None and not goes_on:
            return at + 1  # 'a number of the wounded' were counted before
        nxt = units[at + 1] if at + 1 < len(units) else None
        other = nxt.get("affected") if nxt is not None and nxt.letter == "T" and nxt.joined else None
        if (
            other
            and nxt is not None
            and {other.code, entry.code} == {"killed", "wounded"}
            and _alike(units[at], nxt)
        ):
            group = self._groups.after_affected(units, number, at + 1)
            tolls.append(
                Toll("killed_or_wounded", group, number, group.last, "counted dead and wounded", trigger=at)
            )
            return group.last
        group = self._groups.after_affected(units, number, at)
        tolls.append(Toll(entry.code, group, number, group.last, "counted dead and wounded", trigger=at))
        return group.last

    def _every(self, units: list[Unit], at: int, number: int | None, tolls: list[Toll]) -> int:
        """'all the victims are tourists': no figure, but says who they were."""
        count = units[number].count if number is not None else None
        if (
            count is None
            or count.low is not None
            or not units[at].form.article
            or not units[at - 1].cues & {"every"}
        ):
            return 0
        for i in range(at + 1, min(len(units), at + 4)):
            victim = units[i].get("victim")
            if victim and victim.code.startswith("CIV"):
                group = Group(None, None, False, victim.code, "", at, i + 1)
                tolls.append(
                    Toll("killed", group, at, i + 1, "all the victims", whole=True, every=True, trigger=at)
                )
                return i + 1
        return 0

    def _share(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'more than half of the dead are officers', 'most of the victims are women'."""
        entry = units[at].get("affected")
        shared = any(u.cues & {"share_of"} for u in units[max(0, at - 2) : at])
        groups = self._groups.most(units, at + 1) if shared and units[at].form.article and entry else []
        for group in groups:
            tolls.append(
                Toll(
                    entry.code if entry else "killed",
                    group,
                    at,
                    group.last,
                    "most of the dead",
                    part=True,
                    trigger=at,
                )
            )
        return groups[-1].last if groups else 0

    def _both(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'13 civilians between dead and wounded': those counted stand right before."""
        for back in range(max(0, at - 7), at):
            if self._groups.starts(units, back) and not any(t.first <= back < t.last for t in tolls):
                group = self._groups.read(units, back)
                if (
                    group
                    and at - group.last <= 2
                    and not any(u.letter in ",:NTEe" for u in units[group.last : at])
                ):
                    tolls.append(
                        Toll("killed_or_wounded", group, back, at + 1, "killed and wounded", trigger=at)
                    )
                    return at + 1
        return 0

    # --- bodies

    def bodies(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'eight bodies were found', 'the body of a shepherd', 'the bodies of three soldiers'."""
        unit = units[at]
        number = at - 1 if at and units[at - 1].letter == "N" and not _taken(units, at - 1, tolls) else None
        nxt = at + 1
        while nxt < len(units) and nxt - at <= 1 and units[nxt].letter in "fl":
            nxt += 1
        whose = None
        if nxt < len(units) and not units[nxt].joined and self._groups.starts(units, nxt):
            whose = self._groups.read(units, nxt)
            if (
                whose
                and whose.last < len(units)
                and units[whose.last].letter == "T"
                and not units[whose.last].joined
            ):
                whose = replace(whose, last=whose.last + 1)
        if number is not None:
            count = units[number].count
            assert count is not None
            group = Group(count.low, count.high, count.approx, None, "PERSONS", number, at + 1)
            if whose and whose.low is None:
                group = replace(whose, low=count.low, high=count.high, first=number)
        elif whose:
            group = replace(whose, first=at)
        elif unit.cues & {"body_one", "body_two"} and not unit.form.article:
            low = 2 if "body_two" in unit.cues else 1
            group = self._groups.after_affected(units, at, at)
            group = replace(group, low=low, high=low, hint=group.hint or "PERSONS")
        else:
            return at + 1
        part = bool(tolls) and any(u.cues & {"parts"} for u in units[max(0, at - 2) : at])
        tolls.append(Toll("killed", group, group.first, group.last, "bodies", part=part, trigger=at))
        return group.last

    # --- totals

    def total(self, units: list[Unit], at: int, outcome: str, tolls: list[Toll]) -> int:
        """'the number of dead rose to 28', 'to 37 rose the toll of dead of X'."""
        begin = max(0, at - _BEHIND)
        total = next((i for i in range(at - 1, begin - 1, -1) if units[i].cues & {"total"}), None)
        if total is None:
            return self._other_total(units, at, outcome, tolls)
        group = self._groups.after_affected(units, at, at)
        for i in range(max(0, total - _FAR), total):
            if _free_number(units, i, tolls) and (i >= begin or units[i - 1].letter == "u"):
                return self._add(units, i, group, outcome, at, tolls)
        for i in range(group.last, min(len(units), at + _AHEAD)):
            if units[i].letter in "KT" and i > at + 1 and not units[i].form.article and i > group.last:
                break
            if _free_number(units, i, tolls) and not units[i].joined and _is_total(units, i):
                return self._add(units, i, group, outcome, at, tolls, forward=True)
            if units[i].joined and units[i].get("affected") and units[i].form.article and i > group.last + 1:
                break
        return 0

    def _other_total(self, units: list[Unit], at: int, outcome: str, tolls: list[Toll]) -> int:
        """'... to 34, and the wounded to 52': the second half of a total."""
        unit = units[at]
        if not (unit.form.article and unit.joined and tolls and tolls[-1].rule == "total"):
            return 0
        for i in range(at + 1, min(len(units), at + 4)):
            if _free_number(units, i, tolls):
                return self._add(
                    units, i, self._groups.after_affected(units, at, at), outcome, at, tolls, forward=True
                )
        return 0

    def of_those(self, units: list[Unit], at: int, outcome: str, tolls: list[Toll]) -> int:
        """'to nine rose the number of civilians who were killed': the count of a relative clause."""
        people = at - 2 if at > 2 and units[at - 1].cues & {"relative"} else at - 1
        if (
            people < 1
            or not units[people].get("victim", "affected")
            or not units[people - 1].cues & {"total"}
        ):
            return 0
        victim = units[people].get("victim")
        civil = victim is not None and victim.code.startswith("CIV")
        hint = victim.code if victim is not None and not civil else ""
        group = Group(None, None, False, victim.code if victim and civil else None, hint, people, at)
        for i in range(max(0, people - 5), people):
            if _free_number(units, i, tolls):
                return self._add(units, i, group, outcome, at, tolls)
        for i in range(at + 1, min(len(units), at + _AHEAD)):
            if _free_number(units, i, tolls) and not units[i].joined and _is_total(units, i):
                return self._add(units, i, group, outcome, at, tolls, forward=True)
        return 0

    def _add(self, units: list[Unit], number: int, group: Group, outcome: str, at: int, tolls: list[Toll],
             forward: bool = False) -> int:  # fmt: skip
        count = units[number].count
        assert count is not None
        last = number + 1 if forward else max(group.last, at + 1)
        over = any(u.cues & {"exceeds"} for u in units[max(0, min(at, number) - 4) : max(at, number)])
        high = None if over else count.high
        group = replace(group, low=count.low, high=high, approx=count.approx, last=last, first=number)
        if (
            forward
            and number + 1 < len(units)
            and units[number + 1].letter in "TV"
            and not units[number + 1].joined
        ):
            people = units[number + 1].letter == "V"
            after = self._groups.after_affected(units, number, number + 1)
            own = self._groups.read(units, number) if people else after
            if own:
                last = own.last
                entry = units[number + 1].get("affected")
                outcome = entry.code if entry and outcome not in ("wounded",) else outcome
                named = own.hint not in ("", "PERSONS") or own.code
                group = own if named else replace(own, code=group.code, hint=group.hint or own.hint)
        tolls.append(Toll(outcome, group, min(at, number), last, "total", trigger=at, revised=True))
        return last


def _alike(first: Unit, second: Unit) -> bool:
    """'14 dead and wounded' is one count; 'three dead and a wounded' are two."""
    one, two = first.get("affected"), second.get("affected")
    same = one is not None and two is not None and one.number == two.number
    return same and first.form.article == second.form.article


def _numbered(units: list[Unit], at: int) -> int | None:
    """'two wounded, two': a dual made plain by the number after it."""
    nxt = units[at + 1] if at + 1 < len(units) else None
    if nxt is None or nxt.letter != "N" or nxt.joined or nxt.count is None or units[at].form.article:
        return None
    return nxt.count.low if nxt.count.low in (1, 2) else None


def _taken(units: list[Unit], at: int, tolls: list[Toll]) -> bool:
    return any(t.first <= at < t.last for t in tolls)


def _number_before(units: list[Unit], at: int) -> int | None:
    """The count of the affected at a unit: right before, or with 'cases of' between."""
    if units[at].joined:
        return None
    if at and units[at - 1].letter == "N":
        return at - 1
    if (
        at > 1
        and units[at - 2].letter == "N"
        and units[at - 1].get("counted")
        and not units[at - 1].form.preposition
    ):
        return at - 2
    return None


def _free_number(units: list[Unit], at: int, tolls: list[Toll]) -> bool:
    count = units[at].count
    return units[at].letter == "N" and count is not None and count.exact and not _taken(units, at, tolls)


def _is_total(units: list[Unit], at: int) -> bool:
    """Whether a count after 'toll' is its figure: after 'to', 'reached', or right before the end."""
    before = units[at - 1]
    if before.letter in "ul" or before.cues & {"rose"} or units[at].form.preposition in ("\u0644", "\u0628"):
        return True
    if before.letter in ",:)" or any(u.cues & {"rose", "exceeds"} for u in units[max(0, at - 9) : at]):
        return True
    return (
        any(u.cues & {"rose"} for u in units[max(0, at - 16) : at])
        and at + 1 < len(units)
        and units[at + 1].letter in "TV"
    )


def _stands_alone(units: list[Unit], at: int) -> bool:
    """A single 'dead' counts only where something brought it about, or in a headline's start."""
    before = units[at - 1] if at else None
    if before is None:
        return True
    return bool(before.cues & {"caused", "leads_to", "befall"}) or (
        units[at].joined and before.letter in "TN"
    )


def _bare_plural(units: list[Unit], at: int) -> bool:
    """'killed and wounded fell': a plural without count after a word that brings tolls about."""
    before = units[max(0, at - 2) : at]
    return (
        any(u.cues & {"caused", "leads_to", "befall"} for u in before)
        or at == 0
        or any(u.letter == "T" and not u.form.article for u in before[-1:])
    )


def _among(units: list[Unit], at: int) -> bool:
    """'among the dead are three of its staff'."""
    return at > 0 and units[at].form.article and bool(units[at - 1].cues & {"among"})
