"""The tables, all in one MetaData: facts as learned, values derived from them, and the log of runs.

Keys are the natural ones (a ticker, a session, a study), so that rows are equal after a rebuild and on every database.
Facts are never overwritten: a corrected bar or a changed article supersedes the earlier row.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from signals.store.kinds import Kind, kinds_of
from signals.types import Anchor, Arrivals, MoveNumbers, Precision, RelevanceClass, Role, Status, Verdict


class Instant(TypeDecorator[datetime]):
    """A UTC instant: fixed-width ISO-8601 text on SQLite, ``timestamptz`` elsewhere. Refuses naive values."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # of one type or the other: invariant
        """Choose the column type of the database at hand."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        """Write the instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone and cannot be stored as an instant")
        if dialect.name == "sqlite":
            return instant_text(value)
        return value.replace(microsecond=value.microsecond // 1000 * 1000)  # the same instant in every database

    def process_result_value(self, value: str | datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Read the instant as an aware datetime in UTC."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


class OutsideText(TypeDecorator[str]):
    """Text that came from outside: names, keys, addresses, headers, sentences of errors.

    What a database cannot store, a NUL or a lone half of a surrogate pair, becomes U+FFFD, so that one header or one
    name of a file costs no more than its own characters. Comparisons with a column go through it too.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write the text."""
        return None if value is None else storable(value)


class OutsideKey(OutsideText):
    """Outside text by which rows are told apart: cut at a number of bytes, because no index takes a text of any length.

    What is cut off is in a digest at the end, so that two texts stay two keys.
    """

    cache_ok = True

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write the key."""
        text = super().process_bind_param(value, dialect)
        if text is None or len(text) * 4 <= self.most or len(whole := text.encode()) <= self.most:
            return text
        digest = hashlib.blake2b(whole, digest_size=8).hexdigest()
        return f"{whole[: self.most - 20].decode(errors='ignore')}...{digest}"


def storable(text: str) -> str:
    """Return a text without the characters that no database stores."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class Flag(TypeDecorator[bool]):
    """A truth value: 0 or 1 on every database, so that SQL reads it the same way."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write 0 or 1."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read the truth value."""
        return None if value is None else bool(value)


class Session(TypeDecorator[date]):
    """A session's date: ISO text on SQLite, ``date`` elsewhere."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # of one type or the other: invariant
        """Choose the column type of the database at hand."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | date | None:
        """Write the date."""
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: str | date | None, dialect: Dialect) -> date | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read the date."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class Term(TypeDecorator[StrEnum]):
    """A member of an enumeration: its value as text on every database."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write the value."""
        return value.value if isinstance(value, StrEnum) else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read the member."""
        return None if value is None else self.members(value)


def instant_text(value: datetime) -> str:
    """Write an instant as ``2015-01-21T13:10:00.000Z``, whose text order is its time order."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


# Double precision everywhere: PostgreSQL's REAL is single, SQLite's STRICT tables know no other name than REAL.
Number: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")


def _flag(name: str) -> tuple[Column[bool], CheckConstraint]:
    return Column(name, Flag, nullable=False), CheckConstraint(f"{name} in (0, 1)", name=name)


def _one_of(name: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{name} in ({', '.join(map(repr, map(str, values)))})", name=name)


def _table(name: str, *parts: SchemaItem | tuple[SchemaItem, ...], without_rowid: bool = False) -> Table:
    """Make a table; a part is a schema item, or a column together with its check."""
    items = [item for part in parts for item in (part if isinstance(part, tuple) else (part,))]
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=not without_rowid)


def _partial_index(name: str, column: Column[str], condition: str) -> None:
    """Make an index of some rows. PostgreSQL has the condition from the migrations: it would load that dialect here."""
    Index(name, column, sqlite_where=text(condition))


# --- the run log ----------------------------------------------------------------------------------------------------

runs = _table(
    "runs",
    Column("run_id", Integer, primary_key=True),
    Column("job", Text, nullable=False),
    Column("slot", Instant, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Text, nullable=False),
    _one_of("state", "running", "done", "failed", "killed"),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("version", Text, nullable=False),
    Column("articles", Integer, nullable=False, server_default=text("0")),
    Column("refused", Integer, nullable=False, server_default=text("0")),
    Column("bars", Integer, nullable=False, server_default=text("0")),
    Column("moves", Integer, nullable=False, server_default=text("0")),
    Column("links", Integer, nullable=False, server_default=text("0")),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("error", OutsideText),
    Column("gaps", Integer, nullable=False, server_default=text("0")),
    Column("seconds", Number),
)
Index("ix_runs_job_slot", runs.c.job, runs.c.slot)

source_runs = _table(
    "source_runs",
    Column("run_id", Integer, ForeignKey("runs.run_id"), primary_key=True),
    Column("room", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("items", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("reason", OutsideText),
    Column("detail", OutsideText),
    Column("written", Integer, nullable=False, server_default=text("0")),
    *(Column(field.name, Integer, nullable=False, server_default=text("0")) for field in fields(Arrivals)),
)

# How many events, moves and links a run had before it, added, removed, and had at its end.
run_rows = _table(
    "run_rows",
    Column("run_id", Integer, ForeignKey("runs.run_id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    *(Column(name, Integer, nullable=False) for name in ("before", "added", "removed", "after")),
)

stage_runs = _table(
    "stage_runs",
    Column("run_id", Integer, ForeignKey("runs.run_id"), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    *(
        Column(name, Integer, nullable=False, server_default=text("0"))
        for name in ("articles", "refused", "bars", "moves", "links", "failures")
    ),
)
Index("ix_stage_runs_stage", stage_runs.c.stage, stage_runs.c.run_id)

schedulers = _table(
    "schedulers",
    Column("name", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("next_job", Text),
    Column("next_at", Instant),
)

hosts_left_alone = _table(
    "hosts_left_alone",
    Column("host", OutsideText, primary_key=True),
    Column("why", OutsideText, nullable=False),
    Column("until", Instant, nullable=False),
)

# Where the last run is. On SQLite this table and the one above are used in a file of their own, see `presence`.
progress = _table(
    "progress",
    Column("run_id", Integer, primary_key=True, autoincrement=False),
    Column("stage", Text, nullable=False),
    Column("doing", OutsideText, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("since", Instant, nullable=False),
)

settings = _table("settings", Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

# --- what the configuration says, mirrored so that SQL can join it --------------------------------------------------

instruments = _table(
    "instruments",
    Column("ticker", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("mic", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("benchmark", Text),
)

study_windows = _table(
    "study_windows",
    Column("study", Text, primary_key=True),
    Column("event_window", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("estimation", Integer, nullable=False),
    Column("gap", Integer, nullable=False),
    Column("min_observations", Integer, nullable=False),
    Column("interval", Text, nullable=False),
)

# --- facts ----------------------------------------------------------------------------------------------------------

documents = _table(
    "documents",
    Column("source", Text, primary_key=True),
    Column("origin", OutsideKey(2000), primary_key=True),
    Column("digest", OutsideText, nullable=False),
    Column("etag", OutsideText, nullable=False),
    Column("last_modified", OutsideText, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("given_up_by", Text),  # the version of the program that could not read it within its bounds
)

articles = _table(
    "articles",
    Column("article_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("article_key", OutsideText, nullable=False),
    Column("title", OutsideText, nullable=False),
    Column("body", OutsideText, nullable=False),
    Column("url", OutsideText, nullable=False),
    Column("publisher", OutsideText, nullable=False),
    Column("tags", OutsideText, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("published_text", OutsideText, nullable=False),
    Column("published_wall", Text, nullable=False),
    Column("published_precision", Term(Precision), nullable=False),
    Column("published_zone", OutsideText, nullable=False),
    Column("zone_basis", Text, nullable=False),
    _flag("ambiguous"),
    Column("seen_at", Instant, nullable=False),
    Column("digest", OutsideText, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("superseded_at", Instant),
    Column("site", OutsideText, nullable=False, server_default=text("''")),
    Column("origin", OutsideText, nullable=False, server_default=text("''")),
    Column("keep", Text, nullable=False, server_default=text("'body'")),
    Column("authors", OutsideText, nullable=False, server_default=text("''")),  # names, separated by "; "
    Column("withdrawn", Text),  # how: gone (its page is no more) or notice (a notice took it back); null: it stands
    Column("key_digest", Text, nullable=False, server_default=text("''")),  # of source and article_key
    Column(
        "other_stamps", OutsideText, nullable=False, server_default=text("'[]'")
    ),  # JSON: a list for each, as in stamp_of
)
Index("ix_articles_published_at", articles.c.published_at)
Index("ix_articles_key_digest", articles.c.key_digest)

refusals = _table(
    "refusals",
    Column("source", Text, primary_key=True),
    Column("item", OutsideKey(1200), primary_key=True),
    Column("reason", OutsideKey(600), primary_key=True),
    Column("detail", OutsideText, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
)

bars = _table(
    "bars",
    Column("ticker", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("interval", Text, primary_key=True),
    Column("start", Text, primary_key=True),
    Column("fetched_at", Instant, primary_key=True),
    Column("open", Number),
    Column("high", Number),
    Column("low", Number),
    Column("close", Number),
    Column("volume", Number),
    Column("superseded_at", Instant),
    Column("run_id", Integer, nullable=False),
)
Index("ix_bars_run_id", bars.c.run_id)

actions = _table(
    "actions",
    Column("ticker", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("ex_date", Session, primary_key=True),
    Column("fetched_at", Instant, primary_key=True),
    Column("dividend", Number, nullable=False),
    Column("split", Number, nullable=False),
    Column("superseded_at", Instant),
    Column("run_id", Integer, nullable=False),
)

series = _table(
    "series",
    Column("ticker", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("interval", Text, primary_key=True),
    Column("version", OutsideText),
    Column("first_asked", Session, nullable=False),
    Column("last_asked", Session, nullable=False),
    _flag("split_adjusted"),
    Column("currency", OutsideText),
    Column("fetched_at", Instant, nullable=False),
)

quarantine = _table(
    "quarantine",
    Column("ticker", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("start", OutsideKey(1000), primary_key=True),
    Column("reason", OutsideKey(600), primary_key=True),
    Column("detail", OutsideText, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
)

# --- derived from the facts -----------------------------------------------------------------------------------------

unmatched_articles = _table("unmatched_articles", Column("article_id", Text, primary_key=True))

mentions = _table(
    "mentions",
    Column("article_id", Text, primary_key=True),
    Column("mention_no", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("tag", OutsideText, nullable=False),
    Column("tag_kind", Text, nullable=False),
    Column("found_in", Text, nullable=False),
    Column("span_start", Integer, nullable=False),
    Column("span_end", Integer, nullable=False),
    Column("occurrences", Integer, nullable=False),
    Column("ticker", Text),
    Column("reason", Text, nullable=False),
    Column("alias", Text, nullable=False),
    Column("role", Term(Role)),
    Column("relevance", Number),
    ForeignKeyConstraint(["article_id", "revision"], ["articles.article_id", "articles.revision"]),
)
Index("ix_mentions_ticker", mentions.c.ticker)

story_articles = _table(
    "story_articles",
    Column("article_id", Text, primary_key=True),
    Column("headline_key", Text, nullable=False),
    Column("lead", Text, nullable=False),
    _flag("version"),
    Column("out_by", Instant, nullable=False),
    Column("story_id", Text, nullable=False),
    Column("story_rank", Integer, nullable=False),
)
Index("ix_story_articles_story_id", story_articles.c.story_id)

# In the order of time, so that a run writes and reads the end of it, however long the archive is.
story_bands = _table(
    "story_bands",
    Column("bucket", Integer, primary_key=True),
    Column("band", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("article_id", Text, primary_key=True),
    Column("second", BigInteger().with_variant(Integer(), "sqlite"), nullable=False),
    without_rowid=True,
)

market_sessions = _table(
    "market_sessions",
    Column("mic", Text, primary_key=True),
    Column("benchmark", Text, primary_key=True),
    Column("session", Session, primary_key=True),
)

market_days = _table(
    "market_days",
    Column("mic", Text, primary_key=True),
    Column("benchmark", Text, primary_key=True),
    Column("day", Session, primary_key=True),
    Column("mark", Text, primary_key=True),
)

price_breaks = _table(
    "price_breaks",
    Column("ticker", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("day", Session, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("ret", Number, nullable=False),
    Column("split", Number, nullable=False),
)

events = _table(
    "events",
    Column("event_id", Text, primary_key=True),
    Column("ticker", Text, nullable=False),
    Column("day_zero", Session, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("articles_in_event", Integer, nullable=False),
    Column("stories_in_event", Integer, nullable=False),
    Column("relevant_stories", Integer, nullable=False),
    Column("relevance_class", Term(RelevanceClass), nullable=False, server_default=RelevanceClass.WEAK.value),
    _flag("day_only"),
    _flag("dirty"),
    Column("published_at", Instant),  # an intraday event counts from it; null for the event of a whole session
)
_partial_index("ix_events_dirty", events.c.event_id, "dirty = 1")
Index("ix_events_ticker_day_zero", events.c.ticker, events.c.day_zero)
Index("ix_events_day_zero", events.c.day_zero)

event_assignments = _table(
    "event_assignments",
    Column("article_id", Text, primary_key=True),
    Column("ticker", Text, primary_key=True),
    Column("mention_no", Integer, nullable=False),
    Column("event_id", Text),
    Column("anchor", Term(Anchor)),
    _flag("day_zero_sensitive"),
    _flag("is_final"),
    Column("intraday_event_id", Text),  # the intraday event
)
Index("ix_event_assignments_event_id", event_assignments.c.event_id)
Index("ix_event_assignments_intraday_event_id", event_assignments.c.intraday_event_id)
Index(
    "ix_event_assignments_is_final",
    event_assignments.c.is_final,
    sqlite_where=text("is_final = 0"),
)

# Any, because the parameter of TypeEngine is invariant and these differ in it.
_COLUMN_TYPES: Mapping[Kind, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    "text": Text, "integer": Integer, "real": Number, "date": Session, "instant": Instant,
}  # fmt: skip


def _move_numbers() -> Iterator[Column[object]]:
    """Yield the columns of a move's numbers, which are the fields of `MoveNumbers`."""
    for name, kind in kinds_of(MoveNumbers).items():
        if name == "session_marks":  # the one that every row has
            yield Column(name, Text, nullable=False, server_default=text("''"))
        else:
            yield Column(name, _COLUMN_TYPES[kind])


moves = _table(
    "moves",
    Column("event_id", Text, primary_key=True),
    Column("study", Text, primary_key=True),
    Column("event_window", Text, primary_key=True),
    Column("day_zero", Session, nullable=False),
    Column("status", Term(Status), nullable=False),
    _one_of("status", *Status),
    Column("reason", Text, nullable=False),
    Column("reason_detail", Text, nullable=False),
    *_move_numbers(),
    *(Column(name, Number) for name in ("residual_sigma", "kappa", "noise")),
    Column("price_source", Text),
    Column("benchmark_source", Text),
    Column("first_session", Session),
    Column("last_session", Session),
    _flag("confounded"),
    Column("confounders", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("run_id", Integer, nullable=False),
    Column("scored_at", Instant, nullable=False),
    Column("model", Text),  # where it is not the study's
    *(
        Column(name, Term(Verdict), nullable=False, server_default=Verdict.NOT_SCORED.value)
        for name in ("verdict", "event_verdict")
    ),
    Column("decides", Flag, nullable=False, server_default=text("0")),
)
Index(
    "ix_moves_pending",
    moves.c.event_id,
    sqlite_where=text("status = 'pending'"),
)

Index("ix_moves_last_session", moves.c.study, moves.c.event_window, moves.c.last_session)

# What the error rates of the events of 28 days are computed from; see signals.study.error_rates.
error_rates = _table(
    "error_rates",
    Column("study", Text, primary_key=True),
    Column("event_window", Text, primary_key=True),
    Column("first_day", Session, primary_key=True),
    Column("relevance_class", Term(RelevanceClass), primary_key=True),
    Column("pi", Number, nullable=False),
    Column("a", Number, nullable=False),
    Column("c", Number, nullable=False),
    Column("events", Integer, nullable=False),
)

effects = _table(
    "effects",
    Column("study", Text, primary_key=True),
    Column("event_window", Text, primary_key=True),
    Column("last_session", Session, primary_key=True),
    Column("excess", Number, nullable=False),
    Column("weight", Number, nullable=False),
)

session_moves = _table(
    "session_moves",
    Column("ticker", Text, primary_key=True),
    Column("session", Session, primary_key=True),
    Column("study", Text, primary_key=True),
    *(Column(name, Number) for name in ("ret", "benchmark_ret", "ar", "sigma", "z", "p_value")),
    Column("p_method", Text, nullable=False),
    Column("peers_part", Number),
)
Index("ix_session_moves_session", session_moves.c.session)

base_rates = _table(
    "base_rates",
    Column("ticker", Text, primary_key=True),
    Column("study", Text, nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("first_session", Session, nullable=False),
    Column("last_session", Session, nullable=False),
    *(Column(name, Number) for name in ("typical_ret", "large_ret", "typical_ar", "large_ar")),
)

links = _table(
    "links",
    Column("article_id", Text, primary_key=True),
    Column("ticker", Text, primary_key=True),
    Column("study", Text, primary_key=True),
    Column("event_window", Text, primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    _flag("tradable"),
    _flag("contains_pre_publication_move"),
    Column("run_id", Integer, nullable=False),
)
Index("ix_links_ticker", links.c.ticker)
Index("ix_links_event_id", links.c.event_id)


MOST_DAYS = 100  # newest days zero of an instrument that its averages cover; it bounds the cost of a run


def _average_key() -> Iterator[Column[str]]:
    """Yield the key of an average: the events of an instrument, of one source or of one tag; a study and a window."""
    for name in ("ticker", "group_kind", "group_value", "study", "event_window"):
        yield Column(name, OutsideKey(1200) if name == "group_value" else Text, primary_key=True)


averages = _table(
    "averages",
    *_average_key(),
    Column("position", Integer, nullable=False),  # within the instrument's averages
    Column("events", Integer, nullable=False),
    Column("ret", Number, nullable=False),
    Column("caar", Number),
    Column("mean_correlation", Number),
    Column("default_test", Text, nullable=False),
)

average_tests = _table(
    "average_tests",
    *_average_key(),
    Column("test", Text, primary_key=True),
    Column("position", Integer, nullable=False),  # within the average
    Column("statistic", Number),
    Column("p_value", Number),
    Column("events", Integer, nullable=False),
    Column("reason", Text, nullable=False),
)

average_paths = _table(
    "average_paths",
    *_average_key(),
    Column("session_no", Integer, primary_key=True),  # within the window, from 0
    Column("aar", Number),
    Column("events", Integer, nullable=False),
)

DERIVED = (
    averages,
    average_tests,
    average_paths,
    market_sessions,
    market_days,
    price_breaks,
    error_rates,
    effects,
    links,
    session_moves,
    base_rates,
    moves,
    event_assignments,
    events,
    story_articles,
    story_bands,
    mentions,
    unmatched_articles,
)
