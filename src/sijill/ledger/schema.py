"""The tables. Recorded ones are only ever added to; derived ones can be made anew from them.

Every recorded row belongs to an entry of the log (`entry`, and `n`, its place in the entry) and
carries `salt` and `leaf`: the salted hash of its content, which the entry's hash covers. Where words
are erased later, a `redaction` row gives the new leaf, so that the chain still holds (docs/adr).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

metadata = MetaData()

Number = BigInteger().with_variant(Integer, "sqlite")


def _recorded(name: str, *columns: Column[object]) -> Table:
    """A table of recorded rows."""
    return Table(
        name, metadata,
        Column("entry", Number, nullable=False), Column("n", Integer, nullable=False),
        *columns,
        Column("salt", LargeBinary, nullable=False), Column("leaf", LargeBinary, nullable=False),
        PrimaryKeyConstraint("entry", "n"),
    )  # fmt: skip


def _text(name: str, *, must: bool = False) -> Column[object]:
    """A column of words."""
    return Column(name, Text, nullable=not must)


log = Table(
    "log", metadata,
    Column("n", Number, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False), _text("who", must=True),
    Column("what", String(24), nullable=False),
    Column("key", Text, index=True),
    _text("why"), Column("why_salt", LargeBinary), Column("why_leaf", LargeBinary),
    Column("leaves", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)  # fmt: skip
"""The hash chain: who did what, when, why, and the hash of what that stored."""

document = _recorded(
    "document",
    Column("sha256", String(64), nullable=False, unique=True), Column("size", Number, nullable=False),
    _text("media_type", must=True), Column("data", LargeBinary),
)  # fmt: skip
"""Bytes as received, once each, compressed by zlib; `data` is NULL where they were erased."""

report = _recorded(
    "report",
    Column("id", String(20), nullable=False, unique=True),
    Column("document", String(64), nullable=False, index=True),
    Column("own_id", Text, index=True), _text("source"), _text("url"), _text("title"),
    Column("published", String(10)),
    _text("text"), Column("sha256", String(64)), Column("copy_of", String(20), index=True),
    Column("sensitivity", String(16), nullable=False), Column("received", String(40), nullable=False),
    Column("fold_digest", LargeBinary, index=True),
)  # fmt: skip
"""The text drawn from a document. `fold_digest` is worked out: it finds the same words again."""

receipt = _recorded(
    "receipt",
    Column("report", String(20), nullable=False, index=True), Column("document", String(64), nullable=False),
    _text("origin"), _text("source"), _text("url"), Column("retrieved", String(40)),
    Column("tool", String(40), nullable=False),
)  # fmt: skip
"""Each time a report came in: from where, when, by which version of Sijill."""

reading = _recorded(
    "reading",
    Column("report", String(20), nullable=False, index=True),
    _text("reader", must=True), _text("version", must=True), _text("lexicon", must=True),
    Column("body", LargeBinary), _text("ids", must=True),
    Column("current", Boolean, nullable=False),
)  # fmt: skip
"""What a reader made of a report: the coded report as JSON, compressed, and the ids of its records."""

judgement = _recorded(
    "judgement",
    Column("left", String(20), nullable=False), Column("right", String(20), nullable=False),
    Column("verdict", String(12), nullable=False), _text("by", must=True),
    Column("at", String(40), nullable=False), Column("score", Float), _text("reasons", must=True),
    _text("why"), Column("undone", Boolean, nullable=False),
)  # fmt: skip
Index("judgement_pair", judgement.c.left, judgement.c.right)
Index("judgement_right", judgement.c.right)

decision = _recorded(
    "decision",
    Column("subject", String(20), nullable=False, index=True), _text("pointer", must=True),
    _text("value", must=True), _text("by", must=True), Column("at", String(40), nullable=False),
    _text("why"), Column("undone", Boolean, nullable=False),
)  # fmt: skip
"""What a person decided of one field; `value` is JSON."""

note = _recorded(
    "note",
    Column("kind", String(24), nullable=False), _text("key", must=True), _text("body", must=True),
)  # fmt: skip
Index("note_kind", note.c.kind, note.c.key)
"""Whatever else is recorded: retractions, backups, column maps, feeds, forwarding; `body` is JSON."""

redaction = _recorded(
    "redaction",
    Column("target", Number, nullable=False), Column("target_n", Integer, nullable=False),
    Column("new_leaf", LargeBinary, nullable=False),
)  # fmt: skip
"""The row `target_n` of entry `target` lost words; its content now hashes to `new_leaf`.
`target_n` -1 is the reason that stands in the log itself."""

RECORDED = (document, report, receipt, reading, judgement, decision, note, redaction)

DERIVED_COLUMNS = {"report": {"fold_digest"}, "reading": {"current"}}
"""Columns of recorded tables that are worked out and can change."""

band = Table(
    "band", metadata,
    Column("value", BigInteger, nullable=False), Column("entry", Number, nullable=False, index=True),
    PrimaryKeyConstraint("value", "entry"), sqlite_with_rowid=False,
)  # fmt: skip
"""By what reports of nearly the same words find each other (sijill/copies.py)."""

signature = Table(
    "signature", metadata,
    Column("entry", Number, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)  # fmt: skip
"""What is compared of two such reports. Not remade: it serves reports that come in later only."""

mention = Table(
    "mention", metadata,
    Column("id", String(20), primary_key=True), Column("report", String(20), nullable=False, index=True),
    Column("kind", String(12), nullable=False), Column("current", Boolean, nullable=False),
)  # fmt: skip
"""Which report each record belongs to; `kind` is incidents, tallies, control or assessments."""

incident = Table(
    "incident", metadata,
    Column("since", Number, nullable=False), Column("id", String(20), nullable=False),
    Column("until", Number), Column("body", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("start", String(10)), Column("end", String(10)),
    PrimaryKeyConstraint("id", "since"),
)  # fmt: skip
"""Incidents, now and formerly: a row holds from entry `since` until before entry `until`."""
Index("incident_until", incident.c.until, incident.c.start)

incident_mention = Table(
    "incident_mention", metadata,
    Column("mention", String(20), primary_key=True),
    Column("incident", String(20), nullable=False, index=True),
)  # fmt: skip

incident_term = Table(
    "incident_term", metadata,
    Column("kind", String(10), nullable=False), Column("value", Text, nullable=False),
    Column("incident", String(20), nullable=False, index=True),
    PrimaryKeyConstraint("kind", "value", "incident"),
)  # fmt: skip
"""Places, actors, targets, actions ... of the incidents that hold now."""

forwarding = Table(
    "forwarding", metadata,
    Column("old", String(20), primary_key=True), Column("new", String(20), nullable=False),
)  # fmt: skip
"""Where an incident went that was joined to another."""

state = Table(
    "state", metadata,
    Column("kind", String(24), nullable=False), Column("key", Text, nullable=False),
    Column("body", Text, nullable=False), PrimaryKeyConstraint("kind", "key"),
)  # fmt: skip
"""What may be overwritten and is no evidence: where a feed stood when it was last asked."""

DERIVED = (mention, incident_mention, incident_term, forwarding)
"""Made anew by `rebuild`; `incident` too, but for its history."""
