"""Market clocks: the sessions of a market with their hours, and the session that reacts to a publication instant."""

from signals.sessions.anchors import ANCHORS, day_zero, day_zeros, reacting_sessions
from signals.sessions.evidence import Evidence
from signals.sessions.market_clock import Clock, clock, utc_offsets
from signals.sessions.markets import share_calendar, supported_mics, zone_of

__all__ = [
    "ANCHORS", "Clock", "Evidence", "clock", "day_zero", "day_zeros", "reacting_sessions",
    "share_calendar",     "supported_mics", "utc_offsets", "zone_of",
]  # fmt: skip
