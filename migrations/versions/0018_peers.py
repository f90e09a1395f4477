"""Unusual sessions have the part of their abnormal return that goes with the peers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBER = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.add_column("session_moves", sa.Column("peers_part", NUMBER, nullable=True))


def downgrade() -> None:
    op.drop_column("session_moves", "peers_part")
