"""Full-text search over folded words: FTS5 on SQLite, tsvector('simple') with GIN on PostgreSQL.

Both are given the same words, split here, so that both find the same. What an incident is about
(`action=ambush`) is indexed beside the words as one made-up word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import Connection, text

from sijill.arabic.fold import fold

LONGEST = 60
"""Characters of a word; a longer one is cut into several: indexes refuse very long ones."""

MOST = 300_000
"""Letters of a report that are indexed: PostgreSQL takes no more than a megabyte of distinct words."""

_WORD = re.compile(rf"[^\W_]{{1,{LONGEST}}}")

SQLITE = (
    "CREATE VIRTUAL TABLE words USING fts5(body, content='', tokenize=\"unicode61 remove_diacritics 0\")",
)
POSTGRESQL = (
    "CREATE TABLE words (rowid BIGINT PRIMARY KEY, body TSVECTOR NOT NULL)",
    "CREATE INDEX words_body ON words USING gin (body)",
)


def split(words: str) -> list[str]:
    """The words of a text, folded, in lower case."""
    return _WORD.findall(fold(words).text.lower())


@lru_cache(maxsize=65_536)
def term(kind: str, value: str) -> str:
    """The made-up word that stands for `kind=value`."""
    return "x" + hashlib.sha256(f"{kind}={value}".encode()).hexdigest()[:16]


def body(title: str | None, words: Sequence[str] | str | None, terms: Iterable[str] = ()) -> str:
    """What is indexed of a report: its title, its words (or these split already), the terms."""
    own = split(words or "") if words is None or isinstance(words, str) else words
    held = " ".join(own)[:MOST]
    return " ".join([*split(title or ""), "x0", held, "x0", *sorted(set(terms))])


def add(connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
    """Indexes bodies under the numbers of their reports' entries."""
    if not rows:
        return
    made = ":body" if connection.dialect.name == "sqlite" else "to_tsvector('simple', :body)"
    connection.execute(
        text(f"INSERT INTO words (rowid, body) VALUES (:entry, {made})"),  # noqa: S608
        [{"entry": entry, "body": body} for entry, body in rows],
    )


def remove(connection: Connection, entry: int, body: str) -> None:
    """Takes a body out; it must be the one that was indexed."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            text("INSERT INTO words (words, rowid, body) VALUES ('delete', :entry, :body)"),
            {"entry": entry, "body": body},
        )
    else:
        connection.execute(text("DELETE FROM words WHERE rowid = :entry"), {"entry": entry})


def clear(connection: Connection) -> None:
    """Takes everything out."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO words (words) VALUES ('delete-all')"))
    else:
        connection.execute(text("DELETE FROM words"))


def squeeze(connection: Connection) -> None:
    """Merges the index, so that no word that was taken out remains in it (SQLite; PostgreSQL vacuums)."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO words (words) VALUES ('optimize')"))


def find(connection: Connection, phrases: Sequence[Sequence[str]], most: int) -> list[int]:
    """Entries of the reports that hold every one of the phrases, newest first.

    A phrase is a row of words; of one word several forms may be given, joined by `|`.
    """
    if connection.dialect.name == "sqlite":
        query = " AND ".join("(" + _fts5(phrase) + ")" for phrase in phrases)
        found = connection.execute(
            text("SELECT rowid FROM words WHERE words MATCH :query ORDER BY rowid DESC LIMIT :most"),
            {"query": query, "most": most},
        )
    else:
        query = " & ".join("(" + " <-> ".join(f"({word})" for word in phrase) + ")" for phrase in phrases)
        found = connection.execute(
            text(
                "SELECT rowid FROM words WHERE body @@ to_tsquery('simple', :query) "
                "ORDER BY rowid DESC LIMIT :most"
            ),
            {"query": query, "most": most},
        )
    return [int(entry) for (entry,) in found]


def _fts5(phrase: Sequence[str]) -> str:
    """A phrase as FTS5 writes it; of a single word, each of its forms."""
    if len(phrase) == 1:
        return " OR ".join(f'"{word}"' for word in phrase[0].split("|"))
    return '"' + " ".join(word.split("|")[0] for word in phrase) + '"'
