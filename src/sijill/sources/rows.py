"""Rows of people's own spreadsheets as documents: reports to be read, or incidents coded already."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

import msgspec

from sijill.arabic.fold import fold_words
from sijill.arabic.numbers import Count
from sijill.errors import InputError
from sijill.records import (
    Casualty,
    CodedReport,
    Mention,
    Place,
    ReaderMark,
    Report,
    Span,
    When,
    head,
    text_digest,
)
from sijill.sources.cells import Cells
from sijill.sources.coded import CodedDocument
from sijill.sources.columns import ColumnMap, check, data
from sijill.sources.document import Document
from sijill.sources.fields import to_report
from sijill.sources.meanings import Meanings
from sijill.sources.source import Notice

MEDIA_TYPE = "application/vnd.sijill.row+json"
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})(?:[ T,].*)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[ T].*)?")
_NAMED = re.compile(r"(\d{1,2}) ([^\d]+?) (\d{4})")
_MONTH = re.compile(r"([^\d]+?) (\d{4})")
_PARTED = re.compile(r"[;|\n\u060c\u061b]|,\s|\s/\s")
_MOST_NAMED = 20


class Unknown:
    """What a table says that is not understood; told once at the end, by field and word."""

    def __init__(self) -> None:
        self.words: dict[str, Counter[str]] = defaultdict(Counter)
        self.rows: dict[str, list[int]] = defaultdict(list)

    def word(self, field: str, word: str) -> None:
        """A word of a field that is not known."""
        self.words[field][" ".join(word.split())[:60]] += 1

    def row(self, fault: str, number: int) -> None:
        """A row that is read although something about it is wrong."""
        self.rows[fault].append(number)

    def tell(self, path: str, notice: Notice) -> None:
        """Says it all."""
        for field, words in self.words.items():
            shown = ", ".join(f"{word!r} ({count})" for word, count in words.most_common(_MOST_NAMED))
            more = f" and {len(words) - _MOST_NAMED} more" if len(words) > _MOST_NAMED else ""
            notice(f"{path}: {field} not known and left empty: {shown}{more}")
        for fault, rows in self.rows.items():
            notice(f"{path}: {len(rows)} rows {fault}: rows {', '.join(map(str, rows))}")


def read(
    rows: Iterable[Cells | InputError], path: str, column_map: ColumnMap, meanings: Meanings, *,
    published: str | None, source: str | None, notice: Notice,
) -> Iterator[Document | InputError]:  # fmt: skip
    """The documents of a table, one for each row. What is not understood in it is said at the end.

    Raises UsageError where the map does not fit the table.
    """
    header: list[str] | None = None
    reader = RowReader(column_map, meanings, path, published, source)
    for row in rows:
        if isinstance(row, InputError):
            yield row
        elif header is None:
            if row.number >= column_map.header:
                header = row.cells
                check(column_map, header, path)
        elif len(row.cells) > len(header) and any(row.cells[len(header) :]):
            what = f"has {len(row.cells)} cells under {len(header)} columns"
            yield InputError(f"{path}:{row.number}", what, "put a text that holds separators in quotes")
        else:
            yield reader.document(header, row)
    if header is None:
        yield InputError(path, "holds no header", "name the columns in the first row")
    elif not reader.count:
        yield InputError(path, "holds no row under its header", "fill it, or leave it out")
    reader.unknown.tell(path, notice)


class RowReader:
    """Reads one row after the other by one map."""

    def __init__(
        self, column_map: ColumnMap, meanings: Meanings, path: str, published: str | None, source: str | None
    ) -> None:
        self._map, self._path, self._published = column_map, path, published
        self._source = source or column_map.source
        self._meanings = meanings
        self._months = month_names(meanings.lexicon.tables["dates"])
        self._values = {
            field: {fold_words(word): code for word, code in words.items()}
            for field, words in column_map.values.items()
        }
        self._seen: set[str] = set()
        self.unknown, self.count = Unknown(), 0

    def document(self, header: Sequence[str], row: Cells) -> Document | InputError:
        """The document of one row; an InputError where it cannot be used."""
        self.count += 1
        where = f"{self._path}:{row.number}"
        told = dict(zip(header, row.cells, strict=False))
        cells = {field: told.get(column, "") for field, column in self._map.columns.items()}
        cells = {field: cell for field, cell in cells.items() if not self._meanings.says_nothing(cell)}
        raw = msgspec.json.encode({name: cell for name, cell in told.items() if name})
        try:
            key = self._key(cells, raw, where)
            if self._map.kind == "reports":
                return self._report(cells, raw, where, key)
            return self._incident(cells, told, raw, where, key, row.number)
        except InputError as error:
            return error

    def _key(self, cells: Mapping[str, str], raw: bytes, where: str) -> str:
        """The row's own id, else one of its content; each stands for one row."""
        own = cells.get("id")
        key = f"{self._map.name}:{own}" if own else f"{self._map.name}:{text_digest(raw.decode())[:16]}"
        if key in self._seen:
            what = f"has the id of an earlier row ({own})" if own else "says the same as an earlier row"
            raise InputError(where, what, "give each row an id of its own, or remove it")
        self._seen.add(key)
        return key

    def _report(self, cells: Mapping[str, str], raw: bytes, where: str, key: str) -> Document:
        """A row with a text to be read."""
        fields: dict[str, object] = {**cells, "id": key, "source": cells.get("source") or self._source}
        if "published" in cells:
            fields["published"] = self._day(cells["published"], where, whole=True)
        report = to_report(fields, where, published=self._published)
        return Document(
            data=raw, media_type=MEDIA_TYPE, origin=where, source=report.source, url=report.url,
            reports=[report],
        )  # fmt: skip

    def _incident(
        self, cells: Mapping[str, str], told: Mapping[str, str], raw: bytes, where: str, key: str, number: int
    ) -> CodedDocument:
        """A row that is an incident."""
        text = in_words(told)
        if not text:
            raise InputError(where, "is empty", "fill it, or leave it out")
        day = self._when(cells, where)
        first = day.edtf[:10] if day and re.match(r"\d{4}-\d\d-\d\d", day.edtf) else None
        mention = Mention(
            id="i1", action=self._action(cells), date=day, place=self._place(cells, number),
            status=self._one("status", cells, self._meanings.status) or "reported",
            actors=self._codes("actor", cells, first), targets=self._codes("target", cells, first),
            weapons=self._weapons(cells), casualties=self._casualties(cells, number), time=cells.get("time"),
            claimed_by=self._one("claimed_by", cells, lambda name: self._meanings.actor(name, first)),
            sources=[cells["source"]] if "source" in cells else [],
            evidence={"": [Span("text", 0, len(text))]},
        )  # fmt: skip
        published = (
            self._day(cells["published"], where, whole=True) if "published" in cells else self._published
        )
        report = Report(
            id=key, text=text, source=self._source or cells.get("source"), url=cells.get("url"),
            title=cells.get("title"), published=published,
        )  # fmt: skip
        return coded_document(report, [mention], raw, where, self._meanings)

    def _when(self, cells: Mapping[str, str], where: str) -> When | None:
        """The date of an incident, or the days from and to."""
        if "date" not in cells:
            return None
        start = self._day(cells["date"], where)
        end = self._day(cells["date_end"], where) if "date_end" in cells else start
        if end < start:
            raise InputError(where, f"ends ({end}) before it begins ({start})", "mend its dates")
        return When(edtf=start if start == end else f"{start}/{end}", text=cells["date"])

    def _day(self, cell: str, where: str, *, whole: bool = False) -> str:
        """The EDTF day, month or year of a cell; with `whole` a day. InputError where it is none."""
        day = day_of(cell, self._map.dates, self._months)
        if day is None or (whole and len(day) < 10):
            raise InputError(where, f"{cell!r} is no date", "write it as 2024-04-19")
        return day

    def _action(self, cells: Mapping[str, str]) -> Any:
        """The action; `other` where the row tells none or one that is not known."""
        return self._one("action", cells, self._meanings.action) or "other"

    def _one(self, field: str, cells: Mapping[str, str], meaning: Callable[[str], Any]) -> Any:
        """What one cell means, by the map's own values first."""
        cell = cells.get(field)
        if cell is None:
            return None
        own = self._values.get(field, {}).get(fold_words(cell))
        found = own or meaning(cell)
        if found is None:
            self.unknown.word(field, cell)
        return found

    def _codes(self, field: str, cells: Mapping[str, str], day: str | None) -> list[str]:
        """The codes of the actors of a cell: the cell as a whole, else its parts."""
        cell = cells.get(field)
        if cell is None:
            return []
        own = self._values.get(field, {})
        codes: list[str] = []
        whole = own.get(fold_words(cell)) or self._meanings.actor(cell, day)
        for part in [cell] if whole else _PARTED.split(cell):
            name = part.strip()
            code = whole or own.get(fold_words(name)) or (self._meanings.actor(name, day) if name else None)
            if code is None and name:
                self.unknown.word(field, name)
            elif code is not None and code not in codes:
                codes.append(code)
        return codes

    def _weapons(self, cells: Mapping[str, str]) -> list[Any]:
        """The weapons of a cell."""
        parts = [part.strip() for part in _PARTED.split(cells.get("weapon", "")) if part.strip()]
        found = [self._one("weapon", {"weapon": part}, self._meanings.weapon) for part in parts]
        return list(dict.fromkeys(code for code in found if code))

    def _place(self, cells: Mapping[str, str], number: int) -> Place | None:
        """The place of a row."""
        admin1 = self._one("admin1", cells, self._meanings.admin1)
        country = self._one("country", cells, self._meanings.country) or self._map.country
        lat, lon = degrees(cells.get("lat"), 90), degrees(cells.get("lon"), 180)
        if ("lat" in cells and lat is None) or ("lon" in cells and lon is None):
            self.unknown.row("have a point that is none; read without it", number)
            lat = lon = None
        name = cells.get("place", "")
        return self._meanings.place(
            name, admin1=admin1, admin2=cells.get("admin2"), country=country, lat=lat, lon=lon
        )

    def _count(self, field: str, cells: Mapping[str, str]) -> Count | None:
        """The figure of a cell; None where it holds none, which is noted."""
        cell = cells.get(field)
        count = self._meanings.count(cell) if cell is not None else None
        if cell is not None and count is None:
            self.unknown.word(field, cell)
        return count

    def _casualties(self, cells: Mapping[str, str], number: int) -> list[Casualty]:
        """The figures of a row. 0 gives an entry of 0: somebody wrote it down."""
        words = data()
        found: list[Casualty] = []
        for field, (outcome, group) in words["casualties"].items():
            told = {end: self._count(f"{field}{end}", cells) for end in ("", "_low", "_high")}
            counts = [count for count in told.values() if count is not None]
            if not counts:
                continue
            best, low, high = (told[end] or counts[0] for end in ("", "_low", "_high"))
            least = low.low if told["_low"] else best.low
            most = high.high if told["_high"] else best.high
            if least is not None and most is not None and least > most:
                self.unknown.row("tell a least figure above the most; both are read, turned round", number)
                least, most = most, least
            part = words["parts"].get(field) in cells
            found.append(
                Casualty(
                    outcome=outcome, group=group, low=least, high=most, approx=best.approx, part_of=part
                )
            )  # fmt: skip
        return found


def coded_document(
    report: Report,
    mentions: list[Mention],
    raw: bytes,
    where: str,
    meanings: Meanings,
    media_type: str = MEDIA_TYPE,
) -> CodedDocument:
    """A report that brings its mentions along."""
    mark = ReaderMark(name="rows", version=version("sijill"), lexicon=meanings.lexicon.digest)
    coded = CodedReport(report=head(report), incidents=mentions, reader=mark)
    return CodedDocument(
        data=raw, media_type=media_type, origin=where, source=report.source, url=report.url,
        reports=[report], coded=[coded],
    )  # fmt: skip


def in_words(told: Mapping[str, str]) -> str:
    """A row in words, a line for each cell that says something: `column: cell`."""
    return "\n".join(f"{name}: {cell}" for name, cell in told.items() if name and cell)


def degrees(cell: str | None, most: int) -> float | None:
    """Degrees as a number; None where a cell holds none, or one that cannot be."""
    try:
        number = float((cell or "").replace("\u066b", ".").replace(",", "."))
    except ValueError:
        return None
    return number if -most <= number <= most else None


def month_names(dates: Mapping[str, Mapping[int, list[str]]]) -> dict[str, int]:
    """Months by their folded names, Arabic ones of the lexicon and English ones."""
    names = {fold_words(name): int(number) for number, row in dates["months"].items() for name in row}
    for number in range(1, 13):
        english = date(2000, number, 1).strftime("%B").lower()
        names |= {english: number, english[:3]: number}
    return names


def day_of(cell: str, order: str, months: Mapping[str, int]) -> str | None:
    """The EDTF date of a cell: a day where it tells one, else a month or a year; None where it tells none."""
    written = " ".join("".join(str(int(c)) if c.isdecimal() else c for c in cell).split())
    try:
        if match := _ISO.fullmatch(written):
            year, month, day = int(match[1]), int(match[2]), int(match[3] or 0)
        elif match := _DAY.fullmatch(written):
            first, second, year = int(match[1]), int(match[2]), int(match[3])
            year += 2000 if year < 100 else 0
            day, month = (second, first) if order == "mdy" else (first, second)
        elif match := _NAMED.fullmatch(written):
            day, month, year = int(match[1]), months[fold_words(match[2].strip(" ,"))], int(match[3])
        elif match := _MONTH.fullmatch(written):
            day, month, year = 0, months[fold_words(match[1].strip(" ,"))], int(match[2])
        elif re.fullmatch(r"(?:19|20)\d\d", written):
            return written
        else:
            return None
        found = date(year, month, day or 1)
    except (ValueError, KeyError):
        return None
    if not 1900 <= found.year <= datetime.max.year:
        return None
    return found.isoformat() if day else found.isoformat()[:7]
