"""Market clocks: the sessions of a market with their hours, and the session that reacts to a publication instant."""

from signals.sessions.anchors import ANCHORS, day_zero, day_zeros, reacting_sessions
from signals.sessions.market_clock import Clock, clock, utc_offsets
from signals.sessions.markets import supported_mics, zone_of

__all__ = [
    "ANCHORS", "Clock", "clock", "day_zero", "day_zeros", "reacting_sessions", "supported_mics", "utc_offsets",
    "zone_of",
]  # fmt: skip
