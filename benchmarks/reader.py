"""A dashboard on a SQLite store: asks every view again and again until its standard input ends, then tells what it saw.

Usage: ``python benchmarks/reader.py DATABASE PAUSE``. Prints ``asking`` once it does, and at the end one line of JSON:
how long each query took (and of that its own CPU), every state of the night's tables that it met, and the error that
ended it, if one did. It imports nothing but the standard library, so that eight of them start at once.
"""

import json
import select
import sqlite3
import sys
import time

QUERIES = (
    "SELECT * FROM v_links WHERE ticker = 'GAZP' ORDER BY published_at DESC",
    "SELECT ticker, verdict, COUNT(*), AVG(car) FROM v_links GROUP BY ticker, verdict",
    "SELECT day_zero, COUNT(*), MIN(q_value) FROM v_events WHERE status = 'scored' GROUP BY day_zero",
    "SELECT * FROM v_moves WHERE explained = 0",
    "SELECT reason, COUNT(*) FROM v_unscored GROUP BY reason",
    "SELECT * FROM v_instruments",
    "SELECT * FROM v_runs ORDER BY run_id DESC LIMIT 10",
    "SELECT * FROM v_sources",
)
# What tells one state of the night's tables from another.
STATE = (
    "SELECT COUNT(*), SUM(run_id), COUNT(DISTINCT article_id), ROUND(SUM(q_value), 9), SUM(length(title)) FROM v_links"
)


def state_of(db: sqlite3.Connection) -> tuple[object, ...]:
    """Return what tells the present state of the night's tables from another."""
    return tuple(db.execute(STATE).fetchone())


def main(path: str, pause: float) -> None:
    """Ask until the standard input ends."""
    waits: list[float] = []
    cpu: list[float] = []
    states: set[tuple[object, ...]] = set()
    error = None
    try:
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
        while True:
            for query in QUERIES:
                began, busy = time.perf_counter(), time.process_time()
                db.execute(query).fetchall()
                waits.append(time.perf_counter() - began)
                cpu.append(time.process_time() - busy)
                if select.select([sys.stdin], [], [], pause)[0]:
                    break
            else:
                states.add(state_of(db))
                if len(states) == 1:
                    print("asking", flush=True)
                continue
            break
    except sqlite3.Error as met:
        error = str(met)
    print(json.dumps({"waits": waits, "cpu": cpu, "states": sorted(states), "error": error}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
