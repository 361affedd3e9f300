"""The application: pages and twins from the table of routes, forms behind a check, errors in words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from hmac import compare_digest
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sijill.errors import InputError, RegisterError, SijillError, UsageError
from sijill.ledger import fresh
from sijill.publish.names import PUBLISH, Lang
from sijill.sources.fields import iso_day
from sijill.web import acts, render, working
from sijill.web.desk import Ask, Conflict, Desk, Missing
from sijill.web.guard import Guard, Pace, TooMuch, TooSlow
from sijill.web.identity import COOKIE, Session
from sijill.web.openapi import description, twin
from sijill.web.routes import ACTS, PAGES, PageRow

HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
YEAR = 365 * 24 * 3600
DUE = 60.0
"""Seconds after which an answer is given up."""

Endpoint = Callable[[Request], Awaitable[Response]]


class NoSession(SijillError):
    """Nobody was let in, or the session is over."""


class Forged(SijillError):
    """A form that did not come from one of this desk's own pages."""


def create(
    desk: Desk, *, hosts: frozenset[str] = HOSTS, most: int = 600, tries: int = 20, secure: bool = True,
    cookie: str = COOKIE,
) -> Guard:  # fmt: skip
    """The application over a desk, ready for a server.

    `most` requests in ten seconds are taken from one address, and `tries` wrong tokens a minute.
    `cookie` names the session's cookie: browsers keep one jar for all ports, so that two desks need two.
    """
    rooms = Rooms(desk, Pace(tries, 60.0, desk.now), secure, cookie)
    routes: list[Any] = [Route("/enter-desk", rooms.enter, methods=["GET"])]
    for row in PAGES:
        routes += [
            Route(twin(row.path), rooms.guarded(partial(rooms.twin, row)), methods=["GET"]),
            Route(row.path, rooms.guarded(partial(rooms.page, row)), methods=["GET"]),
        ]
    for path, (act, _) in ACTS.items():
        routes.append(Route(path, rooms.guarded(partial(rooms.act, act)), methods=["POST"]))
    routes += [
        Route("/try", rooms.guarded(rooms.attempt), methods=["POST"]),
        Route("/look", rooms.guarded(rooms.look), methods=["POST"]),
        Route("/leave", rooms.guarded(rooms.leave), methods=["POST"]),
        Route("/api", rooms.guarded(rooms.api), methods=["GET"]),
        Route("/favicon.ico", _nothing, methods=["GET"]),
        Mount("/static/fonts", StaticFiles(directory=PUBLISH / "fonts")),
        Mount("/static", StaticFiles(directory=render.HERE / "static")),
    ]
    app = Starlette(routes=routes, exception_handlers={404: rooms.unknown, 405: rooms.unknown})
    return Guard(app, hosts, Pace(most, 10.0, desk.now))


async def _nothing(request: Request) -> Response:
    return Response(status_code=204)


class Rooms:
    """The endpoints over one desk."""

    def __init__(self, desk: Desk, tries: Pace, secure: bool, cookie: str) -> None:
        self.desk, self._tries, self._secure, self._cookie = desk, tries, secure, cookie
        try:
            self._version = version("sijill")
        except PackageNotFoundError:
            self._version = "0"

    # ── who asks ────────────────────────────────────────────────────────────────────────────────

    async def enter(self, request: Request) -> Response:
        """Exchanges the one-time token of the address for a session cookie."""
        client = request.client.host if request.client else "?"
        own = None
        if self._tries.fits(client):
            own = self.desk.door.enter(request.query_params.get("token", ""))
        if own is None:
            return self._error(request, NoSession("token"), 401)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._cookie, own, httponly=True, secure=self._secure, samesite="strict", path="/")
        return answer

    def session(self, request: Request) -> Session:
        """The session of a request; NoSession where there is none."""
        found = self.desk.door.session(request.cookies.get(self._cookie))
        if found is None:
            raise NoSession("session")
        return found

    def ask(self, request: Request, session: Session) -> Ask:
        """The request as pages take it."""
        query = {key: value.replace("\0", "") for key, value in request.query_params.items()}
        path = {key: str(value).replace("\0", "") for key, value in request.path_params.items()}
        return Ask(self.desk, session.person, session, _lang(request), query, path)

    # ── errors ──────────────────────────────────────────────────────────────────────────────────

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        """An endpoint whose errors are told in words, in the form that was asked for."""

        async def told(request: Request) -> Response:
            try:
                return await asyncio.wait_for(endpoint(request), DUE)
            except NoSession as error:
                return self._error(request, error, 401)
            except Forged as error:
                return self._error(request, error, 403)
            except Missing as error:
                return self._error(request, error, 404)
            except Conflict as error:
                return await self._conflict(request, error)
            except (UsageError, InputError) as error:
                return self._error(request, error, 400)
            except TooMuch:
                return self._error(request, UsageError("the form is larger than 2 MB; send less"), 413)
            except TooSlow:
                return self._error(request, UsageError("the form came too slowly; send it again"), 408)
            except (RegisterError, TimeoutError) as error:
                return self._error(request, error, 503)

        return told

    async def unknown(self, request: Request, error: Exception) -> Response:
        """An address that there is not."""
        status = getattr(error, "status_code", 404)
        return self._error(request, Missing(request.url.path), status)

    def _error(self, request: Request, error: Exception, status: int) -> Response:
        """An error in words, as JSON where a twin was asked for."""
        said = str(error) or type(error).__name__
        if request.url.path.endswith(".json") or request.url.path == "/api":
            return _json({"error": said}, status)
        kind = type(error).__name__
        key = (
            kind
            if kind in ("NoSession", "Forged", "Missing")
            else "UsageError"
            if status in (400, 408, 413)
            else "Busy"
        )
        session = self.desk.door.session(request.cookies.get(self._cookie))
        values = {
            "kind": key,
            "said": said if key in ("UsageError", "Busy", "Missing") else "",
            "status": status,
        }
        return self._html(request, "error", values, session, status)

    async def _conflict(self, request: Request, error: Conflict) -> Response:
        """What was decided meanwhile, beside what this form wanted; nothing is written."""
        form = request.state.form
        session = self.session(request)

        def gather() -> dict[str, Any]:
            with self.desk.register.reading() as connection:
                said = [one for one in fresh.said_of(connection, error.subjects) if one.entry > error.seen]
                judged = [
                    (entry, one)
                    for entry, one in fresh.judged_of(
                        connection, [own for own in error.subjects if own.startswith("m-")]
                    )
                    if entry > error.seen
                ]
                return {"decided": said, "judged": judged, "now": fresh.last_word(connection, error.subjects)}

        values = await to_thread.run_sync(gather)
        mine = [
            (name, value) for name, told in form.items() for value in told if name not in ("csrf", "seen")
        ]
        values |= {"mine": mine, "action": request.url.path, "own": error.own}
        return self._html(request, "conflict", values, session, 409)

    # ── pages ───────────────────────────────────────────────────────────────────────────────────

    async def page(self, row: PageRow, request: Request) -> Response:
        """A page."""
        session = self.session(request)
        ask = self.ask(request, session)
        values = await to_thread.run_sync(row.make, ask)
        return self._html(request, row.name, values | {"ask": ask}, session)

    async def twin(self, row: PageRow, request: Request) -> Response:
        """The same page as JSON: all but the drawings."""
        ask = self.ask(request, self.session(request))
        values = await to_thread.run_sync(row.make, ask)
        return _json({key: value for key, value in values.items() if not key.endswith("_svg")})

    async def api(self, request: Request) -> Response:
        """The description of the twins."""
        self.session(request)
        return _json(description(self._version, self._cookie))

    def _html(
        self, request: Request, name: str, values: dict[str, Any], session: Session | None, status: int = 200
    ) -> Response:
        """A template with what every page has."""
        lang = _lang(request)
        theme = request.cookies.get("theme", "auto")
        flash, saved = "", False
        if session is not None and name != "conflict":
            flash, session.flash = session.flash, ""
            saved = bool(flash)
        common = {
            "t": render.Tongue(lang, self.desk.names), "lang": lang, "session": session, "flash": flash,
            "theme": theme if theme in render.THEMES else "auto", "name": name, "saved_now": saved,
            "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "twin_path": twin(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
        }  # fmt: skip
        return HTMLResponse(render.page(name, common | values), status)

    # ── forms ───────────────────────────────────────────────────────────────────────────────────

    async def form(self, request: Request, session: Session) -> dict[str, list[str]]:
        """A form's fields; Forged where it did not come from one of our pages."""
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if site is not None and site != "same-origin":
            raise Forged("site")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            raise Forged("origin")
        if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
            raise UsageError("forms are sent as application/x-www-form-urlencoded")
        raw = await request.body()
        try:
            found = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=400)
        except ValueError:
            raise UsageError("the form has too many fields") from None
        given = (found.get("csrf") or [""])[-1]
        if not compare_digest(given.encode("utf-8", "replace"), session.csrf.encode()):
            raise Forged("csrf")
        request.state.form = found
        return found

    async def act(self, act: Callable[[Ask, acts.Form], str], request: Request) -> Response:
        """Does what a form asks for, and shows the page that follows."""
        session = self.session(request)
        form = await self.form(request, session)
        ask = self.ask(request, session)
        target = await to_thread.run_sync(act, ask, form)
        session.flash = "saved"
        return RedirectResponse(target, 303)

    async def attempt(self, request: Request) -> Response:
        """Shows what is read in a pasted text, or keeps it in the register."""
        session = self.session(request)
        form = await self.form(request, session)
        ask = self.ask(request, session)
        words = (form.get("text") or [""])[-1].replace("\r\n", "\n").replace("\0", "")
        if not words.strip():
            raise UsageError("paste a text first")
        day = acts.told(form, "published", 40)
        published = iso_day(day, "published") if day else None
        if acts.told(form, "keep"):
            source, title = acts.told(form, "source", 200), acts.told(form, "title", 500)
            target = await to_thread.run_sync(
                acts.store_text, ask, words, published, source or None, title or None
            )
            session.flash = "saved"
            return RedirectResponse(target, 303)
        values = await to_thread.run_sync(working.explained, ask, words, published)
        return self._html(request, "try", values | {"ask": ask}, session)

    async def look(self, request: Request) -> Response:
        """Sets language or light; neither ever changes by itself."""
        session = self.session(request)
        form = await self.form(request, session)
        back = acts.told(form, "back") or "/"
        if not back.startswith("/") or back.startswith("//") or "\\" in back:
            back = "/"
        answer = RedirectResponse(back, 303)
        lang, theme = acts.told(form, "lang"), acts.told(form, "theme")
        if lang:
            if lang not in ("ar", "en"):
                raise UsageError("a language is ar or en")
            self._keep(answer, "lang", lang)
        if theme:
            self._keep(answer, "theme", render.theme_of(theme))
        return answer

    def _keep(self, answer: Response, name: str, value: str) -> None:
        answer.set_cookie(
            name, value, max_age=YEAR, httponly=True, secure=self._secure, samesite="strict", path="/"
        )

    async def leave(self, request: Request) -> Response:
        """Ends the session."""
        session = self.session(request)
        await self.form(request, session)
        self.desk.door.leave(request.cookies.get(self._cookie))
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(self._cookie, path="/")
        return answer


def _lang(request: Request) -> Lang:
    """Arabic unless English was chosen."""
    return "en" if request.cookies.get("lang") == "en" else "ar"


def _json(value: Any, status: int = 200) -> Response:
    """JSON, in UTF-8."""
    return Response(msgspec.json.encode(value, enc_hook=_plain), status, media_type="application/json")


def _plain(value: Any) -> Any:
    """Sets and other plain things as lists."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "_asdict"):
        return value._asdict()
    raise NotImplementedError(f"no JSON for {type(value).__name__}")
