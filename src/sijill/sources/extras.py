"""Libraries that only some sources need: loaded when used, named when missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sijill.errors import UsageError


def needed(module: str, extra: str) -> Any:
    """The module; UsageError names the extra that brings it."""
    try:
        return import_module(module)
    except ImportError:
        library = module.partition(".")[0]
        raise UsageError(f"{library} is not installed; get it with: pip install 'sijill[{extra}]'") from None
