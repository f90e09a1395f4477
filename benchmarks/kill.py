"""Kill `signals run` with SIGKILL at random instants of a night, run it again, and compare with an undisturbed night.

Usage: ``python benchmarks/kill.py [--instants 200] [--articles 4000] [--postgresql URL]``. The night is on a SIMULATED
world: new articles, corrected ones, new sessions that end windows of the night before. After each kill the database's
own checks must be clean, and after the next run its rows must be those of the undisturbed night. Exit code 1 if not.

The commands run in forks of this process, which has loaded the libraries: the instants fall on the night, not on
imports.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, select, text

from benchmarks.newsroom import Newsroom, create_newsroom, deliver_articles, write_prices
from signals.cli import main as command
from signals.store import Store
from signals.store.tables import metadata, runs, schedulers, source_runs, stage_runs

# What a night imports only when it needs it, loaded before the forks.
for _name in (
    "cli.run",
    "pipeline.ingest",
    "pipeline.refresh",
    "pipeline.derive.score_stage",
    "news.archive",
    "prices.files",
):
    importlib.import_module(f"signals.{_name}")

LEDGER = (runs, stage_runs, source_runs, schedulers)
# What tells when and by which run a row was written; it differs between any two runs.
WHEN = {"run_id", "scored_at", "known_at", "seen_at", "fetched_at", "superseded_at", "first_seen_at"}


def night_before(folder: Path, articles: int, companies: int) -> Newsroom:
    """Write the world as it was on the night before."""
    room = create_newsroom(folder, datetime.now(UTC).date(), companies, 160, ("0..0", "0..1", "0..5", "-5..-1"))
    write_prices(room, len(room.sessions) - 4)
    deliver_articles(room, "before", room.sessions[-40:-4], articles // 2)
    return room


def tonight(room: Newsroom, articles: int) -> None:
    """Deliver what the night is to work on: new articles, corrected ones, and four more sessions."""
    write_prices(room, len(room.sessions))
    deliver_articles(room, "before", room.sessions[-40:-4], articles // 2, correction=", it now turns out")
    for part in range(4):
        deliver_articles(room, f"new{part}", room.sessions[-30 + part :], articles // 4)


class Sqlite:
    """A SQLite file, copied for each trial."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.kept = f"sqlite:///{folder / 'kept.db'}"

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give a copy of the store as it was before the night."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            with sqlite3.connect(self._folder / "kept.db") as kept, sqlite3.connect(f"{folder}/trial.db") as trial:
                kept.backup(trial)
            yield f"sqlite:///{folder}/trial.db"


class Postgresql:
    """A database of a server, made from a template for each trial."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._name = f"signals_kill_{os.getpid()}"
        self.kept = self._url(f"{self._name}_kept")
        self._execute(f"CREATE DATABASE {self._name}_kept")

    def _url(self, name: str) -> str:
        return f"{self._server.rsplit('/', 1)[0]}/{name}"

    def _execute(self, statement: str) -> None:
        engine = create_engine(
            self._server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give a copy of the store as it was before the night."""
        self._execute(f"CREATE DATABASE {self._name} TEMPLATE {self._name}_kept")
        try:
            yield self._url(self._name)
        finally:
            self._execute(f"DROP DATABASE {self._name} WITH (FORCE)")

    def drop(self) -> None:
        """Leave nothing behind."""
        self._execute(f"DROP DATABASE {self._name}_kept WITH (FORCE)")


def start(*arguments: str) -> int:
    """Start a command in a fork and return its process id."""
    process = os.fork()
    if process == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(command(arguments))
    return process


def ended(process: int) -> int:
    """Wait for a command and return its exit code, negative for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def run(config: Path, url: str) -> None:
    """Do a night to its end."""
    for _ in range(50):
        code = ended(start("--config", str(config), "--database", url, "--quiet", "run"))
        if code != 4:  # a server may take a moment to see that the dead one's lock is free
            break
        time.sleep(0.2)
    if code:
        raise SystemExit(f"`signals run` ended with exit code {code}")


def looked_at(url: str) -> tuple[list[str], str]:
    """Return what the database's own checks find wrong, and where the last run is."""
    store = Store(url)
    problems = store.problems()
    with store.read() as db:
        last = db.execute(select(runs.c.run_id, runs.c.state).order_by(runs.c.run_id.desc()).limit(1)).one()
        query = select(stage_runs.c.stage).where(stage_runs.c.run_id == last.run_id, stage_runs.c.finished_at.is_(None))
        stroke = db.execute(query).scalar()
    store.engine.dispose()
    return problems, "after its end" if last.state == "done" else f"in {stroke}" if stroke else "between strokes"


def rows(url: str) -> dict[str, str]:
    """Return a digest of the rows of each table, without what differs between any two runs."""
    store, found = Store(url), {}
    with store.read() as db:
        for table in metadata.sorted_tables:
            if table not in LEDGER:
                columns = [c for c in table.columns if c.name not in WHEN]
                listed = sorted(repr(tuple(row)) for row in db.execute(select(*columns)))
                found[table.name] = f"{len(listed)} rows {hashlib.sha256(chr(10).join(listed).encode()).hexdigest()}"
    store.engine.dispose()
    return found


def trials(databases: Sqlite | Postgresql, room: Newsroom, instants: int, seed: int) -> int:
    """Kill and compare; returns how many trials went wrong."""
    with databases.copy() as url:
        began = time.perf_counter()
        run(room.config, url)
        length = time.perf_counter() - began
        expected = rows(url)
    print(f"undisturbed: {length:.1f} s;", ", ".join(f"{name} {told.split()[0]}" for name, told in expected.items()))
    rng, where, wrong = random.Random(seed), Counter[str](), 0
    for trial in range(instants):
        with databases.copy() as url:
            process = start("--config", str(room.config), "--database", url, "--quiet", "run")
            time.sleep(rng.uniform(0, length))
            os.kill(process, signal.SIGKILL)
            ended(process)
            problems, stroke = looked_at(url)
            run(room.config, url)
            problems += looked_at(url)[0]
            after = rows(url)
        where[stroke] += 1
        differing = [name for name in expected if after[name] != expected[name]]
        if (trial + 1) % 20 == 0:
            print(f"{trial + 1} of {instants} done", file=sys.stderr)
        if problems or differing:
            wrong += 1
            print(f"trial {trial}, killed {stroke}: differing tables {differing}, problems {problems[:3]}")
    print(f"{instants} kills:", ", ".join(f"{count} {stroke}" for stroke, count in where.most_common()))
    print(f"{instants - wrong} of {instants} ended in the rows of the undisturbed night, every check clean")
    return wrong


def main() -> int:
    """Run the trials that the command line asks for."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--instants", type=int, help="how often to kill (200; 10 on PostgreSQL)")
    asked.add_argument("--articles", type=int, default=4_000)
    asked.add_argument("--seed", type=int, default=1, help="other instants")
    asked.add_argument("--companies", type=int, default=60)
    asked.add_argument("--postgresql", metavar="URL", help="a database of a server where databases may be created")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = night_before(Path(folder), given.articles, given.companies)
        databases = Postgresql(given.postgresql) if given.postgresql else Sqlite(Path(folder))
        try:
            if given.postgresql:
                ended(start("--config", str(room.config), "--database", databases.kept, "db", "upgrade"))
            run(room.config, databases.kept)
            tonight(room, given.articles)
            instants = given.instants or (10 if given.postgresql else 200)
            return int(trials(databases, room, instants, given.seed) > 0)
        finally:
            if isinstance(databases, Postgresql):
                databases.drop()


if __name__ == "__main__":
    sys.exit(main())
