"""Libraries that only some forms need: loaded when they are used, or asked for in one sentence."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sijill.errors import UsageError


def need(module: str, extra: str) -> Any:
    """The module; UsageError naming the extra where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        raise UsageError(
            f"this needs the extra '{extra}', which is not installed; call: pip install 'sijill[{extra}]'"
        ) from None
