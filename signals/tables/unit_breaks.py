"""Jumps of a close that a split or a change of unit explains better than the news.

Closes that are not adjusted for a split, or that change from pounds to pence, jump by a ratio of small whole numbers or
by a hundred. Measured as a move, such a jump would be the largest of its year. A jump is held back if

- it is larger than 20 times, up or down: no share moves so far between two closes; or
- it is unusual for the instrument, and lies near one of `RATIOS`; or
- it is unusual, larger than 3:2, and undone within `RETURNS` sessions: a bad tick, smaller than those that screening
  rejects in the nightly run.

A share can lose half its value on a day, and that day is then held back too. Two things tell it apart: the volume,
where it is `SURGE` times the usual number of shares after the split that the jump might be; and the user, who confirms
it.
"""

from __future__ import annotations

import numpy as np

from signals.study.leastsquares import Bools
from signals.types import Floats

#: New shares per old one, or old ones per new one. Ratios below 3:2 are left out: shares fall by a fifth on the news.
RATIOS = np.array([1.5, 2.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20])
LARGEST = 20.0  # as the screening of the nightly run
SURGE = 4.0
_RECENT, _LEAST = 60, 20  # sessions whose moves are the ordinary ones, and the fewest of them
_UNUSUAL = 6.0  # standard deviations beyond which a move is a jump
RETURNS = 3
# How far from a ratio a jump may lie, in logs: a split may come on a day with news. The first two, 3:2 and 5:2, have to
# be met more closely, because a fall by a third is not rare: in standard deviations, then the least and most in logs.
_NEAR = 0.10
_CLOSE, _CLOSEST, _CLOSE_END = 1.5, 0.01, 0.03


def unit_breaks(closes: Floats, volumes: Floats | None = None) -> Bools:
    """Return ``(N, T)`` whether the move from the close before is more likely a split or a change of unit.

    Parameters
    ----------
    closes
        ``(N, T)``, NaN where an instrument was not traded.
    volumes
        ``(N, T)`` shares, NaN where they are not known.
    """
    logs = np.log(closes)
    move = np.full(closes.shape, np.nan)
    move[:, 1:] = np.diff(logs, axis=1)
    breaks: Bools = np.abs(move) > np.log(LARGEST) * (1 + 1e-9)
    for row in np.flatnonzero((np.abs(move) > np.log(1.3)).any(axis=1)).tolist():
        for column in np.flatnonzero(np.abs(move[row]) > np.log(1.3)).tolist():
            if volumes is not None and _surges(volumes[row], column, move[row, column]):
                continue
            own, usual = _own_move(move, row, column)
            if own > _UNUSUAL * usual:
                breaks[row, column] |= _is_ratio(own, usual)
                breaks[row, _undone_at(logs[row], column)] = True
    return breaks


def _own_move(move: Floats, row: int, column: int) -> tuple[float, float]:
    """Return the size of a move beyond that of the other instruments, and that of an ordinary one, in logs."""
    common = float(np.nanmedian(move[:, column])) if np.isfinite(move[:, column]).sum() > 4 else 0.0
    before = move[row, max(column - _RECENT, 0) : column]
    before = before[np.isfinite(before)]
    usual = 1.4826 * float(np.median(np.abs(before))) if len(before) >= _LEAST else 0.02
    return abs(float(move[row, column]) - common), usual


def _is_ratio(own: float, usual: float) -> bool:
    """Return whether a jump is a ratio of a split times a day's move."""
    distance = np.abs(own - np.log(RATIOS))
    near = np.full(len(RATIOS), _NEAR)
    near[:2] = np.clip(_CLOSE * usual, _CLOSEST, _CLOSE_END)
    return bool((distance <= near).any())


def _undone_at(logs: Floats, column: int) -> list[int]:
    """Return the sessions of a jump and of its return to the close before; none if it lasts, or is below 3:2."""
    before = logs[column - 1]
    if abs(logs[column] - before) < np.log(1.5):
        return []
    after = np.abs(logs[column + 1 : column + 1 + RETURNS] - before) < _NEAR
    return [column, column + 1 + int(np.argmax(after))] if after.any() else []


def _surges(volume: Floats, column: int, move: float) -> bool:
    """Return whether so many shares were traded that the news, and not a split, is the reason."""
    before = volume[max(column - 20, 0) : column]
    before = before[np.isfinite(before)]
    usual = float(np.median(before)) if len(before) else 0.0
    shares_after_split = max(1.0, float(np.exp(-move)))
    return bool(usual > 0 and volume[column] >= SURGE * shares_after_split * usual)
