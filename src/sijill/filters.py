"""Which incidents are asked for: one form for tallies, searches, exports and the desk.

A filter is written as words `key=value`, all of which must hold; `a|b` in a value means either:

    since=2024-03-01 until=2024-03-31 place=SY09|SY04 actor=IS outcome=killed
"""

from __future__ import annotations

import re
import shlex
from datetime import date, timedelta

import msgspec

from sijill.errors import UsageError
from sijill.incidents import Incident

DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What an incident must be to be counted; an empty filter takes all.

    `since` and `until` are ISO days, both inclusive; an incident fits where its days overlap them.
    A `place` is a p-code, a country code, a gazetteer id or a name as written.
    """

    since: str | None = None
    until: str | None = None
    place: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    weapon: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    reviewed: bool | None = None

    def fits(self, incident: Incident) -> bool:
        """Does an incident fit? One without a day fits only where no day is asked for."""
        if (self.since or self.until) and not self._in_time(incident):
            return False
        if self.reviewed is not None and incident.reviewed != self.reviewed:
            return False
        asked = (
            (self.place, _places(incident)),
            (self.actor, _groups(incident.actors)),
            (self.target, _groups(incident.targets)),
            (self.action, {incident.action}),
            (self.status, {incident.status}),
            (self.standing, {incident.standing}),
            (self.outcome, {toll.outcome for toll in incident.tolls}),
            (self.weapon, set(incident.weapons)),
            (self.source, {*incident.sources, *incident.outlets}),
        )
        return all(not wanted or not there.isdisjoint(wanted) for wanted, there in asked)

    def _in_time(self, incident: Incident) -> bool:
        """Do the incident's days overlap those asked for?"""
        if incident.start is None or incident.end is None:
            return False
        return (not self.since or incident.end >= self.since) and (
            not self.until or incident.start <= self.until
        )


def parse(text: str) -> Filter:
    """The filter that words `key=value` ask for; `UsageError` names the word that cannot be read."""
    given: dict[str, object] = {}
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"the filter {text!r} cannot be read: {error}; close every quotation mark") from None
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not value or key not in Filter.__struct_fields__:
            known = ", ".join(Filter.__struct_fields__)
            raise UsageError(f"{word!r} is no filter; write key=value with one of these keys: {known}")
        if key in ("since", "until"):
            given[key] = first_day(value) if key == "since" else last_day(value)
        elif key == "reviewed":
            if value not in ("yes", "no"):
                raise UsageError(f"reviewed is yes or no, not {value!r}")
            given[key] = value == "yes"
        else:
            given[key] = tuple(value.split("|"))
    return msgspec.convert(given, Filter)


def first_day(text: str) -> str:
    """The first day of a day, month or year: `2024-03` gives `2024-03-01`."""
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1).isoformat()


def last_day(text: str) -> str:
    """The last day of a day, month or year: `2024-02` gives `2024-02-29`."""
    year, month, day = _parts(text)
    if day:
        return date(year, month, day).isoformat()
    following = date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1)
    return (following - timedelta(days=1)).isoformat()


def _parts(text: str) -> tuple[int, int, int]:
    """Year, month and day; 0 for what is not told."""
    found = DAY.fullmatch(text)
    try:
        if not found:
            raise ValueError
        year, month, day = (int(part or 0) for part in found.groups())
        date(year, month or 1, day or 1)
    except ValueError:
        raise UsageError(f"{text!r} is no date; write 2024, 2024-03 or 2024-03-24") from None
    return year, month, day


def _places(incident: Incident) -> set[str]:
    """Every name by which an incident's place may be asked for."""
    place = incident.place
    if place is None:
        return set()
    return {name for name in (place.name, place.id, place.admin1, place.admin2, place.country) if name}


def _groups(codes: list[str]) -> set[str]:
    """Codes with the groups that they are parts of: `SY-GOV/NDF` is `SY-GOV` too."""
    return {*codes, *(code.split("/")[0] for code in codes)}
