"""References of placebo windows, and the p-values by them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.study.distributions import student_t4_two_sided
from signals.study.leastsquares import Bools
from signals.study.placebo import MIN_WINDOWS, NORMAL_SCALE, Placebos, Reference, significance
from signals.types import Floats
from tests.study.conftest import STUDY, Market, ints

STUDENT = Reference(np.empty(0), "student_t", "student-t4")


def placebos_of(z: Floats, thin: Bools | None = None) -> Placebos:
    return Placebos(1, 10, z, z, np.zeros(z.shape, bool) if thin is None else thin)


def test_a_reference_ends_before_the_gap_and_is_shared_by_a_block(market: Market) -> None:
    placebos = market[2].placebos[3]
    reference = placebos.reference(487)
    ended = np.abs(placebos.z[:, : 480 - STUDY.gap - 3 + 1])
    assert reference.sample.tolist() == sorted(ended[np.isfinite(ended)].tolist())
    assert reference.key == placebos.reference(480).key != placebos.reference(479).key
    assert reference.method == "pooled"


def test_a_reference_goes_back_a_year_at_a_time_until_it_has_enough_windows() -> None:
    z = np.random.default_rng(2).normal(size=(30, 900))
    assert len(placebos_of(z).reference(900).sample) == 30 * 250
    assert len(placebos_of(z[:6]).reference(900).sample) == 6 * 890  # neither 1,500 nor 4,500 were enough


def test_a_single_instrument_is_compared_with_its_own_history_and_a_new_one_with_students_t() -> None:
    z = np.random.default_rng(3).normal(size=(1, MIN_WINDOWS + 30))
    placebos = placebos_of(z)
    assert placebos.reference(MIN_WINDOWS + 20).method == "own_history"
    early = placebos.reference(MIN_WINDOWS)
    assert (early.method, early.key, len(early.sample)) == ("student_t", "student-t4", 0)
    assert placebos.reference(-5).method == "student_t"


def test_thin_trading_is_compared_with_its_own_kind_where_there_is_enough_of_it() -> None:
    z = np.random.default_rng(4).normal(size=(60, 300))
    z[:25] *= 1.5
    placebos = placebos_of(z, np.broadcast_to(np.arange(60)[:, None] < 25, z.shape).copy())
    thin, other = placebos.reference(290, thin=True), placebos.reference(290)
    assert (thin.method, len(thin.sample), other.method, len(other.sample)) == ("thin", 6_250, "pooled", 8_750)
    assert thin.quantile(0.95) > 1.3 * other.quantile(0.95)
    row, day = ints(3, 30, 4), ints(290, 290, 290)
    tests = significance(placebos, row, day, day, np.ones(3), np.ones(3))
    assert tests.p_method.tolist() == ["thin", "pooled", "thin"]
    assert tests.reference_id.tolist() == [thin.key, other.key, thin.key]


def test_too_little_thin_trading_is_compared_with_all_and_p_says_so() -> None:
    z = np.random.default_rng(5).normal(size=(60, 300))

    def references(thin_rows: int) -> tuple[Reference, Reference]:
        placebos = placebos_of(z, np.broadcast_to(np.arange(60)[:, None] < thin_rows, z.shape).copy())
        return placebos.reference(290, thin=True), placebos.reference(290)

    thin, other = references(19)
    assert (thin.method, other.method, thin.key) == ("thin_among_all", "pooled", other.key)
    assert len(thin.sample) == 60 * 250
    assert [reference.method for reference in references(41)] == ["pooled", "pooled"]  # most are of its kind


def test_students_t_is_scaled_to_a_mean_absolute_value_of_1() -> None:
    p = STUDENT.p_value(np.array([2.0]))[0]
    assert p == student_t4_two_sided(np.array([2.0 * NORMAL_SCALE]))[0]
    assert STUDENT.quantile(0.95) * NORMAL_SCALE == pytest.approx(2.7764451, rel=1e-6)
    assert STUDENT.deviation * NORMAL_SCALE == pytest.approx(np.sqrt(2))  # of a t with 4 degrees of freedom


def test_p_is_the_rank_of_the_absolute_z_in_the_reference(market: Market) -> None:
    reference = market[2].placebos[1].reference(450)
    value = float(reference.sample[100])
    n = len(reference.sample)
    assert reference.p_value(np.array([value, -value, 1e9, 0.0])).tolist() == pytest.approx(
        [(n - 100 + 1) / (n + 1), (n - 100 + 1) / (n + 1), 1 / (n + 1), 1.0]
    )


def test_the_deviation_caps_the_largest_thousandth() -> None:
    sample = np.append(np.ones(9_999), 1e6)
    assert Reference(sample, "pooled", "").deviation == 1.0


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=30), st.sampled_from([100, 450]))
def test_a_larger_move_never_has_a_larger_p(market: Market, z: list[float], column: int) -> None:
    ordered = np.array(sorted(z, key=abs))
    p = market[2].placebos[1].reference(column).p_value(ordered)
    assert (np.diff(p) <= 0).all()
    assert ((p > 0) & (p <= 1)).all()


def test_each_event_is_compared_with_the_reference_of_its_day_zero(market: Market) -> None:
    placebos = market[2].placebos[1]
    row, column, car = ints(3, 0, 5, 1), ints(471, 120, 478, 479), np.array([0.05, 0.01, -0.02, np.nan])
    tests = significance(placebos, row, column, column, car, np.ones(4))
    for e, day_zero in enumerate(column.tolist()):
        reference = placebos.reference(day_zero)
        assert tests.volatility[e] == placebos.volatility[row[e], day_zero]
        assert tests.reference_id[e] == reference.key
        assert tests.n_reference[e] == len(reference.sample)
        assert tests.p_value[e] == pytest.approx(reference.p_value(tests.z)[e], nan_ok=True)
        assert (tests.critical[e], tests.middle[e]) == (reference.quantile(0.95), reference.quantile(0.60))
    assert tests.z[:3] == pytest.approx(car[:3] / tests.volatility[:3])
    assert np.isnan(tests.p_value[3])
