"""New articles have ids that begin with their day, and are known again by the digest of their key. Old ids stay."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WITH_IDS = {
    "articles": ["article_id"],
    "mentions": ["article_id"],
    "unmatched_articles": ["article_id"],
    "story_articles": ["article_id", "story_id"],
    "story_bands": ["article_id"],
    "placements": ["article_id"],
    "links": ["article_id"],
}


def upgrade() -> None:
    op.add_column("articles", sa.Column("key_digest", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.execute("UPDATE articles SET key_digest = article_id")  # which was just that
    op.create_index("ix_articles_key_digest", "articles", ["key_digest"])


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.drop_constraint("fk_mentions_articles", "mentions", type_="foreignkey")
    else:
        op.execute("PRAGMA defer_foreign_keys = ON")
    for name, columns in _WITH_IDS.items():
        for column in map(sa.column, columns):
            longer = sa.table(name, column).update().where(sa.func.length(column) == 17)
            op.execute(longer.values({column: sa.func.substr(column, 6)}))
    if postgresql:
        key = ["article_id", "revision"]
        op.create_foreign_key("fk_mentions_articles", "mentions", "articles", key, key)
    op.drop_index("ix_articles_key_digest", table_name="articles")
    op.drop_column("articles", "key_digest")
