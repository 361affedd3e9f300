"""Small questions that the reader of groups asks of single words."""

from __future__ import annotations

from sijill.reading.antecedents import suffix
from sijill.reading.scene import Unit

# -a of a dual, his or her or their
_DUAL_OF = ("\u0627\u0647", "\u0627\u0647\u0627", "\u0627\u0647\u0645\u0627")
_QUALITY = "\u064a\u0627"  # ends an indefinite adjective in the accusative
_COUNTED = "\u0627"  # ends the noun counted by eleven and more
_ARMED = "\u0645\u0633\u0644\u062d"


def describes(before: Unit, unit: Unit, number: str) -> bool:
    """'in military dress': an adjective in the accusative that is a noun for people elsewhere."""
    plain = before.letter == "x" and not before.form.article and before.form.word.endswith(_COUNTED)
    return plain and number == "one" and unit.form.word.endswith(_QUALITY) and not unit.joined


def its_doing(unit: Unit) -> bool:
    """'the killing of a gunman': a verbal noun, whose genitive is who was killed."""
    verbs = unit.all("outcome_verb")
    return unit.get("masdar") is not None and all(v.number == "suffixed" for v in verbs)


def known_gunmen(unit: Unit) -> bool:
    """'the gunmen': those told of before."""
    return unit.form.article and unit.letter == "V" and unit.form.stem.startswith(_ARMED)


def both_of(unit: Unit) -> bool:
    """'his two children': a dual before a pronoun."""
    return unit.form.stem.endswith(_DUAL_OF) and bool(suffix(unit))
