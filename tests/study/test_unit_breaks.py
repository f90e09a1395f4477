"""Jumps that a split or a change of unit explains better than news."""

import numpy as np
import pytest

from signals.study.unit_breaks import break_kind, split_breaks, unit_breaks
from signals.types import BreakKind, Floats

DAYS, AT = 80, 60


def returns(jump: float, back_after: int | None = None) -> Floats:
    """Return an ordinary share's returns with a jump, given as the ratio of two closes, that may be undone."""
    values = np.random.default_rng(7).normal(0, 0.015, (1, DAYS))
    values[0, AT] = jump * (1 + values[0, AT]) - 1
    if back_after is not None:
        values[0, AT + back_after] = (1 + values[0, AT + back_after]) / jump - 1
    return values


@pytest.mark.parametrize("jump", [0.01, 100, 1000, 1 / 2, 1 / 3, 1 / 10, 2, 5, 10, 20, 30, 1 / 30, 2 / 3, 1.5, 0.4])
def test_a_ratio_of_a_split_or_a_unit_is_a_break(jump: float) -> None:
    assert np.flatnonzero(unit_breaks(returns(jump))).tolist() == [AT]


@pytest.mark.parametrize("jump", [1.0, 1.1, 0.85, 1.22, 0.75, 1.28])
def test_what_news_does_to_a_share_is_none(jump: float) -> None:
    assert not unit_breaks(returns(jump)).any()


@pytest.mark.parametrize("sessions", [1, 2, 3])
def test_a_jump_that_is_undone_is_a_break_both_ways(sessions: int) -> None:
    assert np.flatnonzero(unit_breaks(returns(1.78, sessions))).tolist() == [AT, AT + sessions]
    assert not unit_breaks(returns(1.78, 4)).any()


def test_many_shares_traded_or_a_long_way_within_the_session_say_that_it_was_the_news() -> None:
    fallen = returns(0.5)
    usual, busy = np.full((1, DAYS), 1e6), np.full((1, DAYS), 1e6)
    busy[0, AT] = 9e6
    assert unit_breaks(fallen, usual).any()
    assert not unit_breaks(fallen, busy).any()
    calm, wild = np.full((1, DAYS), 0.002), np.full((1, DAYS), 0.002)
    wild[0, AT] = -0.35
    assert unit_breaks(fallen, None, calm).any()
    assert not unit_breaks(fallen, None, wild).any()


def test_a_day_on_which_everything_halves_is_a_day_of_news() -> None:
    together = np.repeat(returns(0.5), 8, axis=0)
    assert not unit_breaks(together).any()


@pytest.mark.parametrize("split", [2.0, 7.0, 0.1, 1 / 190, 1.5])
@pytest.mark.parametrize("split_adjusted", [False, True])
def test_on_the_day_of_a_split_the_price_tells_adjusted_from_raw(split: float, split_adjusted: bool) -> None:
    splits = np.ones(DAYS)
    splits[AT] = split
    honest = returns(1.0)[0]
    assert not split_breaks(honest, splits, split_adjusted).any()
    wrong = returns(1 / split if split_adjusted else split)[0]
    assert np.flatnonzero(split_breaks(wrong, splits, split_adjusted)).tolist() == [AT]


def test_a_small_split_beside_a_fall_on_the_news_is_left() -> None:
    splits = np.ones(DAYS)
    splits[AT] = 1.1
    assert not split_breaks(returns(0.9)[0], splits, False).any()


@pytest.mark.parametrize(
    ("ret", "split", "kind"),
    [
        (99.0, 1.0, BreakKind.UNIT), (-0.9903, 1.0, BreakKind.UNIT), (999.0, 1.0, BreakKind.UNIT),
        (-0.5, 1.0, BreakKind.SPLIT), (28.0, 1.0, BreakKind.SPLIT), (5.8, 7.0, BreakKind.SPLIT_TWICE),
    ],
)  # fmt: skip
def test_a_break_has_a_kind(ret: float, split: float, kind: BreakKind) -> None:
    assert break_kind(ret, split) == kind
