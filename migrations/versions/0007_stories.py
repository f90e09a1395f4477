"""What copies are recognised by, and the band keys that bring them together.

Articles clustered before keep their stories, and take no further copies in until `signals rebuild` has read them again.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _set_aside()
    op.create_table(
        "story_articles",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("headline_key", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("out_by", INSTANT, nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("story_rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("version in (0, 1)", name=op.f("ck_story_articles_version")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_articles")),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO story_articles (article_id, headline_key, lead, version, out_by, story_id, story_rank) "
        "SELECT article_id, headline_key, '', 0, published_at, story_id, story_rank FROM set_aside"
    )
    op.drop_table("set_aside")
    op.create_index("ix_story_articles_story_id", "story_articles", ["story_id"])
    op.create_table(
        "story_bands",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("band", LONG, nullable=False),
        sa.Column("second", LONG, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "band", name=op.f("pk_story_bands")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_bands_band_second", "story_bands", ["band", "second", "article_id"])


def downgrade() -> None:
    op.drop_table("story_bands")
    _set_aside()
    op.create_table(
        "story_articles",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("headline_key", sa.Text(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("story_rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_story_articles")),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO story_articles (article_id, headline_key, published_at, story_id, story_rank) "
        "SELECT article_id, headline_key, out_by, story_id, story_rank FROM set_aside"
    )
    op.drop_table("set_aside")
    op.create_index("ix_story_articles_headline_key", "story_articles", ["headline_key", "published_at"])


def _set_aside() -> None:
    """Rename the table, so that another of its name can be made: SQLite cannot change one in place."""
    op.rename_table("story_articles", "set_aside")
    if op.get_bind().dialect.name == "postgresql":  # where the name of a primary key is its index's too
        op.execute("ALTER INDEX pk_story_articles RENAME TO pk_set_aside")
