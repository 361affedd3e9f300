"""`sijill feeds`: the saved list of feeds, and a pull over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec

from sijill import settings
from sijill.cli import options
from sijill.cli.add import told
from sijill.cli.feed_list import RegisterFeeds, opened
from sijill.cli.main import LEFT_OUT, NOTHING, OK
from sijill.cli.out import Output
from sijill.cli.progress import Progress
from sijill.errors import InputError, UsageError
from sijill.publish.phrases import counted
from sijill.sources import refused
from sijill.sources.document import Document
from sijill.sources.feed_store import Feed, chosen
from sijill.sources.feeds import Pulled, pull, waits_until
from sijill.sources.fetch import Fetcher
from sijill.sources.guard import PORTS, listed
from sijill.sources.intake import allowed

Keep = Callable[[Pulled], str]
"""Keeps what a pull brought, and says in a few words what that was."""

_LIST = options.from_setting("feeds", "--list", kind=click.Path(path_type=Path), metavar="FILE")
_EPILOG = """\b
Examples:
  sijill feeds add wadi https://example.org/rss --source "Wadi"
  SIJILL_HOSTS=example.org sijill feeds pull
  SIJILL_HOSTS=example.org sijill feeds pull --list feeds.json | sijill code - > coded.jsonl
"""


@click.group(epilog=_EPILOG)
def command() -> None:
    """Keep a list of RSS and Atom feeds, and pull what is new in them. Safe to repeat."""


@command.command()
@click.argument("name")
@click.argument("url")
@click.option("--source", metavar="NAME", help="The outlet's name; without it, the feed's own title.")
@click.option("--pages", is_flag=True, help="Fetch the page behind each entry too.")
@options.db
@options.who
@_LIST
def add(
    name: str, url: str, source: str | None, pages: bool, db: str, who: str | None, feeds: Path | None
) -> int:
    """Save a feed under a name, or renew the one of that name."""
    split = urlsplit(url)
    if split.scheme not in PORTS or not split.hostname:
        raise UsageError(f"{url!r} is no web address; give one such as https://example.org/rss")
    try:
        refused.check(url, name=source or name, url=url)
    except InputError as error:
        raise UsageError(str(error)) from None
    with opened(feeds, db, who) as store:
        known = {feed.name for feed in store.feeds()}
        store.put(Feed(name=name, url=url, source=source, pages=pages))
    click.echo(f"{'renewed' if name in known else 'saved'}: {name} {url}")
    if not listed(split.hostname, split.port or PORTS[split.scheme], PORTS[split.scheme], settings.hosts()):
        click.echo(f"note: {split.netloc} is not in SIJILL_HOSTS, so that a pull will not reach it", err=True)
    return OK


@command.command("list")
@options.db
@_LIST
def list_(db: str, feeds: Path | None) -> int:
    """List the saved feeds with when they were last asked, and what went wrong."""
    with opened(feeds, db) as store:
        rows = store.feeds()
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
@options.db
@options.who
@_LIST
def remove(name: str, db: str, who: str | None, feeds: Path | None) -> int:
    """Take a feed off the list. What was read from it stays."""
    with opened(feeds, db, who) as store:
        if not store.drop(name):
            known = ", ".join(feed.name for feed in store.feeds()) or "none yet"
            raise UsageError(f"no feed is called {name!r}; saved are: {known}")
    click.echo(f"removed: {name}")
    return OK


@command.command("pull")
@click.argument("names", nargs=-1)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE",
    help="With --list: where to write the reports. Without it, standard output.",
)  # fmt: skip
@options.db
@options.who
@_LIST
def pull_(names: tuple[str, ...], out: Path | None, db: str, who: str | None, feeds: Path | None) -> int:
    """Ask the feeds for what is new, and store it; with --list, write it as JSON lines instead."""
    if out is not None and feeds is None:
        raise UsageError("--out goes with --list; without a list of its own, reports go into the register")
    with opened(feeds, db, who) as store:
        wanted = list(chosen(store, names))
        if not wanted:
            raise UsageError("no feed is saved; add one: sijill feeds add NAME URL")
        if isinstance(store, RegisterFeeds):
            return _into_register(store, wanted, bool(names))
        with Output([out] if out else []) as output:
            done, states = pull_all(wanted, _fetcher(), _as_lines(output), Progress(), named=bool(names))
        for state in states:  # only now are the reports where they belong
            store.put(state)
        return done


def _into_register(store: RegisterFeeds, feeds: list[Feed], named: bool) -> int:
    """Pulls into the register; the state of each feed is saved when its reports are."""

    def keep(pulled: Pulled) -> str:
        result = store.register.add([item for item in pulled.items if isinstance(item, Document)])
        store.put(pulled.feed)
        return told(result) if pulled.items else "nothing new"

    done, states = pull_all(feeds, _fetcher(), keep, Progress(), named=named)
    for state in states:
        if state.failures:
            store.put(state)
    return done


def _as_lines(output: Output) -> Keep:
    """Writes reports as JSON lines."""

    def keep(pulled: Pulled) -> str:
        reports = [report for item in pulled.items if isinstance(item, Document) for report in item.reports]
        output.streams[0].write(b"".join(msgspec.json.encode(report) + b"\n" for report in reports))
        output.streams[0].flush()
        return counted(len(reports), "report") if pulled.changed else "nothing new"

    return keep


def pull_all(
    feeds: list[Feed], fetcher: Fetcher, keep: Keep, progress: Progress, *, named: bool = False
) -> tuple[int, list[Feed]]:
    """Pulls feeds one after the other; the exit code, and the states to save once all is kept.

    One that failed lately is asked again only where it was `named`.
    """
    states: list[Feed] = []
    failed = left_out = 0
    for feed in feeds:
        until = None if named else waits_until(feed)
        if until is not None and until > datetime.now(UTC):
            failed += 1
            progress.say(
                f"{feed.name}: failed before, waits until {until:%Y-%m-%d %H:%M} UTC; name it to ask now"
            )
            continue
        pulled = pull(feed, fetcher, limit=settings.report_limit())
        pulled.items[:] = [
            one for item in pulled.items for one in (allowed(item) if isinstance(item, Document) else [item])
        ]
        for item in pulled.items:
            if isinstance(item, InputError):
                left_out += 1
                progress.say(item)
        states.append(pulled.feed)
        if pulled.failed:
            failed += 1
            progress.say(f"{feed.name}: failed")
        else:
            progress.say(f"{feed.name}: {keep(pulled)}")
    progress.say(f"{counted(len(feeds), 'feed')}, {failed} failed")
    if failed == len(feeds):
        return NOTHING, states
    return (LEFT_OUT if left_out or failed else OK), states


def _fetcher() -> Fetcher:
    """A fetcher by the settings."""
    return Fetcher(hosts=settings.hosts(), allow_private=bool(settings.value("allow_private")))
