"""Dividends and splits as three parallel arrays: ex-dates ascending and unique, dividend, split."""

from __future__ import annotations

import numpy as np

from signals.types import Floats, Times

# What an adjusted close must change by to be an action and not rounding: a part of the price, and a unit of the
# second decimal, in which adjusted closes are usually written.
_ROUNDING, _CENT = 5e-4, 0.01
_SPLIT = 1.25  # a change by more than this factor is a split


def none() -> tuple[Times, Floats, Floats]:
    """Return no action."""
    return np.array([], dtype="datetime64[D]"), np.array([]), np.array([])


def merged(days: Times, dividend: Floats, split: Floats) -> tuple[Times, Floats, Floats]:
    """Order actions by ex-date; dividends of one day add up, splits multiply, and a row that stands twice counts once.

    Parameters
    ----------
    days, dividend, split
        Shape ``(N,)``; rows that say nothing (dividend 0 and split 1) are dropped.
    """
    rows = sorted({(day, d, s) for day, d, s in zip(days.tolist(), dividend, split, strict=True) if d != 0 or s != 1})
    days = np.array(sorted({day for day, _, _ in rows}), dtype="datetime64[D]")
    at = np.searchsorted(days, np.array([day for day, _, _ in rows], dtype="datetime64[D]"))
    dividends, splits = np.zeros(len(days)), np.ones(len(days))
    np.add.at(dividends, at, [d for _, d, _ in rows])
    np.multiply.at(splits, at, [s for _, _, s in rows])
    return days, dividends, splits


def implied(days: Times, close: Floats, adjusted: Floats) -> tuple[Times, Floats, Floats]:
    """Derive actions from closes and adjusted closes, so that they give the adjusted closes' returns.

    Parameters
    ----------
    days, close, adjusted
        Shape ``(N,)``, in any order; where a day stands twice the later row counts.

    Notes
    -----
    On an ex-date adjusted / close rises by a factor k, and P * k is the price plus its dividend. Only rises are read
    as dividends: some exports adjust nothing but the day before the ex-date.
    """
    order = np.argsort(days, kind="stable")
    order = order[np.append(np.diff(days[order]).astype(np.int64) != 0, True)]
    order = order[np.isfinite(close[order]) & (close[order] > 0) & (adjusted[order] > 0)]
    if len(order) < 2:
        return none()
    price, factor = close[order], adjusted[order] / close[order]
    step = np.append(1.0, factor[1:] / factor[:-1])
    noise = _ROUNDING + _CENT / np.minimum(price, np.append(price[0], price[:-1]))
    is_split = (step > _SPLIT) | (step < 1 / _SPLIT)
    dividend = np.where((step > 1 + noise) & ~is_split, price * (step - 1), 0.0)
    return merged(days[order], dividend, np.where(is_split, step, 1.0))
