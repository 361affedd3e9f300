"""Pages as HTML: Jinja templates, escaped by default, in the language and light of the reader."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from sijill.errors import UsageError
from sijill.incidents import Incident
from sijill.publish import phrases
from sijill.publish.names import Lang, Names
from sijill.web.routes import PAGES
from sijill.web.telling import cell_name
from sijill.web.texts import text
from sijill.web.working import ACTIONS, OUTCOMES, STATUSES

HERE = Path(__file__).resolve().parent
ISOLATE, END = "\u2068", "\u2069"
"""Around a name that may run the other way than the text about it."""

THEMES = ("auto", "light", "dark")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates. What is not there is an error, so that no page is silently empty."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, autoescape=select_autoescape(default=True, default_for_string=True),
    )  # fmt: skip
    made.filters["json"] = _json
    made.filters["query"] = lambda values: urlencode(values)
    made.globals["PAGES"] = [row for row in PAGES if row.nav]
    return made


def _json(value: Any) -> str:
    """A value as short JSON, to be escaped like any text."""
    return msgspec.json.encode(value).decode()


class Tongue:
    """What templates say codes and texts with, in one language."""

    def __init__(self, lang: Lang, known: Names) -> None:
        self.lang, self.known = lang, known

    def __call__(self, key: str, **values: object) -> str:
        """A text of the desk."""
        return text(key, self.lang, **values)

    def ltr(self, said: str) -> str:
        """Words that run left to right wherever they stand, as an option of the command line."""
        return f"\u2066{said}{END}"

    def or_code(self, group: str, code: str | None) -> str:
        """A text of a group, or the code itself where there is none."""
        said = text(f"{group}.{code}", self.lang)
        return (code or "") if said == f"{group}.{code}" else said

    def action(self, code: str) -> str:
        """The name of an action."""
        return self.known.action(code, self.lang)

    def actor(self, code: str) -> str:
        """The name of a side."""
        return self.known.actor(code, self.lang)

    def source(self, code: str) -> str:
        """The name of a source; `medical@outlet` is a role that only this outlet quotes."""
        role, at, outlet = code.partition("@")
        if at:
            teller = self.known.source(outlet, self.lang)
            return f"{self.known.source(role, self.lang)} ({ISOLATE}{teller}{END})"
        return self.known.source(code, self.lang)

    def unit(self, code: str | None) -> str:
        """The name of a governorate or country."""
        return self.known.unit(code, self.lang)

    def standing(self, code: str) -> str:
        """How well attested an incident is."""
        label = self.known.standings.get(code)
        return label.of(self.lang) if label else code

    def facet(self, name: str, value: str) -> str:
        """A value of a facet by its name."""
        say = {
            "action": self.action, "actor": self.actor, "target": self.actor, "source": self.source,
            "admin1": self.unit, "standing": self.standing,
        }.get(name)  # fmt: skip
        return say(value) if say else self.or_code(name, value)

    def choices(self, field: str) -> list[tuple[str, str]]:
        """The values of a field with their names, as a form offers them."""
        if field == "action":
            return [(code, self.action(code)) for code in ACTIONS]
        return [
            (code, self.or_code(field, code)) for code in {"status": STATUSES, "outcome": OUTCOMES}[field]
        ]

    def sides(self, codes: list[str]) -> str:
        """Several sides in one line."""
        joint = text("word.list_comma", self.lang)
        return joint.join(self.actor(code) for code in codes) or text("word.not_told", self.lang)

    def where(self, one: Any) -> str:
        """A place with the governorate it lies in."""
        if one is None:
            return text("word.not_told", self.lang)
        larger = self.unit(one.admin1) if one.admin1 else self.unit(one.country)
        name = f"{ISOLATE}{one.name}{END}"
        return name if not larger or larger == one.name else f"{name} ({larger})"

    def toll(self, one: Incident, outcome: str) -> str:
        """A toll in short: best, and its ends where they differ."""
        low, best, high = one.toll(outcome)  # type: ignore[arg-type]
        if best is None and low is None and high is None:
            return ""
        span = self.span(low, high)
        shown = best if best is not None else low
        return f"{shown:,}" if shown is not None and span == f"{shown:,}" else (
            f"{shown:,} ({span})" if shown is not None else span)  # fmt: skip

    def span(self, low: int | None, high: int | None, approx: bool = False) -> str:
        """A range in words."""
        if self.lang == "en":
            said = phrases.figure(low, high, approx)
            return text("word.not_told", "en") if said == "?" else said
        if low is None and high is None:
            return text("word.not_told", "ar")
        if low is None:
            return text("word.up_to", "ar", n=high)
        if high is None:
            said = text("word.or_more", "ar", n=low)
        else:
            said = f"{low:,}" if low == high else f"{low:,}-{high:,}"
        return text("word.about", "ar", n=said) if approx else said

    def cell(self, by: str, word: str, ask: Any) -> str:
        """A cell of a tally."""
        return cell_name(ask, by, word, self.lang)

    def said(self, label: Any) -> str:
        """A sentence that exists in both languages."""
        return str(label.ar if self.lang == "ar" else label.en)


def page(name: str, values: dict[str, Any]) -> str:
    """A page as HTML. Values that end in `_svg` were drawn here and are set as they are."""
    drawn = {key: _markup(value) if key.endswith("_svg") else value for key, value in values.items()}
    return environment().get_template(f"{name}.html").render(drawn)


def _markup(value: Any) -> Any:
    """Drawn pictures, whose texts are escaped already."""
    if isinstance(value, list):
        return [Markup(one) for one in value]  # noqa: S704  made by maps.draw and charts.svg
    return Markup(value)  # noqa: S704


def theme_of(told: str) -> str:
    """The theme asked for; UsageError for none that there is."""
    if told not in THEMES:
        raise UsageError(f"a theme is one of {', '.join(THEMES)}")
    return told
