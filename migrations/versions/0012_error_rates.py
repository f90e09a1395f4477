"""Error rates from earlier nights in place of q-values within one, and verdicts of events.

The q-values so far promised what no trader uses. All moves are derived again by the next run: their digests are
emptied, and their events are queued.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBER = sa.Double().with_variant(sa.REAL(), "sqlite")
SESSION = sa.Text().with_variant(sa.Date(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "error_rates",
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("event_window", sa.Text(), nullable=False),
        sa.Column("first_day", SESSION, nullable=False),
        sa.Column("relevance_class", sa.Text(), nullable=False),
        sa.Column("pi", NUMBER, nullable=False),
        sa.Column("a", NUMBER, nullable=False),
        sa.Column("c", NUMBER, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("study", "event_window", "first_day", "relevance_class"),
        sqlite_strict=True,
    )
    op.add_column("events", sa.Column("relevance_class", sa.Text(), server_default="weak", nullable=False))
    op.drop_index("ix_moves_scope", table_name="moves")
    for name in ("q_scope", "q_m"):
        op.drop_column("moves", name)
    for name, kind in (("p_raw", NUMBER), ("local_fdr", NUMBER), ("q_basis", sa.Text())):
        op.add_column("moves", sa.Column(name, kind, nullable=True))
    for name in ("verdict", "event_verdict"):
        op.add_column("moves", sa.Column(name, sa.Text(), server_default="not_scored", nullable=False))
    op.add_column("moves", sa.Column("decides", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE moves SET q_value = NULL, digest = ''")
    op.execute("UPDATE events SET dirty = 1")


def downgrade() -> None:
    for name in ("decides", "event_verdict", "verdict", "q_basis", "local_fdr", "p_raw"):
        op.drop_column("moves", name)
    op.add_column("moves", sa.Column("q_scope", sa.Text(), nullable=True))
    op.add_column("moves", sa.Column("q_m", sa.Integer(), nullable=True))
    op.create_index("ix_moves_scope", "moves", ["study", "event_window", "day_zero"])
    op.drop_column("events", "relevance_class")
    op.drop_table("error_rates")
    op.execute("UPDATE moves SET q_value = NULL, digest = ''")
    op.execute("UPDATE events SET dirty = 1")
