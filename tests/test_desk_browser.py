"""The desk in a real browser: Debian's Chromium, driven headless. Skipped where there is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from desk_parts import REPORTS, register
from sijill.web.texts import texts

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="BROWSER TESTS SKIPPED: pip install playwright (no browser is downloaded)"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="BROWSER TESTS SKIPPED: no Chromium here; on Debian: apt-get install chromium"
)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--no-first-run", "--disable-component-update", "--disable-default-apps", "--disable-dev-shm-usage",
]  # fmt: skip
SENTENCE = (
    "قُتل ما لا يقل عن سبعة عناصر من قوات النظام، بينهم ضابطان، وأُصيب أربعة آخرون، في كمين نصبه تنظيم داعش "
    "قرب بلدة الشولا جنوب دير الزور فجر أمس، بحسب المرصد السوري لحقوق الإنسان."
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A desk as `sijill desk` starts it; the address that it printed."""
    place = register(tmp_path / "register.db")
    command = [sys.executable, "-m", "sijill", "desk", "--db", str(place), "--port", "0", "--no-browser"]
    out = tmp_path / "desk.log"
    with out.open("wb") as log:
        process = subprocess.Popen([*command, "--who", "layla"], stdout=log, stderr=log)
    found = None
    for _ in range(300):
        found = re.search(r"open (http://\S+)\n", out.read_text())
        if found:
            break
        sleep(0.1)
    assert found, out.read_text()
    yield found[1]
    process.terminate()
    process.wait()


class Seen:
    """What a page asked for and complained of."""

    def __init__(self, page: Any, base: str) -> None:
        self.outside: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda one: None if one.url.startswith(base) else self.outside.append(one.url))
        page.on("console", lambda one: self.complaints.append(one.text) if one.type != "log" else None)
        page.on("pageerror", lambda one: self.complaints.append(str(one)))


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    made = context.new_page()
    seen = Seen(made, address.partition("/enter-desk")[0])
    made.goto(address)
    yield made
    assert seen.outside == [] and seen.complaints == []
    context.close()


def go(page: Any, path: str) -> None:
    page.goto(page.url.partition("/")[0] + "//" + page.url.split("/")[2] + path)


def shown(page: Any, key: str) -> bool:
    return texts()[key].ar in page.content()


def test_first_run_and_reading_a_text(page: Any) -> None:
    assert page.url.endswith("/") and "token" not in page.url
    assert page.locator("html").get_attribute("dir") == "rtl" and shown(page, "overview.latest")
    page.locator("nav a[href='/try']").click()
    page.fill("textarea", SENTENCE)
    page.fill("input[name=published]", "2024-04-19")
    page.click("button.main")
    assert "2024-04-18" in page.locator(".records").inner_text()
    assert page.locator("mark").count() > 3


def test_filter_by_map_and_time(page: Any) -> None:
    go(page, "/incidents")
    every = page.locator(".rows tbody tr").count()
    page.locator("svg.map a", has=page.locator("title", has_text="حمص")).first.click()
    page.wait_for_selector(".rows tbody tr")
    assert "place=" in page.url and 0 < page.locator(".rows tbody tr").count() < every
    go(page, "/incidents?since=2024-03&until=2024-03-05")
    assert page.locator(".rows tbody tr").count() == 1


def test_review_by_keys_alone(page: Any) -> None:
    go(page, "/review")
    now = "document.querySelector('.now h2 a').getAttribute('href')"
    first = page.locator(".now h2 a").get_attribute("href")
    page.keyboard.press("a")
    page.wait_for_function(f"old => {now} !== old", arg=first)
    second = page.locator(".now h2 a").get_attribute("href")
    page.keyboard.press("s")
    page.wait_for_function(f"old => {now} !== old", arg=second)
    page.keyboard.press("u")
    page.wait_for_function(f"old => {now} === old", arg=first)
    page.keyboard.press("e")
    page.wait_for_url("**" + str(first))


def test_merge_and_undo(page: Any) -> None:
    go(page, "/incidents?action=ied")
    page.locator(".rows tbody a").first.click()
    one = page.url
    go(page, "/incidents?action=air_strike")
    other = str(page.locator(".rows tbody a").first.get_attribute("href")).rsplit("/", 1)[1]
    page.goto(one)
    page.fill("input[name=subject][size='20']", other)
    page.get_by_role("button", name=texts()["act.merge"].ar, exact=True).click()
    page.wait_for_load_state()
    assert page.locator("article.mention").count() == 2
    page.get_by_role("button", name=texts()["act.undo"].ar, exact=True).first.click()
    page.wait_for_load_state()
    assert page.locator("article.mention").count() == 1


def test_what_was_typed_outlives_the_session(page: Any) -> None:
    go(page, "/enter")
    page.fill("textarea", "اتصل بنا مصدر محلي")
    page.context.clear_cookies()
    assert page.evaluate("Object.keys(localStorage)") == ["draft:enter"]
    assert "اتصل بنا" in page.evaluate("localStorage.getItem('draft:enter')")


def test_a_draft_comes_back_and_goes_when_it_was_saved(page: Any) -> None:
    go(page, "/enter")
    page.fill("textarea", "اتصل بنا مصدر محلي")
    go(page, "/enter")
    assert page.input_value("textarea") == "اتصل بنا مصدر محلي"
    page.click("button.main")
    page.wait_for_url("**/reports/*")
    go(page, "/enter")
    assert page.input_value("textarea") == ""


def test_keyboard_reaches_everything(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    go(page, "/incidents")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("السخنة")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/i-*")


PAGES = ["/", "/incidents", "/review", "/tallies", "/checks", "/alarms", "/sources", "/enter", "/try",
         "/lexicon?word=السخنة", "/log", "/settings"]  # fmt: skip


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_layout_in_both_directions(page: Any, lang: str) -> None:
    if lang == "en":
        page.click("button[name=lang]")
    page.set_viewport_size({"width": 390, "height": 800})
    for path in PAGES:
        go(page, path)
        assert page.evaluate(LAYOUT)["wide"] <= 390, (path, "scrolls sideways on a telephone")
    page.set_viewport_size({"width": 1280, "height": 860})
    for theme in ("light", "dark"):
        go(page, "/settings")
        page.locator(f"main button[name=theme][value={theme}]").click()
        for path in PAGES:
            go(page, path)
            told = page.evaluate(LAYOUT)
            assert told["dir"] == ("rtl" if lang == "ar" else "ltr")
            assert told["wide"] <= told["view"], (path, theme, "scrolls sideways")
            brand, look = told["brand"], told["look"]
            assert (brand > look) == (lang == "ar"), (path, "the header is mirrored")
            assert told["unlabelled"] == [], (path, told["unlabelled"])
            assert told["pale"] == [], (path, theme, told["pale"][:3])


LAYOUT = (Path(__file__).parent / "desk_layout.js").read_text(encoding="utf-8")


@pytest.mark.skipif("SIJILL_SHOTS" not in os.environ, reason="SIJILL_SHOTS names a folder for screenshots")
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_screenshots_for_the_readme(page: Any, lang: str) -> None:
    assert REPORTS
    if lang == "en":
        page.click("button[name=lang]")
        go(page, "/incidents")
    else:
        go(page, "/incidents?action=ambush")
        page.locator(".rows tbody a").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(Path(os.environ["SIJILL_SHOTS"]) / f"desk-{lang}.png"))
