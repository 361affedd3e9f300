"""Pages on what the register holds: overview, incidents, one incident, one report."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import msgspec

from sijill.filters import Filter
from sijill.incidents import HeldMention, Incident
from sijill.ledger import fresh, near
from sijill.publish.charts import ChartSpec, Series, Step, svg
from sijill.publish.names import Label, Lang, Names
from sijill.web import maps
from sijill.web.desk import Ask, Missing
from sijill.web.shelf import Chosen
from sijill.web.spans import Piece, around, cut, marks_of, unread_of
from sijill.web.texts import both, text

Page = dict[str, Any]
ROWS = 50
SHOWN_FACET = 12
MONTHS = 24


def overview(ask: Ask) -> Page:
    """What is new, where and when it happened, what waits for a person."""
    shelf = ask.desk.shelf
    shelf.refresh()
    key = f"overview {ask.person.clearance}"
    common = shelf.kept(key, lambda: _overview(shelf.choose(Filter(), ask.person.clearance)))
    with ask.desk.register.reading() as connection:
        arrived = fresh.arrived(connection, 30)
    return common | {
        "arrived": [one for one in arrived if ask.sees(one.sensitivity)][:8],
        "map_svg": shelf.kept(f"{key} map {ask.lang}", lambda: _map(ask, common["map"], "/incidents", {})),
        "timeline_svg": shelf.kept(f"{key} time {ask.lang}", lambda: _timeline(ask, common["months"])),
        "saved": saved(ask),
    }


def _overview(chosen: Chosen) -> Page:
    """What the overview tells in every language."""
    facets = chosen.facets()
    latest = chosen.page(0, 10)
    return {
        "count": chosen.count, "killed": chosen.killed(), "waiting": chosen.load(), "latest": latest,
        "queue": chosen.queue(5, set()), "map": maps.gather(chosen), "months": _months(chosen),
        "actions": facets["action"].most_common(8), "actors": facets["actor"].most_common(8),
        "standings": facets["standing"].most_common(),
    }  # fmt: skip


def _months(chosen: Chosen) -> list[tuple[str, int]]:
    """Incidents by month of their first day, the latest MONTHS of them up to the last incident."""
    import numpy as np

    starts = chosen.index.start[chosen.at]
    days = [*starts[starts > 0].tolist(), *(date.fromisoformat(one.start).toordinal()
            for one in chosen.beside if one.start)]  # fmt: skip
    if not days:
        return []
    last = date.fromordinal(max(days))
    firsts = []
    year, month = last.year, last.month
    for _ in range(MONTHS):
        firsts.append(date(year, month, 1))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    firsts.reverse()
    edges = [one.toordinal() for one in firsts] + [last.toordinal() + 1]
    counts, _ = np.histogram(np.array(days), bins=np.array(edges))
    return [(one.isoformat()[:7], int(often)) for one, often in zip(firsts, counts.tolist(), strict=True)]


def _timeline(ask: Ask, months: list[tuple[str, int]]) -> str:
    """The months as a line."""
    if len([often for _, often in months if often]) < 2:
        return ""
    spec = ChartSpec(
        kind="line", title=both("overview.timeline"), unit=both("word.incidents"),
        categories=[month for month, _ in months],
        series=[Series(label=both("word.incidents"), values=[float(often) for _, often in months])],
        direction="rtl" if ask.lang == "ar" else "ltr",
    )  # fmt: skip
    return svg(spec, width=640)


def _map(ask: Ask, found: maps.Map, base: str, query: dict[str, str]) -> str:
    """A map in the language of the page."""
    label = text("word.map", ask.lang)
    return maps.draw(found, ask.desk.names, ask.lang, label, maps.to_place(base, query))


def saved(ask: Ask) -> list[tuple[str, str]]:
    """The saved filters by name, each with its address."""
    held = ask.desk.register.recorded("filter")
    return sorted((name, body["query"]) for name, body in held.items() if body)


FIELDS = (
    "since", "until", "place", "actor", "target", "action", "status", "standing", "outcome", "weapon",
    "source", "reviewed", "where", "q",
)  # fmt: skip


def incidents(ask: Ask) -> Page:
    """The incidents that fit a filter: a page of them, facets with counts, a map."""
    shelf = ask.desk.shelf
    shelf.refresh()
    query = {key: ask.told(key) for key in FIELDS if ask.told(key)}
    asked, number = ask.asked(), ask.number("page", 1, 100_000) or 1
    key = f"incidents {ask.person.clearance} {sorted(query.items())}"
    chosen = shelf.kept(key, lambda: shelf.choose(asked, ask.person.clearance, _with_words(ask, asked)))
    facets = shelf.kept(f"{key} facets", chosen.facets)
    rows = ask.number("rows", ROWS, 500) or ROWS
    return {
        "query": query, "count": chosen.count, "page": number, "pages": max(1, -(-chosen.count // rows)),
        "incidents": chosen.page((number - 1) * rows, rows),
        "killed": shelf.kept(f"{key} killed", chosen.killed),
        "facets": {name: often.most_common(SHOWN_FACET) for name, often in facets.items()},
        "map": (found := shelf.kept(f"{key} map", lambda: maps.gather(chosen))),
        "map_svg": shelf.kept(f"{key} map {ask.lang}", lambda: _map(ask, found, "/incidents", query)),
        "loose": [one for one in chosen.page(0, 200) if one.place is not None
                  and one.place.precision not in maps.PINNED][:10],
        "address": urlencode(query), "saved": saved(ask),
    }  # fmt: skip


def _with_words(ask: Ask, asked: Filter) -> set[str] | None:
    """The incidents whose reports hold the words asked for; None where none are."""
    words = ask.told("q")
    if not words:
        return None
    found = ask.desk.register.search(words, Filter(since=asked.since, until=asked.until), 1_000)
    with ask.desk.register.reading() as connection:
        hidden = {own for own, told in fresh.hidden_reports(connection).items() if not ask.sees(told)}
    return {own for hit in found.hits if hit.report not in hidden for own in hit.incidents}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A mention as a page shows it: its words in pieces, and each casualty in words."""

    held: HeldMention
    pieces: list[Piece]
    title: str | None
    redacted: bool


def incident(ask: Ask) -> Page:
    """One incident with all it rests on."""
    register = ask.desk.register
    own = ask.path["id"]
    one = register.incident(own)
    if one is None or not ask.sees(one.sensitivity):
        raise Missing(own)
    held = ask.mentions(list(one.mentions))
    seen = [mention.id for mention in held]
    subjects = [one.id, *one.formerly, *seen]
    with register.reading() as connection:
        page: Page = {
            "made": fresh.as_made(connection, one.id), "decisions": fresh.said_of(connection, subjects),
            "seen": fresh.last_word(connection, subjects_of(one)),
            "words": [(entry, said) for entry, said in fresh.judged_of(connection, seen)],
            "judgements": [said for said in near.judgements_of(connection, seen)
                           if {said.left, said.right} <= set(seen)],
            "log": [entry for subject in subjects[:40]
                    for entry in fresh.entries(connection, key=subject, most=20)],
        }  # fmt: skip
    page["log"].sort(key=lambda entry: -entry.n)
    return page | {
        "incident": one, "asked_for": own, "mentions": [_told(ask, mention) for mention in held],
        "hidden": len(one.mentions) - len(held),
        "tolls_svg": [_history(ask, one, at) for at in range(len(one.tolls))],
        "neighbours": _neighbours(ask, one), "held": holding(page["decisions"]),
    }  # fmt: skip


def subjects_of(one: Incident) -> list[str]:
    """The ids under which somebody may have decided of an incident."""
    return [one.id, *one.formerly, *one.mentions]


def holding(decisions: list[Any]) -> dict[str, dict[str, Any]]:
    """The decisions that hold: by subject and pointer."""
    found: dict[str, dict[str, Any]] = {}
    for one in decisions:
        found.setdefault(one.subject, {}).pop(one.pointer, None)
        if not one.undone:
            found[one.subject][one.pointer] = one
    return found


def _told(ask: Ask, held: HeldMention) -> Told:
    """A mention with its words."""
    report = ask.desk.register.report(held.report)
    whole = report.text if report is not None else None
    if whole is None:
        return Told(held=held, pieces=[], title=report.title if report else None, redacted=True)
    evidence = held.mention.evidence
    first, last = around(whole, [span for spans in evidence.values() for span in spans])
    marks = [mark for mark in marks_of(0, evidence) if mark[3]]
    return Told(
        held=held, pieces=cut(whole, marks, first, last), title=report.title if report else None,
        redacted=False,
    )  # fmt: skip


def _history(ask: Ask, one: Incident, at: int) -> str:
    """The history of a toll as a chart; empty where there is but one figure."""
    toll = one.tolls[at]
    told = [
        figure for figure in toll.figures if figure.published and not (figure.part_of and not toll.part_of)
    ]
    if len(told) < 2:
        return ""
    known = ask.desk.names
    steps = [
        Step(
            day=figure.published or "", low=figure.low, best=figure.low, high=figure.high,
            label=Label(_short(known, figure.source, "en"), _short(known, figure.source, "ar")),
        )
        for figure in sorted(told, key=lambda figure: (figure.published or "", figure.source))
    ]  # fmt: skip
    title = Label(
        f"{text('outcome.' + toll.outcome, 'en')}: {known.actor(toll.group, 'en')}",
        f"{text('outcome.' + toll.outcome, 'ar')}: {known.actor(toll.group, 'ar')}",
    )
    spec = ChartSpec(
        kind="toll-history", title=title, unit=both("word.people"), steps=steps,
        direction="rtl" if ask.lang == "ar" else "ltr",
    )  # fmt: skip
    return svg(spec, width=640)


def _short(known: Names, source: str, lang: Lang) -> str:
    """The name of a source, short enough for a chart; of a role that an outlet quotes, the role."""
    return known.source(source.partition("@")[0], lang)[:32]


def _neighbours(ask: Ask, one: Incident) -> list[Incident]:
    """Incidents that may be the same: of the same governorate within three days."""
    place = one.place.admin1 if one.place else None
    if one.start is None or one.end is None or place is None:
        return []
    first = date.fromordinal(date.fromisoformat(one.start).toordinal() - 3).isoformat()
    last = date.fromordinal(date.fromisoformat(one.end).toordinal() + 3).isoformat()
    chosen = ask.desk.shelf.choose(Filter(since=first, until=last, place=(place,)), ask.person.clearance)
    near_by = [other for other in chosen.page(0, 60) if other.id != one.id]
    alike = {one.action, *one.actors, *one.targets, one.place.name if one.place else ""}
    near_by.sort(key=lambda other: -len(alike & {other.action, *other.actors, *other.targets,
                                                 other.place.name if other.place else "?"}))  # fmt: skip
    return near_by[:8]


def report(ask: Ask) -> Page:
    """A report as it was read, with what each word was taken for."""
    own = ask.path["id"]
    register = ask.desk.register
    held = register.report(own)
    if held is None or not ask.sees(held.sensitivity):
        raise Missing(own)
    reading = next((one for one in reversed(held.readings) if one.current and one.coded), None)
    coded, ids = (reading.coded, reading.ids) if reading else (None, {})
    records: list[dict[str, Any]] = []
    marks, title_marks = [], []
    for kind in ("incidents", "tallies", "control", "assessments") if coded else ():
        for key, record in zip(ids[kind], getattr(coded, kind), strict=True):
            marks += marks_of(len(records), record.evidence)
            title_marks += marks_of(len(records), record.evidence, "title")
            records.append({"kind": kind, "id": key, "record": record})
    if coded:
        marks += unread_of(coded.unread)
    went = register.incident_of([one["id"] for one in records if one["kind"] == "incidents"])
    with register.reading() as connection:
        page = {"log": fresh.entries(connection, key=own, most=50),
                "seen": fresh.last_word(connection, [own])}  # fmt: skip
    return page | {
        "report": msgspec.structs.replace(held, readings=[
            msgspec.structs.replace(one, coded=None) for one in held.readings]),
        "pieces": cut(held.text, marks) if held.text is not None else [],
        "title_pieces": cut(held.title, title_marks) if held.title else [],
        "records": records, "incident_of": went,
        "unread": [held.text[span.start : span.end] for span in coded.unread if span.field == "text"]
        if coded and held.text is not None else [],
    }  # fmt: skip
