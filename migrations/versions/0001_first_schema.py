"""First schema: facts, derived values, the ledger."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
SESSION = sa.Text().with_variant(sa.Date(), "postgresql")
NUMBER = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "actions",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ex_date", SESSION, nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("dividend", NUMBER, nullable=False),
        sa.Column("split", NUMBER, nullable=False),
        sa.Column("superseded_at", INSTANT, nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "source", "ex_date", "fetched_at", name=op.f("pk_actions")),
        sqlite_strict=True,
    )
    op.create_table(
        "articles",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("article_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("published_text", sa.Text(), nullable=False),
        sa.Column("published_wall", sa.Text(), nullable=False),
        sa.Column("published_precision", sa.Text(), nullable=False),
        sa.Column("published_zone", sa.Text(), nullable=False),
        sa.Column("zone_basis", sa.Text(), nullable=False),
        sa.Column("ambiguous", sa.Integer(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("superseded_at", INSTANT, nullable=True),
        sa.CheckConstraint("ambiguous in (0, 1)", name=op.f("ck_articles_ambiguous")),
        sa.PrimaryKeyConstraint("article_id", "revision", name=op.f("pk_articles")),
        sqlite_strict=True,
    )
    op.create_index("ix_articles_published_at", "articles", ["published_at"], unique=False)
    op.create_table(
        "bars",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("open", NUMBER, nullable=True),
        sa.Column("high", NUMBER, nullable=True),
        sa.Column("low", NUMBER, nullable=True),
        sa.Column("close", NUMBER, nullable=True),
        sa.Column("volume", NUMBER, nullable=True),
        sa.Column("superseded_at", INSTANT, nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "source", "interval", "start", "fetched_at", name=op.f("pk_bars")),
        sqlite_strict=True,
    )
    op.create_index("ix_bars_run_id", "bars", ["run_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source", "origin", name=op.f("pk_documents")),
        sqlite_strict=True,
    )
    op.create_table(
        "effects",
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("event_window", sa.Text(), nullable=False),
        sa.Column("last_session", SESSION, nullable=False),
        sa.Column("excess", NUMBER, nullable=False),
        sa.Column("weight", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("study", "event_window", "last_session", name=op.f("pk_effects")),
        sqlite_strict=True,
    )
    op.create_table(
        "events",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("day_zero", SESSION, nullable=False),
        sa.Column("opens_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("articles_in_event", sa.Integer(), nullable=False),
        sa.Column("stories_in_event", sa.Integer(), nullable=False),
        sa.Column("relevant_stories", sa.Integer(), nullable=False),
        sa.Column("day_only", sa.Integer(), nullable=False),
        sa.Column("dirty", sa.Integer(), nullable=False),
        sa.CheckConstraint("day_only in (0, 1)", name=op.f("ck_events_day_only")),
        sa.CheckConstraint("dirty in (0, 1)", name=op.f("ck_events_dirty")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events")),
        sqlite_strict=True,
    )
    op.create_index("ix_events_day_zero", "events", ["day_zero"], unique=False)
    op.create_index(
        "ix_events_dirty",
        "events",
        ["event_id"],
        unique=False,
        sqlite_where=sa.text("dirty = 1"),
        postgresql_where=sa.text("dirty = 1"),
    )
    op.create_index("ix_events_ticker_day_zero", "events", ["ticker", "day_zero"], unique=False)
    op.create_table(
        "instruments",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mic", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("benchmark", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("ticker", name=op.f("pk_instruments")),
        sqlite_strict=True,
    )
    op.create_table(
        "links",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("event_window", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("tradable", sa.Integer(), nullable=False),
        sa.Column("contains_pre_publication_move", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "contains_pre_publication_move in (0, 1)", name=op.f("ck_links_contains_pre_publication_move")
        ),
        sa.CheckConstraint("tradable in (0, 1)", name=op.f("ck_links_tradable")),
        sa.PrimaryKeyConstraint("article_id", "ticker", "study", "event_window", name=op.f("pk_links")),
        sqlite_strict=True,
    )
    op.create_index("ix_links_event_id", "links", ["event_id"], unique=False)
    op.create_index("ix_links_ticker", "links", ["ticker"], unique=False)
    op.create_table(
        "market_sessions",
        sa.Column("mic", sa.Text(), nullable=False),
        sa.Column("benchmark", sa.Text(), nullable=False),
        sa.Column("session", SESSION, nullable=False),
        sa.PrimaryKeyConstraint("mic", "benchmark", "session", name=op.f("pk_market_sessions")),
        sqlite_strict=True,
    )
    op.create_table(
        "moves",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("event_window", sa.Text(), nullable=False),
        sa.Column("day_zero", SESSION, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_detail", sa.Text(), nullable=False),
        sa.Column("benchmark", sa.Text(), nullable=True),
        sa.Column("price_source", sa.Text(), nullable=True),
        sa.Column("benchmark_source", sa.Text(), nullable=True),
        sa.Column("ret", NUMBER, nullable=True),
        sa.Column("ret_gap", NUMBER, nullable=True),
        sa.Column("ret_session", NUMBER, nullable=True),
        sa.Column("benchmark_ret", NUMBER, nullable=True),
        sa.Column("car", NUMBER, nullable=True),
        sa.Column("bhar", NUMBER, nullable=True),
        sa.Column("car_shrunk", NUMBER, nullable=True),
        sa.Column("sigma", NUMBER, nullable=True),
        sa.Column("residual_sigma", NUMBER, nullable=True),
        sa.Column("kappa", NUMBER, nullable=True),
        sa.Column("noise", NUMBER, nullable=True),
        sa.Column("t_stat", NUMBER, nullable=True),
        sa.Column("z", NUMBER, nullable=True),
        sa.Column("p_value", NUMBER, nullable=True),
        sa.Column("p_rank", NUMBER, nullable=True),
        sa.Column("q_value", NUMBER, nullable=True),
        sa.Column("minimum_detectable", NUMBER, nullable=True),
        sa.Column("alpha", NUMBER, nullable=True),
        sa.Column("beta", NUMBER, nullable=True),
        sa.Column("p_method", sa.Text(), nullable=True),
        sa.Column("q_scope", sa.Text(), nullable=True),
        sa.Column("q_m", sa.Integer(), nullable=True),
        sa.Column("reference_id", sa.Text(), nullable=True),
        sa.Column("n_estimation", sa.Integer(), nullable=True),
        sa.Column("n_reference", sa.Integer(), nullable=True),
        sa.Column("first_session", SESSION, nullable=True),
        sa.Column("last_session", SESSION, nullable=True),
        sa.Column("confounded", sa.Integer(), nullable=False),
        sa.Column("confounders", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("scored_at", INSTANT, nullable=False),
        sa.CheckConstraint("status in ('scored', 'pending', 'unscored')", name=op.f("ck_moves_status")),
        sa.CheckConstraint("confounded in (0, 1)", name=op.f("ck_moves_confounded")),
        sa.PrimaryKeyConstraint("event_id", "study", "event_window", name=op.f("pk_moves")),
        sqlite_strict=True,
    )
    op.create_index("ix_moves_last_session", "moves", ["study", "event_window", "last_session"], unique=False)
    op.create_index(
        "ix_moves_pending",
        "moves",
        ["event_id"],
        unique=False,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("ix_moves_scope", "moves", ["study", "event_window", "day_zero"], unique=False)
    op.create_table(
        "placements",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("mention_no", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.Column("day_zero_sensitive", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.CheckConstraint("day_zero_sensitive in (0, 1)", name=op.f("ck_placements_day_zero_sensitive")),
        sa.CheckConstraint("settled in (0, 1)", name=op.f("ck_placements_settled")),
        sa.PrimaryKeyConstraint("article_id", "ticker", name=op.f("pk_placements")),
        sqlite_strict=True,
    )
    op.create_index("ix_placements_event_id", "placements", ["event_id"], unique=False)
    op.create_index(
        "ix_placements_settled",
        "placements",
        ["settled"],
        unique=False,
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("settled = 0"),
    )
    op.create_table(
        "quarantine",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("ticker", "source", "start", "reason", name=op.f("pk_quarantine")),
        sqlite_strict=True,
    )
    op.create_table(
        "refusals",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source", "item", "reason", name=op.f("pk_refusals")),
        sqlite_strict=True,
    )
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("slot", INSTANT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refused", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("bars", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("moves", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("links", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("strokes", sa.Text(), server_default=sa.text("('')"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('running', 'done', 'failed', 'killed')", name=op.f("ck_runs_state")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
        sqlite_strict=True,
    )
    op.create_index("ix_runs_job_slot", "runs", ["job", "slot"], unique=False)
    op.create_table(
        "series",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("first_asked", SESSION, nullable=False),
        sa.Column("last_asked", SESSION, nullable=False),
        sa.Column("split_adjusted", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.CheckConstraint("split_adjusted in (0, 1)", name=op.f("ck_series_split_adjusted")),
        sa.PrimaryKeyConstraint("ticker", "source", "interval", name=op.f("pk_series")),
        sqlite_strict=True,
    )
    op.create_table(
        "session_moves",
        sa.Column("ticker", sa.Text(), nullable=False),
        sa.Column("session", SESSION, nullable=False),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("ret", NUMBER, nullable=True),
        sa.Column("benchmark_ret", NUMBER, nullable=True),
        sa.Column("ar", NUMBER, nullable=True),
        sa.Column("sigma", NUMBER, nullable=True),
        sa.Column("z", NUMBER, nullable=True),
        sa.Column("p_value", NUMBER, nullable=True),
        sa.Column("p_method", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ticker", "session", "study", name=op.f("pk_session_moves")),
        sqlite_strict=True,
    )
    op.create_index("ix_session_moves_session", "session_moves", ["session"], unique=False)
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
    op.create_index("ix_story_articles_headline_key", "story_articles", ["headline_key", "published_at"], unique=False)
    op.create_table(
        "study_windows",
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("event_window", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("estimation", sa.Integer(), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.Column("min_observations", sa.Integer(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("study", "event_window", name=op.f("pk_study_windows")),
        sqlite_strict=True,
    )
    op.create_table(
        "mentions",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("mention_no", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("tag_kind", sa.Text(), nullable=False),
        sa.Column("found_in", sa.Text(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.Column("occurrences", sa.Integer(), nullable=False),
        sa.Column("ticker", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("relevance", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"], ["articles.article_id", "articles.revision"], name=op.f("fk_mentions_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", "mention_no", name=op.f("pk_mentions")),
        sqlite_strict=True,
    )
    op.create_index("ix_mentions_ticker", "mentions", ["ticker"], unique=False)
    op.create_table(
        "source_runs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_source_runs_runs")),
        sa.PrimaryKeyConstraint("run_id", "room", "source", name=op.f("pk_source_runs")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("source_runs")
    op.drop_index("ix_mentions_ticker", table_name="mentions")
    op.drop_table("mentions")
    op.drop_table("study_windows")
    op.drop_index("ix_story_articles_headline_key", table_name="story_articles")
    op.drop_table("story_articles")
    op.drop_index("ix_session_moves_session", table_name="session_moves")
    op.drop_table("session_moves")
    op.drop_table("series")
    op.drop_index("ix_runs_job_slot", table_name="runs")
    op.drop_table("runs")
    op.drop_table("refusals")
    op.drop_table("quarantine")
    op.drop_index(
        "ix_placements_settled",
        table_name="placements",
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("settled = 0"),
    )
    op.drop_index("ix_placements_event_id", table_name="placements")
    op.drop_table("placements")
    op.drop_index("ix_moves_scope", table_name="moves")
    op.drop_index(
        "ix_moves_pending",
        table_name="moves",
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_index("ix_moves_last_session", table_name="moves")
    op.drop_table("moves")
    op.drop_table("market_sessions")
    op.drop_index("ix_links_ticker", table_name="links")
    op.drop_index("ix_links_event_id", table_name="links")
    op.drop_table("links")
    op.drop_table("instruments")
    op.drop_index("ix_events_ticker_day_zero", table_name="events")
    op.drop_index(
        "ix_events_dirty", table_name="events", sqlite_where=sa.text("dirty = 1"), postgresql_where=sa.text("dirty = 1")
    )
    op.drop_index("ix_events_day_zero", table_name="events")
    op.drop_table("events")
    op.drop_table("effects")
    op.drop_table("documents")
    op.drop_index("ix_bars_run_id", table_name="bars")
    op.drop_table("bars")
    op.drop_index("ix_articles_published_at", table_name="articles")
    op.drop_table("articles")
    op.drop_table("actions")
