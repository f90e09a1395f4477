"""Kill `signals run` with SIGKILL at random instants of each stage, run it again, compare with an undisturbed run.

Usage: ``python benchmarks/kill.py [--instants 200] [--articles 4000] [--postgresql URL]``. The run is on a SIMULATED
world: new articles, corrected ones, new sessions that end windows of the run before. Each kill waits until its stage
begins, and then for a random part of the time that the stage took undisturbed; the run log then says where it fell.
After each kill the database's own checks must be clean, and after the next run its rows must be those of the
undisturbed run. Exit code 1 if not, or if no kill fell into a stage.

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
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, select, text

from benchmarks.newsroom import Newsroom, create_newsroom, deliver_articles, write_prices
from signals.cli import main as command
from signals.store import Store
from signals.store.tables import metadata, progress, run_rows, runs, schedulers, source_runs, stage_runs
from signals.types import Stage

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

RUN_LOG = (runs, stage_runs, source_runs, run_rows, schedulers, progress)
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


def start(*arguments: str, errors: Path | None = None) -> int:
    """Start a command in a fork and return its process id; what it says goes into a file."""
    process = os.fork()
    if process == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if errors is not None:
            os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
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


#: Where a run can be: before its first stage, in one of them.
BEFORE = "before the first stage"
PLACES = (BEFORE, *(stage.value for stage in (Stage.INGEST, Stage.REFRESH, Stage.SCORE)))


def check(url: str) -> tuple[list[str], str]:
    """Return what the database's own checks find wrong, and where the last run is."""
    store = Store(url)
    problems, at = store.problems(), place(store)
    store.engine.dispose()
    return problems, at


def place(store: Store) -> str:
    """Return where the run is that begins on a copy of the template, which has had one."""
    with store.read() as db:
        last = db.execute(select(runs.c.run_id, runs.c.state).order_by(runs.c.run_id.desc()).limit(1)).one()
        query = select(stage_runs.c.stage, stage_runs.c.finished_at).where(stage_runs.c.run_id == last.run_id)
        stages = db.execute(query.order_by(stage_runs.c.started_at)).all()
    if last.run_id == 1 or not stages:
        return BEFORE
    if last.state == "done":
        return "after its end"
    return str(stages[-1].stage) if stages[-1].finished_at is None else "between two stages"


def lengths(url: str) -> dict[str, float]:
    """Return how many seconds each place of the last run took."""
    store = Store(url)
    with store.read() as db:
        run = db.execute(select(runs.c.run_id, runs.c.started_at).order_by(runs.c.run_id.desc()).limit(1)).one()
        stages = db.execute(select(stage_runs).where(stage_runs.c.run_id == run.run_id)).all()
    store.engine.dispose()
    took = {str(row.stage): (row.finished_at - row.started_at).total_seconds() for row in stages}
    return {BEFORE: 0.3, **took}


def wait_for(url: str, target: str, process: int) -> None:
    """Wait until the run of a process has come to a place, or has ended."""
    if target == BEFORE:
        return
    store = Store(url)
    come = [*PLACES, "after its end"][PLACES.index(target) :]
    while not has_ended(process) and place(store) not in come:
        time.sleep(0.002)
    store.engine.dispose()


def has_ended(process: int) -> bool:
    """Return whether a process has ended, and leave its exit code for `ended`."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def rows(url: str, leave_out: Collection[str] = ()) -> dict[str, str]:
    """Return a digest of the rows of each table, without what differs between any two runs and some other columns."""
    store, digests = Store(url), {}
    with store.read() as db:
        for table in metadata.sorted_tables:
            if table not in RUN_LOG:
                columns = [c for c in table.columns if c.name not in VARYING and c.name not in leave_out]
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
        expected, seconds = rows(url), lengths(url)
    print(
        f"undisturbed: {length:.1f} s;", ", ".join(f"{name} {digest.split()[0]}" for name, digest in expected.items())
    )
    rng, killed_in, wrong = random.Random(seed), Counter[str](), 0
    for trial in range(instants):
        with databases.copy() as url:
            process = start("--config", str(newsroom.config), "--database", url, "--quiet", "run")
            target = PLACES[trial % len(PLACES)]
            wait_for(url, target, process)
            time.sleep(rng.uniform(0, seconds[target]))
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
            print(f"trial {trial}, killed in {stage}: differing tables {differing}, problems {problems[:3]}")
    print(f"{instants} kills by stage:", ", ".join(f"{count} in {stage}" for stage, count in killed_in.most_common()))
    missed = [stage for stage in PLACES[1:] if not killed_in[stage]] if instants >= 3 * len(PLACES) else []
    if missed:
        print(f"no kill fell into {', '.join(missed)}")
    print(f"{instants - wrong} of {instants} ended in the rows of the undisturbed run, every check clean")
    return wrong + len(missed)


def main() -> int:
    """Run the trials that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--instants", type=int, help="how often to kill (200; 50 on PostgreSQL)")
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
            instants = options.instants or (50 if options.postgresql else 200)
            return int(trials(databases, newsroom, instants, options.seed) > 0)
        finally:
            if isinstance(databases, Postgresql):
                databases.drop()


if __name__ == "__main__":
    sys.exit(main())
