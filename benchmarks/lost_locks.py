"""Take the lock away from a run, and compare what it says and what the store ends in with an undisturbed run.

Usage: ``python benchmarks/lost_locks.py [--trials 50] [--articles 1000] [--postgresql URL]``. The run is on a SIMULATED
world. In a stage chosen in turn, the lock is lost: on SQLite its file is deleted or replaced, on PostgreSQL the server
ends the session that holds it, or all sessions of the database. In every other trial another run begins at once.

A run that lost its lock must end with exit code 4 and a sentence about it (2 where the server ended its own session),
be `failed` or `killed` in the run log, and after one more run the rows must be those of the undisturbed run. One that
had done its work by then must end with 0. Exit code 1 if not.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, select, text

from benchmarks.kill import (
    PLACES,
    Postgresql,
    Sqlite,
    deliver,
    ended,
    lengths,
    rows,
    run,
    start,
    wait_for,
    world_before,
)
from signals.store import Store
from signals.store.tables import runs

WAYS = {"sqlite": ("deleted", "replaced"), "postgresql": ("session ended", "all sessions ended")}


@dataclass(frozen=True)
class Trial:
    """How the lock is lost, in which stage, after how many seconds of it, and whether another run begins at once."""

    way: str
    target: str
    after: float
    another: bool


def lose(url: str, way: str) -> None:
    """Take the lock away from whoever holds it."""
    if url.startswith("sqlite"):
        lock = Path(f"{url.removeprefix('sqlite:///')}.lock")
        if way == "deleted":
            lock.unlink(missing_ok=True)
        else:
            lock.with_suffix(".new").touch()
            lock.with_suffix(".new").replace(lock)
        return
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    here = "datname = current_database() AND pid <> pg_backend_pid()"
    holder = " AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"
    with engine.connect() as server:
        which = here + (holder if way == "session ended" else "")
        server.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {which}"))
    engine.dispose()


def states(url: str) -> list[tuple[str, str]]:
    """Return state and error of the runs after the template's."""
    store = Store(url)
    with store.read() as db:
        states_of = [(row.state, row.error or "") for row in db.execute(select(runs).order_by(runs.c.run_id)).all()[1:]]
    store.engine.dispose()
    return states_of


def attempt(config: Path, url: str, trial: Trial, said: Path) -> tuple[int, str]:
    """Do a run that loses its lock; returns its exit code and what it said."""
    arguments = ("--config", str(config), "--database", url, "--quiet", "run")
    process = start(*arguments, errors=said)
    wait_for(url, trial.target, process)
    time.sleep(trial.after)
    lose(url, trial.way)
    other = start(*arguments, errors=said.with_suffix(".other")) if trial.another else None
    code = ended(process)
    if other is not None:
        ended(other)  # it may find the write lock of SQLite held for too long; one more run follows
    return code, said.read_text(encoding="utf-8", errors="replace").strip()


def problems(trial: Trial, code: int, words: str, log: list[tuple[str, str]]) -> list[str]:
    """Return what is wrong with what a run said, and with its row in the run log."""
    if code == 0:
        return [] if ("done", "") in log else ["the exit code is 0, and no run is done"]
    wrong = []
    sentence = "the lock was lost" in words if code == 4 else "does not answer" in words
    if code not in ((2, 4) if trial.way == "all sessions ended" else (4,)):
        wrong.append(f"the exit code is {code}")
    if not sentence or "Traceback" in words:
        wrong.append(f"it said: {words[-300:]}")
    if log and log[0][0] not in ("failed", "killed", "running"):  # running: not even its end could be recorded
        wrong.append(f"the run log says {log[0]}")
    return wrong


def trials(databases: Sqlite | Postgresql, config: Path, count: int, seed: int, folder: Path) -> int:
    """Lose locks and compare; returns how many trials went wrong."""
    with databases.copy() as url:
        run(config, url)
        expected, seconds = rows(url), lengths(url)
        ways = WAYS["sqlite" if url.startswith("sqlite") else "postgresql"]
    rng, outcomes, wrong = random.Random(seed), Counter[str](), 0
    for number in range(count):
        target = PLACES[1 + number % (len(PLACES) - 1)]
        trial = Trial(ways[number % 2], target, rng.uniform(0, seconds[target]), another=number % 4 >= 2)
        with databases.copy() as url:
            code, words = attempt(config, url, trial, folder / "said.txt")
            bad = problems(trial, code, words, states(url))
            if code == 0 and rows(url) != expected:
                bad.append("the exit code is 0, and the rows are not those of the undisturbed run")
            run(config, url)
            after = rows(url)
            bad += [f"{name} differs" for name in expected if after[name] != expected[name]]
        outcomes[f"{trial.way} in {target}{', another run' if trial.another else ''}: exit code {code}"] += 1
        if bad:
            wrong += 1
            print(f"trial {number}, {trial}: {'; '.join(bad)}")
    for outcome, times in sorted(outcomes.items()):
        print(f"{times:>4} {outcome}")
    print(f"{count - wrong} of {count} lost locks ended in equal rows, with the right words and exit code")
    return wrong


def main() -> int:
    """Run the trials that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--companies", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="other instants")
    parser.add_argument("--postgresql", metavar="URL", help="a database of a server where databases may be created")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        newsroom = world_before(folder, options.articles, options.companies)
        databases = Postgresql(options.postgresql) if options.postgresql else Sqlite(folder)
        try:
            if options.postgresql:
                ended(start("--config", str(newsroom.config), "--database", databases.template, "db", "upgrade"))
            run(newsroom.config, databases.template)
            deliver(newsroom, options.articles)
            return int(trials(databases, newsroom.config, options.trials, options.seed, folder) > 0)
        finally:
            if isinstance(databases, Postgresql):
                databases.drop()


if __name__ == "__main__":
    sys.exit(main())
