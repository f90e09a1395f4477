"""An intraday link -> the bars that it lies between, and what they were compared with, from the facts again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.currency import depends_on
from signals.pipeline.derive.intraday import SESSION, IntradaySlice, align_intraday, intraday_slice
from signals.pipeline.derive.intraday_series import seconds
from signals.store import Connection, queries
from signals.study.intraday_windows import OPEN
from signals.study.models import kappa_terms, sums_for
from signals.types import Event, EventRow, IntradayBar, IntradayPath, IntradayStudy, IntradayWindow, KappaTerms


@dataclass(frozen=True, slots=True)
class IntradayDerivation:
    """An intraday move derived again: its bars, the sessions that it was compared with, and the terms of kappa."""

    path: IntradayPath
    estimation: tuple[date, date] | None
    kappa: KappaTerms | None


def explain_intraday(
    db: Connection, plan: Plan, run: RunContext, event: Event, study: IntradayStudy, move: EventRow
) -> IntradayDerivation | None:
    """Return what is behind the move of an intraday event; None without bars, or where the window has no place."""
    needed = {event.ticker, *depends_on(plan)[event.ticker]}
    members = tuple(i for i in plan.instruments if i.ticker in needed)
    aligned = next(align_intraday(db, replace(plan, instruments=members, intraday=(study,)), run, [event]))
    part = intraday_slice(aligned, IntradayWindow.parse(move.event_window))
    located, instants = part.placed(0), part.instants(0)
    if located is None or instants.base_at is None or instants.exit_at is None:
        return None
    span = instants.base_at, instants.exit_at
    session = int(located.located.session[0])
    end = session - study.gap
    days = located.prices.hours.sessions[max(end - study.estimation, 0) : max(end, 0)]
    bars, between = _bars(db, part, event.ticker, str(move.price_source), *span)
    benchmark_bars, _ = _bars(db, part, str(aligned.own.benchmark), str(move.benchmark_source), *span)
    measured_as, row = study.measured_as(aligned.model.name), located.row[:1]
    sums = sums_for(located.panel, measured_as)
    path = IntradayPath(
        published_at=event.intraday_instant,
        base_at=instants.base_at,
        entry_at=instants.entry_at,
        exit_at=instants.exit_at,
        bars=bars,
        between=between,
        benchmark_bars=benchmark_bars,
        activity=float(located.activity[located.row[0], session]),
    )
    kappa = kappa_terms(located.panel, sums, measured_as, SESSION, row, located.located.session[:1])
    return IntradayDerivation(path, (days[0].item(), days[-1].item()) if len(days) else None, kappa)


def _bars(
    db: Connection, part: IntradaySlice, ticker: str, source: str, base_at: datetime, exit_at: datetime
) -> tuple[list[IntradayBar], int]:
    """Return the bars of a window that people want to see, and how many others there are."""
    length = timedelta(seconds=seconds(part.study.interval))
    first, last = (at.replace(tzinfo=None) for at in (base_at - length, exit_at))
    published_at = part.events[0].intraday_instant.replace(tzinfo=None)
    to_the_open = part.located is not None and int(part.located.exit[0]) == OPEN
    bars = []
    for bar in queries.bars_between(db, ticker, source, first, last, part.study.interval):
        starts_at = datetime.fromisoformat(bar.start)
        if bar.close is not None and (starts_at < last or to_the_open):
            bars.append(IntradayBar(bar, starts_at < published_at < starts_at + length))
    selected = [bar for n, bar in enumerate(bars) if n in (0, len(bars) - 1) or bar.straddles]
    return selected, len(bars) - len(selected)
