"""The configuration's instruments and studies where SQL can join them, and the sessions that scoring used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy import delete as delete_rows

from signals.store.bulk import delete, insert, upsert
from signals.store.tables import instruments, market_days, market_sessions, study_windows
from signals.types import DayMark, MarketKey


@dataclass(frozen=True, slots=True)
class MirroredInstrument:
    """A row of the table `instruments`."""

    ticker: str
    name: str
    mic: str
    timezone: str
    currency: str
    kind: str
    benchmark: str | None


@dataclass(frozen=True, slots=True)
class StudyWindow:
    """A row of the table `study_windows`."""

    study: str
    event_window: str
    model: str
    estimation: int
    gap: int
    min_observations: int
    interval: str


def mirror(db: Connection, listings: Sequence[MirroredInstrument], windows: Sequence[StudyWindow]) -> None:
    """Write the instruments and studies of the configuration where SQL can join them."""
    upsert(db, instruments, [asdict(listing) for listing in listings])
    upsert(db, study_windows, [asdict(window) for window in windows])


def tickers_by_mic(db: Connection) -> dict[str, list[str]]:
    """Return the instruments of each exchange."""
    by_mic: dict[str, list[str]] = {}
    for ticker, mic in db.execute(select(instruments.c.ticker, instruments.c.mic).order_by(instruments.c.ticker)):
        by_mic.setdefault(mic, []).append(ticker)
    return by_mic


def save_sessions(db: Connection, market: MarketKey, days: Sequence[date]) -> None:
    """Write the sessions of a market's clock, so that a report needs no calendar."""
    stored = set(sessions_of(db, market))
    delete(db, market_sessions, [{**_key(market), "session": day} for day in sorted(stored - set(days))])
    insert(db, market_sessions, [{**_key(market), "session": day} for day in days if day not in stored])


def save_market_days(db: Connection, market: MarketKey, marks: Iterable[tuple[date, DayMark]]) -> None:
    """Replace the days of a market on which its bars disagree with its calendar or lack the benchmark."""
    db.execute(delete_rows(market_days).where(*(market_days.c[name] == value for name, value in _key(market).items())))
    insert(db, market_days, [{**_key(market), "day": day, "mark": mark.value} for day, mark in marks])


def sessions_of(db: Connection, market: MarketKey) -> list[date]:
    """Return the sessions of a market's clock when it was last scored, ascending."""
    this = (market_sessions.c[name] == value for name, value in _key(market).items())
    return list(
        db.execute(select(market_sessions.c.session).where(*this).order_by(market_sessions.c.session)).scalars()
    )


def _key(market: MarketKey) -> dict[str, str]:
    return {"mic": market.mic, "benchmark": market.benchmark or ""}
