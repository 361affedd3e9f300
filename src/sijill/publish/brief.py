"""A brief as blocks: headings, sentences, numbers, tables and charts, in one language.

`compose` makes the blocks once; `brief_html`, `brief_pdf` and `brief_docx` only set them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from sijill.incidents import Incident
from sijill.publish.about import sentences
from sijill.publish.agreement import Case, Digits, counted, figures, in_digits, listed
from sijill.publish.blocks import Block, Brief, Bullets, Chart, Grid, Heading, Numbers, Paragraph
from sijill.publish.charts import ChartSpec, Series, Step
from sijill.publish.checks import Check
from sijill.publish.columns import UNTOLD, sums
from sijill.publish.drawing import governorates
from sijill.publish.names import PUBLISH, Label, Lang, Names, english, read_yaml
from sijill.publish.period import Period
from sijill.publish.profile import Profile
from sijill.publish.summary import Count, Revision, Summary, best


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """What a brief says of itself beside its numbers. `today` is an ISO day."""

    profile: Profile
    today: str
    head: str | None = None
    digits: Digits = "latin"
    alarms: list[Label] | None = None
    change: list[Label] = []
    checks: list[Check] = []


@lru_cache(maxsize=1)
def texts() -> dict[str, Any]:
    """The sentences of `data/publish/brief.yaml`."""
    told: dict[str, Any] = read_yaml(PUBLISH / "brief.yaml")
    return told


def compose(summary: Summary, names: Names, marks: Marks, lang: Lang) -> Brief:
    """The brief of a summary in a language."""
    return _Writer(summary, names, marks, lang).brief()


class _Writer:
    """Writes one brief."""

    def __init__(self, summary: Summary, names: Names, marks: Marks, lang: Lang) -> None:
        self.sum, self.names, self.marks, self.lang = summary, names, marks, lang
        self.digits: Digits = marks.digits if lang == "ar" else "latin"
        self.least = marks.profile.small_cell

    def brief(self) -> Brief:
        """All blocks in their order."""
        period = self.period(self.sum.period)
        title = self.say(f"title_{self.sum.period.kind}", period=period)
        blocks: list[Block] = [Heading(title, 1), *self.opening()]
        if self.sum.total.incidents:
            for part in (self.numbers, self.places, self.time, self.groups, self.deadliest, self.revised):
                blocks += part()
        for part in (self.alarms, self.checks, self.closing):
            blocks += part()
        return Brief(lang=self.lang, title=title, blocks=blocks)

    # --- words

    def say(self, name: str, **filled: object) -> str:
        """A sentence of the file, filled."""
        text: str = texts()[name][self.lang]
        return text.format(**filled)

    def number(self, value: int | None) -> str:
        """A number; what stands for one that is not told."""
        return self.say("not_told") if value is None else figures(value, self.lang, self.digits)

    def cell(self, value: int | None) -> str:
        """A number of an aggregate; small ones are not told."""
        if value is not None and 0 < value < self.least:
            return self.say("fewer", number=figures(self.least, self.lang, self.digits))
        return self.number(value)

    def count(self, number: int, noun: str, case: Case = "nominative") -> str:
        """A number with its noun."""
        return counted(number, noun, self.lang, case=case, digits=self.digits)

    def day(self, when: date, form: str = "day") -> str:
        """A day as people write it."""
        month = texts()["months"][self.lang][when.month - 1]
        return in_digits(self.say(form, day=when.day, month=month, year=when.year), self.digits)

    def period(self, period: Period) -> str:
        """A period as people write it."""
        if period.kind == "month":
            month = texts()["months"][self.lang][period.first.month - 1]
            return in_digits(self.say("month", month=month, year=period.first.year), self.digits)
        return self.say("week", first=self.day(period.first), last=self.day(period.last))

    def place(self, code: str) -> str:
        """The name of a governorate; of a country where no governorate is told."""
        if len(code) == 2:
            return self.say("somewhere", country=self.names.unit(code, self.lang))
        return self.names.unit(code, self.lang) or self.say("unplaced")

    def sources(self, said: Sequence[str]) -> str:
        """Sources by their names."""
        joint = self.say("comma")
        return joint.join(self.names.source(one, self.lang) for one in said) or self.say("not_told")

    # --- parts

    def opening(self) -> list[Block]:
        """The sentences at the top."""
        total, earlier = self.sum.total, self.sum.earlier
        period, before = self.period(self.sum.period), self.period(self.sum.period.before())
        if not total.incidents:
            return [Paragraph(self.say("nothing", period=period))]
        lines = [self.headline(total, period)]
        if total.civilians:
            lines.append(self.say("civilians", civilians=self.count(total.civilians, "civilian")))
        if earlier.incidents:
            lines.append(self.before(total, earlier, before))
            lines += [line.of(self.lang) for line in self.marks.change]
        else:
            lines.append(self.say("nothing_before", before=before))
        top = max(self.sum.places.items(), key=lambda row: row[1].killed or 0)
        if total.killed and top[0] and (top[1].killed or 0) * 2 > total.killed:
            lines.append(self.say("spread", place=self.place(top[0])))
        blocks: list[Block] = [Paragraph(" ".join(lines)), Paragraph(self.reviewed(total))]
        if self.sum.undated:
            told = self.say("undated", count=self.count(self.sum.undated, "incident"))
            blocks.append(Paragraph(told, small=True))
        return blocks

    def headline(self, total: Count, period: str) -> str:
        """The first sentence."""
        form = "headline" if total.wounded else "headline_killed"
        if not total.killed:
            form = "headline_none"
        return self.say(
            form, period=period, incidents=self.count(total.incidents, "incident"),
            incidents_obl=self.count(total.incidents, "incident", "oblique"),
            killed=self.count(total.killed or 0, "person"), wounded=self.number(total.wounded),
            killed_obl=self.count(total.killed or 0, "person", "oblique"),
            wounded_obl=self.count(total.wounded or 0, "person", "oblique"),
        )  # fmt: skip

    def before(self, total: Count, earlier: Count, before: str) -> str:
        """The sentence that compares."""
        now, then = total.killed or 0, earlier.killed or 0
        change = ""
        if then:
            percent = round(abs(now - then) * 100 / then)
            form = "same" if now == then else "more" if now > then else "less"
            change = self.say(form, percent=figures(percent, self.lang, self.digits))
        return self.say(
            "than_before", before=before, change=change,
            incidents=self.count(earlier.incidents, "incident"), killed=self.number(then),
            incidents_obl=self.count(earlier.incidents, "incident", "oblique"),
            killed_obl=self.count(then, "person", "oblique"),
        )  # fmt: skip

    def reviewed(self, total: Count) -> str:
        """How much of it a person has checked."""
        if not total.reviewed:
            return self.say("reviewed_none")
        if total.reviewed == total.incidents:
            return self.say("reviewed_all")
        return self.say(
            "reviewed", reviewed=self.count(total.reviewed, "incident"),
            incidents=self.count(total.incidents, "incident"),
            reviewed_obl=self.count(total.reviewed, "incident", "oblique"),
            incidents_obl=self.count(total.incidents, "incident", "oblique"),
        )  # fmt: skip

    def numbers(self) -> list[Block]:
        """The headline numbers."""
        now, then = self.sum.total, self.sum.earlier
        items = []
        for name in ("incidents", "killed", "civilians", "wounded"):
            before = self.say("before", number=self.number(getattr(then, name))) if then.incidents else ""
            items.append((self.number(getattr(now, name)), self.say(f"number_{name}"), before))
        return [Heading(self.say("numbers")), Numbers(items)]

    def places(self) -> list[Block]:
        """The map and the table by governorate."""
        rows = sorted(
            self.sum.places.items(), key=lambda row: (-(row[1].killed or 0), -row[1].incidents, row[0])
        )
        head = [
            self.say(f"col_{name}")
            for name in ("place", "incidents", "killed", "civilians", "wounded", "before")
        ]
        grid = []
        for code, count in rows:
            then = self.sum.places_before.get(code)
            cells = [
                count.incidents,
                count.killed,
                count.civilians,
                count.wounded,
                then.killed if then else None,
            ]
            grid.append([self.place(code), *map(self.cell, cells)])
        blocks: list[Block] = [Heading(self.say("by_place"))]
        shaped = [(code, count) for code, count in rows if code in governorates()]
        if shaped:
            blocks += [Chart(self.map(shaped)), Paragraph(self.say("borders"), small=True)]
        return [*blocks, Grid(head, grid)]

    def map(self, rows: Sequence[tuple[str, Count]]) -> ChartSpec:
        """The map of the killed."""
        label = Label(texts()["col_killed"]["en"], texts()["col_killed"]["ar"])
        values: list[float | None] = [
            None if count.killed is not None and 0 < count.killed < self.least else count.killed
            for _, count in rows
        ]
        return ChartSpec(
            kind="map", title=self.title("chart_map", period=self.period(self.sum.period)), unit=label,
            categories=[code for code, _ in rows],
            names=[Label(self.names.unit(code), self.names.unit(code, "ar")) for code, _ in rows],
            series=[Series(label=label, values=values)], direction=self.direction(), digits=self.digits,
        )  # fmt: skip

    def time(self) -> list[Block]:
        """Incidents day by day."""
        period = self.sum.period
        days = [date.fromordinal(period.first.toordinal() + at) for at in range(period.days)]
        label = Label(texts()["col_incidents"]["en"], texts()["col_incidents"]["ar"])
        spec = ChartSpec(
            kind="line", title=self.title("chart_days", period=self.period(period)), unit=label,
            categories=[each.isoformat() for each in days],
            names=[Label(str(each.day), in_digits(str(each.day), self.digits)) for each in days],
            series=[Series(label=label, values=[self.sum.days[each] for each in days])],
            direction=self.direction(), digits=self.digits,
        )  # fmt: skip
        return [Chart(spec)]

    def groups(self) -> list[Block]:
        """The table by group, with the sources that name them."""
        if not self.sum.groups:
            return []
        rows = sorted(
            self.sum.groups.items(), key=lambda row: (-(row[1].killed or 0), -row[1].incidents, row[0])
        )
        head = [self.say(f"col_{name}") for name in ("group", "incidents", "killed", "civilians", "wounded")]
        grid = [
            [
                self.names.actor(code, self.lang),
                *map(self.cell, (one.incidents, one.killed, one.civilians, one.wounded)),
            ]
            for code, one in rows
        ]
        said = self.sources([name for name, _ in self.sum.sources.most_common(8)])
        return [
            Heading(self.say("by_group")),
            Grid(head, grid),
            Paragraph(self.say("by_group_said", sources=said), small=True),
        ]

    def deadliest(self) -> list[Block]:
        """The deadliest incidents, each with its sources, and their line of time."""
        if not self.sum.deadliest:
            return []
        blocks: list[Block] = [Heading(self.say("deadliest"))]
        steps = [self.step(one) for one in self.sum.deadliest if one.start == one.end]
        if len({step.day for step in steps}) > 1:
            steps.sort(key=lambda step: step.day)
            label = Label(texts()["col_killed"]["en"], texts()["col_killed"]["ar"])
            spec = ChartSpec(
                kind="timeline", title=self.title("chart_timeline"), unit=label, steps=steps,
                direction=self.direction(), digits=self.digits,
            )  # fmt: skip
            blocks.append(Chart(spec))
        return [*blocks, Bullets([self.deadly(one) for one in self.sum.deadliest])]

    def step(self, incident: Incident) -> Step:
        """An incident on the line of time."""
        killed = best(sums(incident.tolls)[0].get("killed", UNTOLD)) or 0
        said = f"{self.where(incident)}: {figures(killed, self.lang, self.digits)}"
        return Step(day=incident.start or "", label=Label(said, said), best=killed)

    def where(self, incident: Incident) -> str:
        """The place of an incident, with its governorate where that is another name."""
        place = incident.place
        if place is None:
            return self.say("unplaced")
        if self.lang == "ar":
            return place.name
        entry = self.names.places.get(place.id or "")
        return english(entry) if entry else place.name

    def deadly(self, incident: Incident) -> str:
        """One of the deadliest incidents in a sentence."""
        tolls = sums(incident.tolls)[0]
        killed, wounded = best(tolls["killed"]) or 0, best(tolls.get("wounded", UNTOLD))
        more = self.say("deadly_wounded", wounded=self.count(wounded, "wounded")) if wounded else ""
        actors = listed([self.names.actor(code, self.lang) for code in incident.actors], self.lang)
        said = self.say(
            "deadly", day=self.when(incident), action=self.names.action(incident.action, self.lang),
            place=self.where(incident), killed=self.count(killed, "killed"), wounded=more,
            by=self.say("deadly_by", actors=actors) if actors else "",
            sources=self.sources(incident.sources or incident.outlets),
        )  # fmt: skip
        return said + ("" if incident.reviewed else self.say("unreviewed"))

    def when(self, incident: Incident) -> str:
        """The day of an incident, or its span."""
        first, last = (date.fromisoformat(told or "") for told in (incident.start, incident.end))
        if first == last:
            return self.day(first, "day_short")
        return self.say("week", first=self.day(first, "day_short"), last=self.day(last, "day_short"))

    def revised(self) -> list[Block]:
        """Tolls that changed, and how the one changed that changed most."""
        if not self.sum.revisions:
            return []
        lines = [
            self.say(
                "revision", day=self.when(one.incident), place=self.where(one.incident),
                action=self.names.action(one.incident.action, self.lang), first=self.number(one.first),
                best=self.number(one.best), sources=self.sources(one.incident.sources),
            )
            for one in self.sum.revisions
        ]  # fmt: skip
        return [Heading(self.say("revised")), Bullets(lines), Chart(self.history(self.sum.revisions[0]))]

    def history(self, change: Revision) -> ChartSpec:
        """How a toll changed."""
        steps = []
        for figure in change.figures:
            label = Label(self.names.source(figure.source, "en"), self.names.source(figure.source, "ar"))
            low, high = figure.low, figure.high
            at = low if low is not None else high
            steps.append(Step(day=figure.published or "", label=label, low=low, best=at, high=high))
        label = Label(texts()["col_killed"]["en"], texts()["col_killed"]["ar"])
        return ChartSpec(
            kind="toll-history", title=self.title("chart_toll", where=self.where(change.incident)),
            unit=label, steps=steps[:12], direction=self.direction(), digits=self.digits,
        )  # fmt: skip

    def alarms(self) -> list[Block]:
        """What stands out, where somebody looked."""
        if self.marks.alarms is None:
            return []
        told = [alarm.of(self.lang) for alarm in self.marks.alarms]
        said: Block = Bullets(told) if told else Paragraph(self.say("no_alarms"))
        return [Heading(self.say("alarms")), said]

    def checks(self) -> list[Block]:
        """Published figures beside the register's own."""
        if not self.marks.checks:
            return []
        lines = [self.check(one) for one in self.marks.checks]
        return [Heading(self.say("checks")), Bullets(lines)]

    def check(self, one: Check) -> str:
        """One published figure beside the register's own."""
        tally, measure = one.tally, texts()["measures"][one.tally.measure]
        low, high = tally.low, tally.high
        figure = (
            self.number(low) if low == high else f"{self.number(low)}–{self.number(high) if high else '…'}"
        )
        scope = [measure[self.lang]]
        scope += [self.names.actor(code, self.lang) for code in (tally.group, tally.by) if code]
        if tally.place and tally.place.admin1:
            scope.append(self.place(tally.place.admin1))
        joint = self.say("comma")
        return self.say(
            "check", sources=self.sources(tally.sources), figure=figure, measure=joint.join(scope),
            period=self.span(one), own=self.number(one.own), result=texts()["results"][one.result][self.lang],
        )  # fmt: skip

    def span(self, one: Check) -> str:
        """The days of a published figure: the brief's own, else from and to."""
        first = date.fromisoformat(one.since) if one.since else None
        last = date.fromisoformat(one.until)
        period = self.sum.period
        if (first, last) == (period.first, period.last):
            return self.period(period)
        return self.say("week", first=self.day(first) if first else "…", last=self.day(last))

    def closing(self) -> list[Block]:
        """Method, caveats, and what it was made from."""
        method, caveats = sentences(self.marks.profile, self.lang, brief=True)
        caveats = [in_digits(line, self.digits) for line in caveats]
        head = (self.marks.head or "-")[:16]
        foot = self.say(
            "foot", day=self.day(date.fromisoformat(self.marks.today)), head=head,
            profile=self.say(self.marks.profile.name),
        )  # fmt: skip
        return [
            Heading(self.say("caveats")), Bullets(caveats), Heading(self.say("method")), Bullets(method),
            Paragraph(foot, small=True),
        ]  # fmt: skip

    # --- charts

    def title(self, name: str, **filled: object) -> Label:
        """A chart's title; both languages hold that of the brief."""
        said = self.say(name, **filled)
        return Label(said, said)

    def direction(self) -> Any:
        """The direction of charts."""
        return "rtl" if self.lang == "ar" else "ltr"
