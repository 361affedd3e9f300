"""Events -> mentions: action, status, date, place, actors, targets, weapons, figures, sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from msgspec.structs import replace

from sijill.arabic.dates import DateRef
from sijill.reading.actors import ActorReader
from sijill.reading.clauses import Clause, Deed
from sijill.reading.deeds import Deeds
from sijill.reading.events import Event, Located, announced, own_dates
from sijill.reading.evidence import Values, evidence
from sijill.reading.figures import Figures
from sijill.reading.frame import Frame
from sijill.reading.parties import Parties, distinct
from sijill.records import Action, Field, Mention, Place, Status, Weapon, When

_POLICE = frozenset({"sweep", "arrest", "weapons_seizure"})  # what dismantles bombs is not itself foiled
_SPECIFICITY = {"site": 0, "settlement": 0, "district": 1, "admin1": 2, "region": 3, "country": 4}

_OWN = ("MEMBER", "MEMBER/LEADER", "MEMBER/ARMY", "MEMBER/ARMY/OFFICER", "MEMBER/POLICE")  # left to the text


class Finisher:
    """Turns events into mentions, or into nothing where too little is told."""

    def __init__(self, actors: ActorReader, tables: Mapping[str, Any]) -> None:
        self._actors = actors
        self._actions = tables["actions"]
        self._figures = Figures(actors, self._actions["enemies"], self._actions["regular"])
        self._deeds = Deeds(self._actions)
        self._parties = Parties(actors, self._actions, self._figures)

    def enemy(self, actors: list[str], report: Frame) -> list[str]:
        """Whom a side takes places from where none is named."""
        return self._parties.enemy(actors, report)

    def mention(
        self, event: Event, number: int, report: Frame, before: Place | None = None
    ) -> Mention | None:
        """The event as a record, or None where it is no incident by the codebook.

        `before` is the place of the incident told before it: one without a place is read as there.
        """
        action, certain = self._deeds.action(event)
        status = _status(event, action)
        date_value, ref = self._date(event, action, report)
        located = _place(event, action) or (_place(event.kin, action) if event.kin else None)
        actors = self._parties.doers(event, action, report)
        hit = self._parties.hit(event, action, actors, report)
        casualties, rivals, words = self._figures.read(event, report.cast, report.scenes, hit, actors)
        if not certain and not (casualties and _violent(event, casualties, hit, actors)):
            return None
        if not _stands(event, action, ref, located, casualties, actors, hit, status):
            return None
        action = self._deeds.refined(action, event, casualties, actors)
        if action == "abduction":  # unknown gunmen arrest nobody
            casualties = [
                replace(c, outcome="abducted") if c.outcome == "arrested" else c for c in casualties
            ]
        targets = _targets(hit, casualties, actors, action, _public(event, action))
        if action == "displacement":
            actors = []
        values = Values(action, actors, targets, [c.group for c in casualties], words)
        return Mention(
            id=f"i{number}",
            action=cast(Action, action),
            status=status,
            date=date_value,
            place=located.place if located else replace(before, inferred=True) if before else None,
            actors=actors,
            targets=targets,
            weapons=_weapons(event, action),
            casualties=casualties,
            no_casualties=any("none" in c.cues for c in event.clauses) and not casualties,
            time=next((d.time for t in event.told for d in t.clause.dates if d.time), None),
            claimed_by=next((c.claimant for c in event.clauses if c.claimant), None),
            sources=_sources(event),
            rivals=rivals,
            evidence=evidence(event, report, values, ref, located),
        )

    # --- when

    def _date(
        self, event: Event, action: str, report: Frame
    ) -> tuple[When | None, tuple[Field, DateRef] | None]:
        rows = [(t.clause.field, d) for t in event.told for d in own_dates(t.clause)]
        telling = {
            id(d)
            for t in event.told
            if t.clause.tells
            for d in own_dates(t.clause)
            if not announced(t.clause, d)
        }
        rows.sort(key=lambda row: (row[0] == "title", id(row[1]) not in telling))
        if rows:
            where, ref = rows[0]
            finer = [
                r
                for r in rows
                if r[1].edtf
                and len(r[1].edtf) > len(ref.edtf or "")
                and r[1].low
                and ref.low
                and ref.high
                and ref.low <= r[1].low <= ref.high
                and "/" not in r[1].edtf
            ]
            if finer:
                where, ref = finer[0]
            scene = report.scenes[where]
            return When(
                edtf=ref.edtf or "", text=scene.text.quote(ref.start, ref.end), inferred=ref.inferred
            ), (where, ref)
        since = [
            (t.clause.field, d) for t in event.told for d in t.clause.dates if d.since and d.edtf and d.low
        ]
        if since and action == "displacement" and report.published:
            where, ref = since[0]
            text = report.scenes[where].text.quote(ref.start, ref.end)
            return When(edtf=f"{ref.low}/{report.published}", text=text, inferred=True), (where, ref)
        if report.published is None:
            return None, None
        if _timed(event):
            return When(edtf=report.published.isoformat(), inferred=True), None
        if (
            all("background" in c.head for c in event.clauses[:1])
            and event.clauses[0].field == "text"
            and event.clauses[0].sentence > 0
        ):
            return None, None
        return When(edtf=report.published.isoformat() + "~", inferred=True), None


def _violent(event: Event, casualties: list[Any], hit: list[str], actors: list[str]) -> bool:
    """A toll with no word for a deed needs a weapon, an armed side, or a side that was hit."""
    sides = {c.group.split("/")[0] for c in casualties} | {h.split("/")[0] for h in hit}
    return bool(actors or sides - {"CIV", "PERSONS", "PROPERTY"} or any(c.weapons for c in event.clauses))


def _timed(event: Event) -> bool:
    return any(d.time for c in event.clauses for d in c.dates)


def _status(event: Event, action: str) -> Status:
    telling = [c for c in event.clauses if c.tells]
    first = next((c for c in telling if c.field == "text"), telling[0] if telling else None)
    for clause in telling:
        if "foiled" in clause.cues and action not in _POLICE and _governs(clause, "foiled"):
            return "foiled"
        if (
            clause is first
            and "denied" in clause.cues
            and clause.field == "text"
            and (clause.strong or clause.tolls)
            and not clause.cues & {"responsibility"}
            and not all(d.definite for d in clause.deeds)
            and _governs(clause, "denied")
        ):
            return "denied"
        if "planned" in clause.cues and _governs(clause, "planned"):
            return "planned"
    return "reported"


def _governs(clause: Clause, cue: str) -> bool:
    """Whether the cue stands before the deed."""
    at = next((i for i, u in enumerate(clause.units) if cue in u.cues), None)
    deed = next((i for i, u in enumerate(clause.units) for d in clause.deeds if d.unit is u), None)
    if at is None:
        return True
    return deed is None or at <= deed


def _place(event: Event, action: str) -> Located | None:
    left = action in ("withdrawal", "displacement", "arrest", "abduction")
    fled = action == "displacement"
    rows = [
        (n, t, p) for n, t in enumerate(event.told) for p in t.places if p.good > 0 or (left and p.good < 0)
    ]
    if not rows:
        return None

    def rank(row: tuple[int, Any, Located]) -> tuple[Any, ...]:
        number, told, located = row
        return (
            located.rank >= 2,
            fled and located.good >= 0,
            located.context,
            told.clause.field == "title",
            2 - located.good,
            not told.clause.tells,
            located.rank,
            number,
        )

    return min(rows, key=rank)[2]


def _stands(
    event: Event,
    action: str,
    ref: tuple[Field, DateRef] | None,
    located: Located | None,
    casualties: list[Any],
    actors: list[str],
    hit: list[str],
    status: Status,
) -> bool:
    """Whether enough is told for an incident: the codebook's rules 1.2 and 1.3."""
    if ref and ref[1].low and ref[1].low.year < 2000:
        return False
    counted = [c for c in casualties if c.low is not None or c.high is not None]
    place = located is not None and located.rank <= 2
    spot = located is not None and located.rank <= 1
    deeds = [d for c in event.clauses for d in c.deeds if not d.weak or (spot and _armed(d, c))]
    habitual = any(c.cues & {"plural_vague"} for c in event.clauses) and not counted
    if habitual:
        return False
    if action in ("sweep", "arrest", "weapons_seizure") and not (actors or hit or casualties):
        return False
    if not deeds and not casualties:
        return False
    if action == "other" and not (casualties or actors or hit or spot):
        return False
    vague = (
        all(
            (d.plural and d.action != "clash") or "hypothetical" in c.cues
            for c in event.clauses
            for d in c.deeds
        )
        if deeds
        else False
    )
    first = event.clauses[0].field == "title" or event.clauses[0].sentence == 0
    if vague and not counted and not (place and ref) and not (spot and first):
        return False
    told = sum((place, ref is not None, bool(counted)))
    later = event.clauses[0].field == "text" and event.clauses[0].sentence > 0
    background = later and bool(event.clauses[0].head & {"background"})
    if told >= 2:
        return True
    if (
        later
        and not background
        and place
        and located is not None
        and located.rank <= 1
        and deeds
        and not vague
    ):
        return True
    background = later
    if not background:
        return told >= 1 and bool(deeds or casualties)
    return told >= 1 and bool(deeds) and bool(actors or hit or status != "reported") and not vague


def _armed(deed: Deed, clause: Clause) -> bool:
    """Whether a word that may mean an attack does: somebody struck, with a weapon or at somebody."""
    struck = bool(clause.agents) and bool(clause.targets or clause.objects or clause.weapons)
    return deed.action == "armed_assault" and (struck or bool(clause.weapons and clause.targets))


def _public(event: Event, action: str) -> bool:
    """Whether a bomb or shell fell where the public is: a market, a church, a house."""
    if action not in ("ied", "vehicle_bomb", "suicide_bombing", "shelling", "air_strike", "drone_strike"):
        return False
    clauses = [c for c in event.clauses if c.deeds]
    return any(
        side == "CIV" and unit.role("place_word") in (None, "", "site")
        for c in clauses
        for side, unit in c.objects
    )


def _targets(
    hit: list[str], casualties: list[Any], actors: list[str], action: str, public: bool
) -> list[str]:
    if action == "clash":
        return []
    tops = {a.split("/")[0] for a in actors}
    rows = [c.group for c in casualties if c.group.split("/")[0] not in tops and not c.part_of]
    rows += [
        c.group
        for c in casualties
        if c.part_of and c.group.split("/")[0] not in tops and c.group != "PERSONS"
    ]
    codes = distinct([*rows, *hit])
    better = [c for c in codes if c != "PERSONS"]
    if codes == ["PERSONS"] and public:
        return ["CIV"]
    return better or codes


def _weapons(event: Event, action: str) -> list[Weapon]:
    rows: list[str] = []
    for clause in event.clauses:
        for deed in clause.deeds:
            rows.extend(deed.weapons)
        if clause.deeds:
            rows.extend(code for code, _ in clause.weapons)
    if action in ("arrest", "displacement", "withdrawal", "protest"):
        return []
    return cast(list[Weapon], list(dict.fromkeys(rows)))


def _sources(event: Event) -> list[str]:
    rows: list[str] = []
    for clause in event.clauses:
        for unit in clause.units:
            source = unit.get("source")
            if source:
                rows.append(source.code)
        rows.extend(code for code, _ in clause.speakers)
        if clause.claimant:
            rows.append(clause.claimant)
    return list(dict.fromkeys(rows))


__all__ = ["Finisher"]
