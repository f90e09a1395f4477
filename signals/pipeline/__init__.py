"""The three strokes, each read -> pure -> write: `ingest`, `refresh`, `score`.

The database is the only hand-over between them. Each can be run alone, killed at any point and run again, and ends in
the same rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from signals.types import Instrument, Study

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a night works with, besides the store and the sources.

    `price_sources` is the order of preference; `q_level` and `min_relevance` are what a link must reach.
    """

    instruments: tuple[Instrument, ...]
    studies: tuple[Study, ...]
    price_sources: tuple[str, ...]
    plausible_zones: tuple[str, ...]
    q_level: float
    min_relevance: float


@dataclass(frozen=True, slots=True)
class Stamped:
    """The run that a stroke belongs to: its number and its clock."""

    run_id: int
    now: datetime
