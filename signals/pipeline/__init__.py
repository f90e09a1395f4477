"""The three strokes, each read -> pure -> write: `ingest`, `refresh`, `score`.

The database is the only hand-over between them. Each can be run alone, killed at any point and run again, and ends in
the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from signals.types import Instrument, IntradayStudy, Study

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a night works with, besides the store and the sources.

    `studies` measure whole sessions, `intraday` by the clock; `price_sources` is the order of preference; `close_times`
    is when a source strikes its daily close, in the market's own time, where that is not the calendar's; `fx` names the
    instrument that prices one currency in another, by the six letters of both; `q_level` and `min_relevance` are what a
    link must reach.
    """

    instruments: tuple[Instrument, ...]
    studies: tuple[Study, ...]
    intraday: tuple[IntradayStudy, ...]
    price_sources: tuple[str, ...]
    plausible_zones: tuple[str, ...]
    q_level: float
    min_relevance: float
    close_times: Mapping[str, time] = field(default_factory=dict)
    fx: Mapping[str, str] = field(default_factory=dict)

    def first_source(self, instrument: Instrument) -> str | None:
        """Return the source that an instrument prefers, whether it has bars or not."""
        return next((name for name in self.price_sources if name in instrument.symbols), None)


@dataclass(frozen=True, slots=True)
class Stamped:
    """The run that a stroke belongs to: its number and its clock."""

    run_id: int
    now: datetime
