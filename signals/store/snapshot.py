"""A snapshot of the views for BI tools: a SQLite file of typed, indexed tables, and Parquet files.

Views in a live database are what a BI tool does worst with: columns without a type, dates inside expressions, and a
file that a run is writing. The snapshot has none of that. Its files are written beside the earlier ones and take their
place in one step, so a reader sees the old state or the new one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import text

from signals.durable import replacing
from signals.errors import StoreError
from signals.store import Store
from signals.store.tables import instant_text
from signals.store.views import VIEWS, View

FILE = "signals.db"
METADATA = "metadata.json"
BATCH = 20_000

# Names that tools which read SQLite take for what they are; the text in them stays ISO-8601.
_SQLITE = {"text": "TEXT", "integer": "INTEGER", "real": "REAL", "date": "DATE", "instant": "TIMESTAMP"}

_INDEXES: Mapping[str, tuple[str, ...]] = {
    "v_links": ("link_id", "ticker, day_zero", "day_zero", "event_id", "article_id", "verdict", "source", "tag"),
    "v_events": ("event_id", "ticker, day_zero", "day_zero"),
    "v_unscored": ("ticker, day_zero", "reason"),
    "v_averages": ("ticker, study, event_window", "group_kind, group_value"),
    "v_average_tests": ("ticker, study, event_window", "test"),
    "v_average_paths": ("ticker, study, event_window",),
    "v_moves": ("ticker, session", "session"),
    "v_mentions": ("article_id", "ticker", "reason"),
    "v_instruments": ("ticker",),
    "v_market_days": ("mic, day", "mark"),
    "v_price_breaks": ("ticker, day",),
    "v_runs": ("run_id",),
    "v_stages": ("run_id",),
    "v_sources": ("room, source",),
    "v_source_runs": ("run_id", "room, source"),
    "v_run_sums": ("run_id",),
}
_FACETS = {
    "v_links": ["ticker", "verdict", "study", "event_window"],
    "v_events": ["ticker", "status", "study", "event_window"],
    "v_unscored": ["status", "reason"],
    "v_averages": ["ticker", "group_kind", "study", "event_window"],
    "v_average_tests": ["test", "is_default", "study", "event_window"],
    "v_moves": ["ticker", "explained"],
    "v_mentions": ["status", "reason", "role"],
    "v_market_days": ["mic", "mark"],
}


@dataclass(frozen=True, slots=True)
class Published:
    """What a snapshot holds: its files, and the number of rows of each view."""

    files: tuple[Path, ...]
    rows: Mapping[str, int]


def publish(store: Store, folder: Path, now: datetime, version: str) -> Published:
    """Write a snapshot of every view into a folder: SQLite, Parquet where pyarrow is installed, Datasette's metadata.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / FILE) as file:
            rows = _write_sqlite(store, file, now, version)
        files = [folder / FILE, _write_metadata(folder / METADATA, now)]
        if find_spec("pyarrow") is not None:
            files += [_write_parquet(folder / FILE, view, folder / f"{view.name}.parquet") for view in VIEWS]
    except (OSError, sqlite3.Error) as error:  # SQLAlchemy has errors of its own for the store that is read
        if isinstance(error, sqlite3.Error) and "no such" in str(error):
            raise  # a bug
        problem = getattr(error, "strerror", None) or error
        advice = "free some disk space, or name another folder under `publish:`"
        raise StoreError(str(folder), f"cannot be written ({problem}); {advice}") from None
    return Published(tuple(files), rows)


# --- SQLite ---------------------------------------------------------------------------------------------------------


def _write_sqlite(store: Store, path: Path, now: datetime, version: str) -> dict[str, int]:
    with closing(sqlite3.connect(path, isolation_level=None)) as out:
        for pragma in ("page_size = 8192", "journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            out.execute(f"PRAGMA {pragma}")
        out.execute("BEGIN")
        for view in VIEWS:
            columns = ", ".join(f"{name} {_SQLITE[view.kind(name)]}" for name in view.names)
            out.execute(f"CREATE TABLE {view.name} ({columns})")
        _copy(store, out)
        counts = {view.name: _count(out, view) for view in VIEWS}
        for table, indexes in _INDEXES.items():
            for n, columns in enumerate(indexes):
                out.execute(f"CREATE INDEX ix_{table}_{n} ON {table} ({columns})")
        _describe(out, counts, now, version)
        out.execute("COMMIT")
        out.execute("ANALYZE")
        out.execute("PRAGMA synchronous = FULL")
        out.execute("PRAGMA journal_mode = DELETE")
        out.execute("VACUUM")
    return counts


def _count(out: sqlite3.Connection, view: View) -> int:
    return int(out.execute(f"SELECT COUNT(*) FROM {view.name}").fetchone()[0])  # noqa: S608 - names of ours


def _copy(store: Store, out: sqlite3.Connection) -> None:
    """Copy every view as it stands at one moment."""
    with store.read() as db:
        for view in VIEWS:
            names, marks = ", ".join(view.names), ", ".join("?" * len(view.names))
            rows = db.execute(text(f"SELECT {names} FROM {view.name}").execution_options(yield_per=BATCH))  # noqa: S608
            insert = f"INSERT INTO {view.name} VALUES ({marks})"  # noqa: S608 - names of ours
            for part in rows.partitions(BATCH):
                out.executemany(insert, part if store.is_sqlite else [tuple(map(_plain, row)) for row in part])


def _plain(value: object) -> object:
    """Write what another database gives as an object in the form that SQLite keeps it in."""
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _describe(out: sqlite3.Connection, counts: Mapping[str, int], now: datetime, version: str) -> None:
    """Put the data dictionary into the file, and when and by which version it was published."""
    out.execute("CREATE TABLE data_dictionary (view_name TEXT, column_name TEXT, type TEXT, meaning TEXT)")
    rows = [(view.name, name, view.kind(name), meaning) for view in VIEWS for name, _, meaning in view.columns]
    out.executemany("INSERT INTO data_dictionary VALUES (?, ?, ?, ?)", rows)
    out.execute("CREATE TABLE snapshot (published_at TIMESTAMP, version TEXT, view_name TEXT, row_count INTEGER)")
    published = [(instant_text(now), version, name, count) for name, count in counts.items()]
    out.executemany("INSERT INTO snapshot VALUES (?, ?, ?, ?)", published)


def _write_metadata(path: Path, now: datetime) -> Path:
    """Write what Datasette shows beside the tables: what a row is, what a column means, and useful facets."""
    tables: dict[str, dict[str, object]] = {
        view.name: {
            "description": f"A row is {view.meaning}.",
            "columns": {name: meaning for name, _, meaning in view.columns},
            "facets": _FACETS.get(view.name, []),
        }
        for view in VIEWS
    }
    title = f"signals, as of {instant_text(now)}"
    with replacing(path) as file:
        file.write_text(json.dumps({"title": title, "databases": {"signals": {"tables": tables}}}, indent=1), "utf-8")
    return path


# --- Parquet --------------------------------------------------------------------------------------------------------


def _write_parquet(snapshot: Path, view: View, path: Path) -> Path:
    """Write one table of the SQLite snapshot as a Parquet file with the same rows."""
    # By name, because a type checker finds pyarrow on one machine and not on the next.
    pa, pc, pq = (import_module(f"pyarrow{name}") for name in ("", ".compute", ".parquet"))
    types = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64(), "date": pa.date32(),
             "instant": pa.timestamp("ms", "UTC")}  # fmt: skip
    schema = pa.schema([(name, types[view.kind(name)]) for name in view.names])

    def column(name: str, values: tuple[str | float | None, ...]) -> object:
        kind = view.kind(name)
        if kind not in ("date", "instant"):
            return pa.array(values, types[kind])
        written = pa.array([None if v is None else str(v).removesuffix("Z") for v in values], pa.string())
        if kind == "date":
            return written.cast(pa.date32())
        return pc.assume_timezone(written.cast(pa.timestamp("ms")), "UTC")

    read = f"SELECT {', '.join(view.names)} FROM {view.name}"  # noqa: S608 - names of ours
    with (
        replacing(path) as file,
        closing(sqlite3.connect(snapshot)) as db,
        pq.ParquetWriter(file, schema, compression="zstd") as writer,
    ):
        cursor = db.execute(read)
        while part := cursor.fetchmany(BATCH):
            arrays = [column(name, values) for name, values in zip(view.names, zip(*part, strict=True), strict=True)]
            writer.write_table(pa.table(arrays, schema=schema))
    return path
