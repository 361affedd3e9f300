"""Numbers with their nouns as a person writes them, in Arabic and English.

The words stand in `data/publish/agreement.yaml`. Arabic grammar after W. Wright, A Grammar of the
Arabic Language, vol. 1, sections 318 to 327, and vol. 2, sections 96 to 101.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

from sijill.publish.names import PUBLISH, Lang, read_yaml

Gender = Literal["m", "f"]
Case = Literal["nominative", "oblique"]
"""Oblique is both genitive and accusative: after a preposition, or as an object."""

Digits = Literal["latin", "arabic"]
_INDIC = str.maketrans("0123456789", "".join(chr(0x660 + digit) for digit in range(10)))


class Noun(msgspec.Struct, frozen=True):
    """A noun with the forms that numbers ask for."""

    gender: Gender
    one: str
    two: str
    two_oblique: str
    few: str
    many: str
    none: str
    en: str
    en_many: str
    gender_few: Gender | None = None


class Words(msgspec.Struct, frozen=True, rename={"and_": "and"}):
    """The table of `data/publish/agreement.yaml`."""

    units: dict[int, dict[Gender, str]]
    one: dict[Gender, str]
    eleven: dict[Gender, str]
    twelve: dict[Gender, str]
    twelve_oblique: dict[Gender, str]
    teen: dict[Gender, str]
    tens: dict[int, str]
    tens_oblique: dict[int, str]
    hundreds: dict[int, str]
    hundreds_oblique: dict[int, str]
    thousands: str
    and_: str
    nouns: dict[str, Noun]


@lru_cache(maxsize=1)
def words() -> Words:
    """The table, read once."""
    return msgspec.convert(read_yaml(PUBLISH / "agreement.yaml"), Words)


def counted(
    number: int, noun: str, lang: Lang, *, case: Case = "nominative", digits: Digits = "latin"
) -> str:
    """A number with its noun: `3 incidents`, or with the Arabic noun in the form the number asks for.

    Arabic writes small and round numbers as words and all others as digits. Raises KeyError for a
    noun that the table does not have.
    """
    row = words().nouns[noun]
    if lang == "en":
        return f"{number:,} {row.en if number == 1 else row.en_many}"
    if number == 0:
        return row.none
    if number == 1:
        return f"{row.one} {words().one[row.gender]}"
    if number == 2:
        return row.two if case == "nominative" else row.two_oblique
    gender = row.gender_few if row.gender_few and noun_form(number, row) == row.few else row.gender
    said = spelled(number, gender, case) or figures(number, "ar", digits)
    return f"{said} {noun_form(number, row)}"


def noun_form(number: int, row: Noun) -> str:
    """The form of a noun after a number from 3: by its last two digits."""
    last = number % 100
    if 3 <= last <= 10:
        return row.few
    return row.many if last >= 11 else row.one


def spelled(number: int, gender: Gender, case: Case) -> str | None:
    """A number as words before a noun; None for numbers that are better written as digits."""
    table, oblique = words(), case == "oblique"
    if number in table.units:
        return table.units[number][gender]
    if number == 11:
        return table.eleven[gender]
    if number == 12:
        return (table.twelve_oblique if oblique else table.twelve)[gender]
    if 13 <= number <= 19:
        return f"{table.units[number - 10][gender]} {table.teen[gender]}"
    if number in table.tens:
        return (table.tens_oblique if oblique else table.tens)[number]
    if number in table.hundreds:
        return (table.hundreds_oblique.get(number) if oblique else None) or table.hundreds[number]
    if number % 1000 == 0 and number // 1000 in table.units:
        return f"{table.units[number // 1000]['m']} {table.thousands}"
    return None


def figures(number: float, lang: Lang, digits: Digits = "latin") -> str:
    """A number in digits: with commas in English; in Arabic in the digits that are preferred."""
    if lang == "en":
        return f"{number:,}"
    return in_digits(str(number), digits)


def in_digits(text: str, digits: Digits) -> str:
    """Text with its digits in the form that is preferred."""
    return text.translate(_INDIC) if digits == "arabic" else text


def listed(parts: list[str], lang: Lang) -> str:
    """Parts in one phrase: `a, b and c`; in Arabic each after the first opens with the conjunction."""
    if lang == "ar":
        joint = f" {words().and_}"
        return joint.join(parts)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
