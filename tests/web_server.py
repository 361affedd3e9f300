"""A real server on this machine that answers well, badly, slowly and too much."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>شبكة الوادي</title>
<item><title>هجوم قرب السخنة</title><link>http://{here}/a</link><guid>1</guid>
<pubDate>Fri, 19 Apr 2024 23:30:00 +0300</pubDate>
<description>&lt;p&gt;قُتل عنصران في هجوم قرب السخنة.&lt;/p&gt;&lt;p&gt;ثم انسحب المهاجمون.&lt;/p&gt;</description></item>
<item><title>انفجار عبوة</title><link>http://{here}/b</link><guid>2</guid>
<pubDate>Sat, 20 Apr 2024 08:00:00 +0300</pubDate><description>أصيب ثلاثة بانفجار عبوة في الشحيل.</description></item>
<item><guid>3</guid></item>
</channel></rss>"""  # noqa: E501
PAGE = """<!DOCTYPE html><html><head><title>خبر</title>
<meta property="og:site_name" content="شبكة الوادي">
<meta property="article:published_time" content="2024-04-19T08:00:00+03:00"></head>
<body><nav><ul><li><a href="/p">سياسة</a></li></ul></nav><article><h1>خبر</h1>
<p>{words}</p></article></body></html>"""
WORDS = "انفجرت عبوة ناسفة بسيارة في ريف دير الزور الشرقي وأصيب ثلاثة مدنيين"


class Handler(BaseHTTPRequestHandler):
    """One path, one behaviour."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        here = f"{self.server.server_address[0]}:{self.server.server_address[1]}"
        path = self.path.partition("?")[0]
        if path == "/feed":
            self.feed(FEED.format(here=here))
        elif path in ("/a", "/b"):
            self.give(PAGE.format(words=f"{WORDS} {path}").encode(), "text/html; charset=utf-8")
        elif path == "/1256":
            page = PAGE.format(words=WORDS).encode("windows-1256")
            self.give(page, "text/html; charset=windows-1256")
        elif path == "/gzip":
            self.give(gzip.compress(PAGE.format(words=WORDS).encode()), "text/html", encoding="gzip")
        elif path == "/bomb":
            self.give(gzip.compress(bytes(30_000_000)), "text/html", encoding="gzip")
        elif path == "/huge":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.flood()
        elif path == "/told-huge":
            self.send_response(200)
            self.send_header("Content-Length", "99999999999")
            self.end_headers()
        elif path == "/drip":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.drip()
        elif path == "/silent":
            time.sleep(3)
        elif path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"<html>")
        elif path == "/loop":
            self.onward("/loop")
        elif path == "/hop":
            self.onward("/a")
        elif path == "/to":
            self.onward(self.path.partition("?")[2])
        elif path == "/busy":
            self.send_response(429)
            self.send_header("Retry-After", "120")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path == "/entities":
            trap = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0">'  # noqa: E501
            self.give(f"{trap}<channel><title>&b;</title></channel></rss>".encode(), "application/rss+xml")
        else:
            self.send_error(404)

    def feed(self, text: str) -> None:
        if self.headers.get("If-None-Match") == '"one"':
            self.send_response(304)
            self.end_headers()
            return
        self.give(text.encode(), "application/rss+xml", etag='"one"')

    def give(self, data: bytes, kind: str, *, encoding: str = "", etag: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        if etag:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", "Sat, 20 Apr 2024 05:00:00 GMT")
        self.end_headers()
        self.wfile.write(data)

    def onward(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def flood(self) -> None:
        try:
            for _ in range(1000):
                self.wfile.write(bytes(100_000))
        except OSError:
            self.close_connection = True
        self.close_connection = True

    def drip(self) -> None:
        try:
            for _ in range(100):
                self.wfile.write(b"a")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class Server(ThreadingHTTPServer):
    """Remembers what it was asked."""

    daemon_threads = True
    asked: list[tuple[str, dict[str, str]]]

    def handle_error(self, *_: object) -> None:
        """Whoever goes away may go."""


@contextmanager
def serving() -> Iterator[Server]:
    """A server on a free port of the loopback address."""
    server = Server(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
