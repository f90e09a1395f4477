"""Article and move -> link: whether one could have traded on it, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from signals.pipeline import Plan, Stamped
from signals.study.verdicts import Tie, verdict
from signals.types import Anchor, IntradayWindow, Precision, Reason, Role, Status, Window, window_of


def link_rows(rows: Iterable[Any], plan: Plan, run: Stamped) -> list[dict[str, Any]]:
    """Return the rows of the links table for rows of `signals.store.moves.ties`."""
    return [_link(row, plan, run) for row in rows]


def tie_of(row: Any) -> Tie:
    """Gather what the verdict's rules look at from a row of `ties`, or of the same names."""
    status, reason = Status(row.status), str(row.reason)
    window = window_of(row.event_window)
    wants_an_hour = isinstance(window, IntradayWindow) or window.last < 1
    if row.published_precision == Precision.DAY and wants_an_hour:
        status, reason = Status.UNSCORED, Reason.DAY_ONLY.value
    stale = row.story_rank > 1 and row.published_at >= (row.exit_at or row.closes_at)
    return Tie(
        status, reason, Role(row.role), row.relevance, stale, row.ret, row.car, row.q_value, bool(row.confounded)
    )


def _link(row: Any, plan: Plan, run: Stamped) -> dict[str, Any]:
    tie = tie_of(row)
    window, anchor = window_of(row.event_window), Anchor(row.anchor)
    if isinstance(window, IntradayWindow):
        before_publication = window.before_publication or moved_before(anchor, row)
        could_trade = row.entry_at is not None and row.seen_at <= row.entry_at < row.exit_at
    else:
        before_publication = window.first < 0 or anchor in (Anchor.IN_SESSION, Anchor.DAY_ONLY)
        could_trade = tradable(window, anchor, row.seen_at, row.opens_at, row.closes_at)
    return {
        "article_id": row.article_id,
        "ticker": row.ticker,
        "study": row.study,
        "event_window": row.event_window,
        "event_id": row.event_id,
        "status": tie.status.value,
        "reason": tie.reason,
        "verdict": verdict(tie, plan.q_level, plan.min_relevance).value,
        "tradable": int(could_trade),
        "contains_pre_publication_move": int(before_publication),
        "run_id": run.run_id,
    }


def moved_before(anchor: Anchor, row: Any) -> bool:
    """Tell whether the market traded between the first price of an intraday window and publication.

    A window that begins with the close of the session before moves from the open on.
    """
    if row.base_at is None:
        return anchor is Anchor.IN_SESSION
    begins: datetime = max(row.base_at, row.opens_at)
    return bool(row.published_at > begins)


def tradable(window: Window, anchor: Anchor, seen_at: datetime, opens_at: datetime, closes_at: datetime) -> bool:
    """Tell whether the article was seen before the first price after publication that leaves some window to trade.

    News before the open can be traded at the open of day zero; news during the session at its close (daily bars know no
    price in between), which leaves nothing of a window that ends there.
    """
    at_open = anchor in (Anchor.PRE_OPEN, Anchor.AFTER_CLOSE, Anchor.NON_SESSION)
    entry = opens_at if at_open else closes_at
    return seen_at <= entry and (window.last >= 0 if at_open else window.last >= 1)
