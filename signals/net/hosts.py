"""The hosts that are left alone: those that ask for fewer requests, and those that do not answer.

Whatever is asked of such a host in this run costs nothing more, whichever source asks. A host that names a time is left
alone until then, by the next runs too.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from signals.errors import LeftAloneError
from signals.net.budget import Item
from signals.net.retry import MAX_PAUSE
from signals.types import LeftAlone

#: Tries that fail one after the other until a host is left alone.
TRIES = 4
#: What an answer counts that began and did not end in time. It may be one page that does that, and not its host.
_BEGUN = 0.5
#: The longest that a host is left alone. The run of the next day asks again, whatever a header says.
LONGEST = timedelta(hours=20)
#: What a host answers that is too busy, or that fails before it has looked at the request.
_BUSY: Mapping[int, str] = {
    HTTPStatus.TOO_MANY_REQUESTS: "it asked for fewer requests (429)",
    HTTPStatus.BAD_GATEWAY: "it is down (502)",
    HTTPStatus.SERVICE_UNAVAILABLE: "it is down (503)",
    HTTPStatus.GATEWAY_TIMEOUT: "it is down (504)",
}


def utc_now() -> datetime:
    """Return the wall clock."""
    return datetime.now(UTC)


@dataclass(slots=True)
class _State:
    """How a host has answered in this run."""

    failures: float = 0.0  # since its last answer
    has_answered: bool = False


class Hosts:
    """What is known of the hosts, each by its name with a port that is not the usual one. Threads share it."""

    def __init__(self, resting: Iterable[LeftAlone] = (), clock: Callable[[], datetime] = utc_now) -> None:
        self.now = clock
        self._states: defaultdict[str, _State] = defaultdict(_State)
        self._left_alone: dict[str, LeftAlone] = {rest.host: rest for rest in resting}
        self._lock = threading.Lock()

    def begin(self, host: str, item: Item) -> float:
        """Return the number of the host's failures so far, by which `failed` tells tries at the same time apart.

        Raises
        ------
        LeftAloneError
            The host is left alone.
        """
        with self._lock:
            rest = self._left_alone.get(host)
            if rest and rest.until and rest.until <= self.now():
                del self._left_alone[host]
                rest = None
            if rest:
                raise LeftAloneError(item.source, item.name, f"{host} is {rest.sentence(self.now())}")
            return self._states[host].failures

    def pause(self, host: str, item: Item, seconds: float, sleep: Callable[[float], None]) -> None:
        """Pause before the next try of an item; raise `LeftAloneError` at once if its host is left alone."""
        self.begin(host, item)
        item.pause(seconds, sleep)

    def answered(self, host: str) -> None:
        """Record that a host answered."""
        with self._lock:
            self._states[host] = _State(has_answered=True)

    def failed(
        self, host: str, before: float, why: str, *, is_silent: bool = False, has_begun: bool = False,
        retry_after: float = 0.0,
    ) -> None:  # fmt: skip
        """Record a try that failed.

        Parameters
        ----------
        before
            What `begin` returned. Tries that fail at the same time, from several threads, count as one.
        why
            What the host did, as the end of a sentence.
        is_silent
            It sent nothing for as long as it was waited for. A host that has not answered at all in this run is then
            left alone at once: to wait again for each item would cost that time for each.
        has_begun
            It began to answer and did not end in time, which counts as half a try.
        retry_after
            Seconds for which it asked to be left alone, 0 if it did not.
        """
        with self._lock:
            state, now = self._states[host], self.now()
            if state.failures == before:
                state.failures += _BEGUN if has_begun else 1.0
            until = now + min(timedelta(seconds=min(retry_after, LONGEST.total_seconds())), LONGEST)
            if retry_after > MAX_PAUSE:
                self._left_alone[host] = LeftAlone(host, why, until)
            elif state.failures >= TRIES or (is_silent and not state.has_answered):
                self._left_alone[host] = LeftAlone(host, why, None)

    def judge(self, host: str, before: float, status: int, retry_after: float) -> None:
        """Record an answer by its status."""
        if why := _BUSY.get(status):
            self.failed(host, before, why, retry_after=retry_after)
        else:
            self.answered(host)

    def resting(self) -> list[LeftAlone]:
        """Return the hosts that are left alone until an instant that has not come, by name."""
        with self._lock:
            now = self.now()
            return sorted(rest for rest in self._left_alone.values() if rest.until and rest.until > now)


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds that a Retry-After header asks for, as a number or as a date; 0 if it is neither."""
    header = headers.get("retry-after") or ""
    if header.isdecimal():
        return float(header[:12])
    try:
        return max((parsedate_to_datetime(header) - now).total_seconds(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return 0.0
