"""Jumps of a close that a split or a change of unit explains better than the news.

Closes that are not adjusted for a split, or that change from pounds to pence, jump by a ratio of small whole numbers or
by a hundred. Measured as a move, such a jump would be the largest of its year. A jump is held back if

- it is larger than 20 times, up or down: no share moves so far between two closes; or
- it is unusual for the instrument, and lies within its ordinary daily move of one of `RATIOS`.

A share can lose half its value on a day, and that day is then held back too. Two things tell it apart: the volume,
where it is `SURGE` times the usual number of shares after the split that the jump might be; and the user, who confirms
it.
"""

from __future__ import annotations

import numpy as np

from signals.study.leastsquares import Bools
from signals.types import Floats

#: New shares per old one, or old ones per new one. Ratios below 3:2 are left out: shares fall by a fifth on the news.
RATIOS = np.array([1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20])
LARGEST = 20.0  # as the screening of the nightly run
SURGE = 4.0
_RECENT, _LEAST = 60, 20  # sessions whose moves are the ordinary ones, and the fewest of them
_UNUSUAL = 6.0  # standard deviations beyond which a move is a jump
# How far from a ratio a jump may lie: standard deviations, and the least and the most of it, in logs. A fall by a third
# is not rare, so that 3:2 has to be met more closely.
_NEAR, _NEAREST, _FARTHEST = 3.0, 0.02, 0.08
_NEAR_3_2, _NEAREST_3_2, _FARTHEST_3_2 = 1.5, 0.01, 0.03


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
            if not breaks[row, column] and _is_ratio(move, row, column):
                breaks[row, column] = volumes is None or not _surges(volumes[row], column, move[row, column])
    return breaks


def _is_ratio(move: Floats, row: int, column: int) -> bool:
    """Return whether a jump is a ratio of a split times an ordinary day's move."""
    common = float(np.nanmedian(move[:, column])) if np.isfinite(move[:, column]).sum() > 4 else 0.0
    before = move[row, max(column - _RECENT, 0) : column]
    before = before[np.isfinite(before)]
    usual = 1.4826 * float(np.median(np.abs(before))) if len(before) >= _LEAST else _NEAREST
    own = abs(move[row, column] - common)
    if own <= _UNUSUAL * usual:
        return False
    distance = np.abs(own - np.log(RATIOS))
    near = np.full(len(RATIOS), np.clip(_NEAR * usual, _NEAREST, _FARTHEST))
    near[0] = np.clip(_NEAR_3_2 * usual, _NEAREST_3_2, _FARTHEST_3_2)
    return bool((distance <= near).any())


def _surges(volume: Floats, column: int, move: float) -> bool:
    """Return whether so many shares were traded that the news, and not a split, is the reason."""
    before = volume[max(column - 20, 0) : column]
    before = before[np.isfinite(before)]
    usual = float(np.median(before)) if len(before) else 0.0
    shares_after_split = max(1.0, float(np.exp(-move)))
    return bool(usual > 0 and volume[column] >= SURGE * shares_after_split * usual)
