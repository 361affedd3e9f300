"""The block of evaluation/rounds.md for a blind round.

    python evaluation/rounds.py --date 2026-11-21 ROUND_FOLDER               one round
    python evaluation/rounds.py --date 2026-11-21 FOLDER FOLDER              two, and both pooled
    python evaluation/rounds.py --date 2026-11-21 FOLDER --predicted CODED.jsonl

A round folder holds reports.jsonl, gold.jsonl and perhaps second.jsonl. Its name is the name of
the round: `round-3` is told as 'Round 3'.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from sijill.errors import SijillError
from sijill.evaluation.bootstrap import DRAWS
from sijill.evaluation.result import judge
from sijill.evaluation.rounds import block
from sijill.evaluation.sets import gold_set


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the blocks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--date", required=True, type=_day, help="the day of the first look, as 2026-11-21")
    parser.add_argument("--predicted", action="append", type=Path, metavar="FILE", help="one for each folder")
    parser.add_argument("--reader", default="grammar")
    parser.add_argument("--bootstrap", type=int, default=DRAWS, metavar="N")
    options = parser.parse_args(arguments)
    answers = options.predicted or [None] * len(options.folders)
    if len(answers) != len(options.folders):
        parser.error(f"--predicted: {len(answers)} for {len(options.folders)} folders; give one for each")
    judged = [
        judge(gold_set(folder), predicted=predicted, reader=options.reader)
        for folder, predicted in zip(options.folders, answers, strict=True)
    ]
    blocks = [([one], _title(one.set.name)) for one in judged]
    if len(judged) > 1:
        blocks.append((judged, f"Pooled: {', '.join(title for _, title in blocks)}"))
    made = [block(part, title=title, date=options.date, draws=options.bootstrap) for part, title in blocks]
    print("\n\n".join("\n".join(lines) for lines in made))
    return 0


def _title(name: str) -> str:
    """The name of a folder as a heading."""
    return name.replace("-", " ").replace("_", " ").capitalize()


def _day(given: str) -> str:
    """An ISO date."""
    return datetime.date.fromisoformat(given).isoformat()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SijillError as error:
        sys.exit(f"rounds: {error}")
