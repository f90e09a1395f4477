"""Bars: prices of one instrument from one source, and the bars that were rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from signals.types.arrays import Floats, Times
from signals.types.labels import BreakKind


@dataclass(frozen=True, slots=True)
class Bars:
    """A run of bars of one instrument from one source, ascending and unique in `start`.

    Attributes
    ----------
    start
        ``datetime64[s]``: for daily bars midnight of the session's date, for finer ones the UTC start of the bar.
    open, high, low, close, volume
        Raw prices in `currency` and units traded; NaN where the source has none. A row whose close is NaN is a session
        without a trade (a halt), kept as a fact.
    action_date, dividend, split
        Ex-dates (``datetime64[D]``) with the dividend per new share (0 if none) and new shares per old one (1 if none).
    split_adjusted
        The vendor has already divided prices and dividends by later splits.
    """

    symbol: str
    source: str
    interval: str
    start: Times
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    action_date: Times
    dividend: Floats
    split: Floats
    fetched_at: datetime
    currency: str | None = None
    split_adjusted: bool = False

    def __len__(self) -> int:
        """Count the bars."""
        return len(self.start)


@dataclass(frozen=True, slots=True)
class SeriesSpan:
    """The first and the last day of a series of daily bars, and how many it has."""

    first: date
    last: date
    bars: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A bar, or a part of one (``bad_open``, ``bad_high``, ``bad_low``), that was not stored, with the reason."""

    symbol: str
    source: str
    start: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """A jump of a price that a split or a change of unit explains better than news.

    `ret` is the return that the source's prices and splits give, `split` the source's split of that day (1 if none).
    """

    ticker: str
    source: str
    day: date
    kind: BreakKind
    ret: float
    split: float


@dataclass(frozen=True, slots=True)
class History:
    """What a price source answered: the bars that passed the screening, and those that were rejected."""

    bars: Bars
    quarantined: tuple[Quarantined, ...] = ()
