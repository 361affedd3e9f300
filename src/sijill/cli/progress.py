"""What is said on standard error: notes, errors, and how far the work has come."""

from __future__ import annotations

import sys
import time

from sijill.sources.files import shown

AFTER = 2.0
"""Seconds of work before progress is worth showing."""

EVERY = 0.2
"""Seconds between two updates."""


class Progress:
    """Lines on standard error; on a terminal a count that renews itself while the work is long."""

    def __init__(self) -> None:
        self._begin = self._last = time.monotonic()
        self._terminal = sys.stderr.isatty()
        self._shown = False

    def tick(self, reports: int) -> None:
        """Tells how many reports have been read."""
        if not self._terminal or reports % 8:
            return
        now = time.monotonic()
        if now - self._begin > AFTER and now - self._last > EVERY:
            self._last, self._shown = now, True
            rate = reports / (now - self._begin)
            sys.stderr.write(f"\r\x1b[K{reports:,} reports, {rate:,.0f} a second")
            sys.stderr.flush()

    def say(self, message: object) -> None:
        """One line."""
        self.clear()
        sys.stderr.write(f"{shown(str(message))}\n")

    def note(self, message: str) -> None:
        """One line that is no error."""
        self.say(f"note: {message}")

    def clear(self) -> None:
        """Takes the count off the terminal."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            self._shown = False
