"""A benchmark in another currency is converted by the rate that the configuration names, or refused."""

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from signals.app import App
from signals.errors import ConfigError
from signals.pipeline.derive.currency import Rate
from signals.sessions import clock
from signals.types import LinkRow
from tests.worlds import app_at, contents, links_of, run

NOW = datetime(2024, 12, 2, 3, 30, tzinfo=UTC)
DAYS = clock("XAMS", date(2024, 1, 2), date(2024, 11, 29)).sessions.tolist()
NEWS = DAYS[200]


def rate(n: int) -> float:
    """What one dollar costs in euros."""
    return 0.9 + 0.03 * math.sin(n / 9)


def euros(n: int) -> float:
    return 100 * math.exp(0.0002 * n + 0.05 * math.sin(n * 0.7))


PRICES: dict[str, Callable[[int], float]] = {
    "ACME": lambda n: euros(n) * (1 + 0.01 * math.cos(n * 1.3)),
    "INEUR": euros,
    "INUSD": lambda n: euros(n) / rate(n),
    "USDEUR": rate,
    "EURUSD": lambda n: 1 / rate(n),
}


def world(folder: Path, benchmark: str, currency: str, **more: Any) -> App:
    folder.mkdir(exist_ok=True)
    for symbol, price in PRICES.items():
        with (folder / f"{symbol}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["date", "close"], *([day, price(n)] for n, day in enumerate(DAYS))])
    with (folder / "news.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["date", "title", "tags"], [f"{NEWS}T11:00:00+00:00", "Acme", "ACME"]])

    def listed(ticker: str, money: str, **keys: Any) -> dict[str, Any]:
        return {"name": ticker, "mic": "XAMS", "currency": money, "symbols": {"local": ticker}, **keys}

    made = {
        "instruments": {
            "ACME": listed("ACME", "EUR", benchmark=benchmark, aliases=[{"text": "ACME", "scheme": "page_tag"}]),
            benchmark: listed(benchmark, currency, kind="index"),
            "USDEUR": listed("USDEUR", "EUR", kind="fx"),
            "EURUSD": listed("EURUSD", "USD", kind="fx"),
        },
        "news": [{"name": "news", "kind": "csv", "path": "news.csv", "known_at": "published",
                  "columns": {"published_at": "date", "title": "title", "tags": "tags"}}],
        "prices": [{"name": "local", "kind": "csv", "path": "{symbol}.csv"}],
        "studies": [{"name": "market", "estimation": 100, "gap": 5, "min_observations": 50, "windows": ["0..0"]}],
        **more,
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(made), encoding="utf-8")
    app = app_at(folder / "config.yaml", NOW)
    run(app)
    return app


def link(app: App) -> LinkRow:
    (found,) = links_of(app, ticker="ACME")
    return found


@pytest.mark.parametrize("fx", [{"USDEUR": "USDEUR"}, {"EURUSD": "EURUSD"}], ids=["as quoted", "the other way round"])
def test_a_converted_benchmark_gives_the_numbers_of_one_in_the_same_currency(
    tmp_path: Path, fx: dict[str, str]
) -> None:
    same = link(world(tmp_path / "same", "INEUR", "EUR"))
    other = link(world(tmp_path / "other", "INUSD", "USD", fx=fx))
    for name in ("ret", "benchmark_ret", "car", "alpha", "beta", "t_stat", "p_value"):
        assert getattr(other, name) == pytest.approx(getattr(same, name), rel=1e-9), name


def test_without_a_rate_it_is_refused_with_what_to_write(tmp_path: Path) -> None:
    found = link(world(tmp_path, "INUSD", "USD"))
    assert (found.status, found.reason) == ("unscored", "currency")
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


def test_converting_there_and_back_is_nothing() -> None:
    returns, quotes = np.array([0.01, -0.02, np.nan]), np.array([0.005, -0.001, 0.0])
    there = Rate("X", inverse=False).converted(returns, quotes)
    np.testing.assert_allclose(Rate("X", inverse=True).converted(there, quotes), returns)
