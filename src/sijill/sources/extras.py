"""Libraries that only some sources need: loaded when used, named when missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sijill.errors import UsageError


class MissingExtra(UsageError):
    """A library that only some sources need is not there; `what` is missing, `remedy` brings it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy = what, remedy


def needed(module: str, extra: str) -> Any:
    """The module; MissingExtra names the extra that brings it."""
    try:
        return import_module(module)
    except ImportError:
        library = module.partition(".")[0]
        raise MissingExtra(
            f"needs {library}, which is not installed", f"pip install 'sijill[{extra}]'"
        ) from None
