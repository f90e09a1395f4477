"""Averages: what the events of a group have in common, each counted once however many articles fall on it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from signals.answers.report import averages_of_links
from signals.app import App
from signals.pipeline import Plan
from signals.pipeline.derive.averages import narrowed
from signals.store import Store
from signals.store.queries import LinkFilters, links
from signals.types import Average, LinkRow, Window
from tests.stores import (
    ACME,
    DAYS,
    HOURLY,
    MKT,
    NOW,
    OPENS,
    STUDY,
    article,
    begin_run,
    derive_all,
    instrument,
    plan_of,
    save_articles,
    save_both,
    walk,
)
from tests.worlds import links_of

BOLT = instrument("BOLT", benchmark="MKT")
ALONE = instrument("ALONE", mic="XBRU")
WINDOWS = (Window(0, 0), Window(0, 1))
RAW = replace(STUDY, name="raw", model="constant-mean", windows=WINDOWS[:1])
PLAN = plan_of(ACME, MKT, BOLT, ALONE, studies=(replace(STUDY, windows=WINDOWS), RAW), intraday=(HOURLY,))
HOUR = timedelta(hours=1)


def fill(store: Store, plan: Plan = PLAN) -> Store:
    """Derive eight articles: two of them on one event, from two sources, in two markets, one on two instruments."""
    with store.write() as db:
        begin_run(db)
        for seed, ticker in enumerate(("ACME", "MKT", "BOLT", "ALONE")):
            save_both(db, ticker, walk(seed))
        save_articles(
            db,
            *(article(str(n), OPENS[n] + HOUR) for n in (60, 70, 80, 90)),
            article("second", OPENS[90] + 3 * HOUR, source="other"),
            article("bolt", OPENS[75] + HOUR, tags=("BOLT", "ACME")),
            article("alone", OPENS[65] + HOUR, tags=("ALONE",), source="other"),
            article("early", OPENS[5] + HOUR),
        )
    derive_all(store, plan)
    return store


def asked(store: Store, plan: Plan = PLAN, **filters: str) -> dict[tuple[str, str, str], Average]:
    with store.read() as db:
        rows = averages_of_links(db, plan, links(db, LinkFilters(**filters)), NOW)  # type: ignore[arg-type]  # by name
    return {(row.study, row.event_window, row.group): row for row in rows}


def once(store: Store, study: str, window: str, ticker: str | None = None) -> list[LinkRow]:
    """Return one scored link per event."""
    with store.read() as db:
        rows = links(db, LinkFilters(study=study, window=window, ticker=ticker))
    return list({link.event_id: link for link in rows if link.status == "scored"}.values())


def test_an_average_is_the_mean_of_the_events_each_counted_once(store: Store) -> None:
    rows = asked(fill(store), ticker="ACME")
    for window in WINDOWS:
        row, events = rows["market", str(window), "all"], once(store, "market", str(window), "ACME")
        assert row.events == len(events) == 5
        assert row.caar == pytest.approx(np.mean([link.car for link in events if link.car is not None]))
        assert row.ret == pytest.approx(np.mean([link.ret for link in events if link.ret is not None]))
        assert row.caar == pytest.approx(sum(aar for aar in row.aar if aar is not None))
        assert row.counts == (5,) * (window.last + 1)


def test_events_of_several_markets_are_one_group(store: Store) -> None:
    rows = asked(fill(store))
    events = once(store, "raw", "0..0")
    row = rows["raw", "0..0", "all"]
    assert {link.ticker for link in events} == {"ACME", "BOLT", "ALONE"}
    assert row.events == len(events)
    assert row.caar == pytest.approx(np.mean([link.car for link in events if link.car is not None]))


def test_there_is_a_group_per_source_and_per_tag_where_there_are_several(store: Store) -> None:
    rows = asked(fill(store))
    groups = {group for study, window, group in rows if (study, window) == ("raw", "0..0")}
    assert groups == {"all", "source=wire", "source=other", "tag=ACME", "tag=ALONE", "tag=BOLT"}
    assert rows["raw", "0..0", "source=other"].events == 2
    assert rows["raw", "0..0", "source=wire"].events == 6
    assert {group for _, _, group in asked(store, ticker="BOLT")} == {"all"}


def test_intraday_events_between_the_same_prices_count_once(store: Store) -> None:
    rows = asked(fill(store))
    prices = {(link.ticker, link.base_at, link.exit_at) for link in once(store, "hourly", "0m..60m")}
    assert rows["hourly", "0m..60m", "all"].events == len(prices) >= 6
    row, events = rows["hourly", "0m..60m", "tag=BOLT"], once(store, "hourly", "0m..60m", "BOLT")
    assert row.caar == pytest.approx(events[0].car)


def test_the_default_test_is_one_of_the_tests_and_a_test_without_a_statistic_has_a_reason(store: Store) -> None:
    rows = asked(fill(store))
    for row in rows.values():
        assert row.default_test in row.tests
        assert all((test.statistic is None) == bool(test.reason) for test in row.tests)


def test_links_that_are_not_scored_or_of_no_instrument_of_the_plan_do_not_count(store: Store) -> None:
    fill(store)
    assert asked(store, plan_of(BOLT, MKT, intraday=()), ticker="ACME") == {}
    with store.read() as db:
        unscored = [link for link in links(db, LinkFilters()) if link.status != "scored"]
        assert unscored
        assert averages_of_links(db, PLAN, unscored, NOW) == []


def test_a_study_without_links_has_no_average(store: Store) -> None:
    assert {study for study, _, _ in asked(fill(store), study="raw")} == {"raw"}


def test_own_event_days_that_the_study_leaves_out_are_left_out_again(store: Store) -> None:
    own = replace(STUDY, exclude_events=True)
    plan = plan_of(ACME, MKT, BOLT, ALONE, studies=(own,), intraday=())
    rows, events = asked(fill(store, plan), plan, ticker="ACME"), once(store, "market", "0..0", "ACME")
    row = rows["market", "0..0", "all"]
    assert row.caar == pytest.approx(np.mean([link.car for link in events if link.car is not None]))
    whole = asked(store, replace(plan, studies=(STUDY,)), ticker="ACME")["market", "0..0", "all"]
    assert row.tests != whole.tests


def test_a_plan_is_narrowed_to_what_the_links_need(store: Store) -> None:
    fill(store)
    with store.read() as db:
        own = links(db, LinkFilters(ticker="ACME"))
    assert set(narrowed(PLAN, own).by_ticker()) == {"ACME", "MKT"}
    assert narrowed(PLAN, []).instruments == ()
    assert narrowed(PLAN, own).studies == PLAN.studies


def test_an_intraday_study_without_bars_of_an_instrument_has_no_average_of_it(store: Store) -> None:
    fill(store)
    two_minutes = replace(HOURLY, interval="2m")
    assert [key for key in asked(store, replace(PLAN, intraday=(two_minutes,))) if key[0] == "hourly"] == []


def test_an_estimation_window_may_begin_before_the_first_session(store: Store) -> None:
    events = once(fill(store), "market", "0..0", "ACME")
    first = min(link.day_zero for link in events)
    assert DAYS.index(first) - STUDY.gap < 100
    longer = replace(STUDY, estimation=100)
    row = asked(store, replace(PLAN, studies=(longer,)), ticker="ACME")["market", "0..0", "all"]
    assert row.events == len(events)
    assert row.caar is not None


def test_the_averages_of_the_demo_agree_with_its_links(demo_app: App) -> None:
    with demo_app.store.read() as db:
        rows = averages_of_links(db, demo_app.plan, links_of(demo_app), demo_app.now())
    by_key = {(row.study, row.event_window): row for row in rows if row.group == "all"}
    assert len(by_key) == sum(len(study.windows) for study in demo_app.plan.studies)
    for (study, window), row in by_key.items():
        events = {link.event_id: link for link in links_of(demo_app, study=study, window=window)}
        cars = [link.car for link in events.values() if link.status == "scored" and link.car is not None]
        assert row.events == len(cars)
        assert row.caar == pytest.approx(np.mean(cars))
