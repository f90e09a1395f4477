"""Measure how the time of every pattern and reader grows with what comes from outside.

    python -m benchmarks.doubling [NAME] [SEED]

repeats openers of all kinds (`benchmarks.openers`), alone, in pairs, and for a pattern those that are derived from it.
Every pattern that a module of the package holds is applied as the package applies it; every reader reads them in each
place of its input (`benchmarks.places`). A short round finds the openers that cost the most and those whose cost grows
the fastest; these are measured from 100 kB, doubling, to the largest input that is read, or until a reading takes more
than SECONDS. The exponent of the processor time may be 1.15. `NAME` measures what has it in its name alone.

Prints a line for each pattern and place, with its worst opener; exit code 1 if one misses.
"""

from __future__ import annotations

import math
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any

from benchmarks.openers import ENDS, UNITS, pairs, units_of
from benchmarks.patterns import UsedPattern, patterns
from benchmarks.places import Place, places

EXPONENT = 1.15
FIRST = 100_000  # characters
SECONDS = 4.0  # of a reading after which no larger one is measured
LEAST = 0.002  # seconds; less is not told from noise
SHORT = (6_000, 24_000)  # characters of the short round
CANDIDATES = 3
PAIRS = 20
PATTERN_LIMIT = 1_600_000


class _OvertimeError(BaseException):
    """A reading took too long. No `except Exception` of a reader may take it for an error of its own."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How time grew with size for one opener: the exponent, the largest size and its seconds."""

    exponent: float
    unit: str
    size: int
    seconds: float


def seconds(work: Callable[[], object], bound: float) -> float:
    """Return the processor time of some work; infinity if it takes more than a bound.

    The timer is one of the wall clock: one of processor time would make the kernel count that time in coarse steps. On
    a busy machine it is set again for what is left.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        left = bound - (time.process_time() - began)
        if left <= 0:
            raise _OvertimeError
        signal.setitimer(signal.ITIMER_REAL, max(left, 0.01))

    signal.signal(signal.SIGALRM, stop)
    began = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_REAL, bound)
        try:
            work()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _OvertimeError:
        return math.inf
    return time.process_time() - began


def growth(make: Callable[[str], Any], read: Callable[[Any], object], limit: int, unit: str) -> Growth:
    """Measure one opener from the first size to the limit."""
    size, times = FIRST, list[tuple[int, float]]()
    while size <= limit and (not times or times[-1][1] < SECONDS / 2):
        payload = make(repeated(unit, size))
        work = partial(read, payload)
        rounds = 2 if not times or times[-1][1] < 1 else 1
        took = min(seconds(work, 4 * SECONDS) for _ in range(rounds))
        times.append((size, took))
        size *= 2
    measured = [(n, took) for n, took in times if took >= LEAST]
    if times[-1][1] == math.inf:
        return Growth(math.inf, unit, *times[-1])
    if len(measured) < 2:
        return Growth(0.0, unit, *times[-1])
    (first, low), (last, high) = measured[0], measured[-1]
    return Growth(math.log(high / low) / math.log(last / first), unit, last, high)


def repeated(unit: str, size: int) -> str:
    """Return a unit repeated to about a size; one that ends in an end mark has it once."""
    body, _, end = unit.partition("\ue000")
    return body * (size // len(body) + 1) + end


def worst(make: Callable[[str], Any], read: Callable[[Any], object], limit: int, units: Iterable[str]) -> Growth:
    """Return the growth of the worst opener."""
    costs = list[tuple[float, float, str]]()
    for unit in units:
        took = []
        for size in SHORT:
            payload = make(repeated(unit, size))
            took.append(seconds(partial(read, payload), SECONDS))
            if took[-1] == math.inf:  # no pattern or reader needs that long for so little
                return Growth(math.inf, unit, size, took[-1])
        ratio = took[1] / max(took[0], 1e-6) if took[1] > LEAST else 0.0
        costs.append((took[1], ratio, unit))
    candidates = {unit for _, _, unit in sorted(costs, reverse=True)[:CANDIDATES]}
    candidates |= {unit for _, _, unit in sorted(costs, key=lambda cost: cost[1], reverse=True)[:CANDIDATES]}
    return max((_confirmed(make, read, limit, unit) for unit in sorted(candidates)), key=lambda one: one.exponent)


def _confirmed(make: Callable[[str], Any], read: Callable[[Any], object], limit: int, unit: str) -> Growth:
    """Measure an opener, and once more if it misses, because another process may have disturbed the first time."""
    first = growth(make, read, limit, unit)
    if first.exponent <= EXPONENT or first.exponent > 1.6:
        return first
    return min(first, growth(make, read, limit, unit), key=lambda one: one.exponent)


def apply(used: UsedPattern) -> Callable[[Any], object]:
    """Return a function that applies a pattern to a text by each of the methods that the package calls on it."""
    pattern = used.pattern

    def read(text: Any) -> None:
        given = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
        step = used.window or max(len(given), 1)
        for at in range(0, len(given), step):
            for method in sorted(used.methods):
                _apply(pattern, method, given, at, min(at + step, len(given)))

    return read


def _apply(pattern: re.Pattern[Any], method: str, text: Any, at: int, end: int) -> None:
    """Apply a pattern to a span of a text; whatever replaces or splits costs what the search for all matches does."""
    if method in ("search", "match", "fullmatch"):
        getattr(pattern, method)(text, at, end)
    else:
        for _ in pattern.finditer(text, at, end):
            pass


def see(name: str, one: Growth) -> bool:
    """Print a line, and return whether it misses."""
    misses = one.exponent > EXPONENT
    mark = "MISS" if misses else "    "
    unit = repr(one.unit.replace("\ue000", " then "))
    print(
        f"{mark} {name:<58.58}{one.exponent:>6.2f}  {one.size / 1e3:>8,.0f} kB {one.seconds:>7.3f} s  {unit:.60}",
        flush=True,
    )
    return misses


def measure_pattern(used: UsedPattern) -> Growth:
    """Measure a pattern on the openers of all kinds and on its own, each with some ends."""
    own = [f"{unit}\ue000{end}" if end else unit for unit in units_of(used.pattern) for end in ENDS[:2]]
    return worst(lambda text: text, apply(used), PATTERN_LIMIT, dict.fromkeys([*UNITS, *own]))


def measure_place(place: Place, seed: int) -> Growth:
    """Measure a place of a reader's input."""
    return worst(place.make, place.read, place.limit, dict.fromkeys([*UNITS, *pairs(PAIRS, seed)]))


def main() -> int:
    """Run the benchmark and return the exit code."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    misses, count = 0, 0
    for used in patterns():
        name = f"pattern {used.name}"
        if wanted in name:
            misses += see(name, measure_pattern(used))
            count += 1
    with places() as every:
        for place in every:
            if wanted in place.name:
                misses += see(place.name, measure_place(place, seed))
                count += 1
    print(f"{count} patterns and places, {misses} of them with an exponent above {EXPONENT}; seed {seed}")
    return int(bool(misses))


if __name__ == "__main__":
    sys.exit(main())
