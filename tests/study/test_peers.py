"""The peers of each instrument, and what they explain of its returns."""

from dataclasses import replace

import numpy as np
import pytest

from signals.study.models import Panel
from signals.study.peers import COUNT, RENEWED, mean_of_others, peer_returns
from signals.types import Floats

SHARES, SESSIONS, SECTORS = 60, 420, 5
OF = np.arange(SHARES) % SECTORS


def panel(seed: int = 3) -> Panel:
    """Return shares that move with a market and with the shares of their own sector."""
    draw = np.random.default_rng(seed)
    market, sector = draw.normal(0, 0.01, SESSIONS), draw.normal(0, 0.01, (SECTORS, SESSIONS))
    ret = market + sector[OF] + draw.normal(0, 0.01, (SHARES, SESSIONS))
    ret[draw.random(ret.shape) < 0.01] = np.nan
    nothing = np.full(ret.shape, np.nan)
    return Panel(ret, np.tile(market, (SHARES, 1)), nothing, nothing)


def left(one: Panel, part: Floats) -> float:
    """Return how much of the variance of abnormal returns the peers leave, where they are chosen."""
    abnormal = one.ret - one.benchmark
    measured = np.isfinite(part) & np.isfinite(abnormal)
    return float(np.var((abnormal - part)[measured]) / np.var(abnormal[measured]))


def test_the_shares_that_go_with_a_share_are_its_peers_and_explain_their_part() -> None:
    one = panel()
    peers = peer_returns(one)
    assert left(one, peers.part) == pytest.approx(0.55, abs=0.05)  # one half is the share's own
    same_sector = np.corrcoef(
        np.nan_to_num(peers.mean[0, 200:]), np.nan_to_num(one.ret[OF == 0][1:, 200:].mean(axis=0))
    )
    assert same_sector[0, 1] > 0.9


def test_a_sector_names_the_peers() -> None:
    one = panel()
    named = peer_returns(one, [f"sector {n}" for n in OF])
    assert left(one, named.part) < left(one, peer_returns(one).part) + 0.01
    few = peer_returns(one, ["few" if n < 4 else "" for n in range(SHARES)])
    assert np.array_equal(few.part, peer_returns(one).part, equal_nan=True)  # three others are no group


def test_no_later_return_changes_what_a_session_is_compared_with() -> None:
    one = panel()
    end = 300
    other = replace(one, ret=one.ret.copy(), benchmark=one.benchmark.copy())
    for values in (other.ret, other.benchmark):
        values[:, end:] = np.random.default_rng(7).normal(0, 0.3, values[:, end:].shape)
    before, after = peer_returns(one), peer_returns(other)
    assert np.array_equal(before.mean[:, :end], after.mean[:, :end], equal_nan=True)
    assert np.array_equal(before.part[:, :end], after.part[:, :end], equal_nan=True)


def test_asked_for_the_latest_sessions_only_they_are_the_same() -> None:
    one = panel()
    latest = peer_returns(one, since=SESSIONS - 3)
    assert np.array_equal(latest.part[:, -3:], peer_returns(one).part[:, -3:], equal_nan=True)


def test_a_share_is_not_its_own_peer_nor_is_another_listing_of_it() -> None:
    one = panel()
    twice = replace(one, ret=np.vstack([one.ret, one.ret[:1]]), benchmark=np.vstack([one.benchmark, one.benchmark[:1]]))
    jump = replace(twice, ret=twice.ret.copy())
    jump.ret[[0, -1], -1] += 0.2
    for row in (0, -1):
        assert peer_returns(jump).part[row, -1] == peer_returns(twice).part[row, -1]


def test_one_peer_s_own_news_counts_up_to_three_deviations() -> None:
    one = panel()
    news = replace(one, ret=one.ret.copy())
    news.ret[5, -1] += 0.5
    moved = np.abs(np.nan_to_num(peer_returns(news).mean[:, -1] - peer_returns(one).mean[:, -1]))
    assert 0 < moved.max() < 0.2 / COUNT


def test_before_the_first_choice_and_among_few_shares_the_others_are_the_peers() -> None:
    one = panel()
    assert np.array_equal(peer_returns(one).mean[:, :RENEWED], mean_of_others(one.ret)[:, :RENEWED], equal_nan=True)
    lone = Panel(one.ret[:1], one.benchmark[:1], one.gap[:1], one.session[:1])
    assert np.isnan(peer_returns(lone).mean).all()
    assert np.isnan(peer_returns(lone).part).all()
