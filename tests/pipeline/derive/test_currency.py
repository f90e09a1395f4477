"""A benchmark in another currency is converted by the rate that the configuration names, or refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from signals.errors import ConfigError
from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.currency import Rate, depends_on, is_comparable, no_rate, rate_between
from signals.pipeline.derive.intraday import intraday_moves
from signals.store import Store
from signals.types import IntradayWindow, Move, Reason
from tests.pipeline.currencies import NEWS, NOW, link, rate, world
from tests.pipeline.stores import ACME, HOURLY, begin_run, event_on, instrument, plan_of, save_both, starts, walk
from tests.pipeline.stores import NOW as HOURLY_NOW
from tests.worlds import app_at, contents, run

QUOTES = [{"USDEUR": "USDEUR"}, {"EURUSD": "EURUSD"}]
quotes = pytest.mark.parametrize("fx", QUOTES, ids=["as quoted", "the other way round"])


@quotes
def test_a_converted_benchmark_gives_the_numbers_of_one_in_the_same_currency(
    tmp_path: Path, fx: dict[str, str]
) -> None:
    same = link(world(tmp_path / "same", "INEUR", "EUR"))
    other = link(world(tmp_path / "other", "INUSD", "USD", fx=fx))
    for name in ("ret", "benchmark_ret", "car", "alpha", "beta", "t_stat", "p_value"):
        assert getattr(other, name) == pytest.approx(getattr(same, name), rel=1e-9), name


def test_without_a_rate_it_is_refused_with_the_key_to_write(tmp_path: Path) -> None:
    refused = link(world(tmp_path, "INUSD", "USD"))
    assert (refused.status, refused.reason) == ("unscored", "currency")
    (move,) = contents(app_at(tmp_path / "config.yaml", NOW))["moves"]
    assert "ACME is in EUR, its benchmark INUSD in USD; name what one USD costs as fx.USDEUR" in move["reason_detail"]


def test_a_corrected_rate_scores_the_event_again(tmp_path: Path) -> None:
    app = world(tmp_path, "INUSD", "USD", fx={"USDEUR": "USDEUR"})
    before = link(app)
    path = tmp_path / "USDEUR.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[201] = f"{NEWS},{rate(200) * 1.01}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run(replace(app, now=lambda: NOW + timedelta(hours=1)))
    after = link(app)
    assert before.benchmark_ret is not None
    assert after.benchmark_ret == pytest.approx((1 + before.benchmark_ret) * 1.01 - 1)


def test_a_rate_that_is_no_instrument_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"fx\.USDEUR: 'NOPE' is not one of the instruments"):
        world(tmp_path, "INUSD", "USD", fx={"USDEUR": "NOPE"})


def test_converting_back_gives_the_same_returns() -> None:
    returns, quotes = np.array([0.01, -0.02, np.nan]), np.array([0.005, -0.001, 0.0])
    converted = Rate("X", inverse=False).converted(returns, quotes)
    np.testing.assert_allclose(Rate("X", inverse=True).converted(converted, quotes), returns)


# --- windows by the clock -------------------------------------------------------------------------------------------

INTRADAY = replace(HOURLY, windows=tuple(map(IntradayWindow.parse, ("0m..60m", "0m..close", "overnight", "-60m..0m"))))
INDEX = walk(2)
DOLLARS = {at: 0.9 + 0.05 * np.sin(n / 7) for n, at in enumerate(starts())}  # what one of them costs in euros
HOURS: Mapping[str, Mapping[datetime, float]] = {
    "ACME": {at: close * INDEX[at] / 100 for at, close in walk(1).items()},
    "INEUR": INDEX,
    "INUSD": {at: close / DOLLARS[at] for at, close in INDEX.items()},
    "USDEUR": DOLLARS,
    "EURUSD": {at: 1 / euros for at, euros in DOLLARS.items()},
}


def hourly_plan(benchmark: str, currency: str, fx: Mapping[str, str]) -> Plan:
    index = instrument(benchmark, currency=currency, kind="index")
    rates = [instrument("USDEUR", kind="fx"), instrument("EURUSD", kind="fx", currency="USD")]
    return plan_of(replace(ACME, benchmark=benchmark), index, *rates, intraday=(INTRADAY,), fx=fx)


def hourly_moves(store: Store, plan: Plan) -> list[Move]:
    """Return the moves of an event in a session and of one in an evening, in the order of their keys."""
    events = [event_on(80, at=timedelta(minutes=150)), event_on(90, at=timedelta(hours=-9))]
    with store.read() as db:
        return sorted(intraday_moves(db, plan, RunContext(1, HOURLY_NOW), events), key=lambda move: move.key)


def numbers(move: Move) -> list[float | None]:
    names = ("ret", "benchmark_ret", "car", "bhar", "alpha", "beta", "t_stat", "z", "p_value")
    return [getattr(move, name) for name in names]


@quotes
def test_an_intraday_study_converts_its_benchmark_with_bars_of_the_rate(store: Store, fx: dict[str, str]) -> None:
    with store.write() as db:
        begin_run(db)
        for ticker, closes in HOURS.items():
            save_both(db, ticker, closes)
    same, other = (hourly_moves(store, hourly_plan(*index, fx)) for index in (("INEUR", "EUR"), ("INUSD", "USD")))
    assert {move.event_window for move in other if move.unscored is None} == {*map(str, INTRADAY.windows)}
    assert [move.benchmark for move in other] == ["INUSD"] * len(other)
    for one, converted in zip(same, other, strict=True):
        assert converted.unscored == one.unscored
        assert numbers(converted) == pytest.approx(numbers(one), rel=1e-9), one.key


@quotes
def test_an_intraday_study_is_refused_without_bars_of_the_rate_and_names_it(store: Store, fx: dict[str, str]) -> None:
    with store.write() as db:
        begin_run(db)
        for ticker in ("ACME", "INUSD"):
            save_both(db, ticker, HOURS[ticker])
    (ticker,) = fx.values()
    for move in hourly_moves(store, hourly_plan("INUSD", "USD", fx)):
        assert move.unscored is not None
        assert move.unscored.reason is Reason.CURRENCY
        assert move.unscored.detail == f"{ticker} has no 1h bars to convert INUSD into EUR"


# --- rates ----------------------------------------------------------------------------------------------------------


def test_a_rate_is_used_in_either_direction() -> None:
    plan = plan_of(fx={"USDEUR": "CASH"})
    assert rate_between(plan, "USD", "EUR") == Rate("CASH", inverse=False)
    assert rate_between(plan, "EUR", "USD") == Rate("CASH", inverse=True)
    assert rate_between(plan, "EUR", "GBP") is None


def test_instruments_are_comparable_in_one_currency_or_with_a_rate() -> None:
    dollars, pounds = instrument("SPX", currency="USD"), instrument("FTSE", currency="GBP")
    plan = plan_of(fx={"EURUSD": "CASH"})
    assert [is_comparable(plan, ACME, other) for other in (instrument("AEX"), dollars, pounds)] == [True, True, False]
    assert no_rate(ACME, pounds).endswith("name what one GBP costs as fx.GBPEUR")


def test_a_move_depends_on_benchmark_rate_and_factors() -> None:
    dollars, cash = instrument("SPX", currency="USD"), instrument("CASH", kind="fx")
    own, oil = replace(ACME, benchmark="SPX"), instrument("OIL")
    study = replace(plan_of().studies[0], factors=("OIL", "NOPE"))
    plan = plan_of(own, dollars, cash, oil, studies=(study,), fx={"USDEUR": "CASH"})
    assert depends_on(plan)["ACME"] == {"SPX", "CASH", "OIL"}
    assert depends_on(replace(plan, fx={}))["ACME"] == {"SPX", "OIL"}
    assert depends_on(plan)["SPX"] == {"OIL"}
