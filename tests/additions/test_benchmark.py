"""The benchmark of a new instrument."""

import pytest

from signals.additions.benchmark import MAIN_INDICES, of_currency, of_market
from signals.sessions import supported_mics
from signals.types import Instrument


def one(ticker: str, mic: str, currency: str, benchmark: str | None = None, kind: str = "equity") -> Instrument:
    return Instrument(ticker, ticker, mic, currency, kind, benchmark)


SPX = one("SPX", "XNYS", "USD", kind="index")
DAX = one("DAX", "XETR", "EUR", kind="index")
US = (one("A", "XNAS", "USD", "SPY"), one("B", "XNAS", "USD", "QQQ"), one("C", "XNAS", "USD", "QQQ"))


@pytest.mark.parametrize(
    ("present", "new", "expected"),
    [
        (US, one("X", "XNAS", "USD"), "QQQ"),
        (US, one("X", "XNYS", "USD"), "QQQ"),
        ((*US, SPX), one("X", "XNYS", "USD"), "QQQ"),
        ((SPX,), one("X", "XNAS", "USD"), "SPX"),
        ((DAX, SPX), one("X", "XPAR", "EUR"), None),
        ((DAX,), one("DAX", "XETR", "EUR"), None),
        ((one("A", "XNYS", "EUR", "SX5E"),), one("X", "XNAS", "USD"), None),
        ((), one("X", "XNAS", "USD"), None),
    ],
)
def test_the_market_decides(present: tuple[Instrument, ...], new: Instrument, expected: str | None) -> None:
    assert of_market(present, new) == expected


def test_an_index_in_the_same_currency_is_the_last_resort() -> None:
    assert of_currency((SPX, DAX), one("X", "XPAR", "EUR")) == "DAX"
    assert of_currency((SPX, DAX), one("X", "XTKS", "JPY")) is None


def test_the_markets_of_the_main_indices_have_calendars() -> None:
    assert set(MAIN_INDICES) | {index.mic for index in MAIN_INDICES.values()} <= set(supported_mics())
