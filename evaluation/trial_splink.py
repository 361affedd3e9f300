"""How fast splink on DuckDB judges the made-up mentions of bench_link.py, with five plain comparisons.

pip install splink pandas
python evaluation/trial_splink.py 100000
"""

from __future__ import annotations

import sys
from time import perf_counter

import pandas
import splink.comparison_level_library as levels
from bench_link import made
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison

NEAR = "least(killed_l, killed_r) * 3 >= greatest(killed_l, killed_r)"
REST = levels.ElseLevel


def compared(name: str, *told: tuple) -> CustomComparison:
    """A comparison of one column: levels, each with how often it comes out among pairs of one event
    and among others."""
    made_levels = [level.configure(m_probability=m, u_probability=u) for level, m, u in told]
    return CustomComparison(output_column_name=name, comparison_levels=[levels.NullLevel(name), *made_levels])


def settings() -> SettingsCreator:
    """Day, name and distance, action, dead, targets; within a governorate and four days."""
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id",
        probability_two_random_records_match=0.1,
        blocking_rules_to_generate_predictions=[block_on("admin1", "bucket"), block_on("admin1", "bucket2")],
        comparisons=[
            compared("day", (levels.CustomLevel("day_l = day_r"), 0.8, 0.1),
                     (levels.CustomLevel("abs(day_l - day_r) <= 1"), 0.15, 0.3), (REST(), 0.05, 0.6)),
            compared("name", (levels.ExactMatchLevel("name"), 0.7, 0.03),
                     (levels.DistanceInKMLevel("lat", "lon", 30), 0.2, 0.1), (REST(), 0.1, 0.87)),
            compared("action", (levels.ExactMatchLevel("action"), 0.7, 0.1), (REST(), 0.3, 0.9)),
            compared("killed", (levels.ExactMatchLevel("killed"), 0.6, 0.15),
                     (levels.CustomLevel(NEAR), 0.35, 0.4), (REST(), 0.05, 0.45)),
            compared("targets", (levels.ArrayIntersectLevel("targets"), 0.8, 0.3), (REST(), 0.2, 0.7)),
        ],
    )  # fmt: skip


def table(count: int) -> pandas.DataFrame:
    """The mentions as a table."""
    told = []
    for held in made(count):
        mention, place = held.mention, held.mention.place
        told.append({
            "unique_id": held.id, "edtf": mention.date.edtf.rstrip("~"), "action": mention.action,
            "admin1": place and place.admin1, "name": place and place.name, "lat": place and place.lat,
            "lon": place and place.lon, "targets": mention.targets,
            "killed": next((one.low for one in mention.casualties if one.outcome == "killed"), None),
        })  # fmt: skip
    rows = pandas.DataFrame(told)
    rows["day"] = (pandas.to_datetime(rows.edtf) - pandas.Timestamp("2015-01-01")).dt.days
    rows["bucket"], rows["bucket2"] = rows.day // 4, (rows.day + 2) // 4
    return rows


def main() -> None:
    """Prints the seconds and the number of pairs."""
    rows = table(int(sys.argv[1]))
    begin = perf_counter()
    linker = Linker(DuckDBAPI().register(rows), settings())
    pairs = linker.inference.predict(threshold_match_weight=1.5).as_pandas_dataframe()
    print(f"{len(rows):,} mentions, {perf_counter() - begin:.1f} s, {len(pairs):,} pairs")


if __name__ == "__main__":
    main()
