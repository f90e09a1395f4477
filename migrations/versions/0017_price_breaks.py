"""The jumps of prices that are held back, because a split or a change of unit explains them better than news."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SESSION = sa.Text().with_variant(sa.Date(), "postgresql")
NUMBER = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "price_breaks",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("day", SESSION, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ret", NUMBER, nullable=False),
        sa.Column("split", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("ticker", "source", "day", name="pk_price_breaks"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("price_breaks")
