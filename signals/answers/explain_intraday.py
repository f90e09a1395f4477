"""An intraday link -> the bars that it lies between, and what they were compared with, from the facts again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from signals.pipeline import Plan, Stamped
from signals.pipeline.derive.intraday import SESSION, Cut, lay, measure, struck
from signals.pipeline.derive.intraday_series import seconds
from signals.store import Connection, queries
from signals.study.intraday_windows import OPEN
from signals.study.models import kappa_terms, sums_for
from signals.types import IntradayStudy, IntradayWindow

Row = Mapping[str, Any]


def replay(
    db: Connection, plan: Plan, run: Stamped, event: Any, study: IntradayStudy, move: Row
) -> dict[str, Any] | None:
    """Return what is behind the move of an intraday event; None without bars, or where the window has no place.

    `bars` and `benchmark_bars` are the first and last bar of the window and the one that publication lies in, `between`
    is how many others there are. `stir` says how lively the session had been, and `estimation` spans the sessions that
    the same window was measured on.
    """
    own = next(i for i in plan.instruments if i.ticker == event.ticker)
    needed = tuple(i for i in plan.instruments if i.ticker in (own.ticker, own.benchmark))
    laid = next(iter(lay(db, replace(plan, instruments=needed, intraday=(study,)), run, [event])))
    cut = measure(laid, IntradayWindow.parse(str(move["event_window"])))
    instants = struck(cut, 0)
    if cut.found is None or instants["base_at"] is None or instants["exit_at"] is None:
        return None
    found, session = cut.found, int(cut.found.located.session[0])
    end = session - study.gap
    days = found.taped.hours.sessions[max(end - study.estimation, 0) : max(end, 0)]
    shown, between = _bars(db, cut, str(event.ticker), str(move["price_source"]), instants)
    others, _ = _bars(db, cut, str(own.benchmark), str(move["benchmark_source"]), instants)
    measured_as = study.measured_as(laid.model)
    sums, row = sums_for(found.panel, measured_as), found.row[:1]
    return {
        **instants,
        "kappa": kappa_terms(found.panel, sums, measured_as, SESSION, row, found.located.session[:1]),
        "published_at": event.published_at,
        "bars": shown,
        "between": between,
        "benchmark_bars": others,
        "stir": float(found.stirs[found.row[0], session]),
        "estimation": (days[0].item(), days[-1].item()) if len(days) else None,
    }


def _bars(db: Connection, cut: Cut, ticker: str, source: str, instants: Row) -> tuple[list[dict[str, Any]], int]:
    """Return the bars of a window that people want to see, and how many others there are."""
    length = timedelta(seconds=seconds(cut.laid.study.interval))
    first, last = (at.replace(tzinfo=None) for at in (instants["base_at"] - length, instants["exit_at"]))
    published_at = cut.laid.events[0].published_at.replace(tzinfo=None)
    to_the_open = cut.found is not None and int(cut.found.exit[0]) == OPEN
    listed = []
    for row in queries.bars_between(db, ticker, source, first, last, cut.laid.study.interval):
        starts_at = datetime.fromisoformat(row["start"])
        if row["close"] is not None and (starts_at < last or to_the_open):
            listed.append({**row, "straddles": starts_at < published_at < starts_at + length})
    shown = [bar for n, bar in enumerate(listed) if n in (0, len(listed) - 1) or bar["straddles"]]
    return shown, len(listed) - len(shown)
