"""Every setting: one table that feeds the command line, the web desk and the docs.

A command-line option outranks the environment, and the environment outranks the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sijill.errors import UsageError

Value = str | int | bool | None


def _words(raw: str) -> str:
    """The value as it stands."""
    return raw


def _whole(raw: str) -> int:
    """A whole number, zero or more."""
    number = int(raw)
    if number < 0:
        raise ValueError("below zero")
    return number


def _positive(raw: str) -> int:
    """A whole number above zero."""
    number = int(raw)
    if number <= 0:
        raise ValueError("not above zero")
    return number


def _switch(raw: str) -> bool:
    """On or off: 1, true, yes, on; 0, false, no, off."""
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    if raw.strip().lower() not in words:
        raise ValueError("neither on nor off")
    return words[raw.strip().lower()]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, what holds where nobody says otherwise, and how it is given."""

    name: str
    default: Value
    env: str
    help: str
    parse: Callable[[str], Value] = _words
    form: str = "text"


SETTINGS: tuple[Setting, ...] = (
    Setting("reader", "grammar", "SIJILL_READER", "The reader that codes the reports."),
    Setting("lexicon", None, "SIJILL_LEXICON", "Folder of word files to lay over the built-in ones."),
    Setting(
        "jobs", 0, "SIJILL_JOBS",
        "How many processes read; 0 takes every core. Small inputs stay in one process.",
        _whole, "a whole number, 0 for every core",
    ),
    Setting(
        "max_report_mb", 10, "SIJILL_MAX_REPORT_MB",
        "The largest single report, in megabytes; a larger one is left out and named.",
        _positive, "a whole number above 0",
    ),
    Setting("profile", "public", "SIJILL_PROFILE", "What exports and briefs may show: public or internal."),
    Setting(
        "public_grain", "place", "SIJILL_PUBLIC_GRAIN",
        "district-week tells every place by its district and every day by its week.",
    ),
    Setting(
        "public_links", False, "SIJILL_PUBLIC_LINKS",
        "Keep addresses of reports in the public profile.", _switch, "1 or 0",
    ),
    Setting(
        "public_outlets", None, "SIJILL_PUBLIC_OUTLETS",
        "Outlets that the public profile may name beside those of the lists, divided by |.",
    ),
    Setting("digits", "latin", "SIJILL_DIGITS", "Digits of Arabic briefs and charts: latin or arabic."),
    Setting("licence", "CC-BY-4.0", "SIJILL_LICENCE", "The licence that exports name."),
    Setting(
        "db", "register.db", "SIJILL_DB",
        "The register: a file, sqlite:///FILE or postgresql://USER@HOST/NAME.",
    ),
    Setting("who", None, "SIJILL_WHO", "Who works here, for the log; the system's name for the user else."),
    Setting(
        "toll_policy", None, "SIJILL_TOLL_POLICY",
        "How an incident's best figure is chosen: latest, median, conservative or highest.",
    ),
    Setting(
        "max_file_mb", 200, "SIJILL_MAX_FILE_MB",
        "The largest file of a kind that is read as a whole (PDF, Office, chats), unpacked, in megabytes.",
        _positive, "a whole number above 0",
    ),
    Setting(
        "hosts", None, "SIJILL_HOSTS",
        "The hosts that may be reached, with commas between; *.example.org is all below one. Default: none.",
    ),
    Setting(
        "allow_private", False, "SIJILL_ALLOW_PRIVATE",
        "1 lets the listed hosts lie at private addresses or on this machine.",
        _switch, "1 or 0",
    ),
    Setting(
        "feeds", None, "SIJILL_FEEDS",
        "A file for the saved list of feeds. Default: the list lies in the register.",
    ),
    Setting(
        "key", None, "SIJILL_KEY",
        "The file with the key of the pseudonyms. Default: sijill/pseudonyms.key in the user's data folder.",
    ),
    Setting(
        "weights", None, "SIJILL_WEIGHTS",
        "File of weights for linking, as `sijill link --learn` writes it; the built-in ones else.",
    ),
    Setting(
        "debug", False, "SIJILL_DEBUG",
        "1 shows the traceback behind an unexpected error.",
        _switch, "1 or 0",
    ),
)  # fmt: skip

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def setting(name: str) -> Setting:
    """The row of that name."""
    return _BY_NAME[name]


def value(name: str, environment: Mapping[str, str] | None = None) -> Value:
    """What holds for a setting: the environment's word, else the default."""
    row = _BY_NAME[name]
    raw = (os.environ if environment is None else environment).get(row.env)
    if raw is None or not raw.strip():
        return row.default
    try:
        return row.parse(raw)
    except ValueError:
        raise UsageError(f"{row.env} is {raw!r}; set it to {row.form}, or unset it") from None


def report_limit(environment: Mapping[str, str] | None = None) -> int:
    """The largest single report, in bytes."""
    return int(value("max_report_mb", environment) or 0) * 1_000_000


def hosts(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The hosts that may be reached; none where nobody lists any."""
    return tuple(str(value("hosts", environment) or "").replace(",", " ").split())


def file_limit(environment: Mapping[str, str] | None = None) -> int:
    """The largest file that is read as a whole, in bytes."""
    return int(value("max_file_mb", environment) or 0) * 1_000_000


def data_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where Sijill keeps what is the user's own: `sijill` in XDG_DATA_HOME, else in ~/.local/share."""
    told = (os.environ if environment is None else environment).get("XDG_DATA_HOME")
    return (Path(told) if told else Path.home() / ".local" / "share") / "sijill"


def file_of(name: str, usual: str, environment: Mapping[str, str] | None = None) -> Path:
    """The file that a setting names, else the usual one in the user's data folder."""
    told = value(name, environment)
    return Path(str(told)) if told else data_folder(environment) / usual
