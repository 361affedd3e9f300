"""That the desk lets nobody in who has no business there, and that nothing typed becomes a command."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk_parts import BASE, Visitor, register
from sijill.web.guard import BODY, Guard, Pace, TooSlow
from sijill.web.identity import COOKIE, IDLE, Door, Person
from sijill.web.openapi import twin
from sijill.web.routes import ACTS, PAGES

PATHS = [
    path for row in PAGES for path in (row.path.replace("{id}", "x"), twin(row.path).replace("{id}", "x"))
]
FORMS = [*ACTS, "/try", "/look", "/leave"]
NASTY = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE incident; --", "{{ 7*7 }}",
    "${7*7}", "=HYPERLINK(\"http://x\")", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00",
    "\u202eقتل\u202c",
    "\u2066" * 40 + "سطر", "a' OR '1'='1", "m-" + "0" * 16, "x" * 3000, "\U0001f600",
    "javascript:alert(1)", "\r\nSet-Cookie: a=b", "|" * 200, "\"" * 3,
]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return register(tmp_path_factory.mktemp("desk") / "register.db")


@pytest.fixture
def visitor(filled: Path, tmp_path: Path) -> Iterator[Visitor]:
    target = tmp_path / "register.db"
    target.write_bytes(filled.read_bytes())
    made = Visitor(target)
    yield made
    made.close()


@pytest.fixture(scope="module")
def reader(filled: Path) -> Iterator[Visitor]:
    made = Visitor(filled, most=100_000)
    yield made
    made.close()


@pytest.mark.parametrize("path", [*PATHS, "/api"])
def test_without_a_session_nothing_is_told(reader: Visitor, path: str) -> None:
    stranger = reader.browser()
    for cookie in (None, "", "x" * 43, "../../x"):
        if cookie is not None:
            stranger.cookies.set(COOKIE, cookie)
        answer = stranger.get(path)
        assert answer.status_code == 401 and "كمين" not in answer.text, (path, cookie)


@pytest.mark.parametrize("path", FORMS)
def test_without_a_session_nothing_is_done(reader: Visitor, path: str) -> None:
    head = reader.desk.register.head()
    answer = reader.browser().post(path, data={"csrf": reader.csrf(), "subject": "x", "text": "x"})
    assert answer.status_code == 401
    assert reader.desk.register.head() == head


@pytest.mark.parametrize("path", FORMS)
def test_forms_of_other_sites_are_refused(visitor: Visitor, path: str) -> None:
    head, csrf = visitor.desk.register.head(), visitor.csrf()
    fields = {"subject": "x", "text": "x", "lang": "en"}
    for data, headers in (
        (fields, {}),
        ({**fields, "csrf": ""}, {}),
        ({**fields, "csrf": csrf[:-1] + "x"}, {}),
        ({**fields, "csrf": csrf}, {"origin": "https://evil.example"}),
        ({**fields, "csrf": csrf}, {"origin": "null"}),
        ({**fields, "csrf": csrf}, {"sec-fetch-site": "cross-site"}),
        ({**fields, "csrf": csrf}, {"sec-fetch-site": "same-site"}),
    ):  # fmt: skip
        answer = visitor.client.post(path, data=data, headers=headers)
        assert answer.status_code == 403, (path, data, headers)
    other = visitor.browser()
    assert visitor.enter(other).status_code == 303
    assert visitor.client.post(path, data={**fields, "csrf": visitor.csrf(other)}).status_code == 403
    assert visitor.desk.register.head() == head


def test_a_token_works_once(visitor: Visitor) -> None:
    used = visitor.tokens[0]
    late = visitor.browser()
    assert late.get("/enter-desk", params={"token": used}).status_code == 401
    assert late.get("/enter-desk").status_code == 401
    assert visitor.enter(late).status_code == 303, "the new one does"
    assert late.get("/").status_code == 200


def test_tokens_cannot_be_tried_out(visitor: Visitor) -> None:
    guesser = visitor.browser(tries=5)
    for number in range(5):
        assert guesser.get("/enter-desk", params={"token": f"guess{number}"}).status_code == 401
    assert visitor.enter(guesser).status_code == 401, "even the right one waits now"


def test_a_session_is_always_a_new_one(visitor: Visitor) -> None:
    fixed = visitor.browser()
    fixed.cookies.set(COOKIE, "chosen-by-somebody-else", domain="127.0.0.1")
    answer = visitor.enter(fixed)
    given = re.search(rf"{COOKIE}=([^;]+)", answer.headers["set-cookie"])
    assert given and given[1] != "chosen-by-somebody-else" and len(given[1]) >= 43
    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told and "secure" in told and "samesite=strict" in told
    thief = visitor.browser()
    thief.cookies.set(COOKIE, "chosen-by-somebody-else")
    assert thief.get("/").status_code == 401


def test_two_desks_do_not_share_a_session(visitor: Visitor) -> None:
    other = visitor.browser(cookie=f"{COOKIE}_2")
    assert f"{COOKIE}_2=" in visitor.enter(other).headers["set-cookie"]
    visitor.client.cookies.update(other.cookies)
    assert visitor.client.get("/").status_code == 200 and other.get("/").status_code == 200
    other.cookies = {COOKIE: visitor.client.cookies[COOKIE]}
    assert other.get("/").status_code == 401


def test_a_session_ends() -> None:
    clock = [0.0]
    tokens: list[str] = []
    door = Door(Person("layla"), lambda: clock[0], tokens.append)
    own = door.enter(tokens[-1])
    assert door.session(own)
    clock[0] += IDLE + 1
    assert door.session(own) is None
    assert door.enter("") is None and door.enter("é\ud800") is None
    again = door.enter(tokens[-1])
    door.leave(again)
    assert door.session(again) is None


def test_leaving(visitor: Visitor) -> None:
    visitor.post("/leave")
    assert visitor.client.get("/").status_code == 401


def test_headers_are_strict(reader: Visitor) -> None:
    for path in ("/", "/incidents.json", "/nope", "/static/desk.css", "/static/desk.js", "/enter-desk"):
        headers = reader.client.get(path).headers
        csp = headers["content-security-policy"]
        assert "default-src 'none'" in csp and "unsafe" not in csp and "http" not in csp
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert headers["cache-control"]


def test_pages_hold_nothing_inline_and_nothing_from_elsewhere(reader: Visitor) -> None:
    one = reader.incident(action="ambush")["id"]
    for path in [row.path for row in PAGES if "{" not in row.path] + [f"/incidents/{one}"]:
        html = reader.get(path)
        assert not re.search(r"<script(?! src=\"/static/)", html), path
        assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", html), path
        assert not re.search(r"(?:src|href|action)=\"(?!/|#)", html), path
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.S):
            assert 'name="csrf"' in form, (path, form)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", ""])
def test_other_names_are_refused(reader: Visitor, host: str) -> None:
    assert reader.client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:1", "[::1]:8765", "[::1]", "LOCALHOST"])
def test_own_names_are_known(reader: Visitor, host: str) -> None:
    assert reader.client.get("/static/desk.css", headers={"host": host}).status_code == 200


def test_too_often(visitor: Visitor) -> None:
    hasty = visitor.browser(most=5)
    answers = [hasty.get("/static/desk.css").status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2


def test_too_much(visitor: Visitor) -> None:
    csrf, head = visitor.csrf(), visitor.desk.register.head()
    for path in FORMS:
        big = visitor.client.post(path, data={"csrf": csrf, "text": "x" * (BODY + 1)})
        assert big.status_code == 413, path

    def drops() -> Iterator[bytes]:
        for _ in range(BODY // 100_000 + 5):
            yield b"x" * 100_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert visitor.client.post("/try", content=drops(), headers=kind).status_code == 413
    many = "&".join(f"a{number}=1" for number in range(1000))
    assert visitor.client.post("/try", content=many, headers=kind).status_code == 400
    assert visitor.client.get("/incidents?q=" + "x" * 9000).status_code == 414
    assert visitor.desk.register.head() == head


def test_too_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sijill.web.guard.SLOW", 0.05)
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    async def never() -> Any:
        await asyncio.sleep(5)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1)}
    guard = Guard(app, frozenset({"localhost"}), Pace(9, 9.0, lambda: 0.0))
    asyncio.run(guard(scope, never, send))
    assert sent[0]["status"] == 408 and TooSlow


@pytest.mark.parametrize("path", [
    "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fledger/schema.py",
    "/static/fonts/../about.yaml",
    "/static//etc/passwd", "/static/%00", "/reports/..%2f..%2fetc%2fpasswd", "/incidents/%2e%2e",
])  # fmt: skip
def test_no_way_out_of_the_folders(reader: Visitor, path: str) -> None:
    answer = reader.client.get(path)
    assert answer.status_code in (400, 404) and "root:" not in answer.text and "import" not in answer.text


@pytest.mark.parametrize("nasty", NASTY, ids=[str(number) for number in range(len(NASTY))])
def test_nothing_typed_is_obeyed(visitor: Visitor, nasty: str) -> None:
    client = visitor.client
    names = sorted({name for row in PAGES for name in row.parameters})
    for row in PAGES:
        path = row.path.replace("{id}", "i-0123456789abcdef")
        for name in row.parameters:
            answer = client.get(path, params={name: nasty})
            assert answer.status_code in (200, 400, 404, 414), (path, name, answer.status_code)
            assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
            assert ">49<" not in answer.text and "set-cookie" not in answer.headers
    assert len(names) > 10
    one = visitor.incident(action="ied")
    note = f"{nasty} قُتل خمسة مدنيين"
    csrf = visitor.csrf()
    for path, fields in (
        ("/decide", {"subject": one["id"], "pointer": "/status", "value": "denied", "why": nasty[:1900],
                     "seen": "99999"}),
        ("/decide", {"subject": nasty, "pointer": nasty, "value": nasty, "why": nasty, "seen": nasty}),
        ("/judge", {"verdict": nasty, "subject": nasty, "leaving": nasty, "seen": "1"}),
        ("/judge", {"verdict": "same", "subject": [one["id"], nasty], "seen": "99999"}),
        ("/undo", {"entry": nasty, "incident": nasty}), ("/retract", {"subject": nasty, "why": nasty}),
        ("/filters", {"name": nasty[:90], "query": f"action={nasty}"}),
        ("/review", {"act": nasty, "subject": nasty}),
        ("/enter", {"note": note, "action": "ied", "source": nasty[:190], "place": nasty, "actors": nasty}),
        ("/enter", {"note": note, "action": "ied", "source": nasty[:190]}),
        ("/try", {"text": note, "published": nasty}), ("/try", {"text": note}),
        ("/try", {"text": note, "keep": "1", "source": nasty[:190], "title": nasty[:400]}),
        ("/look", {"lang": nasty, "theme": nasty, "back": nasty}), ("/look", {"back": nasty}),
    ):  # fmt: skip
        answer = client.post(path, data={"csrf": csrf, **fields})
        assert answer.status_code in (200, 303, 400, 404, 409), (path, answer.status_code, answer.text[:200])
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text, path
        location = answer.headers.get("location", "/")
        assert location.startswith("/") and not location.startswith("//") and "\n" not in location
    for path in ("/", "/incidents", "/sources", "/settings", "/log", "/review", f"/incidents/{one['id']}"):
        html = visitor.get(path)
        assert "<script>alert" not in html and "<img src=x" not in html, path
    for own in {arrived["id"] for arrived in visitor.json("/sources.json")["arrived"]}:
        html = visitor.get(f"/reports/{own}")
        assert "<script>alert" not in html and "<img src=x" not in html and ">49<" not in html
    assert visitor.desk.register.verify().ok


def test_methods(reader: Visitor) -> None:
    assert reader.client.delete("/incidents").status_code == 405
    assert reader.client.get("/decide").status_code == 405
    assert reader.client.post("/incidents").status_code == 405
    assert reader.client.get(BASE + "/enter-desk").status_code == 401
