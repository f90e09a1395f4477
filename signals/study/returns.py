"""Simple total returns on the sessions of a market clock, from raw prices and corporate actions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from signals.study.leastsquares import Bools
from signals.types import Bars, Floats, Times


@dataclass(frozen=True, slots=True)
class Aligned:
    """One instrument's prices on the T sessions of a clock, each ``(T,)``; NaN where it did not trade.

    `quiet` marks sessions whose bar has no volume and repeats the last price; their prices are NaN. `locked` marks
    sessions with one price all day that differs from the last close. `source_split` has the splits that the source
    names, whether they are applied to returns or are in the prices already.
    """

    open: Floats
    close: Floats
    dividend: Floats
    split: Floats
    quiet: Bools
    locked: Bools
    volume: Floats
    source_split: Floats

    @property
    def ret(self) -> Floats:
        """Close-to-close total returns, shape ``(T,)``; see `total_returns`."""
        return total_returns(self.close, self.dividend, self.split)

    @property
    def ret_gap(self) -> Floats:
        """Previous close to open, dividends and splits included, shape ``(T,)``."""
        gap = np.full_like(self.close, np.nan)
        gap[1:] = self.split[1:] * (self.open[1:] + self.dividend[1:]) / self.close[:-1] - 1
        return gap

    @property
    def ret_session(self) -> Floats:
        """Open to close, shape ``(T,)``."""
        return self.close / self.open - 1


def align(bars: Bars, sessions: Times) -> Aligned:
    """Return daily bars aligned with the sessions of a clock.

    Bars on other dates are ignored. An action whose ex-date is not a session takes effect on the next one. If the
    vendor's prices are already split-adjusted (Yahoo's are), splits are not applied again. A bar that `without_trade`
    marks counts as a session without a trade.

    Parameters
    ----------
    bars
        Daily bars, ascending.
    sessions
        ``datetime64[D]``, ascending, shape ``(T,)``.
    """
    days = bars.start.astype("datetime64[D]")
    column = np.searchsorted(sessions, days)
    on_session = column < len(sessions)
    on_session[on_session] = sessions[column[on_session]] == days[on_session]
    column = column[on_session]
    opens, closes, volume = np.full((3, len(sessions)), np.nan)
    opens[column] = bars.open[on_session]
    volume[column] = bars.volume[on_session]
    closes[column] = bars.close[on_session]
    quiet, locked = np.zeros((2, len(sessions)), dtype=bool)
    quiet[column] = without_trade(bars.close, bars.volume)[on_session]
    changed = np.append(False, bars.close[1:] != bars.close[:-1])[: len(bars)]
    locked[column] = ((bars.high == bars.low) & changed & (bars.volume > 0))[on_session]
    opens[quiet] = closes[quiet] = np.nan
    dividend, split = effective_actions(replace(bars, split_adjusted=False), sessions)
    applied = np.ones(len(sessions)) if bars.split_adjusted else split
    return Aligned(opens, closes, dividend, applied, quiet, locked, volume, split)


def without_trade(close: Floats, volume: Floats) -> Bools:
    """Return ``(T,)`` which bars their vendor filled in: those without volume that repeat the last price.

    A price that differs from the last one counts, whatever its volume (`docs/scoring.md`, Thin trading). A series
    without any volume, as an index, has no such bar, nor has a bar whose volume is not known.
    """
    position = np.where(np.isfinite(close), np.arange(len(close)), -1)
    last = np.append(-1, np.maximum.accumulate(position))[: len(close)]
    repeated = (last >= 0) & (close == close[last])
    filled: Bools = repeated & (volume == 0) & (np.nansum(volume) > 0)
    return filled


def effective_actions(bars: Bars, sessions: Times) -> tuple[Floats, Floats]:
    """Return the dividend and the split that take effect on each session, ``(T,)``; see `align`."""
    dividend, split = np.zeros(len(sessions)), np.ones(len(sessions))
    effective = np.searchsorted(sessions, bars.action_date)
    inside = (effective < len(sessions)) & (bars.action_date >= sessions[:1])
    np.add.at(dividend, effective[inside], bars.dividend[inside])
    if not bars.split_adjusted:
        np.multiply.at(split, effective[inside], bars.split[inside])
    return dividend, split


def total_returns(close: Floats, dividend: Floats, split: Floats) -> Floats:
    """Return ``r_t = S_t (P_t + D_t) / P_{t-1} - 1``.

    Parameters
    ----------
    close, dividend, split
        Shape ``(..., T)``: close P; dividend D per new share with ex-date t (0 if none); new shares S per old one on t
        (1 if none). P and D are in the same currency.

    Returns
    -------
    Floats
        Same shape, decimals. The return across a session without a close is missing, not zero: it is NaN on that
        session and on the next one.
    """
    returns = np.full_like(close, np.nan)
    returns[..., 1:] = split[..., 1:] * (close[..., 1:] + dividend[..., 1:]) / close[..., :-1] - 1
    return returns
