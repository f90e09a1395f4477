"""The simulated market: bars of each listing, with planted returns."""

from datetime import date, timedelta

import pytest

from signals.demo.market import LISTINGS, Plants, simulate

SESSIONS = [date(2024, 1, 1) + timedelta(days=n) for n in range(100)]
DAY = SESSIONS[50]


def closes(plants: dict[str, Plants], ticker: str = "GAZP", seed: int = 7) -> list[float]:
    return [bar.close for bar in simulate("MISX", SESSIONS, plants, seed)[ticker]]


def returned(series: list[float]) -> float:
    return series[50] / series[49] - 1


def test_each_listing_of_the_market_has_a_bar_per_session_and_ends_at_its_level() -> None:
    bars = simulate("XNYS", SESSIONS, {}, 7)
    assert list(bars) == [listing.ticker for listing in LISTINGS if listing.mic == "XNYS"]
    for listing in (entry for entry in LISTINGS if entry.mic == "XNYS"):
        assert [bar.session for bar in bars[listing.ticker]] == SESSIONS
        assert bars[listing.ticker][-1].close == pytest.approx(listing.level, abs=0.01)


def test_every_bar_is_possible() -> None:
    for bars in simulate("MISX", SESSIONS, {}, 7).values():
        assert all(0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in bars)
        assert all(bar.volume > 0 for bar in bars)


def test_the_seed_decides_every_price() -> None:
    assert closes({}) == closes({})
    assert closes({}) != closes({}, seed=8)


def test_a_planted_return_is_added_to_that_of_its_session_and_to_no_other_series() -> None:
    planted = {"GAZP": Plants(added={DAY: 0.1})}
    assert returned(closes(planted)) - returned(closes({})) == pytest.approx(0.1, abs=2e-4)  # closes have two decimals
    assert closes(planted, "VLGS") == closes({}, "VLGS")


def test_a_return_of_the_benchmark_moves_its_followers_by_their_beta() -> None:
    planted = {"IMOEX": Plants(replaced={DAY: 0.05})}
    assert returned(closes(planted, "IMOEX")) == pytest.approx(0.05, abs=1e-4)
    change = returned(closes(planted)) - returned(closes({}))
    beta = next(listing.beta for listing in LISTINGS if listing.ticker == "GAZP")
    assert change == pytest.approx(beta * (0.05 - returned(closes({}, "IMOEX"))), abs=3e-4)


def test_an_overnight_return_is_in_the_open_already() -> None:
    def gap(overnight: frozenset[date]) -> float:
        bars = simulate("MISX", SESSIONS, {"GAZP": Plants(added={DAY: 0.1}, overnight=overnight)}, 7)["GAZP"]
        return bars[50].open / bars[49].close - 1

    assert gap(frozenset({DAY})) - gap(frozenset()) == pytest.approx(0.07, abs=5e-4)  # 30% of a move is in the open
