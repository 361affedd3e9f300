"""Whom a name means: dated names, adjectives, generic words, words that point back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sijill.lexicon.entries import Compiled, Entry
from sijill.reading.scene import Scene, Unit

# where 'the organisation' means the first on its list even if the report never names it
_IS = "IS"
_IS_COUNTRIES = frozenset({"SY", "IQ"})


@dataclass(slots=True)
class Cast:
    """Who and where a report is about: weights of countries and governorates, groups named so far."""

    published: date | None
    places: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    guess: str | None = None  # the country where no name is of one country alone
    leaning: Counter[str] = field(default_factory=Counter)  # what adjectives of countries and the outlet say

    @property
    def country(self) -> str | None:
        """The country that the report speaks of most."""
        rows = [(n, c) for c, n in self.places.items() if len(c) == 2]
        return max(rows)[1] if rows else self.guess


class ActorReader:
    """Resolves units to actor codes."""

    def __init__(self, lexicon: Compiled) -> None:
        self._forces: dict[str, dict[str, object]] = lexicon.tables.get("forces", {})

    def cast(
        self, scenes: list[Scene], published: date | None, places: Counter[str], guess: str | None = None
    ) -> Cast:
        """Who is named in a report: full names count, adjectives and short forms do not."""
        cast = Cast(published, Counter(places), guess=guess)
        for scene in scenes:
            for sentence in scene.sentences:
                for unit in sentence.units:
                    if not unit.entries or unit.get("actor") is None:
                        continue
                    full = [e for e in unit.all("actor") if e.role != "short" and self._valid(e, published)]
                    for code in {e.code for e in full}:
                        cast.groups[code] += 1
                    countries = {e.country for e in full if e.country}
                    if len(countries) == 1:
                        cast.places[countries.pop()] += 1
        for scene in scenes:
            for sentence in scene.sentences:
                for unit in sentence.units:
                    if unit.end - unit.start > 1 and unit.get("generic") and not unit.get("actor"):
                        meant = self._by_country(
                            [e for e in unit.all("generic") if self._valid(e, published)], cast
                        )
                        if meant and "-GOV" not in meant:
                            cast.groups[meant] += 1
        return cast

    def code(self, unit: Unit, cast: Cast, day: date | None = None) -> str | None:
        """The code that a unit names in this report, or None."""
        day = day or cast.published
        for kinds in (("actor",), ("unknown",), ("generic",), ("anaphor",), ("adjective",)):
            entries = [e for e in unit.all(*kinds) if self._valid(e, day)]
            if kinds == ("actor",):
                entries = [e for e in entries if e.role != "short" or self._short_fits(e, cast)]
            if not entries:
                continue
            if kinds == ("anaphor",):
                found = self._anaphor(entries[0], cast)
            elif kinds == ("generic",):
                found = self._by_country(entries, cast)
            else:
                found = self._best(entries, cast)
            if found:
                return found
        return None

    @staticmethod
    def _valid(entry: Entry, day: date | None) -> bool:
        if day is None:
            return not entry.since or not entry.until or True
        text = day.isoformat()
        return not ((entry.since and text < entry.since) or (entry.until and text >= entry.until))

    @staticmethod
    def _short_fits(entry: Entry, cast: Cast) -> bool:
        """A short form needs its group named in full, or a report about its country."""
        top = entry.code.split("/")[0]
        cells = entry.code == _IS and cast.country in _IS_COUNTRIES  # 'cells of the organisation'
        return cells or cast.country == entry.country or any(c.split("/")[0] == top for c in cast.groups)

    @staticmethod
    def _best(entries: list[Entry], cast: Cast) -> str:
        def rank(entry: Entry) -> tuple[int, int, int, str]:
            top = entry.code.split("/")[0]
            named = sum(n for c, n in cast.groups.items() if c.split("/")[0] == top)
            return (
                int(entry.country == cast.country and entry.country != ""),
                named,
                -len(entry.code),
                entry.code,
            )

        return max(entries, key=rank).code

    @staticmethod
    def _by_country(entries: list[Entry], cast: Cast) -> str | None:
        if not any("-GOV" in e.code for e in entries):  # 'the party' is the one that the report names
            tops = {c.split("/")[0] for c in cast.groups}
            named = {e.code for e in entries if e.code.split("/")[0] in tops}
            if len(named) == 1:
                return named.pop()
        countries = [c for c, _ in cast.places.most_common() if len(c) == 2] or [cast.guess or ""]
        for country in countries:
            codes = [e.code for e in entries if e.country and e.country == country]
            if codes:
                return codes[0]
        return next((e.code for e in entries if not e.country), None)

    @staticmethod
    def _anaphor(entry: Entry, cast: Cast) -> str | None:
        """'the organisation' is the first on its list that the report names."""
        options = entry.code.split("|")
        tops = {c.split("/")[0] for c in cast.groups}
        named = next((o for o in options if o.split("/")[0] in tops), None)
        if named is None and (len(options) == 1 or (options[0] == "IS" and cast.country in _IS_COUNTRIES)):
            return options[0] or None
        return named

    def force(self, hint: str, country: str | None, day: date | None) -> str | None:
        """The army, police or enemy that 'soldier', 'policeman', 'terrorist' mean in a country."""
        rows = self._forces.get(hint.partition("/")[2].partition("/")[0].lower(), {})
        value = rows.get(country or "") or rows.get("default")
        if isinstance(value, list):
            text = day.isoformat() if day else "9999"
            for row in value:
                if text >= str(row.get("from", "")) and text <= str(row.get("until", "9999")):
                    return str(row["code"])
            return None
        return str(value) if value else None
