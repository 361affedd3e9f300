"""The walls of the house: which room may import which, and what stays out of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "sijill"

LEVELS = {
    "records": 0, "errors": 0, "settings": 0, "incidents": 0, "filters": 0,
    "arabic": 1,
    "lexicon": 2,
    "reading": 3,
    "tolls": 3.9, "link": 4, "tally": 4, "copies": 4,  # link builds incidents and needs their tolls
    "ledger": 5, "sources": 5, "publish": 5,
    "pipeline": 6, "crew": 6, "ask": 6, "keep": 6, "linking": 6, "publishing": 6,
    "evaluation": 7, "web": 7,
    "cli": 8, "__main__": 9, "__init__": 9,
}  # fmt: skip
"""Each room imports only from lower ones and from itself; `crew` is a part of the pipeline."""

ONE_ROOM = (
    {"records", "errors", "settings", "incidents", "filters"},
    {"pipeline", "crew", "keep", "linking", "publishing"},
)

UNSTEADY = {
    "time", "random", "secrets", "uuid", "socket", "ssl", "select", "selectors", "asyncio", "http",
    "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "webbrowser",
}  # fmt: skip
"""Clock, chance and network: nothing below level 5 may have them."""

NOW = re.compile(r"\.(now|utcnow|today)$")
SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|CREATE\s+TABLE)\b", re.S)
DATABASES = {"sqlite3", "sqlalchemy", "alembic", "psycopg", "duckdb"}
ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")

FILES = sorted(SOURCE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module that is imported, wherever it stands, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            module = node.module or ""
            if module == "sijill":
                yield from ((node.lineno, f"sijill.{name.name}") for name in node.names)
            else:
                yield node.lineno, module


def wrong_imports(path: Path, text: str) -> list[str]:
    own = room(path)
    wrong = []
    for line, module in imports(ast.parse(text)):
        top, _, rest = module.partition(".")
        other = rest.split(".")[0]
        if top != "sijill" or other in ("", "__version__") or other == own:
            continue
        if any({own, other} <= rooms for rooms in ONE_ROOM):
            continue
        if LEVELS[other] >= LEVELS[own]:
            wrong.append(f"line {line}: {own} (level {LEVELS[own]}) imports {other} (level {LEVELS[other]})")
    return wrong


def unsteady(path: Path, text: str) -> list[str]:
    if LEVELS[room(path)] >= 5:
        return []
    tree = ast.parse(text)
    wrong = [f"line {line}: {name}" for line, name in imports(tree) if name.split(".")[0] in UNSTEADY]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and NOW.search(called := ast.unparse(node)) and "date" in called:
            wrong.append(f"line {node.lineno}: {called}")
    return wrong


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string that is no docstring, with its line."""
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def arabic(path: Path, text: str) -> list[str]:
    tree = ast.parse(text)
    wrong = [
        f"line {line}: {value!r}"
        for line, value in strings(tree)
        if ARABIC.search(_written(text, line, value))
    ]
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and ARABIC.search(node.id))
    return wrong + [f"line {node.lineno}: {node.id}" for node in names]


def _written(text: str, line: int, value: str) -> str:
    """A string as the file writes it: an escape such as \\u0621 is no Arabic letter in the code."""
    rows = text.splitlines()[line - 1 : line + value.count("\n")]
    return "".join(char for char in value if any(char in row for row in rows))


def sql(path: Path, text: str) -> list[str]:
    if room(path) in ("ledger", "link"):
        return []
    tree = ast.parse(text)
    wrong = [f"line {line}: {value!r}" for line, value in strings(tree) if SQL.search(value)]
    return wrong + [f"line {line}: {name}" for line, name in imports(tree) if name.split(".")[0] in DATABASES]


def direction(path: Path, text: str) -> list[str]:
    return [f"line {n}" for n, row in enumerate(text.splitlines(), 1) if DIRECTION.search(row)]


RULES = [wrong_imports, unsteady, arabic, sql, direction]


@pytest.mark.parametrize("rule", RULES, ids=[rule.__name__ for rule in RULES])
@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SOURCE)) for path in FILES])
def test_wall(path: Path, rule: object) -> None:
    assert rule(path, path.read_text(encoding="utf-8")) == []  # type: ignore[operator]


def test_every_room_has_a_level() -> None:
    rooms = {room(path) for path in FILES}
    assert rooms <= set(LEVELS), f"give these rooms a level: {rooms - set(LEVELS)}"


BROKEN = [
    (wrong_imports, "arabic/x.py", "from sijill.lexicon import finder"),
    (wrong_imports, "reading/x.py", "def f():\n    import sijill.pipeline"),
    (wrong_imports, "records.py", "from sijill import cli"),
    (wrong_imports, "tally/x.py", "from sijill.link import judge"),
    (unsteady, "reading/x.py", "from time import monotonic"),
    (unsteady, "link/x.py", "import datetime\nx = datetime.date.today()"),
    (unsteady, "arabic/x.py", "from datetime import datetime\nx = datetime.now()"),
    (arabic, "reading/x.py", "x = 'هجوم'"),
    (arabic, "cli/x.py", "x = f'{1} هجوم'"),
    (sql, "web/x.py", "x = 'select * from reports'.upper()\ny = 'SELECT id FROM reports'"),
    (sql, "pipeline.py", "import sqlite3"),
    (direction, "cli/x.py", "x = '\u200f'"),
]


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN, ids=[f"{r[0].__name__}-{r[1]}" for r in BROKEN])
def test_a_broken_wall_is_seen(rule: object, name: str, text: str) -> None:
    assert rule(SOURCE / name, text) != []  # type: ignore[operator]


STANDING = [
    (wrong_imports, "lexicon/x.py", "from sijill.arabic.fold import fold"),
    (unsteady, "arabic/x.py", "from datetime import date, timedelta"),
    (arabic, "arabic/x.py", '"""هجوم"""\n# هجوم\nx = "\\u0621"'),
    (sql, "ledger/x.py", "x = 'SELECT id FROM reports'"),
]


@pytest.mark.parametrize(
    ("rule", "name", "text"), STANDING, ids=[f"{r[0].__name__}-{r[1]}" for r in STANDING]
)
def test_a_standing_wall_is_left_alone(rule: object, name: str, text: str) -> None:
    assert rule(SOURCE / name, text) == []  # type: ignore[operator]
