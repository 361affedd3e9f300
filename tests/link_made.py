"""Made-up mentions for the tests of linking and tolls."""

from __future__ import annotations

from hypothesis import strategies as st

from sijill.incidents import HeldMention
from sijill.records import Casualty, Mention, Place, Rival, When

SUKHNA = Place(name="السخنة", id="sy-sukhna", admin1="SY04", country="SY", lat=34.885, lon=38.871)
TADMOR = Place(name="تدمر", id="sy-tadmor", admin1="SY04", country="SY", lat=34.56, lon=38.27)
MAYADIN = Place(name="الميادين", id="sy-mayadin", admin1="SY09", country="SY", lat=35.02, lon=40.45)


def dead(low: int | None, group: str = "SY-GOV", **fields: object) -> Casualty:
    told = {"outcome": "killed", "group": group, "low": low, "high": low, **fields}
    return Casualty(**told)  # type: ignore[arg-type]


def told(number: int, casualties: list[Casualty] | None = None, **fields: object) -> HeldMention:
    """Mention `number`; fields of the envelope and of the mention by name."""
    envelope = {key: fields.pop(key) for key in list(fields) if key in HeldMention.__struct_fields__}
    content = {
        "id": "i1", "action": "ambush", "date": When(edtf="2024-03-05"), "place": SUKHNA,
        "actors": ["IS"], "targets": ["SY-GOV"], "casualties": casualties or [], **fields,
    }  # fmt: skip
    held = {
        "id": f"m-{number:016x}", "report": f"r-{number}", "outlet": f"outlet {number}",
        "published": "2024-03-05", "received": f"2024-03-06T{number % 24:02}:00:00+00:00",
        "mention": Mention(**content), **envelope,  # type: ignore[arg-type]
    }  # fmt: skip
    return HeldMention(**held)  # type: ignore[arg-type]


DAYS = ("2024-03-05", "2024-03-05", "2024-03-06", "2024-03-05~", "2024-03", "2024-03-12")
GROUPS = ("SY-GOV", "CIV", "CIV/CHILD", "PERSONS", "IS", "SY-GOV/NDF")
_count = st.none() | st.integers(0, 40)


@st.composite
def casualty(draw: st.DrawFn) -> Casualty:
    low, high = draw(_count), draw(_count)
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    return Casualty(
        outcome=draw(st.sampled_from(("killed", "killed", "wounded"))), group=draw(st.sampled_from(GROUPS)),
        low=low, high=high, part_of=draw(st.booleans()) and draw(st.booleans()),
        source=draw(st.sampled_from((None, None, "SOHR", "medical", "IS"))),
    )  # fmt: skip


@st.composite
def mention(draw: st.DrawFn, number: int) -> HeldMention:
    """A mention of one of a few events that are hard to tell apart."""
    day = draw(st.sampled_from(DAYS))
    copied = draw(st.sampled_from((None, None, "agency-1")))
    return told(
        number, draw(st.lists(casualty(), max_size=3)),
        date=When(edtf=day), place=draw(st.sampled_from((SUKHNA, SUKHNA, TADMOR, MAYADIN, None))),
        action=draw(st.sampled_from(("ambush", "armed_assault", "shelling"))),
        sources=draw(st.lists(st.sampled_from(("SOHR", "medical", "security", "IS")), max_size=2)),
        rivals=[Rival(source="officials", outcome="killed", group="SY-GOV", low=5, high=5)]
        if draw(st.integers(0, 5)) == 0 else [],
        status=draw(st.sampled_from(("reported", "reported", "reported", "denied"))),
        report=f"r-{draw(st.integers(0, 9))}", copy_of=copied,
        published=draw(st.sampled_from(("2024-03-05", "2024-03-06", "2024-03-08", None))),
        words=draw(st.sampled_from(("", "قتل عناصر في كمين قرب السخنة", "ارتفعت الحصيلة إلى عدد من القتلى"))),
    )  # fmt: skip


@st.composite
def mentions(draw: st.DrawFn, most: int = 9) -> list[HeldMention]:
    return [draw(mention(number)) for number in range(draw(st.integers(1, most)))]
