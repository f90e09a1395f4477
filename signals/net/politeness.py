"""Manners towards a host: one request at a time with a pause between, and what its robots.txt allows."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from protego import Protego

# A robots.txt may ask for a pause between requests; more than this would stop the night.
LONGEST_DELAY = 60.0


@dataclass
class _Turn:
    """A host's turn: who holds the lock may ask, and not before `free_at` on the clock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = float("-inf")


class Hosts:
    """The turns of all hosts. A host does not care which source asks it, so a process has one: `HOSTS`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: defaultdict[str, _Turn] = defaultdict(_Turn)

    @contextmanager
    def turn(self, host: str, delay: float, sleep: Callable[[float], None]) -> Iterator[None]:
        """Wait for a host's turn and hold it; the next one comes `delay` seconds after this one is given back."""
        turn = self._turns[host]
        with turn.lock:
            if (wait := turn.free_at - self._clock()) > 0:
                sleep(wait)
            try:
                yield
            finally:
                turn.free_at = self._clock() + delay


HOSTS = Hosts()


class Robots:
    """What a robots.txt says to one user agent. An empty text allows everything."""

    def __init__(self, text: str, agent: str) -> None:
        self._rules = Protego.parse(text)
        self._agent = agent

    def allows(self, url: str) -> bool:
        """Tell whether the address may be asked for."""
        return bool(self._rules.can_fetch(url, self._agent))

    def delay(self, least: float) -> float:
        """Return the pause between two requests that the host wants, if it is longer than `least`."""
        return max(least, min(float(self._rules.crawl_delay(self._agent) or 0), LONGEST_DELAY))
