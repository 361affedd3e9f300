"""The door for everything: paths and addresses in, documents and errors out, each recognised by what
it holds and by its name.

    for item in documents(["reports/", "https://example.org/rss"], settings=Intake.by_settings()):
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sijill import settings as table
from sijill.errors import InputError
from sijill.sources import (
    Seen,
    cells,
    document,
    files,
    mail,
    pdf,
    published,
    refused,
    telegram,
    warc,
    web,
    whatsapp,
)
from sijill.sources import docx as docx_source
from sijill.sources import rows as own_rows
from sijill.sources.columns import ColumnMap, Sample, header_row, plain
from sijill.sources.document import Document
from sijill.sources.encoding import HEAD, NotText, recognise
from sijill.sources.extras import MissingExtra
from sijill.sources.feeds import read_feed
from sijill.sources.fetch import Fetcher, Limits
from sijill.sources.fields import NAMES
from sijill.sources.kinds import kind_of
from sijill.sources.meanings import Meanings, meanings
from sijill.sources.pseudonyms import Pseudonyms, key_from
from sijill.sources.source import Notice, Source, opened
from sijill.sources.walk import walk

Items = Iterator[Document | InputError]


def _unsaid(_: str) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class Intake:
    """How things are read. `source` names the outlet of all that is read, `published` the day of what
    does not tell it, `column_map` how a spreadsheet is laid out, `form` a published table's format."""

    published: str | None = None
    source: str | None = None
    column_map: ColumnMap | None = None
    form: str | None = None
    lexicon: Path | None = None
    report_limit: int = 10_000_000
    file_limit: int = 200_000_000
    key_file: Path | None = None
    fetcher: Fetcher = field(default_factory=Fetcher)
    notice: Notice = _unsaid
    seen: Seen = field(default_factory=Seen)

    @classmethod
    def by_settings(cls, **given: Any) -> Intake:
        """What the settings say, with what is given laid over."""
        size = table.file_limit()
        fetcher = Fetcher(
            hosts=table.hosts(), allow_private=bool(table.value("allow_private")), limits=Limits(size=size)
        )
        usual = {
            "report_limit": table.report_limit(), "file_limit": size, "fetcher": fetcher,
            "key_file": table.file_of("key", "pseudonyms.key"),
        }  # fmt: skip
        return cls(**{**usual, **given})

    def names(self) -> Pseudonyms:
        """Pseudonyms under the user's key, which is made now if there is none; the outlet's name stays."""
        path = self.key_file or table.file_of("key", "pseudonyms.key")
        if not path.exists():
            self.notice(f"a new key for pseudonyms lies in {path}; keep it apart from the register, and safe")
        return Pseudonyms(key_from(path), kept=[self.source] if self.source else [])

    def meanings(self) -> Meanings:
        """What cells of tables mean."""
        return meanings(self.lexicon)


def documents(paths_or_urls: Sequence[str | Path], *, settings: Intake) -> Items:
    """The documents behind paths and addresses, in their order, and an error for each thing left out.

    Outlets that are refused as sources come as errors with the reason.
    """
    for given in paths_or_urls:
        if isinstance(given, str) and web.is_address(given):
            found = web.from_address(
                given, settings.fetcher, source=settings.source, published=settings.published,
                limit=settings.report_limit, notice=settings.notice,
            )  # fmt: skip
        else:
            found = _path(Path(given), settings)
        for item in found:
            yield from allowed(item) if isinstance(item, Document) else [item]


def allowed(item: Document) -> Items:
    """The document without reports of refused outlets, and an error for each of those."""
    try:
        refused.check(item.origin, name=item.source, url=item.url)
    except InputError as error:
        yield error
        return
    kept = []
    for report in item.reports:
        try:
            refused.check(item.origin, name=report.source, url=report.url)
            kept.append(report)
        except InputError as error:
            yield error
    if len(kept) == len(item.reports):
        yield item
    elif kept:
        yield replace(item, reports=kept)


def _path(path: Path, settings: Intake) -> Items:
    """The documents behind one path."""
    if str(path) == "-":
        yield from _known(path, settings)
        return
    try:
        if not path.is_dir():
            yield from _file(path, settings)
            return
    except OSError as error:
        yield files.os_fault(files.shown(path), error)
        return
    passed: Counter[str] = Counter()
    found = False
    for inner in walk(path, settings.notice):
        if isinstance(inner, InputError):
            found = True
            yield inner
        elif _kind(inner, settings) is None and inner.suffix.lower() not in _SAYING:
            passed[inner.suffix.lower() or "no suffix"] += 1
        else:
            found = True
            yield from _file(inner, settings)
    if passed:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(passed.items()))
        settings.notice(f"{files.shown(path)}: skipped {passed.total()} files of other kinds ({kinds})")
    if not found:
        yield InputError(files.shown(path), "holds no file that is read", f"put in files of the kinds {READ}")


def _file(path: Path, settings: Intake) -> Items:
    """The documents of one file."""
    name = files.shown(path)
    try:
        kind = _kind(path, settings)
        if kind is None:
            yield _not_read(path, name)
        else:
            yield from KINDS[kind](path, settings)
    except InputError as error:
        yield error
    except MissingExtra as error:
        yield InputError(name, error.what, error.remedy)
    except OSError as error:
        yield files.os_fault(name, error)


def _not_read(path: Path, name: str) -> InputError:
    """Why a file is not read."""
    if not path.exists():
        return InputError(name, "does not exist", "check the path")
    try:
        with path.open("rb") as file:
            recognise(file.read(HEAD))
        what = f"is of a kind that is not read ({path.suffix or 'no suffix'})"
        if path.suffix.lower() in _SAYING:
            return InputError(
                name, f"is no {path.suffix} inside, whatever its name says", "name it after what it is"
            )
    except NotText as finding:
        what = f"{finding.what}, which is not read"
    except OSError as error:
        return files.os_fault(name, error)
    return InputError(name, what, f"save it as one of {READ}")


def _kind(path: Path, settings: Intake) -> str | None:
    """What a file is; None where it is nothing that is read."""
    mapped = settings.form is not None or settings.column_map is not None
    return kind_of(path, limit=settings.file_limit, mapped=mapped)


# ---- one function for each kind


def _known(path: Path, settings: Intake) -> Items:
    """Texts, JSON, tables with a column 'text', pages."""
    found = document.documents(
        [path], published=settings.published, notice=settings.notice, limit=settings.report_limit,
        seen=settings.seen,
    )  # fmt: skip
    for item in found:
        if isinstance(item, Document) and settings.source:
            reports = [replace(report, source=report.source or settings.source) for report in item.reports]
            item = replace(item, source=item.source or settings.source, reports=reports)
        yield item


def _whole(path: Path, settings: Intake) -> bytes:
    """The bytes of a file that is read as a whole; InputError where it is too large."""
    size = path.stat().st_size
    if size > settings.file_limit:
        what = f"is {size / 1e6:,.1f} MB large; it may have {settings.file_limit / 1e6:g} MB"
        raise InputError(files.shown(path), what, "split it, or raise SIJILL_MAX_FILE_MB")
    return path.read_bytes()


def _text(path: Path, settings: Intake) -> str:
    """The text of a file that is read as a whole."""
    data = _whole(path, settings)
    return opened(
        files.shown(path), io.BytesIO(data), limit=settings.file_limit, notice=settings.notice
    ).whole()


def _pdf(path: Path, settings: Intake) -> Items:
    yield pdf.read(
        _whole(path, settings), files.shown(path), source=settings.source, published=settings.published,
        limit=settings.report_limit,
    )  # fmt: skip


def _docx(path: Path, settings: Intake) -> Items:
    yield docx_source.read(
        _whole(path, settings), files.shown(path), source=settings.source, published=settings.published,
        limit=settings.file_limit,
    )  # fmt: skip


def _warc(path: Path, settings: Intake) -> Items:
    with path.open("rb") as stream:
        yield from warc.read(
            stream, files.shown(path), source=settings.source, published=settings.published,
            limit=settings.report_limit, notice=settings.notice,
        )  # fmt: skip


def _feed(path: Path, settings: Intake) -> Items:
    data = _whole(path, settings)
    name = files.shown(path)
    yield from read_feed(
        data, name, url=None, retrieved=None, source=settings.source, limit=settings.report_limit
    )


def _telegram(path: Path, settings: Intake) -> Items:
    yield from telegram.read_json(_text(path, settings), str(path), settings.names(), source=settings.source)


def _telegram_page(path: Path, settings: Intake) -> Items:
    yield from telegram.read_page(_text(path, settings), str(path), settings.names(), source=settings.source)


def _whatsapp(path: Path, settings: Intake) -> Items:
    yield from whatsapp.read(
        _text(path, settings), str(path), settings.names(), source=settings.source, notice=settings.notice
    )


def _eml(path: Path, settings: Intake) -> Items:
    yield mail.read_mail(
        _whole(path, settings), str(path), settings.names(), source=settings.source, notice=settings.notice
    )


def _mbox(path: Path, settings: Intake) -> Items:
    with path.open("rb") as stream:
        yield from mail.read_mailbox(
            stream, str(path), settings.names(), source=settings.source, limit=settings.file_limit,
            notice=settings.notice,
        )  # fmt: skip


def _csv(path: Path, settings: Intake) -> Items:
    with path.open("rb", buffering=HEAD) as stream:
        yield from _rows(cells.of_csv(_opened(path, stream, settings)), path, settings)


def _xlsx(path: Path, settings: Intake) -> Items:
    sheet = settings.column_map.sheet if settings.column_map else None
    data = _whole(path, settings)
    yield from _rows(cells.of_xlsx(data, files.shown(path), sheet, settings.file_limit), path, settings)


def _rows(found: Iterator[cells.Cells | InputError], path: Path, settings: Intake) -> Items:
    """The rows of a table, by its format or its map."""
    name = files.shown(path)
    if settings.form:
        yield from published.read(found, name, settings.form, settings.meanings(), notice=settings.notice)
        return
    column_map = settings.column_map
    if column_map is None:
        first = next(found, None)
        if isinstance(first, InputError) or first is None:
            yield first or InputError(name, "is empty", "fill it, or leave it out")
            return
        column_map = _plain_map(first, path)
        if column_map is None:
            what = f"has columns of its own ({', '.join(cell for cell in first.cells if cell)[:80]})"
            yield InputError(name, what, "say what they hold: --map FILE, which sijill columns proposes")
            return
        found = _again(first, found)
    yield from own_rows.read(
        found, name, column_map, settings.meanings(), published=settings.published, source=settings.source,
        notice=settings.notice,
    )  # fmt: skip


def _again(
    first: cells.Cells, rest: Iterator[cells.Cells | InputError]
) -> Iterator[cells.Cells | InputError]:
    """A row put back before the rest."""
    yield first
    yield from rest


def _plain_map(header: cells.Cells, path: Path) -> ColumnMap | None:
    """The map of a table whose columns are called as our fields are; None where there is no 'text'."""
    columns = {cell.lower(): cell for cell in header.cells if cell.lower() in NAMES}
    if "text" not in columns:
        return None
    return ColumnMap(
        name=plain(path.stem).replace(" ", "-") or "rows",
        kind="reports",
        columns=columns,
        header=header.number,
    )


def first_rows(path: Path, settings: Intake, count: int = 200) -> Sample:
    """The header of a spreadsheet and its first rows, for a proposal. InputError where there are none.

    The header is where a map says, else the row of the first ten that holds most names of columns.
    """
    rows: list[cells.Cells] = []
    with path.open("rb", buffering=HEAD) as stream:
        if _kind(path, settings) == "xlsx":
            sheet = settings.column_map.sheet if settings.column_map else None
            found = cells.of_xlsx(_whole(path, settings), files.shown(path), sheet, settings.file_limit)
        else:
            found = cells.of_csv(_opened(path, stream, settings))
        for row in found:
            if isinstance(row, cells.Cells):
                rows.append(row)
            if len(rows) > count:
                break
    if len(rows) < 2:
        raise InputError(files.shown(path), "holds no header with rows under it", "give a table")
    told = settings.column_map.header if settings.column_map else None
    at = next((n for n, row in enumerate(rows) if told and row.number >= told), None)
    at = header_row([row.cells for row in rows[:10]]) if at is None else at
    return Sample(rows[at].cells, [row.cells for row in rows[at + 1 :]], rows[at].number)


def _opened(path: Path, stream: Any, settings: Intake) -> Source:
    """An opened text file."""
    return opened(files.shown(path), stream, limit=settings.report_limit, notice=settings.notice)


KINDS: dict[str, Callable[[Path, Intake], Items]] = {
    "known": _known, "pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "csv": _csv, "warc": _warc, "feed": _feed,
    "telegram": _telegram, "telegram_page": _telegram_page, "whatsapp": _whatsapp, "eml": _eml, "mbox": _mbox,
}  # fmt: skip
"""How each kind is read. Add a row for another kind, and a line to `kinds.py`."""

READ = " ".join([*files.KINDS, ".pdf .docx .xlsx .warc .warc.gz .eml .mbox .xml"])
_SAYING = {*files.KINDS, ".pdf", ".docx", ".xlsx", ".warc", ".eml", ".mbox"}
"""Names that promise something to read: where the bytes break the promise it is said."""
