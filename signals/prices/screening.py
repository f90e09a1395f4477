"""Screening: the checks that every bar passes before it is stored. Pure; each source calls `screen` once.

A bar is rejected for its close. Where only the open, high or low is impossible, that price becomes NaN and the close
stays. A series that contradicts itself (two values for one day, weekly bars called daily) is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from signals.errors import UnreadableError
from signals.prices.intervals import DAY, interval_seconds
from signals.types import Bars, Floats, History, Ints, Quarantined, Times

Mask = NDArray[np.bool_]

_NAMES = ("1m", "2m", "5m", "10m", "15m", "30m", "1h", "2h", "4h", "1d", "1wk", "1mo")
_FIELDS = ("open", "high", "low", "close", "volume")

# A close that jumps by more than this factor and returns to within BACK of its earlier level in REACH bars is a spike.
JUMP, BACK, REACH = 5.0, 2.0, 3
# The last close has no bar after it that would show a bad tick; from this factor on it is rejected until there is one.
# Real shares do fall by nine tenths in a day.
UNCONFIRMED = 20.0
# Relative tolerances: between two copies of one price, and of a rounded price beside its range.
_SAME, _ROUNDED = 1e-6, 1e-4
_FEW = 10  # bars from which on the spacing is checked


def screen(bars: Bars, now: datetime, duplicates: Literal["refuse", "last"] = "refuse") -> History:
    """Return the bars in order, without those that cannot be true.

    Parameters
    ----------
    bars
        As the vendor gave them: in any order, with repeated days, and daily bars with a time of day.
    now
        UTC. Bars that had not begun by then are rejected, and the other checks do not read them.
    duplicates
        Whether a day that stands twice with different values is an error, or the later row a correction.

    Raises
    ------
    UnreadableError
        A day stands twice with different values, or the spacing does not fit the interval.
    """
    future = _begins_after(bars, now)
    rejected = _quarantined(bars, future, "future", _detail("it had not begun when it was fetched"))
    bars = _take(bars, np.flatnonzero(~future))
    bars = _take(bars, np.argsort(bars.start, kind="stable"))
    _refuse_wrong_spacing(bars)
    if interval_seconds(bars.interval) >= DAY:
        bars = replace(bars, start=bars.start.astype("datetime64[D]").astype("datetime64[s]"))
    bars = _without_repeats(bars, duplicates)
    bars, bad_prices = _without_impossible_prices(bars)
    reasons = _reasons(bars)
    for reason, (mask, detail) in reasons.items():
        rejected += _quarantined(bars, mask, reason, detail)
    bad_close = np.logical_or.reduce([mask for mask, _ in reasons.values()])
    rejected_starts = {q.start for q in rejected}
    rejected += [q for q in bad_prices if q.start not in rejected_starts]
    return History(_take(bars, np.flatnonzero(~bad_close)), tuple(rejected))


def span(history: History, first: date, last: date, sessions: Times | None = None) -> History:
    """Return the part from `first` to `last`, both included; `sessions` are the bars' local dates, by default UTC's."""
    low, high = np.datetime64(first, "D"), np.datetime64(last, "D")
    days = (history.bars.start if sessions is None else sessions).astype("datetime64[D]")
    bars = _take(history.bars, np.flatnonzero((low <= days) & (days <= high)))
    index = np.flatnonzero((low <= bars.action_date) & (bars.action_date <= high))
    bars = replace(bars, action_date=bars.action_date[index], dividend=bars.dividend[index], split=bars.split[index])
    return History(bars, tuple(q for q in history.quarantined if not _lies_outside(q.start, first, last)))


def _lies_outside(start: str, first: date, last: date) -> bool:
    try:
        return not first <= date.fromisoformat(start[:10]) <= last
    except ValueError:
        return False  # a row without a date belongs to every span


def _take(bars: Bars, index: Ints) -> Bars:
    values = {name: getattr(bars, name)[index] for name in _FIELDS}
    return replace(bars, start=bars.start[index], **values)


def _begins_after(bars: Bars, now: datetime) -> Mask:
    utc = now.replace(tzinfo=None)
    if interval_seconds(bars.interval) >= DAY:
        # A date that has not begun anywhere: no zone is more than 14 hours ahead of UTC.
        return np.asarray(bars.start.astype("datetime64[D]") > np.datetime64((utc + timedelta(hours=14)).date(), "D"))
    return np.asarray(bars.start > np.datetime64(utc, "s"))


def _without_repeats(bars: Bars, duplicates: str) -> Bars:
    repeated = np.flatnonzero(bars.start[1:] == bars.start[:-1]) + 1
    if not repeated.size:
        return bars
    if duplicates == "refuse":
        for name in _FIELDS:
            values = getattr(bars, name)
            first, second = values[repeated - 1], values[repeated]
            same = np.isclose(first, second, rtol=_SAME, atol=0.0, equal_nan=True)
            if not same.all():
                at = int(np.flatnonzero(~same)[0])
                raise UnreadableError(
                    bars.source, bars.symbol,
                    f"{_start_text(bars, repeated[at])} stands twice with different values ({name} {first[at]:g} and "
                    f"{second[at]:g}); remove one, or set `duplicates: last` if the later row is the correction",
                )  # fmt: skip
    return _take(bars, np.flatnonzero(np.append(bars.start[1:] != bars.start[:-1], True)))


def _refuse_wrong_spacing(bars: Bars) -> None:
    gaps = np.diff(np.unique(bars.start)).astype("timedelta64[s]").astype(np.int64)
    if len(gaps) + 1 < _FEW:
        return
    expected, typical, finest = interval_seconds(bars.interval), int(np.median(gaps)), int(gaps.min())
    if expected == DAY:
        fits = DAY <= typical < 5 * DAY
    elif expected < DAY:
        # Trading pauses widen gaps, so the finest gap shows a coarser series and the typical gap a finer one.
        fits = typical >= expected and finest <= expected
        typical = typical if typical < expected else finest
    else:
        fits = 0.5 * expected < typical < 2 * expected
    if not fits:
        actual = min(_NAMES, key=lambda name: abs(np.log(interval_seconds(name) / max(typical, 1))))
        raise UnreadableError(
            bars.source, bars.symbol,
            f"the bars are called {bars.interval} and are spaced like {actual}; set `interval: {actual}`, or give bars "
            f"of {bars.interval}",
        )  # fmt: skip


def _without_impossible_prices(bars: Bars) -> tuple[Bars, list[Quarantined]]:
    """Set to NaN each open, high or low that is not a price, and each open outside the low and the high."""
    rejected: list[Quarantined] = []
    values = {name: getattr(bars, name) for name in ("open", "high", "low")}
    for name, column in values.items():
        mask = (column <= 0) | np.isinf(column)
        detail = _detail(f"the {name} is {{:g}}; the close is stored", column)
        rejected += _quarantined(bars, mask, f"bad_{name}", detail)
        values[name] = np.where(mask, np.nan, column)
    outside = _outside(values["open"], values["low"], values["high"]) & ~(values["high"] < values["low"])
    detail = _detail("the open {:g} is outside the low {:g} and the high {:g}; the close is stored",
                     values["open"], values["low"], values["high"])  # fmt: skip
    rejected += _quarantined(bars, outside, "bad_open", detail)
    values["open"] = np.where(outside, np.nan, values["open"])
    return replace(bars, **values), rejected


def _reasons(bars: Bars) -> dict[str, tuple[Mask, Callable[[int], str]]]:
    """Return the bars to reject by reason, with the detail of each; a bar has one reason at most."""
    close, high, low = bars.close, bars.high, bars.low
    unpriced = np.isnan(close) & ~(np.isnan(bars.open) & np.isnan(high) & np.isnan(low))
    infinite = np.isinf(close)
    negative = close <= 0
    crossed = ~negative & ~infinite & (_outside(close, low, high) | (high < low))
    valid = np.flatnonzero(np.isfinite(close) & ~negative & ~crossed)
    spikes, unconfirmed = np.zeros(len(bars), dtype=bool), np.zeros(len(bars), dtype=bool)
    spikes[valid] = _spikes(close[valid])
    valid = valid[~spikes[valid]]
    days = bars.start[valid].astype("datetime64[D]")
    unconfirmed[valid] = _unconfirmed(close[valid]) & ~np.isin(days, bars.action_date[bars.split != 1.0])
    return {
        "no_close": (unpriced, _detail("the row has prices and no close")),
        "non_finite": (infinite, _detail("the close is not a finite number")),
        "non_positive": (negative, _detail("the close is {:g}", close)),
        "inconsistent": (crossed, _detail("close {:g}, low {:g} and high {:g} exclude each other", close, low, high)),
        "spike": (spikes, _detail("the close jumps to {:g} and back", close)),
        "unconfirmed": (unconfirmed, _detail("the last close jumps to {:g}; the next bar must confirm it, or a split "
                                             "on that day explain it", close)),
    }  # fmt: skip


def _outside(price: Floats, low: Floats, high: Floats) -> Mask:
    return np.asarray((price > high * (1 + _ROUNDED)) | (price < low * (1 - _ROUNDED)))


def _spikes(close: Floats) -> Mask:
    """Return a mask of bad ticks among positive closes. A move that lasts, such as a split, is not one."""
    level = np.log(close)
    bad = np.zeros(len(close), dtype=bool)
    next_free = 0
    for i in (np.flatnonzero(np.abs(np.diff(level)) > np.log(JUMP)) + 1).tolist():
        if i < next_free:
            continue
        back = np.flatnonzero(np.abs(level[i + 1 : i + 1 + REACH] - level[i - 1]) < np.log(BACK))
        if back.size:
            next_free = i + 2 + int(back[0])  # the return is a jump too
            bad[i : next_free - 1] = True
    return bad


def _unconfirmed(close: Floats) -> Mask:
    """Return a mask of the last bar where it jumps: the bar that would show whether it returns does not exist yet."""
    last = np.zeros(len(close), dtype=bool)
    if len(close) > 1:
        last[-1] = abs(np.log(close[-1] / close[-2])) > np.log(UNCONFIRMED)
    return last


def _start_text(bars: Bars, i: int) -> str:
    return str(bars.start[i].astype("datetime64[D]" if interval_seconds(bars.interval) >= DAY else "datetime64[s]"))


def _detail(template: str, *columns: Floats) -> Callable[[int], str]:
    return lambda i: template.format(*(column[i] for column in columns))


def _quarantined(bars: Bars, mask: Mask, reason: str, detail: Callable[[int], str]) -> list[Quarantined]:
    index = np.flatnonzero(mask).tolist()
    return [Quarantined(bars.symbol, bars.source, _start_text(bars, i), reason, detail(i)) for i in index]
