"""The calibration of a panel: sizes of its placebos, continuation by new sessions, and the z before a fit exists."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study.calibration import Calibration, calibrate, standardised
from signals.study.models import Panel, sums_for
from signals.study.score import every_session
from tests.study.conftest import SERIES, STUDY, Market, first_sessions, simulated, with_noise


def calibrated(panel: Panel, earlier: Calibration | None = None) -> Calibration:
    return calibrate(panel, sums_for(panel, STUDY), STUDY, earlier)


def test_there_are_placebos_for_each_length_of_the_windows_and_for_single_sessions(market: Market) -> None:
    calibration = market[2]
    assert sorted(calibration.placebos) == sorted(calibration.equations) == [1, 3, 5]
    assert calibration.sessions == 500


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(120, 480))
def test_later_sessions_change_no_bit_of_the_placebos_that_ended_before(seed: int, cut: int) -> None:
    panel = simulated(seed, instruments=6)
    whole, noisy, short = (calibrated(p) for p in (panel, with_noise(panel, cut), first_sessions(panel, cut)))
    for length, placebos in whole.placebos.items():
        ended = cut - length + 1
        for other in (noisy.placebos[length], short.placebos[length]):
            assert np.array_equal(placebos.z[:, :ended], other.z[:, :ended], equal_nan=True)
            assert np.array_equal(placebos.volatility[:, :cut], other.volatility[:, :cut], equal_nan=True)


@pytest.mark.parametrize("steps", [(499,), (1, 30), (70, 71, 300), (0, 260)])
def test_continuing_a_calibration_gives_the_bits_of_one_calibration(market: Market, steps: tuple[int, ...]) -> None:
    panel, _, whole = market
    earlier = None
    for until in (*steps, 500):
        earlier = Calibration.from_bytes(calibrated(first_sessions(panel, until), earlier).to_bytes())
    assert earlier is not None
    assert earlier.sessions == 500
    for length, placebos in whole.placebos.items():
        assert np.array_equal(earlier.placebos[length].volatility, placebos.volatility, equal_nan=True)
        assert np.array_equal(earlier.placebos[length].z, placebos.z, equal_nan=True)


def test_bytes_restore_every_array(market: Market) -> None:
    calibration = market[2]
    restored = Calibration.from_bytes(calibration.to_bytes())
    for mine, theirs in ((calibration.averages, restored.averages), (calibration.terms, restored.terms)):
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(mine, theirs, strict=True))
    for length, equations in calibration.equations.items():
        assert all(np.array_equal(a, b) for a, b in zip(equations, restored.equations[length], strict=True))
        assert restored.placebos[length].gap == STUDY.gap


def test_continuing_needs_only_the_sessions_that_incomplete_windows_are_estimated_on(market: Market) -> None:
    panel, _, whole = market
    recent = first_sessions(panel, 500)
    for name in SERIES:
        getattr(recent, name)[:, : 480 - STUDY.gap - 5 - STUDY.gap - STUDY.estimation] = np.nan
    continued = calibrated(recent, calibrated(first_sessions(panel, 480)))
    for length, placebos in whole.placebos.items():
        assert continued.placebos[length].z == pytest.approx(placebos.z, rel=1e-9, nan_ok=True)


def test_the_order_of_the_instruments_does_not_matter(market: Market) -> None:
    panel, _, whole = market
    order = np.random.default_rng(2).permutation(len(panel.ret))
    shuffled = calibrated(replace(panel, **{name: getattr(panel, name)[order] for name in SERIES}))
    assert shuffled.placebos[3].z == pytest.approx(whole.placebos[3].z[order], rel=1e-9, nan_ok=True)


def test_the_unit_of_the_returns_does_not_matter(market: Market) -> None:
    panel, _, whole = market
    scaled = calibrated(replace(panel, **{name: 4 * getattr(panel, name) for name in SERIES}))
    assert scaled.placebos[3].z == pytest.approx(whole.placebos[3].z, rel=1e-9, nan_ok=True)
    assert scaled.placebos[3].volatility == pytest.approx(4 * whole.placebos[3].volatility, rel=1e-9, nan_ok=True)


def test_without_a_fit_the_abnormal_return_has_alpha_0_and_beta_1(market: Market) -> None:
    panel, sums, _ = market
    u, fitted = standardised(panel, sums, STUDY, [1, 3], 0)
    assert not fitted[:, : STUDY.min_observations + STUDY.gap].any()
    assert fitted[:, 100:].all()
    ahead = panel.ret[2, 30:33] - panel.benchmark[2, 30:33]
    assert u[1][2, 30] == ahead[0]
    assert u[3][2, 30] == pytest.approx(ahead.sum() / np.sqrt(3))
    assert np.isnan(u[3][:, -2:]).all()


def test_p_values_of_placebos_have_their_nominal_size() -> None:
    study = replace(STUDY, estimation=120, min_observations=100)
    panel = simulated(4, instruments=40, sessions=900)
    sums = sums_for(panel, study)
    sessions = every_session(panel, sums, study, calibrate(panel, sums, study), since=300)
    p = sessions.p_value[np.isfinite(sessions.p_value)]
    assert len(p) > 20_000
    assert 0.08 < np.mean(p <= 0.10) < 0.12
    assert 0.035 < np.mean(p <= 0.05) < 0.065
    assert 0.006 < np.mean(p <= 0.01) < 0.015
    assert 0.7 < np.nanmean(np.abs(sessions.z)) < 0.9  # 0.798 for a standard normal
