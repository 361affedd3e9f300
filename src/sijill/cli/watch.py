"""`sijill watch`: surges by place (or actor) and week, each told once at its onset."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from sijill.cli import asking
from sijill.cli.main import OK
from sijill.filters import first_day
from sijill.tally import delay as delays
from sijill.tally.watch import Watched
from sijill.tally.watch_table import watch_table
from sijill.tally.words import Said, measure_name, number, say

_EPILOG = """\b
Two detectors: Farrington's flexible algorithm (a week that stands out; needs a year and a half of past)
and a CUSUM (a rise that lasts; needs 16 weeks). docs/asking.md says how they work and how well.
A register's own reporting delay lowers what is expected of the last weeks; --delay sets another.

\b
Examples:
  sijill watch --db war.db --since 2024-01
  sijill watch --db war.db --by actor --measure incidents --where place=SY09
"""


def _names(ctx: click.Context, param: click.Parameter, given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


@click.command(epilog=_EPILOG)
@click.option(
    "--by", default="governorate", show_default=True, metavar="NAME", help="governorate, district, actor ..."
)
@click.option(
    "--measure", "measures", callback=_names, default="incidents,killed", show_default=True, metavar="NAMES",
    help="What is watched.",
)  # fmt: skip
@click.option(
    "--delay", default="auto", show_default=True, metavar="SHARES",
    help="Shares known after 0, 1, 2 ... days, as 0.5,0.8,1; none; or auto, from the register.",
)  # fmt: skip
@click.option("--since", metavar="DATE", help="Only surges that begin on or after this day.")
@click.option("--where", default="", metavar="FILTER", help="Which incidents: key=value words.")
@asking.sources
@asking.output
def command(
    by: str, measures: tuple[str, ...], delay: str, since: str | None, where: str, db: str,
    files: tuple[Path, ...], as_of: str | None, form: str | None, out: Path | None,
) -> int:  # fmt: skip
    """Surges by place (or actor) and week, each told once at its onset."""
    table = asking.table_of(db, files, as_of)
    found = watch_table(
        table, by=by, measures=measures, asked=asking.filter_of(where, None, None),
        since=first_day(since) if since else None, now=asking.day_of(as_of),
        delay=None if delay == "auto" else delays.parse(delay),
    )  # fmt: skip
    content = {"series_years": round(found.years, 1), "settings": asdict(found.settings),
               "ids": [{"where": one.where, "week": one.week, "measure": one.measure, "incidents": one.ids}
                       for one in found.surges]}  # fmt: skip
    after = [f"watched: {number(found.years)} series-years; false discovery rate {found.settings.fdr} "
             f"among the weeks that Farrington's algorithm calls out"]  # fmt: skip
    asking.write(found, form=form, out=out, content=content, said=_said(found, by), after=after)
    return OK


def _said(found: Watched, by: str) -> list[Said]:
    """The five latest surges as sentences."""
    if not found.surges:
        return [say("watch.quiet")]
    latest = sorted(found.surges, key=lambda one: one.week, reverse=True)[:5]
    return [
        say("watch.surge", where=asking.label(by, one.where), week=one.week, count=one.count,
            measure=measure_name(one.measure), expected=number(one.expected), base=one.weeks_before)
        for one in latest
    ]  # fmt: skip
