"""Speed and memory of linking, on made-up mentions that are the same on every machine.

    python evaluation/bench_link.py            all figures
    python evaluation/bench_link.py 100000     from nothing, that many mentions
    python evaluation/bench_link.py one 1000000   one new mention against that many held in memory
    python evaluation/bench_link.py register 100000   a register of that many: all, then one new report

`cpu_s` is the time of the processor: what `total_s` would be with nothing else running.

One event is told by one to six outlets, with tolls, names and days that differ as they do in print; a
third of the events lie in three of 32 governorates.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time

import msgspec

from sijill.incidents import HeldMention
from sijill.link import Index, build, cluster
from sijill.link.weights import wording
from sijill.records import Casualty, CodedReport, Mention, Place, Report, Span, When, head

YEARS = {10_000: 1, 100_000: 4, 1_000_000: 10}
SIZES = tuple(YEARS)
_ACTORS = ("IS", "SDF", "SY-GOV", "TR", "IL", "UNKNOWN", "IQ-GOV", "RU")
_TARGETS = ("CIV", "SY-GOV", "SDF", "IQ-GOV", "PMF", "PERSONS", "INFRA")
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def made(count: int, seed: int = 6) -> list[HeldMention]:
    """So many mentions, the same for the same seed."""
    chance = random.Random(seed)
    first, span = date(2015, 1, 1), 365 * YEARS.get(count, 4)
    places = [_place(chance) for _ in range(4000)]
    vocabulary = [_word(chance) for _ in range(20_000)]
    found: list[HeldMention] = []
    while len(found) < count:
        event = _event(chance, places, vocabulary, first + timedelta(days=chance.randrange(span)))
        event["number"] = len(found)
        for _ in range(min(chance.choice((1, 1, 1, 2, 2, 3, 4, 6)), count - len(found))):
            found.append(_told(chance, event, len(found)))
    return found


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(chance.randint(3, 7)))


def _place(chance: random.Random) -> Place:
    """A village; three governorates hold a third of them."""
    number = chance.choice((1, 2, 3)) if chance.random() < 0.33 else chance.randint(4, 32)
    lat, lon = 31 + (number % 6) + chance.random(), 36 + (number // 6) + chance.random()
    return Place(
        name=_word(chance), admin1=f"SY{number:02}" if number <= 14 else f"IQG{number - 14:02}",
        country="SY" if number <= 14 else "IQ", lat=lat, lon=lon,
        precision=chance.choice(("settlement", "settlement", "site", "district", "admin1")),
    )  # fmt: skip


def _event(chance: random.Random, places: list[Place], vocabulary: list[str], day: date) -> dict:
    return {
        "day": day, "place": chance.choice(places), "action": chance.choice(wording().order),
        "actors": [chance.choice(_ACTORS)], "targets": [chance.choice(_TARGETS)],
        "killed": int(chance.expovariate(0.25)), "wounded": int(chance.expovariate(0.15)),
        "words": chance.choices(vocabulary, k=30),
    }  # fmt: skip


def _told(chance: random.Random, event: dict, number: int) -> HeldMention:
    """How one outlet tells an event."""
    day = event["day"] + timedelta(days=chance.choice((0, 0, 0, 0, 0, 0, 1)))
    published = day + timedelta(days=chance.choice((0, 0, 1)))
    loose = chance.random() < 0.2
    casualties = [
        Casualty(outcome=outcome, group="PERSONS", low=told, high=told)
        for outcome in ("killed", "wounded")
        if (told := event[outcome] + chance.choice((0, 0, 0, 1, 2))) and chance.random() < 0.9
    ]
    mention = Mention(
        id="i1", action=event["action"], place=event["place"] if chance.random() < 0.95 else None,
        date=When(edtf=(published if loose else day).isoformat() + "~" * loose),
        actors=event["actors"] if chance.random() < 0.8 else [], targets=event["targets"],
        casualties=casualties, sources=[chance.choice(("SOHR", "medical", "security", "local"))],
    )  # fmt: skip
    words = " ".join(chance.sample(event["words"], 15) + chance.choices(event["words"], k=5))
    return HeldMention(
        id=f"m-{number:016x}", report=f"r-{number:016x}", mention=mention, outlet=f"outlet {number % 40}",
        published=published.isoformat(), url=f"event:{event['number']}",
        received=f"{published}T12:00:00+00:00", words=words,
    )  # fmt: skip


def from_nothing(count: int) -> dict[str, float]:
    """Seconds to link so many mentions from nothing, by step, and the memory at its highest (MB)."""
    mentions = made(count)
    base = memory()
    begin, busy = perf_counter(), process_time()
    index = Index()
    index.add(mentions)
    encoded = perf_counter()
    judged = list(index.judge())
    scored = perf_counter()
    clusters = cluster(mentions, judged).clusters
    joined = perf_counter()
    table = {held.id: held for held in mentions}
    incidents = [build(one, table) for one in clusters]
    end = perf_counter()
    return {
        "mentions": count, "judgements": len(judged), "incidents": len(incidents),
        "encode_s": encoded - begin, "judge_s": scored - encoded, "cluster_s": joined - scored,
        "build_s": end - joined, "total_s": end - begin, "cpu_s": process_time() - busy,
        "mentions_mb": base, "peak_mb": memory(),
    }  # fmt: skip


def one_new(count: int) -> dict[str, float]:
    """Seconds to judge one new mention against so many held ones (median of five), and memory (MB)."""
    mentions = made(count)
    index = Index()
    for at in range(0, count - 5, 50_000):
        index.add(mentions[at : min(at + 50_000, count - 5)])
    times = []
    for held in mentions[count - 5 :]:
        begin = perf_counter()
        list(index.judge(index.add([held])))
        times.append(perf_counter() - begin)
    return {"mentions": count, "one_s": sorted(times)[2], "worst_s": max(times), "peak_mb": memory()}


class Made:
    """A reader that knows the made-up mentions by the ids of their reports."""

    def __init__(self, mentions: list[HeldMention]) -> None:
        self.mentions = {held.report: held.mention for held in mentions}

    def read(self, report: Report) -> CodedReport:
        """The mention of that report, with all its words."""
        mention = msgspec.structs.replace(
            self.mentions[report.id], evidence={"": [Span("text", 0, len(report.text))]}
        )
        return CodedReport(report=head(report), incidents=[mention])


def reader(_: object) -> Made:
    """The reader of the mentions that are measured now."""
    return Made(made(int(os.environ["SIJILL_MADE"])))


def in_register(count: int) -> dict[str, float]:
    """Seconds to store so many reports, to link all, and to link one more (median of five)."""
    from sijill.keep import Keeper
    from sijill.linking import link
    from sijill.reading.reader import READERS

    os.environ["SIJILL_MADE"] = str(count)
    READERS["made"] = "bench_link:reader"
    reports = [
        Report(id=held.report, text=f"{number} {held.words}", source=held.outlet, published=held.published)
        for number, held in enumerate(made(count))
    ]
    with tempfile.TemporaryDirectory() as folder, Keeper.open(
        Path(folder) / "register.db", write=True, create=True
    ) as register:  # fmt: skip
        begin = perf_counter()
        register.add(reports[:-5], reader="made", jobs=1)
        stored, busy = perf_counter(), process_time()
        link(register)
        linked, cpu = perf_counter(), process_time() - busy
        times = []
        for report in reports[-5:]:
            register.add([report], reader="made", jobs=1)
            start = perf_counter()
            link(register)
            times.append(perf_counter() - start)
        return {
            "reports": count, "store_s": stored - begin, "link_s": linked - stored, "link_cpu_s": cpu,
            "one_s": sorted(times)[2], "worst_s": max(times), "peak_mb": memory(),
        }  # fmt: skip


def memory() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Prints the figures, each measured in a process of its own."""
    given = sys.argv[1:]
    if not given:
        for arguments in (*([str(size)] for size in SIZES), *(["one", str(size)] for size in SIZES)):
            subprocess.run([sys.executable, __file__, *arguments], check=True)
        return
    kinds = {"one": one_new, "register": in_register}
    figures = kinds[given[0]](int(given[1])) if given[0] in kinds else from_nothing(int(given[0]))
    print("  ".join(f"{name} {value:,.3f}" if isinstance(value, float) else f"{name} {value:,}"
                    for name, value in figures.items()))  # fmt: skip


if __name__ == "__main__":
    main()
