"""Do the scores on our own gold sets hold? `make floors`.

    python evaluation/floors.py                   exit code 1 where a score is lower than pinned
    python evaluation/floors.py --raise           pin new sets and better scores
    python evaluation/floors.py --lower "reason"  pin lower scores; the reason goes into CHANGELOG.md

A set is a folder evaluation/gold/<name> with reports.jsonl and gold.jsonl; floors.json holds what
was pinned.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sijill.errors import SijillError
from sijill.evaluation.floors import (
    Pinned,
    breaches,
    entry,
    measured,
    raised,
    read_floors,
    with_entry,
    write_floors,
)
from sijill.evaluation.result import judge
from sijill.evaluation.sets import gold_sets

HERE = Path(__file__).resolve().parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks, raises or lowers; the exit code."""
    options = _options(arguments)
    floors = read_floors(options.floors)
    now = {
        one.name: measured(judge(one, reader=options.reader, jobs=options.jobs))
        for one in gold_sets(options.gold)
    }
    if not now:
        raise SijillError(
            f"{options.gold}: holds no gold set; add a folder with reports.jsonl and gold.jsonl"
        )
    broken = breaches(floors, now)
    if options.lower is not None:
        fallen = [breach for breach in broken if breach.set in floors]
        if fallen:
            line = entry(options.lower, fallen)
            text = with_entry(options.changelog.read_text(encoding="utf-8"), line)
            options.changelog.write_text(text, encoding="utf-8")
            print(f"{options.changelog.name}: {line}")
        floors, broken = now, []
        write_floors(options.floors, floors)
    elif options.lift:
        floors = raised(floors, now)
        write_floors(options.floors, floors)
        broken = breaches(floors, now)
    _print(floors, now)
    for breach in broken:
        print(breach, file=sys.stderr)
    if broken:
        print('mend it, or: python evaluation/floors.py --lower "reason"', file=sys.stderr)
    return bool(broken)


def _print(floors: Mapping[str, Pinned], now: Mapping[str, Pinned]) -> None:
    """Every score beside its floor; a better one is marked, so that it can be pinned."""
    for name, pinned in now.items():
        print(name)
        least = floors[name].scores if name in floors else {}
        for score, value in pinned.scores.items():
            floor = least.get(score)
            mark = (
                "" if floor is None else "  better" if value > floor else "  LOWER" if value < floor else ""
            )
            shown = "-" if floor is None else f"{floor:.4f}"
            print(f"  {score:26}{value:.4f}  floor {shown}{mark}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--raise", dest="lift", action="store_true", help="pin new sets and better scores")
    choice.add_argument("--lower", metavar="REASON", type=_reason, help="pin lower scores, and say why")
    parser.add_argument("--gold", type=Path, default=HERE / "gold", help="folder of the sets")
    parser.add_argument("--floors", type=Path, default=HERE / "floors.json")
    parser.add_argument("--changelog", type=Path, default=HERE.parent / "CHANGELOG.md")
    parser.add_argument("--reader", default="grammar")
    parser.add_argument("--jobs", type=int, default=1)
    return parser.parse_args(arguments)


def _reason(given: str) -> str:
    """A reason that says something."""
    if len(given.split()) < 3:
        raise argparse.ArgumentTypeError("say in a sentence why the score may fall")
    return given


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SijillError as error:
        sys.exit(f"floors: {error}")
