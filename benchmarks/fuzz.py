"""Run hostile feeds, pages and texts, many small and some very large, within bounds of time and memory.

    python -m benchmarks.fuzz [INPUTS] [SEED]

runs `INPUTS` small ones (20,000), made by the strategies of ``tests/news/hostile.py``, then every giant of 4.4, of 19
and of 50 MB, and then tags a text of half a million characters for every hundred small ones. Of pages and feeds the
giants of 4.4 MB, and of data (JSON, filings) those of 19 MB, are the largest that are not refused for their size.

An input fails if it raises, or takes more than 5 seconds of this process's time. Data may take 3 seconds for each
megabyte instead, because its records are read one by one. The run fails if the memory of the process passes 1.5 GB.
Exit code 1 if one does; the input is written to ``fuzz-failures/`` so that it can become a test.
"""

from __future__ import annotations

import functools
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.news.hostile import examine, giants, small
from tests.tickers.hostile import examine_tags, repeated

T = TypeVar("T")
SECONDS = 5.0
SECONDS_PER_MEGABYTE = 3.0  # of data
MEGABYTES = 1_500
SIZES = (4_400_000, 19_000_000, 50_000_000)
LONG = 500_000  # characters of a text to tag; the longest page that is read has some millions
BATCH = 500  # hypothesis keeps its examples, whose memory must not be measured
FOLDER = Path("fuzz-failures")


class Watch:
    """The results of the inputs: outcomes, the slowest input, failures."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.inputs = 0
        self.slowest = (0.0, "")
        self.failures: list[str] = []

    def see(self, name: str, payload: bytes, examine: Callable[[], Iterable[str]], bound: float = SECONDS) -> float:
        """Examine one input, record its outcomes, and return its processor time in seconds."""
        began = time.process_time()
        try:
            self.outcomes.update(examine() or ["nothing in it"])
        except Exception as error:  # that is what is looked for
            self.fail(name, payload, f"{type(error).__name__}: {error}"[:200])
        took = time.process_time() - began
        self.inputs += 1
        self.slowest = max(self.slowest, (took, name))
        if took > bound:
            self.fail(name, payload, f"took {took:.1f} s")
        return took

    def fail(self, name: str, payload: bytes, problem: str) -> None:
        """Record and save an input that failed."""
        self.failures.append(f"{name}: {problem}")
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{len(self.failures)}.bin").write_bytes(payload[:10_000_000])


def memory() -> float:
    """Return the peak memory of the process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(strategy: SearchStrategy[T], see: Callable[[T], object], inputs: int, start: int) -> None:
    """Generate and examine a number of inputs."""

    @seed(start)
    @settings(
        max_examples=inputs, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def each(one: T) -> None:
        see(one)

    each()


def see_giants(watch: Watch, size: int) -> None:
    """Examine every giant of a size, and print what comes of it."""
    for name, hostile in giants(size):
        megabytes = len(hostile[1]) / 1e6
        bound = SECONDS if hostile[0].kind in ("feed", "page") else max(SECONDS, SECONDS_PER_MEGABYTE * megabytes)
        before = watch.outcomes.copy()
        took = watch.see(f"{name}, {size / 1e6:.0f} MB", hostile[1], functools.partial(examine, *hostile), bound)
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in (watch.outcomes - before).items())
        print(f"{name:<28}{megabytes:>7.1f} MB {took:>6.2f} s  {counts}", flush=True)


def main() -> int:
    """Run the benchmark and return the exit code."""
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    watch = Watch()

    for batch in range(0, inputs, BATCH):
        run(
            small(),
            lambda hostile: watch.see("small", hostile[1], lambda: examine(*hostile)),
            min(BATCH, inputs - batch),
            start * 1_000_000 + batch,
        )
    print(
        f"{watch.inputs:,} small inputs, seed {start}: slowest {watch.slowest[0]:.2f} s, memory {memory():,.0f} MB",
        flush=True,
    )
    for outcome, count in watch.outcomes.most_common():
        print(f"    {outcome:<16}{count:>8,}")
    for size in SIZES:
        see_giants(watch, size)
    tagged = Watch()
    run(repeated(), lambda text: tagged.see(repr(text), repr(text).encode(), lambda: examine_tags(text, LONG)),
        inputs // 100, start)  # fmt: skip
    slowest, slowest_text = tagged.slowest
    print(f"{tagged.inputs:,} texts of {LONG:,} characters tagged: slowest {slowest:.2f} s, {slowest_text}")
    watch.inputs += tagged.inputs
    watch.failures += tagged.failures
    if memory() > MEGABYTES:
        watch.failures.append(f"the process reached {memory():,.0f} MB")
    print(f"{watch.inputs:,} inputs, {len(watch.failures)} failures; memory at its highest {memory():,.0f} MB")
    print(*watch.failures[:20], sep="\n")
    return int(bool(watch.failures))


if __name__ == "__main__":
    sys.exit(main())
