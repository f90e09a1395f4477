"""Charts: closes with their returns, and the path of every event around its day zero."""

from dataclasses import replace

import numpy as np
import pytest

from signals.answers.charts import AFTER, BEFORE, chart_of, cumulated
from signals.store import Store
from signals.store.queries import LinkFilters, links
from signals.types import Chart, Status
from tests.stores import (
    ACME,
    DAYS,
    MKT,
    NOW,
    OPENS,
    article,
    begin_run,
    by_day,
    derive_all,
    instrument,
    plan_of,
    save_articles,
    save_both,
    walk,
)

CLOSES = by_day(walk(1))
PLAN = plan_of(ACME, MKT, instrument("BOLT", benchmark="MKT"), intraday=())
SESSIONS = (80, 100, -2)  # the last has no whole path yet


@pytest.fixture
def scored(store: Store) -> Store:
    with store.write() as db:
        begin_run(db)
        for seed, ticker in ((1, "ACME"), (2, "MKT")):
            save_both(db, ticker, walk(seed))
        save_articles(db, *(article(str(n), OPENS[n]) for n in SESSIONS), article("bolt", OPENS[80], tags=("BOLT",)))
    derive_all(store, PLAN)
    return store


def drawn(store: Store, ticker: str = "ACME") -> Chart:
    with store.read() as db:
        rows = links(db, LinkFilters(ticker=ticker))
        return chart_of(db, PLAN, ticker, rows, NOW)


def test_the_prices_are_the_stored_closes_with_their_returns(scored: Store) -> None:
    prices = drawn(scored).prices
    assert {point.session: point.close for point in prices} == CLOSES
    closes = list(CLOSES.values())
    assert prices[0].ret is None
    for n in (1, 50, len(DAYS) - 1):
        assert prices[n].ret == pytest.approx(closes[n] / closes[n - 1] - 1)
        assert prices[n].benchmark_ret is not None


def test_the_path_of_an_event_is_its_abnormal_return_at_each_offset(scored: Store) -> None:
    chart = drawn(scored)
    assert list(chart.offsets) == list(range(-BEFORE, AFTER + 1))
    with scored.read() as db:
        car = {link.event_id: link.car for link in links(db, LinkFilters(ticker="ACME"))}
    paths = chart.paths["market"]
    assert {event_id: path[BEFORE] for event_id, path in paths.items()} == {
        event_id: pytest.approx(value, abs=1e-7) for event_id, value in car.items()
    }
    late = paths[f"ACME@{DAYS[-2]}"]
    assert [value is None for value in late] == [False] * (BEFORE + 2) + [True] * (AFTER - 1)


def test_the_average_begins_at_the_last_close_before_day_zero(scored: Store) -> None:
    chart = drawn(scored)
    average, paths = chart.average["market"], list(chart.paths["market"].values())
    before = average[BEFORE - 1]
    assert (before.mean, before.half_band, before.events) == (0.0, 0.0, 3)
    day_zero = [float(path[BEFORE] or 0) for path in paths]
    assert average[BEFORE].mean == pytest.approx(np.mean(day_zero), abs=1e-6)
    assert average[BEFORE].half_band == pytest.approx(1.96 * np.std(day_zero, ddof=1) / 3**0.5, abs=1e-6)
    assert [point.events for point in average] == [3] * (BEFORE + 2) + [2] * (AFTER - 1)


def test_a_single_event_has_an_average_without_a_band(scored: Store) -> None:
    with scored.read() as db:
        rows = [link for link in links(db, LinkFilters(ticker="ACME")) if link.day_zero == DAYS[80]]
        average = chart_of(db, PLAN, "ACME", rows, NOW).average["market"]
    assert {(point.half_band, point.events) for point in average} == {(None, 1)}


def test_without_scored_links_of_a_study_its_paths_are_empty(scored: Store) -> None:
    with scored.read() as db:
        rows = [replace(link, status=Status.PENDING.value) for link in links(db, LinkFilters(ticker="ACME"))]
        chart = chart_of(db, PLAN, "ACME", rows, NOW)
    assert (chart.paths, chart.average) == ({"market": {}}, {"market": []})
    assert chart.prices


def test_an_instrument_without_bars_has_no_prices(scored: Store) -> None:
    chart = drawn(scored, "BOLT")
    assert (chart.prices, chart.paths) == ([], {"market": {}})


@pytest.mark.parametrize("ticker", ["NOPE", "MKT"], ids=["unknown", "without links"])
def test_without_links_a_chart_is_empty(scored: Store, ticker: str) -> None:
    chart = drawn(scored, ticker)
    assert (list(chart.prices), chart.paths, chart.average) == ([], {}, {})
    assert len(chart.offsets) == BEFORE + 1 + AFTER


def test_abnormal_returns_add_up_forwards_and_backwards_from_the_last_close() -> None:
    path = np.arange(1.0, BEFORE + AFTER + 2)
    total = cumulated(path)
    assert len(total) == len(path)
    assert total[BEFORE - 1] == 0
    assert total[BEFORE:].tolist() == np.cumsum(path[BEFORE:]).tolist()
    np.testing.assert_allclose(np.diff(total), path[1:])
