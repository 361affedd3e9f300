"""The saved list of feeds, and what is remembered of each between two pulls.

`FeedStore` is all that the rest needs to know; a register may keep the list as it likes. `JsonFeeds`
keeps it in one file, written whole or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from sijill.errors import UsageError


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A saved feed and its state.

    `pages` asks for the page behind each entry too. `etag` and `modified` are the server's own words
    of the last answer; `asked` is when it was last asked and `changed` when it last had something new
    (ISO times); `failures` counts those since the last success, `fault` says the last one.
    """

    name: str
    url: str
    source: str | None = None
    pages: bool = False
    etag: str | None = None
    modified: str | None = None
    asked: str | None = None
    changed: str | None = None
    failures: int = 0
    fault: str | None = None


class FeedStore(Protocol):
    """Where feeds are kept."""

    def feeds(self) -> list[Feed]:
        """All feeds, in the order of their names."""
        ...

    def put(self, feed: Feed) -> None:
        """Adds a feed, or renews the one of its name."""
        ...

    def drop(self, name: str) -> bool:
        """Takes a feed off the list; False where there is none of that name."""
        ...


class JsonFeeds:
    """Feeds in a JSON file, one run at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def feeds(self) -> list[Feed]:
        """All feeds, in the order of their names."""
        return sorted(self._read(), key=lambda feed: feed.name)

    def put(self, feed: Feed) -> None:
        """Adds a feed, or renews the one of its name."""
        self._write([*(other for other in self._read() if other.name != feed.name), feed])

    def drop(self, name: str) -> bool:
        """Takes a feed off the list; False where there is none of that name."""
        feeds = self._read()
        kept = [feed for feed in feeds if feed.name != name]
        if len(kept) < len(feeds):
            self._write(kept)
        return len(kept) < len(feeds)

    def _read(self) -> list[Feed]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=list[Feed])
        except FileNotFoundError:
            return []
        except msgspec.MsgspecError as error:
            raise UsageError(f"{self.path} is no list of feeds ({error}); mend it, or remove it") from None

    def _write(self, feeds: list[Feed]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        with draft.open("wb") as file:
            lines = msgspec.json.format(msgspec.json.encode(sorted(feeds, key=lambda feed: feed.name)))
            file.write(lines + b"\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)


def find(store: FeedStore, name: str) -> Feed:
    """The feed of that name; UsageError names the known ones."""
    feeds = {feed.name: feed for feed in store.feeds()}
    if name not in feeds:
        known = ", ".join(feeds) or "none yet"
        raise UsageError(f"no feed is called {name!r}; saved are: {known}")
    return feeds[name]


def chosen(store: FeedStore, names: tuple[str, ...]) -> Iterator[Feed]:
    """The feeds of these names, or all."""
    yield from (find(store, name) for name in names) if names else store.feeds()
