"""Events beside sessions without a trade: measured over the span, marked, and never scored like ordinary windows."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml

from signals.answers.explain import explain
from signals.app import App
from signals.sessions import clock
from signals.types import LinkRow
from tests.worlds import app_at, links_of, run

NOW = datetime(2024, 12, 2, 3, 30, tzinfo=UTC)
DAYS = clock("XAMS", date(2024, 1, 2), date(2024, 11, 29)).sessions.tolist()
HALTED = (200, 201)  # the sessions without a trade; 199 is the last before, 202 the first after
NEWS = {name: DAYS[at] for name, at in {"before": 190, "first": 200, "resumed": 202, "after": 203}.items()}


def close(n: int, wobble: int) -> float:
    return 100 + (n * wobble % 13) / 10


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder = tmp_path_factory.mktemp("halts")
    for ticker, wobble in (("ACME", 5), ("AEX", 7)):
        with (folder / f"{ticker}.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["date", "close", "volume"])
            for n, day in enumerate(DAYS):
                halted = ticker == "ACME" and n in HALTED
                jump = 1.1 if ticker == "ACME" and n > HALTED[-1] else 1.0
                rows.writerow([day, "" if halted else f"{close(n, wobble) * jump:.4f}", 0 if halted else 500])
    with (folder / "news.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["date", "title", "tags"])
        rows.writerows([f"{day}T11:00:00+00:00", f"Acme {name}", "ACME"] for name, day in NEWS.items())
    market = {"mic": "XAMS", "currency": "EUR"}
    written = {
        "instruments": {
            "ACME": {**market, "name": "Acme", "benchmark": "AEX", "symbols": {"local": "ACME"},
                     "aliases": [{"text": "ACME", "scheme": "page_tag"}]},
            "AEX": {**market, "name": "Index", "kind": "index", "symbols": {"local": "AEX"}},
        },
        "news": [{"name": "news", "kind": "csv", "path": "news.csv", "known_at": "published",
                  "columns": {"published_at": "date", "title": "title", "tags": "tags"}}],
        "prices": [{"name": "local", "kind": "csv", "path": "{symbol}.csv"}],
        "studies": [{"name": "market", "estimation": 100, "gap": 5, "min_observations": 50,
                     "windows": ["0..0", "0..1", "0..5"]}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    app = app_at(folder / "config.yaml", NOW)
    run(app)
    return app


def move(app: App, name: str, window: str) -> LinkRow:
    (link,) = links_of(app, ticker="ACME", since=NEWS[name], until=NEWS[name], window=window)
    return link


def spanned(ticker_wobble: int, first: int, last: int, jump: float = 1.0) -> float:
    return close(last, ticker_wobble) * jump / close(first, ticker_wobble) - 1


def test_news_on_the_session_of_the_resumption_shows_the_return_since_the_last_close(app: App) -> None:
    link = move(app, "resumed", "0..0")
    assert (link.status, link.reason, link.verdict) == ("unscored", "halted", "not_scored")
    assert link.ret == pytest.approx(spanned(5, 199, 202, 1.1), abs=1e-6)
    assert link.benchmark_ret == pytest.approx(spanned(7, 199, 202), abs=1e-6)
    assert link.session_marks == f"resumed {DAYS[202]}, return since {DAYS[199]}"
    assert link.car is None
    assert link.p_value is None


def test_a_window_that_holds_the_whole_halt_is_measured_over_itself(app: App) -> None:
    link = move(app, "first", "0..5")
    assert (link.status, link.reason) == ("unscored", "halted")
    assert link.ret == pytest.approx(spanned(5, 199, 205, 1.1), abs=1e-6)
    assert link.benchmark_ret == pytest.approx(spanned(7, 199, 205), abs=1e-6)
    assert str(link.session_marks).startswith(f"halted {DAYS[200]} to {DAYS[201]}; resumed {DAYS[202]}")


def test_a_window_that_ends_within_a_halt_has_no_return(app: App) -> None:
    link = move(app, "first", "0..1")
    assert (link.reason, link.ret) == ("halted", None)
    assert link.session_marks == f"halted {DAYS[200]} to {DAYS[201]}"


def test_windows_before_and_after_are_scored_without_the_halt_in_their_estimation(app: App) -> None:
    before, after = move(app, "before", "0..0"), move(app, "after", "0..0")
    assert (before.status, after.status) == ("scored", "scored")
    assert before.n_estimation == 100
    assert after.n_estimation == 100  # the gap still lies between
    assert after.session_marks == ""


def test_the_explanation_has_the_marks(app: App) -> None:
    link = move(app, "resumed", "0..0")
    assert explain(app, link.link_id).tickers[0].links[0].move.session_marks == link.session_marks


def test_a_second_run_changes_nothing(app: App) -> None:
    assert not any(run(app).counts().values())
    assert NEWS["after"] - NEWS["resumed"] == timedelta(days=1)
