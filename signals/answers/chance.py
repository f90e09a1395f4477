"""Judged events -> whether what was said of chance came out, over the whole store."""

from __future__ import annotations

import numpy as np

from signals.pipeline.derive.error_rates import first_day, groups_of
from signals.store import Connection, error_rates
from signals.study.reliability import reliability
from signals.types import Reliability

MOST_EVENTS = 20_000  # newest events that are looked at: enough for every tenth of chance


def chance_reliability(db: Connection) -> list[Reliability]:
    """Compare the chance that was stated of events with what came out, each event by its deciding study and window."""
    rates = error_rates.all_rates(db)
    number = {(rate.study, rate.event_window, rate.first_day, rate.relevance_class): n for n, rate in enumerate(rates)}
    judged = [
        (number[key], row.p_value)
        for row in error_rates.judged(db, MOST_EVENTS)
        if (key := (row.study, row.event_window, first_day(row.day_zero), row.relevance_class)) in number
    ]
    of_group = np.array([group for group, _ in judged], dtype=np.int64)
    return reliability(list(map(groups_of, rates)), of_group, np.array([p for _, p in judged], dtype=float))
