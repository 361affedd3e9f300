"""One sentence, in Arabic and in English, that says which figures decided."""

from __future__ import annotations

from sijill.tolls.choose import Choice
from sijill.tolls.policies import Language, load_policies
from sijill.tolls.sources import NOBODY


def sentence(
    choice: Choice, outcome: str, language: Language, *, capped: int | None = None, summed: bool = False
) -> str:
    """Why `best` is what it is; `capped` is the whole that cut a part, `summed` tells of added groups."""
    forms = load_policies().sentences[language]
    if choice.decided is None or choice.best is None:
        return forms["none"]
    figure = choice.decided
    agreed = choice.manner == "agreed"
    said = forms[choice.manner].format(
        n=counted(choice.best, outcome, language),
        who=who(figure.source, language),
        day=forms["day"].format(date=figure.published) if figure.published else "",
        count=counted(choice.sources if agreed and choice.sources > 1 else choice.count,
                      "source" if agreed and choice.sources > 1 else "figure", language),
    )  # fmt: skip
    if summed:
        said += forms["summed"]
    if choice.claimed:
        said += forms["claimed"]
    if capped is not None:
        said += forms["capped"].format(whole=capped)
    return said


def counted(number: int, noun: str, language: Language) -> str:
    """A number with its noun in the form that it asks for: `12 قتيلًا`, `3 قتلى`, `100 قتيل`."""
    forms = load_policies().nouns[language][noun]
    if language == "en":
        return f"{number:,} {forms[number != 1]}"
    if number in (1, 2):
        return forms[number - 1]
    rest = number % 100
    form = forms[2] if 3 <= rest <= 10 or number == 0 else forms[3] if rest > 10 else forms[4]
    return f"{number} {form}"


def who(source: str, language: Language) -> str:
    """A source as a sentence names it."""
    names = load_policies().names[language]
    if source.startswith(NOBODY):
        return names["nobody"]
    role, _, outlet = source.partition("@")
    if not outlet:
        return names.get(role, role)
    told = names.get(role, role)
    return told if outlet.startswith(NOBODY) else names["at"].format(role=told, outlet=outlet)
