"""The volatility, the reference and the p-value of one event."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study.calibration import Calibration, calibrate
from signals.study.distributions import student_t4_two_sided
from signals.study.leastsquares import Sums
from signals.study.models import Panel, sums_for
from signals.study.placebo import MIN_WINDOWS, NORMAL_SCALE, Placebos
from signals.study.score import Scores, every_session, score
from signals.study.volatility import Averages, NormalEquations, Terms, mixture_weights, volatility_terms
from signals.types import Floats, Ints
from tests.study.conftest import STUDY, simulated

Market = tuple[Panel, Sums, Calibration]
SERIES = ("ret", "benchmark", "gap", "session")


def cells(panel: Panel, until: int | None = None) -> tuple[Ints, Ints]:
    instruments, sessions = panel.ret.shape
    row, column = np.meshgrid(np.arange(instruments), np.arange(until or sessions), indexing="ij")
    return row.ravel(), column.ravel()


def first_sessions(panel: Panel, count: int) -> Panel:
    return replace(panel, **{name: getattr(panel, name)[:, :count].copy() for name in SERIES})


def same_bits(one: Scores, other: Scores) -> bool:
    texts = ("p_method", "reference_id")
    return all(
        np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=f.name not in texts)
        for f in fields(Scores)
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(120, 480))
def test_what_comes_after_a_window_changes_no_bit_of_it(seed: int, cut: int) -> None:
    panel = simulated(seed, instruments=6)
    noise = np.random.default_rng(seed).normal(0, 1e3, (4, *panel.ret.shape))
    noisy, short = simulated(seed, instruments=6), first_sessions(panel, cut)
    for name, values in zip(SERIES, noise, strict=True):
        getattr(noisy, name)[:, cut:] = values[:, cut:]
    for window in STUDY.windows:
        row, column = cells(panel, cut - max(window.last, 0))
        found = []
        for one in (panel, noisy, short):
            sums = sums_for(one, STUDY)
            found.append(score(one, sums, STUDY, window, row, column, calibrate(one, sums, STUDY)))
        assert same_bits(found[0], found[1])
        assert same_bits(found[0], found[2])


@pytest.mark.parametrize("steps", [(499,), (1, 30), (70, 71, 300), (0, 260)])
def test_going_on_night_by_night_gives_the_bits_of_one_calibration(market: Market, steps: tuple[int, ...]) -> None:
    panel, _, whole = market
    earlier = None
    for until in (*steps, 500):
        known = first_sessions(panel, until)
        earlier = calibrate(known, sums_for(known, STUDY), STUDY, earlier)
        earlier = Calibration.from_bytes(earlier.to_bytes())
    assert earlier is not None
    assert earlier.sessions == 500
    for length, placebos in whole.placebos.items():
        assert np.array_equal(earlier.placebos[length].volatility, placebos.volatility, equal_nan=True)
        assert np.array_equal(earlier.placebos[length].z, placebos.z, equal_nan=True)


def test_going_on_needs_only_the_sessions_that_open_windows_are_estimated_on(market: Market) -> None:
    panel, _, whole = market
    known = first_sessions(panel, 480)
    earlier = calibrate(known, sums_for(known, STUDY), STUDY)
    recent = first_sessions(panel, 500)
    for name in SERIES:
        getattr(recent, name)[:, : 480 - STUDY.gap - 5 - STUDY.gap - STUDY.estimation] = np.nan
    found = calibrate(recent, sums_for(recent, STUDY), STUDY, earlier)
    for length, placebos in whole.placebos.items():
        assert found.placebos[length].z == pytest.approx(placebos.z, rel=1e-9, nan_ok=True)


def test_a_reference_ends_before_the_gap_and_is_shared_by_a_block(market: Market) -> None:
    placebos = market[2].placebos[3]
    reference = placebos.reference(487)
    ended = np.abs(placebos.z[:, : 480 - STUDY.gap - 3 + 1])
    assert reference.sample.tolist() == sorted(ended[np.isfinite(ended)].tolist())
    assert reference.key == placebos.reference(480).key != placebos.reference(479).key
    assert reference.method == "pooled"


def test_the_reference_looks_back_a_year_where_that_is_enough() -> None:
    z = np.random.default_rng(2).normal(size=(30, 900))
    placebos = Placebos(1, 10, z, z)
    assert len(placebos.reference(900).sample) == 30 * 250
    assert len(Placebos(1, 10, z[:6], z[:6]).reference(900).sample) == 6 * 890  # 3,000 were not enough, nor 4,500


def test_one_instrument_alone_has_its_own_history_and_a_young_one_students_t() -> None:
    z = np.random.default_rng(3).normal(size=(1, MIN_WINDOWS + 30))
    placebos = Placebos(1, 10, z, z)
    assert placebos.reference(MIN_WINDOWS + 20).method == "own_history"
    young = placebos.reference(MIN_WINDOWS)
    assert (young.method, young.key, len(young.sample)) == ("student_t", "student-t4", 0)
    assert young.p_value(np.array([2.0]))[0] == student_t4_two_sided(np.array([2.0 * NORMAL_SCALE]))[0]


def test_p_is_a_rank_among_the_reference(market: Market) -> None:
    reference = market[2].placebos[1].reference(450)
    middle = float(reference.sample[100])
    n = len(reference.sample)
    assert reference.p_value(np.array([middle, -middle, 1e9, 0.0])).tolist() == pytest.approx(
        [(n - 100 + 1) / (n + 1), (n - 100 + 1) / (n + 1), 1 / (n + 1), 1.0]
    )


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=30), st.sampled_from([100, 450]))
def test_a_larger_move_never_has_a_larger_p(market: Market, z: list[float], column: int) -> None:
    ordered = np.array(sorted(z, key=abs))
    p = market[2].placebos[1].reference(column).p_value(ordered)
    assert (np.diff(p) <= 0).all()
    assert ((p > 0) & (p <= 1)).all()


def test_writing_an_event_ten_times_changes_nothing(market: Market) -> None:
    panel, sums, calibration = market
    row, column = cells(panel)
    once = score(panel, sums, STUDY, STUDY.windows[0], row, column, calibration)
    every = np.repeat(np.arange(0, len(row), 7), 10)
    often = score(panel, sums, STUDY, STUDY.windows[0], row[every], column[every], calibration)
    chosen = Scores(**{f.name: getattr(once, f.name)[every] for f in fields(Scores)})
    assert same_bits(chosen, often)


def test_placebos_are_called_unusual_about_as_often_as_they_should_be() -> None:
    study = replace(STUDY, estimation=120, min_observations=100)
    panel = simulated(4, instruments=40, sessions=900)
    sums = sums_for(panel, study)
    found = every_session(panel, sums, study, calibrate(panel, sums, study), since=300)
    p = found.p_value[np.isfinite(found.p_value)]
    assert len(p) > 20_000
    assert 0.08 < np.mean(p <= 0.10) < 0.12
    assert 0.035 < np.mean(p <= 0.05) < 0.065
    assert 0.006 < np.mean(p <= 0.01) < 0.015
    assert 0.7 < np.nanmean(np.abs(found.z)) < 0.9  # 0.798 if volatility is what it says


def test_every_session_is_what_scoring_it_gives(market: Market) -> None:
    panel, sums, calibration = market
    row, column = cells(panel)
    scored = score(panel, sums, STUDY, STUDY.windows[0], row, column, calibration)
    found = every_session(panel, sums, STUDY, calibration, since=400)
    for name, other in (("ar", "car"), ("z", "z"), ("p_value", "p_value"), ("sigma", "sigma")):
        expected = getattr(scored, other).reshape(panel.ret.shape)[:, 400:]
        assert np.array_equal(getattr(found, name), expected, equal_nan=True), name


def longhand_average(sizes: Floats, mass: float) -> float:
    """An exponential average with a centre of mass, written as the weighted mean that it is."""
    known = sizes[np.isfinite(sizes)]
    weights = (mass / (1 + mass)) ** np.arange(len(known))[::-1]
    return float((known * weights).sum() / weights.sum())


def test_the_terms_are_the_averages_that_they_say() -> None:
    u = np.random.default_rng(5).normal(0, 0.01, (80, 4))
    u[10:15, 0] = np.nan
    terms, _ = volatility_terms(u, Averages.initial(4))
    x = terms.share[60, 0] * terms.mean[60, 0]
    own = [longhand_average(np.abs(u[:60, 0]), mass) for mass in (1, 5, 25, 125)]
    assert x[1:5] == pytest.approx(own, rel=1e-10)
    assert x[0] == pytest.approx(np.nanmean(np.abs(u[:60])), rel=1e-10)
    assert np.isnan(terms.mean[:25]).all()
    assert np.isfinite(terms.mean[25, 1:]).all()


def test_one_impossible_tick_does_not_drown_the_volatility() -> None:
    u = np.random.default_rng(6).normal(0, 0.01, (80, 3))
    calm, _ = volatility_terms(u, Averages.initial(3))
    u[50, 0] = 1e6
    wild, _ = volatility_terms(u, Averages.initial(3))
    assert wild.mean[51, 0] < 8 * calm.mean[51, 0]


def test_the_weights_are_the_ridge_regression_of_the_windows_that_have_ended() -> None:
    rng = np.random.default_rng(7)
    u = rng.normal(0, 0.01, (60, 5))
    terms, _ = volatility_terms(u, Averages.initial(5))
    y = np.abs(rng.normal(0, 0.01, (60, 5)))
    weights, _ = mixture_weights(terms, y, NormalEquations.zero())
    rows, targets = [np.sqrt(20.0) * np.eye(7)], [np.full(7, np.sqrt(20.0) / 7)]
    for t in range(25, 50):
        rows.append(terms.share[t] / np.sqrt(5))
        targets.append(np.minimum(y[t] / terms.mean[t], 8) / np.sqrt(5))
    oracle = np.linalg.lstsq(np.concatenate(rows), np.concatenate(targets), rcond=None)[0]
    assert weights[49] == pytest.approx(oracle, rel=1e-8)
    assert weights[24] == pytest.approx(np.full(7, 1 / 7))


def test_before_there_is_a_session_there_are_no_terms() -> None:
    nothing = Terms.missing(3, 2)
    assert np.isnan(nothing.mean).all()
    assert not nothing.share.any()
