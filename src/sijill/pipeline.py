"""The order of things: reports in, coded reports out, one at a time or on all cores, in input order.

code("...", published="2024-04-19")     one text
code_many(texts, jobs=4)                a stream of them
stream(items, form=...)                 the same, errors in their places; what the command line uses
"""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from sijill.errors import InputError, SijillError
from sijill.reading.reader import READERS, Reader, get_reader
from sijill.records import CodedReport, Report, report_id
from sijill.sources.fields import iso_day, to_report

T = TypeVar("T")
Form = Callable[[Report, CodedReport], T]
"""What is made of a coded report where it was read, so that only that must travel between processes."""

FEW = 200
"""Up to so many reports stay in one process: they take less time than starting others.

So does a feed that lets one process wait; there each answer comes as soon as its report.
"""


PLEASE_REPORT = "please report this, with the text if it may be shared; the rest was read"


class LeftOut(UserWarning):
    """An item of `code_many` that could not be read."""


def code(
    text: str,
    *,
    published: str | date | None = None,
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    id: str | None = None,
    reader: str = "grammar",
    lexicon: str | Path | None = None,
) -> CodedReport:
    """What one text tells.

    >>> code("قُتل عنصران في كمين", published="2024-04-19").report.published  # doctest: +SKIP
    '2024-04-19'
    """
    if not isinstance(text, str):
        raise TypeError(f"a report's text is a str, not {type(text).__name__}")
    day = None if published is None else iso_day(published, "code()")
    own = id or report_id(text, title)
    report = Report(id=own, text=text, title=title, source=source, url=url, published=day)
    return load(reader, lexicon).read(report)


def code_many(
    items: Iterable[Report | InputError | str | Mapping[str, object]],
    *,
    reader: str = "grammar",
    lexicon: str | Path | None = None,
    jobs: int = 1,
    on_error: Callable[[InputError], object] | None = None,
) -> Iterator[CodedReport]:
    """What a stream of reports tells, in their order; `jobs=0` takes every core.

    An item is a Report, a text, or a mapping with `text` and perhaps id, source, url, title and
    published. One that cannot be read is given to `on_error`, or warned of, and the rest goes on.
    """
    for outcome in stream(items, form=_coded, reader=reader, lexicon=lexicon, jobs=jobs):
        if not isinstance(outcome, InputError):
            yield outcome
        elif on_error is not None:
            on_error(outcome)
        else:
            warnings.warn(str(outcome), LeftOut, stacklevel=2)


def stream(
    items: Iterable[Report | InputError | str | Mapping[str, object]],
    *,
    form: Form[T],
    reader: str = "grammar",
    lexicon: str | Path | None = None,
    jobs: int = 1,
) -> Generator[T | InputError, None, None]:
    """`form(report, coded)` for each report, in input order, with every error in its place.

    `form` must be a module's own function where more than one process is used.
    """
    load(reader, lexicon)  # an unknown reader or a broken lexicon is told before anything is read
    jobs = jobs or cores()
    reports = (_report(item, place) for place, item in enumerate(items, 1))
    waited = worked = 0.0
    begin = perf_counter()
    for count, item in enumerate(reports, 1):
        got = perf_counter()
        outcome = _outcome(item, form, reader, lexicon)
        waited, worked = waited + got - begin, worked + perf_counter() - got
        yield outcome
        if jobs > 1 and count >= FEW and waited < 10 * worked:
            break
        begin = perf_counter()
    rest = next(reports, None)
    if rest is not None:
        from sijill.crew import spread  # loads multiprocessing, which small inputs need not wait for

        yield from spread(chain([rest], reports), Task(form, reader, lexicon, dict(READERS)), jobs)


class Task:
    """What a process does with each report; made once and sent to every process."""

    def __init__(
        self, form: Form[T], reader: str, lexicon: str | Path | None, readers: Mapping[str, str]
    ) -> None:
        self.form, self.reader, self.lexicon, self.readers = form, reader, lexicon, readers

    def prepare(self) -> None:
        """Loads the reader, once in each process."""
        READERS.update(self.readers)
        load(self.reader, self.lexicon)
        settle()

    def run(self, items: list[Report | InputError]) -> list[object]:
        """The outcome for each item."""
        return [_outcome(item, self.form, self.reader, self.lexicon) for item in items]


def settle() -> None:
    """For a process that only reads, once its reader is loaded: look for cyclic garbage seldom.

    A reader's tables are hundreds of thousands of objects that stay; reading makes no cycles to speak of.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def load(name: str, lexicon: str | Path | None) -> Reader:
    """The reader of that name, loaded once in each process."""
    return _loaded(name, Path(lexicon) if lexicon is not None else None, READERS.get(name))


@lru_cache(maxsize=8)
def _loaded(name: str, lexicon: Path | None, home: str | None) -> Reader:
    """The reader; `home` is where it comes from, so that a changed table is noticed."""
    return get_reader(name, lexicon)


def cores() -> int:
    """How many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _coded(_: Report, coded: CodedReport) -> CodedReport:
    """The coded report as it is."""
    return coded


def _report(item: object, place: int) -> Report | InputError:
    """The report that an item is, or tells of."""
    if isinstance(item, Report | InputError):
        return item
    fields = {"text": item} if isinstance(item, str) else item
    if not isinstance(fields, Mapping):
        what = f"is of type {type(item).__name__}"
        return InputError(f"item {place}", what, "give a Report, a str or a mapping")
    try:
        return to_report(fields, f"item {place}")
    except InputError as error:
        return error


def _outcome(
    item: Report | InputError, form: Form[T], reader: str, lexicon: str | Path | None
) -> T | InputError:
    """What becomes of one item. Whatever a reader raises costs this report only."""
    if isinstance(item, InputError):
        return item
    try:
        return form(item, load(reader, lexicon).read(item))
    except InputError as error:
        return error
    except SijillError:
        raise
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return InputError(f"report {item.id}", f"the reader stopped ({reason})", PLEASE_REPORT)
