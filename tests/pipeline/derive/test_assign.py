"""Articles -> events: day zero by the market's clock and by the close of the source that an event is scored on."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml

from signals.answers.explain import explain
from signals.app import App
from signals.pipeline import Plan, RunContext
from signals.pipeline.config_mirror import mirror_plan
from signals.pipeline.derive.assign import MarketClocks, assign_events
from signals.pipeline.derive.match import Tagger, match
from signals.sessions import clock
from signals.store import Store
from signals.types import Article, Precision
from tests import stores
from tests.stores import (
    ACME,
    MKT,
    article,
    bars_of,
    begin_run,
    event_on,
    instrument,
    plan_of,
    save,
    save_articles,
)
from tests.worlds import app_at, links_of, query, run

NOW = datetime(2024, 12, 2, 3, 30, tzinfo=UTC)
DAYS = clock("MISX", date(2024, 1, 8), date(2024, 11, 29)).sessions.tolist()
OLD, NEW = DAYS[100], DAYS[200]  # the source with evenings begins between them


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder = tmp_path_factory.mktemp("closes")
    for source, days in (("evening", DAYS[150:]), ("auction", DAYS)):
        (folder / source).mkdir()
        for symbol in ("GAZP", "IMOEX"):
            with (folder / source / f"{symbol}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([["date", "close"], *([day, 100 + day.day % 7] for day in days)])
    with (folder / "news.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [
            [f"{day}T{clock_time}:00+03:00", f"Gazprom {day} {clock_time}", "GAZP"]
            for day in (OLD, NEW)
            for clock_time in ("18:49", "18:50", "23:49", "23:50")
        ]
        csv.writer(file).writerows([["date", "title", "tags"], *rows])
    moscow = {"mic": "MISX", "currency": "RUB"}
    both = {"evening": "GAZP", "auction": "GAZP"}
    written = {
        "instruments": {
            "GAZP": {**moscow, "name": "Gazprom", "benchmark": "IMOEX", "symbols": both,
                     "aliases": [{"text": "GAZP", "scheme": "page_tag"}]},
            "IMOEX": {**moscow, "name": "Index", "kind": "index", "symbols": {"auction": "IMOEX"}},
        },
        "news": [{"name": "news", "kind": "csv", "path": "news.csv", "known_at": "published",
                  "columns": {"published_at": "date", "title": "title", "tags": "tags"}}],
        "prices": [
            {"name": "evening", "kind": "csv", "path": "evening/{symbol}.csv"},
            {"name": "auction", "kind": "csv", "path": "auction/{symbol}.csv", "close_time": "18:50"},
        ],
        "studies": [{"name": "market", "windows": ["0..0"]}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    app = app_at(folder / "config.yaml", NOW)
    run(app)
    return app


@pytest.mark.parametrize(
    ("day", "clock_time", "later"),
    [
        (OLD, "18:49", 0),
        (OLD, "18:50", 1),  # only the source of the closing auction has this day
        (OLD, "23:49", 1),
        (NEW, "18:50", 0),
        (NEW, "23:49", 0),
        (NEW, "23:50", 1),
    ],
)
def test_day_zero_goes_by_the_source_whose_bars_span_the_day(app: App, day: date, clock_time: str, later: int) -> None:
    (link,) = (row for row in links_of(app, ticker="GAZP") if row.title == f"Gazprom {day} {clock_time}")
    assert link.day_zero == DAYS[DAYS.index(day) + later]


def test_the_explanation_reads_the_same_clock(app: App) -> None:
    (link,) = (row for row in links_of(app, ticker="GAZP") if row.title == f"Gazprom {OLD} 23:49")
    reading = explain(app, link.link_id).tickers[0].readings[0]
    assert reading.day is not None
    assert reading.day.session == link.day_zero


@pytest.mark.parametrize(
    ("close_time", "session"), [(None, "2025-01-21"), ("18:45", "2025-01-21"), ("16:00", "2025-01-22")]
)
def test_news_before_the_clock_time_of_the_close_belongs_to_that_bar(
    tmp_path: Path, close_time: str | None, session: str
) -> None:
    page = "Acme opens a mine\n\nPublished 21/01/2025, 16:10\n\nMOSCOW - Acme (MOEX:ACME) opened a mine.\n"
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    acme = {"name": "Acme", "mic": "MISX", "currency": "RUB", "symbols": {"local": "ACME"}}
    news = {"name": "pages", "kind": "page", "path": "page.txt", "timezone": "Europe/Moscow", "dayfirst": True}
    local = {
        "name": "local",
        "kind": "csv",
        "path": "{symbol}.csv",
        **({"close_time": close_time} if close_time else {}),
    }
    written = {"instruments": {"ACME": acme}, "news": [news], "prices": [local]}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    (tmp_path / "ACME.csv").write_text("date,close\n2025-01-21,100\n2025-01-22,101\n", encoding="utf-8")
    app = app_at(tmp_path / "config.yaml", datetime(2026, 3, 4, 3, 30, tzinfo=UTC))
    run(app)
    assert {str(link.day_zero) for link in links_of(app)} == {session}


# --- directly -------------------------------------------------------------------------------------------------------

SESSIONS, HOUR = stores.DAYS, timedelta(hours=1)
CLOSES = stores.by_day(stores.walk(1))


def assigned(
    store: Store, *new: Article, plan: Plan | None = None, now: datetime = stores.NOW, days: list[date] = SESSIONS
) -> dict[str, dict[str, object]]:
    """Match and assign articles; returns the row of each by its key."""
    plan = plan or plan_of()
    with store.write() as db:
        run = begin_run(db, now)
        mirror_plan(db, plan)
        for ticker in ("ACME", "MKT"):
            save(db, bars_of(ticker, {day: close for day, close in CLOSES.items() if day in days}))
        save_articles(db, *new, now=now)
        match(db, Tagger(plan.instruments), lambda *_: None)
        assign_events(db, plan, run, MarketClocks(db, plan, run))
        rows = query(db, "SELECT * FROM event_assignments JOIN articles USING (article_id)")
    return {row["article_key"]: row for row in rows}


def test_an_article_falls_on_the_event_of_its_session_and_on_that_of_its_instant(store: Store) -> None:
    row = assigned(store, article("1", stores.OPENS[80] + HOUR))["1"]
    assert (row["event_id"], row["anchor"], row["is_final"]) == (event_on(80).event_id, "in_session", 1)
    assert row["intraday_event_id"] == event_on(80, at=HOUR).event_id
    with store.read() as db:
        events = query(db, "SELECT event_id, day_zero, dirty FROM events ORDER BY event_id")
    assert {event["day_zero"] for event in events} == {str(SESSIONS[80])}
    assert [event["dirty"] for event in events] == [1, 1]


def test_without_an_intraday_study_there_is_no_intraday_event(store: Store) -> None:
    row = assigned(store, article("1", stores.OPENS[80] + HOUR), plan=plan_of(intraday=()))["1"]
    assert row["intraday_event_id"] is None


def test_a_later_copy_falls_on_the_events_of_the_first(store: Store) -> None:
    title = "Acme Works buys a copper mine in Chile for a billion"
    rows = assigned(
        store,
        article("1", stores.OPENS[80] + HOUR, title),
        article("2", stores.OPENS[81] + HOUR, f"UPDATE 1-{title}"),
    )
    assert [rows[key]["event_id"] for key in "12"] == [event_on(80).event_id] * 2
    assert [rows[key]["intraday_event_id"] for key in "12"] == [event_on(80, at=HOUR).event_id] * 2


def test_day_zero_is_final_when_it_has_closed_and_a_bar_has_confirmed_it_or_never_will(store: Store) -> None:
    last = stores.OPENS[-1] + HOUR
    open_still = assigned(store, article("1", last), now=stores.OPENS[-1] + 2 * HOUR, days=SESSIONS[:-1])
    closed = assigned(store, now=stores.CLOSES[-1] + HOUR, days=SESSIONS[:-1])
    given_up = assigned(store, now=stores.CLOSES[-1] + timedelta(days=11), days=SESSIONS[:-1])
    assert [rows["1"]["is_final"] for rows in (open_still, closed, given_up)] == [0, 0, 1]


def test_a_day_that_turns_out_to_be_no_session_moves_its_articles_to_the_next(store: Store) -> None:
    at = stores.OPENS[-3] + HOUR
    before = assigned(store, article("1", at), now=stores.CLOSES[-3] + HOUR, days=SESSIONS[:-3])
    without = [day for day in SESSIONS if day != SESSIONS[-3]]
    after = assigned(store, days=without)
    assert [rows["1"]["event_id"] for rows in (before, after)] == [event_on(-3).event_id, event_on(-2).event_id]
    with store.read() as db:
        dirty = query(db, "SELECT event_id FROM events WHERE dirty = 1 AND published_at IS NULL ORDER BY event_id")
    assert [row["event_id"] for row in dirty] == [event_on(-3).event_id, event_on(-2).event_id]


def test_an_article_after_the_last_known_session_waits(store: Store) -> None:
    far = article("1", stores.NOW + timedelta(days=60))
    row = assigned(store, far, now=stores.NOW)["1"]
    assert (row["event_id"], row["is_final"]) == (None, 0)


def test_an_article_before_the_calendar_begins_is_refused_once_with_the_reason(store: Store) -> None:
    old, tokyo = article("1", datetime(1990, 1, 2, 3, tzinfo=UTC)), instrument("ACME", mic="XTKS")
    row = assigned(store, old, plan=plan_of(tokyo))["1"]
    assert (row["event_id"], row["is_final"]) == (None, 1)
    with store.read() as db:
        (refusal,) = query(db, "SELECT source, reason, detail FROM refusals")
    assert (refusal["source"], refusal["reason"]) == ("event assignment", "outside_calendar")
    assert "the calendar of XTKS begins on 1997-01-01" in refusal["detail"]


def test_a_day_only_article_is_anchored_by_its_day(store: Store) -> None:
    at = datetime.combine(SESSIONS[80], time(0), UTC)
    row = assigned(store, article("1", at, precision=Precision.DAY))["1"]
    assert (row["event_id"], row["anchor"]) == (event_on(80).event_id, "day_only")


def test_a_pair_of_an_instrument_that_left_the_plan_stays_where_it_is(store: Store) -> None:
    assigned(store, article("1", stores.OPENS[-1] + HOUR), now=stores.OPENS[-1] + 2 * HOUR)
    row = assigned(store, plan=plan_of(MKT, instrument("BOLT")))["1"]
    assert row["is_final"] == 0


def test_a_clock_is_shared_by_a_market_and_reaches_back_as_far_as_asked(store: Store) -> None:
    assigned(store)
    plan = plan_of(ACME, MKT, instrument("BOLT", benchmark="MKT"))
    with store.read() as db:
        clocks = MarketClocks(db, plan, RunContext(1, stores.NOW))
        late = clocks.of(ACME, SESSIONS[50])
        assert clocks.of(instrument("BOLT", benchmark="MKT"), SESSIONS[60]) is late
        early = clocks.of(ACME, SESSIONS[10])
        assert early.first == SESSIONS[10]
        assert clocks.of(ACME, SESSIONS[50]) is early


def test_without_a_benchmark_a_session_on_which_nothing_traded_was_none(store: Store) -> None:
    holiday = SESSIONS[40]
    assigned(store, days=[day for day in SESSIONS if day != holiday])
    with store.read() as db:
        clocks = MarketClocks(db, plan_of(), RunContext(1, stores.NOW))
        assert holiday not in clocks.of(replace(ACME, benchmark=None), SESSIONS[0]).sessions.tolist()


def test_the_close_time_is_that_of_the_source_of_the_day_or_of_the_first_one(store: Store) -> None:
    assigned(store)
    plan = plan_of(close_times={"local": time(17, 0), "vendor": time(16, 0)}, price_sources=("vendor", "local"))
    unpriced = instrument("BOLT", symbols={"vendor": "BOLT"})
    with store.read() as db:
        clocks = MarketClocks(db, plan, RunContext(1, stores.NOW))
        assert clocks.close_time(ACME, SESSIONS[40]) == time(17, 0)
        assert clocks.close_time(unpriced, SESSIONS[40]) == time(16, 0)
        assert clocks.close_time(instrument("COIL", symbols={}), SESSIONS[40]) is None
        assert MarketClocks(db, plan_of(), RunContext(1, stores.NOW)).close_time(ACME, SESSIONS[40]) is None
