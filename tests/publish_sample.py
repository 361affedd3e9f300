"""Made-up incidents for the tests of exports and briefs; whoever wants a secret plants it here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from sijill.incidents import Figure, HeldMention, Incident, Toll
from sijill.records import Casualty, Control, Mention, Place, Rival, Tally, When

SULA = Place(
    name="الشولا", id="sy-shula", admin1="SY09", admin2="SY0901", country="SY", lat=35.3359, lon=40.1408,
    precision="district", inferred=True,
)  # fmt: skip
HOMS = Place(
    name="حمص", id="sy-homs", admin1="SY04", admin2="SY0401", country="SY", lat=34.72682, lon=36.72339,
    precision="settlement",
)  # fmt: skip


def figure(outcome: str, group: str, number: int, source: str, **more: Any) -> Figure:
    told: dict[str, Any] = {
        "outcome": outcome, "group": group, "low": number, "high": number, "source": source,
        "mention": "m-0000000000000001", "report": "r-0000000000000001", "outlet": "SANA",
        "published": "2024-03-05", **more,
    }  # fmt: skip
    return msgspec.convert(told, Figure)


def toll(outcome: str, group: str, best: int, *figures: Figure, **more: Any) -> Toll:
    told: dict[str, Any] = {"low": best, "best": best, "high": best, **more}
    return Toll(outcome=outcome, group=group, figures=list(figures), **told)  # type: ignore[arg-type]


def incident(number: int, **more: Any) -> Incident:
    """An incident that differs from another only in what is told."""
    told: dict[str, Any] = {
        "action": "armed_assault", "date": "2024-03-04", "start": "2024-03-04", "end": "2024-03-04",
        "place": SULA, "actors": ["IS"], "targets": ["SY-GOV"], "sources": ["SOHR"], "outlets": ["SANA"],
        "mentions": [f"m-{number:016x}"], "first_published": "2024-03-05", "last_published": "2024-03-06",
        "tolls": [toll("killed", "SY-GOV", 3, figure("killed", "SY-GOV", 3, "SOHR"))], **more,
    }  # fmt: skip
    return Incident(id=f"i-{number:016x}", **told)


UNTOLD = Toll(outcome="killed", group="PERSONS", low=None, best=None, high=None)


def sample() -> list[Incident]:
    """Incidents of many kinds: undated, unplaced, denied, with open figures, of civilians."""
    return [
        incident(1, reviewed=True),
        incident(
            2, action="ied", place=HOMS, targets=["CIV"], actors=["UNKNOWN"],
            tolls=[
                toll("killed", "CIV", 5, low=5, high=None), toll("killed", "CIV/CHILD", 2, part_of=True),
                toll("wounded", "CIV", 11),
            ],
        ),
        incident(3, action="clash", actors=["SDF", "SNA"], targets=[], tolls=[], place=None),
        incident(4, date="2024-03", start="2024-03-01", end="2024-03-31", action="air_strike", actors=["RU"],
                 targets=["CIV"], tolls=[toll("killed", "CIV", 12)]),
        incident(5, status="denied", standing="denied"),
        incident(6, date=None, start=None, end=None),
        incident(7, action="protest", actors=["CIV"], targets=[], tolls=[], no_casualties=True),
        incident(8, status="foiled", action="vehicle_bomb", tolls=[]),
        incident(9, place=HOMS, tolls=[UNTOLD]),
        incident(10, action="capture_territory", actors=["SY-GOV"], targets=["IS"], tolls=[],
                 date="2024-02-20", start="2024-02-20", end="2024-02-20"),
        incident(11, action="abduction", place=HOMS, actors=[], targets=["CIV"],
                 tolls=[toll("abducted", "CIV", 4)], weapons=["small_arms"]),
    ]  # fmt: skip


def mentions() -> list[HeldMention]:
    """A mention with everything on it."""
    told = Mention(
        id="i1", action="ambush", date=When(edtf="2024-03-04", text="أمس", inferred=True), place=SULA,
        actors=["IS"], targets=["SY-GOV"], sources=["SOHR"], time="dawn", confidence=0.9,
        casualties=[Casualty(outcome="killed", group="SY-GOV", low=3, high=3, source="SOHR")],
        rivals=[Rival(source="medical", outcome="killed", group="SY-GOV", low=4, high=4)],
    )  # fmt: skip
    return [
        HeldMention(
            id="m-0000000000000001", report="r-0000000000000001", mention=told, outlet="SANA",
            url="https://example.org/1", published="2024-03-05", words="قُتل ثلاثة عناصر",
        ),
    ]  # fmt: skip


def controls() -> list[Control]:
    return [Control(id="c1", place=SULA, actor="SY-GOV", change="gained", date=When(edtf="2024-02-20"))]


def tallies() -> list[Tally]:
    return [
        Tally(
            id="t1", measure="killed", low=20, high=20, group="SY-GOV", by="IS", period="2024-03",
            sources=["SOHR"],
        ),
    ]  # fmt: skip


def write(path: Path, records: list[Any]) -> Path:
    """The records as JSON lines."""
    path.write_bytes(b"".join(msgspec.json.encode(record) + b"\n" for record in records))
    return path
