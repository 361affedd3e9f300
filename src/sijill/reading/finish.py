"""Events -> mentions: action, status, date, place, actors, targets, weapons, figures, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from msgspec.structs import replace

from sijill.arabic.dates import DateRef
from sijill.reading.actors import ActorReader, Cast
from sijill.reading.clauses import Clause, Deed
from sijill.reading.events import Event, Located, announced, own_dates
from sijill.reading.figures import Figures
from sijill.reading.scene import Scene, Unit
from sijill.records import Action, Evidence, Field, Mention, Place, Span, Status, Weapon, When

_SPECIFICITY = {"site": 0, "settlement": 0, "district": 1, "admin1": 2, "region": 3, "country": 4}

_OWN = ("MEMBER", "MEMBER/LEADER", "MEMBER/ARMY", "MEMBER/ARMY/OFFICER", "MEMBER/POLICE")  # left to the text


@dataclass(slots=True)
class Report:
    """What finishing an event needs to know of its report."""

    scenes: dict[Field, Scene]
    cast: Cast
    published: date | None


class Finisher:
    """Turns events into mentions, or into nothing where too little is told."""

    def __init__(self, actors: ActorReader, tables: Mapping[str, Any]) -> None:
        self._actors = actors
        self._actions = tables["actions"]
        self._order = {a: n for n, a in enumerate(self._actions["order"])}
        self._figures = Figures(actors, self._actions["enemies"])

    def mention(self, event: Event, number: int, report: Report, before: Place | None = None) -> Mention | None:
        """The event as a record, or None where it is no incident by the codebook.

        `before` is the place of the incident told before it: one without a place is read as there.
        """
        action, certain = self._action(event)
        status = _status(event)
        date_value, ref = self._date(event, action, report)
        located = _place(event, action) or (_place(event.kin, action) if event.kin else None)
        actors = self._doers(event, action, report)
        hit = self._hit(event, action, actors, report)
        casualties, rivals = self._figures.read(event, report.cast, report.scenes, hit, actors)
        if not certain and not (casualties and _violent(event, casualties, hit, actors)):
            return None
        if not _stands(event, action, ref, located, casualties, actors, hit, status):
            return None
        action = self._refined(action, event, casualties, actors)
        targets = _targets(hit, casualties, actors, action, _public(event, action))
        evidence = self._evidence(event, report, ref, located)
        return Mention(
            id=f"i{number}",
            action=cast(Action, action),
            status=status,
            date=date_value,
            place=located.place if located else replace(before, inferred=True) if before else None,
            actors=[] if action == "displacement" else actors,
            targets=targets,
            weapons=_weapons(event, action),
            casualties=casualties,
            no_casualties=any("none" in c.cues for c in event.clauses) and not casualties,
            time=next((d.time for t in event.told for d in t.clause.dates if d.time), None),
            claimed_by=next((c.claimant for c in event.clauses if c.claimant), None),
            sources=_sources(event),
            rivals=rivals,
            evidence=evidence,
        )

    # --- what

    def _action(self, event: Event) -> tuple[str, bool]:
        """The action, and whether a word for a deed stands for it."""
        text = [c for c in event.clauses if c.field == "text"] or event.clauses
        strong = [d for c in event.clauses for d in c.deeds if not d.weak]
        weak = [d for c in event.clauses for d in c.deeds if d.weak]
        fresh = [d for d in strong if d.verb or not d.definite]
        if event.kin and not fresh and (weak or strong):
            action, certain = self._action(event.kin)
            if certain:
                return action, True
        if strong:
            lead = next((c for c in text if any(d.verb or not d.definite for d in c.strong)), None) or next((c for c in text if c.strong), None)
            told = lead.strong if lead else []
            first = [d.action for d in told if d.verb or not d.definite] or [d.action for d in told]
            late = [d.action for d in fresh if d.action in self._actions["late"]]
            names = first + late if first else [d.action for d in strong]
            if told and all(_entering(d) for d in told):
                others = [d.action for d in fresh if not _entering(d) and d.action != "withdrawal"]
                dead = any(t.outcome == "killed" for t in event.tolls())
                names = others or (["armed_assault"] if dead else names)
            action = self._choose(names, [d.action for d in weak])
            shot = any(d.weapons for d in weak) and any(t.outcome in ("killed", "wounded") for t in event.tolls())
            return ("armed_assault" if action == "protest" and shot else action), True
        if event.kin and not any(d.action != "armed_assault" for c in event.clauses for d in c.deeds):
            action, certain = self._action(event.kin)
            if certain and weak:
                return action, True
        if weak:
            action = self._choose([d.action for d in weak], [])
            return action, any("weapons" in w or True for d in weak for w in d.weapons) or any(d.verb for d in weak)
        for toll in event.tolls():
            by = self._actions["by_outcome"].get(toll.outcome)
            if by:
                return str(by), True
        return "armed_assault", False

    def _choose(self, names: list[str], weak: list[str]) -> str:
        """The most telling of the actions named; plain words give way to plainer ones."""
        generic = set(self._actions["generic"])
        plain = [n for n in names if n not in generic]
        if "armed_assault" in names and names[0] != "arson_looting":
            plain = [n for n in plain if n != "arson_looting"]
        if not plain:
            if "ied" in names or "ied" in weak:
                return "ied"
            return "armed_assault" if "armed_assault" in names else names[0]
        if "clash" in plain and "armed_assault" in names and len(set(plain)) == 1:
            return "armed_assault"
        return min(plain[:4], key=lambda n: (self._order.get(n, 99)))

    def _refined(self, action: str, event: Event, casualties: list[Any], actors: list[str]) -> str:
        """A bomb with a vehicle is a vehicle bomb; a chosen victim makes an assassination."""
        weapons = {w for c in event.clauses for d in c.deeds for w in d.weapons}
        weapons |= {w for c in event.clauses for w, _ in c.weapons} if action == "other" else set()
        if action in ("shelling", "armed_assault") and any(a.endswith("/AIR") for a in actors):
            return "air_strike"
        if action in ("ied", "other") and "vehicle" in weapons:
            return "vehicle_bomb"
        if action == "other" and weapons & {"ied", "mine"}:
            return "ied"
        if action == "other" and any(d.action == "suicide_bombing" for c in event.clauses for d in c.deeds):
            return "suicide_bombing"
        chosen = set(self._actions["chosen"])
        killed = [c for c in casualties if c.outcome in ("killed", "wounded")]
        if action == "armed_assault" and killed and killed[0].group in chosen and (killed[0].low or 0) == 1:
            return "assassination"
        return action

    # --- when

    def _date(self, event: Event, action: str, report: Report) -> tuple[When | None, tuple[Field, DateRef] | None]:
        rows = [(t.clause.field, d) for t in event.told for d in own_dates(t.clause)]
        telling = {id(d) for t in event.told if t.clause.tells for d in own_dates(t.clause) if not announced(t.clause, d)}
        rows.sort(key=lambda row: (row[0] == "title", id(row[1]) not in telling))
        if rows:
            where, ref = rows[0]
            finer = [r for r in rows if r[1].edtf and len(r[1].edtf) > len(ref.edtf or "") and r[1].low and ref.low and ref.high and ref.low <= r[1].low <= ref.high and "/" not in r[1].edtf]  # fmt: skip
            if finer:
                where, ref = finer[0]
            scene = report.scenes[where]
            return When(edtf=ref.edtf or "", text=scene.text.quote(ref.start, ref.end), inferred=ref.inferred), (where, ref)
        since = [(t.clause.field, d) for t in event.told for d in t.clause.dates if d.since and d.edtf and d.low]
        if since and action == "displacement" and report.published:
            where, ref = since[0]
            text = report.scenes[where].text.quote(ref.start, ref.end)
            return When(edtf=f"{ref.low}/{report.published}", text=text, inferred=True), (where, ref)
        if report.published is None:
            return None, None
        if _timed(event):
            return When(edtf=report.published.isoformat(), inferred=True), None
        if all("background" in c.head for c in event.clauses[:1]) and event.clauses[0].field == "text" and event.clauses[0].sentence > 0:  # fmt: skip
            return None, None
        return When(edtf=report.published.isoformat() + "~", inferred=True), None

    # --- who

    def _doers(self, event: Event, action: str, report: Report) -> list[str]:
        if action == "clash":
            return self._both_sides(event, report)
        rows: list[str] = []
        for clause in event.clauses:
            if "pursuit" in clause.cues and not clause.tolls:
                continue
            for code, unit, _ in clause.agents:
                if unit.letter == "a" and rows and clause.field == "text":
                    continue
                rows.append(code)
        if not rows:
            rows = [c.claimant for c in event.clauses if c.claimant]
        if not rows and action in ("arrest", "sweep", "weapons_seizure", "capture_territory", "withdrawal"):
            rows = [code for c in event.clauses for code, _ in c.speakers][:1]
        if not rows:
            rows = self._announcer(event, report)
        if not rows:
            accused = _distinct([code for c in event.clauses for code, _ in c.accused])
            rows = accused if len(accused) == 1 else []
        if not rows and event.kin and self._inherits(event):
            rows = [code for c in event.kin.clauses for code, _, _ in c.agents][:1]
        if not rows and event.lead and action not in _OWN_DOERS and not event.clauses[0].head & {"background"}:
            rows = [code for c in event.lead.clauses for code, _, _ in c.agents][:1]
        helped = rows and action != "clash" and not any("foiled" in c.cues for c in event.clauses)
        backers = [code for c in event.clauses for code, _, _ in c.backers] if helped else []
        if action == "protest" or action == "arson_looting" and not rows and _crowd(event):
            return ["CIV"]
        if action == "weapons_seizure":
            rows = rows[:1]
        known = [r for r in rows if r != "UNKNOWN"]
        return _distinct([*(known or rows)[:6], *backers])[:3]

    @staticmethod
    def _inherits(event: Event) -> bool:
        """'while the second hit ...', 'another attack': a deed of the same kind as the one it follows."""
        here = {d.action for c in event.clauses for d in c.deeds if not d.weak}
        known = {d.action for c in event.kin.clauses for d in c.deeds} if event.kin else set()
        return not here or bool(here & known) and not any(c.agents for c in event.clauses)

    def _announcer(self, event: Event, report: Report) -> list[str]:
        """A force that announces the killing or capture of its enemies did it itself."""
        speakers = [code for c in event.clauses for code, _ in c.speakers]
        if not speakers:
            return []
        hit = [self._figures.code(t, None, report.cast, report.scenes, event) or t.group.hint for t in event.tolls()]
        hit += [code for c in event.clauses for code, _, _ in c.targets]
        top = speakers[0].split("/")[0]
        enemies = [h for h in hit if h and not h.startswith(("CIV", "PERSONS")) and h.split("/")[0] != top]
        own = [h for h in hit if h and (h.split("/")[0] == top or h in _OWN)]
        return speakers[:1] if enemies and not own else []

    def _both_sides(self, event: Event, report: Report) -> list[str]:
        rows = []
        for clause in event.clauses:
            if not any(d.action == "clash" for d in clause.deeds):
                continue
            victims = {t.group.actor for t in clause.tolls if t.group.actor >= 0}
            for at, unit in enumerate(clause.units):
                if unit.letter == "A" and clause.first + at not in victims:
                    code = self._actors.code(unit, report.cast)
                    if code and not any(code == c for c, u in clause.speakers if u is unit):
                        rows.append(code)
        rows = [r for r in rows if r != "UNKNOWN"] if len(set(rows)) > 2 else rows
        if len(set(rows)) == 1 and event.kin:
            rows = [*(code for c in event.kin.clauses for code, _, _ in c.agents), *rows]
        for toll in event.tolls():
            code = self._figures.code(toll, None, report.cast, report.scenes, event)
            if code and not code.startswith(("CIV", "PERSONS")):
                rows.append(code)
        return _distinct(rows)[:3]

    def _hit(self, event: Event, action: str, actors: list[str], report: Report) -> list[str]:
        """Whom and what the deed was aimed at, as the words say."""
        if action == "clash":
            return []
        rows: list[str] = []
        tops = {a.split("/")[0] for a in actors}
        civil = action not in ("capture_territory", "withdrawal", "arrest", "sweep", "weapons_seizure")
        for clause in event.clauses:
            for code, _, _ in clause.targets:
                if code.split("/")[0] not in tops:
                    rows.append(code)
            for side, unit in clause.objects:
                if action == "arson_looting" and side in ("CIV", "PROPERTY", "NONE"):
                    rows.append("PROPERTY")
                elif civil and side in ("CIV", "INFRA", "PROPERTY") and _is_hit(clause, unit):
                    rows.append({"PROPERTY": "PROPERTY" if action == "arson_looting" else ""}.get(side, side))
        told = any(t.group.hint == "PERSONS" or t.group.code for t in event.tolls())
        if not rows and not told and action in ("capture_territory", "sweep", "arrest"):
            rows = self._enemy(actors, report)
        return _distinct([r for r in rows if r])

    def _enemy(self, actors: list[str], report: Report) -> list[str]:
        """Whom a force takes places from where none is named: its one enemy in the report."""
        tops = {a.split("/")[0] for a in actors}
        foes = [f for top in tops for f in self._actions["enemies"].get(top, ())]
        named = {c.split("/")[0] for c in report.cast.groups}
        return [f for f in foes if f in named][:1]

    # --- evidence

    def _evidence(self, event: Event, report: Report, ref: tuple[Field, DateRef] | None, located: Located | None) -> Evidence:
        own = []
        for clause in event.clauses:
            if clause.tells:
                scene = report.scenes[clause.field]
                own.append(Span(clause.field, *scene.text.span(clause.units[0].start, clause.units[-1].end)))
        evidence: Evidence = {"": _merged(own)}
        if ref:
            evidence["/date"] = [Span(ref[0], *report.scenes[ref[0]].text.span(ref[1].start, ref[1].end))]
        if located:
            told = [*event.told, *(event.kin.told if event.kin else ())]
            where: Field = next((t.clause.field for t in told if located in t.places), "text")
            evidence["/place"] = [Span(where, *report.scenes[where].text.span(located.start, located.end))]
        return evidence


def _violent(event: Event, casualties: list[Any], hit: list[str], actors: list[str]) -> bool:
    """A toll with no word for a deed needs a weapon, an armed side, or a side that was hit."""
    sides = {c.group.split("/")[0] for c in casualties} | {h.split("/")[0] for h in hit}
    return bool(actors or sides - {"CIV", "PERSONS", "PROPERTY"} or any(c.weapons for c in event.clauses))


def _entering(deed: Deed) -> bool:
    """Going into a place: a capture only where nothing else was done there."""
    verb = deed.unit.get("act_verb")
    return deed.action == "capture_territory" and verb is not None and "weak" in verb.role


_OWN_DOERS = frozenset({"protest", "displacement", "withdrawal", "arrest", "weapons_seizure", "sweep", "other"})
"""Actions whose doer is not taken over from the head of a list."""


def _crowd(event: Event) -> bool:
    """Protesters did it: people of a protest stand beside the verb."""
    return any("crowd" in u.cues for c in event.clauses for u in c.units)


def _merged(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for span in sorted(spans):
        if out and out[-1].field == span.field and span.start <= out[-1].end + 2:
            out[-1] = Span(span.field, out[-1].start, max(span.end, out[-1].end))
        else:
            out.append(span)
    return out


def _distinct(codes: list[str]) -> list[str]:
    """Each code once; a part of a group already named more broadly, or the other way, is one."""
    out: list[str] = []
    for code in codes:
        top = code.split("/")[0]
        same = next((o for o in out if o.split("/")[0] == top), None)
        if same is None:
            out.append(code)
        elif same == top and code != top and code.split("/")[0] != "CIV":
            out[out.index(same)] = code
    return out


def _timed(event: Event) -> bool:
    return any(d.time for c in event.clauses for d in c.dates)


def _status(event: Event) -> Status:
    telling = [c for c in event.clauses if c.tells]
    first = next((c for c in telling if c.field == "text"), telling[0] if telling else None)
    for clause in telling:
        if "foiled" in clause.cues and _governs(clause, "foiled"):
            return "foiled"
        if clause is first and "denied" in clause.cues and clause.field == "text" and (clause.strong or clause.tolls) and not clause.cues & {"responsibility"} and not all(d.definite for d in clause.deeds) and _governs(clause, "denied"):
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
    rows = [(n, t, p) for n, t in enumerate(event.told) for p in t.places if p.good > 0 or left and p.good < 0]
    if not rows:
        return None

    def rank(row: tuple[int, Any, Located]) -> tuple[Any, ...]:
        number, told, located = row
        return (
            located.rank >= 2, fled and located.good >= 0, located.context, told.clause.field == "title", 2 - located.good,
            not told.clause.tells, located.rank, number,
        )  # fmt: skip

    return min(rows, key=rank)[2]


def _is_hit(clause: Clause, unit: Unit) -> bool:
    """Whether a thing is what the deed hit, not where somebody stood or went."""
    at = next(i for i, u in enumerate(clause.units) if u is unit)
    for back in range(at - 1, max(-1, at - 4), -1):
        before = clause.units[back]
        if before.letter in "i" or before.cues & {"side_word"} or before.letter == "f":
            return False
        if before.cues & {"target"} or before.letter in "uEe":
            return True
    plain = at and clause.units[at - 1].letter in "A,xD" and not unit.form.preposition
    verb = any(d.verb and d.unit in clause.units[:at] for d in clause.deeds)
    return bool(plain and verb and clause.agents)


def _stands(event: Event, action: str, ref: tuple[Field, DateRef] | None, located: Located | None, casualties: list[Any],
            actors: list[str], hit: list[str], status: Status) -> bool:  # fmt: skip
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
    vague = all(d.plural and d.action != "clash" or "hypothetical" in c.cues for c in event.clauses for d in c.deeds) if deeds else False
    first = event.clauses[0].field == "title" or event.clauses[0].sentence == 0
    if vague and not counted and not (place and ref) and not (spot and first):
        return False
    told = sum((place, ref is not None, bool(counted)))
    later = event.clauses[0].field == "text" and event.clauses[0].sentence > 0
    background = later and bool(event.clauses[0].head & {"background"})
    if told >= 2:
        return True
    if later and not background and place and located is not None and located.rank <= 1 and deeds and not vague:
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
    return any(side == "CIV" and unit.role("place_word") in (None, "", "site") for c in clauses for side, unit in c.objects)


def _targets(hit: list[str], casualties: list[Any], actors: list[str], action: str, public: bool) -> list[str]:
    if action == "clash":
        return []
    tops = {a.split("/")[0] for a in actors}
    rows = [c.group for c in casualties if c.group.split("/")[0] not in tops and not c.part_of]
    rows += [c.group for c in casualties if c.part_of and c.group.split("/")[0] not in tops and c.group != "PERSONS"]
    codes = _distinct([*rows, *hit])
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


__all__ = ["Finisher", "Place", "Report"]
