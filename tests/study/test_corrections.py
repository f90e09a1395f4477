"""What a user knows of prices that their source does not say."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from signals.study.corrections import corrected
from signals.study.returns import align
from signals.types import Bars, Correction
from tests.study.test_returns import DAYS, bars


def closes(values: list[float], split_adjusted: bool = False, split: float | None = None) -> Bars:
    actions = {} if split is None else {str(DAYS[2]): (0.0, split)}
    return replace(bars([str(day) for day in DAYS], values, actions), split_adjusted=split_adjusted)


def on(position: int) -> date:
    day: date = DAYS[position].item()
    return day


def test_a_scale_holds_from_a_day_to_a_day() -> None:
    pence = closes([100, 101, 1.02, 1.03, 104])
    one = corrected(pence, [Correction(on(2), on(3), scale=100.0)])
    assert one.close.tolist() == pytest.approx([100, 101, 102, 103, 104])
    assert one.high.tolist() == pytest.approx((pence.high * [1, 1, 100, 100, 1]).tolist(), nan_ok=True)


def test_a_correction_of_another_source_changes_nothing() -> None:
    pence = closes([100, 101, 1.02, 1.03, 1.04])
    assert corrected(pence, [Correction(on(2), source="another", scale=100.0)]) is pence


@pytest.mark.parametrize("split_adjusted", [False, True])
def test_a_split_that_the_source_lacks_is_applied_to_its_day(split_adjusted: bool) -> None:
    one = corrected(closes([100, 101, 51, 51.5, 52], split_adjusted), [Correction(on(2), split=2.0)])
    assert align(one, DAYS).ret[2] == pytest.approx(2 * 51 / 101 - 1)
    assert align(one, DAYS).ret[[1, 3]].tolist() == pytest.approx([0.01, 51.5 / 51 - 1])


def test_a_split_takes_the_place_of_the_source_s_own() -> None:
    adjusted = closes([50, 50.5, 51, 51.5, 52], split=2.0)
    assert align(adjusted, DAYS).ret[2] == pytest.approx(2 * 51 / 50.5 - 1)
    one = corrected(adjusted, [Correction(on(2), split=1.0)])
    assert align(one, DAYS).ret[2] == pytest.approx(51 / 50.5 - 1)
    assert np.array_equal(one.action_date, adjusted.action_date)


def test_a_move_that_is_confirmed_changes_no_price() -> None:
    fallen = closes([100, 101, 50, 51, 52])
    assert corrected(fallen, [Correction(on(2), is_move=True)]) is fallen
