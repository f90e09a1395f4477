"""Rows of v_events -> the average move of a set of events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import numpy as np

FEWEST = 5


def aggregates(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return one row per study and window: how many events, their average move and abnormal move.

    An event counts once, however many articles fall on it. Below `FEWEST` events there is no test but a reason.
    """

    def key(event: Mapping[str, Any]) -> tuple[str, str]:
        return event["study"], event["event_window"]

    rows = []
    for (study, window), group in groupby(sorted((e for e in events if e["status"] == "scored"), key=key), key=key):
        listed = list(group)
        car = np.array([e["car"] for e in listed])
        row: dict[str, Any] = {
            "study": study,
            "event_window": window,
            "events": len(listed),
            "ret": float(np.mean([e["ret"] for e in listed])),
            "caar": float(car.mean()),
            "test": None,
            "t_stat": None,
            "reason": "",
        }
        if len(listed) < FEWEST:
            row["reason"] = f"{len(listed)} events; a test wants {FEWEST}"
        elif car.std() > 0:
            row["test"] = "cross_sectional_t"
            row["t_stat"] = float(car.mean() / (car.std(ddof=1) / np.sqrt(len(car))))
        rows.append(row)
    return rows
