"""Options that several commands share, made from the table of settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sijill import settings
from sijill.errors import InputError
from sijill.sources.fields import iso_day

F = TypeVar("F", bound=Callable[..., Any])


def _day(ctx: click.Context, param: click.Parameter, given: str | None) -> str | None:
    """The ISO date of 2024-04-19 or 19/04/2024."""
    try:
        return iso_day(given, "--published") if given is not None else None
    except InputError:
        raise click.BadParameter(f"{given!r} is no date; write it as 2024-04-19") from None


def from_setting(name: str, *flags: str, kind: Any = None, metavar: str | None = None) -> Callable[[F], F]:
    """An option whose default, help and environment variable stand in the table of settings."""
    row = settings.setting(name)
    told = [flag for flag in flags if flag.startswith("-")] or [f"--{name.replace('_', '-')}"]
    own = next((flag for flag in flags if not flag.startswith("-")), name)
    return click.option(
        *told, own, type=kind, metavar=metavar, default=row.default, envvar=row.env,
        show_envvar=True, show_default=row.default not in (None, 0), help=row.help,
    )  # fmt: skip


published = click.option(
    "--published",
    callback=_day,
    metavar="DATE",
    help="The day of publication, for reports that do not tell it.",
)
lexicon = from_setting(
    "lexicon", kind=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER"
)
reader = from_setting("reader", metavar="NAME")
db = from_setting("db", metavar="FILE|URL")
who = from_setting("who", metavar="NAME")
weights = from_setting(
    "weights", kind=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
toll_policy = from_setting("toll_policy", "--policy", metavar="NAME")
jobs = from_setting("jobs", "-j", "--jobs", kind=click.IntRange(min=0), metavar="N")


def _known_on(ctx: click.Context, param: click.Parameter, given: str | None) -> str | None:
    """The last day of 2024-04-19, 2024-04 or 2024."""
    from sijill.filters import last_day  # loads the nouns, which most commands need not

    return last_day(given) if given is not None else None


as_of = click.option(
    "--as-of", callback=_known_on, metavar="DATE", help="As it was known at the end of that day."
)
profile = from_setting("profile", "--profile", "profile_name", kind=click.Choice(["public", "internal"]))
grain = from_setting("public_grain", "--grain", "grain", kind=click.Choice(["place", "district-week"]))
links = from_setting("public_links", "--links/--no-links", "links")
digits = from_setting("digits", "--digits", "digits", kind=click.Choice(["latin", "arabic"]))
licence = from_setting("licence", "--licence", "licence", metavar="NAME")


def also_named() -> tuple[str, ...]:
    """The outlets that the public profile may name though no list knows them."""
    told = str(settings.value("public_outlets") or "")
    return tuple(name.strip() for name in told.split("|") if name.strip())
