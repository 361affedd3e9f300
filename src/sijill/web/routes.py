"""Every page of the desk in one table: its address, what makes it, and how it is described at /api."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sijill.web import acts, reading, telling, working
from sijill.web.desk import Ask

FILTERS = reading.FIELDS
PAGED = (*FILTERS, "page", "rows")


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page and its .json twin: `name` is its template and the group of its texts."""

    path: str
    name: str
    make: Callable[[Ask], reading.Page]
    summary: str
    parameters: tuple[str, ...] = ()
    nav: bool = True


PAGES = (
    PageRow("/", "overview", reading.overview, "What is new, where, and what waits for a person."),
    PageRow("/incidents", "incidents", reading.incidents, "Incidents that fit a filter, with facets.", PAGED),
    PageRow("/review", "review", working.review, "The review queue, by consequence.", FILTERS),
    PageRow("/tallies", "tallies", telling.tallies, "Counts, with the incidents behind each number.",
            ("by", "measure", "why", *FILTERS)),
    PageRow("/checks", "checks", telling.checks, "Published figures against the register."),
    PageRow("/alarms", "alarms", telling.alarms, "Surges in weekly counts by governorate."),
    PageRow("/sources", "sources", telling.sources, "Outlets and what came in last.", ("outlet", *FILTERS)),
    PageRow("/enter", "enter", working.enter, "The form for an incident by hand."),
    PageRow("/try", "try", working.attempt, "The form for a text to try.", ("published",)),
    PageRow("/lexicon", "lexicon", working.lexicon, "Who bears a name, and where a word stands.", ("word",)),
    PageRow("/log", "log", telling.log, "Who did what, the latest first.", ("before", "key")),
    PageRow("/settings", "settings", telling.settings, "The settings that hold."),
    PageRow("/incidents/{id}", "incident", reading.incident, "One incident with all it rests on.", nav=False),
    PageRow("/reports/{id}", "report", reading.report, "One report, its records and custody.", nav=False),
)  # fmt: skip

ACTS: dict[str, tuple[Callable[[Ask, acts.Form], str], str]] = {
    "/decide": (acts.decide, "Correct, mark or give back a field."),
    "/review": (acts.review, "Accept, skip or take back in the queue."),
    "/judge": (acts.judge, "Say that mentions or incidents are the same, different or unsure."),
    "/undo": (acts.undo, "Take back what was judged in an entry of the log."),
    "/retract": (acts.retract, "Mark a report as not to be relied on."),
    "/filters": (acts.keep_filter, "Save a filter."),
    "/enter": (acts.enter, "Enter an incident by hand."),
}
"""What forms can do: each gives the address of the page that follows."""
