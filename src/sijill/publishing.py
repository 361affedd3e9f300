"""Exports and briefs of a register: what `reg.export`, `reg.brief` and the commands do.

export(register, "incidents.parquet")                    the public profile
brief(register, "2024-03", "march.pdf", lang="both")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from sijill import filters
from sijill.errors import UsageError
from sijill.filters import Filter
from sijill.incidents import HeldMention, Incident
from sijill.ledger.held import Held
from sijill.ledger.register import Register
from sijill.publish import period as periods
from sijill.publish.about import Request
from sijill.publish.blocks import Brief
from sijill.publish.brief import Marks, compose
from sijill.publish.checks import checks
from sijill.publish.export import Done, Exporter, container, reckoned
from sijill.publish.material import Material
from sijill.publish.names import Label, Lang, names
from sijill.publish.profile import Profile, Safety, profile
from sijill.publish.setting import SETTERS
from sijill.publish.summary import Summary, Summer
from sijill.records import Control, Tally
from sijill.tally.compare import compare
from sijill.tally.table import Table
from sijill.tally.watch_table import watch_table
from sijill.tally.words import Said, measure_name, number, say

T = TypeVar("T", Tally, Control)
Languages = Literal["ar", "en", "both"]
PART = 2000
"""So many mentions are fetched at a time."""


class RegisterMaterial:
    """The records of a register, as exports and briefs ask for them."""

    def __init__(self, register: Register) -> None:
        self.register = register

    def incidents(self, asked: Filter, as_of: str | None = None) -> Iterator[Incident]:
        """The incidents that fit, as they were known at the end of a day."""
        return self.register.incidents(asked if asked != Filter() else None, as_of)

    def mentions(self, asked: Filter, as_of: str | None = None) -> Iterator[HeldMention]:
        """The mentions of the incidents that fit."""
        if asked == Filter() and as_of is None:
            yield from self.register.mentions()
            return
        part: list[str] = []
        for incident in self.incidents(asked, as_of):
            part += incident.mentions
            if len(part) >= PART:
                yield from self.register.mentions(part)
                part = []
        if part:
            yield from self.register.mentions(part)

    def tallies(self, *, restricted: bool = False) -> Iterator[Tally]:
        """Published figures; those of restricted reports only where they are asked for."""
        return _open(self.register.tallies(), restricted)

    def controls(self, *, restricted: bool = False) -> Iterator[Control]:
        """Who holds what; what restricted reports say only where it is asked for."""
        return _open(self.register.controls(), restricted)

    def head(self) -> str | None:
        """Hash of the log's last entry."""
        return self.register.head()[1]


def _open(held: Iterable[Held[T]], restricted: bool) -> Iterator[T]:
    """The records that may be seen, with the register's ids."""
    for one in held:
        if not one.retracted and (restricted or one.sensitivity == "public"):
            yield msgspec.structs.replace(one.record, id=one.id)


def today() -> str:
    """The day it is, UTC."""
    return datetime.now(UTC).date().isoformat()


def export(
    material: Material,
    out: str | Path,
    *,
    format: str | None = None,
    profile_name: str = "public",
    where: str = "",
    as_of: str | None = None,
    form: Literal["wide", "long"] = "wide",
    hxl: bool = False,
    lang: Lang = "ar",
    licence: str = "CC-BY-4.0",
) -> Done:
    """Writes an export into a file and its description beside it; what it came to.

    `format` is what the suffix of `out` says where it is not told. The file appears whole or not at
    all; UsageError for a format, filter or place that cannot be.
    """
    path = Path(out)
    chosen = format or path.suffix.lower().lstrip(".")
    request = Request(
        format=chosen, profile=profile(profile_name), asked=filters.parse(where), filter_text=where,
        as_of=as_of, today=today(), form=form, hxl=hxl, lang=lang, licence=licence, head=material.head(),
    )  # fmt: skip
    exporter = Exporter(material, request)
    if not path.parent.is_dir():
        raise UsageError(f"{path}: the folder does not exist; make it first")
    draft = path.with_name(f".{path.name}.tmp")
    try:
        with draft.open("wb") as stream:
            table = exporter.main(stream, container(chosen, path))
        exporter.describe(table, path.name, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    path.with_name(f"{path.stem}.datapackage.json").write_bytes(exporter.package())
    return exporter.done


def briefs(
    material: Material,
    period: str,
    *,
    lang: Languages = "ar",
    kept: Profile | None = None,
    asked: Filter | None = None,
    as_of: str | None = None,
    digits: Literal["latin", "arabic"] = "latin",
) -> tuple[list[Brief], Summary]:
    """The briefs of a period, one a language, and what they count; `kept` is the profile."""
    kept = kept or profile("public")
    day = as_of or today()
    safety = Safety(kept, reckoned(today(), as_of))
    summer = Summer(periods.parse(period))

    def walk() -> Iterator[Incident]:
        for incident in material.incidents(asked or Filter(), as_of):
            shown = safety.incident(incident)
            if shown is not None:
                summer.add(shown)
                yield shown

    table = Table.of(walk())
    summary = summer.done()
    told = map(safety.tally, material.tallies(restricted=kept.restricted))
    marks = Marks(
        profile=kept, today=day, head=material.head(), digits=digits, alarms=alarms(table, summary),
        change=change(table, summary), checks=checks(table, told, summary.period),
    )  # fmt: skip
    langs: Sequence[Lang] = ("ar", "en") if lang == "both" else ("en",) if lang == "en" else ("ar",)
    return [compose(summary, names(), marks, each) for each in langs], summary


def brief(
    material: Material, period: str, out: str | Path | Sequence[str | Path], *, lang: Languages = "ar",
    profile_name: str = "public", where: str = "", as_of: str | None = None,
) -> Summary:  # fmt: skip
    """Writes a brief into one or more files, as HTML, PDF or DOCX by their suffixes."""
    paths = [Path(one) for one in ([out] if isinstance(out, str | Path) else out)]
    forms = [form_of(path) for path in paths]
    made, summary = briefs(
        material, period, lang=lang, kept=profile(profile_name), asked=filters.parse(where), as_of=as_of
    )
    for path, form in zip(paths, forms, strict=True):
        path.write_bytes(SETTERS[form](made))
    return summary


def form_of(path: Path) -> str:
    """The form that a brief's file asks for by its suffix."""
    form = path.suffix.lower().lstrip(".")
    if form not in SETTERS:
        raise UsageError(f"{path}: a brief is .html, .pdf or .docx; name the file so")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: the folder does not exist; make it first")
    return form


def alarms(table: Table, summary: Summary) -> list[Label] | None:
    """The surges that begin in a week of the period; None where nobody can tell: too short a past,
    or the extra `stats` not there."""
    start, last = summary.period.first, summary.period.last.isoformat()
    first = (start - timedelta(days=start.weekday())).isoformat()
    found = _if_able(lambda: watch_table(table, asked=Filter(until=last), since=first, lately=True))
    if found is None:
        return None
    known = names()
    out = []
    for surge in sorted(found.surges, key=lambda one: (one.week, one.where)):
        filled = {
            "week": surge.week, "measure": measure_name(surge.measure), "count": surge.count,
            "expected": number(surge.expected), "base": surge.weeks_before,
        }  # fmt: skip
        place = Said(known.unit(surge.where), known.unit(surge.where, "ar"))
        said = say("watch.surge", where=place, **filled)
        out.append(Label(said.en, said.ar))
    return out


def change(table: Table, summary: Summary) -> list[Label]:
    """Whether killings rose or fell against the period before, as far as the data bear it out."""
    if not (summary.total.killed and summary.earlier.killed):
        return []
    now, then = summary.period, summary.period.before()
    found = _if_able(
        lambda: compare(table, f"{then.first}/{then.last}", f"{now.first}/{now.last}", measure="killed")
    )
    if found is None:
        return []
    said = say(f"compare.{found.verdict}")
    return [Label(said.en, said.ar)]


U = TypeVar("U")


def _if_able(work: Callable[[], U]) -> U | None:
    """What the work gives; None where the data are too few for it, or the extra is not there."""
    try:
        return work()
    except UsageError:
        return None
