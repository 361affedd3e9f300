"""The first form: the log, what is recorded, what is worked out, the words."""

import sqlalchemy as sa
from alembic import op

from sijill.ledger import words

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "decision",
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("pointer", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "n"),
    )
    op.create_index("ix_decision_subject", "decision", ["subject"], unique=False)
    op.create_table(
        "document",
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "n"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_table(
        "forwarding",
        sa.Column("old", sa.String(length=20), nullable=False),
        sa.Column("new", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("old"),
    )
    op.create_table(
        "incident",
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("until", NUMBER, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("start", sa.String(length=10), nullable=True),
        sa.Column("end", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("id", "since"),
    )
    op.create_index("incident_until", "incident", ["until", "start"], unique=False)
    op.create_table(
        "incident_mention",
        sa.Column("mention", sa.String(length=20), nullable=False),
        sa.Column("incident", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("mention"),
    )
    op.create_index("ix_incident_mention_incident", "incident_mention", ["incident"], unique=False)
    op.create_table(
        "incident_term",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("incident", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "incident"),
    )
    op.create_index("ix_incident_term_incident", "incident_term", ["incident"], unique=False)
    op.create_table(
        "judgement",
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("left", sa.String(length=20), nullable=False),
        sa.Column("right", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "n"),
    )
    op.create_index("judgement_pair", "judgement", ["left", "right"], unique=False)
    op.create_table(
        "log",
        sa.Column("n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("why_salt", sa.LargeBinary(), nullable=True),
        sa.Column("why_leaf", sa.LargeBinary(), nullable=True),
        sa.Column("leaves", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_index("ix_log_key", "log", ["key"], unique=False)
    op.create_table(
        "mention",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("report", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mention_report", "mention", ["report"], unique=False)
    op.create_table(
        "note",
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "n"),
    )
    op.create_index("note_kind", "note", ["kind", "key"], unique=False)
    op.create_table(
        "reading",
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=20), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("lexicon", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "n"),
    )
    op.create_index("ix_reading_report", "reading", ["report"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("retrieved", sa.String(length=40), nullable=True),
        sa.Column("tool", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "n"),
    )
    op.create_index("ix_receipt_report", "receipt", ["report"], unique=False)
    op.create_table(
        "redaction",
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("target", NUMBER, nullable=False),
        sa.Column("target_n", sa.Integer(), nullable=False),
        sa.Column("new_leaf", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "n"),
    )
    op.create_table(
        "report",
        sa.Column("entry", NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("own_id", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("published", sa.String(length=10), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("copy_of", sa.String(length=20), nullable=True),
        sa.Column("sensitivity", sa.String(length=16), nullable=False),
        sa.Column("received", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "n"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_report_own_id", "report", ["own_id"], unique=False)
    op.create_index("ix_report_copy_of", "report", ["copy_of"], unique=False)
    op.create_index("ix_report_document", "report", ["document"], unique=False)
    op.create_table(
        "state",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    statements = words.SQLITE if op.get_bind().dialect.name == "sqlite" else words.POSTGRESQL
    for statement in statements:
        op.execute(statement)
