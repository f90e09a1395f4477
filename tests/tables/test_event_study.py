"""What an event study on one's own tables gives: the numbers of statsmodels, and of a nightly run to the last bit."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import signals
from signals.app import App
from signals.store import bars
from signals.study.portfolio import DEFAULT
from tests.tables.conftest import DAY, Frame

MEASURED = ("ret", "benchmark_ret", "car", "bhar", "sigma", "kappa", "t_stat", "z", "p_value", "p_rank", "alpha",
            "beta", "minimum_detectable")  # fmt: skip


def test_an_event_study_finds_the_move_and_gives_reasons(closes: Frame) -> None:
    days = closes.index
    events = pd.DataFrame({"ticker": ["S3", "S4", "S5", "S6"], "day_zero": [days[DAY], days[DAY], days[20], days[-1]]})
    results = signals.event_study(events, closes, benchmark="INDEX", windows=["0..0", "0..5"])
    first: Any = results[results.event_window == "0..0"].set_index("ticker")
    assert first.loc["S3", "p_value"] < 0.002 < 0.01 < first.loc["S4", "p_value"]
    assert first.loc["S3", "car"] == pytest.approx(0.08, abs=0.03)
    assert list(results.reason) == ["", "", "", "", "short_history", "short_history", "", "window_open"]
    assert results.p_value.isna().tolist() == [bool(reason) for reason in results.reason]


@pytest.mark.parametrize("factors", [[], ["OIL"], ["OIL", "S0"]])
def test_the_numbers_are_those_of_statsmodels(closes: Frame, factors: list[str]) -> None:
    events = pd.DataFrame({"ticker": ["S3", "S4"], "day_zero": closes.index[[DAY, DAY + 7]]})
    results = signals.event_study(events, closes, "INDEX", windows=["0..2"], factors=factors)
    returns = closes.pct_change()
    for column, row in zip((DAY, DAY + 7), results.itertuples(), strict=True):
        x = sm.add_constant(returns[["INDEX", *factors]].to_numpy())
        y = returns[row.ticker].to_numpy()
        fit = sm.OLS(y[column - 260 : column - 10], x[column - 260 : column - 10]).fit()
        inside = slice(column, column + 3)
        car = (y[inside] - fit.predict(x[inside])).sum()
        sums = x[inside].sum(axis=0)
        variance = fit.mse_resid * 3 + sums @ fit.cov_params() @ sums
        expected = [fit.params[0], fit.params[1], car, car / np.sqrt(variance)]
        assert [row.alpha, row.beta, row.car, row.t_stat] == pytest.approx(expected, rel=1e-9)
        assert row.kappa == pytest.approx(np.sqrt(variance / fit.mse_resid), rel=1e-9)


def test_a_factor_is_no_member_of_the_pool(closes: Frame, events: Frame) -> None:
    with_factor = signals.event_study(events, closes, "INDEX", factors=["OIL"], windows=["0..0"])
    wild = closes.assign(OTHER=closes["S0"] ** 3)
    as_member = signals.event_study(events, wild, "INDEX", factors=["OIL"], windows=["0..0"])
    as_factor = signals.event_study(events, wild, "INDEX", factors=["OIL", "OTHER"], windows=["0..0"])
    assert (as_member["n_reference"] > with_factor["n_reference"]).all()
    assert (as_factor["n_reference"] == with_factor["n_reference"]).all()
    assert set(as_factor["model"]) == {"market + OIL + OTHER"}


def test_the_results_are_those_of_a_nightly_run_to_the_last_bit(demo_app: App) -> None:
    book = signals.open(demo_app.config.path)
    plan = demo_app.plan
    compared = 0
    for market in {i.market for i in plan.instruments if i.market.benchmark is not None}:
        members = [i.ticker for i in plan.instruments if i.market == market]
        closes = stored_closes(demo_app, [*members, str(market.benchmark)])
        for study in plan.studies:
            if study.factors or study.exclude_events:
                continue
            rows = book.events().query("study == @study.name and ticker in @members")
            rows = rows[rows["day_zero"] <= closes.index[-1]]  # a run knows the session of tomorrow from the calendar
            once = rows.drop_duplicates(["ticker", "day_zero"])[["ticker", "day_zero"]]
            windows = [str(window) for window in study.windows]
            own = signals.event_study(once, closes, market.benchmark, study.model, windows)
            both = rows.merge(own, on=["ticker", "day_zero", "event_window"], suffixes=("", "_own"))
            assert len(both) == len(rows)
            assert list(both["reason"].fillna("")) == list(both["reason_own"])
            for name in MEASURED:
                assert np.array_equal(both[name], both[f"{name}_own"], equal_nan=True), name
            scored = both["status"] == "scored"
            assert list(both.loc[scored, "p_method"]) == list(both.loc[scored, "p_method_own"])
            compared += int(scored.sum())
    assert compared > 100


def stored_closes(app: App, tickers: list[str]) -> Frame:
    """Return the closes that a store has of some tickers, on the sessions of the last of them."""
    columns = {}
    with app.store.read() as db:
        for ticker in tickers:
            [source] = [one.source for one in bars.coverage(db, [ticker])[ticker]]
            stored = bars.load_bars(db, ticker, source, "1d", date.min, date.max)
            columns[ticker] = pd.Series(stored.close, index=pd.DatetimeIndex(stored.start))
    table = pd.DataFrame(columns)
    sessions: pd.DataFrame = table[table[tickers[-1]].notna()]
    return sessions


def test_a_window_before_an_event_after_the_table_is_not_measured(closes: Frame) -> None:
    events = pd.DataFrame({"ticker": "S3", "day_zero": ["2022-04-20", "2023-01-02"]})
    results = signals.event_study(events, closes, "INDEX", windows=["-5..-1"])
    assert list(results["reason"]) == ["window_open"] * 2
    assert results["car"].isna().all()
    assert set(signals.car_paths(events, closes, "INDEX")["reason"]) == {"window_open"}


def test_a_factor_that_is_the_benchmark_again_has_no_fit(closes: Frame, events: Frame) -> None:
    again = closes.assign(OIL=closes["INDEX"])
    assert set(signals.event_study(events, again, "INDEX", factors=["OIL"])["reason"]) == {"degenerate"}
    assert set(signals.car_paths(events, again, "INDEX", factors=["OIL"])["reason"]) == {"degenerate"}


# --- paths and tests ------------------------------------------------------------------------------------------------


def test_a_path_has_the_abnormal_return_of_each_session_and_their_sum(closes: Frame, events: Frame) -> None:
    paths = signals.car_paths(events.assign(kind="x"), closes, "INDEX", first=-5, last=3, factors=["OIL"])
    assert list(paths["offset"]) == [*range(-5, 4)] * 2
    assert list(paths["session"][:9]) == list(closes.index[DAY - 5 : DAY + 4])
    assert set(paths["kind"]) == {"x"}
    for _, path in paths.groupby("event"):
        assert (path["car"].to_numpy() == path["ar"].cumsum().to_numpy()).all()
    study = signals.event_study(events, closes, "INDEX", windows=["0..0"], factors=["OIL"])
    assert (paths.loc[paths["offset"] == 0, "ar"].to_numpy() == study["car"].to_numpy()).all()


def test_a_session_without_an_abnormal_return_has_a_reason(closes: Frame) -> None:
    days = closes.index
    events = pd.DataFrame({"ticker": ["S3", "S4", "S5", "S6"], "day_zero": [days[DAY], days[20], days[-2], None]})
    gap = closes.copy()
    gap.loc[days[DAY + 1], "S3"] = np.nan
    paths = signals.car_paths(events, gap, "INDEX", first=0, last=3)
    reasons = paths.groupby("event")["reason"].agg(list)
    assert reasons[0] == ["", "halted", "halted", ""]
    assert reasons[1] == ["short_history"] * 4
    assert reasons[2] == ["", "", "window_open", "window_open"]
    assert reasons[3] == ["no_day_zero"] * 4
    assert paths["ar"].isna().tolist() == (paths["reason"] != "").tolist()
    assert paths["car"].isna().tolist()[:4] == [False, True, True, True]
    jump = closes.copy()
    jump.loc[days[DAY + 1] :, "S3"] /= 10
    assert set(signals.car_paths(events[:1], jump, "INDEX", 0, 3)["reason"]) == {"unit_break"}


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [(3, 1, "ends where it begins"), (-20, 5, "gap of at least 20"), (0.5, 1, "first is 0.5"), (0, 9_999, "last is")],
)
def test_a_path_that_cannot_be_drawn_is_refused(
    closes: Frame, events: Frame, first: Any, last: Any, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        signals.car_paths(events, closes, "INDEX", first, last)


def test_the_tests_of_the_average_are_a_row_per_window_and_test(closes: Frame) -> None:
    rng = np.random.default_rng(5)
    tickers = [f"S{n}" for n in rng.permutation(12)[:8]]
    days = closes.index[rng.choice(range(300, 590), 8, replace=False)]
    moved = closes.copy()
    for ticker, day in zip(tickers, days, strict=True):
        moved.loc[day:, ticker] *= 1.05
    events = pd.DataFrame({"ticker": tickers, "day_zero": days})
    tests = signals.average_tests(events, moved, "INDEX", windows=["0..0", "0..3"])
    results = signals.event_study(events, moved, "INDEX", windows=["0..0", "0..3"])
    assert list(tests["event_window"].unique()) == ["0..0", "0..3"]
    default = tests[tests["default"]].set_index("event_window")
    assert list(default["test"]) == [DEFAULT, DEFAULT]
    assert default["p_value"]["0..0"] < 0.001
    scar = results.query("event_window == '0..0'")["t_stat"]
    bmp = tests.query("test == 'bmp' and event_window == '0..0'")["statistic"].item()
    assert bmp == pytest.approx(scar.mean() / scar.std() * np.sqrt(8), rel=1e-9)
    assert default["caar"]["0..3"] == pytest.approx(results.query("event_window == '0..3'")["car"].mean(), rel=1e-9)
    twice = pd.concat([events, events])
    pd.testing.assert_frame_equal(signals.average_tests(twice, moved, "INDEX", windows=["0..0", "0..3"]), tests)


def test_an_event_without_a_sound_car_is_in_no_test(closes: Frame) -> None:
    events = pd.DataFrame({"ticker": [f"S{n}" for n in range(8)], "day_zero": closes.index[DAY]})
    events.loc[6, "day_zero"], events.loc[7, "ticker"] = pd.NaT, None
    broken = closes.copy()
    broken.loc[broken.index[DAY] :, "S5"] /= 2
    broken.loc[broken.index[DAY], "S4"] = np.nan
    tests = signals.average_tests(events, broken, "INDEX", windows=["0..0"])
    assert set(tests["events"]) == {4}
    assert set(tests["reason"]) == {"fewer than 5 events", "fewer than 30 events"}
    assert tests["p_value"].isna().all()
