"""What every price source must do, inherited by each source's tests."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from signals.errors import NotFoundError
from signals.types import Floats, PriceSource
from tests.prices import market
from tests.prices.market import BUSY, FIRST, LAST, NOW, SESSIONS, SYMBOL, Day

COLUMNS = ("open", "high", "low", "close", "volume")


class SourceContract:
    """Subclasses give a fixture `source` that serves `market.DAYS` under the name ``vendor``."""

    divided = False  # the vendor has divided prices and dividends by later splits

    def raw(self, values: Floats, days: np.ndarray) -> Floats:
        """Undo what the vendor divided."""
        return np.where(self.divided & (days < np.datetime64(market.SPLIT_DAY)), values * market.SPLIT, values)

    def test_the_bars_are_ascending_and_each_session_stands_once(self, source: PriceSource) -> None:
        bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
        assert [day.date() for day in bars.start.tolist()] == market.SESSIONS
        assert bars.start.dtype == np.dtype("datetime64[s]")
        assert (np.diff(bars.start).astype(int) > 0).all()

    def test_columns_have_one_shape_and_are_floats(self, source: PriceSource) -> None:
        bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
        assert {getattr(bars, name).shape for name in COLUMNS} == {(len(bars),)}
        assert {getattr(bars, name).dtype for name in COLUMNS} == {np.dtype(np.float64)}
        assert len(bars.action_date) == len(bars.dividend) == len(bars.split)

    def test_prices_are_the_market_s(self, source: PriceSource) -> None:
        bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
        for name in ("open", "high", "low", "close"):
            expected = [np.nan if (v := getattr(day, name)) is None else v for day in market.DAYS]
            np.testing.assert_allclose(self.raw(getattr(bars, name), bars.start.astype("datetime64[D]")), expected)
        assert np.nansum(bars.volume) == sum(day.volume for day in market.DAYS)

    def test_both_ends_of_the_span_are_included_and_nothing_outside(self, source: PriceSource) -> None:
        first, last = market.SESSIONS[20], market.SESSIONS[29]
        bars = source.history(SYMBOL, first, last, NOW).bars
        assert [day.date() for day in bars.start.tolist()] == market.SESSIONS[20:30]

    def test_a_span_without_a_session_has_no_bars(self, source: PriceSource) -> None:
        saturday = next(d for d in (FIRST + timedelta(days=n) for n in range(7)) if d.weekday() == 5)
        history = source.history(SYMBOL, saturday, saturday + timedelta(days=1), NOW)
        assert len(history.bars) == 0
        assert history.quarantined == ()

    def test_a_halted_session_is_kept_as_a_fact(self, source: PriceSource) -> None:
        history = source.history(SYMBOL, market.HALT, market.HALT, NOW)
        assert len(history.bars) == 1
        assert np.isnan(history.bars.close[0])
        assert history.quarantined == ()

    def test_actions_stand_on_their_ex_dates(self, source: PriceSource) -> None:
        bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
        assert bars.action_date.tolist() == [market.DIVIDEND_DAY, market.SPLIT_DAY]
        np.testing.assert_allclose(self.raw(bars.dividend, bars.action_date), [market.DIVIDEND, 0])
        np.testing.assert_allclose(bars.split, [1, market.SPLIT])
        assert bars.split_adjusted is self.divided

    def test_actions_outside_the_span_are_left_out(self, source: PriceSource) -> None:
        assert len(source.history(SYMBOL, FIRST, market.SESSIONS[10], NOW).bars.action_date) == 0

    def test_bars_say_where_and_when_they_come_from(self, source: PriceSource) -> None:
        bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
        assert (bars.symbol, bars.source, bars.interval, bars.fetched_at) == (SYMBOL, "vendor", "1d", NOW)
        assert (source.name, source.interval) == ("vendor", "1d")

    def test_nothing_after_now_is_a_bar(self, source: PriceSource) -> None:
        early = NOW.replace(year=2024, month=4, day=1, hour=9)
        bars = source.history(SYMBOL, FIRST, LAST, early).bars
        assert bars.start[-1] == np.datetime64("2024-04-01")

    def test_an_unknown_symbol_is_not_found(self, source: PriceSource) -> None:
        with pytest.raises(NotFoundError, match=r"vendor: .*NOPE.*`symbols`|vendor: .*NOPE.*no such file"):
            source.history("NOPE", FIRST, LAST, NOW)

    def test_the_same_question_has_the_same_answer(self, source: PriceSource) -> None:
        one, two = (source.history(SYMBOL, FIRST, LAST, NOW) for _ in range(2))
        for name in (*COLUMNS, "start", "action_date", "dividend", "split"):
            np.testing.assert_array_equal(getattr(one.bars, name), getattr(two.bars, name))

    def test_it_says_how_it_may_be_asked(self, source: PriceSource) -> None:
        assert source.at_once >= 1
        assert source.serves_from(NOW) is None

    def test_several_threads_have_the_same_answers(self, source: PriceSource) -> None:
        spans = [(SESSIONS[n], SESSIONS[n + 30]) for n in range(0, 100, 10)]

        def closes(span: tuple[date, date]) -> Floats:
            return source.history(SYMBOL, span[0], span[1], NOW).bars.close

        alone = [closes(span) for span in spans]
        with ThreadPoolExecutor(source.at_once) as pool:
            together = list(pool.map(closes, spans))
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_a_version_stays_while_the_data_stays(self, source: PriceSource) -> None:
        assert source.version(SYMBOL) == source.version(SYMBOL)


class IntradayContract:
    """Subclasses give the zone, the bars of `market.BUSY` and a fixture `intraday` that serves them by the hour."""

    zone: ZoneInfo
    served: Sequence[Day]

    def starts(self, first: date = BUSY[0], last: date = BUSY[-1]) -> list[np.datetime64]:
        chosen = (bar.begin.replace(tzinfo=self.zone) for bar in self.served if first <= bar.session <= last)
        return [np.datetime64(begin.astimezone(UTC).replace(tzinfo=None), "s") for begin in chosen]

    def test_bars_begin_at_their_utc_instants(self, intraday: PriceSource) -> None:
        bars = intraday.history(SYMBOL, BUSY[0], BUSY[-1], NOW).bars
        assert list(bars.start) == self.starts()
        assert (bars.interval, bars.start.dtype) == ("1h", np.dtype("datetime64[s]"))

    def test_columns_are_the_market_s(self, intraday: PriceSource) -> None:
        bars = intraday.history(SYMBOL, BUSY[0], BUSY[-1], NOW).bars
        for name in ("open", "high", "low", "close"):
            scale = np.where(bars.split_adjusted & (bars.start < np.datetime64(market.SPLIT_DAY)), market.SPLIT, 1)
            np.testing.assert_allclose(getattr(bars, name) * scale, [getattr(bar, name) for bar in self.served])
        np.testing.assert_array_equal(bars.volume, [bar.volume for bar in self.served])

    def test_a_span_is_cut_by_the_exchange_s_dates(self, intraday: PriceSource) -> None:
        bars = intraday.history(SYMBOL, BUSY[5], BUSY[6], NOW).bars
        assert list(bars.start) == self.starts(BUSY[5], BUSY[6])

    def test_a_weekend_has_no_bars(self, intraday: PriceSource) -> None:
        saturday = next(d for d in (BUSY[0] + timedelta(days=n) for n in range(7)) if d.weekday() == 5)
        history = intraday.history(SYMBOL, saturday, saturday + timedelta(days=1), NOW)
        assert (len(history.bars), history.quarantined) == (0, ())

    def test_an_ex_date_beside_finer_bars_is_a_date(self, intraday: PriceSource) -> None:
        bars = intraday.history(SYMBOL, BUSY[0], BUSY[-1], NOW).bars
        assert bars.action_date.tolist() == [market.DIVIDEND_DAY, market.SPLIT_DAY]
        np.testing.assert_allclose(bars.split, [1, market.SPLIT])
        divided = market.SPLIT if bars.split_adjusted else 1
        np.testing.assert_allclose(bars.dividend * divided, [market.DIVIDEND, 0])

    def test_no_bar_begins_after_now(self, intraday: PriceSource) -> None:
        now = NOW.replace(month=4, day=10, hour=14, minute=45)
        bars = intraday.history(SYMBOL, BUSY[0], BUSY[-1], now).bars
        assert list(bars.start) == [at for at in self.starts() if at <= np.datetime64(now.replace(tzinfo=None))]

    def test_an_unknown_symbol_has_no_candles_either(self, intraday: PriceSource) -> None:
        with pytest.raises(NotFoundError, match=r"NOPE"):
            intraday.history("NOPE", BUSY[0], BUSY[-1], NOW)
