"""Links: whether one could have traded on an article, what its window held before it, and the verdict."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from signals.pipeline.derive.links import links_of, moved_before, tradable, verdict_inputs
from signals.types import Anchor, LinkInputs, Precision, Role, Status, Verdict, Window
from tests.stores import plan_of

OPENS, CLOSES = datetime(2024, 4, 25, 7, tzinfo=UTC), datetime(2024, 4, 25, 15, 30, tzinfo=UTC)
NOON = OPENS + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
ROW = LinkInputs(
    article_id="a1", ticker="ACME", anchor=Anchor.IN_SESSION, event_id="ACME@2024-04-25", role=Role.SUBJECT,
    relevance=0.9, story_rank=1, published_at=NOON, published_precision=Precision.MINUTE, seen_at=NOON, opens_at=OPENS,
    closes_at=CLOSES, study="market", event_window="0..1", status=Status.SCORED, reason="", ret=0.05, car=0.04,
    benchmark="MKT", p_raw=0.01, q_value=0.01, confounded=False, base_at=None, entry_at=None, exit_at=None,
)  # fmt: skip
HOUR = replace(
    ROW, study="hourly", event_window="0m..60m", base_at=NOON - MINUTE, entry_at=NOON + 9 * MINUTE,
    exit_at=NOON + 69 * MINUTE,
)  # fmt: skip


def test_a_link_has_the_keys_of_its_article_and_move() -> None:
    (link,) = links_of([ROW], plan_of())
    assert (link.article_id, link.ticker, link.study, link.event_window, link.event_id) == (
        "a1", "ACME", "market", "0..1", f"ACME@{date(2024, 4, 25)}",
    )  # fmt: skip
    assert (link.status, link.reason, link.verdict) == (Status.SCORED, "", Verdict.MOVE)


def test_a_window_before_publication_and_a_model_without_a_benchmark_are_known_to_the_rules() -> None:
    inputs = verdict_inputs(ROW, 0.25)
    assert (inputs.before_publication, inputs.has_benchmark, inputs.p_raw) == (False, True, 0.01)
    for window in ("-5..-1", "-60m..0m"):
        early = replace(ROW, event_window=window, benchmark=None)
        inputs = verdict_inputs(early, 0.25)
        assert (inputs.before_publication, inputs.has_benchmark) == (True, False)
        assert links_of([early], plan_of())[0].verdict is Verdict.EARLY_MOVE


def test_the_levels_of_the_plan_decide_the_verdict() -> None:
    strict = [plan_of(q_level=0.001), plan_of(min_relevance=0.95)]
    assert [links_of([ROW], plan)[0].verdict for plan in strict] == [Verdict.NO_MOVE, Verdict.WEAK_TIE]


@pytest.mark.parametrize("window", ["0..0", "-5..-1", "0m..60m"])
def test_an_article_without_an_hour_is_not_tied_to_a_window_that_may_begin_before_it(window: str) -> None:
    row = replace(ROW, published_precision=Precision.DAY, event_window=window)
    inputs = verdict_inputs(row, 0.25)
    assert (inputs.status, inputs.reason) == (Status.UNSCORED, "day_only")
    assert links_of([row], plan_of())[0].verdict is Verdict.NOT_SCORED


def test_an_article_without_an_hour_is_tied_to_a_window_that_reaches_the_next_session() -> None:
    assert verdict_inputs(replace(ROW, published_precision=Precision.DAY), 0.25).status is Status.SCORED


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (replace(ROW, story_rank=2), Verdict.MOVE),
        (replace(ROW, published_at=CLOSES), Verdict.MOVE),
        (replace(ROW, story_rank=2, published_at=CLOSES), Verdict.WEAK_TIE),
        (replace(HOUR, story_rank=2, published_at=NOON + 60 * MINUTE), Verdict.MOVE),
        (replace(HOUR, story_rank=2, published_at=NOON + 69 * MINUTE), Verdict.WEAK_TIE),
    ],
)
def test_a_later_copy_from_after_the_window_is_a_weak_tie(row: LinkInputs, verdict: Verdict) -> None:
    assert links_of([row], plan_of())[0].verdict is verdict


@pytest.mark.parametrize(
    ("anchor", "seen_at", "window", "possible"),
    [
        (Anchor.PRE_OPEN, OPENS, "0..0", True),
        (Anchor.PRE_OPEN, OPENS + MINUTE, "0..0", False),
        (Anchor.AFTER_CLOSE, OPENS - MINUTE, "-5..-1", False),
        (Anchor.NON_SESSION, OPENS, "0..5", True),
        (Anchor.IN_SESSION, CLOSES, "0..1", True),
        (Anchor.IN_SESSION, CLOSES, "0..0", False),
        (Anchor.IN_SESSION, CLOSES + MINUTE, "0..1", False),
        (Anchor.DAY_ONLY, CLOSES, "0..1", True),
    ],
)
def test_one_can_trade_at_the_first_price_after_publication_if_it_was_seen_by_then(
    anchor: Anchor, seen_at: datetime, window: str, possible: bool
) -> None:
    assert tradable(Window.parse(window), anchor, seen_at, OPENS, CLOSES) is possible
    row = replace(ROW, anchor=anchor, seen_at=seen_at, event_window=window)
    assert links_of([row], plan_of())[0].tradable is possible


@pytest.mark.parametrize(
    ("seen_at", "possible"),
    [(HOUR.entry_at, True), (NOON + 10 * MINUTE, False)],
)
def test_an_intraday_window_is_entered_at_its_first_price_after_publication(seen_at: datetime, possible: bool) -> None:
    assert links_of([replace(HOUR, seen_at=seen_at)], plan_of())[0].tradable is possible


def test_an_intraday_window_that_ends_with_its_first_price_cannot_be_traded() -> None:
    ended = replace(HOUR, exit_at=HOUR.entry_at)
    unplaced = replace(HOUR, base_at=None, entry_at=None, exit_at=None)
    assert [link.tradable for link in links_of([ended, unplaced], plan_of())] == [False, False]


@pytest.mark.parametrize(
    ("row", "before"),
    [
        (replace(ROW, anchor=Anchor.PRE_OPEN), False),
        (replace(ROW, anchor=Anchor.PRE_OPEN, event_window="-5..-1"), True),
        (ROW, True),
        (replace(ROW, anchor=Anchor.DAY_ONLY), True),
        (HOUR, True),
        (replace(HOUR, base_at=NOON), False),
        (replace(HOUR, base_at=NOON + MINUTE), False),
        (replace(HOUR, base_at=NOON, event_window="-60m..0m"), True),
    ],
)
def test_a_window_that_began_before_publication_is_marked(row: LinkInputs, before: bool) -> None:
    assert links_of([row], plan_of())[0].contains_pre_publication_move is before


def test_from_the_close_before_the_market_moves_from_the_open_on() -> None:
    evening = replace(HOUR, base_at=OPENS - timedelta(hours=15))
    assert not moved_before(replace(evening, published_at=OPENS))
    assert moved_before(replace(evening, published_at=OPENS + MINUTE))


def test_without_a_price_the_anchor_says_whether_the_market_was_open() -> None:
    assert moved_before(replace(HOUR, base_at=None))
    assert not moved_before(replace(HOUR, base_at=None, anchor=Anchor.PRE_OPEN))
