"""The portfolio tests: their size, their invariances, and samples that give no result."""

from dataclasses import fields, replace
from math import erfc, sqrt

import numpy as np
import pytest

from signals.study.distributions import student_t_two_sided
from signals.study.portfolio import (
    ALIKE,
    NO_COMMON_HISTORY,
    NOT_ONE_WINDOW,
    Sample,
    adjusted_bmp,
    bmp,
    coincide,
    patell,
    portfolio,
    portfolios,
)
from signals.study.portfolio import (
    Test as PortfolioTest,
)
from signals.types import Floats, Ints

ESTIMATION = 120


def simulated(
    rng: np.random.Generator, day_zero: Ints, rho: float = 0.0, length: int = 1, effect: float = 0.0
) -> Sample:
    """Return one event per instrument; returns have a constant mean and on each date the correlation `rho`."""
    events = len(day_zero)
    shared, own = rng.normal(size=(1, 400)), rng.normal(size=(events, 400))
    ret = 0.02 * (np.sqrt(rho) * shared + np.sqrt(1 - rho) * own)
    dates = day_zero[:, None] + np.arange(length)
    before = day_zero[:, None] - ESTIMATION - 10 + np.arange(ESTIMATION)
    row = np.arange(events)[:, None]
    mean = ret[row, before].mean(axis=1, keepdims=True)
    residuals = ret[row, before] - mean
    df = np.full(events, ESTIMATION - 1)
    s = np.sqrt((residuals**2).sum(axis=1) / df)
    kappa = np.full(events, sqrt(length + length**2 / ESTIMATION))
    return Sample(ret[row, dates] - mean + effect, dates, residuals, before, s, kappa, df)


def one_date(events: int) -> Ints:
    return np.full(events, 300)


def subset(sample: Sample, rows: Ints) -> Sample:
    return Sample(*(getattr(sample, field.name)[rows] for field in fields(sample)))


def results(sample: Sample) -> dict[str, PortfolioTest]:
    """Return the tests of a sample that apply to its windows."""
    return {name: test for name, test in portfolio(sample).tests.items() if test.reason != NOT_ONE_WINDOW}


def rejections(samples: list[Sample]) -> dict[str, float]:
    """Return the share of the samples in which each test rejects at 5%."""
    tests = [results(sample) for sample in samples]
    return {name: float(np.mean([test[name].p_value <= 0.05 for test in tests])) for name in tests[0]}


def test_every_test_detects_an_effect() -> None:
    aggregate = portfolio(simulated(np.random.default_rng(1), 200 + np.arange(60), effect=0.02))
    assert aggregate.caar == pytest.approx(0.02, abs=0.01)
    assert aggregate.aar == (aggregate.caar,)
    tests = {name: test for name, test in aggregate.tests.items() if name != "adjusted_rank"}
    assert aggregate.tests["adjusted_rank"].reason == NOT_ONE_WINDOW
    assert all(test.p_value < 1e-3 and test.statistic > 3 for test in tests.values())
    assert next(iter(aggregate.tests)) == aggregate.default == "adjusted_bmp"


def test_an_unadjusted_test_on_one_date_rejects_as_often_as_the_formula_says() -> None:
    events, rho, draws = 50, 0.02, 20_000
    rng = np.random.default_rng(2)
    scars = np.sqrt(rho) * rng.normal(size=(draws, 1)) + np.sqrt(1 - rho) * rng.normal(size=(draws, events))
    df = np.full(events, 10**9)
    expected = erfc(1.959964 / sqrt(1 + (events - 1) * rho) / sqrt(2))
    assert expected == pytest.approx(0.1637, abs=5e-5)
    size = np.mean([patell(scar, df).p_value <= 0.05 for scar in scars])
    assert size == pytest.approx(expected, abs=3 * sqrt(expected * (1 - expected) / draws))
    adjusted = np.array([adjusted_bmp(scar, rho).statistic for scar in scars])
    size = np.mean(student_t_two_sided(adjusted, np.array(events - 1)) <= 0.05)
    assert size == pytest.approx(0.05, abs=3 * sqrt(0.05 * 0.95 / draws))


def test_events_that_share_a_date_count_as_fewer() -> None:
    scar = np.random.default_rng(16).normal(0.3, 1, 50)
    test = adjusted_bmp(scar, 0.02)
    independent = 50 / (1 + 49 * 0.02)
    assert test.p_value == student_t_two_sided(np.array(test.statistic), np.array(independent - 1))
    assert test.p_value > bmp(scar).p_value
    assert adjusted_bmp(scar, 0.0).p_value == bmp(scar).p_value


def test_only_tests_that_allow_for_shared_dates_keep_their_size_on_one_date() -> None:
    rng = np.random.default_rng(3)
    sizes = rejections([simulated(rng, one_date(50), rho=0.1) for _ in range(300)])
    for name in ("adjusted_bmp", "adjusted_rank", "grank_t", "rank"):
        assert 0.005 < sizes[name] < 0.095, name
    for name in ("bmp", "patell", "cross_sectional_t", "sign", "generalised_sign"):
        assert sizes[name] > 0.25, name


def test_every_test_keeps_its_size_on_separate_dates() -> None:
    rng = np.random.default_rng(4)
    sizes = rejections([simulated(rng, rng.permutation(200)[:30] + 150, rho=0.1) for _ in range(300)])
    assert all(0.015 < size < 0.095 for size in sizes.values()), sizes


def test_an_event_that_doubles_the_variance_is_no_effect() -> None:
    rng = np.random.default_rng(5)
    samples = [simulated(rng, 150 + np.arange(40)) for _ in range(300)]
    sizes = rejections([replace(sample, abnormal=sqrt(2) * sample.abnormal) for sample in samples])
    assert 0.015 < sizes["adjusted_bmp"] < 0.095
    assert 0.015 < sizes["grank_t"] < 0.095
    assert sizes["patell"] > 0.10


def test_events_alike_on_the_same_dates_are_judged_by_their_ranks_and_others_by_adjusted_bmp() -> None:
    rng = np.random.default_rng(20)
    alike, unlike = (portfolio(simulated(rng, one_date(30), rho=rho)) for rho in (0.5, 0.0))
    apart = portfolio(simulated(rng, np.repeat([300, 301], 15), rho=0.9))
    assert (alike.default, unlike.default, apart.default) == ("adjusted_rank", "adjusted_bmp", "adjusted_bmp")
    assert alike.mean_correlation > ALIKE > unlike.mean_correlation
    assert apart.mean_correlation > ALIKE


def test_the_ranks_find_what_the_common_part_of_similar_names_hides_from_adjusted_bmp() -> None:
    rng = np.random.default_rng(21)
    power = rejections([simulated(rng, one_date(30), rho=0.4, effect=0.05) for _ in range(100)])
    size = rejections([simulated(rng, one_date(30), rho=0.4) for _ in range(300)])
    assert power["adjusted_rank"] > 0.9 > 0.3 > power["adjusted_bmp"]
    assert 0.015 < size["adjusted_rank"] < 0.095


def test_similar_names_whose_variance_rises_are_no_effect_to_the_adjusted_ranks() -> None:
    rng = np.random.default_rng(22)
    samples = [simulated(rng, one_date(30), rho=0.2) for _ in range(300)]
    sizes = rejections([replace(sample, abnormal=2 * sample.abnormal) for sample in samples])
    assert sizes["adjusted_rank"] < 0.095 < sizes["rank"]


def test_windows_coincide_if_they_hold_the_same_dates() -> None:
    same = np.array([[5, 6], [5, 6]])
    assert coincide(same)
    assert not coincide(same + np.array([[0], [1]]))
    assert not coincide(np.array([[5, 6], [5, 7]]))
    assert not coincide(same[:1])


def test_windows_and_groups_together_equal_each_alone() -> None:
    day_zero = np.random.default_rng(18).integers(150, 180, 90)
    samples = [simulated(np.random.default_rng(19), day_zero, rho=0.3, length=length) for length in (1, 3)]
    samples[1].abnormal[7, 2] = np.nan
    groups = [[np.arange(90), np.arange(0, 90, 2)], [np.arange(40)]]
    for sample, rows_of_groups, aggregates in zip(samples, groups, portfolios(samples, groups), strict=True):
        for rows, together in zip(rows_of_groups, aggregates, strict=True):
            alone = portfolio(subset(sample, rows))
            assert together.caar == alone.caar
            assert together.counts == alone.counts
            assert together.mean_correlation == pytest.approx(alone.mean_correlation, rel=1e-12)
            for name, test in together.tests.items():
                assert test.p_value == pytest.approx(alone.tests[name].p_value, rel=1e-9, nan_ok=True)


def test_neither_the_order_of_events_nor_the_unit_nor_the_sign_matters() -> None:
    rng = np.random.default_rng(9)
    sample = simulated(rng, rng.integers(150, 160, 40), rho=0.2, length=2)
    shuffled = portfolio(subset(sample, rng.permutation(40)))
    percent = portfolio(
        replace(sample, abnormal=100 * sample.abnormal, residuals=100 * sample.residuals, s=100 * sample.s)
    )
    mirrored = portfolio(replace(sample, abnormal=-sample.abnormal, residuals=-sample.residuals))
    for name, test in results(sample).items():
        assert shuffled.tests[name].statistic == pytest.approx(test.statistic, rel=1e-9)
        assert percent.tests[name].statistic == pytest.approx(test.statistic, rel=1e-9)
        assert mirrored.tests[name].p_value == pytest.approx(test.p_value, rel=1e-9)


def test_a_negative_correlation_does_not_lower_the_default_p_value() -> None:
    scar = np.random.default_rng(10).normal(size=20)
    assert adjusted_bmp(scar, -0.04).p_value == bmp(scar).p_value


def test_an_event_with_a_missing_session_counts_in_the_path_only() -> None:
    sample = simulated(np.random.default_rng(11), 200 + 5 * np.arange(12), length=2)
    gap = sample.abnormal.copy()
    gap[0, 1] = np.nan
    aggregate = portfolio(replace(sample, abnormal=gap))
    assert aggregate.counts == (12, 11)
    assert aggregate.events == 11
    assert aggregate.tests == portfolio(subset(sample, np.arange(1, 12))).tests


@pytest.mark.parametrize("events", [0, 1, 4])
def test_fewer_than_five_events_have_an_average_and_no_test(events: int) -> None:
    aggregate = portfolio(simulated(np.random.default_rng(12), 200 + np.arange(events)))
    assert aggregate.events == events
    assert np.isnan(aggregate.caar) == (events == 0)
    reasons = {name: test.reason for name, test in aggregate.tests.items()}
    assert reasons.pop("grank_t") == "fewer than 30 events"
    assert set(reasons.values()) == {"fewer than 5 events"}
    assert all(np.isnan([test.statistic, test.p_value]).all() for test in aggregate.tests.values())


def test_grank_starts_at_thirty_events() -> None:
    sample = simulated(np.random.default_rng(13), 200 + np.arange(30))
    assert portfolio(sample).tests["grank_t"].reason == ""
    assert portfolio(subset(sample, np.arange(29))).tests["grank_t"].reason == "fewer than 30 events"


def test_events_that_do_not_differ_have_no_test_by_their_spread() -> None:
    sample = simulated(np.random.default_rng(14), 200 + np.arange(40))
    equal = replace(sample, abnormal=np.full((40, 1), 0.013), s=np.full(40, 0.02))
    reasons = {name: test.reason for name, test in results(equal).items() if test.reason}
    assert reasons == dict.fromkeys(("adjusted_bmp", "grank_t", "bmp", "cross_sectional_t"), "the events do not differ")


def test_a_shared_date_without_common_history_leaves_no_default() -> None:
    sample = simulated(np.random.default_rng(15), one_date(6))
    halves: Floats = np.where(np.arange(ESTIMATION) % 6 == np.arange(6)[:, None], sample.residuals, np.nan)
    tests = portfolio(replace(sample, residuals=halves)).tests
    assert tests["adjusted_bmp"].reason == NO_COMMON_HISTORY
    assert tests["bmp"].reason == ""


def test_events_without_residuals_have_no_rank_test() -> None:
    sample = simulated(np.random.default_rng(17), 200 + np.arange(40))
    tests = results(replace(sample, residuals=np.full((40, ESTIMATION), np.nan)))
    assert {name for name, test in tests.items() if test.reason} == {"grank_t", "rank", "generalised_sign"}
