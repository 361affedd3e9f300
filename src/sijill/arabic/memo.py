"""What a function makes of each word, worked out once and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")


class Memo(dict[K, T]):
    """A table that fills itself: `memo[word]` is `make(word)`, made when first asked for.

    Asking again costs one look-up and no call. It is emptied when full, so that a stream of
    words never seen before cannot fill the memory.

    >>> Memo(len)["كلمة"]
    4
    """

    def __init__(self, make: Callable[[K], T], most: int = 65536) -> None:
        super().__init__()
        self._make, self._most = make, most

    def __missing__(self, key: K) -> T:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._make(key)
        return value
