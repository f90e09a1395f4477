"""What the requests of one run share: its budget, and the hosts that are left alone. A run begins with new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from signals.net.budget import RUN, SOURCE, Budget, Limits
from signals.net.hosts import Hosts, utc_now
from signals.types import LeftAlone


class Traffic:
    """The budget and the hosts of a run. All sources of a process share one: `TRAFFIC`."""

    def __init__(self, run: Limits = RUN, source: Limits = SOURCE) -> None:
        self._limits, self._source_limits = run, source
        self.begin()

    def begin(self, resting: Iterable[LeftAlone] = (), clock: Callable[[], datetime] = utc_now) -> None:
        """Begin a run, by its clock; `resting` are the hosts that earlier runs leave alone."""
        self.hosts = Hosts(resting, clock)
        self._run = Budget("the run", self._limits)

    def source_budget(self) -> Budget:
        """Return the budget of one source in this run."""
        return Budget("the source", self._source_limits, self._run)


TRAFFIC = Traffic()
