"""The plan's instruments and studies -> tables that SQL can join."""

from __future__ import annotations

from typing import Any

from signals.pipeline import Plan
from signals.sessions import zone_of
from signals.store import Connection, instruments
from signals.types import IntradayStudy, Study


def mirror(db: Connection, plan: Plan) -> None:
    """Write the instruments and studies of the plan."""
    studies: list[Study | IntradayStudy] = [*plan.studies, *plan.intraday]
    windows = [
        {
            "study": study.name,
            "event_window": str(window),
            "model": study.model_name,
            "estimation": study.estimation,
            "gap": study.gap,
            "min_observations": study.min_observations,
            "interval": study.interval,
        }
        for study in studies
        for window in study.windows
    ]
    instruments.mirror(db, instrument_rows(plan), windows)


def instrument_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the instruments of the plan with their time zones; raises ConfigError for a market that is not known."""
    return [
        {
            "ticker": i.ticker,
            "name": i.name,
            "mic": i.mic,
            "timezone": zone_of(i.mic),
            "currency": i.currency,
            "kind": i.kind,
            "benchmark": i.benchmark,
        }
        for i in plan.instruments
    ]
