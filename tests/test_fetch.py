"""The one door to the network: what it refuses, what it cuts short, what it brings."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sijill.errors import InputError, UsageError
from sijill.sources import guard, web
from sijill.sources.document import Document
from sijill.sources.feed_store import Feed, JsonFeeds, find
from sijill.sources.feeds import pull
from sijill.sources.fetch import Fetcher, Limits
from web_server import WORDS, Server, serving

QUICK = Limits(seconds=5, silence=1, size=1_000_000, pause=0)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def here(server: Server) -> str:
    server.asked.clear()
    return f"127.0.0.1:{server.server_address[1]}"


def fetcher(here: str, **options: object) -> Fetcher:
    return Fetcher(**{"hosts": (here,), "allow_private": True, "limits": QUICK, **options})  # type: ignore[arg-type]


def test_a_page_is_fetched_and_read(here: str) -> None:
    for path in ("/a", "/1256", "/gzip", "/hop"):
        (document,) = web.from_address(
            f"http://{here}{path}", fetcher(here), source=None, published=None, limit=10**6, notice=print
        )
        assert isinstance(document, Document), document
        (report,) = document.reports
        assert report.text.startswith(WORDS)
        assert (report.source, report.published) == ("شبكة الوادي", "2024-04-19")
        assert report.url == f"http://{here}{'/a' if path == '/hop' else path}"
        assert document.retrieved and document.retrieved.endswith("+00:00")
        assert document.data.startswith(b"<!DOCTYPE")


FAULTS = [
    ("/bomb", r"is larger than 1 MB; raise SIJILL_MAX_FILE_MB"),
    ("/huge", r"is larger than 1 MB"),
    ("/told-huge", r"is larger than 1 MB"),
    ("/cut", r"(ends before its announced length|IncompleteRead)"),
    ("/loop", r"leads on more than 3 times"),
    ("/busy", r"asks for fewer requests \(429\); ask again after 120 seconds"),
    ("/none", r"answers 404"),
    ("/silent", r"was silent for 1 seconds"),
]


@pytest.mark.parametrize(("path", "said"), FAULTS, ids=[path for path, _ in FAULTS])
def test_what_goes_wrong_is_said(here: str, path: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        fetcher(here).get(f"http://{here}{path}")


def test_one_byte_at_a_time_is_cut(here: str) -> None:
    slow = fetcher(here, limits=replace(QUICK, seconds=0.5))
    with pytest.raises(InputError, match=r"took longer than 0.5 seconds"):
        slow.get(f"http://{here}/drip")


REDIRECTS = [
    ("http://10.0.0.1/x", "not among those that may be reached"),
    ("http://169.254.169.254/latest/meta-data/", "not among those that may be reached"),
    ("file:///etc/passwd", "is file, not http or https"),
    ("http://user:word@127.0.0.1/", "holds a user name"),
    ("gopher://127.0.0.1/", "is gopher"),
]


@pytest.mark.parametrize(("onward", "said"), REDIRECTS, ids=[one for one, _ in REDIRECTS])
def test_a_redirect_faces_the_same_guard(here: str, onward: str, said: str) -> None:
    with pytest.raises(InputError, match=f"leads on to .*: .*{said}"):
        fetcher(here).get(f"http://{here}/to?{onward}")


def test_a_redirect_to_a_listed_name_at_a_private_address(
    server: Server, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The metadata address stays shut even where private ones are allowed and the host is listed."""
    real = socket.getaddrinfo

    def lookup(host: str, *rest: object, **options: object) -> object:
        told = "169.254.169.254" if host == "outlet.example" else host
        return real(told, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(InputError, match=r"leads to 169\.254\.169\.254, a link-local address"):
        fetcher(here, hosts=(here, "outlet.example")).get(f"http://{here}/to?http://outlet.example/x")


def test_a_name_that_changes_its_mind_gains_nothing(
    server: Server, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look-up gives a public address, every later one this machine: nothing is asked here."""
    told = ["203.0.113.9"]  # documentation range: not global, so the guard is told that it is
    monkeypatch.setattr(guard, "refused", lambda address, allow_private: None)
    asked: list[str] = []

    def lookup(host: str, port: int, **_: object) -> list[object]:
        address = told.pop() if told else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(place: tuple[str, int], timeout: float | None = None) -> socket.socket:
        asked.append(place[0])
        raise OSError("not routed")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    port = server.server_address[1]
    with pytest.raises(InputError, match="did not answer"):
        Fetcher(hosts=(f"outlet.example:{port}",), limits=QUICK).get(f"http://outlet.example:{port}/a")
    assert asked == ["203.0.113.9"]
    assert server.asked == []


PRIVATE = [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "100.64.0.1", "0.0.0.0", "::1", "fc00::1",
    "fe80::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1",
    "169.254.169.254", "fd00:ec2::254", "255.255.255.255", "::",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    assert guard.refused(address, allow_private=False) is not None


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "224.0.0.1"])
def test_some_are_refused_always(address: str) -> None:
    assert guard.refused(address, allow_private=True) is not None


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public_addresses_pass(address: str) -> None:
    assert guard.refused(address, allow_private=False) is None


def test_this_machine_is_refused_unless_allowed(here: str) -> None:
    with pytest.raises(InputError, match=r"leads to 127\.0\.0\.1, this very machine"):
        Fetcher(hosts=(here,), limits=QUICK).get(f"http://{here}/a")


def test_no_host_is_reached_by_default() -> None:
    said = r"may be reached \(it lists none\); add example.org to SIJILL_HOSTS"
    with pytest.raises(InputError, match=said):
        Fetcher().get("https://example.org/feed")


LISTED = [
    ("example.org", 443, ("example.org",), True),
    ("EXAMPLE.org.", 443, ("example.org",), True),
    ("a.example.org", 443, ("example.org",), False),
    ("a.example.org", 443, ("*.example.org",), True),
    ("example.org", 443, ("*.example.org",), False),
    ("badexample.org", 443, ("*.example.org",), False),
    ("example.org", 8443, ("example.org",), False),
    ("example.org", 8443, ("example.org:8443",), True),
    ("anything.org", 443, ("*",), False),
    ("anything.org", 443, ("*.",), False),
    ("::1", 80, ("[::1]:80",), True),
]


@pytest.mark.parametrize(("host", "port", "hosts", "wanted"), LISTED)
def test_the_list_of_hosts(host: str, port: int, hosts: tuple[str, ...], wanted: bool) -> None:
    assert guard.listed(host, port, 443 if port != 80 else 80, hosts) is wanted


def test_no_proxy_is_taken_from_the_environment(here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetcher(here).get(f"http://{here}/a").data


def test_one_host_is_not_hurried(here: str) -> None:
    time, waits = [0.0], []
    slow = fetcher(here, limits=replace(QUICK, pause=2), clock=lambda: time[0], sleep=waits.append)
    slow.get(f"http://{here}/a")
    time[0] = 0.5
    slow.get(f"http://{here}/b")
    assert waits == [1.5]


def test_a_refused_outlet_is_not_even_asked(server: Server, here: str) -> None:
    with pytest.raises(InputError, match=r"comes from Amaq News Agency \(IS\) and is refused"):
        fetcher(here).get("https://amaqagency.example.org/feed")
    assert server.asked == []


# ---- feeds


def test_a_feed_is_pulled_once_and_then_only_what_is_new(server: Server, here: str) -> None:
    feed = Feed(name="wadi", url=f"http://{here}/feed")
    first = pull(feed, fetcher(here), limit=10**6, now="2024-04-20T09:00:00+00:00")
    (document,) = (item for item in first.items if isinstance(item, Document))
    assert [(report.title, report.published) for report in document.reports] == [
        ("هجوم قرب السخنة", "2024-04-19"), ("انفجار عبوة", "2024-04-20"),
    ]  # fmt: skip
    assert document.reports[0].text == "قُتل عنصران في هجوم قرب السخنة.\n\nثم انسحب المهاجمون."
    assert {report.source for report in document.reports} == {"شبكة الوادي"}
    assert [str(item) for item in first.items if isinstance(item, InputError)] == [
        f"http://{here}/feed:entry 3: has no words; nothing to do; it is left out"
    ]
    assert (first.feed.etag, first.feed.failures) == ('"one"', 0)
    again = pull(first.feed, fetcher(here), limit=10**6)
    assert (again.items, again.changed) == ([], False)
    sent = server.asked[-1][1]
    assert sent["If-None-Match"] == '"one"' and sent["If-Modified-Since"].startswith("Sat")


def test_the_pages_behind_a_feed(server: Server, here: str) -> None:
    feed = Feed(name="wadi", url=f"http://{here}/feed", pages=True)
    pulled = pull(feed, fetcher(here), limit=10**6)
    urls = [report.url for item in pulled.items if isinstance(item, Document) for report in item.reports]
    assert urls == [f"http://{here}/a", f"http://{here}/b"] * 2
    assert [path for path, _ in server.asked] == ["/feed", "/a", "/b"]


def test_failures_are_counted_and_forgiven(here: str) -> None:
    feed = Feed(name="x", url=f"http://{here}/none", etag='"old"')
    for count in (1, 2):
        pulled = pull(feed, fetcher(here), limit=10**6)
        feed = pulled.feed
        assert (feed.failures, feed.etag) == (count, '"old"')
        assert feed.fault and "404" in feed.fault
    healed = pull(
        Feed(name="x", url=f"http://{here}/feed", failures=2, fault="x"), fetcher(here), limit=10**6
    )
    assert (healed.feed.failures, healed.feed.fault) == (0, None)


def test_a_feed_that_declares_entities_is_refused(here: str) -> None:
    pulled = pull(Feed(name="x", url=f"http://{here}/entities"), fetcher(here), limit=10**6)
    assert "declares XML entities" in str(pulled.items[0])


def test_a_page_is_no_feed(here: str) -> None:
    pulled = pull(Feed(name="x", url=f"http://{here}/a"), fetcher(here), limit=10**6)
    assert "is no feed" in str(pulled.items[0])


def test_the_list_is_kept(tmp_path: Path) -> None:
    store = JsonFeeds(tmp_path / "a" / "feeds.json")
    assert store.feeds() == []
    store.put(Feed(name="b", url="https://b.org"))
    store.put(Feed(name="a", url="https://a.org"))
    store.put(Feed(name="b", url="https://b.org", failures=1))
    assert [(feed.name, feed.failures) for feed in JsonFeeds(store.path).feeds()] == [("a", 0), ("b", 1)]
    assert store.drop("a") and not store.drop("a")
    with pytest.raises(UsageError, match="no feed is called 'a'; saved are: b"):
        find(store, "a")
    store.path.write_text("{")
    with pytest.raises(UsageError, match="is no list of feeds"):
        store.feeds()
