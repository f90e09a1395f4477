"""What a user knows of prices that their source does not say, put into the bars as they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from signals.types import Bars, Correction, Floats


def corrected(bars: Bars, corrections: Iterable[Correction]) -> Bars:
    """Return bars with the scales and the splits that hold for their source.

    A scale multiplies prices. A split replaces the source's own of that day; where the prices are split-adjusted
    already, it divides the prices before it.
    """
    for one in corrections:
        if one.source not in (None, bars.source):
            continue
        if one.scale is not None:
            bars = _scaled(bars, one, one.scale)
        if one.split is not None:
            bars = _split(bars, np.datetime64(one.first), one.split)
    return bars


def _scaled(bars: Bars, one: Correction, scale: float) -> Bars:
    days = bars.start.astype("datetime64[D]")
    inside = days >= np.datetime64(one.first)
    if one.last is not None:
        inside &= days <= np.datetime64(one.last)
    return _multiplied(bars, np.where(inside, scale, 1.0))


def _split(bars: Bars, day: np.datetime64, split: float) -> Bars:
    if bars.split_adjusted:
        return _multiplied(bars, np.where(bars.start.astype("datetime64[D]") < day, 1 / split, 1.0))
    same = bars.action_date == day
    if same.any():
        return replace(bars, split=np.where(same, split, bars.split))
    at = int(np.searchsorted(bars.action_date, day))
    return replace(
        bars,
        action_date=np.insert(bars.action_date, at, day),
        dividend=np.insert(bars.dividend, at, 0.0),
        split=np.insert(bars.split, at, split),
    )


def _multiplied(bars: Bars, factor: Floats) -> Bars:
    prices = {name: getattr(bars, name) * factor for name in ("open", "high", "low", "close")}
    return replace(bars, **prices)
