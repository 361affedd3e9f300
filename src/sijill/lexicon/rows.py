"""What each kind of YAML file says: its rows as entries and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sijill.arabic.fold import fold_words
from sijill.lexicon.entries import Entry
from sijill.lexicon.inflect import possessed

if TYPE_CHECKING:
    from sijill.lexicon.compile import Builder

_ARTICLE = "\u0627\u0644"
ACT_FLAGS = ("object", "weak", "explosion", "suffers")


def read(folder: str, name: str, data: Any, to: Builder) -> None:
    """Take in the data of the file `folder/name.yaml`."""
    if folder == "actors":
        (_generic if name == "generic" else _actors)(data, to)
    elif folder == "acts":
        _acts(data, to)
    elif name in _LISTS:
        _LISTS[name](data, to)
    else:
        old = to.tables.get(name)
        to.tables[name] = {**old, **data} if isinstance(old, dict) and isinstance(data, dict) else data
        if name in _TABLES:
            _TABLES[name](data, to)


_LI = " \u0644"
"""A phrase that ends in 'li-' stands without it: the text attaches it to the next word."""


def _cues(data: dict[str, Any], to: Builder) -> None:
    attached = set(data.get("with_preposition") or ())
    bare = set(data.get("no_article") or ())
    for cue, words in data.items():
        if cue in ("with_preposition", "no_article"):
            continue
        number = "attached" if cue in attached else ""
        for role, forms in words.items() if isinstance(words, dict) else [("", words)]:
            for form in (str(f).removesuffix(_LI) for f in forms):
                if cue == "per_kind":
                    to.nouns([form], Entry("counted", role), suffixed=False)
                else:
                    to.add(
                        form, Entry("cue", cue, number, role), strict=cue in bare or form.startswith(_ARTICLE)
                    )


def _ignore(data: dict[str, Any], to: Builder) -> None:
    for words in data.get("not_deeds") or ():
        to.add(words, Entry("phrase", "no deed"))


def _results(data: dict[str, list[str]], to: Builder) -> None:
    for cue, words in data.items():
        for word in words:
            to.add(word, Entry("cue", cue))


def _acts(rows: list[dict[str, Any]], to: Builder) -> None:
    for row in rows:
        flags = [flag for flag in ACT_FLAGS if row.get(flag)]
        weapons = tuple(row.get("weapons") or ())

        def entry(kind: str, *more: str, row: Any = row, flags: Any = flags, weapons: Any = weapons) -> Entry:
            return Entry(kind, row["action"], role=" ".join([*flags, *more]), weapons=weapons)

        to.nouns(row.get("nouns") or (), entry("act"))
        to.verbs(row.get("verbs") or (), entry("act_verb"))
        to.verbs(row.get("passive") or (), entry("act_verb", "passive"))


def _outcomes(data: dict[str, Any], to: Builder) -> None:
    for outcome, row in data.items():
        for masdar in row.get("masdars") or ():
            to.add(masdar, Entry("masdar", outcome))
            for owned in possessed(fold_words(masdar)):
                to.add(owned, Entry("masdar", outcome, role="owned"))
        to.verbs(row.get("verbs") or (), Entry("outcome_verb", outcome))
        to.verbs(row.get("family_verbs") or (), Entry("outcome_verb", outcome, role="families"))
        to.verbs(row.get("passive") or (), Entry("outcome_verb", outcome, role="passive"))
        to.nouns(row.get("people") or (), Entry("affected", outcome), suffixed=False)


def _nouns_of(kind: str) -> Callable[[dict[str, list[str]], Builder], None]:
    """A reader of `code: [nouns]`."""

    def read(data: dict[str, list[str]], to: Builder) -> None:
        for code, nouns in data.items():
            to.nouns(nouns, Entry(kind, code))

    return read


def _sources(rows: list[dict[str, Any]], to: Builder) -> None:
    for row in rows:
        for form in row.get("forms") or row.get("names") or ():
            to.add(form, Entry("source", row["code"], country=row.get("country") or ""), strict=True)


def _actors(rows: list[dict[str, Any]], to: Builder) -> None:
    for row in rows:
        since, until = first_day(row.get("from")), first_day(row.get("until"))

        def entry(kind: str, role: str = "", row: Any = row, since: str = since, until: str = until) -> Entry:
            country = row.get("country") or ""
            return Entry(kind, row["code"], role=role, since=since, until=until, country=country)

        for form in row.get("names") or ():
            to.add(form, entry("actor"), strict=True)
        for form in row.get("short") or ():
            to.add(form, entry("actor", "short"), strict=True)
        for form in row.get("adjectives") or ():
            to.add(form, entry("adjective"))
        for form in row.get("not") or ():
            to.add(form, Entry("cue", "nothing"), strict=True)


def first_day(value: Any) -> str:
    """An EDTF date as its first day in ISO form; '' where there is none."""
    text = str(value or "")
    if not text or text == "null":
        return ""
    return (text + "-01-01"[len(text) - 4 :])[:10] if len(text) in (4, 7) else text[:10]


def _generic(data: dict[str, Any] | list[Any], to: Builder) -> None:
    parts = {"words": data} if isinstance(data, list) else data
    for row in parts.get("words") or ():
        _generic_words(row, to)
    for row in parts.get("anaphora") or ():
        for form in strings(row.get("word") or row.get("words") or row.get("forms")):
            to.add(form, Entry("anaphor", "|".join(row["codes"])), strict=True)
    for form in strings(parts.get("unknown")):
        to.add(form, Entry("unknown", "UNKNOWN"))
    for row in parts.get("members") or ():
        for form in strings(row.get("word") or row.get("words") or row.get("forms")):
            to.add(form, Entry("member", row.get("kind", "person")))


def _generic_words(row: dict[str, Any], to: Builder) -> None:
    for form in strings(row.get("word") or row.get("words")):
        for country, value in row["by_country"].items():
            for part in value if isinstance(value, list) else [{"code": value}]:
                since, until = first_day(part.get("from")), first_day(part.get("until"))
                entry = Entry("generic", part["code"], since=since, until=until, country=str(country))
                to.add(form, entry, strict=True)
        if row.get("otherwise"):
            to.add(form, Entry("generic", row["otherwise"]), strict=True)


def strings(value: Any) -> Iterator[str]:
    """One string or a list of them, as strings."""
    if isinstance(value, str):
        yield value
    else:
        yield from map(str, value or ())


Read = Callable[[Any, "Builder"], None]
_LISTS: dict[str, Read] = {
    "outcomes": _outcomes,
    "victims": _nouns_of("victim"),
    "objects": _nouns_of("object"),
    "means": _nouns_of("weapon"),
    "sources": _sources,
}
"""Files whose words are wanted only as forms."""
_TABLES: dict[str, Read] = {"ignore": _ignore, "cues": _cues, "results": _results}
"""Files that are kept as tables and whose words are forms too."""
