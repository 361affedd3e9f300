"""Published running tallies against GED's events: does `sijill check` give the sums that are known?

    python evaluation/check_published.py FOLDER [REGISTER]

FOLDER holds `ged_events_syria.csv` (UCDP GED, CC BY 4.0) and `tally_series_sohr.csv`: figures published
as 'since ...', four of which carry what GED's events add up to under a wide scope (the dyad 'Government
of Syria - IS', events that begin from the anchor date to the day of publication, the whole country).
First the wide scope must give those four sums exactly, then the headline's own scope is asked for.
With REGISTER the incidents are those of a register into which the events were added (`sijill add --format
ged`), whose sums hold as far as linking keeps GED's events apart.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sijill import ask
from sijill.incidents import Incident, Toll
from sijill.records import Place
from sijill.tally.check import Verdict, check, told
from sijill.tally.scope import Published, Reading, rows_of, sum_of
from sijill.tally.table import Table

SIDES = {
    "Government of Syria": "SY-GOV", "IS": "IS", "SDF": "SDF", "Syrian insurgents": "OPP",
    "Civilians": "CIV",
}  # fmt: skip
DESERT = ("SY03", "SY04", "SY05", "SY09", "SY11", "SY13", "badia", "Syrian Badia/Syrian Desert")
"""The governorates that have a part of the Syrian desert, and events placed in 'the Badia' itself: the
nearest to 'the Syrian desert' that GED's places can say. It is wider than the desert."""

WIDE = Reading(victims="all")


def incidents(path: Path) -> Iterator[Incident]:
    """GED's events as incidents; both sides of a battle stand as actors, as in a clash."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            yield incident(row)


def incident(row: dict[str, str]) -> Incident:
    """One event. GED's low and high are of the whole event: they widen the toll of unknown persons."""
    a, b = SIDES.get(row["side_a"], row["side_a"]), SIDES.get(row["side_b"], row["side_b"])
    best, unknown = int(row["best"]), int(row["deaths_unknown"])
    low, high = min(int(row["low"]), best), max(int(row["high"]), best)
    tolls = [
        toll(group, deaths, deaths, deaths)
        for group, deaths in ((a, int(row["deaths_a"])), (b, int(row["deaths_b"])),
                              ("CIV", int(row["deaths_civilians"]))) if deaths
    ]  # fmt: skip
    tolls.append(toll("PERSONS", max(0, unknown - (best - low)), unknown, unknown + high - best))
    desert = "Badia" in row["where_coordinates"]
    place = Place(
        name="badia" if desert else row["where_coordinates"], country="SY",
        admin1=row["admin1_pcode"] or None,
        precision="region" if desert else "settlement",
    )  # fmt: skip
    return Incident(
        id=f"ged-{row['id']}", action="clash" if b != "CIV" else "armed_assault", date=row["date_start"],
        start=row["date_start"], end=row["date_end"], place=place, tolls=tolls,
        actors=[a, b] if b != "CIV" else [a], targets=[] if b != "CIV" else ["CIV"], sources=["GED"],
    )  # fmt: skip


def toll(group: str, low: int, best: int, high: int) -> Toll:
    """The killed of one group."""
    return Toll(outcome="killed", group=group, low=low, best=best, high=high)


def series(path: Path) -> list[dict[str, str]]:
    """The published figures that carry a sum of GED's events."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["ged_events"]]


def wide(row: dict[str, str]) -> Published:
    """The scope under which the four sums were worked out."""
    claimed = int(row["claimed"])
    return Published(
        id=row["published"], low=claimed, high=claimed, approx=True, between=("SY-GOV", "IS"),
        since=row["anchor_date"], until=row["published"], source="SOHR", text=row["headline"],
    )  # fmt: skip


def narrow(row: dict[str, str]) -> Published:
    """The headline's own scope: whose deaths, by whom, and where."""
    subject = row["subject"]
    change: dict[str, object] = {}
    if "desert" in subject:
        change["place"] = DESERT
    if "by ISIS" in subject:
        change |= {"by": ("IS",), "between": ()}
    if "regime forces" in subject:
        change["group"] = ("SY-GOV",)
    return msgspec.structs.replace(wide(row), **change)


def wide_sums(table: Table, row: dict[str, str]) -> dict[str, object]:
    """What the register has under the wide scope, by the names of the reference's columns."""
    figure = wide(row)
    mask = rows_of(table, figure, WIDE)
    whole = sum_of(table, figure, WIDE, mask)
    sides = {
        group: sum_of(table, msgspec.structs.replace(figure, group=(group,)), Reading(), mask).best
        for group in ("SY-GOV", "IS")
    }
    return {
        "ged_events": int(mask.sum()), "ged_deaths_regime": sides["SY-GOV"], "ged_deaths_is": sides["IS"],
        "ged_best": whole.best, "ged_low_high": f"{whole.low}-{whole.high}",
    }  # fmt: skip


def differences(found: dict[str, object], row: dict[str, str]) -> list[str]:
    """The columns in which a sum is not the reference's."""
    known = {name: row[name] if name == "ged_low_high" else int(float(row[name])) for name in found}
    return [f"{name}: {found[name]}, reference {known[name]}" for name in found if found[name] != known[name]]


def shown(name: str, verdict: Verdict) -> str:
    """One verdict on a line or two."""
    own = verdict.sum
    assert own is not None
    line = f"  {name:9} {own.best:4} ({own.low}-{own.high}) killed in {verdict.incidents} incidents"
    line += f" against {told(verdict.figure)}: {verdict.result}, gap {verdict.gap}"
    if verdict.nearest and verdict.nearest_sum:
        line += f"\n{'':12}nearest reading: {', '.join(verdict.nearest)}: {verdict.nearest_sum.best}"
    return line


def main() -> int:
    """Prints both scopes of every figure; 1 where a known sum is missed."""
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    folder = Path(sys.argv[1])
    given = sys.argv[2] if len(sys.argv) == 3 else incidents(folder / "ged_events_syria.csv")
    table = ask.table(given)
    rows = series(folder / "tally_series_sohr.csv")
    wrong = 0
    for row in rows:
        off = differences(wide_sums(table, row), row)
        wrong += bool(off)
        print(f"{row['published']}  {row['subject']}")
        print(f"  {'sums':9} {'; '.join(off) if off else 'all five as in the reference'}")
        print(shown("wide", check(table, [wide(row)]).verdicts[0]))
        print(shown("headline", check(table, [narrow(row)]).verdicts[0]))
    print(f"{len(rows) - wrong} of {len(rows)} rows reproduced exactly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
