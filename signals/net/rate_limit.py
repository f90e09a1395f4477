"""How close together a vendor's requests may begin."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets requests begin no closer together than `delay` seconds, from however many threads they come."""

    def __init__(
        self, delay: float, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._delay = delay
        self._sleep = sleep
        self._clock = clock
        self._due = 0.0
        self._turn = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may begin."""
        with self._turn:
            now = self._clock()
            begins = max(now, self._due)
            self._due = begins + self._delay
        if begins > now:
            self._sleep(begins - now)
