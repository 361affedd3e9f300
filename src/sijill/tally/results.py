"""What every answer has in common: rows, and the forms they can be turned into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sijill.errors import UsageError

if TYPE_CHECKING:
    import pandas
    import polars

Cell = str | int | float | bool | None


class Rows:
    """An answer made of rows. A class that takes part has `columns()` and `rows()`."""

    __slots__ = ()

    def columns(self) -> list[str]:
        """The names of the columns."""
        raise NotImplementedError

    def rows(self) -> Sequence[Sequence[Cell]]:
        """The cells, row by row."""
        raise NotImplementedError

    def to_dicts(self) -> list[dict[str, Cell]]:
        """One dictionary a row."""
        names = self.columns()
        return [dict(zip(names, row, strict=True)) for row in self.rows()]

    def to_polars(self) -> polars.DataFrame:
        """The rows as a polars frame; needs `pip install 'sijill[frames]'`."""
        made: polars.DataFrame = _load("polars").DataFrame(
            list(map(list, self.rows())), schema=self.columns(), orient="row", infer_schema_length=None
        )
        return made

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas frame; needs `pip install 'sijill[frames]'`."""
        made: pandas.DataFrame = _load("pandas").DataFrame(
            list(map(list, self.rows())), columns=self.columns()
        )
        return made


def _load(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise UsageError(f"{name} is not installed; pip install 'sijill[frames]'") from None


def need_stats() -> None:
    """UsageError where the libraries for statistics are missing."""
    try:
        import scipy  # noqa: F401
        import statsmodels  # noqa: F401
        import threadpoolctl  # noqa: F401
    except ImportError:
        raise UsageError("statistics need more libraries; pip install 'sijill[stats]'") from None
