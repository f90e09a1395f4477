"""Judged events -> whether what was said of chance came out, over the whole store."""

from __future__ import annotations

import numpy as np

from signals.pipeline.derive.error_rates import first_day, groups_of
from signals.store import Connection, error_rates
from signals.study.reliability import reliability
from signals.types import Reliability


def chance_reliability(db: Connection) -> list[Reliability]:
    """Compare the chance that was said of events with what came out, each event by its deciding study and window."""
    judged = error_rates.judged(db)
    rates = error_rates.all_rates(db)
    number = {(rate.study, rate.event_window, rate.first_day, rate.relevance_class): n for n, rate in enumerate(rates)}
    of_group = [number[row.study, row.event_window, first_day(row.day_zero), row.relevance_class] for row in judged]
    p = np.array([row.p_value for row in judged], dtype=float)
    return reliability(list(map(groups_of, rates)), np.array(of_group, dtype=np.int64), p)
