"""How much an instrument moves on ordinary days, and how often unusually, in sentences."""

from __future__ import annotations

from signals.reports.format import plural, size
from signals.types import InstrumentRow

NO_NEWS = "no known news"


def typical_move(rate: InstrumentRow) -> str:
    """Write the size of a daily move, with and without what the benchmark explains."""
    total = f"typical daily move {size(rate.typical_ret)} (median); 5% of days exceed {size(rate.large_ret)}"
    return f"{total}. Abnormal part: typically {size(rate.typical_ar)}; 5% of days exceed {size(rate.large_ar)}"


def how_often(rate: InstrumentRow) -> str:
    """Write how often an instrument moves unusually, with and without news."""
    sessions = plural(rate.measured_sessions or 0, "session")
    verb = "was" if rate.unusual_sessions == 1 else "were"
    unusual = f"{rate.unusual_sessions:,} of {sessions} since {rate.first_measured} {verb} unusual (p at most 0.01)"
    return f"{unusual}, {rate.unexplained_sessions:,} of them with {NO_NEWS}"
