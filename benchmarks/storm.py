"""Time and memory of a storm: one headline that is sent N times on one day, and as many lines of one template.

Usage: ``python -m benchmarks.storm [N ...]`` (default 500 1000 2000 4000 8000). Each N is a run of the command line
over a store of its own, the storm beside 500 other headlines. It prints CPU seconds above those of the run without a
storm, the peak of memory, and the exponent of the CPU time between the first and the last size. SIMULATED. Exit code 1
if the exponent of equal headlines is above 1.1.
"""

from __future__ import annotations

import csv
import math
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from benchmarks.newsroom import Newsroom, create_newsroom, deliver_articles, write_prices
from benchmarks.processes import Measured, measured

TODAY = date(2026, 3, 4)
SIZES = (500, 1_000, 2_000, 4_000, 8_000)
BOUND = 1.1


def equal(newsroom: Newsroom, _n: int) -> str:
    """Return the headline of every line of the storm."""
    return f"{next(iter(newsroom.companies.values()))} falls after its results for the quarter"


def of_a_template(newsroom: Newsroom, n: int) -> str:
    """Return a headline whose lines differ in the company and a figure."""
    names = list(newsroom.companies.values())
    return f"Agency affirms {names[n % len(names)]} notes of series {n} with a stable outlook"


def night(folder: Path, count: int, headline: Callable[[Newsroom, int], str]) -> Measured:
    """Do a run over a storm of some size in a newsroom of its own."""
    newsroom = create_newsroom(folder, TODAY, 100, 400, ("0..0", "0..1"))
    write_prices(newsroom, len(newsroom.sessions))
    deliver_articles(newsroom, "others", newsroom.sessions[-3:], 500)
    begin = datetime.combine(newsroom.sessions[-2], time(9), UTC)
    with (folder / "wire" / "storm.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "title", "published_at"])
        for n in range(count):
            out.writerow([f"storm{n}", headline(newsroom, n), (begin + timedelta(seconds=n)).isoformat()])
    command = [sys.executable, "-m", "signals", "--config", str(newsroom.config), "run"]
    return measured(command, os.environ)


def main() -> None:
    """Do the storms and print their exponents."""
    sizes = [int(argument) for argument in sys.argv[1:]] or SIZES
    missed = False
    for name, headline in (("equal headlines", equal), ("lines of a template", of_a_template)):
        with tempfile.TemporaryDirectory() as folder:
            calm = night(Path(folder) / "calm", 0, headline)
            print(f"{name}\n{'none':>8} {calm}", flush=True)
            spent = []
            for size in sizes:
                stormy = night(Path(folder) / str(size), size, headline)
                spent.append(max(stormy.cpu - calm.cpu, 0.001))
                print(f"{size:8,} {stormy}  {spent[-1]:.1f} s above", flush=True)
        exponent = math.log(spent[-1] / spent[0]) / math.log(sizes[-1] / sizes[0])
        missed |= headline is equal and exponent > BOUND
        print(f"exponent from {sizes[0]:,} to {sizes[-1]:,}: {exponent:.2f}", flush=True)
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
