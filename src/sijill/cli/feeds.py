"""`sijill feeds`: the saved list of feeds, and a pull over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec

from sijill import settings
from sijill.cli import options
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.cli.out import Output
from sijill.cli.progress import Progress
from sijill.errors import InputError, UsageError
from sijill.publish.phrases import counted
from sijill.sources import refused
from sijill.sources.document import Document
from sijill.sources.feed_store import Feed, FeedStore, JsonFeeds, chosen
from sijill.sources.feeds import Pulled, pull
from sijill.sources.fetch import Fetcher
from sijill.sources.guard import PORTS, listed

Keep = Callable[[list[Document]], int]
"""Keeps documents, and tells how many reports of them are new."""

_LIST = options.from_setting("feeds", "--list", kind=click.Path(path_type=Path), metavar="FILE")
_EPILOG = """\b
Examples:
  sijill feeds add wadi https://example.org/rss --source "Wadi"
  SIJILL_HOSTS=example.org sijill feeds pull | sijill code - > coded.jsonl
"""


def store_of(path: Path | None) -> FeedStore:
    """Where the list is kept."""
    return JsonFeeds(path or settings.file_of("feeds", "feeds.json"))


@click.group(epilog=_EPILOG)
def command() -> None:
    """Keep a list of RSS and Atom feeds, and pull what is new in them. Safe to repeat."""


@command.command()
@click.argument("name")
@click.argument("url")
@click.option("--source", metavar="NAME", help="The outlet's name; without it, the feed's own title.")
@click.option("--pages", is_flag=True, help="Fetch the page behind each entry too.")
@_LIST
def add(name: str, url: str, source: str | None, pages: bool, feeds: Path | None) -> int:
    """Save a feed under a name, or renew the one of that name."""
    split = urlsplit(url)
    if split.scheme not in PORTS or not split.hostname:
        raise UsageError(f"{url!r} is no web address; give one such as https://example.org/rss")
    try:
        refused.check(url, name=source or name, url=url)
    except InputError as error:
        raise UsageError(str(error)) from None
    store = store_of(feeds)
    known = {feed.name for feed in store.feeds()}
    store.put(Feed(name=name, url=url, source=source, pages=pages))
    click.echo(f"{'renewed' if name in known else 'saved'}: {name} {url}")
    if not listed(split.hostname, split.port or PORTS[split.scheme], PORTS[split.scheme], settings.hosts()):
        click.echo(f"note: {split.netloc} is not in SIJILL_HOSTS, so that a pull will not reach it", err=True)
    return OK


@command.command("list")
@_LIST
def list_(feeds: Path | None) -> int:
    """List the saved feeds with when they were last asked, and what went wrong."""
    rows = store_of(feeds).feeds()
    if not rows:
        click.echo("no feed is saved; add one: sijill feeds add NAME URL", err=True)
        return NOTHING
    for feed in rows:
        state = f"asked {feed.asked or 'never'}, last new {feed.changed or 'never'}"
        if feed.failures:
            state += f", {counted(feed.failures, 'failure')} in a row: {feed.fault}"
        click.echo(f"{feed.name}\t{feed.url}\t{state}")
    return OK


@command.command()
@click.argument("name")
@_LIST
def remove(name: str, feeds: Path | None) -> int:
    """Take a feed off the list. What was read from it stays."""
    store = store_of(feeds)
    if not store.drop(name):
        known = ", ".join(feed.name for feed in store.feeds()) or "none yet"
        raise UsageError(f"no feed is called {name!r}; saved are: {known}")
    click.echo(f"removed: {name}")
    return OK


@command.command("pull")
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write the reports.")
@_LIST
def pull_(names: tuple[str, ...], out: Path | None, feeds: Path | None) -> int:
    """Ask the feeds for what is new, and write it as JSON lines, one a report."""
    store = store_of(feeds)
    wanted = list(chosen(store, names))
    if not wanted:
        raise UsageError("no feed is saved; add one: sijill feeds add NAME URL")
    with Output([out] if out else []) as output:
        stream = output.streams[0]

        def keep(documents: list[Document]) -> int:
            reports = [report for document in documents for report in document.reports]
            stream.write(b"".join(msgspec.json.encode(report) + b"\n" for report in reports))
            stream.flush()
            return len(reports)

        done, states = pull_all(wanted, _fetcher(), keep, Progress())
    for state in states:  # only now are the reports where they belong
        store.put(state)
    return done


def pull_all(feeds: list[Feed], fetcher: Fetcher, keep: Keep, progress: Progress) -> tuple[int, list[Feed]]:
    """Pulls feeds one after the other; the exit code, and the states to save once all is kept."""
    states: list[Feed] = []
    reports = failed = left_out = 0
    for feed in feeds:
        pulled = pull(feed, fetcher, limit=settings.report_limit())
        for item in pulled.items:
            if isinstance(item, InputError):
                progress.say(item)
        reports += keep([item for item in pulled.items if isinstance(item, Document)])
        left_out += sum(isinstance(item, InputError) for item in pulled.items)
        failed += pulled.feed.failures > 0
        states.append(pulled.feed)
        progress.say(f"{feed.name}: {_told(pulled)}")
    progress.say(f"{counted(len(feeds), 'feed')}, {counted(reports, 'report')}, {failed} failed")
    if failed == len(feeds):
        return NOTHING, states
    return (LEFT_OUT if left_out else OK), states


def _told(pulled: Pulled) -> str:
    """What one feed gave, in a few words."""
    if pulled.feed.failures:
        return "failed"
    if not pulled.changed:
        return "nothing new"
    reports = sum(len(item.reports) for item in pulled.items if isinstance(item, Document))
    return counted(reports, "report")


def _fetcher() -> Fetcher:
    """A fetcher by the settings."""
    return Fetcher(hosts=settings.hosts(), allow_private=bool(settings.value("allow_private")))
