"""What the portfolio tests need of events: their abnormal returns, and the residuals that these are compared with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from signals.study.leastsquares import Bools, Sums
from signals.study.models import Panel, abnormal, cut, fit_events, sums_for
from signals.study.portfolio import Sample
from signals.types import Floats, Ints, Study, Times, Window


def samples(
    panel: Panel,
    sums: Sums,
    sessions: Times,
    study: Study,
    windows: Sequence[Window],
    instrument: Ints,
    day_zero: Ints,
    event_days: Bools | None = None,
) -> list[Sample]:
    """Return a sample per event window of E events.

    Parameters
    ----------
    panel, sums, sessions
        The returns, their prefix sums and their T sessions.
    study, windows
        The model and the event windows.
    instrument, day_zero
        ``(E,)`` rows and columns of the panel.
    event_days
        ``(N, T)`` the days that a study with `exclude_events` left out of its estimation windows.
    """
    fitted = fit_events(sums, study, instrument, day_zero)
    design = panel.design(study)
    start = day_zero - study.gap - study.estimation
    residuals = abnormal(design.y, design.factors, fitted, instrument, start, study.estimation).path
    if study.exclude_events and event_days is not None:
        own = cut(event_days.astype(float), instrument, start, study.estimation) == 1
        residuals = np.where(own, np.nan, residuals)
    dates = _dates(sessions, start, study.estimation)
    s, df = np.sqrt(fitted.s2), fitted.n - fitted.estimated
    of_windows = []
    for window in windows:
        first, length = day_zero + window.first, window.last - window.first + 1
        moved = abnormal(design.y, design.factors, fitted, instrument, first, length)
        of_windows.append(Sample(moved.path, _dates(sessions, first, length), residuals, dates, s, moved.kappa, df))
    return of_windows


def abnormal_paths(
    panel: Panel, study: Study, instrument: Ints, day_zero: Ints, first: int, last: int
) -> tuple[Floats, Ints]:
    """Return abnormal returns ``(E, last - first + 1)`` by offset from day zero, and ``(E,)`` n of each fit.

    A return that is missing is NaN; without a fit all of them are.
    """
    fitted = fit_events(sums_for(panel, study), study, instrument, day_zero)
    design = panel.design(study)
    moved = abnormal(design.y, design.factors, fitted, instrument, day_zero + first, last - first + 1)
    return moved.path, fitted.n


def _dates(sessions: Times, first: Ints, length: int) -> Ints:
    """Return day numbers ``(E, K)``; outside the sessions they count down from the first and up from the last."""
    columns = first[:, None] + np.arange(length)
    days, last = sessions.astype("datetime64[D]").astype(np.int64), len(sessions) - 1
    numbers: Ints = days[np.clip(columns, 0, last)] + np.minimum(columns, 0) + np.maximum(columns - last, 0)
    return numbers
