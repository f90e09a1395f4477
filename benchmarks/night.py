"""The cost of a run on a long history, the rate at which links are written, and a run beside eight readers.

Usage: ``python benchmarks/night.py [cost] [links] [readers]``, all three without an argument. The worlds are SIMULATED.
Compare the ratios: they hold on another machine. Exit code 1 where a target is missed.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.newsroom import Newsroom, create_newsroom, deliver_articles, write_prices
from benchmarks.reader import state_of
from signals import demo
from signals.app import open_app
from signals.runs.run import run
from signals.sessions import clock
from signals.store import Store, moves
from signals.store.tables import links
from signals.types import Link, Status, Verdict

TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
Check = tuple[str, str, bool]


def passed(name: str, figure: float, bound: float, unit: str = "", at_least: bool = False) -> Check:
    """Hold a figure to its bound."""
    sign = ">=" if at_least else "<="
    return name, f"{figure:.2f}{unit} ({sign} {bound}{unit})", figure >= bound if at_least else figure <= bound


# --- the cost of a run ----------------------------------------------------------------------------------------------

BLOCK, BLOCKS = timedelta(days=28), 101  # fifteen sessions of history, repeated a hundred times before themselves


def cost() -> Iterator[Check]:
    """Do runs of 1,000 new articles after 10,000 links and after 1,000,000, with the same market and last weeks."""
    with tempfile.TemporaryDirectory() as folder:
        newsroom = create_newsroom(Path(folder), TODAY, 150, 1_500, ("0..0", "0..1", "0..5", "-5..-1"))
        write_prices(newsroom, len(newsroom.sessions) - 1)
        deliver_articles(newsroom, "before", newsroom.sessions[-16:-1], 1_250)
        short, long = Path(folder) / "short.db", Path(folder) / "long.db"
        _cpu_seconds(newsroom, short, timedelta(days=-1))
        _checkpoint(short)
        shutil.copy(short, long)
        _lengthen(long)
        write_prices(newsroom, len(newsroom.sessions))
        deliver_articles(newsroom, "new", newsroom.sessions[-1:], 1_000)
        counts = [_count(path) for path in (short, long)]
        times: list[list[float]] = [[], []]
        for _ in range(4):
            for n, path in enumerate((short, long)):
                trial = Path(folder) / "trial.db"
                shutil.copy(path, trial)
                shutil.copytree(f"{short}.cache", f"{trial}.cache", dirs_exist_ok=True)
                times[n].append(_cpu_seconds(newsroom, trial))
                assert _count(trial) > counts[n] + 4_000
                _remove(trial)
        few, many = map(min, times)
        print(f"run of 1,000 articles: {few:.2f} s of CPU after {counts[0]:,} links, {many:.2f} s after {counts[1]:,}")
        yield passed("cost of a run, a million links to ten thousand", many / few, 1.2)


def _cpu_seconds(newsroom: Newsroom, database: Path, earlier: timedelta = timedelta()) -> float:
    """Do a run and return its CPU seconds."""
    app = open_app(newsroom.config, f"sqlite:///{database}", lambda: NOW + earlier)
    began = time.process_time()
    run(app, "benchmark", app.now())
    spent = time.process_time() - began
    app.store.engine.dispose()
    return spent


def _checkpoint(database: Path) -> None:
    with sqlite3.connect(database) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(database: Path) -> None:
    for path in database.parent.glob(database.name + "*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _count(database: Path) -> int:
    with sqlite3.connect(database) as db:
        return int(db.execute("SELECT COUNT(*) FROM links").fetchone()[0])


# The columns of a row that differ in an earlier block: its keys, and its days.
_KEYS = {"article_id", "story_id", "article_key"}
_EVENTS = {"event_id"}
_DAYS = {"day_zero", "first_session", "last_session"}
_INSTANTS = {"published_at", "opens_at", "closes_at"}


def _lengthen(database: Path) -> None:
    """Repeat the rows of the last weeks before themselves: a longer history of the same density."""
    with sqlite3.connect(database) as db:
        for table in ("articles", "mentions", "story_articles", "events", "event_assignments", "moves", "links"):
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            picked = ", ".join(_earlier(name) for name in columns)
            where = " WHERE status <> 'pending'" if table == "moves" else ""
            statement = f"INSERT INTO {table} SELECT {picked} FROM {table}_copy{where}"
            db.execute(f"CREATE TEMP TABLE {table}_copy AS SELECT * FROM {table}")
            for block in range(1, BLOCKS):
                days = BLOCK.days * block
                db.execute(statement, {"block": f".{block}", "back": f"-{days} days"})
        db.execute("UPDATE event_assignments SET is_final = 1")
        db.execute("UPDATE events SET dirty = 0")
    _checkpoint(database)


def _earlier(column: str) -> str:
    if column in _KEYS:
        return f"{column} || :block"
    if column in _EVENTS:
        return f"substr({column}, 1, instr({column}, '@')) || date(substr({column}, instr({column}, '@') + 1), :back)"
    if column in _DAYS:
        return f"date({column}, :back)"
    return f"strftime('%Y-%m-%dT%H:%M:%S.000Z', {column}, :back)" if column in _INSTANTS else column


# --- how fast links are written -------------------------------------------------------------------------------------

LINKS = 200_000


def link_writing() -> Iterator[Check]:
    """Write links beside raw `executemany` on the same table, in turns."""
    windows = ("0..0", "0..1", "0..5", "-5..-1")
    rows = [
        Link(f"a{n // 4:011d}", "GAZP", "market", windows[n % 4], f"GAZP@{date.fromordinal(700_000 + n // 40)}",
             Status.SCORED, "", Verdict.NO_MOVE, tradable=True, contains_pre_publication_move=False)
        for n in range(LINKS)
    ]  # fmt: skip
    values = [asdict(row) | {"run_id": 1} for row in rows]
    tuples = [tuple(row[column.name] for column in links.columns) for row in values]
    marks = ", ".join("?" * len(tuples[0]))

    def ours(db: Any) -> None:
        moves.save_links(db, rows, 1)

    def raw(db: Any) -> None:
        for n in range(0, LINKS, 5_000):
            db.connection.dbapi_connection.executemany(f"INSERT INTO links VALUES ({marks})", tuples[n : n + 5_000])

    best = {work: min(_written(work) for _ in range(4)) for work in (ours, raw)}
    print(f"links: {LINKS / best[ours]:,.0f} a second of CPU, raw executemany {LINKS / best[raw]:,.0f}")
    yield passed("link writing to raw executemany", best[raw] / best[ours], 0.6, at_least=True)


def _written(work: Callable[[Any], None]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/links.db")
        store.upgrade()
        began = time.process_time()
        with store.write() as db:
            work(db)
        spent = time.process_time() - began
        store.engine.dispose()
    return spent


# --- readers --------------------------------------------------------------------------------------------------------

READERS, PAUSE = 8, 0.2  # seconds between two queries of one reader: all of them query forty times a second


@contextmanager
def readers(path: Path) -> Iterator[list[Any]]:
    """Have eight readers query a database; their results are in the list afterwards."""
    command = [sys.executable, str(Path(__file__).with_name("reader.py")), str(path), str(PAUSE)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(READERS)
    ]
    results: list[Any] = []
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()  # until all of them are asking
    try:
        yield results
    finally:
        results += [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]


def with_readers() -> Iterator[Check]:
    """Do a run of the demo's size: alone, with readers of another database, and with readers of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, last = demo.span(TODAY)
        sessions = {mic: clock(mic, first, last).sessions.tolist() for mic in demo.MICS}
        world = demo.write_world(folder, TODAY, sessions, 7)
        half = folder / "half.db"
        _half_the_news(folder / "headlines.csv", world.config, half)
        times: dict[str, list[float]] = {"alone": [], "elsewhere": [], "same": []}
        waits, cpu, errors, partial = list[float](), list[float](), list[str](), 0
        for _ in range(4):
            for readers_of, durations in times.items():
                trial, other = folder / "trial.db", folder / "other.db"
                for copy in (trial, other):
                    shutil.copy(half, copy)
                if readers_of == "alone":
                    durations.append(_timed(world.config, trial))
                else:
                    with readers(trial if readers_of == "same" else other) as results:
                        before = _state(trial)
                        durations.append(_timed(world.config, trial))
                        after = _state(trial)
                    if readers_of == "same":
                        waits += [wait for result in results for wait in result["waits"]]
                        cpu += [spent for result in results for spent in result["cpu"]]
                        errors += [result["error"] for result in results if result["error"]]
                        read = [{tuple(state) for state in result["states"]} for result in results]
                        partial += sum(not states <= {before, after} for states in read)
                for copy in (trial, other):
                    _remove(copy)
        best = {readers_of: min(durations) for readers_of, durations in times.items()}
        summary = ", ".join(f"{seconds:.2f} s {readers_of}" for readers_of, seconds in best.items())
        busiest = float(np.quantile(cpu, 0.99)) * 1000
        print(f"run beside {READERS} readers: {summary}; {len(waits):,} queries, p99 of their own CPU {busiest:.1f} ms")
        yield "readers that met an error", f"{len(errors)} {errors[:1]}", not errors
        yield "readers that saw part of a run", str(partial), not partial
        yield passed("readers' p99", float(np.quantile(waits, 0.99)) * 1000, 100, " ms")
        yield passed("run with readers, to one alone", best["same"] / best["alone"], 1.2)
        yield passed("run with readers, to one with readers of another database", best["same"] / best["elsewhere"], 1.2)


def _half_the_news(headlines: Path, config: Path, database: Path) -> None:
    """Do a run on every other headline, and leave all of them for the next."""
    everything = headlines.read_text(encoding="utf-8")
    lines = everything.splitlines(keepends=True)
    headlines.write_text("".join(lines[:1] + lines[1::2]), encoding="utf-8")
    _timed(config, database)
    _checkpoint(database)
    headlines.write_text(everything, encoding="utf-8")


def _timed(config: Path, database: Path) -> float:
    app = open_app(config, f"sqlite:///{database}", lambda: NOW)
    began = time.perf_counter()
    run(app, "benchmark", NOW)
    spent = time.perf_counter() - began
    app.store.engine.dispose()
    return spent


def _state(database: Path) -> Any:
    with sqlite3.connect(database) as db:
        return state_of(db)


def main() -> int:
    """Print the figures; exit 1 where a target is missed."""
    parts = {"cost": cost, "links": link_writing, "readers": with_readers}
    wrong = 0
    for name in sys.argv[1:] or parts:
        for what, figure, fine in parts[name]():
            print(f"{what:<62}{figure:<24}{'pass' if fine else 'FAIL'}", flush=True)
            wrong += not fine
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
