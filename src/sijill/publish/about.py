"""What an export says of itself: method, caveats, profile, the state of the register it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from sijill.filters import Filter
from sijill.publish.names import PUBLISH, Label, Lang, read_yaml
from sijill.publish.profile import Profile

_CODES = r"(since|until|place|actor|target|action|status|outcome|weapon)=[A-Z0-9|/-]+"
_WORDS = r"(action|status|standing|outcome|weapon)=[a-z_|]+"
_PLAIN = re.compile(f"{_CODES}|{_WORDS}|reviewed=(yes|no)")


class About(msgspec.Struct, frozen=True):
    """The sentences of `data/publish/about.yaml`."""

    title: Label
    method: list[Label]
    caveats: list[Label]
    brief: list[Label]
    public: list[Label]
    internal: list[Label]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. `today` and `as_of` are ISO days; `head` names the register's state."""

    format: str
    profile: Profile
    today: str
    asked: Filter = Filter()
    filter_text: str = ""
    as_of: str | None = None
    form: str = "wide"
    hxl: bool = False
    lang: Lang = "ar"
    licence: str = "CC-BY-4.0"
    head: str | None = None


@lru_cache(maxsize=1)
def about() -> About:
    """The sentences."""
    return msgspec.convert(read_yaml(PUBLISH / "about.yaml"), About)


def sentences(profile: Profile, lang: Lang, *, brief: bool = False) -> tuple[list[str], list[str]]:
    """The method and the caveats, in a language; those of a table, or of a brief."""
    text = about()
    own = text.public if profile.name == "public" else text.internal
    filled = {"small_cell": profile.small_cell, "delay_days": profile.delay_days}
    caveats = [line.of(lang) for line in (*(text.brief if brief else text.caveats), *own)]
    method = text.method[:1] if brief else text.method
    return [line.of(lang) for line in method], [line.format(**filled) for line in caveats]


def facts(request: Request) -> dict[str, Any]:
    """The facts of an export, for its description."""
    told: dict[str, Any] = {
        "profile": request.profile.name,
        "grain": request.profile.grain,
        "filter": _filter(request),
        "as_of": request.as_of,
        "made": request.today,
        "register_head": request.head,
        "licence": request.licence,
    }
    return {name: fact for name, fact in told.items() if fact is not None}


def _filter(request: Request) -> str | None:
    """The filter as given; in a form for others only its codes and dates, for a word may be a secret."""
    if request.profile.people:
        return request.filter_text or None
    return " ".join(word for word in request.filter_text.split() if _PLAIN.fullmatch(word)) or None


def readme(request: Request) -> Iterator[tuple[str, str]]:
    """The read-me sheet: Arabic beside English."""
    yield about().title.ar, about().title.en
    for arabic, english in zip(
        sentences(request.profile, "ar"), sentences(request.profile, "en"), strict=True
    ):
        yield from zip(arabic, english, strict=True)
    for name, fact in facts(request).items():
        yield str(fact), name
