"""The one door to the network: a guarded GET, with limits on hops, time and size.

No proxy is taken from the environment, no cookie is kept, nothing is sent but what stands here. What
is refused, too slow or too large is an `InputError` with the reason.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from urllib.parse import urljoin

from sijill.errors import InputError
from sijill.sources import guard, refused
from sijill.sources.guard import Target, addresses

_HOPS = {301, 302, 303, 307, 308}
_PIECE = 65_536
_LATER = {429: "asks for fewer requests", 503: "is not at work"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost. Seconds are for the whole of it, redirects included; bytes count
    after decompression."""

    seconds: float = 60.0
    silence: float = 20.0
    size: int = 50_000_000
    hops: int = 3
    pause: float = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server gave: `data` decompressed, or none where `changed` is False."""

    url: str
    data: bytes
    media_type: str
    charset: str | None
    etag: str | None
    modified: str | None
    retrieved: str
    changed: bool = True


@dataclass(slots=True)
class Fetcher:
    """Fetches from the hosts that are listed, with a pause between two requests to one of them."""

    hosts: tuple[str, ...] = ()
    allow_private: bool = False
    limits: Limits = field(default_factory=Limits)
    refuse: Callable[[str], None] = lambda url: refused.check(url, url=url)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _last: dict[str, float] = field(default_factory=dict)

    def get(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Answer:
        """What lies at an address; `changed` is False where it is what `etag` and `modified` tell of."""
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        sent = {name: text for name, text in headers.items() if text and text.isprintable()}
        end = self.clock() + self.limits.seconds
        here = self.target(url)
        for _ in range(self.limits.hops + 1):
            answer = self._ask(here, sent, end, url)
            if isinstance(answer, Answer):
                return answer
            onward = urljoin(here.url, answer)
            if here.scheme == "https" and onward.lower().startswith("http:"):
                raise InputError(
                    url, f"leads away from https to {onward}", "ask the outlet for a safe address"
                )
            try:
                here = self.target(onward)
            except InputError as error:
                raise InputError(url, f"leads on to {onward}: {error.what}", error.remedy) from None
        raise InputError(url, f"leads on more than {self.limits.hops} times", "give the last address itself")

    def target(self, url: str) -> Target:
        """The address taken apart; InputError where it may not be asked."""
        self.refuse(url)
        return guard.target(url, self.hosts)

    def _ask(self, here: Target, sent: Mapping[str, str], end: float, url: str) -> Answer | str:
        """The answer, or the address that the server points to."""
        self._wait(here)
        sockets = addresses(here.host, here.port, allow_private=self.allow_private, where=url)
        connection = _Connection(here, sockets, self.limits.silence)
        alarm = threading.Timer(max(0.0, end - self.clock()), connection.cut)
        alarm.daemon = True
        alarm.start()
        response: http.client.HTTPResponse | None = None
        try:
            headers = {"User-Agent": f"sijill/{version('sijill')}", "Accept": "*/*", **sent}
            headers |= {"Accept-Encoding": "gzip, deflate", "Connection": "close"}
            connection.request("GET", here.path, headers=headers)
            response = connection.getresponse()
            answer = self._answer(here, response, url)
            if connection.was_cut:
                raise self._too_slow(url)
            return answer
        except InputError as error:
            if connection.was_cut:
                raise self._too_slow(url) from None
            raise error
        except ssl.SSLCertVerificationError as error:
            raise InputError(
                url, f"has no valid certificate ({error.verify_message})", "check the address"
            ) from None
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            if connection.was_cut:
                raise self._too_slow(url) from None
            if isinstance(error, TimeoutError):
                what = f"was silent for {self.limits.silence:g} seconds"
            else:
                reason = " ".join(str(error).split()) or type(error).__name__
                what = f"did not answer as it should ({reason[:120]})"
            raise InputError(url, what, "try again later") from None
        finally:
            alarm.cancel()
            if response is not None:
                response.close()
            connection.close()
            self._last[here.place] = self.clock()

    def _answer(self, here: Target, response: http.client.HTTPResponse, url: str) -> Answer | str:
        """What a response says."""
        status, head = response.status, response.headers
        if status in _HOPS and head.get("Location"):
            return head["Location"].strip()
        if status in _LATER:
            wait = head.get("Retry-After", "").strip()
            when = f"after {wait} seconds" if wait.isdigit() else "later"
            raise InputError(url, f"the server {_LATER[status]} ({status})", f"ask again {when}")
        if status not in (200, 203, 304):
            raise InputError(
                url, f"the server answers {status} {response.reason}".strip(), "check the address"
            )
        data = b"" if status == 304 else self._body(response, url)
        return Answer(
            url=here.url, data=data, media_type=head.get_content_type(), charset=head.get_content_charset(),
            etag=head.get("ETag"), modified=head.get("Last-Modified"),
            retrieved=datetime.now(UTC).isoformat(timespec="seconds"), changed=status != 304,
        )  # fmt: skip

    def _body(self, response: http.client.HTTPResponse, url: str) -> bytes:
        """The body, decompressed; never more than the limit, be it on the wire or after."""
        most = self.limits.size
        told = response.headers.get("Content-Length", "")
        if told.isdigit() and int(told) > most:
            raise self._too_large(url)
        unpack = _unpacker(response.headers.get("Content-Encoding", ""), url)
        body, wire = bytearray(), 0
        while piece := response.read1(_PIECE):
            wire += len(piece)
            if unpack is None:
                body += piece
            else:
                body += unpack.decompress(piece, most + 1 - len(body))
                if unpack.unconsumed_tail:
                    raise self._too_large(url)
            if len(body) > most or wire > most:
                raise self._too_large(url)
        if unpack is not None and not unpack.eof:
            raise InputError(url, "ends in the middle of its compressed bytes", "try again later")
        if response.length:
            raise InputError(url, "ends before its announced length", "try again later")
        return bytes(body)

    def _too_large(self, url: str) -> InputError:
        """The error for what exceeds the limit."""
        what = f"is larger than {self.limits.size / 1e6:g} MB"
        return InputError(url, what, "raise SIJILL_MAX_FILE_MB, or fetch it by hand")

    def _too_slow(self, url: str) -> InputError:
        """The error for what exceeds the time."""
        return InputError(url, f"took longer than {self.limits.seconds:g} seconds", "try again later")

    def _wait(self, here: Target) -> None:
        """Waits until the host may be asked again."""
        last = self._last.get(here.place)
        if last is not None and (rest := last + self.limits.pause - self.clock()) > 0:
            self.sleep(rest)


class _Connection(http.client.HTTPConnection):
    """A connection to one of the addresses that were checked, and to no other."""

    def __init__(self, here: Target, checked: list[str], silence: float) -> None:
        super().__init__(here.host, here.port, timeout=silence)
        self._secure, self._checked, self.was_cut = here.scheme == "https", checked, False
        self.default_port = 443 if self._secure else 80
        self._plain: socket.socket | None = None

    def connect(self) -> None:
        """Connects to the first checked address that answers."""
        fault: OSError | None = None
        for address in self._checked:
            try:
                self._plain = socket.create_connection((address, self.port), self.timeout)
                break
            except OSError as error:
                fault = error
        if self._plain is None:
            raise fault or OSError("no address")
        self.sock = self._plain
        if self._secure:
            context = ssl.create_default_context()
            safe = context.wrap_socket(self._plain, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = safe  # before the handshake, so that a slow one can be cut
            safe.do_handshake()

    def cut(self) -> None:
        """Ends it from outside; what reads from it stops."""
        self.was_cut = True
        for one in (self.sock, self._plain):
            try:
                if one is not None:
                    one.shutdown(socket.SHUT_RDWR)
            except OSError:  # already gone
                continue


def _unpacker(encoding: str, url: str) -> zlib._Decompress | None:
    """What undoes a content encoding; None where there is nothing to undo."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip", "deflate"):
        return zlib.decompressobj(47 if name != "deflate" else 15)
    raise InputError(url, f"comes in an encoding that was not asked for ({name[:20]})", "try again later")
