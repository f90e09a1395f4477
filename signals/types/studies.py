"""Studies: named ways of measuring a move, and their event windows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from signals.types.return_models import CONSTANT_MEAN, ReturnModel, return_model

#: The factor of a study that is the mean return of each instrument's peers.
PEERS = "peers"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """An event window in session offsets, both ends included; written ``0..1``."""

    first: int
    last: int

    def __str__(self) -> str:
        """Write the window as the configuration does."""
        return f"{self.first}..{self.last}"

    @property
    def needs_hour(self) -> bool:
        """Whether an article that gives a day and no hour cannot be tied to it: it may begin after the move."""
        return self.last < 1

    @property
    def before_publication(self) -> bool:
        """Whether it ends before day zero: a warning, never a signal."""
        return self.last < 0

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read ``-5..-1``; raises ValueError on anything else."""
        first, dots, last = text.partition("..")
        if not dots:
            raise ValueError(f"a window is written first..last, as in 0..1, not {text!r}")
        window = cls(int(first), int(last))
        if window.last < window.first:
            raise ValueError(f"the window {text!r} ends before it begins")
        return window


_INTRADAY = re.compile(r"(?P<first>-?\d+)(?P<unit>[mh])\.\.(?:(?P<last>-?\d+)(?P<other>[mh])|(?P<close>close))")


_MINUTES = {"m": 1, "h": 60}


@dataclass(frozen=True, slots=True)
class IntradayWindow:
    """A window by the clock, in minutes from publication; written ``0m..60m``, ``0m..close`` or ``overnight``.

    `last` is None for the close of the session, and `first` too for the night: from the close before the first open
    after publication to that open. A window lies before publication or after it.
    """

    first: int | None
    last: int | None

    def __str__(self) -> str:
        """Write the window as the configuration does."""
        if self.first is None:
            return "overnight"
        return f"{self.first}m..{'close' if self.last is None else f'{self.last}m'}"

    @classmethod
    def parse(cls, text: str) -> IntradayWindow:
        """Read ``0m..60m``; raises ValueError on anything else."""
        if text == "overnight":
            return cls(None, None)
        match = _INTRADAY.fullmatch(text)
        if match is None:
            raise ValueError(f"an intraday window is written -30m..0m, 0m..60m, 0m..close or overnight, not {text!r}")
        first = int(match["first"]) * _MINUTES[match["unit"]]
        last = None if match["close"] else int(match["last"]) * _MINUTES[match["other"]]
        if last is not None and last <= first:
            raise ValueError(f"the window {text!r} ends before it begins")
        if first < 0 and (last is None or last > 0):
            raise ValueError(f"the window {text!r} begins before publication and ends after it; make two of it")
        return cls(first, last)

    @property
    def needs_hour(self) -> bool:
        """Whether an article that gives a day and no hour cannot be tied to it."""
        return True

    @property
    def before_publication(self) -> bool:
        """Whether it ends with publication: a warning, never a signal."""
        return self.last is not None and self.last <= 0

    @property
    def delayed(self) -> bool:
        """Whether it begins some time after publication."""
        return self.first is not None and self.first > 0


def window_of(text: str) -> Window | IntradayWindow:
    """Read a window of either kind; raises ValueError on anything else."""
    is_intraday = text == "overnight" or text.endswith(("m", "h", "close"))
    return IntradayWindow.parse(text) if is_intraday else Window.parse(text)


@dataclass(frozen=True, slots=True)
class Study:
    """A named way of measuring a move.

    `factors` are further regressors beside the benchmark of the model `market`: tickers, or `PEERS`. With
    `exclude_events` the estimation window leaves out the instrument's own earlier event days. `decides` is the window
    that an event is called by; see `deciding_window`.
    """

    name: str
    model: str = "market"
    estimation: int = 250
    gap: int = 10
    min_observations: int = 120
    windows: tuple[Window, ...] = (Window(0, 0), Window(0, 1), Window(0, 5), Window(-5, -1))
    interval: str = "1d"
    factors: tuple[str, ...] = ()
    exclude_events: bool = False
    decides: Window | None = None

    @property
    def return_model(self) -> ReturnModel:
        """The model of the study's name for it; raises ValueError for a name that is no model."""
        return return_model(self.model)

    @property
    def needs_benchmark(self) -> bool:
        """Whether the model compares with the benchmark."""
        return self.return_model.needs_benchmark

    @property
    def raw(self) -> Study:
        """The study of the same windows without a benchmark: how unusual the return itself is."""
        return replace(self, name="", model=CONSTANT_MEAN.name, factors=(), decides=None)

    @property
    def model_name(self) -> str:
        """The model with what changes it: ``market + OIL, own events left out``."""
        name = " + ".join((self.model, *self.factors))
        return f"{name}, own events left out" if self.exclude_events else name


@dataclass(frozen=True, slots=True)
class IntradayStudy:
    """A named way of measuring moves by the clock, on bars of `interval`.

    `estimation`, `gap` and `min_observations` count sessions: each session holds a window once.
    """

    name: str
    interval: str
    windows: tuple[IntradayWindow, ...]
    model: str = "market"
    estimation: int = 250
    gap: int = 10
    min_observations: int = 120
    decides: IntradayWindow | None = None

    @property
    def factors(self) -> tuple[str, ...]:
        """Further regressors: none, which are for whole sessions."""
        return ()

    @property
    def return_model(self) -> ReturnModel:
        """The model of the study's name for it; raises ValueError for a name that is no model."""
        return return_model(self.model)

    @property
    def needs_benchmark(self) -> bool:
        """Whether the model compares with the benchmark."""
        return self.return_model.needs_benchmark

    @property
    def model_name(self) -> str:
        """The model."""
        return self.model

    def measured_as(self, model: str) -> Study:
        """Return how the same window on every session is measured: as one that lasts a session."""
        return Study(self.name, model, self.estimation, self.gap, self.min_observations, (Window(0, 0),), self.interval)


def deciding_window(study: Study | IntradayStudy, day_only: bool = False) -> Window | IntradayWindow | None:
    """Return the window of a study that an event is called by, None if all end before publication.

    It is the one that `decides` names, or the first that ends after publication. For an event whose articles give no
    hour it is the next that needs none, if there is one. No return is looked at to choose it.
    """
    after = list(_after_publication(study))
    if study.decides is not None:
        after = after[after.index(study.decides) :]
    return next((w for w in after if not (day_only and w.needs_hour)), after[0] if after else None)


def _after_publication(study: Study | IntradayStudy) -> Iterator[Window | IntradayWindow]:
    yield from (window for window in study.windows if not window.before_publication)
