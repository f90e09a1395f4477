"""Corporate actions: dividends and splits by ex-date."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from signals.types import Floats, Times

# The change of an adjusted close that is an action and not rounding: relative to the price, and one unit of the second
# decimal, with which adjusted closes are usually written.
_ROUNDING, _CENT = 5e-4, 0.01
_SPLIT = 1.25  # a change by more than this factor is a split


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


def implied(days: Times, close: Floats, adjusted: Floats) -> Actions:
    """Return the actions with which closes have the returns of the adjusted closes.

    Parameters
    ----------
    days, close, adjusted
        Shape ``(N,)``, in any order; of a repeated day the later row counts.

    Notes
    -----
    On an ex-date adjusted / close rises by a factor k, and P * k is the price plus its dividend. Only rises are read
    as dividends: some exports adjust nothing but the day before the ex-date.
    """
    order = np.argsort(days, kind="stable")
    order = order[np.append(np.diff(days[order]).astype(np.int64) != 0, True)]
    order = order[np.isfinite(close[order]) & (close[order] > 0) & (adjusted[order] > 0)]
    if len(order) < 2:
        return no_actions()
    price, factor = close[order], adjusted[order] / close[order]
    step = np.append(1.0, factor[1:] / factor[:-1])
    noise = _ROUNDING + _CENT / np.minimum(price, np.append(price[0], price[:-1]))
    is_split = (step > _SPLIT) | (step < 1 / _SPLIT)
    dividend = np.where((step > 1 + noise) & ~is_split, price * (step - 1), 0.0)
    return merge(days[order], dividend, np.where(is_split, step, 1.0))
