"""Corporate actions: dividends and splits by ex-date."""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from signals.types import Floats, Times

# A factor between closes and adjusted closes that changes by less than this is one that floating point wrote.
_FLOAT_NOISE = 1e-6
_MOST_DECIMALS = 9  # with more, a number is not rounded
_NEIGHBOURS = 10  # rows on each side among which the decimals of a number are judged: 50.1 may be 50.1000
_FEW = 20  # rows from which on a file shows its decimals, and the usual step; before, it is taken to have two
_MOST_ACTIONS = 0.1  # part of the rows
_YEAR = 250
_SPLIT = 1.25  # a rise by this factor or more is a split
_LEAST_FALL = 0.98  # a smaller fall is no consolidation
_QUARTER = 65  # rows
_JUMP = 6  # median moves: beyond, a close jumps
_LARGEST_TERM = 40  # of the ratio of a split: 4 for 5, 3 for 2, 1 for 40

Mask = NDArray[np.bool_]


class Actions(NamedTuple):
    """Parallel arrays of shape ``(N,)``: ex-dates (``datetime64[D]``), ascending and unique, dividends and splits."""

    ex_date: Times
    dividend: Floats
    split: Floats


def no_actions() -> Actions:
    """Return empty arrays."""
    return Actions(np.array([], dtype="datetime64[D]"), np.array([]), np.array([]))


def merge(days: Times, dividend: Floats, split: Floats) -> Actions:
    """Return actions by ex-date; dividends of one day add up, splits multiply, and a repeated row counts once.

    Parameters
    ----------
    days, dividend, split
        Shape ``(N,)``, in any order; rows without an action (dividend 0 and split 1) are dropped.
    """
    rows = sorted({(day, d, s) for day, d, s in zip(days.tolist(), dividend, split, strict=True) if d != 0 or s != 1})
    days = np.array(sorted({day for day, _, _ in rows}), dtype="datetime64[D]")
    index = np.searchsorted(days, np.array([day for day, _, _ in rows], dtype="datetime64[D]"))
    dividends, splits = np.zeros(len(days)), np.ones(len(days))
    np.add.at(dividends, index, [d for _, d, _ in rows])
    np.multiply.at(splits, index, [s for _, _, s in rows])
    return Actions(days, dividends, splits)


def implied(days: Times, close: Floats, adjusted: Floats, has_splits: bool = True) -> Actions:
    """Return the actions with which closes have the returns of the adjusted closes.

    Parameters
    ----------
    days, close, adjusted
        Shape ``(N,)``, in any order; of a repeated day the later row counts.
    has_splits
        False: closes are adjusted for splits already, so that every rise is a dividend.

    Notes
    -----
    On an ex-date adjusted / close changes by a factor k. A rise is a dividend, the price times k - 1, and from 5:4 on a
    split of k new shares per old one. A fall is a consolidation, unless it begins a stretch before an ex-date that was
    adjusted alone. What rounding alone can do is no action; it follows from the decimals of the file.
    """
    order = np.argsort(days, kind="stable")
    order = order[np.append(np.diff(days[order]).astype(np.int64) != 0, True)]
    order = order[np.isfinite(close[order]) & (close[order] > 0) & (adjusted[order] > 0)]
    if len(order) < 2:
        return no_actions()
    price, factor = close[order], adjusted[order] / close[order]
    step = np.append(1.0, factor[1:] / factor[:-1])
    noise = _noise(price, adjusted[order], step)
    fall = _consolidations(step, noise, price)
    rise = step > 1 + noise
    is_split = (fall | (rise & (step >= _SPLIT * (1 - np.minimum(noise, 0.005))))) & has_splits
    dividend = np.where(rise & ~is_split, price * (step - 1), 0.0)
    ratio = [_ratio(k, e) if split else 1.0 for k, e, split in zip(step, noise, is_split, strict=True)]
    return merge(days[order], dividend, np.array(ratio))


def _noise(price: Floats, adjusted: Floats, step: Floats) -> Floats:
    """Return by how much rounding can change each step, relative to 1."""
    change = np.abs(step - 1)
    noise = _FLOAT_NOISE + _quotient(_rounding(adjusted) / adjusted)
    # Closes are exact, unless there are too few to see it, or more steps than there can be actions exceed the rest.
    if len(step) < _FEW or np.mean(change > noise) > _MOST_ACTIONS:
        noise = (1 + noise) * (1 + _quotient(_rounding(price) / price)) - 1
    for first in range(0, len(step), _YEAR):
        part = slice(first, first + _YEAR)
        if len(step[part]) >= _FEW:  # three steps in four have no action; if they are not 1, the factor was rounded
            noise[part] = np.maximum(noise[part], 4 * np.quantile(change[part], 0.75, method="lower"))
    return np.asarray(noise * 1.01)


def _quotient(relative: Floats) -> Floats:
    """Return by how much each row over the row before can exceed its true quotient, by the relative error of each."""
    relative = np.minimum(relative, 0.99)
    return np.asarray((1 + np.append(relative[0], relative[:-1])) / (1 - relative) - 1)


def _rounding(values: Floats) -> Floats:
    """Return half a unit of the last decimal that each number and its neighbours are written with."""
    decimals = np.full(len(values), np.inf)
    for places in range(_MOST_DECIMALS, (-1 if len(values) >= _FEW else 1), -1):
        scaled = values * 10.0**places
        decimals[np.abs(scaled - np.rint(scaled)) <= 1e-15 * np.abs(scaled) + 1e-9] = places
    padded = np.pad(decimals, _NEIGHBOURS, constant_values=-np.inf)
    most = sliding_window_view(padded, 2 * _NEIGHBOURS + 1).max(axis=1)
    return np.asarray(0.5 * 10.0**-most)


def _consolidations(step: Floats, noise: Floats, price: Floats) -> Mask:
    """Return where a fall of the factor is a consolidation, and not the beginning of a stretch that was adjusted alone.

    Some exports adjust nothing but the rows before an ex-date. Then the next change takes the fall back, or there is
    none yet, and the close does not jump by it.
    """
    mask = np.zeros(len(step), dtype=bool)
    log_step, moves = np.log(step), np.append(0.0, np.diff(np.log(price)))
    usual = float(np.median(np.abs(moves)))
    changes = np.flatnonzero(np.abs(step - 1) > noise).tolist()
    for n, later in zip_longest(changes, changes[1:]):
        if step[n] > _LEAST_FALL:
            continue
        jumps = abs(moves[n] + log_step[n]) < abs(moves[n])
        if later is not None and abs(step[n] * step[later] - 1) <= noise[n] + noise[later]:
            mask[n] = jumps and abs(log_step[n]) > _JUMP * usual  # the move of a day can look like a small one
        else:
            mask[n] = jumps or later is not None or len(step) - n > _QUARTER
    return mask


def _ratio(step: float, noise: float) -> float:
    """Return the simplest ratio of small numbers that a step can be, else the step itself."""
    for new in range(1, _LARGEST_TERM + 1):
        old = round(new / step)
        if 1 <= old <= _LARGEST_TERM and abs(new / old / step - 1) <= noise:
            return new / old
    return float(step)
