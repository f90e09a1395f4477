"""What shares the window of an event: stories, ex-days, market-wide days, and which of them confound it."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from signals.answers.explain import explain
from signals.app import App
from signals.pipeline.derive.confounders import actions_in_words, market_wide, stories_sharing
from signals.runs.run import rebuild
from signals.study.confounding import Confounder
from signals.types import CONSTANT_MEAN, MARKET
from tests.pipeline.stores import event_on
from tests.worlds import app_at, contents, links_of, run

NOW = datetime(2024, 3, 1, 3, 30, tzinfo=UTC)
SESSIONS = [
    date(2023, 1, 2) + timedelta(days=n) for n in range(424) if (date(2023, 1, 2) + timedelta(days=n)).weekday() < 5
]
SHOCK = date(2024, 1, 17)
CONFIG = """
database: sqlite:///signals.db
instruments:
  BKLM: {name: Baikal Minerals, mic: MISX, currency: RUB, benchmark: MKT, symbols: {local: BKLM}}
  MKT: {name: Simulated Market, mic: MISX, currency: RUB, kind: index, symbols: {local: MKT}}
news:
  - {name: wire, kind: csv, path: news.csv, timezone: UTC, columns: {published_at: at, title: title}}
prices:
  - {name: local, kind: csv, path: "{symbol}.csv", columns: {date: day, close: close%s}}
studies:
  - {name: market, windows: ["0..0", "0..2"]}
  - {name: raw, model: constant-mean, windows: ["0..0", "0..2"]}
"""
TITLES = ("Baikal Minerals opens a mine", "Baikal Minerals names a treasurer", "Baikal Minerals sells a port")


def world(folder: Path, dividend: bool, news: dict[str, str]) -> App:
    """Write a SIMULATED market with a shock on one day, and a dividend of 5 roubles on the same."""
    rng = np.random.default_rng(7)
    market = rng.normal(0, 0.01, len(SESSIONS))
    market[SESSIONS.index(SHOCK)] = 0.05
    own = 100 * np.cumprod(1 + market + rng.normal(0, 0.01, len(SESSIONS)))
    columns = ",dividend" if dividend else ""
    for name, closes in (("BKLM", own), ("MKT", 100 * np.cumprod(1 + market))):
        paid = [f",{5 if name == 'BKLM' and day == SHOCK else 0}" if dividend else "" for day in SESSIONS]
        rows = "".join(f"{day},{close:.4f}{cash}\n" for day, close, cash in zip(SESSIONS, closes, paid, strict=True))
        (folder / f"{name}.csv").write_text(f"day,close{columns}\n{rows}", encoding="utf-8")
    lines = "".join(f"{at},{title}\n" for title, at in news.items())
    (folder / "news.csv").write_text(f"at,title\n{lines}", encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(CONFIG % (", dividend: dividend" if dividend else ""), encoding="utf-8")
    return app_at(config, NOW)


def confounders_of(app: App, study: str, window: str, day: date) -> tuple[int | None, str]:
    links = links_of(app, ticker="BKLM", study=study, window=window)
    return next((link.confounded, str(link.confounders)) for link in links if link.day_zero == day)


def test_a_dividend_and_the_market_are_listed_and_do_not_confound_where_they_are_taken_out(tmp_path: Path) -> None:
    app = world(tmp_path, True, {TITLES[0]: "2024-01-17T08:00:00"})
    run(app)
    confounded, words = confounders_of(app, "market", "0..0", SHOCK)
    assert confounded == 0
    dividend, shock = words.split("; ")
    assert dividend == "ex-dividend 5 RUB 2024-01-17 (in the return)"
    assert shock.startswith("market-wide day 2024-01-17: MKT +5.0%, ")
    assert shock.endswith(" usual days (expected by the model)")
    confounded, words = confounders_of(app, "raw", "0..0", SHOCK)
    assert confounded == 1
    assert words.startswith("market-wide day 2024-01-17: MKT +5.0%")
    assert "(not taken out by the model)" in words


def test_another_story_in_the_window_confounds_and_a_copy_does_not(tmp_path: Path) -> None:
    first, other, copy = TITLES[0], TITLES[1], f"UPDATE 1-{TITLES[0]}"
    app = world(
        tmp_path, False, {first: "2024-02-06T08:00:00", copy: "2024-02-06T09:00:00", other: "2024-02-08T08:00:00"}
    )
    run(app)
    assert confounders_of(app, "market", "0..0", date(2024, 2, 6)) == (0, "")
    assert confounders_of(app, "market", "0..2", date(2024, 2, 6)) == (1, "BKLM@2024-02-08 (1 story)")


def test_stories_of_one_day_confound_each_other(tmp_path: Path) -> None:
    app = world(tmp_path, False, dict.fromkeys(TITLES[:2], "2024-02-06T08:00:00"))
    run(app)
    assert confounders_of(app, "market", "0..0", date(2024, 2, 6)) == (1, "2 stories on day zero")


def test_a_dividend_that_the_prices_do_not_account_for_confounds(tmp_path: Path) -> None:
    app = world(tmp_path, False, {TITLES[0]: "2024-01-17T08:00:00"})
    actions = tmp_path / "BKLM-actions.csv"
    actions.write_text("ex_date,dividend\n2024-01-17,5\n", encoding="utf-8")
    (tmp_path / "second").mkdir()
    shutil.copy(tmp_path / "BKLM.csv", tmp_path / "second")
    config = tmp_path / "config.yaml"
    second = """
  - {name: second, kind: csv, path: "second/{symbol}.csv", columns: {date: day, close: close},
     actions: {path: "{symbol}-actions.csv", columns: {ex_date: ex_date, dividend: dividend}}}
studies:"""
    text = config.read_text(encoding="utf-8").replace("symbols: {local: BKLM}", "symbols: {local: BKLM, second: BKLM}")
    config.write_text(text.replace("\nstudies:", second), encoding="utf-8")
    app = app_at(config, NOW)
    run(app)
    confounded, words = confounders_of(app, "market", "0..0", SHOCK)
    assert confounded == 1
    assert words.startswith("ex-dividend 5 RUB 2024-01-17 (known from second, not in the return); market-wide day")


def test_the_explanation_has_the_rules_and_what_shares_the_window(tmp_path: Path) -> None:
    app = world(tmp_path, True, {TITLES[0]: "2024-01-17T08:00:00"})
    run(app)
    link = links_of(app, ticker="BKLM", study="market", window="0..0")[0]
    explanation = explain(app, link.link_id).tickers[0].links[0]
    assert explanation.move.confounders == link.confounders
    assert explanation.rules[-1][0] == link.verdict


@pytest.mark.parametrize("ratio", ["7", "0.1"])
def test_a_split_is_written_as_traders_write_it(tmp_path: Path, ratio: str) -> None:
    app = world(tmp_path, False, {TITLES[0]: "2024-02-06T08:00:00"})
    config = tmp_path / "config.yaml"
    (tmp_path / "BKLM-actions.csv").write_text(f"ex_date,split\n2024-02-06,{ratio}\n", encoding="utf-8")
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace(
            "close: close}}",
            'close: close}, actions: {path: "{symbol}-actions.csv", columns: {ex_date: ex_date, split: split}}}',
        ),
        encoding="utf-8",
    )
    app = app_at(config, NOW)
    run(app)
    words = {"7": "split 7 for 1", "0.1": "split 1 for 10"}[ratio]
    assert confounders_of(app, "market", "0..0", date(2024, 2, 6)) == (0, f"{words} 2024-02-06 (in the return)")


def test_a_first_copy_that_comes_late_ends_in_the_rows_of_a_rebuild(tmp_path: Path) -> None:
    copy, other = f"UPDATE 1-{TITLES[0]}", TITLES[1]
    app = world(tmp_path, True, {copy: "2024-02-07T08:00:00", other: "2024-02-08T08:00:00"})
    run(app)
    assert {link.event_id for link in links_of(app)} == {"BKLM@2024-02-07", "BKLM@2024-02-08"}
    with (tmp_path / "news.csv").open("a", encoding="utf-8") as news:
        news.write(f"2024-02-06T08:00:00,{TITLES[0]}\n")
    run(app)
    assert {link.event_id for link in links_of(app)} == {"BKLM@2024-02-06", "BKLM@2024-02-08"}
    ignored = ("run_id", "scored_at", "car_shrunk")  # a shrunk effect depends on the events that were stored then
    before = contents(app, ignored)
    rebuild(app, None)
    assert contents(app, ignored) == before


# --- one thing at a time --------------------------------------------------------------------------------------------

NEIGHBOURS = [(3, "ACME@third", 1), (5, "ACME@fifth", 2), (8, "ACME@eighth", 1)]


def texts(first: int | None, after: int | None, stories: int = 1, event_id: str = "ACME@fifth") -> list[str]:
    event = event_on(5, event_id=event_id, relevant_stories=stories)
    shared = list(stories_sharing(event, "on day zero", NEIGHBOURS, first, after))
    assert all(confounder.counts for confounder in shared)
    return [confounder.text for confounder in shared]


def test_the_stories_of_other_events_in_the_window_confound() -> None:
    assert texts(3, 8) == ["ACME@third (1 story)"]
    assert texts(4, 9) == ["ACME@eighth (1 story)"]
    assert texts(4, 8) == []
    assert texts(4, 6, event_id="ACME@other") == ["ACME@fifth (2 stories)"]


def test_several_stories_of_the_event_itself_confound_with_or_without_a_window() -> None:
    assert (
        texts(4, 6, stories=3) == texts(None, None, stories=3) == texts(4, None, stories=3) == ["3 stories on day zero"]
    )


@pytest.mark.parametrize(
    ("dividend", "split", "words"),
    [
        (0.0, 1.0, []),
        (1.5, 1.0, ["ex-dividend 1.5 EUR"]),
        (0.0, 3.0, ["split 3 for 1"]),
        (0.0, 0.25, ["split 1 for 4"]),
        (2.0, 2.0, ["ex-dividend 2 EUR", "split 2 for 1"]),
    ],
)
def test_dividends_and_splits_are_written_in_words(dividend: float, split: float, words: list[str]) -> None:
    assert list(actions_in_words(dividend, split, "EUR")) == words


def test_a_market_wide_move_counts_where_the_model_has_no_benchmark() -> None:
    assert market_wide("a day", MARKET) == Confounder("a day (expected by the model)", counts=False)
    assert market_wide("a day", CONSTANT_MEAN) == Confounder("a day (not taken out by the model)", counts=True)
