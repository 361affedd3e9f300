"""What the tests of the desk share: a small register of made-up reports, and a browser's session on it."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import sijill
from sijill.linking import link
from sijill.web.app import create
from sijill.web.desk import Desk
from sijill.web.identity import Person

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BASE = "https://127.0.0.1"
REPORTS = [
    {
        "id": "a", "source": "مرصد الفرات", "published": "2024-02-08", "title": "كمين قرب الشولا",
        "text": "قُتل 13 عنصراً من قوات النظام وأصيب ستة آخرون في كمين نصبه تنظيم داعش قرب الشولا جنوب "
                "دير الزور مساء أمس الأربعاء، بحسب المرصد السوري لحقوق الإنسان.",
    },
    {
        "id": "b", "source": "شبكة البادية", "published": "2024-02-09", "title": "ارتفاع حصيلة كمين الشولا",
        "text": "ارتفع عدد قتلى قوات النظام في الكمين الذي نصبه تنظيم داعش قرب بلدة الشولا جنوب دير الزور "
                "مساء الأربعاء الماضي إلى 17 قتيلاً، بحسب مصادر طبية.",
    },
    {
        "id": "c", "source": "وكالة الضفاف", "published": "2024-03-03", "title": "عبوة في السخنة",
        "text": "قُتل خمسة مدنيين وجُرح سبعة في انفجار عبوة ناسفة قرب السخنة شرقي حمص أمس السبت.",
    },
    {
        "id": "d", "source": "وكالة الضفاف", "published": "2024-03-12", "title": "غارة",
        "text": "قُتل مدنيان في غارة جوية روسية على بلدة أريحا جنوب إدلب اليوم الثلاثاء.",
    },
    {
        "id": "e", "source": "مركز نينوى", "published": "2024-04-02", "title": "حصيلة",
        "text": "قُتل 40 مدنياً في سوريا خلال شهر آذار 2024، بحسب المرصد السوري لحقوق الإنسان.",
    },
]  # fmt: skip


def register(place: Path, reports: list[dict[str, Any]] | None = None) -> Path:
    """A register of these reports, linked."""
    with sijill.open(place, write=True, create=True, who="setup") as held:
        result = held.add(reports if reports is not None else REPORTS, jobs=1)
        assert not result.left_out
        link(held)
    return place


class Visitor:
    """A browser that was let in."""

    def __init__(self, place: Path, name: str = "layla", clearance: int = 2, **options: Any) -> None:
        self.tokens: list[str] = []
        self.desk = Desk(place, Person(name, clearance), tell=self.tokens.append)
        self.client = self.browser(**options)
        self.enter(self.client)

    def browser(self, **options: Any) -> TestClient:
        """Another browser, not let in yet."""
        return TestClient(create(self.desk, **options), base_url=BASE, follow_redirects=False)

    def enter(self, client: TestClient) -> Any:
        """Lets a browser in."""
        return client.get("/enter-desk", params={"token": self.tokens[-1]})

    def get(self, path: str, status: int = 200) -> str:
        """A page."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:400])
        return answer.text

    def json(self, path: str, status: int = 200) -> Any:
        """A twin."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:400])
        return answer.json()

    def csrf(self, client: TestClient | None = None) -> str:
        """The token of this browser's forms."""
        found = re.search(r'name="csrf" value="([^"]+)"', (client or self.client).get("/settings").text)
        assert found
        return found[1]

    def post(self, path: str, code: int = 303, client: TestClient | None = None, **fields: Any) -> Any:
        """Sends a form with its token."""
        client = client or self.client
        answer = client.post(path, data={"csrf": self.csrf(client), **fields})
        assert answer.status_code == code, (path, answer.status_code, answer.text[:600])
        return answer

    def incident(self, **asked: str) -> dict[str, Any]:
        """The one incident that fits."""
        found = self.client.get("/incidents.json", params=asked).json()["incidents"]
        assert len(found) == 1, [one["id"] for one in found]
        return found[0]

    def seen(self, own: str) -> int:
        """What a form on an incident carries."""
        return self.json(f"/incidents/{own}.json")["seen"]

    def close(self) -> None:
        """Lets the register go."""
        self.desk.close()
