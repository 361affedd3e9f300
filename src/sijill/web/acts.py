"""What a person does at the desk: decide, mark, merge, split, take back, enter by hand.

Each act names what its form had seen; where somebody else decided meanwhile, nothing is written and
`Conflict` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import msgspec

from sijill.errors import InputError, UsageError
from sijill.filters import first_day, last_day, parse
from sijill.incidents import Sensitivity
from sijill.keep import Keeper
from sijill.ledger import fresh
from sijill.ledger.days import days
from sijill.ledger.decisions import laid
from sijill.lexicon.entries import PlaceEntry
from sijill.linking import link, say
from sijill.linking import undo as take_back
from sijill.reading.lookup import Lookup
from sijill.records import Action, Candidate, Place, Precision, Status, Weapon
from sijill.sources.document import Document
from sijill.sources.fields import iso_day
from sijill.web.byhand import coded_document
from sijill.web.desk import Ask, Conflict, Missing
from sijill.web.reading import subjects_of

Form = Mapping[str, Sequence[str]]
LONG = 2_000
"""Characters of the longest value or reason."""


def told(form: Form, name: str, most: int = LONG) -> str:
    """A field of a form, trimmed; UsageError where it is too long."""
    value = (form.get(name) or [""])[-1].strip()
    if len(value) > most:
        raise UsageError(f"{name} has {len(value):,} characters; at most {most:,} are taken")
    return value.replace("\0", "")


def whole(form: Form, name: str) -> int | None:
    """A whole number of a form; None where the field is empty."""
    value = told(form, name)
    if not value:
        return None
    if not value.isdecimal() or len(value) > 9:
        raise UsageError(f"{name} is a whole number, not {value[:40]!r}")
    return int(value)


def decide(ask: Ask, form: Form) -> str:
    """Corrects a field of an incident or mention, marks it, or gives it back to the machine."""
    subject, pointer, why = told(form, "subject"), told(form, "pointer"), told(form, "why") or None
    undo = bool(told(form, "undo"))
    with ask.desk.writing(ask.person) as register:
        record, subjects, home = _subject(ask, register, subject)
        if pointer not in EDITS and not pointer.startswith("/casualties/"):
            raise UsageError(f"{pointer[:60]!r} is no field that can be decided here")
        values = (
            dict.fromkeys(POINTERS.get(pointer, (pointer,)), None)
            if undo
            else _values(ask, form, subject, pointer)
        )
        if not undo and record is not None:
            beside = ("/reviewed", "/sensitivity")
            laid(record, {own: value for own, value in values.items() if own not in beside})
        _unchanged(register, subject, subjects, form)
        for own, value in values.items():
            if not subject.startswith("i-") and own in ("/start", "/end"):
                continue
            register.decide(subject, own, value, why=why, undo=undo)
        link(register)
    ask.session.skipped.discard(subject)
    return home


def _subject(ask: Ask, register: Keeper, subject: str) -> tuple[Any, list[str], str]:
    """What is decided of: the record, everything whose decisions count as the same, the page to return to."""
    if subject.startswith("i-"):
        incident = register.incident(subject)
        if incident is None or not ask.sees(incident.sensitivity):
            raise Missing(subject)
        if incident.id != subject:
            raise UsageError(f"{subject} was joined to {incident.id}; decide of that")
        return incident, subjects_of(incident), f"/incidents/{subject}"
    if subject.startswith("m-"):
        held = next(iter(register.mentions(ids=[subject])), None)
        if held is None or not ask.sees(held.sensitivity):
            raise Missing(subject)
        went = register.incident_of([subject]).get(subject)
        return held.mention, [subject, *([went] if went else [])], f"/incidents/{went}" if went else "/"
    report = register.report(subject)
    if report is None or not ask.sees(report.sensitivity):
        raise Missing(subject)
    return None, [subject], f"/reports/{subject}"


def _unchanged(register: Keeper, own: str, subjects: list[str], form: Form) -> None:
    """Conflict where somebody decided after what the form had seen."""
    seen = whole(form, "seen")
    with register.reading() as connection:
        if seen is None or fresh.last_word(connection, subjects) > seen:
            raise Conflict(own, subjects, seen or 0)


def _values(ask: Ask, form: Form, subject: str, pointer: str) -> dict[str, Any]:
    """What a form says of a field, by pointer."""
    if pointer.startswith("/casualties/"):
        number = pointer.removeprefix("/casualties/")
        if not number.isdecimal() or not subject.startswith("m-"):
            raise UsageError(f"{pointer[:60]!r} is no figure of a mention")
        low, high = whole(form, "low"), whole(form, "high")
        if low is not None and high is not None and low > high:
            raise UsageError(f"the least ({low}) is more than the most ({high})")
        return {f"{pointer}/low": low, f"{pointer}/high": high}
    return EDITS[pointer](ask, form, subject)


def _one_of(pointer: str, known: Sequence[str]) -> Callable[[Ask, Form, str], dict[str, Any]]:
    """A field that takes one of a few words."""

    def edit(ask: Ask, form: Form, subject: str) -> dict[str, Any]:
        value = told(form, "value")
        if value not in known:
            raise UsageError(f"{pointer[1:]} is one of {', '.join(known)}")
        return {pointer: value}

    return edit


def _sensitivity(ask: Ask, form: Form, subject: str) -> dict[str, Any]:
    """How sensitive something is; nobody hides it from themselves."""
    known = get_args(Sensitivity)
    value = told(form, "value")
    if value not in known or not ask.sees(value):
        raise UsageError(f"sensitivity is one of {', '.join(one for one in known if ask.sees(one))}")
    return {"/sensitivity": value}


def _date(ask: Ask, form: Form, subject: str) -> dict[str, Any]:
    """A date in EDTF; of an incident its first and last day too."""
    value = told(form, "value", 40)
    first, last = days(value)
    if first is None or last is None or last < first:
        raise UsageError(f"{value!r} is no date; write 2024-03-24, 2024-03 or 2024-03-24/2024-03-26")
    if subject.startswith("i-"):
        return {"/date": value, "/start": first, "/end": last}
    return {"/date": {"edtf": value, "text": None, "inferred": False}}


def _codes(pointer: str) -> Callable[[Ask, Form, str], dict[str, Any]]:
    """A field that takes codes of sides, with commas or blanks between."""

    def edit(ask: Ask, form: Form, subject: str) -> dict[str, Any]:
        return {pointer: sides(ask, told(form, "value"))}

    return edit


def sides(ask: Ask, value: str) -> list[str]:
    """Codes of sides; UsageError names those that no list knows."""
    codes = value.upper().replace(",", " ").split()
    known = ask.desk.names.actors
    wrong = [code for code in codes if code not in known and code.split("/")[0] not in known]
    if wrong:
        raise UsageError(f"no list knows {', '.join(wrong)[:80]}; the lexicon page finds codes by name")
    return codes


def _weapons(ask: Ask, form: Form, subject: str) -> dict[str, Any]:
    """Weapons, with commas or blanks between."""
    values = told(form, "value").replace(",", " ").split()
    wrong = [one for one in values if one not in get_args(Weapon)]
    if wrong:
        raise UsageError(f"{', '.join(wrong)[:80]}: weapons are {', '.join(get_args(Weapon))}")
    return {"/weapons": values}


def _place(ask: Ask, form: Form, subject: str) -> dict[str, Any]:
    """A place by its id in the gazetteer, or by its name."""
    value = told(form, "value", 200)
    return {"/place": msgspec.to_builtins(place_of(ask, value)) if value else None}


def place_of(ask: Ask, value: str) -> Place:
    """The place of an id or a name; UsageError where the name has several bearers, naming them, or none."""
    lexicon = ask.desk.lexicon
    if value in lexicon.places:
        return _of_entry(ask, lexicon.places[value])
    answer = Lookup(lexicon)(value)
    found = answer.bearers
    if not found:
        raise UsageError(f"the gazetteer knows no {value[:60]!r}; the lexicon page finds ids and names")
    if len(found) > 1 and (answer.place is None or answer.place.id is None):
        near = ", ".join(f"{one.place.id} ({' < '.join(one.line[:2])})" for one in found[:6])
        raise UsageError(f"{value[:60]!r} is the name of several places; give one of the ids {near}")
    if answer.place is None:
        raise UsageError(f"the gazetteer knows no {value[:60]!r}; the lexicon page finds ids and names")
    return msgspec.structs.replace(answer.place, candidates=list[Candidate]())


def _of_entry(ask: Ask, entry: PlaceEntry) -> Place:
    """A gazetteer entry as a record has it."""
    district = ask.desk.names.district(entry.id)
    return Place(
        name=entry.name, id=entry.id, lat=entry.lat, lon=entry.lon, admin1=entry.admin1 or None,
        country=entry.country or None, admin2=(district.pcode or None) if district else None,
        precision=PRECISION.get(entry.kind, "settlement"),
    )  # fmt: skip


PRECISION: dict[str, Precision] = {
    "site": "site", "district": "district", "subdistrict": "district", "governorate": "admin1",
    "country": "country", "region": "region",
}  # fmt: skip
"""How precisely a kind of place tells where something was; a settlement where it is not here."""


def _reviewed(ask: Ask, form: Form, subject: str) -> dict[str, Any]:
    """Looked at and found right, or to be looked at again."""
    return {"/reviewed": told(form, "value") != "no"}


EDITS: dict[str, Callable[[Ask, Form, str], dict[str, Any]]] = {
    "/action": _one_of("/action", get_args(Action)),
    "/status": _one_of("/status", get_args(Status)),
    "/sensitivity": _sensitivity,
    "/reviewed": _reviewed,
    "/date": _date,
    "/place": _place,
    "/actors": _codes("/actors"),
    "/targets": _codes("/targets"),
    "/weapons": _weapons,
}
"""What can be decided of an incident or mention, and how a form's words are read."""

POINTERS = {"/date": ("/date", "/start", "/end")}
"""Fields that are decided together."""


def review(ask: Ask, form: Form) -> str:
    """An act of the queue: accept, skip, or take the last one back."""
    act, own = told(form, "act"), told(form, "subject")
    back = "/review"
    if act == "skip":
        ask.session.skipped.add(own)
    elif act == "accept":
        decide(ask, {**form, "pointer": ["/reviewed"], "value": ["yes"], "undo": [""]})
        ask.session.last = own
    elif act == "again":
        ask.session.skipped.clear()
    elif act == "undo":
        own, ask.session.last = ask.session.last, ""
        if not own:
            raise UsageError("there is nothing to take back in this session")
        with ask.desk.writing(ask.person) as register:
            register.decide(own, "/reviewed", None, undo=True)
            link(register)
    else:
        raise UsageError("the queue knows accept, skip, again and undo")
    return back


def judge(ask: Ask, form: Form) -> str:
    """A person's word on incidents or mentions: same, different or unsure."""
    verdict, subjects = told(form, "verdict"), _ids(form, "subject")
    leaving, why = _ids(form, "leaving"), told(form, "why") or None
    if verdict not in ("same", "different", "unsure"):
        raise UsageError("a verdict is same, different or unsure")
    if not subjects:
        raise UsageError("name the incident or mention that is meant")
    with ask.desk.writing(ask.person) as register:
        every: list[str] = []
        for own in [*subjects, *leaving]:
            every += _subject(ask, register, own)[1]
        _unchanged(register, subjects[0], every[: len(_subject(ask, register, subjects[0])[1])], form)
        say(register, verdict, subjects, why=why, leaving=leaving)  # type: ignore[arg-type]
        link(register)
        if told(form, "back") == "review":
            return "/review"
        first = subjects[0]
        went = register.incident_of([first]).get(first) if first.startswith("m-") else None
        found = register.incident(went or first)
    return f"/incidents/{found.id}" if found else "/incidents"


def _ids(form: Form, name: str) -> list[str]:
    """The ids of a field that may come again."""
    return [one.strip() for one in form.get(name, ()) if one.strip()][:200]


def undo(ask: Ask, form: Form) -> str:
    """Takes back what a person judged in an entry of the log."""
    entry = whole(form, "entry")
    if entry is None:
        raise UsageError("name the entry of the log that is taken back")
    with ask.desk.writing(ask.person) as register:
        take_back(register, entry, why=told(form, "why") or None)
        link(register)
        found = register.incident(told(form, "incident"))
    return f"/incidents/{found.id}" if found else "/incidents"


def retract(ask: Ask, form: Form) -> str:
    """Marks a report as not to be relied on, or takes that back."""
    own, why = told(form, "subject"), told(form, "why")
    if not why:
        raise UsageError("say why; it stands beside the report from now on")
    with ask.desk.writing(ask.person) as register:
        _subject(ask, register, own)
        if not own.startswith("r-"):
            raise Missing(own)
        register.retract(own, why, undo=bool(told(form, "undo")))
        link(register)
    return f"/reports/{own}"


def keep_filter(ask: Ask, form: Form) -> str:
    """Saves a filter under a name, or takes it off the list."""
    name, query = told(form, "name", 100), told(form, "query")
    if not name:
        raise UsageError("give the filter a name")
    with ask.desk.writing(ask.person) as register:
        register.record("filter", name, None if told(form, "undo") else {"query": query})
    return "/settings" if told(form, "undo") else f"/incidents?{query}"


def store_text(ask: Ask, text: str, published: str | None, source: str | None, title: str | None) -> str:
    """Reads a pasted text into the register; the address of its report."""
    row = {"text": text, "published": published, "source": source, "title": title}
    with ask.desk.writing(ask.person) as register:
        before = register.head()[0]
        result = register.add([{key: value for key, value in row.items() if value}],
                              reader=ask.desk.reader, lexicon=ask.desk.lexicon_folder, jobs=1)  # fmt: skip
        if result.left_out:
            raise UsageError(str(result.left_out[0]))
        link(register)
        with register.reading() as connection:
            arrived = fresh.arrived(connection, 1)
    return f"/reports/{arrived[0].id}" if result.head and result.head[0] > before else "/sources"


def enter(ask: Ask, form: Form) -> str:
    """An incident by hand, as for what comes by telephone: a report with its record, told by a person."""
    place = place_of(ask, told(form, "place", 200)) if told(form, "place", 200) else None
    day = told(form, "date", 40) or None
    try:
        published = iso_day(told(form, "published", 40), "published") if told(form, "published", 40) else None
    except InputError:
        raise UsageError(f"{told(form, 'published')!r} is no date; write it as 2024-04-19") from None
    if day is not None:
        first_day(day.split("/")[0]), last_day(day.split("/")[-1])
    document: Document = coded_document(
        note=told(form, "note", 20_000), source=told(form, "source", 200) or None, published=published,
        action=told(form, "action"), status=told(form, "status") or "reported", date=day, place=place,
        actors=sides(ask, told(form, "actors")), targets=sides(ask, told(form, "targets")),
        tolls=[(outcome, whole(form, f"{outcome}_low"), whole(form, f"{outcome}_high"),
                (sides(ask, told(form, f"{outcome}_group")) or ["PERSONS"])[0])
               for outcome in ("killed", "wounded", "captured", "abducted")],
        who=ask.person.name,
    )  # fmt: skip
    with ask.desk.writing(ask.person) as register:
        result = register.add([document])
        if result.left_out:
            raise UsageError(str(result.left_out[0]))
        link(register)
        with register.reading() as connection:
            arrived = fresh.arrived(connection, 1)
    return f"/reports/{arrived[0].id}"


def check_filter(query: str) -> None:
    """UsageError where a filter cannot be read."""
    parse(query)
