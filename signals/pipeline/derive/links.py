"""Article and move -> link: whether one could have traded on it, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from signals.pipeline import Plan
from signals.study.verdicts import Tie, VerdictInputs, tie_of, verdict
from signals.types import (
    Anchor,
    IntradayWindow,
    Link,
    LinkInputs,
    MoveState,
    Precision,
    Reason,
    Status,
    Window,
    window_of,
)


def links_of(inputs: Iterable[LinkInputs], plan: Plan) -> list[Link]:
    """Return the links of articles and moves."""
    return [_link(row, plan) for row in inputs]


def verdict_inputs(row: LinkInputs, min_relevance: float) -> VerdictInputs:
    """Return what the verdict's rules look at."""
    status, reason, window = row.status, row.reason, window_of(row.event_window)
    if row.published_precision is Precision.DAY and window.needs_hour:
        status, reason = Status.UNSCORED, Reason.DAY_ONLY.value
    stale = row.story_rank > 1 and row.published_at >= (row.exit_at or row.closes_at)
    return inputs_of(row, status, reason, tie_of(row.role, row.relevance, stale, min_relevance))


def inputs_of(row: LinkInputs | MoveState, status: Status, reason: str, tie: Tie) -> VerdictInputs:
    """Return what the verdict's rules look at, of a link or of an event."""
    return VerdictInputs(
        status=status,
        reason=reason,
        tie=tie,
        before_publication=window_of(row.event_window).before_publication,
        has_benchmark=row.benchmark is not None,
        ret=row.ret,
        car=row.car,
        p_raw=row.p_raw,
        q_value=row.q_value,
        confounded=row.confounded,
    )


def _link(row: LinkInputs, plan: Plan) -> Link:
    inputs, window = verdict_inputs(row, plan.min_relevance), window_of(row.event_window)
    if isinstance(window, IntradayWindow):
        before_publication = window.before_publication or moved_before(row)
        could_trade = row.entry_at is not None and row.exit_at is not None and row.seen_at <= row.entry_at < row.exit_at
    else:
        before_publication = window.first < 0 or row.anchor in (Anchor.IN_SESSION, Anchor.DAY_ONLY)
        could_trade = tradable(window, row.anchor, row.seen_at, row.opens_at, row.closes_at)
    return Link(
        article_id=row.article_id,
        ticker=row.ticker,
        study=row.study,
        event_window=row.event_window,
        event_id=row.event_id,
        status=inputs.status,
        reason=inputs.reason,
        verdict=verdict(inputs, plan.q_level),
        tradable=could_trade,
        contains_pre_publication_move=before_publication,
    )


def moved_before(row: LinkInputs) -> bool:
    """Return whether the market traded between the first price of an intraday window and publication.

    A window that begins with the close of the session before moves from the open on.
    """
    if row.base_at is None:
        return row.anchor is Anchor.IN_SESSION
    return row.published_at > max(row.base_at, row.opens_at)


def tradable(window: Window, anchor: Anchor, seen_at: datetime, opens_at: datetime, closes_at: datetime) -> bool:
    """Return whether the article was seen before the first price after publication that leaves some window to trade.

    News before the open can be traded at the open of day zero; news during the session at its close (daily bars have no
    price in between), which leaves nothing of a window that ends there.
    """
    at_open = anchor in (Anchor.PRE_OPEN, Anchor.AFTER_CLOSE, Anchor.NON_SESSION)
    entry = opens_at if at_open else closes_at
    return seen_at <= entry and (window.last >= 0 if at_open else window.last >= 1)
