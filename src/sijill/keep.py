"""Documents into the register: what is new is read and stored, what is known is recognised.

    with sijill.open("register.db", write=True) as register:
        register.add(["reports/"])

What was stored before a crash is known by its hashes, so that the same command goes on where it
stopped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec

from sijill.errors import InputError
from sijill.ledger import prepare, renew
from sijill.ledger.chain import unpack
from sijill.ledger.prepare import Prepared
from sijill.ledger.recode import Former, RecodeResult, formers, put
from sijill.ledger.register import Register
from sijill.ledger.store import (
    AddResult,
    Origin,
    held_documents,
    known_receipts,
    known_reports,
    origin,
    receive,
    store,
)
from sijill.pipeline import stream
from sijill.records import CodedReport, Report
from sijill.sources import rows
from sijill.sources.coded import CodedDocument
from sijill.sources.document import Document, documents
from sijill.sources.fields import to_report

if TYPE_CHECKING:
    from sijill.publish.export import Done
    from sijill.publish.summary import Summary

Item = Document | Report | InputError | str | Mapping[str, object]
Noticed = Callable[[AddResult], object]

BATCH = 500
"""So many reports are stored in one transaction: what a crash may cost is read again."""

SECONDS = 5.0
"""Nor does a report wait longer than this to be stored."""

ASKED = 256
"""So many reports are looked up at once before they are read."""


class Keeper(Register):
    """A register that can also read: what `sijill.open` gives."""

    def add(
        self,
        items: Iterable[Item | Path],
        *,
        reader: str = "grammar",
        lexicon: str | Path | None = None,
        jobs: int = 0,
        dry_run: bool = False,
        notice: Noticed | None = None,
    ) -> AddResult:
        """Reads and stores what the items tell: documents, reports, mappings, or paths.

        A str is a path where it names one, else a text. `dry_run` reads and counts, and stores
        nothing; `notice` is called with the result so far after each batch.
        """
        return add(
            self, items, reader=reader, lexicon=lexicon, jobs=jobs, dry_run=dry_run, notice=notice
        )  # fmt: skip

    def recode(
        self,
        *,
        reader: str = "grammar",
        lexicon: str | Path | None = None,
        jobs: int = 0,
        dry_run: bool = False,
        why: str | None = None,
        notice: Callable[[RecodeResult], object] | None = None,
    ) -> RecodeResult:
        """Reads every report again; a reading that differs is stored beside the old one and holds."""
        return recode(
            self, reader=reader, lexicon=lexicon, jobs=jobs, dry_run=dry_run, why=why, notice=notice
        )  # fmt: skip

    def export(self, out: str | Path, **asked: Any) -> Done:
        """Writes the register's incidents for others' tools: `sijill.publishing.export` tells how."""
        from sijill import publishing  # loads what no other work needs

        return publishing.export(publishing.RegisterMaterial(self), out, **asked)

    def brief(self, period: str, out: str | Path | Sequence[str | Path], **asked: Any) -> Summary:
        """Writes a brief of a month or week: `sijill.publishing.brief` tells how."""
        from sijill import publishing

        return publishing.brief(publishing.RegisterMaterial(self), period, out, **asked)


def open_register(place: str | Path, write: bool = False, **options: object) -> Keeper:
    """The register at a file or URL; read-only unless `write`."""
    return Keeper.open(place, write=write, **options)  # type: ignore[arg-type]


def add(
    register: Register,
    items: Iterable[Item | Path],
    *,
    reader: str = "grammar",
    lexicon: str | Path | None = None,
    jobs: int = 0,
    dry_run: bool = False,
    notice: Noticed | None = None,
) -> AddResult:
    """Reads what is new among the items and stores it, batch by batch, in their order."""
    if not dry_run:
        register.must_write()
    result = AddResult(dry_run=dry_run)
    waiting: deque[Origin] = deque()
    fresh = _fresh(register, _documents(items), waiting, result)
    with closing(stream(fresh, form=prepare.signed, reader=reader, lexicon=lexicon, jobs=jobs)) as outcomes:
        for batch in _batches(_paired(outcomes, waiting, result)):
            if dry_run:
                _count(batch, result)
            else:
                with register.change() as ink:
                    store(ink, batch, result, tool(), prepare.Comparer())
                    result.head = (ink.head.n, ink.head.hash.hex())
            if notice:
                notice(result)
    if not dry_run:
        result.head = register.head()
    return result


def _documents(items: Iterable[Item | Path]) -> Iterator[Document | InputError]:
    """Every item as a document or an error."""
    for place, item in enumerate(items, 1):
        if isinstance(item, Document | InputError):
            yield item
        elif isinstance(item, Path) or (isinstance(item, str) and _is_path(item)):
            yield from documents([item])
        else:
            yield _made(item, f"item {place}")


def _is_path(item: str) -> bool:
    """Does a text name a file or folder?"""
    try:
        return len(item) < 1000 and "\n" not in item and Path(item).exists()
    except (OSError, ValueError):
        return False


def _made(item: object, where: str) -> Document | InputError:
    """A document for a report that came without one: its JSON is what was received."""
    try:
        if isinstance(item, Report):
            report = item
        elif isinstance(item, str | Mapping):
            report = to_report({"text": item} if isinstance(item, str) else item, where)
        else:
            what = f"is of type {type(item).__name__}"
            return InputError(where, what, "give a Document, Report, mapping, path or text")
        data = msgspec.json.encode(report)
    except InputError as error:
        return error
    except UnicodeEncodeError:
        return InputError(where, "holds half a character", "repair or remove it")
    return Document(
        data=data, media_type="application/json", origin=where, source=report.source, url=report.url,
        reports=[report],
    )  # fmt: skip


def _fresh(
    register: Register, found: Iterable[Document | InputError], waiting: deque[Origin], result: AddResult
) -> Iterator[Report | InputError]:
    """The reports that must be read; `waiting` gets the origin of each. Known ones are recognised here."""
    documents = iter(found)
    while chunk := list(islice(documents, ASKED)):
        known = _known(register, chunk)
        again: list[tuple[Origin, str]] = []
        ready: list[tuple[Origin, Report, CodedReport]] = []
        for document in chunk:
            if isinstance(document, InputError):
                waiting.append(_NOWHERE)
                yield document
                continue
            source = _origin(document)
            coded = document.coded if isinstance(document, CodedDocument) else []
            for at, report in enumerate(document.reports):
                own = _own(report)
                if isinstance(own, InputError):
                    waiting.append(_NOWHERE)
                    yield own
                elif coded:
                    ready.append((source, report, coded[at]))
                elif own in known:
                    again.append((source, own))
                else:
                    waiting.append(source)
                    yield report
        if again:
            _receive(register, again, result)
        if ready:
            _keep_coded(register, ready, known, result)


_NOWHERE = Origin(sha256="", size=0, media_type="", packed=b"")


def _known(register: Register, chunk: Iterable[Document | InputError]) -> set[str]:
    """Which reports of these documents the register holds."""
    ids = [_own(report) for document in chunk if isinstance(document, Document)
           for report in document.reports]  # fmt: skip
    with register.reading() as connection:
        return known_reports(connection, [own for own in ids if isinstance(own, str)])


def _own(report: Report) -> str | InputError:
    """The register's id of a report; an error for what no database can hold."""
    where = f"report {report.id}"
    told = (report.text, report.title, report.source, report.url, report.id)
    if any("\0" in words for words in told if words):
        return InputError(where, "holds a NUL character", "remove it; it is no part of a text")
    try:
        return prepare.register_id(report)
    except UnicodeEncodeError:
        return InputError(where, "holds half a character", "repair or remove it")


def _keep_coded(
    register: Register, ready: list[tuple[Origin, Report, CodedReport]], known: set[str], result: AddResult
) -> None:
    """Stores reports that brought their records along; of known ones, records that differ."""
    prepared = [(source, prepare.prepare(report, coded)) for source, report, coded in ready]
    fresh = [(source, found) for source, found in prepared if found.id not in known]
    old = [(source, found) for source, found in prepared if found.id in known]
    if result.dry_run:
        _count(fresh, result)
        result.known += len(old)
        return
    if fresh:
        with register.change() as ink:
            store(ink, fresh, result, tool())
    for source, found in old:
        with register.reading() as connection:
            former = renew.former(connection, found.id)
        if former.body != unpack(found.body):
            with register.change() as ink:
                put(ink, former, found, RecodeResult())
            result.renewed += 1
        else:
            _receive(register, [(source, found.id)], result)


def _receive(register: Register, again: list[tuple[Origin, str]], result: AddResult) -> None:
    """Records known reports that came from elsewhere; asks for the register only where there are any."""
    with register.reading() as connection:
        receipts = known_receipts(connection, {own for _, own in again})
    new = [(source, own) for source, own in again if (own, source.sha256, source.origin) not in receipts]
    result.known += len(again) - len(new)
    if any(source.by_id for source, _ in again) and not result.dry_run:
        _revive(register, [own for source, own in again if source.by_id], result)
    if not new:
        return
    if result.dry_run:
        result.seen_elsewhere += len(new)
        return
    with register.change() as ink:
        held = held_documents(ink.connection, {source.sha256 for source, _ in new})
        receipts = known_receipts(ink.connection, {own for _, own in new})
        for source, own in new:
            receive(ink, source, own, receipts, held, result, tool())


def _revive(register: Register, known: list[str], result: AddResult) -> None:
    """Lets rows that came again as they once were take their place back."""
    with register.reading() as connection:
        former = renew.superseded(connection)
    for own in known:
        by = former.get(own)
        if by is not None:
            while by in former:
                by = former[by]
            with register.change() as ink:
                renew.revive(ink, by, own)
            former = {old: to for old, to in former.items() if old != own} | {by: own}
            result.renewed += 1


def _origin(document: Document) -> Origin:
    """Where a document came from, its bytes packed."""
    return origin(
        document.data, document.media_type, place=document.origin, source=document.source,
        url=document.url, retrieved=document.retrieved, by_id=document.media_type == rows.MEDIA_TYPE,
    )  # fmt: skip


def _paired(
    outcomes: Iterable[Prepared | InputError], waiting: deque[Origin], result: AddResult
) -> Iterator[tuple[Origin, Prepared]]:
    """Each reading with its origin; errors go to the result."""
    for outcome in outcomes:
        source = waiting.popleft()
        if isinstance(outcome, InputError):
            result.left_out.append(outcome)
        else:
            yield source, outcome


def _batches(pairs: Iterator[tuple[Origin, Prepared]]) -> Iterator[list[tuple[Origin, Prepared]]]:
    """The pairs in lists that are stored together."""
    batch: list[tuple[Origin, Prepared]] = []
    begin = monotonic()
    for pair in pairs:
        batch.append(pair)
        if len(batch) >= BATCH or monotonic() - begin > SECONDS:
            yield batch
            batch, begin = [], monotonic()
    if batch:
        yield batch


def _count(batch: list[tuple[Origin, Prepared]], result: AddResult) -> None:
    """Counts a batch that is not stored."""
    for _, prepared in batch:
        result.added += 1
        result.incidents += len(prepared.ids["incidents"])
        result.tallies += len(prepared.ids["tallies"])
        result.others += len(prepared.ids["control"]) + len(prepared.ids["assessments"])


def recode(
    register: Register,
    *,
    reader: str = "grammar",
    lexicon: str | Path | None = None,
    jobs: int = 0,
    dry_run: bool = False,
    why: str | None = None,
    notice: Callable[[RecodeResult], object] | None = None,
) -> RecodeResult:
    """Reads every report whose words are held again, and stores what differs, batch by batch."""
    if not dry_run:
        register.must_write()
    result = RecodeResult(dry_run=dry_run)
    waiting: deque[Former] = deque()

    def again() -> Iterator[Report]:
        with register.reading() as connection:
            for former in formers(connection):
                waiting.append(former)
                yield former.report

    read = stream(again(), form=prepare.prepare, reader=reader, lexicon=lexicon, jobs=jobs)
    with closing(read) as outcomes:
        pairs = ((waiting.popleft(), outcome) for outcome in outcomes)
        while batch := list(islice(pairs, BATCH)):
            _recoded(register, batch, result, why)
            if notice:
                notice(result)
    return result


def _recoded(
    register: Register,
    batch: list[tuple[Former, Prepared | InputError]],
    result: RecodeResult,
    why: str | None,
) -> None:
    """Stores a batch of new readings."""
    result.left_out += [outcome for _, outcome in batch if isinstance(outcome, InputError)]
    read = [(former, outcome) for former, outcome in batch if not isinstance(outcome, InputError)]
    if result.dry_run:
        for former, prepared in read:
            put(None, former, prepared, result)
        return
    with register.change() as ink:
        for former, prepared in read:
            put(ink, former, prepared, result, why)


@cache
def tool() -> str:
    """The version of Sijill that does the work."""
    try:
        return f"sijill {version('sijill')}"
    except PackageNotFoundError:
        return "sijill"
