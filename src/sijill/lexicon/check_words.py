"""What is wrong with the word lists in YAML, every fault at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import yaml

from sijill import records
from sijill.arabic.fold import fold_words
from sijill.errors import Fault
from sijill.lexicon import letters
from sijill.lexicon.lines import Item, read
from sijill.lexicon.rows import ACT_FLAGS, first_day

CODE = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*(/[A-Z0-9]+(-[A-Z0-9]+)*)*")
COUNTRY = re.compile(r"[A-Z]{2}")
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
ACTIONS, WEAPONS, OUTCOMES = map(get_args, (records.Action, records.Weapon, records.Outcome))
_EXAMPLES = ("examples", "not_examples")
ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "actors": (
        ("code",),
        ("en", "country", "from", "until", "source", "names", "short", "adjectives", "not", *_EXAMPLES),
    ),
    "sources": (("code",), ("en", "kind", "country", "forms", "quoted", *_EXAMPLES)),
    "acts": (("action",), ("nouns", "verbs", "passive", "weapons", *ACT_FLAGS, *_EXAMPLES)),
    "words": (("word", "by_country"), ("otherwise",)),
    "anaphora": (("word", "codes"), ()),
    "members": (("word", "kind"), ()),
}
"""The keys of a row: needed, and allowed beside them."""
_LISTED = {"names", "short", "adjectives", "not", "forms", "quoted", "nouns", "verbs", "passive"}
_SOME = {
    "actors": ("names", "short", "adjectives"),
    "sources": ("forms", "quoted"),
    "acts": ("nouns", "verbs", "passive"),
}
"""A row needs a form under one of these keys."""
_MAY_BE_EMPTY = {"names", "forms", "codes"}
_KNOWN = {"outcomes": ("outcome", OUTCOMES), "means": ("weapon", WEAPONS)}
_PARTS = ("masdars", "verbs", "passive", "family_verbs", "people")
Say = Callable[[int, str, str], None]


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a group, where it stands, and when it means the group."""

    file: Path
    line: int
    form: str
    code: str
    since: str
    until: str


def check(files: Sequence[Path], context: Sequence[Path] = ()) -> list[Fault]:
    """The faults of these files; `context` holds others that stand beside them."""
    faults: list[Fault] = []
    names: list[Named] = []
    for file in [*context, *files]:
        own = file in files

        def say(line: int, what: str, remedy: str, file: Path = file, own: bool = own) -> None:
            if own:
                faults.append(Fault(str(file), line, what, remedy))

        try:
            data, twice = read(file)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error)
            say(
                mark.line + 1 if mark else 1,
                f"no YAML: {problem}",
                "mend the line, or put the text in quotation marks",
            )
            continue
        for line, key in twice:
            say(line, f"the key '{key}' stands twice", "join the two")
        names += _file(file, data, say)
    faults += _overlaps(names, set(files))
    return faults


def _file(file: Path, data: Item, say: Say) -> list[Named]:
    """Checks one file; the names of groups in it."""
    _strings(data, say)
    if file.parent.name == "actors" and file.stem != "generic":
        _rows(data, "actors", say)
        return list(_names(file, data))
    if file.parent.name == "acts":
        _rows(data, "acts", say)
    elif file.stem == "sources":
        _rows(data, "sources", say)
    elif file.stem == "generic":
        for part in ("words", "anaphora", "members"):
            _rows(data.get(part), part, say)
    elif file.stem in _KNOWN:
        _codes(data, *_KNOWN[file.stem], say)
    elif file.stem == "victims":
        for key, item in data.fields.items():
            _code(key, item.line, say)
    return []


def _strings(data: Item, say: Say) -> None:
    """Letters of every Arabic form, empty lists, and forms that stand twice in one list."""
    for path, item in data.walk():
        if isinstance(item.value, list):
            if not item.value and not (path and path[-1] in _MAY_BE_EMPTY):
                say(item.line, f"the list {_name(path)} is empty", "write a form into it, or delete it")
            _twice(path, item, say)
        elif isinstance(item.value, dict) and not item.value:
            say(item.line, f"{_name(path)} holds nothing", "write into it, or delete it")
        elif isinstance(item.value, str) and _is_form(path, item.value):
            for what, remedy in letters.faults(item.value):
                say(item.line, f"'{item.value}': {what}" if item.value.strip() else what, remedy)


def _is_form(path: tuple[str, ...], text: str) -> bool:
    """Whether a scalar is a word of a list (and not a comment, a source or a number)."""
    listed = bool(path) and path[-1] == ""
    return letters.is_arabic(text) or (listed and not text.strip())


def _twice(path: tuple[str, ...], item: Item, say: Say) -> None:
    seen: dict[str, Item] = {}
    for child in item.items:
        form = fold_words(child.text)
        if not any(map(str.isalnum, form)) or (len(path) > 1 and path[-1] in ("examples", "not_examples")):
            continue
        if form in seen:
            what = f"'{child.text}' stands twice in {_name(path)} (line {seen[form].line})"
            say(child.line, what, "delete one of them")
        seen.setdefault(form, child)


def _name(path: tuple[str, ...]) -> str:
    return " / ".join(filter(None, path)) or "of the file"


def _rows(data: Item, kind: str, say: Say) -> None:
    """Rows of known keys, with codes of the right form."""
    needed, allowed = ROWS[kind]
    for row in data.items:
        if not row.fields:
            say(row.line, "no row of keys", f"write {', '.join(needed)}")
            continue
        for key, item in row.fields.items():
            if key not in needed and key not in allowed:
                say(
                    item.line, f"the key '{key}' is unknown", f"write one of {', '.join((*needed, *allowed))}"
                )
            elif key in _LISTED and item.text:
                say(item.line, f"{key} is a single word", "write it as a list, a hyphen before each form")
        for key in needed:
            if key not in row.fields:
                say(row.line, f"no {key}", f"add {key}")
        some = _SOME.get(kind, ())
        if some and not any(row.get(key).value for key in some):
            say(row.line, "no form", f"write one under {', '.join(some)}")
        _values(row, kind, say)


def _values(row: Item, kind: str, say: Say) -> None:
    if kind == "actors" and row.get("code").text:
        _code(row.get("code").text, row.get("code").line, say)
    for item in row.get("codes").items:
        _code(item.text, item.line, say)
    _one_of(row.get("action"), "action", ACTIONS, say)
    for item in row.get("weapons").items:
        _one_of(item, "weapon", WEAPONS, say)
    country = row.get("country")
    if country.text and not COUNTRY.fullmatch(country.text):
        say(country.line, f"'{country.text}' is no country", "write two capital letters (ISO 3166), or null")
    for key in ("from", "until"):
        item = row.get(key)
        if item.text and not DATE.fullmatch(item.text):
            say(item.line, f"{key}: '{item.text}' is no date", "write 2024-12-08, 2024-12 or 2024")
    since, until = first_day(row.get("from").text), first_day(row.get("until").text)
    if since and until and since >= until:
        say(row.get("until").line, f"it ends ({until}) before it begins ({since})", "correct one of the two")
    if kind == "actors":
        _not(row, say)


def _not(row: Item, say: Say) -> None:
    """A longer expression that means something else must hold a word that it keeps from being found."""
    own = [fold_words(i.text) for key in ("names", "short", "adjectives") for i in row.get(key).items]
    words = {_bare(word) for name in own for word in name.split()}
    for item in row.get("not").items:
        form = fold_words(item.text)
        if form in own:
            say(item.line, f"'{item.text}' is both a name and none", "delete one of the two")
        elif not any(word in form for word in words):
            what = f"'{item.text}' holds no word of a name of {row.get('code').text}"
            say(item.line, what, "delete it, or move it to the group that it belongs to")


def _bare(word: str) -> str:
    return word.removeprefix("\u0627\u0644")


def _codes(data: Item, what: str, known: Sequence[str], say: Say) -> None:
    for key, item in data.fields.items():
        _one_of(Item(item.line, key), what, known, say)
        for part in item.fields:
            if part not in _PARTS:
                say(item.get(part).line, f"the key '{part}' is unknown", f"write one of {', '.join(_PARTS)}")


def _one_of(item: Item, what: str, known: Sequence[str], say: Say) -> None:
    if item.text and item.text not in known:
        say(item.line, f"the {what} '{item.text}' is unknown", f"write one of {', '.join(known)}")


def _code(code: str, line: int, say: Say) -> None:
    if not CODE.fullmatch(code):
        say(line, f"'{code}' is no code", "write capital letters, digits and hyphens, a part after a slash")


def _names(file: Path, data: Item) -> Iterator[Named]:
    for row in data.items:
        since, until = first_day(row.get("from").text), first_day(row.get("until").text)
        for item in row.get("names").items:
            form = fold_words(item.text)
            yield Named(file, item.line, form, row.get("code").text, since, until or "9999")


def _overlaps(names: Sequence[Named], own: set[Path]) -> Iterator[Fault]:
    """One name, two groups, at one time."""
    bearers: dict[str, list[Named]] = {}
    for name in names:
        for other in bearers.setdefault(name.form, []):
            clash = name.since < other.until and other.since < name.until
            if clash and name.code != other.code and name.file in own:
                what = f"'{name.form}' means {name.code} and, in {other.file.name}:{other.line}, {other.code}"
                remedy = "give them dates that do not overlap, move one to short, or delete it"
                yield Fault(str(name.file), name.line, what, remedy)
        bearers[name.form].append(name)
