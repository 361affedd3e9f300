"""Finding reports by their words, in whatever form they are written, and by what they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection, select

from sijill.arabic.fold import fold
from sijill.arabic.words import attached
from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.ledger import chain, words
from sijill.ledger.days import asked as spans
from sijill.ledger.days import days
from sijill.ledger.decisions import Overlay
from sijill.ledger.derived import of_mentions
from sijill.ledger.prepare import places
from sijill.ledger.schema import reading, report
from sijill.records import Mention, decode

CANDIDATES = 2000
"""So many of the newest reports with the words are looked at more closely."""

AROUND = 60
"""Letters on each side of the first word that was found."""

_TERMS = ("place", "actor", "action")
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was found. `snippet` are its own words around the first of those asked for;
    `found` is the place of that word in the snippet; `incidents` are those that it tells of."""

    report: str
    title: str | None
    outlet: str | None
    url: str | None
    published: str | None
    snippet: str
    found: tuple[int, int] | None
    mentions: list[str]
    incidents: list[str]
    retracted: bool = False


class Hits(msgspec.Struct, frozen=True):
    """The hits, newest first; `more` where there were others."""

    hits: list[Hit]
    more: bool


def search(connection: Connection, asked: str, wanted: Filter | None = None, most: int = 20) -> Hits:
    """The reports that hold all the words asked for and tell of an incident that fits.

    Words are found in every spelling and with particles attached; "words in quotes" as they stand,
    one after the other. Of a filter, place, actor, action and days are heeded.
    """
    wanted = wanted or Filter()
    phrases = list(_phrases(asked))
    terms = [
        ["|".join(words.term(kind, value) for value in getattr(wanted, kind))]
        for kind in _TERMS
        if getattr(wanted, kind)
    ]
    if wanted.since or wanted.until:
        terms.append(["|".join(words.term("time", part) for part in spans(wanted.since, wanted.until))])
    if phrases or terms:
        entries = words.find(connection, [*phrases, *terms], CANDIDATES)
    else:
        entries = [entry for (entry,) in connection.execute(
            select(report.c.entry).order_by(report.c.entry.desc()).limit(CANDIDATES))]  # fmt: skip
        if not asked.strip() and wanted == Filter():
            raise UsageError("nothing is asked for; give words, or one of --from, --to, --place ...")
    hits = _hits(connection, entries, phrases, wanted)
    found = [hit for hit, _ in zip(hits, range(most + 1), strict=False)]
    return Hits(_with_incidents(connection, found[:most]), len(found) > most)


def _phrases(asked: str) -> Iterator[list[str]]:
    """The words asked for, each with the forms in which it may stand; quoted ones as they are."""
    for quoted, word in _PHRASE.findall(asked):
        split = words.split(quoted or word)
        if quoted and len(split) > 1:
            yield split
        else:
            yield from (["|".join(attached(one))] for one in split)


def _hits(
    connection: Connection, entries: Sequence[int], phrases: Sequence[Sequence[str]], wanted: Filter
) -> Iterator[Hit]:
    """The reports of these entries that fit, newest first."""
    overlay = Overlay(connection)
    asked = (
        select(report, reading.c.body, reading.c.ids)
        .join(reading, reading.c.report == report.c.id)
        .where(reading.c.current)
    )
    newest: list[tuple[str, int]] = []
    for at in range(0, len(entries), 500):
        part = select(report.c.published, report.c.entry).where(report.c.entry.in_(entries[at : at + 500]))
        newest += [(row.published or "", row.entry) for row in connection.execute(part)]
    newest.sort(reverse=True)
    for at in range(0, len(newest), 50):
        part = asked.where(report.c.entry.in_([entry for _, entry in newest[at : at + 50]]))
        rows = {row.entry: row for row in connection.execute(part)}
        for _, entry in newest[at : at + 50]:
            row = rows.get(entry)
            if row is None or row.body is None:
                continue
            coded = decode(chain.unpack(bytes(row.body)))
            ids = msgspec.json.decode(row.ids)["incidents"]
            fitting = [own for own, mention in zip(ids, coded.incidents, strict=True)
                       if _fits(mention, row.published, wanted)]  # fmt: skip
            if not fitting and not _without(row.published, wanted):
                continue
            snippet, found = _snippet(row.text or "", phrases)
            yield Hit(
                report=row.id, title=row.title, outlet=row.source, url=row.url, published=row.published,
                snippet=snippet, found=found, mentions=fitting, incidents=[],
                retracted=row.id in overlay.retracted,
            )  # fmt: skip


def _fits(mention: Mention, published: str | None, wanted: Filter) -> bool:
    """Is a mention of the place, actor, action and days that are wanted?"""
    actors = {*mention.actors, *(code.split("/")[0] for code in mention.actors)}
    asked = ((wanted.place, places(mention.place)), (wanted.actor, actors), (wanted.action, {mention.action}))
    if not all(not some or there & set(some) for some, there in asked):
        return False
    first, last = days(mention.date.edtf) if mention.date else (None, None)
    return _in_time(first or published, last or published, wanted)


def _without(published: str | None, wanted: Filter) -> bool:
    """Does a report fit that tells of no fitting incident? Only where none is asked for."""
    if wanted.place or wanted.actor or wanted.action:
        return False
    return _in_time(published, published, wanted)


def _in_time(first: str | None, last: str | None, wanted: Filter) -> bool:
    """Do these days overlap those wanted?"""
    if not (wanted.since or wanted.until):
        return True
    if first is None or last is None:
        return False
    return (not wanted.since or last >= wanted.since) and (not wanted.until or first <= wanted.until)


def _snippet(text: str, phrases: Sequence[Sequence[str]]) -> tuple[str, tuple[int, int] | None]:
    """The words around the first one found, and where it stands in them."""
    folded = fold(text)
    for phrase in phrases:
        forms = "|".join(map(re.escape, phrase[0].split("|"))) if len(phrase) == 1 else r"\W+".join(phrase)
        match = re.search(rf"(?<!\w)(?:{forms})(?!\w)", folded.text.lower())
        if match:
            start, end = folded.span(*match.span())
            first = _edge(text, start - AROUND, start)
            piece = text[first : end + AROUND]
            return " ".join(piece.split()), None if "\n" in piece else (start - first, end - first)
    return " ".join(text[: 2 * AROUND].split()), None


def _edge(text: str, wanted: int, latest: int) -> int:
    """The beginning of a word at or after a place."""
    if wanted <= 0:
        return 0
    blank = text.find(" ", wanted, latest)
    return blank + 1 if blank >= 0 else wanted


def _with_incidents(connection: Connection, hits: list[Hit]) -> list[Hit]:
    """The hits with the incidents that their mentions belong to."""
    went = of_mentions(connection, {own for hit in hits for own in hit.mentions})
    return [msgspec.structs.replace(hit, incidents=list(dict.fromkeys(
        went[own] for own in hit.mentions if own in went))) for hit in hits]  # fmt: skip
