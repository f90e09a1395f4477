"""The plan's instruments and studies -> tables that SQL can join, and what a price source has to know of them."""

from __future__ import annotations

from signals.pipeline import Plan
from signals.sessions import zone_of
from signals.store import Connection, instruments
from signals.store.instruments import MirroredInstrument, StudyWindow
from signals.types import IntradayStudy, Listing, Study

_EVERY_DAY = ("crypto", "fx")  # kinds whose bars may fall on weekends whatever their market


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


def listings(plan: Plan, source: str) -> dict[str, Listing]:
    """Return the instruments that a price source serves, by its symbols; raises ConfigError for an unknown market."""
    return {
        i.symbols[source]: Listing(zone_of(i.mic, plan.rules_of(i.mic)), i.kind not in _EVERY_DAY, i.quoted_in)
        for i in plan.instruments
        if source in i.symbols
    }
