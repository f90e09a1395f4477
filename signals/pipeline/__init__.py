"""The stages of a run, each read -> pure -> write: ingest, refresh, score.

The database is the only hand-over between them. Each can be run alone, killed at any point and run again, and ends in
the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from signals.types import Instrument, IntradayStudy, MarketRules, Study

Progress = Callable[[str, int, int], None]


def _labelled(label: str, key: str = "") -> Mapping[str, str]:
    """Return how a change of a setting is named: by its label and, if it holds several things, by the key of each."""
    return {"label": label, "key": key}


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings that a derivation works with, besides the store and the sources.

    A store keeps the plan that its rows were derived by. Each field says how a change of it is named, so that no change
    of the configuration can go unnoticed; see `signals.pipeline.plan_diff`.

    Attributes
    ----------
    studies, intraday
        How moves are measured on whole sessions, and on windows by the clock.
    price_sources
        The price sources in the order of preference.
    q_level, min_relevance
        What a link must reach to be called a move.
    close_times
        When a source sets its daily close, in the market's own time, if that is not the calendar's close.
    fx
        The instrument that prices one currency in another, by the six letters of both.
    markets
        What the configuration says of sessions and hours, with every row of its files.
    """

    instruments: tuple[Instrument, ...] = field(metadata=_labelled("instrument", "ticker"))
    studies: tuple[Study, ...] = field(metadata=_labelled("study", "name"))
    intraday: tuple[IntradayStudy, ...] = field(metadata=_labelled("intraday study", "name"))
    price_sources: tuple[str, ...] = field(metadata=_labelled("the order of price sources"))
    plausible_zones: tuple[str, ...] = field(metadata=_labelled("plausible_zones"))
    q_level: float = field(metadata=_labelled("verdicts.q"))
    min_relevance: float = field(metadata=_labelled("verdicts.relevance"))
    close_times: Mapping[str, time] = field(default_factory=dict, metadata=_labelled("close_time of a price source"))
    fx: Mapping[str, str] = field(default_factory=dict, metadata=_labelled("fx"))
    markets: tuple[MarketRules, ...] = field(default=(), metadata=_labelled("market", "mic"))

    def rules_of(self, mic: str) -> MarketRules | None:
        """Return what the configuration says of a market, if it says something."""
        return next((rules for rules in self.markets if rules.mic == mic), None)

    def first_source(self, instrument: Instrument) -> str | None:
        """Return the source that an instrument prefers, whether it has bars or not."""
        return next((name for name in self.price_sources if name in instrument.symbols), None)

    def by_ticker(self) -> dict[str, Instrument]:
        """Return the instruments by their tickers."""
        return {instrument.ticker: instrument for instrument in self.instruments}


@dataclass(frozen=True, slots=True)
class RunContext:
    """The run that a stage belongs to: its number and its clock."""

    run_id: int
    now: datetime
