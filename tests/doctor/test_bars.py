"""Findings on calendars, bars and sources."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import yaml

from signals import doctor
from signals.app import App
from signals.doctor.bars import (
    Asking,
    rejected_bars,
    sources_that_disagree,
    sources_without_bars,
)
from signals.sessions import clock
from signals.store import bars
from signals.types import Finding, spans_of
from tests.worlds import NOW, app_at, run

DAYS = clock("XAMS", date(2024, 1, 1), date(2024, 6, 28)).sessions.tolist()


def world(folder: Path) -> App:
    """Write two instruments of one market with sources that agree on everything."""

    def one(ticker: str, **more: object) -> dict[str, object]:
        symbols = {"first": ticker, "second": ticker}
        return {"name": ticker.title(), "mic": "XAMS", "currency": "EUR", "symbols": symbols, **more}

    content = {
        "instruments": {"ACME": one("ACME", benchmark="AEX"), "AEX": one("AEX", kind="index")},
        "prices": [
            {"name": name, "kind": "csv", "path": f"{name}/{{symbol}}.csv"}
            for name in ("first", "second")
        ],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    for source in ("first", "second"):
        for symbol in ("ACME", "AEX"):
            write(folder, source, symbol, {})
    return app_at(folder / "config.yaml", NOW)


def write(folder: Path, source: str, symbol: str, changes: dict[date, float | None]) -> None:
    closes: dict[date, float | None] = {day: 100 + n % 7 for n, day in enumerate(DAYS)}
    rows = [f"{day},{close}" for day, close in sorted({**closes, **changes}.items()) if close is not None]
    (folder / source).mkdir(exist_ok=True)
    (folder / source / f"{symbol}.csv").write_text("date,close\n" + "\n".join(rows) + "\n", encoding="utf-8")


def examined(app: App) -> list[Finding]:
    run(app)
    return doctor.examine(app)


def test_where_everything_agrees_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert examined(world(tmp_path)) == []


def test_days_on_which_calendar_and_bars_disagree_are_listed_as_spans(tmp_path: Path) -> None:
    app = world(tmp_path)
    saturday = DAYS[0] + timedelta(days=(5 - DAYS[0].weekday()) % 7)
    for source in ("first", "second"):
        write(tmp_path, source, "AEX", {DAYS[30]: None, saturday: 101.0})
    shut, opened = (f for f in examined(app) if f.where == "XAMS by AEX")
    assert f"1 day: {DAYS[30]}" in shut.problem
    assert f"1 day: {saturday}" in opened.problem


def test_closes_that_differ_between_sources_are_listed_by_day(tmp_path: Path) -> None:
    app = world(tmp_path)
    write(tmp_path, "second", "ACME", {DAYS[30]: 110.0, DAYS[60]: 107.0})
    (finding,) = examined(app)
    assert finding.where == "ACME"
    assert (
        f"first and second give different closes (1d), by up to 7.27%: 2 days: {DAYS[30]}, {DAYS[60]}"
        in finding.problem
    )


def test_a_rejected_bar_is_listed_with_its_reason(tmp_path: Path) -> None:
    app = world(tmp_path)
    write(tmp_path, "first", "ACME", {DAYS[30]: -1.0})
    (finding,) = examined(app)
    assert finding.where == "ACME from first"
    assert f"1 rejected as non_positive, such as {DAYS[30]}: the close is -1" in finding.problem


def test_a_source_that_has_no_file_for_an_instrument_is_listed_only_if_no_other_has_bars(tmp_path: Path) -> None:
    app = world(tmp_path)
    for source in ("first", "second"):
        (tmp_path / source / "ACME.csv").unlink()
    (finding,) = examined(app)
    assert finding == Finding("ACME", "none of its sources has given bars: first, second", finding.advice)


def test_prices_in_another_currency_than_configured_are_listed(tmp_path: Path) -> None:
    app = world(tmp_path)
    run(app)
    with app.store.write() as db:
        series = bars.series_by_key(db)["ACME", "first", "1d"]
        bars.save_series(db, replace(series, currency="GBp"))
    (finding,) = doctor.examine(app)
    assert (finding.where, finding.problem) == ("ACME from first", "its prices are in GBp, the configuration says EUR")


# --- the checks by themselves ---------------------------------------------------------------------------------------


def test_no_rows_give_no_findings() -> None:
    assert [*sources_that_disagree([]), *rejected_bars([]), *sources_without_bars([])] == []


def test_an_instrument_without_a_price_source_is_listed() -> None:
    (finding,) = sources_without_bars([Asking("NOON", (), frozenset(), frozenset())])
    assert "name no price source" in finding.problem


def test_a_source_that_answered_without_a_bar_is_listed_and_one_that_was_not_asked_is_not() -> None:
    one = Asking("ACME", ("first", "second", "third"), frozenset({"first", "second"}), frozenset({"first"}))
    assert [f.where for f in sources_without_bars([one])] == ["ACME from second"]


def test_days_are_written_as_spans_that_a_weekend_does_not_break() -> None:
    friday = date(2024, 3, 1)
    assert (
        spans_of([friday, friday + timedelta(days=3), date(2024, 4, 4)])
        == "3 days: 2024-03-01 to 2024-03-04, 2024-04-04"
    )
    assert spans_of([date(2024, month, 1) for month in range(1, 9)]).endswith("2024-06-01, and 2 more spans")
