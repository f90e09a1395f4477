"""Error rates: fitted for 28 days on windows that had ended 14 days before them, and kept."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.pipeline.derive.error_rates import ErrorRates, first_day, groups_of
from signals.store import Connection, Store
from signals.store.error_rates import drop_error_rates, error_rates_of
from signals.study.error_rates import TwoGroups, counts_of, fit
from signals.types import ErrorRate, RelevanceClass
from tests.pipeline.derive.judged import NO_BENCHMARK, classify, write_event, write_evidence, write_move

START = date(2024, 2, 4)  # of a block
DAY = timedelta(days=1)
SUBJECT, MENTIONED, WEAK = RelevanceClass


def rate(db: Connection, day: date = START, relevance_class: RelevanceClass = SUBJECT) -> ErrorRate:
    """Return an error rate as a new run computes it."""
    return ErrorRates(db).of("market", "0..0", day, relevance_class)


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_block_is_28_days_from_its_first(day: date) -> None:
    first = first_day(day)
    assert timedelta(0) <= day - first < 28 * DAY
    assert {first_day(first + n * DAY) for n in (0, 13, 27)} == {first}
    assert first_day(first - DAY) == first - 28 * DAY


def test_the_first_days_of_blocks_do_not_hang_on_what_a_store_holds() -> None:
    assert [first_day(date(2024, 1, 31) + n * 28 * DAY) for n in range(3)] == [
        date(2024, 1, 7), START, date(2024, 3, 3)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ended", "events"),
    [(0 * DAY, 0), (13 * DAY, 0), (14 * DAY, 0), (15 * DAY, 1), (714 * DAY, 1), (715 * DAY, 0)],
)
def test_only_windows_that_ended_more_than_14_days_before_the_block_and_in_the_last_two_years_count(
    store: Store, ended: timedelta, events: int
) -> None:
    with store.write() as db:
        write_evidence(db, START - ended, 1e-4)
        assert rate(db).events == events
        assert (rate(db).pi > 0.10) == (events == 1)
        assert rate(db, START + 27 * DAY) == rate(db)


def test_the_fit_is_that_of_the_p_values_of_each_class(store: Store) -> None:
    rng = np.random.default_rng(1)
    p, label = rng.random(60) ** 3, rng.integers(0, 3, 60)
    with store.write() as db:
        for n, (value, of) in enumerate(zip(p.tolist(), label.tolist(), strict=True)):
            write_evidence(db, START - (20 + 3 * n) * DAY, value, list(RelevanceClass)[of])
        rates = ErrorRates(db)
        own = [rates.of("market", "0..0", START, relevance_class) for relevance_class in RelevanceClass]
        assert error_rates_of(db, "market", "0..0") == sorted(own, key=lambda one: one.relevance_class)
    expected = fit(counts_of(p, label, 3))
    assert [groups_of(one) for one in own] == expected
    assert [(one.study, one.event_window, one.first_day) for one in own] == [("market", "0..0", START)] * 3


def test_each_study_and_window_has_its_own(store: Store) -> None:
    with store.write() as db:
        key = write_evidence(db, START - 20 * DAY, 1e-4)
        write_move(db, key, START - 20 * DAY, 0.9, window="0..1")
        write_move(db, key, START - 20 * DAY, 0.9, study="raw")
        write_move(db, key, START - 20 * DAY, 0.9, window="0..5", unscored=NO_BENCHMARK)
        rates = ErrorRates(db)
        counted = {
            (study, window): rates.of(study, window, START, SUBJECT)
            for study, window in (("market", "0..0"), ("market", "0..1"), ("raw", "0..0"), ("market", "0..5"))
        }
    assert [one.events for one in counted.values()] == [1, 1, 1, 0]
    assert groups_of(counted["market", "0..1"]) == groups_of(counted["raw", "0..0"])
    assert counted["market", "0..0"].pi > 0.10 > counted["raw", "0..0"].pi
    assert groups_of(counted["market", "0..5"]) == TwoGroups()


def test_a_fit_once_written_is_never_fitted_again(store: Store) -> None:
    with store.write() as db:
        write_evidence(db, START - 20 * DAY, 1e-4)
        before = [rate(db, relevance_class=one) for one in RelevanceClass]
        late = write_evidence(db, START - 30 * DAY, 1e-4, ticker="BOLT")  # months late
        classify(db, late, WEAK)
        assert [rate(db, relevance_class=one) for one in RelevanceClass] == before
        assert sorted(error_rates_of(db, "market", "0..0")) == sorted(before)
        assert [rate(db, START + 28 * DAY, one).events for one in RelevanceClass] == [1, 0, 1]
        assert len(error_rates_of(db, "market", "0..0")) == 6


def test_blocks_one_after_another_are_fitted_as_each_alone(store: Store) -> None:
    rng = np.random.default_rng(2)
    with store.write() as db:
        for n, value in enumerate(rng.random(120).tolist()):
            write_evidence(db, START + (300 - 7 * n) * DAY, value**2, list(RelevanceClass)[n % 3])
        days = [START + n * 28 * DAY for n in (0, 1, 2, 5, 9)]
        together = ErrorRates(db)
        in_order = [together.of("market", "0..0", day, SUBJECT) for day in days]
        drop_error_rates(db, START - DAY)
        backwards = ErrorRates(db)
        assert [backwards.of("market", "0..0", day, SUBJECT) for day in reversed(days)] == in_order[::-1]
        for day, expected in zip(days, in_order, strict=True):
            drop_error_rates(db, START - DAY)
            assert rate(db, day) == expected
    assert len({one.events for one in in_order}) == len(days)


def test_fits_are_dropped_from_the_block_after_a_day_on(store: Store) -> None:
    with store.write() as db:
        for n in range(3):
            rate(db, START + n * 28 * DAY)
        drop_error_rates(db, START + 28 * DAY)
        assert {one.first_day for one in error_rates_of(db, "market", "0..0")} == {START, START + 28 * DAY}


def test_moves_by_the_clock_between_the_same_prices_count_once(store: Store) -> None:
    day = START - 20 * DAY
    nine = datetime.fromisoformat(f"{day}T09:00:00+00:00")
    minute = timedelta(minutes=1)
    with store.write() as db:
        for ticker, minutes, base, end in (
            ("ACME", 1, 0, 60), ("ACME", 2, 0, 60), ("ACME", 61, 60, 120), ("ACME", 90, 60, 180), ("BOLT", 1, 0, 60),
        ):  # fmt: skip
            key = write_event(db, day, SUBJECT, ticker, nine + minutes * minute)
            times = nine + base * minute, nine + end * minute
            write_move(db, key, day, 0.01, "hourly", "0m..60m", base_at=times[0], exit_at=times[1])
        assert ErrorRates(db).of("hourly", "0m..60m", START, SUBJECT).events == 4
