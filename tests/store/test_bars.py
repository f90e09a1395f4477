"""Bars and actions as they were learned, and the series that they belong to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from sqlalchemy import func, select

from signals.store import Connection, Store, bars
from signals.store.bars import Coverage
from signals.store.tables import bars as rows
from signals.types import Bars
from tests.store.samples import LATER, NOW, closes, quarantined, series, write_bars

FIRST, LAST = date(2024, 2, 1), date(2024, 3, 31)


def load(db: Connection, interval: str = "1d") -> Bars:
    return bars.load_bars(db, "GAZP", "local", interval, FIRST, LAST)


def with_actions(of: Bars, days: list[str], dividends: list[float], splits: list[float]) -> Bars:
    return replace(of, action_date=np.array(days, "datetime64[D]"), dividend=np.array(dividends),
                   split=np.array(splits))  # fmt: skip


def test_bars_are_read_back_with_what_their_series_says(store: Store) -> None:
    with store.write() as db:
        bars.save_series(db, series(split_adjusted=True, currency="RUB"))
        bars.save_bars(db, "GAZP", closes({"2024-02-28": 100, "2024-02-29": np.nan}), 1)
        read = load(db)
    assert read.start.tolist() == [datetime(2024, 2, 28), datetime(2024, 2, 29)]  # noqa: DTZ001 - numpy has no zones
    assert np.array_equal(read.close, [100, np.nan], equal_nan=True)
    assert np.isnan(read.open).all()
    assert (read.currency, read.split_adjusted, read.fetched_at) == ("RUB", True, NOW)


def test_a_series_without_rows_is_empty_bars(store: Store) -> None:
    with store.read() as db:
        read = load(db)
    assert (len(read), read.currency, read.split_adjusted) == (0, None, False)
    assert read.fetched_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_corrected_bar_supersedes_the_old_one_and_does_not_erase_it(store: Store) -> None:
    with store.write() as db:
        assert bars.save_bars(db, "GAZP", closes({"2024-02-28": 100, "2024-02-29": 101}), 1) == 2
        assert bars.save_bars(db, "GAZP", closes({"2024-02-28": 100, "2024-02-29": 101}), 2) == 0
        assert bars.save_bars(db, "GAZP", closes({"2024-02-29": 102, "2024-03-01": 103}, LATER), 3) == 2
        everything = db.execute(select(rows.c.close).order_by(rows.c.start, rows.c.fetched_at)).scalars().all()
        assert load(db).close.tolist() == [100, 102, 103]
        assert bars.changed_since(db, 2) == {"GAZP": date(2024, 2, 29)}
        assert bars.save_bars(db, "GAZP", closes({}), 4) == 0
    assert everything == [100, 101, 102, 103]


def test_a_bar_that_its_source_now_gives_wrongly_is_withdrawn_and_not_erased(store: Store) -> None:
    with store.write() as db:
        bars.save_bars(db, "GAZP", closes({"2024-02-28": 100, "2024-02-29": 9_000}), 1)
        again = closes({"2024-02-28": 100}, LATER)
        assert bars.withdraw_bars(db, "GAZP", again, ["2024-02-29", "2024-02-28"], 2) == 1
        assert bars.changed_since(db, 1) == {"GAZP": date(2024, 2, 29)}
        assert db.execute(select(func.count()).select_from(rows)).scalar_one() == 2
        assert load(db).close.tolist() == [100]


def test_bars_of_an_hour_start_at_an_instant(store: Store) -> None:
    hours = closes({"2024-02-29T10:00:00": 1.0, "2024-03-31T23:00:00": 2.0}, interval="1h")
    with store.write() as db:
        bars.save_bars(db, "GAZP", hours, 1)
        assert load(db, "1h").close.tolist() == [1.0, 2.0]
        assert len(load(db)) == 0


# --- actions --------------------------------------------------------------------------------------------------------


def test_actions_are_read_with_the_bars_and_a_correction_supersedes(store: Store) -> None:
    day = closes({"2024-02-28": 100})
    with store.write() as db:
        first = with_actions(day, ["2024-02-28", "2024-02-29"], [5, 0], [1, 2])
        assert bars.save_bars(db, "GAZP", first, 1) == 3
        assert bars.save_bars(db, "GAZP", first, 2) == 0
        corrected = with_actions(replace(day, fetched_at=LATER), ["2024-02-28"], [6], [1])
        assert bars.save_bars(db, "GAZP", corrected, 3) == 1
        read = load(db)
        assert bars.changed_since(db, 1) == {"GAZP": date(2024, 2, 28)}
        actions = bars.actions_between(db, ["GAZP", "ROSN"], FIRST, LAST)
    assert (read.dividend.tolist(), read.split.tolist()) == ([6, 0], [1, 2])
    assert [(one.ex_date.day, one.dividend, one.split) for one in actions["GAZP"]] == [(28, 6, 1), (29, 0, 2)]
    assert set(actions) == {"GAZP"}


def test_a_change_begins_with_the_earlier_of_bar_and_action(store: Store) -> None:
    with store.write() as db:
        bars.save_bars(db, "GAZP", with_actions(closes({"2024-02-28": 100}), ["2024-02-05"], [5], [1]), 1)
        bars.save_bars(db, "ROSN", with_actions(closes({"2024-02-28": 100}), ["2024-02-29"], [5], [1]), 1)
        assert bars.changed_since(db, 0) == {"GAZP": date(2024, 2, 5), "ROSN": date(2024, 2, 28)}


# --- series ---------------------------------------------------------------------------------------------------------


def test_a_series_is_what_was_asked_last(store: Store) -> None:
    asked = series(version="v1")
    with store.write() as db:
        bars.save_series(db, series())
        bars.save_series(db, asked)
        assert bars.series_by_key(db) == {("GAZP", "local", "1d"): asked}


def test_a_series_has_bars_once_one_is_stored(store: Store) -> None:
    with store.write() as db:
        bars.save_series(db, series("ROSN"))
        write_bars(db, {"2024-02-28": 100, "2024-02-29": 101})
        assert bars.series_with_bars(db) == {("GAZP", "local", "1d")}
        assert bars.last_bars(db) == {("GAZP", "local", "1d"): date(2024, 2, 29)}


def test_coverage_is_the_span_of_each_source(store: Store) -> None:
    with store.write() as db:
        write_bars(db, {"2024-02-28": 100, "2024-02-29": 101})
        write_bars(db, {"2024-02-01": 100}, source="other")
        assert sorted(bars.coverage(db, ["GAZP", "ROSN"])["GAZP"], key=lambda one: one.source) == [
            Coverage("local", date(2024, 2, 28), date(2024, 2, 29)),
            Coverage("other", date(2024, 2, 1), date(2024, 2, 1)),
        ]
        assert bars.coverage(db, ["ROSN"]) == {}


def test_a_session_is_seen_if_any_instrument_has_a_close(store: Store) -> None:
    with store.write() as db:
        write_bars(db, {"2024-02-28": 100, "2024-02-29": np.nan})
        write_bars(db, {"2024-02-27": 100}, "ROSN")
        write_bars(db, {"2024-02-26": 100}, "LKOH")
        seen = bars.sessions_seen(db, ["GAZP", "ROSN"])
    assert seen.astype(str).tolist() == ["2024-02-27", "2024-02-28"]


def test_a_rejected_bar_is_stored_once(store: Store) -> None:
    with store.write() as db:
        assert bars.save_quarantined(db, "GAZP", [quarantined(), quarantined("2024-02-29")], NOW) == 2
        assert bars.save_quarantined(db, "GAZP", [quarantined()], NOW + timedelta(days=1)) == 0
