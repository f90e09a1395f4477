"""What was said of earlier moves beside what came out, from the flat part of their p-values."""

import numpy as np
import pytest
from scipy import stats

from signals.study.error_rates import TwoGroups, counts_of, fit
from signals.study.reliability import reliability
from signals.types import Floats, Ints, Reliability

DOUBTFUL = TwoGroups(pi=0.01, a=0.25)


def events(seed: int, count: int, real: float) -> tuple[Floats, np.ndarray]:
    """Return p-values and which of them have an effect."""
    rng = np.random.default_rng(seed)
    effect = rng.random(count) < real
    z = rng.normal(size=count) + np.where(effect, 1.7 * rng.standard_t(4, count), 0)
    return np.asarray(2 * stats.norm.sf(np.abs(z))), effect


def of_one(p: Floats) -> Ints:
    return np.zeros(len(p), np.int64)


def test_of_no_moves_nothing_is_known() -> None:
    assert reliability([DOUBTFUL], of_one(np.array([])), np.array([])) == []


def test_chance_that_was_said_to_be_chance_came_out_as_chance() -> None:
    p = (np.arange(1000) + 0.5) / 1000  # as uniform as can be
    *rare, often = reliability([DOUBTFUL], of_one(p), p)
    assert often.stated == pytest.approx(0.99, abs=0.01)
    assert often.chance == pytest.approx(1.0, abs=0.001)
    assert sum(row.events for row in (*rare, often)) == 1000
    assert all(row.chance == pytest.approx(1.0, abs=0.3) for row in rare)


def test_chance_that_was_said_to_be_real_is_seen() -> None:
    boastful = TwoGroups(pi=0.9, a=0.4)
    p = (np.arange(1000) + 0.5) / 1000
    rows = reliability([boastful], of_one(p), p)
    assert rows[0].stated < 0.2
    assert all(row.chance > 0.9 for row in rows if row.events >= 50)


def test_what_came_out_is_what_was_planted() -> None:
    p, effect = events(1, 60_000, 0.10)
    (two,) = fit(counts_of(p[:5000], of_one(p[:5000]), 1))
    p, chance = p[5000:], ~effect[5000:]
    step = np.clip(np.ceil(two.local_fdr(p) * 10).astype(int) - 1, 0, 9)
    rows = reliability([two], of_one(p), p)
    assert [row.events for row in rows] == [count for count in np.bincount(step).tolist() if count]
    for row, n in zip(rows, np.unique(step).tolist(), strict=True):
        assert row.chance == pytest.approx(chance[step == n].mean(), abs=0.06 + 3 * row.error)
        assert n / 10 <= row.stated <= (n + 1) / 10


def test_each_move_is_judged_by_what_was_fitted_for_it() -> None:
    groups = [TwoGroups(0.02, 0.3), TwoGroups(0.5, 0.1)]
    p, _ = events(2, 4000, 0.3)
    of_group = np.arange(4000) % 2
    rows = reliability(groups, of_group, p)
    said = np.where(of_group == 0, groups[0].local_fdr(p), groups[1].local_fdr(p))
    step = np.clip(np.ceil(said * 10).astype(int) - 1, 0, 9)
    assert [row.stated for row in rows] == pytest.approx([said[step == n].mean() for n in np.unique(step)])
    # By chance as many moves fall into a tenth as the flat part of all p-values has room for.
    flat = 2 * np.mean(p > 0.5)
    expected = [flat * sum(width(two, n / 10, (n + 1) / 10) * 2000 for two in groups) for n in np.unique(step)]
    assert [row.chance for row in rows] == pytest.approx(
        [min(1.0, e / (step == n).sum()) for e, n in zip(expected, np.unique(step), strict=True)], rel=0.02
    )


def width(two: TwoGroups, low: float, high: float) -> float:
    """Return the share of all p in [0, 1] of which a chance within a range is said."""
    p = np.linspace(0, 1, 2_000_001)
    of = two.local_fdr(p)
    return float(((of > low) & (of <= high)).mean())


def test_the_error_falls_with_the_events() -> None:
    p = (np.arange(1000) + 0.5) / 1000
    few, many = (reliability([DOUBTFUL], of_one(part), part)[-1] for part in (p[::10], p))
    assert isinstance(few, Reliability)
    assert few.error == pytest.approx(1 / np.sqrt(few.events), rel=0.05)
    assert many.error < few.error / 3


def test_the_share_of_chance_is_read_from_the_upper_half_of_the_p_values() -> None:
    p = np.array([0.01] * 6 + [0.4, 0.45, 0.6, 0.9])  # 2 of 10 above one half: 40% are chance
    two = TwoGroups(0.3, 0.2)
    for row in reliability([two], of_one(p), p):
        n = int(np.ceil(row.stated * 10)) - 1
        assert row.chance == pytest.approx(min(1.0, 0.4 * 10 * width(two, n / 10, (n + 1) / 10) / row.events), rel=0.05)
