"""Averages of an instrument's events, with their tests and paths."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBER = sa.Double().with_variant(sa.REAL(), "sqlite")
KEY = ("ticker", "group_kind", "group_value", "study", "event_window")


def _key() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in KEY]


def upgrade() -> None:
    op.create_table(
        "averages",
        *_key(),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("ret", NUMBER, nullable=False),
        sa.Column("caar", NUMBER, nullable=True),
        sa.Column("mean_correlation", NUMBER, nullable=True),
        sa.Column("default_test", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_averages"),
        sqlite_strict=True,
    )
    op.create_table(
        "average_tests",
        *_key(),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statistic", NUMBER, nullable=True),
        sa.Column("p_value", NUMBER, nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, "test", name="pk_average_tests"),
        sqlite_strict=True,
    )
    op.create_table(
        "average_paths",
        *_key(),
        sa.Column("session_no", sa.Integer(), nullable=False),
        sa.Column("aar", NUMBER, nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, "session_no", name="pk_average_paths"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in ("average_paths", "average_tests", "averages"):
        op.drop_table(name)
