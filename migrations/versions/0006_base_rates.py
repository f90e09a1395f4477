"""How much each instrument moves on ordinary days."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SESSION = sa.Text().with_variant(sa.Date(), "postgresql")
NUMBER = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "base_rates",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("first_session", SESSION, nullable=False),
        sa.Column("last_session", SESSION, nullable=False),
        sa.Column("typical_ret", NUMBER, nullable=True),
        sa.Column("large_ret", NUMBER, nullable=True),
        sa.Column("typical_ar", NUMBER, nullable=True),
        sa.Column("large_ar", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("ticker", name=op.f("pk_base_rates")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("base_rates")
