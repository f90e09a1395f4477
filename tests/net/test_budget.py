"""What may be spent on one item, on a source and in a run."""

from dataclasses import dataclass

import pytest

from signals.errors import OverBudgetError
from signals.net.budget import Budget, Item, Limits

PLENTY = Limits(1_000.0, 1_000, 1_000)


@dataclass
class Clock:
    """A clock that advances when a test says so."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(
    ("limits", "size", "requests", "problem"),
    [
        (Limits(1_000.0, 10, 1_000), 11, 0, "it sent more than 10 bytes"),
        (Limits(1_000.0, 1_000, 3), 0, 4, "it needs more than 3 requests"),
    ],
)
def test_what_is_spent_ends_an_item(limits: Limits, size: int, requests: int, problem: str) -> None:
    with Item("wire", "page", limits) as item, pytest.raises(OverBudgetError, match=f"wire: page: {problem}"):
        item.spend(size, requests)


def test_items_spend_from_their_source_and_the_run() -> None:
    run = Budget("the run", Limits(1_000.0, 25, 1_000))
    source = Budget("the source", Limits(1_000.0, 1_000, 2), run)
    for name in ("a", "b"):
        with Item("wire", name, PLENTY, source) as item:
            item.spend(size=10, requests=1)
    with (
        Item("wire", "c", PLENTY, source) as item,
        pytest.raises(OverBudgetError, match="source needs more than 2"),
    ):
        item.spend(requests=1)
    other = Budget("the source", PLENTY, run)
    with Item("other", "d", PLENTY, other) as item, pytest.raises(OverBudgetError, match="the run sent more than 25"):
        item.spend(size=10)


def test_time_runs_while_an_item_is_asked_for_and_counts_once() -> None:
    clock = Clock()
    source = Budget("the source", Limits(10.0, 1_000, 1_000), clock=clock)
    one, other = (Item("wire", name, PLENTY, source, clock) for name in ("a", "b"))
    with one, other:
        clock.sleep(4.0)
    clock.sleep(100.0)  # what was fetched is read and stored
    assert source.seconds_left() == 6.0
    with one:
        clock.sleep(6.0)
        with pytest.raises(OverBudgetError, match="the source took more than 10 seconds"):
            one.check()


def test_a_pause_is_the_source_s_and_not_the_item_s() -> None:
    clock = Clock()
    source = Budget("the source", Limits(60.0, 1_000, 1_000), clock=clock)
    with Item("wire", "page", Limits(5.0, 1_000, 1_000), source, clock) as item:
        item.pause(30.0, clock.sleep)
        item.check()
        assert (item.seconds_left(), source.seconds_left()) == (5.0, 30.0)
        with pytest.raises(OverBudgetError, match="the next request is due in 31 seconds"):
            item.pause(31.0, clock.sleep)


def test_a_wait_is_no_longer_than_what_is_left() -> None:
    clock = Clock()
    with Item("wire", "page", Limits(5.0, 1_000, 1_000), clock=clock) as item:
        assert item.wait(20.0) == 5.0
        clock.sleep(4.0)
        assert (item.wait(20.0), item.wait(0.5)) == (1.0, 0.5)
        clock.sleep(1.0)
        with pytest.raises(OverBudgetError):
            item.wait(20.0)
