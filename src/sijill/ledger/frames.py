"""What a register gives, as a stream that can become a table of polars or pandas."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, Generic, TypeVar, get_args

import msgspec

from sijill.errors import UsageError
from sijill.incidents import Incident
from sijill.records import Outcome

T = TypeVar("T")

_PLACE = ("name", "id", "admin1", "admin2", "country", "lat", "lon", "precision")
_LEFT_OUT = ("place", "tolls")


class Stream(Generic[T]):
    """An iterator that ends with its register.

    >>> register.incidents().to_polars()  # doctest: +SKIP
    """

    def __init__(self, items: Generator[T, None, None]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[T]:
        """Itself."""
        return self

    def __next__(self) -> T:
        """The next item."""
        return next(self._items)

    def close(self) -> None:
        """Reads no further."""
        self._items.close()

    def to_dicts(self) -> list[dict[str, Any]]:
        """One flat dict for each item; of an incident, its place and tolls in columns of their own."""
        return [_flat(item) for item in self]

    def to_polars(self) -> Any:
        """A polars DataFrame; UsageError where polars is not installed."""
        try:
            import polars
        except ImportError:
            raise UsageError("a polars table needs polars: pip install 'sijill[polars]'") from None
        return polars.DataFrame(self.to_dicts(), infer_schema_length=None)

    def to_pandas(self) -> Any:
        """A pandas DataFrame; UsageError where pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise UsageError("a pandas table needs pandas: pip install 'sijill[pandas]'") from None
        return pandas.DataFrame.from_records(self.to_dicts())


def _flat(item: Any) -> dict[str, Any]:
    """An item as one row."""
    told: dict[str, Any] = msgspec.to_builtins(item)
    if isinstance(item, Incident):
        for name in _LEFT_OUT:
            told.pop(name)
        for name in _PLACE:
            told[f"place_{name}"] = getattr(item.place, name) if item.place else None
        for outcome in get_args(Outcome):
            for part, figure in zip(("low", "best", "high"), item.toll(outcome), strict=True):
                told[f"{outcome}_{part}"] = figure
    return told
