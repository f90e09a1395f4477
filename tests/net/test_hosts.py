"""Hosts that are left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from signals.errors import LeftAloneError
from signals.net.budget import Item, Limits
from signals.net.hosts import LONGEST, TRIES, Hosts, retry_after
from signals.types import LeftAlone

NOW = datetime(2026, 3, 2, 3, 10, tzinfo=UTC)
ITEM = Item("wire", "page", Limits(60.0, 1_000, 10))


def test_tries_at_the_same_time_count_as_one() -> None:
    hosts = Hosts()
    for _ in range(TRIES - 1):
        before = hosts.begin("a.example", ITEM)
        for _ in range(4):  # threads
            hosts.failed("a.example", before, "it is down (503)")
    before = hosts.begin("a.example", ITEM)
    hosts.failed("a.example", before, "it is down (503)")
    with pytest.raises(LeftAloneError, match=r"a\.example is left alone for the rest of this run: it is down \(503\)"):
        hosts.begin("a.example", ITEM)
    hosts.begin("b.example", ITEM)


def test_a_silent_host_is_left_alone_at_once_unless_it_has_answered() -> None:
    hosts = Hosts()
    hosts.answered("a.example")
    hosts.failed("a.example", 0, "it did not answer within 20 seconds", is_silent=True)
    hosts.begin("a.example", ITEM)
    hosts.failed("b.example", 0, "it did not answer within 20 seconds", is_silent=True)
    with pytest.raises(LeftAloneError):
        hosts.begin("b.example", ITEM)


def test_no_header_makes_a_run_of_the_next_day_leave_a_host_alone() -> None:
    hosts = Hosts(clock=lambda: NOW)
    hosts.judge("a.example", 0, 429, 10.0**11)
    assert hosts.resting() == [LeftAlone("a.example", "it asked for fewer requests (429)", NOW + LONGEST)]
    with pytest.raises(LeftAloneError, match="left alone until 23:10 UTC: it asked for fewer requests"):
        hosts.begin("a.example", ITEM)


def test_what_earlier_runs_leave_alone_is_left_alone_until_its_time() -> None:
    rest = LeftAlone("a.example", "it is down (503)", NOW + timedelta(days=1))
    with pytest.raises(LeftAloneError, match="left alone until 2026-03-03 03:10 UTC"):
        Hosts([rest], clock=lambda: NOW).begin("a.example", ITEM)
    Hosts([rest], clock=lambda: NOW + timedelta(days=1)).begin("a.example", ITEM)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("Mon, 02 Mar 2026 03:40:00 GMT", 1_800.0), ("Mon, 02 Mar 2026 03:00:00 GMT", 0.0), ("soon", 0.0),
     ("", 0.0), ("-5", 0.0), ("9" * 400, 999_999_999_999.0), ("\N{SUPERSCRIPT TWO}", 0.0),
     ("Mon, 02 Mar 0000 03:00:00 GMT", 0.0)],
)  # fmt: skip
def test_a_retry_after_is_a_number_or_a_date(header: str, seconds: float) -> None:
    assert retry_after({"retry-after": header}, NOW) == seconds
