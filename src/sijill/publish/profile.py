"""Profiles: what may leave the house. `Safety` makes of each record the one that may be shown.

The public profile works by lists of what is allowed, not of what is forbidden: place names and
points come from the gazetteer, groups are codes, sources are those of the lists. Free text has no
way through.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import msgspec

from sijill.errors import UsageError
from sijill.incidents import Figure, HeldMention, Incident, Toll
from sijill.lexicon.entries import PlaceEntry
from sijill.publish.names import CODE, PUBLISH, SETTLED, Names, names, read_yaml
from sijill.records import Casualty, Control, Mention, Place, Precision, Rival, Tally, When

UNNAMED = "unnamed"
"""What stands for a source that no list knows."""

_HASHED = re.compile(r"[a-z]+-[0-9a-f]{16}")
_DATE = r"(?:\.\.|[0-9X]{4}(?:-[0-9X]{2}){0,2}[~?%]?)?"
_EDTF = re.compile(f"{_DATE}(?:/{_DATE})?")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What leaves the house; the fields are told in `data/publish/profiles.yaml`."""

    name: str
    words: bool
    links: bool
    people: bool
    restricted: bool
    exact: bool
    grain: str = "place"
    small_cell: int = 0
    delay_days: int = 0
    also_named: tuple[str, ...] = ()


class Rules(msgspec.Struct, frozen=True):
    """What the file says beside the profiles."""

    open_kinds: frozenset[str]
    protected_kinds: frozenset[str]
    witnesses: frozenset[str]
    positions: frozenset[str]
    times: frozenset[str]
    policies: frozenset[str]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules of `data/publish/profiles.yaml`."""
    return msgspec.convert(read_yaml(PUBLISH / "profiles.yaml"), Rules)


def profile(
    name: str, *, links: bool | None = None, grain: str | None = None, also_named: Sequence[str] = ()
) -> Profile:
    """The profile of that name, with what a setting changes in it.

    `links` keeps addresses of reports, `grain` is `place` or `district-week`, `also_named` are
    outlets that may be named though no list knows them. Raises UsageError for an unknown name.
    """
    table = read_yaml(PUBLISH / "profiles.yaml")
    if name not in ("public", "internal"):
        raise UsageError(f"{name!r} is no profile; choose public or internal")
    if grain not in (None, "place", "district-week"):
        raise UsageError(f"{grain!r} is no grain; choose place or district-week")
    row = {**table[name], "name": name, "also_named": tuple(also_named)}
    if links is not None:
        row["links"] = row["links"] or links
    if grain is not None:
        row["grain"] = grain
    return msgspec.convert(row, Profile)


class Safety:
    """Makes of records what may be shown. `today` (ISO) is the day from which delays count back."""

    def __init__(self, profile: Profile, today: str, known: Names | None = None) -> None:
        self.profile = profile
        self.names = known or names()
        self.rules = rules()
        self._until = (date.fromisoformat(today) - timedelta(days=profile.delay_days)).isoformat()
        self._sources: dict[str, str] = {}
        self._codes: dict[str, str | None] = {}
        self._places: dict[tuple[object, ...], Place | None] = {}
        self._weekly = profile.grain == "district-week"

    def incident(self, incident: Incident, *, figures: bool = True) -> Incident | None:
        """The incident as it may be shown; None where it may not. `figures` False leaves the single
        figures of tolls out, where nobody looks at them."""
        if self.profile.exact and not self._weekly:
            return incident if self._open(incident.sensitivity) else None
        if not self._open(incident.sensitivity):
            return None
        placed = incident.action in self.rules.positions
        if (
            placed
            and self.profile.delay_days
            and (incident.end or incident.last_published or "9") > self._until
        ):
            return None
        coarse = self._weekly or placed or self._only_witnesses(incident.sources)
        sources, outlets = self._named(incident.sources), self._named(incident.outlets)
        said = bool(sources or outlets)
        edtf, start, end = self._when(incident.date, incident.start, incident.end)
        return Incident(
            id=self._id(incident.id), action=incident.action, status=incident.status,
            standing=incident.standing, date=edtf, start=start, end=end,
            place=self.place(incident.place, coarse=coarse, district=self._weekly or placed),
            actors=self._groups(incident.actors) if said else [], targets=self._groups(incident.targets),
            weapons=incident.weapons,
            tolls=[self._toll(toll, figures) for toll in incident.tolls],
            no_casualties=incident.no_casualties,
            claimed_by=self._group(incident.claimed_by) if said else None,
            disputed=incident.disputed, sources=sources, outlets=outlets,
            mentions=[self._id(one) for one in incident.mentions],
            first_published=_day(incident.first_published), last_published=_day(incident.last_published),
            sensitivity="public", reviewed=incident.reviewed,
            formerly=[self._id(one) for one in incident.formerly],
        )  # fmt: skip

    def mention(self, held: HeldMention) -> HeldMention | None:
        """The held mention as it may be shown; None where it may not."""
        if not self._open(held.sensitivity):
            return None
        if self.profile.exact and not self._weekly:
            return held
        if held.retracted:
            return None
        told = held.mention
        placed = told.action in self.rules.positions
        if placed and self._too_new(held.published):
            return None
        coarse = self._weekly or placed or self._only_witnesses(told.sources)
        outlet = self._named([held.outlet])[0] if held.outlet else None
        sources = self._named(told.sources)
        shown = Mention(
            id=held.id, action=told.action, status=told.status, date=self._date(told.date),
            place=self.place(told.place, coarse=coarse, district=self._weekly or placed),
            actors=self._groups(told.actors) if sources or outlet else [],
            targets=self._groups(told.targets), weapons=told.weapons,
            casualties=[self._casualty(entry) for entry in told.casualties],
            no_casualties=told.no_casualties,
            time=self._time(told.time),
            claimed_by=self._group(told.claimed_by), disputed=told.disputed, sources=sources,
            rivals=[self._rival(rival) for rival in told.rivals], confidence=told.confidence,
        )  # fmt: skip
        return HeldMention(
            id=self._id(held.id), report=self._id(held.report), mention=shown, outlet=outlet,
            url=held.url if self.profile.links else None, published=_day(held.published),
            copy_of=self._id(held.copy_of) if held.copy_of else None, reviewed=held.reviewed,
        )  # fmt: skip

    def control(self, control: Control) -> Control | None:
        """Who holds a place, as it may be shown: late, and by district."""
        day = control.date.edtf[:10] if control.date else None
        if self.profile.exact and not self._weekly:
            return control
        if day is None or not re.match(r"\d{4}-\d\d-\d\d", day) or day > self._until:
            return None
        place = self.place(control.place, coarse=True, district=True)
        actor = self._group(control.actor)
        if place is None or actor is None:
            return None
        return Control(
            id=self._id(control.id), place=place, actor=actor, change=control.change,
            date=self._date(control.date),
        )  # fmt: skip

    def tally(self, tally: Tally) -> Tally:
        """A published figure as it may be shown."""
        if self.profile.exact and not self._weekly:
            return tally
        compared = tally.comparison
        if compared and compared.against and not _EDTF.fullmatch(compared.against):
            compared = msgspec.structs.replace(compared, against=None)
        return Tally(
            id=self._id(tally.id), measure=tally.measure, low=tally.low, high=tally.high,
            approx=tally.approx, group=self._group(tally.group), by=self._group(tally.by),
            place=self.place(tally.place, coarse=self._weekly, district=self._weekly),
            period=tally.period if tally.period and _EDTF.fullmatch(tally.period) else None,
            sources=self._named(tally.sources), comparison=compared,
        )  # fmt: skip

    def place(self, place: Place | None, *, coarse: bool, district: bool = False) -> Place | None:
        """The place as the gazetteer knows it, as exactly as it may be told."""
        if place is None or (self.profile.exact and not coarse):
            return place
        known = (place.id, place.admin2, place.admin1, place.country, place.kind, place.precision)
        key = (*known, place.inferred, coarse, district)
        if key not in self._places:
            self._places[key] = self._placed(place, coarse, district)
        return self._places[key]

    def _placed(self, place: Place, coarse: bool, district: bool) -> Place | None:
        """The place, looked up."""
        entry = self.names.places.get(place.id or "")
        if entry is None or district:
            found = self.names.district(entry.id) if entry else self.names.unit_entry(place.admin2)
            unit = found or self.names.unit_entry(place.admin1) or self.names.unit_entry(place.country)
            return self._told(unit, place) if unit else None
        kinds = {place.kind, entry.kind} - {None}
        site = place.precision == "site" or entry.kind == "site"
        hidden = bool(kinds & self.rules.protected_kinds) or (site and not kinds & self.rules.open_kinds)
        if not (hidden or coarse):
            return self._told(entry, place)
        if entry.kind in (*SETTLED, "region", "country"):
            return msgspec.structs.replace(self._told(entry, place), kind=None)
        home = self.names.home(entry.id) or self.names.unit_entry(place.admin1)
        return self._told(home, place) if home else None

    def _told(self, entry: PlaceEntry, place: Place) -> Place:
        """A gazetteer entry as the place of a record, no more exact than the record had it."""
        precision = _LEVELS.get(entry.kind, "settlement")
        if place.id == entry.id and _ORDER.index(place.precision) > _ORDER.index(precision):
            precision = place.precision
        lat, lon = entry.lat, entry.lon
        district = self.names.district(entry.id)
        if lat is None and precision in ("site", "settlement", "district") and district is not None:
            lat, lon, precision = district.lat, district.lon, "district"
        if precision in ("admin1", "region", "country"):
            lat = lon = district = None
        return Place(
            name=entry.name, admin1=entry.admin1 or self._unit(place.admin1),
            country=entry.country or self._unit(place.country),
            lat=lat, lon=lon, precision=precision, inferred=place.inferred, id=entry.id,
            kind=place.kind if place.id == entry.id else None,
            admin2=(district.pcode or None) if district else None,
        )  # fmt: skip

    def _unit(self, code: str | None) -> str | None:
        """A p-code or country code that the gazetteer knows."""
        return code if self.names.unit_entry(code) else None

    def hint(self) -> str | None:
        """How many sources were told as unnamed because no list knows them; None for none."""
        count = sum(shown == UNNAMED for shown in self._sources.values())
        if not count:
            return None
        said = (
            "1 source that no list knows stands"
            if count == 1
            else f"{count:,} sources that no list knows stand"
        )
        return f"{said} as {UNNAMED!r}; SIJILL_PUBLIC_OUTLETS names those that may be told"

    def _open(self, sensitivity: str) -> bool:
        """May a record of this sensitivity be shown?"""
        return self.profile.restricted or sensitivity == "public"

    def _too_new(self, told: str | None) -> bool:
        """Must a position of that day still wait?"""
        return self.profile.delay_days > 0 and (_day(told) or "9") > self._until

    def _only_witnesses(self, sources: Sequence[str]) -> bool:
        """Do only people who were there tell it?"""
        return bool(sources) and self.rules.witnesses.issuperset(sources)

    def _named(self, sources: Sequence[str | None]) -> list[str]:
        """The sources that may be named, each once; one word for all others."""
        out: dict[str, None] = {}
        for source in sources:
            if source is None:
                continue
            shown = self._sources.get(source)
            if shown is None:
                free = self.profile.people or source in self.profile.also_named
                shown = source if free or self.names.known_source(source) else UNNAMED
                self._sources[source] = shown
            out[shown] = None
        return list(out)

    def _groups(self, codes: Sequence[str]) -> list[str]:
        """The codes among them that are known; whatever else stands there may be a name."""
        found = [self._group(code) for code in codes]
        return list(dict.fromkeys(code for code in found if code))

    def _group(self, code: str | None) -> str | None:
        """A code that is known, or the whole that it is a part of; else None."""
        if not code:
            return None
        if code not in self._codes:
            shown: str | None = code
            while shown and not (shown in self.names.actors and CODE.fullmatch(shown)):
                shown = shown.rpartition("/")[0] or None
            self._codes[code] = shown
        return self._codes[code]

    def _toll(self, toll: Toll, figures: bool) -> Toll:
        """A toll without words."""
        return Toll(
            outcome=toll.outcome, group=self._group(toll.group) or "PERSONS", low=toll.low,
            best=toll.best, high=toll.high, part_of=toll.part_of,
            policy=toll.policy if toll.policy in self.rules.policies else "",
            figures=[self._figure(figure) for figure in toll.figures] if figures else [],
        )  # fmt: skip

    def _figure(self, figure: Figure) -> Figure:
        """A figure without words."""
        return Figure(
            outcome=figure.outcome, group=self._group(figure.group) or "PERSONS", low=figure.low,
            high=figure.high, source=self._named([figure.source])[0], mention=self._id(figure.mention),
            report=self._id(figure.report), approx=figure.approx, part_of=figure.part_of,
            outlet=self._named([figure.outlet])[0] if figure.outlet else None,
            published=_day(figure.published), superseded=figure.superseded,
        )  # fmt: skip

    def _casualty(self, entry: Casualty) -> Casualty:
        """A figure of a mention."""
        source = self._named([entry.source])[0] if entry.source else None
        group = self._group(entry.group) or "PERSONS"
        return msgspec.structs.replace(entry, source=source, group=group)

    def _rival(self, rival: Rival) -> Rival:
        """A rival figure of a mention."""
        source = self._named([rival.source])[0] if rival.source else None
        return msgspec.structs.replace(rival, source=source, group=self._group(rival.group) or "PERSONS")

    def _date(self, when: When | None) -> When | None:
        """A date without the words that gave it."""
        if when is None:
            return None
        edtf, _, _ = self._when(when.edtf, when.edtf[:10], when.edtf[:10])
        return When(edtf=edtf, inferred=when.inferred) if edtf else None

    def _when(
        self, edtf: str | None, start: str | None, end: str | None
    ) -> tuple[str | None, str | None, str | None]:
        """EDTF, first and last day; the weeks they lie in where the grain says so."""
        shown = edtf if edtf and _plain_date(edtf) else None
        if not self._weekly:
            return shown, start, end
        try:
            first, last = date.fromisoformat(start or ""), date.fromisoformat(end or "")
        except ValueError:
            return (shown if shown and len(shown) <= 7 else None), None, None
        monday = first - timedelta(days=first.weekday())
        sunday = last + timedelta(days=6 - last.weekday())
        return f"{monday}/{sunday}", monday.isoformat(), sunday.isoformat()

    def _id(self, identity: str) -> str:
        """An id that tells nothing: one of the register's own, else its digest."""
        if self.profile.people or _HASHED.fullmatch(identity):
            return identity
        return "x-" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _time(self, told: str | None) -> str | None:
        """An hour or a part of the day; None for other words, or where days are told by their weeks."""
        known = told is not None and (told in self.rules.times or _CLOCK.fullmatch(told))
        return told if known and not self._weekly else None


@lru_cache(maxsize=50_000)
def _plain_date(edtf: str) -> bool:
    """Is it a date and nothing else?"""
    return _EDTF.fullmatch(edtf) is not None


@lru_cache(maxsize=50_000)
def _day(told: str | None) -> str | None:
    """The day of an ISO date or time; None for what is neither."""
    return told[:10] if told and re.match(r"\d{4}-\d\d-\d\d", told) else None


_LEVELS: dict[str, Precision] = {
    "country": "country", "region": "region", "governorate": "admin1", "district": "district",
    "subdistrict": "district", "site": "site", "road": "site", "mountain": "site", "desert": "site",
    "water": "site",
}  # fmt: skip
_ORDER: tuple[Precision, ...] = ("site", "settlement", "district", "admin1", "region", "country")
