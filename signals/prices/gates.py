"""Quality gates: what a bar must pass before it leaves this room. Pure; every source calls `screen` once.

A bar is kept out for what is wrong with its close. Where only the open, high or low is impossible, that part is left
out and the close is kept. A series that cannot be what it says it is (two truths for one day, weekly bars called
daily) is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from signals.errors import UnreadableError
from signals.types import Bars, Floats, History, Ints, Quarantined, Times

Mask = NDArray[np.bool_]

DAY = 86_400
_UNITS = {"m": 60, "h": 3_600, "d": DAY, "wk": 7 * DAY, "mo": 30 * DAY}
_NAMES = ("1m", "2m", "5m", "10m", "15m", "30m", "1h", "2h", "4h", "1d", "1wk", "1mo")
_FIELDS = ("open", "high", "low", "close", "volume")

# A close that jumps by more than this factor and is back within BACK of where it was in REACH bars is a bad tick.
JUMP, BACK, REACH = 5.0, 2.0, 3
# The last close has no bar after it to tell a bad tick by; from this factor on it waits for one. Real shares do fall
# by nine tenths in a day.
UNCONFIRMED = 20.0
# Relative differences that are none: between two copies of one price, and of a price rounded beside its range.
_SAME, _ROUNDED = 1e-6, 1e-4
_FEW = 10  # bars from which on a spacing can be judged


def seconds(interval: str) -> int:
    """Return the length of ``1d``, ``1h``, ``5m`` ...; raises ValueError on anything else."""
    unit = interval.lstrip("0123456789")
    count = interval[: len(interval) - len(unit)]
    if unit not in _UNITS or not count or int(count) < 1:
        raise ValueError(f"{interval!r} is not an interval; write 1d, 1h, 30m, 5m ...")
    return int(count) * _UNITS[unit]


def screen(bars: Bars, now: datetime, duplicates: Literal["refuse", "last"] = "refuse") -> History:
    """Order the bars and keep out what cannot be true.

    Parameters
    ----------
    bars
        As the vendor gave them: any order, days may stand twice, daily bars may carry a time of day.
    now
        UTC. What had not begun by then is kept out, and nothing later is looked at.
    duplicates
        What a day that stands twice with different values is: an error, or a correction by the later row.

    Raises
    ------
    UnreadableError
        A day stands twice with different values, or the spacing does not fit the interval.
    """
    ahead = _begins_after(bars, now)
    kept_out = _quarantined(bars, ahead, "future", _shows("it had not begun when it was fetched"))
    bars = _take(bars, np.flatnonzero(~ahead))
    bars = _take(bars, np.argsort(bars.start, kind="stable"))
    _refuse_wrong_spacing(bars)
    if seconds(bars.interval) >= DAY:
        bars = replace(bars, start=bars.start.astype("datetime64[D]").astype("datetime64[s]"))
    bars = _once(bars, duplicates)
    bars, parts = _without_impossible_parts(bars)
    reasons = _reasons(bars)
    for reason, (wrong, detail) in reasons.items():
        kept_out += _quarantined(bars, wrong, reason, detail)
    wrong = np.logical_or.reduce([mask for mask, _ in reasons.values()])
    whole = {q.start for q in kept_out}
    kept_out += [part for part in parts if part.start not in whole]
    return History(_take(bars, np.flatnonzero(~wrong)), tuple(kept_out))


def span(history: History, first: date, last: date, sessions: Times | None = None) -> History:
    """Cut to `first` .. `last`, both included; `sessions` are the bars' local dates where these are not UTC's."""
    low, high = np.datetime64(first, "D"), np.datetime64(last, "D")
    days = (history.bars.start if sessions is None else sessions).astype("datetime64[D]")
    bars = _take(history.bars, np.flatnonzero((low <= days) & (days <= high)))
    due = np.flatnonzero((low <= bars.action_date) & (bars.action_date <= high))
    bars = replace(bars, action_date=bars.action_date[due], dividend=bars.dividend[due], split=bars.split[due])
    return History(bars, tuple(q for q in history.quarantined if not _lies_outside(q.start, first, last)))


def _lies_outside(start: str, first: date, last: date) -> bool:
    try:
        return not first <= date.fromisoformat(start[:10]) <= last
    except ValueError:
        return False  # what has no date belongs to every span


def _take(bars: Bars, index: Ints) -> Bars:
    values = {name: getattr(bars, name)[index] for name in _FIELDS}
    return replace(bars, start=bars.start[index], **values)


def _begins_after(bars: Bars, now: datetime) -> Mask:
    utc = now.replace(tzinfo=None)
    if seconds(bars.interval) >= DAY:
        # A date that has not begun anywhere: clocks are at most 14 hours ahead of UTC.
        return np.asarray(bars.start.astype("datetime64[D]") > np.datetime64((utc + timedelta(hours=14)).date(), "D"))
    return np.asarray(bars.start > np.datetime64(utc, "s"))


def _once(bars: Bars, duplicates: str) -> Bars:
    again = np.flatnonzero(bars.start[1:] == bars.start[:-1]) + 1
    if not again.size:
        return bars
    if duplicates == "refuse":
        for name in _FIELDS:
            values = getattr(bars, name)
            one, other = values[again - 1], values[again]
            same = np.isclose(one, other, rtol=_SAME, atol=0.0, equal_nan=True)
            if not same.all():
                at = int(np.flatnonzero(~same)[0])
                raise UnreadableError(
                    bars.source, bars.symbol,
                    f"{_text(bars, again[at])} stands twice with different values ({name} {one[at]:g} and "
                    f"{other[at]:g}); remove one, or set `duplicates: last` if the later row is the correction",
                )  # fmt: skip
    return _take(bars, np.flatnonzero(np.append(bars.start[1:] != bars.start[:-1], True)))


def _refuse_wrong_spacing(bars: Bars) -> None:
    gaps = np.diff(np.unique(bars.start)).astype("timedelta64[s]").astype(np.int64)
    if len(gaps) + 1 < _FEW:
        return
    wanted, typical, finest = seconds(bars.interval), int(np.median(gaps)), int(gaps.min())
    if wanted == DAY:
        fits = DAY <= typical < 5 * DAY
    elif wanted < DAY:
        # Between two bars there may be a pause, so the finest gap tells a coarser series and the typical a finer one.
        fits = typical >= wanted and finest <= wanted
        typical = typical if typical < wanted else finest
    else:
        fits = 0.5 * wanted < typical < 2 * wanted
    if not fits:
        looks = min(_NAMES, key=lambda name: abs(np.log(seconds(name) / max(typical, 1))))
        raise UnreadableError(
            bars.source, bars.symbol,
            f"the bars are called {bars.interval} and are spaced like {looks}; set `interval: {looks}`, or give bars "
            f"of {bars.interval}",
        )  # fmt: skip


def _without_impossible_parts(bars: Bars) -> tuple[Bars, list[Quarantined]]:
    """Leave out an open, high or low that is not a price, and an open outside high and low."""
    parts: list[Quarantined] = []
    values = {name: getattr(bars, name) for name in ("open", "high", "low")}
    for name, column in values.items():
        wrong = (column <= 0) | np.isinf(column)
        parts += _quarantined(bars, wrong, f"bad_{name}", _shows(f"the {name} is {{:g}}; the close is kept", column))
        values[name] = np.where(wrong, np.nan, column)
    outside = _outside(values["open"], values["low"], values["high"]) & ~(values["high"] < values["low"])
    detail = _shows("the open {:g} lies outside the low {:g} and the high {:g}; the close is kept",
                    values["open"], values["low"], values["high"])  # fmt: skip
    parts += _quarantined(bars, outside, "bad_open", detail)
    values["open"] = np.where(outside, np.nan, values["open"])
    return replace(bars, **values), parts


def _reasons(bars: Bars) -> dict[str, tuple[Mask, Callable[[int], str]]]:
    """Return the bars to keep out by reason, with how to say it; a bar falls under one reason only."""
    close, high, low = bars.close, bars.high, bars.low
    unpriced = np.isnan(close) & ~(np.isnan(bars.open) & np.isnan(high) & np.isnan(low))
    infinite = np.isinf(close)
    negative = close <= 0
    crossed = ~negative & ~infinite & (_outside(close, low, high) | (high < low))
    sound = np.flatnonzero(np.isfinite(close) & ~negative & ~crossed)
    spikes, open_ended = np.zeros(len(bars), dtype=bool), np.zeros(len(bars), dtype=bool)
    spikes[sound] = _spikes(close[sound])
    sound = sound[~spikes[sound]]
    days = bars.start[sound].astype("datetime64[D]")
    open_ended[sound] = _unconfirmed(close[sound]) & ~np.isin(days, bars.action_date[bars.split != 1.0])
    return {
        "no_close": (unpriced, _shows("the row has prices and no close")),
        "non_finite": (infinite, _shows("the close is not a finite number")),
        "non_positive": (negative, _shows("the close is {:g}", close)),
        "inconsistent": (crossed, _shows("close {:g}, low {:g} and high {:g} exclude each other", close, low, high)),
        "spike": (spikes, _shows("the close jumps to {:g} and back", close)),
        "unconfirmed": (open_ended, _shows("the last close jumps to {:g}; the next bar must confirm it, or a split on "
                                           "that day explain it", close)),
    }  # fmt: skip


def _outside(price: Floats, low: Floats, high: Floats) -> Mask:
    return np.asarray((price > high * (1 + _ROUNDED)) | (price < low * (1 - _ROUNDED)))


def _spikes(close: Floats) -> Mask:
    """Mark bad ticks among positive closes. A move that stays, such as a split, is not one."""
    level = np.log(close)
    bad = np.zeros(len(close), dtype=bool)
    settled = 0
    for i in (np.flatnonzero(np.abs(np.diff(level)) > np.log(JUMP)) + 1).tolist():
        if i < settled:
            continue
        back = np.flatnonzero(np.abs(level[i + 1 : i + 1 + REACH] - level[i - 1]) < np.log(BACK))
        if back.size:
            settled = i + 2 + int(back[0])  # the way back is a jump too
            bad[i : settled - 1] = True
    return bad


def _unconfirmed(close: Floats) -> Mask:
    """Mark the last bar where it jumps: whether it comes back is not known yet."""
    last = np.zeros(len(close), dtype=bool)
    if len(close) > 1:
        last[-1] = abs(np.log(close[-1] / close[-2])) > np.log(UNCONFIRMED)
    return last


def _text(bars: Bars, i: int) -> str:
    return str(bars.start[i].astype("datetime64[D]" if seconds(bars.interval) >= DAY else "datetime64[s]"))


def _shows(template: str, *columns: Floats) -> Callable[[int], str]:
    return lambda i: template.format(*(column[i] for column in columns))


def _quarantined(bars: Bars, wrong: Mask, reason: str, detail: Callable[[int], str]) -> list[Quarantined]:
    return [
        Quarantined(bars.symbol, bars.source, _text(bars, i), reason, detail(i)) for i in np.flatnonzero(wrong).tolist()
    ]
