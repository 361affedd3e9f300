"""Forms of nouns and verbs, made from the short notation of the data files.

`one/many` for nouns, `past/present` for verbs; everything folded, without article or particles.
"""

from __future__ import annotations

from collections.abc import Iterator

from sijill.arabic.fold import fold_words

_WAW, _ALEF, _TA, _YA, _NUN, _HA, _MEEM = "\u0648", "\u0627", "\u062a", "\u064a", "\u0646", "\u0647", "\u0645"
_SUFFIXES = (_HA, _HA + _ALEF, _HA + _MEEM, _HA + _MEEM + _ALEF)


def noun_forms(notation: str) -> Iterator[tuple[str, str]]:
    """`(form, number)` of a noun written `one/many/...`; number is one, two or many.

    Duals and the accusative are formed; a plural in -in gets its -un and construct forms.
    """
    one, *many = [fold_words(part) for part in notation.split("/")]
    seen: set[str] = set()

    def new(form: str) -> bool:
        fresh = form not in seen
        seen.add(form)
        return fresh

    if one and new(one):
        yield one, "one"
    for form in _singular(one) if one else ():
        if new(form):
            yield form, "one"
    for plural in filter(None, many):
        for form in (plural, *_plural(plural)):
            if new(form):
                yield form, "many"
    if one and many != []:
        for form in _dual(one):
            if new(form):
                yield form, "two"


def _singular(one: str) -> Iterator[str]:
    """The accusative ('three of ...' aside): only single words take it."""
    if " " in one:
        first, rest = one.split(" ", 1)
        if not rest.startswith(_ALEF + "\u0644") and " " not in rest and not first.endswith(_HA):
            yield f"{first}{_ALEF} {rest}{_ALEF}"
        return
    if not one.endswith((_HA, _ALEF)):
        yield one + _ALEF


def _plural(plural: str) -> Iterator[str]:
    if " " in plural:
        first, rest = plural.split(" ", 1)
        for form in _plural(first):
            yield f"{form} {rest}"
        return
    if plural.endswith(_YA + _NUN):
        yield plural[:-2] + _WAW + _NUN
        yield plural[:-1]
        yield plural[:-2] + _WAW
    elif plural.endswith(_ALEF + _TA):
        return
    elif not plural.endswith((_HA, _ALEF, _NUN)):
        yield plural + _ALEF


def _dual(one: str) -> Iterator[str]:
    first, _, rest = one.partition(" ")
    stem = first[:-1] + _TA if first.endswith(_HA) else first
    heads = (stem + _ALEF + _NUN, stem + _YA + _NUN)
    if not rest:
        yield from heads
        return
    if rest.startswith(_ALEF + "\u0644"):
        yield f"{stem}{_ALEF} {rest}"
        yield f"{stem}{_YA} {rest}"
        return
    if " " not in rest:
        tail = rest[:-1] + _TA if rest.endswith(_HA) else rest
        yield f"{heads[0]} {tail}{_ALEF}{_NUN}"
        yield f"{heads[1]} {tail}{_YA}{_NUN}"
    yield f"{stem}{_ALEF} {rest}"
    yield f"{stem}{_YA} {rest}"


def possessed(form: str) -> Iterator[str]:
    """A noun with a possessive suffix: 'its soldiers'. Only single words."""
    if " " in form or len(form) < 3:
        return
    stem = form[:-1] + _TA if form.endswith(_HA) else form
    if stem.endswith((_YA + _NUN, _WAW + _NUN, _ALEF + _NUN)):
        stem = stem[:-1]
    for suffix in _SUFFIXES:
        yield stem + suffix


def verb_forms(notation: str) -> Iterator[tuple[str, str]]:
    """`(form, tense)` of a verb written `past/present`; tense is past, present or suffixed.

    A phrase may follow the verb ('opened fire'); only its first word is inflected.
    """
    past, _, present = notation.partition("/")
    seen: set[str] = set()
    for text, tense in ((past, "past"), (present, "present")):
        if not text:
            continue
        head, _, rest = fold_words(text).partition(" ")
        forms = _past(head) if tense == "past" else _present(head)
        for form in forms:
            full = f"{form} {rest}".strip()
            if full not in seen:
                seen.add(full)
                yield full, tense
            if not rest:
                for suffix in _SUFFIXES:
                    joined = (form[:-1] if form.endswith(_WAW + _ALEF) else form) + suffix
                    if joined not in seen and len(form) > 2:
                        seen.add(joined)
                        yield joined, "suffixed"


def _past(head: str) -> Iterator[str]:
    yield head
    if head.endswith(_YA):
        stem = head[:-1]
        yield from (stem + _TA, stem + _WAW + _ALEF, head + _ALEF, stem + _TA + _ALEF, head + _TA)
    elif head.endswith(_TA) and len(head) > 3:
        yield from (head[:-1], head[:-1] + _WAW + _ALEF)
    else:
        yield from (head + _TA, head + _WAW + _ALEF, head + _ALEF, head + _TA + _ALEF, head + _NUN)


def _present(head: str) -> Iterator[str]:
    yield head
    if head.startswith(_YA):
        yield _TA + head[1:]
        stem = head[:-1] if head.endswith((_YA, _WAW, _ALEF)) else head
        yield from (
            stem + _WAW + _NUN,
            stem + _WAW + _ALEF,
            head + _ALEF + _NUN,
            _TA + head[1:] + _ALEF + _NUN,
        )
