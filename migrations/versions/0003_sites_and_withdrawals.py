"""Where an article stood, what may be kept of it, and whether it was taken back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("site", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("articles", sa.Column("origin", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("articles", sa.Column("keep", sa.Text(), nullable=False, server_default=sa.text("'body'")))
    op.add_column("articles", sa.Column("withdrawn", sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("withdrawn", "keep", "origin", "site"):
        op.drop_column("articles", name)
