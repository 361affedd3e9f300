"""What the desk says, in Arabic and English: `data/desk/texts.yaml`."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from sijill.lexicon.load import DATA
from sijill.publish.names import Label, Lang, read_yaml

DESK = DATA / "desk"


@lru_cache(maxsize=1)
def texts() -> dict[str, Label]:
    """Every text by its key, `group.name`."""
    told = msgspec.convert(read_yaml(DESK / "texts.yaml"), dict[str, dict[str, Label]])
    return {f"{group}.{name}": label for group, labels in told.items() for name, label in labels.items()}


def both(key: str) -> Label:
    """A text in both languages; the key itself where there is none."""
    return texts().get(key) or Label(key, key)


def text(key: str, lang: Lang, **values: object) -> str:
    """A text with its gaps filled."""
    said = both(key).of(lang)
    for name, value in values.items():
        said = said.replace("{" + name + "}", f"{value:,}" if isinstance(value, int) else str(value))
    return said
