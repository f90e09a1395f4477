"""Events beside sessions without a trade: measured over the span, marked, and never scored like ordinary windows."""

import csv
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import yaml

from signals.answers.explain import explain
from signals.app import App
from signals.pipeline.derive.halt_marks import across, marks
from signals.sessions import clock
from signals.study.halts import Halts
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


# --- the words and the returns by themselves ------------------------------------------------------------------------

TEN = np.arange("2024-03-01", "2024-03-11", dtype="datetime64[D]")


def halts_of(halted: tuple[int, ...] = (), quiet: tuple[int, ...] = (), limit: tuple[int, ...] = ()) -> Halts:
    """Return halts on ten sessions; each session after one resumes with a return of 30%."""
    untraded = np.isin(np.arange(10), [*halted, *quiet])
    since = np.array([max((t for t in range(n) if not untraded[t]), default=-1) for n in range(10)])
    resumed = ~untraded & (np.arange(10) - since > 1) & (since >= 0)
    return Halts(
        untraded, np.isin(np.arange(10), quiet), np.isin(np.arange(10), limit), since, np.where(resumed, 0.3, np.nan)
    )


@pytest.mark.parametrize(
    ("halts", "first", "last", "words"),
    [
        (None, 0, 9, ""),
        (halts_of(), 0, 9, ""),
        (halts_of(halted=(4,)), 3, 4, "halted 2024-03-05"),
        (halts_of(halted=(4, 5, 7)), 3, 7,
         "halted 2024-03-05 to 2024-03-06; halted 2024-03-08; resumed 2024-03-07, return since 2024-03-04"),
        (halts_of(quiet=(4, 5)), -2, 5, "no volume 2024-03-05 to 2024-03-06"),
        (halts_of(limit=(2,)), 0, 99, "limit 2024-03-03"),
        (halts_of(halted=(4,), limit=(2,)), 7, 9, ""),
    ],
)  # fmt: skip
def test_the_marks_name_the_sessions_of_the_window_by_what_happened(
    halts: Halts | None, first: int, last: int, words: str
) -> None:
    assert marks(halts, TEN, first, last) == words


RETURNS = np.full(10, 0.01)
INDEX = np.full(10, 0.02)


def test_a_window_around_a_halt_compounds_the_return_across_it() -> None:
    halts = halts_of(halted=(4, 5))
    assert across(halts, RETURNS, INDEX, 3, 7) == pytest.approx((1.01 * 1.3 * 1.01 - 1, 1.02**5 - 1))


def test_a_window_that_begins_in_a_halt_has_a_benchmark_from_the_same_close() -> None:
    halts = halts_of(halted=(4, 5))
    assert across(halts, RETURNS, INDEX, 6, 6) == pytest.approx((0.3, 1.02**3 - 1))


@pytest.mark.parametrize(("first", "last"), [(3, 5), (0, 2)], ids=["ends in the halt", "holds no halt"])
def test_without_a_close_at_its_end_or_a_halt_inside_there_is_no_return(first: int, last: int) -> None:
    assert across(halts_of(halted=(4, 5)), RETURNS, INDEX, first, last) is None


def test_a_missing_return_inside_the_window_leaves_it_unknown() -> None:
    missing = np.where(np.arange(10) == 3, np.nan, RETURNS)
    assert across(halts_of(halted=(4, 5)), missing, INDEX, 3, 7) is None
