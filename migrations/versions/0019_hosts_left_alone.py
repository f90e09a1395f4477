"""The hosts that asked to be left alone until an instant are known to the next runs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "hosts_left_alone",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_hosts_left_alone"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("hosts_left_alone")
