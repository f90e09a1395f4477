"""Moves -> shrunk effects: how large a move probably is, by what earlier events of its study turned out to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np

from signals.store import Connection, moves
from signals.study.effects import evidence, shrunk
from signals.types import Status


def shrink(db: Connection, changed: Sequence[Mapping[str, Any]], dropped: Sequence[Any] = ()) -> None:
    """Bring the evidence up to date with moves that changed or were dropped, and write what it shrinks."""
    gone = [{**row._mapping, "status": Status.UNSCORED} for row in dropped]

    def key(row: Mapping[str, Any]) -> tuple[str, str]:
        return row["study"], row["event_window"]

    for (study, window), group in groupby(sorted([*changed, *gone], key=key), key=key):
        rows = list(group)
        ended = {row["last_session"] for row in rows} - {None}
        moves.save_effects(db, study, window, _evidence(db, study, window, ended))
        scored = [row for row in rows if row["status"] == Status.SCORED]
        if not scored:
            continue
        known = moves.effects_of(db, study, window)
        days = np.array([row.last_session for row in known], dtype="datetime64[D]")
        before = np.searchsorted(days, np.array([row["day_zero"] for row in scored], dtype="datetime64[D]"))
        excess = np.append(0.0, np.cumsum([row.excess for row in known]))[before]
        weight = np.append(0.0, np.cumsum([row.weight for row in known]))[before]
        car, noise = (np.array([row[name] for row in scored]) for name in ("car", "noise"))
        values = shrunk(car, noise, excess, weight).tolist()
        moves.save_shrunk(
            db,
            [
                {"event_id": row["event_id"], "study": study, "event_window": window, "car_shrunk": value}
                for row, value in zip(scored, values, strict=True)
            ],
        )


def _evidence(db: Connection, study: str, window: str, days: set[date]) -> dict[date, tuple[float, float]]:
    """Return, for each day, the evidence of the events whose windows ended on it."""
    found = dict.fromkeys(days, (0.0, 0.0))
    for day, group in groupby(moves.finished_on(db, study, window, days), key=lambda row: row.last_session):
        rows = list(group)
        found[day] = evidence(np.array([r.car for r in rows]), np.array([r.noise for r in rows]))
    return found
