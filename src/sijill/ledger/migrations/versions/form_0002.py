"""Copies of one agency text are found at once: digests of folded words, bands and signatures."""

import hashlib
import re

import sqlalchemy as sa
from alembic import op

from sijill.arabic.fold import fold

revision = "0002"
down_revision = "0001"

CHUNK = 500
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = re.compile(r"[^\W_]{1,60}")


def upgrade() -> None:
    """Adds the digest and works it out for every report that is held."""
    op.add_column("report", sa.Column("fold_digest", sa.LargeBinary()))
    op.create_index("ix_report_fold_digest", "report", ["fold_digest"])
    op.create_table(
        "band",
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("entry", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("value", "entry"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_band_entry", "band", ["entry"])
    op.create_table(
        "signature",
        sa.Column("entry", NUMBER, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry"),
    )
    bind = op.get_bind()
    report = sa.table("report", sa.column("entry"), sa.column("text"), sa.column("fold_digest"))
    last = 0
    while True:
        wanted = sa.select(report.c.entry, report.c.text).where(report.c.entry > last)
        rows = bind.execute(wanted.order_by(report.c.entry).limit(CHUNK)).all()
        if not rows:
            return
        for entry, text in rows:
            if text is not None:
                made = report.update().where(report.c.entry == entry).values(fold_digest=digest(text))
                bind.execute(made)
        last = rows[-1].entry


def digest(text: str) -> bytes:
    """The digest as this form has it; kept here, so that later changes elsewhere do not reach it."""
    words = WORD.findall(fold(text).text.lower())
    return hashlib.sha256(" ".join(words).encode()).digest()[:16]
