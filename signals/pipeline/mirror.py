"""The plan's instruments and studies -> tables that SQL can join."""

from __future__ import annotations

from signals.pipeline import Plan
from signals.sessions import zone_of
from signals.store import Store, markets


def mirror(store: Store, plan: Plan) -> None:
    """Write the instruments and studies of the plan; raises ConfigError for a market that is not known."""
    instruments = [
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
        for study in plan.studies
        for window in study.windows
    ]
    with store.write() as db:
        markets.mirror(db, instruments, windows)
