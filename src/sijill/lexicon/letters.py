"""What is wrong with a form letter by letter: look-alikes, invisible marks, tatweel, stray blanks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sijill.arabic.fold import fold_words, plain

_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f]")
_OTHER = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u0590-\u05ff]")
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]")
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_TATWEEL = "\u0640"
_LETTER = re.compile(r"[^\W_]")


def is_arabic(text: str) -> bool:
    """Whether a text holds an Arabic letter."""
    return bool(_ARABIC.search(text) or _PRESENTATION.search(text))


def faults(form: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a form, and how to mend it."""
    if not _LETTER.search(fold_words(form)):
        yield "an empty form", "write a word, or delete the line"
        return
    for word in form.split():
        if _ARABIC.search(word) and (other := _OTHER.search(word)):
            name = unicodedata.name(other[0], "?").lower()
            yield (
                f"'{word}' holds the look-alike '{other[0]}' ({name})",
                "type the word anew in Arabic letters",
            )
    if found := _INVISIBLE.search(form):
        yield f"an invisible mark (U+{ord(found[0]):04X})", f"write '{_INVISIBLE.sub('', form)}'"
    if _TATWEEL in form:
        yield "a tatweel", f"write '{form.replace(_TATWEEL, '')}'"
    if _MARKS.search(form):
        yield "a vowel mark", f"write '{plain(form)}'"
    if _PRESENTATION.search(form):
        yield "a ligature of print", f"write '{unicodedata.normalize('NFKC', form)}'"
    if form != " ".join(form.split()):
        yield "stray blanks", f"write '{' '.join(form.split())}'"
