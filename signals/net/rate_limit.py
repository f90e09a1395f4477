"""A minimum interval between the requests to one vendor."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class RateLimiter:
    """Keeps the starts of requests at least `delay` seconds apart, across all threads."""

    def __init__(
        self, delay: float, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._delay = delay
        self._sleep = sleep
        self._clock = clock
        self._next_start = 0.0
        self._lock = threading.Lock()

    def wait(self, sleep: Callable[[float], None] | None = None) -> None:
        """Block until the next request may begin; `sleep` takes the place of the limiter's own."""
        with self._lock:
            now = self._clock()
            start = max(now, self._next_start)
            self._next_start = start + self._delay
        if start > now:
            (sleep or self._sleep)(start - now)
