"""What arrived in a run and what became of it; the rows before and after it; documents that were given up."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COUNTS = ("arrived", "added", "changed", "same", "refused", "withdrawn", "unstored")


def upgrade() -> None:
    for name in COUNTS:
        op.add_column("source_runs", sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("documents", sa.Column("given_up_by", sa.Text(), nullable=True))
    op.create_table(
        "run_rows",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("before", "added", "removed", "after")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_run_rows_runs")),
        sa.PrimaryKeyConstraint("run_id", "kind", name=op.f("pk_run_rows")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("run_rows")
    op.drop_column("documents", "given_up_by")
    for name in reversed(COUNTS):
        op.drop_column("source_runs", name)
