"""Politeness towards a host: one request at a time with a delay in between, and the rules of its robots.txt."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from protego import Protego

# Upper bound in seconds of a robots.txt crawl delay; a longer one would hold up the whole run.
MAX_CRAWL_DELAY = 60.0


@dataclass
class _HostState:
    """A host's lock, held during a request, and the clock time before which no further request may begin."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_request_at: float = float("-inf")


class HostLimiter:
    """Serialises the requests to each host. All sources of a process share one limiter: `HOST_LIMITER`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hosts: defaultdict[str, _HostState] = defaultdict(_HostState)

    @contextmanager
    def request(self, host: str, delay: float, sleep: Callable[[float], None]) -> Iterator[None]:
        """Wait until a request to `host` may begin, hold its lock, and block it for `delay` seconds afterwards."""
        state = self._hosts[host]
        with state.lock:
            if (pause := state.next_request_at - self._clock()) > 0:
                sleep(pause)
            try:
                yield
            finally:
                state.next_request_at = self._clock() + delay


HOST_LIMITER = HostLimiter()


class Robots:
    """The rules of a robots.txt for one user agent. An empty text allows everything."""

    def __init__(self, text: str, agent: str) -> None:
        self._rules = Protego.parse(text)
        self._agent = agent

    def allows(self, url: str) -> bool:
        """Return whether the URL may be requested."""
        return bool(self._rules.can_fetch(url, self._agent))

    def delay(self, minimum: float) -> float:
        """Return the seconds between two requests: the host's crawl delay, at least `minimum`."""
        return max(minimum, min(float(self._rules.crawl_delay(self._agent) or 0), MAX_CRAWL_DELAY))
