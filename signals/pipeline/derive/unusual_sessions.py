"""Markets -> the sessions that scoring knew, and the unusual ones of each instrument, news or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np

from signals.pipeline import Plan
from signals.pipeline.derive.panels import Market, Markets
from signals.store import Connection, moves
from signals.store.instruments import save_sessions
from signals.study.score import every_session
from signals.study.typical_moves import typical_moves
from signals.types import Instrument, Study

UNUSUAL = 0.01  # p-value at which a session is kept; about one session in a hundred is by chance alone


def keep_sessions(db: Connection, markets: Markets, plan: Plan, since: Mapping[str, date]) -> None:
    """Keep the sessions of every market that changed, and its instruments' unusual sessions from then on.

    They are measured by the first study of the plan.
    """
    groups: dict[tuple[str, str], list[Instrument]] = {}
    for instrument in plan.instruments:
        if instrument.ticker in since:
            groups.setdefault((instrument.mic, instrument.benchmark or ""), []).append(instrument)
    for members in groups.values():
        market = markets.of(members[0])
        changed = {i.ticker: since[i.ticker] for i in members}
        rows = list(_unusual(markets, market, members, plan.studies[0], changed)) if plan.studies else []
        rates = list(_base_rates(markets, market, members, plan.studies[0])) if plan.studies else []
        save_sessions(db, members[0].mic, members[0].benchmark, market.sessions.tolist())
        moves.save_session_moves(db, changed, rows)
        moves.save_base_rates(db, rates)


def _base_rates(
    markets: Markets, market: Market, members: Iterable[Instrument], study: Study
) -> Iterable[dict[str, Any]]:
    """Yield how much each instrument moves on typical_moves days, by the series that its last session is read from."""
    for instrument in members:
        sums, _ = markets.calibrated(instrument, study)
        row = market.rows[markets.choose(instrument, date.max)]
        found = typical_moves(market.panel, sums, study, row)
        if len(found.measured):
            first, last = (market.sessions[found.measured[end]].item() for end in (0, -1))
            yield {
                "ticker": instrument.ticker,
                "study": study.name,
                "sessions": len(found.measured),
                "first_session": first,
                "last_session": last,
                "typical_ret": found.typical,
                "large_ret": found.large,
                "typical_ar": found.typical_ar,
                "large_ar": found.large_ar,
            }


def _unusual(
    markets: Markets, market: Market, members: Iterable[Instrument], study: Study, since: Mapping[str, date]
) -> Iterable[dict[str, Any]]:
    by_ticker = {i.ticker: i for i in members}
    sums, calibration = markets.calibrated(next(iter(by_ticker.values())), study)
    start = int(np.searchsorted(market.sessions, np.datetime64(min(since.values()))))
    found = every_session(market.panel, sums, study, calibration, start)
    for series, row in market.rows.items():
        if series.ticker not in by_ticker:
            continue
        for column in np.flatnonzero(found.p_value[row] <= UNUSUAL):
            session = market.sessions[start + column].item()
            if session < since[series.ticker] or markets.choose(by_ticker[series.ticker], session) != series:
                continue
            benchmark_ret = float(market.panel.benchmark[row, start + column])
            yield {
                "ticker": series.ticker,
                "session": session,
                "study": study.name,
                "ret": float(found.ret[row, column]),
                "benchmark_ret": benchmark_ret if np.isfinite(benchmark_ret) else None,
                "ar": float(found.ar[row, column]),
                "sigma": float(found.volatility[row, column]),
                "z": float(found.z[row, column]),
                "p_value": float(found.p_value[row, column]),
                "p_method": str(found.p_method[row, column]),
            }
