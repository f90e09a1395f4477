"""Query every view of a SQLite store, as a dashboard does, until the standard input ends, and print the measurements.

Usage: ``python benchmarks/reader.py DATABASE PAUSE``. Prints ``asking`` after the first round, and at the end one line
of JSON: the seconds that each query took (and its own CPU seconds), every distinct state of the run's tables that it
read, and the error that ended it, if any. It imports only the standard library, so that eight of them start at once.
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
# Distinguishes the states of the run's tables.
STATE = (
    "SELECT COUNT(*), SUM(run_id), COUNT(DISTINCT article_id), ROUND(SUM(q_value), 9), SUM(length(title)) FROM v_links"
)


def state_of(db: sqlite3.Connection) -> tuple[object, ...]:
    """Return the present state of the run's tables."""
    return tuple(db.execute(STATE).fetchone())


def main(path: str, pause: float) -> None:
    """Query until the standard input ends."""
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
    except sqlite3.Error as failure:
        error = str(failure)
    print(json.dumps({"waits": waits, "cpu": cpu, "states": sorted(states), "error": error}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
