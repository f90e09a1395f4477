"""What may be spent on one item, on a source and in a run: seconds, bytes on the wire, requests.

A server decides how long it takes and how much it sends. So every request spends from the budget of its item, which
lies within that of its source and of the run, and ends when any of them is used up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from signals.errors import OverBudgetError, UnavailableError


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that may be spent; `size` is in bytes as received, headers included."""

    seconds: float
    size: int
    requests: int


# The rest of a source or of a night waits for the next one. Thousands of pages, a second apart, take hours.
SOURCE = Limits(seconds=4 * 3_600, size=20_000_000_000, requests=200_000)
RUN = Limits(seconds=8 * 3_600, size=50_000_000_000, requests=500_000)


class Budget:
    """What is spent, here and in the budget that this one lies within. Its time runs while a `with` block is open.

    Parameters
    ----------
    owner
        Who spends, as a sentence begins with it.
    limits
        The most that may be spent.
    within
        The budget that this one is a part of.
    clock
        Seconds of a monotonic clock.
    """

    def __init__(
        self, owner: str, limits: Limits, within: Budget | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits
        self.within = within
        self.size = 0
        self._owner = owner
        self._clock = clock
        self._requests = 0
        self._seconds = 0.0  # of the blocks that are closed
        self._open = 0
        self._since = 0.0  # when the first of the open blocks began
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Let the time run."""
        if self.within:
            self.within.__enter__()
        with self._lock:
            self._since = self._since if self._open else self._clock()
            self._open += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the time unless another block is open."""
        with self._lock:
            self._open -= 1
            self._seconds += 0.0 if self._open else self._clock() - self._since
        if self.within:
            self.within.__exit__(kind, error, trace)

    def seconds_left(self) -> float:
        """Return the seconds that are left; negative if more were spent."""
        with self._lock:
            running = self._clock() - self._since if self._open else 0.0
            left = self.limits.seconds - self._seconds - running
        return min(left, self.within.seconds_left()) if self.within else left

    def excess(self) -> str:
        """Return what was exceeded as a sentence, empty if nothing was."""
        if outer := self.within.excess() if self.within else "":
            return outer
        limits = self.limits
        if self.size > limits.size:
            return f"{self._owner} sent more than {limits.size:,} bytes"
        if self._requests > limits.requests:
            return f"{self._owner} needs more than {limits.requests:,} requests"
        return f"{self._owner} took more than {limits.seconds:,g} seconds" if self.seconds_left() <= 0 else ""

    def add(self, size: int, requests: int) -> None:
        """Count what was spent, here and in the budget around."""
        with self._lock:
            self.size += size
            self._requests += requests
        if self.within:
            self.within.add(size, requests)

    def give_back(self, seconds: float) -> None:
        """Do not count seconds that this program waited by its own will."""
        with self._lock:
            self._seconds -= seconds


class Item(Budget):
    """The budget of one item of a source, by one thread: a page with its redirects and robots.txt, or a symbol.

    Parameters
    ----------
    source
        The source's name in the configuration, for errors.
    name
        The URL or the symbol, for errors.
    """

    def __init__(
        self, source: str, name: str, limits: Limits, within: Budget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        super().__init__("it", limits, within, clock)
        self.source = source
        self.name = name
        self._answer_within: tuple[float, float] | None = None  # seconds, and when they are over

    def check(self) -> None:
        """Raise `OverBudgetError` if a budget is used up, `UnavailableError` if only this answer took too long."""
        if problem := self.excess():
            raise OverBudgetError(self.source, self.name, f"{problem}; the next run tries again")
        if self._answer_within and self._clock() >= self._answer_within[1]:
            problem = f"an answer took more than {self._answer_within[0]:g} seconds; run again later"
            raise UnavailableError(self.source, self.name, problem)

    def spend(self, size: int = 0, requests: int = 0) -> None:
        """Count what was received or is to be sent, and `check`."""
        self.add(size, requests)
        self.check()

    def expect_answer(self, seconds: float | None) -> None:
        """Bound the next answer as a whole; None leaves it to the budgets."""
        self._answer_within = None if seconds is None else (seconds, self._clock() + seconds)

    def wait(self, seconds: float) -> float:
        """Return for how long a server may be waited for: `seconds`, or what is left if that is less; `check` first."""
        self.check()
        left = self.seconds_left()
        if self._answer_within:
            left = min(left, self._answer_within[1] - self._clock())
        return max(min(seconds, left), 0.001)

    def pause(self, seconds: float, sleep: Callable[[float], None]) -> None:
        """Sleep between two requests. The item's own seconds do not run, those of its source and the run do."""
        if self.within and seconds > self.within.seconds_left():
            problem = f"the next request is due in {seconds:,.0f} seconds, and its source or the run has fewer left"
            raise OverBudgetError(self.source, self.name, f"{problem}; the next run tries again")
        began = self._clock()
        sleep(seconds)
        self.give_back(self._clock() - began)
