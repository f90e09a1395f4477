"""The ledger knows each stroke of a run, its length and its gaps, and the schedulers; a store knows its settings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
NUMBER = sa.Double().with_variant(sa.REAL(), "sqlite")


def counter(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"))


def upgrade() -> None:
    op.create_table(
        "stroke_runs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("stroke", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        *(counter(name) for name in ("articles", "refused", "bars", "moves", "links", "failures")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_stroke_runs_runs")),
        sa.PrimaryKeyConstraint("run_id", "stroke", name=op.f("pk_stroke_runs")),
        sqlite_strict=True,
    )
    op.create_index("ix_stroke_runs_stroke", "stroke_runs", ["stroke", "run_id"])
    for stroke in ("ingest", "refresh", "score"):
        op.execute(
            sa.text(
                "INSERT INTO stroke_runs (run_id, stroke, started_at, finished_at) "
                "SELECT run_id, CAST(:stroke AS TEXT), started_at, finished_at FROM runs WHERE strokes LIKE :like"
            ).bindparams(stroke=stroke, like=f"%{stroke}%")
        )
    op.create_table(
        "schedulers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.Column("next_job", sa.Text(), nullable=True),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedulers")),
        sqlite_strict=True,
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
        sqlite_strict=True,
    )
    op.drop_column("runs", "strokes")
    op.add_column("runs", counter("gaps"))
    op.add_column("runs", sa.Column("seconds", NUMBER, nullable=True))
    op.add_column("source_runs", counter("written"))


def downgrade() -> None:
    op.drop_column("source_runs", "written")
    op.drop_column("runs", "seconds")
    op.drop_column("runs", "gaps")
    op.add_column("runs", sa.Column("strokes", sa.Text(), nullable=False, server_default=sa.text("''")))
    for stroke in ("ingest", "refresh", "score"):
        op.execute(
            sa.text(
                "UPDATE runs SET strokes = strokes || CAST(:added AS TEXT) WHERE run_id IN "
                "(SELECT run_id FROM stroke_runs WHERE stroke = :stroke AND finished_at IS NOT NULL)"
            ).bindparams(stroke=stroke, added=f",{stroke}")
        )
    op.drop_table("settings")
    op.drop_table("schedulers")
    op.drop_index("ix_stroke_runs_stroke", table_name="stroke_runs")
    op.drop_table("stroke_runs")
