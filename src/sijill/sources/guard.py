"""Where a fetch may go: schemes, hosts and addresses. Everything is refused that is not allowed.

A name is looked up once, every address that it has is checked, and the connection is made to one of
the addresses that were checked: a name that changes its mind in between gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from sijill.errors import InputError

PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SETTING = "SIJILL_HOSTS"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """An address on the web that may be asked: its parts, and the host as it goes over the wire."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """`host:port`."""
        return f"{self.host}:{self.port}"


def target(url: str, hosts: tuple[str, ...]) -> Target:
    """The parts of an address that may be asked; InputError says why another one may not."""
    parts = _parts(url)
    if parts.scheme not in PORTS:
        raise InputError(url, f"is {parts.scheme or 'no address'}, not http or https", "give a web address")
    if parts.username is not None or parts.password is not None:
        raise InputError(url, "holds a user name or password", "leave them out of the address")
    if not parts.hostname:
        raise InputError(url, "names no host", "give a whole address: https://example.org/feed")
    try:
        host = parts.hostname.encode("idna").decode("ascii") if ":" not in parts.hostname else parts.hostname
        port = parts.port or PORTS[parts.scheme]
    except ValueError:  # UnicodeError too
        raise InputError(url, "names a host or port that cannot be", "check the address") from None
    if not listed(host, port, PORTS[parts.scheme], hosts):
        told = host if port == PORTS[parts.scheme] else f"{host}:{port}"
        have = f"it lists {', '.join(hosts)}" if hosts else "it lists none"
        raise InputError(
            url, f"its host is not among those that may be reached ({have})", f"add {told} to {_SETTING}"
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(url, parts.scheme, host, port, path)


def _parts(url: str) -> SplitResult:
    """The address taken apart; one with blanks or controls in it is none."""
    if any(char <= " " or char == "\x7f" for char in url):
        raise InputError(url.split()[0] if url.split() else "address", "holds blanks", "write them as %20")
    try:
        return urlsplit(url)
    except ValueError:
        raise InputError(url, "is no address", "check it") from None


def listed(host: str, port: int, usual: int, hosts: tuple[str, ...]) -> bool:
    """Is a host among those listed? `*.example.org` lists what lies below it; a port must be named
    where it is not the scheme's own."""
    host = host.lower().rstrip(".")
    for entry in hosts:
        name, _, own = entry.rpartition(":") if _has_port(entry) else (entry, "", "")
        if port != (int(own) if own else usual):
            continue
        name = name.strip("[]").lower().rstrip(".")
        if name.startswith("*.") and len(name) > 2 and host.endswith(name[1:]):
            return True
        if name == host:
            return True
    return False


def _has_port(entry: str) -> bool:
    """Does an entry end in a port? `[::1]:80` and `a.org:80` do, `::1` does not."""
    head, colon, tail = entry.rpartition(":")
    return bool(colon) and tail.isdigit() and (":" not in head or head.endswith("]"))


def addresses(host: str, port: int, *, allow_private: bool, where: str) -> list[str]:
    """The addresses of a host, each one checked; InputError where any of them is not for fetching."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise InputError(where, f"the host {host} is not known", "check the name and the network") from None
    told = list(dict.fromkeys(str(row[4][0]) for row in found))
    for address in told:
        if (fault := refused(address, allow_private=allow_private)) is not None:
            raise InputError(where, f"leads to {address}, {fault}", "give an address on the public internet")
    return told


def refused(address: str, *, allow_private: bool) -> str | None:
    """Why an address is not for fetching; None where it may be asked.

    Link-local addresses, among them those where clouds keep their metadata, are refused always.
    """
    ip: Address = ipaddress.ip_address(address.partition("%")[0])
    for inner in _meant(ip):
        if inner.is_link_local:
            return "a link-local address (metadata services live there)"
        if inner.is_multicast or inner.is_unspecified or (inner.is_reserved and not inner.is_loopback):
            return "an address that is nobody's"
        if inner.is_loopback and not allow_private:
            return "this very machine"
        if not inner.is_global and not allow_private:
            return "a private address"
    return None


def _meant(ip: Address) -> list[Address]:
    """The address itself and the IPv4 addresses that it wraps; of a NAT64 address only the latter."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip in _NAT64:
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    wrapped: list[Address | None] = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    return [ip, *(inner for inner in wrapped if inner is not None)]
