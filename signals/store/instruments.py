"""The configuration's instruments and studies where SQL can join them, and the sessions that scoring knew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from signals.store.bulk import delete, insert, upsert
from signals.store.tables import instruments, market_sessions, study_windows


def mirror(
    db: Connection, instrument_rows: Sequence[Mapping[str, Any]], window_rows: Sequence[Mapping[str, Any]]
) -> None:
    """Keep the instruments and studies of the configuration where SQL can join them."""
    upsert(db, instruments, instrument_rows)
    upsert(db, study_windows, window_rows)


def listed_on(db: Connection, mic: str) -> list[str]:
    """Return the instruments of a market."""
    return list(db.execute(select(instruments.c.ticker).where(instruments.c.mic == mic)).scalars())


def save_sessions(db: Connection, mic: str, benchmark: str | None, days: Sequence[date]) -> None:
    """Keep the sessions of a market's clock, so that a report needs no calendar."""
    key = {"mic": mic, "benchmark": benchmark or ""}
    known = set(sessions_of(db, mic, benchmark))
    delete(db, market_sessions, [{**key, "session": day} for day in sorted(known - set(days))])
    insert(db, market_sessions, [{**key, "session": day} for day in days if day not in known])


def sessions_of(db: Connection, mic: str, benchmark: str | None) -> list[date]:
    """Return the sessions of a market's clock when it was last scored, ascending."""
    this = (market_sessions.c.mic == mic, market_sessions.c.benchmark == (benchmark or ""))
    query = select(market_sessions.c.session).where(*this).order_by(market_sessions.c.session)
    return list(db.execute(query).scalars())
