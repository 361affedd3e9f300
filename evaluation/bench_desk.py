"""How fast the desk answers over a large register: a part of `make bench`.

    python evaluation/bench_desk.py                      every figure
    python evaluation/bench_desk.py pages                one of them
    SIJILL_BENCH_INCIDENTS=5000 python evaluation/bench_desk.py

The register holds incidents of one or two mentions each, made from a few sentences with places, days
and figures that vary; it is filled with records as they are, without reading. Requests go over a
socket to `sijill desk` as it is installed, one browser at a time for `pages`; `crowd` has readers and
writers at once.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from time import perf_counter, sleep

import httpx
import msgspec

from sijill.keep import Keeper
from sijill.linking import link
from sijill.records import Casualty, CodedReport, Mention, Place, ReaderMark, Report, Span, When, head
from sijill.sources.coded import CodedDocument

COUNT = int(os.environ.get("SIJILL_BENCH_INCIDENTS", "100000"))
SECONDS = float(os.environ.get("SIJILL_BENCH_SECONDS", "60"))
Figures = dict[str, float]

ACTORS = ("IS", "SDF", "SY-GOV", "UNKNOWN", "TR", "IL", "HTS", "RU")
TARGETS = ("SY-GOV", "CIV", "SDF", "IS", "CIV/SHEPHERD", "PERSONS")
ACTIONS = ("ambush", "ied", "shelling", "air_strike", "assassination", "clash", "abduction", "armed_assault")
OUTLETS = tuple(f"outlet {number}" for number in range(40))


def documents(count: int) -> Iterator[CodedDocument]:
    """That many reports with a mention each, the same every time."""
    from sijill.lexicon.load import load

    places = [one for one in load(None).places.values()
              if one.lat is not None and one.admin1 and one.country in ("SY", "IQ")]  # fmt: skip
    chance = random.Random(5)
    for number in range(count):
        spot, day = chance.choice(places), date(2017, 1, 1) + timedelta(days=chance.randrange(3000))
        killed = int(chance.paretovariate(1.3)) if chance.random() < 0.6 else None
        text = f"خبر رقم {number}: قُتل {killed or 'عدد'} في {spot.name} يوم {day}."
        mention = Mention(
            id="i1", action=chance.choice(ACTIONS), date=When(edtf=day.isoformat()),
            place=Place(name=spot.name, id=spot.id, lat=spot.lat, lon=spot.lon, admin1=spot.admin1,
                        country=spot.country, precision="settlement"),
            actors=[chance.choice(ACTORS)], targets=[chance.choice(TARGETS)],
            casualties=[Casualty(outcome="killed", group="PERSONS", low=killed, high=killed)]
            if killed else [],
            evidence={"": [Span("text", 0, len(text))], "/place": [Span("text", 20, 24)]},
        )  # fmt: skip
        report = Report(id=f"b{number}", text=text, source=chance.choice(OUTLETS), published=day.isoformat(),
                        title=f"خبر {number}")  # fmt: skip
        coded = CodedReport(report=head(report), incidents=[mention],
                            reader=ReaderMark(name="bench", version="1", lexicon="-"))  # fmt: skip
        yield CodedDocument(data=msgspec.json.encode(coded), media_type="application/json", origin=report.id,
                            source=report.source, reports=[report], coded=[coded])  # fmt: skip


def fill(place: Path, count: int) -> int:
    """A register of about that many incidents; how many there are."""
    with Keeper.open(place, write=True, create=True, who="bench") as register:
        register.add(documents(count))
        link(register, whole=True)
        return sum(1 for _ in register.incidents())


@contextmanager
def desk(place: Path) -> Iterator[tuple[str, str, float]]:
    """A running desk: its address, a session's cookie, and how many seconds it took to be ready."""
    begin = perf_counter()
    command = [sys.executable, "-m", "sijill", "desk", "--db", str(place), "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        told = re.search(r"(http://\S+)/enter-desk\?token=(\S+)", process.stdout.readline())
        assert told
        for _ in range(600):
            try:
                answer = httpx.get(f"{told[1]}/enter-desk", params={"token": told[2]}, timeout=60)
                break
            except httpx.TransportError:
                sleep(0.1)
        cookie = re.search(r"(sijill_desk\w*=[^;]+)", answer.headers["set-cookie"])
        assert cookie
        yield told[1], cookie[1], perf_counter() - begin
    finally:
        process.terminate()
        process.wait()


def browser(base: str, cookie: str) -> httpx.Client:
    """A browser with that session."""
    return httpx.Client(base_url=base, headers={"cookie": cookie}, timeout=60)


def queries(count: int) -> list[str]:
    """Filters that differ from each other, so that no answer is at hand."""
    chance = random.Random(7)
    made = []
    for number in range(count):
        year = 2017 + chance.randrange(8)
        made.append(chance.choice([
            f"/incidents?since={year}-0{1 + chance.randrange(9)}"
            f"&actor={chance.choice(ACTORS)}&rows={50 + number % 7}",
            f"/incidents?place=SY0{1 + chance.randrange(9)}&action={chance.choice(ACTIONS)}&until={year}",
            f"/incidents?target={chance.choice(TARGETS)}&outcome=killed&since={year}&page={1 + number % 5}",
            f"/incidents?page={2 + number}",
        ]))  # fmt: skip
    return made


def p95(times: list[float]) -> float:
    """The time that 95 of 100 stay below, in ms."""
    return statistics.quantiles(times, n=20)[-1] * 1000


def timed(client: httpx.Client, paths: list[str]) -> list[float]:
    """Seconds of each request; AssertionError for any that is not answered."""
    times = []
    for path in paths:
        begin = perf_counter()
        answer = client.get(path)
        times.append(perf_counter() - begin)
        assert answer.status_code == 200, (path, answer.status_code)
    return times


def pages(place: Path) -> Figures:
    """p95 in ms of Overview, Incidents with filters, and Incident; seconds until the desk is ready."""
    with desk(place) as (base, cookie, ready), browser(base, cookie) as client:
        own = [one["id"] for one in client.get("/incidents.json?rows=300&since=2020").json()["incidents"]]
        begin = perf_counter()
        client.get("/")
        first = perf_counter() - begin
        return {
            "ready_s": ready, "overview_first_ms": first * 1000,
            "overview_p95_ms": p95(timed(client, ["/"] * 40)),
            "incidents_p95_ms": p95(timed(client, queries(100))),
            "incident_p95_ms": p95(timed(client, [f"/incidents/{one}" for one in own[:100]])),
            "review_p95_ms": p95(timed(client, ["/review"] * 20)),
        }  # fmt: skip


def crowd(place: Path) -> Figures:
    """Fifty readers and two writers for a minute: requests, errors, p95 in ms."""
    with desk(place) as (base, cookie, _), browser(base, cookie) as client:
        own = [one["id"] for one in client.get("/incidents.json?rows=300").json()["incidents"]]
        csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/settings").text)
        assert csrf
        over, times, errors = Event(), list[float](), list[str]()

        def read(number: int) -> None:
            chance = random.Random(number)
            with browser(base, cookie) as mine:
                while not over.is_set():
                    path = chance.choice(["/", *queries(4), f"/incidents/{chance.choice(own)}"])
                    begin = perf_counter()
                    answer = mine.get(path)
                    times.append(perf_counter() - begin)
                    if answer.status_code != 200:
                        errors.append(f"{path} {answer.status_code}")
                    sleep(1.0)

        def write(number: int) -> None:
            with browser(base, cookie) as mine:
                for one in own[number::2]:
                    if over.is_set():
                        return
                    form = {
                        "csrf": csrf[1],
                        "subject": one,
                        "pointer": "/reviewed",
                        "value": "yes",
                        "seen": 10**8,
                    }
                    answer = mine.post("/decide", data=form | {"seen": str(10**8)})
                    if answer.status_code != 303:
                        errors.append(f"/decide {answer.status_code}")
                    sleep(0.5)

        with ThreadPoolExecutor(52) as pool:
            for number in range(50):
                pool.submit(read, number)
            for number in range(2):
                pool.submit(write, number)
            sleep(SECONDS)
            over.set()
        for error in errors[:5]:
            print(error, file=sys.stderr)
        return {"requests": float(len(times)), "errors": float(len(errors)), "crowd_p95_ms": p95(times)}


def paint(place: Path) -> Figures:
    """The first paint of Overview and Incidents in Chromium, in ms: medians of seven, cache cold."""
    from playwright.sync_api import sync_playwright

    told = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    with desk(place) as (base, cookie, _), sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        figures: Figures = {}
        for name, path in (("overview", "/"), ("incidents", "/incidents?since=2020")):
            times = []
            for _ in range(7):
                context = chromium.new_context()
                context.add_cookies(
                    [dict(zip(("name", "value"), cookie.split("=", 1), strict=True), url=base)]
                )
                page = context.new_page()
                page.goto(base + path)
                page.wait_for_function(told)
                times.append(page.evaluate(told))
                context.close()
            figures[f"{name}_paint_ms"] = statistics.median(times)
        chromium.close()
        return figures


PARTS = {"pages": pages, "paint": paint, "crowd": crowd}


def main(wanted: list[str]) -> None:
    """Prints the figures asked for."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("SIJILL_BENCH_DIR")) as folder:
        place = Path(folder) / "register.db"
        begin = perf_counter()
        print(f"incidents {fill(place, COUNT):,} (filled in {perf_counter() - begin:.0f} s)", flush=True)
        for name in wanted or list(PARTS):
            for figure, value in PARTS[name](place).items():
                print(f"{figure:20} {value:10.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
