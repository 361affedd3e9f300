"""Pages of numbers and of the desk itself: tallies, checks, alarms, sources, log, settings."""

from __future__ import annotations

from typing import Any

from sijill import ask as questions
from sijill import settings as table_of_settings
from sijill.errors import UsageError
from sijill.ledger import fresh
from sijill.publish.charts import ChartSpec, Series, svg
from sijill.publish.names import Label
from sijill.tally import words
from sijill.tally.check import check
from sijill.tally.count import DIMENSIONS, count
from sijill.tally.figures import MEASURES
from sijill.tally.scope import of_tally
from sijill.tally.table import Table
from sijill.tally.watch_table import watch_table
from sijill.web.desk import Ask, Missing
from sijill.web.reading import Page
from sijill.web.texts import both, text

ROWS = 300
LOG = 100
ASKED = ("by", "measure", "where", "since", "until")


def table_of(ask: Ask) -> Table:
    """The incidents that this person may see, in columns."""
    shelf = ask.desk.shelf
    shelf.refresh()
    clearance = ask.person.clearance
    if clearance >= 2:
        return shelf.kept("table 2", lambda: questions.table_of_register(ask.desk.register, ask.desk.place))
    return shelf.kept(f"table {clearance}", lambda: Table.of(
        one for one in ask.desk.register.incidents() if ask.sees(one.sensitivity)))  # fmt: skip


def tallies(ask: Ask) -> Page:
    """Counts by one or two dimensions; every number leads to the incidents behind it."""
    by = [name for name in (ask.told("by") or "governorate").split(",") if name][:2]
    measures = [name for name in (ask.told("measure") or "incidents,killed,wounded").split(",") if name]
    asked = ask.asked()
    found = count(table_of(ask), by=by, measures=measures, asked=asked)
    page: Page = {
        "by": by, "measures": measures, "dimensions": DIMENSIONS, "known_measures": MEASURES,
        "columns": found.columns(), "keys": found.keys[:ROWS], "incidents": found.incidents[:ROWS],
        "sums": {name: sums[:ROWS] for name, sums in found.sums.items()}, "total": found.total,
        "totals": found.totals, "left_out": found.left_out, "overlapping": found.overlapping,
        "more": max(0, len(found.keys) - ROWS), "why": None, "behind": [],
        "query": {key: ask.told(key) for key in ASKED if ask.told(key)},
        "chart_svg": _chart(ask, found) if len(by) == 1 and found.keys else "",
    }  # fmt: skip
    if ask.told("why"):
        ids = found.why(ask.told("why"))
        page |= {"why": ask.told("why"), "behind_count": len(ids),
                 "behind": list(questions.incidents(ask.desk.register, ids[:100]))}  # fmt: skip
    return page


def _chart(ask: Ask, found: Any) -> str:
    """The cells with most incidents as bars."""
    cells = sorted(zip(found.keys, found.incidents, strict=True), key=lambda cell: -cell[1])[:15]
    if found.by[0] in ("month", "week", "day", "year"):
        cells = sorted(cells)
    names = [Label(cell_name(ask, found.by[0], key[0], "en"), cell_name(ask, found.by[0], key[0], "ar"))
             for key, _ in cells]  # fmt: skip
    spec = ChartSpec(
        kind="bar", title=both("nav.tallies"), unit=both("word.incidents"),
        categories=[key[0] for key, _ in cells], names=names,
        series=[Series(label=both("word.incidents"), values=[float(often) for _, often in cells])],
        direction="rtl" if ask.lang == "ar" else "ltr",
    )  # fmt: skip
    return svg(spec, width=720)


def cell_name(ask: Ask, by: str, word: str, lang: Any) -> str:
    """What a cell is called."""
    known = ask.desk.names
    if word in words.entry("rows"):
        row = words.say(f"rows.{word}")
        return row.ar if lang == "ar" else row.en
    if by in ("governorate", "district", "country"):
        return known.unit(word, lang)
    if by in ("actor", "target"):
        return known.actor(word, lang)
    if by == "action":
        return known.action(word, lang)
    if by == "source":
        return known.source(word, lang)
    said = text(f"standing.{word}", lang)
    return word if said == f"standing.{word}" else said


def checks(ask: Ask) -> Page:
    """Published figures against what the register holds."""
    held = [one for one in ask.desk.register.tallies() if ask.sees(one.sensitivity) and not one.retracted]
    figures = [of_tally(one.record, id=one.id, published=one.published, text=one.words) for one in held]
    found = check(table_of(ask), figures[:ROWS])
    home = {one.id: one.report for one in held}
    return {
        "counts": found.counts(), "more": max(0, len(figures) - ROWS),
        "verdicts": [{"verdict": one, "report": home[one.figure.id]} for one in found.verdicts],
    }  # fmt: skip


def alarms(ask: Ask) -> Page:
    """Surges in weekly counts by governorate."""
    page: Page = {"surges": [], "cannot": None, "years": 0.0}
    try:
        found = ask.desk.shelf.kept(f"watch {ask.person.clearance}", lambda: watch_table(table_of(ask)))
    except UsageError as error:
        return page | {"cannot": str(error)}
    surges = sorted(found.surges, key=lambda one: (one.week, one.where), reverse=True)
    return page | {"surges": surges[:ROWS], "years": round(found.years, 1)}


def sources(ask: Ask) -> Page:
    """The outlets with how much each told, and the feeds."""
    chosen = ask.desk.shelf.choose(ask.asked(), ask.person.clearance)
    known = chosen.facets()["source"]
    wanted = ask.told("outlet") or None
    with ask.desk.register.reading() as connection:
        outlets = fresh.outlets(connection)
        arrived = fresh.arrived(connection, 60, wanted)
        hidden = fresh.hidden_reports(connection)
    feeds = ask.desk.register.recorded("feed")
    shown = [one for one in arrived if ask.sees(one.sensitivity)]
    return {
        "outlets": [{"outlet": name, "reports": often, "first": first, "last": last,
                     "incidents": known.get(name or "", 0)} for name, often, first, last in outlets]
        if ask.person.clearance >= 2 or not hidden else _open_outlets(ask),
        "feeds": sorted(name for name, body in feeds.items() if body), "arrived": shown, "outlet": wanted,
    }  # fmt: skip


def _open_outlets(ask: Ask) -> list[dict[str, Any]]:
    """Outlets as this person may know them: from the incidents that they may see alone."""
    known = ask.desk.shelf.choose(ask.asked(), ask.person.clearance).facets()["source"]
    return [{"outlet": name, "reports": None, "first": None, "last": None, "incidents": often}
            for name, often in known.most_common(200)]  # fmt: skip


def log(ask: Ask) -> Page:
    """Who did what, the latest first. Only for those who may see everything: keys and reasons tell much."""
    if ask.person.clearance < 2:
        raise Missing("log")
    before = ask.number("before", 0, 10**9) or None
    with ask.desk.register.reading() as connection:
        entries = fresh.entries(connection, before=before, most=LOG, key=ask.told("key") or None)
    number, digest = ask.desk.register.head()
    return {
        "entries": entries, "head": number, "hash": digest, "key": ask.told("key"),
        "older": entries[-1].n if len(entries) == LOG else None,
    }  # fmt: skip


def settings(ask: Ask) -> Page:
    """The settings that hold, and the desk's own."""
    rows = [
        {"name": row.name, "value": str(table_of_settings.value(row.name)), "env": row.env, "help": row.help}
        for row in table_of_settings.SETTINGS
        if row.name not in ("key",)
    ]
    counts = ask.desk.register.counts() if ask.person.clearance >= 2 else {}
    return {
        "settings": rows, "who": ask.person.name, "clearance": ask.person.clearance, "counts": counts,
        "register": ask.desk.place.rpartition("@")[2], "saved": _saved(ask),
    }  # fmt: skip


def _saved(ask: Ask) -> list[tuple[str, str]]:
    """The saved filters."""
    from sijill.web.reading import saved

    return saved(ask)
