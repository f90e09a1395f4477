"""Tail probabilities against independent implementations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from signals.study.distributions import (
    student_t,
    student_t4_quantile,
    student_t4_two_sided,
    student_t_quantile,
    student_t_two_sided,
)


@given(st.floats(-60, 60), st.integers(2, 5_000))  # with 1 scipy itself is 1e-9 off near zero
def test_student_t_agrees_with_scipy(t: float, df: int) -> None:
    p = student_t_two_sided(np.array([t]), np.array([df]))[0]
    assert p == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-10)


@given(st.floats(0.5, 0.9999), st.integers(2, 500))
def test_the_quantile_of_student_t_agrees_with_scipy(probability: float, df: int) -> None:
    assert student_t_quantile(probability, df) == pytest.approx(stats.t.ppf(probability, df), rel=1e-8, abs=1e-9)


def test_no_degrees_of_freedom_give_no_probability() -> None:
    p = student_t_two_sided(np.array([1.0, np.nan, 0.0]), np.array([0, 5, 5]))
    assert np.isnan(p[:2]).all()
    assert p[2] == 1


@given(st.floats(0, 60), st.floats(0.5, 500))
def test_student_t_is_symmetric_and_falls_with_the_absolute_value(t: float, df: float) -> None:
    assert student_t(-t, df) == student_t(t, df)
    assert student_t(t + 1, df) < student_t(t, df) <= 1


def test_a_statistic_that_is_too_large_for_a_probability_has_probability_0() -> None:
    assert student_t(1e300, 5.0) == 0.0


@given(st.floats(-1e6, 1e6))
def test_the_closed_form_for_4_degrees_of_freedom_agrees_with_scipy(t: float) -> None:
    assert student_t4_two_sided(np.array([t]))[0] == pytest.approx(2 * stats.t.sf(abs(t), 4), rel=1e-12)


@given(st.floats(0.001, 0.999))
def test_the_quantile_for_4_degrees_of_freedom_agrees_with_scipy(probability: float) -> None:
    assert student_t4_quantile(probability) == pytest.approx(stats.t.ppf(probability, 4), rel=1e-9, abs=1e-7)


@given(st.floats(0.01, 0.99))
def test_the_quantile_inverts_the_probability(probability: float) -> None:
    t = student_t4_quantile(probability)
    assert student_t4_two_sided(np.array([t]))[0] == pytest.approx(2 * min(probability, 1 - probability), rel=1e-6)
