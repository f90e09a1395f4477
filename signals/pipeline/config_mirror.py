"""The plan's instruments and studies -> tables that SQL can join."""

from __future__ import annotations

from signals.pipeline import Plan
from signals.sessions import zone_of
from signals.store import Connection, instruments
from signals.store.instruments import MirroredInstrument, StudyWindow
from signals.types import IntradayStudy, Study


def mirror_plan(db: Connection, plan: Plan) -> None:
    """Write the instruments and studies of the plan."""
    studies: list[Study | IntradayStudy] = [*plan.studies, *plan.intraday]
    windows = [
        StudyWindow(s.name, str(window), s.model_name, s.estimation, s.gap, s.min_observations, s.interval)
        for s in studies
        for window in s.windows
    ]
    instruments.mirror(db, mirrored_instruments(plan), windows)


def mirrored_instruments(plan: Plan) -> list[MirroredInstrument]:
    """Return the instruments of the plan with their time zones.

    Raises
    ------
    ConfigError
        A market is unknown, or an entry of `markets:` does not say enough.
    """
    for rules in plan.markets:
        zone_of(rules.mic, rules)
    zones = {mic: zone_of(mic, plan.rules_of(mic)) for mic in dict.fromkeys(i.mic for i in plan.instruments)}
    return [
        MirroredInstrument(i.ticker, i.name, i.mic, zones[i.mic], i.currency, i.kind, i.benchmark)
        for i in plan.instruments
    ]
