"""Band keys in the order of time, so that a night writes and reads the end of them, however long the archive is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bands_by_time",
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("band", LONG, nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("second", LONG, nullable=False),
        sa.PrimaryKeyConstraint("bucket", "band", "article_id", name=op.f("pk_bands_by_time")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO bands_by_time (bucket, band, article_id, second) "
        "SELECT second / 345600, band, article_id, second FROM story_bands"  # four days
    )
    op.drop_index("ix_story_bands_band_second", table_name="story_bands")
    op.drop_table("story_bands")
    op.rename_table("bands_by_time", "story_bands")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_bands_by_time RENAME TO pk_story_bands")


def downgrade() -> None:
    op.create_table(
        "bands_by_article",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("band", LONG, nullable=False),
        sa.Column("second", LONG, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "band", name=op.f("pk_bands_by_article")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO bands_by_article (article_id, band, second) SELECT article_id, band, second FROM story_bands"
    )
    op.drop_table("story_bands")
    op.rename_table("bands_by_article", "story_bands")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_bands_by_article RENAME TO pk_story_bands")
    op.create_index("ix_story_bands_band_second", "story_bands", ["band", "second", "article_id"])
