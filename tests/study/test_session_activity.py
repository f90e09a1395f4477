"""The activity of a session so far, and the adjustment of later windows for it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from signals.study.calibration import Calibration, calibrate
from signals.study.intraday_windows import PREVIOUS, IntradaySeries, pairs, panel_of
from signals.study.models import sums_for
from signals.study.placebo import NORMAL_SCALE, Placebos
from signals.study.session_activity import activity_at_start, activity_so_far, adjust_for_activity
from signals.study.volatility import CAP, FLOOR, MIN_AGE, PRIOR
from signals.types import Floats, IntradayWindow, Study, Window
from tests.study.hourly_bars import HOURLY, bars_at, series_of, simulated_hours

STUDY = Study("hourly", "constant-mean", windows=(Window(0, 0),))
NIGHT_AND_SLOTS = 1 + 7


def with_nights(seed: int, scale: float = 1.0) -> IntradaySeries:
    """Return hourly bars with overnight returns."""
    hours, bars = simulated_hours(seed)
    nights = np.random.default_rng(seed).normal(0, 0.01, len(bars))
    start = bars.start.astype(np.int64)
    return series_of(hours, HOURLY, bars_at(start, scale * bars.close, scale * bars.open * (1 + nights)))


@pytest.fixture(scope="module")
def series() -> IntradaySeries:
    return with_nights(5)


@pytest.fixture(scope="module")
def calibration(series: IntradaySeries) -> Calibration:
    window = IntradayWindow(0, 60)
    panel = panel_of(series, None, window, pairs(simulated_hours()[0], HOURLY, window))
    return calibrate(panel, sums_for(panel, STUDY), STUDY)


def returns_of(series: IntradaySeries) -> Floats:
    """Return the night's return and that of each slot, price by price."""
    rows = []
    for t in range(len(series.close)):
        prices = [series.open[t], *series.close[t]]
        night = series.open[t] / series.last[t - 1] - 1 if t else np.nan
        rows.append([night, *(after / before - 1 for before, after in pairwise(prices))])
    return np.array(rows)


def activity_by_definition(returns: Floats, t: int, column: int) -> float:
    """Return the activity after one column of one session."""
    sizes, total, count = np.abs(returns), 2.0, 2
    for k in range(column + 1):
        before = sizes[:t, k][np.isfinite(sizes[:t, k])]
        if len(before) < MIN_AGE or np.isnan(sizes[t, k]):
            continue
        weights = (25 / 26) ** np.arange(len(before))[::-1]
        total += min(sizes[t, k] / ((before * weights).sum() / weights.sum()), CAP)
        count += 1
    return total / count


@pytest.mark.parametrize("t", [10, 26, 100, 399])
def test_activity_is_the_average_size_relative_to_earlier_sessions(series: IntradaySeries, t: int) -> None:
    returns, activity = returns_of(series), activity_so_far(series, None)
    assert activity.shape == (400, NIGHT_AND_SLOTS)
    expected = [activity_by_definition(returns, t, column) for column in range(NIGHT_AND_SLOTS)]
    assert activity[t] == pytest.approx(expected, rel=1e-9)


def test_activity_is_that_of_the_returns_less_those_of_the_benchmark(series: IntradaySeries) -> None:
    benchmark = with_nights(6)
    difference = returns_of(series) - returns_of(benchmark)
    activity = activity_so_far(series, benchmark)
    assert activity[100, 4] == pytest.approx(activity_by_definition(difference, 100, 4), rel=1e-9)


def test_activity_does_not_depend_on_the_unit_of_prices(series: IntradaySeries) -> None:
    assert np.array_equal(activity_so_far(series, None), activity_so_far(with_nights(5, scale=4.0), None))


def test_activity_uses_no_later_slot_or_session(series: IntradaySeries) -> None:
    later = replace(series, close=series.close.copy(), open=series.open.copy(), last=series.last.copy())
    later.close[300, 4:] *= 1.5
    later.close[301:] *= np.random.default_rng(1).uniform(0.5, 2, later.close[301:].shape)
    once, other = activity_so_far(series, None), activity_so_far(later, None)
    assert np.array_equal(once[:300], other[:300])
    assert np.array_equal(once[300, : 1 + 4], other[300, : 1 + 4])
    assert not np.array_equal(once, other)


def test_a_window_that_begins_before_its_session_has_activity_1(series: IntradaySeries) -> None:
    activity = activity_so_far(series, None)
    place_pairs = np.array([[PREVIOUS, 10], [9, 10], [12, 13]])
    at_start = activity_at_start(activity, series, place_pairs)
    assert (at_start[0] == 1).all()
    assert np.array_equal(at_start[1], activity[:, 1])  # slot 9 is the first
    assert np.array_equal(at_start[2], activity[:, 4])


def varied(calibration: Calibration) -> Floats:
    return np.random.default_rng(2).uniform(0.5, 3, calibration.placebos[1].z.shape)


def test_the_scale_is_the_ridge_regression_of_the_windows_that_have_ended(calibration: Calibration) -> None:
    before, activity = calibration.placebos[1], varied(calibration)
    after = adjust_for_activity(calibration, activity).placebos[1]
    t = 380
    rows, targets = [np.sqrt(PRIOR) * np.eye(2)], [np.sqrt(PRIOR) * np.array([1.0, 0.0])]
    for s in range(t - before.gap):
        used = np.isfinite(before.z[:, s])
        weight = 1 / np.sqrt(max(used.sum(), 1))
        rows.append(weight * np.column_stack([np.ones(used.sum()), activity[used, s] - 1]))
        targets.append(weight * np.minimum(np.abs(before.z[used, s]) * NORMAL_SCALE, CAP))
    a, b = np.linalg.lstsq(np.concatenate(rows), np.concatenate(targets), rcond=None)[0]
    scale = np.maximum(a + b * (activity[:, t] - 1), FLOOR)
    assert after.volatility[:, t] == pytest.approx(before.volatility[:, t] * scale, rel=1e-8)


def test_the_car_of_a_window_does_not_change(calibration: Calibration) -> None:
    before = calibration.placebos[1]
    after = adjust_for_activity(calibration, varied(calibration)).placebos[1]
    assert after.z * after.volatility == pytest.approx(before.z * before.volatility, rel=1e-12, nan_ok=True)


def test_a_scale_uses_no_window_that_ends_within_the_gap(calibration: Calibration) -> None:
    before, activity = calibration.placebos[1], varied(calibration)
    changed = before.z.copy()
    changed[:, 300:] *= 5
    other = replace(calibration, placebos={1: Placebos(1, before.gap, before.volatility, changed, before.thin)})
    unchanged = 300 + before.gap + 1
    once, again = (adjust_for_activity(c, activity).placebos[1].volatility for c in (calibration, other))
    assert np.array_equal(once[:, :unchanged], again[:, :unchanged], equal_nan=True)
    assert not np.array_equal(once[:, unchanged:], again[:, unchanged:], equal_nan=True)


def test_sessions_beyond_the_calibrated_ones_are_ignored(calibration: Calibration) -> None:
    activity = varied(calibration)
    longer = np.concatenate([activity, np.full((len(activity), 5), 9.0)], axis=1)
    once, other = (adjust_for_activity(calibration, a).placebos[1] for a in (activity, longer))
    assert np.array_equal(once.z, other.z, equal_nan=True)
