"""Sijill reads Arabic reports on armed conflict and codes them.

    >>> import sijill
    >>> coded = sijill.code("قُتل عنصران من الجيش في كمين قرب السخنة", published="2024-04-19")

`code` reads one report, `code_many` a stream of them. Names load when they are first used, so
that `import sijill` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sijill.keep import open_register as open
    from sijill.pipeline import code, code_many
    from sijill.records import CodedReport, Report

    __version__: str

__all__ = ["CodedReport", "Report", "__version__", "code", "code_many", "open"]

_HOMES = {
    "CodedReport": "sijill.records",
    "Report": "sijill.records",
    "code": "sijill.pipeline",
    "code_many": "sijill.pipeline",
    "open": "sijill.keep",
}

_NAMES = {"open": "open_register"}
"""Names that are another at home, where they would hide a name of Python's own."""


def __getattr__(name: str) -> Any:
    """The public name, loaded on first use."""
    value: Any
    if name == "__version__":
        from importlib.metadata import version

        value = version("sijill")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), _NAMES.get(name, name))
    else:
        raise AttributeError(f"module 'sijill' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted({*globals(), *__all__})
