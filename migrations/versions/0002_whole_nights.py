"""Articles wait in a queue of their own until a scoring derives from them, so that the views change night by night."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "unmatched_articles",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_unmatched_articles")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("unmatched_articles")
