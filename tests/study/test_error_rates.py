"""How likely a move is chance, and which share of the calls is: by the formulas, on planted effects, over a year."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from signals.study.error_rates import BINS, EDGES, TwoGroups, counts_of, fit
from signals.types import Floats, Ints

SUBJECT, MENTIONED, WEAK = range(3)
P = np.array([1e-6, 2e-4, 0.001, 0.01, 0.05, 0.2, 0.5, 0.9, 1.0])
shapes = st.sampled_from([0.05, 0.1, 0.25, 0.4, 0.6])
groups = st.builds(TwoGroups, st.floats(0.001, 0.999), shapes)
p_values = st.floats(0, 1)


def fitted(p: Floats, label: Ints | None = None) -> list[TwoGroups]:
    return fit(counts_of(p, np.zeros(len(p), np.int64) if label is None else label, 3))


def two_sided(z: Floats) -> Floats:
    return np.asarray(2 * stats.norm.sf(np.abs(z)))


# --- what is said of a p-value --------------------------------------------------------------------------------------


def density(p: float, a: float) -> float:
    return float(a * (p + 0.001) ** (a - 1) / (1.001**a - 0.001**a))


@given(groups, st.floats(1e-6, 1))
def test_both_rates_are_ratios_of_the_mixture_and_of_its_flat_part(two: TwoGroups, p: float) -> None:
    flat = 1 - two.pi + two.pi * density(1.0, two.a)
    below = (1 - two.pi) * p + two.pi * integrate.quad(density, 0, p, (two.a,), points=[min(p, 0.001)], limit=200)[0]
    local_fdr, q = two.local_fdr(np.array([p]))[0], two.q_values(np.array([p]))[0]
    assert two.chance == pytest.approx(flat)
    assert local_fdr == pytest.approx(min(1, flat / (1 - two.pi + two.pi * density(p, two.a))), rel=1e-12)
    assert q == pytest.approx(min(1, flat * p / below), rel=1e-6)


def test_numbers_of_the_defaults() -> None:
    two = TwoGroups()  # worked out with 30 digits
    p = np.array([0.001, 0.05, 1.0])
    assert two.local_fdr(p) == pytest.approx([0.2261376175, 0.7862889435, 1.0], abs=1e-9)
    assert two.q_values(p) == pytest.approx([0.1864059142, 0.5731718735, 0.9303752422], abs=1e-9)


@given(groups, st.lists(p_values, min_size=2, max_size=30))
def test_rates_rise_with_p_and_q_is_at_most_the_local_rate(two: TwoGroups, values: list[float]) -> None:
    p = np.array(sorted(values))
    local_fdr, q = two.local_fdr(p), two.q_values(p)
    for rates in (local_fdr, q):
        assert (np.diff(rates) >= -1e-12).all()
        assert ((rates >= 0) & (rates <= 1)).all()
    assert (q <= local_fdr + 1e-12).all()


def test_what_has_no_p_has_no_rate_and_what_is_p_1_is_chance() -> None:
    two = TwoGroups(0.5, 0.1)
    assert np.isnan(two.local_fdr(np.array([np.nan])))
    assert np.isnan(two.q_values(np.array([np.nan])))
    assert two.local_fdr(np.ones(1)) == [1.0]


@pytest.mark.parametrize("p", [0.0, 1e-320, 1e-200, 1e-17])
def test_the_smallest_p_values_have_the_rates_of_p_0(p: float) -> None:
    two = TwoGroups()
    assert two.q_values(np.array([p])) == pytest.approx(two.local_fdr(np.zeros(1)), rel=1e-9)


def test_no_more_evidence_is_read_from_p_than_it_was_validated_for() -> None:
    tiny, small = TwoGroups().local_fdr(np.array([1e-9, 1e-5]))
    assert tiny == pytest.approx(small, rel=0.01)
    assert tiny > 0.1


# --- counts ---------------------------------------------------------------------------------------------------------


def test_the_bins_cover_all_p_values_in_equal_steps_of_the_logarithm() -> None:
    assert (EDGES[0], EDGES[-1], len(EDGES)) == (0.0, 1.0, BINS + 1)
    steps = np.diff(np.log(EDGES + 0.001))
    assert steps == pytest.approx(np.full(BINS, np.log(1001) / BINS))
    assert counts_of(EDGES[1:], np.zeros(BINS, np.int64), 1).tolist() == [[1] * BINS]  # an edge ends its bin


@given(st.lists(st.tuples(p_values, st.integers(0, 2)), max_size=40), st.integers(0, 40))
def test_counts_of_parts_add_up_and_hold_every_p_value_once(rows: list[tuple[float, int]], cut: int) -> None:
    p, label = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.int64)
    counts = counts_of(p, label, 3)
    assert counts.shape == (3, BINS)
    assert (counts == counts_of(p[:cut], label[:cut], 3) + counts_of(p[cut:], label[cut:], 3)).all()
    assert counts.sum(axis=1).tolist() == np.bincount(label, minlength=3).tolist()
    for value, of_class in rows:
        inside = (value <= EDGES[1:]) & ((value > EDGES[:-1]) | (EDGES[:-1] == 0))
        assert inside.sum() == 1
        assert counts[of_class, inside.argmax()] >= 1


# --- what is fitted -------------------------------------------------------------------------------------------------


def test_without_events_the_rates_are_those_of_the_prior() -> None:
    assert fitted(np.array([])) == [TwoGroups()] * 3 == [TwoGroups(pi=0.10, a=0.25, events=0)] * 3


def test_p_values_of_chance_leave_a_share_below_the_prior_and_call_nothing() -> None:
    rng = np.random.default_rng(1)
    for count in (50, 500, 5000):
        two, *_ = fitted(rng.random(count))
        assert two.pi <= 0.12
        assert two.events == count
    assert two.pi < 0.02
    assert (two.q_values(np.array([1 / 5000])) > 0.20).all()


def test_the_share_and_the_shape_are_the_most_probable_ones() -> None:
    rng = np.random.default_rng(2)
    z = rng.normal(size=400) + 3 * rng.normal(size=400) * (rng.random(400) < 0.3)
    p, label = two_sided(z), rng.integers(0, 2, 400)
    counts = counts_of(p, label, 3)

    def density_of_bins(a: float) -> Floats:
        below = ((EDGES + 0.001) ** a - 0.001**a) / (1.001**a - 0.001**a)
        return np.asarray(np.diff(below) / np.diff(EDGES))

    def loss(pi: float, a: float, of: Ints, usual: float, events: float) -> float:
        fits = (of * np.log(1 - pi + pi * density_of_bins(a))).sum()
        return float(-fits - events * (usual * np.log(pi) + (1 - usual) * np.log(1 - pi)))

    best: tuple[float, float, float] = (inf, 0.0, 0.0)
    for a in np.linspace(0.05, 0.60, 12):
        result = optimize.minimize_scalar(
            loss, bounds=(1e-9, 1 - 1e-9), args=(a, counts.sum(axis=0), 0.10, 50.0), method="bounded",
            options={"xatol": 1e-10},
        )  # fmt: skip
        best = min(best, (float(result.fun) + ((a - 0.25) / 0.15) ** 2 / 2, float(a), float(result.x)))
    _, a, pi = best
    for n, two in enumerate(fit(counts)):
        own = optimize.minimize_scalar(
            loss, bounds=(1e-9, 1 - 1e-9), args=(a, counts[n], pi, 20.0), method="bounded", options={"xatol": 1e-10}
        )
        assert two.events == counts[n].sum()
        assert two.a == pytest.approx(a)
        assert two.pi == pytest.approx(float(own.x), abs=1e-5)


def test_a_class_without_events_has_the_share_of_the_study_and_others_lean_on_it() -> None:
    rng = np.random.default_rng(3)
    real, quiet = two_sided(4 * rng.normal(size=300)), rng.random(300)
    p, label = np.concatenate([real, quiet]), np.repeat([SUBJECT, MENTIONED], 300)
    subject, mentioned, weak = fitted(p, label)
    assert mentioned.pi < weak.pi / 2 < weak.pi < 0.6 < subject.pi
    assert weak.events == 0
    few, *_ = fitted(np.append(p, [0.9] * 3), np.append(label, [WEAK] * 3))[WEAK:]
    assert mentioned.pi < few.pi < weak.pi  # three events say less than twenty of the study


@given(st.lists(st.tuples(p_values, st.integers(0, 2)), max_size=60))
def test_whatever_came_before_the_share_is_one_and_a_smaller_p_is_no_likelier_chance(
    rows: list[tuple[float, int]],
) -> None:
    for two in fitted(np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.int64)):
        assert 0 < two.pi < 1
        assert 0.05 <= two.a <= 0.60
        assert (np.diff(two.local_fdr(P)) >= 0).all()
        assert (np.diff(two.q_values(P)) >= 0).all()


def test_what_is_said_of_planted_effects_is_near_the_truth() -> None:
    rng = np.random.default_rng(4)
    real = rng.random(40_000) < 0.10
    p = two_sided(rng.normal(size=len(real)) + np.where(real, 1.7 * rng.standard_t(4, len(real)), 0))
    two, *_ = fitted(p[:2000])
    later, chance = p[2000:], ~real[2000:]
    stated = two.local_fdr(later)
    step = np.clip((stated * 5).astype(int), 0, 4)
    for n, error in enumerate((0.10, 0.20, 0.20, 0.10, 0.10)):  # no shape of g is as steep as that of these effects
        assert (step == n).sum() > 100
        assert stated[step == n].mean() == pytest.approx(chance[step == n].mean(), abs=error)
    q = two.q_values(later)
    for level in (0.10, 0.20, 0.30):
        assert chance[q <= level].mean() <= level + 0.03


# --- a year of nights -----------------------------------------------------------------------------------------------

Year = tuple[Ints, Ints, np.ndarray, Floats]


def year(rng: np.random.Generator, real: float) -> Year:
    """Simulate the night, the class, whether it is real, and the p-value of the events of 250 nights."""
    night = np.repeat(np.arange(250), rng.integers(1, 11, 250))
    label = rng.integers(0, 3, len(night))
    effect = rng.random(len(night)) < real * np.array([2.0, 1.0, 0.0])[label]
    z = rng.normal(size=len(night)) + np.where(effect, 1.7 * rng.standard_t(4, len(night)), 0)
    return night, label, effect, np.maximum(two_sided(z), 1 / 5000)


def judged(of: Year) -> Floats:
    """Return the q-values that nights give, each block of 20 by what had ended 10 nights before it."""
    night, label, _, p = of
    q = np.empty(len(p))
    for first in range(0, 250, 20):
        earlier, now = night < first - 10, night // 20 == first // 20
        for n, two in enumerate(fitted(p[earlier], label[earlier])):
            q[now & (label == n)] = two.q_values(p[now & (label == n)])
    return q


def nightly_bh(of: Year) -> Floats:
    """Return the q-values of Benjamini and Hochberg (1995) within each night."""
    night, _, _, p = of
    return np.concatenate([stats.false_discovery_control(p[night == n]) for n in range(250)])


def false_share(years: list[Year], q: list[Floats], level: float) -> float:
    called = [(of[2][of_year <= level]) for of, of_year in zip(years, q, strict=True)]
    return float(1 - np.concatenate(called).mean())


@pytest.fixture(scope="module")
def years() -> list[Year]:
    rng = np.random.default_rng(5)
    return [year(rng, 0.10) for _ in range(12)]


@pytest.mark.parametrize("level", [0.10, 0.20, 0.30])
def test_of_the_calls_of_a_year_no_more_are_chance_than_the_level_says(years: list[Year], level: float) -> None:
    q = [judged(of) for of in years]
    assert level - 0.06 <= false_share(years, q, level) <= level + 0.03
    first_nights = [replaced(of, q_of) for of, q_of in zip(years, q, strict=True)]
    assert false_share(years, first_nights, level) <= level + 0.05  # cold start, of fewer calls


def replaced(of: Year, q: Floats) -> Floats:
    """Return q-values that call nothing after the first 60 nights."""
    return np.where(of[0] < 60, q, 1.0)


def test_q_values_within_each_night_promise_more_than_they_keep(years: list[Year]) -> None:
    q = [nightly_bh(of) for of in years]
    assert false_share(years, q, 0.05) > 0.15
    assert false_share(years, q, 0.10) > 0.20


def test_a_year_of_chance_calls_almost_nothing() -> None:
    rng = np.random.default_rng(6)
    q = np.concatenate([judged(year(rng, 0.0)) for _ in range(6)])
    assert (q <= 0.10).mean() <= 0.002


def test_news_that_is_hardly_about_an_instrument_is_seldom_called(years: list[Year]) -> None:
    called = np.zeros((3, 2))
    for of in years:
        _, label, effect, _ = of
        q = judged(of) <= 0.20
        for n in range(3):
            called[n] += [(q & (label == n) & effect).sum(), (q & (label == n) & ~effect).sum()]
    real, chance = called.T / len(years)
    assert chance[WEAK] <= 1.5
    assert real[SUBJECT] > real[MENTIONED] > real[WEAK] == 0


def test_a_fit_may_be_kept_as_its_numbers() -> None:
    two, *_ = fitted(np.random.default_rng(7).random(100))
    assert replace(TwoGroups(), pi=two.pi, a=two.a, c=two.c, events=two.events) == two
