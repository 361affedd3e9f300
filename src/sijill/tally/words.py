"""Sentences and labels of answers, in Arabic and English, from `data/publish/asking.yaml`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sijill.lexicon.compile import load_yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "publish" / "asking.yaml"


class Said(NamedTuple):
    """One sentence in both languages."""

    en: str
    ar: str


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = load_yaml(_FILE)
    return data


def entry(path: str) -> Any:
    """What stands at a path such as `compare.rose`."""
    found: Any = _data()
    for part in path.split("."):
        found = found[part]
    return found


def say(path: str, **values: object) -> Said:
    """A sentence with its values filled in; a value that is itself Said goes in by language."""

    def filled(lang: str) -> str:
        own = {
            key: getattr(value, lang) if isinstance(value, Said) else _dated(value, lang)
            for key, value in values.items()
        }
        return str(entry(path)[lang]).format(**own)

    return Said(filled("en"), filled("ar"))


_PERIODS = re.compile(r"(?<=\d)/(?=\d{4}-)")
_DAY = re.compile(r"\b(\d{4})-(\d\d)(?:-(\d\d))?\b")


def arabic_dates(text: str) -> str:
    """ISO dates as Arabic prose writes them: 2024/03/24, which stays in one piece between Arabic words.

    A hyphen between digits does not: after an Arabic letter it turns 2024-03 into 03-2024.
    """
    apart = _PERIODS.sub(" \N{EN DASH} ", text)
    return _DAY.sub(lambda found: "/".join(part for part in found.groups() if part), apart)


def _dated(value: object, lang: str) -> object:
    return arabic_dates(value) if lang == "ar" and isinstance(value, str) else value


def note() -> Said:
    """What every output says: these figures are documented minimums."""
    return say("note")


def measure_name(measure: str) -> Said:
    """A measure as a label."""
    return say(f"measures.{measure}")


def number(value: float | None, digits: int = 2) -> str:
    """A figure as it is told: 3 significant digits for small ones; `?` for None, `∞` for no end."""
    if value is None:
        return "?"
    if value == float("inf"):
        return "∞"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.{digits}f}"
