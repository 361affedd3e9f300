"""What stands before every page: known hosts only, not too much, not too often, not too slowly;
and the headers that tell the browser to be strict."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Any]
Send = Callable[[Message], Any]
App = Callable[[Scope, Receive, Send], Any]

BODY = 2_000_000
"""Bytes of the largest body that is taken."""

SLOW = 20.0
"""Seconds that a browser may take to send a part of its body."""

HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
}


class TooMuch(Exception):
    """A body that is larger than is taken."""


class TooSlow(Exception):
    """A body that did not come in time."""


class Pace:
    """So many requests a window of seconds for each key."""

    def __init__(self, most: int, window: float, now: Callable[[], float]) -> None:
        self._most, self._window, self._now = most, window, now
        self._since: dict[str, tuple[float, int]] = {}

    def fits(self, key: str) -> bool:
        """Counts a request; whether it is still within the pace."""
        now = self._now()
        begun, often = self._since.get(key, (now, 0))
        if now - begun > self._window:
            begun, often = now, 0
        if len(self._since) > 10_000:
            self._since = {own: held for own, held in self._since.items() if now - held[0] <= self._window}
        self._since[key] = (begun, often + 1)
        return often < self._most


class Guard:
    """Wraps the application. `hosts` are the names by which it may be called, without port."""

    def __init__(self, app: App, hosts: frozenset[str], pace: Pace) -> None:
        self._app, self._hosts, self._pace = app, hosts, pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it itself."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        started = False

        async def strict(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                told = {name for name, _ in message["headers"]}
                extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                if b"cache-control" not in told:
                    extra.append((b"cache-control", b"no-store"))
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _plain(strict, *refusal)
            return
        taken = 0

        async def measured() -> Message:
            nonlocal taken
            try:
                message: Message = await asyncio.wait_for(receive(), SLOW if taken >= 0 else None)
            except TimeoutError:
                raise TooSlow from None
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > BODY:
                    raise TooMuch
                if not message.get("more_body"):
                    taken = -1  # what follows is only whether the browser goes away
            return message

        try:
            await self._app(scope, measured, strict)
        except TooMuch:
            if not started:
                await _plain(strict, 413, "The request is larger than 2 MB; send less at once.")
        except TooSlow:
            if not started:
                await _plain(strict, 408, "The request came too slowly; send it again.")

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str] | None:
        """Status and sentence for what is not let through."""
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
        if name.strip("[]").lower() not in self._hosts:
            return 421, "This desk is not called by that name; use the address that it printed."
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > 8_000:
            return 414, "The address is too long."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > BODY:
            return 413, "The request is larger than 2 MB; send less at once."
        client = scope.get("client") or ("?", 0)
        if not self._pace.fits(str(client[0])):
            return 429, "Too many requests; wait a few seconds."
        return None


async def _plain(send: Send, status: int, sentence: str) -> None:
    """Answers with one sentence."""
    body = sentence.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if status == 429:
        headers.append((b"retry-after", b"10"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
