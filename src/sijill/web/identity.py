"""Who is at the desk: the one door through which a user's identity enters.

Now there is one way in: an address with a token that works once, made when the desk starts and
printed for whoever started it. Accounts for teams will be a second way to the same `Person`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from threading import Lock

COOKIE = "sijill_desk"
IDLE = 12 * 3600.0
"""Seconds without a request after which a session ends."""

MOST = 200
"""So many sessions at once; the one that was idle longest makes room."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts, as the log will name them; `clearance` 0 sees what is public, 1 what is restricted too,
    2 everything."""

    name: str
    clearance: int = 2


@dataclass(slots=True)
class Session:
    """One browser that was let in. `skipped` are incidents left for later in the review queue."""

    person: Person
    csrf: str
    seen: float
    skipped: set[str] = field(default_factory=set)
    last: str = ""
    flash: str = ""


class Door:
    """Lets browsers in and knows them again. `tell` is called with every new token."""

    def __init__(self, person: Person, now: Callable[[], float], tell: Callable[[str], object]) -> None:
        self._person, self._now, self._tell = person, now, tell
        self._sessions: dict[str, Session] = {}
        self._lock = Lock()
        self._token = ""
        self.token()

    def token(self) -> str:
        """A new token; the former one is void."""
        self._token = secrets.token_urlsafe(32)
        self._tell(self._token)
        return self._token

    def enter(self, token: str) -> str | None:
        """The id of a new session, for the right token; None for any other. A token works once.

        The id is always a new one: what a browser brought along is never taken up.
        """
        with self._lock:
            if not compare_digest(token.encode("utf-8", "replace"), self._token.encode()):
                return None
            while len(self._sessions) >= MOST:
                del self._sessions[min(self._sessions, key=lambda own: self._sessions[own].seen)]
            own = secrets.token_urlsafe(32)
            self._sessions[own] = Session(self._person, secrets.token_urlsafe(32), self._now())
        self.token()
        return own

    def session(self, own: str | None) -> Session | None:
        """The session of that id, if it holds; looking at it keeps it."""
        with self._lock:
            found = self._sessions.get(own or "")
            if found is None:
                return None
            if self._now() - found.seen > IDLE:
                del self._sessions[own or ""]
                return None
            found.seen = self._now()
            return found

    def leave(self, own: str | None) -> None:
        """Ends a session."""
        with self._lock:
            self._sessions.pop(own or "", None)
