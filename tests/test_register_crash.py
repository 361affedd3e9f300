"""Killed, filled up, cut off or crowded: nothing is lost, nothing comes twice, and the work goes on.

The short form kills each kind of database a few times; `make soak` a hundred times or more.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from registers import filled, opened, report
from sijill.errors import RegisterError
from sijill.ledger import engine

HERE = Path(__file__).parent
SOAK = bool(os.environ.get("SIJILL_SOAK"))
KILLS = 100 if SOAK else 3
REPORTS = 5000 if SOAK else 1000

Place = str | Path


def feed(path: Path, first: int, last: int) -> Path:
    """A file of made-up reports, numbered."""
    with path.open("w", encoding="utf-8") as stream:
        for number in range(first, last + 1):
            words = f"هجوم قرب السخنة رقم {number} " + " ".join(f"{number * n % 9973}م" for n in range(40))
            stream.write(json.dumps({"text": words, "url": f"https://example.org/{number}"}) + "\n")
    return path


def start(place: Place, path: Path, jobs: int = 1) -> subprocess.Popen[str]:
    """A running `sijill add`."""
    command = [sys.executable, str(HERE / "run_sijill.py"), "add", str(path), "--db", str(place),
               "--reader", "fake", "--no-link", "--jobs", str(jobs)]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parent / 'src'}:{HERE}"}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def entries(place: Place) -> int:
    """How many entries the log has."""
    with opened(place, write=False, create=False) as register:
        return register.head()[0]


def check_whole(place: Place, number: int) -> None:
    """Every report once, and everything holds."""
    with opened(place, create=False) as register:
        result = register.verify()
        counts = register.counts()
        mentions = len({held.id for held in register.mentions()})
    assert result.ok, result.breaks
    assert [counts[name] for name in ("log", "document", "report", "receipt", "reading")] == [number] * 5
    assert mentions == number


def test_killed_at_any_moment(place: Place, tmp_path: Path) -> None:
    opened(place).close()
    chance = random.Random(os.environ.get("SIJILL_SEED", "5"))
    kills = round_ = 0
    while kills < KILLS:
        round_ += 1
        first = (round_ - 1) * REPORTS + 1
        path = feed(tmp_path / f"{round_}.jsonl", first, first + REPORTS - 1)
        done = False
        while not done:
            begun = entries(place)
            process = start(place, path, jobs=chance.choice((1, 2)))
            while process.poll() is None and entries(place) == begun and chance.random() > 0.02:
                time.sleep(0.01)
            time.sleep(chance.random() * 0.3)
            if kills < KILLS and process.poll() is None:
                process.kill()
                kills += 1
            process.communicate()
            done = process.returncode == 0
            with opened(place, create=False) as register:
                result = register.verify()
            assert result.ok, (kills, result.breaks)
        check_whole(place, round_ * REPORTS)
    print(f"{kills} kills, {round_ * REPORTS} reports")


def test_two_writers_at_once(place: Place, tmp_path: Path) -> None:
    opened(place).close()
    paths = [feed(tmp_path / "a.jsonl", 1, 700), feed(tmp_path / "b.jsonl", 301, 1000)]
    processes = [start(place, path) for path in paths]
    said = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    with opened(place, create=False) as register:
        assert register.verify().ok
        counts = register.counts()
    assert counts["report"] == counts["reading"] == 1000
    assert counts["receipt"] == 1400  # the 400 that both brought were seen in two places


def test_a_lost_connection(postgres: str, template: str, tmp_path: Path) -> None:
    from conftest import database

    with database(postgres, template) as place:
        path = feed(tmp_path / "a.jsonl", 1, 1500)
        process = start(place, path)
        while process.poll() is None and entries(place) < 200:
            time.sleep(0.02)
        with psycopg.connect(place, autocommit=True) as other:
            while process.poll() is None:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        said = process.communicate()[1]
        assert process.returncode == 3, said
        assert "the connection to PostgreSQL failed or was lost; give the same command again" in said
        assert "Traceback" not in said
        again = start(place, path)
        assert again.communicate() and again.returncode == 0
        check_whole(place, 1500)


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(RegisterError, match="connection to PostgreSQL failed"):
        opened("postgresql://nobody@127.0.0.1:9/none", create=False)


def test_a_locked_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WAIT", 0.1)
    place = tmp_path / "r.db"
    with filled(place, 2) as register, opened(place, create=False) as other, engine.writing(register.engine):
        with pytest.raises(RegisterError, match="somebody else holds the register; try again"):
            other.add([report(9)], reader="fake", jobs=1)
        assert len(list(other.mentions())) == 2  # reading goes on meanwhile


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_disk_that_is_only_read(small_disk: Path) -> None:
    with filled(small_disk / "register.db", 3):
        pass
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with opened(small_disk / "register.db", write=False, create=False) as register:
        assert register.verify().ok and len(list(register.mentions())) == 3
    with pytest.raises(RegisterError, match="check the path and the permissions"):
        opened(small_disk / "register.db", create=False)


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    place = small_disk / "register.db"
    opened(place).close()
    path = feed(tmp_path / "a.jsonl", 1, 1500)
    process = start(place, path)
    said = process.communicate()[1]
    assert process.returncode == 3, said
    assert "the disk is full or failing; make room and give the same command again" in said
    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)
    with opened(place, create=False) as register:
        assert register.verify().ok and 0 < register.head()[0] < 1500
    again = start(place, path)
    assert again.communicate() and again.returncode == 0
    check_whole(place, 1500)
