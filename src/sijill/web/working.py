"""Pages to work with: review, entering by hand, trying a text, looking words up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import msgspec

from sijill.arabic.fold import fold_words
from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.ledger import fresh
from sijill.lexicon.load import DATA
from sijill.pipeline import load
from sijill.reading.lookup import Lookup
from sijill.reading.reader import Step
from sijill.records import Action, Outcome, Report, Status, Weapon, report_id
from sijill.web.desk import Ask
from sijill.web.index import consequence, doubts
from sijill.web.reading import Page, incident
from sijill.web.spans import Mark, cut, marks_of, unread_of

LONGEST = 100_000
"""Characters of the longest text that is tried."""

ACTIONS, STATUSES, OUTCOMES, WEAPONS = map(get_args, (Action, Status, Outcome, Weapon))


def review(ask: Ask) -> Page:
    """The queue, by what hangs on a person's look; the first of it in full."""
    desk = ask.desk
    desk.shelf.refresh()
    chosen = desk.shelf.choose(ask.asked(), ask.person.clearance)
    queue = chosen.queue(20, ask.session.skipped)
    with desk.register.reading() as connection:
        pairs = fresh.unsure(connection, 10)
    first: Page | None = None
    if queue:
        first = incident(Ask(desk, ask.person, ask.session, ask.lang, {}, {"id": queue[0].id}))
    return {
        "head": desk.shelf.head, "waiting": chosen.load(), "skipped": len(ask.session.skipped),
        "queue": [{"incident": one, "why": doubts(one), "score": round(consequence(one), 2)}
                  for one in queue],
        "first": first, "pairs": list(_pairs(ask, pairs)),
        "query": {key: ask.told(key) for key in Filter.__struct_fields__ if ask.told(key)},
    }  # fmt: skip


def _pairs(ask: Ask, pairs: list[Any]) -> Iterator[dict[str, Any]]:
    """The pairs that hang in the balance, with the words of both."""
    wanted = sorted({name for one in pairs for name in (one.left, one.right)})
    held = {one.id: one for one in ask.mentions(wanted)} if wanted else {}
    for one in pairs:
        if one.left in held and one.right in held:
            yield {"judgement": one, "left": held[one.left], "right": held[one.right]}


def enter(ask: Ask) -> Page:
    """The form for an incident by hand."""
    known = ask.desk.names
    return {
        "actions": ACTIONS, "statuses": STATUSES, "outcomes": OUTCOMES, "weapons": WEAPONS,
        "actors": sorted(known.actors), "values": dict(ask.query),
    }  # fmt: skip


def attempt(ask: Ask) -> Page:
    """The form for a text to try."""
    return {"text": "", "published": ask.told("published"), "explained": None}


def explained(ask: Ask, text: str, published: str | None, title: str | None = None) -> Page:
    """What a reader makes of a text: coloured words, records, the tree of rules."""
    if len(text) > LONGEST:
        raise UsageError(f"the text has {len(text):,} characters; at most {LONGEST:,} are tried at once")
    report = Report(id=report_id(text, title), text=text, title=title, published=published)
    found = load(ask.desk.reader, ask.desk.lexicon_folder).explain(report)
    coded = found.coded
    records: list[dict[str, Any]] = []
    marks: list[Mark] = []
    for kind in ("incidents", "tallies", "control", "assessments"):
        for record in getattr(coded, kind):
            marks += marks_of(len(records), record.evidence)
            records.append({"kind": kind, "id": record.id, "record": record})
    marks += unread_of(coded.unread)
    return {
        "text": text, "published": published,
        "explained": {
            "pieces": cut(text, marks), "records": records,
            "unread": [text[span.start : span.end] for span in coded.unread if span.field == "text"],
            "tree": [_step(step, text, title or "") for step in found.steps],
        },
    }  # fmt: skip


def _step(step: Step, text: str, title: str) -> dict[str, Any]:
    """A step with its words, and its parts."""
    words = (text if step.field == "text" else title)[step.start : step.end]
    return {
        "rule": step.rule, "words": words, "value": step.value,
        "parts": [_step(part, text, title) for part in step.parts],
    }  # fmt: skip


class Line(msgspec.Struct, frozen=True):
    """A line of a word list."""

    file: str
    line: int
    text: str


def lexicon(ask: Ask) -> Page:
    """Who bears a name, and in which line of which file a word stands."""
    word = ask.told("word")[:200]
    page: Page = {"word": word, "place": None, "bearers": [], "lines": [], "more": 0, "actors": []}
    if not word:
        return page
    answer = Lookup(ask.desk.lexicon)(word)
    folded = fold_words(word)
    lines = [one for one, told in _lines(ask.desk.lexicon_folder) if folded and folded in told]
    known = ask.desk.names
    actors = [code for code, label in known.actors.items()
              if word.upper() == code or (folded and folded in fold_words(label.ar))]  # fmt: skip
    return page | {
        "place": answer.place,
        "bearers": [{"id": one.place.id, "name": one.place.name, "score": round(one.score, 2),
                     "line": one.line, "why": one.why, "lat": one.place.lat, "lon": one.place.lon,
                     "note": one.place.note} for one in answer.bearers[:12]],
        "actors": sorted(actors)[:20], "lines": lines[:60], "more": max(0, len(lines) - 60),
    }  # fmt: skip


@lru_cache(maxsize=2)
def _lines(overlay: Path | None) -> list[tuple[Line, str]]:
    """Every line of the word lists with its folded words, between blanks."""
    found = []
    for folder in [DATA] if overlay is None else [DATA, overlay]:
        files = sorted([*folder.glob("*.yaml"), *folder.glob("acts/*.yaml"), *folder.glob("actors/*.yaml"),
                        *folder.glob("places/*.csv")])  # fmt: skip
        for path in files:
            for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                told = fold_words(row)
                if told.strip():
                    found.append((Line(str(path.relative_to(folder)), number, row.strip()[:400]), told))
    return found
