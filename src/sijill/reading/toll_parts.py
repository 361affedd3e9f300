"""Parts and breakdowns: 'among them two children', 'most of them women', 'they are: ...'."""

from __future__ import annotations

from dataclasses import replace

from sijill.reading.groups import Group, GroupParser
from sijill.reading.scene import Unit
from sijill.reading.toll_lists import ListReader, Toll

_NEAR = 6  # units between a total and the words that break it down


class PartReader:
    """Reads what is said of a figure told before."""

    def __init__(self, groups: GroupParser, lists: ListReader) -> None:
        self._groups = groups
        self._lists = lists

    def parts(self, units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'among them ...', 'most of them ...', '46 of them civilians'."""
        whole = self._whole(units, at, tolls)
        if whole is None:
            return at + 1
        before = units[at - 1] if at else None
        first = at < 2 or units[at - 2].letter in ",(:" or units[at - 1].joined
        if (
            before is not None
            and before.letter == "N"
            and first
            and not any(t.first <= at - 1 < t.last for t in tolls)
        ):
            return self._counted(units, at, whole, tolls)
        if "most" in units[at].cues:
            groups = self._groups.most(units, at + 1)
            for group in groups:
                tolls.append(
                    Toll(
                        whole.outcome, group, at, group.last, "most of them", part=True, trigger=whole.trigger
                    )
                )
            return groups[-1].last if groups else at + 1
        begin = at + 1
        while begin < len(units) and units[begin].letter in "i:c" and begin - at < 3:
            begin += 1
        if not (begin < len(units) and self._groups.starts(units, begin)):
            begin = at + 1
        return (
            self._lists.read(units, begin, whole.outcome, whole.trigger, "among them", tolls, part=True)
            or at + 1
        )

    @staticmethod
    def _whole(units: list[Unit], at: int, tolls: list[Toll]) -> Toll | None:
        """The figure whose part follows: the last one, or that of the affected named between."""
        whole = next((t for t in reversed(tolls) if not t.part and not t.every), None)
        if whole is None:
            return None
        spoken = next(
            (u.get("affected") for u in reversed(units[max(whole.last, at - 10) : at]) if u.letter == "T"),
            None,
        )
        if spoken:
            whole = next((t for t in reversed(tolls) if t.outcome == spoken.code and not t.part), whole)
        return whole

    def _counted(self, units: list[Unit], at: int, whole: Toll, tolls: list[Toll]) -> int:
        """'46 of them civilians': the count before, those meant after."""
        count = units[at - 1].count
        assert count is not None
        empty = Group(count.low, count.high, count.approx, whole.group.code, whole.group.hint, at - 1, at + 1)
        after = self._groups.most(units, at + 1)[:1]
        group = replace(after[0], low=count.low, high=count.high, first=at - 1) if after else empty
        tolls.append(
            Toll(whole.outcome, group, at - 1, group.last, "part of them", part=True, trigger=whole.trigger)
        )
        nxt = group.last
        if nxt < len(units) and units[nxt].joined and units[nxt].letter == "N" and after:
            end = self._lists.read(units, nxt, whole.outcome, whole.trigger, "part of them", tolls, part=True)
            return end or nxt
        return nxt

    def breakdown(self, units: list[Unit], at: int, tolls: list[Toll], exact: bool = False) -> int:
        """'they are: 4 soldiers and 26 of the National Defence': the rows replace their total.

        `exact`: only rows that add up to their total are taken.
        """
        begin = at + 1
        while begin < len(units) and units[begin].letter in ":c":
            begin += 1
        whole = next((t for t in reversed(tolls) if not t.part), None)
        if begin >= len(units) or not self._groups.starts(units, begin) or whole is None:
            return at + 1
        before = len(tolls)
        end = self._lists.read(units, begin, whole.outcome, whole.trigger, "breakdown", tolls)
        end = self._nested(units, end, whole, tolls, before)
        rows = [t for t in tolls[before:] if not t.part]
        fits = adds_up(whole, rows) if exact else self._fits(units[at], at, whole, rows)
        if not fits:
            del tolls[before:]
            if (
                rows and end and whole.last >= at - 1 and units[at].letter not in ":,"
            ):  # 'they are brothers': a remark
                whole.last, whole.remark = end, True
            return at + 1
        for row in rows:
            if row.group.code is None and row.group.hint in ("PERSONS", "") and not row.group.bare:
                row.group = replace(row.group, code=whole.group.code, hint=whole.group.hint or row.group.hint)
        whole.whole = True
        return end or at + 1

    def _nested(self, units: list[Unit], end: int, whole: Toll, tolls: list[Toll], before: int) -> int:
        """'17 civilians, among them five children, and 29 soldiers': parts within the rows."""
        while 0 < end < len(units):
            nxt = end + 1 if units[end].letter == "," else end
            if nxt >= len(units) or not units[nxt].cues & {"parts"}:
                break
            first = len(tolls)
            last = self._lists.read(
                units, nxt + 1, whole.outcome, whole.trigger, "among them", tolls, part=True
            )
            if not last:
                break
            end = last
            rows = [t for t in tolls[before:first] if not t.part]
            for cut in range(first + 1, len(tolls)):  # the last of them may be rows again
                if adds_up(whole, [*rows, *tolls[cut:]]):
                    for row in tolls[cut:]:
                        row.part, row.rule = False, "breakdown"
                    return end
            nxt = end + 1 if end < len(units) and units[end].letter == "," else end
            if nxt < len(units) and units[nxt].joined and self._groups.starts(units, nxt):
                end = self._lists.read(units, nxt, whole.outcome, whole.trigger, "breakdown", tolls)
        return end

    @staticmethod
    def _fits(unit: Unit, at: int, whole: Toll, rows: list[Toll]) -> bool:
        """Whether rows break a total down: they add up to it, or stand right after 'they are'."""
        counts = [r.group.low for r in rows]
        if adds_up(whole, rows):
            return not (len(rows) == 1 and rows[0].group.hint == "PERSONS")
        near = at - whole.last <= _NEAR
        return near and (
            len(rows) > 1
            or (bool(rows) and "breakdown" in unit.cues and counts[0] is not None and counts[0] != 1)
        )

    @staticmethod
    def all_of(units: list[Unit], at: int, tolls: list[Toll]) -> int:
        """'all of them civilians': says of every figure before whom it counts."""
        for unit in units[at + 1 : at + 4]:
            victim = unit.get("victim")
            if victim and not victim.code.startswith(("PERSONS", "MEMBER")):
                for toll in tolls:
                    if not toll.part and toll.group.code is None:
                        toll.group = replace(toll.group, code=victim.code, hint="", bare=False)
                return at + 2
            if unit.letter in "A":
                for toll in tolls:
                    if not toll.part and toll.group.code is None:
                        toll.group = replace(toll.group, code=f"@{unit.start}", bare=False)
                return at + 2
            if unit.letter not in "fxc":
                break
        return at + 1


def adds_up(whole: Toll, rows: list[Toll]) -> bool:
    """Whether rows have the total of what they break down."""
    counts = [r.group.low for r in rows]
    known = whole.group.low is not None and bool(counts) and None not in counts
    return known and sum(c or 0 for c in counts) == whole.group.low
