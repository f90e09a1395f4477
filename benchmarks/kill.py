"""Kill `signals run` with SIGKILL at random instants, run it again, and compare with an undisturbed run.

Usage: ``python benchmarks/kill.py [--instants 200] [--articles 4000] [--postgresql URL]``. The run is on a SIMULATED
world: new articles, corrected ones, new sessions that end windows of the run before. After each kill the database's own
checks must be clean, and after the next run its rows must be those of the undisturbed run. Exit code 1 if not.

The commands run in forks of this process, which has loaded the libraries: the instants fall on the run, not on imports.
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

# What a run imports only when it needs it, loaded before the forks.
for _name in (
    "cli.run",
    "pipeline.ingest",
    "pipeline.refresh",
    "pipeline.derive.score_stage",
    "news.archive",
    "prices.files",
):
    importlib.import_module(f"signals.{_name}")

RUN_LOG = (runs, stage_runs, source_runs, schedulers)
# Columns that say when and by which run a row was written; they differ between any two runs.
VARYING = {"run_id", "scored_at", "known_at", "seen_at", "fetched_at", "superseded_at", "first_seen_at"}


def world_before(folder: Path, articles: int, companies: int) -> Newsroom:
    """Write the world as it was at the run before."""
    newsroom = create_newsroom(folder, datetime.now(UTC).date(), companies, 160, ("0..0", "0..1", "0..5", "-5..-1"))
    write_prices(newsroom, len(newsroom.sessions) - 4)
    deliver_articles(newsroom, "before", newsroom.sessions[-40:-4], articles // 2)
    return newsroom


def deliver(newsroom: Newsroom, articles: int) -> None:
    """Deliver what the run is to work on: new articles, corrected ones, and four more sessions."""
    write_prices(newsroom, len(newsroom.sessions))
    deliver_articles(newsroom, "before", newsroom.sessions[-40:-4], articles // 2, correction=", it now turns out")
    for part in range(4):
        deliver_articles(newsroom, f"new{part}", newsroom.sessions[-30 + part :], articles // 4)


class Sqlite:
    """A SQLite file, copied for each trial."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.template = f"sqlite:///{folder / 'template.db'}"

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the URL of a copy of the store as it was before the run."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            with (
                sqlite3.connect(self._folder / "template.db") as original,
                sqlite3.connect(f"{folder}/trial.db") as trial,
            ):
                original.backup(trial)
            yield f"sqlite:///{folder}/trial.db"


class Postgresql:
    """A database of a server, made from a template for each trial."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._name = f"signals_kill_{os.getpid()}"
        self.template = self._url(f"{self._name}_template")
        self._execute(f"CREATE DATABASE {self._name}_template")

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
        """Yield the URL of a copy of the store as it was before the run."""
        self._execute(f"CREATE DATABASE {self._name} TEMPLATE {self._name}_template")
        try:
            yield self._url(self._name)
        finally:
            self._execute(f"DROP DATABASE {self._name} WITH (FORCE)")

    def drop(self) -> None:
        """Drop the template."""
        self._execute(f"DROP DATABASE {self._name}_template WITH (FORCE)")


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
    """Do a run to its end."""
    for _ in range(50):
        code = ended(start("--config", str(config), "--database", url, "--quiet", "run"))
        if code != 4:  # a server may take a moment to see that the lock of the killed run is free
            break
        time.sleep(0.2)
    if code:
        raise SystemExit(f"`signals run` ended with exit code {code}")


def check(url: str) -> tuple[list[str], str]:
    """Return what the database's own checks find wrong, and where the last run is."""
    store = Store(url)
    problems = store.problems()
    with store.read() as db:
        last = db.execute(select(runs.c.run_id, runs.c.state).order_by(runs.c.run_id.desc()).limit(1)).one()
        query = select(stage_runs.c.stage).where(stage_runs.c.run_id == last.run_id, stage_runs.c.finished_at.is_(None))
        stage = db.execute(query).scalar()
    store.engine.dispose()
    return problems, "after its end" if last.state == "done" else f"in {stage}" if stage else "between stages"


def rows(url: str) -> dict[str, str]:
    """Return a digest of the rows of each table, without what differs between any two runs."""
    store, digests = Store(url), {}
    with store.read() as db:
        for table in metadata.sorted_tables:
            if table not in RUN_LOG:
                columns = [c for c in table.columns if c.name not in VARYING]
                lines = sorted(repr(tuple(row)) for row in db.execute(select(*columns)))
                digests[table.name] = f"{len(lines)} rows {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}"
    store.engine.dispose()
    return digests


def trials(databases: Sqlite | Postgresql, newsroom: Newsroom, instants: int, seed: int) -> int:
    """Kill and compare; returns how many trials went wrong."""
    with databases.copy() as url:
        began = time.perf_counter()
        run(newsroom.config, url)
        length = time.perf_counter() - began
        expected = rows(url)
    print(
        f"undisturbed: {length:.1f} s;", ", ".join(f"{name} {digest.split()[0]}" for name, digest in expected.items())
    )
    rng, killed_in, wrong = random.Random(seed), Counter[str](), 0
    for trial in range(instants):
        with databases.copy() as url:
            process = start("--config", str(newsroom.config), "--database", url, "--quiet", "run")
            time.sleep(rng.uniform(0, length))
            os.kill(process, signal.SIGKILL)
            ended(process)
            problems, stage = check(url)
            run(newsroom.config, url)
            problems += check(url)[0]
            after = rows(url)
        killed_in[stage] += 1
        differing = [name for name in expected if after[name] != expected[name]]
        if (trial + 1) % 20 == 0:
            print(f"{trial + 1} of {instants} done", file=sys.stderr)
        if problems or differing:
            wrong += 1
            print(f"trial {trial}, killed {stage}: differing tables {differing}, problems {problems[:3]}")
    print(f"{instants} kills:", ", ".join(f"{count} {stage}" for stage, count in killed_in.most_common()))
    print(f"{instants - wrong} of {instants} ended in the rows of the undisturbed run, every check clean")
    return wrong


def main() -> int:
    """Run the trials that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--instants", type=int, help="how often to kill (200; 10 on PostgreSQL)")
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1, help="other instants")
    parser.add_argument("--companies", type=int, default=60)
    parser.add_argument("--postgresql", metavar="URL", help="a database of a server where databases may be created")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        newsroom = world_before(Path(folder), options.articles, options.companies)
        databases = Postgresql(options.postgresql) if options.postgresql else Sqlite(Path(folder))
        try:
            if options.postgresql:
                ended(start("--config", str(newsroom.config), "--database", databases.template, "db", "upgrade"))
            run(newsroom.config, databases.template)
            deliver(newsroom, options.articles)
            instants = options.instants or (10 if options.postgresql else 200)
            return int(trials(databases, newsroom, instants, options.seed) > 0)
        finally:
            if isinstance(databases, Postgresql):
                databases.drop()


if __name__ == "__main__":
    sys.exit(main())
