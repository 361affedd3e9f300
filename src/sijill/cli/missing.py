"""`sijill missing`: how well incidents are covered, and an estimate of those that no source told."""

from __future__ import annotations

from pathlib import Path

import click

from sijill.cli import asking
from sijill.cli.main import OK
from sijill.errors import UsageError
from sijill.tally.capture import Estimate, Refusal
from sijill.tally.missing import Missing, missing
from sijill.tally.results import Cell, Rows

_EPILOG = """\b
Examples:
  sijill missing --db war.db --where place=SY09 --since 2023 --until 2023
  sijill missing --db war.db --lists SOHR,SANA,local --quotes local:SOHR
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--lists", default="", metavar="NAMES", help="Sources that the estimate goes by, joined by commas."
)
@click.option("--quotes", multiple=True, metavar="A:B", help="Source A quotes source B; may be given again.")
@asking.sources
@asking.asked
@asking.output
def command(
    lists: str, quotes: tuple[str, ...], db: str, files: tuple[Path, ...], as_of: str | None,
    where: str, since: str | None, until: str | None, form: str | None, out: Path | None,
) -> int:  # fmt: skip
    """How well incidents are covered: sources, silences, and how many may be told by none."""
    found = missing(
        asking.table_of(db, files, as_of), asked=asking.filter_of(where, since, until),
        lists=[name.strip() for name in lists.split(",") if name.strip()],
        quotes=[_pair(text) for text in quotes], now=asking.day_of(as_of),
        tallies=() if files else asking.tallies_of(db),
    )  # fmt: skip
    more: list[tuple[str, Rows]] = [("incidents by number of independent sources", Spread(found))]
    if isinstance(found.estimate, Estimate):
        more.append(("models, by weight", Models(found.estimate)))
    after = []
    if found.only_tallied:
        after.append(f"told of in tallies only: {', '.join(found.only_tallied)}")
    if isinstance(found.estimate, Estimate) and found.outside:
        after.append(f"{found.outside:,} incidents are told by other sources alone and not in the estimate")
    asking.write(found, form=form, out=out, content=_content(found), said=found.said, after=after, more=more)
    return OK


def _pair(text: str) -> tuple[str, str]:
    one, colon, other = text.partition(":")
    if not colon or not one or not other:
        raise UsageError(f"--quotes {text!r}: give two sources, as local:SOHR")
    return one, other


class Spread(Rows):
    """Incidents by number of independent sources."""

    def __init__(self, found: Missing) -> None:
        self.found = found

    def columns(self) -> list[str]:
        """Sources and incidents."""
        return ["sources", "incidents", "share"]

    def rows(self) -> list[list[Cell]]:
        """One row a number of sources."""
        whole = max(self.found.incidents, 1)
        return [[many, often, round(often / whole, 3)] for many, often in self.found.by_sources.items()]


class Models(Rows):
    """The models of an estimate."""

    def __init__(self, found: Estimate) -> None:
        self.found = found

    def columns(self) -> list[str]:
        """What depends on what, and what follows."""
        return ["dependent_pairs", "total", "standard_error", "aic", "bic", "weight"]

    def rows(self) -> list[list[Cell]]:
        """The models that weigh a hundredth or more."""
        return [
            [", ".join("-".join(pair) for pair in one.pairs) or "none", round(self.found.seen + one.unseen),
             round(one.error, 1), round(one.aic, 1), round(one.bic, 1), round(one.weight, 3)]
            for one in self.found.models if one.weight >= 0.01
        ]  # fmt: skip


def _content(found: Missing) -> dict[str, object]:
    content: dict[str, object] = {
        "incidents": found.incidents, "by_sources": found.by_sources, "only_tallied": found.only_tallied,
    }  # fmt: skip
    if isinstance(found.estimate, Refusal):
        return content | {"refused": {"code": found.estimate.code, "why": found.estimate.why}}
    one = found.estimate
    return content | {
        "estimate": {"lists": one.lists, "seen": one.seen, "unseen": round(one.unseen, 1),
                     "low": round(one.low, 1), "high": round(one.high, 1), "outside": found.outside},
        "models": Models(one).to_dicts(),
    }  # fmt: skip
