"""Whether `confidence` means what it says, over gold sets.

python evaluation/reliability.py                      all of evaluation/gold, pooled
python evaluation/reliability.py FOLDER...            these sets, pooled
python evaluation/reliability.py FOLDER --predicted CODED.jsonl
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sijill.errors import SijillError
from sijill.evaluation.reliability import bins, fates, markdown
from sijill.evaluation.result import judge
from sijill.evaluation.sets import gold_set, gold_sets

GOLD = Path(__file__).resolve().parent / "gold"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--predicted", action="append", type=Path, metavar="FILE", help="one for each folder")
    parser.add_argument("--reader", default="grammar")
    options = parser.parse_args(arguments)
    sets = [gold_set(folder) for folder in options.folders] or gold_sets(GOLD)
    answers = options.predicted or [None] * len(sets)
    if len(answers) != len(sets):
        parser.error(f"--predicted: {len(answers)} for {len(sets)} sets; give one for each, in their order")
    compared = [
        report
        for one, predicted in zip(sets, answers, strict=True)
        for report in judge(one, predicted=predicted, reader=options.reader).compared
    ]
    print(f"{len(compared)} reports of {', '.join(one.name for one in sets)}\n")
    print("\n".join(markdown(bins(fates(compared)))))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SijillError as error:
        sys.exit(f"reliability: {error}")
