"""Hostile feeds and pages, in number and in size: each ends as an article or a reason, in time and within memory.

    python -m benchmarks.fuzz [INPUTS] [SEED]

runs `INPUTS` small ones (20,000), made by the strategies of ``tests/news/hostile.py``, and then every giant of 4.4
and of 50 MB. An input fails if it raises, takes more than 5 seconds of this process's time, or the memory of the
process passes 1.5 GB. Exit code 1 if one does; it is written to ``fuzz-failures/`` so that it can become a test.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.news.hostile import Hostile, examine, giants, small

SECONDS = 5.0
MEGABYTES = 1_500
JUST_READ = 4_400_000  # the largest giants that are not refused for their size
BATCH = 500  # hypothesis remembers what it made, and its memory is not what is measured
FOLDER = Path("fuzz-failures")


class Watch:
    """What the inputs came to: outcomes, the slowest, failures."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.inputs = 0
        self.slowest = (0.0, "")
        self.failures: list[str] = []

    def see(self, name: str, hostile: Hostile) -> float:
        """Read one input and note what came of it; returns the seconds it took."""
        began = time.process_time()
        try:
            found = examine(*hostile)
            self.outcomes.update(found or ["nothing in it"])
        except Exception as error:  # that is what is looked for
            self.fail(name, hostile[1], f"{type(error).__name__}: {error}"[:200])
        took = time.process_time() - began
        self.inputs += 1
        self.slowest = max(self.slowest, (took, name))
        if took > SECONDS:
            self.fail(name, hostile[1], f"took {took:.1f} s")
        return took

    def fail(self, name: str, payload: bytes, problem: str) -> None:
        """Keep an input that failed."""
        self.failures.append(f"{name}: {problem}")
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{len(self.failures)}.bin").write_bytes(payload[:10_000_000])


def memory() -> float:
    """Return the highest memory of the process so far in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(watch: Watch, inputs: int, chosen: int) -> None:
    """Make and read so many small inputs."""

    @seed(chosen)
    @settings(
        max_examples=inputs, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(small())
    def see(hostile: Hostile) -> None:
        watch.see("small", hostile)

    see()


def main() -> int:
    """Run it; returns the exit code."""
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    watch = Watch()

    for batch in range(0, inputs, BATCH):
        run(watch, min(BATCH, inputs - batch), chosen * 1_000_000 + batch)
    print(
        f"{watch.inputs:,} small inputs, seed {chosen}: slowest {watch.slowest[0]:.2f} s, memory {memory():,.0f} MB",
        flush=True,
    )
    for outcome, count in watch.outcomes.most_common():
        print(f"    {outcome:<16}{count:>8,}")
    for size in (JUST_READ, 50_000_000):
        for name, hostile in giants(size):
            before = watch.outcomes.copy()
            took = watch.see(f"{name}, {size / 1e6:.0f} MB", hostile)
            made = ", ".join(f"{count:,} {outcome}" for outcome, count in (watch.outcomes - before).items())
            print(f"{name:<28}{len(hostile[1]) / 1e6:>7.1f} MB {took:>6.2f} s  {made}", flush=True)
    if memory() > MEGABYTES:
        watch.failures.append(f"the process reached {memory():,.0f} MB")
    print(f"{watch.inputs:,} inputs, {len(watch.failures)} failures; memory at its highest {memory():,.0f} MB")
    print(*watch.failures[:20], sep="\n")
    return int(bool(watch.failures))


if __name__ == "__main__":
    sys.exit(main())
