"""An event study without a store: a user's events on a user's closes, measured as the nightly run measures them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from signals.study.calibration import calibrate
from signals.study.leastsquares import Bools
from signals.study.models import cut
from signals.study.score import Scores, score, sums_for
from signals.tables.own_events import OwnEvents
from signals.tables.own_market import OwnMarket
from signals.tables.own_study import OwnStudy, StudyOptions, read_study
from signals.types import RAW, Ints, Reason, Window

#: The measured columns, in their order, each with the field of `Scores` that it shows.
_COLUMNS = {"ret": "ret", "benchmark_ret": "benchmark_ret", "car": "car", "bhar": "bhar", "volatility": "sigma",
            "kappa": "kappa", "t_stat": "t_stat", "z": "z", "p_value": "p_value", "p_method": "p_method",
            "p_rank": "p_rank", "minimum_detectable": "minimum_detectable", "alpha": "alpha", "beta": "beta",
            "n": "n_estimation", "n_reference": "n_reference"}  # fmt: skip
_FACTS = ("ret", "benchmark_ret", "n")  # what is true of an event without a score too


def event_study(
    events: pd.DataFrame,
    closes: pd.DataFrame,
    benchmark: str | None = None,
    model: str | None = None,
    windows: Iterable[str] = ("0..0", "0..1"),
    estimation: int = 250,
    gap: int = 10,
    min_observations: int = 120,
    factors: Iterable[str] = (),
    market: str | None = None,
    volume: pd.DataFrame | None = None,
    confirmed_jumps: Iterable[tuple[object, object]] = (),
) -> pd.DataFrame:
    """Measure events on closes of one's own, as the nightly run measures them; `docs/python.md` has the rules.

    Parameters
    ----------
    events
        A row per event: `ticker`, and `day_zero`, the first session able to react. A day without a session counts as
        the next one. Other columns are carried through.
    closes
        Total-return closes: sessions ascending as the index, a column per instrument, NaN where it did not trade; or
        the table of `yfinance.download`. What is neither benchmark nor factor is what an event is compared with.
    benchmark, factors
        Columns of closes: what a return is compared with, and further regressors.
    model
        A name of `signals.types.RETURN_MODELS`; if None, ``market`` with a benchmark and ``constant-mean`` without.
    windows, estimation, gap, min_observations
        As in the configuration: sessions from day zero, both ends included.
    market
        The ISO 10383 code of the market whose hours give day zero of a time of day; one without a zone is local time.
    volume, confirmed_jumps
        Volumes in a table like closes; pairs of ticker and session of jumps that look like a split and are moves.

    Returns
    -------
    DataFrame
        A row per event and window under the names of v_events, in the order of the events. What could not be measured
        has a `reason`, and no numbers but returns.

    Raises
    ------
    ValueError
        One sentence that names the argument, the column or the ticker.
    """
    options = StudyOptions(model=model, windows=windows, estimation=estimation, gap=gap, factors=factors, market=market,
                           min_observations=min_observations, volume=volume,
                           confirmed_jumps=confirmed_jumps)  # fmt: skip
    return measured(read_study(events, closes, benchmark, options))


def measured(own: OwnStudy) -> pd.DataFrame:
    """Return a row per event and window, in the order of the events."""
    panel, study, events = own.market.panel, own.study, own.events
    sums = sums_for(panel, study)
    calibration = calibrate(panel, sums, study)
    parts = []
    for window in study.windows:
        scores = score(panel, sums, study, window, events.row, events.column, calibration)
        parts.append(_scored(own, window, scores))
    table = pd.concat(parts).rename_axis("event").reset_index()
    return table.sort_values("event", kind="stable").drop(columns="event").reset_index(drop=True)


def day_zero_column(own: OwnStudy) -> NDArray[np.datetime64]:
    """Return day zero of each event ``(E,)``; NaT where it is not a session of the market."""
    sessions, column = own.market.sessions, own.events.column
    inside = own.events.is_placed & (column < len(sessions))
    days = sessions[np.minimum(column, len(sessions) - 1)].astype("datetime64[ns]")
    return np.where(inside, days, np.datetime64("NaT", "ns"))


def carried(frame: pd.DataFrame, events: OwnEvents, rows: Ints) -> pd.DataFrame:
    """Add the columns of the events that the frame has not, each row from the event at a position."""
    own = events.frame
    for name in own.columns:
        if list(own.columns).count(name) > 1:
            raise ValueError(f"events have twice the column {name!r}; rename or remove one")
    extra = [name for name in own.columns if name not in frame.columns]
    return pd.concat([frame, own[extra].iloc[rows].set_axis(frame.index)], axis=1)


def has_break(own: OwnStudy, first: Ints | int, last: int) -> Bools:
    """Return ``(E,)`` whether a unit break lies between the first session that an event is measured on and its last.

    `first` and `last` are offsets from day zero; the estimation window counts too, unless the model has none.
    """
    breaks, row, column = own.market.breaks, own.events.row, own.events.column
    total = np.concatenate([np.zeros((len(breaks), 1), np.int64), np.cumsum(breaks, axis=1)], axis=1)
    begin = column + np.minimum(first, -own.study.gap - own.study.estimation)
    sessions = breaks.shape[1]
    start, stop = np.clip(begin, 0, sessions), np.clip(column + last + 1, 0, sessions)
    inside: Bools = total[row, stop] > total[row, np.minimum(start, stop)]
    return inside


def _scored(own: OwnStudy, window: Window, scores: Scores) -> pd.DataFrame:
    events, study = own.events, own.study
    frame = pd.DataFrame({"ticker": events.frame["ticker"].to_numpy()}, index=range(len(events)))
    frame["day_zero"] = day_zero_column(own)
    frame["model"], frame["event_window"] = study.model_name, str(window)
    reason = _reasons(own, window, scores)
    is_scored, is_fact = reason == "", events.is_placed & (reason != str(Reason.UNIT_BREAK))
    for field, name in _COLUMNS.items():
        values = getattr(scores, field)
        usable = is_fact if field in _FACTS else is_scored
        missing = {"i": 0, "O": None}.get(values.dtype.kind, np.nan)
        frame[name] = pd.Series(values).where(pd.Series(usable), missing)
    frame["reason"] = reason.astype(str) if len(reason) else reason
    return carried(frame, events, np.arange(len(events)))


def _reasons(own: OwnStudy, window: Window, scores: Scores) -> NDArray[np.object_]:
    """Return why each event has no score, in the order in which the nightly run asks; empty where it has one."""
    events, market, study = own.events, own.market, own.study
    lacks_bars = ~scores.has_bars
    short = scores.n < study.min_observations
    rules = {
        # Day zero itself must be in the table: how long after its end an event comes is not known.
        Reason.WINDOW_OPEN: events.column + max(window.last, 0) >= len(market.sessions),
        Reason.UNIT_BREAK: has_break(own, window.first, window.last),
        Reason.HALTED: lacks_bars & _is_interrupted(market, events, window),
        Reason.NO_BARS: lacks_bars,
        Reason.BENCHMARK_BARS: ~scores.has_benchmark & study.needs_benchmark,
        Reason.FACTOR_BARS: _lacks_factors(market, events, window),
        Reason.SHORT_HISTORY: short & (study.return_model is not RAW),
        Reason.DEGENERATE: ~np.isfinite(scores.p_value),
    }
    reasons = np.select(list(rules.values()), [str(reason) for reason in rules], default="").astype(object)
    return np.where(events.is_placed, reasons, events.problem)


def _lacks_factors(market: OwnMarket, events: OwnEvents, window: Window) -> Bools:
    """Return ``(E,)`` whether a factor of the study has no return on a session of the window."""
    lacks, length = np.zeros(len(events), bool), window.last - window.first + 1
    for values in market.panel.factors.values():
        lacks |= ~np.isfinite(cut(values, events.row, events.column + window.first, length)).all(axis=1)
    return lacks


def _is_interrupted(market: OwnMarket, events: OwnEvents, window: Window) -> Bools:
    """Return ``(E,)`` whether the window holds a session without a trade between others, or the first one after it."""
    length = window.last - window.first + 1
    interrupted: Bools = cut(market.interrupted.astype(float), events.row, events.column + window.first, length) == 1
    return np.asarray(interrupted.any(axis=1), dtype=bool)
