"""How well mentions are linked, beside two things that a user would do instead.

    python evaluation/links.py SET... [--coded FILE] [--out FILE] [--errors]

A SET is a folder with gold.jsonl (incidents carry `cluster`) and reports.jsonl. Gold's own mentions are
linked, so that only linking is measured; with `--coded`, those of coded reports (one SET), matched to
gold as the scorer does it, and `--out` writes the linked incidents for the scorer.
"""

from __future__ import annotations

import argparse
import json
from itertools import combinations
from pathlib import Path

from sijill.evaluation.compare import compare_all
from sijill.evaluation.linked import b_cubed
from sijill.evaluation.linking import METHODS, compared, held_mentions, read_set, spelled_out
from sijill.evaluation.sets import coded_reports
from sijill.link import judge_pair

FIGURES = ("pairwise_precision", "pairwise_recall", "pairwise_f1", "precision", "recall", "f1")


def main() -> None:
    """Prints a table a set."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("sets", nargs="+", type=Path)
    ask.add_argument("--coded", type=Path)
    ask.add_argument("--out", type=Path)
    ask.add_argument("--errors", action="store_true")
    given = ask.parse_args()
    for folder in given.sets:
        show(folder, given.coded, given.out, errors=given.errors)


def show(folder: Path, coded: Path | None, out: Path | None, *, errors: bool) -> None:
    """The table of one set."""
    gold, texts, clusters = read_set(folder / "gold.jsonl", folder / "reports.jsonl")
    source = gold if coded is None else read_set(coded, folder / "reports.jsonl")[0]
    held, keys = held_mentions(source, texts)
    print(f"{folder}: {len(held)} mentions, {len(set(clusters.values()))} clusters named")
    print(f"{'':26}{'pairs':>27}{'B-cubed':>27}")
    print(f"{'':26}" + 2 * f"{'precision':>10}{'recall':>9}{'F1':>8}")
    for name, method in METHODS.items():
        said = method(spelled_out(held, texts) if name == "text similarity" else held)
        if coded is None:
            figures = compared(clusters, said, keys)
        else:
            pairs = compare_all(coded_reports(folder / "gold.jsonl"), coded_reports(coded))
            figures = b_cubed([[keys[one] for one in group] for group in said], pairs) or {}
        print(
            f"{name:26}"
            + "".join(f"{figures[key]:>{w}.3f}" for key, w in zip(FIGURES, (10, 9, 8) * 2, strict=True))
        )
        if name == "sijill":
            if errors and coded is None:
                tell(clusters, said, keys, {one.id: one for one in held})
            if out:
                write(out, said, keys)


def write(out: Path, said: list, keys: dict) -> None:
    """The linked incidents as the scorer reads them."""
    with out.open("w", encoding="utf-8") as file:
        for group in said:
            mentions = [{"report": keys[name][0], "incident": keys[name][1]} for name in group]
            file.write(json.dumps({"mentions": mentions}, ensure_ascii=False) + "\n")


def tell(clusters: dict, said: list, keys: dict, held: dict) -> None:
    """Every pair that was joined wrongly or missed, with its reasons."""
    home = {name: number for number, group in enumerate(said) for name in group}
    for one, other in combinations(keys, 2):
        true = clusters.get(keys[one]) is not None and clusters.get(keys[one]) == clusters.get(keys[other])
        if true != (home[one] == home[other]):
            judged = judge_pair(held[one], held[other])
            print("missed" if true else "WRONG ", *keys[one], *keys[other], judged.score)
            print("    ", "; ".join(f"{r.comparison} {r.level} {r.weight:+}" for r in judged.reasons[1:]))


if __name__ == "__main__":
    main()
