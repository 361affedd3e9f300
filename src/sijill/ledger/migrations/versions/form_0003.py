"""Judgements are found by either of their mentions."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the index."""
    op.create_index("judgement_right", "judgement", ["right"], if_not_exists=True)
