"""Tables and columns take the names of the glossary: stages of a run, and assignments of articles to events."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_IS_OPEN = {"0": sa.text("settled = 0"), "1": sa.text("is_final = 0")}


def upgrade() -> None:
    op.drop_index("ix_stroke_runs_stroke", table_name="stroke_runs")
    op.rename_table("stroke_runs", "stage_runs")
    op.alter_column("stage_runs", "stroke", new_column_name="stage")
    op.create_index("ix_stage_runs_stage", "stage_runs", ["stage", "run_id"])
    for name in ("event_id", "moment_id", "settled"):
        op.drop_index(f"ix_placements_{name}", table_name="placements")
    op.rename_table("placements", "event_assignments")
    op.alter_column("event_assignments", "moment_id", new_column_name="intraday_event_id")
    op.alter_column("event_assignments", "settled", new_column_name="is_final")
    for name in ("event_id", "intraday_event_id"):
        op.create_index(f"ix_event_assignments_{name}", "event_assignments", [name])
    op.create_index("ix_event_assignments_is_final", "event_assignments", ["is_final"],
                    sqlite_where=_IS_OPEN["1"], postgresql_where=_IS_OPEN["1"])  # fmt: skip
    op.execute("UPDATE refusals SET source = 'event assignment' WHERE source = 'placing'")


def downgrade() -> None:
    op.execute("UPDATE refusals SET source = 'placing' WHERE source = 'event assignment'")
    for name in ("event_id", "intraday_event_id", "is_final"):
        op.drop_index(f"ix_event_assignments_{name}", table_name="event_assignments")
    op.alter_column("event_assignments", "is_final", new_column_name="settled")
    op.alter_column("event_assignments", "intraday_event_id", new_column_name="moment_id")
    op.rename_table("event_assignments", "placements")
    for name in ("event_id", "moment_id"):
        op.create_index(f"ix_placements_{name}", "placements", [name])
    op.create_index("ix_placements_settled", "placements", ["settled"],
                    sqlite_where=_IS_OPEN["0"], postgresql_where=_IS_OPEN["0"])  # fmt: skip
    op.drop_index("ix_stage_runs_stage", table_name="stage_runs")
    op.alter_column("stage_runs", "stage", new_column_name="stroke")
    op.rename_table("stage_runs", "stroke_runs")
    op.create_index("ix_stroke_runs_stroke", "stroke_runs", ["stroke", "run_id"])
