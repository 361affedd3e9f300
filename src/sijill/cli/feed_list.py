"""Where the list of feeds lies: in the register, or in a file of its own for use without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sijill.keep import Keeper
from sijill.sources.feed_store import Feed, FeedStore, JsonFeeds

KIND = "feed"
_LISTED = ("name", "url", "source", "pages")


class RegisterFeeds:
    """The list in a register: what is saved or removed is an entry of its log, the state of a feed,
    which is no evidence, is not."""

    def __init__(self, register: Keeper) -> None:
        self.register = register

    def feeds(self) -> list[Feed]:
        """All feeds, in the order of their names."""
        listed = self.register.recorded(KIND)
        return [self._feed(name, row) for name, row in sorted(listed.items()) if row is not None]

    def _feed(self, name: str, row: dict[str, object]) -> Feed:
        """A feed with its state; a state of another address counts for nothing."""
        state = self.register.state(KIND, name) or {}
        told = state if state.get("url") == row.get("url") else {}
        return msgspec.convert({**told, **row}, Feed)

    def put(self, feed: Feed) -> None:
        """Adds a feed, or renews the one of its name."""
        row = {name: getattr(feed, name) for name in _LISTED}
        if self.register.recorded(KIND).get(feed.name) != row:
            self.register.record(KIND, feed.name, row)
        self.register.set_state(KIND, feed.name, msgspec.to_builtins(feed))

    def drop(self, name: str) -> bool:
        """Takes a feed off the list; False where there is none of that name."""
        if self.register.recorded(KIND).get(name) is None:
            return False
        self.register.record(KIND, name, None)
        return True


@contextmanager
def opened(path: Path | None, db: str, who: str | None = None) -> Iterator[FeedStore]:
    """The list in a file, if one is named, else in the register."""
    if path is not None:
        yield JsonFeeds(path)
        return
    with Keeper.open(db, write=True, who=who) as register:
        yield RegisterFeeds(register)
