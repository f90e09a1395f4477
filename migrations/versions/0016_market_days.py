"""The days on which bars disagree with a market's calendar or lack its benchmark."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SESSION = sa.Text().with_variant(sa.Date(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "market_days",
        sa.Column("mic", sa.Text(), nullable=False),
        sa.Column("benchmark", sa.Text(), nullable=False),
        sa.Column("day", SESSION, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mic", "benchmark", "day", "mark", name="pk_market_days"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("market_days")
