"""Intraday events: where they count from, and when the prices of their moves were struck."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("events", sa.Column("published_at", INSTANT, nullable=True))
    op.add_column("placements", sa.Column("moment_id", sa.Text(), nullable=True))
    op.create_index("ix_placements_moment_id", "placements", ["moment_id"], unique=False)
    op.add_column("moves", sa.Column("model", sa.Text(), nullable=True))
    for name in ("base_at", "entry_at", "exit_at"):
        op.add_column("moves", sa.Column(name, INSTANT, nullable=True))


def downgrade() -> None:
    for name in ("exit_at", "entry_at", "base_at", "model"):
        op.drop_column("moves", name)
    op.drop_index("ix_placements_moment_id", table_name="placements")
    op.drop_column("placements", "moment_id")
    op.drop_column("events", "published_at")
