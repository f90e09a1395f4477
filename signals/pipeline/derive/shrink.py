"""Moves -> shrunk effects: how large a move probably is, by what earlier events of its study turned out to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

import numpy as np

from signals.store import Connection, moves
from signals.store.events import DroppedMove
from signals.store.moves import Effect
from signals.study.effects import evidence, shrunk
from signals.types import Move, MoveKey


def shrink(db: Connection, changed: Iterable[Move], dropped: Iterable[DroppedMove] = ()) -> None:
    """Bring the effects up to date with moves that changed or were dropped, and write what they shrink."""
    ended: defaultdict[tuple[str, str], set[date | None]] = defaultdict(set)
    scored: defaultdict[tuple[str, str], list[Move]] = defaultdict(list)
    rows: list[Move | DroppedMove] = [*changed, *dropped]
    for row in rows:
        ended[row.study, row.event_window].add(row.last_session)
        if isinstance(row, Move) and row.unscored is None:
            scored[row.study, row.event_window].append(row)
    for study, window in sorted(ended):
        days = {day for day in ended[study, window] if day is not None}
        moves.save_effects(db, study, window, _effects(db, study, window, days))
        if (study, window) in scored:
            moves.save_shrunk(db, _shrunk(db, study, window, scored[study, window]))


def _effects(db: Connection, study: str, window: str, days: set[date]) -> list[Effect]:
    """Return, for each day, what the events say whose windows ended on it."""
    effects = {day: Effect(day, 0.0, 0.0) for day in days}
    for day, group in groupby(moves.finished_on(db, study, window, days), key=lambda row: row.last_session):
        rows = list(group)
        excess, weight = evidence(np.array([r.car for r in rows]), np.array([r.noise for r in rows]))
        effects[day] = Effect(day, excess, weight)
    return list(effects.values())


def _shrunk(db: Connection, study: str, window: str, scored: Sequence[Move]) -> dict[MoveKey, float]:
    """Shrink scored moves by the effects of the windows that had ended before their day zero."""
    effects = moves.effects_of(db, study, window)
    days = np.array([effect.last_session for effect in effects], dtype="datetime64[D]")
    before = np.searchsorted(days, np.array([move.day_zero for move in scored], dtype="datetime64[D]"))
    excess = np.append(0.0, np.cumsum([effect.excess for effect in effects]))[before]
    weight = np.append(0.0, np.cumsum([effect.weight for effect in effects]))[before]
    car = np.array([move.car for move in scored], dtype=float)
    noise = np.array([move.noise for move in scored], dtype=float)
    values = shrunk(car, noise, excess, weight).tolist()
    return dict(zip([move.key for move in scored], values, strict=True))
