"""Refreshing prices from vendors behind loopback servers: what they are asked, and what a correction changes."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Lock
from typing import Any

import pytest
import yaml

from signals.app import App
from signals.pipeline import RunContext
from signals.pipeline.derive.match import Tagger
from signals.pipeline.refresh import in_order, refresh
from signals.runs.as_of import derive_as_of
from signals.runs.run import prepare
from signals.store import run_log
from signals.store.run_log import RunStats
from signals.types import History
from tests.prices import market
from tests.prices.market import DAYS, SESSIONS, SYMBOL, Day
from tests.prices.servers import Board, IssVendor, Vendor, YahooVendor
from tests.worlds import app_at, contents, links_of, query, run

SATURDAY = datetime(2024, 8, 17, 3, 30, tzinfo=UTC)  # the last session of the vendors' market was on Friday
TUESDAY = SATURDAY + timedelta(days=3)
NEWS = (SESSIONS[110], SESSIONS[130], SESSIONS[150], SESSIONS[157])


@pytest.fixture(params=["yahoo", "moex"])
def vendor(request: pytest.FixtureRequest) -> Iterator[Vendor]:
    server: Vendor = YahooVendor() if request.param == "yahoo" else IssVendor()
    with server.serving():
        yield server


def serve(vendor: Vendor, days: list[Day]) -> None:
    if isinstance(vendor, YahooVendor):
        vendor.days = days
    if isinstance(vendor, IssVendor):
        vendor.boards = (Board("TQBR", 57, days, primary=True),)


def world(folder: Path, vendor: Vendor, **more: Any) -> App:
    """Write one instrument that the vendor serves, with an article at noon of each day of `NEWS`."""
    with (folder / "news.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["date", "title", "tags"])
        rows.writerows([f"{day}T15:00:00+00:00", f"Sim and {day}", SYMBOL] for day in NEWS)
    kind, mic, currency = ("yahoo", "XNYS", "USD") if isinstance(vendor, YahooVendor) else ("moex", "MISX", "RUB")
    written = {
        "instruments": {SYMBOL: {"name": "Sim", "mic": mic, "currency": currency, "symbols": {"vendor": SYMBOL},
                                 "aliases": [{"text": SYMBOL, "scheme": "page_tag"}]}},
        "news": [{"name": "news", "kind": "csv", "path": "news.csv", "known_at": "published",
                  "columns": {"published_at": "date", "title": "title", "tags": "tags"}}],
        "prices": [{"name": "vendor", "kind": kind, "base_url": vendor.url, "delay": 0, **more}],
        "studies": [{"name": "mean", "model": "constant-mean", "estimation": 40, "gap": 5, "min_observations": 20,
                     "windows": ["0..0", "0..1"]}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    return app_at(folder / "config.yaml", SATURDAY)


def at(app: App, now: datetime) -> App:
    return replace(app, now=lambda: now)


def moves(app: App) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["event_id"], row["event_window"]): row for row in contents(app)["moves"]}


# --- what is asked --------------------------------------------------------------------------------------------------


def test_a_second_run_asks_nothing_until_the_next_session_has_closed(tmp_path: Path, vendor: Vendor) -> None:
    app = world(tmp_path, vendor)
    run(app)
    asked = len(vendor.log)
    assert asked > 0
    before = contents(app)
    for later in (timedelta(0), timedelta(hours=5), timedelta(days=1), timedelta(days=2, hours=9)):
        assert run(at(app, SATURDAY + later)).failures == []  # until Monday, before the close
    assert len(vendor.log) == asked
    assert contents(app) == before


def test_after_the_next_close_only_the_new_session_and_a_week_are_asked_for(tmp_path: Path, vendor: Vendor) -> None:
    app = world(tmp_path, vendor)
    run(app)
    asked = len(vendor.log)
    serve(vendor, [*DAYS, Day(date(2024, 8, 19), 54.0)])
    run(at(app, TUESDAY))
    with app.store.read() as db:
        (last,) = query(db, "SELECT close FROM bars WHERE start = '2024-08-19'")
    assert last["close"] == 54.0
    for path in vendor.log[asked:]:
        if "period1=" in path:
            first = datetime.fromtimestamp(int(path.partition("period1=")[2].partition("&")[0]), UTC).date()
        elif "from=" in path:
            first = date.fromisoformat(path.partition("from=")[2].partition("&")[0])
        else:
            continue
        # The sources ask for a fortnight more, to tell a bad tick at the start of a span.
        assert first >= SESSIONS[-1] - timedelta(days=7 + 14)


def test_the_bar_of_a_session_that_is_open_is_not_taken(tmp_path: Path, vendor: Vendor) -> None:
    app = world(tmp_path, vendor)
    serve(vendor, [*DAYS, Day(date(2024, 8, 19), 54.0)])
    run(at(app, datetime(2024, 8, 19, 16, 0, tzinfo=UTC)))
    assert max(row["start"] for row in contents(app)["bars"]) == str(SESSIONS[-1])


def test_a_bar_that_is_late_is_asked_for_again_an_hour_later_and_within_a_day(tmp_path: Path, vendor: Vendor) -> None:
    app = world(tmp_path, vendor)
    serve(vendor, DAYS[:-1])
    counts = []
    for later in (timedelta(0), timedelta(minutes=5), timedelta(hours=2), timedelta(days=1, hours=1)):
        run(at(app, SATURDAY + later))
        counts.append(len(vendor.log))
    assert counts[0] == counts[1] < counts[2] == counts[3]


@pytest.mark.parametrize(("interval", "days"), [("1h", 730), ("5m", 60), ("1m", 8)])
def test_yahoo_is_asked_no_deeper_than_it_serves_in_a_later_run(tmp_path: Path, interval: str, days: int) -> None:
    vendor = YahooVendor()
    with vendor.serving():
        app = world(tmp_path, vendor, interval=interval)
        for now in (market.NOW, market.NOW + timedelta(days=1, hours=6)):
            assert run(at(app, now), ["ingest", "refresh"]).failures == []
    firsts = [int(path.partition("period1=")[2].partition("&")[0]) for path in vendor.charts]
    assert len(firsts) >= 2
    assert min(firsts) >= (market.NOW - timedelta(days=days)).timestamp()


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_corrected_close_recomputes_the_windows_that_use_it_and_as_of_gives_the_old_number(
    tmp_path: Path, vendor: Vendor
) -> None:
    app = world(tmp_path, vendor)
    run(app)
    old = moves(app)
    links = links_of(app)
    assert {row["status"] for row in old.values()} == {"scored"}

    at_fault = 156  # one of the days that are asked for again
    wrong = DAYS[at_fault]
    serve(vendor, [*DAYS[:at_fault], Day(wrong.session, (wrong.close or 0) + 0.5, wrong.volume), *DAYS[at_fault + 1 :],
                   Day(date(2024, 8, 19), 54.0)])  # fmt: skip
    run(at(app, TUESDAY))
    new = moves(app)

    # The close makes the returns of its own session and of the next: of the events only the last reaches them.
    uses = {f"{SYMBOL}@{NEWS[3]}"}
    assert {event for event, window in new if new[event, window]["digest"] != old[event, window]["digest"]} == uses
    assert all(new[key] == old[key] for key in new if key[0] not in uses)
    changed = {(event, w) for event, w in new if new[event, w]["ret"] != old[event, w]["ret"]}
    assert changed == {(event, window) for event in uses for window in ("0..0", "0..1")}

    past, _ = derive_as_of(at(app, TUESDAY), SATURDAY)
    numbers = ("ret", "car", "sigma", "t_stat", "z", "p_value", "q_value", "alpha")
    assert [[getattr(row, n) for n in numbers] for row in links_of(past)] == [
        [getattr(row, n) for n in numbers] for row in links
    ]


# --- many at the same time ------------------------------------------------------------------------------------------


def test_rows_are_the_same_however_many_are_asked_for_at_the_same_time(tmp_path: Path) -> None:
    runs = []
    for at_once in (1, 7):
        vendor = IssVendor()
        with vendor.serving():
            folder = tmp_path / str(at_once)
            folder.mkdir()
            app = world(folder, vendor, at_once=at_once)
            raw = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
            for n in range(12):
                own = {"name": f"Number {n}", "mic": "MISX", "currency": "RUB"}
                raw["instruments"][f"N{n}"] = {**own, "symbols": {"vendor": SYMBOL if n % 5 else "NOPE"}}
            (folder / "config.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")
            app = app_at(folder / "config.yaml", SATURDAY)
            failures = run(app).failures
            runs.append((contents(app), [str(failure) for failure in failures]))
    assert runs[0] == runs[1]
    assert len(runs[0][1]) == 3


def test_no_more_are_worked_on_at_the_same_time_than_asked_for_and_the_order_stays() -> None:
    together, most, lock, meet = [0], [0], Lock(), Barrier(3)

    def work(n: int) -> int:
        with lock:
            together[0] += 1
            most[0] = max(most[0], together[0])
        meet.wait(10)
        with lock:
            together[0] -= 1
        return n * n

    assert list(in_order(work, range(30), 3)) == [n * n for n in range(30)]
    assert most[0] == 3


class Broken:
    """A source with a bug of its own."""

    name, interval, at_once = "vendor", "1d", 2

    def version(self, symbol: str) -> None:
        """Return None: it is asked for spans."""

    def serves_from(self, now: datetime) -> None:
        """Return None."""

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        raise ZeroDivisionError("division by zero")


def test_a_source_with_a_bug_is_a_failure_and_ends_no_run(tmp_path: Path, vendor: Vendor) -> None:
    app = world(tmp_path, vendor)
    prepare(app)
    stats = RunStats()
    with app.store.write() as db:
        now = RunContext(run_log.begin(db, "test", SATURDAY, SATURDAY, "0"), SATURDAY)
    refresh(app.store, [Broken()], app.plan, now, stats, lambda *_: None, Tagger(app.plan.instruments))
    assert [failure.reason for failure in stats.failures] == ["source_failed"]
    assert "SIM" in str(stats.failures[0])
    assert "ZeroDivisionError: division by zero" in str(stats.failures[0])
