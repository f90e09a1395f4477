"""Jumps of a price that a split or a change of unit explains better than the news.

Closes that are not adjusted for a split, or that change from pounds to pence, jump by a ratio of small whole numbers or
by a hundred. Measured as a move, such a jump would be the largest of its year. A jump is held back if

- it is larger than 20 times, up or down: no share moves so far between two closes; or
- it is unusual for the instrument, and lies near one of `RATIOS`; or
- it is unusual, larger than 3:2, and undone within `RETURNS` sessions: a bad tick, smaller than those that screening
  rejects in the nightly run; or
- it falls on the day of a split, and is no jump if the split is in the prices already, or is not yet.

A share can lose half its value on a day, and that day is then held back too. Three things tell it apart: the volume,
where it is `SURGE` times the usual number of shares after the split that the jump might be; the way from the open to
the close, where that is unusual too, because a split is over before the open; and the user, who confirms it.
"""

from __future__ import annotations

import numpy as np

from signals.study.leastsquares import Bools
from signals.types import BreakKind, Floats

#: New shares per old one, or old ones per new one. Ratios below 3:2 are left out: shares fall by a fifth on the news.
RATIOS = np.array([1.5, 2.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20])
LARGEST = 20.0  # as the screening of the nightly run
SURGE = 4.0
RETURNS = 3
LEAST_SPLIT = 1.2  # a smaller one is within what news moves
_UNITS = np.array([100.0, 1000.0])
_RECENT, _LEAST = 60, 20  # sessions whose moves are the ordinary ones, and the fewest of them
_UNUSUAL = 6.0  # standard deviations beyond which a move is a jump
_JUMP = float(np.log(1.3))
# How far from a ratio a jump may lie, in logs: a split may come on a day with news. The first two, 3:2 and 5:2, have to
# be met more closely, because a fall by a third is not rare: in standard deviations, then the least and most in logs.
_NEAR = 0.10
_CLOSE, _CLOSEST, _CLOSE_END = 1.5, 0.01, 0.03


def unit_breaks(returns: Floats, volumes: Floats | None = None, in_session: Floats | None = None) -> Bools:
    """Return ``(N, T)`` whether a return is more likely a split or a change of unit.

    Parameters
    ----------
    returns
        ``(N, T)`` from close to close, with the splits that are known; NaN where there is none.
    volumes
        ``(N, T)`` shares, NaN where they are not known.
    in_session
        ``(N, T)`` returns from open to close, NaN where they are not known.
    """
    move = np.log1p(returns)
    breaks: Bools = np.abs(move) > np.log(LARGEST) * (1 + 1e-9)
    for row in np.flatnonzero((np.abs(move) > _JUMP).any(axis=1)).tolist():
        level = np.nancumsum(move[row])
        for column in np.flatnonzero(np.abs(move[row]) > _JUMP).tolist():
            if volumes is not None and _surges(volumes[row], column, move[row, column]):
                continue
            own, usual = _own_move(move, row, column)
            if in_session is not None and abs(np.log1p(in_session[row, column])) > _UNUSUAL * usual:
                continue
            if own > _UNUSUAL * usual:
                breaks[row, column] |= _is_ratio(own, usual)
                breaks[row, _undone_at(level, move[row], column)] = True
    return breaks


def split_breaks(returns: Floats, splits: Floats, split_adjusted: bool) -> Bools:
    """Return ``(T,)`` whether the price on the day of a split shows that its source says the wrong thing of it.

    Parameters
    ----------
    returns
        ``(T,)`` with the splits that are applied.
    splits
        ``(T,)`` new shares per old one on each session, 1 if none, whether they are applied or not.
    split_adjusted
        Whether the source says that its prices are divided by later splits, so that none was applied.
    """
    move, split = np.log1p(returns), np.log(splits)
    other = move + split if split_adjusted else move - split
    breaks: Bools = (np.abs(split) >= np.log(LEAST_SPLIT)) & (np.abs(other) < np.abs(move))
    for column in np.flatnonzero(breaks).tolist():
        breaks[column] = abs(move[column]) > _UNUSUAL * _usual(move, column) / 2
    return breaks


def break_kind(ret: float, split: float) -> BreakKind:
    """Return what a jump most likely is, by its return and the split of its day (1 if none)."""
    if split != 1.0:
        return BreakKind.SPLIT_TWICE
    size = abs(float(np.log1p(ret)))
    if (np.abs(size - np.log(_UNITS)) < _NEAR).any():
        return BreakKind.UNIT
    return BreakKind.SPLIT if size > np.log(1.4) else BreakKind.SPIKE


def _own_move(move: Floats, row: int, column: int) -> tuple[float, float]:
    """Return the size of a move beyond that of the other instruments, and that of an ordinary one, in logs."""
    common = float(np.nanmedian(move[:, column])) if np.isfinite(move[:, column]).sum() > 4 else 0.0
    return abs(float(move[row, column]) - common), _usual(move[row], column)


def _usual(move: Floats, column: int) -> float:
    before = move[max(column - _RECENT, 0) : column]
    before = before[np.isfinite(before)]
    return 1.4826 * float(np.median(np.abs(before))) if len(before) >= _LEAST else 0.02


def _is_ratio(own: float, usual: float) -> bool:
    """Return whether a jump is a ratio of a split times a day's move."""
    distance = np.abs(own - np.log(RATIOS))
    near = np.full(len(RATIOS), _NEAR)
    near[:2] = np.clip(_CLOSE * usual, _CLOSEST, _CLOSE_END)
    return bool((distance <= near).any())


def _undone_at(level: Floats, move: Floats, column: int) -> list[int]:
    """Return the sessions of a jump and of its return to the close before; none if it lasts, or is below 3:2."""
    if abs(move[column]) < np.log(1.5):
        return []
    last = column + 1 + RETURNS
    back = np.abs(level[column + 1 : last] - (level[column] - move[column])) < _NEAR
    back &= np.isfinite(move[column + 1 : last])
    return [column, column + 1 + int(np.argmax(back))] if back.any() else []


def _surges(volume: Floats, column: int, move: float) -> bool:
    """Return whether so many shares were traded that the news, and not a split, is the reason."""
    before = volume[max(column - 20, 0) : column]
    before = before[np.isfinite(before)]
    usual = float(np.median(before)) if len(before) else 0.0
    shares_after_split = max(1.0, float(np.exp(-move)))
    return bool(usual > 0 and volume[column] >= SURGE * shares_after_split * usual)
