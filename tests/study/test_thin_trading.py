"""Thin trading, seen by returns of zero."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from signals.study.calibration import Calibration, calibrate
from signals.study.census import Census, sizes
from signals.study.models import sums_for
from signals.study.thin_trading import thinly_traded
from signals.types import Window
from tests.study.conftest import STUDY, first_sessions, simulated


def test_trading_is_thin_after_more_than_one_zero_return_in_twenty() -> None:
    ret = np.full((2, 60), 0.01)
    ret[:, [3, 10]] = 0.0
    ret[1, 17] = 1e-8  # the same price, adjusted and rounded
    assert thinly_traded(ret, 40)[:, 40].tolist() == [False, True]
    ret[0, :5] = np.nan  # one zero among 35
    assert not thinly_traded(ret, 40)[0, 40]


def test_without_returns_trading_is_not_called_thin() -> None:
    assert not thinly_traded(np.full((1, 30), np.nan), 20).any()


@given(st.integers(0, 2**32 - 1), st.integers(1, 79), st.integers(1, 40))
def test_the_answer_depends_on_the_sessions_before_alone(seed: int, since: int, sessions: int) -> None:
    rng = np.random.default_rng(seed)
    ret = rng.choice([0.0, 0.01, np.nan], (3, 80), p=[0.06, 0.84, 0.1])
    whole = thinly_traded(ret, sessions)
    assert np.array_equal(thinly_traded(ret, sessions, since), whole[:, since:])
    later = ret.copy()
    later[:, since:] = 0.0
    assert np.array_equal(thinly_traded(later, sessions)[:, : since + 1], whole[:, : since + 1])
    counted = ret[:, max(since - sessions, 0) : since]
    assert whole[:, since].tolist() == (20 * (counted == 0).sum(axis=1) > np.isfinite(counted).sum(axis=1)).tolist()


def test_a_continued_calibration_has_the_same_thin_sessions() -> None:
    panel = simulated(3)
    panel.ret[:4] = np.where(np.random.default_rng(3).random(panel.ret[:4].shape) < 0.1, 0.0, panel.ret[:4])
    whole, earlier = calibrate(panel, sums_for(panel, STUDY), STUDY), None
    for until in (120, 121, 500):
        part = first_sessions(panel, until)
        one = calibrate(part, sums_for(part, STUDY), STUDY, earlier)
        earlier = Calibration.from_bytes(one.to_bytes())
    assert earlier is not None
    for length, placebos in whole.placebos.items():
        assert np.array_equal(earlier.placebos[length].thin, placebos.thin)
    assert whole.placebos[1].thin[:4, 100:].mean() > 0.9
    assert not whole.placebos[1].thin[4:].any()


def test_prices_that_stand_still_are_not_called_unusual_too_often() -> None:
    panel, rng = simulated(7, instruments=60, sessions=800), np.random.default_rng(7)
    still = rng.random((25, 800)) < 0.5
    panel.ret[:25] = np.where(still & np.isfinite(panel.ret[:25]), 0.0, panel.ret[:25])
    census = Census(panel, STUDY)
    scores = census.score(Window(0, 0))
    thin, later = census.row < 25, census.column >= 450
    assert set(scores.p_method[thin & later]) == {"thin"}
    assert set(scores.p_method[~thin & later]) == {"pooled"}
    for placebos in census.calibration.placebos.values():
        placebos.thin[:] = False
    together = census.score(Window(0, 0)).p_value
    assert sizes(together[thin & later])[1] > 6 > 5.6 > sizes(scores.p_value[thin & later])[1] > 4.4
