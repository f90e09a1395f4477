"""Markets -> the sessions that scoring used, and the unusual ones of each instrument, news or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import numpy as np

from signals.pipeline import Plan
from signals.pipeline.derive.panels import Market, Markets
from signals.store import Connection, bars, instruments, moves
from signals.study.placebo import BLOCK_SESSIONS
from signals.study.score import every_session
from signals.study.typical_moves import typical_moves
from signals.types import BaseRate, Instrument, MarketKey, SessionMove, Study

UNUSUAL = 0.01  # p-value at which a session is listed; about one session in a hundred is by chance alone
BLOCK = 4 * BLOCK_SESSIONS  # measured at a time


def save_unusual_sessions(db: Connection, markets: Markets, plan: Plan, since: Mapping[str, date]) -> None:
    """Write the sessions of every market that changed, and its instruments' unusual sessions from then on.

    They are measured by the first study of the plan.
    """
    groups: dict[MarketKey, list[Instrument]] = {}
    for instrument in plan.instruments:
        if instrument.ticker in since:
            groups.setdefault(instrument.market, []).append(instrument)
    for key, members in groups.items():
        market = markets.of(key)
        changed = {i.ticker: since[i.ticker] for i in members}
        rows = list(_unusual(markets, key, members, plan.studies[0], changed)) if plan.studies else []
        rates = list(_base_rates(markets, market, members, plan.studies[0])) if plan.studies else []
        instruments.save_sessions(db, key, market.sessions.tolist())
        instruments.save_market_days(db, key, market.marks)
        bars.save_price_breaks(db, changed, {one for one in market.breaks.values() if one.ticker in changed})
        moves.save_session_moves(db, changed, rows)
        moves.save_base_rates(db, rates)


def _base_rates(markets: Markets, market: Market, members: Iterable[Instrument], study: Study) -> Iterator[BaseRate]:
    """Yield how much each instrument moves on ordinary days, by the series that its last session is read from."""
    for instrument in members:
        sums = markets.calibrated(instrument.market, study).sums
        row = market.rows[markets.choose(instrument, date.max)]
        typical = typical_moves(markets.traded(instrument.market), sums, study, row)
        if len(typical.measured):
            first, last = (market.sessions[typical.measured[end]].item() for end in (0, -1))
            yield BaseRate(
                ticker=instrument.ticker,
                study=study.name,
                sessions=len(typical.measured),
                first_session=first,
                last_session=last,
                typical_ret=typical.typical,
                large_ret=typical.large,
                typical_ar=typical.typical_ar,
                large_ar=typical.large_ar,
            )


def _unusual(
    markets: Markets, key: MarketKey, members: Iterable[Instrument], study: Study, since: Mapping[str, date]
) -> Iterator[SessionMove]:
    market, panel, by_ticker = markets.of(key), markets.traded(key), {i.ticker: i for i in members}
    _, sums, calibration = markets.calibrated(key, study)
    start = int(np.searchsorted(market.sessions, np.datetime64(min(since.values()))))
    peers = markets.peer_parts(key, start)
    series = list(market.rows)
    for first in range(start - start % BLOCK, panel.ret.shape[1], BLOCK):
        measured = every_session(panel, sums, study, calibration, first, min(first + BLOCK, panel.ret.shape[1]))
        for row, column in np.argwhere(measured.p_value <= UNUSUAL).tolist():
            own, session = series[row], market.sessions[first + column].item()
            if own.ticker not in by_ticker or session < since[own.ticker]:
                continue
            if markets.choose(by_ticker[own.ticker], session) != own:
                continue
            benchmark_ret, part = (float(v[row, first + column]) for v in (panel.benchmark, peers))
            yield SessionMove(
                ticker=own.ticker,
                session=session,
                study=study.name,
                ret=float(measured.ret[row, column]),
                benchmark_ret=benchmark_ret if np.isfinite(benchmark_ret) else None,
                ar=float(measured.ar[row, column]),
                sigma=float(measured.volatility[row, column]),
                z=float(measured.z[row, column]),
                p_value=float(measured.p_value[row, column]),
                p_method=str(measured.p_method[row, column]),
                peers_part=part if np.isfinite(part) else None,
            )
